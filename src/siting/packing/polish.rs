//! The choice without what is idle, and lower buildings in the place of equal ones.

use super::ground::Ground;
use super::state::State;

/// `placed` again, worth the same: pairs that add nothing are gone, and a building gives way to a lower one
/// that costs no more and does the same.
pub(super) fn polished(ground: &Ground, first: &State, placed: &[u32]) -> State {
    let mut pairs = placed.to_vec();
    pairs.sort_unstable();
    let mut best = first.with(ground, pairs.iter().copied());
    for &id in pairs.iter().rev() {
        let less = first.with(ground, best.placed.iter().copied().filter(|other| *other != id));
        if less.value == best.value {
            best = less;
        }
    }
    let building = |id: u32| ground.pairs[id as usize].building;
    for (b, services) in best.chosen(ground).into_iter().filter(|(b, _)| !first.open[*b as usize]) {
        let rest: Vec<u32> = best.placed.iter().copied().filter(|&id| building(id) != b).collect();
        let without = first.with(ground, rest.iter().copied());
        for lower in (0..b).filter(|&lower| {
            without.usable(ground, lower as usize)
                && !without.open[lower as usize]
                && ground.costs[lower as usize] <= ground.costs[b as usize]
        }) {
            let at = |&service: &u32| {
                ground
                    .pairs
                    .binary_search_by_key(&(lower, service), |pair| (pair.building, pair.service))
                    .ok()
            };
            let Some(moved) = services.iter().map(at).collect::<Option<Vec<usize>>>() else { continue };
            let gain: u64 = moved.iter().map(|&id| without.gain(ground, id as u32)).sum();
            if without.value + gain == best.value {
                let trial = without.with(ground, moved.iter().map(|&id| id as u32));
                if trial.value == best.value {
                    best = trial;
                    break;
                }
            }
        }
    }
    best
}
