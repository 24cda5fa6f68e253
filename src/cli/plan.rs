//! `wangge plan`, and its parts `partition`, `coverage` and `site`.

use std::path::Path;

use anyhow::Context as _;
use serde_json::json;

use super::Verdict;
use super::console::Console;
use super::options::{GridOptions, OutArgs, SiteOptions, WalkOptions};
use super::papers::{Papers, papers};
use super::place::{PlaceArgs, sound};
use super::record::run_record;
use super::wishes::sites_named;
use super::words::{choice, words};
use crate::io;
use crate::model::lang::Lang;
use crate::model::place::Place;
use crate::model::plan::Partition;
use crate::model::rules::Rules;
use crate::network::{StraightLine, StreetGround, TravelTimes};
use crate::planner::{self, Parts};
use crate::render::{self, layers::Lang as MapLang};
use crate::report::{self, Subject};

#[derive(clap::Args)]
pub(super) struct PartitionArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    grids: GridOptions,
}

#[derive(clap::Args)]
pub(super) struct CoverageArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    walk: WalkOptions,
}

#[derive(clap::Args)]
pub(super) struct SiteArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    walk: WalkOptions,
    #[command(flatten)]
    sites: SiteOptions,
}

#[derive(clap::Args)]
pub(super) struct PlanArgs {
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    out: OutArgs,
    #[command(flatten)]
    grids: GridOptions,
    #[command(flatten)]
    walk: WalkOptions,
    #[command(flatten)]
    sites: SiteOptions,
}

pub(super) fn partition(args: &PartitionArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| args.grids.apply(rules);
    answer(&args.place, &args.out, change, Parts::PARTITION, Some(&args.grids), console)
}

pub(super) fn coverage(args: &CoverageArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| args.walk.apply(rules);
    answer(&args.place, &args.out, change, Parts::COVERAGE, None, console)
}

pub(super) fn site(args: &SiteArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| {
        args.walk.apply(rules);
        args.sites.apply(rules);
    };
    answer(&args.place, &args.out, change, Parts::SITING, None, console)
}

pub(super) fn plan(args: &PlanArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| {
        args.grids.apply(rules);
        args.walk.apply(rules);
        args.sites.apply(rules);
    };
    answer(&args.place, &args.out, change, Parts::ALL, Some(&args.grids), console)
}

/// Reads, plans, draws, verifies, and only then puts the folder in place.
fn answer(
    place: &PlaceArgs,
    paper: &OutArgs,
    change: impl Fn(&mut Rules),
    parts: Parts,
    grids: Option<&GridOptions>,
    console: &mut Console,
) -> anyhow::Result<Verdict> {
    let out = paper.out.as_path();
    add_font(paper.font.as_deref())?;
    io::claim(out).with_context(|| hint_other_folder(console))?;
    if place.lies_in(out) {
        anyhow::bail!("{}: `{}`", hint_other_folder(console), out.display());
    }
    let reading = place.read(console);
    let mut place = sound(&reading, console)?;
    let mut rules = reading.rules;
    change(&mut rules);
    rules.validate()?;
    if grids.is_some_and(|grids| grids.trade_off) && place.grids_in_force.is_empty() {
        anyhow::bail!("{}", no_grids_in_force(console));
    }
    sites_named(&rules, &place)?;
    let run = console.run();
    let fabric = planner::prepare(&mut place, &rules, &run);
    let ground = StreetGround::of(&place)?;
    let straight = StraightLine::by(&rules);
    let streets = ground.as_ref().map(|ground| ground.times(&rules));
    let times = streets.as_ref().map_or(&straight as &dyn TravelTimes, |streets| streets);
    let mut plan = planner::plan(&place, &fabric, &rules, times, parts, &run);
    if let Some(grids) = grids {
        grids.compare(&place, &fabric, &rules, &mut plan, &run);
    }
    if let Some(partition) = &plan.partition {
        note_fallen_back(partition, &place, &rules, console);
    }
    let inputs = reading.inputs.sorted();
    let subject = Subject {
        place: &place,
        fabric: &fabric,
        rules: &rules,
        plan: &plan,
        inputs: &inputs,
        problems: &reading.problems,
        seed: console.seed.0,
        model: times.model(),
        lang: console.paper,
    };
    let summary = report::summary(&subject);
    let Papers { mut files, faults, missing_glyphs } = papers(&subject, &summary, paper, console)?;
    warn_of_glyphs(&missing_glyphs, console);
    for fault in &faults {
        console.note(&format!("{}: {}", console.say("fault", "问题"), fault.message(console.lang)));
    }
    files.push(("run.json".to_owned(), run_record(console, faults.len())));
    let kept = io::write_folder(out, &files).with_context(|| hint_other_folder(console))?;
    if let Some(kept) = kept {
        let kept = kept.display();
        console.note(&match console.lang {
            Lang::En => format!("note: the earlier result is kept as `{kept}`"),
            Lang::Zh => format!("说明：原有结果保存在 `{kept}`"),
        });
    }
    if console.json {
        let mut summary = summary.clone();
        summary["faults"] = faults.iter().map(|f| json!(f.message(console.lang))).collect();
        console.data(&format!("{summary:#}\n"))?;
    } else {
        console.data(&words(&summary, out, faults.len(), console.lang))?;
        if summary.get("plans").is_some() {
            console.data(&choice(&summary, console.lang))?;
        }
    }
    let out_of_range = summary["partition"]["out_of_range"].as_array().is_some_and(|list| !list.is_empty());
    let infeasible = summary["siting"]["status"].as_str() == Some("infeasible");
    Ok(Verdict::satisfied_if(faults.is_empty() && !out_of_range && !infeasible))
}

fn no_grids_in_force(console: &Console) -> String {
    let en = "--trade-off sets new grids against those in force, and the place has none: name their file \
              under [existing_grids] in place.toml, or leave the option out";
    let zh = "--trade-off 要与现行网格比较，而该地没有：请在 place.toml 的 [existing_grids] 中注明其文件，或去掉此选项";
    console.say(en, zh).to_owned()
}

/// Where the grids in force could not be kept strictly, and why.
fn note_fallen_back(partition: &Partition, place: &Place, rules: &Rules, console: &Console) {
    for (community, reason) in partition.keeping.iter().flat_map(|keeping| &keeping.fell_back) {
        let name = &place.communities[community.index()].name;
        let reason = report::fell_back(*reason, place, rules, console.lang);
        console.note(&match console.lang {
            Lang::En => format!("note: {name}: grids kept by preference, not strictly: {reason}"),
            Lang::Zh => format!("说明：{name} 未能严格保留网格，改为尽量保留：{reason}"),
        });
    }
}

fn hint_other_folder(console: &Console) -> String {
    let (en, zh) = ("choose another folder with --out", "请用 --out 另选文件夹");
    console.say(en, zh).to_owned()
}

pub(super) fn map_lang(lang: Lang) -> MapLang {
    match lang {
        Lang::Zh => MapLang::Zh,
        Lang::En => MapLang::En,
    }
}

/// Adds a font that was named.
pub(super) fn add_font(file: Option<&Path>) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let bytes = std::fs::read(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    render::add_font(bytes).map_err(|reason| anyhow::anyhow!("`{}`: {reason}", file.display()))
}

pub(super) fn warn_of_glyphs(missing: &[char], console: &Console) {
    if !missing.is_empty() {
        let list: String = missing.iter().collect();
        console.note(&match console.lang {
            Lang::En => {
                format!("warning: the map font lacks: {list}; name one that has them with --font FILE")
            }
            Lang::Zh => format!("警告：地图字体缺字：{list}；可用 --font 指定含这些字的字体文件"),
        });
    }
}
