//! Text with separators, as RFC 4180 and spreadsheets have it.
//!
//! Blank lines are kept, so that a row has the number a spreadsheet shows; the usual readers drop
//! them.

use super::finding::Finding;
use super::grid::{Grid, Line, Raw};
use super::kind::Kind;
use super::limits::{CELL_BYTES_MAX, CELLS_MAX, COLUMNS_MAX};

/// Which separators are tried, the likelier first.
const SEPARATORS: [char; 3] = [',', '\t', ';'];

/// How many records the separator is judged by.
const SAMPLE: usize = 200;

/// Splits text; the separator is found if it is not given. Faults name their rows.
pub(super) fn parse(
    text: &str,
    separator: Option<char>,
    findings: &mut Vec<Finding>,
) -> Result<(Grid, char), Box<Finding>> {
    let separator = separator.unwrap_or_else(|| likely(text));
    let mut grid = Grid::default();
    let mut cells = 0;
    for (number, record) in (1u32..).zip(Records { rest: text, separator }) {
        cells += record.fields.len();
        if record.open {
            findings.push(Finding::row(number, Kind::QuoteOpen {}));
        }
        if record.stray {
            findings.push(Finding::row(number, Kind::QuoteStray {}));
        }
        let longest = record.fields.iter().map(String::len).max().unwrap_or(0);
        let limits = [
            ("cells", cells, CELLS_MAX),
            ("columns", record.fields.len(), COLUMNS_MAX as usize),
            ("bytes in a cell", longest, CELL_BYTES_MAX),
        ];
        if let Some((what, found, limit)) = limits.into_iter().find(|(_, found, limit)| found > limit) {
            let kind = Kind::TooLarge { what, found: found as u64, limit: limit as u64 };
            return Err(Box::new(Finding::row(number, kind)));
        }
        let mut line = Line::new(number, Some(record.fields.len()));
        for (column, text) in (0u32..).zip(record.fields) {
            line.push(column, Raw { text, ..Raw::default() });
        }
        grid.lines.push(line);
    }
    Ok((grid, separator))
}

/// The separator that gives most records the same number of fields, and most fields.
fn likely(text: &str) -> char {
    let mut best = (0, 0, SEPARATORS[0]);
    for separator in SEPARATORS {
        let sizes: Vec<usize> = Records { rest: text, separator }
            .take(SAMPLE)
            .map(|r| r.fields.len())
            .filter(|n| *n > 1)
            .collect();
        for size in &sizes {
            let agreeing = sizes.iter().filter(|n| *n == size).count();
            if (agreeing, *size) > (best.0, best.1) {
                best = (agreeing, *size, separator);
            }
        }
    }
    best.2
}

struct Record {
    fields: Vec<String>,
    /// The text ended inside a quotation.
    open: bool,
    /// Something followed a closing quotation mark.
    stray: bool,
}

struct Records<'a> {
    rest: &'a str,
    separator: char,
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        if self.rest.is_empty() {
            return None;
        }
        let mut record = Record { fields: Vec::new(), open: false, stray: false };
        loop {
            let ended = self.field(&mut record);
            if ended {
                return Some(record);
            }
        }
    }
}

impl Records<'_> {
    /// Takes one field; true if the record ends with it.
    fn field(&mut self, record: &mut Record) -> bool {
        let mut field = String::new();
        let mut quoted = false;
        if let Some(inner) = self.rest.strip_prefix('"') {
            quoted = true;
            self.rest = inner;
            loop {
                let Some(at) = self.rest.find('"') else {
                    field.push_str(self.rest);
                    self.rest = "";
                    record.open = true;
                    break;
                };
                field.push_str(&self.rest[..at]);
                self.rest = &self.rest[at + 1..];
                match self.rest.strip_prefix('"') {
                    Some(rest) => {
                        field.push('"');
                        self.rest = rest;
                    }
                    None => break,
                }
            }
        }
        let end = self.rest.find([self.separator, '\n', '\r']).unwrap_or(self.rest.len());
        let plain = &self.rest[..end];
        record.stray |= quoted && !plain.trim().is_empty();
        if !quoted || !plain.trim().is_empty() {
            field.push_str(plain);
        }
        record.fields.push(field);
        self.rest = &self.rest[end..];
        if let Some(rest) = self.rest.strip_prefix(self.separator) {
            self.rest = rest;
            // A separator at the very end is followed by one more, empty field.
            if rest.is_empty() {
                record.fields.push(String::new());
                return true;
            }
            return false;
        }
        self.rest = self.rest.strip_prefix("\r\n").or(self.rest.get(1..)).unwrap_or("");
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> (Vec<Vec<String>>, char, Vec<&'static str>) {
        let mut findings = Vec::new();
        let (grid, separator) = parse(text, None, &mut findings).expect("small");
        let fields = |line: &Line| {
            (0..line.fields.unwrap_or(0) as u32).map(|c| line.text(c).to_owned()).collect::<Vec<_>>()
        };
        (grid.lines.iter().map(fields).collect(), separator, findings.iter().map(|f| f.kind.id()).collect())
    }

    #[test]
    fn records_end_as_the_three_systems_end_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "1,\"x\"\"y\"", "2,"].join(end);
            let (rows, separator, findings) = rows(&text);
            assert_eq!(rows, [vec!["a", "b"], vec![""], vec!["1", "x\"y"], vec!["2", ""]]);
            assert_eq!((separator, findings.len()), (',', 0));
        }
    }

    #[test]
    fn separators_are_found_beside_commas_in_numbers() {
        assert_eq!(rows("a\tb\n1\t5,154\n2\t1,200\n").1, '\t');
        assert_eq!(rows("一览表\na;b;c\n1,2;2;3\n").1, ';');
    }

    #[test]
    fn faults_of_quotation_are_named() {
        assert_eq!(rows("a,b\n1,\"x\n2,y\n").2, ["QuoteOpen"]);
        assert_eq!(rows("a,b\n1,\"x\"y\n").2, ["QuoteStray"]);
        assert_eq!(rows("a,b\n1,\"\"y\n").2, ["QuoteStray"]);
        assert_eq!(rows("a,b\n1,5\" pipe\n").2, Vec::<&str>::new());
    }
}
