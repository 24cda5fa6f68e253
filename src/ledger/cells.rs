//! Cells of a row, each read as its column's role asks.

use super::finding::{Finding, Repair, Rule, excerpt};
use super::grid::{Form, Line, Raw};
use super::groups::Fill;
use super::header::Header;
use super::kind::Kind;
use super::value::{self, Read, Style, ValueError};
use super::words::Role;
use super::{Column, Options, Row, Value};

/// Reads rows one after another.
pub(super) struct Cells<'a> {
    header: &'a Header,
    style: Style,
    /// What blank cells of the next row are filled with, one a column.
    pub(super) filled: Vec<Option<Fill>>,
    /// By column: how many codes were numbers, and the first such row.
    numbers: Vec<(usize, u32)>,
    /// The columns with the longitude and the latitude.
    position: Option<(usize, usize)>,
    abroad: bool,
}

/// Where the lines about a row go.
struct Lines<'a> {
    row: u32,
    repairs: &'a mut Vec<Repair>,
    findings: &'a mut Vec<Finding>,
}

impl Lines<'_> {
    fn report(&mut self, column: &Column, kind: Kind) {
        self.findings.push(Finding::cell(self.row, &column.name, kind));
    }

    fn repair(&mut self, column: &Column, before: &str, after: &Value, rules: Vec<Rule>) {
        if rules.is_empty() {
            return;
        }
        self.repairs.push(Repair {
            sheet: None,
            row: self.row,
            column: column.name.clone(),
            before: before.to_owned(),
            after: after.text(),
            rules,
        });
    }
}

impl<'a> Cells<'a> {
    pub(super) fn new(header: &'a Header, options: &Options) -> Self {
        let of = |role: Role| header.columns.iter().position(|(_, column)| column.role == role);
        Self {
            header,
            style: options.style(),
            filled: Vec::new(),
            numbers: vec![(0, 0); header.columns.len()],
            position: of(Role::Longitude).zip(of(Role::Latitude)),
            abroad: options.abroad,
        }
    }

    /// Reads a line that is a row.
    pub(super) fn read(
        &mut self,
        line: &Line,
        key: Option<usize>,
        repairs: &mut Vec<Repair>,
        findings: &mut Vec<Finding>,
    ) -> Row {
        let mut lines = Lines { row: line.number, repairs, findings };
        let blank = Raw::default();
        let mut cells: Vec<Value> = Vec::with_capacity(self.header.columns.len());
        for (i, (at, column)) in self.header.columns.iter().enumerate() {
            let raw = line.cell(*at).unwrap_or(&blank);
            if column.role == Role::Code && raw.form == Form::Number {
                let (count, first) = &mut self.numbers[i];
                *count += 1;
                *first = if *count == 1 { line.number } else { *first };
            }
            let fill = self.filled.get(i).cloned().flatten();
            cells.push(cell(column, raw, fill, self.style, &mut lines));
        }
        if let Some((lon, lat)) = self.position {
            self.position(lon, lat, line, &mut cells, &mut lines);
        }
        if let Some(key) = key.filter(|key| cells[*key] == Value::Missing) {
            let name = self.header.columns.iter().zip(&cells).find_map(|((_, column), cell)| match cell {
                Value::Text(text) if column.role == Role::Name => Some(excerpt(text)),
                _ => None,
            });
            let kind = name.map_or(Kind::CodeMissing {}, |name| Kind::CodeMissingNamed { name });
            lines.report(&self.header.columns[key].1, kind);
        }
        Row { number: line.number, cells }
    }

    /// Findings about whole columns.
    pub(super) fn finish(&self, findings: &mut Vec<Finding>) {
        for ((_, column), (count, first)) in self.header.columns.iter().zip(&self.numbers) {
            if *count > 0 {
                findings.push(Finding::cell(*first, &column.name, Kind::CodeNumbers { count: *count }));
            }
        }
    }

    fn position(&self, lon: usize, lat: usize, line: &Line, cells: &mut [Value], lines: &mut Lines<'_>) {
        let columns = [lon, lat].map(|i| &self.header.columns[i]);
        let texts = columns.map(|(at, _)| line.text(*at));
        let unread = [lon, lat].iter().any(|i| matches!(cells[*i], Value::Unread(_)));
        if unread {
            return;
        }
        let put = |cells: &mut [Value], lines: &mut Lines<'_>, values: [Value; 2], rules: [Vec<Rule>; 2]| {
            for (k, (value, rules)) in values.into_iter().zip(rules).enumerate() {
                lines.repair(&columns[k].1, texts[k], &value, rules);
                cells[[lon, lat][k]] = value;
            }
        };
        match value::position(texts[0], texts[1], self.abroad) {
            Ok(Read::Known { value, .. }) => {
                let values = [Value::Number(value.lon), Value::Number(value.lat)];
                put(cells, lines, values, [value.lon_rules, value.lat_rules]);
            }
            Ok(Read::Missing(rules)) => {
                // One coordinate alone is no position; it stays as written, but cannot be used.
                let each = texts.map(|text| missing_rules(text, &rules));
                let value = |text: &str, rules: &Vec<Rule>| match rules.is_empty() && !text.is_empty() {
                    true => Value::Unread(text.to_owned()),
                    false => Value::Missing,
                };
                let values = [value(texts[0], &each[0]), value(texts[1], &each[1])];
                put(cells, lines, values, each);
                lines.report(&columns[0].1, Kind::PositionMissing {});
            }
            Err(error) => {
                let at_lat = value::degrees(texts[0]).is_ok() && value::degrees(texts[1]).is_err();
                let column = if at_lat { columns[1] } else { columns[0] };
                lines.report(&column.1, error.kind());
                let unread = texts.map(|text| Value::Unread(text.to_owned()));
                put(cells, lines, unread, [Vec::new(), Vec::new()]);
            }
        }
    }
}

/// Why a coordinate of a missing position is missing itself; empty if it is not.
fn missing_rules(text: &str, both: &[Rule]) -> Vec<Rule> {
    match value::degrees(text) {
        _ if !both.is_empty() => both.to_vec(),
        Ok(Read::Missing(rules)) => rules,
        _ => Vec::new(),
    }
}

fn cell(column: &Column, raw: &Raw, fill: Option<Fill>, style: Style, lines: &mut Lines<'_>) -> Value {
    let text = raw.text.as_str();
    let strict = !matches!(column.role, Role::Text | Role::Sequence);
    let fault = match raw.form {
        Form::Error => Some(Kind::CellError { value: excerpt(text) }),
        Form::Uncached => Some(Kind::FormulaUncached {}),
        Form::Date if strict => Some(Kind::DateInstead { value: excerpt(text) }),
        _ => None,
    };
    if let Some(kind) = fault.filter(|_| column.role != Role::Sequence) {
        lines.report(column, kind);
        return Value::Unread(text.to_owned());
    }
    let read = match fill {
        Some(Fill::With(text, rule)) => Ok(Read::Known { value: Value::Text(text), rules: vec![rule] }),
        Some(Fill::MergedFrom(from)) => {
            lines.report(column, Kind::MergedCount { from });
            return Value::Unread(text.to_owned());
        }
        _ => by_role(column.role, text, style),
    };
    match read {
        Ok(Read::Known { value, rules }) => {
            flag(column, text, &value, &rules, lines);
            lines.repair(column, text, &value, rules);
            value
        }
        Ok(Read::Missing(rules)) => {
            let kind = match column.role {
                Role::Count => Some(Kind::ValueMissing {}),
                Role::Group => Some(Kind::GroupUnclear {}),
                _ => None,
            };
            kind.into_iter().for_each(|kind| lines.report(column, kind));
            lines.repair(column, text, &Value::Missing, rules);
            Value::Missing
        }
        Err(error) => {
            lines.report(column, error.kind());
            Value::Unread(text.to_owned())
        }
    }
}

fn by_role(role: Role, text: &str, style: Style) -> Result<Read<Value>, ValueError> {
    Ok(match role {
        Role::Count => map(value::count(text, style)?, Value::Count),
        Role::Number => map(value::number(text, style)?, Value::Number),
        Role::Code => map(value::code(text)?, Value::Text),
        Role::Name | Role::Group => map(value::name(text), Value::Text),
        // Read with the other coordinate.
        Role::Longitude | Role::Latitude if text.is_empty() => Read::Missing(Vec::new()),
        Role::Longitude | Role::Latitude => {
            Read::Known { value: Value::Text(text.to_owned()), rules: Vec::new() }
        }
        Role::Text | Role::Sequence => {
            let trimmed = text.trim();
            let rules = if trimmed == text { Vec::new() } else { vec![Rule::Spaces] };
            if trimmed.is_empty() {
                Read::Missing(rules)
            } else {
                Read::Known { value: Value::Text(trimmed.to_owned()), rules }
            }
        }
    })
}

fn map<T>(read: Read<T>, with: impl FnOnce(T) -> Value) -> Read<Value> {
    match read {
        Read::Known { value, rules } => Read::Known { value: with(value), rules },
        Read::Missing(rules) => Read::Missing(rules),
    }
}

/// What is doubtful about a cell that could be read.
fn flag(column: &Column, text: &str, value: &Value, rules: &[Rule], lines: &mut Lines<'_>) {
    if rules.contains(&Rule::Approximate) {
        let kind = Kind::ApproximateTaken { value: excerpt(text), taken: value.text() };
        lines.report(column, kind);
    }
    if matches!(column.role, Role::Name | Role::Group | Role::Text) {
        if value::private_use(text) {
            lines.report(column, Kind::PrivateUse { value: excerpt(text) });
        }
        if value::is_spoilt(text) {
            lines.report(column, Kind::SpoiltText { value: excerpt(text) });
        }
    }
}
