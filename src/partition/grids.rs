//! From a community's draft to its grids: sums, shapes and measures. Codes come later.

use geo::Area as _;

use super::Divided;
use super::bound::inertia_of;
use super::reasons;
use super::task::Task;
use crate::geometry::compactness::polsby_popper;
use crate::geometry::overlap::union;
use crate::index::fabric::Fabric;
use crate::model::ids::{AtomId, CommunityId};
use crate::model::plan::Grid;
use crate::model::rules::Rules;
use crate::model::units::Counts;

/// A grid that has no code yet, with its atoms.
pub(super) struct Numbered {
    pub(super) grid: Grid,
    pub(super) atoms: Vec<u32>,
    /// The grid in force whose code it inherits, where that is settled already.
    pub(super) heir_of: Option<u32>,
}

/// The grids of one community, in order of local number.
pub(super) fn of(fabric: &Fabric, community: CommunityId, divided: &Divided, rules: &Rules) -> Vec<Numbered> {
    let task = &divided.task;
    (0..divided.grids as u32)
        .map(|number| {
            let local: Vec<u32> =
                (0..task.len() as u32).filter(|&a| divided.grid_of[a as usize] == number).collect();
            let reason = reasons::of(divided, number, &local, rules);
            let grid = Grid { reason, ..grid(fabric, community, task, &local) };
            let heir_of = divided.kept.as_ref().and_then(|kept| kept.heir_of[number as usize]);
            Numbered { grid, atoms: global(task, &local), heir_of }
        })
        .collect()
}

fn global(task: &Task, local: &[u32]) -> Vec<u32> {
    local.iter().map(|&a| task.atoms[a as usize]).collect()
}

/// Some atoms of a task as a grid without code, name and reason.
pub(super) fn grid(fabric: &Fabric, community: CommunityId, task: &Task, local: &[u32]) -> Grid {
    let (inertia, duty) = inertia_of(task, local);
    let mut held: Vec<u32> = local.iter().map(|&a| task.piece[a as usize]).collect();
    held.sort_unstable();
    held.dedup();
    let atoms = global(task, local);
    let ground: Vec<_> = atoms.iter().map(|&a| &fabric.ground[a as usize]).collect();
    let shape = union(&ground);
    Grid {
        code: String::new(),
        name: String::new(),
        community,
        counts: sum(atoms.iter().map(|&a| fabric.counts[a as usize])),
        atoms: atoms.len() as u32,
        duty_point: AtomId(task.atoms[duty as usize]),
        inertia,
        pieces: pieces(task, local),
        community_pieces: held.len() as u32,
        reason: None,
        given: None,
        exclusive: false,
        area_m2: shape.unsigned_area(),
        polsby_popper: polsby_popper(&shape),
        shape,
    }
}

fn sum(counts: impl Iterator<Item = Counts>) -> Counts {
    counts.fold(Counts::default(), |sum, c| Counts {
        households: sum.households + c.households,
        population: sum.population + c.population,
        older: sum.older + c.older,
        child: sum.child + c.child,
    })
}

/// Connected pieces of a set of atoms, by flood fill.
fn pieces(task: &Task, atoms: &[u32]) -> u32 {
    let mut left: std::collections::BTreeSet<u32> = atoms.iter().copied().collect();
    let mut count = 0;
    while let Some(start) = left.pop_first() {
        count += 1;
        let mut stack = vec![start];
        while let Some(atom) = stack.pop() {
            for (next, _) in task.joins(atom) {
                if left.remove(next) {
                    stack.push(*next);
                }
            }
        }
    }
    count
}
