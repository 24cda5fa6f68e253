//! What is to be divided, and how a division is judged by plain means.

use super::centred::costs::fine_root;
use super::graph::Graph;

/// One territory to divide: atoms with people, a position and neighbours.
#[derive(Clone, Debug)]
pub struct Instance {
    /// Which atoms are neighbours.
    pub graph: Graph,
    /// People of each atom, never negative.
    pub people: Vec<i64>,
    /// Position in units of the caller's choice, for instance decimetres; empty if there is none.
    pub x: Vec<i64>,
    /// Position to the north, in the same unit.
    pub y: Vec<i64>,
    /// How many parts to make, at least one.
    pub parts: u32,
    /// Fewest people of a part.
    pub low: i64,
    /// Most people of a part.
    pub high: i64,
}

/// What a division is to make small.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Objective {
    /// People times squared distance to the best member of their part (Hess and others 1965).
    Moment,
    /// People times distance to the best member of their part.
    Distance,
    /// The price of edges between parts.
    Cut,
}

/// A division judged: what holds and what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Parts that hold an atom.
    pub parts: u32,
    /// Parts in more than one piece.
    pub disconnected: u32,
    /// People of the smallest part.
    pub people_min: i64,
    /// People of the largest part.
    pub people_max: i64,
    /// Price of edges between parts.
    pub cut: i64,
    /// Whether every part is there, in one piece, and in the range.
    pub feasible: bool,
}

impl Instance {
    /// The number of atoms.
    pub fn len(&self) -> usize {
        self.people.len()
    }

    /// Whether there is no atom.
    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// The number of connected pieces. O(n + m).
    pub fn pieces(&self) -> usize {
        self.components().into_iter().max().map_or(0, |last| last as usize + 1)
    }

    /// The connected piece of every atom, numbered by their first atoms. O(n + m).
    pub(crate) fn components(&self) -> Vec<u32> {
        let mut component = vec![u32::MAX; self.len()];
        let mut stack = Vec::new();
        let mut count = 0;
        for start in 0..self.len() as u32 {
            if component[start as usize] != u32::MAX {
                continue;
            }
            component[start as usize] = count;
            stack.push(start);
            while let Some(atom) = stack.pop() {
                for &other in self.graph.neighbours(atom) {
                    if component[other as usize] == u32::MAX {
                        component[other as usize] = count;
                        stack.push(other);
                    }
                }
            }
            count += 1;
        }
        component
    }

    /// Judges a division by flood fill. O(n + m).
    pub fn judge(&self, part_of: &[u32]) -> Judgement {
        let parts = self.parts as usize;
        let mut people = vec![0i64; parts];
        let mut pieces = vec![0u32; parts];
        let mut seen = vec![false; self.len()];
        let mut stack = Vec::new();
        let mut cut = 0;
        for start in 0..self.len() as u32 {
            let part = part_of[start as usize];
            people[part as usize] += self.people[start as usize];
            let crossing = self.graph.priced(start).filter(|(other, _)| part_of[*other as usize] != part);
            cut += crossing.map(|(_, price)| i64::from(price)).sum::<i64>();
            if std::mem::replace(&mut seen[start as usize], true) {
                continue;
            }
            pieces[part as usize] += 1;
            stack.push(start);
            while let Some(atom) = stack.pop() {
                for &next in self.graph.neighbours(atom) {
                    if part_of[next as usize] == part && !std::mem::replace(&mut seen[next as usize], true) {
                        stack.push(next);
                    }
                }
            }
        }
        let people_min = people.iter().copied().min().unwrap_or(0);
        let people_max = people.iter().copied().max().unwrap_or(0);
        let filled = pieces.iter().filter(|p| **p > 0).count() as u32;
        let disconnected = pieces.iter().filter(|p| **p > 1).count() as u32;
        let whole = filled == self.parts && disconnected == 0 && part_of.len() == self.len();
        Judgement {
            parts: filled,
            disconnected,
            people_min,
            people_max,
            cut: cut / 2,
            feasible: whole && people_min >= self.low && people_max <= self.high,
        }
    }

    /// People times squared distance to the best member, summed over parts. O(n): about a member the
    /// moment is that about the origin, less twice the member times the people's sum, plus its square.
    pub fn moment(&self, part_of: &[u32]) -> i128 {
        let mut sums = vec![[0i128; 4]; self.parts as usize];
        for (atom, &part) in part_of.iter().enumerate() {
            let (people, x, y) =
                (i128::from(self.people[atom]), i128::from(self.x[atom]), i128::from(self.y[atom]));
            let more = [people, people * x, people * y, people * (x * x + y * y)];
            sums[part as usize].iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
        let mut best = vec![None; self.parts as usize];
        for (atom, &part) in part_of.iter().enumerate() {
            let (x, y) = (i128::from(self.x[atom]), i128::from(self.y[atom]));
            let [people, px, py, prr] = sums[part as usize];
            let about = prr - 2 * (x * px + y * py) + people * (x * x + y * y);
            let held: &mut Option<i128> = &mut best[part as usize];
            *held = Some(held.map_or(about, |held| held.min(about)));
        }
        best.into_iter().flatten().sum()
    }

    /// People times distance to the best member in 1/1024 of a unit, each rounded down. O(n · part).
    pub fn distance(&self, part_of: &[u32]) -> i128 {
        let plain = |a: u32, b: u32| fine_root(self.square(a, b));
        self.members(part_of).iter().map(|part| self.about_best(part, plain)).sum()
    }

    /// Squared distance.
    pub fn square(&self, a: u32, b: u32) -> i64 {
        let (a, b) = (a as usize, b as usize);
        (self.x[a] - self.x[b]).pow(2) + (self.y[a] - self.y[b]).pow(2)
    }

    /// The atoms of each part, ascending.
    pub fn members(&self, part_of: &[u32]) -> Vec<Vec<u32>> {
        let mut members = vec![Vec::new(); self.parts as usize];
        for (atom, &part) in (0u32..).zip(part_of) {
            members[part as usize].push(atom);
        }
        members
    }

    fn about_best(&self, part: &[u32], measure: impl Fn(u32, u32) -> i64) -> i128 {
        let about = |&centre: &u32| -> i128 {
            part.iter().map(|&a| i128::from(self.people[a as usize]) * i128::from(measure(a, centre))).sum()
        };
        part.iter().map(about).min().unwrap_or(0)
    }
}
