//! Prices of atoms by column generation, and the bound they give.

use super::class::{Class, Query};
use super::{LARGEST, Priced};
use crate::districting::listed::master::Master;
use crate::districting::proof::cover::Cover;
use crate::districting::proof::sets::Sets;

/// Nodes of one search for a part, at first and at most.
const NODES_FIRST: u64 = 2;
const NODES_MOST: u64 = 512;

/// How far prices asked about lean to the best so far (Wentges 1997), at first.
const LEAN: f64 = 0.9;

/// What leaving an atom out costs at first, in usual parts.
const DEAR: f64 = 1.0;

/// Steps of the subgradient, and steps without a better bound before they are made shorter.
const STEPS: usize = 400;
const PATIENCE: usize = 10;

/// The linear relaxation over the parts met so far.
pub(super) struct Relaxation<'a> {
    priced: &'a Priced<'a>,
    /// Only divisions cheaper than this matter.
    pub(super) known: i64,
    master: Master,
    sets: Sets,
    costs: Vec<i64>,
    /// No division better than the known one costs less.
    pub(super) bound: i64,
    /// The prices that bound comes from, and the least weight of a part of each centre at them.
    pub(super) prices: Vec<i64>,
    pub(super) lowest: Vec<i64>,
    lambda: Vec<i64>,
}

impl<'a> Relaxation<'a> {
    pub(super) fn new(priced: &'a Priced<'a>, known: i64) -> Self {
        let n = priced.instance.len();
        Self {
            priced,
            known,
            master: Master::new(n, priced.instance.parts, known, DEAR),
            sets: Sets::new(n),
            costs: Vec::new(),
            bound: i64::MIN,
            prices: vec![0; n],
            lowest: vec![i64::MIN / 4; n],
            lambda: vec![0; n],
        }
    }

    /// A part with its exact price.
    pub(super) fn add(&mut self, atoms: &[u32], cost: i64) {
        self.guide(atoms, cost);
        self.sets.push(atoms, 0);
        self.costs.push(cost);
    }

    /// Atoms with a price that guide the prices of atoms and are never chosen.
    pub(super) fn guide(&mut self, atoms: &[u32], cost: i64) {
        self.master.add(atoms.iter().copied(), cost);
    }

    /// The least weight of any part at the best prices.
    pub(super) fn least(&self) -> Option<i64> {
        self.lowest.iter().min().copied().filter(|_| self.bound > i64::MIN)
    }

    /// Prices of atoms by subgradient steps towards the known division (Held, Wolfe and Crowder 1974),
    /// from what it pays for each atom; parts met on the way are kept.
    pub(super) fn approach(&mut self, price: &mut impl FnMut(&[u32]) -> i64, start: Vec<i64>, work: u64) {
        let mut class = Class::new(self.priced);
        class.work = work;
        let n = self.priced.instance.len();
        let parts = self.priced.instance.parts as usize;
        let mut asked = start;
        let (mut stride, mut idle) = (0.5, 0);
        for _ in 0..STEPS {
            let mut lowest = vec![i64::MAX / 4; n];
            let mut taken: Vec<Vec<(u32, f64)>> = vec![Vec::new(); n];
            let mut fresh = Vec::new();
            for root in 0..n {
                let query = Query { prices: &asked, root: root as u32, below: i64::MAX / 4 };
                let into = &mut taken[root];
                let bound =
                    class.glance(&query, &mut self.lambda[root], &mut |atom, share| into.push((atom, share)));
                lowest[root] = bound.unwrap_or(i64::MAX / 4);
                fresh.extend(class.met.pop().map(|atoms| (root, atoms)));
            }
            let mut order: Vec<usize> = (0..n).collect();
            order.sort_by_key(|&root| (lowest[root], root));
            order.truncate(parts);
            let base: i64 = asked.iter().sum();
            let bound = base.saturating_add(lowest[order[0]].saturating_mul(parts as i64));
            let idle_now = bound <= self.bound;
            if !idle_now {
                (self.bound, self.prices) = (bound, asked.clone());
                self.lowest.clone_from(&lowest);
            }
            for (root, atoms) in fresh {
                if order.contains(&root) && !self.has(&atoms) {
                    let cost = price(&atoms);
                    self.add(&atoms, cost);
                }
            }
            idle = if idle_now { idle + 1 } else { 0 };
            if idle >= PATIENCE {
                (stride, idle) = (stride * 0.75, 0);
                asked.clone_from(&self.prices);
            }
            if self.bound >= self.known || class.work == 0 || stride < 0.02 {
                return;
            }
            // Each atom should be taken once.
            let mut missing = vec![1.0; n];
            order
                .iter()
                .flat_map(|&root| &taken[root])
                .for_each(|&(atom, share)| missing[atom as usize] -= share);
            let square: f64 = missing.iter().map(|m| m * m).sum();
            let step = stride * self.known.saturating_sub(bound) as f64 / square.max(1e-3);
            asked.iter_mut().zip(&missing).for_each(|(price, m)| {
                *price = price.saturating_add((step * m) as i64).clamp(-LARGEST, LARGEST);
            });
        }
    }

    /// Asks for parts until the bound is so `near` the relaxation, as a share of the known cost, or `work`
    /// is spent; false then.
    pub(super) fn settle(&mut self, price: &mut impl FnMut(&[u32]) -> i64, near: f64, work: u64) -> bool {
        let mut class = Class::new(self.priced);
        class.work = work;
        let n = self.priced.instance.len();
        let parts = i64::from(self.priced.instance.parts);
        let mut dead = vec![false; n];
        let (mut lean, mut nodes) = (LEAN, NODES_FIRST);
        while class.work > 0 {
            self.master.settle();
            let (mut exact, each) = self.master.prices();
            exact.iter_mut().for_each(|price| *price = (*price).clamp(-LARGEST, LARGEST));
            let each = each.clamp(-LARGEST, LARGEST);
            let value = exact.iter().sum::<i64>() + each * parts;
            let mixed = |best: i64, now: i64| (best as f64 * lean + now as f64 * (1.0 - lean)).round() as i64;
            let asked: Vec<i64> = self.prices.iter().zip(&exact).map(|(&b, &now)| mixed(b, now)).collect();
            // Parts as dear as that are in no better division, if the relaxation is as good as it looks.
            let below = mixed(self.least().unwrap_or(each), each) + (self.known - value).max(0);
            let mut lowest = vec![0; n];
            let mut fresh = 0;
            for root in (0..n as u32).filter(|&root| !dead[root as usize]) {
                let query = Query { prices: &asked, root, below };
                lowest[root as usize] = class.cheapest(&query, nodes, &mut self.lambda[root as usize]);
                for atoms in std::mem::take(&mut class.met) {
                    let cost = price(&atoms);
                    let weight = cost - atoms.iter().map(|&a| exact[a as usize]).sum::<i64>() - each;
                    if weight < 0 && !self.has(&atoms) {
                        self.add(&atoms, cost);
                        fresh += 1;
                    }
                }
            }
            let alive = || (0..n).filter(|&root| !dead[root]);
            let Some(least) = alive().map(|root| lowest[root]).min() else {
                self.bound = self.known;
                return true;
            };
            let base: i64 = asked.iter().sum();
            let bound = base.saturating_add(least.saturating_mul(parts));
            if bound > self.bound {
                (self.bound, self.prices) = (bound, asked);
                self.lowest.clone_from(&lowest);
                dead.iter()
                    .enumerate()
                    .filter(|(_, dead)| **dead)
                    .for_each(|(root, _)| self.lowest[root] = i64::MAX / 4);
            }
            let others = least.saturating_mul(parts - 1);
            let room = self.known.saturating_sub(base).saturating_sub(others);
            for root in 0..n {
                dead[root] |= lowest[root] >= room;
            }
            if self.bound >= self.known || value.saturating_sub(self.bound) as f64 <= near * self.known as f64
            {
                return true;
            }
            if fresh == 0 && lean == 0.0 && !self.master.lift() && nodes >= NODES_MOST {
                return true;
            }
            if fresh > 0 {
                lean = LEAN;
            } else {
                (lean, nodes) = (if lean > 0.5 { lean - 0.3 } else { 0.0 }, (2 * nodes).min(NODES_MOST));
            }
        }
        false
    }

    fn has(&self, atoms: &[u32]) -> bool {
        let mut probe = Sets::new(self.priced.instance.len());
        probe.push(atoms, 0);
        (0..self.sets.len()).rev().any(|set| self.sets.of(set) == probe.of(0))
    }

    /// The best division of parts met so far, if it is better than the one known.
    pub(super) fn choose(&self, nodes: u64) -> Option<(i64, Vec<u32>)> {
        let instance = self.priced.instance;
        let n = instance.len();
        let base: i64 = self.prices.iter().sum();
        let mut weighed = Sets::new(n);
        for (set, &cost) in self.costs.iter().enumerate() {
            let weight = cost - self.sets.atoms(set).map(|a| self.prices[a as usize]).sum::<i64>();
            weighed.push_bits(self.sets.of(set), weight);
        }
        let families: Vec<u32> = (0..weighed.len() as u32).collect();
        let cover = Cover::new(&weighed, &self.costs, &families, n, instance.parts as usize, base);
        let (cost, chosen) = cover.search(self.known, nodes).best?;
        let mut part_of = vec![0; n];
        for (part, &set) in (0u32..).zip(&chosen) {
            weighed.atoms(set as usize).for_each(|a| part_of[a as usize] = part);
        }
        Some((cost, part_of))
    }
}
