//! Which points can be nearest, spot by spot.

use rayon::prelude::*;

use super::{Crowd, PointGrid, square};

/// For every spot the few points that can be the nearest there: for far more places than points.
///
/// A finer grid than that of the points keeps for each cell those that are nearest to some place in
/// it, two or three as a rule; so the nearest is found in a cell and not in a neighbourhood. Building
/// costs a search of the neighbourhood for each of eight cells a point. Where a cell would list too
/// many, far from a cluster, the neighbourhood is searched after all.
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
const CELLS_MAX: i64 = 1 << 20;

/// Points near a cell beyond which none is listed: far from a dense cluster all of it may be nearest.
const LISTED_MAX: usize = 64;

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
        here.min().map(|(square, id)| (id, square)).or_else(|| self.grid.nearest(place))
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
    let radius = u32::try_from(radius).unwrap_or(u32::MAX);
    let mut near = 0;
    grid.disc(middle, radius, |stretch, _| near += stretch.len());
    if near > LISTED_MAX {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut surely = u64::MAX;
    grid.each_stretch(middle, radius, |point, id| {
        let (near, far) = reach(point);
        surely = surely.min(far);
        found.push((near, (point, id)));
    });
    found.retain(|(near, _)| *near <= surely);
    found.into_iter().map(|(_, point)| point).collect()
}
