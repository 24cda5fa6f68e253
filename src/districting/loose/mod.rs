//! A bound for territories too large to price whole parts: parts may be in pieces and atoms split.
//!
//! Every part is served from an atom of its own and holds people of the range. With a price on every
//! atom (Lagrangian relaxation; Hess and others 1965, Geoffrion 1974) each atom as the centre takes
//! what pays, the dearest or the cheapest only in part (a continuous knapsack), and the sum of all
//! prices and of the least offers, one for each part, bounds every division from below. Prices are
//! improved by subgradients in floating point; the bound is then summed in whole numbers, every
//! fraction rounded down.
//!
//! A centre looks only at the atoms near it, with people for a few parts, and at those that look
//! at it. Prices are held below half of what an atom costs from any centre that does not look at it: it
//! is never worth taking there, and to fill a part with such atoms costs at least half of what the
//! cheapest of them does. Most rounds ask only the centres that offered least when all were asked.
//! A round that asks all costs O(n · m) for m atoms near a centre; laying out the lists O(n² log n).

#[cfg(test)]
mod tests;

use super::instance::Instance;

/// Atoms up to which there is a bound: every pair of them is looked at once.
pub const ATOMS_MAX: usize = 6_000;

/// Parts whose people a centre looks at.
const REACH: i64 = 5;

/// Rounds that ask all centres without a better bound before the step is shortened, and by how much.
const PATIENCE: u32 = 6;
const SHORTER: f64 = 0.7;

/// Rounds that ask only the centres with the least offers, between two that ask all; centres for each
/// part that they ask.
const ALL_EVERY: u32 = 3;
const ACTIVE: usize = 6;

/// The gap at which no better bound is looked for, as a share.
const NEAR_ENOUGH: f64 = 1e-4;

/// A lower bound on the sum over all atoms of `cost(atom, centre)`, for every division of `instance`
/// into parts of its range, each served from one of its atoms; connected or not.
///
/// `cost` is at least 0, and 0 from the atom itself. `centre_of` tells a known division by the centre of
/// every atom; the bound is not above its cost. `work` counts atoms looked at.
pub fn bound(instance: &Instance, cost: impl Fn(u32, u32) -> i64, centre_of: &[u32], work: u64) -> i64 {
    let n = instance.len();
    let start: Vec<i64> = (0u32..).zip(centre_of).map(|(atom, &centre)| cost(atom, centre)).collect();
    let known = start.iter().sum();
    if n == 0 || n > ATOMS_MAX || instance.parts == 0 || known <= 0 {
        return 0;
    }
    let near = Near::of(instance, cost);
    let mut climb = Climb::new(instance, &near, &start);
    while climb.step() && climb.work < work {}
    let prices: Vec<i64> =
        climb.best.iter().zip(&near.dearest).map(|(u, most)| (u.floor() as i64).min(*most)).collect();
    certified(instance, &near, &prices).clamp(0, known)
}

/// What each centre looks at.
struct Near {
    /// Items of centre `j`: `first[j]..first[j + 1]`.
    first: Vec<u32>,
    items: Vec<u32>,
    costs: Vec<i64>,
    /// People of each centre that it does not look at cost at least this much each.
    beyond: Vec<i64>,
    /// The highest price of each atom.
    dearest: Vec<i64>,
}

impl Near {
    fn of(instance: &Instance, cost: impl Fn(u32, u32) -> i64) -> Self {
        let n = instance.len();
        let mut lists = lists(instance, &cost);
        // An atom alone looks further than the crowd beside it: who is looked at looks back.
        for (j, list) in lists.clone().iter().enumerate() {
            list.iter().for_each(|&i| lists[i as usize].push(j as u32));
        }
        let mut near = Self {
            first: vec![0],
            items: Vec::new(),
            costs: Vec::new(),
            beyond: vec![i64::MAX >> 32; n],
            dearest: vec![i64::MAX >> 2; n],
        };
        let mut looked_at = vec![u32::MAX; n];
        for (j, mut list) in (0u32..).zip(lists) {
            list.sort_unstable();
            list.dedup();
            list.iter().for_each(|&i| looked_at[i as usize] = j);
            near.costs.extend(list.iter().map(|&i| cost(i, j)));
            near.items.extend(list);
            near.first.push(near.items.len() as u32);
            for i in (0..n as u32).filter(|&i| looked_at[i as usize] != j) {
                let (half, held) = (cost(i, j) / 2, instance.people[i as usize]);
                let dearest = &mut near.dearest[i as usize];
                *dearest = half.min(*dearest);
                if held > 0 {
                    let beyond = &mut near.beyond[j as usize];
                    *beyond = (half / held).min(*beyond);
                }
            }
        }
        near
    }

    fn row(&self, j: u32) -> impl Iterator<Item = (u32, i64)> + '_ {
        let range = self.first[j as usize] as usize..self.first[j as usize + 1] as usize;
        self.items[range.clone()].iter().copied().zip(self.costs[range].iter().copied())
    }
}

/// The atoms nearest to each centre, with people for [`REACH`] parts.
fn lists(instance: &Instance, cost: &impl Fn(u32, u32) -> i64) -> Vec<Vec<u32>> {
    let n = instance.len() as u32;
    let enough = instance.high.saturating_mul(REACH);
    let held = |i: u32| instance.people[i as usize];
    let list = |j: u32| {
        let mut row: Vec<(i64, u32)> = (0..n).map(|i| (cost(i, j) / held(i).max(1), i)).collect();
        row.sort_unstable();
        let mut people = 0;
        let wanted = |&(_, i): &(i64, u32)| {
            let wanted = people < enough;
            people += held(i);
            wanted
        };
        row.into_iter().take_while(wanted).map(|(_, i)| i).collect()
    };
    (0..n).map(list).collect()
}

/// Prices on the way up.
struct Climb<'a> {
    instance: &'a Instance,
    near: &'a Near,
    known: f64,
    prices: Vec<f64>,
    best: Vec<f64>,
    reached: f64,
    step: f64,
    stalled: u32,
    /// Centres whose offers were the least when all were asked, and rounds since.
    active: Vec<u32>,
    since: u32,
    work: u64,
    gains: Vec<(f64, u32)>,
    fills: Vec<(f64, u32)>,
    taken: Vec<(u32, f64)>,
}

impl<'a> Climb<'a> {
    fn new(instance: &'a Instance, near: &'a Near, start: &[i64]) -> Self {
        let known: i64 = start.iter().sum();
        let prices: Vec<f64> = start.iter().map(|cost| *cost as f64).collect();
        Self {
            instance,
            near,
            known: known as f64,
            best: prices.clone(),
            prices,
            reached: f64::NEG_INFINITY,
            step: 1.0,
            stalled: 0,
            active: Vec::new(),
            since: ALL_EVERY,
            work: 0,
            gains: Vec::new(),
            fills: Vec::new(),
            taken: Vec::new(),
        }
    }

    /// One round; false once there is nothing left to climb.
    fn step(&mut self) -> bool {
        let n = self.instance.len();
        for (price, most) in self.prices.iter_mut().zip(&self.near.dearest) {
            *price = price.min(*most as f64);
        }
        let all = self.since >= ALL_EVERY;
        let parts = (self.instance.parts as usize).min(n);
        let asked = if all { (0..n as u32).collect() } else { std::mem::take(&mut self.active) };
        let mut offers: Vec<(f64, u32)> = asked.into_iter().map(|j| (self.offer(j), j)).collect();
        offers.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        self.since = if all { 0 } else { self.since + 1 };
        self.active = offers.iter().take(ACTIVE * parts).map(|offer| offer.1).collect();
        offers.truncate(parts);
        let dual = self.prices.iter().sum::<f64>() + offers.iter().map(|o| o.0).sum::<f64>();

        if all && dual > self.reached {
            self.reached = dual;
            self.best.clone_from(&self.prices);
            self.stalled = 0;
        } else if all {
            self.stalled += 1;
            if self.stalled == PATIENCE {
                (self.step, self.stalled) = (self.step * SHORTER, 0);
                self.prices.clone_from(&self.best);
            }
        }
        let mut served = vec![0.0; n];
        for (_, j) in offers {
            self.offer(j);
            self.taken.iter().for_each(|&(i, part)| served[i as usize] += part);
        }
        let length: f64 = served.iter().map(|s| (1.0 - s) * (1.0 - s)).sum();
        let gap = (self.known - dual).max(self.known * 1e-4);
        if length < 1e-9 || self.known - self.reached < NEAR_ENOUGH * self.known {
            return false;
        }
        let size = self.step * gap / length;
        self.prices.iter_mut().zip(&served).for_each(|(u, s)| *u += size * (1.0 - s));
        true
    }

    /// The least that a part served from `j` costs at the prices; what it took is in `taken`.
    fn offer(&mut self, j: u32) -> f64 {
        self.work += u64::from(self.near.first[j as usize + 1] - self.near.first[j as usize]);
        let people = &self.instance.people;
        let (low, high) = (self.instance.low as f64, self.instance.high as f64);
        self.gains.clear();
        self.fills.clear();
        self.taken.clear();
        self.taken.push((j, 1.0));
        let mut load = people[j as usize] as f64;
        let mut total = -self.prices[j as usize];
        let mut offered = load;
        for (i, cost) in self.near.row(j).filter(|(i, _)| *i != j) {
            let (reduced, held) = (cost as f64 - self.prices[i as usize], people[i as usize] as f64);
            match (reduced < 0.0, held > 0.0) {
                (true, true) => {
                    offered += held;
                    self.gains.push((reduced / held, i));
                }
                (false, true) => self.fills.push((reduced / held, i)),
                (true, false) => {
                    total += reduced;
                    self.taken.push((i, 1.0));
                }
                (false, false) => {}
            }
        }
        if offered > high {
            sort(&mut self.gains);
        }
        for &(each, i) in &self.gains {
            let held = people[i as usize] as f64;
            let part = ((high - load) / held).min(1.0);
            if part <= 0.0 {
                break;
            }
            total += each * held * part;
            load += held * part;
            self.taken.push((i, part));
        }
        if load < low {
            sort(&mut self.fills);
            let beyond = self.near.beyond[j as usize] as f64;
            for &(each, i) in self.fills.iter().take_while(|(each, _)| *each < beyond) {
                let held = people[i as usize] as f64;
                let part = ((low - load) / held).min(1.0);
                if part <= 0.0 {
                    break;
                }
                total += each * held * part;
                load += held * part;
                self.taken.push((i, part));
            }
            if load < low {
                total += (low - load) * beyond.min(f64::MAX);
            }
        }
        total
    }
}

fn sort(items: &mut [(f64, u32)]) {
    items.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}

/// The bound of whole prices, in whole numbers. A sum of fewer than 2³² products of two `i64` fits.
fn certified(instance: &Instance, near: &Near, prices: &[i64]) -> i64 {
    let mut offers: Vec<i128> =
        (0..instance.len() as u32).map(|j| whole_offer(instance, near, prices, j)).collect();
    offers.sort_unstable();
    let prices: i128 = prices.iter().map(|u| i128::from(*u)).sum();
    let sum = prices + offers.iter().take(instance.parts as usize).sum::<i128>();
    sum.clamp(0, i128::from(i64::MAX)) as i64
}

fn whole_offer(instance: &Instance, near: &Near, prices: &[i64], j: u32) -> i128 {
    let held = |i: u32| i128::from(instance.people[i as usize]);
    let (mut total, mut load) = (-i128::from(prices[j as usize]), held(j));
    let mut items = Vec::new();
    for (i, cost) in near.row(j).filter(|(i, _)| *i != j) {
        let reduced = i128::from(cost) - i128::from(prices[i as usize]);
        if held(i) > 0 {
            items.push((reduced, i));
        } else {
            total += reduced.min(0);
        }
    }
    // Cheapest by person first, compared without division.
    items.sort_unstable_by(|a, b| (a.0 * held(b.1)).cmp(&(b.0 * held(a.1))).then(a.1.cmp(&b.1)));
    let beyond = i128::from(near.beyond[j as usize]);
    for (reduced, i) in items {
        if reduced >= 0 && reduced >= beyond * held(i) {
            break;
        }
        let limit = i128::from(if reduced < 0 { instance.high } else { instance.low });
        let part = held(i).min(limit - load);
        if part <= 0 {
            break;
        }
        total += (reduced * part).div_euclid(held(i));
        load += part;
    }
    let lacking = i128::from(instance.low) - load;
    if lacking > 0 { total + lacking * beyond } else { total }
}
