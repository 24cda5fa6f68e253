//! The cheapest part of a class: connected, its people in the range, its root inside.
//!
//! Depth-first branch and bound. A node's bound is the fractional knapsack over the atoms that can
//! still be reached (Dantzig 1957), in whole numbers rounded down. A knapsack that falls into
//! pieces is branched on an atom that could join them, a fractional one on its fractional atom.

mod knapsack;
pub(crate) mod listing;
mod mask;
mod search;

use super::triples::{Ledger, Triple};
use crate::districting::instance::Instance;
use mask::{Mask, Web};
use search::Node;

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

/// Of an atom that is not of the class.
const NOWHERE: u16 = u16::MAX;

/// Atoms that go into one machine word.
const NARROW: usize = 128;

/// Buffers, reused from query to query.
pub(crate) struct Pricing<'a> {
    instance: &'a Instance,
    /// For each atom those that may not be in the same part.
    rivals: &'a [Vec<u32>],
    /// The atoms that can be in a part of the class, by weight for each inhabitant, cheapest first,
    /// the root before all.
    atoms: Vec<u32>,
    /// The place of each atom among these.
    slots: Vec<u16>,
    /// People of these.
    folk: Vec<i64>,
    /// All of these with their weight for each inhabitant, cheapest first: cuts change what they weigh.
    order: Vec<(f64, u16)>,
    /// Where each of these is in that order.
    places: Vec<u16>,
    seen: Vec<bool>,
    /// Parts met on the way to the best one, each better than those before.
    pub(crate) met: Vec<Vec<u32>>,
    /// Atoms of the best part found.
    pub(crate) best: Vec<u32>,
    best_weight: i64,
    people_in: i64,
    weight_in: i64,
    nodes: u64,
    /// Lowest bound of a node given up.
    given_up: i64,
    /// Atoms beside the nodes of a listing, each with its place among the partners.
    watched: Vec<(u32, u32)>,
    /// What is in at such a node.
    inside: Vec<u32>,
    /// The atoms watched there: what each costs elsewhere, and its place.
    dear: Vec<(i64, u32, u32)>,
    looks: u64,
    /// The weights, and the cuts that parts pay for.
    pub(crate) cuts: Ledger,
}

/// A fractional knapsack.
struct Relaxed<M> {
    bound: i64,
    /// The best of the bounds met on the way.
    least: i64,
    /// The slot taken in part, with which the range is just met.
    fractional: Option<usize>,
    /// The slot whose weight an inhabitant pays at the margin, if the range binds.
    critical: Option<usize>,
    /// What is taken whole.
    chosen: M,
}

/// What the relaxation of a class says before any search.
pub(crate) struct Glance {
    /// No part of the class weighs less.
    pub(crate) bound: i64,
    /// Atoms of the fractional knapsack, with the fractional one.
    pub(crate) chosen: Vec<u32>,
    /// The atom whose weight an inhabitant pays at the margin, if the range binds.
    pub(crate) critical: Option<u32>,
}

/// Runs `$then` on what `$setup` makes of the class that is open, in masks of a width that suits it.
macro_rules! wide {
    ($pricing:ident, $setup:ident, $query:ident, |$one:ident, $other:ident| $then:expr) => {
        match $pricing.atoms.len() {
            0..=64 => {
                let ($one, $other) = $pricing.$setup::<u64>($query);
                $then
            }
            65..=NARROW => {
                let ($one, $other) = $pricing.$setup::<u128>($query);
                $then
            }
            _ => {
                let ($one, $other) = $pricing.$setup::<Vec<u64>>($query);
                $then
            }
        }
    };
}
use wide;

impl<'a> Pricing<'a> {
    pub(crate) fn new(instance: &'a Instance, rivals: &'a [Vec<u32>]) -> Self {
        let n = instance.len();
        Self {
            instance,
            rivals,
            atoms: Vec::with_capacity(n),
            slots: vec![NOWHERE; n],
            folk: Vec::with_capacity(n),
            order: Vec::with_capacity(n),
            places: Vec::with_capacity(n),
            seen: vec![false; n],
            met: Vec::new(),
            best: Vec::new(),
            best_weight: 0,
            people_in: 0,
            weight_in: 0,
            nodes: 0,
            given_up: 0,
            watched: Vec::new(),
            inside: Vec::new(),
            dear: Vec::new(),
            looks: 0,
            cuts: Ledger::new(n),
        }
    }

    /// Cuts that the parts of all further queries pay for.
    pub(crate) fn set_triples(&mut self, triples: &[Triple]) {
        self.cuts.set(triples);
    }

    fn slot(&self, atom: u32) -> Option<usize> {
        Some(self.slots[atom as usize]).filter(|slot| *slot != NOWHERE).map(usize::from)
    }

    fn atoms_of<M: Mask>(&self, slots: &M) -> Vec<u32> {
        let mut left = slots.clone();
        std::iter::from_fn(|| left.pop()).map(|slot| self.atoms[slot]).collect()
    }

    /// Sets the class up: its atoms, those that the root can reach if there is one.
    fn open(&mut self, query: &Query<'_>) {
        let people = &self.instance.people;
        let fits = |a: u32| query.allowed[a as usize] && people[a as usize] <= self.instance.high;
        self.atoms.clear();
        if let Some(root) = query.root {
            self.seen.fill(false);
            self.seen[root as usize] = true;
            self.atoms.push(root);
            let mut head = 0;
            while head < self.atoms.len() {
                for &next in self.instance.graph.neighbours(self.atoms[head]) {
                    if !self.seen[next as usize] && fits(next) {
                        self.seen[next as usize] = true;
                        self.atoms.push(next);
                    }
                }
                head += 1;
            }
        } else {
            self.atoms.extend((0..people.len() as u32).filter(|a| fits(*a)));
        }
        self.slots.fill(NOWHERE);
        self.atoms.iter().for_each(|&a| self.slots[a as usize] = 0);
        self.cuts.reset(query.weights);
        if !self.cuts.is_empty() {
            let outside = (0..people.len()).filter(|&a| self.slots[a] == NOWHERE);
            outside.for_each(|a| self.cuts.evict(a as u32));
            self.cuts.settle();
        }
        self.cuts.calm();
        self.sort(query);
        (self.people_in, self.weight_in) = (0, 0);
        (self.nodes, self.given_up, self.best_weight) = (0, i64::MAX, query.below);
        self.best.clear();
        self.met.clear();
    }

    /// Numbers the atoms of the class: the root, then the rest by weight for each inhabitant.
    fn sort(&mut self, query: &Query<'_>) {
        let people = &self.instance.people;
        let weights = &self.cuts.weights;
        let key = |atom: u32| match (people[atom as usize], weights[atom as usize]) {
            _ if query.root == Some(atom) => f64::NEG_INFINITY,
            (0, ..0) => f64::NEG_INFINITY,
            (0, _) => f64::INFINITY,
            (people, weight) => weight as f64 / people as f64,
        };
        let first = |atom: u32| query.root != Some(atom);
        let mut keyed: Vec<(f64, bool, u32)> = self.atoms.iter().map(|&a| (key(a), first(a), a)).collect();
        keyed.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        self.atoms.clear();
        self.atoms.extend(keyed.iter().map(|key| key.2));
        self.folk.clear();
        self.folk.extend(self.atoms.iter().map(|&a| people[a as usize]));
        self.order.clear();
        self.order.extend(keyed.iter().map(|key| key.0).zip(0u16..));
        self.places.clear();
        self.places.extend(0..self.atoms.len() as u16);
        (0u16..).zip(&self.atoms).for_each(|(slot, &a)| self.slots[a as usize] = slot);
    }

    /// The first node of the class, its root taken if it has one, and whether that left some atoms behind.
    fn first<M: Mask>(&mut self, query: &Query<'_>) -> (Node<M>, bool) {
        let count = self.atoms.len();
        let mut node = Node { inside: M::none(count), open: M::all(count) };
        let Some(root) = query.root else { return (node, false) };
        let mut rivals = M::none(count);
        let rivals_of = self.rivals[root as usize].iter().filter_map(|&atom| self.slot(atom));
        rivals_of.for_each(|slot| rivals.put(slot));
        let slot = self.slot(root).unwrap_or_default();
        self.take(&rivals, &mut node, slot);
        (node, !rivals.is_empty())
    }

    /// The cuts that matter to the class, each with its atoms there.
    fn triples<M: Mask>(&self) -> Vec<(u32, M)> {
        let mask = |atoms: [u32; 3]| {
            let mut mask = M::none(self.atoms.len());
            atoms.into_iter().filter_map(|atom| self.slot(atom)).for_each(|slot| mask.put(slot));
            mask
        };
        self.cuts.active().map(|(at, atoms)| (at, mask(atoms))).collect()
    }

    /// Who is whose neighbour in the class, and its first node without what the root cannot reach.
    fn web<M: Mask>(&mut self, query: &Query<'_>) -> (Web<M>, Node<M>) {
        let of_class = |atoms: &'a [u32]| {
            let slots = &self.slots;
            atoms.iter().map(move |&a| slots[a as usize]).filter(|slot| *slot != NOWHERE)
        };
        let (graph, rivals) = (&self.instance.graph, self.rivals);
        let web = Web::new(
            self.atoms.len(),
            |slot| of_class(graph.neighbours(self.atoms[slot])),
            |slot| of_class(&rivals[self.atoms[slot] as usize]),
            self.triples(),
        );
        let (mut node, less) = self.first(query);
        if less {
            self.trim(&web, &mut node);
        }
        (web, node)
    }

    /// The fractional bound of a class, without search; `None` if it has no part at all. O(n log n).
    pub(crate) fn glance(&mut self, query: &Query<'_>) -> Option<Glance> {
        self.open(query);
        wide!(self, first, query, |node, _less| {
            let triples = self.triples();
            let relaxed = self.relax(&triples, &node.inside, &node.open)?;
            let mut chosen = relaxed.chosen;
            relaxed.fractional.into_iter().for_each(|slot| chosen.put(slot));
            let critical = relaxed.critical.map(|slot| self.atoms[slot]);
            Some(Glance { bound: relaxed.bound, chosen: self.atoms_of(&chosen), critical })
        })
    }

    /// The cheapest part below `query.below`.
    pub(crate) fn cheapest(&mut self, query: &Query<'_>) -> Priced {
        self.open(query);
        wide!(self, web, query, |web, node| self.search(&web, query, &node));
        Priced { bound: self.best_weight.min(self.given_up), nodes: self.nodes }
    }

    /// Whether the nodes of the last search were quick ones.
    pub(crate) fn quick(&self) -> bool {
        self.cuts.is_empty() && self.atoms.len() <= NARROW
    }

    /// Nodes of the last search.
    pub(crate) fn nodes(&self) -> u64 {
        self.nodes
    }
}
