//! Large divisions: thousands to millions of atoms into connected parts of bounded size.
//!
//! The method is a multilevel scheme (`ladder`): neighbouring atoms are joined into fewer and fewer nodes
//! (`coarsen`), the smallest graph is divided plainly (`strips`, `breadth`), and on the way back every
//! level is refined by simulated annealing that keeps each part in one piece at every move and fines
//! people outside the range (`settle`, `whole`). Parts that stay outside are mended by settling their
//! surroundings anew and by ejection chains (`mend`, `chain`).
//!
//! Everything is single-threaded, counted and seeded: the same input, seed and effort give the same
//! division on every machine. Shapes: `n` atoms, `m` edges, `k` parts; memory is O(n + m + k), about
//! 200 bytes per atom of a planar mesh, never n × k.

mod breadth;
mod chain;
mod coarsen;
mod effort;
mod islands;
mod ladder;
mod level;
mod mend;
mod order;
mod patience;
mod settle;
mod strips;
#[cfg(test)]
mod tests;
mod whole;

use super::instance::{Instance, Objective};
pub(crate) use effort::Effort;
use ladder::Task;
use level::Level;
use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng;

/// Weight of the moment beside the cut where the cut is the aim. Compact parts have short boundaries, so
/// a little of it lowers the cut by one to two percent; it also keeps shapes pleasant.
const COMPACT: f64 = 0.3;
/// Weight of the moment where it is the aim. The cut stays in as the lesser term.
const MOMENT: f64 = 10.0;

/// Divides into `instance.parts` connected parts of `low..=high` people each, keeping the cut (or the
/// moment of inertia) small. Returns the part of every atom, or none if no such division was found.
///
/// The aims [`Objective::Moment`] and [`Objective::Distance`] are both pursued through the moment about the
/// centroids and need positions; without positions (`x` and `y` empty, or all atoms at one place) the cut
/// is the aim. If the graph is not connected, every component gets a number of parts that its people allow,
/// and is divided by itself; none if the numbers do not add up.
///
/// Cost: O((n + m) · sweeps) time with sweeps falling from hundreds to dozens as `n` grows: on one core of
/// 2023 about 0.1 s for a thousand atoms, 1 s for a hundred thousand in 64 parts, 6 s for a million in 40
/// 000. O(n + m) memory.
///
/// Sources: Hendrickson and Leland, A multilevel algorithm for partitioning graphs (1995); Johnson, Aragon,
/// McGeoch and Schevon, Optimization by simulated annealing: graph partitioning (1989); Walshaw, Multilevel
/// refinement for combinatorial optimisation problems (2004).
pub(crate) fn divide(instance: &Instance, aim: Objective, seed: u64, effort: Effort) -> Option<Vec<u32>> {
    if !possible(instance) {
        return None;
    }
    let component = instance.components();
    let part = if component.iter().all(|&c| c == 0) {
        divide_connected(instance, aim, seed, effort)?
    } else {
        islands::divide(instance, &component, |island, number| {
            divide_connected(island, aim, seed.wrapping_add(number), effort)
        })?
    };
    // The promise is checked, not trusted: one flood fill beside all the sweeps.
    let feasible = instance.judge(&part).feasible;
    debug_assert!(feasible, "a division that settled inside the range is feasible");
    feasible.then_some(part)
}

/// Whether the numbers alone allow a division.
fn possible(instance: &Instance) -> bool {
    let parts = i128::from(instance.parts);
    let total: i128 = instance.people.iter().map(|&people| i128::from(people)).sum();
    instance.parts > 0
        && instance.parts as usize <= instance.len()
        && instance.people.iter().all(|&people| people >= 0 && people <= instance.high)
        && parts * i128::from(instance.low) <= total
        && total <= parts * i128::from(instance.high)
}

/// Divides an instance whose graph is connected.
fn divide_connected(instance: &Instance, aim: Objective, seed: u64, effort: Effort) -> Option<Vec<u32>> {
    if instance.parts == 1 {
        return Some(vec![0; instance.len()]);
    }
    let order = order::order(instance);
    let level = Level::ordered(instance, &order);
    let aim = if level.x.is_empty() { Objective::Cut } else { aim };
    let moment = if aim == Objective::Cut { COMPACT } else { MOMENT };
    let range = (instance.low.max(0), instance.high.min(level.all_people()));
    let attempt = |effort: Effort| {
        let task = Task { aim, parts: instance.parts, range, moment, limits: effort.limits() };
        ladder::divide(&level, &task, &mut ChaCha8Rng::seed_from_u64(seed))
    };
    // A draft that does not fit is no draft: then the middle effort is made after all.
    let settled =
        attempt(effort).or_else(|| if effort == Effort::Quick { attempt(Effort::Normal) } else { None })?;
    let mut part = vec![0; settled.len()];
    order.iter().zip(settled).for_each(|(&atom, mine)| part[atom as usize] = mine);
    Some(part)
}
