//! `wangge verify`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::Verdict;
use super::console::Console;
use super::place::{ShortcutArgs, number, sound};
use crate::io::{self, read_place, read_shortcut};
use crate::model::lang::Lang;
use crate::model::rules::Rules;
use crate::verify::{self, Fault};

#[derive(clap::Args)]
pub(super) struct Args {
    /// The place, then the folder of the plan (only the folder with --boundaries)
    #[arg(value_name = "PLACE DIR", num_args = 1..=2, required = true)]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    shortcut: ShortcutArgs,
}

/// Lists every fault of a written plan.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    let (reading, folder): (_, &Path) = match (args.shortcut.get(), args.paths.as_slice()) {
        (Some(shortcut), [folder]) => (read_shortcut(&shortcut), folder),
        (None, [place, folder]) => (read_place(place), folder),
        _ => anyhow::bail!("give the place and the folder of its plan: wangge verify PLACE DIR"),
    };
    let mut place = sound(&reading, console)?;
    let written = io::read_written(folder).with_context(|| format!("`{}` is no plan", folder.display()))?;
    let rules: Rules = serde_json::from_value(written.summary["rules"].clone())
        .with_context(|| format!("`{}`: the rules in plan.json cannot be read", folder.display()))?;
    rules.validate()?;
    crate::index::hexagons::fill(&mut place, &rules);
    let faults = verify::plan(&place, &rules, &written, &reading.inputs.sorted());
    if console.json {
        let list: Vec<_> = faults.iter().map(|f| f.message(console.lang)).collect();
        console.data(&format!("{:#}\n", json!({"faults": list})))?;
    } else {
        let mut text = listed(&faults, console.lang);
        text.push_str(&match (faults.len(), console.lang) {
            (0, Lang::En) => "no fault found\n".to_owned(),
            (0, Lang::Zh) => "未发现问题\n".to_owned(),
            (n, Lang::En) => number(n, "fault") + "\n",
            (n, Lang::Zh) => format!("{n} 个问题\n"),
        });
        console.data(&text)?;
    }
    Ok(Verdict::satisfied_if(faults.is_empty()))
}

/// Faults of one sort: so many are printed where there are more than twice as many.
const LISTED: usize = 10;

/// Every fault on a line, but of many of one sort only the first; `--json` lists all.
fn listed(faults: &[Fault], lang: Lang) -> String {
    let mut sorts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    faults.iter().for_each(|fault| sorts.entry(fault.id()).or_default().0 += 1);
    let mut text = String::new();
    for fault in faults {
        let Some((all, printed)) = sorts.get_mut(fault.id()) else { continue };
        *printed += 1;
        if *all <= 2 * LISTED || *printed <= LISTED {
            text.push_str(&fault.message(lang));
            text.push('\n');
        }
    }
    for (id, (all, _)) in sorts.iter().filter(|(_, (all, _))| *all > 2 * LISTED) {
        let more = all - LISTED;
        text.push_str(&match lang {
            Lang::En => format!("{more} more of this sort ({id}); `--json` lists all\n"),
            Lang::Zh => format!("另有 {more} 条同类（{id}），`--json` 可全部列出\n"),
        });
    }
    let other = |f: &&Fault| matches!(f, Fault::InputChanged { .. } | Fault::InputUnlisted { .. });
    let inputs = faults.iter().filter(other).count();
    if inputs > 0 {
        text.push_str(&match lang {
            Lang::En if inputs == 1 => {
                "one input is not that the plan was made from; plan again\n".to_owned()
            }
            Lang::En => format!("{inputs} inputs are not those the plan was made from; plan again\n"),
            Lang::Zh => format!("{inputs} 个输入文件与制作方案时不同，请重新生成方案\n"),
        });
    }
    text
}
