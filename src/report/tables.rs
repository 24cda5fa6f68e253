//! The tables others rely on: `assignments.csv`, `coverage.csv`, `siting.csv`, `problems.csv`.

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::{File, Subject, rejection};
use crate::index::fabric::spot;
use crate::index::nearest::from_square;
use crate::model::lang::Lang;
use crate::model::plan::{CentreLoad, CurvePoint, Grid};
use crate::model::problem::{At, Kind, Problem, Severity};
use crate::model::rules::Group;

pub(super) fn files(subject: &Subject<'_>) -> PolarsResult<Vec<File>> {
    let mut files = vec![("problems.csv".to_owned(), problems(subject)?)];
    files.push(("repairs.csv".to_owned(), repairs(subject)?));
    if subject.plan.partition.is_some() {
        files.push(("assignments.csv".to_owned(), assignments(subject)?));
    }
    if subject.plan.coverage.is_some() {
        files.push(("coverage.csv".to_owned(), coverage(subject)?));
        files.push(("closures.csv".to_owned(), closures(subject)?));
    }
    if subject.plan.coverage.is_some() && subject.plan.partition.is_some() {
        files.push(("coverage_grids.csv".to_owned(), coverage_grids(subject)?));
    }
    if let Some(together) = &subject.plan.together {
        files.push(("together.csv".to_owned(), super::together::table(subject, together)?));
    }
    if subject.plan.siting.is_some() {
        files.push(("siting.csv".to_owned(), siting(subject)?));
        files.push(("siting_curve.csv".to_owned(), siting_curve(subject)?));
    }
    Ok(files)
}

fn assignments(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let Some(partition) = &subject.plan.partition else { return Ok(Vec::new()) };
    let place = subject.place;
    let rows: Vec<Vec<String>> = place
        .atoms
        .iter()
        .zip(&partition.grid_of)
        .map(|(atom, grid)| {
            let community = place.communities[atom.community.index()].code.clone();
            vec![atom.code.clone(), community, partition.grids[grid.index()].code.clone()]
        })
        .collect();
    csv(&["atom", "community", "grid"], &rows, false)
}

fn coverage(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let Some(coverage) = &subject.plan.coverage else { return Ok(Vec::new()) };
    let place = subject.place;
    let rows: Vec<Vec<String>> = place
        .atoms
        .iter()
        .zip(&coverage.nearest)
        .map(|(atom, nearest)| {
            let minutes = nearest.map_or(String::new(), |(_, t)| format!("{:.3}", t.minutes()));
            let centre = nearest.map_or(String::new(), |(c, _)| place.centres[c.index()].site.code.clone());
            let covered = nearest.is_some_and(|(_, time)| time <= coverage.within);
            let people = atom.counts.population.to_string();
            vec![atom.code.clone(), people, minutes, centre, covered.to_string()]
        })
        .collect();
    csv(&["atom", "population", "minutes", "centre", "covered"], &rows, false)
}

/// Who loses what if one centre closes.
fn closures(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let loads = subject.plan.coverage.iter().flat_map(|coverage| &coverage.loads);
    let row = |load: &CentreLoad| {
        let site = &subject.place.centres[load.centre.index()].site;
        let counts = [load.in_time, load.alone, load.households_alone].map(|n| n.to_string());
        [vec![site.code.clone(), site.name.clone()], counts.to_vec()].concat()
    };
    let rows: Vec<Vec<String>> = loads.map(row).collect();
    csv(&["centre", "name", "people_in_time", "people_lost", "households_lost"], &rows, false)
}

/// Each grid's people, their walks, and how much longer than the straight line those are.
fn coverage_grids(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let (Some(coverage), Some(partition)) = (&subject.plan.coverage, &subject.plan.partition) else {
        return Ok(Vec::new());
    };
    let pace = subject.rules.pace(Group::Adult);
    let mut atoms: Vec<Vec<usize>> = vec![Vec::new(); partition.grids.len()];
    (0..subject.fabric.len()).for_each(|a| atoms[partition.grid_of[a].index()].push(a));
    let row = |(grid, atoms): (&Grid, &Vec<usize>)| {
        let people = |a: usize| u64::from(subject.fabric.counts[a].population);
        let (mut covered, mut reachable, mut millis) = (0, 0, 0u128);
        let (mut walked, mut straight) = (0.0, 0.0);
        for &a in atoms {
            let Some((centre, time)) = coverage.nearest[a] else { continue };
            covered += if time <= coverage.within { people(a) } else { 0 };
            reachable += people(a);
            millis += u128::from(people(a)) * u128::from(time.millis());
            let at = spot(subject.place.centres[centre.index()].site.at);
            let home = subject.fabric.spots[a];
            let square = (home[0] - at[0]).pow(2) + (home[1] - at[1]).pow(2);
            straight += people(a) as f64 * f64::from(from_square(square).cm());
            walked += people(a) as f64 * f64::from(time.millis()) * f64::from(pace.mm_per_s()) / 10_000.0;
        }
        let all: u64 = atoms.iter().map(|&a| people(a)).sum();
        let over = |value: f64, by: f64, digits: usize| {
            if by > 0.0 { format!("{:.digits$}", value / by) } else { String::new() }
        };
        vec![
            grid.code.clone(),
            all.to_string(),
            covered.to_string(),
            over(covered as f64, all as f64, 4),
            over(millis as f64 / 60_000.0, reachable as f64, 3),
            over(walked, straight, 3),
        ]
    };
    let rows: Vec<Vec<String>> = partition.grids.iter().zip(&atoms).map(row).collect();
    csv(&["grid", "population", "covered", "share", "mean_minutes", "detour_factor"], &rows, false)
}

fn siting(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let Some(siting) = &subject.plan.siting else { return Ok(Vec::new()) };
    let place = subject.place;
    let code = |id: crate::model::ids::CandidateId| place.candidates[id.index()].site.code.clone();
    let mut rows = Vec::with_capacity(place.candidates.len());
    for (rank, chosen) in (1..).zip(&siting.chosen) {
        let saved = format!("{:.3}", chosen.millis_saved as f64 / 60_000.0);
        rows.push(vec![
            rank.to_string(),
            code(chosen.candidate),
            chosen.newly_covered.to_string(),
            saved,
            String::new(),
        ]);
    }
    for (id, reason) in &siting.rejected {
        let reason = rejection(reason, place, subject.lang);
        rows.push(vec![String::new(), code(*id), String::new(), String::new(), reason]);
    }
    csv(&["rank", "candidate", "newly_covered", "minutes_saved", "reason"], &rows, false)
}

/// What each further centre brings, with bounds.
fn siting_curve(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    const COLUMNS: [&str; 6] =
        ["centres", "covered", "share", "share_bound", "mean_minutes", "mean_minutes_bound"];
    let points = subject.plan.siting.iter().flat_map(|siting| &siting.curve);
    let row = |point: &CurvePoint| {
        let keys = super::summary::curve_keys(subject, point);
        COLUMNS.iter().map(|column| keys[*column].to_string()).collect()
    };
    csv(&COLUMNS, &points.map(row).collect::<Vec<_>>(), false)
}

/// What was put right, a line each: cells of tables with what they were and are, and shapes.
fn repairs(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let put_right = subject.problems.iter().filter(|p| p.kind.severity() == Severity::Repaired);
    let row = |problem: &Problem| {
        let (file, sheet) = match problem.file.strip_suffix(']').and_then(|f| f.split_once('[')) {
            Some((file, sheet)) => (file.to_owned(), sheet.to_owned()),
            None => (problem.file.clone(), String::new()),
        };
        let row = match problem.at {
            At::Row(n) | At::Feature(n) => n.to_string(),
            other => other.text(Lang::En),
        };
        let (before, after, rule) = match &problem.kind {
            Kind::CellRepaired { before, after, rule } => (before.clone(), after.clone(), rule.clone()),
            Kind::CellMissing { before, rule } => (before.clone(), String::new(), rule.clone()),
            kind => (String::new(), kind.message(subject.lang), kind.id().to_owned()),
        };
        vec![file, sheet, row, problem.column.clone().unwrap_or_default(), before, after, rule]
    };
    let rows: Vec<Vec<String>> = put_right.map(row).collect();
    csv(&["file", "sheet", "row", "column", "before", "after", "rule"], &rows, true)
}

fn problems(subject: &Subject<'_>) -> PolarsResult<Vec<u8>> {
    let lang = subject.lang;
    let rows: Vec<Vec<String>> = subject
        .problems
        .iter()
        .map(|problem| {
            let kind = &problem.kind;
            vec![
                kind.severity().word(Lang::En).to_owned(),
                problem.file.clone(),
                problem.at.text(Lang::En),
                problem.column.clone().unwrap_or_default(),
                kind.id().to_owned(),
                kind.message(lang),
                kind.remedy(lang),
            ]
        })
        .collect();
    csv(&["severity", "file", "at", "column", "kind", "message", "remedy"], &rows, false)
}
