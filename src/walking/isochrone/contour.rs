//! Marching squares: the rings around the corners within a limit.

use super::field::{Field, NOTHING, PARTS};
use super::{Polygon, Region};
use crate::walking::NONE;
use crate::walking::metric::Position;

/// Sides of a cell.
#[derive(Clone, Copy)]
enum Side {
    South,
    East,
    North,
    West,
}
use Side::{East, North, South, West};

/// For each set of inside corners (1 south-west, 2 south-east, 4 north-east, 8 north-west) the lines
/// through a cell, the inside on their left. Opposite corners are cut apart.
const LINES: [&[(Side, Side)]; 16] = [
    &[],
    &[(South, West)],
    &[(East, South)],
    &[(East, West)],
    &[(North, East)],
    &[(South, West), (North, East)],
    &[(North, South)],
    &[(North, West)],
    &[(West, North)],
    &[(South, North)],
    &[(East, South), (West, North)],
    &[(East, North)],
    &[(West, East)],
    &[(South, East)],
    &[(West, South)],
    &[],
];

/// Room to trace in, used again and again.
///
/// A crossing is numbered by the corner west or south of it: twice its place in the raster, plus one
/// if it lies on the way north.
#[derive(Default)]
pub(super) struct Tracer {
    /// The crossing that follows each, while tracing.
    next: Vec<u32>,
    /// The ring each crossing on a row belongs to.
    ring_at: Vec<u32>,
    starts: Vec<u32>,
    rings: Vec<Ring>,
}

struct Ring {
    points: Vec<(i64, i64)>,
    /// Twice the area, in lattice cells; negative for holes.
    area_2: i64,
    /// The westernmost crossing on a row.
    westmost: u32,
}

impl Tracer {
    /// The region of all that costs no more than `limit`.
    pub(super) fn trace(&mut self, field: &Field, limit: u32, fill_below_m2: f64) -> Region {
        self.link(field, limit);
        self.rings.clear();
        for k in 0..self.starts.len() {
            if self.next[self.starts[k] as usize] != NONE {
                self.follow(self.starts[k], field, limit);
            }
        }
        let region = self.assemble(field, fill_below_m2);
        for ring in &self.rings {
            debug_assert!(ring.points.len() >= 4, "a contour surrounds a corner at least");
        }
        region
    }

    fn link(&mut self, field: &Field, limit: u32) {
        let columns = field.columns as usize;
        self.next.resize(field.costs.len() * 2, NONE);
        self.ring_at.clear();
        self.ring_at.resize(field.costs.len(), NONE);
        self.starts.clear();
        // Columns between which a row has corners inside; the margin leaves one free on either side.
        let extent = |row: usize| {
            let corners = &field.costs[row * columns..][..columns];
            let first = corners.iter().position(|cost| *cost <= limit)?;
            Some((first, corners.iter().rposition(|cost| *cost <= limit)?))
        };
        let mut above = extent(0);
        for row in 0..field.rows as usize - 1 {
            let below = std::mem::replace(&mut above, extent(row + 1));
            let (first, last) = match (below, above) {
                (None, None) => continue,
                (Some(one), None) | (None, Some(one)) => one,
                (Some(a), Some(b)) => (a.0.min(b.0), a.1.max(b.1)),
            };
            let south = &field.costs[row * columns..][..columns];
            let north = &field.costs[(row + 1) * columns..][..columns];
            let west_of =
                |column: usize| u8::from(south[column] <= limit) | u8::from(north[column] <= limit) << 3;
            let mut west = 0;
            for column in first - 1..=last {
                let east = west_of(column + 1);
                // The east corners of this cell are the west ones of the next, two bits over.
                let code = west | (east & 1) << 1 | (east & 8) >> 1;
                west = east;
                if code == 0 || code == 15 {
                    continue;
                }
                let corner = (row * columns + column) as u32;
                let crossing = |side: Side| match side {
                    South => corner * 2,
                    North => (corner + columns as u32) * 2,
                    West => corner * 2 + 1,
                    East => corner * 2 + 3,
                };
                for (from, to) in LINES[code as usize] {
                    let from = crossing(*from);
                    self.next[from as usize] = crossing(*to);
                    self.starts.push(from);
                }
            }
        }
    }

    /// Takes a ring out of the links. Every crossing stays a point of it, even on a straight line: where
    /// the rings of two limits run together they then have the same points, and lie on one another
    /// exactly in floating-point degrees too.
    fn follow(&mut self, start: u32, field: &Field, limit: u32) {
        let columns = field.columns as usize;
        let number = self.rings.len() as u32;
        let mut ring = Ring { points: Vec::new(), area_2: 0, westmost: NONE };
        let mut west = i64::MAX;
        let mut at = start;
        loop {
            let corner = (at >> 1) as usize;
            let point = point(field, at, limit);
            if at & 1 == 0 {
                self.ring_at[corner] = number;
                let column = (corner % columns) as i64;
                if column < west {
                    (west, ring.westmost) = (column, at);
                }
            }
            ring.points.push(point);
            at = std::mem::replace(&mut self.next[at as usize], NONE);
            if at == start {
                break;
            }
        }
        let closed = ring.points.iter().zip(ring.points.iter().cycle().skip(1));
        ring.area_2 = closed.map(|(a, b)| a.0 * b.1 - b.0 * a.1).sum();
        self.rings.push(ring);
    }

    /// Gives holes to their polygons and fills the small ones.
    fn assemble(&self, field: &Field, fill_below_m2: f64) -> Region {
        let count = self.rings.len();
        let mut order: Vec<u32> = (0..count as u32).collect();
        let column = |ring: u32| (self.rings[ring as usize].westmost >> 1) % field.columns as u32;
        order.sort_by_key(|ring| (column(*ring), *ring));
        // The crossing west of a ring's westernmost tells what surrounds it: for a hole its polygon,
        // for an outer ring the hole it lies in. Taken from the west, that is known already.
        let mut around = vec![NONE; count];
        let mut is_kept = vec![true; count];
        for ring in order {
            let is_hole = self.rings[ring as usize].area_2 < 0;
            let west = self.west_of(self.rings[ring as usize].westmost, field);
            let surrounding = match west {
                NONE => NONE,
                other if (self.rings[other as usize].area_2 < 0) != is_hole => other,
                other => around[other as usize],
            };
            around[ring as usize] = surrounding;
            let area = self.rings[ring as usize].area_2.unsigned_abs() as f64 / 2.0 * field.part_m2;
            is_kept[ring as usize] =
                (surrounding == NONE || is_kept[surrounding as usize]) && !(is_hole && area < fill_below_m2);
        }
        let mut polygon_of = vec![NONE; count];
        let mut region = Region::new();
        for ring in (0..count).filter(|ring| is_kept[*ring] && self.rings[*ring].area_2 > 0) {
            polygon_of[ring] = region.len() as u32;
            region.push(Polygon { outer: closed(field, &self.rings[ring].points), holes: Vec::new() });
        }
        for ring in (0..count).filter(|ring| is_kept[*ring] && self.rings[*ring].area_2 < 0) {
            let polygon = polygon_of[around[ring] as usize];
            region[polygon as usize].holes.push(closed(field, &self.rings[ring].points));
        }
        region
    }

    /// The ring of the next crossing west on the same row.
    fn west_of(&self, crossing: u32, field: &Field) -> u32 {
        let corner = (crossing >> 1) as usize;
        let row = corner - corner % field.columns as usize;
        self.ring_at[row..corner].iter().rev().copied().find(|ring| *ring != NONE).unwrap_or(NONE)
    }
}

/// Where a contour crosses between two corners: in proportion to their costs, midway where the
/// outer is not reached at all, and never at a corner.
fn point(field: &Field, crossing: u32, limit: u32) -> (i64, i64) {
    let corner = (crossing >> 1) as usize;
    let is_north = crossing & 1 == 1;
    let other = corner + if is_north { field.columns as usize } else { 1 };
    let (a, b) = (field.costs[corner], field.costs[other]);
    let (inner, outer) = (a.min(b), a.max(b));
    let share = if outer == NOTHING {
        PARTS / 2
    } else {
        (PARTS * i64::from(limit - inner) / i64::from(outer - inner)).clamp(1, PARTS - 1)
    };
    let along = if a <= b { share } else { PARTS - share };
    let (x, y) = ((corner as i64 % field.columns) * PARTS, (corner as i64 / field.columns) * PARTS);
    if is_north { (x, y + along) } else { (x + along, y) }
}

fn closed(field: &Field, points: &[(i64, i64)]) -> Vec<Position> {
    points.iter().chain(points.first()).map(|point| field.position(*point)).collect()
}
