//! Climbing at the root, and the search for good sets that goes with it.
//!
//! The mean of choices of the relaxation tells which sites matter; over these alone a descent costs
//! little, and finds what descents over all sites miss.

use std::sync::Arc;

use super::{BURST, Found, Node, Tree};
use crate::location::dual::{Ascent, Dual};
use crate::location::region;
use crate::location::rows::Fate;
use crate::location::swap::Open;

/// Length of step below which the mean of choices tells which sites matter, and their least share.
const LIKED: f64 = 0.25;
const SEEN: f32 = 0.01;
/// Bursts without a better set after which the search for one gets half as much work, and one more
/// for so many sites.
const VAIN: u32 = 4;
const VAIN_SITES: u32 = 8;
/// Bursts between looks at what the relaxation picks, where a good set is known.
const SELDOM: u32 = 8;
/// Open sites from which on regions are much smaller than the whole.
const MANY: usize = 30;

impl Tree<'_> {
    /// Climbs at the root and improves sets on the way, deciding nothing: `bursts` times or until
    /// it is settled.
    pub(in crate::location) fn probe(&mut self, p: usize, dual: Dual, bursts: u32) -> (Found, Dual) {
        let rows = Arc::clone(self.root);
        let columns = rows.columns();
        let names = (0..rows.sites as u32).collect();
        let mut node = Node { rows: Arc::clone(&rows), names, opened: Vec::new(), p, dual };
        let mut ascent = Ascent::new(&rows, &columns, p, self.scale);
        let mut open = Open::new(&rows, &columns, &[]);
        let start = self.best.chosen.clone();
        self.offer(&node, &mut open, &start, 0);
        let mut best = Open::new(&rows, &columns, &start);
        let patience = VAIN + p as u32 / VAIN_SITES;
        let mut vain = if self.calm { 2 * patience } else { 0 };
        for burst in 0..bursts {
            let start = self.meter.done;
            let value = self.best.value;
            let before = ascent.work;
            ascent.climb(&mut node.dual, self.best.value.min(self.goal.1), BURST);
            self.meter.done += ascent.work - before;
            if !self.calm || burst % SELDOM == 0 {
                let picked = ascent.picked().to_vec();
                self.offer(&node, &mut open, &picked, 0);
            }
            let spent = if self.calm { ascent.work - before } else { self.meter.done - start };
            let spent = spent.max(rows.entries.len() as u64) >> (vain / patience).min(3);
            let spent = spent.min(self.meter.limit.saturating_sub(self.meter.done));
            if node.dual.theta < LIKED {
                self.shake_core(&node, spent);
            } else {
                self.shake(&node, &mut best, spent);
            }
            vain = if self.best.value < value { 0 } else { vain + 1 };
            if self.meter.spent() || self.done() || node.dual.settled() || self.hopeless(node.dual.bound) {
                break;
            }
        }
        self.best.bound = self.whole(node.dual.bound).min(self.best.value);
        (self.best.clone(), node.dual)
    }

    /// Shakes the best set known for so much work.
    fn shake(&mut self, node: &Node, open: &mut Open<'_>, work: u64) {
        let before = open.work;
        if self.best.value < open.value {
            open.reset(&self.best.chosen);
        }
        let enough = self.whole(node.dual.bound).max(self.goal.0);
        open.shaken(work, enough, &mut self.rng);
        self.meter.done += open.work - before;
        if open.value < self.best.value {
            self.best.value = open.value;
            self.best.chosen.clone_from(&open.chosen);
        }
    }

    /// Makes the best set known better for so much work: shakes over sites a fractional solution
    /// opens, then region by region.
    pub(in crate::location) fn polish(&mut self, p: usize, dual: &Dual, work: u64) -> Found {
        let names = (0..self.root.sites as u32).collect();
        let node = Node { rows: Arc::clone(self.root), names, opened: Vec::new(), p, dual: dual.clone() };
        self.best.bound = self.whole(dual.bound);
        let limit = self.meter.done + work;
        let mut helped = i64::MAX;
        loop {
            let left = limit.saturating_sub(self.meter.done);
            let shaken = self.shake_core(&node, if p >= MANY { left / 4 } else { left });
            let left = limit.saturating_sub(self.meter.done);
            if p < MANY || left < work / 16 || self.best.value <= self.best.bound {
                break;
            }
            // Where no region helped before, none does now.
            if self.best.value >= helped && !shaken {
                break;
            }
            if self.best.value < helped {
                self.meter.done +=
                    region::improve(self.root, self.scale, &mut self.best, left, &mut self.rng);
                helped = self.best.value;
            }
        }
        self.best.clone()
    }

    /// Shakes the best set known over sites that a fractional solution opens at all: few enough that
    /// a descent costs little. False if there was nothing to shake.
    fn shake_core(&mut self, node: &Node, work: u64) -> bool {
        let mut fate: Vec<Fate> = (node.dual.share.iter())
            .map(|share| if *share > SEEN { Fate::Free } else { Fate::Closed })
            .collect();
        for j in &self.best.chosen {
            fate[*j as usize] = Fate::Free;
        }
        let (rows, names, _) = node.rows.restricted(&fate);
        self.meter.done += node.rows.entries.len() as u64;
        let columns = rows.columns();
        let start: Vec<u32> =
            (self.best.chosen.iter()).filter_map(|j| names.binary_search(j).ok()).map(|j| j as u32).collect();
        let mut open = Open::new(&rows, &columns, &start);
        let before = open.work;
        open.shaken(work, self.whole(node.dual.bound).max(self.goal.0), &mut self.rng);
        self.meter.done += open.work;
        if open.value < self.best.value {
            self.best.value = open.value;
            self.best.chosen = open.chosen.iter().map(|j| names[*j as usize]).collect();
        }
        open.work > before
    }
}
