//! Dividing a territory into connected parts of bounded size, with a proof.
//!
//! The mathematical heart of a plan without its words: atoms with people, a graph, a number of parts,
//! a range. [`solve`] searches and [`prove`] bounds; both count their work instead of reading a
//! clock, so that the same call gives the same bytes anywhere.
//!
//! | territory | search | bound |
//! |---|---|---|
//! | moment of inertia or distance, a few thousand atoms | tabu search from power diagrams | priced parts, listing, branching |
//! | the fewest people moved from an older division | by the proof itself | the same |

mod answer;
mod centred;
pub mod graph;
pub mod instance;
mod moved;
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
    answer::check(instance)?;
    if instance.len() > CENTRED_MAX || instance.parts as usize > centred::state::PARTS_MAX {
        return Err(No::TooLarge { atoms: instance.len(), parts: instance.parts });
    }
    let costs = Costs::of(instance, objective).ok_or(No::TooWide)?;
    let mut rng = run.seed.stream(Stage::Partition, 0);
    let trials = Trials::of(effort, instance.len());
    let found = search::search(instance, &costs, trials, &mut rng).ok_or(No::NotFound)?;
    let division = Division::found(found.part_of, found.value);
    Ok(match effort {
        Effort::Prove { work } => close(instance, &costs, division, work),
        Effort::Fast | Effort::Normal => division,
    })
}

/// A bound on every division, and a better one if the proof meets it, within so much work.
pub fn prove(instance: &Instance, objective: Objective, division: Division, work: u64) -> Division {
    match Costs::of(instance, objective) {
        Some(costs) if instance.len() <= CENTRED_MAX => close(instance, &costs, division, work),
        _ => division,
    }
}

fn close(instance: &Instance, costs: &Costs, division: Division, work: u64) -> Division {
    let classes = Classes::centred(costs, instance);
    let proof = proof::prove(instance, &classes, division.value, work);
    division.improved(proof.better, proof.bound)
}
