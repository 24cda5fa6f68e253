//! A bound on covers by Lagrangian relaxation, in whole numbers.
//!
//! Each row pays up to what one site costs; a site is worth opening that is paid more than it
//! costs. What rows pay less what such sites gain bounds every cover from below, exactly, whatever
//! rows pay. They follow smoothed subgradients (Barahona and Anbil 2000) from a feasible start.

use crate::location::rows::{Columns, Fate, Rows};
use crate::location::tree::Meter;

/// What a site costs: multipliers are whole numbers of this fineness.
pub(super) const UNIT: i64 = 1 << 24;
/// Share of a new subgradient in the direction, and of a new choice in the mean of choices.
const FRESH: f64 = 0.2;
const MEMORY: f32 = 0.06;
/// Steps without a better bound after which steps are shortened, and how.
const PATIENCE: u32 = 20;
const SHORTER: f64 = 0.8;
/// A rise, in sites, too small to count as better.
const LITTLE: f64 = 5e-4;
const FIRST_STEP: f64 = 1.0;
/// Length of step at which it is no use any more.
const LAST_STEP: f64 = 0.004;

/// What rows pay, and what follows.
#[derive(Clone, Debug)]
pub(super) struct Multipliers {
    /// The best so far.
    pub(super) u: Vec<i64>,
    /// Their bound, in [`UNIT`]s to a site.
    bound: i64,
    /// What each site costs less what it is paid.
    pub(super) price: Vec<i64>,
    /// How often each site was worth opening, lately.
    pub(super) share: Vec<f32>,
    pub(super) theta: f64,
    idle: u32,
}

impl Multipliers {
    pub(super) fn from(rows: &Rows, u: Vec<i64>) -> Self {
        let (price, share) = (vec![0; rows.sites], vec![0.0; rows.sites]);
        Self { u, bound: 0, price, share, theta: FIRST_STEP, idle: 0 }
    }

    /// Each row pays its part of the site that covers most.
    pub(super) fn first(rows: &Rows) -> Self {
        let mut size = vec![0i64; rows.sites];
        for e in &rows.entries {
            size[e.site as usize] += 1;
        }
        let pays = |row: usize| {
            let largest = rows.row(row).iter().map(|e| size[e.site as usize]).max();
            UNIT / largest.unwrap_or(1).max(1)
        };
        Self::from(rows, (0..rows.len()).map(pays).collect())
    }

    /// The bound as a number of sites.
    pub(super) fn whole(&self) -> usize {
        (self.bound.max(0) as usize).div_ceil(UNIT as usize)
    }

    fn ratio(&self) -> f64 {
        self.bound as f64 / UNIT as f64
    }

    pub(super) fn settled(&self) -> bool {
        self.theta < LAST_STEP
    }

    /// Climbs so many steps, or until fewer than `upper` sites are known not to suffice.
    pub(super) fn climb(
        &mut self,
        rows: &Rows,
        columns: &Columns,
        upper: usize,
        steps: u32,
        meter: &mut Meter,
    ) {
        let mut u = self.u.clone();
        let mut paid = vec![0i64; rows.sites];
        let mut direction = vec![0.0f64; rows.len()];
        let mut served = vec![0i32; rows.len()];
        for step in 0..steps {
            paid.fill(0);
            let mut sum = 0;
            for (row, pays) in u.iter().enumerate().filter(|(_, pays)| **pays > 0) {
                sum += pays;
                for e in rows.row(row) {
                    paid[e.site as usize] += pays;
                }
                meter.done += rows.row(row).len() as u64;
            }
            meter.done += (rows.len() + rows.sites) as u64;
            let bound = sum - paid.iter().map(|paid| (paid - UNIT).max(0)).sum::<i64>();
            let ratio = bound as f64 / UNIT as f64;
            if ratio > self.ratio() {
                self.idle = if ratio - self.ratio() < LITTLE { self.idle + 1 } else { 0 };
                self.bound = bound;
                self.u.clone_from(&u);
                self.price = paid.iter().map(|paid| UNIT - paid).collect();
            } else {
                self.idle += 1;
            }
            if self.whole() >= upper || meter.spent() {
                return;
            }
            if self.idle >= PATIENCE {
                self.theta *= SHORTER;
                self.idle = 0;
                if self.settled() {
                    return;
                }
            }
            served.fill(1);
            for (j, paid) in paid.iter().enumerate() {
                self.share[j] *= 1.0 - MEMORY;
                if *paid > UNIT {
                    self.share[j] += MEMORY;
                    for (row, _) in columns.of(j as u32) {
                        served[*row as usize] -= 1;
                    }
                    meter.done += columns.of(j as u32).len() as u64;
                }
            }
            let fresh = if step == 0 { 1.0 } else { FRESH };
            let mut square = 0.0;
            for (row, d) in direction.iter_mut().enumerate() {
                *d += fresh * (f64::from(served[row]) - *d);
                if u[row] > 0 || *d > 0.0 {
                    square += *d * *d;
                }
            }
            if square < 1e-9 {
                self.theta = 0.0;
                return;
            }
            let length = self.theta * (upper as f64 - ratio).max(0.1) * UNIT as f64 / square;
            for (pays, d) in u.iter_mut().zip(&direction) {
                *pays = (*pays + (length * d).round() as i64).clamp(0, UNIT);
            }
        }
    }

    /// Which sites a cover of at most `most` must or cannot open.
    pub(super) fn decide(&self, most: usize) -> Vec<Fate> {
        let room = most as i64 * UNIT - self.bound;
        let fate = |price: &i64| match *price {
            p if p > room => Fate::Closed,
            p if -p > room => Fate::Open,
            _ => Fate::Free,
        };
        self.price.iter().map(fate).collect()
    }
}
