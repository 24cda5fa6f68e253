//! Grids that are given: exclusive sites, and grids in force that are locked. They are measured like
//! the others and divided never.

use super::grids::{Numbered, grid};
use super::task::Task;
use crate::index::fabric::Fabric;
use crate::model::place::{GivenKind, Place};
use crate::model::plan::{Grid, OutOfRange};
use crate::model::rules::{Keep, Rules};

/// One grid for each, in order; a locked one goes on under its code.
pub(super) fn grids(place: &Place, fabric: &Fabric, rules: &Rules) -> Vec<Numbered> {
    let range = rules.grids.households_min..=rules.grids.households_max;
    let numbered = |(i, atoms): (u32, &Vec<u32>)| {
        let given = &place.given[i as usize];
        let task = Task::over(fabric, atoms.clone(), Keep::None);
        let all: Vec<u32> = (0..task.len() as u32).collect();
        let exclusive = matches!(given.kind, GivenKind::Exclusive { .. });
        let grid = Grid { given: Some(i), exclusive, ..grid(fabric, given.community, &task, &all) };
        let (heir_of, reason) = match given.kind {
            GivenKind::Exclusive { .. } => (None, None),
            GivenKind::Locked { grid: code } => {
                let out = !range.contains(&grid.counts.households);
                (Some(code), out.then_some(OutOfRange::Locked))
            }
        };
        Numbered { grid: Grid { reason, ..grid }, atoms: atoms.clone(), heir_of }
    };
    (0..).zip(&fabric.given).map(numbered).collect()
}
