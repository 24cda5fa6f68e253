//! A workbook of ledgers: one sheet a ledger, ready to be filtered, printed and filled in.

mod formats;
mod measure;
mod names;
#[cfg(test)]
mod tests;
mod write;

pub use names::sheet_names;
pub use write::workbook;

use super::text::{Loss, Unwritable, losses};

/// UTF-16 units a cell holds (ECMA-376 leaves it open; it is what spreadsheet programs accept).
pub(crate) const CELL_UNITS: usize = 32_767;

/// One ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Name on the tab; made safe by [`sheet_names`].
    pub name: String,
    /// Title over the table.
    pub title: String,
    /// Units and other notes, in the line under the title.
    pub note: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; a row shorter than the columns is empty at its end.
    pub rows: Vec<Vec<Cell>>,
    /// The row of totals. A number that is the sum of its column becomes a formula; any other, such
    /// as a rate, stays the number given.
    pub totals: Option<Vec<Cell>>,
    /// Rows to be coloured, from 0: those out of range.
    pub flagged: Vec<usize>,
    /// Columns that stay in sight when scrolling.
    pub frozen_columns: usize,
    /// Ruled rows to fill in, after the rows given.
    pub blank_rows: usize,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    /// Its header.
    pub header: String,
    /// What it holds.
    pub kind: ColumnKind,
    /// Width in characters; by its texts if none.
    pub width: Option<f64>,
    /// The values it may have, offered as a list; any if empty.
    pub choices: Vec<String>,
    /// A value that colours its row as soon as it is there, such as 否 under 是否达标.
    pub warns_on: Option<String>,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text, also if it looks like a number: codes and telephones.
    #[default]
    Text,
    /// Whole numbers, thousands apart.
    Whole,
    /// Numbers with so many decimals, thousands apart.
    Decimal(u8),
    /// Shares of 1, shown in per cent with so many decimals.
    Percent(u8),
}

/// A cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Text, never read as a formula.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number; one that is not finite is left empty.
    Number(f64),
    /// Nothing.
    #[default]
    Empty,
}

impl Column {
    /// A column of a kind, as wide as its texts, free to hold anything.
    pub fn new(header: impl Into<String>, kind: ColumnKind) -> Self {
        Self { header: header.into(), kind, ..Self::default() }
    }

    /// The same with a list of values to choose from.
    #[must_use]
    pub fn with_choices(mut self, choices: &[&str]) -> Self {
        self.choices = choices.iter().map(|&c| c.to_owned()).collect();
        self
    }

    /// The same with a value that colours its row.
    #[must_use]
    pub fn warning_on(mut self, value: &str) -> Self {
        self.warns_on = Some(value.to_owned());
        self
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Sheet {
    /// What its texts lose when written: characters that XML refuses, and what is over the length
    /// of a cell.
    pub fn unwritable(&self) -> Vec<Unwritable> {
        let mut list = Vec::new();
        for text in [&self.name, &self.title, &self.note] {
            losses(text, || self.name.clone(), &mut list);
        }
        for column in &self.columns {
            losses(&column.header, || format!("{} {}", self.name, column.header), &mut list);
        }
        for (r, row) in self.rows.iter().chain(&self.totals).enumerate() {
            for (c, cell) in row.iter().enumerate() {
                let Cell::Text(text) = cell else { continue };
                let at = || format!("{} row {} column {}", self.name, r + 1, c + 1);
                losses(text, at, &mut list);
                if text.len() > CELL_UNITS && super::text::cut(text, CELL_UNITS).1 {
                    list.push(Unwritable { at: at(), what: Loss::Beyond(CELL_UNITS) });
                }
            }
        }
        list
    }
}
