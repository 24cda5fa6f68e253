//! Blocks: the faces of the ground with what a planner would note about each, and the land left within the streets.

use super::ground::Ground;
use super::mesh::{Way, turns};
use super::shape::{Spot, area, centroid, clipped, edges, simplified};

/// What a block is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Low houses along old streets, open to all sides.
    Old,
    /// A walled compound with rows of four to six storeys.
    Slab,
    /// A walled compound with rows of nine to eighteen storeys and some towers.
    Modern,
    /// A school.
    School,
    /// A hospital.
    Hospital,
    /// A market.
    Market,
    /// Offices.
    Office,
    /// A factory.
    Factory,
    /// A park.
    Park,
    /// Land where nothing stands yet.
    Vacant,
    /// Fields, perhaps with a hamlet.
    Fields,
}

impl Use {
    /// The word in the files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Old => "old_street",
            Self::Slab => "compound",
            Self::Modern => "new_compound",
            Self::School => "school",
            Self::Hospital => "hospital",
            Self::Market => "market",
            Self::Office => "office",
            Self::Factory => "factory",
            Self::Park => "park",
            Self::Vacant => "vacant",
            Self::Fields => "fields",
        }
    }

    /// Whether people live there.
    pub fn is_home(self) -> bool {
        matches!(self, Self::Old | Self::Slab | Self::Modern)
    }

    /// Whether it is a site that is governed as such: people work, learn or trade there and do not live there.
    pub fn is_exclusive(self) -> bool {
        matches!(self, Self::School | Self::Hospital | Self::Market | Self::Office | Self::Factory)
    }

    /// Whether a wall with gates surrounds it.
    pub fn is_walled(self) -> bool {
        matches!(self, Self::Slab | Self::Modern | Self::School | Self::Hospital | Self::Factory)
    }
}

/// A face of the ground between streets.
#[derive(Clone, Debug)]
pub struct Block {
    /// What stands on it.
    pub used: Use,
    /// The land within the street lines: convex, with what runs beyond each side.
    pub site: Vec<(Spot, Way)>,
    /// The ground between the middles of what runs around it.
    pub ring: Vec<Spot>,
    /// The middle of the site.
    pub centre: Spot,
    /// Square metres of the site.
    pub site_m2: f64,
    pub(super) urban: bool,
    /// 0 in the middle of town, about 1 at its edge.
    pub(super) reach: f64,
    pub(super) by_river: bool,
    pub(super) by_rail: bool,
    pub(super) over_rail: bool,
}

impl Block {
    /// The corners of the site.
    pub fn site_ring(&self) -> Vec<Spot> {
        self.site.iter().map(|&(spot, _)| spot).collect()
    }
}

/// One block for each face of the ground, in the same order; fields and vacant land until planned.
pub(super) fn found(ground: &Ground) -> Vec<Block> {
    let rail: Vec<Spot> = ground.rail_nodes.iter().map(|&node| ground.mesh.spot(node)).collect();
    (0..ground.mesh.faces.len())
        .map(|face| {
            let cycle = &ground.mesh.faces[face];
            let ways: Vec<Way> = turns(cycle).map(|(a, b)| ground.mesh.side(a, b).way).collect();
            let ring = ground.mesh.ring(face as u32);
            let sides: Vec<(Spot, Way)> = ring.iter().copied().zip(ways.iter().copied()).collect();
            let site = inset(&sides);
            let corners: Vec<Spot> = site.iter().map(|&(spot, _)| spot).collect();
            let centre = if corners.len() > 2 { centroid(&corners) } else { centroid(&ring) };
            let urban = ground.urban[face];
            Block {
                used: if urban { Use::Vacant } else { Use::Fields },
                centre,
                site_m2: area(&corners),
                site,
                ring,
                urban,
                reach: ground.reach(centre),
                by_river: ways.contains(&Way::River),
                by_rail: ways.contains(&Way::Rail),
                over_rail: is_right_of(&rail, centre),
            }
        })
        .collect()
}

/// How far the land of a block keeps from the middle of what runs along it, in metres.
fn setback_m(way: Way) -> f64 {
    match way {
        Way::Bound => 25.0,
        Way::River => 66.0,
        Way::Rail => 27.0,
        Way::Arterial => 18.0,
        Way::Collector => 12.0,
        Way::Local => 9.0,
        Way::Track => 8.0,
    }
}

/// The convex land that keeps its distance from every side; empty if there is none.
fn inset(sides: &[(Spot, Way)]) -> Vec<(Spot, Way)> {
    let plain = simplified(sides, 4.0);
    let (mut low, mut high) = (plain[0].0, plain[0].0);
    for &(spot, _) in &plain {
        low = Spot::new(low.x.min(spot.x), low.y.min(spot.y));
        high = Spot::new(high.x.max(spot.x), high.y.max(spot.y));
    }
    let corners = [low, Spot::new(high.x, low.y), high, Spot::new(low.x, high.y)];
    let mut site: Vec<(Spot, Way)> = corners.iter().map(|&spot| (spot, Way::Bound)).collect();
    for (&(a, way), &(b, _)) in plain.iter().zip(plain.iter().cycle().skip(1)) {
        let direction = b.minus(a).unit();
        let line = a.plus(direction.left().times(setback_m(way) + 4.0));
        site = clipped(&site, line, direction, way);
    }
    // Clipping leaves corners a few centimetres apart where three lines nearly meet.
    let mut at = 0;
    while site.len() > 2 && at < site.len() {
        let next = (at + 1) % site.len();
        if site[at].0.to(site[next].0) < 2.0 {
            site.remove(at);
        } else {
            at += 1;
        }
    }
    if site.len() < 3 { Vec::new() } else { site }
}

/// Whether a spot lies to the right of a line, judged at the nearest piece.
fn is_right_of(line: &[Spot], spot: Spot) -> bool {
    let nearest = edges(line)
        .take(line.len().saturating_sub(1))
        .min_by(|a, b| spot.to(a.0.toward(a.1, 0.5)).total_cmp(&spot.to(b.0.toward(b.1, 0.5))));
    nearest.is_some_and(|(a, b)| b.minus(a).cross(spot.minus(a)) < 0.0)
}
