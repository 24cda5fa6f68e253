//! Pricing of all sites, and what follows from it: sites dropped, taken in, lists lengthened.

use super::Search;
use super::setup::whole;
use crate::location::dual::{Dual, with_prices};
use crate::location::nearby::Nearby;
use crate::location::rows::Rows;

impl Search<'_> {
    /// The bound over all sites left, and what each earns; rows without a multiplier pay nothing.
    pub(super) fn price_all(&mut self) -> (i64, Vec<i64>) {
        let near = Nearby::of(self.instance, &self.alive);
        let mut local = vec![0u32; self.instance.sites.len()];
        for (k, j) in (0u32..).zip(&self.alive) {
            local[*j as usize] = k;
        }
        let mut price = vec![0i64; self.alive.len()];
        let mut sum = 0;
        let mut work = 0;
        for row in 0..self.pays.len() {
            let unit = self.weight(row) * self.scale;
            if unit == 0 {
                continue;
            }
            let most = self.cap[row].min(self.reach[row]);
            let pays = if self.pays[row] < 0 { unit * i64::from(most) } else { self.pays[row] };
            sum += pays;
            let below = (pays / unit + 1).min(i64::from(u32::MAX)) as u32;
            near.visit(row, below, |e| {
                work += 3;
                price[local[e.site as usize] as usize] += (unit * i64::from(e.distance) - pays).min(0);
            });
        }
        self.meter.done += work;
        let mut sorted = price.clone();
        if self.p > 0 && self.p < sorted.len() {
            sorted.select_nth_unstable(self.p - 1);
        }
        (with_prices(sum, sorted[..self.p].iter().copied()), price)
    }

    /// Drops sites no better answer opens; what is left with its prices.
    pub(super) fn fix(&mut self, bound: i64, price: &[i64]) -> Vec<(i64, u32)> {
        let mut sorted = price.to_vec();
        let last = if self.p > 0 { *sorted.select_nth_unstable(self.p - 1).1 } else { 0 };
        let stays = |price: i64| whole(bound + (price - last).max(0), self.scale) < self.best;
        let kept: Vec<(i64, u32)> =
            price.iter().copied().zip(self.alive.iter().copied()).filter(|k| stays(k.0)).collect();
        self.alive = kept.iter().map(|k| k.1).collect();
        kept
    }

    /// The sites that earn most, and the chosen ones.
    pub(super) fn next_active(&self, kept: &[(i64, u32)], count: usize) -> Vec<u32> {
        if kept.len() <= count.max(self.p * 2) {
            return self.alive.clone();
        }
        let mut kept = kept.to_vec();
        kept.select_nth_unstable(count.max(self.p * 2) - 1);
        let mut sites: Vec<u32> = kept[..count.max(self.p * 2)].iter().map(|k| k.1).collect();
        sites.extend(self.chosen.iter().filter(|j| self.alive.binary_search(j).is_ok()));
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    /// Lengthens the lists of rows that a site beyond them serves or that would pay for one.
    pub(super) fn lengthen(&mut self, rows: &Rows, names: &[u32], dual: &Dual) -> bool {
        let mut longer = false;
        let near = Nearby::of(self.instance, &self.chosen);
        for row in 0..self.reach.len() {
            let reach = self.reach[row];
            if reach >= self.cap[row] || reach == u32::MAX {
                continue;
            }
            let d = near.nearest(row).map_or(u32::MAX, |e| e.distance);
            if d >= reach {
                self.reach[row] = d.saturating_add(d / 4).max(1);
                longer = true;
            }
        }
        for (k, row) in names.iter().enumerate() {
            let row = *row as usize;
            let reach = self.reach[row];
            let unit = rows.weight[k] * self.scale;
            if reach < self.cap[row] && reach != u32::MAX && dual.u[k] >= unit * i64::from(rows.cap[k]) {
                self.reach[row] = reach.saturating_add(reach / 4 + 1);
                longer = true;
            }
        }
        longer
    }
}
