//! First drafts: seeds far from one another, then the lightest grid takes the nearest free atom.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::draft::{Draft, NOWHERE};
use super::task::Task;
use crate::model::rules::Rules;

/// A number below `n`, near enough to uniform for breaking symmetry.
pub(super) fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    ((u64::from(rng.next_u32()) * n as u64) >> 32) as usize
}

/// A complete draft of `grids` grids, each in one piece wherever the community is.
///
/// Seeds by farthest-first traversal from a random start (Gonzalez 1985), over inhabited atoms;
/// atoms above the maximum are seeds first. O(n · grids + n²) at worst.
pub(super) fn draft<'a>(task: &'a Task, grids: usize, rules: &Rules, rng: &mut ChaCha8Rng) -> Draft<'a> {
    let mut draft = Draft::empty(task, grids, rules);
    for (grid, seed) in (0u32..).zip(seeds(task, grids, rules, rng)) {
        draft.put(seed, grid);
    }
    fill(&mut draft, &(0..grids as u32).collect::<Vec<_>>());
    draft
}

fn seeds(task: &Task, grids: usize, rules: &Rules, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let max = i64::from(rules.grids.households_max);
    let n = task.len() as u32;
    let mut seeds: Vec<u32> = (0..n).filter(|&a| task.households[a as usize] > max).take(grids).collect();
    let mut homes: Vec<u32> = (0..n).filter(|&a| task.households[a as usize] > 0).collect();
    if homes.len() < grids {
        homes = (0..n).collect();
    }
    if seeds.is_empty() {
        seeds.push(homes[below(rng, homes.len())]);
    }
    let mut away: Vec<i64> =
        homes.iter().map(|&a| seeds.iter().map(|&s| task.square(a, s)).min().unwrap_or(0)).collect();
    while seeds.len() < grids {
        // Farthest, but not always the very farthest, so that drafts differ.
        let mut far = (i64::MIN, 0);
        for (i, &square) in away.iter().enumerate() {
            if seeds.contains(&homes[i]) {
                continue;
            }
            let jitter = 512 + below(rng, 512) as i128;
            let value = (i128::from(square) * jitter / 1024) as i64;
            if value > far.0 {
                far = (value, i);
            }
        }
        let seed = homes[far.1];
        seeds.push(seed);
        for (square, &home) in away.iter_mut().zip(&homes) {
            *square = (*square).min(task.square(home, seed));
        }
    }
    seeds
}

/// Gives every free atom to one of `open` grids; each of them must hold an atom already.
pub(super) fn fill(draft: &mut Draft<'_>, open: &[u32]) {
    let task = draft.task;
    let start: Vec<u32> = open
        .iter()
        .map(|&g| (0..task.len() as u32).find(|&a| draft.grid_of[a as usize] == g).unwrap_or(0))
        .collect();
    let mut free: Vec<u32> =
        (0..task.len() as u32).filter(|&a| draft.grid_of[a as usize] == NOWHERE).collect();
    while !free.is_empty() {
        let mut order: Vec<usize> = (0..open.len()).collect();
        order.sort_by_key(|&i| (draft.households(open[i]), i));
        let taken = order
            .iter()
            .find_map(|&i| nearest_joining(draft, &free, open[i], start[i]))
            // Every piece left is beyond water: leap to it from the grid that stands nearest.
            .or_else(|| leap(draft, &free, open));
        let Some((position, grid)) = taken else { return };
        draft.put(free.swap_remove(position), grid);
    }
}

fn nearest_joining(draft: &Draft<'_>, free: &[u32], grid: u32, start: u32) -> Option<(usize, u32)> {
    let task = draft.task;
    let touches = |a: u32| task.joins(a).iter().any(|(other, _)| draft.grid_of[*other as usize] == grid);
    let near = free.iter().enumerate().filter(|(_, a)| touches(**a));
    near.min_by_key(|(_, a)| (task.square(**a, start), **a)).map(|(i, _)| (i, grid))
}

fn leap(draft: &Draft<'_>, free: &[u32], open: &[u32]) -> Option<(usize, u32)> {
    let task = draft.task;
    let linked = task.leaps.iter().flat_map(|&(a, b)| [(a, b), (b, a)]).find_map(|(from, to)| {
        let grid = draft.grid_of[from as usize];
        let position = free.iter().position(|&a| a == to)?;
        (open.contains(&grid) && draft.may_join(to, grid)).then_some((position, grid))
    });
    // Within a merged pair the shortest link may lie outside; any grid that may join will do.
    linked.or_else(|| {
        let pairs = free.iter().enumerate().flat_map(|(i, &a)| open.iter().map(move |&g| (i, a, g)));
        let fits = pairs.filter(|&(_, a, g)| draft.may_join(a, g));
        let nearest = |a: u32, g: u32| {
            let held = (0..task.len() as u32).filter(|&b| draft.grid_of[b as usize] == g);
            held.map(|b| task.square(a, b)).min().unwrap_or(i64::MAX)
        };
        fits.min_by_key(|&(_, a, g)| (nearest(a, g), a, g)).map(|(i, _, g)| (i, g))
    })
}
