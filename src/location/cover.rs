//! Covering: as much weight as possible, or as few sites as possible.
//!
//! A row at reach costs nothing, any other its weight: covering much is p-median with two
//! distances, and shares its bound and its tree. Few sites: the least number that leaves at most so
//! much uncovered, each number tried being one such question that stops as soon as it is answered.

use std::sync::Arc;

use super::answer::{Siting, Unsolvable};
use super::dual::{self, Dual};
use super::instance::{Entry, Instance, State};
use super::nearby::Nearby;
use super::presolve::{self, Reduced};
use super::rows::Rows;
use super::saddle;
use super::setcover;
use super::simplex::{self, tree::Question};
use super::swap::Open;
use super::tree::{Found, Meter, Tree};

/// Bursts of climbing before anything is decided.
const PROBE: u32 = 40;
/// The same where a linear relaxation takes little work, or hardly any: it tells more than they do.
const PROBE_LITTLE: (u64, u32) = (200_000_000, 12);
const PROBE_LEAST: (u64, u32) = (3_000_000, 3);
/// Share of a linear relaxation's work on the best set before it, as a divisor.
const FOR_POLISH: u64 = 4;
/// Linear relaxations' worth of work below which first-order steps come farther than a tree.
const FEW_ROOTS: u64 = 12;
/// Share of the work, as a divisor, on the best set after these steps.
const LAST: u64 = 4;
/// The least length of step after them.
const LATER_STEP: f64 = 0.1;

/// Rows within a radius: those of standing sites settled, those out of reach apart.
pub(super) struct Reach {
    pub(super) rows: Rows,
    /// Rows no site may reach.
    pub(super) beyond: Vec<u32>,
}

pub(super) fn within(instance: &Instance, free: &[u32], radius: u32, unit: bool) -> Reach {
    let mut local = vec![0u32; instance.sites.len()];
    for (k, j) in (0u32..).zip(free) {
        local[*j as usize] = k;
    }
    let stands = Nearby::of(instance, &instance.in_state(State::Open));
    let near = Nearby::of(instance, free);
    let below = radius.saturating_add(1);
    let mut reach = Reach { rows: Rows::new(free.len()), beyond: Vec::new() };
    let mut list = Vec::new();
    for (row, weight) in instance.weights.iter().enumerate() {
        let weight = if unit { i64::from(*weight > 0) } else { *weight as i64 };
        if weight == 0 {
            continue;
        }
        if stands.within(row, below) {
            continue;
        }
        list.clear();
        near.visit(row, below, |e| list.push(Entry { distance: 0, site: local[e.site as usize] }));
        if !reach.rows.push(weight, 1, list.iter().copied()) {
            reach.beyond.push(row as u32);
        }
    }
    reach
}

/// Covers much weight with `p` sites.
pub(super) fn mclp(instance: &Instance, p: u32, radius: u32, work: u64) -> Result<Siting, Unsolvable> {
    let free = instance.in_state(State::Free);
    if p as usize > free.len() {
        return Err(Unsolvable::FewSites { wanted: p, free: free.len() });
    }
    let total = total(instance)?;
    let reach = within(instance, &free, radius, false);
    let reduced = presolve::reduced(&reach.rows);
    let mut meter = Meter { done: 0, limit: work };
    let found = least_uncovered(&reduced, p as usize, (i64::MIN, i64::MAX), &mut meter, true)?;
    let chosen = outside(&found, &reduced, &free);
    let siting = finish(instance, &free, chosen, p as usize, radius);
    let value = covered(instance, &siting);
    Ok(Siting { value, bound: (total - found.bound).max(value), ..siting })
}

/// Covers a target with few sites; with no target, everything.
pub(super) fn fewest(
    instance: &Instance,
    radius: u32,
    target: Option<u64>,
    work: u64,
) -> Result<Siting, Unsolvable> {
    let free = instance.in_state(State::Free);
    let total = total(instance)?;
    let reach = within(instance, &free, radius, target.is_none());
    if target.is_none() && !reach.beyond.is_empty() {
        return Err(unreachable(instance, reach.beyond));
    }
    let most = (total - reach.rows.constant) as u64;
    if let Some(target) = target
        && target > most
    {
        return Err(Unsolvable::TooMuchAsked { most, target });
    }
    let mut meter = Meter { done: 0, limit: work };
    let (chosen, bound): (Vec<u32>, usize) = if let Some(target) = target {
        let reduced = presolve::reduced(&reach.rows);
        let (chosen, bound) = fewest_of(&reduced, total - target as i64, &mut meter)?;
        (chosen.iter().map(|j| free[reduced.names[*j as usize] as usize]).collect(), bound)
    } else {
        let found = setcover::fewest(&reach.rows, 0, false, &mut meter);
        (found.chosen.iter().map(|j| free[*j as usize]).collect(), found.bound)
    };
    let value = chosen.len() as i64;
    let siting = finish(instance, &free, chosen, 0, radius);
    Ok(Siting { value, bound: bound as i64, ..siting })
}

/// The fewest sites that leave at most `spare` uncovered, and a bound on their number.
fn fewest_of(reduced: &Reduced, spare: i64, meter: &mut Meter) -> Result<(Vec<u32>, usize), Unsolvable> {
    let rows = &reduced.rows;
    if uncovered(rows, &[]) <= spare {
        return Ok((Vec::new(), 0));
    }
    let mut best = enough_by_greedy(rows, spare, meter);
    let (mut low, mut high) = (1, best.len());
    // Quick questions first, halving what is open; then thorough ones from above and from below.
    let mut open_from = low;
    while open_from < high {
        let p = open_from.midpoint(high);
        let found = least_uncovered(reduced, p, (spare, spare + 1), meter, false)?;
        if found.value <= spare {
            best = found.chosen;
            high = best.len();
        } else {
            if found.bound > spare && p >= low {
                low = p + 1;
            }
            open_from = p + 1;
        }
    }
    while low < high && !meter.spent() {
        let p = high - 1;
        let found = least_uncovered(reduced, p, (spare, spare + 1), meter, true)?;
        if found.value <= spare {
            best = found.chosen;
            high = best.len();
        } else if found.bound > spare {
            low = high;
        }
    }
    Ok((best, low))
}

fn enough_by_greedy(rows: &Rows, spare: i64, meter: &mut Meter) -> Vec<u32> {
    let columns = rows.columns();
    let mut open = Open::new(rows, &columns, &[]);
    let mut p = 1;
    while open.value > spare && open.chosen.len() < rows.sites {
        open.greedy(p);
        p += 1 + open.chosen.len() / 16;
    }
    // One too many may have been opened in a step.
    while let Some(j) = open.cheapest().filter(|j| open.value + open.loss_of(*j) <= spare) {
        open.close(j);
    }
    meter.done += open.work;
    open.chosen
}

/// The least weight `p` sites leave uncovered, or an answer to whether it is within the goal.
fn least_uncovered(
    reduced: &Reduced,
    p: usize,
    goal: (i64, i64),
    meter: &mut Meter,
    branching: bool,
) -> Result<Found, Unsolvable> {
    let rows = Arc::new(reduced.rows.clone());
    let weight: i64 = rows.weight.iter().sum();
    let scale = dual::scale_within((weight + rows.constant) as u128).ok_or(Unsolvable::TooWide)?;
    let columns = rows.columns();
    let mut open = Open::new(&rows, &columns, &[]);
    open.greedy(p.min(rows.sites));
    open.descend(rows.entries.len() as u64 * 40);
    meter.done += open.work;
    let start = open.chosen.clone();
    if open.value <= goal.0 || rows.sites <= p || rows.len() == 0 {
        let bound = if rows.sites <= p || rows.len() == 0 { open.value } else { 0 };
        return Ok(Found { value: open.value, chosen: start, bound });
    }
    let u = rows.weight.iter().map(|w| w * scale / 4).collect();
    let mut tree = Tree::new(&rows, scale, start, i64::MAX, *meter).until(goal.0, goal.1);
    let relaxation = simplex::tree::work_of(&rows);
    let bursts = match relaxation {
        work if work < PROBE_LEAST.0 => PROBE_LEAST.1,
        _ if !branching => PROBE / 5,
        work if work < PROBE_LITTLE.0 => PROBE_LITTLE.1,
        _ => PROBE,
    };
    let (mut found, mut dual) = tree.probe(p, Dual::from(&rows, u), bursts);
    if branching && found.bound < found.value.min(goal.1) && found.value > goal.0 {
        dual.theta = dual.theta.max(LATER_STEP);
        *meter = tree.meter;
        let few = goal == (i64::MIN, i64::MAX)
            && relaxation.saturating_mul(FEW_ROOTS) > meter.limit.saturating_sub(meter.done);
        if goal == (i64::MIN, i64::MAX) && relaxation >= PROBE_LEAST.0 {
            let polish = if relaxation < PROBE_LITTLE.0 { relaxation / FOR_POLISH } else { relaxation };
            found = tree.polish(p, &dual, polish.min(meter.limit / 3));
            *meter = tree.meter;
        }
        let question = Question { count: Some(p), fee: 0, scale, goal, stepwise: false };
        let left = meter.limit.saturating_sub(meter.done);
        if few && left >= saddle::least(&rows) {
            let question = (p, scale, goal);
            let last = left / LAST;
            meter.limit -= last;
            dual.share =
                saddle::raise((&rows, &columns), question, (&dual.u, &dual.share), &mut found, meter);
            meter.limit += last;
            let bound = found.bound;
            if bound < found.value {
                let mut tree = Tree::new(&rows, scale, found.chosen, i64::MAX, *meter);
                found = tree.polish(p, &dual, meter.limit.saturating_sub(meter.done));
                found.bound = bound.min(found.value);
                *meter = tree.meter;
            }
        } else if left >= relaxation {
            simplex::tree::search(&rows, question, &dual.price, &mut found, meter);
        }
        if found.bound < found.value.min(goal.1) && found.value > goal.0 && !meter.spent() {
            let known = found.bound;
            let mut tree = Tree::new(&rows, scale, found.chosen, i64::MAX, *meter).until(goal.0, goal.1);
            found = tree.run(p, dual);
            found.bound = found.bound.max(known);
            *meter = tree.meter;
        }
    } else {
        *meter = tree.meter;
    }
    Ok(found)
}

/// A bound on the new sites it takes to reach every row at any distance.
///
/// # Errors
/// [`Unsolvable::Unreachable`] if no site reaches some row.
pub(super) fn least_to_reach(instance: &Instance, work: u64) -> Result<usize, Unsolvable> {
    let reach = within(instance, &instance.in_state(State::Free), u32::MAX - 1, true);
    if !reach.beyond.is_empty() {
        return Err(Unsolvable::Unreachable { rows: reach.beyond, radius: None });
    }
    let mut meter = Meter { done: 0, limit: work };
    Ok(setcover::fewest(&reach.rows, 0, false, &mut meter).bound)
}

/// Rows out of reach, and the radius that would do.
fn unreachable(instance: &Instance, rows: Vec<u32>) -> Unsolvable {
    let mut usable = instance.in_state(State::Free);
    usable.extend(instance.in_state(State::Open));
    let near = Nearby::of(instance, &usable);
    let radius =
        rows.iter().map(|row| near.nearest(*row as usize).map(|e| e.distance)).collect::<Option<Vec<_>>>();
    Unsolvable::Unreachable { rows, radius: radius.and_then(|all| all.into_iter().max()) }
}

fn uncovered(rows: &Rows, chosen: &[u32]) -> i64 {
    let mut open = vec![false; rows.sites];
    for j in chosen {
        open[*j as usize] = true;
    }
    rows.value(&open)
}

fn outside(found: &Found, reduced: &Reduced, free: &[u32]) -> Vec<u32> {
    found.chosen.iter().map(|j| free[reduced.names[*j as usize] as usize]).collect()
}

fn total(instance: &Instance) -> Result<i64, Unsolvable> {
    let total: u128 = instance.weights.iter().map(|w| u128::from(*w)).sum();
    i64::try_from(total).ok().filter(|t| *t < 1 << 60).ok_or(Unsolvable::TooWide)
}

fn covered(instance: &Instance, siting: &Siting) -> i64 {
    siting.assignment.iter().zip(&instance.weights).filter(|(a, _)| a.is_some()).map(|(_, w)| *w as i64).sum()
}

/// The answer a set of new sites makes: filled up to `least` sites, standing ones added, each row
/// served by its nearest within the radius.
pub(super) fn finish(
    instance: &Instance,
    free: &[u32],
    mut chosen: Vec<u32>,
    least: usize,
    radius: u32,
) -> Siting {
    chosen.sort_unstable();
    let spare: Vec<u32> = free.iter().filter(|j| chosen.binary_search(j).is_err()).copied().collect();
    let short = least.saturating_sub(chosen.len());
    chosen.extend(spare.iter().take(short));
    chosen.extend(instance.in_state(State::Open));
    chosen.sort_unstable();
    let near = Nearby::of(instance, &chosen);
    let serves = |row| near.nearest(row).filter(|e| e.distance <= radius).map(|e: Entry| e.site);
    let assignment = (0..instance.weights.len()).map(serves).collect();
    Siting { chosen, assignment, value: 0, bound: 0 }
}
