//! Whether an area is sound, without comparing every edge with every other.
//!
//! geo's own check is quadratic in the points of a ring: a coastline takes minutes. Here edges are
//! found through an R-tree, O(n log n); where none meet that should not, nesting is judged by
//! area, and only small areas in doubt go to the quadratic check.

use geo::line_intersection::{LineIntersection, line_intersection};
use geo::{Area as _, Coord, Line, MultiPolygon, Validation as _};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

/// Points up to which the quadratic check answers in a blink.
const SMALL: usize = 2_000;

/// An edge with the number of its ring, its own in the ring, and how many there are in the ring.
struct Edge {
    line: Line<f64>,
    ring: usize,
    number: usize,
    count: usize,
}

/// True if no ring crosses or touches itself or another, holes lie inside and parts apart.
pub(super) fn is_sound(shape: &MultiPolygon<f64>) -> bool {
    let edges = edges(shape);
    let quick = !edges.any_meet() && (edges.rings == 1 || nested_well(shape));
    quick || (edges.list.len() <= SMALL && shape.is_valid())
}

/// The crossing of the first edge that crosses another.
pub(super) fn first_crossing(shape: &MultiPolygon<f64>) -> Option<Coord<f64>> {
    let edges = edges(shape);
    (0..edges.list.len()).find_map(|i| {
        let crossings =
            edges.later(i).filter_map(|j| match line_intersection(edges.list[i].line, edges.list[j].line) {
                Some(LineIntersection::SinglePoint { intersection, is_proper: true }) => {
                    Some((j, intersection))
                }
                _ => None,
            });
        crossings.min_by_key(|(j, _)| *j).map(|(_, at)| at)
    })
}

/// All edges of an area, and which of them lie near one another.
struct Edges {
    list: Vec<Edge>,
    rings: usize,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

fn edges(shape: &MultiPolygon<f64>) -> Edges {
    let mut list = Vec::new();
    let mut rings = 0;
    for line in shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors())) {
        let count = line.lines().count();
        list.extend(line.lines().enumerate().map(|(number, line)| Edge { line, ring: rings, number, count }));
        rings += 1;
    }
    let boxes = list.iter().enumerate();
    let boxes = boxes.map(|(i, edge)| GeomWithData::new(Rectangle::from(edge.envelope()), i)).collect();
    Edges { list, rings, tree: RTree::bulk_load(boxes) }
}

impl Edge {
    fn envelope(&self) -> AABB<[f64; 2]> {
        AABB::from_corners([self.line.start.x, self.line.start.y], [self.line.end.x, self.line.end.y])
    }
}

impl Edges {
    /// Edges after one of them whose boxes meet its own.
    fn later(&self, i: usize) -> impl Iterator<Item = usize> + '_ {
        let near = self.tree.locate_in_envelope_intersecting(&self.list[i].envelope());
        near.map(|found| found.data).filter(move |j| *j > i)
    }

    /// True if two edges meet that are not neighbours in one ring, or neighbours lie on one another.
    fn any_meet(&self) -> bool {
        (0..self.list.len()).any(|i| {
            self.later(i).any(|j| {
                let (edge, other) = (&self.list[i], &self.list[j]);
                match line_intersection(edge.line, other.line) {
                    None => false,
                    Some(LineIntersection::Collinear { intersection }) => {
                        !neighbours(edge, other) || intersection.start != intersection.end
                    }
                    Some(LineIntersection::SinglePoint { .. }) => !neighbours(edge, other),
                }
            })
        })
    }
}

fn neighbours(a: &Edge, b: &Edge) -> bool {
    let apart = a.number.abs_diff(b.number);
    a.ring == b.ring && (apart == 1 || apart + 1 == a.count)
}

/// True if the union is as large as the parts: no hole outside its part, no part inside another.
fn nested_well(shape: &MultiPolygon<f64>) -> bool {
    let parts: f64 = shape.iter().map(geo::Area::unsigned_area).sum();
    let whole = geo::unary_union(shape.iter()).unsigned_area();
    (whole - parts).abs() <= 1e-6 * parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{LineString, Polygon, polygon};

    fn of(polygons: Vec<Polygon<f64>>) -> MultiPolygon<f64> {
        MultiPolygon::new(polygons)
    }

    #[test]
    fn areas_are_judged_as_the_slow_check_judges_them() {
        let square = polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 4., y: 4.), (x: 0., y: 4.)];
        let hole = |x: f64, y: f64| LineString::from(vec![(x, y), (x + 1., y), (x + 1., y + 1.), (x, y)]);
        let with = |hole| of(vec![Polygon::new(square.exterior().clone(), vec![hole])]);
        let inner = polygon![(x: 1., y: 1.), (x: 2., y: 1.), (x: 2., y: 2.)];
        let far = polygon![(x: 9., y: 1.), (x: 10., y: 1.), (x: 10., y: 2.)];
        let bow = polygon![(x: 0., y: 0.), (x: 4., y: 4.), (x: 4., y: 0.), (x: 0., y: 4.)];
        let spike = polygon![(x: 0., y: 0.), (x: 4., y: 0.), (x: 2., y: 0.), (x: 2., y: 3.)];
        let cases = [
            ("square", of(vec![square.clone()]), true),
            ("hole", with(hole(1., 1.)), true),
            ("hole outside", with(hole(6., 1.)), false),
            ("hole across", with(hole(3.5, 1.)), false),
            ("two parts", of(vec![square.clone(), far]), true),
            ("part in part", of(vec![square.clone(), inner]), false),
            ("the same twice", of(vec![square.clone(), square]), false),
            ("bow tie", of(vec![bow]), false),
            ("spike", of(vec![spike]), false),
        ];
        for (name, shape, expected) in cases {
            assert_eq!(shape.is_valid(), expected, "{name}, by the slow check");
            assert_eq!(is_sound(&shape), expected, "{name}");
        }
    }

    #[test]
    fn a_long_coast_takes_no_time() {
        let point = |i: i32| {
            let angle = f64::from(i) / 200_000.0 * std::f64::consts::TAU;
            let radius = 1000.0 + 100.0 * (angle * 5000.0).sin();
            (radius * angle.cos(), radius * angle.sin())
        };
        let coast = Polygon::new(LineString::from_iter((0..200_000).map(point)), Vec::new());
        assert!(is_sound(&of(vec![coast])));
    }
}
