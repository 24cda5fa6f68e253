//! The cheapest part of a class: connected, its people in the range, its root inside.
//!
//! Depth-first branch and bound. A node's bound is the fractional knapsack over the atoms that can
//! still be reached (Dantzig 1957), in whole numbers rounded down. A knapsack that falls into
//! pieces is branched on an atom that could join them, a fractional one on its fractional atom.

mod knapsack;
mod listing;

use super::triples::{Ledger, Triple};
use crate::districting::instance::Instance;

/// What is to be found for one class.
#[derive(Clone, Copy)]
pub(crate) struct Query<'q> {
    /// Cost of each atom less its dual price.
    pub(crate) weights: &'q [i64],
    /// Whether each atom may be in the part.
    pub(crate) allowed: &'q [bool],
    /// The atom that has to be in it.
    pub(crate) root: Option<u32>,
    /// Parts at this weight or above are of no interest.
    pub(crate) below: i64,
    /// Nodes after which the search is given up.
    pub(crate) nodes: u64,
}

/// What the search ended with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Priced {
    /// No part of the class weighs less; at most `below`.
    pub(crate) bound: i64,
    /// Nodes visited.
    pub(crate) nodes: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    In,
    Out,
}

/// Buffers, reused from query to query.
pub(crate) struct Pricing<'a> {
    instance: &'a Instance,
    /// For each atom those that may not be in the same part.
    rivals: &'a [Vec<u32>],
    fate: Vec<Fate>,
    /// Rivals put out when an atom was taken, to be put back with it.
    evicted: Vec<u32>,
    /// Allowed atoms by weight for each inhabitant, cheapest first.
    order: Vec<u32>,
    mark: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    parent: Vec<u32>,
    chosen: Vec<u32>,
    /// Parts met on the way to the best one, each better than those before.
    pub(crate) met: Vec<Vec<u32>>,
    /// Atoms of the best part found.
    pub(crate) best: Vec<u32>,
    best_weight: i64,
    people_in: i64,
    weight_in: i64,
    count_in: usize,
    nodes: u64,
    /// Lowest bound of a node given up.
    given_up: i64,
    /// Weight of each atom for each inhabitant.
    keys: Vec<f64>,
    /// The weights, and the cuts that parts pay for.
    pub(crate) cuts: Ledger,
}

/// A fractional knapsack.
struct Relaxed {
    bound: i64,
    /// The best of the bounds met on the way.
    least: i64,
    /// The atom taken in part, with which the range is just met.
    fractional: Option<u32>,
    /// The atom whose weight an inhabitant pays at the margin: the fractional one, or the last one
    /// taken only to fill the range.
    critical: Option<u32>,
}

/// What the relaxation of a class says before any search.
pub(crate) struct Glance<'p> {
    /// No part of the class weighs less.
    pub(crate) bound: i64,
    /// Atoms of the fractional knapsack, without the fractional one.
    pub(crate) chosen: &'p [u32],
    /// The fractional one.
    pub(crate) fractional: Option<u32>,
    /// The atom whose weight an inhabitant pays at the margin, if the range binds.
    pub(crate) critical: Option<u32>,
}

impl<'a> Pricing<'a> {
    pub(crate) fn new(instance: &'a Instance, rivals: &'a [Vec<u32>]) -> Self {
        let n = instance.len();
        Self {
            instance,
            rivals,
            fate: vec![Fate::Out; n],
            evicted: Vec::new(),
            order: Vec::with_capacity(n),
            mark: vec![0; n],
            round: 0,
            stack: Vec::new(),
            parent: vec![u32::MAX; n],
            chosen: Vec::new(),
            met: Vec::new(),
            best: Vec::new(),
            best_weight: 0,
            people_in: 0,
            weight_in: 0,
            count_in: 0,
            nodes: 0,
            given_up: 0,
            keys: vec![0.0; n],
            cuts: Ledger::new(n),
        }
    }

    /// Cuts that the parts of all further queries pay for.
    pub(crate) fn set_triples(&mut self, triples: &[Triple]) {
        self.cuts.set(triples);
    }

    /// Sets the class up; the bound of the root node.
    fn open(&mut self, query: &Query<'_>) {
        let people = &self.instance.people;
        self.order.clear();
        let fits = |a: &u32| query.allowed[*a as usize] && people[*a as usize] <= self.instance.high;
        self.order.extend((0..people.len() as u32).filter(fits));
        self.cuts.reset(query.weights);
        self.fate.fill(Fate::Out);
        self.order.iter().for_each(|&a| self.fate[a as usize] = Fate::Open);
        if !self.cuts.is_empty() {
            let shut = (0..self.fate.len()).filter(|&a| self.fate[a] == Fate::Out);
            shut.for_each(|a| self.cuts.evict(a as u32));
            self.cuts.settle();
        }
        (0..self.keys.len() as u32).for_each(|a| self.rekey(a));
        self.cuts.changed.clear();
        let keys = &self.keys;
        let earlier = |a: &u32, b: &u32| keys[*a as usize].total_cmp(&keys[*b as usize]).then(a.cmp(b));
        self.order.sort_unstable_by(earlier);
        (self.people_in, self.weight_in, self.count_in) = (0, 0, 0);
        (self.nodes, self.given_up, self.best_weight) = (0, i64::MAX, query.below);
        self.best.clear();
        self.met.clear();
        self.evicted.clear();
        if let Some(root) = query.root {
            self.take(root);
        }
    }

    /// Puts an atom in and its rivals out; gives the number of evicted so far, to undo it with.
    fn take(&mut self, atom: u32) -> usize {
        self.fate[atom as usize] = Fate::In;
        self.cuts.take(atom);
        self.people_in += self.instance.people[atom as usize];
        self.weight_in += self.cuts.base[atom as usize];
        self.count_in += 1;
        let before = self.evicted.len();
        for &rival in &self.rivals[atom as usize] {
            if self.fate[rival as usize] == Fate::Open {
                self.fate[rival as usize] = Fate::Out;
                self.cuts.evict(rival);
                self.evicted.push(rival);
            }
        }
        before
    }

    fn put_back(&mut self, atom: u32, before: usize) {
        self.fate[atom as usize] = Fate::Open;
        self.cuts.put_back(atom);
        self.people_in -= self.instance.people[atom as usize];
        self.weight_in -= self.cuts.base[atom as usize];
        self.count_in -= 1;
        self.restore(before);
    }

    /// An open atom chosen together with a rival.
    fn at_odds(&self) -> Option<u32> {
        let chosen = |&a: &u32| self.chosen.contains(&a);
        let odd = |&&a: &&u32| self.rivals[a as usize].iter().any(chosen);
        self.chosen.iter().filter(|&&a| self.fate[a as usize] == Fate::Open).find(odd).copied()
    }

    /// The fractional bound of a class, without search; `None` if it has no part at all. O(n log n).
    pub(crate) fn glance(&mut self, query: &Query<'_>) -> Option<Glance<'_>> {
        self.open(query);
        if !self.evict_unreached(query) {
            return None;
        }
        let Relaxed { bound, fractional, critical, .. } = self.relax()?;
        Some(Glance { bound, chosen: &self.chosen, fractional, critical })
    }

    /// The cheapest part below `query.below`.
    pub(crate) fn cheapest(&mut self, query: &Query<'_>) -> Priced {
        self.open(query);
        if self.evict_unreached(query) {
            self.search(query);
        }
        let bound = self.best_weight.min(self.given_up);
        Priced { bound, nodes: self.nodes }
    }

    /// The node as it stands; what cannot be reached has been put out.
    fn search(&mut self, query: &Query<'_>) {
        self.nodes += 1;
        let Some(relaxed) = self.relax() else { return };
        if relaxed.least >= self.best_weight {
            return;
        }
        if self.nodes >= query.nodes {
            self.given_up = self.given_up.min(relaxed.least);
            return;
        }
        let (branch, first) = match self.gap_in_chosen() {
            Some(atom) => (atom, Fate::Out),
            None => match relaxed.fractional.or_else(|| self.at_odds()) {
                Some(atom) => (atom, Fate::In),
                None => {
                    let (more, cut) = self.unpaid();
                    if relaxed.bound + more < self.best_weight {
                        self.best_weight = relaxed.bound + more;
                        if !self.best.is_empty() {
                            self.met.push(std::mem::take(&mut self.best));
                        }
                        self.best.extend_from_slice(&self.chosen);
                    }
                    let open = |a: &u32| self.fate[*a as usize] == Fate::Open;
                    match cut.and_then(|cut| cut.into_iter().find(open)) {
                        Some(atom) if relaxed.bound < self.best_weight => (atom, Fate::In),
                        _ => return,
                    }
                }
            },
        };
        for fate in [first, if first == Fate::In { Fate::Out } else { Fate::In }] {
            if fate == Fate::In {
                let before = self.take(branch);
                if self.still_meets(before, query) {
                    self.search(query);
                }
                self.put_back(branch, before);
            } else {
                let before = self.evicted.len();
                self.evict(branch);
                if self.evict_unreached(query) {
                    self.search(query);
                }
                self.restore(before);
            }
        }
    }

    /// After an atom was taken: a first atom decides what can be reached, and so do rivals put out.
    fn still_meets(&mut self, before: usize, query: &Query<'_>) -> bool {
        let changed = self.count_in == 1 || self.evicted.len() > before;
        !changed || self.evict_unreached(query)
    }

    /// What the chosen atoms pay for cuts beyond what is known for sure.
    fn unpaid(&mut self) -> (i64, Option<[u32; 3]>) {
        if self.cuts.is_empty() {
            return (0, None);
        }
        self.round += 1;
        self.chosen.iter().for_each(|&a| self.mark[a as usize] = self.round);
        self.cuts.unpaid(|a| self.mark[a as usize] == self.round)
    }

    fn evict(&mut self, atom: u32) {
        self.fate[atom as usize] = Fate::Out;
        self.cuts.evict(atom);
        self.evicted.push(atom);
    }

    fn restore(&mut self, before: usize) {
        for atom in self.evicted.drain(before..) {
            self.fate[atom as usize] = Fate::Open;
            self.cuts.restore(atom);
        }
    }

    /// Puts out what cannot be reached from the atoms taken; false if two of these cannot meet.
    fn evict_unreached(&mut self, query: &Query<'_>) -> bool {
        let start =
            query.root.or_else(|| self.order.iter().copied().find(|&a| self.fate[a as usize] == Fate::In));
        let Some(start) = start else { return true };
        self.round += 1;
        let round = self.round;
        self.stack.clear();
        self.stack.push(start);
        self.mark[start as usize] = round;
        let mut met = 1;
        while let Some(atom) = self.stack.pop() {
            for &next in self.instance.graph.neighbours(atom) {
                let fate = self.fate[next as usize];
                if fate != Fate::Out && self.mark[next as usize] != round {
                    self.mark[next as usize] = round;
                    met += usize::from(fate == Fate::In);
                    self.stack.push(next);
                }
            }
        }
        for i in 0..self.order.len() {
            let atom = self.order[i];
            if self.fate[atom as usize] == Fate::Open && self.mark[atom as usize] != round {
                self.evict(atom);
            }
        }
        met == self.count_in
    }

    /// If the chosen atoms are in pieces, an open atom next to the root's piece on a shortest way to
    /// another piece.
    fn gap_in_chosen(&mut self) -> Option<u32> {
        let &start =
            self.chosen.iter().find(|&&a| self.fate[a as usize] == Fate::In).or(self.chosen.first())?;
        self.round += 2;
        let (inside, reached) = (self.round - 1, self.round);
        for &atom in &self.chosen {
            self.mark[atom as usize] = inside;
        }
        self.stack.clear();
        self.stack.push(start);
        self.mark[start as usize] = reached;
        let mut head = 0;
        while head < self.stack.len() {
            let atom = self.stack[head];
            head += 1;
            for &next in self.instance.graph.neighbours(atom) {
                if self.mark[next as usize] == inside {
                    self.mark[next as usize] = reached;
                    self.stack.push(next);
                }
            }
        }
        (self.stack.len() < self.chosen.len()).then(|| self.way_out(inside, reached))
    }

    /// Breadth first from the piece in `stack` through open atoms to one marked `inside`.
    fn way_out(&mut self, inside: u32, reached: u32) -> u32 {
        let piece = self.stack.len();
        let mut head = 0;
        while head < self.stack.len() {
            let atom = self.stack[head];
            for &next in self.instance.graph.neighbours(atom) {
                let mark = self.mark[next as usize];
                if mark == inside {
                    return self.first_step(atom, head, piece);
                }
                if mark != reached && self.fate[next as usize] == Fate::Open {
                    self.mark[next as usize] = reached;
                    self.parent[next as usize] = if head < piece { u32::MAX } else { atom };
                    self.stack.push(next);
                }
            }
            head += 1;
        }
        // Pieces that cannot meet: then nothing is taken yet, and the start itself is open.
        debug_assert!(
            self.fate[self.stack[0] as usize] == Fate::Open,
            "what is taken can reach what is open"
        );
        self.stack[0]
    }

    fn first_step(&self, mut atom: u32, head: usize, piece: usize) -> u32 {
        debug_assert!(head >= piece, "neighbouring chosen atoms are in one piece");
        while self.parent[atom as usize] != u32::MAX {
            atom = self.parent[atom as usize];
        }
        atom
    }

    /// Nodes of the last search.
    pub(crate) fn nodes(&self) -> u64 {
        self.nodes
    }
}
