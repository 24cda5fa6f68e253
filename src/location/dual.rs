//! Lower bounds by Lagrangian relaxation, in whole numbers.
//!
//! Every row gets a multiplier, what it would pay to be served; a site earns what rows within reach
//! would pay above its cost, and the `p` sites that earn most, taken from the sum of multipliers,
//! bound every choice of `p` sites from below (Cornuejols, Fisher and Nemhauser 1977). Multipliers
//! are integers in `1/scale` of the objective's unit, so each evaluation is exact and no rounding
//! can lift a bound. They climb along smoothed subgradients (the volume idea of Barahona and Anbil
//! 2000), whose running mean of chosen sites also tells which sites a fractional solution opens.

use super::rows::{Columns, Rows};

/// Share of a new subgradient in the direction while steps are long, and once they are not; found by
/// trial on networks and city-like points.
const FRESH: f64 = 0.5;
const FRESH_LATER: f64 = 0.2;
const LONG: f64 = 0.25;
/// Share of a new choice in the mean of choices.
const MEMORY: f32 = 0.06;
/// Steps without a better bound after which steps are halved.
const PATIENCE: u32 = 20;
/// What they are then multiplied with.
const SHORTER: f64 = 0.7;
/// Share of the open distance below which a rise does not count as better.
const LITTLE: f64 = 1e-4;
/// The first length of step, as a share of the distance to the known value.
pub(super) const FIRST_STEP: f64 = 0.5;
/// Where steps become too short to matter.
const LAST_STEP: f64 = 0.002;

/// Finest unit of multipliers.
const SCALE_MAX: i64 = 1 << 20;

/// The finest unit in which sums up to `most` stay well within 64 bits.
pub(super) fn scale_within(most: u128) -> Option<i64> {
    let mut scale = SCALE_MAX;
    while scale > 1 && most.checked_mul(scale as u128).is_none_or(|m| m > 1 << 60) {
        scale /= 2;
    }
    most.checked_mul(scale as u128).filter(|m| *m <= 1 << 60).map(|_| scale)
}

/// A bound and the prices of the sites that are opened. One price is within 64 bits as the sum of all
/// rows is, but those of many sites may not be; no answer is worth as little as the least told.
pub(super) fn with_prices(bound: i64, prices: impl Iterator<Item = i64>) -> i64 {
    const LEAST: i64 = i64::MIN / 4;
    let sum = i128::from(bound) + prices.map(i128::from).sum::<i128>();
    i64::try_from(sum).unwrap_or(LEAST).max(LEAST)
}

/// The multipliers of some rows and the best that came of them.
#[derive(Clone, Debug)]
pub(super) struct Dual {
    /// The best multipliers.
    pub(super) u: Vec<i64>,
    /// Their bound, scaled; constants of the rows included.
    pub(super) bound: i64,
    /// What each site costs less earns under them, at most zero, scaled.
    pub(super) price: Vec<i64>,
    /// The bound that goes with the prices; `bound` may be known to be higher for another reason.
    pub(super) price_bound: i64,
    /// How often each site was among those that earn most, lately.
    pub(super) share: Vec<f32>,
    /// The length of step.
    pub(super) theta: f64,
    idle: u32,
}

/// A relaxation at work: some rows, a number of sites, and space to compute in.
pub(super) struct Ascent<'a> {
    rows: &'a Rows,
    columns: &'a Columns,
    p: usize,
    scale: i64,
    u: Vec<i64>,
    price: Vec<i64>,
    order: Vec<u32>,
    served: Vec<i32>,
    direction: Vec<f64>,
    /// How much each multiplier may move, for steps in proportion.
    size: Vec<f64>,
    /// Distances looked at.
    pub(super) work: u64,
}

impl Dual {
    /// Multipliers to begin with, bound unknown.
    pub(super) fn from(rows: &Rows, u: Vec<i64>) -> Self {
        let (price, share) = (vec![0; rows.sites], vec![0.0; rows.sites]);
        Self { u, bound: i64::MIN, price, price_bound: i64::MIN, share, theta: FIRST_STEP, idle: 0 }
    }

    /// Whether steps have become too short to help.
    pub(super) fn settled(&self) -> bool {
        self.theta < LAST_STEP
    }
}

impl<'a> Ascent<'a> {
    pub(super) fn new(rows: &'a Rows, columns: &'a Columns, p: usize, scale: i64) -> Self {
        Self {
            rows,
            columns,
            p: p.min(rows.sites),
            scale,
            u: Vec::new(),
            price: vec![0; rows.sites],
            order: (0..rows.sites as u32).collect(),
            served: vec![0; rows.len()],
            direction: vec![0.0; rows.len()],
            size: (0..rows.len()).map(|row| size(rows, row)).collect(),
            work: 0,
        }
    }

    /// The sites that earned most at the last evaluation.
    pub(super) fn picked(&self) -> &[u32] {
        &self.order[..self.p]
    }

    /// The bound of the multipliers in `self.u`.
    fn evaluate(&mut self) -> i64 {
        self.price.fill(0);
        let mut sum = self.rows.constant * self.scale;
        for row in 0..self.rows.len() {
            let (pays, unit) = (self.u[row], self.rows.weight[row] * self.scale);
            sum += pays;
            let entries = self.rows.row(row);
            for e in entries {
                let less = unit * i64::from(e.distance) - pays;
                if less >= 0 {
                    break;
                }
                self.price[e.site as usize] += less;
                self.work += 1;
            }
        }
        self.work += (self.rows.len() + self.rows.sites) as u64;
        if self.p == 0 {
            return sum;
        }
        let price = &self.price;
        if self.p < self.order.len() {
            self.order.select_nth_unstable_by_key(self.p - 1, |j| (price[*j as usize], *j));
        }
        with_prices(sum, self.order[..self.p].iter().map(|j| price[*j as usize]))
    }

    /// Climbs so many steps towards `upper`, in the objective's unit; at first from the multipliers
    /// of `dual`, then from where it stood.
    pub(super) fn climb(&mut self, dual: &mut Dual, upper: i64, steps: u32) {
        let upper = upper.saturating_mul(self.scale);
        let mut first = self.u.is_empty();
        if first {
            // Paying more than the alternative would be no relaxation.
            for (row, u) in dual.u.iter_mut().enumerate() {
                let (low, high) = self.range(row);
                *u = (*u).clamp(low, high);
            }
            self.u.clone_from(&dual.u);
        }
        for _ in 0..steps {
            let bound = self.evaluate();
            let better = bound > dual.price_bound;
            if better {
                // A step that gained little is no reason for more of them.
                let little = (bound.saturating_sub(dual.price_bound)) as f64
                    <= LITTLE * upper.saturating_sub(bound) as f64;
                dual.idle = if little { dual.idle + 1 } else { 0 };
                dual.price_bound = bound;
                dual.bound = dual.bound.max(bound);
                dual.u.clone_from(&self.u);
                dual.price.clone_from(&self.price);
            } else {
                dual.idle += 1;
            }
            for share in &mut dual.share {
                *share *= 1.0 - MEMORY;
            }
            for j in self.picked() {
                dual.share[*j as usize] += MEMORY;
            }
            if bound >= upper {
                return;
            }
            if dual.idle >= PATIENCE {
                dual.theta *= SHORTER;
                dual.idle = 0;
                if dual.settled() {
                    return;
                }
            }
            let fresh = if dual.theta > LONG { FRESH } else { FRESH_LATER };
            self.turn(if std::mem::take(&mut first) { 1.0 } else { fresh });
            self.step(dual.theta * upper.saturating_sub(bound) as f64);
        }
    }

    /// The direction after an evaluation, in which the newest subgradient has this share.
    fn turn(&mut self, fresh: f64) {
        self.served.fill(1);
        for j in &self.order[..self.p] {
            let column = self.columns.of(*j);
            self.work += column.len() as u64;
            for &(row, distance) in column {
                let row = row as usize;
                if self.rows.weight[row] * self.scale * i64::from(distance) < self.u[row] {
                    self.served[row] -= 1;
                }
            }
        }
        for (d, s) in self.direction.iter_mut().zip(&self.served) {
            *d += fresh * (f64::from(*s) - *d);
        }
    }

    /// Moves along the direction; `room` is how far the bound might rise, scaled and damped.
    fn step(&mut self, room: f64) {
        let mut square = 0.0;
        for row in 0..self.rows.len() {
            let (low, high) = self.range(row);
            let d = self.direction[row];
            let stuck = (d > 0.0 && self.u[row] >= high) || (d < 0.0 && self.u[row] <= low);
            if !stuck {
                square += d * d * self.size[row];
            }
        }
        if square < 1e-9 {
            return;
        }
        let length = room / square;
        for row in 0..self.rows.len() {
            let (low, high) = self.range(row);
            let moved =
                self.u[row].saturating_add((length * self.direction[row] * self.size[row]).round() as i64);
            self.u[row] = moved.clamp(low, high);
        }
    }

    /// A row pays at least the way to its nearest site and at most that to its alternative.
    fn range(&self, row: usize) -> (i64, i64) {
        let unit = self.rows.weight[row] * self.scale;
        let low = self.rows.entries[self.rows.start[row]].distance;
        (unit * i64::from(low), unit * i64::from(self.rows.cap[row]))
    }
}

/// The span of a row's multiplier: without it, rows of few people or short ways would be thrown
/// from end to end while others hardly move.
fn size(rows: &Rows, row: usize) -> f64 {
    let nearest = rows.entries[rows.start[row]].distance;
    rows.weight[row] as f64 * f64::from(rows.cap[row] - nearest)
}
