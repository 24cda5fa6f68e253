//! What a reader says about a table: repairs it made, and findings it leaves to somebody.

use super::kind::Kind;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The row or the file cannot be used as it is.
    Error,
    /// It can be used, but somebody should look.
    Warning,
    /// A fact worth knowing that asks for nothing.
    Note,
}

/// By which rule a cell was put right; each changes the writing, never the meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Full-width digits, letters or signs made plain.
    Width,
    /// Ideographic, unbreakable, invisible or surplus spaces dropped.
    Spaces,
    /// A leading apostrophe dropped.
    Apostrophe,
    /// The formula `="…"` around a text dropped.
    TextFormula,
    /// Separators of thousands dropped.
    Thousands,
    /// A unit after a number dropped.
    Unit,
    /// 万 multiplied out.
    TenThousand,
    /// A fraction of zeros dropped.
    Decimal,
    /// Zeros before a count dropped.
    LeadingZeros,
    /// A mark that stands for nothing known read as missing.
    MissingMark,
    /// A round figure or a range taken as a number, as the options allow.
    Approximate,
    /// A blank under a group's name filled with it.
    FillDown,
    /// A cell covered by a merged one filled with its value.
    Merged,
    /// A sign for "the same as above" replaced by what stands above.
    Ditto,
    /// Degrees, minutes and seconds made decimal.
    Sexagesimal,
    /// Longitude and latitude exchanged.
    Swapped,
    /// A position at 0, 0 read as missing.
    ZeroPosition,
    /// A comma before a fraction made a point, as the options allow.
    DecimalComma,
}

impl Rule {
    /// A stable word for the list of repairs.
    pub fn id(self) -> &'static str {
        match self {
            Self::Width => "width",
            Self::Spaces => "spaces",
            Self::Apostrophe => "apostrophe",
            Self::TextFormula => "text-formula",
            Self::Thousands => "thousands",
            Self::Unit => "unit",
            Self::TenThousand => "ten-thousand",
            Self::Decimal => "decimal",
            Self::LeadingZeros => "leading-zeros",
            Self::MissingMark => "missing-mark",
            Self::Approximate => "approximate",
            Self::FillDown => "fill-down",
            Self::Merged => "merged",
            Self::Ditto => "ditto",
            Self::Sexagesimal => "sexagesimal",
            Self::Swapped => "swapped",
            Self::ZeroPosition => "zero-position",
            Self::DecimalComma => "decimal-comma",
        }
    }
}

/// One cell that reads otherwise than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row as a spreadsheet counts, from 1.
    pub row: u32,
    /// The column's name in the header.
    pub column: String,
    /// The cell as it was written.
    pub before: String,
    /// The cell as it is read; empty if missing.
    pub after: String,
    /// What was done, in order of doing.
    pub rules: Vec<Rule>,
}

/// Something uncertain or wrong; the data stay as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row as a spreadsheet counts, from 1; `None` for the whole table.
    pub row: Option<u32>,
    /// The column's name in the header.
    pub column: Option<String>,
    /// What it is.
    pub kind: Kind,
}

impl Finding {
    /// A finding about the file as a whole.
    pub(super) fn whole(kind: Kind) -> Self {
        Self { sheet: None, row: None, column: None, kind }
    }

    /// A finding about a row.
    pub(super) fn row(row: u32, kind: Kind) -> Self {
        Self { sheet: None, row: Some(row), column: None, kind }
    }

    /// A finding about a cell.
    pub(super) fn cell(row: u32, column: &str, kind: Kind) -> Self {
        Self { sheet: None, row: Some(row), column: Some(column.to_owned()), kind }
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.kind.severity()
    }
}

/// At most 40 characters of a cell, without control characters, for a message.
pub(super) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}
