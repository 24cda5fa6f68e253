//! Which community each atom belongs to.

use geo::{Area as _, BoundingRect as _, Contains as _, Distance as _, Euclidean, MultiPolygon, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::atoms::Sound;
use crate::geometry::outline::Outline;
use crate::geometry::overlap::common_area;
use crate::model::ids::CommunityId;
use crate::model::place::Community;

/// Where an atom belongs.
pub(super) struct Home {
    pub(super) community: CommunityId,
    /// Share of its area inside, or 1 for a point inside; 0 if it is outside of all.
    pub(super) share: f64,
    /// How far outside, in metres.
    pub(super) metres: f64,
}

/// The community that holds the largest share of each atom, or lies nearest. O(atoms · log n) but for
/// atoms on a line, which are cut.
pub(super) fn homes(communities: &[Community], atoms: &[Sound<'_>]) -> Vec<Home> {
    let boxes: Vec<_> = communities
        .iter()
        .enumerate()
        .filter_map(|(i, community)| {
            let r = community.outline.bounding_rect()?;
            Some(GeomWithData::new(Rectangle::from_corners(r.min().into(), r.max().into()), i))
        })
        .collect();
    let tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>> = RTree::bulk_load(boxes);
    let outlines: Vec<Outline> = communities.iter().map(|c| Outline::of(&c.outline)).collect();
    atoms
        .par_iter()
        .map(|Sound { shape, anchor, .. }| {
            let rect = shape.as_ref().and_then(geo::BoundingRect::bounding_rect);
            let (low, high) = rect.map_or((anchor.0, anchor.0), |r| (r.min(), r.max()));
            let envelope = AABB::from_corners(low.into(), high.into());
            let mut near: Vec<usize> =
                tree.locate_in_envelope_intersecting(&envelope).map(|found| found.data).collect();
            near.sort_unstable();
            let mut best: Option<(usize, f64)> = None;
            for i in near {
                let outline = &communities[i].outline;
                let share = match (shape, rect.and_then(|rect| outlines[i].holds(rect))) {
                    (Some(_), Some(inside)) => f64::from(u8::from(inside)),
                    (Some(shape), None) => common_area(shape, outline) / shape.unsigned_area(),
                    (None, _) => f64::from(u8::from(outline.contains(anchor))),
                };
                if share > best.map_or(0.0, |(_, s)| s) {
                    best = Some((i, share));
                }
            }
            match best {
                Some((i, share)) => Home { community: CommunityId::at(i), share, metres: 0.0 },
                None => nearest(communities, shape.as_ref(), *anchor),
            }
        })
        .collect()
}

/// The nearest community of an atom that lies in none.
fn nearest(communities: &[Community], shape: Option<&MultiPolygon<f64>>, anchor: Point<f64>) -> Home {
    let distance = |community: &Community| match shape {
        Some(shape) => Euclidean.distance(shape, &community.outline),
        None => Euclidean.distance(&anchor, &community.outline),
    };
    let mut best = (0, f64::INFINITY);
    for (i, community) in communities.iter().enumerate() {
        let metres = distance(community);
        if metres < best.1 {
            best = (i, metres);
        }
    }
    Home { community: CommunityId::at(best.0), share: 0.0, metres: best.1 }
}
