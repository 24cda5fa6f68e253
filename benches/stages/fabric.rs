//! Atoms to a fabric: nearest ground and neighbours.

use geo::{LinesIter as _, MultiPolygon};
use wangge::geometry::edges::shared;
use wangge::index::fabric::Fabric;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let reach = bench.rules.grids.opening_reach_m;
    Measured { median_ms: bench.median_ms(|| Fabric::over(&bench.place, reach)), naive_ms: None }
}

/// Sorted edges against comparing every pair of areas edge by edge.
pub(crate) fn neighbours(bench: &mut Bench) -> Measured {
    let ground = &bench.fabric.ground;
    let naive_ms = Some(bench.median_ms(|| by_pairs(ground)));
    Measured { median_ms: bench.median_ms(|| shared(ground)), naive_ms }
}

/// Pairs that share an edge, corner for corner to the millimetre.
fn by_pairs(shapes: &[MultiPolygon<f64>]) -> Vec<(usize, usize)> {
    let snap = |c: geo::Coord<f64>| ((c.x * 1000.0).round() as i64, (c.y * 1000.0).round() as i64);
    let edges = |shape: &MultiPolygon<f64>| -> Vec<_> {
        shape.lines_iter().map(|line| (snap(line.start), snap(line.end))).collect()
    };
    let edges: Vec<_> = shapes.iter().map(edges).collect();
    let boxes: Vec<_> = shapes.iter().map(geo::BoundingRect::bounding_rect).collect();
    let mut pairs = Vec::new();
    for a in 0..shapes.len() {
        for b in a + 1..shapes.len() {
            let (Some(p), Some(q)) = (boxes[a], boxes[b]) else { continue };
            let apart = p.max().x < q.min().x
                || q.max().x < p.min().x
                || p.max().y < q.min().y
                || q.max().y < p.min().y;
            let meets = |&(s, e): &(_, _)| edges[b].contains(&(s, e)) || edges[b].contains(&(e, s));
            if !apart && edges[a].iter().any(meets) {
                pairs.push((a, b));
            }
        }
    }
    pairs
}
