//! Common ground of two areas.

use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, CoordsIter as _, LineString, MultiPolygon, Polygon,
};

use super::outline::near;

/// Ground common to both; `None` if they do not come near one another.
pub fn common(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> Option<MultiPolygon<f64>> {
    let (p, q) = (a.bounding_rect()?, b.bounding_rect()?);
    let apart =
        p.max().x <= q.min().x || q.max().x <= p.min().x || p.max().y <= q.min().y || q.max().y <= p.min().y;
    // Of the one with more corners only those near the other matter.
    (!apart).then(|| {
        if a.coords_count() < b.coords_count() {
            a.intersection(&near(b, p))
        } else {
            near(a, q).intersection(b)
        }
    })
}

/// Area common to both, in square metres.
pub fn common_area(a: &MultiPolygon<f64>, b: &MultiPolygon<f64>) -> f64 {
    common(a, b).map_or(0.0, |shape| shape.unsigned_area())
}

/// Ground of more than `m2_min` that areas enclose together and none of them holds.
pub fn gaps(shapes: &[&MultiPolygon<f64>], m2_min: f64) -> Vec<Polygon<f64>> {
    let whole = geo::unary_union(shapes.iter().copied());
    let holes = whole.into_iter().flat_map(|polygon| polygon.into_inner().1);
    holes.map(|hole| Polygon::new(hole, Vec::new())).filter(|gap| gap.unsigned_area() > m2_min).collect()
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
