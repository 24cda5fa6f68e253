//! A grid over short lines: which of them pass near a point.

use crate::walking::metric::Position;

/// Side of a cell: about a street block, so that few streets share one.
const CELL_MM: f64 = 64_000.0;

/// Cells and entries beyond which cells are made larger.
const CELLS_MAX: u64 = 1 << 28;
const ENTRIES_A_LINE: u64 = 6;
const ENTRIES_FREE: u64 = 1 << 20;

/// A line between two positions.
pub(super) type Segment = (Position, Position);

/// Lines by the cells they cross. Cells without lines cost a bit.
#[derive(Debug, Default)]
pub(super) struct SegmentGrid {
    west: i64,
    south: i64,
    /// Units of a position along a side.
    pub(super) width: i64,
    pub(super) height: i64,
    pub(super) columns: i64,
    pub(super) rows: i64,
    /// 64 cells of a row-major grid: which hold lines, and how many do before these.
    words: Vec<(u64, u32)>,
    first: Vec<u32>,
    ids: Vec<u32>,
}

impl SegmentGrid {
    /// Indexes segments under their ids; `lon_mm` and `lat_mm` are the lengths of a unit.
    pub(super) fn over(
        segments: impl Iterator<Item = (u32, Segment)> + Clone,
        lon_mm: f64,
        lat_mm: f64,
    ) -> Self {
        let Some(mut grid) = Self::layout(segments.clone(), lon_mm, lat_mm) else { return Self::default() };
        grid.words = vec![(0, 0); ((grid.columns * grid.rows) as u64 >> 6) as usize + 1];
        for (_, segment) in segments.clone() {
            grid.cells_of(segment, |grid, cell| grid.words[(cell >> 6) as usize].0 |= 1 << (cell & 63));
        }
        let mut before = 0;
        for (bits, rank) in &mut grid.words {
            *rank = before;
            before += bits.count_ones();
        }
        grid.first = vec![0; before as usize + 1];
        for (_, segment) in segments.clone() {
            grid.cells_of(segment, |grid, cell| {
                let rank = grid.rank(cell).expect("the cell was marked");
                grid.first[rank + 1] += 1;
            });
        }
        for k in 1..grid.first.len() {
            grid.first[k] += grid.first[k - 1];
        }
        let mut next = grid.first.clone();
        grid.ids = vec![0; grid.first[before as usize] as usize];
        for (id, segment) in segments {
            grid.cells_of(segment, |grid, cell| {
                let rank = grid.rank(cell).expect("the cell was marked");
                grid.ids[next[rank] as usize] = id;
                next[rank] += 1;
            });
        }
        grid
    }

    /// Bounds and cells; none without segments.
    fn layout(segments: impl Iterator<Item = (u32, Segment)>, lon_mm: f64, lat_mm: f64) -> Option<Self> {
        let (mut low, mut high) = ((i64::MAX, i64::MAX), (i64::MIN, i64::MIN));
        let (mut count, mut wide, mut tall) = (0u64, 0u64, 0u64);
        for (_, (a, b)) in segments {
            for end in [a, b] {
                low = (low.0.min(i64::from(end.lon)), low.1.min(i64::from(end.lat)));
                high = (high.0.max(i64::from(end.lon)), high.1.max(i64::from(end.lat)));
            }
            count += 1;
            wide += u64::from(a.lon.abs_diff(b.lon));
            tall += u64::from(a.lat.abs_diff(b.lat));
        }
        if count == 0 {
            return None;
        }
        let unit = |mm: f64| ((CELL_MM / mm) as i64).clamp(1, 1 << 31);
        let mut grid =
            Self { west: low.0, south: low.1, width: unit(lon_mm), height: unit(lat_mm), ..Self::default() };
        loop {
            grid.columns = (high.0 - low.0) / grid.width + 1;
            grid.rows = (high.1 - low.1) / grid.height + 1;
            // A line crosses a cell for every side it passes, and starts in one.
            let entries = wide / grid.width as u64 + tall / grid.height as u64 + count;
            let fits = entries <= ENTRIES_A_LINE * count + ENTRIES_FREE;
            if fits && (grid.columns * grid.rows) as u64 <= CELLS_MAX {
                return Some(grid);
            }
            grid.width *= 2;
            grid.height *= 2;
        }
    }

    /// Column and row of a position, outside the grid too.
    pub(super) fn cell(&self, position: Position) -> (i64, i64) {
        (
            (i64::from(position.lon) - self.west).div_euclid(self.width.max(1)),
            (i64::from(position.lat) - self.south).div_euclid(self.height.max(1)),
        )
    }

    /// Units from a position to the west and south sides of its cell.
    pub(super) fn inset(&self, position: Position) -> (i64, i64) {
        (
            (i64::from(position.lon) - self.west).rem_euclid(self.width.max(1)),
            (i64::from(position.lat) - self.south).rem_euclid(self.height.max(1)),
        )
    }

    /// Lines that cross the cells of a row between two columns, some more than once.
    pub(super) fn in_row(&self, row: i64, from: i64, to: i64) -> impl Iterator<Item = u32> + '_ {
        let is_inside = (0..self.rows).contains(&row);
        let (from, to) = (from.max(0), if is_inside { to.min(self.columns - 1) } else { -1 });
        (from..=to).flat_map(move |column| {
            let range = self
                .rank((row * self.columns + column) as u64)
                .map_or(0..0, |rank| self.first[rank] as usize..self.first[rank + 1] as usize);
            self.ids[range].iter().copied()
        })
    }

    fn rank(&self, cell: u64) -> Option<usize> {
        let (bits, before) = self.words[(cell >> 6) as usize];
        let bit = 1u64 << (cell & 63);
        (bits & bit != 0).then(|| before as usize + (bits & (bit - 1)).count_ones() as usize)
    }

    /// Calls `each` for every cell a segment crosses: in each row of cells the columns between the
    /// places where it enters and leaves the row, rounded outwards.
    fn cells_of(&mut self, (a, b): Segment, mut each: impl FnMut(&mut Self, u64)) {
        let (a, b) = if a.lat <= b.lat { (a, b) } else { (b, a) };
        let ((column_a, row_a), (column_b, row_b)) = (self.cell(a), self.cell(b));
        for row in row_a..=row_b {
            let (mut left, mut right) = (column_a.min(column_b), column_a.max(column_b));
            if row_a != row_b && left != right {
                let at = |lat: i64| {
                    let share =
                        (lat - i64::from(a.lat)) as f64 / (i64::from(b.lat) - i64::from(a.lat)) as f64;
                    let lon =
                        f64::from(a.lon) + share.clamp(0.0, 1.0) * (f64::from(b.lon) - f64::from(a.lon));
                    lon - self.west as f64
                };
                let (low, high) =
                    (at(self.south + row * self.height), at(self.south + (row + 1) * self.height));
                let column = |units: f64| (units / self.width as f64).floor() as i64;
                // A unit to either side outweighs any rounding.
                left = left.max(column(low.min(high) - 1.0));
                right = right.min(column(low.max(high) + 1.0));
            }
            for column in left..=right {
                each(self, (row * self.columns + column) as u64);
            }
        }
    }
}
