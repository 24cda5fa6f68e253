//! The fractional knapsack, with the lines of cuts that suit it.

use super::{Fate, Pricing, Relaxed};

/// Changes of the lines of cuts at one node.
const LINES: usize = 2;

impl Pricing<'_> {
    /// Where nobody lives, a gain is taken before all else and a loss after.
    pub(super) fn rekey(&mut self, atom: u32) {
        let weight = self.cuts.weights[atom as usize];
        self.keys[atom as usize] = match self.instance.people[atom as usize] {
            0 if weight < 0 => f64::NEG_INFINITY,
            0 => f64::INFINITY,
            people => weight as f64 / people as f64,
        };
    }

    /// Puts the order right after some weights have changed.
    pub(super) fn reorder(&mut self) {
        if self.cuts.changed.is_empty() {
            return;
        }
        while let Some(atom) = self.cuts.changed.pop() {
            self.rekey(atom);
        }
        for at in 1..self.order.len() {
            let atom = self.order[at];
            let key = self.keys[atom as usize];
            let mut to = at;
            while to > 0 {
                let before = self.order[to - 1];
                if self.keys[before as usize].total_cmp(&key).then(before.cmp(&atom)).is_lt() {
                    break;
                }
                self.order[to] = before;
                to -= 1;
            }
            self.order[to] = atom;
        }
    }

    /// The knapsack with lines of cuts that suit it.
    pub(super) fn relax(&mut self) -> Option<Relaxed> {
        let mut relaxed = self.knapsack()?;
        if self.cuts.is_empty() {
            return Some(relaxed);
        }
        let mut least = relaxed.bound;
        for _ in 0..LINES {
            self.round += 1;
            let round = self.round;
            self.chosen.iter().for_each(|&a| self.mark[a as usize] = round);
            let (mark, fractional) = (&self.mark, relaxed.fractional);
            let holds = |a: u32| {
                let half = if fractional == Some(a) { 0.5 } else { 0.0 };
                if mark[a as usize] == round { 1.0 } else { half }
            };
            if !self.cuts.follow(holds) {
                break;
            }
            relaxed = self.knapsack()?;
            least = least.max(relaxed.bound);
        }
        relaxed.least = least;
        Some(relaxed)
    }

    /// Fills `chosen`; `None` if the range cannot be reached.
    pub(super) fn knapsack(&mut self) -> Option<Relaxed> {
        let (low, high) = (self.instance.low, self.instance.high);
        let mut held = self.people_in;
        if held > high {
            return None;
        }
        self.reorder();
        let mut bound = self.weight_in + self.cuts.fixed;
        let (mut fractional, mut filling) = (None, None);
        self.chosen.clear();
        for &atom in &self.order {
            let fate = self.fate[atom as usize];
            if fate == Fate::In {
                self.chosen.push(atom);
                continue;
            }
            if fate == Fate::Out || fractional.is_some() {
                continue;
            }
            let (people, weight) = (self.instance.people[atom as usize], self.cuts.weights[atom as usize]);
            // Nobody lives there and it costs something: it fills no range and is taken only as a way.
            if people == 0 && weight >= 0 {
                continue;
            }
            let room = if weight < 0 { high - held } else { low - held };
            if room <= 0 && people > 0 {
                continue;
            }
            if people <= room || people == 0 {
                held += people;
                bound += weight;
                self.chosen.push(atom);
                filling = (weight >= 0).then_some(atom);
            } else if weight < 0 || held < low {
                bound += (i128::from(weight) * i128::from(room)).div_euclid(i128::from(people)) as i64;
                held += room;
                fractional = Some(atom);
            }
        }
        let critical = fractional.or(filling);
        (held >= low).then_some(Relaxed { bound, least: bound, fractional, critical })
    }
}
