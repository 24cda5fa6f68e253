//! What a search begins with: units, alternatives, first multipliers.

use crate::location::answer::Unsolvable;
use crate::location::instance::{Costs, Instance};
use crate::location::nearby::Nearby;
use crate::location::rows::Rows;
use crate::location::{cover, dual};

/// What a distance has to be that costs more than serving everybody, where some rows reach some
/// sites only; the longest possible where every row reaches every site, or one that stands.
pub(super) fn unserved(
    instance: &Instance,
    free: &[u32],
    standing: &[u32],
    p: usize,
    work: u64,
) -> Result<u32, Unsolvable> {
    let Costs::Table(table) = &instance.costs else { return Ok(u32::MAX) };
    let usable: Vec<u32> = free.iter().chain(standing).copied().collect();
    let near = Nearby::of(instance, &usable);
    let people: Vec<usize> = (0..table.len()).filter(|row| instance.weights[*row] > 0).collect();
    let count = |row: usize| {
        let mut count = 0;
        near.visit(row, u32::MAX, |_| count += 1);
        count
    };
    let stands = Nearby::of(instance, standing);
    let served = |row: usize| !standing.is_empty() && stands.nearest(row).is_some();
    if people.iter().all(|row| served(*row) || count(*row) == usable.len()) {
        return Ok(u32::MAX);
    }
    let needed = cover::least_to_reach(instance, work)?;
    if needed > p {
        return Err(Unsolvable::NeedMore { wanted: p as u32, needed: needed as u32 });
    }
    let weight = |row: &usize| u128::from(instance.weights[*row]);
    let far = u128::from(table.entries().iter().map(|e| e.distance).max().unwrap_or(0));
    let all = people.iter().map(weight).sum::<u128>() * far;
    let least = people.iter().map(weight).min().unwrap_or(1);
    u32::try_from(all / least + far + 1).ok().filter(|d| *d < u32::MAX / 2).ok_or(Unsolvable::TooWide)
}

/// A scaled bound in the objective's unit, rounded up: values are whole.
pub(super) fn whole(bound: i64, scale: i64) -> i64 {
    bound.div_euclid(scale) + i64::from(bound.rem_euclid(scale) > 0)
}

/// The finest unit of multipliers in which all rows at the longest distance fit.
pub(super) fn scale_for(instance: &Instance, unserved: u32) -> Option<i64> {
    let far = match &instance.costs {
        Costs::Table(table) => table.entries().iter().map(|e| e.distance).max().unwrap_or(0),
        Costs::Points(points) => {
            let all = || points.demand.iter().chain(&points.sites);
            let low = all().fold((f64::MAX, f64::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)));
            let high = all().fold((f64::MIN, f64::MIN), |a, b| (a.0.max(b.0), a.1.max(b.1)));
            points.distance(low, high)
        }
    };
    let weight: u128 = instance.weights.iter().map(|w| u128::from(*w)).sum();
    let far = if unserved == u32::MAX { far } else { far.max(unserved) };
    // Half as much again: lists may reach beyond the farthest site.
    dual::scale_within(weight.checked_mul(u128::from(far) * 2 + 2)?)
}

/// Multipliers between the nearest and the second nearest open site.
pub(super) fn first_multipliers(rows: &Rows, scale: i64, chosen: &[u32]) -> Vec<i64> {
    let mut open = vec![false; rows.sites];
    for j in chosen {
        open[*j as usize] = true;
    }
    let of = |row: usize| {
        let mut near = rows.row(row).iter().filter(|e| open[e.site as usize]).map(|e| i64::from(e.distance));
        let cap = i64::from(rows.cap[row]);
        let first = near.next().unwrap_or(cap);
        let second = near.next().unwrap_or(cap);
        rows.weight[row] * scale / 4 * (3 * first + second)
    };
    (0..rows.len()).map(of).collect()
}
