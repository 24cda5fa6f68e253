//! Prices of atoms by column generation, and the bound they give.

use std::collections::BTreeSet;

use super::bundle::{Bundle, Proposal};
use super::class::{Class, Query};
use super::local::Local;
use super::prices::Prices;
use super::{LARGEST, Priced};
use crate::districting::listed::Choice;
use crate::districting::proof::cover::Cover;
use crate::districting::proof::sets::Sets;

/// Nodes of one search for a part, at first and at most, and how much they grow.
const NODES_FIRST: u64 = 2;
const NODES_MOST: u64 = 512;
const GROWTH: u64 = 4;

/// Searches grow once they could close no more than this share of what is open.
const CLOSED: f64 = 0.1;

/// Rounds of small changes between two rounds of searches.
const HURRIED: u32 = 10;

/// Shares of what was hoped for that make a step good, and that make it worth a longer one.
const GOOD: f64 = 0.1;
const VERY_GOOD: f64 = 0.5;

/// Steps without gain before they are made shorter.
const PATIENCE: u32 = 2;

/// Cuts in all, in one round and with one atom there; and rounds in a row that may close less than a
/// worthwhile share of what is open.
const CUTS: usize = 100;
const CUTS_A_ROUND: usize = 15;
const SHARING: usize = 3;
const DULL: u32 = 3;
const WORTHWHILE: f64 = 0.03;

/// Parts kept for choosing at most, beside those that guide prices.
const KEPT: usize = 4000;

/// What may be left out of an atom for the relaxation to count as met, and the longest step.
const MET: f64 = 0.02;
const LONGEST: f64 = 4.0;

/// The step with which cuts are first weighed.
const AFRESH: f64 = 0.5;

/// A bound of a smaller share than this, when half the work is spent, will not get there.
const HOPELESS: f64 = 0.7;

/// The linear relaxation over the parts met so far.
pub(super) struct Relaxation<'a> {
    priced: &'a Priced<'a>,
    /// Only divisions cheaper than this matter; the one of that cost if it was found here.
    pub(super) known: i64,
    pub(super) better: Option<(i64, Vec<u32>)>,
    /// Nodes of a choice among the parts met.
    nodes_chosen: u64,
    bundle: Bundle,
    /// Parts met, whether the bundle has them, their costs and the atom each is served from.
    sets: Sets,
    seen: BTreeSet<Vec<u64>>,
    bundled: Vec<bool>,
    costs: Vec<i64>,
    centres: Vec<u32>,
    /// No division better than the known one costs less.
    pub(super) bound: i64,
    /// The prices that bound comes from, and the least weight of a part of each centre at them.
    pub(super) prices: Prices,
    pub(super) lowest: Vec<i64>,
    /// Centres that no better division has.
    dead: Vec<bool>,
    lambda: Vec<i64>,
    nodes: u64,
    /// Cuts added, and the bound before the last of them.
    cuts: usize,
    bound_before: i64,
    dull: u32,
}

/// What a round of searches came to.
struct Round {
    lowest: Vec<i64>,
    /// Parts cheaper than all before, and weights that no part was found for.
    fresh: usize,
    guesses: usize,
}

impl<'a> Relaxation<'a> {
    /// No part yet; `start` are prices to begin with, `nodes_chosen` limits the
    /// choice among parts met.
    pub(super) fn new(priced: &'a Priced<'a>, known: i64, start: Vec<i64>, nodes_chosen: u64) -> Self {
        let n = priced.instance.len();
        Self {
            priced,
            known,
            better: None,
            nodes_chosen,
            bundle: Bundle::new(n, priced.instance.parts, known),
            sets: Sets::new(n),
            seen: BTreeSet::new(),
            bundled: Vec::new(),
            costs: Vec::new(),
            centres: Vec::new(),
            bound: i64::MIN,
            prices: Prices { of_atoms: start, triples: Vec::new() },
            lowest: vec![LARGEST; n],
            dead: vec![false; n],
            lambda: vec![0; n],
            nodes: NODES_FIRST,
            cuts: 0,
            bound_before: i64::MIN,
            dull: 0,
        }
    }

    /// A part of the known division served from `centre`, with its exact price.
    pub(super) fn add(&mut self, atoms: &[u32], cost: i64, centre: u32) {
        self.guide(atoms, cost);
        self.keep(atoms, cost, centre, true);
    }

    /// Remembers a part; false if it was known.
    fn keep(&mut self, atoms: &[u32], cost: i64, centre: u32, is_bundled: bool) -> bool {
        self.sets.push(atoms, 0);
        let last = self.sets.len() - 1;
        if !self.seen.insert(self.sets.of(last).to_vec()) {
            self.sets.pop();
            return false;
        }
        self.costs.push(cost);
        self.centres.push(centre);
        self.bundled.push(is_bundled);
        true
    }

    /// Atoms with a price that guide the prices of atoms and are never chosen.
    pub(super) fn guide(&mut self, atoms: &[u32], cost: i64) {
        self.bundle.add(atoms, cost);
    }

    /// Parts of each centre that weigh this or more at the best prices are in no better division, whose
    /// parts have as many different centres; `None` before there is a bound.
    pub(super) fn rooms(&self) -> Option<Vec<i64>> {
        let parts = self.priced.instance.parts as usize;
        if self.bound == i64::MIN {
            return None;
        }
        let mut order = self.lowest.clone();
        order.sort_unstable();
        let last = *order.get(parts.checked_sub(1)?)?;
        let room = self.known.saturating_sub(sum_of_least(&self.prices, &order, parts));
        Some(self.lowest.iter().map(|&own| own.min(last).saturating_add(room)).collect())
    }

    /// Asks for parts until the bound is so `near` the relaxation, as a share of the known cost, or `work`
    /// is spent, of which what is left stays; false then.
    pub(super) fn settle(
        &mut self,
        price: &mut impl FnMut(&[u32]) -> i64,
        near: f64,
        work: &mut u64,
    ) -> bool {
        let mut class = Class::new(self.priced);
        class.work = *work;
        let settled = self.improve(price, near, &mut class);
        *work = class.work;
        settled
    }

    fn improve(&mut self, price: &mut impl FnMut(&[u32]) -> i64, near: f64, class: &mut Class<'_>) -> bool {
        let parts = self.priced.instance.parts as usize;
        let mut local = Local::new(self.priced);
        let goal = near * self.known as f64;
        let half = class.work / 2;
        let (mut idle, mut hurried) = (0, 0);
        while class.work > 0 {
            let asked = self.bundle.propose(&self.prices);
            class.work = class.work.saturating_sub(std::mem::take(&mut self.bundle.work));
            let hoped = asked.hoped.saturating_sub(self.bound) as f64;
            let open = self.known.saturating_sub(self.bound) as f64;
            if class.work < half && (self.bound as f64) < HOPELESS * self.known as f64 {
                return false;
            }
            let is_done = hoped <= goal.max(CLOSED * open) || self.bundle.is_full();
            if self.nodes < NODES_MOST && is_done && self.bundle.forget() {
                self.nodes = (GROWTH * self.nodes).min(NODES_MOST);
                idle = 0;
                continue;
            }
            if hoped <= goal {
                if asked.missing < MET || self.bundle.guesses() || self.bundle.step > LONGEST {
                    if self.tighten(near) {
                        continue;
                    }
                    return true;
                }
                self.bundle.step *= 4.0;
                continue;
            }
            if hurried < HURRIED && self.hurry(price, &asked, &mut local, class) {
                hurried += 1;
                continue;
            }
            hurried = 0;
            let round = self.search(price, &asked, class);
            let mut order = round.lowest.clone();
            order.sort_unstable();
            let bound = sum_of_least(&asked.prices, &order, parts);
            let last = order.get(parts.saturating_sub(1)).copied().unwrap_or(LARGEST);
            // A centre dearer than the room beside the cheapest others is in no better division.
            let room = self.known.saturating_sub(bound);
            for (dead, &lowest) in self.dead.iter_mut().zip(&round.lowest) {
                *dead |= lowest >= last.saturating_add(room);
            }
            let gained = bound.saturating_sub(self.bound) as f64;
            if gained > 0.0 {
                (self.bound, self.prices, self.lowest) = (bound, asked.prices, round.lowest);
            }
            if self.bound >= self.known {
                self.bound = self.known;
                return true;
            }
            if gained > GOOD * hoped {
                idle = 0;
                self.bundle.step *= if gained > VERY_GOOD * hoped { 1.5 } else { 1.0 };
            } else if round.fresh + round.guesses > 0 {
                idle += 1;
                self.bundle.step *= if idle > PATIENCE { 0.7 } else { 1.0 };
            } else if self.nodes >= NODES_MOST {
                if !self.tighten(near) {
                    return true;
                }
            } else {
                self.nodes *= 2;
            }
        }
        false
    }

    /// Searches every centre for parts cheaper than all met so far.
    fn search(
        &mut self,
        price: &mut impl FnMut(&[u32]) -> i64,
        asked: &Proposal,
        class: &mut Class<'_>,
    ) -> Round {
        let n = self.priced.instance.len();
        let keep = asked.least.saturating_add(self.known.saturating_sub(asked.hoped).max(0));
        let mut round = Round { lowest: vec![LARGEST; n], fresh: 0, guesses: 0 };
        for root in (0..n).filter(|&root| !self.dead[root]).collect::<Vec<_>>() {
            let query = Query { prices: &asked.prices, root: root as u32, below: asked.least, keep };
            round.lowest[root] = class.cheapest(&query, self.nodes, &mut self.lambda[root]);
            for atoms in std::mem::take(&mut class.met) {
                round.fresh += usize::from(self.meet(price, asked, &atoms, root as u32));
            }
            if let Some((weight, holds)) = class.guess.take().filter(|guess| guess.0 < asked.least) {
                self.bundle.guess(holds, weight, &asked.prices);
                round.guesses += 1;
            }
        }
        round
    }

    /// Looks for parts cheaper than all of the bundle among those met and by small changes of the
    /// cheapest of each centre; whether there were any.
    fn hurry(
        &mut self,
        price: &mut impl FnMut(&[u32]) -> i64,
        asked: &Proposal,
        local: &mut Local<'_>,
        class: &mut Class<'_>,
    ) -> bool {
        let mut starts: Vec<Option<(i64, usize)>> = vec![None; self.priced.instance.len()];
        for (set, &cost) in self.costs.iter().enumerate() {
            let mut weight = asked.prices.plain(cost, self.sets.atoms(set));
            let start = &mut starts[self.centres[set] as usize];
            if start.is_none_or(|held| (weight, set) < held) {
                weight += asked.prices.paid(|atom| self.sets.holds(set, atom));
            }
            if start.is_none_or(|held| (weight, set) < held) {
                *start = Some((weight, set));
            }
        }
        class.work = class.work.saturating_sub(4 * self.costs.len() as u64);
        let mut any = false;
        for (root, (weight, set)) in (0u32..).zip(starts).filter_map(|(root, start)| Some((root, start?))) {
            let start: Vec<u32> = self.sets.atoms(set).collect();
            if weight < asked.least && !self.bundled[set] {
                self.bundle.add(&start, self.costs[set]);
                self.bundled[set] = true;
                any = true;
            }
            let atoms = local.descend(&asked.prices.of_atoms, root, &start);
            if atoms != start && class.is_part(&atoms) {
                any |= self.meet(price, asked, &atoms, class.centre_of(&atoms));
            }
        }
        class.work = class.work.saturating_sub(std::mem::take(&mut local.work));
        any
    }

    /// Remembers a part; whether it is new and cheaper than all of the bundle.
    fn meet(
        &mut self,
        price: &mut impl FnMut(&[u32]) -> i64,
        asked: &Proposal,
        atoms: &[u32],
        centre: u32,
    ) -> bool {
        let cost = price(atoms);
        let weight = asked.prices.weight(cost, atoms);
        let is_cheap = weight < asked.least;
        if (!is_cheap && self.costs.len() >= KEPT) || !self.keep(atoms, cost, centre, is_cheap) {
            return false;
        }
        if is_cheap {
            self.bundle.add(atoms, cost);
        }
        is_cheap
    }

    /// Adds cuts that the relaxation breaks; false if there are none, or the last did not help.
    fn tighten(&mut self, near: f64) -> bool {
        self.choose();
        let open = self.known.saturating_sub(self.bound) as f64;
        let gained = self.bound.saturating_sub(self.bound_before) as f64;
        self.dull = if gained < WORTHWHILE * open { self.dull + 1 } else { 0 };
        if self.cuts >= CUTS || self.dull > DULL || open <= near * self.known as f64 {
            return false;
        }
        self.bound_before = self.bound;
        let n = self.priced.instance.len();
        let before = self.cuts;
        if self.bundle.forget() {
            self.bundle.propose(&self.prices);
        }
        self.bundle.step = self.bundle.step.min(AFRESH);
        let mut used = vec![0; n];
        for cut in self.bundle.broken(n) {
            if self.cuts - before == CUTS_A_ROUND {
                break;
            }
            if cut.iter().all(|&atom| used[atom as usize] < SHARING) {
                cut.iter().for_each(|&atom| used[atom as usize] += 1);
                self.bundle.cut(cut);
                self.cuts += 1;
            }
        }
        self.cuts > before
    }

    /// Looks for a better division among the parts met so far.
    pub(super) fn choose(&mut self) {
        let mut weighed = Sets::new(self.priced.instance.len());
        for (set, &cost) in self.costs.iter().enumerate() {
            let paid = self.prices.paid(|atom| self.sets.holds(set, atom));
            let weight = self.prices.plain(cost, self.sets.atoms(set)) + paid;
            weighed.push_bits(self.sets.of(set), weight);
        }
        if let Some((cost, part_of)) = self.choose_among(&weighed, &self.costs, self.nodes_chosen).better {
            (self.known, self.better) = (cost, Some((cost, part_of)));
        }
    }

    /// The best division of these parts, if it is better than the one known, and its bound if there are
    /// no others; the weights are those of the best prices.
    pub(super) fn choose_among(&self, sets: &Sets, costs: &[i64], nodes: u64) -> Choice {
        let instance = self.priced.instance;
        let n = instance.len();
        let families: Vec<u32> = (0..sets.len() as u32).collect();
        let cover = Cover::new(sets, costs, &families, n, instance.parts as usize, self.prices.base());
        let covered = cover.search(self.known, nodes);
        let better = covered.best.map(|(cost, chosen)| {
            let mut part_of = vec![0; n];
            for (part, &set) in (0u32..).zip(&chosen) {
                sets.atoms(set as usize).for_each(|a| part_of[a as usize] = part);
            }
            (cost, part_of)
        });
        let value = better.as_ref().map_or(self.known, |(cost, _)| *cost);
        Choice { bound: if covered.whole { value } else { self.bound.min(value) }, better }
    }
}

/// What prices come to with the least weights of so many centres, from weights in order.
fn sum_of_least(prices: &Prices, order: &[i64], parts: usize) -> i64 {
    order[..parts.min(order.len())].iter().fold(prices.base(), |sum, weight| sum.saturating_add(*weight))
}
