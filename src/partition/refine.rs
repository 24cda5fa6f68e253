//! Making a draft better: border moves and swaps while the score falls, then pairs of neighbours
//! merged and split anew.
//!
//! Moves are those of Fiduccia and Mattheyses 1982 with connection kept; merging and splitting
//! follows the recombination of DeFord, Duchin and Solomon 2021, taken only when it helps.

use rand_chacha::ChaCha8Rng;

use super::draft::{Draft, NOWHERE, Scratch};
use super::grow::{below, fill};

/// Tries every move and swap until none improves. Each pass is O(n · neighbours · move).
pub(super) fn descend(draft: &mut Draft<'_>, scratch: &mut Scratch) {
    loop {
        let shifted = shift_all(draft, scratch);
        let swapped = swap_all(draft, scratch);
        if !shifted && !swapped {
            return;
        }
    }
}

/// The other grids that `atom` touches, ascending.
fn touching(draft: &Draft<'_>, atom: u32) -> Vec<u32> {
    let own = draft.grid_of[atom as usize];
    let joins = draft.task.joins(atom).iter().map(|(other, _)| draft.grid_of[*other as usize]);
    let mut grids: Vec<u32> = joins.filter(|g| *g != own).collect();
    grids.sort_unstable();
    grids.dedup();
    grids
}

fn shift_all(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let mut any = false;
    let mut score = draft.score();
    let mut changed = true;
    while changed {
        changed = false;
        for atom in 0..draft.task.len() as u32 {
            let own = draft.grid_of[atom as usize];
            for grid in destinations(draft, atom) {
                draft.put(atom, grid);
                let better = draft.score() < score;
                draft.put(atom, own);
                if better && draft.may_leave(atom, scratch) && draft.may_join(atom, grid) {
                    draft.put(atom, grid);
                    score = draft.score();
                    changed = true;
                    any = true;
                    break;
                }
            }
        }
    }
    any
}

/// Most atoms of a community in pieces whose every leap is tried; more are fine enough without.
const LEAPING_ATOMS_MAX: usize = 500;

/// Grids an atom could go to: those it touches, and across a leap if its piece is small. While
/// some grid is out of range, any grid that has no part yet in the atom's piece will do.
fn destinations(draft: &Draft<'_>, atom: u32) -> Vec<u32> {
    let task = draft.task;
    let own = draft.grid_of[atom as usize];
    if task.pieces > 1 && task.len() <= LEAPING_ATOMS_MAX && draft.score().out > 0 {
        return (0..draft.grids() as u32).filter(|&g| g != own && draft.may_join(atom, g)).collect();
    }
    let mut grids = touching(draft, atom);
    for &(a, b) in &task.leaps {
        let other = if a == atom { b } else { a };
        if a == atom || b == atom {
            let grid = draft.grid_of[other as usize];
            if grid != own && !grids.contains(&grid) {
                grids.push(grid);
            }
        }
    }
    grids
}

fn swap_all(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let mut any = false;
    for atom in 0..draft.task.len() as u32 {
        for grid in destinations(draft, atom) {
            any |= swap_one(draft, atom, grid, scratch);
        }
    }
    any
}

/// Swaps `atom` with some atom of `grid` that may join its own if that improves the score.
fn swap_one(draft: &mut Draft<'_>, atom: u32, grid: u32, scratch: &mut Scratch) -> bool {
    let own = draft.grid_of[atom as usize];
    if own == grid {
        return false;
    }
    let score = draft.score();
    for other in 0..draft.task.len() as u32 {
        if draft.grid_of[other as usize] != grid || !draft.may_join(other, own) {
            continue;
        }
        draft.put(atom, grid);
        draft.put(other, own);
        let sound = draft.score() < score
            && draft.is_whole(grid, atom, scratch)
            && draft.is_whole(own, atom, scratch)
            && draft.is_whole(grid, other, scratch)
            && draft.is_whole(own, other, scratch);
        if sound {
            return true;
        }
        draft.put(other, grid);
        draft.put(atom, own);
    }
    false
}

/// Merges a pair of neighbours, splits it from two new seeds and descends; keeps the result only
/// if it is better. `rounds` such trials.
pub(super) fn recombine(draft: &mut Draft<'_>, rounds: usize, rng: &mut ChaCha8Rng, scratch: &mut Scratch) {
    if draft.grids() < 2 {
        return;
    }
    for _ in 0..rounds {
        let Some((a, b)) = pair(draft, rng) else { return };
        let mut trial = draft.clone();
        let both: Vec<u32> = (0..trial.task.len() as u32)
            .filter(|&v| matches!(trial.grid_of[v as usize], g if g == a || g == b))
            .collect();
        if both.len() < 3 {
            continue;
        }
        for &atom in &both {
            trial.put(atom, NOWHERE);
        }
        let first = both[below(rng, both.len())];
        let far = |from: u32| both.iter().copied().max_by_key(|&v| (trial.task.square(from, v), v));
        let second = far(first).filter(|s| *s != first);
        let Some(second) = second else { continue };
        trial.put(first, a);
        trial.put(second, b);
        fill(&mut trial, &[a, b]);
        if trial.grid_of.contains(&NOWHERE) {
            continue;
        }
        descend(&mut trial, scratch);
        if trial.score() < draft.score() {
            *draft = trial;
        }
    }
}

/// A random border atom's grid and one beside it; grids out of range are asked first.
fn pair(draft: &Draft<'_>, rng: &mut ChaCha8Rng) -> Option<(u32, u32)> {
    let borders: Vec<(u32, u32)> = (0..draft.task.len() as u32)
        .flat_map(|atom| touching(draft, atom).into_iter().map(move |g| (atom, g)))
        .map(|(atom, g)| (draft.grid_of[atom as usize], g))
        .collect();
    let out: Vec<(u32, u32)> =
        borders.iter().copied().filter(|(a, b)| draft.is_out(*a) || draft.is_out(*b)).collect();
    let list = if out.is_empty() || below(rng, 4) == 0 { &borders } else { &out };
    (!list.is_empty()).then(|| list[below(rng, list.len())])
}
