//! Settling: every boundary node weighs staying against moving to a neighbouring part, under a falling
//! willingness to lose.
//!
//! Simulated annealing (Kirkpatrick, Gelatt and Vecchi, 1983; for graph partitioning with fined balance
//! Johnson, Aragon, McGeoch and Schevon, 1989), run on every level of a multilevel scheme. Starting from a
//! good division of the coarser level it needs few sweeps, and unlike greedy refinement it carries people
//! across parts that are full: a fine proportional to the people outside the range lets an excess wander
//! until it meets a want. Parts stay in one piece at every single move.

mod zone;

use super::level::Level;
use super::patience::patience;
use super::whole::Whole;
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// How settling goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    /// Passes over the boundary.
    pub(crate) sweeps: u32,
    /// Visits after which settling is done in any case.
    pub(crate) visits: usize,
    /// Mean loss shrugged off at the start; it falls evenly to nothing.
    pub(crate) heat: f64,
    /// Fine per person outside the range at the end.
    pub(crate) fine: f64,
    /// Share of the fine in force at the start.
    pub(crate) lenient: f64,
    /// Cost of one unit of moment; 0 where positions do not count.
    pub(crate) moment: f64,
}

/// Sweeps begin to grow sterner with parts outside the range after this share of all.
const STERN_FROM: f64 = 0.3;
/// Growth of the factor per sweep, and its limit.
const STERNER: f64 = 1.2;
const STERNEST: f64 = 64.0;

/// Most neighbours of a node that is drawn into an exchange.
const HUB: usize = 64;

/// What is known of one part.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    people: i64,
    /// People times position, summed.
    x: f64,
    y: f64,
    /// Factor on the fine: grows while the part is outside the range.
    stern: f64,
    /// Whether nodes may move from and to the part.
    open: bool,
}

/// A division in the making.
pub(super) struct Settling<'a> {
    level: &'a Level,
    range: (i64, i64),
    /// Part of each node.
    pub(crate) part: Vec<u32>,
    sums: Vec<Sums>,
    whole: Whole,
    chance: ChaCha8Rng,
    patience: Vec<f64>,
    boundary: Vec<u32>,
    /// Whether a node is in `boundary`; empty while all nodes are walked in order.
    listed: Vec<bool>,
    /// Arcs of the node at hand that leave its part: part and price.
    leaving: Vec<(u32, u32)>,
    /// Nodes visited so far, great ones counted more than once.
    visits: usize,
}

impl<'a> Settling<'a> {
    /// Begins from a division whose parts are in one piece. O(n + parts).
    pub(crate) fn new(level: &'a Level, range: (i64, i64), part: Vec<u32>, parts: u32, seed: u64) -> Self {
        let mut sums = vec![Sums { stern: 1.0, open: true, ..Sums::default() }; parts as usize];
        for (node, &mine) in part.iter().enumerate() {
            let people = level.people[node];
            let sum = &mut sums[mine as usize];
            sum.people += people;
            if !level.x.is_empty() {
                sum.x += people as f64 * level.x[node];
                sum.y += people as f64 * level.y[node];
            }
        }
        Self {
            level,
            range,
            part,
            sums,
            whole: Whole::new(level.len()),
            chance: ChaCha8Rng::seed_from_u64(seed),
            patience: patience(),
            boundary: Vec::new(),
            listed: Vec::new(),
            leaving: Vec::new(),
            visits: 0,
        }
    }

    /// Settles everywhere. O(sweeps · boundary · degree).
    pub(crate) fn run(&mut self, schedule: &Schedule) {
        for sweep in 0..schedule.sweeps {
            // Where tests of connection take long, or the boundary grows, the end comes sooner.
            let spent = self.work() as f64 / schedule.visits.max(1) as f64;
            let done = (f64::from(sweep) / f64::from(schedule.sweeps.max(2) - 1)).max(spent.min(1.0));
            let heat = schedule.heat * (1.0 - done);
            let fine = schedule.fine * (schedule.lenient + (1.0 - schedule.lenient) * done * done * done);
            let now = Schedule { heat, fine, ..*schedule };
            if self.listed.is_empty() {
                for node in self.level.nodes() {
                    self.consider(node, &now);
                }
            } else {
                self.walk_boundary(&now);
            }
            if done > STERN_FROM {
                self.grow_stern();
            }
            if done >= 1.0 {
                break;
            }
        }
    }

    fn walk_boundary(&mut self, now: &Schedule) {
        let (mut at, mut visits) = (0, self.boundary.len());
        while at < self.boundary.len() && visits > 0 {
            visits -= 1;
            let node = self.boundary[at];
            if self.consider(node, now) {
                at += 1;
            } else {
                self.listed[node as usize] = false;
                self.boundary.swap_remove(at);
            }
        }
    }

    /// Lets only boundary nodes be visited from now on. Worth it where they are few.
    pub(crate) fn list_boundary(&mut self) {
        self.listed = vec![false; self.level.len()];
        self.boundary.clear();
        self.level.nodes().for_each(|node| self.list(node));
    }

    /// Lets all nodes be visited in order from now on: better where most are at boundaries, for memory is
    /// walked straight.
    pub(crate) fn walk_all(&mut self) {
        self.listed = Vec::new();
        self.boundary = Vec::new();
    }

    /// Puts a node on the list if it is at a boundary inside the open parts and not there yet.
    fn list(&mut self, node: u32) {
        let mine = self.part[node as usize];
        if self.listed[node as usize] || !self.sums[mine as usize].open {
            return;
        }
        if self.level.neighbours(node).any(|other| self.part[other as usize] != mine) {
            self.listed[node as usize] = true;
            self.boundary.push(node);
        }
    }

    /// Moves `node` or not; returns whether it is at a boundary still.
    #[inline]
    fn consider(&mut self, node: u32, now: &Schedule) -> bool {
        self.visits += 1 + self.level.degree(node) / 8;
        let mine = self.part[node as usize];
        let mut here = 0i64;
        self.leaving.clear();
        for (other, price) in self.level.arcs(node) {
            let theirs = self.part[other as usize];
            if theirs == mine {
                here += i64::from(price);
            } else {
                self.leaving.push((theirs, price));
            }
        }
        if self.leaving.is_empty() {
            return false;
        }
        let bits = self.chance.next_u32();
        let pick = (u64::from(bits & 0xffff) * self.leaving.len() as u64) >> 16;
        let theirs = self.leaving[pick as usize].0;
        if !self.sums[theirs as usize].open {
            return true;
        }
        let there: i64 = self.leaving.iter().filter(|arc| arc.0 == theirs).map(|arc| i64::from(arc.1)).sum();
        let mut loss = (here - there) as f64;
        if now.moment > 0.0 {
            loss += now.moment * self.spread(node, mine, theirs);
        }
        let fine = now.fine * self.fined(mine, theirs, self.level.people[node as usize]);
        let patience = now.heat * self.patience[(bits >> 20) as usize];
        // A move that changes nothing is made every other time, or two nodes would change places for ever.
        let idle = loss + fine == 0.0 && bits & 0x1_0000 == 0;
        if loss + fine <= patience && !idle {
            if self.whole.stays(self.level, &self.part, node) {
                self.go(node, mine, theirs);
            }
        } else if fine > 0.0 && loss <= patience {
            self.exchange(node, mine, theirs, patience - loss, now);
        }
        true
    }

    /// Moves `node` as wished if some node beside it goes the other way: where the range is tight, one
    /// alone would be fined too much.
    fn exchange(&mut self, node: u32, mine: u32, theirs: u32, patience: f64, now: &Schedule) {
        let Some(back) = self.partner(node, mine, theirs) else { return };
        let difference = self.level.people[node as usize] - self.level.people[back as usize];
        let fine = now.fine * self.fined(mine, theirs, difference);
        if fine > patience + 2.0 * now.heat || !self.whole.stays(self.level, &self.part, node) {
            return;
        }
        self.shift(node, mine, theirs);
        let (mut here, mut there) = (0i64, 0i64);
        for (other, price) in self.level.arcs(back) {
            let part = self.part[other as usize];
            here += if part == theirs { i64::from(price) } else { 0 };
            there += if part == mine { i64::from(price) } else { 0 };
        }
        let mut loss = (here - there) as f64 + fine;
        if now.moment > 0.0 {
            loss += now.moment * self.spread(back, theirs, mine);
        }
        if there > 0 && loss <= patience && self.whole.stays(self.level, &self.part, back) {
            self.shift(back, theirs, mine);
            self.list_around(node, theirs);
            self.list_around(back, mine);
        } else {
            self.shift(node, theirs, mine);
        }
    }

    /// A node of part `theirs` near `node`, drawn by chance.
    fn partner(&mut self, node: u32, mine: u32, theirs: u32) -> Option<u32> {
        let bits = self.chance.next_u32();
        let beside = self.level.pick(node, bits & 0xffff);
        let part = self.part[beside as usize];
        let further = if part == theirs { beside } else { self.level.pick(beside, bits >> 16) };
        // Great hubs are no partners: reading all their arcs at every visit would take too long.
        let fits = (part == theirs || part == mine) && self.part[further as usize] == theirs;
        (fits && self.level.degree(further) <= HUB).then_some(further)
    }

    /// People outside the range.
    fn outside(&self, people: i64) -> i64 {
        (self.range.0 - people).max(0) + (people - self.range.1).max(0)
    }

    /// Change of fined people when so many go from part `mine` to part `theirs`.
    fn fined(&self, mine: u32, theirs: u32, people: i64) -> f64 {
        let (a, b) = (&self.sums[mine as usize], &self.sums[theirs as usize]);
        let lost = self.outside(a.people - people) - self.outside(a.people);
        let won = self.outside(b.people + people) - self.outside(b.people);
        lost as f64 * a.stern + won as f64 * b.stern
    }

    /// Change of the moment about the centroids when `node` moves.
    fn spread(&self, node: u32, mine: u32, theirs: u32) -> f64 {
        let people = self.level.people[node as usize] as f64;
        let (x, y) = (self.level.x[node as usize], self.level.y[node as usize]);
        let change = |sum: &Sums, sign: f64| {
            let mass = sum.people as f64;
            let next = mass + sign * people;
            if mass <= 0.0 || next <= 0.0 {
                return 0.0;
            }
            let (dx, dy) = (x - sum.x / mass, y - sum.y / mass);
            sign * people * mass / next * (dx * dx + dy * dy)
        };
        change(&self.sums[mine as usize], -1.0) + change(&self.sums[theirs as usize], 1.0)
    }

    /// Moves `node` from part `mine` to part `theirs`.
    fn go(&mut self, node: u32, mine: u32, theirs: u32) {
        self.shift(node, mine, theirs);
        self.list_around(node, theirs);
    }

    /// Lists the neighbours of a node that has come to part `mine`.
    fn list_around(&mut self, node: u32, mine: u32) {
        if self.listed.is_empty() {
            return;
        }
        let level = self.level;
        for other in level.neighbours(node) {
            if self.part[other as usize] != mine {
                self.list(other);
            }
        }
    }

    /// Moves `node` from part `mine` to part `theirs` and keeps the sums.
    pub(crate) fn shift(&mut self, node: u32, mine: u32, theirs: u32) {
        let people = self.level.people[node as usize];
        self.part[node as usize] = theirs;
        self.sums[mine as usize].people -= people;
        self.sums[theirs as usize].people += people;
        if !self.level.x.is_empty() {
            let (x, y) = (self.level.x[node as usize], self.level.y[node as usize]);
            let (px, py) = (people as f64 * x, people as f64 * y);
            self.sums[mine as usize].x -= px;
            self.sums[mine as usize].y -= py;
            self.sums[theirs as usize].x += px;
            self.sums[theirs as usize].y += py;
        }
    }

    fn grow_stern(&mut self) {
        let range = self.range;
        for sum in &mut self.sums {
            let inside = sum.people >= range.0 && sum.people <= range.1;
            sum.stern = if inside { sum.stern * 0.9 } else { sum.stern * STERNER }.clamp(1.0, STERNEST);
        }
    }

    /// Work done so far, in visits of nodes.
    pub(crate) fn work(&self) -> usize {
        self.visits + self.whole.read / 2
    }

    /// Counts work done elsewhere.
    pub(crate) fn count(&mut self, visits: usize) {
        self.visits += visits;
    }

    /// How many nodes are walked per sweep.
    pub(crate) fn walked(&self) -> usize {
        if self.listed.is_empty() { self.level.len() } else { self.boundary.len() }
    }
}
