//! Existing centres and candidates.

use std::collections::BTreeMap;

use super::Problems;
use super::causes;
use super::codes::{Cell, code};
use super::positions::{axes, position, second_positions};
use super::specs::SiteSpec;
use super::tables::Table;
use crate::crs::System;
use crate::model::ids::CommunityId;
use crate::model::place::{Action, Candidate, Centre, Room, SetAside, Site};
use crate::model::problem::{At, Kind};
use crate::model::services;

/// A row with its position in degrees.
#[derive(Clone, Debug)]
pub(super) struct RawSite {
    pub(super) at: At,
    pub(super) confirmed: bool,
    pub(super) level: Option<u8>,
    pub(super) open: bool,
    pub(super) action: Option<Action>,
    pub(super) cost: Option<u64>,
    pub(super) functions: Vec<String>,
    pub(super) hours: Option<String>,
    /// The community it is said to belong to, by code or name.
    pub(super) community: Option<String>,
    pub(super) room: Room,
    pub(super) site: Site,
}

/// All of a table, with the positions as they are written, usable or not.
#[derive(Clone, Debug)]
pub(super) struct RawSites {
    pub(super) sites: Vec<RawSite>,
    pub(super) written: Vec<(f64, f64)>,
    pub(super) crs: (System, String),
}

impl Default for RawSites {
    fn default() -> Self {
        Self { sites: Vec::new(), written: Vec::new(), crs: (System::Degrees, String::new()) }
    }
}

/// Reads a table of sites, sorted by code; positions stay in degrees.
pub(super) fn read(
    table: &Table,
    spec: &SiteSpec,
    crs: &(System, String),
    problems: &mut Problems,
) -> RawSites {
    for (_, column) in spec.columns.iter().filter(|(_, c)| c.named && !table.has(&c.name)) {
        let kind = Kind::ColumnMissing { there: table.names() };
        problems.add(&table.file, At::Whole, Some(&column.name), kind);
    }
    let mut raw = RawSites { crs: crs.clone(), ..RawSites::default() };
    let Some(axes) = axes(table, spec, crs.0, problems) else { return raw };
    let Some(codes) = codes(table, spec, &axes, problems) else { return raw };
    second_positions(table, spec, crs.0, &codes, problems);
    let mut sites = BTreeMap::new();
    let (mark, rows) = (problems.mark(), codes.len());
    for (row, code) in codes {
        let text = |key: &str| table.cell(row, &spec.column(key).name);
        let number = |name: &String| table.cell(row, name).and_then(|text| text.parse::<f64>().ok());
        raw.written.extend(number(&axes.0).zip(number(&axes.1)));
        let Some(at) = position(table, row, &code, &axes, crs, problems) else { continue };
        let yes = |text: &str| matches!(text.to_lowercase().as_str(), "yes" | "y" | "true" | "1" | "是");
        let site = Site {
            name: text("name").unwrap_or(&code).to_owned(),
            at,
            address: text("address").map(str::to_owned),
            area_m2: area(table, row, spec, problems),
            set_aside: None,
            code: code.clone(),
        };
        let cost = cost(table, row, spec, problems);
        let raw = RawSite {
            at: table.at(row),
            confirmed: text("confirmed").is_some_and(yes),
            level: level(table, row, spec, problems),
            open: !text("status").is_some_and(is_closed),
            action: action(table, row, spec, problems),
            cost,
            functions: text("functions").map(services::functions).unwrap_or_default(),
            hours: text("hours").map(str::to_owned),
            community: text("community").map(str::to_owned),
            room: Room {
                kind: text("kind").map(str::to_owned),
                floor: text("floor").map(str::to_owned),
                ownership: text("ownership").map(str::to_owned),
                condition: text("condition").map(str::to_owned),
                available: text("available").map(str::to_owned),
            },
            site,
        };
        sites.insert(code, raw);
    }
    raw.sites = sites.into_values().collect();
    causes::shapes(&table.file, mark, rows, problems);
    raw
}

/// Floor area; what cannot be one is reported and left out.
fn area(table: &Table, row: usize, spec: &SiteSpec, problems: &mut Problems) -> Option<f64> {
    let column = spec.column("area_m2");
    let text = table.cell(row, &column.name).filter(|_| !table.is_unread(row, &column.name))?;
    let area = text.parse().ok().filter(|a: &f64| a.is_finite() && *a >= 0.0);
    if area.is_none() {
        let kind = Kind::NumberUnreadable { value: text.chars().take(40).collect() };
        problems.add(&table.file, table.at(row), Some(&column.name), kind);
    }
    area
}

/// Cost in whole units of the ledger's own; what cannot be one is reported.
fn cost(table: &Table, row: usize, spec: &SiteSpec, problems: &mut Problems) -> Option<u64> {
    let column = spec.column("cost");
    let text = table.cell(row, &column.name).filter(|_| !table.is_unread(row, &column.name))?;
    let cost = text.parse::<f64>().ok().filter(|c| (0.0..=1e15).contains(c) && c.fract() == 0.0);
    if cost.is_none() {
        let kind = Kind::CountUnreadable { value: text.chars().take(40).collect() };
        problems.add(&table.file, table.at(row), Some(&column.name), kind);
    }
    cost.map(|cost| cost as u64)
}

/// Rows with their codes; where there is no code column, names serve, and where those repeat they
/// are numbered in order of position, so that the order of rows does not matter.
fn codes(
    table: &Table,
    spec: &SiteSpec,
    axes: &(String, String),
    problems: &mut Problems,
) -> Option<Vec<(usize, String)>> {
    let (code_column, name_column) = (spec.column("code"), spec.column("name"));
    let rows = (0..table.rows()).filter(|row| !table.is_blank(*row));
    if !table.has(&code_column.name) {
        if code_column.named || !table.has(&name_column.name) {
            if !code_column.named {
                let kind = Kind::ColumnMissing { there: table.names() };
                problems.add(&table.file, At::Whole, Some(&code_column.name), kind);
            }
            return None;
        }
        return Some(codes_from_names(table, &name_column.name, axes, rows.collect(), problems));
    }
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut codes = Vec::new();
    for row in rows {
        let cell = Cell { file: &table.file, at: table.at(row), column: &code_column.name };
        if table.is_unread(row, &code_column.name) {
            continue;
        }
        let Some(code) = code(table.cell(row, &code_column.name), cell, problems) else { continue };
        let before = *first.entry(code.clone()).or_insert(row);
        if before == row {
            codes.push((row, code));
        } else {
            let first = table.row_number(before);
            let same = table.same(row, before);
            let kind =
                if same { Kind::RowRepeated { code, first } } else { Kind::CodeRepeated { code, first } };
            cell.report(problems, kind);
        }
    }
    Some(codes)
}

fn codes_from_names(
    table: &Table,
    name: &str,
    axes: &(String, String),
    rows: Vec<usize>,
    problems: &mut Problems,
) -> Vec<(usize, String)> {
    let count = rows.len();
    problems.add(&table.file, At::Whole, Some(name), Kind::CodesFromNames { count });
    let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in rows {
        match table.cell(row, name) {
            Some(text) => by_name.entry(text).or_default().push(row),
            None => problems.add(&table.file, table.at(row), Some(name), Kind::CodeMissing {}),
        }
    }
    let mut codes = Vec::with_capacity(count);
    for (text, mut rows) in by_name {
        rows.sort_by_key(|&row| (table.cell(row, &axes.0), table.cell(row, &axes.1)));
        for (i, row) in rows.into_iter().enumerate() {
            codes.push((row, if i == 0 { text.to_owned() } else { format!("{text}#{}", i + 1) }));
        }
    }
    codes
}

fn level(table: &Table, row: usize, spec: &SiteSpec, problems: &mut Problems) -> Option<u8> {
    let column = spec.column("level");
    let text = table.cell(row, &column.name)?;
    let lower = text.trim_end_matches(['级', '級']).to_lowercase();
    let known = match lower.as_str() {
        "1" | "市" | "city" => 1,
        "2" | "区" | "區" | "县" | "縣" | "区县" | "district" | "county" => 2,
        "3" | "3b" | "街道" | "乡镇" | "街镇" | "镇" | "乡" | "片区" | "town" | "subdistrict" => 3,
        "4" | "社区" | "社區" | "村" | "社区村" | "community" | "village" => 4,
        "5" | "微站" | "micro" | "micro_station" | "station" => 5,
        _ => {
            let kind = Kind::LevelUnknown { value: text.to_owned() };
            problems.add(&table.file, table.at(row), Some(&column.name), kind);
            return None;
        }
    };
    Some(known)
}

fn is_closed(status: &str) -> bool {
    let status = status.to_lowercase();
    ["关闭", "停用", "停业", "拆除", "closed", "demolished"].iter().any(|word| status.contains(word))
}

fn action(table: &Table, row: usize, spec: &SiteSpec, problems: &mut Problems) -> Option<Action> {
    let column = spec.column("action");
    let text = table.cell(row, &column.name)?;
    match text.to_lowercase().as_str() {
        "建" | "新建" | "build" => Some(Action::Build),
        "改" | "改建" | "改造" | "convert" => Some(Action::Convert),
        "扩" | "扩建" | "擴" | "extend" => Some(Action::Extend),
        _ => {
            let kind = Kind::ActionUnknown { value: text.to_owned() };
            problems.add(&table.file, table.at(row), Some(&column.name), kind);
            None
        }
    }
}

/// The county and district an address begins with, such as 臺北市大安區; `None` if it names none.
fn district(address: &str) -> Option<String> {
    let chars: Vec<char> = address.chars().take(16).collect();
    let county = chars.iter().position(|c| matches!(c, '县' | '縣' | '市'))?;
    let rest = &chars[county + 1..];
    let ends_district = |c: &char| matches!(c, '区' | '區');
    let end = rest.iter().take(5).position(ends_district).map_or(county, |i| county + 1 + i);
    Some(chars[..=end].iter().collect())
}

/// Sites whose address names another county or district than most do, with that usual one.
pub(super) fn foreign(sites: &[RawSite]) -> Option<(String, Vec<usize>)> {
    let districts: Vec<_> = sites.iter().map(|raw| raw.site.address.as_deref().and_then(district)).collect();
    let mut tally: BTreeMap<&str, usize> = BTreeMap::new();
    for district in districts.iter().flatten() {
        *tally.entry(district).or_default() += 1;
    }
    let named: usize = tally.values().sum();
    let (usual, most) = tally.iter().max_by_key(|(name, n)| (**n, std::cmp::Reverse(**name)))?;
    if most * 10 < named * 6 {
        return None;
    }
    let differs =
        |d: &Option<String>| d.as_deref().is_some_and(|d| !d.starts_with(usual) && !usual.starts_with(d));
    let odd = districts.iter().enumerate().filter(|(_, d)| differs(d)).map(|(i, _)| i).collect();
    Some(((*usual).to_owned(), odd))
}

/// As an existing centre.
pub(super) fn centre((raw, community): (RawSite, Option<CommunityId>)) -> Centre {
    let RawSite { site, level, open, functions, hours, action, .. } = raw;
    Centre { site, level, open, functions, hours, action, community }
}

/// As a candidate, set aside if there is a reason and nobody has confirmed it.
pub(super) fn candidate(
    (raw, community): (RawSite, Option<CommunityId>),
    set_aside: Option<SetAside>,
) -> Candidate {
    let set_aside = set_aside.filter(|_| !raw.confirmed);
    let site = Site { set_aside, ..raw.site };
    Candidate { site, action: raw.action, cost: raw.cost, room: raw.room, community }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_their_district() {
        let cases = [
            ("臺北市信義區興隆里光復南路271號", Some("臺北市信義區")),
            ("苗栗縣苑裡鎮上館里4鄰62-8號", Some("苗栗縣")),
            ("天津市和平区劝业场街道", Some("天津市和平区")),
            ("河湾路12号", None),
        ];
        for (address, expected) in cases {
            assert_eq!(district(address).as_deref(), expected, "{address}");
        }
    }
}
