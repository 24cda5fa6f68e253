//! `wangge synth`.

use std::path::PathBuf;

use anyhow::Context as _;

use super::Verdict;
use super::console::Console;
use crate::io;
use crate::run::Stage;
use crate::synth::{TownSpec, town};

#[derive(clap::Args)]
pub(super) struct Args {
    /// How many people live there
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    people: u32,
    /// Folder to write; it must be new or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Lays out a town and writes its files.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    io::claim(&args.out).context("choose another folder with --out")?;
    let run = console.run();
    run.progress.begin(Stage::Synth, 1);
    let files = town(&TownSpec::new(args.people, console.seed))?.files();
    run.progress.advance(1);
    run.progress.end();
    io::write_folder(&args.out, &files)?;
    let mut text = String::new();
    for (name, _) in &files {
        text.push_str(&format!("{}\n", args.out.join(name).display()));
    }
    console.data(&text)?;
    Ok(Verdict::Satisfied)
}
