//! Codes: text, whose digits are never guessed.

use super::{Read, ValueError, is_scientific, missing, plain_with};
use crate::ledger::finding::Rule;

/// Longer than any scheme of codes needs.
const CODE_CHARS_MAX: usize = 64;

/// A code of so many digits is no decimal number.
const CODE_DIGITS: usize = 6;

/// A code as text, without what a spreadsheet added to it.
pub fn code(text: &str) -> Result<Read<String>, ValueError> {
    let mut rules = Vec::new();
    let mut code = plain_with(text, &mut rules);
    // ="0012" keeps a spreadsheet from taking the text for a number.
    if let Some(inner) = code.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        rules.push(Rule::TextFormula);
        code = inner.trim().to_owned();
    }
    let bare = code.trim_start_matches(['\'', '\u{2018}', '\u{2019}', '`', '\u{b4}']).trim_start();
    if bare.len() < code.len() {
        rules.push(Rule::Apostrophe);
        code = bare.to_owned();
    }
    if let Some(missing) = missing(text, &code) {
        return Ok(missing);
    }
    if code.chars().any(char::is_control) || code.chars().count() > CODE_CHARS_MAX {
        return Err(ValueError::CodeUnfit(text.to_owned()));
    }
    let is_digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    // Letters may stand in a code of their own, so only an exponent as a spreadsheet writes it is damage.
    if is_scientific(&code) && (code.contains(['+', '.']) || code.len() <= 12 && code.contains('E')) {
        return Err(ValueError::CodeDamaged(text.to_owned()));
    }
    let long = |t: &str| is_digits(t) && t.len() >= CODE_DIGITS;
    if let Some((whole, _)) = code.split_once('.').filter(|(w, f)| long(w) && is_digits(f)) {
        if code[whole.len() + 1..].bytes().any(|b| b != b'0') {
            return Err(ValueError::CodeDamaged(text.to_owned()));
        }
        rules.push(Rule::Decimal);
        code.truncate(whole.len());
    }
    let mut groups = code.split(',');
    let first = groups.next().unwrap_or("");
    let in_threes = groups.all(|group| group.len() == 3 && is_digits(group));
    if code.contains(',') && in_threes && is_digits(first) && first.len() <= 3 {
        rules.push(Rule::Thousands);
        code.retain(|c| c != ',');
    }
    if code.contains(' ') && long(&code.replace(' ', "")) {
        code.retain(|c| c != ' ');
        if !rules.contains(&Rule::Spaces) {
            rules.push(Rule::Spaces);
        }
    }
    Ok(Read::Known { value: code, rules })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_kept_or_refused() {
        let read = |text| match code(text) {
            Ok(Read::Known { value, .. }) => Some(value),
            Ok(Read::Missing(_)) => Some(String::new()),
            Err(_) => None,
        };
        for (text, expected) in [
            ("'0012", Some("0012")),
            ("=\"0012\"", Some("0012")),
            ("００1", Some("001")),
            ("1.20106E+11", None),
            ("1E+11", None),
            ("A6303-0966-00", Some("A6303-0966-00")),
            ("120106 001001", Some("120106001001")),
            ("120106001001.0", Some("120106001001")),
            ("120,106,001,001", Some("120106001001")),
            ("—", Some("")),
            ("", Some("")),
            ("1.2.3", Some("1.2.3")),
            ("3.0", Some("3.0")),
            ("‘120106001001", Some("120106001001")),
            ("120106001001.5", None),
        ] {
            assert_eq!(read(text).as_deref(), expected, "{text}");
        }
        assert_eq!(read(&"1".repeat(65)), None);
    }
}
