//! From lines to rows: which lines are rows, and what the others are.

use super::cells::Cells;
use super::finding::{Finding, Repair, excerpt};
use super::grid::{Form, Grid, Line};
use super::groups::Groups;
use super::header::{Header, changes_scale};
use super::kind::Kind;
use super::totals::{Sums, TotalLine};
use super::value::{self, plain};
use super::words::{Role, Total, heading_key, is_note, is_total, is_unit_line};
use super::{Options, Row, checks};

/// A line that is no row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// As a spreadsheet counts, from 1.
    pub row: u32,
    /// What it is.
    pub kind: AsideKind,
    /// Its first cell, shortened.
    pub text: String,
}

/// What a line is that is no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsideKind {
    /// Nothing in it.
    Blank,
    /// A title.
    Title,
    /// Who reports, when, in which units.
    Unit,
    /// The header once more, as on printed pages.
    HeaderAgain,
    /// Numbers of the columns.
    Numbering,
    /// A sum.
    Total,
    /// A remark or a signature.
    Note,
    /// None of these; a finding names it.
    Other,
}

/// Everything below and above the header.
#[derive(Default)]
pub(super) struct Body {
    pub(super) rows: Vec<Row>,
    pub(super) aside: Vec<Aside>,
    pub(super) repairs: Vec<Repair>,
}

/// Reads all lines of a grid; errors only if a limit is passed.
pub(super) fn body(
    grid: &Grid,
    header: &Header,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Body, Kind> {
    let mut body = Body::default();
    above(&grid.lines[..header.line], &mut body, findings);
    let mut groups = Groups::new(grid, header)?;
    let mut cells = Cells::new(header, options);
    let mut sums = Sums::new(header);
    let head = &grid.lines[header.line];
    let key = checks::key_column(header, options, findings);
    let below = &grid.lines[header.line + header.lines..];
    let mut last = grid.lines[header.line + header.lines - 1].number;
    for (i, line) in below.iter().enumerate() {
        let mut aside = |kind: AsideKind| body.aside.push(self::aside(line, kind));
        let follows = line.number == last + 1;
        last = line.number;
        if line.filled().next().is_none() {
            aside(AsideKind::Blank);
        } else if same_texts(line, head) {
            aside(AsideKind::HeaderAgain);
        } else if i == 0 && follows && is_numbering(line) {
            aside(AsideKind::Numbering);
        } else if let Some(total) = total_of(line, header, key) {
            aside(AsideKind::Total);
            groups.interrupt();
            sums.total(TotalLine::read(line, header, total), body.rows.len());
        } else if is_remark(line, header) {
            aside(AsideKind::Note);
        } else if is_lost(line, header, key) {
            aside(AsideKind::Other);
            let text =
                excerpt(&line.filled().map(|(_, cell)| cell.text.as_str()).collect::<Vec<_>>().join(" "));
            findings.push(Finding::row(line.number, Kind::LineAside { text }));
        } else if is_whole(line, header, findings) {
            groups.fill(line, header, &mut cells.filled);
            let row = cells.read(line, key, &mut body.repairs, findings);
            body.rows.push(row);
        } else {
            groups.interrupt();
            sums.torn();
        }
    }
    cells.finish(findings);
    checks::lengths(&mut body.rows, header, findings);
    let kept = checks::repeats(&mut body.rows, header, key, options, findings);
    checks::odd(&body.rows, header, findings);
    sums.check(&body.rows, &kept, header, findings);
    Ok(body)
}

fn aside(line: &Line, kind: AsideKind) -> Aside {
    let text = line.filled().next().map_or(String::new(), |(_, cell)| excerpt(&cell.text));
    Aside { row: line.number, kind, text }
}

/// Names the lines above the header.
fn above(lines: &[Line], body: &mut Body, findings: &mut Vec<Finding>) {
    for line in lines {
        let texts: Vec<&str> = line.filled().map(|(_, cell)| cell.text.as_str()).collect();
        let unit = texts.iter().find(|text| is_unit_line(text));
        let scale = texts.iter().map(|text| heading_key(text)).find(|key| {
            key.contains("单位:") && changes_scale(key.rsplit("单位:").next().unwrap_or(""), Role::Number)
        });
        if let Some(unit) = scale {
            findings.push(Finding::row(line.number, Kind::ColumnUnit { unit: excerpt(&unit) }));
        }
        let kind = match texts.len() {
            0 => AsideKind::Blank,
            _ if unit.is_some() => AsideKind::Unit,
            1 => AsideKind::Title,
            _ => AsideKind::Other,
        };
        if kind == AsideKind::Other {
            let text = excerpt(&texts.join(" "));
            findings.push(Finding::row(line.number, Kind::LineAside { text }));
        }
        body.aside.push(aside(line, kind));
    }
}

fn same_texts(line: &Line, other: &Line) -> bool {
    let (mut texts, mut others) = (line.filled(), other.filled());
    loop {
        match (texts.next(), others.next()) {
            (None, None) => return true,
            (Some((at, cell)), Some((there, name))) if at == there => {
                let same = cell.text == name.text || heading_key(&cell.text) == heading_key(&name.text);
                if !same {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

/// 甲, 乙, 1, 2, 3 under the header, as statistical forms have it.
fn is_numbering(line: &Line) -> bool {
    let mut next = 1;
    let (mut numbers, mut letters) = (0, 0);
    for (_, cell) in line.filled() {
        let text = plain(&cell.text);
        let bare = text.trim_matches(['(', ')']);
        if bare.parse() == Ok(next) {
            next += 1;
            numbers += 1;
        } else if matches!(
            text.as_str(),
            "甲" | "乙" | "丙" | "丁" | "戊" | "栏次" | "列次" | "A" | "B" | "C"
        ) {
            letters += 1;
        } else {
            return false;
        }
    }
    numbers >= 2 && letters >= 1
}

fn is_figure(role: Role) -> bool {
    matches!(role, Role::Count | Role::Number | Role::Longitude | Role::Latitude)
}

/// A line that a word before its numbers calls a sum, and that has no code.
fn total_of(line: &Line, header: &Header, key: Option<usize>) -> Option<(Total, String)> {
    let label =
        header.columns.iter().filter(|(_, column)| !is_figure(column.role)).find_map(|(at, column)| {
            let text = line.text(*at);
            // A remark may end in any word.
            let total = is_total(text).filter(|_| column.role != Role::Text)?;
            Some((*at, total, text))
        });
    let (at, total, text) = label?;
    let code = key.map_or("", |key| line.text(header.columns[key].0));
    let own = key.is_some_and(|key| header.columns[key].0 == at);
    (own || plain(code).is_empty() || value::is_missing_mark(&plain(code)))
        .then(|| (total, excerpt(&plain(text))))
}

/// A remark or signature: begins with such a word and gives no number in a column of numbers.
fn is_remark(line: &Line, header: &Header) -> bool {
    let Some((first, cell)) = line.filled().next() else { return false };
    let mut figures = header.columns.iter().filter(|(at, column)| is_figure(column.role) && *at != first);
    is_note(&cell.text) && figures.all(|(at, _)| plain(line.text(*at)).parse::<f64>().is_err())
}

/// A lone cell that cannot be a row: neither code nor name, or under a code's column but no code.
fn is_lost(line: &Line, header: &Header, key: Option<usize>) -> bool {
    let mut filled = line.filled();
    let (Some((at, cell)), None) = (filled.next(), filled.next()) else { return false };
    if header.columns.len() < 2 || cell.form == Form::Uncached {
        return header.columns.len() > 1;
    }
    let role = header.columns.iter().find(|(column, _)| *column == at).map(|(_, column)| column.role);
    match role {
        Some(Role::Code) => !cell.text.chars().any(|c| c.is_ascii_alphanumeric() || matches!(c, '０'..='９')),
        Some(Role::Name) => key.is_some(),
        _ => true,
    }
}

/// True if a line has the header's fields; reports it otherwise.
fn is_whole(line: &Line, header: &Header, findings: &mut Vec<Finding>) -> bool {
    let end = header.columns.iter().map(|(at, _)| at + 1).max().unwrap_or(0);
    if let Some(fields) = line.fields {
        let beyond = line.filled().any(|(at, _)| at >= end);
        let expected = end as usize;
        if beyond || fields < expected {
            findings.push(Finding::row(line.number, Kind::RowRagged { fields, expected }));
            return false;
        }
    }
    for (at, cell) in
        line.filled().filter(|(at, _)| header.columns.binary_search_by_key(at, |(c, _)| *c).is_err())
    {
        let kind = if at >= end {
            Kind::CellOutside { value: excerpt(&cell.text) }
        } else {
            Kind::ColumnUnnamed { column: at as usize + 1 }
        };
        findings.push(Finding::row(line.number, kind));
    }
    true
}
