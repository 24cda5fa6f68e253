//! The story in code: a place becomes a fabric, the fabric grids, and grids a plan.

use crate::coverage;
use crate::index::fabric::Fabric;
use crate::index::hexagons;
use crate::model::place::Place;
use crate::model::plan::Plan;
use crate::model::rules::Rules;
use crate::network::TravelTimes;
use crate::partition;
use crate::run::{Run, Stage};
use crate::siting;

/// Which answers are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Grids.
    pub partition: bool,
    /// Coverage of the existing centres.
    pub coverage: bool,
    /// New centres.
    pub siting: bool,
}

impl Parts {
    /// The whole plan.
    pub const ALL: Self = Self { partition: true, coverage: true, siting: true };
    /// Grids only.
    pub const PARTITION: Self = Self { partition: true, coverage: false, siting: false };
    /// Coverage only.
    pub const COVERAGE: Self = Self { partition: false, coverage: true, siting: false };
    /// Coverage and new centres.
    pub const SITING: Self = Self { partition: false, coverage: true, siting: true };
}

/// Joins the atoms of a place into a fabric, filling it with hexagons first if it has none.
pub fn prepare(place: &mut Place, rules: &Rules, run: &Run<'_>) -> Fabric {
    run.progress.begin(Stage::Fabric, 1);
    hexagons::fill(place, rules);
    let fabric = Fabric::over(place, rules.grids.opening_reach_m);
    run.progress.advance(1);
    run.progress.end();
    fabric
}

/// From a place to a plan: divide it, see who is served, decide where centres go.
///
/// `verify::plan` judges what is written from this; call it before you rely on the answer.
pub fn plan(
    place: &Place,
    fabric: &Fabric,
    rules: &Rules,
    times: &dyn TravelTimes,
    parts: Parts,
    run: &Run<'_>,
) -> Plan {
    Plan {
        partition: parts.partition.then(|| partition::divide(place, fabric, rules, run)),
        coverage: parts.coverage.then(|| coverage::measure(place, fabric, times, rules, run)),
        siting: parts.siting.then(|| siting::choose(place, fabric, times, rules, run)),
        together: if parts.siting { siting::together(place, fabric, times, rules) } else { None },
        ..Plan::default()
    }
}
