//! p-median: little weight times distance.
//!
//! Lists are cut where the answer so far makes further sites unlikely to serve, and sites are left
//! out that earn too little: both are relaxations or are priced again, so that the bound holds for
//! all sites and all distances (the core problem of Avella, Boccia, Salerno and Vasil'ev 2012).

mod branch;
mod cluster;
mod price;
mod setup;

use std::sync::Arc;

use rand_core::RngCore as _;

use super::answer::{Siting, Unsolvable};
use super::dual::{self, Dual};
use super::instance::{Entry, Instance, State};
use super::nearby::Nearby;
use super::rows::Rows;
use super::simplex;
use super::swap::Open;
use super::tree::{Meter, Tree};
use crate::run::{Run, Stage};
use cluster::Clusters;
use setup::{first_multipliers, scale_for, unserved, whole};

/// Entries of lists up to which all sites are kept at once.
const ENTRIES_MAX: usize = 24_000_000;
/// Entries of the first lists.
const ENTRIES_FIRST: usize = 3_000_000;
/// A list reaches as far as the open site so many places from nearest.
const OPEN_IN_REACH: usize = 4;
/// Rows above which about so many clusters of them come first, and bursts of climbing over them.
const LARGE: usize = 8_000;
const CLUSTERS: usize = 3_000;
const REHEARSED: u32 = 40;
/// Share of all work on the best set of clusters, as a divisor.
const FOR_POLISH: u64 = 10;
/// Bursts of climbing in a round.
const PROBE: u32 = 12;
/// Length of the first steps of later rounds.
const LATER_STEP: f64 = 0.1;
/// Rounds that help little before branching.
const STALLED: u32 = 1;
/// Rounds before a linear relaxation that there is work for.
const EARLY: usize = 1;
/// Rounds of pricing.
const ROUNDS: usize = 40;

/// The state of a search.
struct Search<'a> {
    instance: &'a Instance,
    free: Vec<u32>,
    standing: Vec<u32>,
    p: usize,
    /// The alternative each row really has, from standing sites.
    cap: Vec<u32>,
    /// How far each list reaches.
    reach: Vec<u32>,
    best: i64,
    chosen: Vec<u32>,
    bound: i64,
    meter: Meter,
    /// Free sites a better answer may open.
    alive: Vec<u32>,
    scale: i64,
    /// Multipliers by row of the instance; -1 where there is none yet.
    pays: Vec<i64>,
}

/// Opens `p` sites.
pub(super) fn solve(instance: &Instance, p: u32, work: u64, run: &Run<'_>) -> Result<Siting, Unsolvable> {
    let mut search = Search::of(instance, p, work)?;
    if p == 0 {
        search.judge(&[]);
        search.bound = search.best;
        return search.answer();
    }
    search.begin(run);
    search.improve();
    search.answer()
}

impl<'a> Search<'a> {
    fn of(instance: &'a Instance, p: u32, work: u64) -> Result<Self, Unsolvable> {
        let (free, standing) = (instance.in_state(State::Free), instance.in_state(State::Open));
        if (p as usize) > free.len() {
            return Err(Unsolvable::FewSites { wanted: p, free: free.len() });
        }
        let p = p as usize;
        if p == 0 && standing.is_empty() {
            return Err(Unsolvable::NoSites);
        }
        let n = instance.weights.len();
        let unserved = unserved(instance, &free, &standing, p, work)?;
        let near = Nearby::of(instance, &standing);
        let cap: Vec<u32> = (0..n)
            .map(|row| if standing.is_empty() { None } else { near.nearest(row) })
            .map(|e| e.map_or(unserved, |e| e.distance))
            .collect();
        let meter = Meter { done: 0, limit: work };
        let (reach, chosen) = (vec![u32::MAX; n], Vec::new());
        let scale = scale_for(instance, unserved).ok_or(Unsolvable::TooWide)?;
        let (alive, pays) = (free.clone(), vec![-1; n]);
        Ok(Self {
            instance,
            free,
            standing,
            p,
            cap,
            reach,
            best: i64::MAX,
            chosen,
            bound: 0,
            meter,
            alive,
            scale,
            pays,
        })
    }

    fn weight(&self, row: usize) -> i64 {
        self.instance.weights[row] as i64
    }

    /// Rows over `sites`, as far as each list reaches, and which row of the instance each is.
    fn rows(&mut self, sites: &[u32]) -> (Rows, Vec<u32>) {
        let near = Nearby::of(self.instance, sites);
        let mut local = vec![0u32; self.instance.sites.len()];
        for (k, j) in (0u32..).zip(sites) {
            local[*j as usize] = k;
        }
        let mut rows = Rows::new(sites.len());
        let mut names = Vec::new();
        let mut list = Vec::new();
        for row in 0..self.instance.weights.len() {
            let cap = self.cap[row].min(self.reach[row]);
            list.clear();
            near.visit(row, cap, |e| list.push(Entry { distance: e.distance, site: local[e.site as usize] }));
            self.meter.done += list.len() as u64 * 4;
            let cap =
                if cap == u32::MAX { list.iter().map(|e| e.distance + 1).max().unwrap_or(1) } else { cap };
            if rows.push(self.weight(row), cap, list.iter().copied()) {
                names.push(row as u32);
            }
        }
        (rows, names)
    }

    /// A first answer from a sample of rows.
    fn begin(&mut self, run: &Run<'_>) {
        let n = self.instance.weights.len();
        let m = self.free.len();
        let mut rng = run.seed.stream(Stage::Siting, 0);
        let mut sites = self.free.clone();
        let want = m.min((self.p * 8).max(600));
        for k in 0..want {
            let other = k + (rng.next_u64() % (m - k) as u64) as usize;
            sites.swap(k, other);
        }
        sites.truncate(want);
        sites.sort_unstable();
        // A sample large enough that each chosen site has rows to speak for it.
        let every = (n / (self.p * 30).max(4_000)).max(1);
        let count = (want * 6 / self.p.max(1) + 12).min(want);
        let near = Nearby::of(self.instance, &sites);
        let mut local = vec![0u32; self.instance.sites.len()];
        for (k, j) in (0u32..).zip(&sites) {
            local[*j as usize] = k;
        }
        let mut rows = Rows::new(sites.len());
        let mut list = Vec::new();
        for row in (0..n).step_by(every) {
            near.some_nearest(row, count, &mut list);
            let far = list.last().map_or(1, |e| e.distance.saturating_add(e.distance / 2 + 1));
            let entries = list.iter().map(|e| Entry { distance: e.distance, site: local[e.site as usize] });
            rows.push(self.weight(row), far.min(self.cap[row]), entries);
        }
        self.meter.done += rows.entries.len() as u64 * 4;
        let columns = rows.columns();
        let mut open = Open::new(&rows, &columns, &[]);
        open.greedy(self.p);
        open.descend(rows.entries.len() as u64 * 40);
        self.meter.done += open.work;
        let chosen: Vec<u32> = open.chosen.iter().map(|j| sites[*j as usize]).collect();
        self.judge(&chosen);
        self.reach_out();
    }

    /// Lets lists reach some open sites.
    fn reach_out(&mut self) {
        let all: Vec<u32> = self.chosen.iter().chain(&self.standing).copied().collect();
        let near = Nearby::of(self.instance, &all);
        let mut list = Vec::new();
        for row in 0..self.reach.len() {
            near.some_nearest(row, OPEN_IN_REACH, &mut list);
            self.reach[row] =
                if list.len() < OPEN_IN_REACH { u32::MAX } else { list[OPEN_IN_REACH - 1].distance + 1 };
        }
    }

    /// Takes a set if its true cost is lower.
    fn judge(&mut self, chosen: &[u32]) -> i64 {
        let near = Nearby::of(self.instance, chosen);
        let cost = |row: usize| {
            let d = near.nearest(row).map_or(u32::MAX, |e| e.distance).min(self.cap[row]);
            self.weight(row) * i64::from(d)
        };
        let value: i64 = (0..self.cap.len()).map(cost).sum();
        if value < self.best {
            self.best = value;
            self.chosen = chosen.to_vec();
        }
        value
    }

    /// How many of `sites` may be kept in lists of so many entries.
    fn affordable(&self, entries: usize) -> usize {
        let share = (OPEN_IN_REACH as f64 * 1.3 / self.p.max(1) as f64).min(1.0);
        (entries as f64 / (self.instance.weights.len() as f64 * share)) as usize
    }

    /// Rounds of lists, multipliers and prices until nothing changes, then branching.
    fn improve(&mut self) {
        let every = (self.instance.weights.len() / (self.p * 40).max(LARGE)).max(1);
        let mut active = self.sample(self.affordable(ENTRIES_FIRST * every));
        let mut theta = dual::FIRST_STEP;
        let rehearsed = every > 1 && self.rehearse(&active, (self.p * 60).max(CLUSTERS));
        if rehearsed {
            theta = LATER_STEP;
        }
        let mut stalled = 0;
        // By site, the share in which it was open lately.
        let mut share = vec![1.0; self.instance.sites.len()];
        let mut earned = vec![0; self.instance.sites.len()];
        for round in 0..ROUNDS {
            let before = self.bound;
            let (rows, names) = self.rows(&active);
            let rows = Arc::new(rows);
            let u = self.multipliers(&rows, &names, &active);
            let mut dual = Dual::from(&rows, u);
            dual.theta = theta;
            let mut tree = Tree::new(&rows, self.scale, self.local(&active), self.best, self.meter);
            tree.calm = rehearsed;
            let (found, dual) = tree.probe(self.p, dual, PROBE);
            self.meter = tree.meter;
            self.pays.fill(-1);
            for (k, row) in names.iter().enumerate() {
                self.pays[*row as usize] = dual.u[k];
            }
            let chosen: Vec<u32> = found.chosen.iter().map(|j| active[*j as usize]).collect();
            self.judge(&chosen);
            active.iter().zip(&dual.share).for_each(|(j, s)| share[*j as usize] = *s);
            let partial = active.len() < self.alive.len();
            let price = if partial {
                self.price_all()
            } else {
                let bound = dual.price_bound;
                (bound, dual.price.clone())
            };
            self.bound = self.bound.max(whole(price.0, self.scale));
            if self.bound >= self.best || self.meter.spent() {
                return;
            }
            let kept = self.fix(price.0, &price.1);
            kept.iter().for_each(|(price, j)| earned[*j as usize] = *price);
            let longer = self.lengthen(&rows, &names, &dual);
            let budget = (ENTRIES_FIRST * every) << (round + 1).min(4);
            let next = self.next_active(&kept, self.affordable(budget.min(ENTRIES_MAX)));
            let same = next == active && !longer;
            theta = if same || dual.settled() { LATER_STEP } else { dual.theta.max(LATER_STEP) };
            let little = (self.best - self.bound) / 20;
            let stalls = self.bound - before <= little;
            stalled = if stalls { stalled + 1 } else { 0 };
            let relaxed = round >= EARLY
                && self.affords(simplex::tree::work_over(&rows, self.alive.len()).saturating_mul(4));
            if !longer && next.len() == self.alive.len() && (stalled >= STALLED || relaxed) {
                active = next;
                break;
            }
            active = next;
        }
        if active.len() == self.alive.len() {
            let share: Vec<f32> = active.iter().map(|j| share[*j as usize]).collect();
            let price: Vec<i64> = active.iter().map(|j| earned[*j as usize]).collect();
            self.branch(&active, &share, &price);
        }
    }

    /// Clusters of the rows on their own: their answer, and multipliers of all rows that go with
    /// theirs. Whether rows could be joined.
    fn rehearse(&mut self, active: &[u32], count: usize) -> bool {
        let Some(clusters) = Clusters::of(self.instance, count) else { return false };
        let (rows, names) = self.joined(active, &clusters);
        let rows = Arc::new(rows);
        let dual = Dual::from(&rows, first_multipliers(&rows, self.scale, &self.local(active)));
        let mut tree = Tree::new(&rows, self.scale, self.local(active), i64::MAX, self.meter);
        let (_, dual) = tree.probe(self.p, dual, REHEARSED);
        let found = tree.polish(self.p, &dual, self.meter.limit / FOR_POLISH);
        self.meter = tree.meter;
        let chosen: Vec<u32> = found.chosen.iter().map(|j| active[*j as usize]).collect();
        self.judge(&chosen);
        self.spread(&rows, &names, &clusters, &dual, active);
        true
    }

    fn affords(&self, work: u64) -> bool {
        self.meter.limit.saturating_sub(self.meter.done) >= work
    }

    /// The multipliers of a round before, or first ones.
    fn multipliers(&self, rows: &Rows, names: &[u32], active: &[u32]) -> Vec<i64> {
        let mut u = first_multipliers(rows, self.scale, &self.local(active));
        for (k, row) in names.iter().enumerate() {
            if self.pays[*row as usize] >= 0 {
                u[k] = self.pays[*row as usize];
            }
        }
        u
    }

    /// Some sites spread evenly over those left, the chosen among them.
    fn sample(&self, count: usize) -> Vec<u32> {
        let m = self.alive.len();
        let count = count.clamp(self.p, m);
        let mut sites: Vec<u32> = (0..count).map(|k| self.alive[k * m / count]).collect();
        sites.extend(&self.chosen);
        sites.sort_unstable();
        sites.dedup();
        sites
    }

    /// The chosen sites among `sites`, by place.
    fn local(&self, sites: &[u32]) -> Vec<u32> {
        self.chosen.iter().filter_map(|j| sites.binary_search(j).ok()).map(|k| k as u32).collect()
    }

    fn answer(mut self) -> Result<Siting, Unsolvable> {
        let spare = self.free.iter().filter(|j| !self.chosen.contains(j)).copied();
        let short = self.p - self.chosen.len().min(self.p);
        let more: Vec<u32> = spare.take(short).collect();
        self.chosen.extend(more);
        self.chosen.extend(&self.standing);
        self.chosen.sort_unstable();
        let near = Nearby::of(self.instance, &self.chosen);
        let assignment: Vec<Option<Entry>> = (0..self.cap.len()).map(|row| near.nearest(row)).collect();
        let value = assignment
            .iter()
            .enumerate()
            .map(|(i, e)| self.weight(i) * e.map_or(0, |e| i64::from(e.distance)))
            .sum();
        let all_served = assignment.iter().zip(&self.instance.weights).all(|(e, w)| *w == 0 || e.is_some());
        if !all_served {
            return Err(Unsolvable::NotFound);
        }
        let assignment = assignment.iter().map(|e| e.map(|e| e.site)).collect();
        Ok(Siting { chosen: self.chosen, assignment, value, bound: self.bound.min(value) })
    }
}
