//! The grids in force kept strictly: the fewest households that change their grid.
//!
//! A community whose grids all lie in the range is left as it is. Otherwise each grid in force is a
//! part that may not lose its place, new parts are added where the old ones cannot hold everybody,
//! and [`fewest_moved`] brings all of them into the range, with a proof. What it cannot do is told,
//! and the community is then divided like any other.

use std::collections::{BTreeMap, BTreeSet};

use super::Divided;
use super::task::Task;
use crate::districting::graph::Graph;
use crate::districting::instance::Instance;
use crate::districting::{Unsolvable, fewest_moved};
use crate::index::fabric::Fabric;
use crate::model::ids::{AtomId, CommunityId};
use crate::model::keeping::{FellBack, Keeping};
use crate::model::place::Place;
use crate::model::rules::{Effort, Keep, Rules};

/// Nodes of the proof spent on one community.
fn work(effort: Effort) -> u64 {
    match effort {
        Effort::Fast => 5_000,
        Effort::Normal => 40_000,
        Effort::Prove => 2_000_000,
    }
}

/// Every atom has a price for every other: beyond so many, memory runs out before patience.
const ATOMS_MAX: usize = 1_500;

/// No part yet.
const NONE: u32 = u32::MAX;

/// What strict keeping found out about one community.
pub(super) struct Kept {
    /// The grid in force that each new one goes on as.
    pub(super) heir_of: Vec<Option<u32>>,
    moved: u64,
    bound: u64,
    added: u32,
}

/// The community divided with the fewest households moved; `None` where that is not asked for.
pub(super) fn strictly(
    place: &Place,
    fabric: &Fabric,
    community: CommunityId,
    rules: &Rules,
) -> Option<Result<Divided, FellBack>> {
    if rules.grids.keep != Keep::Strict || place.grids_in_force.is_empty() {
        return None;
    }
    let task = Task::of(fabric, community, Keep::Strict);
    (task.len() > 0).then(|| Old::of(place, fabric, community, task, rules)?.revised(rules))
}

/// The grids in force of one community as parts `0..codes.len()`.
struct Old {
    task: Task,
    part_of: Vec<u32>,
    codes: Vec<u32>,
}

impl Old {
    fn of(
        place: &Place,
        fabric: &Fabric,
        community: CommunityId,
        task: Task,
        rules: &Rules,
    ) -> Result<Self, FellBack> {
        let in_force = |atom: &u32| fabric.grid_in_force[*atom as usize];
        let all: BTreeSet<u32> = task.atoms.iter().filter_map(in_force).collect();
        let codes: Vec<u32> = all.into_iter().collect();
        if codes.is_empty() {
            return Err(FellBack::NothingInForce);
        }
        let number: BTreeMap<u32, u32> = codes.iter().copied().zip(0..).collect();
        let mut held = fabric.grid_in_force.iter().zip(&fabric.community);
        if let Some((Some(grid), _)) =
            held.find(|(grid, home)| **home != community && grid.is_some_and(|g| number.contains_key(&g)))
        {
            return Err(FellBack::AcrossLine { grid: *grid });
        }
        let home = &place.communities[community.index()].code;
        let foreign = |grid: &u32| {
            let code = &place.grids_in_force[*grid as usize];
            !code.starts_with(home.as_str())
                && place.communities.iter().any(|c| code.starts_with(c.code.as_str()))
        };
        if let Some(&grid) = codes.iter().find(|grid| foreign(grid)) {
            return Err(FellBack::ForeignCode { grid });
        }
        let mut part_of: Vec<u32> =
            task.atoms.iter().map(|atom| in_force(atom).map_or(NONE, |grid| number[&grid])).collect();
        let without = (0..task.len()).filter(|&a| part_of[a] == NONE && task.households[a] > 0).count();
        if without > 0 {
            return Err(FellBack::AtomsWithout { atoms: without as u32 });
        }
        spread(&task, &mut part_of);
        let old = Self { task, part_of, codes };
        let high = i64::from(rules.grids.households_max);
        let heavy = (0..old.task.len()).find(|&a| old.task.households[a] > high);
        match heavy {
            Some(atom) if !old.is_sound(rules) => Err(FellBack::AtomOverMax {
                atom: AtomId(old.task.atoms[atom]),
                households: old.task.households[atom] as u32,
            }),
            _ => Ok(old),
        }
    }

    /// Whether all grids are in range, and in one piece wherever the community is.
    fn is_sound(&self, rules: &Rules) -> bool {
        let range = i64::from(rules.grids.households_min)..=i64::from(rules.grids.households_max);
        let task = &self.task;
        let mut held = vec![0i64; self.codes.len()];
        let mut seen = vec![false; task.len()];
        let mut stood_on = BTreeSet::new();
        for start in 0..task.len() as u32 {
            let part = self.part_of[start as usize];
            held[part as usize] += task.households[start as usize];
            if seen[start as usize] {
                continue;
            }
            if !stood_on.insert((part, task.piece[start as usize])) {
                return false;
            }
            let mut stack = vec![start];
            seen[start as usize] = true;
            while let Some(atom) = stack.pop() {
                for &(next, _) in task.joins(atom) {
                    if self.part_of[next as usize] == part
                        && !std::mem::replace(&mut seen[next as usize], true)
                    {
                        stack.push(next);
                    }
                }
            }
        }
        held.iter().all(|households| range.contains(households))
    }

    fn revised(self, rules: &Rules) -> Result<Divided, FellBack> {
        if self.is_sound(rules) {
            let part_of = self.part_of.clone();
            return Ok(self.divided(part_of, 0, 0, 0));
        }
        let task = &self.task;
        if task.pieces > 1 {
            return Err(FellBack::InPieces { pieces: task.pieces as u32 });
        }
        if task.len() > ATOMS_MAX {
            return Err(FellBack::TooLarge { atoms: task.len() as u32 });
        }
        let (low, high) = (i64::from(rules.grids.households_min), i64::from(rules.grids.households_max));
        let households: i64 = task.households.iter().sum();
        let now = self.codes.len() as i64;
        let parts = now.max((households + high - 1).div_euclid(high));
        if parts * low > households {
            let households = households as u64;
            return Err(if parts > now {
                FellBack::BetweenMultiples { households }
            } else {
                FellBack::TooManyGrids { households, grids: now as u32 }
            });
        }
        let joins = |a: u32| task.joins(a).iter().map(move |&(b, shared)| (a, b, shared));
        let edges: Vec<(u32, u32, u32)> =
            (0..task.len() as u32).flat_map(joins).filter(|(a, b, _)| a < b).collect();
        let instance = Instance {
            graph: Graph::from_edges(task.len(), &edges),
            people: task.households.clone(),
            x: task.x.clone(),
            y: task.y.clone(),
            parts: parts as u32,
            low,
            high,
        };
        let grids = parts as u32;
        let mut found =
            fewest_moved(&instance, &self.part_of, work(rules.grids.effort)).map_err(|none| match none {
                Unsolvable::NotFound => FellBack::NotFound { grids },
                _ => FellBack::Impossible { grids },
            })?;
        self.return_empty(&instance, &mut found.part_of);
        let (moved, bound) = (found.value.max(0) as u64, found.bound.max(0) as u64);
        Ok(self.divided(found.part_of, moved, bound, (parts - now) as u32))
    }

    /// Ground without households costs nothing to move, and yet should stay where it was if it can.
    /// O(empty atoms · atoms) a round.
    fn return_empty(&self, instance: &Instance, part_of: &mut [u32]) {
        let task = &self.task;
        let mut again = true;
        while std::mem::take(&mut again) {
            for atom in 0..task.len() {
                let (now, before) = (part_of[atom], self.part_of[atom]);
                if now == before || task.households[atom] > 0 {
                    continue;
                }
                part_of[atom] = before;
                if instance.judge(part_of).feasible {
                    again = true;
                } else {
                    part_of[atom] = now;
                }
            }
        }
    }

    fn divided(self, part_of: Vec<u32>, moved: u64, bound: u64, added: u32) -> Divided {
        let mut heir_of: Vec<Option<u32>> = self.codes.into_iter().map(Some).collect();
        heir_of.resize(heir_of.len() + added as usize, None);
        let grids = heir_of.len();
        Divided {
            kept: Some(Kept { heir_of, moved, bound, added }),
            ..Divided::into(self.task, grids, part_of)
        }
    }
}

/// Empty ground that belongs to no grid goes with a neighbour's; what has none, with the first.
fn spread(task: &Task, part_of: &mut [u32]) {
    let mut queue: Vec<u32> = (0..task.len() as u32).filter(|&a| part_of[a as usize] != NONE).collect();
    let mut head = 0;
    while head < queue.len() {
        let atom = queue[head];
        head += 1;
        for &(next, _) in task.joins(atom) {
            if part_of[next as usize] == NONE {
                part_of[next as usize] = part_of[atom as usize];
                queue.push(next);
            }
        }
    }
    part_of.iter_mut().filter(|part| **part == NONE).for_each(|part| *part = 0);
}

/// What became of the grids in force as a whole.
pub(super) fn told(place: &Place, rules: &Rules, divided: &[Divided]) -> Option<Keeping> {
    let kept = || divided.iter().filter_map(|d| d.kept.as_ref());
    (!place.grids_in_force.is_empty()).then(|| Keeping {
        mode: rules.grids.keep,
        strict: kept().count() as u32,
        moved: kept().map(|kept| kept.moved).sum(),
        bound: kept().map(|kept| kept.bound).sum(),
        added: kept().map(|kept| kept.added).sum(),
        fell_back: divided
            .iter()
            .enumerate()
            .filter_map(|(i, d)| Some((CommunityId::at(i), d.fell_back?)))
            .collect(),
    })
}
