//! Which areas join: those that share an edge, not a corner.
//!
//! Edges that match vertex for vertex (to the millimetre) are found by sorting. What is left over,
//! mostly the outer rim, is searched with an R-tree for edges that run along one another within
//! [`TOLERANCE_M`], so that a vertex on one side only (a T-junction) does not part neighbours.
//! O(s log s) for s edges when rims are short.

use geo::{LineString, MultiPolygon, Point};
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, RTree};

/// Edges that run along one another no further apart than this are the same line.
pub const TOLERANCE_M: f64 = 0.05;

/// Areas that share less boundary than this touch at a corner.
pub const SHARED_CM_MIN: u32 = 10;

/// Two areas that share an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shared {
    /// The lower index.
    pub a: u32,
    /// The higher index.
    pub b: u32,
    /// Length of the shared boundary.
    pub length_cm: u32,
}

type Node = (i64, i64);

/// Every pair of shapes that share at least [`SHARED_CM_MIN`] of boundary, sorted.
pub fn shared(shapes: &[MultiPolygon<f64>]) -> Vec<Shared> {
    let mut edges = snapped_edges(shapes);
    edges.sort_unstable();
    let mut lengths: Vec<(u32, u32, f64)> = Vec::with_capacity(edges.len() / 2);
    let mut rim = Vec::new();
    for run in edges.chunk_by(|p, q| p.0 == q.0) {
        let owners = |i: usize| run[i].1;
        if run.iter().all(|edge| edge.1 == owners(0)) {
            rim.extend(run.first());
            continue;
        }
        for (i, first) in run.iter().enumerate() {
            for second in run[i + 1..].iter().filter(|second| second.1 != first.1) {
                lengths.push((first.1, second.1, length(first.0)));
            }
        }
    }
    along_rims(&rim, &mut lengths);
    sum_by_pair(lengths)
}

/// Edges between millimetre nodes, lower node first, each with its owner.
fn snapped_edges(shapes: &[MultiPolygon<f64>]) -> Vec<((Node, Node), u32)> {
    let snap = |v: f64| (v * 1000.0).round() as i64;
    let mut edges = Vec::new();
    for (owner, shape) in shapes.iter().enumerate() {
        let owner = u32::try_from(owner).expect("fewer than 2^32 shapes");
        let mut ring = |line: &LineString<f64>| {
            for edge in line.lines() {
                let (p, q) = ((snap(edge.start.x), snap(edge.start.y)), (snap(edge.end.x), snap(edge.end.y)));
                if p != q {
                    edges.push(((p.min(q), p.max(q)), owner));
                }
            }
        };
        for polygon in shape {
            ring(polygon.exterior());
            polygon.interiors().iter().for_each(&mut ring);
        }
    }
    edges
}

fn length((p, q): (Node, Node)) -> f64 {
    ((q.0 - p.0) as f64).hypot((q.1 - p.1) as f64) / 1000.0
}

fn along_rims(rim: &[((Node, Node), u32)], lengths: &mut Vec<(u32, u32, f64)>) {
    let metres = |n: Node| [n.0 as f64 / 1000.0, n.1 as f64 / 1000.0];
    let lines: Vec<_> = rim
        .iter()
        .enumerate()
        .map(|(i, ((p, q), _))| GeomWithData::new(Line::new(metres(*p), metres(*q)), i))
        .collect();
    let tree = RTree::bulk_load(lines);
    for (i, ((p, q), owner)) in rim.iter().enumerate() {
        let (p, q) = (metres(*p), metres(*q));
        let low = [p[0].min(q[0]) - TOLERANCE_M, p[1].min(q[1]) - TOLERANCE_M];
        let high = [p[0].max(q[0]) + TOLERANCE_M, p[1].max(q[1]) + TOLERANCE_M];
        for other in tree.locate_in_envelope_intersecting(&AABB::from_corners(low, high)) {
            let j = other.data;
            if j <= i || rim[j].1 == *owner {
                continue;
            }
            let line = other.geom();
            let along = overlap_length((p, q), (line.from, line.to));
            if along > 0.0 {
                lengths.push((*owner, rim[j].1, along));
            }
        }
    }
}

/// How far two segments run along one another within the tolerance; 0 if they do not.
fn overlap_length((a, b): ([f64; 2], [f64; 2]), (c, d): ([f64; 2], [f64; 2])) -> f64 {
    let (a, b, c, d) = if dist(a, b) >= dist(c, d) { (a, b, c, d) } else { (c, d, a, b) };
    let base = dist(a, b);
    let unit = [(b[0] - a[0]) / base, (b[1] - a[1]) / base];
    let local = |p: [f64; 2]| {
        let (x, y) = (p[0] - a[0], p[1] - a[1]);
        (x * unit[0] + y * unit[1], y * unit[0] - x * unit[1])
    };
    let ((t0, s0), (t1, s1)) = (local(c), local(d));
    if (t1 - t0).abs() < 1e-9 {
        return 0.0;
    }
    // Distance from the base line at both ends of the common stretch.
    let (low, high) = (t0.min(t1).max(0.0), t0.max(t1).min(base));
    let side = |t: f64| s0 + (s1 - s0) * (t - t0) / (t1 - t0);
    let close = low < high && side(low).abs() <= TOLERANCE_M && side(high).abs() <= TOLERANCE_M;
    if close { high - low } else { 0.0 }
}

fn dist(p: [f64; 2], q: [f64; 2]) -> f64 {
    (p[0] - q[0]).hypot(p[1] - q[1])
}

fn sum_by_pair(mut lengths: Vec<(u32, u32, f64)>) -> Vec<Shared> {
    for (a, b, _) in &mut lengths {
        if *a > *b {
            std::mem::swap(a, b);
        }
    }
    lengths.sort_by(|p, q| (p.0, p.1).cmp(&(q.0, q.1)).then(p.2.total_cmp(&q.2)));
    lengths
        .chunk_by(|p, q| (p.0, p.1) == (q.0, q.1))
        .map(|run| {
            let metres: f64 = run.iter().map(|pair| pair.2).sum();
            let length_cm = (metres * 100.0).round().min(f64::from(u32::MAX)) as u32;
            Shared { a: run[0].0, b: run[0].1, length_cm }
        })
        .filter(|pair| pair.length_cm >= SHARED_CM_MIN)
        .collect()
}

/// True if the straight line between two points crosses `line` where no opening is within `reach`,
/// or within half the points' distance where that is more: between scattered houses a bridge may be
/// some way off the line of sight.
///
/// A line that is touched at its very end is not crossed.
pub fn crosses_closed(
    from: Point<f64>,
    to: Point<f64>,
    line: &LineString<f64>,
    openings: &[Point<f64>],
    reach: f64,
) -> bool {
    let reach = reach.max((to.x() - from.x()).hypot(to.y() - from.y()) / 2.0);
    line.lines().any(|edge| {
        crossing((from.x(), from.y()), (to.x(), to.y()), edge.start.x_y(), edge.end.x_y())
            .is_some_and(|(x, y)| openings.iter().all(|o| (o.x() - x).hypot(o.y() - y) > reach))
    })
}

type Xy = (f64, f64);

/// Where segment `p q` properly crosses segment `c d`, counting `c` but not `d` as part of it.
fn crossing(p: Xy, q: Xy, c: Xy, d: Xy) -> Option<Xy> {
    let (rx, ry) = (q.0 - p.0, q.1 - p.1);
    let (sx, sy) = (d.0 - c.0, d.1 - c.1);
    let cross = rx * sy - ry * sx;
    if cross == 0.0 {
        return None;
    }
    let (wx, wy) = (c.0 - p.0, c.1 - p.1);
    let t = (wx * sy - wy * sx) / cross;
    let u = (wx * ry - wy * rx) / cross;
    ((0.0..=1.0).contains(&t) && (0.0..1.0).contains(&u)).then_some((p.0 + t * rx, p.1 + t * ry))
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Rect;

    fn boxes(corners: &[(f64, f64, f64, f64)]) -> Vec<MultiPolygon<f64>> {
        corners.iter().map(|&(a, b, c, d)| Rect::new((a, b), (c, d)).to_polygon().into()).collect()
    }

    #[test]
    fn edges_join_and_corners_do_not() {
        type Case = (&'static str, Vec<(f64, f64, f64, f64)>, Vec<(u32, u32, u32)>);
        let cases: [Case; 5] = [
            ("side by side", vec![(0., 0., 1., 1.), (1., 0., 2., 1.)], vec![(0, 1, 100)]),
            ("corner", vec![(0., 0., 1., 1.), (1., 1., 2., 2.)], vec![]),
            (
                "T-junction",
                vec![(0., 0., 2., 1.), (0., 1., 1., 2.), (1., 1., 2., 2.)],
                vec![(0, 1, 100), (0, 2, 100), (1, 2, 100)],
            ),
            ("within tolerance", vec![(0., 0., 1., 1.), (1.03, 0., 2., 1.)], vec![(0, 1, 100)]),
            ("beyond tolerance", vec![(0., 0., 1., 1.), (1.08, 0., 2., 1.)], vec![]),
        ];
        for (name, corners, expected) in cases {
            let found: Vec<_> = shared(&boxes(&corners)).iter().map(|s| (s.a, s.b, s.length_cm)).collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn a_bridge_opens_a_river() {
        let river = LineString::from(vec![(5.0, -100.0), (5.0, 100.0)]);
        let (west, east) = (Point::new(0.0, 0.0), Point::new(10.0, 0.0));
        assert!(crosses_closed(west, east, &river, &[], 60.0));
        assert!(!crosses_closed(west, east, &river, &[Point::new(5.0, 50.0)], 60.0));
        assert!(crosses_closed(west, east, &river, &[Point::new(5.0, 70.0)], 60.0));
        assert!(!crosses_closed(west, Point::new(4.0, 9.0), &river, &[], 60.0));
    }
}
