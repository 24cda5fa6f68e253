//! Demand rows over dense local sites, each with an alternative that always stands.
//!
//! The one inner form of p-median and covering: a row costs its weight times the distance of its
//! nearest open site, or of its alternative (`cap`) if that is nearer. An existing centre, the
//! radius of a service (distances 0, alternative 1) and a list cut short are all alternatives; the
//! last makes the rows a relaxation, whose bound holds for the whole.

use std::collections::HashMap;

use super::instance::Entry;

/// Demand rows in compressed form, each row's entries nearest first and nearer than its cap.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    pub(super) sites: usize,
    pub(super) start: Vec<usize>,
    pub(super) entries: Vec<Entry>,
    pub(super) weight: Vec<i64>,
    pub(super) cap: Vec<u32>,
    /// What rows without entries cost.
    pub(super) constant: i64,
}

/// The same by site: the rows that list it.
pub(super) struct Columns {
    start: Vec<usize>,
    /// Row and distance.
    entries: Vec<(u32, u32)>,
}

impl Columns {
    pub(super) fn of(&self, site: u32) -> &[(u32, u32)] {
        &self.entries[self.start[site as usize]..self.start[site as usize + 1]]
    }
}

/// What was decided about a site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Free,
    Open,
    Closed,
}

impl Rows {
    pub(super) fn new(sites: usize) -> Self {
        let start = vec![0];
        Self { sites, start, entries: Vec::new(), weight: Vec::new(), cap: Vec::new(), constant: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.weight.len()
    }

    pub(super) fn row(&self, row: usize) -> &[Entry] {
        &self.entries[self.start[row]..self.start[row + 1]]
    }

    /// Adds a row; entries are sorted here, and those at the cap or beyond it dropped.
    /// Whether it says anything beyond a constant.
    pub(super) fn push(&mut self, weight: i64, cap: u32, entries: impl IntoIterator<Item = Entry>) -> bool {
        let from = self.entries.len();
        self.entries.extend(entries.into_iter().filter(|e| e.distance < cap));
        self.entries[from..].sort_unstable();
        self.close_row(from, weight, cap)
    }

    fn close_row(&mut self, from: usize, weight: i64, cap: u32) -> bool {
        if weight == 0 || self.entries.len() == from {
            self.constant += weight * i64::from(cap);
            self.entries.truncate(from);
            return false;
        }
        self.start.push(self.entries.len());
        self.weight.push(weight);
        self.cap.push(cap);
        true
    }

    /// What the open sites cost.
    pub(super) fn value(&self, open: &[bool]) -> i64 {
        let cost = |row: usize| {
            let nearest = self.row(row).iter().find(|e| open[e.site as usize]);
            self.weight[row] * i64::from(nearest.map_or(self.cap[row], |e| e.distance))
        };
        self.constant + (0..self.len()).map(cost).sum::<i64>()
    }

    pub(super) fn columns(&self) -> Columns {
        let mut start = vec![0usize; self.sites + 1];
        for e in &self.entries {
            start[e.site as usize + 1] += 1;
        }
        for j in 0..self.sites {
            start[j + 1] += start[j];
        }
        let mut next = start.clone();
        let mut entries = vec![(0, 0); self.entries.len()];
        for row in 0..self.len() {
            for e in self.row(row) {
                let at = &mut next[e.site as usize];
                entries[*at] = (row as u32, e.distance);
                *at += 1;
            }
        }
        Columns { start, entries }
    }

    /// The rows once some sites are decided: an open one becomes the alternative of its rows. Also
    /// the old number of each site that stays free, and of each row that stays.
    pub(super) fn restricted(&self, fate: &[Fate]) -> (Rows, Vec<u32>, Vec<u32>) {
        let mut new_of = vec![u32::MAX; self.sites];
        let mut old = Vec::new();
        for (j, fate) in fate.iter().enumerate() {
            if *fate == Fate::Free {
                new_of[j] = old.len() as u32;
                old.push(j as u32);
            }
        }
        let mut rows = Rows::new(old.len());
        rows.constant = self.constant;
        let mut kept = Vec::new();
        for row in 0..self.len() {
            let from = rows.entries.len();
            let mut cap = self.cap[row];
            for e in self.row(row) {
                match fate[e.site as usize] {
                    Fate::Free => {
                        rows.entries.push(Entry { distance: e.distance, site: new_of[e.site as usize] });
                    }
                    Fate::Closed => {}
                    Fate::Open => {
                        cap = e.distance;
                        break;
                    }
                }
            }
            // Sites as near as the alternative say nothing.
            while rows.entries.len() > from && rows.entries[rows.entries.len() - 1].distance >= cap {
                rows.entries.pop();
            }
            if rows.close_row(from, self.weight[row], cap) {
                kept.push(row as u32);
            }
        }
        (rows, old, kept)
    }

    /// Joins rows with equal lists and alternatives, in the order of their first; and the new number
    /// of each row.
    pub(super) fn merged(&self) -> (Rows, Vec<u32>) {
        let mut rows = Rows::new(self.sites);
        rows.constant = self.constant;
        let mut seen: HashMap<(u32, &[Entry]), u32> = HashMap::with_capacity(self.len());
        let mut new_of = Vec::with_capacity(self.len());
        for row in 0..self.len() {
            let next = rows.len() as u32;
            let new = *seen.entry((self.cap[row], self.row(row))).or_insert(next);
            new_of.push(new);
            if new == next {
                let from = rows.entries.len();
                rows.entries.extend_from_slice(self.row(row));
                rows.close_row(from, self.weight[row], self.cap[row]);
            } else {
                rows.weight[new as usize] += self.weight[row];
            }
        }
        (rows, new_of)
    }
}
