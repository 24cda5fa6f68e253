//! A division that can be changed one atom at a time, with what each change would cost.

use super::costs::Costs;
use super::joints::Joints;
use super::rings::Rings;
use crate::districting::instance::Instance;

/// Most parts a [`State`] keeps, one bit each.
pub(crate) const PARTS_MAX: usize = 64;

/// Members of a part among which its centre after one more move is looked for. One atom moves the
/// centroid little, so that more of them change hardly a choice.
const LIKELY: usize = 3;

/// A sum that no part reaches, with room to add what one atom costs.
const NEVER: i64 = 1 << 62;

/// A move that a part may gain by: an atom beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Offer {
    pub(crate) atom: u32,
    /// What the part's value changes by when the atom joins.
    pub(crate) cost: i64,
    /// What its distance out of the range changes by.
    pub(crate) out: i64,
}

/// What an atom's part changes by when the atom leaves: its value and its distance out of the range.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Loss {
    pub(crate) cost: i64,
    pub(crate) out: i64,
}

/// A division with what every single move along its borders would cost.
///
/// Every part is in one piece and never empty; people may be out of range. A shift costs O(part ·
/// degree) and changes what is kept of its two parts alone.
pub(crate) struct State<'a> {
    pub(crate) instance: &'a Instance,
    costs: &'a Costs,
    pub(crate) part_of: Vec<u32>,
    members: Vec<Vec<u32>>,
    /// Where each atom stands among the members of its part.
    place: Vec<u32>,
    pub(crate) people: Vec<i64>,
    /// Cost of each part from its best member.
    value: Vec<i64>,
    /// For each atom: the cost of its part from there.
    about: Vec<i64>,
    /// The cheapest members of each part to serve it from: one of them is best after one move too.
    likely: Vec<[(i64, u32); LIKELY]>,
    /// Neighbours of each atom in each part: n × k.
    touching: Vec<u16>,
    /// The neighbours of each atom in its own part, as bits over its row; those beyond a word left out.
    open: Vec<u64>,
    /// Whether the ring around an atom tells that its part does without it.
    free: Vec<bool>,
    /// The atoms beside each part, in no order, and where each stands there: n × k.
    pub(crate) offers: Vec<Vec<Offer>>,
    offered: Vec<u32>,
    /// The parts each atom is beside.
    exposed: Vec<u8>,
    pub(crate) losses: Vec<Loss>,
    /// When each part was last changed, by a clock that no two changes share.
    changes: Vec<u32>,
    clock: u32,
    rings: Rings,
    joints: Joints,
}

impl<'a> State<'a> {
    /// Memory for divisions of a territory; holds none before the first [`Self::reset`].
    pub(crate) fn new(instance: &'a Instance, costs: &'a Costs) -> Self {
        let (n, k) = (instance.len(), instance.parts as usize);
        assert!(k <= PARTS_MAX, "one bit a part");
        Self {
            instance,
            costs,
            part_of: vec![0; n],
            members: vec![Vec::new(); k],
            place: vec![0; n],
            people: vec![0; k],
            value: vec![0; k],
            about: vec![0; n],
            likely: vec![[(NEVER, 0); LIKELY]; k],
            touching: vec![0; n * k],
            open: vec![0; n],
            free: vec![false; n],
            offers: vec![Vec::new(); k],
            offered: vec![0; n * k],
            exposed: vec![0; n],
            losses: vec![Loss::default(); n],
            changes: vec![0; k],
            clock: 0,
            rings: Rings::of(&instance.graph),
            joints: Joints::new(n, k),
        }
    }

    /// Takes a division whose parts are connected. O(Σ part²).
    pub(crate) fn reset(&mut self, part_of: &[u32]) {
        let k = self.members.len();
        self.part_of.copy_from_slice(part_of);
        self.members.iter_mut().for_each(Vec::clear);
        self.people.fill(0);
        self.touching.fill(0);
        self.exposed.fill(0);
        self.offers.iter_mut().for_each(Vec::clear);
        for (atom, &part) in (0u32..).zip(part_of) {
            self.place[atom as usize] = self.members[part as usize].len() as u32;
            self.members[part as usize].push(atom);
            self.people[part as usize] += self.instance.people[atom as usize];
            let mut open = 0;
            for (i, &other) in self.instance.graph.neighbours(atom).iter().enumerate() {
                let beside = part_of[other as usize];
                let touching = &mut self.touching[atom as usize * k + beside as usize];
                *touching += 1;
                if beside == part {
                    open |= self.rings.bit(i);
                } else if *touching == 1 {
                    self.list(atom, beside as usize);
                }
            }
            self.open[atom as usize] = open;
            self.free[atom as usize] = self.rings.joined(atom, open);
        }
        self.about.fill(0);
        for part in 0..k {
            for &served in &self.members[part] {
                let row = self.costs.row(served);
                self.members[part].iter().for_each(|&m| self.about[m as usize] += row[m as usize]);
            }
            self.settle(part);
        }
        (0..k).for_each(|part| self.price(part));
        debug_assert_eq!(self.instance.judge(part_of).disconnected, 0, "a division to start from is whole");
    }

    /// How far a number of people is out of the range.
    pub(crate) fn excess(&self, people: i64) -> i64 {
        (self.instance.low - people).max(people - self.instance.high).max(0)
    }

    /// Total distance out of the range.
    pub(crate) fn out(&self) -> i64 {
        self.people.iter().map(|&people| self.excess(people)).sum()
    }

    pub(crate) fn total(&self) -> i64 {
        self.value.iter().sum()
    }

    /// Whether the ring around an atom tells that its part does without it.
    pub(crate) fn is_free(&self, atom: u32) -> bool {
        self.free[atom as usize]
    }

    /// Whether the part of an atom stays in one piece, and is not emptied, when the atom leaves.
    pub(crate) fn can_leave(&mut self, atom: u32) -> bool {
        let part = self.part_of[atom as usize];
        let (members, changes) = (&self.members[part as usize], self.changes[part as usize]);
        let graph = &self.instance.graph;
        self.free[atom as usize]
            || members.len() > 1 && !self.joints.holds(graph, &self.part_of, members, atom, changes)
    }

    /// Moves an atom that may leave its part to a part beside it.
    pub(crate) fn shift(&mut self, atom: u32, to: u32) {
        let from = std::mem::replace(&mut self.part_of[atom as usize], to);
        let people = self.instance.people[atom as usize];
        self.people[from as usize] -= people;
        self.people[to as usize] += people;
        self.carry(atom, from as usize, to as usize);
        self.look_around(atom, from, to);
        self.settle(from as usize);
        self.settle(to as usize);
        self.price(from as usize);
        self.price(to as usize);
        debug_assert_eq!(self.instance.judge(&self.part_of).disconnected, 0, "a move broke a part");
    }

    /// Carries an atom from the members of one part to those of another, with their sums.
    fn carry(&mut self, atom: u32, from: usize, to: usize) {
        let row = self.costs.row(atom);
        let place = self.place[atom as usize] as usize;
        self.members[from].swap_remove(place);
        if let Some(&moved) = self.members[from].get(place) {
            self.place[moved as usize] = place as u32;
        }
        self.members[from].iter().for_each(|&m| self.about[m as usize] -= row[m as usize]);
        self.members[to].iter().for_each(|&m| self.about[m as usize] += row[m as usize]);
        self.place[atom as usize] = self.members[to].len() as u32;
        self.members[to].push(atom);
        self.about[atom as usize] = self.from(atom, to);
    }

    /// The cost of a part from one of its members.
    fn from(&self, centre: u32, part: usize) -> i64 {
        self.members[part].iter().map(|&served| self.costs.of_pair(served, centre)).sum()
    }

    /// Brings up to date what the neighbours of an atom see, which has gone from one part to another.
    fn look_around(&mut self, atom: u32, from: u32, to: u32) {
        let k = self.members.len();
        let instance = self.instance;
        let mut open = 0;
        for (i, &other) in instance.graph.neighbours(atom).iter().enumerate() {
            let row = &mut self.touching[other as usize * k..(other as usize + 1) * k];
            row[from as usize] -= 1;
            row[to as usize] += 1;
            let (row_from, row_to) = (row[from as usize], row[to as usize]);
            let part = self.part_of[other as usize];
            if part == from || part == to {
                self.open[other as usize] ^= self.rings.mirrored(atom, i);
                self.free[other as usize] = self.rings.joined(other, self.open[other as usize]);
                open |= self.rings.bit(i) * u64::from(part == to);
            }
            if row_from == 0 && part != from {
                self.unlist(other, from as usize);
            }
            if row_to == 1 && part != to {
                self.list(other, to as usize);
            }
        }
        self.open[atom as usize] = open;
        self.free[atom as usize] = self.rings.joined(atom, open);
        self.unlist(atom, to as usize);
        if self.touching[atom as usize * k + from as usize] > 0 {
            self.list(atom, from as usize);
        }
    }

    /// Puts an atom on the list of those beside a part.
    fn list(&mut self, atom: u32, part: usize) {
        let offers = &mut self.offers[part];
        self.offered[atom as usize * self.members.len() + part] = offers.len() as u32;
        self.exposed[atom as usize] += 1;
        offers.push(Offer { atom, cost: 0, out: 0 });
    }

    /// Takes an atom off the list of those beside a part.
    fn unlist(&mut self, atom: u32, part: usize) {
        let k = self.members.len();
        let place = self.offered[atom as usize * k + part];
        self.exposed[atom as usize] -= 1;
        self.offers[part].swap_remove(place as usize);
        if let Some(moved) = self.offers[part].get(place as usize) {
            self.offered[moved.atom as usize * k + part] = place;
        }
    }

    /// Brings a changed part's value and likely centres up to date.
    fn settle(&mut self, part: usize) {
        let mut likely = [(NEVER, 0); LIKELY];
        for &centre in &self.members[part] {
            let mut next = (self.about[centre as usize], centre);
            if next.0 < likely[LIKELY - 1].0 {
                for kept in &mut likely {
                    if next.0 < kept.0 {
                        std::mem::swap(kept, &mut next);
                    }
                }
            }
        }
        self.value[part] = likely[0].0;
        self.likely[part] = likely;
        self.clock += 1;
        self.changes[part] = self.clock;
    }

    /// Brings up to date what leaving and joining a changed part costs.
    fn price(&mut self, part: usize) {
        let (value, people) = (self.value[part], self.people[part]);
        let out = self.excess(people);
        let likely = self.likely[part];
        for &atom in self.members[part].iter().filter(|a| self.exposed[**a as usize] > 0) {
            let row = self.costs.row(atom);
            let mut best = i64::MAX;
            for (sum, centre) in likely {
                // A choice without a branch: which of them is smaller cannot be foretold.
                let cost = if centre == atom { NEVER } else { sum - row[centre as usize] };
                best = best.min(cost);
            }
            let more = self.excess(people - self.instance.people[atom as usize]) - out;
            self.losses[atom as usize] = Loss { cost: best - value, out: more };
        }
        let mut offers = std::mem::take(&mut self.offers[part]);
        for offer in &mut offers {
            let row = self.costs.row(offer.atom);
            let mut best = i64::MAX;
            for (sum, centre) in likely {
                best = best.min(sum + row[centre as usize]);
            }
            offer.cost = best - value;
            offer.out = self.excess(people + self.instance.people[offer.atom as usize]) - out;
        }
        self.offers[part] = offers;
    }
}

#[cfg(test)]
mod tests;
