//! What stands where, and what that leaves.

use super::Packing;
use super::ground::Ground;

/// A choice within the limits, and what may still be added to it.
#[derive(Clone)]
pub(super) struct State {
    /// Users of each group not reached yet; nothing, too, once nobody can reach them any more.
    pub(super) left: Vec<u64>,
    /// Users reached.
    pub(super) value: u64,
    /// Floor area left in each building.
    pub(super) room: Vec<u64>,
    /// Whether each building is used.
    pub(super) open: Vec<bool>,
    /// Services in each building.
    held: Vec<u32>,
    /// Buildings that may still be opened.
    pub(super) new: usize,
    /// What they may cost.
    pub(super) budget: Option<u64>,
    /// Buildings each service may still go into.
    pub(super) most: Vec<usize>,
    /// The pairs that stand, in the order they were placed.
    pub(super) placed: Vec<u32>,
}

impl State {
    /// With nothing but the buildings forced in.
    pub(super) fn of(question: &Packing, ground: &Ground) -> State {
        let mut state = State {
            left: ground.users.clone(),
            value: 0,
            room: question.room.clone(),
            open: vec![false; question.room.len()],
            held: vec![0; question.room.len()],
            new: question.new,
            budget: question.budget,
            most: question.services.iter().map(|s| s.most.unwrap_or(usize::MAX)).collect(),
            placed: Vec::new(),
        };
        for &b in &question.forced {
            if (b as usize) < state.open.len() {
                state.use_building(ground, b as usize);
            }
        }
        state
    }

    fn use_building(&mut self, ground: &Ground, b: usize) {
        if !std::mem::replace(&mut self.open[b], true) {
            self.new = self.new.saturating_sub(1);
            self.budget = self.budget.map(|budget| budget.saturating_sub(ground.costs[b]));
        }
    }

    /// Buildings used.
    pub(super) fn used(&self) -> impl Iterator<Item = u32> + '_ {
        (0..self.open.len() as u32).filter(|&b| self.open[b as usize])
    }

    /// Whether a building is used or may still be.
    pub(super) fn usable(&self, ground: &Ground, b: usize) -> bool {
        self.open[b] || (self.new > 0 && self.budget.is_none_or(|budget| ground.costs[b] <= budget))
    }

    /// Whether a pair that does not stand yet may be placed.
    pub(super) fn fits(&self, ground: &Ground, pair: u32) -> bool {
        let pair = &ground.pairs[pair as usize];
        let b = pair.building as usize;
        pair.area <= self.room[b]
            && self.most[pair.service as usize] > 0
            && !(ground.one_each && self.held[b] > 0)
            && self.usable(ground, b)
    }

    /// Whether what is known of two buildings is the same: nothing stands in either.
    pub(super) fn alike(&self, ground: &Ground, a: usize, b: usize) -> bool {
        ground.twin[a] == ground.twin[b] && self.held[a] + self.held[b] == 0 && self.open[a] == self.open[b]
    }

    /// Places a pair that fits.
    pub(super) fn place(&mut self, ground: &Ground, id: u32) {
        let pair = &ground.pairs[id as usize];
        let b = pair.building as usize;
        self.use_building(ground, b);
        self.room[b] = self.room[b].saturating_sub(pair.area);
        self.held[b] += 1;
        let most = &mut self.most[pair.service as usize];
        *most = most.saturating_sub(1);
        for &row in &pair.rows {
            self.value += std::mem::take(&mut self.left[row as usize]);
        }
        self.placed.push(id);
    }

    /// Users that a pair would newly reach.
    pub(super) fn gain(&self, ground: &Ground, pair: u32) -> u64 {
        ground.pairs[pair as usize].rows.iter().map(|&row| self.left[row as usize]).sum()
    }

    /// This state with those of `pairs` that fit, in their order.
    pub(super) fn with(&self, ground: &Ground, pairs: impl IntoIterator<Item = u32>) -> State {
        let mut state = self.clone();
        for pair in pairs {
            if state.fits(ground, pair) {
                state.place(ground, pair);
            }
        }
        state
    }

    /// Buildings used with the services in each, both ascending.
    pub(super) fn chosen(&self, ground: &Ground) -> Vec<(u32, Vec<u32>)> {
        let mut chosen: Vec<(u32, Vec<u32>)> = self.used().map(|b| (b, Vec::new())).collect();
        let mut placed = self.placed.clone();
        placed.sort_unstable();
        for pair in placed.iter().map(|&id| &ground.pairs[id as usize]) {
            if let Ok(at) = chosen.binary_search_by_key(&pair.building, |(b, _)| *b) {
                chosen[at].1.push(pair.service);
            }
        }
        chosen
    }
}
