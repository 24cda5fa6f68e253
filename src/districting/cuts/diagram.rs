//! A diagram of partial divisions, made finer pass by pass, whose shortest way is a lower bound.
//!
//! Each state stands for all ways to divide the atoms taken so far that have one pattern and
//! people of the open parts within a box. A way through the diagram costs no more than any
//! division it stands for, so the cheapest way is a bound; the cheapest way on from a state prunes
//! the next, finer pass (relaxed decision diagrams: Bergman, Cire, van Hoeve, Hooker, INFORMS
//! Journal on Computing 28(1), 2016).

use super::boxes::{Boxes, Grain, Taken};
use super::net::Net;
use super::pattern::{CLOSED, Layer, NONE};

/// More than any cut.
pub(crate) const FAR: i64 = i64::MAX / 4;

/// The states before one atom.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stage {
    /// The pattern of each state.
    pub(crate) pattern: Vec<u32>,
    /// Where the children of each state start, by choice.
    pub(crate) first: Vec<u32>,
    /// The state each choice leads to in the next stage, or [`NONE`].
    pub(crate) child: Vec<u32>,
    /// The cheapest way on from each state, [`FAR`] when there is none.
    pub(crate) rest: Vec<i64>,
}

/// What is swept, in which order, with which patterns.
#[derive(Clone, Copy)]
pub(crate) struct Course<'a> {
    /// The net.
    pub(crate) net: &'a Net,
    /// The order of its atoms.
    pub(crate) order: &'a [u32],
    /// The patterns before each atom.
    pub(crate) layers: &'a [Layer],
}

/// A diagram: one stage before each atom of the sweep and one at the end.
#[derive(Clone, Debug)]
pub(crate) struct Diagram {
    /// The stages.
    pub(crate) stages: Vec<Stage>,
}

impl Diagram {
    /// The diagram that knows patterns only.
    pub(crate) fn coarsest(layers: &[Layer]) -> Self {
        let mut stages = Vec::with_capacity(layers.len());
        for layer in layers {
            let states = layer.open.len();
            stages.push(Stage {
                pattern: (0..states as u32).collect(),
                first: layer.first.clone(),
                child: layer.turns.iter().map(|t| t.to).collect(),
                rest: vec![FAR; states],
            });
        }
        let mut diagram = Self { stages };
        diagram.look_back(layers);
        diagram
    }

    /// The cheapest way through, or [`FAR`].
    pub(crate) fn cheapest(&self) -> i64 {
        self.stages[0].rest.first().copied().unwrap_or(FAR)
    }

    /// Where a choice leads from a state of a stage, and the cheapest way on from there.
    pub(crate) fn follow(&self, place: usize, state: u32, choice: usize) -> Option<(u32, i64)> {
        let stage = &self.stages[place];
        let child = stage.child[stage.first[state as usize] as usize + choice];
        (child != NONE).then(|| (child, self.stages[place + 1].rest[child as usize]))
    }

    /// The labels on a cheapest way, by place in the sweep. They need not make a division in range.
    pub(crate) fn labels(&self, net: &Net, layers: &[Layer]) -> Option<Vec<u32>> {
        let mut name: Vec<u32> = Vec::new();
        let mut used = 0;
        let mut labels = Vec::new();
        let mut state = 0;
        for (stage, layer) in self.stages.iter().zip(layers).take(self.stages.len() - 1) {
            let turns = layer.turns(stage.pattern[state]);
            let rest = &self.stages[labels.len() + 1].rest;
            let start = stage.first[state] as usize;
            let on = |choice: usize| match stage.child[start + choice] {
                NONE => FAR,
                child => turns[choice].price + rest[child as usize],
            };
            let choice = (0..turns.len()).find(|c| on(*c) < FAR && on(*c) == stage.rest[state])?;
            if choice == name.len() {
                name.push(used);
                used += 1;
            }
            labels.push(name[choice]);
            let mut renamed =
                vec![0; name.iter().zip(&turns[choice].name).filter(|n| *n.1 != CLOSED).count()];
            for (own, to) in name.iter().zip(&turns[choice].name).filter(|n| *n.1 != CLOSED) {
                renamed[*to as usize] = *own;
            }
            name = renamed;
            state = stage.child[start + choice] as usize;
        }
        (used == net.parts).then_some(labels)
    }

    /// The finer diagram in which people are told apart by `grain`, without the ways that cost
    /// `grain.below` or more. `None` when `work` passes `limit`.
    pub(crate) fn refined(
        &self,
        sweep: &Course<'_>,
        grain: Grain,
        work: &mut u64,
        limit: u64,
    ) -> Option<Self> {
        let mut stages: Vec<Stage> = Vec::with_capacity(self.stages.len());
        let mut now = Boxes::first(sweep.net.parts as usize, grain);
        let mut ahead = sweep.net.total();
        for (place, &atom) in sweep.order.iter().enumerate() {
            let people = sweep.net.people[atom as usize];
            ahead -= people;
            let (stage, next) = self.step(sweep, grain, place, &now, (people, ahead));
            *work += 4 * stage.child.len() as u64;
            if *work > limit {
                return None;
            }
            stages.push(stage);
            now = next;
        }
        let last = &self.stages[sweep.order.len()];
        let pattern = now.image.iter().map(|i| last.pattern[*i as usize]).collect();
        stages.push(Stage { pattern, ..Stage::default() });
        let mut diagram = Self { stages };
        diagram.look_back(sweep.layers);
        Some(diagram)
    }

    /// One stage of a finer diagram and the boxes of the next.
    fn step(
        &self,
        sweep: &Course<'_>,
        grain: Grain,
        place: usize,
        now: &Boxes,
        (people, ahead): (i64, i64),
    ) -> (Stage, Boxes) {
        let mut next = Boxes::new(sweep.net.parts as usize, grain);
        let mut stage = Stage { first: vec![0], ..Stage::default() };
        let (here, there) = (&self.stages[place], &self.stages[place + 1]);
        let mut renamed = Vec::new();
        for state in 0..now.cost.len() {
            let image = now.image[state] as usize;
            let pattern = here.pattern[image];
            stage.pattern.push(pattern);
            for (choice, turn) in sweep.layers[place].turns(pattern).iter().enumerate() {
                let child = here.child[here.first[image] as usize + choice];
                let cost = now.cost[state] + turn.price;
                if child == NONE || cost + there.rest[child as usize] >= grain.below {
                    stage.child.push(NONE);
                    continue;
                }
                let complete = sweep.layers[place + 1].complete[there.pattern[child as usize] as usize];
                let unused = i64::from(sweep.net.parts) - i64::from(complete);
                let moved = now.moved(state, turn, Taken { choice, people, ahead, unused }, sweep.net);
                let entered = moved.map(|held| next.insert(child, cost, &held, &mut renamed));
                stage.child.push(entered.unwrap_or(NONE));
            }
            stage.first.push(stage.child.len() as u32);
        }
        // Merging while over full renumbers the states; the links follow.
        if !renamed.is_empty() {
            for child in stage.child.iter_mut().filter(|c| **c != NONE) {
                *child = renamed[*child as usize];
            }
        }
        (stage, next)
    }

    fn look_back(&mut self, layers: &[Layer]) {
        let last = self.stages.len() - 1;
        self.stages[last].rest = vec![0; self.stages[last].pattern.len()];
        for place in (0..last).rev() {
            let (front, back) = self.stages.split_at_mut(place + 1);
            let (stage, after) = (&mut front[place], &back[0]);
            stage.rest = vec![FAR; stage.pattern.len()];
            for state in 0..stage.pattern.len() {
                let turns = layers[place].turns(stage.pattern[state]);
                let start = stage.first[state] as usize;
                for (choice, turn) in turns.iter().enumerate() {
                    let child = stage.child[start + choice];
                    if child != NONE {
                        let way = turn.price + after.rest[child as usize];
                        stage.rest[state] = stage.rest[state].min(way);
                    }
                }
            }
        }
    }
}
