//! Tables as columns of text: the office's own, and CSV that this program wrote.

use std::collections::BTreeSet;
use std::io::Cursor;

use polars::prelude::*;

use super::Problems;
use super::causes;
use crate::ledger::{Ledger, Value};
use crate::model::problem::{At, Kind};

/// A table as found: every cell text or empty, trimmed.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The file, as the place file names it.
    pub file: String,
    headers: Vec<String>,
    /// The key of the place file that each header stands for, where the reader knows it.
    fields: Vec<Option<String>>,
    columns: Vec<Vec<Option<String>>>,
    /// Cells that could not be read; their reasons have been reported.
    unread: BTreeSet<(usize, usize)>,
    at: Vec<At>,
}

impl Table {
    /// A table of the properties of a layer: one row a feature.
    pub(super) fn of_features(
        file: &str,
        headers: Vec<String>,
        rows: Vec<(At, Vec<Option<String>>)>,
    ) -> Self {
        let mut columns = vec![Vec::with_capacity(rows.len()); headers.len()];
        let mut at = Vec::with_capacity(rows.len());
        for (place, cells) in rows {
            at.push(place);
            for (column, cell) in columns.iter_mut().zip(cells) {
                column.push(cell.map(|text| clean(&text)).filter(|text| !text.is_empty()));
            }
        }
        let fields = vec![None; headers.len()];
        Self { file: file.to_owned(), headers, fields, columns, unread: BTreeSet::new(), at }
    }

    /// A table as the reader of ledgers found it.
    pub(super) fn of_ledger(file: String, ledger: &Ledger) -> Self {
        let mut columns = vec![Vec::with_capacity(ledger.rows.len()); ledger.columns.len()];
        let mut unread = BTreeSet::new();
        for (r, row) in ledger.rows.iter().enumerate() {
            for (c, value) in row.cells.iter().enumerate().take(columns.len()) {
                if matches!(value, Value::Unread(_)) {
                    unread.insert((r, c));
                }
                columns[c].push(Some(value.text()).filter(|text| !text.is_empty()));
            }
        }
        Self {
            file,
            headers: ledger.columns.iter().map(|column| column.name.clone()).collect(),
            fields: ledger.columns.iter().map(|column| column.field.clone()).collect(),
            columns,
            unread,
            at: ledger.rows.iter().map(|row| At::Row(u64::from(row.number))).collect(),
        }
    }

    /// Reads CSV as this program writes it.
    pub fn parse(file: &str, text: &str, problems: &mut Problems) -> Option<Self> {
        let header = text.lines().next().unwrap_or_default();
        if header.trim().is_empty() {
            problems.add(file, At::Whole, None, Kind::TableEmpty {});
            return None;
        }
        let separator = *[b',', b'\t', b';']
            .iter()
            .max_by_key(|s| (header.bytes().filter(|b| b == *s).count(), std::cmp::Reverse(**s)))
            .expect("three separators");
        let ragged = report_ragged(file, text, separator as char, problems);
        let options = CsvReadOptions::default()
            .with_infer_schema_length(Some(0))
            .with_has_header(true)
            .map_parse_options(|parse| parse.with_separator(separator).with_missing_is_null(true));
        let frame = options.into_reader_with_file_handle(Cursor::new(text.as_bytes())).finish();
        let frame = match frame {
            _ if ragged => return None,
            Ok(frame) => frame,
            Err(error) => {
                let reason = error.to_string().lines().next().unwrap_or_default().to_owned();
                problems.add(file, At::Whole, None, Kind::Syntax { reason });
                return None;
            }
        };
        let columns: Vec<_> = frame.columns().iter().map(text_column).collect();
        let headers: Vec<String> = frame.get_column_names().iter().map(|name| clean(name)).collect();
        let at = (2..frame.height() as u64 + 2).map(At::Row).collect();
        let fields = vec![None; columns.len()];
        Some(Self { file: file.to_owned(), headers, fields, columns, unread: BTreeSet::new(), at })
    }

    /// How many rows there are below the header.
    pub fn rows(&self) -> usize {
        self.at.len()
    }

    /// True if there is a column of this name.
    pub fn has(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// The column of this name, or else the one that is known to hold what the name is a key for.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        let by_name = self.headers.iter().position(|header| header == name);
        let tight = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let nearly = || self.headers.iter().position(|header| tight(header) == tight(name));
        by_name.or_else(nearly).or_else(|| self.by_lower_line(name)).or_else(|| self.by_field(name))
    }

    /// The one column of a header of two lines whose lower name this is.
    fn by_lower_line(&self, name: &str) -> Option<usize> {
        let mut found = (0..self.headers.len())
            .filter(|&i| self.headers[i].split_once('/').is_some_and(|(_, sub)| sub.trim() == name.trim()));
        found.next().filter(|_| found.next().is_none())
    }

    /// The column that is taken for a name that no header has.
    pub(super) fn stand_in(&self, name: &str) -> Option<String> {
        let tight = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        let there = self.headers.iter().any(|header| tight(header) == tight(name));
        let column = if there || self.by_lower_line(name).is_some() { None } else { self.by_field(name) };
        column.map(|column| self.headers[column].clone())
    }

    fn by_field(&self, key: &str) -> Option<usize> {
        let of = |key: &str| self.fields.iter().position(|field| field.as_deref() == Some(key));
        let also: &[&str] = match key {
            // Resident, registered and floating people are never added up, nor is one guessed for another.
            "population" => &["population_resident", "population_registered"],
            "age_65_plus" => &["age_60_plus"],
            "name" => &["community"],
            _ => &[],
        };
        let others: Vec<usize> = also.iter().filter_map(|key| of(key)).collect();
        of(key).or_else(|| others.first().copied().filter(|_| others.len() == 1))
    }

    /// True if the cell could not be read, which has been reported.
    pub(super) fn is_unread(&self, row: usize, name: &str) -> bool {
        self.column(name).is_some_and(|column| self.unread.contains(&(row, column)))
    }

    /// A cell; `None` if it is empty or there is no such column.
    pub fn cell(&self, row: usize, name: &str) -> Option<&str> {
        let column = self.column(name)?;
        self.columns[column][row].as_deref()
    }

    /// True if every cell of the row is empty.
    pub fn is_blank(&self, row: usize) -> bool {
        self.columns.iter().all(|column| column[row].is_none())
    }

    /// True if two rows hold the same.
    pub fn same(&self, row: usize, other: usize) -> bool {
        self.columns.iter().all(|column| column[row] == column[other])
    }

    /// The names of all columns, for a message.
    pub fn names(&self) -> String {
        self.headers.join(", ")
    }

    /// The columns in which every row has a value of its own.
    pub(super) fn columns_of_codes(&self) -> Vec<String> {
        let own = |column: &[Option<String>]| causes::all_differ(column.iter().map(Option::as_ref));
        let names = self.headers.iter().zip(&self.columns);
        names.filter(|(_, column)| own(column)).map(|(name, _)| name.clone()).collect()
    }

    /// The number of a row as a spreadsheet counts, for a message.
    pub(super) fn row_number(&self, row: usize) -> u64 {
        match self.at[row] {
            At::Row(n) | At::Feature(n) => n,
            _ => 0,
        }
    }

    /// Where a row stands in its file.
    pub fn at(&self, row: usize) -> At {
        self.at[row]
    }
}

fn text_column(column: &Column) -> Vec<Option<String>> {
    let Ok(cells) = column.str() else { return vec![None; column.len()] };
    cells.iter().map(|cell| cell.map(clean).filter(|text| !text.is_empty())).collect()
}

/// Without spaces around it, the wide and unbreakable ones included.
fn clean(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

/// Reports rows whose number of fields differs from the header's, and repeated names.
fn report_ragged(file: &str, text: &str, separator: char, problems: &mut Problems) -> bool {
    let mut expected = 0;
    let mut any = false;
    for (row, fields) in (1u64..).zip(Records { chars: text.chars().peekable(), separator }) {
        if row == 1 {
            expected = fields.len();
            for (i, name) in fields.list.iter().enumerate() {
                if fields.list[..i].contains(name) {
                    any = true;
                    problems.add(file, At::Row(1), Some(name), Kind::ColumnRepeated {});
                }
            }
        }
        if fields.open {
            any = true;
            problems.add(file, At::Row(row), None, Kind::QuoteOpen {});
        } else if row > 1
            && fields.len() != expected
            && !(fields.len() == 1 && fields.list[0].trim().is_empty())
        {
            any = true;
            let kind = Kind::RowRagged { fields: fields.len(), expected };
            problems.add(file, At::Row(row), None, kind);
        }
    }
    any
}

/// The fields of one record, and whether the text ended inside a quotation.
struct Record {
    list: Vec<String>,
    open: bool,
}

impl Record {
    fn len(&self) -> usize {
        self.list.len()
    }
}

/// Splits text into records as RFC 4180 does; only to name the row of a fault.
struct Records<'a> {
    chars: std::iter::Peekable<std::str::Chars<'a>>,
    separator: char,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        self.chars.peek()?;
        let mut fields = vec![String::new()];
        let mut quoted = false;
        while let Some(c) = self.chars.next() {
            let field = fields.last_mut().expect("a record has a field");
            match c {
                '"' if quoted && self.chars.peek() == Some(&'"') => {
                    self.chars.next();
                    field.push('"');
                }
                '"' if quoted || field.is_empty() => quoted = !quoted,
                '\n' if !quoted => break,
                '\r' if !quoted => {}
                c if c == self.separator && !quoted => fields.push(String::new()),
                c => field.push(c),
            }
        }
        Some(Record { list: fields, open: quoted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Option<Table>, Vec<String>) {
        let mut problems = Problems::default();
        let table = Table::parse("t.csv", text, &mut problems);
        let lines = problems.sorted();
        (table, lines.iter().map(|p| p.line(crate::model::lang::Lang::En)).collect())
    }

    #[test]
    fn cells_are_text_and_codes_keep_their_zeros() {
        let (table, problems) = parse("code;name;households\n007; \u{3000}河湾 ;12\n8;\"a;b\";\n");
        let table = table.expect("a table");
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(table.cell(0, "code"), Some("007"));
        assert_eq!(table.cell(0, "name"), Some("河湾"));
        assert_eq!(table.cell(1, "name"), Some("a;b"));
        assert_eq!(table.cell(1, "households"), None);
        assert_eq!(table.cell(1, "no such"), None);
    }

    #[test]
    fn ragged_rows_are_named() {
        let (_, problems) = parse("a,b,a\n1,2,3\n1,2\n\"x\ny\",2,3,4\n");
        assert_eq!(
            problems,
            [
                "t.csv, row 1, `a`: two columns have this name",
                "t.csv, row 3: has 2 fields, but the header has 3",
                "t.csv, row 4: has 4 fields, but the header has 3"
            ]
        );
    }
}
