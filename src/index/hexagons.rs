//! Hexagons for a place of which only boundaries and populations are known.
//!
//! Each community is filled with H3 cells, as coarse as leaves a grid about
//! `rules.grids.hexagons_per_grid` of them. A cell belongs to the community that holds its centre,
//! and its ground is what lies nearest to that centre inside the community, so that hexagons end
//! at the community's line and leave no sliver. People are spread by area, whole people, and sums
//! stay exact (Hamilton's largest remainders).

use geo::{Area as _, LineString, MapCoords as _, MultiPolygon, Point, Polygon};
use h3o::geom::{ContainmentMode, TilerBuilder};
use h3o::{CellIndex, LatLng, Resolution};
use rayon::prelude::*;

use crate::geometry::projection::LocalFrame;
use crate::geometry::voronoi;
use crate::model::ids::CommunityId;
use crate::model::place::{Atom, AtomKind, Community, Place};
use crate::model::rules::Rules;
use crate::model::units::{Counts, apportion, spread_ages};

/// A community never gets more hexagons than this.
const CELLS_MAX: u64 = 6_000;

/// Fills a place that has no atoms with hexagons; any other place is left as it is.
pub fn fill(place: &mut Place, rules: &Rules) {
    if !place.atoms.is_empty() {
        return;
    }
    let frame = LocalFrame::around(place.origin);
    let filled: Vec<Vec<Atom>> = place
        .communities
        .par_iter()
        .enumerate()
        .map(|(i, community)| fill_one(CommunityId::at(i), community, frame, rules))
        .collect();
    place.atoms = filled.into_iter().flatten().collect();
    place.atoms.sort_by(|a, b| a.code.cmp(&b.code));
    place.atom_kind = AtomKind::Hexagons;
}

fn fill_one(id: CommunityId, community: &Community, frame: LocalFrame, rules: &Rules) -> Vec<Atom> {
    let ledger = community.ledger.unwrap_or_default();
    let cells = cells(community, ledger, frame, rules);
    let anchors: Vec<Point<f64>> = cells
        .iter()
        .map(|cell| {
            let centre = LatLng::from(*cell);
            frame.to_metres(centre.lng(), centre.lat()).into()
        })
        .collect();
    let ground = voronoi::cells(&anchors, &community.outline).ground;
    let areas: Vec<u64> = ground.iter().map(|g| (g.unsigned_area() * 100.0).round() as u64).collect();
    let households = apportion(u64::from(ledger.households), &areas);
    let population = apportion(u64::from(ledger.population), &areas);
    let mut counts: Vec<Counts> = households
        .iter()
        .zip(&population)
        .map(|(&h, &p)| Counts { households: h as u32, population: p as u32, ..Counts::default() })
        .collect();
    spread_ages(&mut counts, ledger);
    cells
        .iter()
        .zip(anchors)
        .zip(ground.into_iter().zip(counts))
        .map(|((cell, anchor), (shape, counts))| Atom {
            code: cell.to_string(),
            community: id,
            shape: Some(shape),
            anchor,
            counts,
            compound: None,
            grid_in_force: None,
            given: None,
        })
        .collect()
}

/// Cells whose centre lies in the community, ascending; at least one.
fn cells(community: &Community, ledger: Counts, frame: LocalFrame, rules: &Rules) -> Vec<CellIndex> {
    let mean = (rules.grids.households_min + rules.grids.households_max) / 2;
    let grids = u64::from(ledger.households.div_ceil(mean.max(1))).max(1);
    let wanted = (grids * u64::from(rules.grids.hexagons_per_grid)).min(CELLS_MAX);
    let area = community.outline.unsigned_area();
    let expected = |r: Resolution| (area / r.area_m2()) as u64;
    let enough = Resolution::range(Resolution::Zero, Resolution::Fifteen).find(|r| expected(*r) >= wanted);
    let mut resolution = enough.unwrap_or(Resolution::Fifteen);
    let degrees = in_degrees(&community.outline, frame);
    loop {
        let mut cells = tile(&degrees, resolution);
        let finer = resolution.succ().filter(|r| expected(*r) <= 8 * CELLS_MAX);
        match finer {
            Some(finer) if (cells.len() as u64) < wanted => resolution = finer,
            _ if cells.is_empty() => return vec![middle(community, resolution, frame)],
            _ => {
                cells.sort_unstable();
                return cells;
            }
        }
    }
}

fn in_degrees(outline: &MultiPolygon<f64>, frame: LocalFrame) -> MultiPolygon<f64> {
    outline.map_coords(|c| frame.to_degrees(c.x, c.y).into())
}

fn tile(outline: &MultiPolygon<f64>, resolution: Resolution) -> Vec<CellIndex> {
    let mut tiler = TilerBuilder::new(resolution).containment_mode(ContainmentMode::ContainsCentroid).build();
    for polygon in outline {
        let ring = |line: &LineString<f64>| LineString::new(line.0.clone());
        let copy = Polygon::new(ring(polygon.exterior()), polygon.interiors().iter().map(ring).collect());
        if tiler.add(copy).is_err() {
            // Only coordinates outside the globe are refused, which validation has excluded.
            return Vec::new();
        }
    }
    tiler.into_coverage().collect()
}

/// The cell in the middle of a community too small for any centre to fall into it.
fn middle(community: &Community, resolution: Resolution, frame: LocalFrame) -> CellIndex {
    use geo::InteriorPoint as _;
    let inside = community.outline.interior_point().unwrap_or(Point::new(0.0, 0.0));
    let (lon, lat) = frame.to_degrees(inside.x(), inside.y());
    let position = LatLng::new(lat, lon).unwrap_or_default();
    position.to_cell(resolution)
}
