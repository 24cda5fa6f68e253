//! `wangge check`.

use serde_json::json;

use super::Verdict;
use super::console::Console;
use super::place::{PlaceArgs, number};
use crate::model::lang::Lang;
use crate::model::problem::Severity;

#[derive(clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: PlaceArgs,
}

/// Lists every problem; a place with warnings can be planned, one with errors cannot.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    let reading = args.place.read(console);
    let count = |severity| reading.problems.iter().filter(|p| p.kind.severity() == severity).count();
    let (errors, warnings, repaired) =
        (count(Severity::Error), count(Severity::Warning), count(Severity::Repaired));
    if console.json {
        let problems: Vec<_> = reading
            .problems
            .iter()
            .map(|p| {
                json!({
                    "severity": p.kind.severity().word(Lang::En),
                    "file": p.file,
                    "at": p.at.text(Lang::En),
                    "column": p.column,
                    "kind": p.kind.id(),
                    "message": p.kind.message(console.lang),
                    "remedy": p.kind.remedy(console.lang),
                })
            })
            .collect();
        let summary =
            json!({"errors": errors, "warnings": warnings, "repaired": repaired, "problems": problems});
        console.data(&format!("{summary:#}\n"))?;
    } else {
        console.problems(&reading.problems, true);
        console.data(&match console.lang {
            Lang::En => {
                format!("{}, {}, {repaired} repaired\n", number(errors, "error"), number(warnings, "warning"))
            }
            Lang::Zh => format!("错误 {errors}，警告 {warnings}，已修复 {repaired}\n"),
        })?;
    }
    if reading.place.is_none() {
        anyhow::bail!("{}", console.say("the place cannot be used", "无法使用该地的数据"));
    }
    Ok(Verdict::Satisfied)
}
