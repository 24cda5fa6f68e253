//! An outline asked about many small areas: most lie wholly inside or outside, which its boundary tells
//! without cutting anything.

use geo::{Coord, LineString, LinesIter as _, MultiPolygon, Polygon, Rect};
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

/// An area that is the same within a rectangle and has few corners elsewhere: of corners in turn that
/// all lie beyond one side of it, only the first and the last are kept. O(n).
pub fn near(shape: &MultiPolygon<f64>, rect: Rect<f64>) -> MultiPolygon<f64> {
    let (low, high) = (rect.min(), rect.max());
    let beyond = |c: &Coord<f64>| {
        u8::from(c.x < low.x)
            | u8::from(c.x > high.x) << 1
            | u8::from(c.y < low.y) << 2
            | u8::from(c.y > high.y) << 3
    };
    let thinned = |ring: &LineString<f64>| {
        let mut kept: Vec<Coord<f64>> = Vec::new();
        // The sides that all corners of a run lie beyond, and how many of it are kept.
        let (mut common, mut run) = (0, 0);
        for corner in &ring.0 {
            let here = beyond(corner);
            if common & here == 0 {
                (common, run) = (here, 1);
            } else {
                common &= here;
                if run == 2 {
                    kept.pop();
                }
                run = 2;
            }
            kept.push(*corner);
        }
        LineString::new(kept)
    };
    let polygons = shape.iter().map(|polygon| {
        let holes = polygon.interiors().iter().map(thinned).filter(|ring| ring.0.len() > 3);
        Polygon::new(thinned(polygon.exterior()), holes.collect())
    });
    polygons.filter(|polygon| polygon.exterior().0.len() > 3).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Area as _, BooleanOps as _, Contains as _, CoordsIter as _, polygon};

    #[test]
    fn what_is_near_is_the_same_and_has_few_corners() {
        // A star of many points around a hole of many points.
        let ring = |radius: f64, points: u32| -> LineString<f64> {
            let corner = |k: u32| {
                let (angle, far) =
                    (f64::from(k) * 0.02, radius * if k.is_multiple_of(2) { 1.0 } else { 0.8 });
                Coord { x: far * angle.cos(), y: far * angle.sin() }
            };
            (0..points).map(corner).collect()
        };
        let shape = MultiPolygon::from(Polygon::new(ring(100.0, 314), vec![ring(40.0, 314)]));
        let mut most = 0;
        for (x, y) in [(-120.0, -20.0), (80.0, 0.0), (-5.0, -5.0), (30.0, 10.0), (55.0, 55.0), (-40.0, 20.0)]
        {
            let rect = Rect::new((x, y), (x + 20.0, y + 15.0));
            let (cut, few) = (rect.to_polygon(), near(&shape, rect));
            let (all, same) = (cut.intersection(&shape), cut.intersection(&few));
            let differ = all.xor(&same).unsigned_area();
            assert!(differ < 1e-4, "{rect:?} {differ}");
            most = most.max(few.coords_count());
        }
        assert!(most < shape.coords_count() / 3, "{most}");
    }

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
