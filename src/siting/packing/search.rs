//! Branch and bound: a service in a building, then not.

use super::ground::Ground;
use super::price::{Priced, Prices};
use super::start::{exchanged, fill_up};
use super::state::State;

/// Most bounds at the first node and at every later one.
const FIRST_ROUNDS: u32 = 400;
const ROUNDS: u32 = 12;

/// Steps without a better bound before they are halved, at the first node and later.
const FIRST_PATIENCE: u32 = 12;
const PATIENCE: u32 = 3;

/// Places filled on the way down before the rest is left open, so that no stack runs out, and groups of rows
/// noted on the way, so that no memory does.
const DEPTH: usize = 500;
const NOTED: usize = 1 << 24;

/// Entries that the rest of the work on one pair counts for.
const PAIR: usize = 8;

/// The best choice found.
pub(super) struct Found {
    /// Its pairs.
    pub(super) placed: Vec<u32>,
    /// A bound on what was left unsearched, if anything was.
    pub(super) open: Option<u64>,
}

struct Search<'a> {
    ground: &'a Ground,
    best: u64,
    placed: Vec<u32>,
    work: u64,
    limit: u64,
    deepest: usize,
    open: Option<u64>,
}

/// Searches from `first`, which has nothing but the buildings forced in.
pub(super) fn search(ground: &Ground, first: &State, limit: u64) -> Found {
    let deepest = (NOTED / ground.users.len().max(1)).clamp(1, DEPTH);
    let mut search = Search { ground, best: 0, placed: Vec::new(), work: 0, limit, deepest, open: None };
    for thrifty in [false, true] {
        if thrifty && first.budget.is_none() {
            continue;
        }
        let greedy = fill_up(ground, first.clone(), thrifty, &mut search.work);
        let better = exchanged(ground, first, greedy, thrifty, &mut search.work, limit / 10);
        search.offer(&better);
    }
    let free: Vec<u32> = (0..ground.pairs.len() as u32).collect();
    let prices = Prices::full(ground, first);
    search.deeper(first.clone(), free, prices, u64::MAX, 0);
    Found { placed: search.placed, open: search.open.filter(|open| *open > search.best) }
}

impl Search<'_> {
    fn offer(&mut self, state: &State) {
        if state.value > self.best {
            self.best = state.value;
            self.placed.clone_from(&state.placed);
        }
    }

    /// Everything that pairs of `free` can add to `state`, known to reach at most `bound` users in all.
    fn deeper(
        &mut self,
        mut state: State,
        mut free: Vec<u32>,
        mut prices: Prices,
        mut bound: u64,
        depth: usize,
    ) {
        let ground = self.ground;
        self.offer(&state);
        let mut rounds = if depth == 0 { FIRST_ROUNDS } else { ROUNDS };
        loop {
            free.retain(|&id| state.fits(ground, id));
            let chances = self.chances(&mut state, &free);
            prices.settle(ground, &state, &free, &chances);
            let plain = Prices::full(ground, &state).bound(ground, &state, &free).users();
            self.work += self.entries(&free);
            bound = bound.min(plain);
            if bound <= self.best {
                return;
            }
            if self.work >= self.limit || depth >= self.deepest {
                self.open = self.open.max(Some(bound));
                return;
            }
            let (pair, priced) = self.narrowed(&state, &mut free, &mut prices, rounds);
            bound = bound.min(priced);
            rounds = ROUNDS;
            if bound <= self.best {
                return;
            }
            let Some(pair) = pair else { return };
            // The most promising is decided first: with it, then without.
            let alike = self.alike(&state, &free, pair);
            free.retain(|&id| id != pair);
            let mut with = state.clone();
            with.place(ground, pair);
            self.deeper(with, free.clone(), prices.clone(), bound, depth + 1);
            free.retain(|id| !alike.contains(id));
        }
    }

    /// The pairs that `pair` stands for: the same service in empty twins of its building with the same pairs
    /// open. A choice with one of them is a choice with `pair`, the buildings exchanged.
    fn alike(&self, state: &State, free: &[u32], pair: u32) -> Vec<u32> {
        let of = |id: u32| &self.ground.pairs[id as usize];
        let services = |same: &[u32]| -> Vec<u32> { same.iter().map(|&id| of(id).service).collect() };
        let spans = free.chunk_by(|&a, &b| of(a).building == of(b).building);
        let Some(own) = spans.clone().find(|same| same.contains(&pair)) else { return Vec::new() };
        let building = of(pair).building as usize;
        let twins = spans
            .filter(|same| state.alike(self.ground, of(same[0]).building as usize, building))
            .filter(|same| services(same) == services(own));
        let service = of(pair).service;
        twins.flat_map(|same| same.iter().copied().filter(|&id| of(id).service == service)).collect()
    }

    /// Leaves in `free` what may still beat the best choice; the most promising of it, and the bound.
    fn narrowed(
        &mut self,
        state: &State,
        free: &mut Vec<u32>,
        prices: &mut Prices,
        rounds: u32,
    ) -> (Option<u32>, u64) {
        let ground = self.ground;
        let priced = self.improved(state, free, prices, rounds);
        let promising = priced.promising(ground, state, free, self.best);
        let gain = |&id: &u32| (state.gain(ground, id), std::cmp::Reverse(id));
        let picked = priced.picks(free).filter(|id| promising.binary_search(id).is_ok()).max_by_key(gain);
        let pair = picked.or_else(|| promising.iter().copied().max_by_key(gain));
        *free = promising;
        (pair, priced.users())
    }

    /// How many open pairs reach each group; those that none reaches are out of question.
    fn chances(&mut self, state: &mut State, free: &[u32]) -> Vec<u32> {
        let mut chances = vec![0; state.left.len()];
        for &id in free {
            self.ground.pairs[id as usize].rows.iter().for_each(|&row| chances[row as usize] += 1);
        }
        for (users, _) in state.left.iter_mut().zip(&chances).filter(|(_, chances)| **chances == 0) {
            *users = 0;
        }
        self.work += self.entries(free);
        chances
    }

    fn entries(&self, free: &[u32]) -> u64 {
        let rows: usize = free.iter().map(|&id| self.ground.pairs[id as usize].rows.len() + PAIR).sum();
        (rows + self.ground.users.len()) as u64
    }

    /// The best of some rounds of prices, which are left in `prices`.
    fn improved(&mut self, state: &State, free: &[u32], prices: &mut Prices, rounds: u32) -> Priced {
        let ground = self.ground;
        let entries = self.entries(free);
        let patience = if rounds == FIRST_ROUNDS { FIRST_PATIENCE } else { PATIENCE };
        let mut priced = prices.bound(ground, state, free);
        let mut now = prices.clone();
        let mut best: Option<Priced> = None;
        let mut part = 256;
        let mut stale = 0;
        for _ in 0..rounds {
            self.work += entries;
            let better = best.as_ref().is_none_or(|best| priced.most < best.most);
            if better {
                let mut picks: Vec<(u64, u32)> =
                    priced.picks(free).map(|id| (state.gain(ground, id), id)).collect();
                picks.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
                self.offer(&state.with(ground, picks.into_iter().map(|(_, id)| id)));
                prices.clone_from(&now);
                stale = 0;
            } else {
                stale += 1;
                if stale >= patience {
                    part /= 2;
                    stale = 0;
                }
            }
            let moved = now.step(ground, state, &priced, free, (self.best, part));
            if better {
                best = Some(priced);
            }
            let closed = best.as_ref().is_some_and(|best| best.users() <= self.best);
            if !moved || closed || part == 0 || self.work >= self.limit {
                break;
            }
            priced = now.bound(ground, state, free);
        }
        best.unwrap_or_else(|| prices.bound(ground, state, free))
    }
}
