//! Annealing over connected divisions: cut plus a price for people out of the range.
//!
//! Kirkpatrick, Gelatt, Vecchi, Science 220, 1983. Parts stay connected by moving an atom together
//! with what it would cut off; parts may leave the range of people on the way, at a price.

use super::chance::{Chance, decay};
use super::sever::Sever;
use super::state::State;

/// How one annealing goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Moves to try.
    pub(crate) steps: u64,
    /// First temperature, in units of cut.
    pub(crate) hot: f64,
    /// Last temperature.
    pub(crate) cold: f64,
    /// Price in units of cut of being out of the range by as much as the range is wide.
    pub(crate) weight: f64,
}

/// The best division seen that meets the range.
#[derive(Clone, Debug, Default)]
pub(crate) struct Best {
    /// Its cut; none seen yet when `part_of` is empty.
    pub(crate) cut: i64,
    /// The part of each atom.
    pub(crate) part_of: Vec<u32>,
}

/// What the search reuses from one annealing to the next.
#[derive(Clone, Debug)]
pub(crate) struct Walker {
    sever: Sever,
    moved: Vec<(u32, u32)>,
    pens: Vec<f64>,
    weight: f64,
    mean: f64,
}

impl Walker {
    /// Buffers for nets of `atoms` atoms and `parts` parts.
    pub(crate) fn new(atoms: usize, parts: usize) -> Self {
        Self { sever: Sever::new(atoms), moved: Vec::new(), pens: vec![0.0; parts], weight: 0.0, mean: 1.0 }
    }

    /// Arcs looked at so far.
    pub(crate) fn work(&self) -> u64 {
        self.sever.work
    }

    /// Anneals `state` by `plan` and keeps the best division in range in `best`. Temperatures fall
    /// in equal ratios over 64 stages. O(steps · (degree + pieces cut off)).
    pub(crate) fn anneal(&mut self, state: &mut State<'_>, chance: &mut Chance, plan: Plan, best: &mut Best) {
        self.weight = plan.weight;
        self.mean = state.net.total() as f64 / f64::from(state.net.parts);
        let stages = 64;
        let ratio = root64(plan.cold / plan.hot);
        let mut heat = plan.hot;
        self.refresh(state);
        if state.people_out() == 0 {
            keep(state, best);
        }
        for _ in 0..stages {
            for _ in 0..plan.steps / stages {
                if state.border.is_empty() {
                    return;
                }
                if self.step(state, chance, heat) && self.pens.iter().all(|p| *p == 0.0) {
                    keep(state, best);
                }
            }
            heat *= ratio;
        }
    }

    fn refresh(&mut self, state: &State<'_>) {
        for part in 0..self.pens.len() {
            self.pens[part] = self.pen(state, state.people[part]);
        }
    }

    fn pen(&self, state: &State<'_>, people: i64) -> f64 {
        let out = (state.net.low - people).max(people - state.net.high);
        if out <= 0 {
            return 0.0;
        }
        let share = out as f64 / self.mean;
        self.weight * (share * 10.0 + (share * 4.0).sqrt())
    }

    fn step(&mut self, state: &mut State<'_>, chance: &mut Chance, heat: f64) -> bool {
        let luck = chance.unit();
        self.moved.clear();
        let before_cut = state.cut;
        let atom = state.border[chance.below(state.border.len())];
        let from = state.part_of[atom as usize];
        let to = target(state, atom, chance);
        if state.size[from as usize] < 2 {
            return false;
        }
        let swap = chance.one_in(3);
        if !swap && self.hopeless(state, atom, from, to, heat, luck) {
            return false;
        }
        if !self.take(state, atom, to) {
            return false;
        }
        if swap && !self.give_back(state, chance, from, to) {
            self.undo(state);
            return false;
        }
        let new_from = self.pen(state, state.people[from as usize]);
        let new_to = self.pen(state, state.people[to as usize]);
        let rise = (state.cut - before_cut) as f64 + new_from + new_to
            - self.pens[from as usize]
            - self.pens[to as usize];
        if rise > 0.0 && luck >= decay(rise / heat) {
            self.undo(state);
            return false;
        }
        self.pens[from as usize] = new_from;
        self.pens[to as usize] = new_to;
        true
    }

    fn hopeless(&self, state: &State<'_>, atom: u32, from: u32, to: u32, heat: f64, luck: f64) -> bool {
        let people = state.net.people[atom as usize];
        let mut rise = self.pen(state, state.people[from as usize] - people)
            + self.pen(state, state.people[to as usize] + people)
            - self.pens[from as usize]
            - self.pens[to as usize];
        for &(other, price) in state.net.arcs(atom) {
            let part = state.part_of[other as usize];
            if part == from {
                rise += price as f64;
            } else if part == to {
                rise -= price as f64;
            }
        }
        rise > 1.0 && luck >= decay((rise - 1.0) / heat)
    }

    fn take(&mut self, state: &mut State<'_>, atom: u32, to: u32) -> bool {
        let from = state.part_of[atom as usize];
        if !self.sever.find(state.net, &state.part_of, atom, 64) {
            return false;
        }
        for slot in 0..self.sever.leaving.len() {
            let leaving = self.sever.leaving[slot];
            self.moved.push((leaving, from));
            state.shift(leaving, to);
        }
        true
    }

    fn give_back(&mut self, state: &mut State<'_>, chance: &mut Chance, to: u32, from: u32) -> bool {
        for _ in 0..12 {
            let atom = state.border[chance.below(state.border.len())];
            let fits = state.part_of[atom as usize] == from && !self.moved.iter().any(|m| m.0 == atom);
            let touches = |other: u32| state.part_of[other as usize] == to;
            if fits && state.net.arcs(atom).iter().any(|arc| touches(arc.0)) {
                return self.take(state, atom, to);
            }
        }
        false
    }

    fn undo(&mut self, state: &mut State<'_>) {
        for slot in (0..self.moved.len()).rev() {
            let (atom, part) = self.moved[slot];
            state.shift(atom, part);
        }
    }
}

/// Keeps the division if it is the best; the caller has seen that it is in range.
fn keep(state: &State<'_>, best: &mut Best) {
    if best.part_of.is_empty() || state.cut < best.cut {
        best.cut = state.cut;
        best.part_of.clear();
        best.part_of.extend_from_slice(&state.part_of);
    }
}

fn target(state: &State<'_>, atom: u32, chance: &mut Chance) -> u32 {
    let own = state.part_of[atom as usize];
    let arcs = state.net.arcs(atom);
    loop {
        let part = state.part_of[arcs[chance.below(arcs.len())].0 as usize];
        if part != own {
            return part;
        }
    }
}

fn root64(ratio: f64) -> f64 {
    (0..6).fold(ratio, |root, _| root.sqrt())
}
