//! Text as office files can hold it: which characters they refuse, how wide it prints, and how it
//! is written into XML.

use std::borrow::Cow;

/// Something of a text that a file cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unwritable {
    /// Where: the sheet, row and column, or the block.
    pub at: String,
    /// What is left out.
    pub what: Loss,
}

/// What a text loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// A character that XML 1.0 does not allow (section 2.2), by its code point.
    Character(u32),
    /// All after this many UTF-16 units, which is what one cell holds.
    Beyond(usize),
}

/// True if XML 1.0 allows the character (section 2.2); line breaks and tabs are allowed.
pub fn is_writable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{FFFD}' | '\u{10000}'..) && !('\u{7f}'..='\u{9f}').contains(&c)
}

/// The text without the characters that XML 1.0 refuses or discourages, and with line breaks as
/// `\n`.
pub fn clean(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| is_writable(c) && c != '\r') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    Cow::Owned(text.chars().filter(|&c| is_writable(c)).collect())
}

/// Adds what [`clean`] takes out of a text.
pub(crate) fn losses(text: &str, at: impl Fn() -> String, list: &mut Vec<Unwritable>) {
    let refused = text.chars().filter(|&c| !is_writable(c));
    list.extend(refused.map(|c| Unwritable { at: at(), what: Loss::Character(u32::from(c)) }));
}

/// The text cut to so many UTF-16 units, and whether anything was cut. A pair is never halved.
pub(crate) fn cut(text: &str, units: usize) -> (&str, bool) {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += c.len_utf16();
        if used > units {
            return (&text[..at], true);
        }
    }
    (text, false)
}

/// Columns a text needs on one line: a wide character counts two (Unicode East Asian Width, its
/// wide and full-width blocks), the widest line counts.
pub fn width(text: &str) -> usize {
    let of = |c: char| 1 + usize::from(is_wide(c));
    text.lines().map(|line| line.chars().map(of).sum()).max().unwrap_or(0)
}

fn is_wide(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x115F | 0x2014 | 0x2018..=0x201D | 0x2026 | 0x2E80..=0x303E | 0x3041..=0xA4CF
        | 0xAC00..=0xD7A3 | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF60 | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1FAFF | 0x20000..=0x3FFFD)
}

/// The text for an XML element or a quoted attribute, cleaned first.
pub(crate) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_are_listed() {
        let text = "甲\u{0}乙\u{1b}\t丙\u{FFFE}\r\n丁";
        assert_eq!(clean(text), "甲乙\t丙\n丁");
        let mut list = Vec::new();
        losses(text, || "x".to_owned(), &mut list);
        let points: Vec<_> = list.iter().map(|u| u.what.clone()).collect();
        assert_eq!(points, [0, 0x1b, 0xFFFE].map(Loss::Character));
        assert!(matches!(clean("甲乙"), Cow::Borrowed(_)));
    }

    #[test]
    fn markup_is_escaped() {
        assert_eq!(xml("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
    }

    #[test]
    fn wide_characters_count_two() {
        assert_eq!(width("网格A1"), 6);
        assert_eq!(width("（一）"), 6);
        assert_eq!(width("ab\n网格"), 4);
        assert_eq!(width(""), 0);
    }

    #[test]
    fn a_cut_never_halves_a_pair() {
        assert_eq!(cut("a𠀀b", 2), ("a", true));
        assert_eq!(cut("a𠀀b", 3), ("a𠀀", true));
        assert_eq!(cut("a𠀀b", 4), ("a𠀀b", false));
    }
}
