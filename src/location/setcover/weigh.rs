//! Covers by row weights: the longer a row stays uncovered, the more it counts.
//!
//! RWLS of Gao, Weise and Li (2015): from a cover one site is taken out, then sites are exchanged
//! one by one until every row is covered again. A step costs the rows of two sites and the sites of
//! the rows whose cover appears or ends.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use crate::location::rows::{Columns, Rows};
use crate::location::tree::Meter;

/// Nowhere in the list of uncovered rows.
const NONE: u32 = u32::MAX;

/// A set of open sites that covers some of the rows.
pub(super) struct Weighing<'a> {
    rows: &'a Rows,
    columns: &'a Columns,
    weight: Vec<i64>,
    /// What a site's rows weigh that it alone covers, or would.
    score: Vec<i64>,
    place: Vec<u32>,
    chosen: Vec<u32>,
    /// How many sites cover a row, and their numbers joined by exclusive or.
    count: Vec<u32>,
    joined: Vec<u32>,
    uncovered: Vec<u32>,
    at: Vec<u32>,
    stamp: Vec<u64>,
    may: Vec<bool>,
    clock: u64,
    pub(super) work: u64,
}

impl<'a> Weighing<'a> {
    pub(super) fn new(rows: &'a Rows, columns: &'a Columns) -> Self {
        let count = |j| columns.of(j).len() as i64;
        Self {
            rows,
            columns,
            weight: vec![1; rows.len()],
            score: (0..rows.sites as u32).map(count).collect(),
            place: vec![NONE; rows.sites],
            chosen: Vec::new(),
            count: vec![0; rows.len()],
            joined: vec![0; rows.len()],
            uncovered: (0..rows.len() as u32).collect(),
            at: (0..rows.len() as u32).collect(),
            stamp: vec![0; rows.sites],
            may: vec![true; rows.sites],
            clock: 0,
            work: 0,
        }
    }

    fn open(&mut self, site: u32) {
        self.place[site as usize] = self.chosen.len() as u32;
        self.chosen.push(site);
        let (rows, columns) = (self.rows, self.columns);
        self.work += columns.of(site).len() as u64;
        for &(row, _) in columns.of(site) {
            let r = row as usize;
            match self.count[r] {
                0 => {
                    for e in rows.row(r).iter().filter(|e| e.site != site) {
                        self.score[e.site as usize] -= self.weight[r];
                        self.may[e.site as usize] = true;
                    }
                    self.work += rows.row(r).len() as u64;
                    let at = self.at[r];
                    self.uncovered.swap_remove(at as usize);
                    if let Some(moved) = self.uncovered.get(at as usize) {
                        self.at[*moved as usize] = at;
                    }
                    self.at[r] = NONE;
                }
                1 => self.score[self.joined[r] as usize] -= self.weight[r],
                _ => {}
            }
            self.count[r] += 1;
            self.joined[r] ^= site;
        }
    }

    fn close(&mut self, site: u32) {
        let at = self.place[site as usize] as usize;
        self.place[site as usize] = NONE;
        self.chosen.swap_remove(at);
        if let Some(moved) = self.chosen.get(at) {
            self.place[*moved as usize] = at as u32;
        }
        self.may[site as usize] = false;
        let (rows, columns) = (self.rows, self.columns);
        self.work += columns.of(site).len() as u64;
        for &(row, _) in columns.of(site) {
            let r = row as usize;
            self.count[r] -= 1;
            self.joined[r] ^= site;
            match self.count[r] {
                0 => {
                    for e in rows.row(r).iter().filter(|e| e.site != site) {
                        self.score[e.site as usize] += self.weight[r];
                        self.may[e.site as usize] = true;
                    }
                    self.work += rows.row(r).len() as u64;
                    self.at[r] = self.uncovered.len() as u32;
                    self.uncovered.push(row);
                }
                1 => self.score[self.joined[r] as usize] += self.weight[r],
                _ => {}
            }
        }
    }

    /// Opens the site that covers most, until all is covered.
    pub(super) fn fill(&mut self) {
        while !self.uncovered.is_empty() {
            let gain = |j: &u32| (self.score[*j as usize], std::cmp::Reverse(*j));
            let closed = (0..self.rows.sites as u32).filter(|j| self.place[*j as usize] == NONE);
            let Some(site) = closed.max_by_key(gain) else { return };
            self.work += self.rows.sites as u64;
            self.open(site);
        }
    }

    /// The sites open without those that cover nothing alone.
    pub(super) fn pruned(&mut self) -> Vec<u32> {
        while let Some(&site) = self.chosen.iter().find(|j| self.score[**j as usize] == 0) {
            self.close(site);
        }
        self.chosen.clone()
    }

    /// The open site whose closing uncovers least, the longest undisturbed of equals.
    fn least(&self, but: u32) -> Option<u32> {
        let key = |j: &u32| (self.score[*j as usize], self.stamp[*j as usize], *j);
        self.chosen.iter().copied().filter(|j| *j != but).min_by_key(key)
    }

    /// Searches covers of ever fewer sites, `wanted` at best, for so much work; the smallest found.
    pub(super) fn run(
        &mut self,
        wanted: usize,
        work: u64,
        rng: &mut ChaCha8Rng,
        meter: &mut Meter,
    ) -> Option<Vec<u32>> {
        let began = self.work;
        let limit = began + work.min(meter.limit.saturating_sub(meter.done));
        if self.chosen.is_empty() {
            self.fill();
        }
        let mut best = None;
        let mut last = NONE;
        while self.work < limit {
            if self.uncovered.is_empty() {
                best = Some(self.pruned());
                if self.chosen.len() <= wanted {
                    break;
                }
                while self.uncovered.is_empty()
                    && let Some(site) = self.least(NONE)
                {
                    self.close(site);
                }
                continue;
            }
            self.clock += 1;
            self.work += self.chosen.len() as u64;
            if let Some(site) = self.least(last) {
                self.close(site);
                self.stamp[site as usize] = self.clock;
            }
            let row = self.uncovered[(rng.next_u64() % self.uncovered.len() as u64) as usize];
            let key = |j: &u32| (self.score[*j as usize], std::cmp::Reverse(self.stamp[*j as usize]), *j);
            let sites = self.rows.row(row as usize).iter().map(|e| e.site);
            let allowed = sites.clone().filter(|j| self.may[*j as usize]).max_by_key(key);
            let Some(site) = allowed.or_else(|| sites.max_by_key(key)) else { break };
            self.open(site);
            self.stamp[site as usize] = self.clock;
            last = site;
            for k in 0..self.uncovered.len() {
                let row = self.uncovered[k] as usize;
                self.weight[row] += 1;
                for e in self.rows.row(row) {
                    self.score[e.site as usize] += 1;
                }
                self.work += self.rows.row(row).len() as u64;
            }
        }
        meter.done += self.work - began;
        best
    }
}
