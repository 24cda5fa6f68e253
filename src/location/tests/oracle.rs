//! Optima by enumeration, and answers counted again from their sites.

use crate::location::{Costs, Instance, Problem, Siting, State};

pub(super) fn distance(instance: &Instance, row: usize, site: u32) -> Option<u32> {
    match &instance.costs {
        Costs::Table(table) => table.row(row).iter().find(|e| e.site == site).map(|e| e.distance),
        Costs::Points(points) => Some(points.distance(points.demand[row], points.sites[site as usize])),
    }
}

/// Every set of open sites with so many new ones, or with any number of them.
pub(super) fn sets(instance: &Instance, p: Option<u32>) -> Vec<Vec<u32>> {
    let free = instance.in_state(State::Free);
    let standing = instance.in_state(State::Open);
    (0u32..1 << free.len())
        .filter(|mask| p.is_none_or(|p| mask.count_ones() == p))
        .map(|mask| {
            let new = free.iter().enumerate().filter(|(k, _)| mask >> k & 1 == 1).map(|(_, j)| *j);
            new.chain(standing.iter().copied()).collect()
        })
        .collect()
}

pub(super) fn nearest(instance: &Instance, row: usize, set: &[u32]) -> Option<u32> {
    set.iter().filter_map(|j| distance(instance, row, *j)).min()
}

pub(super) fn total_distance(instance: &Instance, set: &[u32]) -> Option<i64> {
    let mut sum = 0;
    for (row, weight) in instance.weights.iter().enumerate().filter(|(_, w)| **w > 0) {
        sum += *weight as i64 * i64::from(nearest(instance, row, set)?);
    }
    Some(sum)
}

pub(super) fn longest_distance(instance: &Instance, set: &[u32]) -> Option<i64> {
    let rows = (0..instance.weights.len()).filter(|row| instance.weights[*row] > 0);
    rows.map(|row| nearest(instance, row, set).map(i64::from)).collect::<Option<Vec<_>>>()?.into_iter().max()
}

pub(super) fn covered_weight(instance: &Instance, set: &[u32], radius: u32) -> i64 {
    let rows =
        (0..instance.weights.len()).filter(|row| nearest(instance, *row, set).is_some_and(|d| d <= radius));
    rows.map(|row| instance.weights[row] as i64).sum()
}

/// The least cost of assigning every row within capacities, row by row.
pub(super) fn assigned(instance: &Instance, set: &[u32], room: &mut Vec<i64>, row: usize) -> Option<i64> {
    if row == instance.weights.len() {
        return Some(0);
    }
    let load = instance.loads[row] as i64;
    let mut best = None;
    for k in 0..set.len() {
        let Some(d) = distance(instance, row, set[k]).filter(|_| room[k] >= load) else { continue };
        room[k] -= load;
        let rest = assigned(instance, set, room, row + 1);
        room[k] += load;
        let cost = rest.map(|r| r + instance.weights[row] as i64 * i64::from(d));
        best = match (best, cost) {
            (Some(b), Some(c)) => Some(std::cmp::min::<i64>(b, c)),
            (b, c) => b.or(c),
        };
    }
    best
}

/// The optimum by enumeration; `None` if there is no answer.
pub(super) fn optimum(instance: &Instance, problem: Problem) -> Option<i64> {
    let new = |set: &Vec<u32>| {
        set.iter().filter(|j| instance.sites[**j as usize].state == State::Free).count() as i64
    };
    match problem {
        Problem::PMedian { p } => {
            sets(instance, Some(p)).iter().filter_map(|s| total_distance(instance, s)).min()
        }
        Problem::PCenter { p } => {
            sets(instance, Some(p)).iter().filter_map(|s| longest_distance(instance, s)).min()
        }
        Problem::Mclp { p, radius } => {
            sets(instance, Some(p)).iter().map(|s| covered_weight(instance, s, radius)).max()
        }
        Problem::Lscp { radius } => {
            let all = instance.weights.iter().sum::<u64>() as i64;
            sets(instance, None).iter().filter(|s| covered_weight(instance, s, radius) == all).map(new).min()
        }
        Problem::Psclp { radius, target } => sets(instance, None)
            .iter()
            .filter(|s| covered_weight(instance, s, radius) >= target as i64)
            .map(new)
            .min(),
        Problem::Cpmp { p } => sets(instance, Some(p))
            .iter()
            .filter_map(|s| {
                let mut room = s.iter().map(|j| instance.sites[*j as usize].capacity as i64).collect();
                assigned(instance, s, &mut room, 0)
            })
            .min(),
    }
}

/// What an answer really comes to, from its sites and its assignment.
pub(super) fn recounted(instance: &Instance, problem: Problem, siting: &Siting) -> i64 {
    let new =
        siting.chosen.iter().filter(|j| instance.sites[**j as usize].state == State::Free).count() as i64;
    let set = &siting.chosen;
    assert!(set.iter().all(|j| instance.sites[*j as usize].state != State::Forbidden));
    assert!(instance.in_state(State::Open).iter().all(|j| set.contains(j)), "standing sites stay");
    assert!(siting.assignment.iter().flatten().all(|j| set.contains(j)), "only open sites serve");
    match problem {
        Problem::PMedian { p } => {
            assert_eq!(new, i64::from(p));
            total_distance(instance, set).expect("an answer serves everybody")
        }
        Problem::PCenter { p } => {
            assert_eq!(new, i64::from(p));
            longest_distance(instance, set).expect("an answer serves everybody")
        }
        Problem::Mclp { p, radius } => {
            assert_eq!(new, i64::from(p));
            covered_weight(instance, set, radius)
        }
        Problem::Lscp { radius } => {
            assert_eq!(covered_weight(instance, set, radius), instance.weights.iter().sum::<u64>() as i64);
            new
        }
        Problem::Psclp { radius, target } => {
            assert!(covered_weight(instance, set, radius) >= target as i64);
            new
        }
        Problem::Cpmp { .. } => {
            let mut room: Vec<i64> = instance.sites.iter().map(|s| s.capacity as i64).collect();
            let mut sum = 0;
            for (row, site) in siting.assignment.iter().enumerate() {
                let site = site.expect("every row is assigned");
                room[site as usize] -= instance.loads[row] as i64;
                let d = distance(instance, row, site).expect("it can be walked");
                sum += instance.weights[row] as i64 * i64::from(d);
            }
            assert!(room.iter().all(|r| *r >= 0), "no site is overloaded");
            sum
        }
    }
}
