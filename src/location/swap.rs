//! Local search over sets of sites: greedy opening and swaps with kept sums.
//!
//! The fast interchange of Resende and Werneck (2007), eager as in FasterPAM (Schubert and
//! Rousseeuw 2021), over sparse columns: a swap is weighed in the time of one column, and after a
//! swap only sites near a changed row are weighed again.

mod shaken;

use std::collections::{BinaryHeap, VecDeque};

use super::rows::{Columns, Rows};

/// No site: the alternative serves.
const NONE: u32 = u32::MAX;
/// A column is wide that holds more than one row in so many.
const WIDE: usize = 8;

/// A set of open sites with, for each row, the two nearest.
pub(super) struct Open<'a> {
    rows: &'a Rows,
    columns: &'a Columns,
    pub(super) chosen: Vec<u32>,
    /// Place in `chosen`, or [`NONE`].
    slot: Vec<u32>,
    near: Vec<[(u32, u32); 2]>,
    /// What closing each chosen site costs, by site.
    loss: Vec<i64>,
    pub(super) value: i64,
    /// Sites whose swap may have become worth it.
    dirty: Vec<bool>,
    queue: VecDeque<u32>,
    /// Whether marks would be in vain.
    quiet: bool,
    /// Shakes since the set last became better.
    idle: u32,
    /// Work done beyond what was allowed.
    owed: u64,
    extra: Vec<i64>,
    touched: Vec<u32>,
    /// Distances looked at.
    pub(super) work: u64,
}

impl<'a> Open<'a> {
    pub(super) fn new(rows: &'a Rows, columns: &'a Columns, chosen: &[u32]) -> Self {
        let mut open = Self {
            rows,
            columns,
            chosen: Vec::new(),
            slot: vec![NONE; rows.sites],
            near: rows.cap.iter().map(|c| [(*c, NONE); 2]).collect(),
            loss: vec![0; rows.sites],
            value: 0,
            dirty: vec![true; rows.sites],
            queue: (0..rows.sites as u32).collect(),
            quiet: false,
            idle: 0,
            owed: 0,
            extra: vec![0; rows.sites],
            touched: Vec::new(),
            work: 0,
        };
        open.reset(chosen);
        open
    }

    /// Starts again from another set.
    pub(super) fn reset(&mut self, chosen: &[u32]) {
        self.slot.fill(NONE);
        self.loss.fill(0);
        self.chosen.clear();
        self.chosen.extend_from_slice(chosen);
        for (k, &j) in (0u32..).zip(chosen) {
            self.slot[j as usize] = k;
        }
        self.value = self.rows.constant;
        for row in 0..self.rows.len() {
            self.near[row] = self.two_nearest(row);
            let [(d1, first), (d2, _)] = self.near[row];
            self.value += self.rows.weight[row] * i64::from(d1);
            if first != NONE {
                self.loss[first as usize] += self.rows.weight[row] * i64::from(d2 - d1);
            }
        }
        self.dirty.fill(true);
        self.queue.clear();
        self.queue.extend(0..self.rows.sites as u32);
    }

    fn two_nearest(&mut self, row: usize) -> [(u32, u32); 2] {
        let mut near = [(self.rows.cap[row], NONE); 2];
        let mut found = 0;
        for e in self.rows.row(row) {
            self.work += 1;
            if self.slot[e.site as usize] != NONE {
                near[found] = (e.distance, e.site);
                found += 1;
                if found == 2 {
                    break;
                }
            }
        }
        near
    }

    /// What opening a site alone would save.
    fn gain(&mut self, site: u32) -> i64 {
        let column = self.columns.of(site);
        self.work += column.len() as u64;
        let saved = |&(row, d): &(u32, u32)| {
            let d1 = self.near[row as usize][0].0;
            self.rows.weight[row as usize] * i64::from(d1.saturating_sub(d))
        };
        column.iter().map(saved).sum()
    }

    /// Opens the site that saves most until `p` are open; sites that save nothing too, lowest first.
    pub(super) fn greedy(&mut self, p: usize) {
        let key = |gain: i64, j: u32| (gain, std::cmp::Reverse(j));
        let closed: Vec<u32> =
            (0..self.rows.sites as u32).filter(|j| self.slot[*j as usize] == NONE).collect();
        let mut heap: BinaryHeap<_> = closed.into_iter().map(|j| key(self.gain(j), j)).collect();
        while self.chosen.len() < p
            && let Some((gain, std::cmp::Reverse(j))) = heap.pop()
        {
            let now = self.gain(j);
            if now < gain && heap.peek().is_some_and(|next| *next > key(now, j)) {
                heap.push(key(now, j));
                continue;
            }
            self.open(j);
        }
    }

    /// Every site is to be weighed again: cheaper than row by row where a site serves many.
    fn mark_all(&mut self) {
        // Those weighed longest ago come first.
        for site in 0..self.rows.sites as u32 {
            if !std::mem::replace(&mut self.dirty[site as usize], true) {
                self.queue.push_back(site);
            }
        }
        self.work += self.rows.sites as u64;
    }

    /// Whether the rows of a column are so many that all sites are marked at once.
    fn is_wide(&self, column: &[(u32, u32)]) -> bool {
        column.len() * WIDE > self.rows.len()
    }

    fn mark(&mut self, row: usize) {
        for e in self.rows.row(row) {
            if !self.dirty[e.site as usize] {
                self.dirty[e.site as usize] = true;
                self.queue.push_front(e.site);
            }
        }
        self.work += self.rows.row(row).len() as u64;
    }

    fn replace(&mut self, row: usize, near: [(u32, u32); 2]) {
        let weight = self.rows.weight[row];
        let [(d1, first), (d2, _)] = self.near[row];
        self.value -= weight * i64::from(d1);
        if first != NONE {
            self.loss[first as usize] -= weight * i64::from(d2 - d1);
        }
        let [(d1, first), (d2, _)] = near;
        self.value += weight * i64::from(d1);
        if first != NONE {
            self.loss[first as usize] += weight * i64::from(d2 - d1);
        }
        self.near[row] = near;
    }

    /// Opens a site.
    pub(super) fn open(&mut self, site: u32) {
        self.slot[site as usize] = self.chosen.len() as u32;
        self.chosen.push(site);
        self.loss[site as usize] = 0;
        let columns = self.columns;
        let wide = self.quiet || self.is_wide(columns.of(site));
        for &(row, d) in columns.of(site) {
            let row = row as usize;
            let [one, two] = self.near[row];
            self.work += 1;
            if (d, site) >= two {
                continue;
            }
            let near = if (d, site) < one { [(d, site), one] } else { [one, (d, site)] };
            self.replace(row, near);
            if !wide {
                self.mark(row);
            }
        }
        if wide && !self.quiet {
            self.mark_all();
        }
    }

    /// Closes an open site.
    pub(super) fn close(&mut self, site: u32) {
        let at = self.slot[site as usize] as usize;
        self.slot[site as usize] = NONE;
        self.chosen.swap_remove(at);
        if let Some(&moved) = self.chosen.get(at) {
            self.slot[moved as usize] = at as u32;
        }
        let columns = self.columns;
        let wide = self.quiet || self.is_wide(columns.of(site));
        for &(row, _) in columns.of(site) {
            let row = row as usize;
            self.work += 1;
            if self.near[row][0].1 == site || self.near[row][1].1 == site {
                let near = self.two_nearest(row);
                self.replace(row, near);
                if !wide {
                    self.mark(row);
                }
            }
        }
        if wide && !self.quiet {
            self.mark_all();
        } else if !self.dirty[site as usize] {
            self.dirty[site as usize] = true;
            self.queue.push_front(site);
        }
    }

    /// What the best swap that opens `site` saves, and which site it closes.
    fn best_swap(&mut self, site: u32, cheapest: u32) -> (i64, u32) {
        let mut gain = 0;
        let column = self.columns.of(site);
        self.work += column.len() as u64;
        for &(row, d) in column {
            let row = row as usize;
            let [(d1, first), (d2, _)] = self.near[row];
            if d >= d2 {
                continue;
            }
            let weight = self.rows.weight[row];
            if d < d1 {
                gain += weight * i64::from(d1 - d);
            }
            if first != NONE {
                if self.extra[first as usize] == 0 {
                    self.touched.push(first);
                }
                self.extra[first as usize] += weight * i64::from(d2 - d.max(d1));
            }
        }
        let mut best = (gain - self.loss[cheapest as usize], cheapest);
        for first in self.touched.drain(..) {
            let saved = gain + self.extra[first as usize] - self.loss[first as usize];
            self.extra[first as usize] = 0;
            if saved > best.0 || (saved == best.0 && first < best.1) {
                best = (saved, first);
            }
        }
        best
    }

    /// What closing an open site costs.
    pub(super) fn loss_of(&self, site: u32) -> i64 {
        self.loss[site as usize]
    }

    /// The open site whose closing costs least.
    pub(super) fn cheapest(&self) -> Option<u32> {
        self.chosen.iter().copied().min_by_key(|j| (self.loss[*j as usize], *j))
    }

    /// Swaps while any saves something, within so much work.
    pub(super) fn descend(&mut self, work: u64) {
        let limit = self.work + work;
        let Some(mut cheapest) = self.cheapest() else { return };
        while let Some(site) = self.queue.pop_front() {
            self.dirty[site as usize] = false;
            if self.slot[site as usize] != NONE {
                continue;
            }
            let (saved, other) = self.best_swap(site, cheapest);
            if saved > 0 {
                self.close(other);
                self.open(site);
                self.work += self.chosen.len() as u64;
                cheapest = self.cheapest().unwrap_or(cheapest);
            }
            if self.work > limit {
                return;
            }
        }
    }
}
