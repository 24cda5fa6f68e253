//! Iterated search: several first divisions, then the best one with a few parts divided anew.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::costs::Costs;
use super::start::Diagrams;
use super::state::State;
use super::tabu::{Found, Tabu};
use crate::districting::answer::Effort;
use crate::districting::instance::Instance;

/// Moves beyond which more of them have not been seen to help.
const MOVES_MOST: u64 = 50_000;

/// How often the whole search may be repeated where no division within the range has been found.
const PERSISTENCE: u32 = 20;

/// Atoms from which diagrams are balanced: there they nearly are divisions, and choosing well among them
/// is worth more than moves.
pub(crate) const BALANCED_MIN: usize = 250;

/// Balanced diagrams beyond which more of them have not been seen to help, and for less than how many
/// there is no point in any.
const BALANCED_MOST: u64 = 120;
const BALANCED_LEAST: u64 = 4;

/// How often to try, and how many moves each time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Trials {
    /// Power diagrams drawn.
    diagrams: u32,
    /// Whether their prices are made to hold the range.
    balanced: bool,
    /// The best of them, from which a search starts, and its moves.
    starts: u32,
    start_moves: u32,
    /// The best of what these have found, from which it goes on, and its moves.
    kept: u32,
    kept_moves: u32,
    /// Times the best of all has a few parts divided anew, and the moves after that.
    rounds: u32,
    round_moves: u32,
}

impl Trials {
    /// For a territory of so many atoms and parts. Larger ones get longer trials, since theirs are more
    /// moves away from rest; the shortest search gets fewer instead.
    pub(crate) fn of(effort: Effort, atoms: usize, parts: u32) -> Self {
        let longer = (atoms as u32 / 100).max(1);
        match effort {
            Effort::Fast => {
                let starts = (1_000 / atoms.max(1) as u32).clamp(4, 10);
                Self {
                    diagrams: 10 + starts,
                    balanced: false,
                    starts,
                    start_moves: 22 * longer,
                    kept: (2 * starts / 5).max(2),
                    kept_moves: 45 * longer,
                    rounds: 0,
                    round_moves: 0,
                }
            }
            Effort::Normal => {
                let balanced = balanced_within(150_000, atoms, parts);
                let starts = balanced.unwrap_or(80);
                Self {
                    diagrams: 3 * starts,
                    balanced: balanced.is_some(),
                    starts,
                    start_moves: 25 * longer,
                    kept: (3 * starts / 10).max(2),
                    kept_moves: 80 * longer,
                    rounds: 40,
                    round_moves: 50 * longer,
                }
            }
            Effort::Prove { work } => {
                // A move costs as much as so many nodes; half the work is for the proof.
                let nodes = (atoms as u64 / 30).max(1);
                let moves = (work / 2 / nodes).clamp(2_000, MOVES_MOST) as u32;
                let balanced = balanced_within(work / 2, atoms, parts);
                let starts = balanced.unwrap_or(moves / 2 / (100 * longer)).max(3);
                Self {
                    diagrams: if balanced.is_some() { 10 * starts } else { 2 * starts },
                    balanced: balanced.is_some(),
                    starts,
                    start_moves: 60 * longer,
                    kept: (starts / 4).max(2),
                    kept_moves: 160 * longer,
                    rounds: (moves / 2 / (50 * longer)).max(3),
                    round_moves: 50 * longer,
                }
            }
        }
    }
}

/// How many balanced diagrams to start from within so much work, if they are worth it.
fn balanced_within(work: u64, atoms: usize, parts: u32) -> Option<u32> {
    let (n, k) = (atoms as u64, u64::from(parts));
    // Drawing ten of them and refining one, in nodes.
    let each = (n * k * k * (k + 14) / 20).max(1);
    let affordable = (work / each).min(BALANCED_MOST);
    (atoms >= BALANCED_MIN && affordable >= BALANCED_LEAST).then_some(affordable as u32)
}

/// The best division found, if any holds the range. Territories in one piece only.
///
/// Each of the `first` divisions is a start beside those drawn here.
pub(crate) fn search(
    instance: &Instance,
    costs: &Costs,
    trials: Trials,
    first: &[Vec<u32>],
    rng: &mut ChaCha8Rng,
) -> Option<Found> {
    let mut state = State::new(instance, costs);
    let mut tabu = Tabu::new(&state);
    let mut diagrams = Diagrams::new(instance);
    let mut best: Option<Found> = None;
    for attempt in 0..PERSISTENCE {
        if attempt > 0 && best.is_some() {
            break;
        }
        let drawn = diagrams.best_of(trials.diagrams, trials.starts as usize, trials.balanced, rng);
        let mut pool: Vec<Found> = first
            .iter()
            .filter(|_| attempt == 0)
            .cloned()
            .chain(drawn)
            .map(|part_of| {
                state.reset(&part_of);
                tabu.restart();
                tabu.run(&mut state, trials.start_moves, rng)
            })
            .collect();
        for found in &pool {
            found.replace_if_better(&mut best);
        }
        // The same division is often found from several sides.
        pool.sort_unstable_by_key(|found| (found.out, found.value));
        pool.dedup_by_key(|found| (found.out, found.value));
        for found in pool.iter().take(trials.kept as usize) {
            state.reset(&found.part_of);
            tabu.restart();
            tabu.run(&mut state, trials.kept_moves, rng).replace_if_better(&mut best);
        }
    }
    for _ in 0..trials.rounds {
        let mut part_of = match &best {
            Some(best) => best.part_of.clone(),
            None => state.part_of.clone(),
        };
        stir(&mut diagrams, instance, &mut part_of, rng);
        state.reset(&part_of);
        tabu.restart();
        tabu.run(&mut state, trials.round_moves, rng).replace_if_better(&mut best);
    }
    best
}

/// Divides two or three neighbouring parts anew.
fn stir(diagrams: &mut Diagrams<'_>, instance: &Instance, part_of: &mut [u32], rng: &mut ChaCha8Rng) {
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
    diagrams.look_at(|a| parts.contains(&part_of[a as usize]));
    diagrams.draw(parts.len(), rng);
    diagrams.connect(&parts, part_of);
}
