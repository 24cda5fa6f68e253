//! The proof over all sites that are left: linear relaxation and branching, or a better set where
//! there is no work for them.

use std::sync::Arc;

use super::{LATER_STEP, Search};
use crate::location::dual::Dual;
use crate::location::rows::Rows;
use crate::location::simplex::{self, tree::Question};
use crate::location::tree::{Found, Tree};

/// Share of the work left on the best set before a linear relaxation, as a divisor.
const BEFORE: u64 = 8;

impl Search<'_> {
    /// Proves or improves the answer over all sites that are left.
    pub(super) fn branch(&mut self, active: &[u32], share: &[f32], price: &[i64]) {
        let (rows, names) = self.rows(active);
        let rows = Arc::new(rows);
        let mut found = Found { value: self.best, chosen: self.local(active), bound: self.bound };
        if self.affords(simplex::tree::work_of(&rows) / 2) {
            // A large relaxation may take what is left: a better set comes first, and helps it to fix sites.
            let left = self.meter.limit.saturating_sub(self.meter.done);
            if simplex::tree::work_of(&rows) >= left / 2 {
                self.polish(&rows, &mut found, share, left / BEFORE);
            }
            let (count, goal) = (Some(self.p), (i64::MIN, i64::MAX));
            let question = Question { count, fee: 0, scale: self.scale, goal, stepwise: false };
            simplex::tree::search(&rows, question, price, &mut found, &mut self.meter);
        }
        if found.bound < found.value && !self.meter.spent() {
            // Bounds of so few nodes would be worth less than a better set.
            let left = self.meter.limit.saturating_sub(self.meter.done);
            self.polish(&rows, &mut found, share, left / 4 * 3);
            let mut dual = Dual::from(&rows, self.multipliers(&rows, &names, active));
            dual.theta = LATER_STEP;
            dual.share = share.to_vec();
            let known = found.bound;
            let mut tree = Tree::new(&rows, self.scale, found.chosen, found.value, self.meter);
            found = tree.run(self.p, dual);
            found.bound = found.bound.max(known);
            self.meter = tree.meter;
        }
        let chosen: Vec<u32> = found.chosen.iter().map(|j| active[*j as usize]).collect();
        self.judge(&chosen);
        self.bound = self.bound.max(found.bound.min(self.best));
    }

    /// Makes a set better for so much work.
    fn polish(&mut self, rows: &Arc<Rows>, found: &mut Found, share: &[f32], work: u64) {
        let mut dual = Dual::from(rows, vec![0; rows.len()]);
        dual.share = share.to_vec();
        dual.bound = found.bound.saturating_mul(self.scale);
        let mut tree = Tree::new(rows, self.scale, found.chosen.clone(), found.value, self.meter);
        let better = tree.polish(self.p, &dual, work);
        self.meter = tree.meter;
        (found.value, found.chosen) = (better.value, better.chosen);
    }
}
