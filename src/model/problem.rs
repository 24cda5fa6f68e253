//! What is wrong with an input: where, what, and what to do about it.
//!
//! Nothing is silently dropped or repaired. A reader collects problems and goes on, so that a
//! user sees all of them at once.

pub use super::kinds::Kind;
use super::lang::Lang;

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// No plan can be made.
    Error,
    /// A plan can be made, but somebody should look.
    Warning,
    /// Something certain was put right.
    Repaired,
    /// A fact worth knowing that asks for nothing.
    Note,
}

impl Severity {
    /// The word before a message.
    pub fn word(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Error, Lang::En) => "error",
            (Self::Error, Lang::Zh) => "错误",
            (Self::Warning, Lang::En) => "warning",
            (Self::Warning, Lang::Zh) => "警告",
            (Self::Repaired, Lang::En) => "repaired",
            (Self::Repaired, Lang::Zh) => "已修复",
            (Self::Note, Lang::En) => "note",
            (Self::Note, Lang::Zh) => "说明",
        }
    }
}

/// Where in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// The file as a whole.
    Whole,
    /// A row of a table; the header is row 1, as a spreadsheet counts.
    Row(u64),
    /// A feature of a layer, from 1.
    Feature(u64),
    /// A line and column of text, from 1.
    Line(u64, u64),
}

impl At {
    /// As it is printed; empty for the whole file.
    pub fn text(self, lang: Lang) -> String {
        match (self, lang) {
            (Self::Whole, _) => String::new(),
            (Self::Row(n), Lang::En) => format!("row {n}"),
            (Self::Row(n), Lang::Zh) => format!("第{n}行"),
            (Self::Feature(n), Lang::En) => format!("feature {n}"),
            (Self::Feature(n), Lang::Zh) => format!("第{n}个要素"),
            (Self::Line(l, c), Lang::En) => format!("line {l}, column {c}"),
            (Self::Line(l, c), Lang::Zh) => format!("{l}行{c}列"),
        }
    }
}

/// One thing wrong, with its place and its remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The file as the place file names it.
    pub file: String,
    /// Where in it.
    pub at: At,
    /// The column, property or key, if one is to blame.
    pub column: Option<String>,
    /// What is wrong.
    pub kind: Kind,
}

impl Problem {
    /// `file, row 5, column "households": what is wrong`.
    pub fn line(&self, lang: Lang) -> String {
        let mut place = self.file.clone();
        let at = self.at.text(lang);
        for (part, name) in [(at, ""), (self.column.clone().unwrap_or_default(), "column")] {
            if part.is_empty() {
                continue;
            }
            place.push_str(if lang == Lang::En { ", " } else { "，" });
            match (name, lang) {
                ("column", Lang::En) => place.push_str(&format!("`{part}`")),
                ("column", Lang::Zh) => place.push_str(&format!("“{part}”")),
                _ => place.push_str(&part),
            }
        }
        let colon = if lang == Lang::En { ": " } else { "：" };
        format!("{place}{colon}{}", self.kind.message(lang))
    }
}

/// What a reader of one format says in its own words.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// A stable identifier for scripts.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: Chinese, English.
    pub message: [String; 2],
    /// What to do about it: Chinese, English; empty if nothing is asked.
    pub remedy: [String; 2],
}

impl Told {
    /// A stable identifier for scripts.
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        self.message[usize::from(lang == Lang::En)].clone()
    }

    /// What to do about it; empty if nothing is asked.
    pub fn remedy(&self, lang: Lang) -> String {
        self.remedy[usize::from(lang == Lang::En)].clone()
    }
}
