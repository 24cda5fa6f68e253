//! A division in the making: its sums and its score, kept up to date under single moves.
//!
//! The score is lexicographic and whole: households out of range, then pieces beyond one a grid,
//! then the weighted measures of the four principles. A move costs O(neighbours + sets · grids).

use super::task::{NO_SET, Task};
use crate::model::rules::Rules;

/// Not yet in any grid.
pub(super) const NOWHERE: u32 = u32::MAX;

/// What one grid out of range weighs beside the households it is out by.
const OUT_OF_RANGE: i64 = 50;

/// Lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Households outside the range, and a charge for each grid outside.
    pub(super) out: i64,
    /// Pieces beyond one a grid.
    pub(super) pieces: i64,
    /// The principles, weighted.
    pub(super) soft: i64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    households: i64,
    people: i64,
    px: i64,
    py: i64,
    prr: i128,
    out: i64,
    size: i64,
    near: i64,
    pieces: i64,
}

/// What turns raw measures into comparable parts, about one million for a poor plan.
#[derive(Clone, Copy)]
struct Scale {
    low: i64,
    high: i64,
    mean: f64,
    size: f64,
    near: f64,
    cut: f64,
    kept: f64,
}

/// A division of one community.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) task: &'a Task,
    pub(super) grid_of: Vec<u32>,
    grids: Vec<Sums>,
    /// Atoms of each piece of the community in each grid.
    in_piece: Vec<u32>,
    /// Households of each set in each grid.
    in_set: Vec<i64>,
    cut_cm: i64,
    /// Households outside the main part of their set.
    strayed: i64,
    scale: Scale,
}

impl<'a> Draft<'a> {
    /// All atoms in no grid yet.
    pub(super) fn empty(task: &'a Task, grids: usize, rules: &Rules) -> Self {
        let k = grids as f64;
        let households: i64 = task.households.iter().sum();
        let people: i64 = task.population.iter().sum();
        let mean = households as f64 / k;
        let area = (task.area_m2 as f64).max(1.0);
        let weights = &rules.weights;
        let per = |weight: u32, poor: f64| f64::from(weight) * 1e6 / poor.max(1e-9);
        let scale = Scale {
            low: i64::from(rules.grids.households_min),
            high: i64::from(rules.grids.households_max),
            mean,
            // A coefficient of variation of one half.
            size: per(weights.right_size, 0.25 * k * mean.max(1.0).powi(2)),
            // Twice the moment of discs that share the area; in square centimetres.
            near: per(
                weights.near_and_convenient,
                people.max(1) as f64 * area * 1e4 / k / std::f64::consts::PI,
            ),
            // The inner lines of a chessboard.
            cut: per(weights.good_for_governing, 2.0 * (area * k).sqrt() * 100.0),
            kept: per(weights.respect_tradition, households.max(1) as f64),
        };
        Self {
            task,
            grid_of: vec![NOWHERE; task.len()],
            grids: vec![Sums::default(); grids],
            in_piece: vec![0; grids * task.pieces],
            in_set: vec![0; grids * task.sets],
            cut_cm: 0,
            strayed: 0,
            scale,
        }
    }

    pub(super) fn grids(&self) -> usize {
        self.grids.len()
    }

    pub(super) fn households(&self, grid: u32) -> i64 {
        self.grids[grid as usize].households
    }

    pub(super) fn is_out(&self, grid: u32) -> bool {
        self.grids[grid as usize].out > 0
    }

    /// Atoms of `grid` in the piece of the community that holds `atom`.
    fn beside(&self, grid: u32, atom: u32) -> u32 {
        self.in_piece[grid as usize * self.task.pieces + self.task.piece[atom as usize] as usize]
    }

    pub(super) fn score(&self) -> Score {
        let mut score = Score { out: 0, pieces: 0, soft: 0 };
        for grid in &self.grids {
            score.out += grid.out;
            score.pieces += (grid.pieces - 1).max(0);
            score.soft += grid.size + grid.near;
        }
        score.soft += (self.cut_cm as f64 * self.scale.cut) as i64;
        score.soft += (self.strayed as f64 * self.scale.kept) as i64;
        score
    }

    /// Moves an atom, whatever that does to connection.
    pub(super) fn put(&mut self, atom: u32, to: u32) {
        let from = self.grid_of[atom as usize];
        if from == to {
            return;
        }
        for &(other, shared) in self.task.joins(atom) {
            let theirs = self.grid_of[other as usize];
            let shared = i64::from(shared);
            if theirs != NOWHERE && from != NOWHERE {
                self.cut_cm -= if theirs == from { 0 } else { shared };
            }
            if theirs != NOWHERE && to != NOWHERE {
                self.cut_cm += if theirs == to { 0 } else { shared };
            }
        }
        for set in self.task.sets_of[atom as usize] {
            self.move_in_set(set, atom, from, to);
        }
        if from != NOWHERE {
            self.add(atom, from, -1);
        }
        self.grid_of[atom as usize] = to;
        if to != NOWHERE {
            self.add(atom, to, 1);
        }
    }

    fn move_in_set(&mut self, set: u32, atom: u32, from: u32, to: u32) {
        if set == NO_SET {
            return;
        }
        let households = self.task.households[atom as usize];
        let row = set as usize * self.grids.len()..(set as usize + 1) * self.grids.len();
        let stray = |row: &[i64]| row.iter().sum::<i64>() - row.iter().max().copied().unwrap_or(0);
        let before = stray(&self.in_set[row.clone()]);
        if from != NOWHERE {
            self.in_set[row.start + from as usize] -= households;
        }
        if to != NOWHERE {
            self.in_set[row.start + to as usize] += households;
        }
        self.strayed += stray(&self.in_set[row]) - before;
    }

    fn add(&mut self, atom: u32, grid: u32, sign: i64) {
        let i = atom as usize;
        let (x, y) = (self.task.x[i], self.task.y[i]);
        let people = sign * self.task.population[i];
        let held = &mut self.in_piece[grid as usize * self.task.pieces + self.task.piece[i] as usize];
        let sums = &mut self.grids[grid as usize];
        if sign > 0 {
            sums.pieces += i64::from(*held == 0);
            *held += 1;
        } else {
            *held -= 1;
            sums.pieces -= i64::from(*held == 0);
        }
        sums.households += sign * self.task.households[i];
        sums.people += people;
        sums.px += people * x;
        sums.py += people * y;
        sums.prr += i128::from(people) * i128::from(x * x + y * y);
        let scale = &self.scale;
        let short = scale.low - sums.households;
        let over = sums.households - scale.high;
        let off = short.max(over).max(0);
        sums.out = if off > 0 { off + OUT_OF_RANGE } else { 0 };
        let spread = sums.households as f64 - scale.mean;
        sums.size = (spread * spread * scale.size) as i64;
        // Moment around the people's centroid, which the best atom comes near to.
        let moment = if sums.people > 0 {
            let (px, py) = (i128::from(sums.px), i128::from(sums.py));
            (sums.prr - (px * px + py * py) / i128::from(sums.people)) as f64
        } else {
            0.0
        };
        sums.near = (moment * scale.near) as i64;
    }

    /// True if `atom` touches `grid`, or is the first of its piece of the community to join it.
    pub(super) fn may_join(&self, atom: u32, grid: u32) -> bool {
        let touches = self.task.joins(atom).iter().any(|(other, _)| self.grid_of[*other as usize] == grid);
        touches || self.beside(grid, atom) == 0
    }

    /// True if the rest of its grid hangs together without `atom`, which must not be the last.
    pub(super) fn may_leave(&self, atom: u32, scratch: &mut Scratch) -> bool {
        let grid = self.grid_of[atom as usize];
        let mut sides =
            self.task.joins(atom).iter().map(|a| a.0).filter(|o| self.grid_of[*o as usize] == grid);
        let Some(first) = sides.next() else {
            // Alone in its piece of the community: it may go if the grid lives on elsewhere.
            return self.grids[grid as usize].pieces > 1;
        };
        let rest: Vec<u32> = sides.collect();
        rest.is_empty() || scratch.reaches_all(self, first, &rest, atom)
    }

    /// True if the part of `grid` in the piece around `atom` is connected.
    pub(super) fn is_whole(&self, grid: u32, atom: u32, scratch: &mut Scratch) -> bool {
        let piece = self.task.piece[atom as usize];
        let mut part = (0..self.task.len() as u32)
            .filter(|&a| self.grid_of[a as usize] == grid && self.task.piece[a as usize] == piece);
        let Some(first) = part.next() else { return true };
        let rest: Vec<u32> = part.collect();
        rest.is_empty() || scratch.reaches_all(self, first, &rest, NOWHERE)
    }
}

/// Reusable marks for flood fills.
pub(super) struct Scratch {
    mark: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
}

impl Scratch {
    pub(super) fn for_task(task: &Task) -> Self {
        Self { mark: vec![0; task.len()], round: 0, stack: Vec::new() }
    }

    /// True if every goal can be reached from `start` inside its grid without stepping on `taboo`.
    fn reaches_all(&mut self, draft: &Draft<'_>, start: u32, goals: &[u32], taboo: u32) -> bool {
        self.round += 1;
        let grid = draft.grid_of[start as usize];
        let mut left = goals.len();
        self.stack.clear();
        self.stack.push(start);
        self.mark[start as usize] = self.round;
        while let Some(atom) = self.stack.pop() {
            for &(next, _) in draft.task.joins(atom) {
                if next == taboo
                    || draft.grid_of[next as usize] != grid
                    || self.mark[next as usize] == self.round
                {
                    continue;
                }
                self.mark[next as usize] = self.round;
                if goals.contains(&next) {
                    left -= 1;
                    if left == 0 {
                        return true;
                    }
                }
                self.stack.push(next);
            }
        }
        false
    }
}
