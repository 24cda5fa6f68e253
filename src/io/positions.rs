//! Where a table puts its rows: one position a row, or two that should agree.

use geo::Point;

use super::Problems;
use super::specs::SiteSpec;
use super::tables::Table;
use crate::crs::{System, two_positions};
use crate::model::problem::{At, Kind};

/// Two positions of one site further apart than this disagree, in metres.
const APART_M: f64 = 50.0;

/// Where a table gives two positions a row, those that disagree; the first stays the one taken.
pub(super) fn second_positions(
    table: &Table,
    spec: &SiteSpec,
    first: System,
    codes: &[(usize, String)],
    problems: &mut Problems,
) {
    let Some(name) = &spec.xy_crs else { return };
    let Some(second) = System::named(name) else {
        problems.add(&table.file, At::Whole, Some("xy_crs"), Kind::CrsUnknown { crs: name.clone() });
        return;
    };
    let pair = |row: usize, x: &str, y: &str| -> Option<(f64, f64)> {
        let number = |key| table.cell(row, &spec.column(key).name).and_then(|text| text.parse::<f64>().ok());
        Some((number(x)?, number(y)?))
    };
    let list = |system: System, x: &str, y: &str| -> Vec<(f64, f64)> {
        let nowhere = (f64::NAN, f64::NAN);
        let degrees = |row| pair(row, x, y).and_then(|(x, y)| system.to_degrees(x, y)).unwrap_or(nowhere);
        codes.iter().map(|(row, _)| degrees(*row)).collect()
    };
    let found = two_positions(&list(first, "lon", "lat"), &list(second, "x", "y"), APART_M);
    for apart in found.apart {
        let (row, code) = &codes[apart.row];
        let kind = Kind::PositionsDiffer { code: code.clone(), metres: apart.metres.round() as u64 };
        problems.add(&table.file, table.at(*row), Some(&spec.column("x").name), kind);
    }
}

/// The two columns with the position.
pub(super) fn axes(
    table: &Table,
    spec: &SiteSpec,
    crs: System,
    problems: &mut Problems,
) -> Option<(String, String)> {
    let pairs = if crs.is_degrees() { [("lon", "lat"), ("x", "y")] } else { [("x", "y"), ("lon", "lat")] };
    let names = pairs.map(|(x, y)| (spec.column(x).name.clone(), spec.column(y).name.clone()));
    let found = names.iter().find(|(x, y)| table.has(x) && table.has(y));
    if found.is_none() {
        for name in [&names[0].0, &names[0].1].into_iter().filter(|name| !table.has(name)) {
            let reported = spec.columns.iter().any(|(_, c)| c.named && c.name == *name);
            if !reported {
                let kind = Kind::ColumnMissing { there: table.names() };
                problems.add(&table.file, At::Whole, Some(name), kind);
            }
        }
    }
    found.cloned()
}

pub(super) fn position(
    table: &Table,
    row: usize,
    code: &str,
    axes: &(String, String),
    crs: &(System, String),
    problems: &mut Problems,
) -> Option<Point<f64>> {
    let at = table.at(row);
    if table.is_unread(row, &axes.0) || table.is_unread(row, &axes.1) {
        // One coordinate alone is no position.
        let empty = [&axes.0, &axes.1].into_iter().find(|name| table.cell(row, name).is_none());
        if let Some(empty) = empty {
            problems.add(&table.file, at, Some(empty), Kind::PositionMissing { code: code.to_owned() });
        }
        return None;
    }
    let mut number = |name: &str| -> Option<f64> {
        let text = table.cell(row, name)?;
        let parsed = text.parse::<f64>().ok().filter(|v| v.is_finite());
        if parsed.is_none() {
            let value = text.chars().take(40).collect();
            problems.add(&table.file, at, Some(name), Kind::PositionUnreadable { value });
        }
        Some(parsed.unwrap_or(f64::NAN))
    };
    let (x, y) = (number(&axes.0), number(&axes.1));
    let (Some(x), Some(y)) = (x, y) else {
        let empty = if x.is_none() { &axes.0 } else { &axes.1 };
        problems.add(&table.file, at, Some(empty), Kind::PositionMissing { code: code.to_owned() });
        return None;
    };
    if x.is_nan() || y.is_nan() {
        return None;
    }
    if x == 0.0 && y == 0.0 {
        problems.add(&table.file, at, Some(&axes.0), Kind::PositionMissing { code: code.to_owned() });
        return None;
    }
    let swap = crs.0.is_degrees() && y.abs() > 90.0 && y.abs() <= 180.0 && x.abs() < 90.0;
    if swap {
        problems.add(&table.file, at, Some(&axes.0), Kind::PositionSwapped {});
    }
    let (x, y) = if swap { (y, x) } else { (x, y) };
    let degrees = crs.0.to_degrees(x, y);
    if degrees.is_none() {
        let kind = Kind::PositionOutside { x: x.to_string(), y: y.to_string(), crs: crs.1.clone() };
        problems.add(&table.file, at, Some(&axes.0), kind);
    }
    degrees.map(|(lon, lat)| Point::new(lon, lat))
}
