//! Which sites make a region, and what is tried there.

use super::region::{Region, Regions};
use crate::location::instance::{Instance, State};
use crate::location::nearby::Nearby;

/// Rows a site serves on average below which habits are other ones.
const FEW: usize = 6;
/// Habits by trial, where sites serve many rows and where they serve few.
const MANY_ROWS: Habits = Habits { least: 2, tries: 1, again: 4, heat: 0.12, square: true };
const FEW_ROWS: Habits = Habits { least: 3, tries: 4, again: 20, heat: 0.09, square: false };
/// Sites kept around a row for each that is open among them on average.
const AROUND: usize = 12;
/// Sites kept around all rows at most.
const LISTED_MAX: usize = 20_000_000;

/// How regions are taken apart.
pub(super) struct Habits {
    /// Sites of a region at least.
    least: usize,
    /// Rows drawn for one at whose place nothing is open.
    tries: u32,
    /// One region in so many has a second site opened elsewhere.
    again: usize,
    /// Heat at first, as a share of what a site's rows cost, and whether it falls as the square of
    /// the work that is left.
    pub(super) heat: f64,
    pub(super) square: bool,
}

impl Regions<'_> {
    /// Those that suit the rows a site serves.
    pub(super) fn habits(&self) -> &'static Habits {
        if self.home.len() < FEW * self.sites.len() { &FEW_ROWS } else { &MANY_ROWS }
    }

    /// Slots of some open sites near a random row, sometimes near two.
    pub(super) fn pick(&mut self) -> Vec<usize> {
        let p = self.sites.len();
        let count = self.habits().least + self.below(4);
        let mut slots = self.near(count.min(p));
        if self.below(3) == 0 {
            let more = 2 + self.below(2);
            let more = self.near(more.min(p));
            slots.extend(more);
            slots.sort_unstable();
            slots.dedup();
        }
        slots
    }

    fn near(&mut self, count: usize) -> Vec<usize> {
        let row = self.below(self.home.len()) as u32;
        if let Some(around) = self.around.get(row as usize) {
            let open = around.iter().filter(|j| self.open[**j as usize]);
            let found: Vec<usize> = open.take(count).map(|j| self.slot[*j as usize] as usize).collect();
            if found.len() == count {
                self.work += (around.len() / 2) as u64;
                return found;
            }
        }
        let mut order: Vec<(i64, usize)> =
            (0..self.sites.len()).map(|s| (self.matrix.cost(row, self.sites[s]), s)).collect();
        self.work += 3 * order.len() as u64;
        order.select_nth_unstable(count - 1);
        order.truncate(count);
        order.sort_unstable();
        order.into_iter().map(|o| o.1).collect()
    }

    /// The region with one of its sites opened elsewhere in it.
    pub(super) fn rebuilt(&mut self, slots: &[usize]) -> Region {
        let mut sites: Vec<u32> = slots.iter().map(|s| self.sites[*s]).collect();
        let fixed: Vec<bool> = slots.iter().map(|s| self.fixed[*s]).collect();
        let rows: Vec<u32> = slots.iter().flat_map(|s| self.members[*s].iter().copied()).collect();
        if rows.is_empty() {
            return self.assigned(sites, fixed, rows);
        }
        let habits = self.habits();
        let swaps = 1 + usize::from(self.below(habits.again) == 0);
        for _ in 0..swaps {
            let gone = self.below(sites.len());
            let mut row = rows[self.below(rows.len())];
            for _ in 1..habits.tries {
                if !self.open[self.home[row as usize] as usize] {
                    break;
                }
                row = rows[self.below(rows.len())];
            }
            let new = self.home[row as usize];
            if !fixed[gone] && !self.open[new as usize] && !sites.contains(&new) {
                sites[gone] = new;
            }
        }
        let mut region = self.assigned(sites, fixed, rows);
        self.settle(&mut region);
        region
    }
}

/// The sites around each row in which a few open ones are to be expected.
pub(super) fn around(instance: &Instance, p: usize) -> Vec<Vec<u32>> {
    let sites: Vec<u32> = (0u32..)
        .zip(&instance.sites)
        .filter(|(_, site)| site.state != State::Forbidden)
        .map(|(j, _)| j)
        .collect();
    let count = AROUND * sites.len().div_ceil(p.max(1));
    if count > p / 2 || instance.weights.len() * count > LISTED_MAX {
        return Vec::new();
    }
    let near = Nearby::of(instance, &sites);
    let mut list = Vec::new();
    let row = |row: usize| {
        near.some_nearest(row, count, &mut list);
        list.iter().map(|e| e.site).collect()
    };
    (0..instance.weights.len()).map(row).collect()
}
