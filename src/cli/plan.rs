//! `wangge plan`, and its parts `partition`, `coverage` and `site`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::json;

use super::console::Console;
use super::place::{PlaceArgs, sound};
use super::record::run_record;
use super::wishes::sites_named;
use super::words::{choice, words};
use super::{Verdict, parse};
use crate::alternatives;
use crate::index::fabric::Fabric;
use crate::io;
use crate::maps;
use crate::model::alternative::Alternative;
use crate::model::lang::Lang;
use crate::model::place::Place;
use crate::model::plan::{Partition, Plan};
use crate::model::rules::{Effort, Keep, Objective, Rules};
use crate::model::units::WalkTime;
use crate::network::{StraightLine, StreetGround, TravelTimes};
use crate::page;
use crate::planner::{self, Parts};
use crate::render::layers::Lang as MapLang;
use crate::report::{self, Subject};
use crate::run::{Run, Stage};
use crate::verify;

/// Where results go.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct OutArgs {
    /// Folder to write; an earlier result there is kept under a number
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Also draw a sheet for every community, to a round scale on 8开 or 4开: maps/atlas.pdf and a PNG each
    #[arg(long)]
    atlas: bool,
    /// Also write tables and a map for the public to `public/`: no personal data, and no count of people or
    /// households below K shown or recoverable from totals
    #[arg(long, value_name = "K", num_args = 0..=1, default_missing_value = "5", value_parser = clap::value_parser!(u64).range(1..=1000))]
    public: Option<u64>,
}

/// How grids are cut.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct GridOptions {
    /// Households of a grid, instead of the profile's range
    #[arg(long, value_name = "MIN-MAX", value_parser = parse::range)]
    households: Option<(u32, u32)>,
    /// What grids in force are worth. none: nothing; prefer: every household moved is charged;
    /// strict: in each community the fewest households move that bring all grids into range, with
    /// as many grids as now or the fewest more that hold everybody. Without it the profile's, prefer
    #[arg(long, value_name = "none|prefer|strict", value_parser = parse::keep)]
    keep: Option<Keep>,
    /// How much is tried and proved, in counted work: fast drafts and plain bounds; normal, which solves
    /// small communities to the end; prove, with forty times the work for the proof. Without it the
    /// profile's, normal
    #[arg(long, value_name = "fast|normal|prove", value_parser = parse::effort)]
    effort: Option<Effort>,
    /// Also divide with several weights of respect for tradition, and chart what moving fewer
    /// households costs: tradeoff.csv and maps/tradeoff.png. Needs grids in force
    #[arg(long)]
    trade_off: bool,
    /// Also look for plans to choose from, none better than another in everything: plans.csv, and a
    /// folder plans/2, plans/3 ... for each beside this one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..=8))]
    plans: Option<u32>,
}

/// How far people walk.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct WalkOptions {
    /// The longest walk that counts as covered, instead of the profile's
    #[arg(long, value_name = "TIME", value_parser = parse::walk_time)]
    within: Option<WalkTime>,
    /// Count only the centres of one's own community, as for business tied to residence (属地办理);
    /// without it all centres are open to all
    #[arg(long)]
    jurisdiction: bool,
}

/// How many new centres, and what for.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct SiteOptions {
    /// New centres to choose, instead of the profile's number
    #[arg(long, value_name = "N")]
    new: Option<u32>,
    /// cover: most people newly covered; walk: least walking in total; fewest: fewest centres that
    /// cover everybody who can be, or --share; worst: shortest longest walk; backup: most people with
    /// two centres in reach; fair: the community covered worst as well as can be; room: most households
    /// with floor enough in reach, by each centre's area and the rule for 100 households
    #[arg(long, value_name = "cover|walk|fewest|worst|backup|fair|room", value_parser = parse::objective)]
    objective: Option<Objective>,
    /// What decides among choices that are equal by the objective
    #[arg(long, value_name = "OBJECTIVE", value_parser = parse::then)]
    then: Option<Objective>,
    /// What the new centres may cost together, in the candidates' own unit
    #[arg(long, value_name = "COST")]
    budget: Option<u64>,
    /// With --objective fewest: the share of all people to be covered
    #[arg(long, value_name = "SHARE", value_parser = parse::share)]
    share: Option<u32>,
    /// A candidate chosen in any case; may be given again. The price of it is told
    #[arg(long, value_name = "CODE")]
    force: Vec<String>,
    /// A candidate not to be chosen; may be given again
    #[arg(long, value_name = "CODE")]
    forbid: Vec<String>,
    /// How many choices to list, the best and the next best
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    site_plans: Option<u32>,
}

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

impl GridOptions {
    fn apply(&self, rules: &mut Rules) {
        if let Some((low, high)) = self.households {
            (rules.grids.households_min, rules.grids.households_max) = (low, high);
        }
        rules.grids.keep = self.keep.unwrap_or(rules.grids.keep);
        rules.grids.effort = self.effort.unwrap_or(rules.grids.effort);
    }
}

impl GridOptions {
    /// Divides again where that was asked for.
    fn compare(&self, place: &Place, fabric: &Fabric, rules: &Rules, plan: &mut Plan, run: &Run<'_>) {
        if self.trade_off {
            plan.trade_off = alternatives::trade_off(place, fabric, rules, run);
        }
        if let (Some(asked), Some(own)) = (self.plans, &plan.partition) {
            plan.choice = Some(alternatives::choice(place, fabric, rules, own, asked, run));
        }
    }
}

impl WalkOptions {
    fn apply(&self, rules: &mut Rules) {
        if let Some(within) = self.within {
            rules.walking.within_s = within.millis().div_ceil(1000);
        }
        rules.coverage.jurisdiction |= self.jurisdiction;
    }
}

impl SiteOptions {
    pub(super) fn apply(&self, rules: &mut Rules) {
        rules.siting.new = self.new.unwrap_or(rules.siting.new);
        let asked = &mut rules.siting;
        asked.objective = self.objective.unwrap_or(asked.objective);
        asked.then = self.then.or(asked.then);
        asked.budget = self.budget.or(asked.budget);
        asked.share_permille = self.share.or(asked.share_permille);
        asked.force.extend(self.force.iter().cloned());
        asked.forbid.extend(self.forbid.iter().cloned());
        asked.plans = self.site_plans.unwrap_or(asked.plans);
    }
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
    let mut files = report::files(&subject)?;
    let summary = report::summary(&subject);
    run.progress.begin(Stage::Render, 1);
    let layers: BTreeMap<String, Vec<u8>> =
        files.iter().filter(|(name, _)| maps::LAYERS.contains(&name.as_str())).cloned().collect();
    let drawn = maps::draw(&summary, &layers, map_lang(console.paper))?;
    run.progress.advance(1);
    run.progress.end();
    warn_of_glyphs(&drawn.missing_glyphs, console);
    files.extend(drawn.files);
    if paper.atlas && plan.partition.is_some() {
        let sheets = place.communities.len() as u64 + 1;
        run.progress.begin(Stage::Render, sheets);
        let tick = |_: u64, _: u64| run.progress.advance(1);
        let atlas = maps::draw_atlas(&summary, &layers, map_lang(console.paper), &tick)?;
        run.progress.end();
        warn_of_glyphs(&atlas.missing_glyphs, console);
        files.extend(atlas.files);
    }

    if let Some(k) = paper.public {
        let public = report::public(&subject, k)?;
        files.extend(public.files);
        if plan.partition.is_some() {
            files.extend(maps::draw_public(&summary, &layers, &public.hidden, map_lang(console.paper))?);
        }
    }
    let made = files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let papers = report::papers(&subject, &made)?;
    files.extend(papers);
    let told = files.iter().filter(|(name, _)| page::FILES.contains(&name.as_str())).cloned().collect();
    files.push(("report.html".to_owned(), page::html(&summary, &told, console.paper)?));

    run.progress.begin(Stage::Verify, 1);
    let written = io::written_from(&files)?;
    let mut faults = verify::plan(&place, &rules, &written, &inputs);
    for alternative in plan.choice.iter().flat_map(|choice| choice.plans.iter().zip(1..).skip(1)) {
        faults.extend(judge_alternative(&files, alternative, &place, &rules, &inputs)?);
    }
    run.progress.advance(1);
    run.progress.end();
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

/// Faults of one of the plans to choose from, judged from its own folder.
fn judge_alternative(
    files: &[report::File],
    (alternative, number): (&Alternative, i32),
    place: &Place,
    rules: &Rules,
    inputs: &[(String, String)],
) -> anyhow::Result<Vec<verify::Fault>> {
    let folder = format!("plans/{number}/");
    let own = |(name, bytes): &report::File| Some((name.strip_prefix(&folder)?.to_owned(), bytes.clone()));
    let written = io::written_from(&files.iter().filter_map(own).collect::<Vec<_>>())?;
    let rules = alternative.rules(rules);
    Ok(verify::plan(place, &rules, &written, inputs))
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

pub(super) fn warn_of_glyphs(missing: &[char], console: &Console) {
    if !missing.is_empty() {
        let list: String = missing.iter().collect();
        console.note(&match console.lang {
            Lang::En => format!("warning: the map font lacks: {list}"),
            Lang::Zh => format!("警告：地图字体缺字：{list}"),
        });
    }
}
