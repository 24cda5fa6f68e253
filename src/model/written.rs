//! A plan as it stands in its files: what `verify` judges and `compare` sets side by side.

use serde_json::Value;

/// The files of a plan, read back.
#[derive(Clone, Debug, Default)]
pub struct WrittenPlan {
    /// `plan.json`.
    pub summary: Value,
    /// `assignments.csv`.
    pub assignments: Option<Vec<Assignment>>,
    /// `coverage.csv`.
    pub coverage: Option<Vec<CoverageRow>>,
    /// `siting.csv`.
    pub siting: Option<Vec<SitingRow>>,
    /// Properties of `grids.geojson`.
    pub grids: Option<Vec<GridRow>>,
}

/// One line of `assignments.csv`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// Code of the atom.
    pub atom: String,
    /// Code of the community.
    pub community: String,
    /// Code of the grid.
    pub grid: String,
}

/// One line of `coverage.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct CoverageRow {
    /// Code of the atom.
    pub atom: String,
    /// Its people.
    pub population: u64,
    /// The adult's walk to the nearest qualifying centre.
    pub minutes: Option<f64>,
    /// Code of that centre.
    pub centre: Option<String>,
    /// Whether that is in time.
    pub covered: bool,
}

/// One line of `siting.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct SitingRow {
    /// Rank among the chosen; `None` if it was not.
    pub rank: Option<u64>,
    /// Code of the candidate.
    pub candidate: String,
    /// People newly covered, if chosen.
    pub newly_covered: Option<u64>,
    /// Minutes of walking saved, over all people.
    pub minutes_saved: Option<f64>,
    /// Why it was not chosen; empty if it was.
    pub reason: String,
}

/// One feature of `grids.geojson`, without its shape.
#[derive(Clone, Debug, PartialEq)]
pub struct GridRow {
    /// Code of the grid.
    pub code: String,
    /// Code of its community.
    pub community: String,
    /// Households written.
    pub households: u64,
    /// People written.
    pub population: u64,
    /// Connected pieces written.
    pub pieces: u64,
    /// Moment of inertia written.
    pub moment_of_inertia: u64,
    /// Code of the duty point's atom.
    pub duty_point: String,
    /// Area written.
    pub area_m2: f64,
    /// Compactness written.
    pub polsby_popper: f64,
}
