//! The ground nearest to each of a set of points (Voronoi cells), within an outline.
//!
//! Buildings and hexagon centres have no common edges. Their cells have: two sites join where
//! their cells meet inside the community. Delaunay triangulation by the crate `spade`,
//! O(n log n); four far points close the outer cells.

use geo::{BooleanOps as _, BoundingRect as _, Coord, LineString, MultiPolygon, Point, Polygon};
use spade::handles::VoronoiVertex;
use spade::{DelaunayTriangulation, Point2, Triangulation as _};

/// Sites on one spot are set apart by this, so that each has ground of its own.
const NUDGE_M: f64 = 0.02;

/// One cell a point, clipped to `outline`; together they fill it.
pub fn cells(points: &[Point<f64>], outline: &MultiPolygon<f64>) -> Vec<MultiPolygon<f64>> {
    let Some(bounds) = outline.bounding_rect() else {
        return vec![MultiPolygon::new(vec![]); points.len()];
    };
    if points.len() == 1 {
        return vec![outline.clone()];
    }
    let mut sites = distinct(points);
    let all = sites.iter().fold(bounds, |r, p| {
        geo::Rect::new((r.min().x.min(p.x), r.min().y.min(p.y)), (r.max().x.max(p.x), r.max().y.max(p.y)))
    });
    let (cx, cy) = (all.center().x, all.center().y);
    let far = 20.0 * (all.width() + all.height() + 1.0);
    sites
        .extend([(far, 0.0), (0.0, far), (-far, 0.0), (0.0, -far)].map(|(x, y)| Point2::new(cx + x, cy + y)));
    let Ok(triangulation) = DelaunayTriangulation::<Point2<f64>>::bulk_load_stable(sites) else {
        // Coordinates are finite metres by validation; spade refuses nothing else.
        return vec![MultiPolygon::new(vec![]); points.len()];
    };
    triangulation
        .vertices()
        .take(points.len())
        .map(|vertex| {
            let corners: Vec<Coord<f64>> = vertex
                .as_voronoi_face()
                .adjacent_edges()
                .filter_map(|edge| match edge.from() {
                    VoronoiVertex::Inner(face) => {
                        let c = face.circumcenter();
                        Some(Coord { x: c.x, y: c.y })
                    }
                    VoronoiVertex::Outer(_) => None,
                })
                .collect();
            Polygon::new(LineString::new(corners), vec![]).intersection(outline)
        })
        .collect()
}

/// The points with repeated ones moved east until they are alone.
fn distinct(points: &[Point<f64>]) -> Vec<Point2<f64>> {
    let key = |x: f64, y: f64| ((x * 1000.0).round() as i64, (y * 1000.0).round() as i64);
    let mut taken = std::collections::BTreeSet::new();
    points
        .iter()
        .map(|p| {
            let mut x = p.x();
            while !taken.insert(key(x, p.y())) {
                x += NUDGE_M;
            }
            Point2::new(x, p.y())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Area as _;

    #[test]
    fn cells_fill_the_outline() {
        let outline = MultiPolygon::from(geo::Rect::new((0.0, 0.0), (100.0, 60.0)).to_polygon());
        let points: Vec<_> = [(10., 10.), (80., 20.), (50., 50.), (50., 50.), (20., 55.)]
            .map(|(x, y)| Point::new(x, y))
            .into();
        let cells = cells(&points, &outline);
        let total: f64 = cells.iter().map(geo::Area::unsigned_area).sum();
        assert!((total - outline.unsigned_area()).abs() < 1e-3, "{total}");
        assert!(cells.iter().all(|cell| cell.unsigned_area() > 0.0));
    }
}
