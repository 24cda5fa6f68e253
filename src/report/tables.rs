//! The tables others rely on: `assignments.csv`, `coverage.csv`, `siting.csv`, `problems.csv`.

use polars::prelude::PolarsResult;

use super::csv::csv;
use super::{File, Subject, rejection};
use crate::model::lang::Lang;

pub(super) fn files(subject: &Subject<'_>) -> PolarsResult<Vec<File>> {
    let mut files = vec![("problems.csv".to_owned(), problems(subject)?)];
    if subject.plan.partition.is_some() {
        files.push(("assignments.csv".to_owned(), assignments(subject)?));
    }
    if subject.plan.coverage.is_some() {
        files.push(("coverage.csv".to_owned(), coverage(subject)?));
    }
    if subject.plan.siting.is_some() {
        files.push(("siting.csv".to_owned(), siting(subject)?));
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
            vec![atom.code.clone(), atom.counts.population.to_string(), minutes, centre, covered.to_string()]
        })
        .collect();
    csv(&["atom", "population", "minutes", "centre", "covered"], &rows, false)
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
