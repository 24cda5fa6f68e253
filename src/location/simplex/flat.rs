//! The dual simplex over rows whose sites are all equally far, from the vertex of a parent.
//!
//! A decision leaves what rows pay as good as it was, only some site is open by more or less than
//! it may be. Each step puts one such site, or one row served otherwise than it pays for, in order,
//! and what rows pay goes on rising over all sites that come to be worth flipping while the bound
//! rises (the long steps of Maros 2003). The bound only ever rises, so that it may stop anywhere.

mod pivot;
#[cfg(test)]
mod tests;

use super::kernel::Kernel;
use super::{COUNT, Ended, NONE, Simplex, Vertex};
use crate::location::rows::Fate;
use crate::location::tree::Meter;

/// Shares of a site, and of a row, that count as none.
const IN_ORDER: f64 = 3e-5;
/// Prices, as shares of the largest, that count as nothing, and changes of them.
const CHEAP: f64 = 1e-7;
const STILL: f64 = 1e-9;
/// Pivots below this are too small.
const PIVOT: f64 = 1e-7;
/// Steps after which the basis is made anew.
const FRESH: u32 = 80;

/// What leaves the basis: a site in part, by place, or a row that is not tight; and whether what it
/// costs, or pays, goes up or down.
#[derive(Clone, Copy, Debug)]
enum Leaving {
    Site(usize, f64),
    Row(u32, f64),
}

/// Where what rows pay can rise no further along a ray.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stop {
    Site(u32),
    Tight(u32),
    Own,
}

#[derive(Clone, Copy, Debug)]
struct Break {
    at: f64,
    stop: Stop,
    less: f64,
}

impl Break {
    fn key(&self) -> (u8, u32) {
        match self.stop {
            Stop::Site(j) => (0, j),
            Stop::Tight(t) => (1, t),
            Stop::Own => (2, 0),
        }
    }
}

impl Simplex<'_> {
    /// Whether every row's sites are equally far.
    pub(super) fn is_flat(&self) -> bool {
        self.flat.iter().all(|flat| *flat)
    }

    /// Goes to the optimum among what is decided, from the optimum of a parent: so many steps, or
    /// until the bound has risen by `enough`, or can rise by no more than `little`; none if that fails.
    pub(super) fn decide(
        &mut self,
        from: &Vertex,
        kernel: Option<&Kernel>,
        fates: &[Fate],
        (steps, enough, little): (u32, f64, f64),
        meter: &mut Meter,
    ) -> Option<Ended> {
        let before = self.work;
        let ended = self.descend(from, kernel, fates, (steps, enough * self.unit, little * self.unit), meter);
        meter.done += self.work - before;
        ended
    }

    fn descend(
        &mut self,
        from: &Vertex,
        kernel: Option<&Kernel>,
        fates: &[Fate],
        (steps, enough, little): (u32, f64, f64),
        meter: &Meter,
    ) -> Option<Ended> {
        if !self.stand(from, fates, kernel) {
            return None;
        }
        self.prices();
        if !self.sound(fates) {
            return None;
        }
        let (mut risen, mut age) = (0.0, 0);
        let began = self.work;
        for _ in 0..steps {
            let Some(leaving) = self.leaving(fates, little) else {
                self.prices();
                return Some(Ended::Optimal);
            };
            if age >= FRESH.max(self.part.len() as u32) {
                age = 0;
                if !self.anew(false, None) {
                    return None;
                }
                self.prices();
            }
            age += 1;
            risen += self.turn(leaving, fates)?;
            if risen >= enough || meter.done + self.work - began > meter.limit {
                break;
            }
        }
        self.prices();
        Some(Ended::Stopped)
    }

    /// Whether prices are as they should be at an optimum.
    fn sound(&self, fates: &[Fate]) -> bool {
        let site = |j: usize| {
            let price = self.price[j];
            self.slot[j] != NONE
                || fates[j] != Fate::Free
                || if self.x[j] > 0.5 { price <= CHEAP } else { price >= -CHEAP }
        };
        let row = |t: usize| {
            let row = self.tight[t];
            row == COUNT || (self.more[t] >= -CHEAP && self.more[t] <= self.most(row as usize) + CHEAP)
        };
        (0..fates.len()).all(site) && (0..self.tight.len()).all(row)
    }

    /// Whether a row that is not tight pays for its alternative.
    fn without(&self, row: usize) -> bool {
        self.level[row] > 0
    }

    /// What is most out of order for what it takes to change it.
    fn leaving(&mut self, fates: &[Fate], little: f64) -> Option<Leaving> {
        let mut found: Vec<(f64, Leaving)> = Vec::new();
        let mut missed = 0.0;
        for (f, j) in self.part.iter().enumerate() {
            let x = self.x[*j as usize];
            let (low, high) = match fates[*j as usize] {
                Fate::Free => (0.0, 1.0),
                Fate::Open => (1.0, 1.0),
                Fate::Closed => (0.0, 0.0),
            };
            let (under, over) = (low - x, x - high);
            if under.max(over) > IN_ORDER {
                found.push((under.max(over), Leaving::Site(f, if under > over { 1.0 } else { -1.0 })));
            }
        }
        for row in 0..self.served.len() {
            if self.place[row] != NONE {
                continue;
            }
            let missing = self.wanted[row] - self.served[row];
            let (off, sign) = if self.level[row] > 0 { (-missing, -1.0) } else { (missing, 1.0) };
            if off > IN_ORDER {
                missed += off * self.whole_of(row);
                found.push((off, Leaving::Row(row as u32, sign)));
            }
        }
        // With all sites in order this is all that the bound can still rise.
        if missed < little && found.iter().all(|f| matches!(f.1, Leaving::Row(..))) {
            return None;
        }
        self.work += (self.served.len() / 4) as u64;
        let key = |leaving: &Leaving| match leaving {
            Leaving::Site(f, _) => (0, *f as u32),
            Leaving::Row(row, _) => (1, *row),
        };
        let norm = |leaving: &Leaving| match leaving {
            Leaving::Site(f, _) => self.norms.site[self.part[*f] as usize],
            Leaving::Row(row, _) => self.norms.row[*row as usize],
        };
        let best = found.into_iter().map(|(off, leaving)| (off * off / norm(&leaving), leaving));
        best.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| key(&b.1).cmp(&key(&a.1)))).map(|best| best.1)
    }

    /// How tight rows answer, before its sign, to what leaves.
    fn pull(&mut self, leaving: Leaving) -> Vec<f64> {
        self.work += (self.kernel.size) as u64;
        match leaving {
            Leaving::Site(f, _) => self.kernel.of_site(f),
            Leaving::Row(row, _) => self.kernel.under(&self.all_across(row as usize)),
        }
    }

    fn all_across(&self, row: usize) -> Vec<(u32, f64)> {
        self.across(row, self.rows.row(row).len() as u32)
    }

    /// One step; by how much the bound rises, or none where there is no sound pivot.
    fn turn(&mut self, leaving: Leaving, fates: &[Fate]) -> Option<f64> {
        let z = self.pull(leaving);
        let (Leaving::Site(_, sign) | Leaving::Row(_, sign)) = leaving;
        // How what tight rows pay changes, and with it what sites cost.
        let ray: Vec<f64> = z.iter().map(|z| if z.abs() < STILL { 0.0 } else { -sign * z }).collect();
        let mut slopes = std::mem::take(&mut self.line.moves);
        let rows = self.rows;
        for (t, d) in ray.iter().enumerate().filter(|(_, d)| **d != 0.0) {
            match self.tight[t] {
                COUNT => slopes[..self.real].iter_mut().for_each(|s| *s -= d),
                row => {
                    let entries = rows.row(row as usize);
                    self.work += entries.len() as u64;
                    entries.iter().for_each(|e| slopes[e.site as usize] -= d);
                }
            }
        }
        let off = match leaving {
            Leaving::Site(f, _) => {
                let j = self.part[f] as usize;
                let target = self.target(j, sign, fates);
                (self.x[j] - target).abs()
            }
            Leaving::Row(row, _) => {
                rows.row(row as usize).iter().for_each(|e| slopes[e.site as usize] -= sign);
                (self.wanted[row as usize] - self.served[row as usize]).abs()
            }
        };
        let breaks = self.breaks(leaving, &ray, &slopes, fates);
        let (mut slope, mut at, mut risen, mut last) = (off, 0.0, 0.0, None);
        for (k, b) in breaks.iter().enumerate() {
            risen += slope * (b.at - at);
            at = b.at;
            slope -= b.less;
            if slope <= 0.0 {
                last = Some(k);
                break;
            }
        }
        let sound = last.is_some_and(|k| self.pivot(leaving, &z, (&ray, &slopes), &breaks[..=k], fates));
        slopes.fill(0.0);
        self.line.moves = slopes;
        sound.then_some(risen)
    }

    /// Where a site in part that leaves the basis goes.
    fn target(&self, site: usize, sign: f64, fates: &[Fate]) -> f64 {
        match fates[site] {
            Fate::Open => 1.0,
            Fate::Closed => 0.0,
            Fate::Free => f64::from(u8::from(sign < 0.0)),
        }
    }

    /// Where sites come to be worth flipping, and tight rows pay all or nothing.
    fn breaks(&mut self, leaving: Leaving, ray: &[f64], slopes: &[f64], fates: &[Fate]) -> Vec<Break> {
        let mut breaks = Vec::new();
        let mut first = f64::INFINITY;
        if let Leaving::Row(row, _) = leaving {
            first = self.whole_of(row as usize);
            breaks.push(Break { at: first, stop: Stop::Own, less: f64::INFINITY });
        }
        for (t, d) in ray.iter().enumerate().filter(|(_, d)| d.abs() > STILL) {
            let row = self.tight[t];
            if row == COUNT {
                continue;
            }
            let room = if *d < 0.0 { self.more[t] } else { self.most(row as usize) - self.more[t] };
            let at = room.max(0.0) / d.abs();
            if at <= first {
                first = at;
                breaks.push(Break { at, stop: Stop::Tight(t as u32), less: f64::INFINITY });
            }
        }
        for (j, s) in slopes.iter().enumerate() {
            if s.abs() <= STILL || self.slot[j] != NONE || fates[j] != Fate::Free {
                continue;
            }
            let open = self.x[j] > 0.5;
            if open != (*s > 0.0) {
                continue;
            }
            let at = if open { -self.price[j] } else { self.price[j] }.max(0.0) / s.abs();
            if at <= first {
                breaks.push(Break { at, stop: Stop::Site(j as u32), less: s.abs() });
            }
        }
        self.work += (slopes.len() + ray.len()) as u64;
        breaks.sort_unstable_by(|a, b| a.at.total_cmp(&b.at).then_with(|| a.key().cmp(&b.key())));
        breaks
    }

    /// All a row can pay beyond the least.
    fn whole_of(&self, row: usize) -> f64 {
        let span = self.rows.cap[row] - self.rows.row(row)[0].distance;
        f64::from(span) * self.rows.weight[row] as f64 * self.unit
    }
}
