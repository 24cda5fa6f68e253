//! Names on tabs: spreadsheets allow 31 UTF-16 units, no `[ ] : * ? / \`, no apostrophe at either
//! end, not `History`, and no two alike whatever the case.

use std::collections::BTreeSet;

use super::Sheet;
use crate::office::text::{clean, cut};

const LONGEST: usize = 31;

/// The names the sheets get, in their order: forbidden signs become their full-width forms, long
/// names are cut, and a name that is taken gets a number.
pub fn sheet_names(sheets: &[Sheet]) -> Vec<String> {
    let mut taken = BTreeSet::from(["history".to_owned()]);
    let mut names = Vec::with_capacity(sheets.len());
    for (number, sheet) in (1..).zip(sheets) {
        let mut plain = safe(&sheet.name);
        if plain.is_empty() {
            plain = format!("表{number}");
        }
        let mut name = cut(&plain, LONGEST).0.to_owned();
        for again in 2.. {
            if taken.insert(name.to_lowercase()) {
                break;
            }
            let suffix = format!("({again})");
            name = format!("{}{suffix}", cut(&plain, LONGEST - suffix.len()).0);
        }
        names.push(name);
    }
    names
}

fn safe(name: &str) -> String {
    let swapped = clean(name).replace(['\n', '\t'], " ");
    let swapped: String = swapped
        .chars()
        .map(|c| match c {
            '[' => '［',
            ']' => '］',
            ':' => '：',
            '*' => '＊',
            '?' => '？',
            '/' => '／',
            '\\' => '＼',
            '\'' => '’',
            other => other,
        })
        .collect();
    swapped.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: &[&str]) -> Vec<String> {
        let sheet = |name: &&str| Sheet { name: (*name).to_owned(), ..Sheet::default() };
        sheet_names(&names.iter().map(sheet).collect::<Vec<_>>())
    }

    #[test]
    fn names_are_safe_and_differ() {
        assert_eq!(named(&["a/b", "A/B", "", "history"]), ["a／b", "A／B(2)", "表3", "history(2)"]);
    }

    #[test]
    fn long_names_stay_within_the_limit_and_apart() {
        let long = "网".repeat(60);
        let names = named(&[&long, &long, &"𠀀".repeat(40)]);
        assert!(names.iter().all(|n| n.encode_utf16().count() <= LONGEST));
        assert_ne!(names[0], names[1]);
    }
}
