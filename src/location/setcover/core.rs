//! What is left of a cover once settled rows and sites are gone.

use crate::location::presolve;
use crate::location::rows::{Fate, Rows};
use crate::location::tree::Meter;

/// Rows still to be covered, by sites that may still be opened.
#[derive(Clone)]
pub(super) struct Core {
    pub(super) rows: Rows,
    /// The number outside of each site.
    pub(super) names: Vec<u32>,
    /// Sites opened so far, by their numbers outside.
    pub(super) opened: Vec<u32>,
    /// The multiplier of each row, where there are any.
    pub(super) u: Vec<i64>,
}

impl Core {
    /// Every row, each once.
    pub(super) fn of(rows: &Rows) -> Self {
        let names = (0..rows.sites as u32).collect();
        Self { rows: rows.merged().0, names, opened: Vec::new(), u: Vec::new() }
    }

    /// Sites of the core as outside, with those opened.
    pub(super) fn outside(&self, sites: &[u32]) -> Vec<u32> {
        sites.iter().map(|j| self.names[*j as usize]).chain(self.opened.iter().copied()).collect()
    }

    /// The core once some sites are decided; none if a row is left without sites.
    pub(super) fn decided(&self, fate: &[Fate]) -> Option<Self> {
        let (rows, old, kept) = self.rows.restricted(fate);
        if rows.constant > self.rows.constant {
            return None;
        }
        let names = old.iter().map(|j| self.names[*j as usize]).collect();
        let just = (0..fate.len()).filter(|j| fate[*j] == Fate::Open).map(|j| self.names[j]);
        let opened = self.opened.iter().copied().chain(just).collect();
        let u = kept.iter().filter_map(|row| self.u.get(*row as usize)).copied().collect();
        Some(Self { rows, names, opened, u })
    }

    /// Drops rows covered whenever another is, closes sites that cover no more than another, opens
    /// sites that alone cover a row, until nothing changes.
    pub(super) fn shrink(&mut self, meter: &mut Meter) {
        loop {
            meter.done += self.rows.entries.len() as u64 * 4;
            let before = (self.rows.sites, self.rows.len());
            let kept = presolve::not_implied(&self.rows);
            if kept.len() < self.rows.len() {
                self.rows = presolve::only(&self.rows, &kept);
                self.u = kept.iter().filter_map(|row| self.u.get(*row)).copied().collect();
            }
            let mut fate = presolve::dominated(&self.rows);
            for row in 0..self.rows.len() {
                let mut free = self.rows.row(row).iter().filter(|e| fate[e.site as usize] != Fate::Closed);
                if let (Some(only), None) = (free.next(), free.next()) {
                    fate[only.site as usize] = Fate::Open;
                }
            }
            if let Some(next) = self.decided(&fate) {
                *self = next;
            }
            if (self.rows.sites, self.rows.len()) == before {
                return;
            }
        }
    }
}
