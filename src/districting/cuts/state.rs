//! A division under change: people, cut and boundary kept up to date by every moved atom.

use super::net::Net;

/// A division into connected parts. Moving an atom costs O(degree).
#[derive(Clone, Debug)]
pub(crate) struct State<'a> {
    /// The piece of territory divided.
    pub(crate) net: &'a Net,
    /// The part of each atom.
    pub(crate) part_of: Vec<u32>,
    /// People of each part.
    pub(crate) people: Vec<i64>,
    /// Atoms of each part.
    pub(crate) size: Vec<u32>,
    /// The price of edges between parts.
    pub(crate) cut: i64,
    /// Atoms with a neighbour in another part, in no order.
    pub(crate) border: Vec<u32>,
    place: Vec<u32>,
    foreign: Vec<u32>,
}

const INSIDE: u32 = u32::MAX;

impl<'a> State<'a> {
    /// The state of a given division. O(n + m).
    pub(crate) fn new(net: &'a Net, part_of: &[u32]) -> Self {
        let parts = net.parts as usize;
        let mut state = Self {
            net,
            part_of: Vec::new(),
            people: vec![0; parts],
            size: vec![0; parts],
            cut: 0,
            border: Vec::new(),
            place: Vec::new(),
            foreign: Vec::new(),
        };
        state.load(part_of);
        state
    }

    /// Replaces the division, keeping the buffers. O(n + m).
    pub(crate) fn load(&mut self, part_of: &[u32]) {
        let atoms = self.net.len();
        self.part_of.clear();
        self.part_of.extend_from_slice(part_of);
        self.people.fill(0);
        self.size.fill(0);
        self.border.clear();
        self.place.clear();
        self.place.resize(atoms, INSIDE);
        self.foreign.clear();
        self.foreign.resize(atoms, 0);
        for atom in 0..atoms as u32 {
            let own = part_of[atom as usize];
            self.people[own as usize] += self.net.people[atom as usize];
            self.size[own as usize] += 1;
            let row = self.net.arcs(atom).iter();
            let foreign = row.filter(|arc| part_of[arc.0 as usize] != own).count();
            self.foreign[atom as usize] = foreign as u32;
            if foreign > 0 {
                self.enter(atom);
            }
        }
        self.cut = self.net.cut(part_of);
    }

    /// How many parts are out of the range, and by how many people together.
    pub(crate) fn people_out(&self) -> i64 {
        let out = |p: &i64| (self.net.low - p).max(p - self.net.high).max(0);
        self.people.iter().map(out).sum()
    }

    /// Moves one atom to another part. O(degree).
    pub(crate) fn shift(&mut self, atom: u32, to: u32) {
        let from = self.part_of[atom as usize];
        let people = self.net.people[atom as usize];
        self.people[from as usize] -= people;
        self.people[to as usize] += people;
        self.size[from as usize] -= 1;
        self.size[to as usize] += 1;
        self.part_of[atom as usize] = to;
        let net = self.net;
        for &(other, price) in net.arcs(atom) {
            let part = self.part_of[other as usize];
            if part == from {
                self.cut += price;
                self.foreign[atom as usize] += 1;
                self.foreign[other as usize] += 1;
                if self.foreign[other as usize] == 1 {
                    self.enter(other);
                }
            } else if part == to {
                self.cut -= price;
                self.foreign[atom as usize] -= 1;
                self.foreign[other as usize] -= 1;
                if self.foreign[other as usize] == 0 {
                    self.leave(other);
                }
            }
        }
        let listed = self.place[atom as usize] != INSIDE;
        match (self.foreign[atom as usize] > 0, listed) {
            (true, false) => self.enter(atom),
            (false, true) => self.leave(atom),
            _ => {}
        }
    }

    fn enter(&mut self, atom: u32) {
        self.place[atom as usize] = self.border.len() as u32;
        self.border.push(atom);
    }

    fn leave(&mut self, atom: u32) {
        let slot = self.place[atom as usize] as usize;
        self.border.swap_remove(slot);
        if let Some(&moved) = self.border.get(slot) {
            self.place[moved as usize] = slot as u32;
        }
        self.place[atom as usize] = INSIDE;
    }
}
