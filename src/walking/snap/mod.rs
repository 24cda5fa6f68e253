//! From places to streets: the nearest point of the nearest street, not its nearest junction.
//!
//! Streets stand in a grid of 64 m cells; a search widens ring by ring until nothing nearer can
//! come. Every candidate nearer than the best is held against the barriers. O(1) a place where
//! streets are as dense as in a town; many places are taken along a Hilbert curve, in parallel, and
//! answered in their own order.

mod barriers;
mod grid;
#[cfg(test)]
mod tests;

pub use barriers::Barriers;

use rayon::prelude::*;

use self::grid::SegmentGrid;
use super::FAR;
use super::metric::{Position, Scale};
use super::search::Entrance;
use super::streets::order::Curve;
use super::streets::{OnChain, Streets, Walker};

/// What counts as a street to snap to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapRules {
    /// How far a place may lie from its street, millimetres. 250 m: further out a mapped street is
    /// missing rather than a walk across a field meant.
    pub max_mm: u32,
    /// Street nodes a connected component must have, so that no stray footway captures a place.
    pub component_nodes_min: u32,
    /// Who walks: stairs are no street for everyone.
    pub walker: Walker,
}

impl Default for SnapRules {
    fn default() -> Self {
        Self { max_mm: 250_000, component_nodes_min: 50, walker: Walker::Any }
    }
}

/// A place on its street.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snap {
    /// Where the street is met.
    pub point: OnChain,
    /// Millimetres from the place to there.
    pub access_mm: u32,
    /// The same point as a position.
    pub foot: Position,
}

impl Snap {
    /// An entrance of a place or centre.
    pub fn entrance(&self, place: u32) -> Entrance {
        Entrance { place, point: self.point, access_mm: self.access_mm }
    }
}

/// Places on streets, and those that found none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapped {
    /// The street of each position, in their order.
    pub snaps: Vec<Option<Snap>>,
    /// Numbers of the positions without one.
    pub unsnapped: Vec<u32>,
}

/// Streets indexed for snapping.
#[derive(Debug)]
pub struct Snapper<'a> {
    streets: &'a Streets,
    barriers: Option<&'a Barriers>,
    rules: SnapRules,
    grid: SegmentGrid,
}

/// The nearest so far.
#[derive(Clone, Copy)]
struct Candidate {
    square: f64,
    vertex: u32,
    share: f64,
    foot: Position,
}

impl<'a> Snapper<'a> {
    /// Indexes the streets that the rules admit.
    pub fn new(streets: &'a Streets, barriers: Option<&'a Barriers>, rules: SnapRules) -> Self {
        let segments = streets
            .chains
            .iter()
            .enumerate()
            .filter(|(number, _)| {
                let component = streets.component(*number as u32) as usize;
                streets.admits(rules.walker, *number as u32)
                    && streets.component_nodes()[component] >= rules.component_nodes_min
            })
            .flat_map(|(_, chain)| {
                (chain.first..chain.end - 1).map(|vertex| (vertex, segment(streets, vertex)))
            });
        let middle = streets.vertices.get(streets.vertices.len() / 2).map_or(0, |v| v.position.lat);
        let scale = streets.metric().at(middle);
        let grid = SegmentGrid::over(segments, scale.lon, scale.lat);
        Self { streets, barriers, rules, grid }
    }

    /// The nearest admitted street point, if one is near enough and no barrier lies between. Equally
    /// near streets fall to the one first on the curve.
    pub fn snap(&self, place: Position) -> Option<Snap> {
        if self.grid.rows == 0 {
            return None;
        }
        let scale = self.streets.metric().at(place.lat);
        let max = f64::from(self.rules.max_mm.min(FAR));
        let mut best: Option<Candidate> = None;
        let (column, row) = self.grid.cell(place);
        let mut ring = 0;
        loop {
            let reached = if ring == 0 { 0.0 } else { self.ring_mm(place, scale, ring) };
            let enough = best.map_or(max, |best| best.square.sqrt().min(max));
            if reached > enough || ring > self.rings(column, row) {
                break;
            }
            for r in row - ring..=row + ring {
                if r == row - ring || r == row + ring {
                    self.improve(r, column - ring, column + ring, place, scale, &mut best);
                } else {
                    self.improve(r, column - ring, column - ring, place, scale, &mut best);
                    self.improve(r, column + ring, column + ring, place, scale, &mut best);
                }
            }
            ring += 1;
        }
        let best = best?;
        let chain = self.streets.chains.partition_point(|chain| chain.end <= best.vertex) as u32;
        let point = self.streets.between(chain, best.vertex, best.share);
        Some(Snap { point, access_mm: best.square.sqrt().round() as u32, foot: best.foot })
    }

    /// Snaps many positions on the current pool of threads.
    pub fn snap_all(&self, places: &[Position]) -> Snapped {
        let curve = Curve::over(places);
        let mut order: Vec<u64> = places
            .par_iter()
            .enumerate()
            .map(|(k, place)| u64::from(curve.place(*place)) << 32 | k as u64)
            .collect();
        order.par_sort_unstable();
        let found: Vec<Option<Snap>> =
            order.par_iter().with_min_len(256).map(|key| self.snap(places[*key as u32 as usize])).collect();
        let mut snapped = Snapped { snaps: vec![None; places.len()], unsnapped: Vec::new() };
        for (key, snap) in order.iter().zip(found) {
            snapped.snaps[*key as u32 as usize] = snap;
        }
        let missing = snapped.snaps.iter().enumerate().filter(|(_, snap)| snap.is_none());
        snapped.unsnapped = missing.map(|(k, _)| k as u32).collect();
        snapped
    }

    /// Rings after which the whole grid has been seen.
    fn rings(&self, column: i64, row: i64) -> i64 {
        let across = column.max(self.grid.columns - 1 - column);
        across.max(row.max(self.grid.rows - 1 - row))
    }

    /// How far a place is at least from what lies in a ring.
    fn ring_mm(&self, place: Position, scale: Scale, ring: i64) -> f64 {
        let (east, north) = self.grid.inset(place);
        let (width, height) = (self.grid.width, self.grid.height);
        let steps = ring - 1;
        let along = |inset: i64, side: i64| (inset.min(side - inset) + steps * side) as f64;
        (along(east, width) * scale.lon).min(along(north, height) * scale.lat)
    }

    fn improve(
        &self,
        row: i64,
        from: i64,
        to: i64,
        place: Position,
        scale: Scale,
        best: &mut Option<Candidate>,
    ) {
        for vertex in self.grid.in_row(row, from, to) {
            let (a, b) = segment(self.streets, vertex);
            let ((ax, ay), (bx, by)) = (scale.offset(place, a), scale.offset(place, b));
            let (dx, dy) = (bx - ax, by - ay);
            let length = dx * dx + dy * dy;
            let share = if length > 0.0 { (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0) } else { 0.0 };
            let (x, y) = (ax + share * dx, ay + share * dy);
            let square = x * x + y * y;
            let limit = f64::from(self.rules.max_mm);
            let is_nearer =
                best.is_none_or(|b| (square, vertex) < (b.square, b.vertex)) && square <= limit * limit;
            if !is_nearer {
                continue;
            }
            let between = |low: i32, high: i32| {
                (f64::from(low) + share * (f64::from(high) - f64::from(low))).round() as i32
            };
            let foot = Position { lon: between(a.lon, b.lon), lat: between(a.lat, b.lat) };
            if self.barriers.is_none_or(|barriers| !barriers.block(place, foot)) {
                *best = Some(Candidate { square, vertex, share, foot });
            }
        }
    }
}

fn segment(streets: &Streets, vertex: u32) -> (Position, Position) {
    (streets.vertices[vertex as usize].position, streets.vertices[vertex as usize + 1].position)
}
