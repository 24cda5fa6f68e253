//! Paths among the buildings of one block: the ground in cells, and a way round the houses.
//!
//! A path is found by breadth-first search from a door, or from a house far from any path, to what is already
//! reached; then it is pulled straight. So paths join one another and stay few. The cost is linear in the cells.

use std::collections::VecDeque;

use crate::synth::layout::stretch;
use crate::synth::shape::Spot;

/// Side of a cell; the gaps between houses are no less than twice that.
const CELL_M: f64 = 4.0;
/// A path keeps this far from houses. A step between two cells at 1.5 m from a house cannot cut its
/// corner: that lies 2.1 m within the corner of what is kept free, and a step of 4 m passes at most 2 m within.
const HOUSE_M: f64 = 1.5;
/// A straight stretch may pass a house at this distance.
const PASSING_M: f64 = 0.6;

/// The free ground of a block.
pub(super) struct Yard {
    low: Spot,
    columns: usize,
    rows: usize,
    free: Vec<bool>,
    /// A point of a path in the cell, if one runs through it.
    reached: Vec<Option<Spot>>,
    points: Vec<Spot>,
    /// Cells of the site, built on or not.
    open: Vec<bool>,
    houses: Vec<Plot>,
}

impl Yard {
    /// The part of a convex site within a box, `margin` metres inside its edge, less its houses.
    pub(super) fn new(site: &[Spot], margin: f64, low: Spot, high: Spot, houses: &[&[Spot]]) -> Self {
        let count = |low: f64, high: f64| ((high - low) / CELL_M).ceil().max(1.0) as usize + 2;
        let (columns, rows) = (count(low.x, high.x), count(low.y, high.y));
        let mut yard = Self {
            // A rim of cells that are never free, so that a free cell has four neighbours.
            low: low.minus(Spot::new(CELL_M, CELL_M)),
            columns,
            rows,
            free: vec![false; columns * rows],
            reached: vec![None; columns * rows],
            points: Vec::new(),
            open: Vec::new(),
            houses: Vec::new(),
        };
        for row in 1..rows - 1 {
            let y = yard.middle(row * columns).y;
            // A convex site holds one stretch of each row.
            let Some((west, east)) = stretch(site, (y, y), margin) else { continue };
            for cell in row * columns + 1..(row + 1) * columns - 1 {
                let x = yard.middle(cell).x;
                yard.free[cell] = west <= x && x <= east;
            }
        }
        yard.open.clone_from(&yard.free);
        for house in houses {
            yard.build(house);
        }
        yard
    }

    /// Takes away the ground of a house.
    fn build(&mut self, ring: &[Spot]) {
        let house = Plot::around(ring);
        let (west, east) = span(ring, Spot::new(1.0, 0.0));
        let (south, north) = span(ring, Spot::new(0.0, 1.0));
        let place =
            |value: f64, low: f64, count: usize| (((value - low) / CELL_M).max(0.0) as usize).min(count);
        // The box may reach beyond an angled ring, but no farther than the ring is wide.
        let wider = HOUSE_M + CELL_M;
        let columns =
            place(west - wider, self.low.x, self.columns)..place(east + wider, self.low.x, self.columns);
        for row in place(south - wider, self.low.y, self.rows)..place(north + wider, self.low.y, self.rows) {
            for column in columns.clone() {
                let cell = row * self.columns + column;
                if self.free[cell] && house.holds(self.middle(cell), HOUSE_M) {
                    self.free[cell] = false;
                }
            }
        }
        self.houses.push(house);
    }

    fn middle(&self, cell: usize) -> Spot {
        let (column, row) = ((cell % self.columns) as f64, (cell / self.columns) as f64);
        self.low.plus(Spot::new(column + 0.5, row + 0.5).times(CELL_M))
    }

    fn cell(&self, spot: Spot) -> Option<usize> {
        let away = spot.minus(self.low).times(1.0 / CELL_M);
        let inside = away.x >= 0.0 && away.y >= 0.0;
        let (column, row) = (away.x as usize, away.y as usize);
        (inside && column < self.columns && row < self.rows).then_some(row * self.columns + column)
    }

    /// The middle of the free cell nearest to a spot.
    pub(super) fn free_near(&self, spot: Spot, reach: f64) -> Option<Spot> {
        let place = |value: f64, low: f64, count: usize| {
            (((value - low) / CELL_M).floor().max(0.0) as usize).min(count - 1)
        };
        // Wider and wider, until nothing nearer can lie outside.
        let mut wide = 3.0 * CELL_M;
        loop {
            let columns = |x: f64| place(x, self.low.x, self.columns);
            let rows = |y: f64| place(y, self.low.y, self.rows);
            let mut best: Option<(f64, Spot)> = None;
            for row in rows(spot.y - wide)..=rows(spot.y + wide) {
                for column in columns(spot.x - wide)..=columns(spot.x + wide) {
                    let cell = row * self.columns + column;
                    let off = self.middle(cell).to(spot);
                    if self.free[cell] && best.is_none_or(|(least, _)| off < least) {
                        best = Some((off, self.middle(cell)));
                    }
                }
            }
            match best {
                Some((off, middle)) if off <= wide.min(reach) => return Some(middle),
                _ if wide > reach => return None,
                _ => wide *= 3.0,
            }
        }
    }

    /// The middles of the free cells at the edge of the ground.
    pub(super) fn rim(&self) -> Vec<Spot> {
        let is_rim = |cell: usize| self.neighbours(cell).iter().any(|&next| !self.open[next]);
        let cells = (0..self.free.len()).filter(|&cell| self.free[cell] && is_rim(cell));
        cells.map(|cell| self.middle(cell)).collect()
    }

    /// Takes a path as given.
    pub(super) fn mark(&mut self, line: &[Spot]) {
        for pair in line.windows(2) {
            let steps = (pair[0].to(pair[1]) / (CELL_M / 2.0)).ceil().max(1.0) as usize;
            for step in 0..=steps {
                let point = pair[0].toward(pair[1], step as f64 / steps as f64);
                self.points.push(point);
                if let Some(cell) = self.cell(point) {
                    self.reached[cell].get_or_insert(point);
                }
            }
        }
    }

    /// Lets paths end at a spot.
    pub(super) fn aim(&mut self, spot: Spot) {
        if let Some(cell) = self.cell(spot) {
            self.reached[cell].get_or_insert(spot);
        }
    }

    /// Points along all paths, no farther apart than half a cell, in the order of the paths.
    pub(super) fn points(&self) -> &[Spot] {
        &self.points
    }

    /// A new path from a spot on free ground to what is reached.
    pub(super) fn path(&mut self, from: Spot) -> Option<Vec<Spot>> {
        let start = self.cell(from).filter(|&cell| self.free[cell])?;
        let mut came: Vec<u32> = vec![u32::MAX; self.free.len()];
        came[start] = start as u32;
        let mut open = VecDeque::from([start]);
        let mut end = None;
        while let Some(cell) = open.pop_front() {
            if self.reached[cell].is_some() {
                end = Some(cell);
                break;
            }
            for next in self.neighbours(cell) {
                if came[next] == u32::MAX && self.free[next] {
                    came[next] = cell as u32;
                    open.push_back(next);
                }
            }
        }
        let end = end?;
        let mut way = vec![self.reached[end]?, self.middle(end)];
        let mut cell = end;
        while came[cell] as usize != cell {
            cell = came[cell] as usize;
            way.push(self.middle(cell));
        }
        way.reverse();
        way[0] = from;
        let line = self.pulled(&way);
        self.mark(&line);
        Some(line)
    }

    /// The cells on the four sides of a free cell.
    fn neighbours(&self, cell: usize) -> [usize; 4] {
        [cell + 1, cell + self.columns, cell - 1, cell - self.columns]
    }

    /// The way without the corners it does not need.
    fn pulled(&self, way: &[Spot]) -> Vec<Spot> {
        let mut line = vec![way[0]];
        let mut from = 0;
        while from + 1 < way.len() {
            let mut best = from + 1;
            for to in from + 2..way.len() {
                if self.is_clear(way[from], way[to]) {
                    best = to;
                } else if to > best + 5 {
                    // What is out of sight for so long seldom comes into sight again.
                    break;
                }
            }
            from = best;
            line.push(way[from]);
        }
        line
    }

    /// Whether no house stands in the way; the site is convex, so its wall does not.
    fn is_clear(&self, a: Spot, b: Spot) -> bool {
        !self.houses.iter().any(|house| house.is_hit(a, b))
    }
}

/// The ground of a house: the box along its first side.
struct Plot {
    axis: Spot,
    x: (f64, f64),
    y: (f64, f64),
}

impl Plot {
    fn around(ring: &[Spot]) -> Self {
        let axis = ring[1].minus(ring[0]).unit();
        Self { axis, x: span(ring, axis), y: span(ring, axis.left()) }
    }

    fn holds(&self, spot: Spot, wider: f64) -> bool {
        let (x, y) = (spot.dot(self.axis), spot.dot(self.axis.left()));
        self.x.0 - wider <= x && x <= self.x.1 + wider && self.y.0 - wider <= y && y <= self.y.1 + wider
    }

    /// Whether a straight way passes through, by the share of the way that lies between opposite sides.
    fn is_hit(&self, a: Spot, b: Spot) -> bool {
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        for (axis, (low, high)) in [(self.axis, self.x), (self.axis.left(), self.y)] {
            let (from, way) = (a.dot(axis), b.minus(a).dot(axis));
            let (low, high) = (low - PASSING_M - from, high + PASSING_M - from);
            if way.abs() < 1e-9 {
                if low > 0.0 || high < 0.0 {
                    return false;
                }
                continue;
            }
            let (one, other) = (low / way, high / way);
            enter = enter.max(one.min(other));
            leave = leave.min(one.max(other));
        }
        enter < leave
    }
}

/// How far a ring reaches along an axis.
fn span(ring: &[Spot], axis: Spot) -> (f64, f64) {
    ring.iter()
        .map(|spot| spot.dot(axis))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)))
}
