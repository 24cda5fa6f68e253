//! The cheapest choice of parts that hold every atom once, from a full list of candidates.
//!
//! Depth first on the atom with the fewest candidates left (Knuth 2000), bounded by the duals: what
//! is chosen so far plus the cheapest candidates for the number of parts still to choose.

use super::sets::Sets;

/// Candidates that are counted to choose what to branch on.
const SAMPLE: usize = 4000;

/// The candidates: each a part with its weight at the dual prices, and its class.
pub(crate) struct Cover<'c> {
    pub(crate) sets: &'c Sets,
    /// Cost of each, of which the weight less the prices is never more.
    pub(crate) costs: &'c [i64],
    /// Of the candidates of one family at most one is chosen.
    pub(crate) families: &'c [u32],
    pub(crate) atoms: usize,
    pub(crate) chosen: usize,
    /// Sum of the dual prices.
    pub(crate) prices: i64,
    nodes: u64,
    most: u64,
    best: i64,
    picked: Vec<u32>,
    found: Vec<u32>,
}

/// How a search ended.
pub(crate) struct Covered {
    /// The cost of the best choice below the limit, and its candidates.
    pub(crate) best: Option<(i64, Vec<u32>)>,
    /// Whether every choice was looked at or ruled out.
    pub(crate) whole: bool,
    /// Nodes visited.
    pub(crate) nodes: u64,
}

impl<'c> Cover<'c> {
    pub(crate) fn new(
        sets: &'c Sets,
        costs: &'c [i64],
        families: &'c [u32],
        atoms: usize,
        chosen: usize,
        prices: i64,
    ) -> Self {
        let (picked, found) = (Vec::new(), Vec::new());
        Self { sets, costs, families, atoms, chosen, prices, nodes: 0, most: 0, best: 0, picked, found }
    }

    /// The best choice that costs less than `limit`, within so many nodes.
    pub(crate) fn search(mut self, limit: i64, most: u64) -> Covered {
        (self.best, self.most) = (limit, most);
        let mut open: Vec<u32> = (0..self.sets.len() as u32).collect();
        open.sort_by_key(|&set| (self.sets.weights[set as usize], set));
        let free = vec![u64::MAX; self.atoms.div_ceil(64)];
        let whole = self.descend(&open, &free, self.prices);
        let best = (!self.found.is_empty()).then_some((self.best, self.found));
        Covered { best, whole, nodes: self.nodes }
    }

    /// `open` are the candidates that fit, by weight; `spent` what the choice costs at the prices.
    fn descend(&mut self, open: &[u32], free: &[u64], spent: i64) -> bool {
        self.nodes += 1 + open.len() as u64 / 64;
        if self.nodes > self.most {
            return false;
        }
        let left = self.chosen - self.picked.len();
        if left == 0 {
            let cost = self.picked.iter().map(|&set| self.costs[set as usize]).sum();
            if cost < self.best && self.count(free) == 0 {
                self.best = cost;
                self.found = self.picked.clone();
            }
            return true;
        }
        let weight = |set: u32| self.sets.weights[set as usize];
        if open.len() < left {
            return true;
        }
        let cheapest: i64 = open[..left].iter().map(|&set| weight(set)).sum();
        if spent + cheapest >= self.best {
            return true;
        }
        // A candidate too dear even with the cheapest others is out.
        let others = cheapest - weight(open[left - 1]);
        let room = self.best - spent - others;
        let open = &open[..open.partition_point(|&set| weight(set) < room)];
        let Some(atom) = self.hardest(open, free) else { return true };
        let holding: Vec<u32> =
            open.iter().copied().filter(|&set| self.sets.holds(set as usize, atom)).collect();
        let mut whole = true;
        for set in holding {
            let bits = self.sets.of(set as usize);
            let family = self.families[set as usize];
            let fits = |&other: &u32| {
                self.families[other as usize] != family
                    && self.sets.of(other as usize).iter().zip(bits).all(|(a, b)| a & b == 0)
            };
            let fitting: Vec<u32> = open.iter().copied().filter(fits).collect();
            let free: Vec<u64> = free.iter().zip(bits).map(|(f, b)| f & !b).collect();
            self.picked.push(set);
            whole &= self.descend(&fitting, &free, spent + self.sets.weights[set as usize]);
            self.picked.pop();
            if !whole {
                return false;
            }
        }
        whole
    }

    fn count(&self, free: &[u64]) -> u32 {
        (0..self.atoms).filter(|a| free[a / 64] >> (a % 64) & 1 == 1).count() as u32
    }

    /// The free atom with the fewest candidates in a sample.
    fn hardest(&self, open: &[u32], free: &[u64]) -> Option<u32> {
        let mut count = vec![0u32; self.atoms];
        for &set in open.iter().step_by(open.len().div_ceil(SAMPLE).max(1)) {
            self.sets.atoms(set as usize).for_each(|atom| count[atom as usize] += 1);
        }
        let is_free = |a: &usize| free[a / 64] >> (a % 64) & 1 == 1;
        (0..self.atoms).filter(is_free).min_by_key(|&a| (count[a], a)).map(|a| a as u32)
    }
}
