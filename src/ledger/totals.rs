//! Rows of sums: never added, but held against the rows they sum.

use super::finding::{Finding, excerpt};
use super::grid::{Form, Line};
use super::header::Header;
use super::kind::Kind;
use super::value::{self, Read, Style};
use super::words::{Role, Total};
use super::{Row, Value};

/// What a row of sums says.
pub(super) struct TotalLine {
    number: u32,
    label: String,
    kind: Total,
    /// One a column: what is stated; `None` if nothing is.
    stated: Vec<Option<Stated>>,
}

enum Stated {
    Sum(f64),
    /// A formula without a value.
    Uncached,
    /// No number.
    Unread(String),
}

impl TotalLine {
    pub(super) fn read(line: &Line, header: &Header, (kind, label): (Total, String)) -> Self {
        let style = Style { total: true, ..Style::default() };
        let stated = header.columns.iter().map(|(at, column)| {
            let raw = line.cell(*at)?;
            let is_count = column.role == Role::Count;
            if !is_count && column.role != Role::Number {
                return None;
            }
            if raw.form == Form::Uncached {
                return Some(Stated::Uncached);
            }
            let read = if is_count {
                value::count(&raw.text, style).map(|read| known(read).map(|n| n as f64))
            } else {
                value::number(&raw.text, style).map(known)
            };
            match read {
                Ok(sum) => sum.map(Stated::Sum),
                Err(_) => Some(Stated::Unread(excerpt(&raw.text))),
            }
        });
        Self { number: line.number, label, kind, stated: stated.collect() }
    }
}

fn known<T>(read: Read<T>) -> Option<T> {
    match read {
        Read::Known { value, .. } => Some(value),
        Read::Missing(_) => None,
    }
}

/// Rows of sums with their places among the rows.
pub(super) struct Sums {
    totals: Vec<(TotalLine, usize)>,
    columns: usize,
    torn: bool,
}

impl Sums {
    pub(super) fn new(header: &Header) -> Self {
        Self { totals: Vec::new(), columns: header.columns.len(), torn: false }
    }

    /// A row of sums after so many rows.
    pub(super) fn total(&mut self, line: TotalLine, rows: usize) {
        self.totals.push((line, rows));
    }

    /// A row could not be read at all, so that no sum is known.
    pub(super) fn torn(&mut self) {
        self.torn = true;
    }

    /// Compares all sums; `kept` gives the place each row had before repeats were left out.
    pub(super) fn check(&self, rows: &[Row], kept: &[usize], header: &Header, findings: &mut Vec<Finding>) {
        if self.totals.is_empty() {
            return;
        }
        let running: Vec<Running> =
            (0..self.columns).map(|column| Running::of(rows, header, column)).collect();
        let end = kept.last().map_or(0, |last| last + 1);
        let first_part = self.totals.iter().find(|(line, _)| line.kind == Total::Part);
        // Where the first part has no rows above it, parts stand before their rows.
        let before = first_part.is_some_and(|(_, at)| *at == 0);
        for (t, (line, at)) in self.totals.iter().enumerate() {
            let above = (self.totals[..t].last().map_or(0, |(_, at)| *at), *at);
            let below = (*at, self.totals.get(t + 1).map_or(end, |(_, at)| *at));
            let block = if before { below } else { above };
            for (column, sums) in running.iter().enumerate() {
                let Some(stated) = &line.stated[column] else { continue };
                let name = &header.columns[column].1.name;
                let mut report = |kind: Kind| findings.push(Finding::cell(line.number, name, kind));
                let mut unchecked =
                    |reason| report(Kind::TotalUnchecked { label: line.label.clone(), reason });
                let stated = match stated {
                    Stated::Sum(stated) => *stated,
                    Stated::Uncached => {
                        unchecked("its formula has no value");
                        continue;
                    }
                    Stated::Unread(value) => {
                        report(Kind::ValueUnreadable { value: value.clone() });
                        continue;
                    }
                };
                let sum = |(from, to): (usize, usize)| {
                    let inside = (kept.partition_point(|k| *k < from), kept.partition_point(|k| *k < to));
                    sums.between(inside)
                };
                let whole = sum((0, end));
                let checked = match line.kind {
                    Total::Part => sum(block),
                    // A second sum may be one of a block under another name.
                    Total::All if !equal(stated, whole.0) && equal(stated, sum(block).0) => sum(block),
                    Total::All => whole,
                };
                if self.torn || checked.2 {
                    unchecked("some rows could not be read");
                } else if !equal(stated, checked.0) {
                    let (label, missing) = (line.label.clone(), checked.1);
                    let (stated, summed) = (text(stated), text(checked.0));
                    report(Kind::TotalDiffers { label, stated, summed, missing });
                }
            }
        }
    }
}

/// Sums of measured numbers may be rounded.
fn equal(stated: f64, summed: f64) -> bool {
    let whole = stated.fract() == 0.0 && summed.fract() == 0.0;
    if whole { stated == summed } else { (stated - summed).abs() <= 0.01 + 1e-9 * summed.abs() }
}

fn text(number: f64) -> String {
    ((number * 1e6).round() / 1e6).to_string()
}

/// Sums of a column over the first rows, so that many totals cost no more than one.
#[derive(Default)]
struct Running {
    sums: Vec<f64>,
    missing: Vec<usize>,
    unread: Vec<usize>,
}

impl Running {
    /// Empty for a column that has no numbers.
    fn of(rows: &[Row], header: &Header, column: usize) -> Self {
        let mut running = Self::default();
        if !matches!(header.columns[column].1.role, Role::Count | Role::Number) {
            return running;
        }
        let (mut sum, mut missing, mut unread) = (0.0, 0, 0);
        for value in std::iter::once(None).chain(rows.iter().map(|row| Some(&row.cells[column]))) {
            match value {
                Some(Value::Count(count)) => sum += *count as f64,
                Some(Value::Number(number)) => sum += number,
                Some(Value::Missing) => missing += 1,
                Some(_) => unread += 1,
                None => {}
            }
            running.sums.push(sum);
            running.missing.push(missing);
            running.unread.push(unread);
        }
        running
    }

    /// The sum, how many rows have no number, and whether any could not be read.
    fn between(&self, (from, to): (usize, usize)) -> (f64, usize, bool) {
        let to = to.max(from);
        match (self.sums.get(from), self.sums.get(to)) {
            (Some(low), Some(high)) => {
                let missing = self.missing[to] - self.missing[from];
                (high - low, missing, self.unread[to] > self.unread[from])
            }
            _ => (0.0, 0, false),
        }
    }
}
