//! The town's ground as a planar subdivision: faces that share their sides.
//!
//! A street that ends in the middle of another's side puts its end point into the faces on both banks, so the
//! faces always meet vertex to vertex. Whatever is later dissolved from them, blocks or whole communities,
//! therefore tiles the ground without gaps or overlaps and without any tolerance.

use std::collections::BTreeMap;

use super::shape::{Spot, area};

/// What runs along a side of a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// The outer line of the town; nothing runs there.
    Bound,
    /// The river's centre line.
    River,
    /// The railway.
    Rail,
    /// A main street.
    Arterial,
    /// A lesser through street, or the road to a village.
    Collector,
    /// A street between two blocks.
    Local,
    /// A field road.
    Track,
}

/// A side without its direction: what runs there, and which named street it is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) way: Way,
    pub(super) street: u32,
}

/// Points and faces; every face is a counter-clockwise cycle of points.
#[derive(Default)]
pub(super) struct Mesh {
    pub(super) points: Vec<Spot>,
    pub(super) faces: Vec<Vec<u32>>,
    /// The face on the left of each directed side.
    owners: BTreeMap<(u32, u32), u32>,
    sides: BTreeMap<(u32, u32), Side>,
}

impl Mesh {
    pub(super) fn point(&mut self, spot: Spot) -> u32 {
        self.points.push(spot);
        self.points.len() as u32 - 1
    }

    pub(super) fn spot(&self, point: u32) -> Spot {
        self.points[point as usize]
    }

    /// Adds a face; its sides take `Way::Bound` until they are set.
    pub(super) fn face(&mut self, cycle: Vec<u32>) -> u32 {
        let face = self.faces.len() as u32;
        for (a, b) in turns(&cycle) {
            self.owners.insert((a, b), face);
            self.sides.entry(key(a, b)).or_insert(Side { way: Way::Bound, street: 0 });
        }
        self.faces.push(cycle);
        face
    }

    pub(super) fn set_side(&mut self, a: u32, b: u32, side: Side) {
        self.sides.insert(key(a, b), side);
    }

    pub(super) fn side(&self, a: u32, b: u32) -> Side {
        self.sides.get(&key(a, b)).copied().unwrap_or(Side { way: Way::Bound, street: 0 })
    }

    /// All sides, in the order of their points.
    pub(super) fn sides(&self) -> impl Iterator<Item = ((u32, u32), Side)> + '_ {
        self.sides.iter().map(|(&ends, &side)| (ends, side))
    }

    /// The face on the left of a directed side.
    pub(super) fn left_of(&self, a: u32, b: u32) -> Option<u32> {
        self.owners.get(&(a, b)).copied()
    }

    pub(super) fn ring(&self, face: u32) -> Vec<Spot> {
        self.faces[face as usize].iter().map(|&point| self.spot(point)).collect()
    }

    pub(super) fn area(&self, face: u32) -> f64 {
        area(&self.ring(face))
    }

    /// Puts a point into a side, in the faces on both of its banks.
    pub(super) fn split_side(&mut self, a: u32, b: u32, spot: Spot) -> u32 {
        let middle = self.point(spot);
        for (from, to) in [(a, b), (b, a)] {
            let Some(face) = self.owners.remove(&(from, to)) else { continue };
            let cycle = &mut self.faces[face as usize];
            let at = cycle.iter().position(|&point| point == from).expect("a side's ends are in its face");
            cycle.insert(at + 1, middle);
            self.owners.insert((from, middle), face);
            self.owners.insert((middle, to), face);
        }
        let side = self.sides.remove(&key(a, b)).expect("only sides of faces are split");
        self.sides.insert(key(a, middle), side);
        self.sides.insert(key(middle, b), side);
        middle
    }

    /// Cuts a face along the chord from `a` to `b`; the new face is the part to the left of it.
    pub(super) fn split_face(&mut self, face: u32, a: u32, b: u32, side: Side) -> u32 {
        let mut cycle = std::mem::take(&mut self.faces[face as usize]);
        let at = cycle.iter().position(|&point| point == a).expect("the chord starts in its face");
        cycle.rotate_left(at);
        let to = cycle.iter().position(|&point| point == b).expect("the chord ends in its face");
        let mut rest = cycle.split_off(to);
        cycle.push(b);
        rest.push(a);
        let new = self.faces.len() as u32;
        for (from, to) in turns(&rest) {
            self.owners.insert((from, to), new);
        }
        self.owners.insert((b, a), face);
        self.set_side(a, b, side);
        self.faces[face as usize] = cycle;
        self.faces.push(rest);
        new
    }
}

/// The directed sides of a cycle, the closing one last.
pub(super) fn turns(cycle: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    cycle.iter().zip(cycle.iter().cycle().skip(1)).map(|(&a, &b)| (a, b))
}

fn key(a: u32, b: u32) -> (u32, u32) {
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_keeps_the_ground() {
        let mut mesh = Mesh::default();
        let corners = [(0.0, 0.0), (4.0, 0.0), (4.0, 2.0), (0.0, 2.0)];
        let cycle: Vec<u32> = corners.iter().map(|&(x, y)| mesh.point(Spot::new(x, y))).collect();
        let face = mesh.face(cycle);
        let below = mesh.split_side(0, 1, Spot::new(1.0, 0.0));
        let above = mesh.split_side(2, 3, Spot::new(1.0, 2.0));
        let side = Side { way: Way::Local, street: 1 };
        let other = mesh.split_face(face, below, above, side);
        assert_eq!(mesh.area(face) + mesh.area(other), 8.0);
        assert_eq!(mesh.left_of(below, above), Some(other));
        assert_eq!(mesh.left_of(above, below), Some(face));
        assert_eq!(mesh.side(above, below), side);
    }
}
