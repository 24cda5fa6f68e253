//! Benchmark instances of siting: one of the public formats in, one JSON object out.
//!
//! `cargo run --release --example siting_instance -- FILE --format orlib --problem p-median`

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Parser, ValueEnum};
use cpu_time::ProcessTime;
use wangge::location::{
    self, Costs, Effort, Entry, Instance, Points, Problem, Rounding, Site, Siting, Status, Table,
};
use wangge::run::{Run, Seed};

/// Distances looked at in a second of processor time on the machine this was tuned on: fewer where
/// lists outgrow its caches.
fn work_a_second(rows: usize, problem: Problem) -> f64 {
    // Short lists of many sites jump about more than long ones of few.
    match problem {
        // Small regions stay in the caches.
        Problem::Cpmp { p } if rows < 4_000 && p as usize * 6 > rows => return 330e6,
        Problem::Cpmp { .. } => return 240e6,
        Problem::PMedian { p } if rows < 4_500 && p as usize * 40 > rows => return 250e6,
        // Few sites of many: mostly linear relaxation, slower where its kernel outgrows a cache.
        Problem::PMedian { .. } if rows < 1_700 => return 400e6,
        Problem::PMedian { .. } if rows < 2_500 => return 320e6,
        _ => {}
    }
    match rows {
        0..1_700 => 550e6,
        1_700..2_500 => 480e6,
        2_500..4_500 => 400e6,
        4_500..10_000 => 185e6,
        10_000..40_000 => 225e6,
        _ => 130e6,
    }
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Format {
    /// `n edges p`, then `i j cost`: OR-Library's networks
    Orlib,
    /// TSPLIB coordinates
    Tsplib,
    /// `n 2`, then `x y`
    Xy,
    /// `x,y,capacity,demand`
    Cpmp,
    /// `kind,id,x,y,weight` with kinds D and C
    City,
    /// `kind,id,x,y,weight` with kinds F and C
    Cfl,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Question {
    PMedian,
    PCenter,
    Mclp,
    Lscp,
    Psclp,
    Cpmp,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Round {
    /// Each distance is rounded down
    Floor,
    /// To the nearest, halves up
    Nearest,
    /// Real distances
    None,
}

/// Choose sites for one benchmark instance
#[derive(Parser)]
struct Arguments {
    /// The instance, gzipped or not
    file: PathBuf,
    /// How the file is written
    #[arg(long, value_enum)]
    format: Format,
    /// What is wanted
    #[arg(long, value_enum)]
    problem: Question,
    /// Sites to open, where the file does not say
    #[arg(long)]
    p: Option<u32>,
    /// Reach, in the file's unit
    #[arg(long)]
    radius: Option<f64>,
    /// Share of the demand to cover
    #[arg(long)]
    share: Option<f64>,
    /// Road costs: row i, column j is what serving i from j costs
    #[arg(long)]
    matrix: Option<PathBuf>,
    /// How distances are rounded; by default as the format has it
    #[arg(long, value_enum)]
    rounding: Option<Round>,
    /// Processor time, turned into counted work so that results repeat
    #[arg(long, default_value_t = 60.0)]
    seconds: f64,
    /// Seed of chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// An instance and what its whole numbers mean.
struct Case {
    instance: Instance,
    p: Option<u32>,
    /// Whole units in one of the file's; 1 where distances are whole.
    scale: f64,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let case = read(&arguments)?;
    let problem = problem(&arguments, &case)?;
    let run = Run::quiet(Seed(arguments.seed));
    let work = arguments.seconds * work_a_second(case.instance.weights.len(), problem);
    let effort = Effort::Prove { work: work as u64 };
    let started = ProcessTime::now();
    let result = location::solve(&case.instance, problem, effort, &run);
    let cpu_s = started.elapsed().as_secs_f64();
    let name = arguments.file.file_name().and_then(|s| s.to_str()).unwrap_or_default();
    let mut answer = serde_json::json!({
        "instance": name.split('.').next().unwrap_or_default(),
        "problem": arguments.problem.to_possible_value().map(|v| v.get_name().to_owned()),
        "cpu_s": cpu_s,
        "peak_mib": peak_mib(),
    });
    match result {
        Ok(siting) => report(&mut answer, &case, problem, &siting),
        Err(reason) => {
            answer["status"] = "infeasible".into();
            answer["reason"] = reason.to_string().into();
            for key in ["value", "bound", "gap"] {
                answer[key] = serde_json::Value::Null;
            }
            answer["chosen"] = serde_json::json!([]);
        }
    }
    println!("{answer}");
    Ok(())
}

fn report(answer: &mut serde_json::Value, case: &Case, problem: Problem, siting: &Siting) {
    let distances =
        matches!(problem, Problem::PMedian { .. } | Problem::PCenter { .. } | Problem::Cpmp { .. });
    answer["chosen"] = siting.chosen.clone().into();
    answer["status"] = if siting.status() == Status::Optimal { "optimal" } else { "gap" }.into();
    if distances && case.scale != 1.0 {
        let value = real_value(case, problem, siting);
        let bound = siting.bound as f64 / case.scale;
        answer["value"] = value.into();
        answer["bound"] = bound.min(value).into();
        answer["gap"] = ((value - bound) / value.max(f64::MIN_POSITIVE)).max(0.0).into();
    } else {
        answer["value"] = siting.value.into();
        answer["bound"] = siting.bound.into();
        answer["gap"] = siting.gap().into();
    }
}

/// The value with real distances; whole ones were rounded down for the bound's sake.
fn real_value(case: &Case, problem: Problem, siting: &Siting) -> f64 {
    let Costs::Points(points) = &case.instance.costs else { return siting.value as f64 / case.scale };
    let mut value = 0.0f64;
    for (i, site) in siting.assignment.iter().enumerate() {
        let Some(site) = site else { continue };
        let (a, b) = (points.demand[i], points.sites[*site as usize]);
        let d = ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt();
        value = if matches!(problem, Problem::PCenter { .. }) {
            value.max(d)
        } else {
            value + d * case.instance.weights[i] as f64
        };
    }
    value
}

fn problem(arguments: &Arguments, case: &Case) -> anyhow::Result<Problem> {
    let p = || arguments.p.or(case.p).context("this problem needs --p");
    // City: covered at the radius itself. Recipe of covering: covered below it, settled while reading.
    let radius = || -> anyhow::Result<u32> {
        if arguments.format == Format::Cfl {
            return Ok(0);
        }
        Ok((arguments.radius.context("this problem needs --radius")? * case.scale) as u32)
    };
    Ok(match arguments.problem {
        Question::PMedian => Problem::PMedian { p: p()? },
        Question::PCenter => Problem::PCenter { p: p()? },
        Question::Cpmp => Problem::Cpmp { p: p()? },
        Question::Mclp => Problem::Mclp { p: p()?, radius: radius()? },
        Question::Lscp => Problem::Lscp { radius: radius()? },
        Question::Psclp => {
            let share = arguments.share.context("this problem needs --share")?;
            let total: u64 = case.instance.weights.iter().sum();
            Problem::Psclp { radius: radius()?, target: (share * total as f64 - 1e-9).ceil() as u64 }
        }
    })
}

fn read(arguments: &Arguments) -> anyhow::Result<Case> {
    let mut lines = Lines { reader: open(&arguments.file)?, line: String::new() };
    let case = match arguments.format {
        Format::Orlib => orlib(&mut lines)?,
        Format::Tsplib => same_points(tsplib(&mut lines)?, arguments.rounding.unwrap_or(Round::Floor)),
        Format::Xy => same_points(xy(&mut lines)?, arguments.rounding.unwrap_or(Round::None)),
        Format::Cpmp => capacitated(&mut lines, arguments)?,
        Format::City => city(&mut lines, arguments.rounding.unwrap_or(Round::Nearest))?,
        Format::Cfl => covering(&mut lines, arguments)?,
    };
    Ok(case)
}

struct Lines {
    reader: Box<dyn BufRead>,
    line: String,
}

impl Lines {
    /// The next line that is not blank.
    fn next(&mut self) -> anyhow::Result<Option<&str>> {
        loop {
            self.line.clear();
            if self.reader.read_line(&mut self.line)? == 0 {
                return Ok(None);
            }
            if !self.line.trim().is_empty() {
                break;
            }
        }
        Ok(Some(self.line.trim()))
    }
}

fn numbers<T: std::str::FromStr>(line: &str) -> anyhow::Result<Vec<T>> {
    let number = |word: &str| word.parse().ok().with_context(|| format!("`{word}` is no number"));
    line.split(|c: char| c.is_whitespace() || c == ',').filter(|w| !w.is_empty()).map(number).collect()
}

/// A network; later parallel edges replace earlier ones, then shortest paths between all pairs.
fn orlib(lines: &mut Lines) -> anyhow::Result<Case> {
    let head: Vec<u32> = numbers(lines.next()?.context("the file is empty")?)?;
    let [n, _, p] = head[..] else { bail!("the first line must be `n edges p`") };
    let mut arcs: Vec<std::collections::BTreeMap<u32, u32>> = vec![Default::default(); n as usize];
    while let Some(line) = lines.next()? {
        let [i, j, cost] = numbers::<u32>(line)?[..] else { bail!("an edge is `i j cost`") };
        if i == 0 || j == 0 || i > n || j > n {
            bail!("edge {i} {j} names a node that is not there");
        }
        arcs[i as usize - 1].insert(j - 1, cost);
        arcs[j as usize - 1].insert(i - 1, cost);
    }
    let arcs: Vec<Vec<(u32, u32)>> = arcs.into_iter().map(|a| a.into_iter().collect()).collect();
    let mut table = Table::new();
    for from in 0..n {
        let mut distance = vec![u32::MAX; n as usize];
        let mut heap = std::collections::BinaryHeap::from([(std::cmp::Reverse(0u32), from)]);
        distance[from as usize] = 0;
        while let Some((std::cmp::Reverse(d), i)) = heap.pop() {
            if d > distance[i as usize] {
                continue;
            }
            for &(j, cost) in &arcs[i as usize] {
                if d + cost < distance[j as usize] {
                    distance[j as usize] = d + cost;
                    heap.push((std::cmp::Reverse(d + cost), j));
                }
            }
        }
        let reached = (0u32..).zip(distance).filter(|(_, d)| *d < u32::MAX);
        table.push(reached.map(|(site, distance)| Entry { site, distance }));
    }
    let instance = Instance::with_table(vec![1; n as usize], n as usize, table);
    Ok(Case { instance, p: Some(p), scale: 1.0 })
}

fn tsplib(lines: &mut Lines) -> anyhow::Result<Vec<(f64, f64)>> {
    while !lines.next()?.context("no NODE_COORD_SECTION")?.starts_with("NODE_COORD_SECTION") {}
    let mut points = Vec::new();
    while let Some(line) = lines.next()? {
        if line.starts_with("EOF") {
            break;
        }
        let [_, x, y] = numbers::<f64>(line)?[..] else { bail!("a node is `number x y`") };
        points.push((x, y));
    }
    Ok(points)
}

fn xy(lines: &mut Lines) -> anyhow::Result<Vec<(f64, f64)>> {
    lines.next()?.context("the file is empty")?;
    let mut points = Vec::new();
    while let Some(line) = lines.next()? {
        let [x, y] = numbers::<f64>(line)?[..] else { bail!("a point is `x y`") };
        points.push((x, y));
    }
    Ok(points)
}

/// Whole units in one of the file's: as fine as distances in 32 bits allow.
fn fine(points: &[(f64, f64)], rounding: Round) -> (f64, Rounding) {
    let span = |axis: fn(&(f64, f64)) -> f64| {
        let (low, high) =
            points.iter().map(axis).fold((f64::MAX, f64::MIN), |(l, h), v| (l.min(v), h.max(v)));
        high - low
    };
    let long = span(|p| p.0).hypot(span(|p| p.1)).max(1e-9);
    match rounding {
        Round::Floor => (1.0, Rounding::Floor),
        Round::Nearest => (1.0, Rounding::Nearest),
        Round::None => (10f64.powf((2e9 / long).log10().floor()).min(1e6), Rounding::Floor),
    }
}

fn same_points(places: Vec<(f64, f64)>, rounding: Round) -> Case {
    let (scale, rounding) = fine(&places, rounding);
    let weights = vec![1; places.len()];
    let points = Points { demand: places.clone(), sites: places, scale, rounding };
    Case { instance: Instance::at_points(weights, points), p: None, scale }
}

fn capacitated(lines: &mut Lines, arguments: &Arguments) -> anyhow::Result<Case> {
    lines.next()?.context("the file is empty")?;
    let (mut places, mut sites, mut loads) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(line) = lines.next()? {
        let [x, y, capacity, load] = numbers::<f64>(line)?[..] else {
            bail!("a row is `x,y,capacity,demand`")
        };
        places.push((x, y));
        sites.push(Site { capacity: capacity as u64, ..Site::default() });
        loads.push(load as u64);
    }
    let n = places.len();
    let mut case = same_points(places, arguments.rounding.unwrap_or(Round::None));
    if let Some(path) = &arguments.matrix {
        let mut text = String::new();
        open(path)?.read_to_string(&mut text)?;
        let values: Vec<u32> = numbers(&text)?;
        if values.len() != n * n {
            bail!("the matrix has {} entries, {} are needed", values.len(), n * n);
        }
        let mut table = Table::new();
        for row in values.chunks(n) {
            table.push((0u32..).zip(row).map(|(site, &distance)| Entry { site, distance }));
        }
        case.instance.costs = Costs::Table(table);
        case.scale = 1.0;
    }
    case.instance.sites = sites;
    case.instance.loads = loads;
    Ok(case)
}

fn city(lines: &mut Lines, rounding: Round) -> anyhow::Result<Case> {
    lines.next()?.context("the file is empty")?;
    let (mut demand, mut sites, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(line) = lines.next()? {
        let (kind, rest) = line.split_once(',').context("a row is `kind,id,x,y,weight`")?;
        let [_, x, y, weight] = numbers::<f64>(rest)?[..] else { bail!("a row is `kind,id,x,y,weight`") };
        if kind == "D" {
            demand.push((x, y));
            weights.push(weight as u64);
        } else {
            sites.push((x, y));
        }
    }
    let (scale, rounding) = fine(&demand, rounding);
    Ok(Case {
        instance: Instance::at_points(weights, Points { demand, sites, scale, rounding }),
        p: None,
        scale,
    })
}

/// Sites first, then customers, joined as they are read: those that the same sites cover are one
/// row. Covered means strictly below the radius.
fn covering(lines: &mut Lines, arguments: &Arguments) -> anyhow::Result<Case> {
    let radius = arguments.radius.context("this format needs --radius")?;
    lines.next()?.context("the file is empty")?;
    let mut sites: Vec<(f64, f64)> = Vec::new();
    let mut seen: HashMap<Vec<u64>, usize> = HashMap::new();
    let (mut weights, mut table) = (Vec::new(), Table::new());
    let mut key = Vec::new();
    while let Some(line) = lines.next()? {
        let mut words = line.split(',');
        let kind = words.next();
        let mut number =
            || words.next().and_then(|w| w.parse::<f64>().ok()).context("a row is `kind,id,x,y,weight`");
        let (_, x, y, weight) = (number()?, number()?, number()?, number()?);
        if kind == Some("F") {
            sites.push((x, y));
            continue;
        }
        key.clear();
        key.resize(sites.len().div_ceil(64), 0u64);
        for (j, site) in sites.iter().enumerate() {
            let (dx, dy) = (x - site.0, y - site.1);
            key[j / 64] |= u64::from((dx * dx + dy * dy).sqrt() < radius) << (j % 64);
        }
        if let Some(&row) = seen.get(&key) {
            weights[row] += weight as u64;
        } else {
            seen.insert(key.clone(), weights.len());
            weights.push(weight as u64);
            let covers = |j: &usize| key[j / 64] >> (j % 64) & 1 == 1;
            table.push((0..sites.len()).filter(covers).map(|j| Entry { site: j as u32, distance: 0 }));
        }
    }
    let instance = Instance::with_table(weights, sites.len(), table);
    Ok(Case { instance, p: None, scale: 1.0 })
}

fn open(path: &Path) -> anyhow::Result<Box<dyn BufRead>> {
    let file = BufReader::new(File::open(path).with_context(|| format!("cannot open {}", path.display()))?);
    Ok(if path.extension().is_some_and(|extension| extension == "gz") {
        Box::new(BufReader::new(flate2::bufread::GzDecoder::new(file)))
    } else {
        Box::new(file)
    })
}

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
