//! Moves within a region: rows sent elsewhere or exchanged, sites succeeded by members.

use super::region::{Region, Regions};

/// Members nearest to a site that are tried as its successor.
const SUCCESSORS: usize = 40;

impl Regions<'_> {
    /// Sends rows to better sites, alone or in exchange for another.
    pub(super) fn moves(&mut self, region: &mut Region) -> bool {
        let mut any = false;
        let mut within = std::mem::take(&mut self.within);
        within.iter_mut().for_each(Vec::clear);
        within.resize(region.sites.len(), Vec::new());
        for (k, at) in (0u32..).zip(&region.at) {
            within[*at as usize].push(k);
        }
        for k in 0..region.rows.len() {
            let (row, b) = (region.rows[k], region.at[k] as usize);
            let load = self.load(row);
            let here = self.cost(region, k, b);
            let relief = (Self::over(region.room[b]) - Self::over(region.room[b] + load)) * self.penalty;
            let mut best = (0i64, usize::MAX, u32::MAX);
            for (a, members) in within.iter().enumerate() {
                if a == b {
                    continue;
                }
                let there = self.cost(region, k, a);
                self.work += 3;
                let gain = here - there + relief;
                if gain <= best.0 {
                    continue;
                }
                let burden = (Self::over(region.room[a] - load) - Self::over(region.room[a])) * self.penalty;
                if gain - burden > best.0 {
                    best = (gain - burden, a, u32::MAX);
                }
                if burden == 0 {
                    continue;
                }
                for &other in members {
                    let less = self.load(region.rows[other as usize]);
                    let (room_a, room_b) = (region.room[a] - load + less, region.room[b] + load - less);
                    let over = Self::over(room_a) + Self::over(room_b)
                        - Self::over(region.room[a])
                        - Self::over(region.room[b]);
                    if over > 0 {
                        continue;
                    }
                    let gain = here - there + self.cost(region, other as usize, a)
                        - self.cost(region, other as usize, b)
                        - over * self.penalty;
                    if gain > best.0 {
                        best = (gain, a, other);
                    }
                }
                self.work += 3 * members.len() as u64;
            }
            let (_, a, other) = best;
            if a == usize::MAX {
                continue;
            }
            any = true;
            region.at[k] = a as u32;
            region.room[a] -= load;
            region.room[b] += load;
            within[b].retain(|x| *x != k as u32);
            within[a].push(k as u32);
            if other != u32::MAX {
                let less = self.load(region.rows[other as usize]);
                region.at[other as usize] = b as u32;
                region.room[a] += less;
                region.room[b] -= less;
                within[a].retain(|x| *x != other);
                within[b].push(other);
            }
        }
        self.within = within;
        any
    }

    /// Gives clusters the best site among those of their inner members.
    pub(super) fn successors(&mut self, region: &mut Region) -> bool {
        let mut any = false;
        for s in 0..region.sites.len() {
            if region.fixed[s] {
                continue;
            }
            let site = region.sites[s];
            let mut inner: Vec<(i64, u32)> = (0..region.rows.len())
                .filter(|k| region.at[*k] as usize == s)
                .map(|k| (self.cost(region, k, s), region.rows[k]))
                .collect();
            if inner.is_empty() {
                continue;
            }
            let rows: Vec<u32> = inner.iter().map(|i| i.1).collect();
            let mut best = (inner.iter().map(|i| i.0).sum::<i64>(), site);
            if inner.len() > SUCCESSORS {
                inner.select_nth_unstable(SUCCESSORS - 1);
                inner.truncate(SUCCESSORS);
            }
            let load = self.capacity(site) - region.room[s];
            for &(_, row) in &inner {
                let new = self.home[row as usize];
                let taken = self.open[new as usize] || region.sites.contains(&new);
                if taken || self.capacity(new) < load.min(self.capacity(site)) {
                    continue;
                }
                let mut sum = 0;
                for &row in &rows {
                    sum += self.matrix.cost(row, new);
                    self.work += 1;
                    if sum >= best.0 {
                        break;
                    }
                }
                if sum < best.0 {
                    best = (sum, new);
                }
            }
            if best.1 != site {
                self.succeed(region, s, best.1);
                any = true;
            }
        }
        any
    }
}
