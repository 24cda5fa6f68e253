//! `wangge plan`, and its parts `partition`, `coverage` and `site`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Value, json};

use super::console::Console;
use super::place::{PlaceArgs, sound};
use super::{Verdict, parse};
use crate::io;
use crate::maps;
use crate::model::lang::Lang;
use crate::model::rules::{Objective, Rules};
use crate::model::units::WalkTime;
use crate::network::{StraightLine, TravelTimes as _};
use crate::planner::{self, Parts};
use crate::render::layers::Lang as MapLang;
use crate::report::{self, Subject};
use crate::run::Stage;
use crate::verify;

/// Where results go.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct OutArgs {
    /// Folder to write; an earlier result there is kept under a number
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// How grids are cut.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct GridOptions {
    /// Households of a grid, instead of the profile's range
    #[arg(long, value_name = "MIN-MAX", value_parser = parse::range)]
    households: Option<(u32, u32)>,
}

/// How far people walk.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct WalkOptions {
    /// The longest walk that counts as covered, instead of the profile's
    #[arg(long, value_name = "TIME", value_parser = parse::walk_time)]
    within: Option<WalkTime>,
}

/// How many new centres, and what for.
#[derive(clap::Args)]
#[command(next_help_heading = "Planning")]
pub(super) struct SiteOptions {
    /// New centres to choose, instead of the profile's number
    #[arg(long, value_name = "N")]
    new: Option<u32>,
    /// cover: most people newly covered; walk: least walking in total; fewest: fewest centres that
    /// cover everybody who can be; worst: shortest longest walk
    #[arg(long, value_name = "cover|walk|fewest|worst", value_parser = parse::objective)]
    objective: Option<Objective>,
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
    answer(&args.place, &args.out.out, change, Parts::PARTITION, console)
}

pub(super) fn coverage(args: &CoverageArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| args.walk.apply(rules);
    answer(&args.place, &args.out.out, change, Parts::COVERAGE, console)
}

pub(super) fn site(args: &SiteArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| {
        args.walk.apply(rules);
        args.sites.apply(rules);
    };
    answer(&args.place, &args.out.out, change, Parts::SITING, console)
}

pub(super) fn plan(args: &PlanArgs, console: &mut Console) -> anyhow::Result<Verdict> {
    let change = |rules: &mut Rules| {
        args.grids.apply(rules);
        args.walk.apply(rules);
        args.sites.apply(rules);
    };
    answer(&args.place, &args.out.out, change, Parts::ALL, console)
}

impl GridOptions {
    fn apply(&self, rules: &mut Rules) {
        if let Some((low, high)) = self.households {
            (rules.grids.households_min, rules.grids.households_max) = (low, high);
        }
    }
}

impl WalkOptions {
    fn apply(&self, rules: &mut Rules) {
        if let Some(within) = self.within {
            rules.walking.within_s = within.millis().div_ceil(1000);
        }
    }
}

impl SiteOptions {
    fn apply(&self, rules: &mut Rules) {
        rules.siting.new = self.new.unwrap_or(rules.siting.new);
        rules.siting.objective = self.objective.unwrap_or(rules.siting.objective);
    }
}

/// Reads, plans, draws, verifies, and only then puts the folder in place.
fn answer(
    place: &PlaceArgs,
    out: &Path,
    change: impl Fn(&mut Rules),
    parts: Parts,
    console: &mut Console,
) -> anyhow::Result<Verdict> {
    io::claim(out).with_context(|| hint_other_folder(console))?;
    if place.lies_in(out) {
        anyhow::bail!("{}: `{}`", hint_other_folder(console), out.display());
    }
    let reading = place.read(console);
    let mut place = sound(&reading, console)?;
    let mut rules = reading.rules;
    change(&mut rules);
    rules.validate()?;
    let run = console.run();
    let fabric = planner::prepare(&mut place, &rules, &run);
    let times = StraightLine::by(&rules);
    let plan = planner::plan(&place, &fabric, &rules, &times, parts, &run);
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

    run.progress.begin(Stage::Verify, 1);
    let written = io::written_from(&files)?;
    let faults = verify::plan(&place, &rules, &written, &inputs);
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
    }
    let out_of_range = summary["partition"]["out_of_range"].as_array().is_some_and(|list| !list.is_empty());
    let infeasible = summary["siting"]["status"].as_str() == Some("infeasible");
    Ok(Verdict::satisfied_if(faults.is_empty() && !out_of_range && !infeasible))
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

/// What may differ between runs, and so stays out of `plan.json`.
fn run_record(console: &Console, faults: usize) -> Vec<u8> {
    let stages: Vec<Value> =
        console.stages().iter().map(|(name, s)| json!({"stage": name, "seconds": s})).collect();
    let cpu = cpu_time::ProcessTime::try_now().map(|t| t.as_duration().as_secs_f64()).ok();
    let record = json!({
        "wangge": env!("CARGO_PKG_VERSION"),
        "threads": console.threads,
        "stages": stages,
        "cpu_seconds": cpu,
        "peak_mib": peak_mib(),
        "machine": {"os": std::env::consts::OS, "arch": std::env::consts::ARCH},
        "verify_faults": faults,
    });
    format!("{record:#}\n").into_bytes()
}

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some((kib / 102.4).round() / 10.0)
}

/// The summary for a reader.
fn words(summary: &Value, out: &Path, faults: usize, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: &str, zh_text: &str| if zh { zh_text.to_owned() } else { en.to_owned() };
    let percent = |v: &Value| v.as_f64().map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0));
    let minutes = |v: &Value| v.as_f64().map_or("–".to_owned(), |m| format!("{m:.1}"));
    let mut lines = Vec::new();
    let place = &summary["place"];
    lines.push((
        place["name"].as_str().unwrap_or_default().to_owned(),
        match lang {
            Lang::En => format!(
                "{} communities, {} atoms, {} households, {} people",
                place["communities"], place["atoms"], place["households"], place["population"]
            ),
            Lang::Zh => format!(
                "{} 个社区，{} 个单元，{} 户，{} 人",
                place["communities"], place["atoms"], place["households"], place["population"]
            ),
        },
    ));
    if let Some(p) = summary.get("partition") {
        let (grids, within) = (&p["grids"], &p["in_range"]);
        let (gap, cv) = (percent(&p["gap"]), &p["coefficient_of_variation"]);
        lines.push((
            pick("grids", "网格"),
            match lang {
                Lang::En => format!(
                    "{grids}, {within} in range; spread {cv}; moment of inertia within {gap} of the least for as many grids"
                ),
                Lang::Zh => {
                    format!("{grids} 个，达标 {within} 个；户数变异系数 {cv}；集聚惯量与同样网格数的最小值相差不超过 {gap}")
                }
            },
        ));
        for grid in p["out_of_range"].as_array().into_iter().flatten() {
            let code = grid["grid"].as_str().unwrap_or_default();
            let reason = grid[if zh { "reason" } else { "reason_en" }].as_str().unwrap_or_default();
            let unit = pick("households", "户");
            lines.push((String::new(), format!("{code}  {} {unit}: {reason}", grid["households"])));
        }
    }
    if let Some(c) = summary.get("coverage") {
        let none = c["centres"]["counted"] == 0;
        let (share, within) = (percent(&c["share"]), minutes(&c["within_minutes"]));
        let (mean, p90, longest) =
            (minutes(&c["mean_minutes"]), minutes(&c["p90_minutes"]), minutes(&c["longest_minutes"]));
        let groups = &c["groups"];
        let (older, child) = (percent(&groups["older"]["share"]), percent(&groups["child"]["share"]));
        lines.push((
            pick("coverage", "覆盖"),
            match lang {
                Lang::En if none => "no centre of this level is given; nobody is covered".to_owned(),
                Lang::Zh if none => "没有本级的现有中心，无人覆盖".to_owned(),
                Lang::En => format!("{share} of people within {within} min (estimated); older {older}, children {child}; mean {mean}, P90 {p90}, longest {longest} min"),
                Lang::Zh => format!("{within} 分钟内 {share}（估算）；老人 {older}，儿童 {child}；平均 {mean}，九成 {p90}，最远 {longest} 分钟"),
            },
        ));
    }
    if let Some(s) = summary.get("siting") {
        let chosen: Vec<&str> =
            s["chosen"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let chosen = match (chosen.is_empty(), lang) {
            (true, Lang::En) if s["asked"] == 0 => "none asked for".to_owned(),
            (true, Lang::Zh) if s["asked"] == 0 => "未要求新增".to_owned(),
            (true, Lang::En) => "no candidate helps".to_owned(),
            (true, Lang::Zh) => "没有可用的候选点".to_owned(),
            _ => chosen.join(", "),
        };
        let (status, gap) = (s["status"].as_str().unwrap_or_default(), percent(&s["gap"]));
        let (before, after) = (&s["covered_before"], &s["covered_after"]);
        lines.push((
            pick("new sites", "选址"),
            match lang {
                Lang::En => format!("{chosen}: {before} to {after} people covered ({status}, gap {gap})"),
                Lang::Zh => format!("{chosen}：覆盖 {before} 人增至 {after} 人（{status}，差距 {gap}）"),
            },
        ));
    }
    let verdict =
        if faults == 0 { pick("no fault found", "未发现问题") } else { format!("{faults} ✗") };
    lines.push((pick("verified", "核验"), verdict));
    lines.push((pick("written to", "写入"), out.display().to_string()));
    let width = lines.iter().map(|(key, _)| columns(key)).max().unwrap_or(0);
    let pad = |key: &str| " ".repeat(width - columns(key));
    lines.iter().map(|(key, text)| format!("{key}{}  {text}\n", pad(key))).collect()
}

/// Columns of a terminal: two for a Chinese character.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}
