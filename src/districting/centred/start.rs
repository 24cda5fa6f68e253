//! First divisions: a power diagram whose weights even out the people, made connected.

mod balance;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::state::PARTS_MAX;
use crate::districting::instance::Instance;

/// An atom of the region that no part has yet, and one that is no atom of it.
const OPEN: u32 = u32::MAX - 1;
const OUTSIDE: u32 = u32::MAX;

/// Rounds of weighing and recentring.
const ROUNDS: u32 = 8;

/// No atom.
const NOBODY: u32 = u32::MAX;

/// Power diagrams of a region of a territory.
///
/// Floating point is good enough here, since a division is judged after it is drawn; only operations
/// that every machine rounds alike are used.
pub(crate) struct Diagrams<'a> {
    instance: &'a Instance,
    /// The atoms of the region, ascending, and their places and people.
    region: Vec<u32>,
    x: Vec<f32>,
    y: Vec<f32>,
    people: Vec<f32>,
    /// People, and people times place.
    mass: Vec<[f32; 4]>,
    /// The squared distance of each to its centre plus the price there, and that part.
    near: Vec<f32>,
    of: Vec<u32>,
    parts: Vec<Part>,
    /// Squared distance of an inhabitant to the nearest of the centres first drawn, on average.
    typical: f32,
    queue: BinaryHeap<Reverse<(i32, u32, u32)>>,
    stack: Vec<u32>,
    fixed: Vec<bool>,
    holder: Vec<u32>,
}

/// A part of a diagram.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    x: f32,
    y: f32,
    /// What an inhabitant pays on top of the squared distance.
    price: f32,
    people: f32,
    /// People times places.
    px: f32,
    py: f32,
    home: u32,
}

impl Part {
    /// Puts the centre to the mean of the people.
    fn recentre(&mut self) {
        if self.people > 0.0 {
            (self.x, self.y) = (self.px / self.people, self.py / self.people);
        }
    }
}

impl<'a> Diagrams<'a> {
    /// Of a whole territory.
    pub(crate) fn new(instance: &'a Instance) -> Self {
        let n = instance.len();
        let mut all = Self {
            instance,
            region: Vec::with_capacity(n),
            x: Vec::with_capacity(n),
            y: Vec::with_capacity(n),
            people: Vec::with_capacity(n),
            mass: Vec::with_capacity(n),
            near: vec![0.0; n],
            of: vec![0; n],
            parts: Vec::new(),
            typical: 0.0,
            queue: BinaryHeap::new(),
            stack: Vec::new(),
            fixed: vec![false; n],
            holder: vec![OUTSIDE; n],
        };
        all.look_at(|_| true);
        all
    }

    /// Looks at the atoms chosen.
    pub(crate) fn look_at(&mut self, chosen: impl Fn(u32) -> bool) {
        let instance = self.instance;
        let (x, y) = (instance.x[0], instance.y[0]);
        self.region.clear();
        self.region.extend((0..instance.len() as u32).filter(|&a| chosen(a)));
        self.x.clear();
        self.x.extend(self.region.iter().map(|&a| (instance.x[a as usize] - x) as f32));
        self.y.clear();
        self.y.extend(self.region.iter().map(|&a| (instance.y[a as usize] - y) as f32));
        self.people.clear();
        self.people.extend(self.region.iter().map(|&a| instance.people[a as usize] as f32));
        self.mass.clear();
        let places = self.people.iter().zip(&self.x).zip(&self.y);
        self.mass.extend(places.map(|((p, x), y)| [*p, p * x, p * y, 0.0]));
        self.near.resize(self.region.len(), 0.0);
        self.of.resize(self.region.len(), 0);
    }

    /// The best few of so many diagrams of the whole territory, made connected; on demand balanced and
    /// refined.
    pub(crate) fn best_of(
        &mut self,
        drawn: u32,
        kept: usize,
        balanced: bool,
        rng: &mut ChaCha8Rng,
    ) -> Vec<Vec<u32>> {
        self.look_at(|_| true);
        let names: Vec<u32> = (0..self.instance.parts).collect();
        let mut best: Vec<(f32, Vec<Part>)> = Vec::with_capacity(kept + 1);
        for _ in 0..drawn {
            let mut score = self.draw(names.len(), rng);
            if balanced {
                self.even_out();
                score = self.score();
            }
            if best.len() < kept || best.last().is_some_and(|last| score < last.0) {
                let place = best.partition_point(|better| better.0 <= score);
                best.insert(place, (score, self.parts.clone()));
                best.truncate(kept);
            }
        }
        let mut divisions = Vec::with_capacity(best.len());
        for (_, parts) in best {
            self.parts = parts;
            self.assign();
            if balanced {
                self.refine();
            }
            let mut part_of = vec![0; self.instance.len()];
            self.connect(&names, &mut part_of);
            divisions.push(part_of);
        }
        divisions
    }

    /// Draws a diagram of so many parts around centres drawn at random, with a score: the lower, the
    /// better. O(n · k).
    pub(crate) fn draw(&mut self, count: usize, rng: &mut ChaCha8Rng) -> f32 {
        self.spread(count, rng);
        let total: f32 = self.people.iter().sum();
        let mean = (total / count as f32).max(1.0);
        let walks = self.near.iter().zip(&self.people).map(|(near, people)| near * people);
        self.typical = walks.sum::<f32>() / total.max(1.0);
        for round in 0..ROUNDS {
            self.assign();
            // A part that is one mean too heavy becomes dearer by about one mean squared walk.
            let pace = self.typical / mean / (2 + round / 3) as f32;
            for part in &mut self.parts {
                part.price += pace * (part.people - mean);
                if round + 1 < ROUNDS {
                    part.recentre();
                }
            }
        }
        self.assign();
        self.score()
    }

    /// People times squared distance to the centres, with a price for people out of the range.
    fn score(&self) -> f32 {
        let (low, high) = (self.instance.low as f32, self.instance.high as f32);
        let mut score = 0.0;
        for part in &self.parts {
            let out = (low - part.people).max(part.people - high).max(0.0);
            score += out * self.typical;
        }
        for (&near, &people) in self.near.iter().zip(&self.people) {
            score += people * (near - self.parts[(near.to_bits() & TAG) as usize].price);
        }
        score
    }

    /// Centres drawn with chance in proportion to what they would save (Arthur and Vassilvitskii 2007).
    fn spread(&mut self, count: usize, rng: &mut ChaCha8Rng) {
        self.parts.clear();
        self.near.fill(f32::INFINITY);
        let mut at = (rng.next_u64() % self.region.len() as u64) as usize;
        for _ in 0..count {
            let (x, y) = (self.x[at], self.y[at]);
            self.parts.push(Part { x, y, ..Part::default() });
            for ((near, ax), ay) in self.near.iter_mut().zip(&self.x).zip(&self.y) {
                *near = near.min((ax - x) * (ax - x) + (ay - y) * (ay - y));
            }
            let sum: f32 = self.near.iter().zip(&self.people).map(|(n, p)| n * p).sum();
            let mut left = (rng.next_u32() >> 8) as f32 / (1 << 24) as f32 * sum;
            at = 0;
            for (i, (near, people)) in self.near.iter().zip(&self.people).enumerate() {
                if *near > 0.0 {
                    at = i;
                }
                left -= near * people;
                if left < 0.0 {
                    break;
                }
            }
        }
    }

    /// Gives every atom to the part that is cheapest for it.
    fn assign(&mut self) {
        self.near.fill(f32::INFINITY);
        for (number, part) in (0u32..).zip(&self.parts) {
            attract(number, *part, &self.x, &self.y, &mut self.near);
        }
        let mut sums = [[0.0; 4]; PARTS_MAX];
        for (near, mass) in self.near.iter().zip(&self.mass) {
            let sum = &mut sums[(near.to_bits() & TAG) as usize];
            sum.iter_mut().zip(mass).for_each(|(sum, more)| *sum += more);
        }
        for (part, [people, px, py, _]) in self.parts.iter_mut().zip(sums) {
            (part.people, part.px, part.py) = (people, px, py);
        }
    }

    /// Writes the diagram drawn last to `part_of` as the parts named, connected: keeps of each part the
    /// piece around its centre and grows these over the rest, cheapest first.
    pub(crate) fn connect(&mut self, parts: &[u32], part_of: &mut [u32]) {
        self.settle_homes();
        self.holder.fill(OUTSIDE);
        for (&atom, &part) in self.region.iter().zip(&self.of) {
            self.holder[atom as usize] = part;
        }
        for (number, part) in (0u32..).zip(&self.parts) {
            self.holder[self.region[part.home as usize] as usize] = number;
        }
        self.fixed.fill(false);
        let graph = &self.instance.graph;
        for (number, part) in (0u32..).zip(&self.parts) {
            let home = self.region[part.home as usize];
            self.fixed[home as usize] = true;
            self.stack.push(home);
            while let Some(atom) = self.stack.pop() {
                for &next in graph.neighbours(atom) {
                    if self.holder[next as usize] == number
                        && !std::mem::replace(&mut self.fixed[next as usize], true)
                    {
                        self.stack.push(next);
                    }
                }
            }
        }
        for &atom in &self.region {
            if !self.fixed[atom as usize] {
                self.holder[atom as usize] = OPEN;
            }
        }
        for i in 0..self.region.len() {
            if self.holder[self.region[i] as usize] == OPEN {
                for &next in graph.neighbours(self.region[i]) {
                    if self.fixed[next as usize] {
                        let number = self.holder[next as usize];
                        self.offer(self.region[i], number);
                    }
                }
            }
        }
        while let Some(Reverse((_, atom, number))) = self.queue.pop() {
            if self.holder[atom as usize] == OPEN {
                self.holder[atom as usize] = number;
                for &next in graph.neighbours(atom) {
                    if self.holder[next as usize] == OPEN {
                        self.offer(next, number);
                    }
                }
            }
        }
        for &atom in &self.region {
            part_of[atom as usize] = parts[self.holder[atom as usize] as usize];
        }
    }

    fn offer(&mut self, atom: u32, number: u32) {
        let part = &self.parts[number as usize];
        let dx = (self.instance.x[atom as usize] - self.instance.x[0]) as f32 - part.x;
        let dy = (self.instance.y[atom as usize] - self.instance.y[0]) as f32 - part.y;
        let cost = dx * dx + dy * dy + part.price;
        // Whole numbers in the order of the costs, which floating-point numbers have not.
        let bits = cost.to_bits() as i32;
        self.queue.push(Reverse((bits ^ (bits >> 31 & i32::MAX), atom, number)));
    }

    /// Finds every part an atom that it cannot lose: the member nearest to its centre, or the first of
    /// all that is no other's if it has none.
    fn settle_homes(&mut self) {
        for (of, near) in self.of.iter_mut().zip(&self.near) {
            *of = near.to_bits() & TAG;
        }
        let mut nearest = [f32::INFINITY; PARTS_MAX];
        self.parts.iter_mut().for_each(|part| part.home = NOBODY);
        for (i, ((&of, &x), &y)) in (0u32..).zip(self.of.iter().zip(&self.x).zip(&self.y)) {
            let part = &mut self.parts[of as usize];
            let cost = (x - part.x) * (x - part.x) + (y - part.y) * (y - part.y);
            if cost < nearest[of as usize] {
                nearest[of as usize] = cost;
                part.home = i;
            }
        }
        for number in 0..self.parts.len() {
            if self.parts[number].home == NOBODY {
                let untaken = |i: &u32| self.parts.iter().all(|part| part.home != *i);
                self.parts[number].home = (0..self.region.len() as u32).find(untaken).unwrap_or(0);
            }
        }
    }
}

/// Bits at the end of a cost that name the part: as many as [`PARTS_MAX`] needs.
const TAG: u32 = PARTS_MAX as u32 - 1;

/// Gives one part the atoms that are cheaper there than where they are. With the part's number in the
/// cost, the smaller of two is all there is to find, and the compiler takes several atoms at once.
fn attract(number: u32, part: Part, x: &[f32], y: &[f32], near: &mut [f32]) {
    for ((near, x), y) in near.iter_mut().zip(x).zip(y) {
        let (dx, dy) = (x - part.x, y - part.y);
        let cost = dx * dx + dy * dy + part.price;
        let tagged = f32::from_bits(cost.to_bits() & !TAG | number);
        *near = if tagged < *near { tagged } else { *near };
    }
}
