//! Which place a command is about.

use std::path::PathBuf;

use crate::io::{Reading, Shortcut, read_place, read_shortcut};
use crate::model::place::Place;
use crate::run::Stage;

use super::console::Console;

/// A place file, or two files without one.
#[derive(clap::Args)]
pub(super) struct PlaceArgs {
    /// Folder that holds place.toml, or such a file
    #[arg(value_name = "PLACE", required_unless_present = "boundaries", conflicts_with = "boundaries")]
    place: Option<PathBuf>,
    #[command(flatten)]
    pub(super) shortcut: ShortcutArgs,
}

/// The shortcut without a place file.
#[derive(clap::Args)]
#[command(next_help_heading = "Instead of a place")]
pub(super) struct ShortcutArgs {
    /// GeoJSON of the communities, with `code` and `name`
    #[arg(long, value_name = "FILE", requires = "population")]
    boundaries: Option<PathBuf>,
    /// CSV with `code`, `households` and `population`
    #[arg(long, value_name = "FILE", requires = "boundaries")]
    population: Option<PathBuf>,
    /// What the place is called; the name of the boundaries' file if not given
    #[arg(long, value_name = "NAME", requires = "boundaries")]
    name: Option<String>,
    /// The boundaries' coordinate system
    #[arg(long, value_name = "CRS", default_value = "EPSG:4326", requires = "boundaries")]
    crs: String,
}

impl ShortcutArgs {
    pub(super) fn get(&self) -> Option<Shortcut> {
        let (boundaries, population) = (self.boundaries.clone()?, self.population.clone()?);
        Some(Shortcut { boundaries, population, name: self.name.clone(), crs: self.crs.clone() })
    }
}

impl PlaceArgs {
    /// True if an input lies in a folder that is about to be moved aside.
    pub(super) fn lies_in(&self, folder: &std::path::Path) -> bool {
        let inputs = [&self.place, &self.shortcut.boundaries, &self.shortcut.population];
        let full = |path: &std::path::Path| path.canonicalize().ok();
        let Some(folder) = full(folder) else { return false };
        inputs.into_iter().flatten().filter_map(|path| full(path)).any(|path| path.starts_with(&folder))
    }

    pub(super) fn read(&self, console: &Console) -> Reading {
        let run = console.run();
        run.progress.begin(Stage::Read, 1);
        let reading = match (self.shortcut.get(), &self.place) {
            (Some(shortcut), _) => read_shortcut(&shortcut),
            (None, place) => read_place(place.as_deref().unwrap_or(std::path::Path::new("."))),
        };
        run.progress.advance(1);
        run.progress.end();
        reading
    }
}

/// `1 error`, `2 errors`.
pub(super) fn number(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The place of a reading, or an error after its problems have been printed.
pub(super) fn sound(reading: &Reading, console: &Console) -> anyhow::Result<Place> {
    console.problems(&reading.problems, false);
    let errors = reading
        .problems
        .iter()
        .filter(|p| p.kind.severity() == crate::model::problem::Severity::Error)
        .count();
    match &reading.place {
        Some(place) => Ok(place.clone()),
        None => anyhow::bail!(
            "{}",
            console.say(
                &format!("the place cannot be used: {}", number(errors, "error")),
                &format!("无法使用该地的数据：{errors} 个错误"),
            )
        ),
    }
}
