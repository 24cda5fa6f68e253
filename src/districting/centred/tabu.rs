//! Tabu search (Glover 1989) over single moves, with people out of range priced instead of forbidden.
//!
//! Ranges of a few per cent leave no single move between divisions that hold them, so the search
//! walks through divisions that do not; the price of an inhabitant out of range rises while the
//! search stays outside and falls while it stays inside (Gendreau, Hertz and Laporte 1994).

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::state::State;

/// Moves after which the price of being out of range is looked at again.
const PRICED: u32 = 8;

/// A division within the range and what it costs.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) value: i64,
    pub(crate) part_of: Vec<u32>,
}

/// What the search remembers.
pub(crate) struct Tabu {
    /// Before which move an atom may not go back to a part: n × k.
    until: Vec<u32>,
    clock: u32,
    price: i64,
}

impl Tabu {
    pub(crate) fn new(state: &State<'_>) -> Self {
        Self { until: vec![0; state.instance.len() * state.members.len()], clock: 1, price: 0 }
    }

    /// Forgets what is forbidden.
    pub(crate) fn restart(&mut self) {
        self.until.fill(0);
        (self.clock, self.price) = (1, 0);
    }

    /// Makes `moves` moves from the state as it is and keeps the best division in the
    /// range. O(moves · (border + n)).
    pub(crate) fn run(
        &mut self,
        state: &mut State<'_>,
        moves: u32,
        rng: &mut ChaCha8Rng,
        best: &mut Option<Found>,
    ) {
        let people: i64 = state.people.iter().sum();
        let base = (state.total() / people.max(1)).max(1);
        if self.price == 0 {
            self.price = base;
        }
        let k = state.members.len();
        let mut outside = 0;
        let mut lowest = best.as_ref().map_or(i64::MAX, |b| b.value);
        for step in 1..=moves {
            let Some((atom, to)) = self.choose(state, lowest) else { break };
            let from = state.part_of[atom as usize];
            state.shift(atom, to);
            self.clock += 1;
            let tenure = 3 + rng.next_u32() % 8;
            self.until[atom as usize * k + from as usize] = self.clock + tenure;
            if state.out() > 0 {
                outside += 1;
            } else {
                let value = state.total();
                if value < lowest {
                    lowest = value;
                    *best = Some(Found { value, part_of: state.part_of.clone() });
                }
            }
            if step % PRICED == 0 {
                if outside == PRICED {
                    self.price = (self.price + self.price / 2).min(base.saturating_mul(1 << 20));
                } else if outside == 0 {
                    self.price = (self.price - self.price / 3).max(base / 8 + 1);
                }
                outside = 0;
            }
        }
    }

    /// The best move that is not forbidden, or one that beats everything found.
    fn choose(&self, state: &mut State<'_>, lowest: i64) -> Option<(u32, u32)> {
        let k = state.members.len();
        let (total, out) = (state.total(), state.out());
        let mut best: Option<(i64, u32, u32)> = None;
        for atom in 0..state.part_of.len() as u32 {
            let mut beside = state.beside(atom);
            if beside == 0 {
                continue;
            }
            let Some(left) = state.leave(atom) else { continue };
            let people = state.instance.people[atom as usize];
            let held = state.people[state.part_of[atom as usize] as usize];
            let relief = state.excess(held - people) - state.excess(held);
            while beside != 0 {
                let to = beside.trailing_zeros();
                beside &= beside - 1;
                let dearer = left + state.join(atom, to);
                let held = state.people[to as usize];
                let more = relief + state.excess(held + people) - state.excess(held);
                let forbidden = self.until[atom as usize * k + to as usize] > self.clock;
                if forbidden && !(out + more == 0 && total + dearer < lowest) {
                    continue;
                }
                let cost = dearer + self.price * more;
                if best.is_none_or(|(held, _, _)| cost < held) {
                    best = Some((cost, atom, to));
                }
            }
        }
        best.map(|(_, atom, to)| (atom, to))
    }
}
