//! Files in, files out. The only part that knows degrees, columns and paths.
//!
//! Reading goes files → raw tables and layers, as found → `validate` → [`Place`](crate::model::place::Place), in one step
//! that reports every problem at once.

mod cache;
mod causes;
mod codes;
mod config;
mod geojson;
mod guess;
mod heights;
mod join;
mod layers;
mod ledgers;
mod output;
mod positions;
mod rings;
mod section;
mod shapes;
mod sites;
mod source;
mod specs;
mod staff;
mod streets;
mod tables;
mod validate;
mod vectors;
mod written;

pub use config::{PlaceFile, Shortcut};
pub use guess::{Proposal, guess};
pub use output::{OutputError, claim, write_folder, write_into};
pub use source::{Inputs, Source};
pub use tables::Table;
pub use validate::{Reading, read_place, read_shortcut};
pub use written::{WrittenPlanError, read_written, written_from};

use crate::model::problem::{At, Kind, Problem, Severity};

/// Problems as they are collected.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    list: Vec<Problem>,
}

impl Problems {
    /// Notes one more.
    pub fn add(&mut self, file: &str, at: At, column: Option<&str>, kind: Kind) {
        let (file, column) = (file.to_owned(), column.map(str::to_owned));
        self.list.push(Problem { file, at, column, kind });
    }

    /// Where the list ends now, for [`Self::gather`] and [`Self::forget`].
    pub(crate) fn mark(&self) -> usize {
        self.list.len()
    }

    /// Takes out all since `mark` that `which` tells.
    pub(crate) fn gather(&mut self, mark: usize, which: impl Fn(&Problem) -> bool) -> Vec<Problem> {
        let since = self.list.split_off(mark);
        let (gathered, others) = since.into_iter().partition(which);
        self.list.extend(others);
        gathered
    }

    /// Drops all since `mark`.
    pub(crate) fn forget(&mut self, mark: usize) {
        self.list.truncate(mark);
    }

    /// Puts a problem back.
    pub(crate) fn put(&mut self, problem: Problem) {
        self.list.push(problem);
    }

    /// True if any is an error.
    pub fn any_error(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// True if any since `mark` is an error.
    pub(crate) fn any_error_since(&self, mark: usize) -> bool {
        self.list[mark..].iter().any(|problem| problem.kind.severity() == Severity::Error)
    }

    /// How many there are of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.list.iter().filter(|problem| problem.kind.severity() == severity).count()
    }

    /// All, errors first, then by file and position.
    pub fn sorted(mut self) -> Vec<Problem> {
        self.list.sort_by(|a, b| {
            let key = |p: &Problem| (p.kind.severity(), p.file.clone(), p.at, p.column.clone());
            key(a).cmp(&key(b))
        });
        // One file may serve as two layers.
        self.list.dedup();
        self.list
    }
}
