//! Every part of a class below a weight.

use super::{Fate, Pricing, Query};
use crate::districting::proof::sets::Sets;

impl Pricing<'_> {
    /// All parts below `query.below`, with their weights; false if there were more than `most` or
    /// the nodes ran out.
    pub(crate) fn all(&mut self, query: &Query<'_>, most: usize, into: &mut Sets) -> bool {
        self.open(query);
        !self.evict_unreached(query) || self.enumerate(query, most, into)
    }

    fn enumerate(&mut self, query: &Query<'_>, most: usize, into: &mut Sets) -> bool {
        self.nodes += 1;
        if self.nodes >= query.nodes {
            return false;
        }
        let Some(relaxed) = self.relax() else { return true };
        if relaxed.least >= query.below {
            return true;
        }
        let open = |&&a: &&u32| self.fate[a as usize] == Fate::Open;
        let any = relaxed.fractional.or_else(|| self.order.iter().find(open).copied());
        let Some(branch) = self.gap_in_chosen().or(any) else {
            if self.people_in >= self.instance.low {
                into.push(&self.chosen, self.weight_in + self.cuts.fixed);
            }
            return into.len() <= most;
        };
        let before = self.take(branch);
        let whole = !self.still_meets(before, query) || self.enumerate(query, most, into);
        self.put_back(branch, before);
        if !whole {
            return false;
        }
        self.evict(branch);
        let whole = !self.evict_unreached(query) || self.enumerate(query, most, into);
        self.restore(before);
        whole
    }
}
