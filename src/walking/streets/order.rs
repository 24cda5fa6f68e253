//! Numbering along a space-filling curve, so that what is near is near in memory.

use crate::walking::metric::Position;

/// Cells along a side of the curve: 2¹⁶.
const BITS: u32 = 16;

/// The box of some positions, fitted to the square of the curve.
pub(crate) struct Curve {
    west: i32,
    south: i32,
    shift: u32,
}

impl Curve {
    pub(crate) fn over(positions: &[Position]) -> Self {
        let bounds = |axis: fn(&Position) -> i32| {
            let (low, high) =
                positions.iter().map(axis).fold((i32::MAX, i32::MIN), |(l, h), v| (l.min(v), h.max(v)));
            (low, (i64::from(high) - i64::from(low)).max(0) as u64)
        };
        let ((west, width), (south, height)) = (bounds(|p| p.lon), bounds(|p| p.lat));
        let bits = 64 - width.max(height).leading_zeros();
        Self { west, south, shift: bits.saturating_sub(BITS) }
    }

    /// Place of a position along the Hilbert curve (Hilbert 1891; the turning walk down the square
    /// of Warren, Hacker's Delight, ch. 16).
    pub(crate) fn place(&self, position: Position) -> u32 {
        let cell = |value: i32, low: i32| ((i64::from(value) - i64::from(low)) as u64 >> self.shift) as u32;
        let (mut x, mut y) = (cell(position.lon, self.west), cell(position.lat, self.south));
        let mut place = 0;
        let mut side = 1u32 << (BITS - 1);
        while side > 0 {
            let (right, up) = (u32::from(x & side != 0), u32::from(y & side != 0));
            place = place << 2 | (3 * right) ^ up;
            if up == 0 {
                if right == 1 {
                    (x, y) = (!x, !y);
                }
                (x, y) = (y, x);
            }
            side >>= 1;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_goes_from_cell_to_neighbouring_cell() {
        let corner = Position { lon: 0, lat: 0 };
        let curve = Curve::over(&[corner, Position { lon: 65_535, lat: 65_535 }]);
        let mut cells: Vec<_> = (0..32)
            .flat_map(|x| (0..32).map(move |y| Position { lon: x, lat: y }))
            .map(|p| (curve.place(p), p))
            .collect();
        cells.sort_unstable();
        for pair in cells.windows(2) {
            let ((k, a), (l, b)) = (pair[0], pair[1]);
            assert_eq!((k + 1, (a.lon - b.lon).abs() + (a.lat - b.lat).abs()), (l, 1));
        }
    }
}
