//! How a number gets written.

use super::Xorshift;
use super::book::Cell;

/// Spaces of several kinds.
pub(super) const SPACES: [&str; 4] = [" ", "\u{3000}", "\u{a0}", "  "];

/// In full-width characters.
pub(super) fn wide(text: &str) -> String {
    let widen =
        |c: char| if ('!'..='~').contains(&c) { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c };
    text.chars().map(widen).collect()
}

/// With a comma before every three digits.
pub(super) fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

/// A count as somebody may write it without loss.
pub(super) fn certain(n: u64, book: bool, random: &mut Xorshift) -> Cell {
    let mut text = match random.below(8) {
        0 | 1 => n.to_string(),
        2 => thousands(n),
        3 if n >= 1000 => format!("{}.{:04}万", n / 10_000, n % 10_000),
        4 => format!("{n}.0"),
        5 if book => return Cell::Number(n.to_string()),
        6 => format!("0{n}"),
        _ => n.to_string(),
    };
    if random.once_in(4) {
        text.push(*random.pick(&['户', '人', '戶']));
    }
    if random.once_in(4) {
        text = wide(&text);
    }
    if random.once_in(4) {
        text = format!("{}{text}{}", random.pick(&SPACES), random.pick(&SPACES));
    }
    Cell::Text(text)
}

/// A count whose number nobody can be sure of.
pub(super) fn uncertain(n: u64, random: &mut Xorshift) -> String {
    match random.below(12) {
        0 => format!("约{n}"),
        1 => format!("-{n}"),
        2 => format!("{n}.5"),
        3 => "1.2E+5".to_owned(),
        4 => format!("{n}-{}", n + 5),
        5 => "不明白".to_owned(),
        6 => "1.23456万".to_owned(),
        7 => "12,34".to_owned(),
        8 => format!("{n}余人"),
        9 => "99999999999".to_owned(),
        10 => "#REF!".to_owned(),
        _ => format!("{n}千"),
    }
}
