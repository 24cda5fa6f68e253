//! First drafts: seeds far from one another, then the lightest grid takes the nearest free atom.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::draft::{Draft, NOWHERE, Scratch};
use super::score::Scale;
use super::task::Task;
use crate::model::rules::Rules;

/// A number below `n`, near enough to uniform for breaking symmetry.
pub(super) fn below(rng: &mut ChaCha8Rng, n: usize) -> usize {
    ((u64::from(rng.next_u32()) * n as u64) >> 32) as usize
}

/// Rounds of centres and weights before a draft is read off.
const ROUNDS: usize = 12;

/// A complete draft of `grids` grids, each in one piece wherever the community is.
///
/// Seeds by farthest-first traversal from a random start (Gonzalez 1985), over inhabited atoms;
/// atoms above the maximum are seeds first. Every other draft then moves the seeds to the middle
/// of their people and weighs them until loads even out (a power diagram; Aurenhammer, Hoffmann
/// and Aronov 1998), and keeps of each cell the part that hangs together. What is left free goes
/// to the lightest grid beside it. O(rounds · n · grids + n²) at worst.
pub(super) fn draft<'a>(
    task: &'a Task,
    grids: usize,
    rules: &Rules,
    scale: Scale,
    attempt: u64,
    rng: &mut ChaCha8Rng,
) -> Draft<'a> {
    let mut draft = Draft::empty(task, grids, scale);
    let seeds = seeds(task, grids, rules, rng);
    if attempt.is_multiple_of(2) && grids > 1 {
        for (atom, grid) in (0u32..).zip(power_diagram(task, &seeds)) {
            draft.put(atom, grid);
        }
        keep_largest_parts(&mut draft, &seeds);
    }
    // Cells can come out empty where there are nearly as many grids as atoms; seeds cannot.
    if (0..grids as u32).any(|grid| draft.is_empty(grid)) {
        draft = Draft::empty(task, grids, scale);
        for (grid, &seed) in (0u32..).zip(&seeds) {
            draft.put(seed, grid);
        }
    }
    fill(&mut draft, &(0..grids as u32).collect::<Vec<_>>());
    draft
}

/// The cell of each atom once centres and weights have settled a little.
fn power_diagram(task: &Task, seeds: &[u32]) -> Vec<u32> {
    let mut centres: Vec<(f64, f64)> =
        seeds.iter().map(|&s| (task.x[s as usize] as f64, task.y[s as usize] as f64)).collect();
    let mut weights = vec![0.0; seeds.len()];
    let mean = task.households.iter().sum::<i64>() as f64 / seeds.len() as f64;
    let reach = task.area_m2 as f64 * 1e4 / seeds.len() as f64;
    let mut cell_of = vec![0u32; task.len()];
    for round in 0..ROUNDS {
        let mut load = vec![0.0; seeds.len()];
        let mut sums = vec![(0.0, 0.0, 0.0); seeds.len()];
        for (i, cell) in cell_of.iter_mut().enumerate() {
            let (x, y) = (task.x[i] as f64, task.y[i] as f64);
            let far = |g: usize| (x - centres[g].0).powi(2) + (y - centres[g].1).powi(2) - weights[g];
            let nearest = (0..seeds.len()).min_by(|&a, &b| far(a).total_cmp(&far(b))).unwrap_or(0);
            *cell = nearest as u32;
            load[nearest] += task.households[i] as f64;
            let people = task.population[i] as f64;
            let sum = &mut sums[nearest];
            *sum = (sum.0 + people * x, sum.1 + people * y, sum.2 + people);
        }
        if round + 1 == ROUNDS || mean <= 0.0 {
            break;
        }
        for g in 0..seeds.len() {
            if sums[g].2 > 0.0 {
                centres[g] = (sums[g].0 / sums[g].2, sums[g].1 / sums[g].2);
            }
            weights[g] -= 0.35 * reach * ((load[g] - mean) / mean).clamp(-1.0, 1.0);
        }
    }
    cell_of
}

/// Frees all but the heaviest connected part of each cell, piece by piece of the community, and
/// gives every cell that came out empty its seed.
pub(super) fn keep_largest_parts(draft: &mut Draft<'_>, seeds: &[u32]) {
    let task = draft.task;
    let mut part_of = vec![u32::MAX; task.len()];
    // (grid, piece, households, atoms) of each part.
    let mut parts: Vec<(u32, u32, i64, u32)> = Vec::new();
    for start in 0..task.len() as u32 {
        if part_of[start as usize] != u32::MAX {
            continue;
        }
        let (grid, part) = (draft.grid_of[start as usize], parts.len() as u32);
        parts.push((grid, task.piece[start as usize], 0, 0));
        let mut stack = vec![start];
        part_of[start as usize] = part;
        while let Some(atom) = stack.pop() {
            let entry = &mut parts[part as usize];
            entry.2 += task.households[atom as usize];
            entry.3 += 1;
            for &(next, _) in task.joins(atom) {
                if part_of[next as usize] == u32::MAX && draft.grid_of[next as usize] == grid {
                    part_of[next as usize] = part;
                    stack.push(next);
                }
            }
        }
    }
    let mut best: std::collections::BTreeMap<(u32, u32), (i64, u32, u32)> = std::collections::BTreeMap::new();
    for (i, &(grid, piece, households, atoms)) in (0u32..).zip(&parts) {
        let entry = best.entry((grid, piece)).or_insert((households, atoms, i));
        if (households, atoms) > (entry.0, entry.1) {
            *entry = (households, atoms, i);
        }
    }
    for atom in 0..task.len() as u32 {
        let part = part_of[atom as usize];
        let (grid, piece, _, _) = parts[part as usize];
        if best[&(grid, piece)].2 != part {
            draft.put(atom, NOWHERE);
        }
    }
    for (grid, &seed) in (0u32..).zip(seeds) {
        if !draft.grid_of.contains(&grid) {
            draft.put(seed, grid);
        }
    }
    loosen_cut_parts(draft);
}

/// A seed given back may have cut the cell it was taken from; its parts are freed until none is cut.
fn loosen_cut_parts(draft: &mut Draft<'_>) {
    let mut scratch = Scratch::for_task(draft.task);
    for atom in 0..draft.task.len() as u32 {
        let grid = draft.grid_of[atom as usize];
        if grid != NOWHERE && !draft.is_whole(grid, atom, &mut scratch) {
            let piece = draft.task.piece[atom as usize];
            let same = |a: u32| draft.grid_of[a as usize] == grid && draft.task.piece[a as usize] == piece;
            let cut: Vec<u32> = (0..draft.task.len() as u32).filter(|&a| a != atom && same(a)).collect();
            cut.into_iter().for_each(|a| draft.put(a, NOWHERE));
        }
    }
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
    let start: Vec<(i64, i64)> = open
        .iter()
        .map(|&g| {
            let first = (0..task.len()).find(|&a| draft.grid_of[a] == g).unwrap_or(0);
            draft.centroid(g).unwrap_or((task.x[first], task.y[first]))
        })
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

fn nearest_joining(draft: &Draft<'_>, free: &[u32], grid: u32, start: (i64, i64)) -> Option<(usize, u32)> {
    let task = draft.task;
    let touches = |a: u32| task.joins(a).iter().any(|(other, _)| draft.grid_of[*other as usize] == grid);
    let away = |a: u32| (task.x[a as usize] - start.0).pow(2) + (task.y[a as usize] - start.1).pow(2);
    let near = free.iter().enumerate().filter(|(_, a)| touches(**a));
    near.min_by_key(|(_, a)| (away(**a), **a)).map(|(i, _)| (i, grid))
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
