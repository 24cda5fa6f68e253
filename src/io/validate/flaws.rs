//! Ground that two areas claim, or that lies between communities and belongs to none.

use geo::{Area as _, BoundingRect as _, Distance as _, Euclidean, MultiPolygon, Polygon};
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use crate::geometry::overlap::{common, gaps};
use crate::io::Problems;
use crate::model::place::{Community, Flaw, FlawKind};
use crate::model::problem::{At, Kind};

/// Overlaps and gaps smaller than this are drawing noise.
const FLAW_M2_MIN: f64 = 1.0;

/// Communities as near as this lie beside a gap.
const BESIDE_M: f64 = 0.05;

/// What is wrong with the ground of communities, each piece reported.
pub(super) fn of_communities(communities: &[Community], file: &str, problems: &mut Problems) -> Vec<Flaw> {
    let outlines: Vec<_> = communities.iter().map(|c| (&c.code, &c.outline)).collect();
    let mut flaws = overlaps(&outlines, file, problems);
    flaws.extend(gaps_between(&outlines, file, problems));
    flaws
}

/// Ground between communities that none of them holds, with those around it.
fn gaps_between(shapes: &[(&String, &MultiPolygon<f64>)], file: &str, problems: &mut Problems) -> Vec<Flaw> {
    let all: Vec<&MultiPolygon<f64>> = shapes.iter().map(|shape| shape.1).collect();
    let flaw = |gap: Polygon<f64>| {
        let beside = |shape: &MultiPolygon<f64>| Euclidean.distance(&gap, shape) < BESIDE_M;
        let between: Vec<String> =
            shapes.iter().filter(|shape| beside(shape.1)).map(|shape| shape.0.clone()).collect();
        let area_m2 = gap.unsigned_area();
        Flaw { kind: FlawKind::Gap, between, shape: gap.into(), area_m2 }
    };
    let flaws: Vec<Flaw> = gaps(&all, FLAW_M2_MIN).into_iter().map(flaw).collect();
    for flaw in &flaws {
        let kind = Kind::Gap { codes: flaw.between.join(", "), area: format!("{:.1}", flaw.area_m2) };
        problems.add(file, At::Whole, None, kind);
    }
    flaws
}

/// Pairs with more than a square metre in common, each reported.
pub(super) fn overlaps(
    shapes: &[(&String, &MultiPolygon<f64>)],
    file: &str,
    problems: &mut Problems,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let boxes: Vec<_> = shapes
        .iter()
        .enumerate()
        .filter_map(|(i, (_, shape))| {
            let r = shape.bounding_rect()?;
            Some(GeomWithData::new(Rectangle::from_corners(r.min().into(), r.max().into()), i))
        })
        .collect();
    let tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> = RTree::bulk_load(boxes);
    for (i, (code, shape)) in shapes.iter().enumerate() {
        let Some(r) = shape.bounding_rect() else { continue };
        let envelope = AABB::from_corners(r.min().into(), r.max().into());
        let mut later: Vec<usize> = tree
            .locate_in_envelope_intersecting(&envelope)
            .map(|found| found.data)
            .filter(|j| *j > i)
            .collect();
        later.sort_unstable();
        for j in later {
            let Some(shape) = common(shape, shapes[j].1) else { continue };
            let area_m2 = shape.unsigned_area();
            if area_m2 > FLAW_M2_MIN {
                let (first, second) = ((*code).clone(), shapes[j].0.clone());
                let between = vec![first.clone(), second.clone()];
                let kind = Kind::Overlap { first, second, area: format!("{area_m2:.1}") };
                problems.add(file, At::Whole, None, kind);
                flaws.push(Flaw { kind: FlawKind::Overlap, between, shape, area_m2 });
            }
        }
    }
    flaws
}
