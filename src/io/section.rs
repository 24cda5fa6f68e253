//! One section of `place.toml`, read key by key: whatever is missing, mistyped or unknown is reported
//! and reading goes on.

use super::Problems;
use super::specs::ColumnName;
use crate::model::problem::{At, Kind};

/// One table of the file, with the keys asked for so far.
pub(super) struct Section<'a> {
    file: &'a str,
    path: String,
    pub(super) table: &'a toml::Table,
    pub(super) known: Vec<&'static str>,
    problems: std::rc::Rc<std::cell::RefCell<&'a mut Problems>>,
}

impl<'a> Section<'a> {
    pub(super) fn root(file: &'a str, table: &'a toml::Table, problems: &'a mut Problems) -> Self {
        let problems = std::rc::Rc::new(std::cell::RefCell::new(problems));
        Self { file, path: String::new(), table, known: Vec::new(), problems }
    }

    pub(super) fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    pub(super) fn report(&self, key: &str, kind: Kind) {
        self.problems.borrow_mut().add(self.file, At::Whole, Some(&self.full(key)), kind);
    }

    pub(super) fn wrong(&self, key: &str, expected: &'static str) {
        self.report(key, Kind::KeyType { expected });
    }

    pub(super) fn table(&mut self, key: &'static str, required: bool) -> Option<Section<'a>> {
        self.known.push(key);
        match self.table.get(key) {
            Some(toml::Value::Table(table)) => Some(Section {
                file: self.file,
                path: self.full(key),
                table,
                known: Vec::new(),
                problems: self.problems.clone(),
            }),
            Some(_) => {
                self.wrong(key, "a section");
                None
            }
            None => {
                if required {
                    self.report(key, Kind::KeyMissing {});
                }
                None
            }
        }
    }

    pub(super) fn text(&mut self, key: &'static str, required: bool) -> Option<String> {
        self.known.push(key);
        match self.table.get(key) {
            Some(toml::Value::String(text)) if !text.trim().is_empty() => Some(text.clone()),
            Some(toml::Value::Datetime(date)) if key == "date" => Some(date.to_string()),
            Some(_) => {
                self.wrong(key, "text in quotes");
                None
            }
            None => {
                if required {
                    self.report(key, Kind::KeyMissing {});
                }
                None
            }
        }
    }

    /// `true` or `false`; false if it is not there.
    pub(super) fn flag(&mut self, key: &'static str) -> bool {
        self.known.push(key);
        match self.table.get(key) {
            Some(toml::Value::Boolean(flag)) => *flag,
            Some(_) => {
                self.wrong(key, "true or false");
                false
            }
            None => false,
        }
    }

    pub(super) fn column(&mut self, key: &'static str) -> ColumnName {
        match self.text(key, false) {
            Some(name) => ColumnName { name, named: true },
            None => ColumnName { name: key.to_owned(), named: false },
        }
    }

    pub(super) fn finish(self) {
        for key in self.table.keys().filter(|key| !self.known.contains(&key.as_str())) {
            let near = self.known.iter().min_by_key(|known| (distance(known, key), **known));
            let near = near.map_or_else(String::new, |known| format!("`{known}`"));
            self.report(key, Kind::KeyUnknown { near });
        }
    }
}

/// Edits that make one word of the other (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
