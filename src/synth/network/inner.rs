//! Paths within blocks: from gate to gate in compounds, from the street to every row of a hamlet.

use super::yard::Yard;
use super::{OFF_LINE_M, SIGHT_M, Site, Street, View};
use crate::synth::Building;
use crate::synth::blocks::{Block, Use};
use crate::synth::lines::Opening;
use crate::synth::shape::{Spot, edges};

/// No inhabited house lies farther than this from a path, in compounds, in hamlets, and on old streets.
const COMPOUND_M: f64 = 90.0;
const HAMLET_M: f64 = 45.0;
const OLD_STREET_M: f64 = 85.0;
/// From a gate to the free ground behind it.
const BEHIND_GATE_M: f64 = 4.0;
/// Paths keep this far from walls; where there is none they may use this much of the verge of the street.
const WALL_M: f64 = 1.5;
const VERGE_M: f64 = 5.0;
/// Houses of a hamlet keep this far from the edge of its ground.
const AROUND_M: f64 = 14.0;

/// A block with what stands on it and leads into it.
struct Lot<'a> {
    block: &'a Block,
    name: &'a str,
    ring: Vec<Spot>,
    houses: Vec<&'a Building>,
    gates: Vec<&'a Opening>,
}

/// The paths of all blocks, in the order of the blocks.
pub(super) fn paths(view: &View, site: &Site<'_>) -> Vec<Street> {
    let mut lots: Vec<Lot<'_>> = site
        .blocks
        .iter()
        .enumerate()
        .map(|(at, block)| Lot {
            block,
            name: site.names.get(&at).map_or("", String::as_str),
            ring: block.site_ring(),
            houses: Vec::new(),
            gates: Vec::new(),
        })
        .collect();
    for building in site.buildings {
        lots[building.block].houses.push(building);
    }
    for gate in site.openings {
        if let Some(block) = gate.block {
            lots[block].gates.push(gate);
        }
    }
    let found: Vec<Vec<Street>> = lots
        .iter()
        .map(|lot| match lot.block.used {
            _ if !lot.gates.is_empty() => compound(lot, view),
            Use::Fields if !lot.houses.is_empty() => open_ground(lot, view, HAMLET_M),
            Use::Old if !lot.houses.is_empty() => open_ground(lot, view, OLD_STREET_M),
            _ => Vec::new(),
        })
        .collect();
    found.into_iter().flatten().collect()
}

impl Lot<'_> {
    fn yard(&self, around: &[Spot], wider: f64, margin: f64) -> Yard {
        let (mut low, mut high) = (around[0], around[0]);
        for spot in around {
            low = Spot::new(low.x.min(spot.x), low.y.min(spot.y));
            high = Spot::new(high.x.max(spot.x), high.y.max(spot.y));
        }
        let around = Spot::new(wider, wider);
        let houses: Vec<&[Spot]> = self.houses.iter().map(|house| &house.ring[..]).collect();
        Yard::new(&self.ring, margin, low.minus(around), high.plus(around), &houses)
    }

    /// The direction into the block from a gate in its wall.
    fn inward(&self, gate: Spot) -> Spot {
        let off = |&(a, b): &(Spot, Spot)| super::index::foot((a, b), gate).to(gate);
        let side = edges(&self.ring).min_by(|a, b| off(a).total_cmp(&off(b)));
        side.map_or(Spot::new(0.0, 1.0), |(a, b)| b.minus(a).unit().left())
    }

    fn path(&self, what: &str, highway: &'static str, line: Vec<Spot>) -> Street {
        Street { name: format!("{}{what}", self.name), highway, line }
    }
}

/// The ways from the street to the gates of a compound, and paths between the gates and to far houses.
fn compound(lot: &Lot<'_>, view: &View) -> Vec<Street> {
    let mut found = Vec::new();
    let mut yard = lot.yard(&lot.ring, 0.0, WALL_M);
    let mut doors = Vec::new();
    for gate in &lot.gates {
        let inward = lot.inward(gate.at);
        let start = gate.at.minus(inward.times(OFF_LINE_M));
        let outward = |foot: Spot| foot.minus(gate.at).dot(inward) < 0.0;
        if let Some((_, foot)) = view.street(start, SIGHT_M, &outward) {
            found.push(Street { name: gate.name.clone(), highway: "footway", line: vec![gate.at, foot] });
        }
        let behind = gate.at.plus(inward.times(BEHIND_GATE_M));
        doors.push((gate.at, yard.free_near(behind, 30.0).unwrap_or(behind)));
    }
    // The first path leads to the second gate or, if there is none, to the middle. Near a gate paths run square to the
    // wall, so that they cross it nowhere but there.
    let goal = doors.get(1).map(|&(_, behind)| behind);
    if let Some(goal) = goal.or_else(|| yard.free_near(lot.block.centre, 60.0)) {
        yard.aim(goal);
    }
    for (number, &(gate, behind)) in doors.iter().enumerate() {
        let way = if number == 1 { None } else { yard.path(behind) };
        // The first path ends at the second gate.
        let is_met = number == 1 && found.iter().any(|street: &Street| street.line.last() == Some(&gate));
        if is_met {
            continue;
        }
        let mut line = vec![gate];
        let to_second = number == 0 && way.is_some();
        line.extend(way.unwrap_or_else(|| vec![behind]));
        if let Some(&(second, _)) = doors.get(1).filter(|_| to_second) {
            line.push(second);
        }
        found.push(lot.path("内路", if number == 0 { "service" } else { "footway" }, line));
    }
    if lot.block.used.is_home() {
        let inhabited = lot.houses.iter().filter(|house| house.residents.population > 0);
        let inhabited: Vec<Spot> = inhabited.map(|house| house.at).collect();
        found.extend(reaching(lot, &mut yard, COMPOUND_M, &inhabited, "footway"));
    }
    found
}

/// Paths from the nearest street to the houses of a block without a wall, where they lie farther than `most` from it.
fn open_ground(lot: &Lot<'_>, view: &View, most: f64) -> Vec<Street> {
    let is_off = |house: &&&Building| {
        house.residents.population > 0 && view.street(house.at, most, &|_| true).is_none()
    };
    let off: Vec<Spot> = lot.houses.iter().filter(is_off).map(|house| house.at).collect();
    if lot.ring.len() < 3 || off.is_empty() {
        return Vec::new();
    }
    let corners: Vec<Spot> = lot.houses.iter().flat_map(|house| house.ring.iter().copied()).collect();
    let mut yard = lot.yard(&corners, AROUND_M, -VERGE_M);
    let ways = yard.rim().into_iter().step_by(3).filter_map(|rim| {
        let (length, foot) = view.street(rim, SIGHT_M, &|_| true)?;
        Some((length, rim, foot))
    });
    let Some((_, rim, foot)) = ways.min_by(|a, b| a.0.total_cmp(&b.0)) else { return Vec::new() };
    yard.aim(rim);
    let far = lot.houses.iter().map(|house| house.at.minus(rim).length()).fold(0.0, f64::max);
    let middle = yard.free_near(lot.block.centre, far);
    let mut lane = middle.and_then(|middle| yard.path(middle)).unwrap_or_else(|| vec![rim]);
    lane.push(foot);
    lane.reverse();
    let hamlet = lot.block.used == Use::Fields;
    let mut found = vec![lot.path("巷", if hamlet { "residential" } else { "footway" }, lane)];
    found.extend(reaching(lot, &mut yard, most, &off, if hamlet { "path" } else { "footway" }));
    found
}

/// Further paths until none of the houses lies farther than `most` from one.
fn reaching(
    lot: &Lot<'_>,
    yard: &mut Yard,
    most: f64,
    houses: &[Spot],
    highway: &'static str,
) -> Vec<Street> {
    let mut open: Vec<(Spot, f64)> = houses.iter().map(|&house| (house, f64::INFINITY)).collect();
    let (mut known, mut found) = (0, Vec::new());
    loop {
        let new = &yard.points()[known..];
        for (spot, square) in &mut open {
            let squares = new.iter().map(|point| point.minus(*spot)).map(|way| way.dot(way));
            *square = squares.fold(*square, f64::min);
        }
        known = yard.points().len();
        let farthest = (0..open.len()).max_by(|&a, &b| open[a].1.total_cmp(&open[b].1));
        let Some(farthest) = farthest.filter(|&at| open[at].1 > most * most) else { return found };
        let (house, _) = open.swap_remove(farthest);
        let Some(near) = yard.free_near(house, most) else { continue };
        let Some(line) = yard.path(near) else { continue };
        found.push(lot.path("内路", highway, line));
    }
}
