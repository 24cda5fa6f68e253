//! Dividing a territory into connected parts of bounded size, with a proof.
//!
//! The mathematical heart of a plan without its words: atoms with people, a graph, a number of parts,
//! a range. [`solve`] searches and [`prove`] bounds; both count their work instead of reading a
//! clock, so that the same call gives the same bytes anywhere.
//!
//! | territory | search | bound |
//! |---|---|---|
//! | moment of inertia or distance, a few thousand atoms | tabu search from power diagrams | priced parts, listing, branching |
//! | edges between parts, a few thousand atoms | annealing over connected divisions | sweeps with relaxed decision diagrams |
//! | either, up to millions of atoms | multilevel annealing | none for the moment; parts less one for edges |
//! | the moment, too many atoms to price whole parts | as above | parts in pieces, atoms split |
//! | any price of a part, few enough parts | none | all of them listed, relaxed, chosen among |
//! | the fewest people moved from an older division | by the proof itself | the same |

mod answer;
mod centred;
mod cuts;
pub mod graph;
pub mod instance;
mod large;
pub mod listed;
pub mod loose;
mod moved;
pub mod priced;
mod proof;

pub use answer::{Division, Effort, Status, Unsolvable};
pub use moved::fewest_moved;

use answer::Unsolvable as No;
use centred::costs::Costs;
use centred::search::{self, Trials};
use instance::{Instance, Objective};
use proof::classes::Classes;

use crate::run::{Run, Stage};

/// Atoms up to which every pair of atoms has its cost kept.
const CENTRED_MAX: usize = 4_000;

/// Atoms up to which few edges are searched for with a proof.
const CUTS_MAX: usize = 3_000;

/// Atoms from which a few annealed divisions are searched around too: there the first divisions
/// decide, and a power diagram is a poor one. And how many.
const ANNEALED_MIN: usize = 250;
const ANNEALINGS: u64 = 4;

/// Atoms from which the bound of parts in pieces is worth its time, and atoms it looks at in the time of
/// one node of the other proof, of which it has a part.
const LOOSE_MIN: usize = 300;
const LOOKED_AT_A_NODE: u64 = 30;

/// Arcs looked at in the time of one node of the other proof.
const ARCS_A_NODE: u64 = 100;

/// Work from which a large territory is settled thoroughly.
const THOROUGH: u64 = 8_000_000;

/// Divides a territory; the bound is at least zero, and the value itself once that is proved.
///
/// `Fast` is for a community in about a millisecond, `Normal` for one in about twenty; neither
/// proves anything. `Prove` spends the work it is given, in nodes of the search tree, on the search
/// and then on the proof.
///
/// # Errors
/// [`Unsolvable`] if no division can exist, or none was found.
pub fn solve(
    instance: &Instance,
    objective: Objective,
    effort: Effort,
    run: &Run<'_>,
) -> Result<Division, Unsolvable> {
    let small = instance.len() <= CENTRED_MAX && instance.parts as usize <= centred::state::PARTS_MAX;
    match objective {
        Objective::Cut => few_edges(instance, effort, run),
        Objective::Moment | Objective::Distance if instance.x.is_empty() => Err(No::NoPositions),
        Objective::Moment | Objective::Distance if small => near(instance, objective, effort, run),
        Objective::Moment | Objective::Distance => near_at_large(instance, objective, effort, run),
    }
}

fn near(instance: &Instance, objective: Objective, effort: Effort, run: &Run<'_>) -> Result<Division, No> {
    answer::check(instance)?;
    let costs = Costs::of(instance, objective).ok_or(No::TooWide)?;
    let mut rng = run.seed.stream(Stage::Partition, 0);
    let trials = Trials::of(effort, instance.len(), instance.parts);
    let annealings = if instance.len() < ANNEALED_MIN || effort == Effort::Fast { 0 } else { ANNEALINGS };
    let first: Vec<Vec<u32>> = (0..annealings)
        .filter_map(|attempt| {
            large::divide(instance, objective, run.seed.0.wrapping_add(attempt), large::Effort::Quick)
        })
        .collect();
    let found = search::search(instance, &costs, trials, &first, &mut rng).ok_or(No::NotFound)?;
    let division = Division::found(found.part_of, found.value);
    Ok(match effort {
        Effort::Prove { work } => {
            let proved = close(instance, &costs, division, proving(work, instance.len()));
            if instance.len() < LOOSE_MIN { proved } else { loosely(instance, &costs, proved, work) }
        }
        Effort::Fast | Effort::Normal => division,
    })
}

/// The work left for the proof after the search. In large territories a node costs as many times more
/// as there are more atoms.
fn proving(work: u64, atoms: usize) -> u64 {
    if atoms < ANNEALED_MIN { work } else { work / 4 * ANNEALED_MIN as u64 / atoms as u64 }
}

/// The same division with the bound of parts in pieces, where that is higher.
fn loosely(instance: &Instance, costs: &Costs, division: Division, work: u64) -> Division {
    let mut members = vec![Vec::new(); instance.parts as usize];
    (0u32..).zip(&division.part_of).for_each(|(atom, &part)| members[part as usize].push(atom));
    let mut centre_of = vec![0; instance.len()];
    for atoms in &members {
        let about = |centre: u32| atoms.iter().map(|&atom| costs.of_pair(atom, centre)).sum::<i64>();
        let centre = atoms.iter().copied().min_by_key(|&centre| (about(centre), centre));
        atoms.iter().for_each(|&atom| centre_of[atom as usize] = centre.unwrap_or(atom));
    }
    let looked_at = work.saturating_mul(LOOKED_AT_A_NODE);
    let bound = loose::bound(instance, |atom, centre| costs.of_pair(atom, centre), &centre_of, looked_at);
    Division { bound: division.bound.max(bound.min(division.value)), ..division }
}

fn near_at_large(
    instance: &Instance,
    objective: Objective,
    effort: Effort,
    run: &Run<'_>,
) -> Result<Division, No> {
    answer::check_numbers(instance)?;
    let part_of = large::divide(instance, objective, run.seed.0, large_effort(effort)).ok_or(No::NotFound)?;
    let value = match objective {
        Objective::Moment => instance.moment(&part_of),
        Objective::Distance | Objective::Cut => instance.distance(&part_of),
    };
    Ok(Division::found(part_of, i64::try_from(value).map_err(|_| No::TooWide)?))
}

fn few_edges(instance: &Instance, effort: Effort, run: &Run<'_>) -> Result<Division, No> {
    answer::check_numbers(instance)?;
    let parts_less_one = i64::from(instance.parts) - 1;
    if let Effort::Prove { work } = effort
        && instance.len() <= CUTS_MAX
    {
        let arcs = work.saturating_mul(ARCS_A_NODE);
        let cut = cuts::divide(instance, run.seed.0, arcs).map_err(|failure| match failure {
            cuts::Failure::Impossible => No::Infeasible,
            cuts::Failure::NotFound => No::NotFound,
        })?;
        return Ok(Division { part_of: cut.part_of, value: cut.value, bound: cut.bound });
    }
    let effort = large_effort(effort);
    let part_of = large::divide(instance, Objective::Cut, run.seed.0, effort).ok_or(No::NotFound)?;
    let value = instance.judge(&part_of).cut;
    // A connected territory has an edge between its parts for every part but one.
    let connected = instance.pieces() == 1 && instance.graph.each_costs();
    let bound = if connected { parts_less_one.min(value) } else { 0 };
    Ok(Division { part_of, value, bound })
}

fn large_effort(effort: Effort) -> large::Effort {
    match effort {
        Effort::Fast => large::Effort::Quick,
        Effort::Prove { work } if work >= THOROUGH => large::Effort::Thorough,
        Effort::Normal | Effort::Prove { .. } => large::Effort::Normal,
    }
}

/// A bound on every division, and a better one if the proof meets it, within so much work.
pub fn prove(instance: &Instance, objective: Objective, division: Division, work: u64) -> Division {
    match Costs::of(instance, objective) {
        Some(costs) if instance.len() <= CENTRED_MAX => close(instance, &costs, division, work),
        _ => division,
    }
}

/// A lower bound on the cost of every connected division of `instance` whose parts are each served
/// from one of their members, where `cost(served, from)` is what that costs; given one that costs
/// `known`, below which the bound stays. Work is counted in nodes.
///
/// # Panics
/// If the costs of all atoms from one could pass 2⁶⁰.
pub fn lower_bound(instance: &Instance, cost: impl Fn(u32, u32) -> i64, known: i64, work: u64) -> i64 {
    let classes = Classes::served(instance, cost);
    proof::prove(instance, &classes, known, work).bound.min(known)
}

fn close(instance: &Instance, costs: &Costs, division: Division, work: u64) -> Division {
    let classes = Classes::centred(costs, instance);
    let proof = proof::prove(instance, &classes, division.value, work);
    division.improved(proof.better, proof.bound)
}
