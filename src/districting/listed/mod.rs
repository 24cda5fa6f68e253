//! Parts at any price: where a territory is small enough to list every part that could be used.
//!
//! The price of a part may be anything that depends on the part alone. All connected parts of the
//! range are listed (`every`), the linear relaxation of choosing among them gives prices for
//! atoms (`master`), parts too dear at those prices are dropped, and the rest is searched to the
//! end (set partitioning; Garfinkel and Nemhauser 1970).

mod every;
mod master;
#[cfg(test)]
mod tests;

use super::instance::Instance;
use super::proof::cover::Cover;
use super::proof::sets::Sets;
use every::Every;
use master::Master;

/// How much may be spent.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connected sets looked at while listing.
    pub looked_at: usize,
    /// Nodes of the choice among the parts listed.
    pub nodes: u64,
}

/// What is known about the choice among all parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// No division costs less; never above the cost known before.
    pub bound: i64,
    /// The cheapest division, if it costs less than the one known before.
    pub better: Option<(i64, Vec<u32>)>,
}

/// Divisions into parts whose people lie between `instance.low` and `instance.high`; a part that holds
/// an atom of more people than that may hold up to `most`.
pub struct Parts<'a> {
    /// The territory, in one piece.
    pub instance: &'a Instance,
    /// Most people of a part with an atom above the range; below `instance.high` it means nothing.
    pub most: i64,
}

impl Parts<'_> {
    /// A lower bound on the sum of prices over every division, and a better division if there is one.
    ///
    /// `price` gives the price of a part from its ascending atoms; `known` is the cost of a known
    /// division. `None` if there are more parts than may be looked at. Two passes over all connected
    /// sets of the range; the relaxation is O(atoms²) a pivot and O(sum of part sizes) a scan.
    pub fn cheapest(&self, price: impl FnMut(&[u32]) -> i64, known: i64, limits: Limits) -> Option<Choice> {
        let (sets, costs) = self.listed(price, limits)?;
        Some(choose_among(self.instance, &sets, &costs, known, limits.nodes))
    }

    /// Whether any such division exists; `None` if there are too many parts to tell.
    pub fn exists(&self, limits: Limits) -> Option<bool> {
        let (sets, costs) = self.listed(|_| 0, limits)?;
        let families: Vec<u32> = (0..sets.len() as u32).collect();
        let cover =
            Cover::new(&sets, &costs, &families, self.instance.len(), self.instance.parts as usize, 0);
        let covered = cover.search(1, limits.nodes);
        if covered.best.is_some() { Some(true) } else { covered.whole.then_some(false) }
    }

    fn listed(&self, mut price: impl FnMut(&[u32]) -> i64, limits: Limits) -> Option<(Sets, Vec<i64>)> {
        let mut sets = Sets::new(self.instance.len());
        let mut costs = Vec::new();
        let mut atoms = Vec::new();
        let whole = Every::of(self.instance, self.most).list(limits.looked_at, &mut |part: &[u32]| {
            atoms.clear();
            atoms.extend_from_slice(part);
            atoms.sort_unstable();
            sets.push(&atoms, 0);
            costs.push(price(&atoms));
        });
        whole.then_some((sets, costs))
    }
}

/// The bound of whole prices and the exact choice among parts that could still beat `known`.
fn choose_among(instance: &Instance, sets: &Sets, costs: &[i64], known: i64, nodes: u64) -> Choice {
    let (atoms, parts) = (instance.len(), instance.parts as usize);
    let mut master = Master::new(atoms, instance.parts, known);
    costs.iter().enumerate().for_each(|(set, &cost)| master.add(sets.atoms(set), cost));
    master.settle();
    let (prices, _) = master.prices();
    let left = |set: usize| costs[set] - sets.atoms(set).map(|a| prices[a as usize]).sum::<i64>();
    let reduced: Vec<i64> = (0..sets.len()).map(left).collect();
    let Some(&least) = reduced.iter().min() else { return Choice { bound: known, better: None } };
    let base = prices.iter().sum::<i64>();
    let bound = base.saturating_add(least.saturating_mul(parts as i64));
    if bound >= known {
        return Choice { bound: known, better: None };
    }
    // A part too dear even with the cheapest others is in no better division.
    let others = least.saturating_mul(parts as i64 - 1);
    let room = known.saturating_sub(base).saturating_sub(others);
    let mut kept = Sets::new(atoms);
    let mut kept_costs = Vec::new();
    for set in (0..sets.len()).filter(|&set| reduced[set] < room) {
        kept.push_bits(sets.of(set), reduced[set]);
        kept_costs.push(costs[set]);
    }
    let families: Vec<u32> = (0..kept.len() as u32).collect();
    let cover = Cover::new(&kept, &kept_costs, &families, atoms, parts, base);
    let covered = cover.search(known, nodes);
    let better = covered.best.map(|(cost, chosen)| {
        let mut part_of = vec![0; atoms];
        for (part, &set) in (0u32..).zip(&chosen) {
            kept.atoms(set as usize).for_each(|a| part_of[a as usize] = part);
        }
        (cost, part_of)
    });
    let value = better.as_ref().map_or(known, |(cost, _)| *cost);
    Choice { bound: if covered.whole { value } else { bound.min(value) }, better }
}
