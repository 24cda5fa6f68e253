//! Tabu search (Glover 1989) over single moves, with people out of range priced instead of forbidden.
//!
//! Ranges of a few per cent leave no single move between divisions that hold them, so the search
//! walks through divisions that do not; the price of an inhabitant out of range rises while the
//! search stays outside and falls while it stays inside (Gendreau, Hertz and Laporte 1994).

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::state::State;

/// Moves after which the price of being out of range is looked at again.
const PRICED: u32 = 4;

/// A division, what it costs and how far its people are out of the range.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) value: i64,
    pub(crate) out: i64,
    pub(crate) part_of: Vec<u32>,
}

impl Found {
    /// Takes the place of the best if it holds the range and costs less.
    pub(crate) fn replace_if_better(&self, best: &mut Option<Self>) {
        if self.out == 0 && best.as_ref().is_none_or(|best| self.value < best.value) {
            *best = Some(self.clone());
        }
    }
}

/// What the search remembers.
pub(crate) struct Tabu {
    /// Before which move an atom may not go back to a part: n × k.
    until: Vec<u32>,
    clock: u32,
    price: i64,
    /// Moves of atoms that may hold their parts together, with what they cost.
    doubtful: Vec<(i64, u32, u32)>,
}

impl Tabu {
    pub(crate) fn new(state: &State<'_>) -> Self {
        Self {
            until: vec![0; state.instance.len() * state.people.len()],
            clock: 1,
            price: 0,
            doubtful: Vec::new(),
        }
    }

    /// Forgets what is forbidden.
    pub(crate) fn restart(&mut self) {
        self.until.fill(0);
        (self.clock, self.price) = (1, 0);
    }

    /// Makes `moves` moves from the state as it is. The best division met within the range, or else
    /// the last. O(moves · border).
    pub(crate) fn run(&mut self, state: &mut State<'_>, moves: u32, rng: &mut ChaCha8Rng) -> Found {
        let people: i64 = state.people.iter().sum();
        let base = (state.total() / people.max(1)).max(1);
        // With room for all people times the price.
        let most = base.saturating_mul(1 << 20).min((1 << 60) / people.max(1));
        if self.price == 0 {
            self.price = base;
        }
        let k = state.people.len();
        let mut outside = 0;
        let mut best = Found { value: i64::MAX, out: state.out(), part_of: state.part_of.clone() };
        if best.out == 0 {
            best.value = state.total();
        }
        for step in 1..=moves {
            let Some((atom, to)) = self.choose(state, best.value) else { break };
            let from = state.part_of[atom as usize];
            state.shift(atom, to);
            self.clock += 1;
            let tenure = 6 + rng.next_u32() % 8;
            self.until[atom as usize * k + from as usize] = self.clock + tenure;
            if state.out() > 0 {
                outside += 1;
            } else {
                let value = state.total();
                if value < best.value {
                    (best.value, best.out) = (value, 0);
                    best.part_of.copy_from_slice(&state.part_of);
                }
            }
            if step % PRICED == 0 {
                if outside == PRICED {
                    self.price = (self.price + self.price / 2).min(most);
                } else if outside == 0 {
                    self.price = (self.price - self.price / 3).max(base / 8 + 1);
                }
                outside = 0;
            }
        }
        if best.value == i64::MAX {
            best = Found { value: state.total(), out: state.out(), part_of: state.part_of.clone() };
        }
        best
    }

    /// The best move that is not forbidden, or one that beats everything found.
    fn choose(&mut self, state: &mut State<'_>, lowest: i64) -> Option<(u32, u32)> {
        let k = state.people.len();
        let (total, out) = (state.total(), state.out());
        let mut least = i64::MAX;
        let mut best = None;
        self.doubtful.clear();
        for to in 0..k {
            for offer in &state.offers[to] {
                let loss = state.losses[offer.atom as usize];
                let (dearer, more) = (offer.cost + loss.cost, offer.out + loss.out);
                let cost = dearer + self.price * more;
                if cost >= least {
                    continue;
                }
                let forbidden = self.until[offer.atom as usize * k + to] > self.clock;
                if forbidden && !(out + more == 0 && total + dearer < lowest) {
                    continue;
                }
                if state.is_free(offer.atom) {
                    least = cost;
                    best = Some((offer.atom, to as u32));
                } else {
                    self.doubtful.push((cost, offer.atom, to as u32));
                }
            }
        }
        // Whether a part falls apart is asked last, of the few atoms that would be better to move.
        self.doubtful.retain(|doubtful| doubtful.0 < least);
        self.doubtful.sort_unstable();
        let able = self.doubtful.iter().find(|doubtful| state.can_leave(doubtful.1));
        able.map(|&(_, atom, to)| (atom, to)).or(best)
    }
}
