//! A lower bound on the moment of inertia, as a certificate.
//!
//! Any division into k grids picks k duty points, sends everybody to that of their own grid, and
//! gives every grid households between two limits. Leaving out connection, and pricing the demand
//! that everybody is sent once (Lagrangian relaxation; Hess and others 1965, Geoffrion 1974), each
//! possible duty point j decides alone whom to take: the dearest of a continuous knapsack between
//! the limits. For any prices u, Σu + the k smallest of those knapsacks bounds every division from
//! below. Prices are improved by subgradients in floating point; the bound itself is then summed in
//! whole numbers, each fraction rounded down, so no rounding can lift it above the truth.
//! O(n² log n) an iteration, iterations limited so that the work stays near [`WORK`].

use super::task::Task;
use super::{Divided, optimum};
use crate::districting;
use crate::districting::listed::Parts;
use crate::model::rules::{Effort, Rules};

/// Item visits spent on one community.
const WORK: usize = 3_000_000;

/// Most iterations of the subgradient method.
const ITERATIONS: usize = 300;

/// Squared distance in whole square metres, rounded.
pub(super) fn square_m2(square_cm: i64) -> u64 {
    (square_cm.unsigned_abs() + 5_000) / 10_000
}

/// Moment around the best atom of a set, and that atom (the lowest of equals).
pub(super) fn inertia_of(task: &Task, atoms: &[u32]) -> (u64, u32) {
    let moment = |centre: u32| -> u64 {
        let of = |&a: &u32| task.population[a as usize] as u64 * square_m2(task.square(a, centre));
        atoms.iter().map(of).sum()
    };
    atoms.iter().map(|&a| (moment(a), a)).min().unwrap_or((0, 0))
}

/// Atoms up to which a community's bound counts that grids are connected, and the nodes it may cost.
const CONNECTED_MAX: usize = 400;

fn nodes(effort: Effort) -> u64 {
    match effort {
        Effort::Fast => 1_000,
        Effort::Normal => 20_000,
        Effort::Prove => 4_000_000,
    }
}

/// Bounds the moment of inertia of a division that is settled, and its weighted principles with it
/// where nothing better is known.
pub(super) fn settle(divided: &mut Divided, rules: &Rules) {
    let (task, grids) = (&divided.task, divided.grids);
    let mut members = vec![Vec::new(); grids];
    (0u32..).zip(&divided.grid_of).for_each(|(atom, &grid)| members[grid as usize].push(atom));
    let value: u64 = members.iter().map(|atoms| inertia_of(task, atoms).0).sum();
    divided.moment = value;
    divided.moment_bound = of(divided, value, rules);
    assert!(
        divided.moment_bound <= value,
        "a bound above a division that it speaks of is a mistake in the bound"
    );
    divided.worth.bound = divided.worth.bound.max(optimum::from_moment(divided, divided.moment_bound, rules));
}

fn of(divided: &Divided, value: u64, rules: &Rules) -> u64 {
    let (task, grids) = (&divided.task, divided.grids);
    if grids < 2 {
        return value;
    }
    let range = optimum::Claim::of(divided, rules);
    let effort = rules.grids.effort;
    let known = i64::try_from(value).ok().filter(|known| *known < 1 << 56);
    let listable = optimum::is_listable(task, grids);
    if let (Some(limits), Some(known)) = (optimum::limits(effort).filter(|_| listable), known) {
        let instance = range.instance(task, grids);
        let parts = Parts { instance: &instance, most: range.most };
        let price = |atoms: &[u32]| i64::try_from(inertia_of(task, atoms).0).unwrap_or(i64::MAX >> 8);
        if let Some(choice) = parts.cheapest(price, known, limits.listed) {
            return choice.bound.max(0) as u64;
        }
    }
    let (low, high) = (range.low, range.high.max(range.most));
    let bound = Claim { task, grids, low, high }.bound(value);
    bound.max(known.map_or(0, |known| connected(task, grids, (low, high), known, nodes(effort))))
}

/// The same bound over connected grids only, which is nearer to the truth: of communities in one
/// piece, where every grid has to be.
fn connected(task: &Task, grids: usize, (low, high): (i64, i64), known: i64, nodes: u64) -> u64 {
    let n = task.len();
    if task.pieces != 1 || n > CONNECTED_MAX {
        return 0;
    }
    let instance = optimum::Claim { low, high, most: high }.instance(task, grids);
    let cost = |served: u32, from: u32| {
        task.population[served as usize].saturating_mul(square_m2(task.square(served, from)) as i64)
    };
    let most = (0..n as u32).map(|from| (0..n as u32).map(|a| i128::from(cost(a, from))).sum::<i128>()).max();
    if most.is_none_or(|most| most >= 1 << 58) {
        return 0;
    }
    districting::lower_bound(&instance, cost, known, nodes).max(0) as u64
}

/// What the bound speaks of: every division of `task` into `grids` grids of `low` to `high` households.
pub(super) struct Claim<'a> {
    pub(super) task: &'a Task,
    pub(super) grids: usize,
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Claim<'_> {
    /// A number that no such division's moment of inertia falls below. `value` is that of a known
    /// division, towards which the steps aim; it does not enter the bound.
    pub(super) fn bound(&self, value: u64) -> u64 {
        let n = self.task.len();
        if n == 0 || self.grids == 0 || value == 0 {
            return 0;
        }
        let rounds = (WORK / (n * n)).min(ITERATIONS);
        if rounds == 0 {
            // So large a community is left without a bound; zero is one.
            return 0;
        }
        let mut price = vec![value as f64 / n as f64; n];
        let mut best = (f64::NEG_INFINITY, price.clone());
        let mut sack = Sack::for_items(n);
        let (mut step, mut stalled) = (1.5f64, 0);
        for _ in 0..rounds {
            let mut offers: Vec<(f64, u32)> =
                (0..n as u32).map(|j| (sack.fill(self, j, &price), j)).collect();
            offers.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            offers.truncate(self.grids);
            let dual = price.iter().sum::<f64>() + offers.iter().map(|o| o.0).sum::<f64>();
            if dual > best.0 {
                best = (dual, price.clone());
                stalled = 0;
            } else {
                stalled += 1;
                if stalled == 8 {
                    (step, stalled) = (step * 0.6, 0);
                    price.clone_from(&best.1);
                }
            }
            let mut served = vec![0.0; n];
            for &(_, j) in &offers {
                sack.fill(self, j, &price);
                sack.taken.iter().for_each(|&(i, part)| served[i as usize] += part);
            }
            let length: f64 = served.iter().map(|s| (1.0 - s) * (1.0 - s)).sum();
            if length < 1e-9 {
                break;
            }
            let size = step * (value as f64 - dual).max(value as f64 * 1e-4) / length;
            price.iter_mut().zip(&served).for_each(|(u, s)| *u += size * (1.0 - s));
        }
        let whole: Vec<i128> = best.1.iter().map(|u| u.round() as i128).collect();
        self.certify(&whole)
    }

    /// The bound of whole prices, in whole numbers.
    fn certify(&self, price: &[i128]) -> u64 {
        let mut offers: Vec<i128> = (0..price.len() as u32).map(|j| self.exact_offer(j, price)).collect();
        offers.sort_unstable();
        let sum = price.iter().sum::<i128>() + offers.iter().take(self.grids).sum::<i128>();
        u64::try_from(sum.max(0)).unwrap_or(u64::MAX)
    }

    fn cost(&self, i: u32, j: u32) -> i128 {
        i128::from(self.task.population[i as usize]) * i128::from(square_m2(self.task.square(i, j)))
    }

    /// The knapsack of duty point `j`: least reduced cost of a set that holds `j` and `low` to
    /// `high` households, one of them perhaps in part; rounded down.
    fn exact_offer(&self, j: u32, price: &[i128]) -> i128 {
        let weight = |i: u32| i128::from(self.task.households[i as usize]);
        let mut items: Vec<(i128, u32)> = (0..price.len() as u32)
            .filter(|i| *i != j)
            .map(|i| (self.cost(i, j) - price[i as usize], i))
            .collect();
        let (mut total, mut load) = (-price[j as usize], weight(j));
        items.retain(|&(reduced, i)| {
            if weight(i) == 0 {
                total += reduced.min(0);
            }
            weight(i) > 0
        });
        // Dearest by household first, compared without division.
        items.sort_by(|a, b| (a.0 * weight(b.1)).cmp(&(b.0 * weight(a.1))).then(a.1.cmp(&b.1)));
        for (reduced, i) in items {
            let limit = if reduced < 0 { self.high } else { self.low };
            let room = i128::from(limit) - load;
            if room <= 0 {
                break;
            }
            let part = weight(i).min(room);
            total += (reduced * part).div_euclid(weight(i));
            load += part;
        }
        total
    }
}

/// The same knapsack in floating point, with what it took. Only the side that a limit cuts is
/// sorted, and that only as far as the cut: most duty points need no sorting at all.
struct Sack {
    gains: Vec<(f64, u32)>,
    costs: Vec<(f64, u32)>,
    taken: Vec<(u32, f64)>,
}

impl Sack {
    fn for_items(n: usize) -> Self {
        Self { gains: Vec::with_capacity(n), costs: Vec::with_capacity(n), taken: Vec::with_capacity(n) }
    }

    fn fill(&mut self, claim: &Claim<'_>, j: u32, price: &[f64]) -> f64 {
        let task = claim.task;
        let weight = |i: u32| task.households[i as usize] as f64;
        self.gains.clear();
        self.costs.clear();
        self.taken.clear();
        self.taken.push((j, 1.0));
        let (mut total, mut load) = (-price[j as usize], weight(j));
        let mut offered = load;
        for i in (0..price.len() as u32).filter(|i| *i != j) {
            let cost = task.population[i as usize] as f64 * (task.square(i, j) as f64 * 1e-4);
            let reduced = cost - price[i as usize];
            match (reduced < 0.0, weight(i) > 0.0) {
                (true, true) => {
                    offered += weight(i);
                    self.gains.push((reduced / weight(i), i));
                }
                (false, true) => self.costs.push((reduced / weight(i), i)),
                (true, false) => {
                    total += reduced;
                    self.taken.push((i, 1.0));
                }
                (false, false) => {}
            }
        }
        let (low, high) = (claim.low as f64, claim.high as f64);
        let mut take = |items: &[(f64, u32)], limit: f64| -> bool {
            for &(ratio, i) in items {
                let part = ((limit - load) / weight(i)).min(1.0);
                if part <= 0.0 {
                    return true;
                }
                total += ratio * weight(i) * part;
                load += weight(i) * part;
                self.taken.push((i, part));
            }
            load >= limit
        };
        if offered > high {
            sort(&mut self.gains);
        }
        take(&self.gains, high);
        if offered < low {
            // The cheapest few are nearly always enough.
            let few = 24.min(self.costs.len());
            if few < self.costs.len() {
                self.costs.select_nth_unstable_by(few, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            }
            sort(&mut self.costs[..few]);
            if !take(&self.costs[..few], low) {
                sort(&mut self.costs[few..]);
                take(&self.costs[few..], low);
            }
        }
        total
    }
}

fn sort(items: &mut [(f64, u32)]) {
    items.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}
