//! Cuts at the root, and the branching after them.

use super::{LITTLE, Search, TRIED};
use crate::location::rows::{Columns, Fate, Rows};
use crate::location::simplex::cuts::Cuts;
use crate::location::simplex::{Ended, Simplex, Vertex};
use crate::location::tree::Meter;

/// Rounds of cuts, and steps in one.
const ROUNDS: u32 = 12;
const STEPS: u32 = 5_000;
/// Share of the open distance, as a divisor, that a round has to gain.
const GAIN: i64 = 16;
/// Weights times scale up to which sums over cuts fit.
const WIDE: i128 = 1 << 54;

impl Search<'_> {
    /// Whether rows are such as cuts are made of.
    pub(super) fn cuttable(&self) -> bool {
        let weight: i128 = self.rows.weight.iter().map(|w| i128::from(*w)).sum();
        self.question.count.is_some()
            && self.rows.cap.iter().all(|cap| *cap == 1)
            && self.rows.entries.iter().all(|e| e.distance == 0)
            && weight * i128::from(self.question.scale) < WIDE
    }

    /// Adds cuts to a root at its optimum, and searches below it.
    pub(super) fn cut_and_branch(&mut self, simplex: &Simplex<'_>, bound: i64, meter: &mut Meter) {
        let mut cuts = Cuts::new(self.rows);
        let (mut at, mut x, mut bound) = (simplex.vertex(), simplex.x.clone(), bound);
        let mut last: Option<(Rows, Vec<u32>)> = None;
        let mut fates = vec![Fate::Free; self.rows.sites];
        for _ in 0..ROUNDS {
            let (added, work) = cuts.separate(self.rows, &x);
            meter.done += work;
            if added == 0 || meter.spent() {
                break;
            }
            let rows = cuts.rows(self.rows);
            let columns = rows.columns();
            meter.done += 2 * rows.entries.len() as u64;
            self.helped = cuts.helped().to_vec();
            let mut simplex = self.with_cuts(&rows, &columns, &at);
            fates.truncate(self.rows.sites);
            fates.resize(rows.sites, Fate::Free);
            let room = self.best.value.min(self.question.goal.1) - self.whole(bound);
            let ended =
                simplex.decide(&at, None, &fates, (STEPS, room as f64 + 0.5, room as f64 * LITTLE), meter);
            let Some(ended) = ended else { break };
            let (new, price) = self.certify(&simplex, &fates, meter);
            let gained = new - bound;
            bound = bound.max(new);
            let known = self.whole(bound).min(self.best.value).min(self.question.goal.1);
            self.best.bound = self.best.bound.max(known);
            if self.closed(bound) {
                return;
            }
            let real = fates[..self.rows.sites].to_vec();
            self.round(&simplex, &real, bound, true, meter);
            if self.done() || self.closed(bound) {
                return;
            }
            let fixed = self.fixed(new, &price, &real);
            x.clone_from(&simplex.x);
            at = simplex.vertex();
            last = Some((rows, self.helped.clone()));
            fates[..fixed.len()].copy_from_slice(&fixed);
            let room = self.best.value.min(self.question.goal.1) * self.question.scale - bound;
            if ended == Ended::Broken || gained < room / GAIN {
                break;
            }
        }
        let Some((rows, helped)) = last else {
            self.helped.clear();
            return;
        };
        self.helped = helped;
        if meter.spent() {
            return;
        }
        let columns = rows.columns();
        let mut simplex = self.with_cuts(&rows, &columns, &at);
        let decided: Vec<(u32, Fate)> = (0u32..)
            .zip(&fates[..self.rows.sites])
            .filter(|(_, fate)| **fate != Fate::Free)
            .map(|(j, fate)| (j, *fate))
            .collect();
        self.tried = TRIED;
        self.branch(&mut simplex, at, decided, bound, meter);
    }

    /// Rows with cuts, about to stand at a vertex.
    fn with_cuts<'b>(&self, rows: &'b Rows, columns: &'b Columns, at: &Vertex) -> Simplex<'b> {
        let mut fee = vec![0.0; rows.sites];
        for (fee, row) in fee[self.rows.sites..].iter_mut().zip(&self.helped) {
            *fee = self.rows.weight[*row as usize] as f64;
        }
        let open: Vec<u32> = at.full.iter().chain(&at.part).copied().take(1).collect();
        let plain = (self.rows.sites, self.rows.len());
        Simplex::over(rows, columns, self.question.count, &fee, plain, &open)
    }
}
