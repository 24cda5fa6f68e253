//! A division in the making: its sums and its score, kept up to date under single moves.
//!
//! The score is lexicographic and whole: households out of range, then pieces beyond one a grid,
//! then the weighted measures of the four principles. What a move would do to it is computed
//! without making the move, in O(neighbours + sets · grids).

use super::score::{Scale, Score, Sums};
use super::task::{NO_SET, Task};

/// Not yet in any grid.
pub(super) const NOWHERE: u32 = u32::MAX;

/// A division of one community.
#[derive(Clone)]
pub(super) struct Draft<'a> {
    pub(super) task: &'a Task,
    pub(super) grid_of: Vec<u32>,
    grids: Vec<Sums>,
    parts: Vec<Score>,
    /// Sum of `parts`.
    total: Score,
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
    pub(super) fn empty(task: &'a Task, grids: usize, scale: Scale) -> Self {
        let parts = vec![scale.judge(&Sums::default(), 0.0); grids];
        Self {
            task,
            grid_of: vec![NOWHERE; task.len()],
            grids: vec![Sums::default(); grids],
            total: parts.iter().fold(Score::default(), |sum, part| sum.plus(*part)),
            parts,
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

    /// True if a grid holds no atom.
    pub(super) fn is_empty(&self, grid: u32) -> bool {
        self.grids[grid as usize].pieces == 0
    }

    pub(super) fn is_out(&self, grid: u32) -> bool {
        self.parts[grid as usize].out > 0
    }

    /// The people's centroid of a grid; `None` if nobody lives there.
    pub(super) fn centroid(&self, grid: u32) -> Option<(i64, i64)> {
        let sums = &self.grids[grid as usize];
        let unit = self.task.coarse_square.sqrt() as i64;
        (sums.people > 0).then(|| (sums.px / sums.people * unit, sums.py / sums.people * unit))
    }

    /// Atoms of `grid` in the piece of the community that holds `atom`.
    fn beside(&self, grid: u32, atom: u32) -> u32 {
        self.in_piece[grid as usize * self.task.pieces + self.task.piece[atom as usize] as usize]
    }

    pub(super) fn score(&self) -> Score {
        let lines = self.scale.lines(self.cut_cm) + self.scale.strayed(self.strayed);
        Score { soft: self.total.soft + lines, ..self.total }
    }

    /// The score after moving `atom`, which is in a grid, to another.
    pub(super) fn score_if(&self, atom: u32, to: u32) -> Score {
        let from = self.grid_of[atom as usize];
        let mut less = self.grids[from as usize].with(self.task, atom, -1);
        let mut more = self.grids[to as usize].with(self.task, atom, 1);
        less.pieces -= i64::from(self.beside(from, atom) == 1);
        more.pieces += i64::from(self.beside(to, atom) == 0);
        let total = self
            .total
            .minus(self.parts[from as usize])
            .minus(self.parts[to as usize])
            .plus(self.scale.judge(&less, self.aside(&less, from, atom, NOWHERE)))
            .plus(self.scale.judge(&more, self.aside(&more, to, NOWHERE, atom)));
        let cut = self.cut_cm + self.cut_change(atom, to);
        let strayed = self.strayed + self.stray_change(atom, to);
        let lines = self.scale.lines(cut) + self.scale.strayed(strayed);
        Score { soft: total.soft + lines, ..total }
    }

    /// A score that swapping two atoms of different grids cannot beat: lines and sets are taken at
    /// their most favourable.
    pub(super) fn swap_hope(&self, atom: u32, other: u32) -> Score {
        let (a, b) = (self.grid_of[atom as usize], self.grid_of[other as usize]);
        let swapped = |grid: u32, out: u32, in_: u32| {
            self.grids[grid as usize].with(self.task, out, -1).with(self.task, in_, 1)
        };
        let total = self
            .total
            .minus(self.parts[a as usize])
            .minus(self.parts[b as usize])
            .plus(self.scale.judge(&swapped(a, atom, other), 0.0))
            .plus(self.scale.judge(&swapped(b, other, atom), 0.0));
        let rim = |v: u32| self.task.joins(v).iter().map(|j| i64::from(j.1)).sum::<i64>();
        let cut = (self.cut_cm - rim(atom) - rim(other)).max(0);
        let most: i64 = [atom, other].iter().map(|&v| 2 * self.task.households[v as usize]).sum();
        let strayed = if self.task.sets > 0 { (self.strayed - most).max(0) } else { 0 };
        let pieces = if self.task.pieces > 1 { 0 } else { total.pieces };
        let lines = self.scale.lines(cut) + self.scale.strayed(strayed);
        Score { out: total.out, pieces, soft: total.soft + lines }
    }

    /// How far a grid's duty point stands from its centroid, squared, with one atom left out and one
    /// taken in.
    fn aside(&self, sums: &Sums, grid: u32, without: u32, with: u32) -> f64 {
        if !self.scale.exact {
            return 0.0;
        }
        let held = (0u32..).zip(&self.grid_of).filter(|(atom, held)| **held == grid && *atom != without);
        sums.aside(self.task, held.map(|(atom, _)| atom).chain((with != NOWHERE).then_some(with)))
    }

    fn cut_change(&self, atom: u32, to: u32) -> i64 {
        let from = self.grid_of[atom as usize];
        let mut change = 0;
        for &(other, shared) in self.task.joins(atom) {
            let theirs = self.grid_of[other as usize];
            if theirs == NOWHERE {
                continue;
            }
            change -= if from != NOWHERE && theirs != from { i64::from(shared) } else { 0 };
            change += if to != NOWHERE && theirs != to { i64::from(shared) } else { 0 };
        }
        change
    }

    fn stray_change(&self, atom: u32, to: u32) -> i64 {
        let from = self.grid_of[atom as usize];
        let households = self.task.households[atom as usize];
        let mut change = 0;
        for set in self.task.sets_of[atom as usize].into_iter().filter(|set| *set != NO_SET) {
            let row = &self.in_set[set as usize * self.grids.len()..][..self.grids.len()];
            let (mut before, mut after, mut sum_change) = (0, 0, 0);
            for (grid, &held) in (0u32..).zip(row) {
                let moved =
                    if grid == to { households } else { 0 } - if grid == from { households } else { 0 };
                before = before.max(held);
                after = after.max(held + moved);
                sum_change += moved;
            }
            change += sum_change - after + before;
        }
        change
    }

    /// Moves an atom, whatever that does to connection.
    pub(super) fn put(&mut self, atom: u32, to: u32) {
        let from = self.grid_of[atom as usize];
        if from == to {
            return;
        }
        self.cut_cm += self.cut_change(atom, to);
        self.strayed += self.stray_change(atom, to);
        for set in self.task.sets_of[atom as usize].into_iter().filter(|set| *set != NO_SET) {
            let start = set as usize * self.grids.len();
            let households = self.task.households[atom as usize];
            for (grid, sign) in [(from, -1), (to, 1)].into_iter().filter(|(grid, _)| *grid != NOWHERE) {
                self.in_set[start + grid as usize] += sign * households;
            }
        }
        self.grid_of[atom as usize] = to;
        for (grid, sign) in [(from, -1), (to, 1)].into_iter().filter(|(grid, _)| *grid != NOWHERE) {
            self.add(atom, grid, sign);
        }
    }

    fn add(&mut self, atom: u32, grid: u32, sign: i64) {
        let g = grid as usize;
        let held = &mut self.in_piece[g * self.task.pieces + self.task.piece[atom as usize] as usize];
        let empty_before = *held == 0;
        *held = if sign > 0 { *held + 1 } else { *held - 1 };
        let empty_after = *held == 0;
        let mut sums = self.grids[g].with(self.task, atom, sign);
        sums.pieces += i64::from(empty_before) - i64::from(empty_after);
        self.grids[g] = sums;
        let part = self.scale.judge(&sums, self.aside(&sums, grid, NOWHERE, NOWHERE));
        self.total = self.total.minus(self.parts[g]).plus(part);
        self.parts[g] = part;
    }

    /// True if `atom` touches `grid`, or is the first of its piece of the community to join it.
    pub(super) fn may_join(&self, atom: u32, grid: u32) -> bool {
        let touches = self.task.joins(atom).iter().any(|(other, _)| self.grid_of[*other as usize] == grid);
        touches || self.beside(grid, atom) == 0
    }

    /// True if the rest of its grid hangs together without `atom`, which must not be the last.
    pub(super) fn may_leave(&self, atom: u32, scratch: &mut Scratch) -> bool {
        let grid = self.grid_of[atom as usize];
        let sides = self.task.joins(atom).iter().map(|a| a.0).filter(|o| self.grid_of[*o as usize] == grid);
        scratch.goals.clear();
        scratch.goals.extend(sides);
        match scratch.goals.pop() {
            // Alone in its piece of the community: it may go if the grid lives on elsewhere.
            None => self.grids[grid as usize].pieces > 1,
            Some(first) => scratch.goals.is_empty() || scratch.reaches_all(self, first, atom),
        }
    }

    /// True if the part of `grid` in the piece around `atom` is connected: a flood fill from one of
    /// its atoms reaches as many as it has there. O(atoms of the grid).
    pub(super) fn is_whole(&self, grid: u32, atom: u32, scratch: &mut Scratch) -> bool {
        let held = self.beside(grid, atom);
        if held < 2 {
            return true;
        }
        let inside = |a: u32| self.grid_of[a as usize] == grid;
        let near =
            std::iter::once(atom).chain(self.task.joins(atom).iter().map(|join| join.0)).find(|&a| inside(a));
        let start = near.or_else(|| {
            let piece = self.task.piece[atom as usize];
            (0..self.task.len() as u32).find(|&a| inside(a) && self.task.piece[a as usize] == piece)
        });
        start.is_none_or(|start| scratch.reach_of(self, start) == held)
    }
}

/// Reusable marks for flood fills.
pub(super) struct Scratch {
    mark: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    goals: Vec<u32>,
}

impl Scratch {
    pub(super) fn for_task(task: &Task) -> Self {
        Self { mark: vec![0; task.len()], round: 0, stack: Vec::new(), goals: Vec::new() }
    }

    /// How many atoms of its grid `start` hangs together with, itself included.
    fn reach_of(&mut self, draft: &Draft<'_>, start: u32) -> u32 {
        self.round += 2;
        let grid = draft.grid_of[start as usize];
        let mut count = 1;
        self.stack.clear();
        self.stack.push(start);
        self.mark[start as usize] = self.round;
        while let Some(atom) = self.stack.pop() {
            for &(next, _) in draft.task.joins(atom) {
                if draft.grid_of[next as usize] == grid && self.mark[next as usize] != self.round {
                    self.mark[next as usize] = self.round;
                    count += 1;
                    self.stack.push(next);
                }
            }
        }
        count
    }

    /// True if every goal can be reached from `start` inside its grid without stepping on `taboo`.
    /// Two marks a round: `round` for goals not yet seen, `round + 1` for atoms seen.
    fn reaches_all(&mut self, draft: &Draft<'_>, start: u32, taboo: u32) -> bool {
        self.round += 2;
        let (goal, seen) = (self.round, self.round + 1);
        let grid = draft.grid_of[start as usize];
        let mut left = 0;
        for atom in self.goals.iter().filter(|atom| **atom != start) {
            left += usize::from(self.mark[*atom as usize] != goal);
            self.mark[*atom as usize] = goal;
        }
        self.stack.clear();
        self.stack.push(start);
        self.mark[start as usize] = seen;
        while let Some(atom) = self.stack.pop() {
            for &(next, _) in draft.task.joins(atom) {
                let mark = self.mark[next as usize];
                if next == taboo || draft.grid_of[next as usize] != grid || mark == seen {
                    continue;
                }
                if mark == goal {
                    left -= 1;
                    if left == 0 {
                        return true;
                    }
                }
                self.mark[next as usize] = seen;
                self.stack.push(next);
            }
        }
        left == 0
    }
}
