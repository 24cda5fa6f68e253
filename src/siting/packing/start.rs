//! A good first choice: the best building again and again, then parts of it taken out and filled again.

use super::fill::{Item, fill};
use super::ground::Ground;
use super::state::State;

/// Adds the building with the best filling until nothing is gained; by gain for cost if `thrifty`.
pub(super) fn fill_up(ground: &Ground, mut state: State, thrifty: bool, work: &mut u64) -> State {
    let mut free: Vec<u32> = (0..ground.pairs.len() as u32).collect();
    loop {
        free.retain(|&id| state.fits(ground, id));
        let mut best: Option<(u64, u64, Vec<u32>)> = None;
        for same in
            free.chunk_by(|&a, &b| ground.pairs[a as usize].building == ground.pairs[b as usize].building)
        {
            let item = |&id: &u32| {
                let pair = &ground.pairs[id as usize];
                *work += pair.rows.len() as u64;
                Item { worth: state.gain(ground, id) as i64, area: pair.area }
            };
            let items: Vec<Item> = same.iter().map(item).collect();
            let b = ground.pairs[same[0] as usize].building as usize;
            let taken = fill(&items, state.room[b], ground.one_each).taken;
            let gain = taken.iter().map(|&at| items[at].worth as u64).sum();
            let cost = if thrifty && !state.open[b] { ground.costs[b].max(1) } else { 1 };
            let better = best.as_ref().is_none_or(|(most, paid, _)| {
                u128::from(gain) * u128::from(*paid) > u128::from(*most) * u128::from(cost)
            });
            if gain > 0 && better {
                best = Some((gain, cost, taken.into_iter().map(|at| same[at]).collect()));
            }
        }
        let Some((_, _, pairs)) = best else { return state };
        state = state.with(ground, pairs);
    }
}

/// Takes one building, one service in a building, or two buildings out and fills up again, as long as that
/// helps and work is left (Teitz and Bart 1968 exchanged single sites).
pub(super) fn exchanged(
    ground: &Ground,
    first: &State,
    start: State,
    thrifty: bool,
    work: &mut u64,
    limit: u64,
) -> State {
    let mut best = start;
    'again: loop {
        let pair = |id: u32| &ground.pairs[id as usize];
        let mut used: Vec<u32> = best.placed.iter().map(|&id| pair(id).building).collect();
        used.sort_unstable();
        used.dedup();
        let singles = used.iter().map(|&b| (b, b, None));
        let parts = best.placed.iter().map(|&id| (pair(id).building, pair(id).building, Some(id)));
        let doubles =
            used.iter().enumerate().flat_map(|(i, &a)| used[..i].iter().map(move |&b| (b, a, None)));
        let out: Vec<(u32, u32, Option<u32>)> = singles.chain(parts).chain(doubles).collect();
        for (a, b, only) in out {
            if *work >= limit {
                return best;
            }
            let stays = |id: &u32| match only {
                Some(only) => *id != only,
                None => pair(*id).building != a && pair(*id).building != b,
            };
            let rest = first.with(ground, best.placed.iter().copied().filter(stays));
            let trial = fill_up(ground, rest, thrifty, work);
            if trial.value > best.value {
                best = trial;
                continue 'again;
            }
        }
        return best;
    }
}
