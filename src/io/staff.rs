//! `[staff]`: who serves which grid in force. Personal data, carried into the office's own ledgers.

use super::Problems;
use super::codes::{Cell, code};
use super::ledgers;
use super::source::Source;
use super::specs::StaffSpec;
use super::tables::Table;
use crate::model::place::Staff;
use crate::model::problem::{At, Kind};

/// Keys of the section with the columns that forms call them by, in the order of
/// [`Staff::details`](crate::model::place::Staff::details) after grid and name.
pub(super) const KEYS: [(&str, &[&str]); 9] = [
    ("grid", &["网格编码", "网格代码"]),
    ("name", &["姓名"]),
    ("sex", &["性别"]),
    ("politics", &["政治面貌"]),
    ("post", &["职务"]),
    ("engagement", &["专职/兼职", "专兼职"]),
    ("force", &["力量类型"]),
    ("phone", &["电话", "联系电话", "手机"]),
    ("branch", &["网格党支部", "党支部", "所属党支部"]),
];

/// Every line with a grid and a name, in order of grid, then as written.
pub(super) fn read(source: &mut Source, spec: &StaffSpec, problems: &mut Problems) -> Vec<Staff> {
    let keys: Vec<_> = spec.columns.iter().map(|(key, column)| (*key, column)).collect();
    let Some(table) = ledgers::read(source, &spec.file, &spec.how, &keys, false, problems) else {
        return Vec::new();
    };
    for (_, column) in spec.columns.iter().filter(|(_, column)| column.named && !table.has(&column.name)) {
        let kind = Kind::ColumnMissing { there: table.names() };
        problems.add(&table.file, At::Whole, Some(&column.name), kind);
    }
    let columns: Vec<Option<&str>> = spec
        .columns
        .iter()
        .zip(KEYS)
        .map(|((_, column), (_, usual))| {
            let named = Some(column.name.as_str()).filter(|name| table.has(name));
            named.or_else(|| usual.iter().copied().find(|name| table.has(name)))
        })
        .collect();
    for (at, key) in [(0, "grid"), (1, "name")] {
        if columns[at].is_none() && !spec.columns[at].1.named {
            let kind = Kind::ColumnMissing { there: table.names() };
            problems.add(&table.file, At::Whole, Some(key), kind);
        }
    }
    let (Some(grid), Some(_)) = (columns[0], columns[1]) else { return Vec::new() };
    let line = |row: usize, problems: &mut Problems| {
        let cell = Cell { file: &table.file, at: table.at(row), column: grid };
        let grid = code(table.cell(row, grid), cell, problems)?;
        let text = |at: usize| text(&table, row, columns[at]);
        Some(Staff { grid, name: text(1), details: std::array::from_fn(|i| text(i + 2)) })
    };
    let rows = (0..table.rows()).filter(|row| !table.is_blank(*row));
    let mut staff: Vec<Staff> = rows.filter_map(|row| line(row, problems)).collect();
    staff.sort();
    staff
}

fn text(table: &Table, row: usize, column: Option<&str>) -> String {
    column.and_then(|column| table.cell(row, column)).unwrap_or_default().to_owned()
}
