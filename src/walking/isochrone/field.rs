//! A raster of walking costs, drawn from pieces of street.

use super::reach::Piece;
use crate::walking::metric::{Metric, Position};

/// Lattice points along the side of a cell.
pub(super) const PARTS: i64 = 64;

/// Corners beyond which cells are made larger.
const CORNERS_MAX: i64 = 1 << 26;

/// Cells of unreached ground around the raster, so that every contour closes.
const MARGIN: i64 = 2;

/// Nothing reached.
pub(super) const NOTHING: u32 = u32::MAX;

/// Costs at the corners of cells, row by row from the south.
#[derive(Default)]
pub(super) struct Field {
    pub(super) costs: Vec<u32>,
    pub(super) columns: i64,
    pub(super) rows: i64,
    west: i64,
    south: i64,
    /// Units of a position between lattice points.
    part_lon: i64,
    part_lat: i64,
    /// Square metres of a lattice cell.
    pub(super) part_m2: f64,
}

impl Field {
    /// Draws pieces, of which there is at least one, up to a limit.
    pub(super) fn draw(&mut self, pieces: &[Piece], metric: &Metric, cell_m: f64, limit: u32) {
        self.layout(pieces, metric, cell_m);
        self.costs.clear();
        self.costs.resize((self.columns * self.rows) as usize, NOTHING);
        for piece in pieces {
            self.stamp(piece, limit);
        }
    }

    fn layout(&mut self, pieces: &[Piece], metric: &Metric, cell_m: f64) {
        let (mut low, mut high) = ((i64::MAX, i64::MAX), (i64::MIN, i64::MIN));
        for end in pieces.iter().flat_map(|piece| [piece.near, piece.far]) {
            low = (low.0.min(i64::from(end.lon)), low.1.min(i64::from(end.lat)));
            high = (high.0.max(i64::from(end.lon)), high.1.max(i64::from(end.lat)));
        }
        let scale = metric.at(((low.1 + high.1) / 2) as i32);
        let part =
            |mm: f64| ((cell_m.clamp(1.0, 1e4) * 1e3 / PARTS as f64 / mm).round() as i64).clamp(1, 1 << 24);
        (self.part_lon, self.part_lat) = (part(scale.lon), part(scale.lat));
        loop {
            let (width, height) = (self.part_lon * PARTS, self.part_lat * PARTS);
            self.columns = (high.0 - low.0) / width + 2 + 2 * MARGIN;
            self.rows = (high.1 - low.1) / height + 2 + 2 * MARGIN;
            self.west = low.0 - MARGIN * width;
            self.south = low.1 - MARGIN * height;
            if self.columns * self.rows <= CORNERS_MAX {
                break;
            }
            self.part_lon *= 2;
            self.part_lat *= 2;
        }
        self.part_m2 = self.part_lon as f64 * scale.lon * self.part_lat as f64 * scale.lat * 1e-6;
    }

    /// Visits the cells a piece passes in order (Amanatides and Woo, Eurographics 1987).
    fn stamp(&mut self, piece: &Piece, limit: u32) {
        let place = |p: Position| {
            (
                (i64::from(p.lon) - self.west) as f64 / (self.part_lon * PARTS) as f64,
                (i64::from(p.lat) - self.south) as f64 / (self.part_lat * PARTS) as f64,
            )
        };
        let ((x, y), (to_x, to_y)) = (place(piece.near), place(piece.far));
        let (mut column, mut row) = (x.floor() as i64, y.floor() as i64);
        let (end_column, end_row) = (to_x.floor() as i64, to_y.floor() as i64);
        self.lower(column, row, piece.near_mm);
        if (column, row) == (end_column, end_row) {
            return;
        }
        // How much of the piece goes by from a side of a cell to the next, and to the first side.
        let axis = |from: f64, to: f64, cell: i64| {
            let step = if to > from { 1 } else { -1 };
            let each = 1.0 / (to - from).abs();
            let side = (if step > 0 { cell + 1 } else { cell }) as f64;
            (step, each, if to == from { f64::INFINITY } else { (side - from).abs() * each })
        };
        let (step_x, each_x, mut next_x) = axis(x, to_x, column);
        let (step_y, each_y, mut next_y) = axis(y, to_y, row);
        let span = f64::from(piece.far_mm - piece.near_mm);
        let sides = (end_column - column).abs() + (end_row - row).abs();
        for _ in 0..sides {
            // The number of sides is known; rounding must not lead past the last of either axis.
            let is_x = if column == end_column { false } else { row == end_row || next_x <= next_y };
            let share = if is_x { next_x } else { next_y };
            if is_x {
                column += step_x;
                next_x += each_x;
            } else {
                row += step_y;
                next_y += each_y;
            }
            let cost = piece.near_mm + (span * share.min(1.0)) as u32;
            if cost > limit {
                return;
            }
            self.lower(column, row, cost);
        }
    }

    /// Lowers the four corners of a cell.
    fn lower(&mut self, column: i64, row: i64, cost: u32) {
        let at = (row * self.columns + column) as usize;
        let above = at + self.columns as usize;
        for corner in [at, at + 1, above, above + 1] {
            let held = &mut self.costs[corner];
            *held = (*held).min(cost);
        }
    }

    /// The position of a lattice point.
    pub(super) fn position(&self, (x, y): (i64, i64)) -> Position {
        Position { lon: (self.west + x * self.part_lon) as i32, lat: (self.south + y * self.part_lat) as i32 }
    }
}
