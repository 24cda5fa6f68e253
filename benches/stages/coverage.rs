//! Everybody's walk to the nearest centre: the R-tree against looking at every centre.

use wangge::coverage;
use wangge::index::nearest::{Nearest, Spot, from_square};
use wangge::model::rules::Group;
use wangge::model::units::WalkTime;
use wangge::network::{Reached, StraightLine, TravelTimes};

use crate::stages::table::Measured;
use crate::stages::town::{Bench, quiet};

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let scan = Scan { line: &bench.times };
    let by = |times: &dyn TravelTimes| {
        coverage::measure(&bench.place, &bench.fabric, times, &bench.rules, &quiet())
    };
    Measured {
        median_ms: bench.median_ms(|| by(&bench.times)),
        naive_ms: Some(bench.median_ms(|| by(&scan))),
    }
}

/// A town has few centres, so the tree is also asked for the nearest of a thousand atoms.
pub(crate) fn nearest_of_many(bench: &mut Bench) -> Measured {
    let spots = &bench.fabric.spots;
    let to: Vec<Spot> = spots.iter().copied().step_by(spots.len().div_ceil(1000)).collect();
    let tree = || {
        let index = Nearest::of(&to);
        spots.iter().filter_map(|&spot| index.to(spot)).map(|(i, _)| u64::from(i)).sum::<u64>()
    };
    let naive = || spots.iter().filter_map(|&spot| scan(spot, &to)).map(|(i, _)| u64::from(i)).sum::<u64>();
    Measured { median_ms: bench.median_ms(tree), naive_ms: Some(bench.median_ms(naive)) }
}

/// The first of the nearest and the square of its distance.
fn scan(from: Spot, to: &[Spot]) -> Option<(u32, i64)> {
    let square = |t: &Spot| (t[0] - from[0]).pow(2) + (t[1] - from[1]).pow(2);
    (0u32..).zip(to).map(|(i, t)| (i, square(t))).min_by_key(|&(i, square)| (square, i))
}

/// Straight lines without an index.
struct Scan<'a> {
    line: &'a StraightLine,
}

impl TravelTimes for Scan<'_> {
    fn model(&self) -> &str {
        self.line.model()
    }

    fn nearest(&self, group: Group, from: &[Spot], to: &[Spot]) -> Vec<Option<(u32, WalkTime)>> {
        let walk =
            |&spot: &Spot| scan(spot, to).map(|(i, square)| (i, self.line.time(group, from_square(square))));
        from.iter().map(walk).collect()
    }

    fn within(&self, group: Group, from: &[Spot], to: &[Spot], limit: WalkTime) -> Reached {
        self.line.within(group, from, to, limit)
    }
}
