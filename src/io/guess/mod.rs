//! A heap of files looked at: which is which layer, which column is which, in what system; and a
//! place file that says so, with the reason of each guess beside it. Nothing is written here.

mod layer;
mod place;
mod table;

use std::path::{Path, PathBuf};

use super::Problems;
use super::source::Source;
use crate::model::problem::Problem;
use layer::Layer;
use table::TableLook;

/// A place file that could be, and what is to be said about it.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// The text of `place.toml`.
    pub toml: String,
    /// One line a file: what it was taken for and why; Chinese, English.
    pub reasons: Vec<[String; 2]>,
    /// What a person still has to say; Chinese, English.
    pub missing: Vec<[String; 2]>,
    /// What was wrong with the files.
    pub problems: Vec<Problem>,
}

/// What a file was found to be.
enum Look {
    Layer(Layer),
    Table(TableLook),
    Streets,
    Other,
}

/// Looks at files and proposes a place file that would lie in `folder`, called `name`.
pub fn guess(files: &[PathBuf], folder: &Path, name: &str) -> Proposal {
    let mut problems = Problems::default();
    let mut source = Source::in_folder(Path::new(""));
    let mut looks: Vec<(String, Look)> = Vec::new();
    let mut sorted = files.to_vec();
    sorted.sort();
    sorted.dedup();
    for path in &sorted {
        let file = path.to_string_lossy().into_owned();
        for look in look_at(&mut source, &file, &mut problems) {
            looks.push((written(path, folder), look));
        }
    }
    place::propose(looks, name, problems)
}

/// The path of a file as a place file in `folder` would have it.
fn written(path: &Path, folder: &Path) -> String {
    let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (path, folder) = (full(path), full(folder));
    let relative = path.strip_prefix(&folder).map(Path::to_owned);
    let beside = folder.parent().and_then(|parent| path.strip_prefix(parent).ok());
    let short = relative.or_else(|_| beside.map(|p| Path::new("..").join(p)).ok_or(()));
    short.unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn look_at(source: &mut Source, file: &str, problems: &mut Problems) -> Vec<Look> {
    let lower = file.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&[".pbf"]) {
        return vec![Look::Streets];
    }
    // Parts of a Shapefile are read with it.
    if ends(&[".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".xml", ".qmd"]) {
        return vec![Look::Other];
    }
    // A workbook is a zip archive too.
    if ends(&[".geojson", ".json"]) || (source.is_other_format(file) && !ends(&[".xlsx", ".xlsm"])) {
        return layer::look(source, file, problems).into_iter().map(Look::Layer).collect();
    }
    match table::look(source, file, problems) {
        Some(table) => vec![Look::Table(table)],
        None => vec![Look::Other],
    }
}
