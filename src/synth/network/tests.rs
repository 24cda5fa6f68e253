//! Laws of the network, on towns of several sizes, in the units the files are written in.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::index::{foot, meets};
use super::noding::{Unit, merged, noded, spot, without_repeats};
use super::*;
use crate::run::Seed;
use crate::synth::blocks::Use;
use crate::synth::shape::{inside, rectangle};
use crate::synth::{Town, TownSpec, town};

const TOWNS: [(u32, u64); 10] = [
    (1_000, 1),
    (1_000, 11),
    (1_000, 40),
    (1_500, 4),
    (7_777, 2),
    (10_000, 106),
    (60_000, 1),
    (60_000, 5),
    (85_000, 156),
    (200_000, 3),
];

/// A town with its streets and barriers as written.
struct Walk {
    label: String,
    town: Town,
    streets: Vec<(&'static str, Vec<Unit>)>,
}

fn walks() -> impl Iterator<Item = Walk> {
    TOWNS.into_iter().map(|(people, seed)| {
        let town = town(&TownSpec::new(people, Seed(seed))).expect("the town has room");
        let streets = town.streets.iter().map(|street| (street.highway, units(&street.line))).collect();
        Walk { label: format!("{people} people, seed {seed}"), town, streets }
    })
}

fn units(line: &[Spot]) -> Vec<Unit> {
    line.iter().map(|&spot| written(spot)).collect()
}

fn pairs(line: &[Unit]) -> impl Iterator<Item = (Unit, Unit)> + '_ {
    line.windows(2).map(|pair| (pair[0], pair[1]))
}

impl Walk {
    fn sides(&self) -> Vec<(Unit, Unit)> {
        self.streets.iter().flat_map(|(_, line)| pairs(line)).collect()
    }

    fn openings(&self, kind: &str) -> BTreeSet<Unit> {
        let of_kind = self.town.openings.iter().filter(|opening| opening.kind == kind);
        of_kind.map(|opening| written(opening.at)).collect()
    }

    fn barriers(&self, kind: &str) -> Vec<Vec<Unit>> {
        let of_kind = self.town.barriers.iter().filter(|barrier| barrier.kind == kind);
        of_kind.map(|barrier| units(&barrier.line)).collect()
    }

    /// Neighbours of each node that walkers reach, with the length in metres.
    fn walked(&self) -> BTreeMap<Unit, Vec<(Unit, f64)>> {
        let mut next: BTreeMap<Unit, Vec<(Unit, f64)>> = BTreeMap::new();
        for (a, b) in self.streets.iter().filter(|street| street.0 != "cycleway").flat_map(|s| pairs(&s.1)) {
            let length = spot_at(a).to(spot_at(b));
            next.entry(a).or_default().push((b, length));
            next.entry(b).or_default().push((a, length));
        }
        next
    }
}

fn index(sides: &[(Unit, Unit)]) -> Index {
    Index::new(sides.iter().map(|&(a, b)| (spot(a), spot(b))).collect(), 6_000.0)
}

/// What is wrong between two sides: a meeting away from common ends, or a stretch in common.
fn clash(one: (Unit, Unit), other: (Unit, Unit)) -> bool {
    let (a, b, c, d) = (spot(one.0), spot(one.1), spot(other.0), spot(other.1));
    // The ends that are not shared, seen from the one that is.
    let shared =
        [(one.0, b, other.0, d), (one.0, b, other.1, c), (one.1, a, other.0, d), (one.1, a, other.1, c)]
            .into_iter()
            .find(|(p, _, q, _)| p == q);
    match shared {
        Some((hub, p, _, q)) => {
            let (p, q) = (p.minus(spot(hub)), q.minus(spot(hub)));
            p.cross(q) == 0.0 && p.dot(q) > 0.0
        }
        None => meets((a, b), (c, d)),
    }
}

#[test]
fn streets_share_a_vertex_wherever_they_meet() {
    for walk in walks() {
        let sides = walk.sides();
        let index = index(&sides);
        for (at, &side) in sides.iter().enumerate() {
            assert_ne!(side.0, side.1, "{}: a side without length", walk.label);
            for other in index.around(spot(side.0), spot(side.1), 0.0) {
                let bad = other as usize > at && clash(side, sides[other as usize]);
                assert!(!bad, "{}: {side:?} and {:?}", walk.label, sides[other as usize]);
            }
        }
    }
}

#[test]
fn river_and_railway_are_crossed_at_bridges_and_crossings() {
    for walk in walks() {
        let sides = walk.sides();
        let index = index(&sides);
        for (kind, opening) in [("river", "bridge"), ("railway", "crossing")] {
            let open = walk.openings(opening);
            assert!(!open.is_empty());
            for bar in walk.barriers(kind).iter().flat_map(|line| pairs(line)) {
                for id in index.around(spot(bar.0), spot(bar.1), 0.0) {
                    let side = sides[id as usize];
                    let through = [side.0, side.1]
                        .into_iter()
                        .any(|end| open.contains(&end) && (end == bar.0 || end == bar.1));
                    let meets = meets((spot(side.0), spot(side.1)), (spot(bar.0), spot(bar.1)));
                    assert!(!meets || through && !clash(side, bar), "{}: {kind} at {side:?}", walk.label);
                }
            }
        }
    }
}

#[test]
fn every_bridge_and_crossing_has_a_street_on_both_sides() {
    for walk in walks() {
        let next = walk.walked();
        for (kind, opening) in [("river", "bridge"), ("railway", "crossing")] {
            let line = &walk.barriers(kind)[0];
            for point in walk.openings(opening) {
                let at = line.iter().position(|&unit| unit == point).expect("it lies on its line");
                let heading = spot(line[at + 1]).minus(spot(line[at - 1]));
                let side = |&(to, _): &(Unit, f64)| heading.cross(spot(to).minus(spot(point)));
                let met: Vec<f64> = next.get(&point).into_iter().flatten().map(side).collect();
                let both = met.iter().any(|&side| side > 0.0) && met.iter().any(|&side| side < 0.0);
                assert!(both, "{}: {opening} {point:?}", walk.label);
            }
        }
    }
}

#[test]
fn walls_are_crossed_at_their_gates_and_every_gate_is_a_vertex() {
    for walk in walks() {
        let sides = walk.sides();
        let index = index(&sides);
        let gates = walk.openings("gate");
        let walls: Vec<(Unit, Unit)> =
            walk.barriers("wall").iter().flat_map(|line| pairs(line).collect::<Vec<_>>()).collect();
        for &wall in &walls {
            let (c, d) = (spot(wall.0), spot(wall.1));
            for id in index.around(c, d, 0.0) {
                let side = sides[id as usize];
                let (a, b) = (spot(side.0), spot(side.1));
                if !meets((a, b), (c, d)) {
                    continue;
                }
                let (along, across) = (b.minus(a), d.minus(c));
                let at = a.plus(along.times(c.minus(a).cross(across) / along.cross(across)));
                // A gate as written lies beside its wall by rounding, about a centimetre.
                let near = [side.0, side.1].iter().any(|end| gates.contains(end) && spot(*end).to(at) < 4.0);
                assert!(near, "{}: {side:?} crosses the wall {wall:?}", walk.label);
            }
        }
        let next = walk.walked();
        for opening in walk.town.openings.iter().filter(|opening| opening.kind == "gate") {
            let gate = written(opening.at);
            let block = &walk.town.blocks[opening.block.expect("a gate leads into a block")];
            let ring = block.site_ring();
            let ends = next.get(&gate).unwrap_or_else(|| panic!("{}: {} is off", walk.label, opening.name));
            // The middle of a path, as its end may be another gate.
            let middle = |end: Unit| opening.at.toward(spot_at(end), 0.5);
            let within = ends.iter().filter(|(end, _)| inside(&ring, middle(*end))).count();
            assert!(0 < within && within < ends.len(), "{}: {}", walk.label, opening.name);
        }
    }
}

#[test]
fn nearly_all_nodes_hang_together() {
    for walk in walks() {
        let next = walk.walked();
        let mut left: BTreeSet<Unit> = next.keys().copied().collect();
        let mut largest = 0;
        while let Some(&start) = left.first() {
            left.remove(&start);
            let (mut open, mut count) = (vec![start], 0);
            while let Some(unit) = open.pop() {
                count += 1;
                open.extend(next[&unit].iter().filter(|(to, _)| left.remove(to)).map(|&(to, _)| to));
            }
            largest = largest.max(count);
        }
        assert!(largest * 100 >= next.len() * 98, "{}: {largest} of {}", walk.label, next.len());
    }
}

#[test]
fn inhabited_buildings_have_a_street_in_sight() {
    for walk in walks() {
        let walked = walk.town.streets.iter().filter(|street| street.highway != "cycleway");
        let streets = Index::new(sides(walked.map(|street| &street.line[..])), CELL_M);
        let barriers = Index::new(sides(walk.town.barriers.iter().map(|bar| &bar.line[..])), CELL_M);
        let (mut served, mut all) = (0, 0);
        for building in walk.town.buildings.iter().filter(|building| building.residents.population > 0) {
            all += 1;
            let sees = |_: u32, foot: Spot| !barriers.is_crossed(building.at, foot);
            served += usize::from(streets.nearest(building.at, 250.0, &sees).is_some());
        }
        assert!(served * 100 >= all * 99, "{}: {served} of {all}", walk.label);
    }
}

#[test]
fn houses_of_hamlets_have_a_lane_near() {
    for walk in walks() {
        let streets = Index::new(sides(walk.town.streets.iter().map(|street| &street.line[..])), CELL_M);
        let hamlets = walk.town.buildings.iter().filter(|building| building.used == Use::Fields);
        let off: Vec<f64> =
            hamlets.filter_map(|b| streets.nearest(b.at, 250.0, &|_, _| true)).map(|(off, _)| off).collect();
        let near = off.iter().filter(|&&off| off <= 60.0).count();
        assert!(near * 100 >= off.len() * 97, "{}: {near} of {}", walk.label, off.len());
    }
}

#[test]
fn paths_keep_out_of_houses() {
    for walk in walks() {
        let sides = walk.sides();
        let index = Index::new(sides.iter().map(|&(a, b)| (spot_at(a), spot_at(b))).collect(), CELL_M);
        for building in &walk.town.buildings {
            // A park is crossed, a house is not.
            if building.storeys > 0 {
                let near = index.around(building.at, building.at, 150.0);
                let ring: Vec<Spot> = building.ring.iter().chain(&building.ring[..1]).copied().collect();
                let hit = near.iter().find(|&&id| {
                    ring.windows(2).any(|pair| meets((pair[0], pair[1]), index.sides[id as usize]))
                });
                assert!(hit.is_none(), "{}: a street runs through {}", walk.label, building.code);
            }
        }
    }
}

/// The shortest walk in metres.
fn walk_m(next: &BTreeMap<Unit, Vec<(Unit, f64)>>, from: Unit, to: Unit) -> Option<f64> {
    let mut open = BinaryHeap::from([(Reverse(0_u64), from)]);
    let mut done = BTreeSet::new();
    while let Some((Reverse(far), unit)) = open.pop() {
        if unit == to {
            return Some(far as f64 / 1e3);
        }
        if done.insert(unit) {
            let steps = next[&unit].iter().map(|&(to, length)| (Reverse(far + (length * 1e3) as u64), to));
            open.extend(steps);
        }
    }
    None
}

#[test]
fn the_river_is_a_detour_and_some_ways_are_not_for_all() {
    let walk = walks().find(|walk| walk.town.spec.people == 60_000).expect("the demo is among them");
    let next = walk.walked();
    let river = units(&walk.town.barriers[0].line);
    let bridges = walk.openings("bridge");
    let off = |unit: Unit| {
        bridges.iter().map(|&bridge| spot_at(unit).to(spot_at(bridge))).fold(f64::INFINITY, f64::min)
    };
    // Within the town, the place on the river farthest from any bridge.
    let town = river.iter().enumerate().filter(|(_, unit)| spot_at(**unit).length() < 900.0);
    let (at, &far) = town.max_by(|a, b| off(*a.1).total_cmp(&off(*b.1))).expect("the river runs through");
    let heading = spot(river[at + 1]).minus(spot(river[at - 1]));
    let nearest = |bank: f64| {
        let on_bank = next.keys().filter(|unit| heading.cross(spot(**unit).minus(spot(far))) * bank > 0.0);
        *on_bank
            .min_by_key(|unit| (spot_at(**unit).to(spot_at(far)) * 1e3) as u64)
            .expect("streets on both banks")
    };
    let (north, south) = (nearest(1.0), nearest(-1.0));
    let straight = spot_at(north).to(spot_at(south));
    let walked = walk_m(&next, north, south).expect("the banks hang together");
    assert!(walked > 4.0 * straight, "{walked} m for {straight} m");

    let classes: BTreeSet<&str> = walk.streets.iter().map(|street| street.0).collect();
    let expected = ["cycleway", "footway", "path", "primary", "residential", "secondary", "service", "steps"];
    assert!(expected.iter().all(|class| classes.contains(class)), "{classes:?}");
}

#[test]
fn lines_get_a_vertex_where_they_cross_or_touch() {
    let mut lines = vec![
        vec![(0, 0), (1_000, 0)],
        vec![(500, -300), (500, 301)],
        vec![(700, 1), (700, 400)],
        vec![(100, 0), (300, 0)],
    ];
    noded(&mut lines, 1);
    assert_eq!(lines[0], [(0, 0), (100, 0), (300, 0), (500, 0), (700, 1), (1_000, 0)]);
    assert_eq!(lines[1], [(500, -300), (500, 0), (500, 301)]);
    // What two lines have in common stays with the first.
    let pieces = without_repeats(&lines);
    assert_eq!(pieces.iter().map(|piece| piece.0).collect::<Vec<_>>(), [0, 1, 2]);
}

#[test]
fn near_ends_become_one_but_gates_stay() {
    let base = [vec![(0, 0), (1_000, 0)]];
    let mut added = vec![vec![(1_012, 5), (1_500, 0)], vec![(1_020, 0), (1_490, 0)]];
    merged(&base, &[(1_020, 0)], &mut added);
    assert_eq!(added, [vec![(1_020, 0), (1_500, 0)], vec![(1_020, 0), (1_500, 0)]]);
}

#[test]
fn a_path_goes_round_a_house() {
    let ring = |x: (f64, f64), y: (f64, f64)| {
        rectangle(&crate::synth::shape::Frame::new(Spot::new(0.0, 0.0), Spot::new(1.0, 0.0)), x, y)
    };
    let (site, house) = (ring((0.0, 100.0), (0.0, 100.0)), ring((20.0, 80.0), (40.0, 60.0)));
    let mut yard = yard::Yard::new(&site, 1.5, Spot::new(0.0, 0.0), Spot::new(100.0, 100.0), &[&house]);
    let (south, north) = (Spot::new(50.0, 10.0), Spot::new(50.0, 90.0));
    yard.aim(north);
    let line = yard.path(south).expect("there is room beside the house");
    assert_eq!((line[0], line[line.len() - 1]), (south, north));
    assert!(line.len() > 2 && line.len() < 8, "{line:?}");
    for pair in line.windows(2) {
        assert!(foot((pair[0], pair[1]), Spot::new(50.0, 50.0)).to(Spot::new(50.0, 50.0)) > 10.0);
        assert!(!inside(&house, pair[0].toward(pair[1], 0.5)));
    }
}
