//! Prices of atoms by column generation, and the bound they give.

use super::Priced;
use super::class::{Class, Query};
use crate::districting::listed::master::Master;
use crate::districting::proof::cover::Cover;
use crate::districting::proof::sets::Sets;

/// Nodes of one search for a part, at first and at most.
const NODES_FIRST: u64 = 2;
const NODES_MOST: u64 = 512;

/// How far prices asked about lean to the best so far (Wentges 1997), at first.
const LEAN: f64 = 0.6;

/// A bound this near the relaxation is as good as it.
const NEAR: f64 = 2e-5;

/// The linear relaxation over the parts met so far.
pub(super) struct Relaxation<'a> {
    priced: &'a Priced<'a>,
    known: i64,
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
            master: Master::new(n, priced.instance.parts, known),
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
        self.master.add(atoms.iter().copied(), cost);
        self.sets.push(atoms, 0);
        self.costs.push(cost);
    }

    /// The least weight of any part at the best prices.
    pub(super) fn least(&self) -> Option<i64> {
        self.lowest.iter().min().copied().filter(|_| self.bound > i64::MIN)
    }

    /// Asks for parts until none would lower the relaxation, or `work` is spent.
    pub(super) fn settle(&mut self, price: &mut impl FnMut(&[u32]) -> i64, work: u64) {
        let mut class = Class::new(self.priced);
        class.work = work;
        let n = self.priced.instance.len();
        let parts = i64::from(self.priced.instance.parts);
        let mut dead = vec![false; n];
        let (mut lean, mut nodes) = (0.0, NODES_FIRST);
        while class.work > 0 {
            self.master.settle();
            let (exact, each) = self.master.prices();
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
                return;
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
            let room = self.known - base - least * (parts - 1);
            for root in 0..n {
                dead[root] |= lowest[root] >= room;
            }
            if self.bound >= self.known || (value - self.bound) as f64 <= NEAR * self.known as f64 {
                return;
            }
            if fresh == 0 && lean == 0.0 {
                if nodes >= NODES_MOST {
                    return;
                }
                nodes *= 4;
            }
            lean = if fresh == 0 { 0.0 } else { LEAN };
        }
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
