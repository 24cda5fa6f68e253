//! Lines on the map: streets, river, railway, walls, and the places where one gets through.

use std::collections::BTreeMap;

use super::blocks::Block;
use super::chance::Dice;
use super::ground::Ground;
use super::mesh::Way;
use super::names::Names;
use super::network::Index;
use super::shape::{Spot, beside, edges, shortened};

/// Half the width of the river's water.
const RIVER_HALF_M: f64 = 31.0;
/// From the middle of the river to the middle of the road beside it.
const RIVERSIDE_M: f64 = 49.0;
/// From the middle of the river to a path at the water.
const WATERSIDE_M: f64 = 38.0;
/// A street that does not cross stops this far before the railway.
const RAIL_STOP_M: f64 = 16.0;

/// A street, named.
#[derive(Clone, Debug)]
pub struct Street {
    /// Its name.
    pub name: String,
    /// The class as in OpenStreetMap's `highway`.
    pub highway: &'static str,
    /// Its centre line.
    pub line: Vec<Spot>,
}

/// Something that stops a walk: a line and its kind.
#[derive(Clone, Debug)]
pub struct Barrier {
    /// `river`, `railway` or `wall`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// Its line; closed for walls.
    pub line: Vec<Spot>,
}

/// A way through a barrier.
#[derive(Clone, Debug)]
pub struct Opening {
    /// `bridge`, `crossing` or `gate`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// A point on the barrier's line.
    pub at: Spot,
    /// The block it leads into, if it is a gate.
    pub(super) block: Option<usize>,
}

/// The corners of the ground where streets cross the river and the railway.
pub(super) struct Passages {
    pub(super) river: Vec<u32>,
    pub(super) rail: Vec<u32>,
    pub(super) bridges: Vec<u32>,
    pub(super) crossings: Vec<u32>,
}

/// Chooses where the river is bridged and the railway crossed.
pub(super) fn passages(ground: &Ground) -> Passages {
    let mut beside: BTreeMap<u32, Vec<(u32, Way)>> = BTreeMap::new();
    for ((a, b), side) in ground.mesh.sides() {
        beside.entry(a).or_default().push((b, side.way));
        beside.entry(b).or_default().push((a, side.way));
    }
    let pick = |nodes: &[u32], way: Way, apart: f64| {
        let line = along(&beside, nodes, way);
        let middle = line.len() / 2;
        // From the middle of town outward on either side, so that the middle is served first.
        let mut order: Vec<usize> = (1..line.len().saturating_sub(1)).collect();
        order.sort_by_key(|&at| (at.abs_diff(middle), at));
        let mut chosen: Vec<u32> = Vec::new();
        for minor in [false, true] {
            for &at in &order {
                let spot = ground.mesh.spot(line[at]);
                let far = chosen.iter().all(|&other| ground.mesh.spot(other).to(spot) > apart);
                let wanted = !minor || chosen.is_empty();
                if wanted && far && passes(ground, &beside, &line, at, minor) {
                    chosen.push(line[at]);
                }
            }
        }
        if chosen.is_empty() {
            chosen.push(line[middle]);
        }
        (line, chosen)
    };
    let (river, bridges) = pick(&ground.river_nodes, Way::River, 1_050.0);
    let (rail, crossings) = pick(&ground.rail_nodes, Way::Rail, 850.0);
    Passages { river, rail, bridges, crossings }
}

/// Every corner along a great line, from its first node to its last.
fn along(beside: &BTreeMap<u32, Vec<(u32, Way)>>, nodes: &[u32], way: Way) -> Vec<u32> {
    let mut line = vec![nodes[0]];
    let mut before = None;
    loop {
        let here = line[line.len() - 1];
        let next = beside[&here].iter().find(|&&(to, of)| of == way && Some(to) != before);
        let Some(&(next, _)) = next else { return line };
        before = Some(here);
        line.push(next);
    }
}

/// Whether streets meet the line at this corner from both banks.
fn passes(
    ground: &Ground,
    beside: &BTreeMap<u32, Vec<(u32, Way)>>,
    line: &[u32],
    at: usize,
    minor: bool,
) -> bool {
    let spot = |point: u32| ground.mesh.spot(point);
    let heading = spot(line[at + 1]).minus(spot(line[at - 1]));
    let (mut left, mut right) = (false, false);
    for &(to, way) in &beside[&line[at]] {
        let street = matches!(way, Way::Arterial | Way::Collector) || (minor && way > Way::Rail);
        let across = heading.cross(spot(to).minus(spot(line[at])));
        left |= street && across > 0.0;
        right |= street && across < 0.0;
    }
    left && right
}

/// The streets along the sides of blocks, which share their corners, and the roads along the river, which cross them.
pub(super) fn streets(
    ground: &Ground,
    ways: &Passages,
    blocks: &[Block],
    names: &mut Names,
) -> (Vec<Street>, Vec<Street>) {
    let mut runs: BTreeMap<(u32, Way), BTreeMap<u32, Vec<u32>>> = BTreeMap::new();
    for ((a, b), side) in ground.mesh.sides().filter(|(_, side)| side.way > Way::Rail) {
        let run = runs.entry((side.street, side.way)).or_default();
        run.entry(a).or_default().push(b);
        run.entry(b).or_default().push(a);
    }
    let mut stops: BTreeMap<u32, f64> = BTreeMap::new();
    stops.extend(ways.river.iter().filter(|point| !ways.bridges.contains(point)).map(|&p| (p, RIVERSIDE_M)));
    stops.extend(ways.rail.iter().filter(|point| !ways.crossings.contains(point)).map(|&p| (p, RAIL_STOP_M)));
    let banks = riverside(ground, ways, blocks);
    let mut streets = Vec::new();
    let mut known: BTreeMap<u32, String> = BTreeMap::new();
    for ((street, way), mut run) in runs {
        let name = known.entry(street).or_insert_with(|| format!("{}{}", names.next(), suffix(way))).clone();
        let highway = match way {
            Way::Arterial => "primary",
            Way::Collector => "secondary",
            Way::Track => "track",
            _ => "residential",
        };
        while let Some(chain) = chain(&mut run, &stops) {
            let mut line: Vec<Spot> = chain.iter().map(|&point| ground.mesh.spot(point)).collect();
            for end in [chain[0], chain[chain.len() - 1]] {
                if let Some(&stop) = stops.get(&end) {
                    let met = if stop == RIVERSIDE_M { met(&line, &banks) } else { None };
                    line = met.unwrap_or_else(|| shortened(&line, stop));
                }
                line.reverse();
            }
            if line.len() > 1 {
                streets.push(Street { name: name.clone(), highway, line });
            }
        }
    }
    (streets, banks)
}

/// The roads along both banks through the town, but for where they would run into a site.
fn riverside(ground: &Ground, ways: &Passages, blocks: &[Block]) -> Vec<Street> {
    let spots = |points: &[u32]| points.iter().map(|&point| ground.mesh.spot(point)).collect::<Vec<Spot>>();
    let mut sides: Vec<(Spot, Spot)> = Vec::new();
    for line in [spots(&ways.river), spots(&ways.rail)] {
        sides.extend(line.windows(2).map(|pair| (pair[0], pair[1])));
    }
    for block in blocks.iter().filter(|block| block.site.len() > 2) {
        sides.extend(edges(&block.site_ring()));
    }
    let index = Index::new(sides, 64.0);
    let town = town_river(ground, ways);
    let mut streets = Vec::new();
    for (name, by) in [("滨河北路", RIVERSIDE_M), ("滨河南路", -RIVERSIDE_M)] {
        let line = beside(&town, by);
        for piece in line.windows(2).collect::<Vec<_>>().split(|pair| index.is_crossed(pair[0], pair[1])) {
            let line: Vec<Spot> =
                piece.iter().take(1).map(|pair| pair[0]).chain(piece.iter().map(|pair| pair[1])).collect();
            if line.len() > 1 {
                streets.push(Street { name: name.to_owned(), highway: "secondary", line });
            }
        }
    }
    streets
}

/// The river through the town, without small kinks.
fn town_river(ground: &Ground, ways: &Passages) -> Vec<Spot> {
    let river = ways.river.iter().map(|&point| ground.mesh.spot(point));
    smoothed(&river.filter(|&spot| ground.reach(spot) < 1.12).collect::<Vec<Spot>>())
}

/// A line that starts at the river, from where it first meets a road along it; none if it soon does not.
fn met(line: &[Spot], banks: &[Street]) -> Option<Vec<Spot>> {
    let mut walked = 0.0;
    for (at, pair) in line.windows(2).enumerate() {
        if walked > 3.0 * RIVERSIDE_M {
            return None;
        }
        let (a, along) = (pair[0], pair[1].minus(pair[0]));
        let crossing = |side: &[Spot]| {
            let across = side[1].minus(side[0]);
            let turn = along.cross(across);
            let t = side[0].minus(a).cross(across) / turn;
            let u = side[0].minus(a).cross(along) / turn;
            (turn != 0.0 && (0.0..1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some(t)
        };
        let first =
            banks.iter().flat_map(|bank| bank.line.windows(2)).filter_map(crossing).min_by(f64::total_cmp);
        if let Some(t) = first {
            let mut kept = vec![a.plus(along.times(t))];
            kept.extend_from_slice(&line[at + 1..]);
            return Some(kept);
        }
        walked += along.length();
    }
    None
}

/// A walk at the water on one bank and a track for cycles on the other, each with its ends at the nearest street.
pub(super) fn waterside(ground: &Ground, ways: &Passages) -> Vec<Street> {
    let town = town_river(ground, ways);
    let mut found = Vec::new();
    for (name, highway, by) in
        [("滨河步道", "footway", WATERSIDE_M), ("滨河骑行道", "cycleway", -WATERSIDE_M)]
    {
        let line = beside(&town, by);
        let Some(bridge) = ways.bridges.first().map(|&point| ground.mesh.spot(point)) else { continue };
        let nearest = (0..line.len()).min_by(|&a, &b| line[a].to(bridge).total_cmp(&line[b].to(bridge)));
        let Some(nearest) = nearest else { continue };
        // From a little beyond the bridge, so that the walk does not pass under it.
        let line: Vec<Spot> = line.into_iter().skip(nearest + 1).take(5).collect();
        if line.len() > 2 {
            found.push(Street { name: name.to_owned(), highway, line });
        }
    }
    found
}

fn suffix(way: Way) -> &'static str {
    match way {
        Way::Arterial => "路",
        Way::Collector => "街",
        Way::Track => "道",
        _ => "巷",
    }
}

/// Takes one unbroken chain of sides out of a run; a stop ends it.
fn chain(run: &mut BTreeMap<u32, Vec<u32>>, stops: &BTreeMap<u32, f64>) -> Option<Vec<u32>> {
    let end =
        |(point, next): (&u32, &Vec<u32>)| (next.len() == 1 || stops.contains_key(point)).then_some(*point);
    let start = run.iter().find_map(end).or_else(|| run.keys().next().copied())?;
    let mut chain = vec![start];
    loop {
        let here = chain[chain.len() - 1];
        let stopped = chain.len() > 1 && stops.contains_key(&here);
        let next = if stopped { None } else { run.get(&here).and_then(|next| next.first().copied()) };
        let Some(next) = next else { return Some(chain) };
        for (from, to) in [(here, next), (next, here)] {
            if let Some(ends) = run.get_mut(&from) {
                ends.retain(|&end| end != to);
                if ends.is_empty() {
                    run.remove(&from);
                }
            }
        }
        chain.push(next);
    }
}

/// The line without the small kinks where other streets end in it.
fn smoothed(line: &[Spot]) -> Vec<Spot> {
    let mut kept: Vec<Spot> = Vec::new();
    for (at, &spot) in line.iter().enumerate() {
        let last = at + 1 == line.len();
        if kept.last().is_none_or(|before| before.to(spot) > 45.0) {
            kept.push(spot);
        } else if last {
            kept.pop();
            kept.push(spot);
        }
    }
    kept
}

/// The river's water as a polygon along its centre line.
pub(super) fn water(ground: &Ground, ways: &Passages) -> Vec<Spot> {
    let line: Vec<Spot> = ways.river.iter().map(|&point| ground.mesh.spot(point)).collect();
    let mut ring = beside(&smoothed(&line), -RIVER_HALF_M);
    let mut north = beside(&smoothed(&line), RIVER_HALF_M);
    north.reverse();
    ring.extend(north);
    ring
}

/// River, railway and walls, and what leads through them.
pub(super) fn barriers(
    ground: &Ground,
    ways: &Passages,
    blocks: &[Block],
    block_names: &BTreeMap<usize, String>,
    names: (&str, &str),
    dice: &mut Dice,
) -> (Vec<Barrier>, Vec<Opening>) {
    let line = |points: &[u32]| points.iter().map(|&point| ground.mesh.spot(point)).collect::<Vec<Spot>>();
    let mut barriers = vec![
        Barrier { kind: "river", name: names.0.to_owned(), line: line(&ways.river) },
        Barrier { kind: "railway", name: names.1.to_owned(), line: line(&ways.rail) },
    ];
    let mut openings = Vec::new();
    let ordinal = |at: usize| ["一", "二", "三", "四", "五", "六", "七", "八", "九"].get(at).copied();
    for (kind, points, of, last) in
        [("bridge", &ways.bridges, names.0, "桥"), ("crossing", &ways.crossings, names.1, "道口")]
    {
        for (at, &point) in points.iter().enumerate() {
            let number = ordinal(at).map_or_else(|| (at + 1).to_string(), str::to_owned);
            let at = ground.mesh.spot(point);
            openings.push(Opening { kind, name: format!("{of}{number}{last}"), at, block: None });
        }
    }
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.used.is_walled()) {
        let Some(name) = block_names.get(&at) else { continue };
        let ring = block.site_ring();
        openings.extend(gates((at, block), name, dice));
        let closed = ring.iter().chain(&ring[..1]).copied().collect();
        barriers.push(Barrier { kind: "wall", name: name.clone(), line: closed });
    }
    (barriers, openings)
}

/// One to three gates, on the longest sides that face a street.
fn gates((number, block): (usize, &Block), name: &str, dice: &mut Dice) -> Vec<Opening> {
    let mut sides: Vec<(Spot, Spot)> = block
        .site
        .iter()
        .zip(block.site.iter().cycle().skip(1))
        .filter(|((_, way), _)| matches!(way, Way::Arterial | Way::Collector | Way::Local | Way::Track))
        .map(|(&(a, _), &(b, _))| (a, b))
        .collect();
    sides.sort_by(|a, b| b.0.to(b.1).total_cmp(&a.0.to(a.1)));
    if sides.is_empty() {
        let ring = block.site_ring();
        sides.push((ring[0], ring[1]));
    }
    let wanted = if block.site_m2 < 15_000.0 { 1 } else { 2 + usize::from(block.site_m2 > 45_000.0) };
    let mut gates = Vec::new();
    for (at, (a, b)) in sides.into_iter().take(wanted).enumerate() {
        let which = ["正门", "侧门", "后门"][at.min(2)];
        let spot = a.toward(b, dice.between(0.4, 0.6));
        gates.push(Opening { kind: "gate", name: format!("{name}{which}"), at: spot, block: Some(number) });
    }
    gates
}
