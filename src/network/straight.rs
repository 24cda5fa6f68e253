//! Straight distance times a detour factor: an estimate, and called one, where no streets are known.

use rayon::prelude::*;

use super::{Reached, TravelTimes};
use crate::index::nearest::{Nearest, Spot};
use crate::model::rules::{Group, Rules};
use crate::model::units::{Distance, Pace, WalkTime};

/// Straight lines, stretched.
#[derive(Clone, Debug)]
pub struct StraightLine {
    detour_permille: u32,
    paces: [Pace; Group::ALL.len()],
}

impl StraightLine {
    /// As the rules say.
    pub fn by(rules: &Rules) -> Self {
        Self { detour_permille: rules.walking.detour_permille, paces: Group::ALL.map(|g| rules.pace(g)) }
    }

    /// The walk along a straight distance.
    pub fn time(&self, group: Group, straight: Distance) -> WalkTime {
        self.paces[group as usize].time_for(straight.stretched(self.detour_permille))
    }

    /// A straight distance that no walk within `limit` exceeds.
    fn radius(&self, group: Group, limit: WalkTime) -> Distance {
        let way = self.paces[group as usize].reach_in(limit);
        let straight = u64::from(way.cm()) * 1000 / u64::from(self.detour_permille) + 1;
        Distance::from_cm(u32::try_from(straight).unwrap_or(u32::MAX))
    }
}

impl TravelTimes for StraightLine {
    fn model(&self) -> &str {
        "straight"
    }

    fn nearest(&self, group: Group, from: &[Spot], to: &[Spot]) -> Vec<Option<(u32, WalkTime)>> {
        let index = Nearest::of(to);
        from.par_iter()
            .map(|&spot| index.to(spot).map(|(i, distance)| (i, self.time(group, distance))))
            .collect()
    }

    fn within(&self, group: Group, from: &[Spot], to: &[Spot], limit: WalkTime) -> Reached {
        let index = Nearest::of(to);
        let radius = self.radius(group, limit);
        let rows: Vec<_> = from
            .par_iter()
            .map(|&spot| {
                let near = index.within(spot, radius);
                near.into_iter()
                    .map(|(i, distance)| (i, self.time(group, distance)))
                    .filter(|(_, time)| *time <= limit)
                    .collect()
            })
            .collect();
        Reached::from_rows(rows)
    }
}
