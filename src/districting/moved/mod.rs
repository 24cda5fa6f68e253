//! Repairing an older division: the fewest people that have to change their part.

mod reach;
mod repair;

use super::answer::{self, Division, Unsolvable};
use super::instance::Instance;
use super::proof::{self, classes::Classes};
use reach::Reduced;

/// How far above the bound a division is looked for first.
const SLACK: i64 = 6;

/// Moves tried in the time of one node.
const MOVES_A_NODE: u64 = 8;

/// Into how many parts the work is cut until a division is found.
const SHARES: u64 = 7;

/// Brings every part into the range with the fewest people moved; the parts keep their numbers.
///
/// Each part is a class whose list charges the people of every atom that was not its own, and the
/// proof is run below the division that annealing finds, or below a limit that grows until there is
/// one. The work given bounds all runs together.
///
/// # Errors
/// [`Unsolvable`] if no division can exist; [`Unsolvable::Infeasible`] if the search proved it;
/// [`Unsolvable::NotFound`] if the work ran out first.
pub fn fewest_moved(instance: &Instance, prior: &[u32], work: u64) -> Result<Division, Unsolvable> {
    answer::check(instance)?;
    let people: i64 = instance.people.iter().sum();
    let mut held = vec![0i64; instance.parts as usize];
    for (&part, people) in prior.iter().zip(&instance.people) {
        held[part as usize] += people;
    }
    let out = |held: &i64| ((held - instance.high).max(0), (instance.low - held).max(0));
    let (over, under) = held.iter().map(out).fold((0, 0), |sum, part| (sum.0 + part.0, sum.1 + part.1));
    // What is over has to leave and what is missing has to come, so that much moves at the least.
    let mut bound = over.max(under);
    let (mut found, spent) = repair::repaired(instance, prior);
    let (mut slack, mut left) = (SLACK, work.saturating_sub(spent / MOVES_A_NODE).max(1));
    while left > 0 {
        let sought = bound.saturating_add(slack).min(people + 1);
        let limit = found.as_ref().map_or(sought, |known| known.0);
        if bound >= limit {
            break;
        }
        let share = if found.is_some() { left } else { (work / SHARES).clamp(1, left) };
        let reduced = Reduced::below(instance, prior, limit);
        let classes = Classes::kept(&reduced.instance, &reduced.prior, &reduced.allowed);
        let proof = proof::prove(&reduced.instance, &classes, limit, share);
        left = left.saturating_sub(proof.work.max(1));
        bound = bound.max(proof.bound);
        if proof.better.is_none() && limit > people && proof.bound >= limit {
            return Err(Unsolvable::Infeasible);
        }
        found = proof.better.map(|(value, part_of)| (value, reduced.unfold(&part_of))).or(found);
        slack = slack.saturating_mul(8) / 5;
    }
    let (value, part_of) = found.ok_or(Unsolvable::NotFound)?;
    Ok(Division { part_of, value, bound: bound.min(value) })
}
