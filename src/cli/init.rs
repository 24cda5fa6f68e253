//! `wangge init`.

use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::json;

use super::Verdict;
use super::console::Console;
use crate::io;
use crate::model::lang::Lang;
use crate::model::problem::Severity;

#[derive(clap::Args)]
pub(super) struct Args {
    /// The office's files: boundaries, buildings, tables, streets, centres
    #[arg(value_name = "FILE", required = true, num_args = 1..)]
    files: Vec<PathBuf>,
    /// Folder for place.toml; the files stay where they are
    #[arg(long, value_name = "PLACE")]
    out: PathBuf,
    /// What the place is called; the name of the folder if not given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write without asking
    #[arg(long, short)]
    yes: bool,
}

/// Proposes a place file for a heap of files, explains each guess, and writes it if it may.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    let path = args.out.join("place.toml");
    if path.exists() {
        anyhow::bail!("`{}` exists already; nothing was written", path.display());
    }
    let folder = args.out.file_name().map(|name| name.to_string_lossy().into_owned());
    let name = args.name.clone().or(folder).unwrap_or_else(|| "place".to_owned());
    std::fs::create_dir_all(&args.out)
        .with_context(|| format!("`{}` cannot be made a folder", args.out.display()))?;
    let proposal = io::guess(&args.files, &args.out, &name);
    let side = usize::from(console.lang == Lang::En);
    console.problems(&proposal.problems, false);
    let unread =
        proposal.problems.iter().filter(|problem| problem.kind.severity() == Severity::Error).count();
    if unread > 0 {
        anyhow::bail!(
            "{}: {unread}",
            console.say("files that cannot be read; nothing was written", "无法读取的文件，未写入")
        );
    }
    for reason in &proposal.reasons {
        console.note(&reason[side]);
    }
    for missing in &proposal.missing {
        console.note(&format!("{}: {}", console.say("to be said", "待补"), missing[side]));
    }
    if !args.yes && !agreed(&proposal.toml, console)? {
        told(&proposal, None, console)?;
        return Ok(Verdict::Unsatisfied);
    }
    io::write_into(&args.out, &[("place.toml".to_owned(), proposal.toml.clone().into_bytes())])?;
    told(&proposal, Some(&path), console)?;
    Ok(if proposal.missing.is_empty() { Verdict::Satisfied } else { Verdict::Unsatisfied })
}

/// The proposal on stdout, or where it was written; all of it for a script.
fn told(proposal: &io::Proposal, path: Option<&Path>, console: &Console) -> std::io::Result<()> {
    let side = usize::from(console.lang == Lang::En);
    let words = |list: &[[String; 2]]| list.iter().map(|pair| pair[side].clone()).collect::<Vec<_>>();
    if console.json {
        let told = json!({
            "place_toml": proposal.toml,
            "written": path.map(|path| path.display().to_string()),
            "reasons": words(&proposal.reasons),
            "missing": words(&proposal.missing),
        });
        return console.data(&format!("{told:#}\n"));
    }
    match path {
        Some(path) => console.data(&format!("{}\n", path.display())),
        None => console.data(&proposal.toml),
    }
}

/// Asks on a terminal; elsewhere nobody could answer, and nothing is written.
fn agreed(toml: &str, console: &Console) -> anyhow::Result<bool> {
    let mut stderr = std::io::stderr();
    if !std::io::stdin().is_terminal() || !stderr.is_terminal() {
        console.note(console.say("not written: say --yes to write it", "未写入：加 --yes 即写入"));
        return Ok(false);
    }
    write!(stderr, "{toml}\n{} [y/N] ", console.say("write this?", "写入吗？"))?;
    stderr.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes" | "是"))
}
