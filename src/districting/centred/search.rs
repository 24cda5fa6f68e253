//! Iterated search: several first divisions, then the best one with a few parts divided anew.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::costs::Costs;
use super::start;
use super::state::State;
use super::tabu::{Found, Tabu};
use crate::districting::answer::Effort;
use crate::districting::instance::Instance;

/// How often to try, and how many moves each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trials {
    starts: u32,
    start_moves: u32,
    rounds: u32,
    round_moves: u32,
}

impl Trials {
    /// For a territory of so many atoms. Larger ones get longer trials, since theirs are more moves
    /// away from rest.
    pub(crate) fn of(effort: Effort, atoms: usize) -> Self {
        let longer = (atoms as u32 / 100).max(1);
        match effort {
            Effort::Fast => Self { starts: 3, start_moves: 60, rounds: 0, round_moves: 0 },
            Effort::Normal => {
                Self { starts: 20, start_moves: 80 * longer, rounds: 30, round_moves: 40 * longer }
            }
            Effort::Prove { work } => {
                let times = (work / 250_000).clamp(1, 20) as u32;
                Self {
                    starts: 10 * times,
                    start_moves: 100 * longer,
                    rounds: 15 * times,
                    round_moves: 50 * longer,
                }
            }
        }
    }
}

/// The best division found, if any holds the range. Territories in one piece only.
pub(crate) fn search(
    instance: &Instance,
    costs: &Costs,
    trials: Trials,
    rng: &mut ChaCha8Rng,
) -> Option<Found> {
    let mut best: Option<Found> = None;
    let mut state = State::new(instance, costs, start::power_diagram(instance, costs, rng));
    let mut tabu = Tabu::new(&state);
    for attempt in 0..trials.starts {
        if attempt > 0 {
            state.reset(start::power_diagram(instance, costs, rng));
            tabu.restart();
        }
        tabu.run(&mut state, trials.start_moves, rng, &mut best);
    }
    for _ in 0..trials.rounds {
        let mut part_of = match &best {
            Some(best) => best.part_of.clone(),
            None => state.part_of.clone(),
        };
        stir(instance, costs, &mut part_of, rng);
        state.reset(part_of);
        tabu.restart();
        tabu.run(&mut state, trials.round_moves, rng, &mut best);
    }
    best
}

/// Divides two or three neighbouring parts anew.
fn stir(instance: &Instance, costs: &Costs, part_of: &mut [u32], rng: &mut ChaCha8Rng) {
    let n = instance.len() as u64;
    let mut parts = vec![part_of[(rng.next_u64() % n) as usize]];
    let wanted = 2 + (rng.next_u32() % 2) as usize;
    while parts.len() < wanted.min(instance.parts as usize) {
        let beside = |a: &u32| {
            let near = instance.graph.neighbours(*a).iter().map(|&b| part_of[b as usize]);
            if parts.contains(&part_of[*a as usize]) {
                near.filter(|p| !parts.contains(p)).min()
            } else {
                None
            }
        };
        let border: Vec<u32> = (0..instance.len() as u32).filter_map(|a| beside(&a)).collect();
        if border.is_empty() {
            break;
        }
        parts.push(border[(rng.next_u64() % border.len() as u64) as usize]);
    }
    let region: Vec<u32> =
        (0..instance.len() as u32).filter(|a| parts.contains(&part_of[*a as usize])).collect();
    if region.len() > parts.len() {
        start::divide(instance, costs, &region, &parts, part_of, rng);
    }
}
