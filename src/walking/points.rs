//! Straight lines between points: nearest, and all within a radius, for tens of millions of points.
//!
//! Points are counted into the square cells of a grid whose side is a power of two, and stand there
//! row by row; cells next to one another in a row are one stretch of memory. The nearest point is
//! looked for in the three stretches around a place, then ring by ring until nothing nearer can come.
//! Within a radius, cells wholly inside the disc are counted without looking at their points, and only
//! those its edge passes are tested. Building is O(points + cells); the nearest is O(1) where points are
//! about evenly spread; a count is O(rows + points along the edge of the disc).
//!
//! Coordinates are whole numbers of the caller's unit, so that every comparison is exact.

use rayon::prelude::*;

/// Points sorted into cells.
#[derive(Clone, Debug)]
pub struct PointGrid {
    west: i64,
    south: i64,
    /// The side of a cell is two to this.
    side_bits: u32,
    columns: i64,
    rows: i64,
    first: Vec<u32>,
    points: Vec<[i32; 2]>,
    ids: Vec<u32>,
}

/// Points a cell should hold: few where the nearest is asked for, more where discs are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crowd {
    /// About two.
    Nearest,
    /// About sixteen, for discs much wider than a cell.
    Discs,
}

/// A coordinate may be this far from zero, so that squares of distances fit 64 bits.
pub const COORDINATE_MAX: i32 = 1 << 30;

impl PointGrid {
    /// Sorts points.
    ///
    /// # Panics
    /// If there are 2³² points or more, or a coordinate is beyond [`COORDINATE_MAX`].
    pub fn new(points: &[[i32; 2]], crowd: Crowd) -> Self {
        assert!(u32::try_from(points.len()).is_ok(), "points are numbered with 32 bits");
        let wide = |(low, high): ([i32; 2], [i32; 2]), p: &[i32; 2]| {
            ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
        };
        let (low, high) = points.iter().fold(([i32::MAX; 2], [i32::MIN; 2]), wide);
        let is_sound = points.is_empty() || low.iter().chain(&high).all(|v| v.abs() <= COORDINATE_MAX);
        assert!(is_sound, "a coordinate is beyond 2³⁰");
        let span = |axis: usize| i64::from(high[axis]) - i64::from(low[axis]);
        let (width, height) = if points.is_empty() { (0, 0) } else { (span(0), span(1)) };
        let crowd = match crowd {
            Crowd::Nearest => 2,
            Crowd::Discs => 16,
        };
        let cells_max = points.len() as i64 / crowd + 1;
        let mut side_bits = 0;
        while ((width >> side_bits) + 1).saturating_mul((height >> side_bits) + 1) > cells_max {
            side_bits += 1;
        }
        let (columns, rows) = ((width >> side_bits) + 1, (height >> side_bits) + 1);
        let mut grid = Self {
            west: i64::from(low[0]),
            south: i64::from(low[1]),
            side_bits,
            columns,
            rows,
            first: vec![0; (columns * rows) as usize + 1],
            points: vec![[0; 2]; points.len()],
            ids: vec![0; points.len()],
        };
        let cells: Vec<u32> = points
            .iter()
            .map(|point| {
                let (column, row) = grid.cell(*point);
                (row * columns + column) as u32
            })
            .collect();
        for cell in &cells {
            grid.first[*cell as usize + 1] += 1;
        }
        for k in 1..grid.first.len() {
            grid.first[k] += grid.first[k - 1];
        }
        let mut next = grid.first.clone();
        for (id, (point, cell)) in points.iter().zip(cells).enumerate() {
            let place = &mut next[cell as usize];
            grid.points[*place as usize] = *point;
            grid.ids[*place as usize] = id as u32;
            *place += 1;
        }
        grid
    }

    /// Number and squared distance of the point nearest to a place, the lowest number of equals; none
    /// where there are no points.
    pub fn nearest(&self, place: [i32; 2]) -> Option<(u32, u64)> {
        if self.points.is_empty() {
            return None;
        }
        let (column, row) = self.cell(place);
        let mut best = (u64::MAX, u32::MAX);
        for r in (row - 1).max(0)..=(row + 1).min(self.rows - 1) {
            self.improve(place, r, column - 1, column + 1, &mut best);
        }
        let mut ring = 2;
        loop {
            let clear = self.clear_of(place, column, row, ring);
            let last = column.max(self.columns - 1 - column).max(row.max(self.rows - 1 - row));
            if ring > last || clear.saturating_mul(clear) > best.0 {
                return Some((best.1, best.0));
            }
            for r in (row - ring).max(0)..=(row + ring).min(self.rows - 1) {
                if r == row - ring || r == row + ring {
                    self.improve(place, r, column - ring, column + ring, &mut best);
                } else {
                    self.improve(place, r, column - ring, column - ring, &mut best);
                    self.improve(place, r, column + ring, column + ring, &mut best);
                }
            }
            ring += 1;
        }
    }

    /// How many points lie at most `radius` from a place.
    pub fn count_within(&self, place: [i32; 2], radius: u32) -> u64 {
        let mut count = 0;
        self.disc(place, radius, |stretch, is_inside| {
            count += if is_inside { stretch.len() as u64 } else { self.count_in(stretch, place, radius) };
        });
        count
    }

    /// [`count_within`](Self::count_within) of each of many places, on the current pool of threads.
    pub fn counts_within(&self, places: &[[i32; 2]], radius: u32) -> Vec<u64> {
        places.par_iter().with_min_len(16).map(|place| self.count_within(*place, radius)).collect()
    }

    /// Calls `each` with the number and squared distance of every point at most `radius` from a place.
    pub fn each_within(&self, place: [i32; 2], radius: u32, mut each: impl FnMut(u32, u64)) {
        let limit = u64::from(radius) * u64::from(radius);
        self.disc(place, radius, |stretch, _| {
            for at in stretch {
                let square = square(self.points[at], place);
                if square <= limit {
                    each(self.ids[at], square);
                }
            }
        });
    }

    /// Calls `each` with every point at most `radius` from a place, and some beyond.
    fn each_stretch(&self, place: [i32; 2], radius: u32, mut each: impl FnMut([i32; 2], u32)) {
        self.disc(place, radius, |stretch, _| {
            stretch.for_each(|at| each(self.points[at], self.ids[at]));
        });
    }

    /// The cell of a place; for one outside the grid the nearest.
    #[inline]
    fn cell(&self, place: [i32; 2]) -> (i64, i64) {
        let along = |value: i32, low: i64, count: i64| {
            ((i64::from(value) - low) >> self.side_bits).clamp(0, count - 1)
        };
        (along(place[0], self.west, self.columns), along(place[1], self.south, self.rows))
    }

    fn stretch(&self, row: i64, from: i64, to: i64) -> std::ops::Range<usize> {
        let start = row * self.columns;
        self.first[(start + from) as usize] as usize..self.first[(start + to) as usize + 1] as usize
    }

    #[inline]
    fn improve(&self, place: [i32; 2], row: i64, from: i64, to: i64, best: &mut (u64, u32)) {
        let (from, to) = (from.max(0), to.min(self.columns - 1));
        if from > to {
            return;
        }
        let stretch = self.stretch(row, from, to);
        for (point, id) in self.points[stretch.clone()].iter().zip(&self.ids[stretch]) {
            let square = square(*point, place);
            if square <= best.0 {
                *best = (*best).min((square, *id));
            }
        }
    }

    /// How far what lies in a ring around a cell is at least from a place in or nearest to that cell.
    fn clear_of(&self, place: [i32; 2], column: i64, row: i64, ring: i64) -> u64 {
        let along = |value: i32, low: i64, cell: i64| {
            let inset = i64::from(value) - low;
            let (below, above) = ((cell - ring + 1) << self.side_bits, (cell + ring) << self.side_bits);
            (inset - below + 1).min(above - inset)
        };
        along(place[0], self.west, column).min(along(place[1], self.south, row)).max(0) as u64
    }

    /// Calls `each` with the stretches of points in cells that a disc touches, and whether they lie
    /// wholly inside it.
    fn disc(&self, place: [i32; 2], radius: u32, mut each: impl FnMut(std::ops::Range<usize>, bool)) {
        if self.points.is_empty() {
            return;
        }
        let side = 1i64 << self.side_bits;
        let (x, y) = (i64::from(place[0]) - self.west, i64::from(place[1]) - self.south);
        let radius = i64::from(radius);
        let half_width = |off: i64| ((radius * radius - off * off) as u64).isqrt() as i64;
        let rows =
            ((y - radius) >> self.side_bits).max(0)..=((y + radius) >> self.side_bits).min(self.rows - 1);
        for row in rows {
            let (low, high) = (row * side - y, row * side + side - 1 - y);
            let nearest = if low > 0 { low } else { (-high).max(0) };
            let furthest = high.max(-low);
            let outer = half_width(nearest);
            let from = ((x - outer) >> self.side_bits).max(0);
            let to = ((x + outer) >> self.side_bits).min(self.columns - 1);
            if from > to {
                continue;
            }
            let inside = (furthest <= radius).then(|| {
                let inner = half_width(furthest);
                let first = ((x - inner + side - 1) >> self.side_bits).max(from);
                (first, (((x + inner + 1) >> self.side_bits) - 1).min(to))
            });
            match inside {
                Some((first, last)) if first <= last => {
                    if from < first {
                        each(self.stretch(row, from, first - 1), false);
                    }
                    each(self.stretch(row, first, last), true);
                    if last < to {
                        each(self.stretch(row, last + 1, to), false);
                    }
                }
                _ => each(self.stretch(row, from, to), false),
            }
        }
    }

    fn count_in(&self, stretch: std::ops::Range<usize>, place: [i32; 2], radius: u32) -> u64 {
        let limit = u64::from(radius) * u64::from(radius);
        self.points[stretch].iter().map(|point| u64::from(square(*point, place) <= limit)).sum()
    }
}

/// For every spot the few points that can be the nearest there: for far more places than points.
///
/// A finer grid than that of the points keeps for each cell those that are nearest to some place in
/// it, two or three as a rule; so the nearest is found in a cell and not in a neighbourhood. Building
/// costs a search of the neighbourhood for each of eight cells a point.
#[derive(Clone, Debug)]
pub struct NearestMap {
    grid: PointGrid,
    side_bits: u32,
    columns: i64,
    rows: i64,
    first: Vec<u32>,
    candidates: Vec<([i32; 2], u32)>,
}

/// Cells a point, and beyond which the cells are made larger.
const CELLS_A_POINT: i64 = 8;
const CELLS_MAX: i64 = 1 << 24;

impl NearestMap {
    /// Builds the map on the current pool of threads.
    ///
    /// # Panics
    /// As [`PointGrid::new`].
    pub fn new(points: &[[i32; 2]]) -> Self {
        let grid = PointGrid::new(points, Crowd::Nearest);
        let (width, height) = (grid.columns << grid.side_bits, grid.rows << grid.side_bits);
        let cells_max = (points.len() as i64 * CELLS_A_POINT).min(CELLS_MAX);
        let mut side_bits = 0;
        while ((width >> side_bits) + 1).saturating_mul((height >> side_bits) + 1) > cells_max.max(1) {
            side_bits += 1;
        }
        let (columns, rows) = ((width >> side_bits) + 1, (height >> side_bits) + 1);
        let in_row = |row: i64| -> Vec<Vec<([i32; 2], u32)>> {
            (0..columns).map(|column| candidates(&grid, side_bits, column, row)).collect()
        };
        let by_row: Vec<_> =
            if points.is_empty() { Vec::new() } else { (0..rows).into_par_iter().map(in_row).collect() };
        let mut map = Self { side_bits, columns, rows, first: vec![0], candidates: Vec::new(), grid };
        for cell in by_row.iter().flatten() {
            map.candidates.extend_from_slice(cell);
            map.first.push(map.candidates.len() as u32);
        }
        map
    }

    /// As [`PointGrid::nearest`].
    #[inline]
    pub fn nearest(&self, place: [i32; 2]) -> Option<(u32, u64)> {
        let along = |value: i32, low: i64| (i64::from(value) - low) >> self.side_bits;
        let (column, row) = (along(place[0], self.grid.west), along(place[1], self.grid.south));
        let is_inside = (0..self.columns).contains(&column) && (0..self.rows).contains(&row);
        if !is_inside || self.first.len() == 1 {
            return self.grid.nearest(place);
        }
        let cell = (row * self.columns + column) as usize;
        let range = self.first[cell] as usize..self.first[cell + 1] as usize;
        let here = self.candidates[range].iter().map(|(point, id)| (square(*point, place), *id));
        here.min().map(|(square, id)| (id, square))
    }
}

/// Points that may be nearest to some place of a cell: none is further from the cell's middle than the
/// point nearest to that by more than twice half a diagonal, and none further from the nearest
/// corner of the cell than another is from the furthest.
fn candidates(grid: &PointGrid, side_bits: u32, column: i64, row: i64) -> Vec<([i32; 2], u32)> {
    let side = 1i64 << side_bits;
    let (west, south) = (grid.west + (column << side_bits), grid.south + (row << side_bits));
    let middle = [(west + side / 2) as i32, (south + side / 2) as i32];
    let Some((_, nearest)) = grid.nearest(middle) else { return Vec::new() };
    // 2·h = √2·side; a unit more for each root and each half that is rounded.
    let radius = nearest.isqrt() + ((2 * side * side) as u64).isqrt() + 4;
    // To the furthest and to the nearest place of the cell.
    let reach = |point: [i32; 2]| {
        let along = |value: i32, low: i64| {
            // Beyond either side: positive outside the cell, negative inside.
            let (below, above) = (low - i64::from(value), i64::from(value) - (low + side - 1));
            (below.max(above).max(0) as u64, (-below).max(-above) as u64)
        };
        let ((x, far_x), (y, far_y)) = (along(point[0], west), along(point[1], south));
        (x * x + y * y, far_x * far_x + far_y * far_y)
    };
    let mut found = Vec::new();
    let mut surely = u64::MAX;
    grid.each_stretch(middle, u32::try_from(radius).unwrap_or(u32::MAX), |point, id| {
        let (near, far) = reach(point);
        surely = surely.min(far);
        found.push((near, (point, id)));
    });
    found.retain(|(near, _)| *near <= surely);
    found.into_iter().map(|(_, point)| point).collect()
}

#[inline]
fn square(a: [i32; 2], b: [i32; 2]) -> u64 {
    let (x, y) = (i64::from(a[0]) - i64::from(b[0]), i64::from(a[1]) - i64::from(b[1]));
    (x * x) as u64 + (y * y) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Seed, Stage};
    use rand_core::RngCore as _;

    #[test]
    fn the_grid_agrees_with_a_scan() {
        let mut rng = Seed(3).stream(Stage::Coverage, 0);
        // Many points on few coordinates, so that ties and cell sides are met; then scattered far.
        for (count, span, off) in
            [(1, 1, 0), (50, 9, -4), (400, 40, 1000), (300, 1_000_000, -500_000), (5, 1 << 30, 0)]
        {
            let mut draw = || [rng.next_u32() % span, rng.next_u32() % span].map(|v| v as i32 + off);
            let points: Vec<[i32; 2]> = (0..count).map(|_| draw()).collect();
            let places: Vec<[i32; 2]> =
                (0..60).map(|k| if k % 3 == 0 { draw() } else { draw().map(|v| v / 2 * 3) }).collect();
            for crowd in [Crowd::Nearest, Crowd::Discs] {
                let grid = PointGrid::new(&points, crowd);
                let map = NearestMap::new(&points);
                for &place in &places {
                    let scan = (0..points.len()).map(|k| (square(points[k], place), k as u32)).min();
                    assert_eq!(grid.nearest(place).map(|(id, square)| (square, id)), scan, "{place:?}");
                    assert_eq!(map.nearest(place), grid.nearest(place), "{place:?}");
                    for radius in [0, 1, 3, span / 5, span / 2, span] {
                        let limit = u64::from(radius) * u64::from(radius);
                        let inside: Vec<u32> = (0..points.len() as u32)
                            .filter(|k| square(points[*k as usize], place) <= limit)
                            .collect();
                        assert_eq!(grid.count_within(place, radius), inside.len() as u64);
                        let mut seen = Vec::new();
                        grid.each_within(place, radius, |id, _| seen.push(id));
                        seen.sort_unstable();
                        assert_eq!(seen, inside);
                    }
                }
                assert_eq!(grid.counts_within(&places, span / 3).len(), places.len());
            }
        }
    }

    #[test]
    fn nothing_is_near_where_there_is_nothing() {
        let grid = PointGrid::new(&[], Crowd::Nearest);
        assert_eq!((grid.nearest([0, 0]), grid.count_within([5, 5], 100)), (None, 0));
        assert_eq!(NearestMap::new(&[]).nearest([0, 0]), None);
    }
}
