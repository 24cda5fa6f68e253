//! The fractional knapsack, with the lines of cuts that suit it.

use super::mask::Mask;
use super::{Pricing, Relaxed};

/// Changes of the lines of cuts at one node.
const LINES: usize = 2;

impl Pricing<'_> {
    /// Where nobody lives, a gain is taken before all else and a loss after.
    pub(super) fn rekey(&mut self, slot: usize) {
        let weight = self.cuts.weights[self.atoms[slot] as usize];
        self.keys[slot] = match self.folk[slot] {
            0 if weight < 0 => f64::NEG_INFINITY,
            0 => f64::INFINITY,
            people => weight as f64 / people as f64,
        };
    }

    /// Puts the order right after some weights have changed.
    fn reorder(&mut self) {
        if self.cuts.changed.is_empty() {
            return;
        }
        while let Some(atom) = self.cuts.changed.pop() {
            if let Some(slot) = self.slot(atom) {
                self.rekey(slot);
            }
        }
        let keys = &self.keys;
        self.order.iter_mut().for_each(|(key, slot)| *key = keys[usize::from(*slot)]);
        let later = |a: &(f64, u16), b: &(f64, u16)| a.0 > b.0 || (a.0 == b.0 && a.1 > b.1);
        for at in 1..self.order.len() {
            let own = self.order[at];
            let mut to = at;
            while to > 0 && later(&self.order[to - 1], &own) {
                self.order[to] = self.order[to - 1];
                to -= 1;
            }
            self.order[to] = own;
        }
    }

    /// The knapsack with lines of cuts that suit it; `None` if the range cannot be reached.
    pub(super) fn relax<M: Mask>(&mut self, inside: &M, open: &M) -> Option<Relaxed<M>> {
        let mut relaxed = self.knapsack(inside, open)?;
        if self.cuts.is_empty() {
            return Some(relaxed);
        }
        let mut least = relaxed.bound;
        for _ in 0..LINES {
            let (slots, chosen, fractional) = (&self.slots, &relaxed.chosen, relaxed.fractional);
            let holds = |atom: u32| match slots[atom as usize] {
                super::NOWHERE => 0.0,
                slot if chosen.has(usize::from(slot)) => 1.0,
                slot if fractional == Some(usize::from(slot)) => 0.5,
                _ => 0.0,
            };
            if !self.cuts.follow(holds) {
                break;
            }
            relaxed = self.knapsack(inside, open)?;
            least = least.max(relaxed.bound);
        }
        relaxed.least = least;
        Some(relaxed)
    }

    fn knapsack<M: Mask>(&mut self, inside: &M, open: &M) -> Option<Relaxed<M>> {
        let (low, high) = (self.instance.low, self.instance.high);
        let mut held = self.people_in;
        if held > high {
            return None;
        }
        self.reorder();
        let mut bound = self.weight_in + self.cuts.fixed;
        let (mut fractional, mut critical) = (None, None);
        let mut chosen = inside.clone();
        for &(_, slot) in &self.order {
            let slot = usize::from(slot);
            if !open.has(slot) {
                continue;
            }
            let (people, weight) = (self.folk[slot], self.cuts.weights[self.atoms[slot] as usize]);
            let room = if weight < 0 { high - held } else { low - held };
            if people == 0 {
                // Nobody lives there: if it costs something, it is taken only as a way.
                if weight < 0 {
                    bound += weight;
                    chosen.put(slot);
                }
            } else if people <= room {
                held += people;
                bound += weight;
                chosen.put(slot);
                critical = (weight >= 0).then_some(slot);
            } else if weight < 0 || room > 0 {
                critical = Some(slot);
                if room > 0 {
                    bound += (i128::from(weight) * i128::from(room)).div_euclid(i128::from(people)) as i64;
                    held += room;
                    fractional = Some(slot);
                }
                break;
            } else {
                break;
            }
        }
        (held >= low).then_some(Relaxed { bound, least: bound, fractional, critical, chosen })
    }

    /// Open atoms with which alone a part would weigh `below` or more: those whose weight beyond the
    /// going price of their people passes what is left.
    pub(super) fn too_dear<M: Mask>(&self, relaxed: &Relaxed<M>, open: &M, below: i64) -> M {
        let mut dear = M::none(self.atoms.len());
        let left = i128::from(below) - i128::from(relaxed.bound);
        let weight = |slot: usize| i128::from(self.cuts.weights[self.atoms[slot] as usize]);
        let (over, under) =
            relaxed.critical.map_or((0, 1), |slot| (weight(slot), i128::from(self.folk[slot].max(1))));
        let mut others = open.less(&relaxed.chosen);
        let least = left * under;
        while let Some(slot) = others.pop() {
            if weight(slot) * under - over * i128::from(self.folk[slot]) >= least {
                dear.put(slot);
            }
        }
        dear
    }
}
