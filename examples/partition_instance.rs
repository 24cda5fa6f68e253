//! Benchmark instances of districting: a JSON instance or a METIS graph in, one JSON object out.
//!
//! `cargo run --release --example partition_instance -- FILE --objective hess_moi`

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Parser, ValueEnum};
use cpu_time::ProcessTime;
use serde::Deserialize;
use wangge::districting::graph::Graph;
use wangge::districting::instance::{Instance, Objective};
use wangge::districting::{self, Division, Effort, Status, Unsolvable};
use wangge::run::{Run, Seed};

/// Nodes of the search that take a second of processor time or less on the machine it was tuned on:
/// those of territories of hundreds of atoms cost more, first divisions included.
fn nodes_a_second(atoms: usize, objective: Measure) -> f64 {
    if atoms <= 250 && objective != Measure::CutEdges { 1_200_000.0 } else { 400_000.0 }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Measure {
    /// People times squared distance to the best member of their part
    #[value(name = "hess_moi")]
    HessMoi,
    /// Edges between parts
    #[value(name = "cut_edges")]
    CutEdges,
    /// People times distance to the best member, with an upper limit only
    #[value(name = "pmedian_cap")]
    PmedianCap,
    /// The fewest people moved from the plan in `prior`
    #[value(name = "moved")]
    Moved,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Level {
    Fast,
    Normal,
    Prove,
}

/// Divide one benchmark instance
#[derive(Parser)]
struct Arguments {
    /// JSON instance or METIS graph, either gzipped
    file: PathBuf,
    /// What to make small
    #[arg(long, value_enum, default_value = "hess_moi")]
    objective: Measure,
    /// How hard to try; by default as hard as the seconds allow
    #[arg(long, value_enum)]
    effort: Option<Level>,
    /// Processor time, turned into counted work so that results repeat
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Seed of chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Number of parts, where the file does not say
    #[arg(long)]
    parts: Option<u32>,
    /// Deviation from the mean that is allowed, where the file does not say
    #[arg(long)]
    tolerance: Option<f64>,
    /// Write `atom,part` here
    #[arg(long)]
    labels: Option<PathBuf>,
}

/// An instance as its file has it.
struct Case {
    instance: Instance,
    prior: Option<Vec<u32>>,
    /// Positions in the file's unit.
    places: Vec<(f64, f64)>,
    scale: f64,
}

#[derive(Deserialize)]
struct Raw {
    k: Option<u32>,
    #[serde(rename = "L")]
    low: Option<i64>,
    #[serde(rename = "U")]
    high: Option<i64>,
    pop: Vec<i64>,
    x: Vec<f64>,
    y: Vec<f64>,
    edges: Vec<Edge>,
    dist_scale: Option<f64>,
    prior: Option<Vec<u32>>,
}

/// The first two numbers of an edge; what follows is its length and kind.
struct Edge(u32, u32);

impl<'de> Deserialize<'de> for Edge {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pair;
        impl<'de> serde::de::Visitor<'de> for Pair {
            type Value = Edge;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an edge `[i, j, ...]`")
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut row: A) -> Result<Edge, A::Error> {
                use serde::de::Error as _;
                let mut end =
                    || row.next_element::<u32>()?.ok_or_else(|| A::Error::custom("an edge names two atoms"));
                let edge = Edge(end()?, end()?);
                while row.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                Ok(edge)
            }
        }
        deserializer.deserialize_seq(Pair)
    }
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let text = read(&arguments.file)?;
    let case = if text.trim_start().starts_with('{') {
        from_json(&text, &arguments)?
    } else {
        from_metis(&text, &arguments)?
    };
    let started = ProcessTime::now();
    let result = solve(&case, &arguments);
    let cpu_s = started.elapsed().as_secs_f64();
    let answer = report(&case, &arguments, result, cpu_s)?;
    println!("{answer}");
    Ok(())
}

fn solve(case: &Case, arguments: &Arguments) -> Result<Division, Unsolvable> {
    let run = Run::quiet(Seed(arguments.seed));
    let work = (arguments.seconds * nodes_a_second(case.instance.len(), arguments.objective)) as u64;
    let effort = match arguments.effort {
        Some(Level::Fast) => Effort::Fast,
        Some(Level::Normal) => Effort::Normal,
        Some(Level::Prove) => Effort::Prove { work },
        None if arguments.seconds <= 0.005 => Effort::Fast,
        None if arguments.seconds <= 0.1 => Effort::Normal,
        None => Effort::Prove { work },
    };
    match arguments.objective {
        Measure::HessMoi => districting::solve(&case.instance, Objective::Moment, effort, &run),
        Measure::PmedianCap => districting::solve(&case.instance, Objective::Distance, effort, &run),
        Measure::CutEdges => districting::solve(&case.instance, Objective::Cut, effort, &run),
        Measure::Moved => {
            let prior = case.prior.as_deref().unwrap_or(&[]);
            districting::fewest_moved(&case.instance, prior, work)
        }
    }
}

/// Whether there is no division, or none was found in time.
fn unsolved(reason: Unsolvable) -> &'static str {
    if reason == Unsolvable::NotFound { "time-limit" } else { "infeasible" }
}

fn report(
    case: &Case,
    arguments: &Arguments,
    result: Result<Division, Unsolvable>,
    cpu_s: f64,
) -> anyhow::Result<serde_json::Value> {
    let name = arguments.file.file_stem().and_then(|s| s.to_str()).unwrap_or_default();
    let name = name.split('.').next().unwrap_or_default();
    let division = match result {
        Ok(division) => division,
        Err(reason) => {
            return Ok(serde_json::json!({
                "instance": name, "objective": word(arguments.objective), "value": null, "bound": null,
                "gap": null, "status": unsolved(reason), "reason": reason.to_string(), "feasible": false,
                "cpu_s": cpu_s, "peak_mib": peak_mib(),
            }));
        }
    };
    if let Some(path) = &arguments.labels {
        write_labels(path, &division.part_of)?;
    }
    let judged = case.instance.judge(&division.part_of);
    let value = value(case, arguments.objective, &division);
    // The bound stands to the whole value as it will stand to the printed one.
    let bound = if division.status() == Status::Optimal {
        value
    } else {
        value * (division.bound as f64 / division.value.max(1) as f64)
    };
    Ok(serde_json::json!({
        "instance": name,
        "objective": word(arguments.objective),
        "value": value,
        "bound": bound,
        "gap": division.gap(),
        "status": match division.status() { Status::Optimal => "optimal", Status::Gap => "gap" },
        "feasible": judged.feasible,
        "parts": judged.parts,
        "disconnected": judged.disconnected,
        "pop_min": judged.people_min,
        "pop_max": judged.people_max,
        "cpu_s": cpu_s,
        "peak_mib": peak_mib(),
    }))
}

/// The objective in the file's own units.
fn value(case: &Case, objective: Measure, division: &Division) -> f64 {
    let power = match objective {
        Measure::CutEdges | Measure::Moved => return division.value as f64,
        Measure::HessMoi => 2,
        Measure::PmedianCap => 1,
    };
    let members = case.instance.members(&division.part_of);
    let about = |part: &[u32], centre: u32| -> f64 {
        let (x, y) = case.places[centre as usize];
        let cost = |&atom: &u32| {
            let (dx, dy) = (case.places[atom as usize].0 - x, case.places[atom as usize].1 - y);
            let square = dx * dx + dy * dy;
            case.instance.people[atom as usize] as f64 * if power == 2 { square } else { square.sqrt() }
        };
        part.iter().map(cost).sum()
    };
    let best = |part: &Vec<u32>| part.iter().map(|&c| about(part, c)).fold(f64::INFINITY, f64::min);
    members.iter().map(best).sum::<f64>() * case.scale.powi(power)
}

fn word(objective: Measure) -> String {
    objective.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default()
}

fn from_json(text: &str, arguments: &Arguments) -> anyhow::Result<Case> {
    let raw: Raw = serde_json::from_str(text).context("not an instance")?;
    let n = raw.pop.len();
    if raw.x.len() != n || raw.y.len() != n || raw.pop.iter().any(|p| *p < 0) {
        bail!("`pop`, `x` and `y` must be as long as one another, and no count negative");
    }
    if arguments.objective == Measure::Moved && raw.prior.as_ref().is_none_or(|prior| prior.len() != n) {
        bail!("`--objective moved` needs a plan in `prior`");
    }
    let mut edges = Vec::with_capacity(raw.edges.len());
    for &Edge(a, b) in &raw.edges {
        if a as usize >= n || b as usize >= n {
            bail!("edge {a}, {b} names an atom that is not there");
        }
        edges.push((a, b, 1));
    }
    let Some(parts) = arguments.parts.or(raw.k) else { bail!("the file has no `k`: give --parts") };
    let (low, high) = match (arguments.tolerance, raw.low, raw.high) {
        (None, Some(low), Some(high)) => (low, high),
        (tolerance, ..) => range(&raw.pop, parts, tolerance.unwrap_or(0.05)),
    };
    let unit = finest_unit(&raw);
    let whole = |axis: &[f64]| axis.iter().map(|v| (v * unit).round() as i64).collect();
    let instance = Instance {
        graph: Graph::from_edges(n, &edges),
        people: raw.pop,
        x: whole(&raw.x),
        y: whole(&raw.y),
        parts,
        low: if arguments.objective == Measure::PmedianCap { 0 } else { low },
        high,
    };
    let places = raw.x.into_iter().zip(raw.y).collect();
    if raw.prior.as_ref().is_some_and(|prior| prior.iter().any(|part| *part >= parts)) {
        bail!("`prior` names a part that is not there");
    }
    Ok(Case { instance, prior: raw.prior, places, scale: raw.dist_scale.unwrap_or(1.0) })
}

/// Decimetres, or the finest unit coarser by halves in which sums of moments fit.
fn finest_unit(raw: &Raw) -> f64 {
    let span = |axis: &[f64]| {
        axis.iter().copied().fold(f64::NEG_INFINITY, f64::max)
            - axis.iter().copied().fold(f64::INFINITY, f64::min)
    };
    let people: f64 = raw.pop.iter().map(|p| *p as f64).sum();
    let most = people * (span(&raw.x).powi(2) + span(&raw.y).powi(2));
    let mut unit = 10.0;
    while most * unit * unit > 0.9 * 60f64.exp2() {
        unit /= 2.0;
    }
    unit
}

/// The METIS format: a line `nodes edges [format [weights]]`, then one line for each node.
fn from_metis(text: &str, arguments: &Arguments) -> anyhow::Result<Case> {
    let mut lines = text.lines().filter(|line| !line.starts_with('%'));
    let numbers = |line: &str| -> anyhow::Result<Vec<u64>> {
        line.split_whitespace()
            .map(|word| word.parse().with_context(|| format!("`{word}` is no number")))
            .collect()
    };
    let head = numbers(lines.next().unwrap_or_default())?;
    let Some(&n) = head.first() else { bail!("the file is empty") };
    let format = head.get(2).copied().unwrap_or(0);
    let (weighted, priced, sized) = (format / 10 % 10 == 1, format % 10 == 1, format / 100 % 10 == 1);
    let constraints = if weighted { head.get(3).copied().unwrap_or(1) as usize } else { 0 };
    let mut people = Vec::new();
    let mut edges = Vec::new();
    for (node, line) in (0..n as u32).zip(lines.by_ref()) {
        let row = numbers(line)?;
        let skip = usize::from(sized);
        people.push(if weighted { *row.get(skip).context("a node has no weight")? as i64 } else { 1 });
        for arc in row[(skip + constraints).min(row.len())..].chunks(1 + usize::from(priced)) {
            if arc[0] == 0 || arc[0] > n {
                bail!("node {} names neighbour {}, which is not there", node + 1, arc[0]);
            }
            let other = arc[0] as u32 - 1;
            if node < other {
                edges.push((node, other, arc.get(1).map_or(1, |price| *price as u32)));
            }
        }
    }
    if people.len() as u64 != n {
        bail!("{n} nodes are announced, {} are there", people.len());
    }
    let Some(parts) = arguments.parts else { bail!("a METIS graph needs --parts") };
    let (low, high) = range(&people, parts, arguments.tolerance.unwrap_or(0.03));
    let graph = Graph::from_edges(n as usize, &edges);
    let instance = Instance { graph, people, x: Vec::new(), y: Vec::new(), parts, low, high };
    Ok(Case { instance, prior: None, places: Vec::new(), scale: 1.0 })
}

fn range(people: &[i64], parts: u32, tolerance: f64) -> (i64, i64) {
    let mean = people.iter().sum::<i64>() as f64 / f64::from(parts.max(1));
    ((mean * (1.0 - tolerance)).ceil() as i64, (mean * (1.0 + tolerance)).floor() as i64)
}

fn read(path: &Path) -> anyhow::Result<String> {
    let file = BufReader::new(File::open(path).with_context(|| format!("cannot open {}", path.display()))?);
    let mut text = String::new();
    if path.extension().is_some_and(|extension| extension == "gz") {
        flate2::bufread::GzDecoder::new(file).read_to_string(&mut text)
    } else {
        { file }.read_to_string(&mut text)
    }
    .with_context(|| format!("cannot read {}", path.display()))?;
    Ok(text)
}

fn write_labels(path: &Path, part_of: &[u32]) -> anyhow::Result<()> {
    let mut file = std::io::BufWriter::new(File::create(path)?);
    writeln!(file, "atom,part")?;
    for (atom, part) in part_of.iter().enumerate() {
        writeln!(file, "{atom},{part}")?;
    }
    Ok(file.flush()?)
}

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
