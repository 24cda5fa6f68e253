//! A plan's files, read back.

use std::path::{Path, PathBuf};

use super::Problems;
use super::tables::Table;
use crate::model::lang::Lang;
use crate::model::written::{Assignment, CoverageRow, GridRow, SitingRow, WrittenPlan};

/// Why a folder is not a plan.
#[derive(Debug, thiserror::Error)]
pub enum WrittenPlanError {
    /// There is no `plan.json`, or it cannot be read.
    #[error("`{}` cannot be read: {source}", .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is not what it should be.
    #[error("`{}` is not well formed: {reason}", .path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where and why.
        reason: String,
    },
}

/// Reads the files of a plan; those that are not there are `None`.
///
/// # Errors
/// [`WrittenPlanError`] if `plan.json` is missing or any file is malformed.
pub fn read_written(folder: &Path) -> Result<WrittenPlan, WrittenPlanError> {
    parse(&|name| {
        let path = folder.join(name);
        let read = std::fs::read(&path);
        match read {
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && name != "plan.json" => Ok(None),
            other => other.map(Some).map_err(|source| WrittenPlanError::Unreadable { path, source }),
        }
    })
}

/// The same from files that are about to be written.
///
/// # Errors
/// [`WrittenPlanError`] if one of them is malformed, which would be this program's own fault.
pub fn written_from(files: &[(String, Vec<u8>)]) -> Result<WrittenPlan, WrittenPlanError> {
    parse(&|name| Ok(files.iter().find(|(file, _)| file == name).map(|(_, bytes)| bytes.clone())))
}

type Getter<'a> = &'a dyn Fn(&str) -> Result<Option<Vec<u8>>, WrittenPlanError>;

fn malformed(name: &str, reason: String) -> WrittenPlanError {
    WrittenPlanError::Malformed { path: PathBuf::from(name), reason }
}

fn parse(folder: Getter<'_>) -> Result<WrittenPlan, WrittenPlanError> {
    let text = folder("plan.json")?.unwrap_or_default();
    let summary = serde_json::from_slice(&text).map_err(|e| malformed("plan.json", e.to_string()))?;
    Ok(WrittenPlan {
        summary,
        assignments: table(folder, "assignments.csv", |t, r| {
            let text = |name| t.cell(r, name).map(str::to_owned);
            Some(Assignment { atom: text("atom")?, community: text("community")?, grid: text("grid")? })
        })?,
        coverage: table(folder, "coverage.csv", |t, r| {
            let text = |name| t.cell(r, name).map(str::to_owned);
            Some(CoverageRow {
                atom: text("atom")?,
                population: text("population")?.parse().ok()?,
                minutes: text("minutes").map(|m| m.parse()).transpose().ok()?,
                centre: text("centre"),
                covered: text("covered")?.parse().ok()?,
            })
        })?,
        siting: table(folder, "siting.csv", |t, r| {
            let text = |name| t.cell(r, name).map(str::to_owned);
            Some(SitingRow {
                rank: text("rank").map(|n| n.parse()).transpose().ok()?,
                candidate: text("candidate")?,
                newly_covered: text("newly_covered").map(|n| n.parse()).transpose().ok()?,
                minutes_saved: text("minutes_saved").map(|n| n.parse()).transpose().ok()?,
                reason: text("reason").unwrap_or_default(),
            })
        })?,
        grids: grids(folder)?,
    })
}

fn table<T>(
    folder: Getter<'_>,
    name: &str,
    row: impl Fn(&Table, usize) -> Option<T>,
) -> Result<Option<Vec<T>>, WrittenPlanError> {
    let Some(bytes) = folder(name)? else { return Ok(None) };
    let text = String::from_utf8(bytes).map_err(|e| malformed(name, e.to_string()))?;
    if text.lines().nth(1).is_none() {
        return Ok(Some(Vec::new()));
    }
    let mut problems = Problems::default();
    let Some(table) = Table::parse(name, &text, &mut problems) else {
        let first = problems.sorted().into_iter().next();
        return Err(malformed(name, first.map(|p| p.line(Lang::En)).unwrap_or_default()));
    };
    let rows =
        (0..table.rows()).map(|r| row(&table, r).ok_or_else(|| malformed(name, format!("row {}", r + 2))));
    rows.collect::<Result<Vec<T>, _>>().map(Some)
}

fn grids(folder: Getter<'_>) -> Result<Option<Vec<GridRow>>, WrittenPlanError> {
    let name = "grids.geojson";
    let Some(bytes) = folder(name)? else { return Ok(None) };
    let value: serde_json::Value =
        serde_json::from_slice(&bytes).map_err(|e| malformed(name, e.to_string()))?;
    let row = |properties: &serde_json::Value| {
        let text = |key: &str| properties[key].as_str().map(str::to_owned);
        let number = |key: &str| properties[key].as_u64();
        Some(GridRow {
            code: text("code")?,
            community: text("community")?,
            households: number("households")?,
            population: number("population")?,
            pieces: number("pieces")?,
            moment_of_inertia: number("moment_of_inertia")?,
            duty_point: text("duty_point")?,
            area_m2: properties["area_m2"].as_f64()?,
            polsby_popper: properties["polsby_popper"].as_f64()?,
        })
    };
    let features = value["features"].as_array().into_iter().flatten();
    let rows = features
        .zip(1..)
        .map(|(f, n)| row(&f["properties"]).ok_or_else(|| malformed(name, format!("feature {n}"))));
    rows.collect::<Result<Vec<_>, _>>().map(Some)
}
