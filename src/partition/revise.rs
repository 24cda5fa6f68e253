//! A first draft that begins with the grids in force: the largest are split and the smallest merged
//! until there are as many as wanted. What a revision can leave alone, it starts with untouched.

use std::collections::BTreeSet;

use super::draft::{Draft, NOWHERE};
use super::grow::{fill, keep_largest_parts};
use super::score::Scale;
use super::task::{NO_SET, Task};

/// How many grids in force the community has.
pub(super) fn in_force(task: &Task) -> usize {
    task.sets_of.iter().map(|sets| sets[1]).filter(|set| *set != NO_SET).collect::<BTreeSet<_>>().len()
}

/// The grids in force as a draft of `grids` grids; `None` where there are none, or too few atoms to
/// split. O(grids · atoms) and a fill for each split.
pub(super) fn draft<'a>(task: &'a Task, grids: usize, scale: Scale) -> Option<Draft<'a>> {
    let sets: BTreeSet<u32> = task.sets_of.iter().map(|s| s[1]).filter(|set| *set != NO_SET).collect();
    let sets: Vec<u32> = sets.into_iter().collect();
    if sets.is_empty() || task.len() < grids {
        return None;
    }
    let mut part_of: Vec<u32> =
        task.sets_of.iter().map(|s| sets.binary_search(&s[1]).map_or(NOWHERE, |p| p as u32)).collect();
    let mut parts = sets.len();
    while parts > grids {
        merge_lightest(task, &mut part_of, parts)?;
        parts -= 1;
    }
    let mut draft = Draft::empty(task, grids, scale);
    for (atom, &part) in (0u32..).zip(&part_of).filter(|(_, part)| **part != NOWHERE) {
        draft.put(atom, part);
    }
    let heaviest = |part: u32| {
        let own = (0..task.len() as u32).filter(|&a| part_of[a as usize] == part);
        own.max_by_key(|&a| (task.households[a as usize], std::cmp::Reverse(a))).unwrap_or(0)
    };
    let seeds: Vec<u32> = (0..parts as u32).map(heaviest).collect();
    keep_largest_parts(&mut draft, &seeds);
    fill(&mut draft, &(0..parts as u32).collect::<Vec<_>>());
    for new in parts..grids {
        split_heaviest(&mut draft, new as u32)?;
    }
    let whole = !draft.grid_of.contains(&NOWHERE) && (0..grids as u32).all(|grid| !draft.is_empty(grid));
    whole.then_some(draft)
}

/// The grid of fewest households goes to the lightest beside it; the last one takes its number.
fn merge_lightest(task: &Task, part_of: &mut [u32], parts: usize) -> Option<()> {
    let mut held = vec![0i64; parts];
    for (&part, households) in part_of.iter().zip(&task.households).filter(|(part, _)| **part != NOWHERE) {
        held[part as usize] += households;
    }
    let gone = (0..parts as u32).min_by_key(|&part| (held[part as usize], part))?;
    let own = (0..task.len() as u32).filter(|&a| part_of[a as usize] == gone);
    let beside = own.flat_map(|a| task.joins(a)).map(|&(other, _)| part_of[other as usize]);
    let to = beside
        .filter(|&part| part != gone && part != NOWHERE)
        .min_by_key(|&part| (held[part as usize], part))?;
    let last = parts as u32 - 1;
    for part in part_of.iter_mut() {
        *part = if *part == gone { to } else { *part };
    }
    // Where the last one was merged into, it is found under its new number.
    part_of.iter_mut().filter(|part| **part == last).for_each(|part| *part = gone);
    Some(())
}

/// Splits the grid of most households between its two atoms farthest apart.
fn split_heaviest(draft: &mut Draft<'_>, new: u32) -> Option<()> {
    let task = draft.task;
    let old = (0..new).max_by_key(|&grid| (draft.households(grid), std::cmp::Reverse(grid)))?;
    let own: Vec<u32> = (0..task.len() as u32).filter(|&a| draft.grid_of[a as usize] == old).collect();
    let far = |from: u32| own.iter().copied().max_by_key(|&a| (task.square(from, a), a));
    let first = far(*own.first()?)?;
    let second = far(first).filter(|second| *second != first)?;
    own.iter().for_each(|&atom| draft.put(atom, NOWHERE));
    draft.put(first, old);
    draft.put(second, new);
    fill(draft, &[old, new]);
    Some(())
}
