//! Regions of neighbouring sites, taken apart and put together again.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::Matrix;
use super::pick::around;
use crate::location::instance::{Instance, State};

/// What taking a region apart costs besides the distances looked at.
const WORK_A_TURN: u64 = 1_000;
/// Turns for each open site after which overload that is left becomes dearer.
const PATIENCE: usize = 20;
/// Costs of rows at sites kept for a region at most.
const TABLE_MAX: usize = 4_000_000;
/// Rounds of moves and successors in a region.
const ROUNDS: usize = 12;

/// An assignment under change, and the best feasible one met.
pub(super) struct Regions<'a> {
    instance: &'a Instance,
    pub(super) matrix: &'a Matrix<'a>,
    /// The free site nearest to each row: where a site of its own would be.
    pub(super) home: Vec<u32>,
    /// Open sites; those that stand are fixed.
    pub(super) sites: Vec<u32>,
    pub(super) fixed: Vec<bool>,
    pub(super) open: Vec<bool>,
    /// Place in `sites` of each open site.
    pub(super) slot: Vec<u32>,
    /// Sites around each row, nearest first; empty where looking at all open ones is as quick.
    pub(super) around: Vec<Vec<u32>>,
    pub(super) members: Vec<Vec<u32>>,
    /// Cost of each cluster, overload included, and load above capacity; and the sums of both.
    cost: Vec<i64>,
    over: Vec<i64>,
    value: i64,
    overload: i64,
    /// Cost of a unit of load above capacity.
    pub(super) penalty: i64,
    best: Option<Best>,
    /// Slots that differ from the best assignment.
    stale: Vec<usize>,
    rng: ChaCha8Rng,
    /// Space to compute in.
    pub(super) within: Vec<Vec<u32>>,
    pub(super) work: u64,
}

/// The best assignment met, by slot.
struct Best {
    value: i64,
    sites: Vec<u32>,
    members: Vec<Vec<u32>>,
}

/// Part of the assignment, under reconstruction.
pub(super) struct Region {
    pub(super) sites: Vec<u32>,
    pub(super) fixed: Vec<bool>,
    pub(super) rows: Vec<u32>,
    /// Place in `sites` of each row.
    pub(super) at: Vec<u32>,
    pub(super) room: Vec<i64>,
    /// Cost of each row at each site, row by row; empty if that would be too many.
    cost: Vec<i64>,
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
        let mut slot = vec![0; instance.sites.len()];
        for (k, j) in (0u32..).zip(&sites) {
            open[*j as usize] = true;
            slot[*j as usize] = k;
        }
        let fixed = sites.iter().map(|j| instance.sites[*j as usize].state == State::Open).collect();
        let p = sites.len();
        let around = around(instance, p);
        let (members, cost, over) = (vec![Vec::new(); p], vec![0; p], vec![0; p]);
        let mut regions = Self {
            instance,
            matrix,
            home,
            sites,
            fixed,
            open,
            slot,
            around,
            members,
            cost,
            over,
            value: 0,
            overload: 0,
            penalty: 1,
            best: None,
            stale: (0..p).collect(),
            rng,
            within: Vec::new(),
            work: 0,
        };
        regions.first();
        regions
    }

    /// The best assignment in which no site is overloaded: its value, its sites, each row's site.
    pub(super) fn into_best(self) -> Option<(i64, Vec<u32>, Vec<u32>)> {
        let best = self.best?;
        let mut assignment = vec![0; self.home.len()];
        for (site, rows) in best.sites.iter().zip(&best.members) {
            rows.iter().for_each(|row| assignment[*row as usize] = *site);
        }
        let mut chosen = best.sites;
        chosen.sort_unstable();
        Some((best.value, chosen, assignment))
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
        let costs = self.costs(&region);
        self.put(&slots, &region, &costs);
        self.remember();
    }

    /// Takes regions apart until the work is done or the value is at most `enough`.
    pub(super) fn anneal(&mut self, work: u64, enough: i64) {
        let p = self.sites.len();
        let mean = (self.cost.iter().sum::<i64>() / p as i64).max(1) as f64;
        let limit = self.work + work;
        let from = self.work;
        let mut turns = 0;
        let habits = self.habits();
        while self.work < limit && self.best.as_ref().is_none_or(|b| b.value > enough) {
            let left = 1.0 - (self.work - from) as f64 / work as f64;
            let heat = mean * habits.heat * if habits.square { left * left } else { left.max(0.0) };
            let slots = self.pick();
            let before: i64 = slots.iter().map(|s| self.cost[*s]).sum();
            let region = self.rebuilt(&slots);
            let costs = self.costs(&region);
            let after: i64 = costs.iter().sum();
            let chance = (self.rng.next_u32() as f64 + 1.0) / 4_294_967_297.0;
            if after as f64 <= before as f64 - heat * chance.ln() {
                self.put(&slots, &region, &costs);
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
        if self.overload == 0 || self.penalty > FAR_SUM >> 16 {
            return;
        }
        for (cost, over) in self.cost.iter_mut().zip(&self.over) {
            *cost += over * self.penalty;
        }
        self.value = self.cost.iter().sum();
        self.penalty *= 2;
    }

    pub(super) fn below(&mut self, count: usize) -> usize {
        (self.rng.next_u64() % count as u64) as usize
    }

    pub(super) fn load(&self, row: u32) -> i64 {
        self.instance.loads[row as usize] as i64
    }

    pub(super) fn capacity(&self, site: u32) -> i64 {
        self.instance.sites[site as usize].capacity.min(i64::MAX as u64 / 4) as i64
    }

    /// Rows go to their nearest site with room, those first that would lose most by the next.
    pub(super) fn assigned(&mut self, sites: Vec<u32>, fixed: Vec<bool>, rows: Vec<u32>) -> Region {
        let room = sites.iter().map(|j| self.capacity(*j)).collect();
        let (at, cost) = (vec![0; rows.len()], Vec::new());
        let mut region = Region { at, sites, fixed, rows, room, cost };
        if region.rows.len() * region.sites.len() <= TABLE_MAX {
            region.cost.reserve_exact(region.rows.len() * region.sites.len());
            for row in &region.rows {
                region.cost.extend(region.sites.iter().map(|site| self.matrix.cost(*row, *site)));
            }
        }
        let mut order: Vec<(i64, u32)> = Vec::with_capacity(region.rows.len());
        for k in 0..region.rows.len() {
            let (mut one, mut two) = (i64::MAX, i64::MAX);
            for s in 0..region.sites.len() {
                let cost = self.cost(&region, k, s);
                if cost < one {
                    (one, two) = (cost, one);
                } else if cost < two {
                    two = cost;
                }
            }
            order.push((one.saturating_sub(two), k as u32));
        }
        self.work += 6 * (region.rows.len() * region.sites.len()) as u64;
        order.sort_unstable();
        for (_, k) in order {
            let k = k as usize;
            let load = self.load(region.rows[k]);
            let price = |s: &usize| {
                let over = (load - region.room[*s].max(0)).max(0);
                self.cost(&region, k, *s) + over * self.penalty
            };
            let slot = (0..region.sites.len()).min_by_key(|s| (price(s), *s)).expect("a region has sites");
            region.at[k] = slot as u32;
            region.room[slot] -= load;
        }
        region
    }

    /// Weight times distance, by place in a region.
    pub(super) fn cost(&self, region: &Region, k: usize, s: usize) -> i64 {
        match region.cost.get(k * region.sites.len() + s) {
            Some(cost) => *cost,
            None => self.matrix.cost(region.rows[k], region.sites[s]),
        }
    }

    /// Opens another site in place of one of a region.
    pub(super) fn succeed(&self, region: &mut Region, s: usize, new: u32) {
        region.room[s] += self.capacity(new) - self.capacity(region.sites[s]);
        region.sites[s] = new;
        let count = region.sites.len();
        for (row, cost) in region.rows.iter().zip(region.cost.iter_mut().skip(s).step_by(count)) {
            *cost = self.matrix.cost(*row, new);
        }
    }

    /// Moves, exchanges and successors while they help.
    pub(super) fn settle(&mut self, region: &mut Region) {
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

    /// Cost of each cluster of a region, overload included.
    fn costs(&self, region: &Region) -> Vec<i64> {
        let mut costs: Vec<i64> = region.room.iter().map(|room| Self::over(*room) * self.penalty).collect();
        for (k, s) in region.at.iter().enumerate() {
            costs[*s as usize] += self.cost(region, k, *s as usize);
        }
        costs
    }

    /// Puts a region in place of the slots it came from.
    fn put(&mut self, slots: &[usize], region: &Region, costs: &[i64]) {
        for (k, &slot) in slots.iter().enumerate() {
            self.open[self.sites[slot] as usize] = false;
            self.members[slot].clear();
            let (cost, over) = (costs[k], Self::over(region.room[k]));
            self.value += cost - std::mem::replace(&mut self.cost[slot], cost);
            self.overload += over - std::mem::replace(&mut self.over[slot], over);
        }
        for (k, &slot) in slots.iter().enumerate() {
            self.sites[slot] = region.sites[k];
            self.open[region.sites[k] as usize] = true;
            self.slot[region.sites[k] as usize] = slot as u32;
        }
        for (k, &row) in region.rows.iter().enumerate() {
            self.members[slots[region.at[k] as usize]].push(row);
        }
        self.stale.extend(slots);
        if self.stale.len() > 8 * self.sites.len() {
            self.stale.sort_unstable();
            self.stale.dedup();
        }
    }

    /// Keeps the assignment if it is feasible and the best so far.
    fn remember(&mut self) {
        let known = self.best.as_ref().map_or(FAR_SUM, |best| best.value);
        if self.value >= known || self.overload > 0 {
            return;
        }
        let best = self.best.get_or_insert_with(|| Best {
            value: 0,
            sites: self.sites.clone(),
            members: self.members.clone(),
        });
        best.value = self.value;
        // Most of it is as it was.
        self.stale.sort_unstable();
        self.stale.dedup();
        for slot in self.stale.drain(..) {
            best.sites[slot] = self.sites[slot];
            best.members[slot].clone_from(&self.members[slot]);
        }
        self.work += self.home.len() as u64 / 2;
    }
}

/// A sum that holds a pair that cannot be walked.
const FAR_SUM: i64 = super::FAR;
