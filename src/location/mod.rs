//! Where to put centres, with a proof.
//!
//! The mathematical heart of siting without its words: demand rows with weights, sites, distances.
//! [`solve`] searches and bounds, and counts its work instead of reading a clock, so that the same
//! call gives the same answer anywhere, on any number of threads.
//!
//! | problem | search | bound |
//! |---|---|---|
//! | p-median, maximal and partial cover | swaps, shaken, fed by Lagrangian choices | Lagrangian in whole numbers, fixing, linear relaxation, cuts of covering rows, branching |
//! | p-center, full cover | the same, a question for each radius or number | the same, after presolve |
//! | capacitated p-median | regions taken apart and put together | that without capacities |
//!
//! Distances are whole and at most 2³²−1, sums at most 2⁶⁰; the unit is the caller's.

mod answer;
mod capacitated;
mod centre;
mod cover;
mod dual;
mod instance;
mod median;
mod nearby;
mod presolve;
mod region;
mod rows;
mod saddle;
mod setcover;
mod simplex;
mod swap;
mod tree;

#[cfg(test)]
mod tests;

pub use answer::{Effort, Siting, Status, Unsolvable};
pub use instance::{Costs, Entry, Instance, Points, Problem, Rounding, Site, State, Table};

use crate::run::Run;

/// Chooses sites for a problem.
///
/// The bound holds for every answer, whatever the effort; value and bound meet only where that is
/// proved. Equal calls give equal answers.
///
/// # Errors
/// [`Unsolvable`] if no answer can exist, or none was found within the work.
pub fn solve(
    instance: &Instance,
    problem: Problem,
    effort: Effort,
    run: &Run<'_>,
) -> Result<Siting, Unsolvable> {
    instance.check()?;
    let work = effort.work();
    match problem {
        Problem::PMedian { p } => median::solve(instance, p, work, run),
        Problem::PCenter { p } => centre::solve(instance, p, work),
        Problem::Mclp { p, radius } => cover::mclp(instance, p, radius, work),
        Problem::Lscp { radius } => cover::fewest(instance, radius, None, work),
        Problem::Psclp { radius, target } => cover::fewest(instance, radius, Some(target), work),
        Problem::Cpmp { p } => capacitated::solve(instance, p, work, run),
    }
}
