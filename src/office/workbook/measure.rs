//! How much room texts and numbers need.

use super::{Cell, Column, ColumnKind, Sheet};
use crate::office::text::{clean, cut, width};

/// Characters: a column is no narrower, and wraps if it would be wider.
const NARROWEST: f64 = 6.0;
const WIDEST: f64 = 44.0;
/// Texts up to this width are centred and set the width of their column.
const SHORT: usize = 24;

/// True if every text of the column is short.
pub(super) fn is_short(sheet: &Sheet, column: usize) -> bool {
    let texts = sheet.rows.iter().filter_map(|row| row.get(column));
    texts.into_iter().all(|cell| match cell {
        Cell::Text(text) => text.len() <= SHORT * 3 && width(text) <= SHORT,
        _ => true,
    })
}

/// Lines a cell takes in a column so many characters wide, of which margins take two.
pub(super) fn lines(cell: &Cell, wide: f64) -> usize {
    let Cell::Text(text) = cell else { return 1 };
    let room = (wide - 2.0).max(2.0) as usize;
    let text = clean(cut(text, 4_000).0);
    text.split('\n').map(|line| width(line).div_ceil(room).max(1)).sum()
}

/// Width in characters: as given, or by header and cells.
pub(super) fn column_width(sheet: &Sheet, at: usize, column: &Column) -> f64 {
    if let Some(width) = column.width.filter(|w| w.is_finite()) {
        return width.clamp(1.0, 255.0);
    }
    let shown = |cell: &Cell| match (cell, column.kind) {
        (Cell::Text(text), _) => width(cut(text, 400).0),
        (Cell::Whole(whole), _) => grouped(whole.unsigned_abs() as f64, 0) + usize::from(*whole < 0),
        (Cell::Number(number), kind) => {
            let places = match kind {
                ColumnKind::Decimal(places) | ColumnKind::Percent(places) => usize::from(places.min(10)) + 1,
                _ => 0,
            };
            grouped(number.abs(), places) + usize::from(*number < 0.0)
        }
        (Cell::Empty, _) => 0,
    };
    let cells = sheet.rows.iter().chain(&sheet.totals).filter_map(|row| row.get(at));
    let content = cells.map(shown).max().unwrap_or(0);
    // A header may take two lines; the filter's button stands beside it.
    let header = width(&clean(&column.header));
    let header = if header > 8 { header.div_ceil(2) + 1 } else { header };
    (content.max(header + 2) as f64 + 2.0).clamp(NARROWEST, WIDEST)
}

/// Characters of a number with its thousands apart.
fn grouped(number: f64, after: usize) -> usize {
    let digits = if number >= 1.0 && number.is_finite() { number.log10() as usize + 1 } else { 1 };
    digits + (digits - 1) / 3 + after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_measured_with_their_commas() {
        assert_eq!(grouped(999.0, 0), 3);
        assert_eq!(grouped(1_000.0, 0), 5);
        assert_eq!(grouped(1_234_567.0, 3), 12);
        assert_eq!(grouped(0.0, 0), 1);
    }

    #[test]
    fn long_texts_take_lines() {
        let of = |text: &str| lines(&Cell::from(text), 12.0);
        assert_eq!([of(""), of("甲乙丙丁戊"), of("甲乙丙丁戊己"), of("a\nb")], [1, 1, 2, 2]);
        assert_eq!(lines(&Cell::Whole(1), 1.0), 1);
    }
}
