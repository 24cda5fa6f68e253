//! The stages, in the order in which a plan is made.

mod coverage;
mod fabric;
mod partition;
mod positions;
mod read;
mod render;
mod siting;
pub(crate) mod table;
pub(crate) mod town;
mod verify;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

/// How a stage is measured.
pub(crate) type Stage = fn(&mut Bench) -> Measured;

/// Every stage by name.
pub(crate) const ALL: [(&str, Stage); 12] = [
    ("read", read::measure),
    ("positions: a million from BD-09", positions::of_web_maps),
    ("positions: a million from a zone", positions::of_a_zone),
    ("fabric", fabric::measure),
    ("fabric: neighbours", fabric::neighbours),
    ("partition", partition::measure),
    ("coverage", coverage::measure),
    ("coverage: nearest of 1,000", coverage::nearest_of_many),
    ("siting: cover", siting::cover),
    ("siting: walk", siting::walk),
    ("verify", verify::measure),
    ("render", render::measure),
];
