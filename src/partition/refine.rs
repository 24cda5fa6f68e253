//! Making a draft better: border moves and swaps while the score falls, then pairs of neighbours
//! merged and split anew.
//!
//! Moves are those of Fiduccia and Mattheyses 1982 with connection kept; merging and splitting
//! follows the recombination of DeFord, Duchin and Solomon 2021, taken only when it helps.

use rand_chacha::ChaCha8Rng;

use super::draft::{Draft, NOWHERE, Scratch};
use super::grow::{below, fill};

/// Other grids beside one atom; a planar atom has few neighbours, and more than these are not tried.
struct Beside {
    grids: [u32; 8],
    count: usize,
}

impl Beside {
    /// The other grids that `atom` touches, and those a leap away if its piece is small.
    fn of(draft: &Draft<'_>, atom: u32, leaps: bool) -> Self {
        let own = draft.grid_of[atom as usize];
        let mut beside = Self { grids: [0; 8], count: 0 };
        for (other, _) in draft.task.joins(atom) {
            beside.add(draft.grid_of[*other as usize], own);
        }
        if leaps {
            for &(a, b) in &draft.task.leaps {
                if a == atom || b == atom {
                    let other = if a == atom { b } else { a };
                    beside.add(draft.grid_of[other as usize], own);
                }
            }
        }
        beside
    }

    fn add(&mut self, grid: u32, own: u32) {
        let known = self.grids[..self.count].contains(&grid);
        if grid != own && !known && self.count < self.grids.len() {
            self.grids[self.count] = grid;
            self.count += 1;
        }
    }

    fn list(&self) -> &[u32] {
        &self.grids[..self.count]
    }
}

/// Tries every move and swap until none improves. Each pass is O(n · neighbours · move).
pub(super) fn descend(draft: &mut Draft<'_>, scratch: &mut Scratch) {
    loop {
        while shift_all(draft, scratch) {}
        if !swap_all(draft, scratch) && !gather_all(draft, scratch) && !leap_one(draft, scratch) {
            return;
        }
    }
}

/// Gathers a compound in one of the grids it lies in or beside, where that improves the score:
/// atom by atom every step there may be worse.
fn gather_all(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let task = draft.task;
    let mut any = false;
    for atoms in &task.compounds {
        let before: Vec<u32> = atoms.iter().map(|&a| draft.grid_of[a as usize]).collect();
        let mut targets = before.clone();
        for &atom in atoms {
            targets.extend_from_slice(Beside::of(draft, atom, false).list());
        }
        targets.sort_unstable();
        targets.dedup();
        let score = draft.score();
        for &target in targets.iter().filter(|&&t| before.iter().any(|&g| g != t)) {
            atoms.iter().for_each(|&a| draft.put(a, target));
            let sound = draft.score() < score
                && atoms.iter().zip(&before).all(|(&a, &from)| {
                    !draft.is_empty(from)
                        && draft.is_whole(target, a, scratch)
                        && draft.is_whole(from, a, scratch)
                });
            if sound {
                any = true;
                break;
            }
            atoms.iter().zip(&before).for_each(|(&a, &from)| draft.put(a, from));
        }
    }
    any
}

fn shift_all(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let mut any = false;
    let mut score = draft.score();
    for atom in 0..draft.task.len() as u32 {
        for &grid in Beside::of(draft, atom, true).list() {
            let better = draft.score_if(atom, grid);
            if better < score && draft.may_join(atom, grid) && draft.may_leave(atom, scratch) {
                draft.put(atom, grid);
                score = draft.score();
                any = true;
                break;
            }
        }
    }
    any
}

fn swap_all(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let mut any = false;
    // Border atoms by grid; a list may be stale after a swap, so each is looked at again.
    let mut borders: Vec<Vec<u32>> = vec![Vec::new(); draft.grids()];
    for atom in 0..draft.task.len() as u32 {
        if Beside::of(draft, atom, false).count > 0 {
            borders[draft.grid_of[atom as usize] as usize].push(atom);
        }
    }
    for atom in 0..draft.task.len() as u32 {
        for &grid in Beside::of(draft, atom, false).list() {
            if grid > draft.grid_of[atom as usize] || any {
                any |= swap_one(draft, atom, grid, &borders[grid as usize], scratch);
            }
        }
    }
    any
}

/// Swaps `atom` with some atom of `grid` that may join its own, if that improves the score.
fn swap_one(draft: &mut Draft<'_>, atom: u32, grid: u32, border: &[u32], scratch: &mut Scratch) -> bool {
    let own = draft.grid_of[atom as usize];
    if own == grid {
        return false;
    }
    let score = draft.score();
    for &other in border {
        if draft.grid_of[other as usize] != grid
            || draft.swap_hope(atom, other) >= score
            || !draft.may_join(other, own)
        {
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

/// Most atoms of a community in pieces whose every leap is tried; more are fine enough without.
const LEAPING_ATOMS_MAX: usize = 500;

/// The last resort of a community in pieces while a grid is out of range: any atom may go to, or
/// change places with one of, any grid that has no part yet where it would stand. O(n²) trials.
fn leap_one(draft: &mut Draft<'_>, scratch: &mut Scratch) -> bool {
    let (task, score) = (draft.task, draft.score());
    if task.pieces < 2 || task.len() > LEAPING_ATOMS_MAX || score.out == 0 {
        return false;
    }
    let all: Vec<u32> = (0..task.len() as u32).collect();
    for &atom in &all {
        for grid in 0..draft.grids() as u32 {
            if grid == draft.grid_of[atom as usize] || !draft.may_join(atom, grid) {
                continue;
            }
            if draft.score_if(atom, grid) < score && draft.may_leave(atom, scratch) {
                draft.put(atom, grid);
                return true;
            }
            if swap_one(draft, atom, grid, &all, scratch) {
                return true;
            }
        }
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
    let mut borders = Vec::new();
    let mut out = Vec::new();
    for atom in 0..draft.task.len() as u32 {
        let own = draft.grid_of[atom as usize];
        for &grid in Beside::of(draft, atom, false).list() {
            borders.push((own, grid));
            if draft.is_out(own) || draft.is_out(grid) {
                out.push((own, grid));
            }
        }
    }
    let list = if out.is_empty() || below(rng, 4) == 0 { &borders } else { &out };
    (!list.is_empty()).then(|| list[below(rng, list.len())])
}
