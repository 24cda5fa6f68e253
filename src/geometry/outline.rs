//! An outline asked about many small areas: most lie wholly inside or outside, which its boundary tells
//! without cutting anything.

use geo::{Coord, LinesIter as _, MultiPolygon, Rect};
use rstar::primitives::Line;
use rstar::{AABB, RTree};

type Side = Line<[f64; 2]>;

/// The boundary of an area, indexed.
pub struct Outline {
    sides: RTree<Side>,
    east: f64,
}

impl Outline {
    /// Indexes the boundary. O(n log n).
    pub fn of(shape: &MultiPolygon<f64>) -> Self {
        let sides = shape.lines_iter().map(|l| Line::new(l.start.into(), l.end.into())).collect();
        let east = shape.lines_iter().map(|l| l.start.x).fold(f64::NEG_INFINITY, f64::max);
        Self { sides: RTree::bulk_load(sides), east }
    }

    /// Whether a rectangle lies wholly inside, or wholly outside; `None` if the boundary may pass
    /// through it. O(log n) on ordinary outlines.
    pub fn holds(&self, rect: Rect<f64>) -> Option<bool> {
        let area = AABB::from_corners(rect.min().into(), rect.max().into());
        let is_cut = self.sides.locate_in_envelope_intersecting(&area).next().is_some();
        (!is_cut).then(|| self.contains(rect.center()))
    }

    /// By counting the sides that a ray to the east crosses.
    fn contains(&self, at: Coord<f64>) -> bool {
        let ray = AABB::from_corners([at.x, at.y], [self.east.max(at.x) + 1.0, at.y]);
        let crosses = |side: &&Side| {
            let (from, to) = (side.from, side.to);
            let spans = (from[1] > at.y) != (to[1] > at.y);
            spans && from[0] + (at.y - from[1]) / (to[1] - from[1]) * (to[0] - from[0]) > at.x
        };
        self.sides.locate_in_envelope_intersecting(&ray).filter(crosses).count() % 2 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{BooleanOps as _, Contains as _, polygon};

    #[test]
    fn a_ring_with_a_hole() {
        let rect = |x: f64, y: f64, side: f64| Rect::new((x, y), (x + side, y + side));
        let hole = rect(4.0, 4.0, 2.0).to_polygon();
        let outer = polygon![(x: 0.0, y: 0.0), (x: 10.0, y: 1.0), (x: 9.0, y: 10.0), (x: 1.0, y: 9.0)];
        let shape = MultiPolygon::from(outer).difference(&MultiPolygon::from(hole));
        let outline = Outline::of(&shape);
        let (mut inside, mut outside) = (0, 0);
        for x in 0..110 {
            for y in 0..110 {
                let small = rect(f64::from(x) * 0.1 - 0.5, f64::from(y) * 0.1 - 0.5, 0.3);
                match outline.holds(small) {
                    Some(true) => {
                        inside += 1;
                        assert!(shape.contains(&small.to_polygon()), "{small:?}");
                    }
                    Some(false) => {
                        outside += 1;
                        assert!(!shape.contains(&small.center()), "{small:?}");
                    }
                    None => {}
                }
            }
        }
        assert!(inside > 3000 && outside > 1000, "{inside} {outside}");
    }
}
