//! Population tables, and how their rows find the shapes they belong to.

use std::collections::BTreeMap;

use super::Problems;
use super::causes;
use super::codes::{Cell, Count, code, count};
use super::specs::{ColumnName, CountColumns, TableSpec};
use super::tables::Table;
use crate::model::problem::{At, Kind};
use crate::model::rules::ReadingRules;
use crate::model::units::Counts;

/// One row of a population table.
#[derive(Clone, Debug)]
pub(super) struct LedgerRow {
    pub(super) at: At,
    pub(super) name: String,
    pub(super) counts: Counts,
}

/// A population table by code.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    pub(super) file: String,
    pub(super) rows: BTreeMap<String, LedgerRow>,
    /// True if it tells older people and children apart.
    pub(super) ages: bool,
    /// True if a row's code could not be read; that has been reported, and what follows from it
    /// need not be.
    pub(super) torn: bool,
}

/// Reads a table of counts by code.
pub(super) fn ledger(
    table: &Table,
    spec: &TableSpec,
    rules: &ReadingRules,
    problems: &mut Problems,
) -> Option<Ledger> {
    if !table.has(&spec.code.name) {
        missing(table, &spec.code, problems);
        return None;
    }
    if spec.name.named && !table.has(&spec.name.name) {
        missing(table, &spec.name, problems);
    }
    let columns = Columns::of(table, &spec.counts, true, rules, problems)?;
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let (file, ages) = (table.file.clone(), columns.ages());
    let mut ledger = Ledger { file, rows: BTreeMap::new(), ages, torn: false };
    let mark = problems.mark();
    for row in (0..table.rows()).filter(|row| !table.is_blank(*row)) {
        let cell = Cell { file: &table.file, at: table.at(row), column: &spec.code.name };
        let read = !table.is_unread(row, &spec.code.name);
        let Some(code) = read.then(|| code(table.cell(row, &spec.code.name), cell, problems)).flatten()
        else {
            ledger.torn = true;
            continue;
        };
        if let Some(&before) = first.get(&code) {
            let number = match table.at(before) {
                At::Row(n) | At::Feature(n) => n,
                _ => 0,
            };
            let kind = if table.same(row, before) {
                Kind::RowRepeated { code, first: number }
            } else {
                Kind::CodeRepeated { code, first: number }
            };
            cell.report(problems, kind);
            continue;
        }
        first.insert(code.clone(), row);
        let counts = columns.read(table, row, &code, problems);
        let name = table.cell(row, &spec.name.name).unwrap_or_default().to_owned();
        ledger.rows.insert(code, LedgerRow { at: table.at(row), name, counts });
    }
    if columns.tells_both() {
        causes::swapped_counts(&ledger, mark, &spec.counts.population.name, problems);
    }
    let others = |_: &mut Problems| table.columns_of_codes();
    let wrong = causes::codes(&table.file, &spec.code.name, mark, table.rows(), others, problems);
    (!wrong).then_some(ledger)
}

fn missing(table: &Table, column: &ColumnName, problems: &mut Problems) {
    problems.add(&table.file, At::Whole, Some(&column.name), Kind::ColumnMissing { there: table.names() });
}

/// Which count columns a table has, and what stands in for one that it has not.
pub(super) struct Columns<'a> {
    names: &'a CountColumns,
    households: bool,
    population: bool,
    older: bool,
    child: bool,
    per_100: u32,
}

impl<'a> Columns<'a> {
    /// `None` if there are no counts; an error only if the table was named for its counts.
    pub(super) fn of(
        table: &Table,
        names: &'a CountColumns,
        required: bool,
        rules: &ReadingRules,
        problems: &mut Problems,
    ) -> Option<Self> {
        let there = |column: &ColumnName| table.has(&column.name);
        let columns = Self {
            names,
            households: there(&names.households),
            population: there(&names.population),
            older: there(&names.older),
            child: there(&names.child),
            per_100: rules.people_per_100_households,
        };
        let mut lost = false;
        for (there, column) in [
            (columns.households, &names.households),
            (columns.population, &names.population),
            (columns.older, &names.older),
            (columns.child, &names.child),
        ] {
            if column.named && !there {
                lost = true;
                missing(table, column, problems);
            }
        }
        let from = match (columns.households, columns.population) {
            (false, false) => {
                if required && !lost {
                    missing(table, &names.households, problems);
                    missing(table, &names.population, problems);
                }
                return None;
            }
            (true, true) => None,
            (true, false) => Some((&names.population, &names.households)),
            (false, true) => Some((&names.households, &names.population)),
        };
        if let Some((lacking, from)) = from.filter(|_| !lost) {
            let kind = Kind::ColumnEstimated { from: from.name.clone(), per_100: columns.per_100 };
            problems.add(&table.file, At::Whole, Some(&lacking.name), kind);
        }
        Some(columns)
    }

    /// True if households and people have a column each.
    fn tells_both(&self) -> bool {
        self.households && self.population
    }

    pub(super) fn ages(&self) -> bool {
        self.older || self.child
    }

    /// The counts of one row; what cannot be read is reported and 0.
    pub(super) fn read(&self, table: &Table, row: usize, code: &str, problems: &mut Problems) -> Counts {
        let mut sound = true;
        let mut populated = true;
        let mut one = |column: &ColumnName, there: bool, needed: bool| -> u32 {
            if !there {
                return 0;
            }
            let cell = Cell { file: &table.file, at: table.at(row), column: &column.name };
            if table.is_unread(row, &column.name) {
                sound = false;
                populated &= column.name != self.names.population.name;
                return 0;
            }
            match count(table.cell(row, &column.name), cell, problems) {
                Count::Known(n) => n,
                Count::Missing => {
                    if needed {
                        cell.report(problems, Kind::CountMissing { code: code.to_owned() });
                        sound = false;
                        populated &= column.name != self.names.population.name;
                    }
                    0
                }
                Count::Wrong => {
                    sound = false;
                    populated &= column.name != self.names.population.name;
                    0
                }
            }
        };
        let mut counts = Counts {
            households: one(&self.names.households, self.households, true),
            population: one(&self.names.population, self.population, true),
            older: one(&self.names.older, self.older, false),
            child: one(&self.names.child, self.child, false),
        };
        let per_100 = u64::from(self.per_100);
        if !self.population {
            counts.population = ((u64::from(counts.households) * per_100 + 50) / 100) as u32;
        }
        if !self.households {
            counts.households = ((u64::from(counts.population) * 100 + per_100 / 2) / per_100) as u32;
        }
        if sound && self.households && self.population {
            self.judge(table, row, code, counts, problems);
        }
        if u64::from(counts.older) + u64::from(counts.child) > u64::from(counts.population) {
            if populated {
                let kind = Kind::GroupsExceed { code: code.to_owned() };
                problems.add(&table.file, table.at(row), Some(&self.names.older.name), kind);
            }
            // A plan is made without the missing count, so the groups may not outnumber the people.
            counts.older = counts.older.min(counts.population);
            counts.child = counts.child.min(counts.population - counts.older);
        }
        counts
    }

    /// People in a household over 10 or under 0.5 are worth a look.
    fn judge(&self, table: &Table, row: usize, code: &str, counts: Counts, problems: &mut Problems) {
        let Counts { households, population, .. } = counts;
        let (h, p) = (u64::from(households), u64::from(population));
        if p > 10 * h || 2 * p < h {
            let kind = Kind::CountsOdd { code: code.to_owned(), households, population };
            problems.add(&table.file, table.at(row), Some(&self.names.population.name), kind);
        }
    }
}
