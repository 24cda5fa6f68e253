//! Codes and counts as they stand in a cell, and what they mean.

use super::Problems;
use crate::model::problem::{At, Kind};

/// More households or people than any community holds: a slipped decimal point or a code.
const COUNT_MAX: u64 = 1_000_000;

/// Longer than any scheme of codes needs.
const CODE_CHARS_MAX: usize = 64;

/// Where a cell stands, for a message.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) file: &'a str,
    pub(super) at: At,
    pub(super) column: &'a str,
}

impl Cell<'_> {
    pub(super) fn report(self, problems: &mut Problems, kind: Kind) {
        problems.add(self.file, self.at, Some(self.column), kind);
    }
}

/// A code as text, without a spreadsheet's apostrophe; `None` if it is lost.
pub(super) fn code(text: Option<&str>, cell: Cell<'_>, problems: &mut Problems) -> Option<String> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        cell.report(problems, Kind::CodeMissing {});
        return None;
    };
    let normal = half_width(text);
    let normal = normal.trim_start_matches(['\'', '\u{2018}', '\u{2019}']).trim().to_owned();
    if normal.is_empty()
        || normal.contains(|c: char| c.is_control())
        || normal.chars().count() > CODE_CHARS_MAX
    {
        let value = text.chars().take(40).flat_map(char::escape_debug).collect();
        cell.report(problems, Kind::CodeUnfit { value });
        return None;
    }
    if is_scientific(&normal) {
        cell.report(problems, Kind::CodeDamaged { value: normal });
        return None;
    }
    if normal != text {
        let kind = Kind::CodeTrimmed { before: text.to_owned(), after: normal.clone() };
        cell.report(problems, kind);
    }
    Some(normal)
}

/// `1.20106E+11`: digits that a spreadsheet has thrown away.
fn is_scientific(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    let Some((mantissa, exponent)) = upper.split_once("E+") else { return false };
    let digits = |t: &str| !t.is_empty() && t.chars().all(|c| c.is_ascii_digit() || c == '.');
    digits(mantissa) && digits(exponent)
}

/// A property as code text; a number is taken with a warning.
pub(super) fn code_property(
    value: Option<&serde_json::Value>,
    cell: Cell<'_>,
    problems: &mut Problems,
) -> Option<String> {
    match value {
        Some(serde_json::Value::Number(number)) => {
            let text = number.to_string();
            if number.as_u64().is_none() {
                cell.report(problems, Kind::CodeDamaged { value: text });
                return None;
            }
            cell.report(problems, Kind::CodeNumber { value: text.clone() });
            Some(text)
        }
        Some(serde_json::Value::String(text)) => code(Some(text.trim()), cell, problems),
        _ => code(None, cell, problems),
    }
}

/// What a cell with a count says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Known(u32),
    Missing,
    Wrong,
}

/// A count of households or people.
pub(super) fn count(text: Option<&str>, cell: Cell<'_>, problems: &mut Problems) -> Count {
    let Some(text) = text.filter(|t| !matches!(*t, "" | "-" | "—" | "－" | "无" | "無" | "/")) else {
        return Count::Missing;
    };
    let plain = half_width(text);
    let plain = plain.trim_end_matches(['户', '戶', '人']).trim().to_owned();
    let grouped = plain.contains(',') && plain.split(',').skip(1).all(|part| part.len() == 3);
    let plain = if grouped { plain.replace(',', "") } else { plain };
    let value = to_string_owned(text);
    let mut fail = |kind: Kind| {
        cell.report(problems, kind);
        Count::Wrong
    };
    let digits = plain.strip_prefix('-').unwrap_or(&plain);
    let well_formed = !digits.is_empty()
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && digits.matches('.').count() <= 1
        && digits != ".";
    if !well_formed {
        return fail(Kind::CountUnreadable { value });
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if fraction.chars().any(|c| c != '0') {
        return fail(if plain.starts_with('-') {
            Kind::CountNegative { value }
        } else {
            Kind::CountFractional { value }
        });
    }
    let number = whole.trim_start_matches('0');
    let number = if number.is_empty() { Some(0) } else { number.parse::<u64>().ok() };
    match number.filter(|n| *n <= COUNT_MAX) {
        Some(0) => Count::Known(0),
        _ if plain.starts_with('-') => fail(Kind::CountNegative { value }),
        None => fail(Kind::CountHuge { value }),
        Some(n) => {
            if plain != text {
                cell.report(problems, Kind::CountNormalised { before: value, after: n });
            }
            Count::Known(n as u32)
        }
    }
}

fn to_string_owned(text: &str) -> String {
    text.chars().take(40).collect()
}

/// A count that stands in a layer's own properties.
pub(super) fn property_text(value: Option<&serde_json::Value>) -> Option<String> {
    match value {
        Some(serde_json::Value::String(text)) => Some(text.trim().to_owned()).filter(|t| !t.is_empty()),
        Some(serde_json::Value::Number(number)) => Some(number.to_string()),
        Some(serde_json::Value::Bool(flag)) => Some(flag.to_string()),
        _ => None,
    }
}

/// Full-width digits, letters and signs made plain (U+FF01 to U+FF5E), wide spaces dropped.
fn half_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            '\u{3000}' | '\u{a0}' => ' ',
            _ => c,
        })
        .collect::<String>()
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_whole_people() {
        let cases = [
            ("12", Count::Known(12)),
            ("１，２００", Count::Known(1200)),
            ("1,200户", Count::Known(1200)),
            ("12.0", Count::Known(12)),
            ("0", Count::Known(0)),
            ("—", Count::Missing),
            ("-3", Count::Wrong),
            ("2.5", Count::Wrong),
            ("NaN", Count::Wrong),
            ("1e5", Count::Wrong),
            ("99999999999999999999", Count::Wrong),
            ("约1200", Count::Wrong),
        ];
        for (text, expected) in cases {
            let cell = Cell { file: "t", at: At::Row(2), column: "c" };
            assert_eq!(count(Some(text), cell, &mut Problems::default()), expected, "{text}");
        }
    }

    #[test]
    fn codes_keep_zeros_and_refuse_damage() {
        let cell = Cell { file: "t", at: At::Row(2), column: "c" };
        let read = |text| code(Some(text), cell, &mut Problems::default());
        assert_eq!(read("'0012").as_deref(), Some("0012"));
        assert_eq!(read("００1").as_deref(), Some("001"));
        assert_eq!(read("1.20106E+11"), None);
        assert_eq!(read("A6303-0966-00").as_deref(), Some("A6303-0966-00"));
    }
}
