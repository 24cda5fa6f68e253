//! Swaps over and over: shaken sets, other starts, elites joined.
//!
//! A set is shaken in one place and descends again; after many shakes in vain the search starts
//! elsewhere and joins what it finds with the best (path relinking of Resende and Werneck 2004).

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::{NONE, Open};

/// Shakes in vain after which the search starts elsewhere, and one more for each open site.
const IDLE: usize = 2;
/// The same where many sites are open: another start then costs as much as many shakes.
const MANY: usize = 20;
/// Looks at every entry a descent may take.
const PASSES: u64 = 60;
/// Open sites below which it then starts from none of them.
const FEW: usize = 30;

impl Open<'_> {
    /// Shakes the set in some place and descends again, over and over; worse sets are taken back.
    /// Stops after so much work, or once the value is at most `enough`.
    pub(in crate::location) fn shaken(&mut self, work: u64, enough: i64, rng: &mut ChaCha8Rng) {
        if self.chosen.is_empty() || self.chosen.len() >= self.rows.sites || self.rows.len() == 0 {
            return;
        }
        // A descent cut short would be in vain: it ends, and what it took too much is owed.
        let limit = (self.work + work).saturating_sub(self.owed);
        let whole = self.rows.entries.len() as u64 * PASSES;
        if self.work < limit {
            self.descend(whole);
        }
        let mut kept = self.chosen.clone();
        while self.work < limit && self.value > enough {
            let before = self.value;
            let p = self.chosen.len();
            let patience = if p < FEW { IDLE + p } else { MANY * p };
            if (self.idle as usize) < patience {
                self.shake(1 + below(rng, 3), rng);
            } else {
                self.idle = 0;
                self.elsewhere(rng);
                self.descend(whole);
                if self.value > before {
                    self.join(&kept);
                }
            }
            self.descend(whole);
            self.idle = if self.value < before { 0 } else { self.idle + 1 };
            if self.value > before {
                self.restore(&kept);
            } else {
                kept.clone_from(&self.chosen);
            }
        }
        self.owed = self.work.saturating_sub(limit);
    }

    /// Starts again from sites of chance, half of them kept if there are many.
    fn elsewhere(&mut self, rng: &mut ChaCha8Rng) {
        let p = self.chosen.len();
        let stay = if p < FEW { 0 } else { p / 2 };
        let mut set = self.chosen.clone();
        for k in 0..stay {
            let other = k + below(rng, p - k);
            set.swap(k, other);
        }
        set.truncate(stay);
        let mut taken = vec![false; self.rows.sites];
        set.iter().for_each(|j| taken[*j as usize] = true);
        while set.len() < p {
            let site = below(rng, self.rows.sites) as u32;
            if !std::mem::replace(&mut taken[site as usize], true) {
                set.push(site);
            }
        }
        self.reset(&set);
        self.work += self.rows.sites as u64;
    }

    /// The best of this set and another: all sites open at first, the least missed closed until so
    /// many are left as before (the path between two elites, walked from the middle).
    pub(in crate::location) fn join(&mut self, other: &[u32]) {
        let p = self.chosen.len();
        for j in other {
            if self.slot[*j as usize] == NONE {
                self.open(*j);
            }
        }
        while self.chosen.len() > p
            && let Some(j) = self.cheapest()
        {
            self.work += self.chosen.len() as u64;
            self.close(j);
        }
    }

    /// Opens some closed sites near one another, and closes as many near them at random.
    fn shake(&mut self, swaps: usize, rng: &mut ChaCha8Rng) {
        let mut site = below(rng, self.rows.sites) as u32;
        for _ in 0..swaps {
            let columns = self.columns;
            let column = columns.of(site);
            if column.is_empty() {
                return;
            }
            if self.slot[site as usize] == NONE {
                self.open(site);
                let (row, _) = column[below(rng, column.len())];
                let [_, (_, other)] = self.near[row as usize];
                let other = if other == NONE || other == site {
                    self.chosen[below(rng, self.chosen.len())]
                } else {
                    other
                };
                self.close(other);
            }
            let (row, _) = column[below(rng, column.len())];
            let row = self.rows.row(row as usize);
            site = row[below(rng, row.len())].site;
        }
    }

    /// Goes back to a set from which nothing was to be gained.
    fn restore(&mut self, kept: &[u32]) {
        let mut wanted = vec![false; self.rows.sites];
        for j in kept {
            wanted[*j as usize] = true;
        }
        self.work += (self.rows.sites / 4) as u64;
        self.quiet = true;
        for j in kept {
            if self.slot[*j as usize] == NONE {
                self.open(*j);
            }
        }
        for j in self.chosen.clone() {
            if !wanted[j as usize] {
                self.close(j);
            }
        }
        self.quiet = false;
        for j in self.queue.drain(..) {
            self.dirty[j as usize] = false;
        }
    }
}

/// A number below `count`; the bias of the remainder does not matter here.
fn below(rng: &mut ChaCha8Rng, count: usize) -> usize {
    (rng.next_u64() % count as u64) as usize
}
