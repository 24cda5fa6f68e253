//! How long a walk takes, by whatever model.

mod straight;
mod streets;
pub mod tied;

pub use straight::StraightLine;
pub use streets::{OnStreets, StreetGround};

use crate::index::nearest::Spot;
use crate::model::rules::Group;
use crate::model::units::WalkTime;

/// Walking times between points on the ground. Two models exist, and a caller may bring a third.
///
/// Times must be the same in every call, and equal times go to the destination of lower position:
/// results rest on both.
pub trait TravelTimes: Sync {
    /// The word for `coverage.model` in `plan.json`.
    fn model(&self) -> &str;

    /// For each origin the nearest destination and the walk to it; `None` if none can be reached.
    fn nearest(&self, group: Group, from: &[Spot], to: &[Spot]) -> Vec<Option<(u32, WalkTime)>>;

    /// For each origin every destination within `limit`, by position.
    fn within(&self, group: Group, from: &[Spot], to: &[Spot], limit: WalkTime) -> Reached;

    /// Origins from which no way begins at all, by position; a straight line begins everywhere.
    fn off_street(&self, _from: &[Spot]) -> Vec<u32> {
        Vec::new()
    }

    /// The ground from which each destination can be reached within each limit, then that from which
    /// any can; nothing where distance is all that is known.
    fn isochrones(&self, _group: Group, _to: &[Spot], _limits: &[WalkTime]) -> Vec<Ground> {
        Vec::new()
    }
}

/// The ground from which a destination can be reached in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Ground {
    /// The destination, by position; `None` for any of them.
    pub of: Option<u32>,
    /// Longest walk.
    pub limit: WalkTime,
    /// The ground, in degrees.
    pub shape: geo::MultiPolygon<f64>,
}

/// Who reaches whom, in compressed rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reached {
    first_out: Vec<u32>,
    to: Vec<(u32, WalkTime)>,
}

impl Reached {
    /// From one row an origin.
    pub fn from_rows(rows: impl IntoIterator<Item = Vec<(u32, WalkTime)>>) -> Self {
        let mut reached = Self { first_out: vec![0], to: Vec::new() };
        for row in rows {
            reached.to.extend(row);
            reached.first_out.push(u32::try_from(reached.to.len()).expect("fewer than 2^32 pairs"));
        }
        reached
    }

    /// What one origin reaches.
    pub fn of(&self, from: usize) -> &[(u32, WalkTime)] {
        &self.to[self.first_out[from] as usize..self.first_out[from + 1] as usize]
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.first_out.len().saturating_sub(1)
    }
}
