//! Names: as they are shown, and as they are compared.

use super::variants::simplified;
use super::{Read, is_invisible, missing, narrow, plain};
use crate::ledger::finding::Rule;

/// What a community is called besides its own name, the longer first.
const COMMUNITY_ENDINGS: [&str; 12] = [
    "社区居民委员会",
    "社区居委会",
    "社区村委会",
    "居民委员会",
    "村民委员会",
    "社区党委",
    "居委会",
    "村委会",
    "行政村",
    "社区",
    "委员会",
    "村",
];

/// The same for a town.
const TOWN_ENDINGS: [&str; 9] =
    ["地区办事处", "街道办事处", "镇人民政府", "乡人民政府", "街道办", "街道", "街办", "镇", "乡"];

/// A name as it is shown: no spaces around it or between Chinese characters, digits and letters plain.
///
/// Signs such as full-width brackets stay, since they are right in Chinese text.
pub fn name(text: &str) -> Read<String> {
    if let Some(missing) = missing(text, &plain(text)) {
        return missing;
    }
    let mut rules = Vec::new();
    let letters = |c: char| if narrow(c).is_ascii_alphanumeric() { narrow(c) } else { c };
    if text.chars().any(|c| letters(c) != c) {
        rules.push(Rule::Width);
    }
    let parts: Vec<String> = text
        .split(char::is_whitespace)
        .map(|part| part.chars().filter(|c| !is_invisible(*c)).map(letters).collect())
        .filter(|part: &String| !part.is_empty())
        .collect();
    let mut shown = String::with_capacity(text.len());
    for part in parts {
        let between = shown.ends_with(|c: char| c.is_ascii()) && part.starts_with(|c: char| c.is_ascii());
        if between {
            shown.push(' ');
        }
        shown.push_str(&part);
    }
    if shown != text.chars().map(letters).collect::<String>() {
        rules.push(Rule::Spaces);
    }
    Read::Known { value: shown, rules }
}

/// A name for comparing communities: simplified, without ending, spaces and spoilt syllables.
///
/// 義村里, 义村里社区 and 义村里社区居委会 have one key.
pub fn key(text: &str) -> String {
    comparable(text, &COMMUNITY_ENDINGS)
}

/// The same for towns: 甲街道, 甲街道办事处 and 甲街办 have one key.
pub(in crate::ledger) fn town_key(text: &str) -> String {
    comparable(text, &TOWN_ENDINGS)
}

fn comparable(text: &str, endings: &[&str]) -> String {
    let text = without_syllables(text);
    let mut key: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c))
        .map(|c| simplified(narrow(c)).to_ascii_lowercase())
        .filter(|c| !matches!(c, '"' | '\'' | '“' | '”' | '·' | '•' | '-'))
        .collect();
    // Endings may follow one another, as in 大王村村委会; 新村 keeps its 村, as 新 is no name.
    for _ in 0..2 {
        let least = |ending: &str| if ending.chars().count() == 1 { 2 } else { 1 };
        let short = endings.iter().find_map(|ending| {
            let rest = key.strip_suffix(ending)?;
            (rest.chars().count() >= least(ending)).then_some(rest.len())
        });
        let Some(short) = short else { break };
        key.truncate(short);
    }
    key
}

/// Without brackets that hold only small Latin letters after a Chinese character.
fn without_syllables(text: &str) -> String {
    let chars: Vec<char> = text.chars().map(narrow).collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let after_han = at > 0 && !chars[at - 1].is_ascii();
        let close =
            (*c == '(' && after_han).then(|| chars[at + 1..].iter().position(|c| *c == ')')).flatten();
        match close {
            Some(length) if is_syllable(&chars[at + 1..at + 1 + length]) => at += length + 2,
            _ => {
                kept.push(*c);
                at += 1;
            }
        }
    }
    kept
}

fn is_syllable(inner: &[char]) -> bool {
    (1..=7).contains(&inner.len())
        && inner.iter().all(|c| c.is_ascii_lowercase() || matches!(c, 'à'..='ü' | 'ā'..='ǜ'))
}

/// True if a conversion left Latin syllables in brackets, as in 服務(wù)中心.
pub fn is_spoilt(text: &str) -> bool {
    without_syllables(text).chars().count() < text.chars().count()
}

/// True if a character belongs to a private font, so that nobody else sees it.
pub fn private_use(text: &str) -> bool {
    let private = |c: char| matches!(c, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{ffffd}' | '\u{100000}'..='\u{10fffd}');
    text.chars().any(|c| private(c) || c == '\u{fffd}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_without_typists_spaces() {
        for (text, expected) in [
            ("民\u{3000}輝里", "民輝里"),
            ("光武里 ", "光武里"),
            ("第０１网格", "第01网格"),
            ("New  Town 社区", "New Town社区"),
            ("东村（二）", "东村（二）"),
        ] {
            let Read::Known { value, rules } = name(text) else { panic!("{text}") };
            assert_eq!(value, expected);
            assert_eq!(rules.is_empty(), value == text, "{text}");
        }
        assert_eq!(name("\u{3000}"), Read::Missing(vec![Rule::Spaces]));
    }

    #[test]
    fn one_place_has_one_key() {
        for (name, other) in [
            ("義村里", "义村里社区居委会"),
            ("义 村里社区", "义村里"),
            ("黨群服務(wù)中心", "党群服务中心"),
            ("大王村村民委员会", "大王村村委会"),
            ("和安里居委会", "和安里"),
            ("第１社区", "第1社区居委会"),
        ] {
            assert_eq!(key(name), key(other), "{name}");
        }
        assert_ne!(key("东村"), key("西村"));
        assert_ne!(key("东风(a区)"), key("东风(b区)"));
        assert_eq!(town_key("甲街道办事处"), town_key("甲街道"));
        assert!(is_spoilt("黨群服務(wù)中心") && !is_spoilt("东风(A)社区"));
        assert!(private_use("\u{e123}里"));
    }
}
