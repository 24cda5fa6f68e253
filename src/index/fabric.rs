//! Atoms with their people, their ground and their neighbours, in columns.
//!
//! Areas join along shared edges. Buildings and points first get the ground that is nearest to
//! them within their community (Voronoi cells), then join the same way. A join across a barrier
//! is closed unless it passes near a bridge or crossing; a wall with a gate closes none. Only atoms of
//! one community join, for grids never cross its line, and a given grid joins with nothing around it.

use geo::{Area as _, BoundingRect as _, Distance as _, Euclidean, MultiPolygon, Point};
use rayon::prelude::*;
use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::nearest::Spot;
use crate::geometry::{edges, voronoi};
use crate::model::ids::{CommunityId, CompoundId};
use crate::model::place::{AtomKind, BarrierKind, Place};
use crate::model::units::Counts;

/// The atoms of a place in columns; position is [`AtomId`](crate::model::ids::AtomId).
#[derive(Clone, Debug)]
pub struct Fabric {
    /// Who lives in each.
    pub counts: Vec<Counts>,
    /// A point inside each.
    pub spots: Vec<Spot>,
    /// The community of each.
    pub community: Vec<CommunityId>,
    /// The compound of each.
    pub compound: Vec<Option<CompoundId>>,
    /// The grid in force of each.
    pub grid_in_force: Vec<Option<u32>>,
    /// The ground of each, in metres.
    pub ground: Vec<MultiPolygon<f64>>,
    /// Area of that ground, in whole square metres.
    pub area_m2: Vec<u64>,
    /// Open joins inside communities.
    pub joins: Joins,
    /// Joins inside communities that a barrier closes, lower atom first.
    pub closed: Vec<(u32, u32)>,
    /// The atoms of each community that are to be divided, ascending.
    pub members: Vec<Vec<u32>>,
    /// The atoms of each given grid, ascending.
    pub given: Vec<Vec<u32>>,
}

/// Neighbours in compressed rows.
#[derive(Clone, Debug, Default)]
pub struct Joins {
    first_out: Vec<u32>,
    head: Vec<u32>,
    shared_cm: Vec<u32>,
}

impl Joins {
    /// From pairs; each is stored in both directions, neighbours ascending.
    pub fn from_pairs(atoms: usize, pairs: &[edges::Shared]) -> Self {
        let mut arcs: Vec<(u32, u32, u32)> =
            pairs.iter().flat_map(|s| [(s.a, s.b, s.length_cm), (s.b, s.a, s.length_cm)]).collect();
        arcs.sort_unstable();
        let mut first_out = vec![0u32; atoms + 1];
        for (from, _, _) in &arcs {
            first_out[*from as usize + 1] += 1;
        }
        for i in 0..atoms {
            first_out[i + 1] += first_out[i];
        }
        Self {
            first_out,
            head: arcs.iter().map(|arc| arc.1).collect(),
            shared_cm: arcs.iter().map(|arc| arc.2).collect(),
        }
    }

    /// Neighbours of an atom with the length of the common boundary in centimetres.
    pub fn of(&self, atom: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let row = self.first_out[atom as usize] as usize..self.first_out[atom as usize + 1] as usize;
        self.head[row.clone()].iter().copied().zip(self.shared_cm[row].iter().copied())
    }
}

impl Fabric {
    /// Joins the atoms of `place`; a barrier opens within `opening_reach_m` of a bridge or gate.
    pub fn over(place: &Place, opening_reach_m: u32) -> Self {
        let mut all = vec![Vec::new(); place.communities.len()];
        let mut members = vec![Vec::new(); place.communities.len()];
        let mut given = vec![Vec::new(); place.given.len()];
        for (i, atom) in (0u32..).zip(&place.atoms) {
            all[atom.community.index()].push(i);
            match atom.given {
                Some(grid) => given[grid as usize].push(i),
                None => members[atom.community.index()].push(i),
            }
        }
        let (ground, touching) = ground(place, &all);
        let mut open = Vec::new();
        let mut closed = Vec::new();
        let barriers = BarrierIndex::of(place);
        for pair in touching {
            let (a, b) = (&place.atoms[pair.a as usize], &place.atoms[pair.b as usize]);
            if a.community != b.community || a.given != b.given {
                continue;
            }
            if barriers.part(a.anchor, b.anchor, f64::from(opening_reach_m)) {
                closed.push((pair.a, pair.b));
            } else {
                open.push(pair);
            }
        }
        Self {
            counts: place.atoms.iter().map(|atom| atom.counts).collect(),
            spots: place.atoms.iter().map(|atom| spot(atom.anchor)).collect(),
            community: place.atoms.iter().map(|atom| atom.community).collect(),
            compound: place.atoms.iter().map(|atom| atom.compound).collect(),
            grid_in_force: place.atoms.iter().map(|atom| atom.grid_in_force).collect(),
            area_m2: ground.iter().map(|g| g.unsigned_area().round() as u64).collect(),
            joins: Joins::from_pairs(place.atoms.len(), &open),
            ground,
            closed,
            members,
            given,
        }
    }

    /// How many atoms there are.
    pub fn len(&self) -> usize {
        self.spots.len()
    }

    /// The atoms of a community, those of given grids after the others.
    pub fn of_community(&self, community: usize) -> impl Iterator<Item = u32> + '_ {
        let given = self.given.iter().filter(move |atoms| {
            atoms.first().is_some_and(|&a| self.community[a as usize].index() == community)
        });
        self.members[community].iter().chain(given.flatten()).copied()
    }

    /// True if there is no atom.
    pub fn is_empty(&self) -> bool {
        self.spots.is_empty()
    }
}

/// A point in whole centimetres.
pub fn spot(point: Point<f64>) -> Spot {
    [(point.x() * 100.0).round() as i64, (point.y() * 100.0).round() as i64]
}

/// The ground of every atom, its own area or its cell, and which of them touch.
fn ground(place: &Place, members: &[Vec<u32>]) -> (Vec<MultiPolygon<f64>>, Vec<edges::Shared>) {
    let empty = || MultiPolygon::new(vec![]);
    if place.atom_kind != AtomKind::Sites {
        let ground: Vec<_> =
            place.atoms.iter().map(|atom| atom.shape.clone().unwrap_or_else(empty)).collect();
        let touching = edges::shared(&ground);
        return (ground, touching);
    }
    let cells: Vec<voronoi::Cells> = members
        .par_iter()
        .zip(&place.communities)
        .map(|(atoms, community)| {
            let points: Vec<_> = atoms.iter().map(|&a| place.atoms[a as usize].anchor).collect();
            voronoi::cells(&points, &community.outline)
        })
        .collect();
    let mut ground = vec![empty(); place.atoms.len()];
    let mut touching = Vec::new();
    for (atoms, cells) in members.iter().zip(cells) {
        touching.extend(cells.joins.iter().map(|pair| edges::Shared {
            a: atoms[pair.a as usize],
            b: atoms[pair.b as usize],
            length_cm: pair.length_cm,
        }));
        for (&atom, cell) in atoms.iter().zip(cells.ground) {
            ground[atom as usize] = cell;
        }
    }
    (ground, touching)
}

/// A gate this near to a wall is in it.
const GATE_M: f64 = 5.0;

/// Barrier lines that part their two sides, found by rectangle.
struct BarrierIndex<'a> {
    place: &'a Place,
    tree: RTree<GeomWithData<Rectangle<[f64; 2]>, usize>>,
}

impl<'a> BarrierIndex<'a> {
    fn of(place: &'a Place) -> Self {
        let parting = place.barriers.lines.iter().enumerate().filter(|(_, (kind, line))| {
            // Inside and outside of a wall with a gate meet in the street: it parts nobody.
            let on = |gate: &Point<f64>| Euclidean.distance(gate, line) <= GATE_M;
            *kind != BarrierKind::Wall || !place.barriers.openings.iter().any(on)
        });
        let boxes = parting.filter_map(|(i, (_, line))| {
            let r = line.bounding_rect()?;
            let rectangle = Rectangle::from_corners(r.min().into(), r.max().into());
            Some(GeomWithData::new(rectangle, i))
        });
        Self { place, tree: RTree::bulk_load(boxes.collect()) }
    }

    /// True if some barrier parts two atoms.
    fn part(&self, a: Point<f64>, b: Point<f64>, reach: f64) -> bool {
        let envelope = AABB::from_corners([a.x(), a.y()], [b.x(), b.y()]);
        self.tree.locate_in_envelope_intersecting(&envelope).any(|found| {
            let (_, line) = &self.place.barriers.lines[found.data];
            edges::crosses_closed(a, b, line, &self.place.barriers.openings, reach)
        })
    }
}
