//! Column generation: prices out, parts in.

use super::{DEAR, Linear, Source};
use crate::districting::proof::bound::Dual;
use crate::districting::proof::triples::Triple;

/// Nodes that the search for one part may take: few while that still finds parts.
const NODES: [u64; 3] = [2_000, 40_000, 1_000_000];

/// Rounds at most, and pivots in each.
const ROUNDS: usize = 300;
const PIVOTS: usize = 20_000;

/// What is as good as converged: a share of the value, or of the gap that would be left.
const NEAR: f64 = 2e-5;
const NEAR_OF_GAP: f64 = 0.05;

/// Work of a pivot: one for so many numbers of the inverse, and so much anyway.
const NUMBERS: u64 = 2_000;
const PIVOT: u64 = 8;

impl Linear {
    /// Raises the bound of `dual` to that of the relaxation, or nearly, within about `most` work, which
    /// is in `dual.nodes` and [`Self::work`]; from the prices of `dual` itself if it is the `first` time.
    /// False if it was met that no division below the limit is left.
    pub(crate) fn converge(
        &mut self,
        source: &mut impl Source,
        dual: &mut Dual,
        first: bool,
        most: u64,
    ) -> bool {
        let mut tier = 0;
        // The best bound with the cuts there are now: the centre of the box.
        let mut centre: Option<i64> = None;
        for round in 0..ROUNDS {
            if dual.nodes + self.work >= most && dual.bound > 0 {
                break;
            }
            let solved = self.solve();
            let value = self.master.cost() * self.unit;
            let (mut prices, triples) = self.whole();
            if round == 0 && first {
                prices.clone_from(&dual.prices);
            }
            let counts: Vec<i64> =
                (0..self.counting).map(|count| self.in_whole(self.atoms + count) + 1).collect();
            let before = std::mem::replace(&mut dual.triples, triples);
            let mut parts = Vec::new();
            let (bound, exact) = source.price_all(&prices, &counts, dual, NODES[tier], &mut parts);
            let helpful = self.take_in(source, parts);
            if bound > dual.bound {
                dual.bound = bound;
                dual.prices.clone_from(&prices);
            } else {
                dual.triples = before;
            }
            if dual.bound >= dual.limit {
                return false;
            }
            let near = (NEAR * value).max(NEAR_OF_GAP * (dual.limit as f64 - value));
            let ended = helpful == 0 && (exact || tier + 1 == NODES.len());
            if self.master.unmet() == 0.0 && (ended || value - (dual.bound as f64) < near) {
                return true;
            }
            if !solved && helpful == 0 {
                return true;
            }
            tier = match helpful {
                0 if !exact => (tier + 1).min(NODES.len() - 1),
                0 => tier,
                _ => 0,
            };
            self.steer(&prices, bound, exact, value, &mut centre);
        }
        true
    }

    /// Moves the box to prices that are better, and makes it wider or narrower by what they kept of
    /// what they promised.
    fn steer(&mut self, prices: &[i64], bound: i64, exact: bool, value: f64, centre: &mut Option<i64>) {
        let Some(held) = *centre else {
            *centre = Some(bound);
            self.recentre(prices);
            return;
        };
        let (promised, gained) = (value - held as f64, bound as f64 - held as f64);
        if gained > 0.0 {
            if gained > 0.3 * promised && self.master.unmet() > 0.0 {
                self.reach *= 1.5;
            }
            *centre = Some(bound);
            self.recentre(prices);
        } else if exact && gained < -2.0 * promised {
            self.reach = (self.reach * 0.7).max(1e-6);
            let prices = self.master.centre();
            let unit = self.unit;
            self.recentre(
                &prices.iter().take(self.atoms).map(|p| (p * unit).round() as i64).collect::<Vec<_>>(),
            );
        }
    }

    fn solve(&mut self) -> bool {
        let before = self.master.pivots;
        let solved = self.master.solve(PIVOTS);
        let rows = self.master.rows() as u64;
        self.work += (self.master.pivots - before) * (rows * rows / NUMBERS + PIVOT);
        solved
    }

    /// Adds parts; tells how many lower the cost.
    fn take_in(&mut self, source: &impl Source, parts: Vec<(u32, Vec<u32>)>) -> usize {
        let mut helpful = 0;
        for (class, mut atoms) in parts {
            atoms.sort_unstable();
            if self.add(source.classes(), class, atoms)
                && self.master.reduced(self.master.columns() - 1) < -1e-7
            {
                helpful += 1;
            }
        }
        helpful
    }

    /// The price of a row, small enough for sums of them.
    fn in_whole(&self, row: usize) -> i64 {
        let most = (DEAR * self.unit * self.parts as f64).min(60f64.exp2() / self.master.rows() as f64);
        (self.master.prices[row] * self.unit).clamp(-most, most).round() as i64
    }

    /// Whole prices of atoms and cuts.
    fn whole(&self) -> (Vec<i64>, Vec<Triple>) {
        let first = self.atoms + self.counting;
        let half = |at: usize| (-self.in_whole(first + at)).max(0) / 2;
        let triples = self.cuts.iter().enumerate().map(|(at, &atoms)| Triple { atoms, half: half(at) });
        ((0..self.atoms).map(|atom| self.in_whole(atom)).collect(), triples.collect())
    }
}
