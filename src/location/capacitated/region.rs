//! Regions of neighbouring sites, taken apart and put together again.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::Matrix;
use crate::location::instance::{Instance, State};

/// What taking a region apart costs besides the distances looked at.
const WORK_A_TURN: u64 = 1_000;
/// Turns for each open site after which overload that is left becomes dearer.
const PATIENCE: usize = 20;
/// Rounds of moves and successors in a region.
const ROUNDS: usize = 12;

/// An assignment under change, and the best feasible one met.
pub(super) struct Regions<'a> {
    instance: &'a Instance,
    pub(super) matrix: &'a Matrix<'a>,
    /// The free site nearest to each row: where a site of its own would be.
    pub(super) home: Vec<u32>,
    /// Open sites; those that stand are fixed.
    sites: Vec<u32>,
    fixed: Vec<bool>,
    pub(super) open: Vec<bool>,
    members: Vec<Vec<u32>>,
    /// Cost of each cluster, overload included.
    cost: Vec<i64>,
    /// Cost of a unit of load above capacity.
    pub(super) penalty: i64,
    best: Option<(i64, Vec<u32>, Vec<u32>)>,
    rng: ChaCha8Rng,
    pub(super) work: u64,
}

/// Part of the assignment, under reconstruction.
pub(super) struct Region {
    pub(super) sites: Vec<u32>,
    pub(super) fixed: Vec<bool>,
    pub(super) rows: Vec<u32>,
    /// Place in `sites` of each row.
    pub(super) at: Vec<u32>,
    pub(super) room: Vec<i64>,
}

impl<'a> Regions<'a> {
    pub(super) fn new(
        instance: &'a Instance,
        matrix: &'a Matrix<'a>,
        home: Vec<u32>,
        sites: Vec<u32>,
        rng: ChaCha8Rng,
    ) -> Self {
        let mut open = vec![false; instance.sites.len()];
        for j in &sites {
            open[*j as usize] = true;
        }
        let fixed = sites.iter().map(|j| instance.sites[*j as usize].state == State::Open).collect();
        let (members, cost) = (vec![Vec::new(); sites.len()], vec![0; sites.len()]);
        let mut regions = Self {
            instance,
            matrix,
            home,
            sites,
            fixed,
            open,
            members,
            cost,
            penalty: 1,
            best: None,
            rng,
            work: 0,
        };
        regions.first();
        regions
    }

    /// The best assignment in which no site is overloaded: its value, its sites, each row's site.
    pub(super) fn into_best(self) -> Option<(i64, Vec<u32>, Vec<u32>)> {
        self.best
    }

    /// Assigns everything as one region.
    fn first(&mut self) {
        let rows: Vec<u32> = (0..self.instance.weights.len() as u32).collect();
        let near: i64 =
            rows.iter().map(|i| self.sites.iter().map(|j| self.matrix.cost(*i, *j)).min().unwrap_or(0)).sum();
        let load: u64 = self.instance.loads.iter().sum();
        // A unit above capacity costs as much as serving ten units of load on average.
        self.penalty = (near.saturating_mul(10) / (load.max(1) as i64)).max(1);
        let (sites, fixed) = (self.sites.clone(), self.fixed.clone());
        let mut region = self.assigned(sites, fixed, rows);
        self.settle(&mut region);
        let slots: Vec<usize> = (0..self.sites.len()).collect();
        self.put(&slots, &region);
        self.remember();
    }

    /// Takes regions apart until the work is done or the value is at most `enough`.
    pub(super) fn anneal(&mut self, work: u64, enough: i64) {
        let p = self.sites.len();
        let mean = (self.cost.iter().sum::<i64>() / p as i64).max(1) as f64;
        let limit = self.work + work;
        let from = self.work;
        let mut turns = 0;
        while self.work < limit && self.best.as_ref().is_none_or(|b| b.0 > enough) {
            let left = 1.0 - (self.work - from) as f64 / work as f64;
            let heat = mean * 0.12 * left * left;
            let slots = self.pick();
            let before: i64 = slots.iter().map(|s| self.cost[*s]).sum();
            let region = self.rebuilt(&slots);
            let after: i64 = (0..region.sites.len()).map(|k| self.cluster_cost(&region, k)).sum();
            let chance = (self.rng.next_u32() as f64 + 1.0) / 4_294_967_297.0;
            if after as f64 <= before as f64 - heat * chance.ln() {
                self.put(&slots, &region);
                if after < before {
                    self.remember();
                }
            }
            self.work += WORK_A_TURN;
            turns += 1;
            if turns % (PATIENCE * p) == 0 {
                self.insist();
            }
        }
    }

    /// Makes overload dearer while there is some.
    fn insist(&mut self) {
        let load = |rows: &Vec<u32>| rows.iter().map(|i| self.load(*i)).sum::<i64>();
        let over: Vec<i64> = (0..self.sites.len())
            .map(|s| Self::over(self.capacity(self.sites[s]) - load(&self.members[s])))
            .collect();
        if over.iter().all(|o| *o == 0) || self.penalty > FAR_SUM >> 16 {
            return;
        }
        for (cost, over) in self.cost.iter_mut().zip(over) {
            *cost += over * self.penalty;
        }
        self.penalty *= 2;
    }

    fn below(&mut self, count: usize) -> usize {
        (self.rng.next_u64() % count as u64) as usize
    }

    /// Slots of some open sites near a random row, sometimes near two.
    fn pick(&mut self) -> Vec<usize> {
        let p = self.sites.len();
        let count = 2 + self.below(4);
        let mut slots = self.near(count.min(p));
        if self.below(3) == 0 {
            let more = 2 + self.below(2);
            let more = self.near(more.min(p));
            slots.extend(more);
            slots.sort_unstable();
            slots.dedup();
        }
        slots
    }

    fn near(&mut self, count: usize) -> Vec<usize> {
        let row = self.below(self.home.len()) as u32;
        let mut order: Vec<(i64, usize)> =
            (0..self.sites.len()).map(|s| (self.matrix.cost(row, self.sites[s]), s)).collect();
        self.work += 3 * order.len() as u64;
        order.select_nth_unstable(count - 1);
        order.truncate(count);
        order.sort_unstable();
        order.into_iter().map(|o| o.1).collect()
    }

    /// The region with one of its sites opened elsewhere in it.
    fn rebuilt(&mut self, slots: &[usize]) -> Region {
        let mut sites: Vec<u32> = slots.iter().map(|s| self.sites[*s]).collect();
        let fixed: Vec<bool> = slots.iter().map(|s| self.fixed[*s]).collect();
        let rows: Vec<u32> = slots.iter().flat_map(|s| self.members[*s].iter().copied()).collect();
        if rows.is_empty() {
            return self.assigned(sites, fixed, rows);
        }
        let swaps = 1 + usize::from(self.below(4) == 0);
        for _ in 0..swaps {
            let gone = self.below(sites.len());
            let row = rows[self.below(rows.len())];
            let new = self.home[row as usize];
            if !fixed[gone] && !self.open[new as usize] && !sites.contains(&new) {
                sites[gone] = new;
            }
        }
        let mut region = self.assigned(sites, fixed, rows);
        self.settle(&mut region);
        region
    }

    pub(super) fn load(&self, row: u32) -> i64 {
        self.instance.loads[row as usize] as i64
    }

    pub(super) fn capacity(&self, site: u32) -> i64 {
        self.instance.sites[site as usize].capacity.min(i64::MAX as u64 / 4) as i64
    }

    /// Rows go to their nearest site with room, those first that would lose most by the next.
    fn assigned(&mut self, sites: Vec<u32>, fixed: Vec<bool>, rows: Vec<u32>) -> Region {
        let room = sites.iter().map(|j| self.capacity(*j)).collect();
        let mut region = Region { at: vec![0; rows.len()], sites, fixed, rows, room };
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(region.rows.len());
        for (k, &row) in (0u32..).zip(&region.rows) {
            let (mut one, mut two) = (i64::MAX, i64::MAX);
            for &site in &region.sites {
                let cost = self.matrix.cost(row, site);
                if cost < one {
                    (one, two) = (cost, one);
                } else if cost < two {
                    two = cost;
                }
            }
            order.push((one.saturating_sub(two), k));
        }
        self.work += 6 * (region.rows.len() * region.sites.len()) as u64;
        order.sort_unstable();
        for (_, k) in order {
            let row = region.rows[k as usize];
            let load = self.load(row);
            let price = |s: &usize| {
                let over = (load - region.room[*s].max(0)).max(0);
                self.matrix.cost(row, region.sites[*s]) + over * self.penalty
            };
            let slot = (0..region.sites.len()).min_by_key(|s| (price(s), *s)).expect("a region has sites");
            region.at[k as usize] = slot as u32;
            region.room[slot] -= load;
        }
        region
    }

    /// Moves, exchanges and successors while they help.
    fn settle(&mut self, region: &mut Region) {
        for _ in 0..ROUNDS {
            let moved = self.moves(region);
            let succeeded = self.successors(region);
            if !moved && !succeeded {
                return;
            }
        }
    }

    pub(super) fn over(room: i64) -> i64 {
        (-room).max(0)
    }

    fn cluster_cost(&self, region: &Region, s: usize) -> i64 {
        let served = (0..region.rows.len()).filter(|k| region.at[*k] as usize == s);
        served.map(|k| self.matrix.cost(region.rows[k], region.sites[s])).sum::<i64>()
            + Self::over(region.room[s]) * self.penalty
    }

    /// Puts a region in place of the slots it came from.
    fn put(&mut self, slots: &[usize], region: &Region) {
        for (k, &slot) in slots.iter().enumerate() {
            self.open[self.sites[slot] as usize] = false;
            self.members[slot].clear();
            self.cost[slot] = self.cluster_cost(region, k);
        }
        for (k, &slot) in slots.iter().enumerate() {
            self.sites[slot] = region.sites[k];
            self.open[region.sites[k] as usize] = true;
        }
        for (k, &row) in region.rows.iter().enumerate() {
            self.members[slots[region.at[k] as usize]].push(row);
        }
    }

    /// Keeps the assignment if it is feasible and the best so far.
    fn remember(&mut self) {
        let value: i64 = self.cost.iter().sum();
        if value >= FAR_SUM || self.best.as_ref().is_some_and(|b| value >= b.0) {
            return;
        }
        let load = |rows: &Vec<u32>| rows.iter().map(|i| self.load(*i)).sum::<i64>();
        if (0..self.sites.len()).any(|s| load(&self.members[s]) > self.capacity(self.sites[s])) {
            return;
        }
        self.work += self.home.len() as u64 / 2;
        let mut assignment = vec![0; self.home.len()];
        for (s, rows) in self.members.iter().enumerate() {
            for row in rows {
                assignment[*row as usize] = self.sites[s];
            }
        }
        let mut chosen = self.sites.clone();
        chosen.sort_unstable();
        self.best = Some((value, chosen, assignment));
    }
}

/// A sum that holds a pair that cannot be walked.
const FAR_SUM: i64 = super::FAR;
