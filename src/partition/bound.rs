//! A lower bound on the moment of inertia, as a certificate.
//!
//! Any division into k grids picks k duty points, sends everybody to that of their own grid, and gives
//! every grid households of the range. What that costs at least is bounded where grids may be in pieces
//! ([`districting::loose`]), and in communities of moderate size where they may not.

use super::task::Task;
use super::{Divided, optimum};
use crate::districting;
use crate::districting::listed::Parts;
use crate::districting::loose;
use crate::model::rules::{Effort, Rules};

/// Atoms looked at for the bound of grids in pieces, of a community with a better one and without.
fn looked_at(effort: Effort, atoms: usize) -> u64 {
    match effort {
        _ if atoms <= CONNECTED_MAX => 3_000_000,
        Effort::Fast => 10_000_000,
        Effort::Normal => 60_000_000,
        Effort::Prove => 1_000_000_000,
    }
}

/// Squared distance in whole square metres, rounded.
pub(super) fn square_m2(square_cm: i64) -> u64 {
    (square_cm.unsigned_abs() + 5_000) / 10_000
}

/// Moment around the best atom of a set, and that atom (the lowest of equals).
pub(super) fn inertia_of(task: &Task, atoms: &[u32]) -> (u64, u32) {
    let moment = |centre: u32| -> u64 {
        let of = |&a: &u32| task.population[a as usize] as u64 * square_m2(task.square(a, centre));
        atoms.iter().map(of).sum()
    };
    atoms.iter().map(|&a| (moment(a), a)).min().unwrap_or((0, 0))
}

/// Atoms up to which a community's bound counts that grids are connected, and the nodes it may cost.
const CONNECTED_MAX: usize = 400;

fn nodes(effort: Effort) -> u64 {
    match effort {
        Effort::Fast => 1_000,
        Effort::Normal => 20_000,
        Effort::Prove => 4_000_000,
    }
}

/// Bounds the moment of inertia of a division that is settled, and its weighted principles with it
/// where nothing better is known.
pub(super) fn settle(divided: &mut Divided, rules: &Rules) {
    let (task, grids) = (&divided.task, divided.grids);
    let mut members = vec![Vec::new(); grids];
    (0u32..).zip(&divided.grid_of).for_each(|(atom, &grid)| members[grid as usize].push(atom));
    let value: u64 = members.iter().map(|atoms| inertia_of(task, atoms).0).sum();
    divided.moment = value;
    divided.moment_bound = of(divided, &members, value, rules);
    assert!(
        divided.moment_bound <= value,
        "a bound above a division that it speaks of is a mistake in the bound"
    );
    divided.worth.bound = divided.worth.bound.max(optimum::from_moment(divided, divided.moment_bound, rules));
}

fn of(divided: &Divided, members: &[Vec<u32>], value: u64, rules: &Rules) -> u64 {
    let (task, grids) = (&divided.task, divided.grids);
    if grids < 2 {
        return value;
    }
    let range = optimum::Claim::of(divided, rules);
    let effort = rules.grids.effort;
    let known = i64::try_from(value).ok().filter(|known| *known < 1 << 56);
    let listable = optimum::is_listable(task, grids);
    if let (Some(limits), Some(known)) = (optimum::limits(effort).filter(|_| listable), known) {
        let instance = range.instance(task, grids);
        let parts = Parts { instance: &instance, most: range.most };
        let price = |atoms: &[u32]| i64::try_from(inertia_of(task, atoms).0).unwrap_or(i64::MAX >> 8);
        if let Some(choice) = parts.cheapest(price, known, limits.listed) {
            return choice.bound.max(0) as u64;
        }
    }
    let (low, high) = (range.low, range.high.max(range.most));
    let Some(known) = known else { return 0 };
    if task.len() > loose::ATOMS_MAX {
        return 0;
    }
    let instance = optimum::Claim { low, high, most: high }.instance(task, grids);
    let cost = |served: u32, from: u32| {
        task.population[served as usize].saturating_mul(square_m2(task.square(served, from)) as i64)
    };
    let most = |from: u32| (0..task.len() as u32).map(|atom| i128::from(cost(atom, from))).sum::<i128>();
    if (0..task.len() as u32).map(most).max().is_none_or(|most| most >= 1 << 58) {
        return 0;
    }
    let mut centre_of = vec![0; task.len()];
    for atoms in members {
        let centre = inertia_of(task, atoms).1;
        atoms.iter().for_each(|&atom| centre_of[atom as usize] = centre);
    }
    let bound = loose::bound(&instance, cost, &centre_of, looked_at(effort, task.len()));
    // Of communities in one piece every grid is in one, and that is nearer to the truth.
    if task.pieces != 1 || task.len() > CONNECTED_MAX {
        return bound as u64;
    }
    bound.max(districting::lower_bound(&instance, cost, known, nodes(effort))).max(0) as u64
}
