//! The fractional knapsack, with the lines of cuts that suit it.

use super::mask::Mask;
use super::{Pricing, Relaxed};

impl Pricing<'_> {
    /// Where nobody lives, a gain is taken before all else and a loss after.
    fn key(&self, slot: usize) -> f64 {
        let weight = self.cuts.weights[self.atoms[slot] as usize];
        match self.folk[slot] {
            0 if weight < 0 => f64::NEG_INFINITY,
            0 => f64::INFINITY,
            people => weight as f64 / people as f64,
        }
    }

    /// Puts the order of `open` right after some weights have changed: few at a time, and by little. Others
    /// keep their old places until they are open again.
    fn reorder<M: Mask>(&mut self, open: &M) {
        for index in (0..self.cuts.changed.len()).rev() {
            let atom = self.cuts.changed[index];
            let Some(slot) = self.slot(atom).filter(|slot| open.has(*slot)) else { continue };
            self.cuts.ordered(index);
            let own = (self.key(slot), slot as u16);
            let mut at = usize::from(self.places[slot]);
            if self.order[at].0 == own.0 {
                continue;
            }
            let sooner = |a: (f64, u16), b: (f64, u16)| a.0 < b.0 || (a.0 == b.0 && a.1 < b.1);
            while at > 0 && sooner(own, self.order[at - 1]) {
                self.order[at] = self.order[at - 1];
                self.places[usize::from(self.order[at].1)] = at as u16;
                at -= 1;
            }
            while at + 1 < self.order.len() && sooner(self.order[at + 1], own) {
                self.order[at] = self.order[at + 1];
                self.places[usize::from(self.order[at].1)] = at as u16;
                at += 1;
            }
            self.order[at] = own;
            self.places[slot] = at as u16;
        }
    }

    /// The knapsack with lines of cuts, each given with its atoms, that suit it; `None` if the range cannot
    /// be reached. Lines that suit the second one better are left to the nodes below.
    pub(super) fn relax<M: Mask>(
        &mut self,
        triples: &[(u32, M)],
        inside: &M,
        open: &M,
    ) -> Option<Relaxed<M>> {
        let relaxed = self.knapsack(inside, open)?;
        let mut moved = false;
        for (at, atoms) in triples {
            if atoms.shared(inside) == 0 && atoms.shared(open) > 1 {
                let half = relaxed.fractional.is_some_and(|slot| atoms.has(slot));
                moved |= self.cuts.lean(*at, 2 * atoms.shared(&relaxed.chosen) + u8::from(half) > 2);
            }
        }
        if !moved {
            return Some(relaxed);
        }
        let again = self.knapsack(inside, open)?;
        Some(Relaxed { least: again.bound.max(relaxed.bound), ..again })
    }

    fn knapsack<M: Mask>(&mut self, inside: &M, open: &M) -> Option<Relaxed<M>> {
        let (low, high) = (self.instance.low, self.instance.high);
        let mut held = self.people_in;
        if held > high {
            return None;
        }
        self.reorder(open);
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
