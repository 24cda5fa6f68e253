//! Filling blank cells of groups with what stands above them.

use std::collections::BTreeMap;

use super::finding::Rule;
use super::grid::{Grid, Line};
use super::header::Header;
use super::kind::Kind;
use super::limits::{GROUP_CHARS_MAX, MERGES_MAX};
use super::value::{self, Read, plain};
use super::words::Role;

/// What a blank cell is filled with, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fill {
    /// The value of the group, by a rule.
    With(String, Rule),
    /// Nothing says which group.
    Unclear,
    /// Part of a merged cell that begins in this row.
    MergedFrom(u32),
}

/// The group each next row belongs to.
pub(super) struct Groups<'a> {
    grid: &'a Grid,
    /// By column of the grid: first and last row of its merged cells, and the column of their text.
    merges: BTreeMap<u32, Vec<(u32, u32, u32)>>,
    carried: BTreeMap<u32, String>,
}

impl<'a> Groups<'a> {
    pub(super) fn new(grid: &'a Grid, header: &Header) -> Result<Self, Kind> {
        let mut merges: BTreeMap<u32, Vec<(u32, u32, u32)>> = BTreeMap::new();
        let mut found = 0u64;
        for (column, _) in &header.columns {
            for merge in &grid.merges {
                if merge.rows.1 > merge.rows.0 && (merge.columns.0..=merge.columns.1).contains(column) {
                    found += 1;
                    if found > MERGES_MAX as u64 {
                        return Err(Kind::TooLarge { what: "merged cells", found, limit: MERGES_MAX as u64 });
                    }
                    let range = (merge.rows.0, merge.rows.1, merge.columns.0);
                    merges.entry(*column).or_default().push(range);
                }
            }
        }
        merges.values_mut().for_each(|ranges| ranges.sort_unstable());
        Ok(Self { grid, merges, carried: BTreeMap::new() })
    }

    /// After a total or a torn row nothing is carried over.
    pub(super) fn interrupt(&mut self) {
        self.carried.clear();
    }

    /// Says for each blank cell of a group what it repeats; `filled` has one entry a column.
    pub(super) fn fill(&mut self, line: &Line, header: &Header, filled: &mut Vec<Option<Fill>>) {
        filled.clear();
        for (i, (at, column)) in header.columns.iter().enumerate() {
            let text = line.text(*at);
            let blank = plain(text).is_empty();
            let merged = if blank { self.merged(*at, line.number) } else { None };
            if column.role != Role::Group {
                let from = merged.map(|(from, _)| Fill::MergedFrom(from));
                filled.push(from.filter(|_| matches!(column.role, Role::Count | Role::Number)));
                continue;
            }
            if matches!(plain(text).as_str(), "〃" | "″" | "\"" | "同上") {
                let above = self.carried.get(at).cloned();
                filled.push(Some(above.map_or(Fill::Unclear, |text| Fill::With(text, Rule::Ditto))));
                continue;
            }
            if !blank {
                self.name(*at, text, header, i);
                filled.push(None);
                continue;
            }
            let value = match merged {
                Some((_, text)) => {
                    self.name(*at, &text, header, i);
                    self.carried.get(at).map(|text| (text.clone(), Rule::Merged))
                }
                None => self.carried.get(at).map(|text| (text.clone(), Rule::FillDown)),
            };
            filled.push(Some(value.map_or(Fill::Unclear, |(text, rule)| Fill::With(text, rule))));
        }
    }

    /// A group's name stands here: it is carried down, and groups inside the one before end.
    fn name(&mut self, at: u32, text: &str, header: &Header, i: usize) {
        let name = match value::name(text) {
            Read::Known { value, .. } if value.chars().count() <= GROUP_CHARS_MAX => Some(value),
            _ => None,
        };
        if self.carried.get(&at) == name.as_ref() {
            return;
        }
        for (inner, _) in header.columns[i + 1..].iter().filter(|(_, column)| column.role == Role::Group) {
            self.carried.remove(inner);
        }
        match name {
            Some(name) => self.carried.insert(at, name),
            None => self.carried.remove(&at),
        };
    }

    /// The first row and the text of a merged cell that covers this one from above.
    fn merged(&self, column: u32, row: u32) -> Option<(u32, String)> {
        let ranges = self.merges.get(&column)?;
        let at = ranges.partition_point(|(first, ..)| *first < row).checked_sub(1)?;
        let (first, last, origin) = ranges[at];
        if last < row {
            return None;
        }
        let line = self.grid.lines.binary_search_by_key(&first, |line| line.number).ok()?;
        Some((first, self.grid.lines[line].text(origin).to_owned()))
    }
}
