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

mod map;
#[cfg(test)]
mod tests;

pub use map::NearestMap;

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

#[inline]
fn square(a: [i32; 2], b: [i32; 2]) -> u64 {
    let (x, y) = (i64::from(a[0]) - i64::from(b[0]), i64::from(a[1]) - i64::from(b[1]));
    (x * x) as u64 + (y * y) as u64
}
