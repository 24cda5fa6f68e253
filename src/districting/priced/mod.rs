//! Parts whose price is nearness to an atom of theirs, lines, parted bundles and size: too many to be
//! listed one by one.
//!
//! Column generation (Dantzig and Wolfe 1960; for districting Mehrotra, Johnson and Nemhauser 1998):
//! the linear relaxation over the parts known so far gives prices for atoms, kept near the best so far
//! (`bundle`), and for every atom as the centre the cheapest part at those prices is searched by branch
//! and bound (`class`), after small changes to known parts (`local`) find no more. Without the range a
//! part is a minimum cut (`net`), and the range is priced (Lagrange; `relax`), so that bounds are near
//! and few branches needed. Where a search ends early, what it could not tell from a part counts as one
//! while searches are no longer, and so prices go where searches are short. Cuts on three atoms tighten
//! the relaxation (`prices`). What is found is always a bound; where all parts that a better division
//! could use can then be listed, the best division is searched to the end.

mod bundle;
mod class;
mod generate;
mod local;
mod net;
mod prices;
mod range;
mod reach;
mod relax;
#[cfg(test)]
mod tests;

use super::instance::Instance;
use super::listed::Choice;
use super::proof::sets::Sets;
use class::{Class, Query};
use generate::Relaxation;

/// How near the bound comes to the relaxation before parts are listed, and at last.
const NEAR_ENOUGH: f64 = 3e-3;
const SETTLED: f64 = 2e-5;

/// A bound of a smaller share than this, with no work left, leaves too many parts to list.
const FAR: f64 = 0.95;

/// Terms that add up to more than this are not weighed: their sums would not fit.
const LARGEST: i64 = 1 << 50;

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

impl Terms {
    /// More than any part costs.
    fn total(&self, instance: &Instance) -> i64 {
        let n = instance.len();
        let dearest = |atom: usize| (0..n).map(|c| self.near[c * n + atom]).max().unwrap_or(0);
        let near = (0..n).map(dearest).fold(0, i64::saturating_add);
        let lengths =
            (0..n as u32).flat_map(|a| instance.graph.priced(a)).map(|(_, length)| i64::from(length));
        let line = lengths.fold(0, i64::saturating_add).saturating_mul(self.line);
        let bundles = self.bundles.iter().flatten().map(|member| member.1).fold(0, i64::saturating_add);
        let people: i64 = instance.people.iter().sum();
        let size = (self.size.0 * (people as f64).powi(2)) as i64;
        near.saturating_add(line).saturating_add(bundles).saturating_add(size)
    }
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
        if known >= LARGEST || self.terms.total(self.instance) >= LARGEST {
            return Choice { bound: i64::MIN, better: None };
        }
        if parts == 0 || self.instance.len() < parts {
            return Choice { bound: known, better: None };
        }
        let mut start = vec![0; self.instance.len()];
        for (atoms, &cost) in known_parts.iter().zip(&costs) {
            atoms.iter().for_each(|&atom| start[atom as usize] = cost / atoms.len() as i64);
        }
        let mut relaxation = Relaxation::new(self, known, start, limits.nodes / 8);
        let mut class = Class::new(self);
        for (atoms, &cost) in known_parts.iter().zip(&costs).filter(|(atoms, _)| !atoms.is_empty()) {
            // A known division may have grids in pieces or out of the range; no better one has.
            if class.is_part(atoms) {
                relaxation.add(atoms, cost, class.centre_of(atoms));
            } else {
                relaxation.guide(atoms, cost);
            }
        }
        let mut bound = i64::MIN;
        let mut work = limits.pricing;
        // Few parts may be left long before the relaxation is settled to the last.
        for (near, share) in [(NEAR_ENOUGH, 4), (SETTLED, 1)] {
            let settled = relaxation.settle(price, near, &mut work);
            relaxation.choose();
            bound = relaxation.bound.min(relaxation.known);
            if bound >= relaxation.known || (!settled && (bound as f64) < FAR * relaxation.known as f64) {
                break;
            }
            let share = if settled { share } else { 1 };
            let Some((sets, costs)) = self.list(&relaxation, price, limits, share) else { continue };
            let ended = relaxation.choose_among(&sets, &costs, limits.nodes);
            return Choice { bound: bound.max(ended.bound), better: ended.better.or(relaxation.better) };
        }
        Choice { bound, better: relaxation.better }
    }

    /// Every part that a better division could use, with its exact price; `None` if there
    /// are too many for a `share`th of the limits.
    fn list(
        &self,
        relaxation: &Relaxation<'_>,
        price: &mut impl FnMut(&[u32]) -> i64,
        limits: Limits,
        share: usize,
    ) -> Option<(Sets, Vec<i64>)> {
        let rooms = relaxation.rooms()?;
        let prices = &relaxation.prices;
        let mut found = Sets::new(self.instance.len());
        let mut costs = Vec::new();
        let mut class = Class::new(self);
        class.work = limits.listing / share as u64;
        for (root, &room) in
            (0u32..).zip(&rooms).filter(|(root, room)| relaxation.lowest[*root as usize] < **room)
        {
            let query = Query { prices, root, below: room, keep: i64::MIN };
            let whole = class.all(&query, &mut |atoms| {
                let cost = price(atoms);
                let weight = prices.weight(cost, atoms);
                if weight < room {
                    found.push(atoms, weight);
                    costs.push(cost);
                }
                found.len() <= limits.parts / share
            });
            if !whole {
                return None;
            }
        }
        Some((found, costs))
    }
}
