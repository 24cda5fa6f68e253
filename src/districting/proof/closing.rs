//! Closing a node: all parts that a better division could use, and the best choice among them.

#[cfg(test)]
mod tests;

use super::bound::{Ascent, Dual, Value};
use super::branch::{Node, Reduced};
use super::choose::choose;
use super::partners::Partners;
use super::pool::Pool;
use super::pricing::listing::Listing;
use super::sets::Sets;
use super::{Search, classes::Classes};

/// Nodes of a listing for each part that it may list.
const NODES_A_PART: u64 = 40;

/// What part of a list the cheapest quarter of the room may take, if the whole is to be listed.
const QUARTER: usize = 16;

/// Nodes of one class when its cheapest part is wanted.
const NODES: u64 = 200_000;

impl Search<'_> {
    /// Lists every part that a better division of the node could use, and chooses among them; whether
    /// that closed the node.
    pub(super) fn close(
        &mut self,
        node: &Node,
        reduced: &Reduced,
        ascent: &mut Ascent<'_>,
        dual: &mut Dual,
    ) -> bool {
        let prices = dual.prices.clone();
        let Some(value) = ascent.value(&prices, dual, NODES) else { return true };
        let Some(pool) = self.gather(reduced, ascent, dual, &value) else { return false };
        let chosen = choose(&reduced.instance, &reduced.rivals, pool, dual, self.left());
        self.work += chosen.work;
        if let Some((cost, parts)) = chosen.best {
            let mut part_of = vec![0; node.group.len()];
            let numbered = self.classes.chosen == self.classes.families();
            for (rank, (family, groups)) in (0u32..).zip(&parts) {
                // Where every family has its part, the part has the family's number.
                let part = if numbered { *family } else { rank };
                let own = node.group.iter().zip(&mut part_of).filter(|(group, _)| groups.contains(group));
                own.for_each(|(_, of)| *of = part);
            }
            self.limit = cost;
            self.better = Some((cost, part_of));
        }
        dual.bound = dual.bound.max(chosen.bound);
        dual.bound >= self.limit
    }

    /// Every part that a better division could use; `None` if there are too many.
    ///
    /// At most one part of a division takes more than half the room. So half of it is listed first, and
    /// then the rest, each part only if the first half leaves a place for what is beside it.
    fn gather<'r>(
        &mut self,
        reduced: &'r Reduced,
        ascent: &mut Ascent<'_>,
        dual: &Dual,
        value: &Value,
    ) -> Option<Pool<'r>> {
        let classes = &reduced.classes;
        let room = self.limit - value.bound;
        // If the cheapest quarter is too much, so is the whole.
        self.list(classes, ascent, dual, value, room / 4, self.listed / QUARTER + 1, (None, 0))?;
        let extras = |ascent: &Ascent<'_>, sets: &Sets, class_of: &[u32]| -> Vec<i64> {
            let weights = sets.weights.iter().zip(class_of);
            weights.map(|(weight, &class)| weight - ascent.displaced(value, class as usize)).collect()
        };
        let (half, most) = (room / 2, self.listed / 2);
        let (sets, class_of) = self.list(classes, ascent, dual, value, half, most, (None, 0))?;
        let partners = Partners::new(&sets, &extras(ascent, &sets, &class_of), classes.atoms, half);
        let known = (Some(&partners), 0);
        let (sets, class_of) = self.list(classes, ascent, dual, value, room, self.listed, known)?;
        let extras = extras(ascent, &sets, &class_of);
        let mut pool = Pool::new(classes, sets, class_of);
        self.work += pool.sift(&reduced.instance, extras, room, room);
        Some(pool)
    }

    /// Every part that costs less than `room` above its place among the cheapest, with its class;
    /// `None` if there are more than `most`. Those without `partners` for `slack` more are left out.
    #[expect(clippy::too_many_arguments, reason = "one listing is described by all of them")]
    fn list(
        &mut self,
        classes: &Classes,
        ascent: &mut Ascent<'_>,
        dual: &Dual,
        value: &Value,
        room: i64,
        most: usize,
        (partners, slack): (Option<&Partners>, i64),
    ) -> Option<(Sets, Vec<u32>)> {
        let mut sets = Sets::new(classes.atoms);
        let mut class_of = Vec::new();
        let nodes = NODES_A_PART.saturating_mul(most as u64).max(2_000);
        let budget = self.work.saturating_add(nodes).min(self.effort);
        for (glance, class) in ascent.glances(&dual.prices, &dual.fixed) {
            let below = room.saturating_add(ascent.displaced(value, class));
            if glance >= below {
                continue;
            }
            ascent.weigh(class, &dual.prices);
            let weights = ascent.weights().to_vec();
            let left = budget.saturating_sub(self.work).max(1);
            let query = dual.fixed.query(class, classes, &weights, below, left);
            let whole = ascent.pricing.all(&query, Listing { sets: &mut sets, most, partners, slack });
            self.work += ascent.work_of(ascent.pricing.nodes());
            class_of.resize(sets.len(), class as u32);
            if !whole {
                return None;
            }
        }
        Some((sets, class_of))
    }
}
