//! The streets measured again: every node of every line, plain shortest ways, floating metres.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Arc, Mutex, PoisonError};

use super::earth::{ellipsoid, plane, tobler};
use super::rows::{Rows, together};
use super::walks::Home;
use crate::model::place::Place;
use crate::model::rules::Rules;

/// Bits of a line's marks: stairs, open forwards only, open backwards only.
const STEPS: u8 = 1;
const FORWARD_ONLY: u8 = 2;
const BACKWARD_ONLY: u8 = 4;

/// Most places have a street as near as this, in metres.
const NEARBY_M: f64 = 60.0;

/// Side of the cells that segments are looked up by, in metres.
const CELL_M: f64 = 100.0;

type P = (f64, f64);

/// A piece of street between two nodes.
struct Segment {
    ends: [u32; 2],
    /// Metres, stairs and slopes made longer: from the first end to the second, and back.
    costs: [f64; 2],
    /// Whether it may be walked from the first end to the second, and back.
    open: [bool; 2],
}

/// Streets in local metres.
pub(super) struct Network {
    nodes: Vec<P>,
    segments: Vec<Segment>,
    cells: BTreeMap<(i64, i64), Vec<u32>>,
    /// Segments that arrive at a node: where from, and at what cost.
    into: Rows<(u32, f64)>,
    /// Nodes in the network that holds each.
    together: Vec<u32>,
    nodes_min: u32,
    reach: f64,
    walls: Vec<(P, P)>,
    gates: Vec<P>,
    /// Meetings found already, by the bits of their place.
    known: Mutex<BTreeMap<(u64, u64), Arc<Door>>>,
    /// Walks told lately, with the homes and sites they are between: groups differ in pace alone.
    told: Mutex<Vec<Told>>,
}

type Told = (Vec<Home>, Vec<P>, Vec<Option<(f64, f64)>>);

/// How many are kept.
const TOLD: usize = 6;

/// Where a place meets the streets: segment, share of it, metres to there.
type Meeting = (u32, f64, f64);

/// Streets that are as near as the nearest but for this, in metres, may honestly be taken for it.
const TIED_M: f64 = 0.05;

/// So near to a wall a street may be in its gate; and so near to a gate nobody is walled off from it.
const IN_WALL_M: f64 = 0.1;
const AT_GATE_M: f64 = 0.5;

/// How a place gets onto the streets.
enum Door {
    /// By its nearest street; more than one where they are equally near.
    Direct(Vec<Meeting>),
    /// By any of the gates in sight.
    Gates(Vec<Meeting>),
}

impl Door {
    fn ways(&self) -> &[Meeting] {
        let (Self::Direct(ways) | Self::Gates(ways)) = self;
        ways
    }
}

impl Network {
    /// With stairs and without; `None` if the place has no streets.
    pub(super) fn both(place: &Place, rules: &Rules) -> Option<[Self; 2]> {
        let lines = place.streets.as_ref()?;
        let degrees: Vec<P> = lines.positions.iter().map(|p| p.degrees()).collect();
        let nodes: Vec<P> = degrees.iter().map(|&at| plane(at, place)).collect();
        let of = |with_stairs: bool| Self::of(place, rules, &degrees, nodes.clone(), with_stairs);
        Some([of(true)?, of(false)?])
    }

    fn of(place: &Place, rules: &Rules, degrees: &[P], nodes: Vec<P>, with_stairs: bool) -> Option<Self> {
        let lines = place.streets.as_ref()?;
        let mut segments = Vec::new();
        // Stairs hold a network together even for those who cannot take them.
        let mut joins = Vec::new();
        let mut start = 0;
        for (&end, &marks) in lines.ends.iter().zip(&lines.marks) {
            let stretch = if marks & STEPS > 0 { f64::from(lines.steps_percent.max(1)) / 100.0 } else { 1.0 };
            let way = &lines.nodes[start..end as usize];
            start = end as usize;
            if marks & STEPS > 0 && !with_stairs {
                way.windows(2).for_each(|pair| joins.push((pair[0], pair[1])));
                continue;
            }
            for pair in way.windows(2) {
                joins.push((pair[0], pair[1]));
                let metres = ellipsoid(degrees[pair[0] as usize], degrees[pair[1] as usize]);
                let height =
                    |node: u32| f64::from(lines.heights_m.as_ref().map_or(0.0, |h| h[node as usize]));
                let rise = height(pair[1]) - height(pair[0]);
                let costs = [rise, -rise].map(|rise| metres * stretch * tobler(rise, metres));
                let open = [marks & BACKWARD_ONLY == 0, marks & FORWARD_ONLY == 0];
                segments.push(Segment { ends: [pair[0], pair[1]], costs, open });
            }
        }
        let mut into = Vec::with_capacity(segments.len() * 2);
        let mut cells: BTreeMap<(i64, i64), Vec<u32>> = BTreeMap::new();
        for (number, segment) in (0u32..).zip(&segments) {
            let [a, b] = segment.ends;
            if segment.open[0] {
                into.push((b, (a, segment.costs[0])));
            }
            if segment.open[1] {
                into.push((a, (b, segment.costs[1])));
            }
            let ((west, south), (east, north)) = span(nodes[a as usize], nodes[b as usize]);
            for x in west..=east {
                for y in south..=north {
                    cells.entry((x, y)).or_default().push(number);
                }
            }
        }
        let beside: Vec<(u32, u32)> = joins.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]).collect();
        let together = together(&Rows::of(nodes.len(), &beside));
        let largest = together.iter().copied().max().unwrap_or(0);
        let barriers = place.barriers.lines.iter().flat_map(|(_, line)| line.0.windows(2));
        Some(Self {
            into: Rows::of(nodes.len(), &into),
            nodes,
            segments,
            cells,
            together,
            nodes_min: rules.walking.component_nodes_min.min(largest),
            reach: f64::from(rules.walking.snap_max_m),
            walls: barriers.map(|w| ((w[0].x, w[0].y), (w[1].x, w[1].y))).collect(),
            gates: place.barriers.openings.iter().map(|p| (p.x(), p.y())).collect(),
            known: Mutex::default(),
            told: Mutex::default(),
        })
    }

    /// Metres from every home to the nearest site, by the better and the worse of equally near
    /// streets (Dijkstra 1959, against the direction of walking).
    pub(super) fn to(&self, homes: &[Home], sites: &[P]) -> Vec<Option<(f64, f64)>> {
        let told = || self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = told().iter().find(|told| told.0 == homes && told.1 == sites) {
            return before.2.clone();
        }
        let walks = self.walks(homes, sites);
        // Walks to one site are asked for once.
        if sites.len() == 1 {
            return walks;
        }
        let mut told = told();
        if told.len() == TOLD {
            told.remove(0);
        }
        told.push((homes.to_vec(), sites.to_vec(), walks.clone()));
        walks
    }

    fn walks(&self, homes: &[Home], sites: &[P]) -> Vec<Option<(f64, f64)>> {
        let doors: Vec<Arc<Door>> = sites.iter().map(|&site| self.door(site)).collect();
        let every: Vec<Meeting> = doors.iter().flat_map(|door| door.ways().to_vec()).collect();
        let first = doors.iter().flat_map(|door| match &**door {
            Door::Direct(ways) => ways[..1].to_vec(),
            Door::Gates(ways) => ways.clone(),
        });
        let first: Vec<Meeting> = first.collect();
        let homes: Vec<Arc<Door>> = homes.iter().map(|&home| self.door(home)).collect();
        let asked: Vec<u32> = homes
            .iter()
            .flat_map(|door| door.ways().iter().flat_map(|way| self.segments[way.0 as usize].ends))
            .collect();
        let far = self.reach_all(&every, &asked);
        let least = homes.iter().map(|home| self.from(home, &far, &every));
        if first.len() == every.len() {
            return least.collect();
        }
        let far = self.reach_all(&first, &asked);
        let most = homes.iter().map(|home| self.from(home, &far, &first));
        least.zip(most).map(|(least, most)| Some((least?.0, least?.1.max(most?.1)))).collect()
    }

    /// Metres from every node asked for to the nearest of some arrivals; of others no less than that.
    fn reach_all(&self, arrivals: &[Meeting], asked: &[u32]) -> Vec<f64> {
        let mut far = vec![f64::INFINITY; self.nodes.len()];
        let mut waits = vec![false; self.nodes.len()];
        asked.iter().for_each(|&node| waits[node as usize] = true);
        let mut waiting = waits.iter().filter(|waits| **waits).count();
        let mut heap = BinaryHeap::new();
        let reach = |far: &mut Vec<f64>, heap: &mut BinaryHeap<_>, node: u32, metres: f64| {
            if metres < far[node as usize] {
                far[node as usize] = metres;
                // Bits of positive numbers are ordered as the numbers are.
                heap.push(Reverse((metres.to_bits(), node)));
            }
        };
        for &(segment, share, access) in arrivals {
            let Segment { ends, costs, open } = &self.segments[segment as usize];
            if open[0] || share == 0.0 {
                reach(&mut far, &mut heap, ends[0], access + share * costs[0]);
            }
            if open[1] || share == 1.0 {
                reach(&mut far, &mut heap, ends[1], access + (1.0 - share) * costs[1]);
            }
        }
        while let Some(Reverse((bits, node))) = heap.pop() {
            let metres = f64::from_bits(bits);
            if metres > far[node as usize] {
                continue;
            }
            waiting -= usize::from(std::mem::take(&mut waits[node as usize]));
            if waiting == 0 {
                break;
            }
            for &(from, cost) in self.into.of_node(node) {
                reach(&mut far, &mut heap, from, metres + cost);
            }
        }
        far
    }

    fn from(&self, door: &Door, far: &[f64], arrivals: &[Meeting]) -> Option<(f64, f64)> {
        let walks: Vec<f64> = door.ways().iter().map(|way| self.by(way, far, arrivals)).collect();
        let least = walks.iter().copied().fold(f64::INFINITY, f64::min);
        let most = match door {
            Door::Direct(_) => walks.iter().copied().filter(|w| w.is_finite()).fold(least, f64::max),
            Door::Gates(_) => least,
        };
        least.is_finite().then_some((least, most))
    }

    /// Metres by one way onto the streets.
    fn by(&self, &(segment, share, access): &Meeting, far: &[f64], arrivals: &[Meeting]) -> f64 {
        let Segment { ends, costs, open } = &self.segments[segment as usize];
        let mut best = f64::INFINITY;
        if open[1] || share == 0.0 {
            best = best.min(access + share * costs[1] + far[ends[0] as usize]);
        }
        if open[0] || share == 1.0 {
            best = best.min(access + (1.0 - share) * costs[0] + far[ends[1] as usize]);
        }
        // Both on one segment: nobody walks to its end and back.
        for &(_, there, more) in arrivals.iter().filter(|a| a.0 == segment) {
            if (there >= share && open[0]) || (there <= share && open[1]) {
                let cost = costs[usize::from(there < share)];
                best = best.min(access + (there - share).abs() * cost + more);
            }
        }
        best
    }

    /// The nearest street that no barrier lies before; else the streets of the gates in sight.
    fn door(&self, at: P) -> Arc<Door> {
        let key = (at.0.to_bits(), at.1.to_bits());
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known().get(&key) {
            return Arc::clone(found);
        }
        let found = Arc::new(self.find(at));
        known().insert(key, Arc::clone(&found));
        found
    }

    fn find(&self, at: P) -> Door {
        let mut direct = self.snap(at, true);
        let is_sure = direct.iter().any(|way| !self.walled(at, beyond(at, self.on(way.0, way.1), IN_WALL_M)));
        if is_sure {
            return Door::Direct(direct);
        }
        let mut by_gates = Vec::new();
        for &gate in self.gates.iter().filter(|gate| distance(at, **gate) <= self.reach) {
            if !self.walled(at, beyond(at, gate, -AT_GATE_M)) {
                let onward = |(s, share, more): Meeting| (s, share, more + distance(at, gate));
                by_gates.extend(self.snap(gate, false).into_iter().map(onward));
            }
        }
        if direct.is_empty() {
            return Door::Gates(by_gates);
        }
        direct.extend(by_gates);
        Door::Direct(direct)
    }

    /// The nearest street, and any as near: nearby first, since that is nearly always enough.
    fn snap(&self, at: P, minding_walls: bool) -> Vec<Meeting> {
        let found = self.snap_within(at, minding_walls, NEARBY_M.min(self.reach));
        let sees = |way: &Meeting| !self.walled(at, beyond(at, self.on(way.0, way.1), IN_WALL_M));
        let is_sure = found.iter().any(|way| way.2 + TIED_M < NEARBY_M && (!minding_walls || sees(way)));
        if is_sure { found } else { self.snap_within(at, minding_walls, self.reach) }
    }

    fn snap_within(&self, at: P, minding_walls: bool, reach: f64) -> Vec<Meeting> {
        let mut near: Vec<Meeting> = Vec::new();
        let ((west, south), (east, north)) = span((at.0 - reach, at.1 - reach), (at.0 + reach, at.1 + reach));
        for x in west..=east {
            for y in south..=north {
                for &number in self.cells.get(&(x, y)).into_iter().flatten() {
                    let [a, b] = self.segments[number as usize].ends;
                    if self.together[a as usize] < self.nodes_min {
                        continue;
                    }
                    let share = share(self.nodes[a as usize], self.nodes[b as usize], at);
                    let metres = distance(at, self.on(number, share));
                    if metres <= reach {
                        near.push((number, share, metres));
                    }
                }
            }
        }
        near.sort_by(|p, q| p.2.total_cmp(&q.2).then(p.0.cmp(&q.0)));
        near.dedup();
        if !minding_walls {
            let farthest = near.first().map_or(0.0, |way| way.2 + TIED_M);
            return near.into_iter().take_while(|way| way.2 <= farthest).collect();
        }
        // A street that begins in a gate may honestly lie on either side of the wall.
        let foot = |way: &Meeting| self.on(way.0, way.1);
        let surely = near.iter().find(|way| !self.walled(at, beyond(at, foot(way), IN_WALL_M)));
        let farthest = surely.map_or(f64::INFINITY, |way| way.2 + TIED_M);
        near.retain(|way| way.2 <= farthest && !self.walled(at, beyond(at, foot(way), -IN_WALL_M)));
        near
    }

    fn on(&self, segment: u32, share: f64) -> P {
        let [a, b] = self.segments[segment as usize].ends.map(|end| self.nodes[end as usize]);
        (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
    }

    /// Whether a barrier passes from one side of the way to the other.
    fn walled(&self, from: P, to: P) -> bool {
        let side = |p: P, q: P, r: P| (q.0 - p.0) * (r.1 - p.1) - (q.1 - p.1) * (r.0 - p.0);
        let (low, high) = ((from.0.min(to.0), from.1.min(to.1)), (from.0.max(to.0), from.1.max(to.1)));
        self.walls.iter().any(|&(p, q)| {
            let beside = p.0.max(q.0) < low.0
                || p.0.min(q.0) > high.0
                || p.1.max(q.1) < low.1
                || p.1.min(q.1) > high.1;
            !beside && side(p, q, from) * side(p, q, to) < 0.0 && side(from, to, p) * side(from, to, q) <= 0.0
        })
    }
}

/// A point so many metres beyond another, seen from a first one.
fn beyond(from: P, to: P, metres: f64) -> P {
    let stretch = 1.0 + metres / distance(from, to).max(metres.abs()).max(1e-9);
    (from.0 + stretch * (to.0 - from.0), from.1 + stretch * (to.1 - from.1))
}

fn distance(a: P, b: P) -> f64 {
    ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt()
}

fn cell(at: P) -> (i64, i64) {
    ((at.0 / CELL_M).floor() as i64, (at.1 / CELL_M).floor() as i64)
}

fn span(a: P, b: P) -> ((i64, i64), (i64, i64)) {
    (cell((a.0.min(b.0), a.1.min(b.1))), cell((a.0.max(b.0), a.1.max(b.1))))
}

/// How far along a segment its nearest point to `at` lies.
fn share(a: P, b: P, at: P) -> f64 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let square = dx * dx + dy * dy;
    if square > 0.0 { (((at.0 - a.0) * dx + (at.1 - a.1) * dy) / square).clamp(0.0, 1.0) } else { 0.0 }
}
