//! Why a grid lies outside the range.

use super::Divided;
use super::counts::{Fit, fit};
use crate::model::ids::AtomId;
use crate::model::plan::OutOfRange;
use crate::model::rules::Rules;

/// The first fact that explains it, from the plainest to the finest; `None` if it is in range.
pub(super) fn of(divided: &Divided, grid: u32, atoms: &[u32], rules: &Rules) -> Option<OutOfRange> {
    let task = &divided.task;
    let (low, high) = (i64::from(rules.grids.households_min), i64::from(rules.grids.households_max));
    let households: i64 = atoms.iter().map(|&a| task.households[a as usize]).sum();
    if (low..=high).contains(&households) {
        return None;
    }
    let total: i64 = task.households.iter().sum();
    if total == 0 {
        return Some(OutOfRange::Uninhabited);
    }
    let largest = |atoms: &mut dyn Iterator<Item = u32>| {
        atoms.map(|a| (task.households[a as usize], std::cmp::Reverse(a))).max()
    };
    if let Some((most, std::cmp::Reverse(atom))) = largest(&mut atoms.iter().copied())
        && most > high
    {
        let atom = AtomId(task.atoms[atom as usize]);
        return Some(OutOfRange::AtomOverMax { atom, households: most as u32 });
    }
    match fit(total, rules) {
        Fit::BelowMin => return Some(OutOfRange::CommunityBelowMin { households: total as u64 }),
        Fit::Between => {
            let grids = divided.grids as u32;
            return Some(OutOfRange::BetweenMultiples { households: total as u64, grids });
        }
        Fit::Multiple => {}
    }
    // The pieces of the community this grid stands on, with what lives there.
    let stands = |a: u32| atoms.iter().any(|&own| task.piece[own as usize] == task.piece[a as usize]);
    let here: i64 = (0..task.len() as u32).filter(|&a| stands(a)).map(|a| task.households[a as usize]).sum();
    if here < total && fit(here, rules) != Fit::Multiple {
        return Some(OutOfRange::CutOff { households: here as u64 });
    }
    let near = |a: u32| {
        divided.grid_of[a as usize] == grid
            || task.joins(a).iter().any(|(other, _)| divided.grid_of[*other as usize] == grid)
    };
    let most = largest(&mut (0..task.len() as u32).filter(|&a| near(a)));
    Some(OutOfRange::Coarse { largest: most.map_or(0, |(h, _)| h as u32) })
}
