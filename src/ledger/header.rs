//! Where the names of the columns stand, and how each column is read.

use super::finding::{Finding, excerpt};
use super::grid::{Form, Grid, Line};
use super::kind::Kind;
use super::value::plain;
use super::words::{Role, field_of, heading_key, is_belonging, role_of, split_unit};
use super::{Column, Options};

/// How many lines may stand above the header.
const LINES_ABOVE_MAX: usize = 40;

/// The header of a table.
pub(super) struct Header {
    /// Its first line, as an index of the grid's lines.
    pub(super) line: usize,
    /// How many lines it takes.
    pub(super) lines: usize,
    /// The columns with a name, and where each stands in the grid.
    pub(super) columns: Vec<(u32, Column)>,
}

/// Finds the header; findings tell what was assumed. `None` if there is none.
pub(super) fn find(grid: &Grid, options: &Options, findings: &mut Vec<Finding>) -> Option<Header> {
    let filled = |line: &Line| line.filled().count();
    let lines = || grid.lines.iter().enumerate().filter(|(_, line)| filled(line) > 0).take(LINES_ABOVE_MAX);
    let named = |line: &Line| {
        let keys = line.filled().map(|(_, cell)| heading_key(&cell.text)).collect::<Vec<_>>();
        options.columns.iter().filter(|(_, name)| keys.contains(&heading_key(name))).count()
    };
    let most = lines().map(|(_, line)| named(line)).max().unwrap_or(0);
    let known = |line: &Line| {
        let known = line.filled().filter(|(_, cell)| field_of(&cell.text).is_some()).count();
        known >= 2 && 2 * known >= filled(line)
    };
    let found = lines()
        .find(|(_, line)| most > 0 && named(line) == most)
        .or_else(|| lines().find(|(_, line)| known(line)))
        .map(|(at, _)| at);
    let at = match found {
        Some(at) => at,
        None => {
            let (at, line) = lines().next()?;
            if !is_plausible(line, grid) {
                return None;
            }
            let row = grid.lines[at].number;
            findings.push(Finding::row(row, Kind::HeaderAssumed {}));
            at
        }
    };
    // The place file may name columns of the lower line alone.
    let at = if at > 0 && joined(grid, at - 1).is_some() { at - 1 } else { at };
    let two = joined(grid, at);
    let lines = if two.is_some() { 2 } else { 1 };
    let single = || grid.lines[at].filled().map(|(column, cell)| (column, shown(&cell.text))).collect();
    let names: Vec<(u32, String)> = two.unwrap_or_else(single);
    let number = grid.lines[at].number;
    if lines > 1 {
        findings.push(Finding::row(number, Kind::HeaderJoined { lines }));
    }
    Some(Header { line: at, lines, columns: columns(names, options, number, findings) })
}

/// True if a first line can be names: all different, none a number, as many as the rows have cells.
fn is_plausible(line: &Line, grid: &Grid) -> bool {
    let texts: Vec<String> = line.filled().map(|(_, cell)| plain(&cell.text)).collect();
    let is_number = |text: &String| text.trim_end_matches('%').replace(',', "").parse::<f64>().is_ok();
    let different = texts.iter().enumerate().all(|(i, text)| !texts[..i].contains(text));
    let widest = grid.lines.iter().take(200).map(|line| line.filled().count()).max().unwrap_or(0);
    different
        && texts.len() >= widest
        && !texts.iter().any(is_number)
        && line.filled().all(|(_, cell)| cell.form == Form::Text)
}

/// A name as it is shown: without line breaks and spaces around it.
fn shown(text: &str) -> String {
    let lines: Vec<&str> = text.split(['\n', '\r']).map(str::trim).collect();
    lines.concat().trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

/// The names of a header of two lines, a name over several columns above a name for each.
///
/// Sound only if every name above that has blanks after it has a name below each of them, and every
/// other name has a blank below; a row of values never does, since its code would stand there.
fn joined(grid: &Grid, at: usize) -> Option<Vec<(u32, String)>> {
    let (top, sub) = (&grid.lines[at], grid.lines.get(at + 1)?);
    if sub.number != top.number + 1 {
        return None;
    }
    let below: Vec<u32> = sub.filled().map(|(column, _)| column).collect();
    let end = top.filled().map(|(c, _)| c).chain(below.iter().copied()).max()? + 1;
    let is_name = |text: &str| plain(text).replace(',', "").parse::<f64>().is_err();
    if below.len() < 2 || !sub.filled().all(|(_, cell)| cell.form == Form::Text && is_name(&cell.text)) {
        return None;
    }
    let heads: Vec<(u32, &str)> = top.filled().map(|(column, cell)| (column, cell.text.as_str())).collect();
    let mut names = Vec::new();
    let (mut spans, mut singles) = (0, 0);
    for (i, (column, head)) in heads.iter().enumerate() {
        let next = heads.get(i + 1).map_or(end, |(next, _)| *next);
        if next - column == 1 && !below.contains(column) {
            singles += 1;
            names.push((*column, shown(head)));
        } else if next - column > 1 && (*column..next).all(|c| below.contains(&c)) {
            spans += 1;
            names.extend((*column..next).map(|c| (c, format!("{}/{}", shown(head), shown(sub.text(c))))));
        } else {
            return None;
        }
    }
    let before = heads.first().is_none_or(|(first, _)| below.iter().any(|c| c < first));
    (spans > 0 && singles > 0 && !before).then_some(names)
}

fn columns(
    names: Vec<(u32, String)>,
    options: &Options,
    row: u32,
    findings: &mut Vec<Finding>,
) -> Vec<(u32, Column)> {
    let mut columns: Vec<(u32, Column)> = Vec::new();
    let lower = |name: &str| name.split_once('/').map(|(_, sub)| heading_key(sub));
    let subs: Vec<String> = names.iter().filter_map(|(_, name)| lower(name)).collect();
    for (at, name) in names {
        if let Some((other, _)) = columns.iter().find(|(_, column)| column.name == name) {
            findings.push(Finding::cell(row, &name, Kind::ColumnRepeated { other: *other as usize + 1 }));
            continue;
        }
        let key = heading_key(&name);
        let whole = options.columns.iter().find(|(_, wanted)| heading_key(wanted) == key);
        // Or by its lower line, if that says which.
        let sub = lower(&name).filter(|sub| subs.iter().filter(|other| *other == sub).count() == 1);
        let part = || options.columns.iter().find(|(_, wanted)| Some(heading_key(wanted)) == sub);
        let given = whole.or_else(part);
        let field = given.map(|(field, _)| field.clone()).or_else(|| meaning(&name).map(str::to_owned));
        let mut role = field.as_deref().map_or(Role::Text, role_of);
        if is_belonging(&name) && given.is_none() && role == Role::Name {
            role = Role::Group;
        }
        if options.groups.iter().any(|group| heading_key(group) == key) {
            role = Role::Group;
        }
        if let Some(unit) = split_unit(&key).1.filter(|unit| changes_scale(unit, role)) {
            findings.push(Finding::cell(row, &name, Kind::ColumnUnit { unit: excerpt(unit) }));
        }
        columns.push((at, Column { name, role, field }));
    }
    // 社区 beside 小区名称 says where the compound is.
    let is_name = |column: &Column| column.role == Role::Name;
    let community = |column: &Column| column.field.as_deref() == Some("community");
    if columns.iter().any(|(_, column)| is_name(column) && !community(column)) {
        for (_, column) in columns.iter_mut().filter(|(_, column)| is_name(column) && community(column)) {
            column.role = Role::Group;
        }
    }
    columns
}

/// The key of a place file for a name, which may have two parts.
///
/// Both parts together say most: 人数 under 党员 are not people of the community.
fn meaning(name: &str) -> Option<&'static str> {
    let Some((group, sub)) = name.split_once('/') else { return field_of(name) };
    let both = field_of(&format!("{group}{sub}"));
    let general =
        ["人数", "总人数", "人口", "人口数", "总人口", "户数", "总户数"].contains(&heading_key(sub).as_str());
    // 人口 under 人数: both say the same.
    if matches!(both, None | Some("count")) && field_of(group).is_some() && field_of(group) == field_of(sub) {
        return field_of(sub);
    }
    match both {
        None | Some("count") if !general => field_of(sub).or(both),
        _ => both.or_else(|| field_of(name)),
    }
}

/// True if numbers under this unit are not households, people or square metres.
pub(super) fn changes_scale(unit: &str, role: Role) -> bool {
    let many = ["万", "千", "百", "亿", "%", "‰"].iter().any(|word| unit.contains(word));
    let area = ["公顷", "亩", "平方公里", "km"].iter().any(|word| unit.contains(word));
    match role {
        Role::Count => many,
        Role::Number => many || area,
        _ => false,
    }
}
