//! A plan as files: the summary, tables, ledgers and layers. Pure: bytes out, no file touched.

mod alternatives;
mod csv;
mod gis;
mod layers;
mod ledgers;
mod papers;
mod public;
mod reasons;
mod summary;
mod tables;
mod together;

pub use gis::shapefiles;
pub use papers::{document, papers};
pub use public::{Public, public};
pub use reasons::{fell_back, infeasible, out_of_range, rejection};
pub use summary::summary;

use crate::index::fabric::Fabric;
use crate::model::lang::Lang;
use crate::model::layers::WrittenLayers;
use crate::model::place::Place;
use crate::model::plan::Plan;
use crate::model::problem::Problem;
use crate::model::rules::Rules;

/// A file to be written: its path inside the folder and its content.
pub type File = (String, Vec<u8>);

/// All a report is made from.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The place.
    pub place: &'a Place,
    /// Its atoms, joined.
    pub fabric: &'a Fabric,
    /// The rules in force.
    pub rules: &'a Rules,
    /// The answers.
    pub plan: &'a Plan,
    /// Files read, with their hashes.
    pub inputs: &'a [(String, String)],
    /// What was wrong with them.
    pub problems: &'a [Problem],
    /// The seed.
    pub seed: u64,
    /// `straight` or `streets`.
    pub model: &'a str,
    /// Language of ledgers and reasons.
    pub lang: Lang,
}

/// Every file of the plan but its maps and `run.json`.
///
/// # Errors
/// If a table cannot be turned into CSV, which polars decides.
pub fn files(subject: &Subject<'_>) -> Result<Vec<File>, polars::error::PolarsError> {
    written(subject).map(|(files, _)| files)
}

/// The same, with their layers for whoever goes on with them.
///
/// # Errors
/// As for [`files`].
pub fn written(subject: &Subject<'_>) -> Result<(Vec<File>, WrittenLayers), polars::error::PolarsError> {
    let mut text = serde_json::to_vec_pretty(&summary(subject)).unwrap_or_default();
    text.push(b'\n');
    let mut files = vec![("plan.json".to_owned(), text)];
    files.extend(tables::files(subject)?);
    files.extend(ledgers::files(&ledgers::ledgers(subject))?);
    let layers = layers::layers(subject);
    let bytes = |(name, features): &(&str, Vec<_>)| ((*name).to_owned(), layers::collection(features));
    files.extend(layers.iter().map(bytes));
    files.extend(alternatives::files(subject)?);
    Ok((files, WrittenLayers::of(layers)))
}
