//! Small counts in tables made public: hidden, with enough others hidden that none can be
//! recomputed from the totals.
//!
//! Who reads the table knows every count shown, that rows and columns add up to their totals, and
//! that no count is negative. [`suppress`] hides every count from 1 to k - 1, totals too, and then,
//! for each of them, the counts of one closed chain through rows and columns along which one person
//! could be moved without any total changing. So every hidden count has at least two possible
//! values. The chains are the cheapest ones (Dijkstra), where a total costs more than a count, a
//! larger count more than a smaller one, and a nought, which outsiders may know to be one, most:
//! a heuristic, since the least loss for all counts together is hard to find (a fixed-charge
//! network problem).
//!
//! All hidden counts must be shown by one and the same sign, [`HIDDEN`]: "<5" for some of them would
//! tell which those are, and bounds with it. What is published elsewhere of the same people, such
//! as a rate beside a count, is not known here.

mod chain;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

/// How a hidden count is shown.
pub const HIDDEN: &str = "—";

/// Counts of people by group, such as those of each grid by age: rows by columns, none in two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The counts; a row shorter than the longest has noughts at its end.
    pub rows: Vec<Vec<u64>>,
    /// The total of each row is published.
    pub row_totals: bool,
    /// The total of each column is published.
    pub column_totals: bool,
    /// The total of all is published.
    pub grand_total: bool,
}

/// What is hidden.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppression {
    /// Of the counts.
    pub cells: Vec<Vec<bool>>,
    /// Of the totals of rows; true as well if they are not published.
    pub row_totals: Vec<bool>,
    /// Of the totals of columns; true as well if they are not published.
    pub column_totals: Vec<bool>,
    /// Of the total of all; true as well if it is not published.
    pub grand_total: bool,
}

/// Which counts of a table to hide, so that none from 1 to `k` - 1 is shown or can be recomputed.
///
/// Time is about the number of hidden small counts times the size of the table.
pub fn suppress(table: &Table, k: u64) -> Suppression {
    let full = Full::of(table);
    let mut hidden = full.unpublished();
    let small = |&(i, j): &(usize, usize)| (1..k).contains(&full.value(i, j));
    let primary: Vec<_> = full.places().filter(small).filter(|place| !hidden.contains(place)).collect();
    hidden.extend(&primary);
    let mut safe = BTreeSet::new();
    for place in primary {
        if safe.contains(&place) {
            continue;
        }
        // Hiding everything always leaves a chain, so one is found.
        let chain = chain::cheapest(&full, place, |i, j| {
            if hidden.contains(&(i, j)) { Some(0) } else { Some(full.cost(i, j)) }
        });
        for step in chain.unwrap_or_else(|| full.places().collect()) {
            hidden.insert(step);
            safe.insert(step);
        }
    }
    full.suppression(&hidden)
}

/// The hidden counts that a reader can recompute all the same: rows and columns of the table, with
/// the totals after the last of either. Empty if the suppression is sound.
///
/// Only counts that the table publishes are looked at.
pub fn recoverable(table: &Table, suppression: &Suppression) -> Vec<(usize, usize)> {
    let full = Full::of(table);
    let unpublished = full.unpublished();
    let hidden: BTreeSet<_> = full.places().filter(|&place| full.is_hidden(suppression, place)).collect();
    let of_table = hidden.iter().copied().filter(|place| !unpublished.contains(place));
    let free = |i, j| (hidden.contains(&(i, j)) || unpublished.contains(&(i, j))).then_some(0);
    of_table.filter(|&place| chain::cheapest(&full, place, free).is_none()).collect()
}

/// The table with its totals as one more row and column.
struct Full {
    /// Counts, row by row; sums that overflow stay at the largest number.
    values: Vec<u64>,
    rows: usize,
    columns: usize,
    published: [bool; 3],
}

impl Full {
    fn of(table: &Table) -> Self {
        let inner = table.rows.iter().map(Vec::len).max().unwrap_or(0);
        let (rows, columns) = (table.rows.len() + 1, inner + 1);
        let mut values = vec![0; rows * columns];
        for (i, row) in table.rows.iter().enumerate() {
            for (j, &count) in row.iter().enumerate() {
                for place in [(i, j), (i, inner), (rows - 1, j), (rows - 1, inner)] {
                    let value: &mut u64 = &mut values[place.0 * columns + place.1];
                    *value = value.saturating_add(count);
                }
            }
        }
        let published = [table.row_totals, table.column_totals, table.grand_total];
        Self { values, rows, columns, published }
    }

    fn value(&self, i: usize, j: usize) -> u64 {
        self.values[i * self.columns + j]
    }

    fn places(&self) -> impl Iterator<Item = (usize, usize)> + use<> {
        let columns = self.columns;
        (0..self.rows).flat_map(move |i| (0..columns).map(move |j| (i, j)))
    }

    /// Which totals a place is: of its row, of its column.
    fn totals(&self, i: usize, j: usize) -> (bool, bool) {
        (j + 1 == self.columns, i + 1 == self.rows)
    }

    fn unpublished(&self) -> BTreeSet<(usize, usize)> {
        let [of_row, of_column, of_all] = self.published;
        let hidden = |&(i, j): &(usize, usize)| match self.totals(i, j) {
            (true, true) => !of_all,
            (true, false) => !of_row,
            (false, true) => !of_column,
            (false, false) => false,
        };
        self.places().filter(hidden).collect()
    }

    /// What is lost if a count is hidden: by size in doublings, more for totals and noughts.
    fn cost(&self, i: usize, j: usize) -> u64 {
        let value = self.value(i, j);
        let size = if value == 0 { 200 } else { 10 + u64::from(value.ilog2()) };
        match self.totals(i, j) {
            (true, true) => size * 64,
            (false, false) => size,
            _ => size * 8,
        }
    }

    fn suppression(&self, hidden: &BTreeSet<(usize, usize)>) -> Suppression {
        let (last_row, last_column) = (self.rows - 1, self.columns - 1);
        let is = |i, j| hidden.contains(&(i, j));
        Suppression {
            cells: (0..last_row).map(|i| (0..last_column).map(|j| is(i, j)).collect()).collect(),
            row_totals: (0..last_row).map(|i| is(i, last_column)).collect(),
            column_totals: (0..last_column).map(|j| is(last_row, j)).collect(),
            grand_total: is(last_row, last_column),
        }
    }

    fn is_hidden(&self, suppression: &Suppression, (i, j): (usize, usize)) -> bool {
        match self.totals(i, j) {
            (true, true) => suppression.grand_total,
            (true, false) => suppression.row_totals.get(i).copied().unwrap_or(false),
            (false, true) => suppression.column_totals.get(j).copied().unwrap_or(false),
            (false, false) => suppression.cells.get(i).and_then(|row| row.get(j)).copied().unwrap_or(false),
        }
    }
}

impl Suppression {
    /// A count as it is shown.
    pub fn shown(&self, row: usize, column: usize, count: u64) -> String {
        let hidden = self.cells.get(row).and_then(|r| r.get(column)).copied().unwrap_or(false);
        if hidden { HIDDEN.to_owned() } else { count.to_string() }
    }
}
