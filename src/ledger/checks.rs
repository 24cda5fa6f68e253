//! Checks across rows: repeated codes, digits lost from codes, unlikely counts.

use std::collections::BTreeMap;

use super::finding::{Finding, excerpt};
use super::header::Header;
use super::kind::Kind;
use super::words::Role;
use super::{Column, Options, Row, Value};

/// Codes of fewer digits are numbers of a list, whose lengths differ.
const DIGITS_MIN: usize = 6;

/// Digits of a community's code: county, town and community.
const DIGITS_NATIONAL: usize = 12;

/// The column whose code identifies a row.
pub(super) fn key_column(header: &Header, options: &Options, findings: &mut Vec<Finding>) -> Option<usize> {
    let codes: Vec<usize> =
        (0..header.columns.len()).filter(|i| header.columns[*i].1.role == Role::Code).collect();
    let named = |i: &&usize| {
        let column = &header.columns[**i].1;
        options.columns.iter().any(|(field, name)| {
            field == "code" && super::words::heading_key(name) == super::words::heading_key(&column.name)
        })
    };
    let exact = |i: &&usize| matches!(header.columns[**i].1.name.as_str(), "code" | "编码" | "代码");
    match codes.as_slice() {
        [] => None,
        [only] => Some(*only),
        several => several.iter().find(named).or_else(|| several.iter().find(exact)).copied().or_else(|| {
            let columns = several.iter().map(|i| header.columns[*i].1.name.as_str()).collect::<Vec<_>>();
            findings.push(Finding::whole(Kind::KeyUnclear { columns: columns.join(", ") }));
            None
        }),
    }
}

fn digits(value: &Value) -> Option<&str> {
    match value {
        Value::Text(text) if text.bytes().all(|b| b.is_ascii_digit()) => Some(text),
        _ => None,
    }
}

/// Codes with one digit fewer than most have lost it; other lengths are worth a look.
pub(super) fn lengths(rows: &mut [Row], header: &Header, findings: &mut Vec<Finding>) {
    for (i, (_, column)) in header.columns.iter().enumerate().filter(|(_, (_, c))| c.role == Role::Code) {
        let mut tally: BTreeMap<usize, usize> = BTreeMap::new();
        for code in rows.iter().filter_map(|row| digits(&row.cells[i])) {
            *tally.entry(code.len()).or_default() += 1;
        }
        let all: usize = tally.values().sum();
        let Some((&common, &most)) = tally.iter().max_by_key(|(length, count)| (**count, **length)) else {
            continue;
        };
        let clear = all >= 3 && most * 10 >= all * 6;
        // Without a clear majority the national length decides, if there is any such code.
        let usual = if clear || !tally.contains_key(&DIGITS_NATIONAL) { common } else { DIGITS_NATIONAL };
        if usual < DIGITS_MIN || !(clear || usual == DIGITS_NATIONAL) {
            continue;
        }
        for row in rows.iter_mut() {
            let Some(code) = digits(&row.cells[i]).filter(|code| code.len() != usual) else { continue };
            let (value, digits) = (excerpt(code), code.len());
            let lost = (digits + 1 == usual).then(|| Value::Unread(code.to_owned()));
            let kind = match lost {
                Some(_) => Kind::CodeShort { value, digits, usual },
                None => Kind::CodeLength { value, digits, usual },
            };
            findings.push(Finding::cell(row.number, &column.name, kind));
            row.cells[i] = lost.unwrap_or_else(|| row.cells[i].clone());
        }
    }
}

/// Leaves out rows that repeat another; returns the place each kept row had before.
pub(super) fn repeats(
    rows: &mut Vec<Row>,
    header: &Header,
    key: Option<usize>,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Vec<usize> {
    let all = |rows: &[Row]| (0..rows.len()).collect::<Vec<_>>();
    let column = |i: usize| &header.columns[i].1;
    let meant = |i: &usize| column(*i).role != Role::Sequence;
    let same = |a: &Row, b: &Row| (0..header.columns.len()).filter(meant).all(|i| a.cells[i] == b.cells[i]);
    let Some(key) = key.filter(|_| !options.repeated_codes) else {
        alike(rows, header, findings);
        return all(rows);
    };
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    let mut dropped = vec![false; rows.len()];
    for (i, row) in rows.iter().enumerate() {
        let Value::Text(code) = &row.cells[key] else { continue };
        let Some(&before) = first.get(code.as_str()) else {
            first.insert(code, i);
            continue;
        };
        let (code, first) = (excerpt(code), rows[before].number);
        dropped[i] = same(row, &rows[before]);
        let kind =
            if dropped[i] { Kind::RowRepeated { code, first } } else { Kind::CodeRepeated { code, first } };
        findings.push(Finding::cell(row.number, &column(key).name, kind));
    }
    let kept: Vec<usize> = all(rows).into_iter().filter(|i| !dropped[*i]).collect();
    let mut i = 0;
    rows.retain(|_| {
        i += 1;
        !dropped[i - 1]
    });
    kept
}

/// Without a code to go by, equal rows are named and kept.
fn alike(rows: &[Row], header: &Header, findings: &mut Vec<Finding>) {
    let meant: Vec<usize> =
        (0..header.columns.len()).filter(|i| header.columns[*i].1.role != Role::Sequence).collect();
    let mut first: BTreeMap<Vec<String>, u32> = BTreeMap::new();
    for row in rows {
        let cells: Vec<String> = meant.iter().map(|i| row.cells[*i].text()).collect();
        match first.get(&cells) {
            Some(first) => findings.push(Finding::row(row.number, Kind::RowAlike { first: *first })),
            None => {
                first.insert(cells, row.number);
            }
        }
    }
}

/// People in a household over 10 or under 0.5 are worth a look.
pub(super) fn odd(rows: &[Row], header: &Header, findings: &mut Vec<Finding>) {
    let of = |field: &str| {
        let is = |column: &Column| column.field.as_deref() == Some(field) && column.role == Role::Count;
        header.columns.iter().position(|(_, column)| is(column))
    };
    let Some((h, p)) = of("households").zip(of("population")) else { return };
    for row in rows {
        if let (Value::Count(households), Value::Count(population)) = (&row.cells[h], &row.cells[p]) {
            let (households, population) = (*households, *population);
            if population > 10 * households || 2 * population < households {
                let kind = Kind::CountsOdd { households, population };
                findings.push(Finding::cell(row.number, &header.columns[p].1.name, kind));
            }
        }
    }
}
