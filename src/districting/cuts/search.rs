//! The search for a good division: annealings from fresh starts, then parts of good divisions
//! divided anew.

use super::anneal::{Best, Plan, Walker};
use super::chance::Chance;
use super::net::Net;
use super::start::grow;
use super::state::State;

/// Divisions kept for being divided anew.
const KEPT: usize = 4;
/// Prices of people out of range, tried in turn: a low one lets parts trade across a wide bar, a
/// high one ends in range more often. Which is better depends on how large the atoms are.
const WEIGHTS: [f64; 3] = [10.0, 5.0, 20.0];

/// A search that can be continued.
#[derive(Clone, Debug)]
pub(crate) struct Search<'a> {
    net: &'a Net,
    chance: Chance,
    walker: Walker,
    /// Good divisions with different cuts or labels, the best first.
    pub(crate) kept: Vec<Best>,
    /// Arcs looked at so far.
    pub(crate) work: u64,
    runs: usize,
    scale: f64,
}

impl<'a> Search<'a> {
    /// A search on `net` by `chance`.
    pub(crate) fn new(net: &'a Net, chance: Chance) -> Self {
        let walker = Walker::new(net.len(), net.parts as usize);
        Self { net, chance, walker, kept: Vec::new(), work: 0, runs: 0, scale: net.mean_price() }
    }

    /// The best division in range so far.
    pub(crate) fn best(&self) -> Option<&Best> {
        self.kept.first()
    }

    /// Takes in a division found by other means.
    pub(crate) fn learn(&mut self, part_of: Vec<u32>) {
        self.keep(Best { cut: self.net.cut(&part_of), part_of });
    }

    /// Goes on until about `until` arcs are looked at in all, `fresh` of them from fresh starts. The
    /// length of one annealing follows from `effort`, what may be looked at in the end.
    pub(crate) fn run(&mut self, fresh: u64, until: u64, effort: u64) {
        let moves = (effort / 600).clamp(20_000, 1_500_000) / 64 * 64;
        while self.work < until {
            let before = self.work;
            let several = self.net.parts > 2 && !self.kept.is_empty();
            if self.work < fresh || !several || self.runs.is_multiple_of(4) {
                self.start_anew(moves);
            } else {
                self.divide_some_anew(moves);
            }
            self.runs += 1;
            // A part of one atom gives no work to count; a run never comes for free.
            self.work = self.work.max(before + moves);
        }
    }

    fn start_anew(&mut self, steps: u64) {
        let mut state = State::new(self.net, &grow(self.net, &mut self.chance));
        let weight = WEIGHTS[self.runs % WEIGHTS.len()];
        let plan = self.plan(steps, weight);
        let mut best = Best::default();
        let before = self.walker.work();
        self.walker.anneal(&mut state, &mut self.chance, plan, &mut best);
        self.work += self.walker.work() - before;
        if !best.part_of.is_empty() {
            self.keep(best);
        }
    }

    /// Takes a kept division and two or three of its parts that hang together, and divides these
    /// from a fresh start (DeFord, Duchin, Solomon, Harvard Data Science Review 3(1), 2021, merge
    /// and split two parts at random).
    fn divide_some_anew(&mut self, steps: u64) {
        let chosen = self.chance.below(self.kept.len());
        let part_of = self.kept[chosen].part_of.clone();
        let wanted = if self.net.parts > 3 { 2 + self.chance.below(2) } else { 2 };
        let group = self.neighbouring_parts(&part_of, wanted);
        let atoms: Vec<u32> =
            (0..self.net.len() as u32).filter(|a| group.contains(&part_of[*a as usize])).collect();
        let sub = self.net.within(&atoms, group.len() as u32);
        let mut walker = Walker::new(sub.len(), group.len());
        let mut state = State::new(&sub, &grow(&sub, &mut self.chance));
        let weight = WEIGHTS[self.chance.below(WEIGHTS.len())];
        let plan = self.plan(steps / 3 / 64 * 64, weight);
        let mut best = Best::default();
        walker.anneal(&mut state, &mut self.chance, plan, &mut best);
        self.work += walker.work();
        if best.part_of.is_empty() {
            return;
        }
        let mut whole = part_of;
        for (&atom, &part) in atoms.iter().zip(&best.part_of) {
            whole[atom as usize] = group[part as usize];
        }
        let cut = self.net.cut(&whole);
        if cut <= self.kept[chosen].cut {
            self.kept.remove(chosen);
            self.keep(Best { cut, part_of: whole });
        }
    }

    /// Temperatures at which a border of edges of the mean price melts and freezes.
    fn plan(&self, steps: u64, weight: f64) -> Plan {
        Plan { steps, hot: 3.0 * self.scale, cold: 0.3 * self.scale, weight: weight * self.scale }
    }

    fn neighbouring_parts(&mut self, part_of: &[u32], wanted: usize) -> Vec<u32> {
        let mut group = vec![self.chance.below(self.net.parts as usize) as u32];
        while group.len() < wanted {
            let mut near = Vec::new();
            for atom in 0..self.net.len() as u32 {
                if !group.contains(&part_of[atom as usize]) {
                    continue;
                }
                for &(other, _) in self.net.arcs(atom) {
                    let part = part_of[other as usize];
                    if !group.contains(&part) && !near.contains(&part) {
                        near.push(part);
                    }
                }
            }
            if near.is_empty() {
                break;
            }
            near.sort_unstable();
            group.push(near[self.chance.below(near.len())]);
        }
        group
    }

    fn keep(&mut self, found: Best) {
        let slot = self.kept.partition_point(|held| held.cut <= found.cut);
        if self.kept[..slot].iter().any(|held| held.cut == found.cut && same(held, &found)) {
            return;
        }
        self.kept.insert(slot, found);
        self.kept.truncate(KEPT);
    }
}

/// Whether two divisions are the same but for the names of the parts.
fn same(a: &Best, b: &Best) -> bool {
    let mut name = vec![u32::MAX; a.part_of.len()];
    a.part_of.iter().zip(&b.part_of).all(|(&from, &to)| {
        let slot = &mut name[from as usize];
        *slot = if *slot == u32::MAX { to } else { *slot };
        *slot == to
    })
}
