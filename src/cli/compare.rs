//! `wangge compare`.

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Verdict;
use super::console::Console;
use super::options::SiteOptions;
use super::words::columns;
use crate::io;

#[derive(clap::Args)]
pub(super) struct Args {
    /// Folders that `wangge plan` wrote; with --scenarios one place instead
    #[arg(value_name = "DIR", num_args = 1.., required = true)]
    dirs: Vec<PathBuf>,
    /// A TOML file of scenarios ([[scenario]] with name, population, communities, close,
    /// within_minutes, adult_m_per_s, new, budget, forbid): sites are chosen for each, every choice is
    /// weighed in all, and the one whose largest loss is least is named
    #[arg(long, value_name = "FILE")]
    scenarios: Option<PathBuf>,
    /// With --scenarios: folder to write, with compare.json, compare.csv and a chart
    #[arg(long, value_name = "DIR", requires = "scenarios")]
    out: Option<PathBuf>,
    #[command(flatten)]
    sites: SiteOptions,
}

/// A line of the table: English, Chinese, path in `plan.json`, and whether it is a share.
const LINES: [(&str, &str, &str, bool); 19] = [
    ("households", "户数", "place.households", false),
    ("people", "人口", "place.population", false),
    ("grids", "网格数", "partition.grids", false),
    ("in range", "达标网格", "partition.in_range", false),
    ("disconnected", "断开网格", "partition.disconnected", false),
    ("largest / mean", "最大与平均之比", "partition.largest_over_mean", false),
    ("coefficient of variation", "户数变异系数", "partition.coefficient_of_variation", false),
    ("moment of inertia", "集聚惯量", "partition.moment_of_inertia", false),
    ("gap to its bound", "与下界之差", "partition.gap", true),
    ("mean compactness", "平均紧凑度", "partition.polsby_popper_mean", false),
    ("compounds split", "拆开的小区", "partition.compounds_split", false),
    ("households moved", "调整户数", "partition.households_moved", false),
    ("covered", "覆盖率", "coverage.share", true),
    ("covered, older", "老年覆盖率", "coverage.groups.older.share", true),
    ("covered, children", "儿童覆盖率", "coverage.groups.child.share", true),
    ("mean walk, min", "平均步行分钟", "coverage.mean_minutes", false),
    ("P90 walk, min", "九成步行分钟", "coverage.p90_minutes", false),
    ("new centres", "新建中心", "siting.new", false),
    ("covered with them", "建成后覆盖人数", "siting.covered_after", false),
];

/// A table of plans on stdout.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    match (&args.scenarios, args.dirs.as_slice()) {
        (Some(file), [place]) => {
            return super::scenarios::run(place, file, args.out.as_deref(), &args.sites, console);
        }
        (Some(_), _) => anyhow::bail!("--scenarios takes one place, not {} folders", args.dirs.len()),
        (None, _) if args.sites.any() => {
            anyhow::bail!(
                "--new, --objective and the like choose sites for --scenarios FILE; plans are compared as they are"
            )
        }
        (None, [_]) => anyhow::bail!("a plan is compared with another: name two folders or more"),
        (None, _) => {}
    }
    let mut plans = Vec::new();
    for dir in &args.dirs {
        let name = dir.display().to_string();
        let written = io::read_written(dir).with_context(|| format!("`{name}` is no plan"))?;
        plans.push((name, written.summary));
    }
    let at =
        |summary: &Value, path: &str| path.split('.').fold(summary.clone(), |value, key| value[key].clone());
    if console.json {
        let rows: Vec<Value> = plans
            .iter()
            .map(|(name, summary)| {
                let mut row = json!({"plan": name});
                for (_, _, path, _) in LINES {
                    row[path] = at(summary, path);
                }
                row
            })
            .collect();
        console.data(&format!("{:#}\n", json!({"plans": rows})))?;
        return Ok(Verdict::Satisfied);
    }
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(plans.iter().map(|(name, _)| name.clone()));
    for (en, zh, path, share) in LINES {
        let cells: Vec<Value> = plans.iter().map(|(_, summary)| at(summary, path)).collect();
        if cells.iter().all(Value::is_null) {
            continue;
        }
        let mut row = vec![console.say(en, zh).to_owned()];
        row.extend(cells.iter().map(|cell| cell_text(cell, share)));
        rows.push(row);
    }
    console.data(&aligned(&rows))?;
    Ok(Verdict::Satisfied)
}

fn cell_text(cell: &Value, share: bool) -> String {
    match cell {
        Value::Null => "–".to_owned(),
        Value::Number(n) if share => format!("{:.2} %", n.as_f64().unwrap_or(0.0) * 100.0),
        Value::Number(n) if n.is_f64() => format!("{:.3}", n.as_f64().unwrap_or(0.0)),
        other => other.to_string(),
    }
}

/// First column to the left, the others to the right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let width = |c: usize| rows.iter().map(|row| columns(&row[c])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut text = String::new();
    for row in rows {
        for (c, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[c] - columns(cell));
            let padded = if c == 0 { format!("{cell}{space}") } else { format!("  {space}{cell}") };
            text.push_str(&padded);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}
