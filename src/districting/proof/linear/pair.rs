//! What to branch on.

use super::Linear;
use crate::districting::instance::Instance;

/// Pairs tried before one is branched on, and pivots for each of its two sides.
const TRIED: usize = 10;
const AHEAD: usize = 150;

impl Linear {
    /// The neighbours to branch on: of those most of two minds about sharing a part, weighed by their
    /// people, the pair whose two sides cost most over the parts at hand (strong branching, Applegate
    /// and others 1995). `None` if every two neighbours are rivals.
    pub(crate) fn pair(
        &mut self,
        instance: &Instance,
        rivals: &[Vec<u32>],
        limit: i64,
    ) -> Option<(u32, u32)> {
        let taken: Vec<(usize, f64)> = self.master.taken().collect();
        let mut doubts: Vec<(f64, (u32, u32))> = Vec::new();
        for a in 0..self.atoms as u32 {
            let open = |b: &u32| a < *b && !rivals[a as usize].contains(b);
            for b in instance.graph.neighbours(a).iter().copied().filter(open) {
                let both = taken.iter().filter(|t| self.sets.holds(t.0, a) && self.sets.holds(t.0, b));
                let share: f64 = both.map(|t| t.1).sum();
                let people = (instance.people[a as usize] + instance.people[b as usize]) as f64;
                doubts.push((share.min(1.0 - share).max(0.0) * people.sqrt(), (a, b)));
            }
        }
        doubts.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
        doubts.truncate(TRIED);
        let limit = limit as f64 / self.unit;
        let mut best: Option<(f64, (u32, u32))> = None;
        for &(_, pair) in &doubts {
            let gains = [true, false].map(|tied| self.gain(pair, tied, limit).max(1e-6 * limit));
            let score = gains[0] * gains[1];
            if best.is_none_or(|(held, _)| score > held) {
                best = Some((score, pair));
            }
        }
        best.map(|(_, pair)| pair)
    }

    /// How much dearer the program gets if a pair is tied, or kept apart; up to the limit.
    fn gain(&mut self, (a, b): (u32, u32), tied: bool, limit: f64) -> f64 {
        let mut trial = self.master.clone();
        let sets = &self.sets;
        let both = |set: usize| (sets.holds(set, a), sets.holds(set, b));
        trial.punish(self.parts as f64, |set| {
            let (a, b) = both(set);
            if tied { a != b } else { a && b }
        });
        trial.solve(AHEAD);
        let rows = trial.rows() as u64;
        self.work += (trial.pivots - self.master.pivots) * (rows * rows / 2_000 + 8);
        trial.cost().min(limit) - self.master.cost()
    }
}
