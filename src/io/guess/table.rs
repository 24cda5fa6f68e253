//! A table looked at: which keys of a place file its columns stand for, and which codes it holds.

use std::collections::{BTreeMap, BTreeSet};

use crate::io::Problems;
use crate::io::source::{DATA_BYTES_MAX, Source};
use crate::ledger::{self, Options};
use crate::model::problem::{At, Kind};

/// A table as far as a guess needs it.
#[derive(Clone, Debug)]
pub(super) struct TableLook {
    /// Keys of a place file with the names of their columns.
    pub(super) fields: BTreeMap<String, String>,
    /// All names, in order.
    pub(super) columns: Vec<String>,
    pub(super) rows: usize,
    /// The values of every column that could hold codes.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
    /// How the text is encoded, or which sheet was read.
    pub(super) how: String,
}

/// Reads a table; what is no table is reported.
pub(super) fn look(source: &mut Source, file: &str, problems: &mut Problems) -> Option<TableLook> {
    let bytes = source.read(file, DATA_BYTES_MAX, problems)?;
    let options = Options { repeated_codes: true, ..Options::default() };
    let Ok(read) = ledger::read(file, &bytes, &options) else {
        problems.add(file, At::Whole, None, Kind::NoUse {});
        return None;
    };
    let mut fields = BTreeMap::new();
    let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (i, column) in read.columns.iter().enumerate() {
        if let Some(field) = &column.field {
            fields.entry(field.clone()).or_insert_with(|| column.name.clone());
        }
        let cells = read.rows.iter().map(|row| row.cells[i].text()).filter(|text| !text.is_empty());
        values.insert(column.name.clone(), cells.collect());
    }
    let how = match (&read.sheet, read.encoding) {
        (Some(sheet), _) => sheet.clone(),
        (None, Some(encoding)) => encoding.name().to_owned(),
        (None, None) => String::new(),
    };
    let columns = read.columns.iter().map(|column| column.name.clone()).collect();
    Some(TableLook { fields, columns, rows: read.rows.len(), values, how })
}

impl TableLook {
    /// The column of a key, by its known names or by the key itself.
    pub(super) fn column(&self, key: &str) -> Option<&str> {
        let named = self.fields.get(key).map(String::as_str);
        named.or_else(|| self.columns.iter().map(String::as_str).find(|name| name.to_lowercase() == key))
    }

    /// The column most of whose values are among `codes`, with how many are.
    pub(super) fn joins(&self, codes: &BTreeSet<String>) -> Option<(&str, usize)> {
        let shared = |values: &BTreeSet<String>| values.intersection(codes).count();
        let all = self.columns.iter().map(|name| (name.as_str(), shared(&self.values[name])));
        all.max_by_key(|(_, n)| *n).filter(|(_, n)| *n > 0)
    }

    /// True if it counts people or households.
    pub(super) fn counts(&self) -> bool {
        ["households", "population", "population_resident", "population_registered"]
            .iter()
            .any(|key| self.column(key).is_some())
    }
}
