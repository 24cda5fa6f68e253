//! Dual prices from the linear relaxation of the choice, by column generation.
//!
//! Parts priced so far make a linear program ([`master`]); its prices, kept near those of the best
//! bound so far (the box of Marsten and others 1975), tell what to price next ([`converge`]). Cuts on
//! three atoms tighten it ([`cuts`]), and where that ends it says what to branch on ([`pair`]).

mod converge;
mod cuts;
mod master;
mod pair;

use std::collections::{BTreeSet, HashSet};

use super::bound::Dual;
use super::classes::Classes;
use super::sets::Sets;
use super::triples::Triple;
use master::Master;

/// Atoms up to which the inverse of a program is worth keeping in full.
pub(crate) const ATOMS_MAX: usize = 500;

/// How far the price of an atom may go from the best one so far at first, in mean prices of atoms.
const BOX: f64 = 1.0;

/// What a part too few costs, in all parts together.
const DEAR: f64 = 4.0;

/// Where parts come from.
pub(crate) trait Source {
    /// The classes of the parts.
    fn classes(&self) -> &Classes;

    /// Looks in every class that could have one of the cheapest parts at `prices`, or one below `counts`,
    /// for so many nodes, and puts parts met `into`; the bound, and whether no search was given up.
    fn price_all(
        &mut self,
        prices: &[i64],
        counts: &[i64],
        dual: &mut Dual,
        nodes: u64,
        into: &mut Vec<(u32, Vec<u32>)>,
    ) -> (i64, bool);
}

/// The relaxation over the parts met so far.
pub(crate) struct Linear {
    master: Master,
    sets: Sets,
    class_of: Vec<u32>,
    seen: BTreeSet<(u32, Vec<u32>)>,
    cuts: Vec<[u32; 3]>,
    /// The usual cost of a part, which is one in the program.
    unit: f64,
    /// How far prices may go from the best so far.
    reach: f64,
    atoms: usize,
    /// Rows that count parts: one, or one for each family.
    counting: usize,
    parts: usize,
    work: u64,
}

impl Linear {
    /// The program over the `first` parts, each with its class, with cuts.
    pub(crate) fn new(
        classes: &Classes,
        first: Vec<(u32, Vec<u32>)>,
        dual: &Dual,
        triples: &[Triple],
    ) -> Self {
        let (atoms, parts) = (classes.atoms, classes.chosen);
        let counting = if classes.families() == parts { parts } else { 1 };
        let mut sides = vec![1.0; atoms + counting];
        if counting == 1 {
            sides[atoms] = parts as f64;
        }
        let anything = (f64::NEG_INFINITY, DEAR * parts as f64);
        let mut linear = Self {
            master: Master::new(&sides, vec![anything; sides.len()]),
            sets: Sets::new(atoms),
            class_of: Vec::new(),
            seen: BTreeSet::new(),
            cuts: Vec::new(),
            unit: (dual.limit as f64 / parts as f64).max(1.0),
            reach: BOX * parts as f64 / atoms.max(1) as f64,
            atoms,
            counting,
            parts,
            work: 0,
        };
        linear.recentre(&dual.prices);
        for (class, mut atoms) in first {
            atoms.sort_unstable();
            linear.add(classes, class, atoms);
        }
        triples.iter().for_each(|triple| linear.cut(triple.atoms));
        linear
    }

    /// Keeps prices within reach of these.
    fn recentre(&mut self, prices: &[i64]) {
        let about = |price: &i64| {
            let price = *price as f64 / self.unit;
            (price - self.reach, price + self.reach)
        };
        let mut range: Vec<(f64, f64)> = prices.iter().map(about).collect();
        range.resize(self.atoms + self.counting, (f64::NEG_INFINITY, DEAR * self.parts as f64));
        self.master.set_range(range);
    }

    /// Adds a part of ascending atoms; false if it was there.
    fn add(&mut self, classes: &Classes, class: u32, atoms: Vec<u32>) -> bool {
        if self.seen.contains(&(class, atoms.clone())) {
            return false;
        }
        let row = classes.row(class as usize);
        let cost: i64 = atoms.iter().map(|&a| row[a as usize]).sum();
        let family = if self.counting == 1 { 0 } else { classes.family[class as usize] as usize };
        let set = self.sets.len();
        self.sets.push(&atoms, cost);
        let holds = |cut: &[u32; 3]| cut.iter().filter(|a| self.sets.holds(set, **a)).count() > 1;
        let first = self.atoms + self.counting;
        let cuts = self.cuts.iter().enumerate().filter(|(_, cut)| holds(cut)).map(|(at, _)| first + at);
        let rows = atoms.iter().map(|&a| a as usize).chain([self.atoms + family]).chain(cuts);
        self.master.add(cost as f64 / self.unit, rows.map(|row| row as u16));
        self.class_of.push(class);
        self.seen.insert((class, atoms))
    }

    fn cut(&mut self, cut: [u32; 3]) {
        let sets = &self.sets;
        self.master.cut(1.0, |set| cut.iter().filter(|a| sets.holds(set, **a)).count() > 1);
        self.cuts.push(cut);
    }

    /// Drops what can no longer matter: parts too dear, and cuts that bind neither here nor at the
    /// best bound.
    pub(crate) fn purge(&mut self, dual: &Dual) {
        let room = (dual.limit - dual.bound).max(0) as f64 / self.unit + 1e-6;
        let priced = |at: usize| dual.triples.iter().any(|t| t.half > 0 && t.atoms == self.cuts[at]);
        let (columns, cuts) = self.master.purge(|reduced| reduced < room, priced);
        let mut sets = Sets::new(self.atoms);
        let mut class_of = Vec::new();
        for set in (0..columns.len()).filter(|&set| columns[set]) {
            sets.push_bits(self.sets.of(set), self.sets.weights[set]);
            class_of.push(self.class_of[set]);
        }
        (self.sets, self.class_of) = (sets, class_of);
        let mut kept = cuts.into_iter();
        self.cuts.retain(|_| kept.next().unwrap_or(true));
        self.seen = self.parts().collect();
    }

    /// Makes parts that are not among these too dear to be taken.
    pub(crate) fn forbid_all_but(&mut self, held: &HashSet<(u32, &[u64])>) {
        let (sets, class_of) = (&self.sets, &self.class_of);
        self.master.punish(DEAR * self.parts as f64, |set| !held.contains(&(class_of[set], sets.of(set))));
    }

    /// The parts of the program, each with its class.
    pub(crate) fn parts(&self) -> impl Iterator<Item = (u32, Vec<u32>)> + '_ {
        (0..self.sets.len()).map(|set| (self.class_of[set], self.sets.atoms(set).collect()))
    }

    /// Work since it was last asked for.
    pub(crate) fn work(&mut self) -> u64 {
        std::mem::take(&mut self.work)
    }
}
