//! Ledgers: the tables that subdistrict offices keep, as they are found.
//!
//! A file is text in one of five encodings or a workbook. Its header is found by known words;
//! titles, units, notes and totals are told from rows; cells are read as what their column holds.
//! What is certain is put right and listed as a [`Repair`]; what is not is a [`Finding`] and
//! changes nothing. Whatever a cell reads as that is not its own writing has one repair.

mod archive;
mod cells;
mod checks;
pub mod clean;
mod delimited;
mod encoding;
mod finding;
mod grid;
mod groups;
mod header;
mod inflate;
mod kind;
pub mod limits;
pub mod matching;
mod sheet;
mod table;
#[cfg(test)]
mod tests;
mod totals;
pub mod value;
mod words;
mod workbook;

pub use encoding::Encoding;
pub use finding::{Finding, Repair, Rule, Severity};
pub use kind::Kind;
pub use table::{Aside, AsideKind};
pub use value::Style;
pub use words::{Role, field_of};

use grid::Grid;
use limits::{FILE_BYTES_MAX, FINDINGS_MAX};

/// What is known about a file before it is read.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The encoding of a text file; guessed if not given.
    pub encoding: Option<Encoding>,
    /// The separator of a text file; guessed if not given.
    pub separator: Option<char>,
    /// The sheet of a workbook; the first with a table if not given.
    pub sheet: Option<String>,
    /// Keys of a place file (`code`, `households`, …) with the names of their columns.
    pub columns: Vec<(String, String)>,
    /// More columns whose blank cells repeat the one above.
    pub groups: Vec<String>,
    /// The table is of a place outside China, so that positions may lie anywhere.
    pub abroad: bool,
    /// Round figures and ranges are taken, and flagged.
    pub approximate: bool,
    /// Commas before a fraction are decimal points.
    pub decimal_comma: bool,
    /// A code may stand in several rows, as in a list of staff.
    pub repeated_codes: bool,
}

impl Options {
    fn style(&self) -> Style {
        Style { approximate: self.approximate, decimal_comma: self.decimal_comma, total: false }
    }
}

/// A column with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// As the header has it; `group/sub` if the header has two lines.
    pub name: String,
    /// How its cells are read.
    pub role: Role,
    /// The key of a place file it stands for.
    pub field: Option<String>,
}

/// What a cell says.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Nothing, or a mark for "not known".
    Missing,
    /// A code, a name or other text.
    Text(String),
    /// A whole number of households, people or things.
    Count(u64),
    /// A measured number, or degrees.
    Number(f64),
    /// What could not be read, as it is written; a finding tells why.
    Unread(String),
}

impl Value {
    /// The cell as text, as a list of repairs shows it; empty if missing.
    pub fn text(&self) -> String {
        match self {
            Self::Missing => String::new(),
            Self::Text(text) | Self::Unread(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A row of a ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As a spreadsheet counts, from 1.
    pub number: u32,
    /// One a column.
    pub cells: Vec<Value>,
}

/// A table that was read, with all that is to be said about it.
#[derive(Clone, Debug)]
pub struct Ledger {
    /// The file's name.
    pub file: String,
    /// The encoding of a text file.
    pub encoding: Option<Encoding>,
    /// The separator of a text file.
    pub separator: Option<char>,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the header, and the row of its last line.
    pub header: (u32, u32),
    /// The columns that have a name.
    pub columns: Vec<Column>,
    /// The rows in their order, without totals and repeats.
    pub rows: Vec<Row>,
    /// The lines that are no rows.
    pub aside: Vec<Aside>,
    /// What was put right.
    pub repairs: Vec<Repair>,
    /// What is left to somebody.
    pub findings: Vec<Finding>,
}

impl Ledger {
    /// The place of the column for a key of a place file; the first if there are several.
    pub fn field(&self, field: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.field.as_deref() == Some(field))
    }

    /// The place of the column of this name, spaces and width of letters aside.
    pub fn column(&self, name: &str) -> Option<usize> {
        let key = words::heading_key(name);
        let exact = self.columns.iter().position(|column| column.name == name);
        exact.or_else(|| self.columns.iter().position(|column| words::heading_key(&column.name) == key))
    }

    /// True if nothing is so wrong that the table cannot be used as it is.
    pub fn is_sound(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity() != Severity::Error)
    }
}

/// Reads a file as a table.
///
/// # Errors
/// What prevents any reading: undecodable bytes, a broken or oversized workbook, no header. Faults
/// of rows and cells are findings of the ledger.
pub fn read(file: &str, bytes: &[u8], options: &Options) -> Result<Ledger, Vec<Finding>> {
    if bytes.len() > FILE_BYTES_MAX {
        let (found, limit) = (bytes.len() as u64, FILE_BYTES_MAX as u64);
        return Err(vec![Finding::whole(Kind::TooLarge { what: "bytes", found, limit })]);
    }
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return from_workbook(file, bytes, options);
    }
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        let found = "an old or locked workbook (xls)";
        return Err(vec![Finding::whole(Kind::FormatUnknown { found })]);
    }
    if bytes.starts_with(b"%PDF") {
        return Err(vec![Finding::whole(Kind::FormatUnknown { found: "PDF" })]);
    }
    let decoded = encoding::decode(bytes, options.encoding).map_err(|finding| vec![*finding])?;
    let odd = |c: char| matches!(c, '\0'..='\u{8}' | '\u{e}'..='\u{1f}') && c != '\u{1a}';
    if let Some(at) = decoded.text.find(odd) {
        let line = decoded.text[..at].matches('\n').count() as u32 + 1;
        return Err(vec![Finding::row(line, Kind::Binary {})]);
    }
    if decoded.text.trim_start().starts_with('<') {
        return Err(vec![Finding::whole(Kind::FormatUnknown { found: "a web page or XML" })]);
    }
    let mut findings: Vec<Finding> = decoded.doubt.into_iter().collect();
    let parsed = delimited::parse(&decoded.text, options.separator, &mut findings);
    let (grid, separator) = match parsed {
        Ok(parsed) => parsed,
        Err(finding) => return Err(with(findings, *finding)),
    };
    let mut ledger = from_grid(file, &grid, options, findings)?;
    (ledger.encoding, ledger.separator) = (Some(decoded.encoding), Some(separator));
    Ok(ledger)
}

fn with(mut findings: Vec<Finding>, last: Finding) -> Vec<Finding> {
    findings.push(last);
    findings
}

fn from_workbook(file: &str, bytes: &[u8], options: &Options) -> Result<Ledger, Vec<Finding>> {
    let mut book = workbook::Workbook::open(bytes).map_err(|kind| vec![Finding::whole(kind)])?;
    let sheets = book.sheets.clone();
    let wanted: Vec<String> = match &options.sheet {
        Some(sheet) if !sheets.contains(sheet) => {
            let kind = Kind::SheetMissing { sheet: sheet.clone(), there: sheets.join(", ") };
            return Err(vec![Finding::whole(kind)]);
        }
        Some(sheet) => vec![sheet.clone()],
        None => sheets.clone(),
    };
    let mut failure = vec![Finding::whole(Kind::Empty {})];
    for sheet in wanted {
        let grid = book.grid(&sheet).map_err(|finding| vec![*finding])?;
        if grid.is_blank() {
            continue;
        }
        let mut findings = Vec::new();
        let others: Vec<&str> = sheets.iter().map(String::as_str).filter(|other| *other != sheet).collect();
        if !others.is_empty() {
            let kind = Kind::SheetsOther { read: sheet.clone(), others: others.join(", ") };
            findings.push(Finding::whole(kind));
        }
        match from_grid(file, &grid, options, findings) {
            Ok(ledger) => return Ok(ledger),
            // Another sheet may hold the table; the first failure is the one to tell.
            Err(findings) if failure.len() == 1 && failure[0].kind == (Kind::Empty {}) => failure = findings,
            Err(_) => {}
        }
    }
    Err(failure)
}

fn from_grid(
    file: &str,
    grid: &Grid,
    options: &Options,
    mut findings: Vec<Finding>,
) -> Result<Ledger, Vec<Finding>> {
    let on_sheet = |mut findings: Vec<Finding>| {
        findings.iter_mut().for_each(|finding| finding.sheet.clone_from(&grid.sheet));
        findings
    };
    if grid.is_blank() {
        return Err(on_sheet(with(findings, Finding::whole(Kind::Empty {}))));
    }
    let Some(header) = header::find(grid, options, &mut findings) else {
        return Err(on_sheet(with(findings, Finding::whole(Kind::HeaderMissing {}))));
    };
    let body = match table::body(grid, &header, options, &mut findings) {
        Ok(body) => body,
        Err(kind) => return Err(on_sheet(with(findings, Finding::whole(kind)))),
    };
    let mut repairs = body.repairs;
    repairs.iter_mut().for_each(|repair| repair.sheet.clone_from(&grid.sheet));
    if findings.len() > FINDINGS_MAX {
        // Errors go first, so that what is cut off never makes a table look sound.
        findings.sort_by_key(|finding| (finding.severity(), finding.row));
        let (found, limit) = (findings.len() as u64, FINDINGS_MAX as u64);
        findings.truncate(FINDINGS_MAX);
        findings.push(Finding::whole(Kind::TooLarge { what: "findings", found, limit }));
    }
    let first = grid.lines[header.line].number;
    Ok(Ledger {
        file: file.to_owned(),
        encoding: None,
        separator: None,
        sheet: grid.sheet.clone(),
        header: (first, first + header.lines as u32 - 1),
        columns: header.columns.into_iter().map(|(_, column)| column).collect(),
        rows: body.rows,
        aside: body.aside,
        repairs,
        findings: on_sheet(findings),
    })
}
