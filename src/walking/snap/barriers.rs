//! Lines nobody crosses on the way to a street: rivers, railways, walls.

use super::grid::SegmentGrid;
use crate::walking::metric::{Metric, Position};

/// Barriers, indexed.
///
/// Bridges and gates are for the streets: a street across a barrier stays open. A way from a place to
/// its street does not cross a barrier, not even where a bridge is near.
#[derive(Debug, Default)]
pub struct Barriers {
    segments: Vec<(Position, Position)>,
    grid: SegmentGrid,
}

impl Barriers {
    /// Indexes lines as the sequences of their positions.
    pub fn new<'a>(lines: impl IntoIterator<Item = &'a [Position]>) -> Self {
        let mut segments = Vec::new();
        for line in lines {
            segments.extend(line.windows(2).map(|pair| (pair[0], pair[1])));
        }
        let positions: Vec<Position> = segments.iter().map(|(a, _)| *a).collect();
        let middle = positions.get(positions.len() / 2).map_or(0, |position| position.lat);
        let scale = Metric::over(&positions).at(middle);
        let numbered = segments.iter().enumerate().map(|(id, segment)| (id as u32, *segment));
        let grid = SegmentGrid::over(numbered, scale.lon, scale.lat);
        Self { segments, grid }
    }

    /// Whether the straight way between two positions crosses a barrier. A barrier that only touches
    /// an end of the way does not block it: a street may run along a wall.
    pub fn block(&self, a: Position, b: Position) -> bool {
        if self.segments.is_empty() {
            return false;
        }
        let ((column_a, row_a), (column_b, row_b)) = (self.grid.cell(a), self.grid.cell(b));
        (row_a.min(row_b)..=row_a.max(row_b)).any(|row| {
            self.grid
                .in_row(row, column_a.min(column_b), column_a.max(column_b))
                .any(|id| crosses((a, b), self.segments[id as usize]))
        })
    }
}

/// Whether a barrier passes from one side of a way to the other, its own ends included.
pub(super) fn crosses((a, b): (Position, Position), (c, d): (Position, Position)) -> bool {
    let (to_a, to_b) = (side(c, d, a), side(c, d, b));
    let (to_c, to_d) = (side(a, b, c), side(a, b, d));
    to_a * to_b < 0 && to_c * to_d <= 0
}

/// On which side of the line through `a` and `b` a position lies: -1, 0 or 1, exactly.
fn side(a: Position, b: Position, p: Position) -> i32 {
    let across = |u: i32, v: i32| i128::from(v) - i128::from(u);
    let area = across(a.lon, b.lon) * across(a.lat, p.lat) - across(a.lat, b.lat) * across(a.lon, p.lon);
    area.signum() as i32
}
