//! Parts whose price is nearness to an atom of theirs, lines, parted bundles and size: too many to be
//! listed one by one.
//!
//! Column generation (Dantzig and Wolfe 1960; for districting Mehrotra, Johnson and Nemhauser 1998):
//! the linear relaxation over the parts known so far gives prices for atoms (`listed::master`), and
//! for every atom as the centre the cheapest part at those prices is searched by branch and bound
//! (`class`). Without the range a part is a minimum cut (`net`), and the range is priced (Lagrange), so
//! that bounds are near and few branches needed. What is found is always a bound; where all parts that
//! a better division could use can then be listed, the best division is searched to the end.

mod class;
mod generate;
mod net;
#[cfg(test)]
mod tests;

use super::instance::Instance;
use super::listed::{Choice, choose_among};
use super::proof::sets::Sets;
use class::{Class, Query};
use generate::Relaxation;

/// The prices of a part, in the same whole units.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What atom `i` costs when served from `c`, at `c * n + i`; a part is served from its cheapest atom.
    pub near: Vec<i64>,
    /// A unit of the price of an edge with one end inside.
    pub line: i64,
    /// Atoms that should stay together, with a price each: a part with some of them pays for those
    /// inside or for those outside, whichever are less.
    pub bundles: Vec<Vec<(u32, i64)>>,
    /// Factor and middle of the square that people cost.
    pub size: (f64, f64),
    /// A part never costs less than these terms by more than this.
    pub slack: i64,
}

/// How much may be spent, counted in arcs looked at for each level graph of a flow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// On prices of atoms.
    pub pricing: u64,
    /// On the list of parts for the end.
    pub listing: u64,
    /// Parts listed at most.
    pub parts: usize,
    /// Nodes of the choice among the parts listed.
    pub nodes: u64,
}

/// A territory in one piece, its parts and what they cost.
pub struct Priced<'a> {
    /// The territory.
    pub instance: &'a Instance,
    /// Most people of a part with an atom above the range.
    pub most: i64,
    /// What bounds the price from below.
    pub terms: &'a Terms,
}

impl Priced<'_> {
    /// A lower bound on the sum of prices over every division, and a better division if one is found.
    ///
    /// `price` gives the exact price of a part from its ascending atoms, and `part_of` a known division.
    /// A flow is O(n · levels) on the planar graphs of territories; the whole is bounded by `limits`.
    pub fn cheapest(&self, price: &mut impl FnMut(&[u32]) -> i64, part_of: &[u32], limits: Limits) -> Choice {
        let parts = self.instance.parts as usize;
        let mut known_parts = vec![Vec::new(); parts];
        (0u32..).zip(part_of).for_each(|(atom, &part)| known_parts[part as usize].push(atom));
        let costs: Vec<i64> = known_parts.iter().map(|atoms| price(atoms)).collect();
        let known: i64 = costs.iter().sum();
        let mut relaxation = Relaxation::new(self, known);
        known_parts.iter().zip(&costs).for_each(|(atoms, &cost)| relaxation.add(atoms, cost));
        relaxation.settle(price, limits.pricing);
        let known_now = relaxation.choose(limits.nodes / 8);
        let value = known_now.as_ref().map_or(known, |(cost, _)| *cost);
        let mut choice = Choice { bound: relaxation.bound.min(value), better: known_now };
        if choice.bound >= value {
            return choice;
        }
        if let Some((sets, costs)) = self.list(&relaxation, value, price, limits) {
            let ended = choose_among(self.instance, &sets, &costs, value, limits.nodes);
            choice.bound = choice.bound.max(ended.bound);
            choice.better = ended.better.or(choice.better);
        }
        choice
    }

    /// Every part that a division better than `value` could use, with its exact price; `None` if there
    /// are too many.
    fn list(
        &self,
        relaxation: &Relaxation<'_>,
        value: i64,
        price: &mut impl FnMut(&[u32]) -> i64,
        limits: Limits,
    ) -> Option<(Sets, Vec<i64>)> {
        let least = relaxation.least()?;
        let parts = i64::from(self.instance.parts);
        let base: i64 = relaxation.prices.iter().sum();
        let room = value - base - least * (parts - 1);
        let mut found = Sets::new(self.instance.len());
        let mut costs = Vec::new();
        let mut class = Class::new(self);
        class.work = limits.listing;
        for root in (0..self.instance.len() as u32).filter(|&root| relaxation.lowest[root as usize] < room) {
            let query = Query { prices: &relaxation.prices, root, below: room };
            let whole = class.all(&query, &mut |atoms| {
                let cost = price(atoms);
                if cost - atoms.iter().map(|&a| relaxation.prices[a as usize]).sum::<i64>() < room {
                    found.push(atoms, 0);
                    costs.push(cost);
                }
                found.len() <= limits.parts
            });
            if !whole {
                return None;
            }
        }
        Some((found, costs))
    }
}
