//! The deliverables an office hands in, with the columns their forms usually have: once as tables of
//! text, from which the CSV files and the workbook are made.

mod grids;
mod reach;
mod sites;

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::{File, Subject};
use crate::office::workbook::ColumnKind;

/// A column's header and how its cells are to be read.
pub(super) type Column = (&'static str, ColumnKind);

/// One deliverable. Cells are text; an empty one is to be filled in, or does not apply.
pub(super) struct Ledger {
    pub(super) name: &'static str,
    /// Units, and what has to be known to read it.
    pub(super) note: &'static str,
    pub(super) columns: &'static [Column],
    pub(super) rows: Vec<Vec<String>>,
    pub(super) totals: Option<Vec<String>>,
}

/// Levels of centres as forms call them, by number.
pub(in crate::report) const LEVELS: [&str; 6] = ["", "市", "区县", "街道乡镇", "社区村", "微站"];

/// Every ledger as CSV: UTF-8 with a byte order mark, so that a spreadsheet opens it as it is.
pub(super) fn files(ledgers: &[Ledger]) -> PolarsResult<Vec<File>> {
    let filled = ledgers.iter().filter(|ledger| !ledger.rows.is_empty() || ledger.name.contains("网格"));
    filled
        .map(|ledger| {
            let headers: Vec<&str> = ledger.columns.iter().map(|column| column.0).collect();
            let rows = [ledger.rows.as_slice(), ledger.totals.as_slice()].concat();
            Ok((format!("ledgers/{}.csv", ledger.name), csv(&headers, &rows, true)?))
        })
        .collect()
}

/// The ledgers of what was planned, in the order of the workbook.
pub(super) fn ledgers(subject: &Subject<'_>) -> Vec<Ledger> {
    let mut all = Vec::new();
    if subject.plan.partition.is_some() {
        all.push(grids::grids(subject));
        all.push(grids::changes(subject));
        all.push(grids::staff(subject));
    }
    if subject.plan.coverage.is_some() {
        all.push(reach::coverage(subject));
        all.push(reach::services(subject));
        all.push(sites::centres(subject));
    }
    all.extend(sites::rooms(subject));
    if subject.plan.siting.is_some() {
        all.push(sites::siting(subject));
    }
    all
}

/// 合计 under some columns of whole numbers.
fn totals(columns: &[Column], rows: &[Vec<String>], sums: std::ops::Range<usize>) -> Option<Vec<String>> {
    let mut line = vec![String::new(); columns.len()];
    line[0] = "合计".to_owned();
    for column in sums {
        let sum: u64 = rows.iter().filter_map(|row| row[column].parse::<u64>().ok()).sum();
        line[column] = sum.to_string();
    }
    (!rows.is_empty()).then_some(line)
}
