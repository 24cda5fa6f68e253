//! The ground nearest to each of a set of points (Voronoi cells), within an outline.
//!
//! Buildings and hexagon centres have no common edges. Their cells have: two sites join where
//! their cells meet inside the community. Delaunay triangulation by the crate `spade`,
//! O(n log n); four far points close the outer cells.

use std::collections::BTreeSet;

use geo::{
    Area as _, BooleanOps as _, BoundingRect as _, Coord, CoordsIter, Distance as _, Euclidean, LineString,
    MapCoordsInPlace as _, MultiPolygon, Orient as _, Point, Polygon,
};
use spade::handles::VoronoiVertex;
use spade::{DelaunayTriangulation, Point2, Triangulation as _};

use super::edges::{Shared, shared};
use super::outline::{Outline, near};
use super::overlap::union;

/// Sites on one spot are set apart by this, so that each has ground of its own.
const NUDGE_M: f64 = 0.02;

/// The ground of a set of points inside an outline.
#[derive(Clone, Debug, Default)]
pub struct Cells {
    /// One area a point; together they fill the outline.
    pub ground: Vec<MultiPolygon<f64>>,
    /// Pairs whose ground meets where both points can be reached without leaving the cell.
    pub joins: Vec<Shared>,
}

/// The cell of every point, clipped to `outline`.
///
/// A bay of the outline can cut a cell in two. The part around its point is the cell; the other
/// goes to the neighbour it shares most boundary with, or stays if it is an island.
pub fn cells(points: &[Point<f64>], outline: &MultiPolygon<f64>) -> Cells {
    let mut ground = clipped(points, outline);
    weld(&mut ground);
    let mut strays = Vec::new();
    for (cell, point) in ground.iter_mut().zip(points) {
        if cell.0.len() > 1 {
            let distance = |part: &Polygon<f64>| Euclidean.distance(part, point);
            let nearest =
                (0..cell.0.len()).min_by(|&i, &j| distance(&cell.0[i]).total_cmp(&distance(&cell.0[j])));
            let main = cell.0.swap_remove(nearest.unwrap_or(0));
            let others = std::mem::replace(&mut cell.0, vec![main]);
            strays.extend(others.into_iter().map(MultiPolygon::from));
        }
    }
    let joins = shared(&ground);
    give_away(strays, &mut ground, points);
    Cells { ground, joins }
}

/// Puts every stray part with the cell it shares most boundary with, the largest strays first.
fn give_away(strays: Vec<MultiPolygon<f64>>, ground: &mut [MultiPolygon<f64>], points: &[Point<f64>]) {
    let mut strays = strays;
    strays.sort_by(|a, b| b.unsigned_area().total_cmp(&a.unsigned_area()));
    for stray in strays {
        let Some(bounds) = stray.bounding_rect() else { continue };
        let near = |cell: &MultiPolygon<f64>| {
            cell.bounding_rect().is_some_and(|r| {
                r.min().x <= bounds.max().x + 1.0
                    && r.max().x >= bounds.min().x - 1.0
                    && r.min().y <= bounds.max().y + 1.0
                    && r.max().y >= bounds.min().y - 1.0
            })
        };
        let mut beside: Vec<usize> = (0..ground.len()).filter(|&i| near(&ground[i])).collect();
        let mut shapes: Vec<MultiPolygon<f64>> = beside.iter().map(|&i| ground[i].clone()).collect();
        beside.push(usize::MAX);
        shapes.push(stray);
        let last = (shapes.len() - 1) as u32;
        let most = shared(&shapes)
            .into_iter()
            .filter(|s| s.b == last)
            .max_by_key(|s| (s.length_cm, std::cmp::Reverse(s.a)));
        let stray = shapes.swap_remove(last as usize);
        match most {
            Some(most) => {
                let home = beside[most.a as usize];
                ground[home] = union(&[&ground[home], &stray]);
            }
            None => {
                let distance = |i: &usize| Euclidean.distance(&stray, &points[*i]);
                let home = (0..points.len()).min_by(|i, j| distance(i).total_cmp(&distance(j)));
                if let Some(home) = home {
                    ground[home].0.extend(stray);
                }
            }
        }
    }
}

fn clipped(points: &[Point<f64>], outline: &MultiPolygon<f64>) -> Vec<MultiPolygon<f64>> {
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
    let edge = Outline::of(outline);
    triangulation
        .vertices()
        .take(points.len())
        .map(|vertex| {
            let corners: Vec<Coord<f64>> = vertex
                .as_voronoi_face()
                .adjacent_edges()
                .filter_map(|side| match side.from() {
                    VoronoiVertex::Inner(face) => {
                        let c = face.circumcenter();
                        Some(Coord { x: c.x, y: c.y })
                    }
                    VoronoiVertex::Outer(_) => None,
                })
                .collect();
            let cell = Polygon::new(LineString::new(corners), vec![]);
            let Some(rect) = cell.bounding_rect() else { return MultiPolygon::new(vec![]) };
            match edge.holds(rect) {
                Some(true) => cell.orient(geo::orient::Direction::Default).into(),
                _ => cell.intersection(&near(outline, rect)),
            }
        })
        .collect()
}

/// Corners nearer to one another than this, in millimetres, are the same corner.
const WELD_MM: i64 = 2;

/// Moves corners to whole millimetres and makes those of neighbours, which were cut one by one and
/// differ in the last digits, the same again. The lowest of equals stays.
fn weld(cells: &mut [MultiPolygon<f64>]) {
    let key = |c: Coord<f64>| ((c.x * 1000.0).round() as i64, (c.y * 1000.0).round() as i64);
    let mut all: Vec<(i64, i64)> = cells.iter().flat_map(CoordsIter::coords_iter).map(key).collect();
    all.sort_unstable();
    all.dedup();
    let mut home = Vec::with_capacity(all.len());
    for (at, &(x, y)) in all.iter().enumerate() {
        let near = (x - WELD_MM..=x).find_map(|x2| {
            let first = all[..at].partition_point(|corner| *corner < (x2, y - WELD_MM));
            all[first..at].first().filter(|corner| corner.0 == x2 && corner.1 <= y + WELD_MM).map(|_| first)
        });
        home.push(near.map_or((x, y), |near| home[near]));
    }
    for cell in cells {
        cell.map_coords_in_place(|c| {
            let (x, y) = all.binary_search(&key(c)).map_or(key(c), |at| home[at]);
            Coord { x: x as f64 / 1000.0, y: y as f64 / 1000.0 }
        });
    }
}

/// The points with repeated ones moved east until they are alone.
fn distinct(points: &[Point<f64>]) -> Vec<Point2<f64>> {
    let key = |x: f64, y: f64| ((x * 1000.0).round() as i64, (y * 1000.0).round() as i64);
    let mut taken = BTreeSet::new();
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

    #[test]
    fn cells_fill_the_outline() {
        let outline = MultiPolygon::from(geo::Rect::new((0.0, 0.0), (100.0, 60.0)).to_polygon());
        let points: Vec<_> = [(10., 10.), (80., 20.), (50., 50.), (50., 50.), (20., 55.)]
            .map(|(x, y)| Point::new(x, y))
            .into();
        let cells = cells(&points, &outline).ground;
        let total: f64 = cells.iter().map(geo::Area::unsigned_area).sum();
        assert!((total - outline.unsigned_area()).abs() < 1.0, "{total}");
        assert!(cells.iter().all(|cell| cell.unsigned_area() > 0.0));
    }

    #[test]
    fn a_part_cut_off_by_a_bay_goes_to_its_neighbour() {
        // A horseshoe: the western point's cell would own the tip of the eastern arm's inner side.
        let outline = Polygon::new(
            LineString::from(vec![
                (0., 0.),
                (100., 0.),
                (100., 100.),
                (90., 100.),
                (90., 10.),
                (10., 10.),
                (10., 100.),
                (0., 100.),
            ]),
            vec![],
        );
        let points = [Point::new(5., 95.), Point::new(95., 5.), Point::new(5., 5.)];
        let cells = cells(&points, &outline.into());
        assert!(cells.ground.iter().all(|cell| cell.0.len() == 1), "{cells:?}");
        let pairs: Vec<_> = cells.joins.iter().map(|s| (s.a, s.b)).collect();
        assert_eq!(pairs, [(0, 2), (1, 2)]);
    }
}
