//! The network to walk on: streets noded where they meet, gates tied to them, paths in compounds and hamlets.
//!
//! Streets run along the sides of blocks and share their corners from the start; what is added here ends at the
//! nearest street in sight, so that nothing crosses the river but at a bridge, the railway but at a crossing, or a
//! wall but at a gate. No chance is drawn: the network follows from the plan. The cost is about linear in the streets
//! and the land of compounds and hamlets.

mod index;
mod inner;
mod mend;
mod noding;
#[cfg(test)]
mod tests;
mod yard;

use std::collections::BTreeMap;

pub(super) use index::Index;

use super::Building;
use super::blocks::Block;
use super::files::{spot_at, written};
use super::ground::Ground;
use super::lines::{self, Barrier, Opening, Passages, Street};
use super::shape::{Spot, edges};
use noding::Unit;

/// Side of the cells of the indexes in metres.
const CELL_M: f64 = 64.0;
/// So far a gate or a hamlet looks for a street.
const SIGHT_M: f64 = 1_500.0;
/// Rounds in which parts cut off are joined to the largest.
const MENDS: usize = 4;
/// A way that starts on a line counts from this far beside it.
const OFF_LINE_M: f64 = 0.3;

/// What the network has to serve.
pub(super) struct Site<'a> {
    pub(super) ground: &'a Ground,
    pub(super) passages: &'a Passages,
    pub(super) blocks: &'a [Block],
    pub(super) names: &'a BTreeMap<usize, String>,
    pub(super) buildings: &'a [Building],
    pub(super) barriers: &'a [Barrier],
    pub(super) openings: &'a [Opening],
}

/// Streets and barriers, to be asked for the nearest street in sight.
struct View {
    streets: Index,
    barriers: Index,
}

impl View {
    /// The nearest street point to which nothing bars the way. `start` is where the way counts from.
    fn street(&self, start: Spot, reach: f64, accept: &dyn Fn(Spot) -> bool) -> Option<(f64, Spot)> {
        self.streets.nearest(start, reach, &|_, foot| accept(foot) && !self.barriers.is_crossed(start, foot))
    }
}

fn sides<'a>(lines: impl Iterator<Item = &'a [Spot]>) -> Vec<(Spot, Spot)> {
    lines.flat_map(|line| line.windows(2).map(|pair| (pair[0], pair[1]))).collect()
}

/// Whether walkers may use a street of this class.
fn is_walked(highway: &str) -> bool {
    highway != "cycleway"
}

/// All streets as a network. `along_blocks` share their corners, `along_river` do not yet.
pub(super) fn joined(along_blocks: Vec<Street>, along_river: Vec<Street>, site: &Site<'_>) -> Vec<Street> {
    let base = along_blocks.len();
    let mut streets = along_blocks;
    streets.extend(along_river);
    let view = View {
        streets: Index::new(sides(streets.iter().map(|street| &street.line[..])), CELL_M),
        barriers: Index::new(sides(site.barriers.iter().map(|barrier| &barrier.line[..])), CELL_M),
    };
    let mut added = approaches(&streets[..base], &view, site);
    added.extend(waterside(&view, site));
    added.extend(inner::paths(&view, site));
    streets.extend(added);

    let pinned: Vec<Unit> = site.openings.iter().map(|opening| written(opening.at)).collect();
    let lines: Vec<Vec<Unit>> =
        streets.iter().map(|street| street.line.iter().map(|&spot| written(spot)).collect()).collect();
    let of: Vec<(String, &'static str)> =
        streets.into_iter().map(|street| (street.name, street.highway)).collect();
    let mut net = mend::Net { lines, of };
    net.node(base, &pinned);
    let bars = || {
        let mut bars = sides(site.barriers.iter().map(|barrier| &barrier.line[..]));
        bars.extend(site.buildings.iter().flat_map(|building| edges(&building.ring)));
        Index::new(bars, CELL_M)
    };
    // A part may see the largest only by way of another.
    for _ in 0..MENDS {
        let strays = net.strays(bars);
        if strays.is_empty() {
            break;
        }
        let base = net.lines.len();
        net.extend(strays);
        net.node(base, &pinned);
    }
    let street = |((name, highway), line): ((String, &'static str), Vec<Unit>)| Street {
        name,
        highway,
        line: line.into_iter().map(spot_at).collect(),
    };
    net.of.into_iter().zip(net.lines).map(street).collect()
}

/// Ways up to bridges and crossings from banks where no street leads there.
fn approaches(streets: &[Street], view: &View, site: &Site<'_>) -> Vec<Street> {
    let mesh = &site.ground.mesh;
    let mut found = Vec::new();
    let great =
        [(&site.passages.river, &site.passages.bridges), (&site.passages.rail, &site.passages.crossings)];
    let points = great.into_iter().flat_map(|(line, points)| points.iter().map(move |&point| (line, point)));
    for ((line, point), opening) in points.zip(site.openings) {
        let Some(at) = line.iter().position(|&other| other == point) else { continue };
        let here = mesh.spot(point);
        let before = mesh.spot(line[at.saturating_sub(1)]);
        let after = mesh.spot(line[(at + 1).min(line.len() - 1)]);
        let side = |spot: Spot| after.minus(before).cross(spot.minus(here));
        let beside = |street: &Street| -> Vec<Spot> {
            let ends = street.line.windows(2).flat_map(|pair| [(pair[0], pair[1]), (pair[1], pair[0])]);
            ends.filter(|&(end, _)| end == here).map(|(_, next)| next).collect()
        };
        let met: Vec<f64> = streets.iter().flat_map(beside).map(side).collect();
        for bank in [1.0, -1.0] {
            if met.iter().any(|side| side * bank > 0.0) {
                continue;
            }
            let accept = |_: u32, foot: Spot| {
                let start = here.plus(foot.minus(here).unit().times(OFF_LINE_M));
                side(foot) * bank > 0.0 && here.to(foot) > 1.0 && !view.barriers.is_crossed(start, foot)
            };
            if let Some((_, foot)) = view.streets.nearest(here, SIGHT_M, &accept) {
                let name = opening.name.clone();
                found.push(Street { name, highway: "residential", line: vec![here, foot] });
            }
        }
    }
    found
}

/// The paths at the water, with steps up to the street from the walk and a ramp from the cycle track.
fn waterside(view: &View, site: &Site<'_>) -> Vec<Street> {
    let mut found = Vec::new();
    for mut path in lines::waterside(site.ground, site.passages) {
        let ends = [path.line[0], path.line[path.line.len() - 1]];
        let up: Vec<Spot> =
            ends.iter().filter_map(|&end| view.street(end, 40.0, &|_| true).map(|(_, foot)| foot)).collect();
        let crossed = path.line.windows(2).any(|pair| view.barriers.is_crossed(pair[0], pair[1]));
        let [first, last] = up[..] else { continue };
        if crossed {
            continue;
        }
        if is_walked(path.highway) {
            for (end, foot) in ends.into_iter().zip(up) {
                let name = "滨河台阶".to_owned();
                found.push(Street { name, highway: "steps", line: vec![foot, end] });
            }
        } else {
            path.line.insert(0, first);
            path.line.push(last);
        }
        found.push(path);
    }
    found
}
