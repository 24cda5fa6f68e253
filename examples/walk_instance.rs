//! Walking instances: streets and centres in, one JSON object out.
//!
//! `cargo run --release --example walk_instance -- --pbf FILE --centres @FILE --minutes 15`

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Parser;
use cpu_time::ProcessTime;
use wangge::walking::FAR;
use wangge::walking::access::{Decay, floating_catchment};
use wangge::walking::isochrone::{self, Contours, Region};
use wangge::walking::metric::Position;
use wangge::walking::osm::{self, Profile};
use wangge::walking::search::{Entrance, Targets, nearest, within};
use wangge::walking::snap::{SnapRules, Snapper};
use wangge::walking::streets::{Lines, OnChain, Streets, Walker};

/// Measure walks on a network
#[derive(Parser)]
struct Arguments {
    /// OpenStreetMap PBF
    #[arg(long, conflicts_with_all = ["nodes", "edges"], required_unless_present = "nodes")]
    pbf: Option<PathBuf>,
    /// Table of nodes: lon,lat
    #[arg(long, requires = "edges")]
    nodes: Option<PathBuf>,
    /// Table of edges: u,v,metres
    #[arg(long, requires = "nodes")]
    edges: Option<PathBuf>,
    /// Numbers of nodes, or @FILE of numbers or of lon,lat lines
    #[arg(long)]
    centres: String,
    /// How long a resident walks
    #[arg(long, default_value_t = 15.0)]
    minutes: f64,
    /// How fast
    #[arg(long, default_value_t = 75.0)]
    metres_per_minute: f64,
    /// What a metre of stairs costs, in percent of a level metre
    #[arg(long, default_value_t = 200)]
    steps_percent: u32,
    /// Write each node's metres to its nearest centre here
    #[arg(long)]
    nearest: Option<PathBuf>,
    /// Write polygons of a third, two thirds and all of the minutes here
    #[arg(long)]
    isochrones: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let limit_mm = (arguments.minutes * arguments.metres_per_minute * 1e3).round();
    if !(0.0..f64::from(FAR)).contains(&limit_mm) {
        bail!("a limit of {limit_mm} mm is no walk");
    }
    let limit_mm = limit_mm as u32;

    let (lines, read_s) = timed(|| read(&arguments))?;
    let (streets, build_s) = timed(|| Ok(Streets::build(&lines)?))?;
    let node_count = lines.positions.len();
    let (entrances, centre_positions) = centres(&arguments.centres, &streets, &lines)?;
    let centre_count = centre_positions.len();
    drop(lines);
    let targets = Targets::nodes(&streets, node_count);

    let (near, nearest_s) = timed(|| Ok(nearest(&streets, &targets, &entrances, FAR, Walker::Any)))?;
    let (pairs, pairs_s) =
        timed(|| Ok(within(&streets, &targets, centre_count, &entrances, limit_mm, Walker::Any)))?;

    // A place of supply at every centre and one of demand at every node, shared by nearness.
    let (supply, demand) = (vec![1.0; centre_count], vec![1.0; node_count]);
    let (shared, catchment_s) =
        timed(|| Ok(floating_catchment(&pairs, &supply, &demand, &Decay::thirds(limit_mm))))?;

    let isochrones_s = match &arguments.isochrones {
        Some(path) => {
            let contours = Contours::of(&[limit_mm / 3, (u64::from(limit_mm) * 2 / 3) as u32, limit_mm]);
            let ((each, together), seconds) = timed(|| {
                let each = isochrone::each(&streets, &entrances, &centre_positions, &contours, Walker::Any);
                let all =
                    isochrone::together(&streets, &entrances, &centre_positions, &contours, Walker::Any);
                Ok((each, all))
            })?;
            write_isochrones(path, &each, &together, arguments.minutes)?;
            Some(seconds)
        }
        None => None,
    };

    let reached: Vec<u32> = (0..near.len()).filter_map(|node| near.mm(node)).collect();
    let inside: Vec<u32> = reached.iter().copied().filter(|mm| *mm <= limit_mm).collect();
    let sum: u64 = inside.iter().map(|mm| u64::from(*mm)).sum();
    if let Some(path) = &arguments.nearest {
        let mut file = std::io::BufWriter::new(File::create(path)?);
        writeln!(file, "metres")?;
        for node in 0..near.len() {
            match near.mm(node) {
                Some(mm) => writeln!(file, "{}.{:03}", mm / 1000, mm % 1000)?,
                None => writeln!(file)?,
            }
        }
        file.flush()?;
    }
    let answer = serde_json::json!({
        "nodes": streets.nodes(),
        "edges": streets.edges(),
        "junctions": streets.junctions(),
        "chains": streets.chains(),
        "components": streets.component_nodes().len(),
        "within": inside.len(),
        "mean_metres_within": sum as f64 / inside.len().max(1) as f64 / 1e3,
        "longest_metres": f64::from(reached.iter().copied().max().unwrap_or(0)) / 1e3,
        "pairs": pairs.len(),
        "supplied": shared.score.iter().filter(|score| **score > 0.0).count(),
        "cpu_s": { "read": read_s, "build": build_s, "nearest": nearest_s, "pairs": pairs_s, "catchment": catchment_s, "isochrones": isochrones_s },
        "peak_mib": peak_mib(),
    });
    println!("{answer}");
    Ok(())
}

/// One feature for each centre and limit, then the union of all centres without `centre`.
fn write_isochrones(
    path: &Path,
    each: &[Vec<Region>],
    together: &[Region],
    minutes: f64,
) -> anyhow::Result<()> {
    let ring = |ring: &Vec<Position>| -> Vec<[f64; 2]> {
        ring.iter().map(|position| position.degrees().into()).collect()
    };
    let mut file = std::io::BufWriter::new(File::create(path)?);
    let mut separator = r#"{"type":"FeatureCollection","features":["#;
    for (centre, regions) in each.iter().map(Some).chain([None]).enumerate() {
        for (level, region) in regions.map_or(together, Vec::as_slice).iter().enumerate() {
            let polygons: Vec<Vec<Vec<[f64; 2]>>> = region
                .iter()
                .map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes).map(ring).collect())
                .collect();
            let feature = serde_json::json!({
                "type": "Feature",
                "properties": {
                    "centre": regions.map(|_| centre),
                    "minutes": minutes * (level + 1) as f64 / 3.0,
                },
                "geometry": { "type": "MultiPolygon", "coordinates": polygons },
            });
            write!(file, "{separator}\n{feature}")?;
            separator = ",";
        }
    }
    writeln!(file, "\n]}}")?;
    Ok(file.flush()?)
}

fn timed<T>(work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<(T, f64)> {
    let started = ProcessTime::now();
    let done = work()?;
    Ok((done, started.elapsed().as_secs_f64()))
}

fn open(path: &Path) -> anyhow::Result<File> {
    File::open(path).with_context(|| format!("cannot open {}", path.display()))
}

fn read(arguments: &Arguments) -> anyhow::Result<Lines> {
    if let Some(path) = &arguments.pbf {
        let profile = Profile { steps_percent: arguments.steps_percent, ..Profile::default() };
        let (lines, _) = osm::read_from(std::io::BufReader::new(open(path)?), &profile)
            .with_context(|| format!("cannot use {}", path.display()))?;
        return Ok(lines);
    }
    let (Some(nodes), Some(edges)) = (&arguments.nodes, &arguments.edges) else {
        bail!("give --pbf, or --nodes and --edges");
    };
    let mut positions = Vec::new();
    rows(&text(nodes)?, |[lon, lat]: [f64; 2]| {
        positions.push(Position::from_degrees(lon, lat).context("not a position")?);
        Ok(())
    })
    .with_context(|| nodes.display().to_string())?;
    let mut list = Vec::new();
    rows(&text(edges)?, |[u, v, metres]: [f64; 3]| {
        list.push((u as u32, v as u32, metres));
        Ok(())
    })
    .with_context(|| edges.display().to_string())?;
    Ok(Lines::from_edges(positions, list)?)
}

/// The centres as entrances, and where they stand.
fn centres(word: &str, streets: &Streets, lines: &Lines) -> anyhow::Result<(Vec<Entrance>, Vec<Position>)> {
    let list = match word.strip_prefix('@') {
        Some(path) => text(Path::new(path))?,
        None => word.split(',').collect::<Vec<_>>().join("\n"),
    };
    let lines_of: Vec<&str> = list.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_head = |line: &str| line.chars().any(char::is_alphabetic);
    let rows_of = &lines_of[usize::from(lines_of.first().is_some_and(|line| is_head(line)))..];
    let mut positions = Vec::new();
    let mut entrances = Vec::new();
    if rows_of.iter().all(|row| !row.contains(',')) {
        let points: Vec<Option<OnChain>> = streets.node_points(lines.positions.len());
        for (place, row) in rows_of.iter().enumerate() {
            let node: usize = row.parse().with_context(|| format!("`{row}` is no node"))?;
            let point =
                points.get(node).copied().flatten().with_context(|| format!("no street at node {node}"))?;
            entrances.push(Entrance { place: place as u32, point, access_mm: 0 });
            positions.push(lines.positions[node]);
        }
    } else {
        rows(&rows_of.join("\n"), |[lon, lat]: [f64; 2]| {
            positions.push(Position::from_degrees(lon, lat).context("not a position")?);
            Ok(())
        })?;
        let snapped = Snapper::new(streets, None, SnapRules::default()).snap_all(&positions);
        let found = snapped.snaps.iter().enumerate();
        entrances.extend(found.filter_map(|(place, snap)| snap.map(|snap| snap.entrance(place as u32))));
    }
    Ok((entrances, positions))
}

/// Rows of numbers separated by commas, after a line of names if there is one.
fn rows<const N: usize>(
    text: &str,
    mut each: impl FnMut([f64; N]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for (number, line) in text.lines().enumerate() {
        let mut row = [0.0; N];
        let mut cells = line.split(',');
        let parsed = row.iter_mut().try_for_each(|cell| {
            *cell = cells.next()?.trim().parse().ok()?;
            Some(())
        });
        match parsed {
            Some(()) => each(row).with_context(|| format!("line {}", number + 1))?,
            None if number == 0 || line.trim().is_empty() => {}
            None => bail!("line {} should hold {N} numbers: `{line}`", number + 1),
        }
    }
    Ok(())
}

fn text(path: &Path) -> anyhow::Result<String> {
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

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
