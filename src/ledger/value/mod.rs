//! What a cell says: counts, numbers, codes, names, positions.
//!
//! Every reader takes the text as it is written and tells apart a value, a mark for "not known",
//! and an error; what it did to the writing is listed with the value.

mod code;
mod degrees;
mod name;
mod number;
mod variants;

pub use code::code;
pub use degrees::{Axis, Position, degrees, position};
pub(super) use name::town_key;
pub use name::{is_spoilt, key, name, private_use};
pub use number::{Style, count, number};

use super::finding::{Rule, excerpt};
use super::kind::Kind;

/// A cell that could be read.
#[derive(Clone, Debug, PartialEq)]
pub enum Read<T> {
    /// Nothing, or a mark for "not known".
    Missing(Vec<Rule>),
    /// A value.
    Known {
        /// What the cell says.
        value: T,
        /// What was done to the writing to read it; empty if nothing.
        rules: Vec<Rule>,
    },
}

/// Why a cell could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueError {
    /// Not a value of this sort at all.
    Unreadable(String),
    /// Below zero.
    Negative(String),
    /// A count with a part of a person.
    Fractional(String),
    /// More than can be.
    Huge(String),
    /// A spreadsheet's exponent; digits may be lost.
    Scientific(String),
    /// A round figure or a range, not allowed.
    Approximate(String),
    /// Some other unit.
    Unit(String),
    /// A comma that may be a decimal point.
    DecimalComma(String),
    /// A code that is damaged.
    CodeDamaged(String),
    /// A code that is too long or holds control characters.
    CodeUnfit(String),
    /// Degrees that cannot be read.
    Degrees(String),
    /// A position with a decimal point out of place.
    Point(String, String),
    /// A position that is not in China.
    Outside(String, String),
}

impl ValueError {
    /// As a finding's kind.
    pub fn kind(&self) -> Kind {
        let short = |text: &str| excerpt(text);
        match self {
            Self::Unreadable(value) => Kind::ValueUnreadable { value: short(value) },
            Self::Negative(value) => Kind::CountNegative { value: short(value) },
            Self::Fractional(value) => Kind::CountFractional { value: short(value) },
            Self::Huge(value) => Kind::CountHuge { value: short(value) },
            Self::Scientific(value) => Kind::ValueScientific { value: short(value) },
            Self::Approximate(value) => Kind::ValueApproximate { value: short(value) },
            Self::Unit(value) => Kind::ValueUnit { value: short(value) },
            Self::DecimalComma(value) => Kind::DecimalComma { value: short(value) },
            Self::CodeDamaged(value) => Kind::CodeDamaged { value: short(value) },
            Self::CodeUnfit(value) => Kind::CodeUnfit { value: short(value) },
            Self::Degrees(value) => Kind::PositionUnreadable { value: short(value) },
            Self::Point(lon, lat) => Kind::PositionPoint { lon: short(lon), lat: short(lat) },
            Self::Outside(lon, lat) => Kind::PositionOutside { lon: short(lon), lat: short(lat) },
        }
    }
}

/// Characters that show nothing.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// A full-width sign, digit or letter made plain; others as they are.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{2212}' | '\u{fe63}' => '-',
        _ => c,
    }
}

/// Full-width writing made plain, every kind of space an ordinary one, none at the ends.
pub(super) fn plain(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_invisible(*c));
    let plain: String = visible.map(|c| if c.is_whitespace() { ' ' } else { narrow(c) }).collect();
    plain.trim().to_owned()
}

/// The plain writing and what that took.
fn plain_with(text: &str, rules: &mut Vec<Rule>) -> String {
    if text.chars().any(|c| narrow(c) != c) {
        rules.push(Rule::Width);
    }
    let after = plain(text);
    if after.chars().count() != text.chars().count() || text.chars().any(|c| c.is_whitespace() && c != ' ') {
        rules.push(Rule::Spaces);
    }
    after
}

/// True if the text stands for "not known".
pub(super) fn is_missing_mark(plain: &str) -> bool {
    let upper = plain.to_ascii_uppercase();
    let dashes = !plain.is_empty() && plain.chars().all(|c| matches!(c, '-' | '—' | '–' | '―' | '─' | '一'));
    // A single 一 is the number one as often as a dash.
    (dashes && plain != "一")
        || matches!(
            upper.as_str(),
            "/" | "//"
                | "\\"
                | "无"
                | "無"
                | "空"
                | "缺"
                | "N/A"
                | "#N/A"
                | "NA"
                | "NAN"
                | "NULL"
                | "NONE"
                | "暂无"
                | "暫無"
                | "未知"
                | "不详"
                | "不詳"
                | "待定"
                | "未统计"
                | "未統計"
                | "……"
                | "…"
        )
}

/// `Some` if the cell is blank or bears a mark for "not known"; `raw` is as written.
fn missing<T>(raw: &str, plain: &str) -> Option<Read<T>> {
    if plain.is_empty() {
        return Some(Read::Missing(if raw.is_empty() { Vec::new() } else { vec![Rule::Spaces] }));
    }
    is_missing_mark(plain).then(|| Read::Missing(vec![Rule::MissingMark]))
}

/// `1.20106E+11`: digits that a spreadsheet may have thrown away.
fn is_scientific(plain: &str) -> bool {
    let upper = plain.to_ascii_uppercase();
    let Some((mantissa, exponent)) = upper.split_once('E') else { return false };
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit());
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    digits(exponent) && digits(whole) && digits(fraction)
}

/// Every character simplified, for comparing.
pub(super) fn simplified_text(text: &str) -> String {
    text.chars().map(variants::simplified).collect()
}
