//! `wangge render`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context as _;

use super::Verdict;
use super::console::Console;
use super::plan::{add_font, map_lang, warn_of_glyphs};
use crate::model::layers::{self, WrittenLayers};
use crate::{io, maps};

#[derive(clap::Args)]
pub(super) struct Args {
    /// Folder that `wangge plan` wrote
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// A font for characters of names that the maps' own lacks (.ttf, .otf)
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
}

/// Draws the maps again from the plan's own layers.
pub(super) fn run(args: &Args, console: &Console) -> anyhow::Result<Verdict> {
    let folder = args.dir.display();
    add_font(args.font.as_deref())?;
    let written = io::read_written(&args.dir).with_context(|| format!("`{folder}` is no plan"))?;
    let mut bytes = BTreeMap::new();
    for name in layers::FILES {
        let path = args.dir.join(name);
        if path.is_file() {
            bytes.insert(name, std::fs::read(&path).with_context(|| path.display().to_string())?);
        }
    }
    let layers = WrittenLayers::read(|name| bytes.get(name).map(Vec::as_slice))?;
    let drawn = maps::draw(&written.summary, &layers, map_lang(console.paper))?;
    warn_of_glyphs(&drawn.missing_glyphs, console);
    io::write_into(&args.dir, &drawn.files)?;
    let mut text = String::new();
    for (name, _) in &drawn.files {
        text.push_str(&format!("{}\n", args.dir.join(name).display()));
    }
    console.data(&text)?;
    Ok(Verdict::Satisfied)
}
