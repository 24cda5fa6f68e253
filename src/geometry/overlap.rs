//! Common ground of two areas.

use geo::{Area as _, BooleanOps as _, BoundingRect as _, MultiPolygon};

/// Area common to both, in square metres.
pub fn common_area(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    let (Some(p), Some(q)) = (a.bounding_rect(), b.bounding_rect()) else { return 0.0 };
    let apart =
        p.max().x <= q.min().x || q.max().x <= p.min().x || p.max().y <= q.min().y || q.max().y <= p.min().y;
    if apart { 0.0 } else { a.intersection(b).unsigned_area() }
}

/// One area of many that may touch or overlap.
pub fn union(shapes: &[&MultiPolygon<f64>]) -> MultiPolygon<f64> {
    geo::unary_union(shapes.iter().copied())
}
