//! Everything a plan is handed in as, made side by side: maps, page, workbook, and the judgement.

use std::collections::BTreeMap;

use serde_json::Value;

use super::console::Console;
use super::options::OutArgs;
use super::plan::map_lang;
use crate::io;
use crate::maps::{self, Maps};
use crate::model::alternative::Alternative;
use crate::model::layers::WrittenLayers;
use crate::page;
use crate::report::{self, File, Public, Subject};
use crate::run::Stage;
use crate::verify::{self, Fault};

/// What is to be written.
pub(super) struct Papers {
    pub(super) files: Vec<File>,
    /// What is wrong with them.
    pub(super) faults: Vec<Fault>,
    /// Characters the maps' fonts lack.
    pub(super) missing_glyphs: Vec<char>,
}

/// Makes all files of a plan but `run.json` and judges them.
pub(super) fn papers(
    subject: &Subject<'_>,
    summary: &Value,
    paper: &OutArgs,
    console: &Console,
) -> anyhow::Result<Papers> {
    let (mut files, layers) = report::written(subject)?;
    let public = paper.public.map(|k| report::public(subject, k)).transpose()?;
    let progress = console.run().progress;
    progress.begin(Stage::Render, 1 + sheets(subject, paper));
    let drawn = || drawn(subject, summary, &layers, public.as_ref(), paper, console);
    let judged = || judged(subject, &files);
    let told = || told(subject, summary, &layers, &files, paper, console);
    let (drawn, (faults, told)) = rayon::join(drawn, || rayon::join(judged, told));
    let (drawn, faults, told) = (drawn?, faults?, told?);
    progress.advance(1);
    progress.end();
    files.extend(report::document(subject, &drawn.files)?);
    files.extend(drawn.files);
    files.extend(told);
    files.extend(public.into_iter().flat_map(|public| public.files));
    Ok(Papers { files, faults, missing_glyphs: drawn.missing_glyphs })
}

/// Sheets of the atlas, if one is wanted.
fn sheets(subject: &Subject<'_>, paper: &OutArgs) -> u64 {
    let is_wanted = paper.atlas && subject.plan.partition.is_some();
    if is_wanted { subject.place.communities.len() as u64 + 1 } else { 0 }
}

fn drawn(
    subject: &Subject<'_>,
    summary: &Value,
    layers: &WrittenLayers,
    public: Option<&Public>,
    paper: &OutArgs,
    console: &Console,
) -> anyhow::Result<Maps> {
    let lang = map_lang(console.paper);
    let mut drawn = maps::draw(summary, layers, lang)?;
    if sheets(subject, paper) > 0 {
        let progress = console.run().progress;
        let tick = |_: u64, _: u64| progress.advance(1);
        let atlas = maps::draw_atlas(summary, layers, lang, &tick)?;
        drawn.files.extend(atlas.files);
        drawn.missing_glyphs.extend(atlas.missing_glyphs);
    }
    if let Some(public) = public.filter(|_| subject.plan.partition.is_some()) {
        drawn.files.extend(maps::draw_public(summary, layers, &public.hidden, lang)?);
    }
    drawn.missing_glyphs.sort_unstable();
    drawn.missing_glyphs.dedup();
    Ok(drawn)
}

/// The page, the workbook and the files for a GIS.
fn told(
    subject: &Subject<'_>,
    summary: &Value,
    layers: &WrittenLayers,
    files: &[File],
    paper: &OutArgs,
    console: &Console,
) -> anyhow::Result<Vec<File>> {
    let html = || {
        let is_table = |name: &str| page::TABLES.contains(&name);
        let tables: BTreeMap<&str, &[u8]> = files
            .iter()
            .filter(|(name, _)| is_table(name))
            .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
            .collect();
        page::html(summary, layers, &tables, console.paper)
    };
    let (html, papers) = rayon::join(html, || report::papers(subject, layers));
    let mut told = papers?;
    if paper.shapefile {
        let shapes = report::shapefiles(subject, layers);
        told.extend(shapes.map_err(|error| anyhow::anyhow!(error.fault.message(console.lang)))?);
    }
    told.push(("report.html".to_owned(), html?));
    Ok(told)
}

/// The plan as it will be written, judged; then each of the plans to choose from in its own folder.
fn judged(subject: &Subject<'_>, files: &[File]) -> anyhow::Result<Vec<Fault>> {
    let Subject { place, rules, inputs, .. } = *subject;
    let mut faults = verify::plan(place, rules, &io::written_from(files)?, inputs);
    let others = subject.plan.choice.iter().flat_map(|choice| choice.plans.iter().zip(1..).skip(1));
    for (alternative, number) in others {
        faults.extend(judged_alternative(files, alternative, number, subject)?);
    }
    Ok(faults)
}

fn judged_alternative(
    files: &[File],
    alternative: &Alternative,
    number: i32,
    subject: &Subject<'_>,
) -> anyhow::Result<Vec<Fault>> {
    let folder = format!("plans/{number}/");
    let own = |(name, bytes): &File| Some((name.strip_prefix(&folder)?.to_owned(), bytes.clone()));
    let written = io::written_from(&files.iter().filter_map(own).collect::<Vec<_>>())?;
    let rules = alternative.rules(subject.rules);
    Ok(verify::plan(subject.place, &rules, &written, subject.inputs))
}
