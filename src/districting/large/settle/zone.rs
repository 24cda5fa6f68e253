//! Settling in a few parts only, and what mending asks of a division.

use super::{Schedule, Settling, Sums};

impl Settling<'_> {
    /// How many parts there are.
    pub(crate) fn parts(&self) -> usize {
        self.sums.len()
    }

    /// Whether a part has more people than the range allows.
    pub(crate) fn too_many(&self, part: u32) -> bool {
        self.sums[part as usize].people > self.range.1
    }

    /// Whether a part is in the range after a change of people.
    pub(crate) fn within(&self, part: u32, change: i64) -> bool {
        self.outside(self.sums[part as usize].people + change) == 0
    }

    /// Whether a change of people brings a part nearer to the range.
    pub(crate) fn nearer(&self, part: u32, change: i64) -> bool {
        let people = self.sums[part as usize].people;
        self.outside(people + change) < self.outside(people)
    }

    /// Whether the part of `node` stays whole without it.
    pub(crate) fn may_leave(&mut self, node: u32) -> bool {
        self.whole.stays(self.level, &self.part, node)
    }

    /// People outside the range, all parts together.
    pub(crate) fn all_outside(&self) -> i64 {
        self.sums.iter().map(|sum| self.outside(sum.people)).sum()
    }

    /// Parts outside the range, ascending.
    pub(crate) fn misfits(&self) -> Vec<u32> {
        let outside = |(_, sum): &(u32, &Sums)| self.outside(sum.people) > 0;
        (0u32..).zip(&self.sums).filter(outside).map(|(part, _)| part).collect()
    }

    /// Whether a part is outside the range.
    pub(crate) fn outside_range(&self, part: u32) -> bool {
        self.outside(self.sums[part as usize].people) > 0
    }

    /// Settles the nodes of `zone` only, nodes moving between the parts of these. Keeps the outcome
    /// if no more people are outside the range than before; returns whether it was kept.
    /// `zone` must hold all nodes of its parts. `list_boundary` is undone. O(sweeps · zone).
    pub(crate) fn run_in(&mut self, zone: &[u32], schedule: &Schedule) -> bool {
        self.close_all();
        self.visits += zone.len();
        let before: Vec<u32> = zone.iter().map(|&node| self.part[node as usize]).collect();
        before.iter().for_each(|&part| self.sums[part as usize].open = true);
        zone.iter().for_each(|&node| self.list(node));
        let mut parts = before.clone();
        parts.sort_unstable();
        parts.dedup();
        let out = |s: &Self| parts.iter().map(|&p| s.outside(s.sums[p as usize].people)).sum::<i64>();
        let was = out(self);
        for sweep in 0..schedule.sweeps {
            let left = 1.0 - f64::from(sweep) / f64::from(schedule.sweeps.max(2) - 1);
            self.walk_boundary(&Schedule { heat: schedule.heat * left, ..*schedule });
            if out(self) == 0 {
                break;
            }
        }
        let kept = out(self) <= was;
        if !kept {
            for (&node, &old) in zone.iter().zip(&before) {
                self.shift(node, self.part[node as usize], old);
            }
        }
        for node in std::mem::take(&mut self.boundary) {
            self.listed[node as usize] = false;
        }
        parts.iter().for_each(|&part| self.sums[part as usize].open = false);
        kept
    }

    /// Before the first zone: no part open, no node listed, all parts fined alike.
    fn close_all(&mut self) {
        if self.listed.is_empty() {
            self.listed = vec![false; self.level.len()];
        }
        for node in std::mem::take(&mut self.boundary) {
            self.listed[node as usize] = false;
        }
        if self.sums.iter().any(|sum| sum.open) {
            self.sums.iter_mut().for_each(|sum| (sum.open, sum.stern) = (false, 1.0));
        }
    }
}
