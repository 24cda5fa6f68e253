//! Bounds of covering where a basis would be too large: first-order steps and many cuts.
//!
//! Steps of a primal-dual method bring shares of sites and what rows pay near an optimum of the
//! linear relaxation; cuts that the shares violate join it, and the steps go on from where they
//! are. Any multipliers prove a bound, so that none of this has to end: what they prove is counted
//! in whole numbers.

mod march;
mod odd;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::rows::{Columns, Rows};
use super::swap::Open;
use super::tree::{Found, Meter};
use march::March;

/// Steps before the first cuts, and between cuts.
const FIRST: u32 = 800;
const STEPS: u32 = 400;
/// Cuts of a round, and of one row in it.
const CUTS: usize = 2500;
const EACH: u32 = 16;
/// Rounds after which a cut that pays nothing goes.
const IDLE: u8 = 3;
/// What counts as paying nothing, in means of weights.
const NOTHING: f64 = 1e-6;
/// Looks at an entry that cost as much as one elsewhere: entries are read in order here.
const QUICK: u64 = 8;
/// Work on making a set better, in looks at every entry.
const DESCENT: u64 = 10;
/// Rows looked at for cuts, heaviest first: more of them once so few sets are violated.
const SCARCE: usize = 1000;
const ROWS_MAX: (usize, usize) = (2500, 3200);

/// An odd set of rows, halved and rounded up.
#[derive(Clone, Debug)]
struct Cut {
    rows: Vec<u32>,
    /// Sites, helping ones after the others, and how often each counts.
    entries: Vec<(u32, f64)>,
    wanted: u32,
    idle: u8,
}

/// Rows, cuts, and a helping site for each row of a cut: that it is left out.
struct Relaxation<'a> {
    rows: &'a Rows,
    count: usize,
    cuts: Vec<Cut>,
    helper: Vec<Option<u32>>,
    helped: Vec<u32>,
    /// Weights, in means of them; and those of rows with a helping site, negative.
    weights: Vec<f64>,
    costs: Vec<f64>,
    mean: f64,
    known: HashSet<Vec<u32>>,
}

/// Work below which this comes to nothing: a few rounds.
pub(super) fn least(rows: &Rows) -> u64 {
    u64::from(FIRST + 4 * STEPS) * 2 * rows.entries.len() as u64 / QUICK
}

/// Raises the bound of a best set of so many sites, and finds better sets on the way; how much of each
/// site is open in the end. `pays` is what rows pay under good multipliers, and `share` how much of
/// each site is open; either may be empty.
pub(super) fn raise(
    (rows, columns): (&Rows, &Columns),
    (count, scale, goal): (usize, i64, (i64, i64)),
    (pays, share): (&[i64], &[f32]),
    best: &mut Found,
    meter: &mut Meter,
) -> Vec<f32> {
    let mut over = Relaxation::new(rows, count);
    let unit = over.mean * scale as f64;
    let x = if share.len() == rows.sites {
        share.iter().map(|s| f64::from(*s)).collect()
    } else {
        vec![count as f64 / rows.sites as f64; rows.sites]
    };
    let mut march = March::new(x, pays.iter().map(|u| *u as f64 / unit).collect());
    let mut round = 0;
    let (mut most, mut before) = (ROWS_MAX.0, meter.done);
    loop {
        let entries = march.begin(&over) as u64;
        let steps = if round == 0 { FIRST } else { STEPS };
        (0..steps).for_each(|_| march.step(&over));
        meter.done += u64::from(steps) * 2 * entries / QUICK;
        let bound = over.proved(&march.pays, scale, &mut march.all);
        meter.done += 2 * entries;
        let whole = bound.div_euclid(scale) + i64::from(bound.rem_euclid(scale) > 0);
        best.bound = best.bound.max(whole.min(best.value).min(goal.1));
        let shares = march.x.clone();
        offer((rows, columns), count, &shares, best, meter);
        let round_again = meter.done + (meter.done - before) <= meter.limit;
        before = meter.done;
        if best.value <= goal.0 || best.bound >= best.value.min(goal.1) || !round_again {
            return shares[..rows.sites].iter().map(|x| *x as f32).collect();
        }
        over.drop_idle(&mut march);
        let left = |row: usize| over.helper[row].map_or(0.0, |k| shares[rows.sites + k as usize]);
        let (sets, work) = odd::sets(rows, &shares, left, (round, most));
        meter.done += work;
        if sets.len() < SCARCE {
            most = ROWS_MAX.1;
        }
        over.take(sets);
        round += 1;
    }
}

/// Hears of the set that is most open.
fn offer((rows, columns): (&Rows, &Columns), count: usize, x: &[f64], best: &mut Found, meter: &mut Meter) {
    let mut order: Vec<u32> = (0..rows.sites as u32).collect();
    order.sort_unstable_by(|a, b| x[*b as usize].total_cmp(&x[*a as usize]).then(a.cmp(b)));
    order.truncate(count);
    let mut open = Open::new(rows, columns, &order);
    open.descend(rows.entries.len() as u64 * DESCENT);
    meter.done += open.work;
    if open.value < best.value {
        best.value = open.value;
        best.chosen.clone_from(&open.chosen);
    }
}

impl<'a> Relaxation<'a> {
    fn new(rows: &'a Rows, count: usize) -> Self {
        let mean = rows.weight.iter().sum::<i64>() as f64 / rows.len().max(1) as f64;
        Self {
            rows,
            count,
            cuts: Vec::new(),
            helper: vec![None; rows.len()],
            helped: Vec::new(),
            weights: rows.weight.iter().map(|w| *w as f64 / mean).collect(),
            costs: Vec::new(),
            mean,
            known: HashSet::new(),
        }
    }

    /// Takes the first sets, few of each row.
    fn take(&mut self, sets: Vec<Vec<u32>>) {
        let mut now: HashMap<u32, u32> = HashMap::new();
        let most = self.cuts.len() + CUTS;
        for set in sets {
            if self.cuts.len() >= most {
                break;
            }
            if set.iter().any(|row| now.get(row).is_some_and(|n| *n >= EACH))
                || !self.known.insert(set.clone())
            {
                continue;
            }
            set.iter().for_each(|row| *now.entry(*row).or_default() += 1);
            self.add(set);
        }
    }

    fn add(&mut self, set: Vec<u32>) {
        let mut sites: Vec<u32> =
            set.iter().flat_map(|row| self.rows.row(*row as usize)).map(|e| e.site).collect();
        sites.sort_unstable();
        let mut entries: Vec<(u32, f64)> =
            sites.chunk_by(|a, b| a == b).map(|same| (same[0], same.len().div_ceil(2) as f64)).collect();
        for row in &set {
            let next = self.helped.len() as u32;
            let k = *self.helper[*row as usize].get_or_insert(next);
            if k == next {
                self.helped.push(*row);
                self.costs.push(-self.weights[*row as usize]);
            }
            entries.push((self.rows.sites as u32 + k, 1.0));
        }
        let wanted = set.len().div_ceil(2) as u32;
        self.cuts.push(Cut { rows: set, entries, wanted, idle: 0 });
    }

    /// Cuts that pay nothing for some rounds go.
    fn drop_idle(&mut self, march: &mut March) {
        let plain = self.rows.len();
        let mut kept = 0;
        for k in 0..self.cuts.len() {
            let pays = march.pays[plain + k];
            self.cuts[k].idle = if pays > NOTHING { 0 } else { self.cuts[k].idle + 1 };
            if self.cuts[k].idle < IDLE {
                self.cuts.swap(kept, k);
                march.pays[plain + kept] = pays;
                kept += 1;
            }
        }
        for cut in self.cuts.drain(kept..) {
            self.known.remove(&cut.rows);
        }
        march.pays.truncate(plain + kept);
    }

    /// What multipliers prove, scaled, in whole numbers; and what each site gains under them.
    fn proved(&self, pays: &[f64], scale: i64, gain: &mut Vec<f64>) -> i64 {
        let (real, plain) = (self.rows.sites, self.rows.len());
        let unit = self.mean * scale as f64;
        let mut price = vec![0i128; real];
        // Leaving a row out costs its weight.
        price.extend(self.helped.iter().map(|row| i128::from(self.rows.weight[*row as usize] * scale)));
        let mut bound = i128::from(self.rows.constant) * i128::from(scale);
        for row in 0..plain {
            let most = self.rows.weight[row] * scale;
            let pays = i128::from(((pays[row] * unit).round() as i64).clamp(0, most));
            bound += pays;
            self.rows.row(row).iter().for_each(|e| price[e.site as usize] -= pays);
            if let Some(k) = self.helper[row] {
                price[real + k as usize] -= pays;
            }
        }
        for (cut, pays) in self.cuts.iter().zip(&pays[plain..]) {
            let pays = i128::from(((pays * unit).round() as i64).max(0));
            bound += i128::from(cut.wanted) * pays;
            cut.entries.iter().for_each(|(site, times)| price[*site as usize] -= *times as i128 * pays);
        }
        bound += price[real..].iter().map(|price| (*price).min(0)).sum::<i128>();
        price.truncate(real);
        gain.clear();
        gain.extend(price.iter().map(|price| -*price as f64));
        let left = self.count.min(real);
        if left > 0 && left < real {
            price.select_nth_unstable(left - 1);
        }
        bound += price[..left].iter().sum::<i128>();
        // What is beyond 64 bits is worth nothing as a bound.
        i64::try_from(bound).unwrap_or(i64::MIN / 2)
    }
}
