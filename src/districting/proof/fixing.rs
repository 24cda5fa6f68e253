//! What cannot be part of any division below a limit: classes, and atoms of classes.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::bound::{Ascent, Dual, Value};
use super::classes::Classes;
use super::pricing::Query;

/// What is still possible.
pub(crate) struct Fixed {
    /// Classes that may have a part.
    pub(crate) alive: Vec<bool>,
    /// Atoms that may be in a part of each class: classes × atoms.
    allowed: Vec<bool>,
    atoms: usize,
}

impl Fixed {
    pub(crate) fn nothing(classes: &Classes) -> Self {
        // A tie can put a root into a group that its class may not hold.
        let may_root = |class: usize| {
            classes.roots[class].is_none_or(|root| classes.allowed[class * classes.atoms + root as usize])
        };
        Self {
            alive: (0..classes.len()).map(may_root).collect(),
            allowed: classes.allowed.clone(),
            atoms: classes.atoms,
        }
    }

    /// Whether an atom may be in a part of the class.
    pub(crate) fn may(&self, class: usize, atom: u32) -> bool {
        self.alive[class] && self.allowed[class * self.atoms + atom as usize]
    }

    pub(crate) fn query<'q>(
        &'q self,
        class: usize,
        classes: &Classes,
        weights: &'q [i64],
        below: i64,
        nodes: u64,
    ) -> Query<'q> {
        let allowed = &self.allowed[class * self.atoms..(class + 1) * self.atoms];
        Query { weights, allowed, root: classes.roots[class], below, nodes }
    }
}

impl Ascent<'_> {
    /// Rules out by reduced cost: a class if its bound in place of the last of the cheapest reaches
    /// the limit; an atom of a class if the way to it from the root, at the least, does.
    ///
    /// In a connected part the atoms on some way from the root to a member are members too. Less the
    /// knapsack's own price of an inhabitant, each costs what it costs, and never less than nothing.
    pub(crate) fn fix(&mut self, prices: &[i64], value: &Value, dual: &mut Dual) {
        self.pricing.set_triples(&dual.triples);
        for (bound, class) in self.glances(prices, &dual.fixed) {
            let own = value.cheapest.iter().find(|part| part.1 == class);
            let room = dual.limit - value.bound + self.displaced(value, class) - bound;
            if room <= 0 {
                if own.is_none() {
                    dual.fixed.alive[class] = false;
                }
                continue;
            }
            self.fix_atoms(class, prices, room, dual);
        }
    }

    /// The weight of the cheapest part that gives way if `class` has a part: its family's, or the
    /// dearest one's.
    pub(crate) fn displaced(&self, value: &Value, class: usize) -> i64 {
        let family = self.classes.family[class];
        let own = value.cheapest.iter().find(|part| self.classes.family[part.1] == family);
        own.or(value.cheapest.last()).map_or(0, |part| part.0)
    }

    fn fix_atoms(&mut self, class: usize, prices: &[i64], room: i64, dual: &mut Dual) {
        let Some(root) = self.classes.roots[class] else { return };
        self.weigh(class, prices);
        let weights = self.weights().to_vec();
        let query = dual.fixed.query(class, self.classes, &weights, i64::MAX, 1);
        let Some(glance) = self.pricing.glance(&query) else { return };
        let critical = glance.critical;
        let weights = self.pricing.cuts.weights.clone();
        let (over, under) = critical
            .map_or((0, 1), |atom| (weights[atom as usize], self.instance.people[atom as usize].max(1)));
        let extra = |atom: u32| -> i64 {
            let (w, p) =
                (i128::from(weights[atom as usize]), i128::from(self.instance.people[atom as usize]));
            ((w * i128::from(under) - i128::from(over) * p).div_euclid(i128::from(under))).max(0) as i64
        };
        let n = self.classes.atoms;
        let row = &mut dual.fixed.allowed[class * n..(class + 1) * n];
        let mut reached = vec![false; n];
        let mut queue = BinaryHeap::from([Reverse((0i64, root))]);
        while let Some(Reverse((far, atom))) = queue.pop() {
            if std::mem::replace(&mut reached[atom as usize], true) {
                continue;
            }
            for &next in self.instance.graph.neighbours(atom) {
                if row[next as usize] && !reached[next as usize] {
                    let far = far + extra(next);
                    if far < room {
                        queue.push(Reverse((far, next)));
                    }
                }
            }
        }
        row.copy_from_slice(&reached);
    }
}
