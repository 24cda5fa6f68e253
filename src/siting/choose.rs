//! The four objectives, each with its value and its bound.

use super::bounds;
use super::cover::Sets;
use super::instance::{Instance, Row};
use crate::model::units::WalkTime;

/// A choice in terms of the instance.
pub(super) struct Answer {
    /// Positions in [`Instance::candidates`].
    pub(super) sites: Vec<u32>,
    pub(super) value: u64,
    pub(super) bound: u64,
    pub(super) infeasible: bool,
}

/// Most people newly covered by `new` candidates.
pub(super) fn cover(instance: &Instance<'_>, new: usize) -> Answer {
    let sets = Sets::new(&instance.rows, instance.candidates.len());
    let start = sets.greedy(new);
    let bound = sets.bound(new, sets.value(&start));
    let (sites, complete) = if bound == sets.value(&start) { (start, true) } else { sets.exact(new, start) };
    let value = sets.value(&sites);
    Answer { sites, value, bound: if complete { value } else { bound.max(value) }, infeasible: false }
}

/// Fewest candidates that cover everybody whom any candidate covers.
pub(super) fn fewest(instance: &Instance<'_>) -> Answer {
    let sets = Sets::new(&instance.rows, instance.candidates.len());
    let (sites, bound) = sets.fewest();
    let value = sites.len() as u64;
    Answer { sites, value, bound: bound as u64, infeasible: false }
}

/// Least walking in total, in person milliseconds.
pub(super) fn walk(instance: &Instance<'_>, new: usize) -> Answer {
    let table = bounds::Walks::of(instance);
    let start = table.greedy(new);
    let value = table.value(&start);
    let bound = table.bound(new, value);
    let (sites, complete) = if bound >= value { (start, true) } else { table.exact(new, start) };
    let value = table.value(&sites);
    let infeasible = !instance.has_centre() && sites.is_empty();
    Answer { sites, value, bound: if complete { value } else { bound.min(value) }, infeasible }
}

/// Shortest longest walk with `new` candidates, by bisection over the times that occur
/// (Hochbaum and Shmoys 1985): a time is possible if few enough candidates bring everybody under it.
pub(super) fn worst(instance: &Instance<'_>, new: usize) -> Answer {
    let nearer = instance.nearer();
    let mut times: Vec<WalkTime> = instance.today.clone();
    times.extend(nearer.iter().flatten().map(|(_, time)| *time));
    times.sort_unstable();
    times.dedup();
    let m = instance.candidates.len();
    let within = |limit: WalkTime| -> Option<(Vec<u32>, usize)> {
        let mut rows = Vec::new();
        for (reach, today) in nearer.iter().zip(&instance.today) {
            if *today <= limit {
                continue;
            }
            let by: Vec<u32> = reach.iter().filter(|(_, t)| *t <= limit).map(|r| r.0).collect();
            if by.is_empty() {
                return None;
            }
            rows.push(Row { by, people: 1 });
        }
        rows.sort_by(|a, b| a.by.cmp(&b.by));
        rows.dedup();
        Some(Sets::new(&rows, m).fewest())
    };
    // Below `proved` no choice exists; `possible` has one.
    let (mut low, mut high) = (0, times.len().saturating_sub(1));
    let mut proved = 0;
    let mut sites = Vec::new();
    while low < high {
        let middle = (low + high) / 2;
        match within(times[middle]) {
            Some((found, _)) if found.len() <= new => {
                sites = found;
                high = middle;
            }
            answer => {
                if answer.is_none_or(|(_, bound)| bound > new) {
                    proved = proved.max(middle + 1);
                }
                low = middle + 1;
            }
        }
    }
    let value = times.get(high).map_or(0, |t| u64::from(t.millis()));
    let bound = times.get(proved.min(high)).map_or(0, |t| u64::from(t.millis()));
    let infeasible = !instance.has_centre() && sites.is_empty();
    Answer { sites, value, bound, infeasible }
}
