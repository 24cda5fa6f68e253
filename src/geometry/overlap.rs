//! Common ground of two areas.

use geo::{Area as _, BooleanOps as _, BoundingRect as _, LineString, MultiPolygon, Polygon};

/// Area common to both, in square metres.
pub fn common_area(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let (Some(p), Some(q)) = (a.bounding_rect(), b.bounding_rect()) else { return 0.0 };
    let apart =
        p.max().x <= q.min().x || q.max().x <= p.min().x || p.max().y <= q.min().y || q.max().y <= p.min().y;
    if apart { 0.0 } else { a.intersection(b).unsigned_area() }
}

/// Holes smaller than this are where neighbours' lines do not quite meet.
const HOLE_M2_MIN: f64 = 0.5;

/// One area of many that may touch or overlap, without the hairline holes between them.
pub fn union(shapes: &[&MultiPolygon<f64>]) -> MultiPolygon<f64> {
    let whole = geo::unary_union(shapes.iter().copied());
    let filled = whole.into_iter().map(|polygon| {
        let (outer, holes) = polygon.into_inner();
        let real = |hole: &LineString<f64>| Polygon::new(hole.clone(), vec![]).unsigned_area() >= HOLE_M2_MIN;
        Polygon::new(outer, holes.into_iter().filter(real).collect())
    });
    filled.collect()
}
