//! Branch and bound over rows: climb, fix, restrict, branch.
//!
//! A node is a set of rows in which what was decided is built in, with the multipliers of its
//! parent. Sites whose reduced cost passes the room between bound and best value are decided
//! without branching (Avella, Sassano and Vasil'ev 2007), and rows shrink as they are. Nodes are
//! taken lowest bound first, deepest first once they hold much memory.

mod probe;

use std::collections::HashSet;
use std::sync::Arc;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;

use super::dual::{Ascent, Dual};
use super::instance::Entry;
use super::rows::{Fate, Rows};
use super::swap::Open;

/// Steps between looks at what can be decided.
const BURST: u32 = 24;
/// Bursts at the root and at a node before branching, at most.
const ROOT_BURSTS: u32 = 60;
const NODE_BURSTS: u32 = 6;
/// Work on making a set better, in looks at every entry.
const DESCENT: u64 = 10;
/// The least length of step after a restriction.
const LATER_STEP: f64 = 0.1;
/// Entries that waiting nodes may hold before the search turns depth first.
const HELD_MAX: usize = 30_000_000;

/// Work done and allowed, in distances looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meter {
    pub(super) done: u64,
    pub(super) limit: u64,
}

impl Meter {
    pub(super) fn spent(&self) -> bool {
        self.done >= self.limit
    }
}

/// The best set known and a bound on all.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) value: i64,
    pub(super) chosen: Vec<u32>,
    pub(super) bound: i64,
}

struct Node {
    rows: Arc<Rows>,
    /// The number at the root of each site.
    names: Vec<u32>,
    opened: Vec<u32>,
    p: usize,
    dual: Dual,
}

/// A node to be: its parent with one site decided.
struct Branch {
    parent: Arc<Node>,
    site: u32,
    fate: Fate,
    bound: i64,
    depth: u32,
}

/// The search over one set of rows.
pub(super) struct Tree<'a> {
    root: &'a Arc<Rows>,
    scale: i64,
    best: Found,
    tried: HashSet<Vec<u32>>,
    pub(super) meter: Meter,
    /// Whether a good set is known, so that bursts may spend less on the search for one.
    pub(super) calm: bool,
    rng: ChaCha8Rng,
    /// A value at which the search may stop, and a bound at which it may.
    goal: (i64, i64),
}

enum Verdict {
    Closed,
    Branch(Node, u32),
    Spent(i64),
}

impl<'a> Tree<'a> {
    /// A search for at most `p` sites better than `start`, a set of open sites, and than `known`.
    pub(super) fn new(root: &'a Arc<Rows>, scale: i64, start: Vec<u32>, known: i64, meter: Meter) -> Self {
        let mut open = vec![false; root.sites];
        for j in &start {
            open[*j as usize] = true;
        }
        let value = if start.is_empty() { known } else { root.value(&open).min(known) };
        let best = Found { value, chosen: start, bound: i64::MIN };
        let goal = (i64::MIN, i64::MAX);
        // Work done so far differs from search to search, and is the same on every machine.
        let rng = ChaCha8Rng::seed_from_u64(meter.done);
        Self { root, scale, best, tried: HashSet::new(), meter, calm: false, rng, goal }
    }

    /// Stops once a set costs at most `value`, or the bound reaches `bound`.
    pub(super) fn until(mut self, value: i64, bound: i64) -> Self {
        self.goal = (value, bound);
        self
    }

    /// The bound in the objective's unit, rounded up: values are whole.
    fn whole(&self, bound: i64) -> i64 {
        bound.div_euclid(self.scale) + i64::from(bound.rem_euclid(self.scale) > 0)
    }

    fn hopeless(&self, bound: i64) -> bool {
        bound != i64::MIN && self.whole(bound) >= self.best.value.min(self.goal.1)
    }

    fn done(&self) -> bool {
        self.best.value <= self.goal.0
    }

    /// Searches `p` sites from the multipliers `u`.
    pub(super) fn run(&mut self, p: usize, dual: Dual) -> Found {
        let rows = Arc::clone(self.root);
        let names = (0..rows.sites as u32).collect();
        let root = Node { rows, names, opened: Vec::new(), p, dual };
        let mut waiting: Vec<Branch> = Vec::new();
        let mut left = i64::MAX;
        let mut next = Some((root, 0));
        while let Some((node, depth)) = next.take() {
            match self.settle(node, depth) {
                Verdict::Closed => {}
                Verdict::Spent(bound) => left = left.min(bound),
                Verdict::Branch(node, site) => {
                    let (bound, parent) = (node.dual.bound, Arc::new(node));
                    for fate in [Fate::Closed, Fate::Open] {
                        let parent = Arc::clone(&parent);
                        waiting.push(Branch { parent, site, fate, bound, depth: depth + 1 });
                    }
                }
            }
            next = self.next(&mut waiting);
        }
        let lowest = waiting.iter().map(|b| b.bound).fold(left, i64::min);
        self.best.bound = if lowest == i64::MAX {
            self.best.value.min(self.goal.1)
        } else if lowest == i64::MIN {
            0
        } else {
            self.whole(lowest).min(self.best.value)
        };
        self.best.clone()
    }

    fn next(&mut self, waiting: &mut Vec<Branch>) -> Option<(Node, u32)> {
        if self.meter.spent() || self.done() {
            return None;
        }
        waiting.retain(|b| !self.hopeless(b.bound));
        let held: usize = waiting.iter().map(|b| b.parent.rows.entries.len() + b.parent.rows.len()).sum();
        let deep = held / 2 > HELD_MAX;
        let key = |k: &usize| {
            let b = &waiting[*k];
            let depth = i64::from(b.depth);
            if deep { (-depth, b.bound, *k) } else { (b.bound, -depth, usize::MAX - *k) }
        };
        let at = (0..waiting.len()).min_by_key(key)?;
        let branch = waiting.swap_remove(at);
        let parent = &branch.parent;
        let mut fate = vec![Fate::Free; parent.rows.sites];
        fate[branch.site as usize] = branch.fate;
        self.meter.done += parent.rows.entries.len() as u64;
        Some((parent.decided(&fate), branch.depth))
    }

    /// Hears of a set of the node's sites and improves it if it is worth it.
    fn offer(&mut self, node: &Node, open: &mut Open<'_>, picked: &[u32], depth: u32) {
        let mut set: Vec<u32> =
            picked.iter().map(|j| node.names[*j as usize]).chain(node.opened.iter().copied()).collect();
        set.sort_unstable();
        if self.tried.contains(&set) {
            return;
        }
        if self.tried.len() > 200_000 {
            self.tried.clear();
        }
        self.tried.insert(set);
        let before = open.work;
        open.reset(picked);
        let near = open.value - self.best.value;
        if depth == 0 || near < (self.best.value - self.whole(node.dual.bound)) {
            open.descend(node.rows.entries.len() as u64 * DESCENT);
            if depth == 0 && node.opened.is_empty() && open.value > self.best.value {
                // Half of what the bound likes and half of what the search found is often better than either.
                let known: Vec<u32> = (self.best.chosen.iter())
                    .filter_map(|j| node.names.binary_search(j).ok())
                    .map(|j| j as u32)
                    .collect();
                open.join(&known);
                open.descend(node.rows.entries.len() as u64 * DESCENT);
            }
        }
        self.meter.done += open.work - before;
        if open.value < self.best.value {
            self.best.value = open.value;
            self.best.chosen = open
                .chosen
                .iter()
                .map(|j| node.names[*j as usize])
                .chain(node.opened.iter().copied())
                .collect();
        }
    }

    fn settle(&mut self, mut node: Node, depth: u32) -> Verdict {
        let most = if depth == 0 { ROOT_BURSTS } else { NODE_BURSTS };
        let mut bursts = 0;
        let mut known = i64::MIN;
        'rows: loop {
            if node.p == 0 || node.rows.len() == 0 || node.rows.sites <= node.p {
                self.leaf(&node);
                return Verdict::Closed;
            }
            let columns = node.rows.columns();
            let rows = Arc::clone(&node.rows);
            let mut ascent = Ascent::new(&rows, &columns, node.p, self.scale);
            let mut open = Open::new(&rows, &columns, &[]);
            let mut last = node.dual.bound;
            loop {
                let before = ascent.work;
                let upper = self.best.value.min(self.goal.1);
                ascent.climb(&mut node.dual, upper, BURST);
                self.meter.done += ascent.work - before;
                bursts += 1;
                // What the parent proved holds here too.
                node.dual.bound = node.dual.bound.max(known);
                if self.hopeless(node.dual.bound) {
                    return Verdict::Closed;
                }
                let picked = ascent.picked().to_vec();
                self.offer(&node, &mut open, &picked, depth);
                if self.done() || self.hopeless(node.dual.bound) {
                    return Verdict::Closed;
                }
                if self.meter.spent() {
                    return Verdict::Spent(node.dual.bound);
                }
                let Some(fate) = self.decide(&node) else { return Verdict::Closed };
                let decided = fate.iter().filter(|f| **f != Fate::Free).count();
                let gained = node.dual.bound.saturating_sub(last);
                let room = self.best.value.min(self.goal.1) * self.scale - node.dual.bound;
                last = node.dual.bound;
                let slow = depth > 0 && bursts >= 2 && gained < room / 16;
                let stop = node.dual.settled() || bursts >= most || slow;
                if decided * 8 >= rows.sites || (stop && decided > 0) {
                    self.meter.done += rows.entries.len() as u64 * 2;
                    known = node.dual.bound;
                    node = node.decided(&fate);
                    if !stop || decided * 8 >= rows.sites {
                        bursts = bursts.min(most.saturating_sub(2));
                    }
                    continue 'rows;
                }
                if stop {
                    let site = pick(&node);
                    return Verdict::Branch(node, site);
                }
            }
        }
    }

    fn leaf(&mut self, node: &Node) {
        let take = node.rows.sites.min(node.p);
        let mut open = vec![false; node.rows.sites];
        open[..take].fill(true);
        let value = node.rows.value(&open);
        if value < self.best.value {
            self.best.value = value;
            self.best.chosen = node.names[..take].iter().chain(&node.opened).copied().collect();
        }
    }

    /// Which sites a better answer must or cannot open; none if there is no better answer.
    fn decide(&self, node: &Node) -> Option<Vec<Fate>> {
        let mut fate = vec![Fate::Free; node.rows.sites];
        let bound = node.dual.price_bound;
        let price = &node.dual.price;
        let mut order: Vec<u32> = (0..price.len() as u32).collect();
        order.select_nth_unstable_by_key(node.p, |j| (price[*j as usize], *j));
        let next = price[order[node.p] as usize];
        let (mut opened, mut closed) = (0, 0);
        let last = order[..node.p].iter().map(|j| price[*j as usize]).max().unwrap_or(0);
        for &j in &order[..node.p] {
            if self.hopeless(bound - price[j as usize] + next) {
                fate[j as usize] = Fate::Open;
                opened += 1;
            }
        }
        for &j in &order[node.p..] {
            if self.hopeless(bound + price[j as usize] - last) {
                fate[j as usize] = Fate::Closed;
                closed += 1;
            }
        }
        (opened <= node.p && closed + node.p <= price.len()).then_some(fate)
    }
}

/// The site whose fate the fractional solution leaves most open.
fn pick(node: &Node) -> u32 {
    let open = |j: &u32| {
        let share = f64::from(node.dual.share[*j as usize]).min(1.0);
        let doubt = (share - 0.5).abs();
        (doubt * 1e6) as i64
    };
    (0..node.rows.sites as u32).min_by_key(|j| (open(j), *j)).expect("a node that branches has sites")
}

impl Node {
    fn decided(&self, fate: &[Fate]) -> Node {
        let (rows, old, kept) = self.rows.restricted(fate);
        let mut u: Vec<i64> = kept.iter().map(|row| self.dual.u[*row as usize]).collect();
        let flat = rows.entries.iter().all(|e: &Entry| e.distance == 0);
        let rows = if flat {
            let (merged, new_of) = rows.merged();
            let mut sum = vec![0; merged.len()];
            for (row, new) in new_of.iter().enumerate() {
                sum[*new as usize] += u[row];
            }
            u = sum;
            merged
        } else {
            rows
        };
        let names = old.iter().map(|j| self.names[*j as usize]).collect();
        let just_opened: Vec<u32> =
            (0..fate.len()).filter(|j| fate[*j] == Fate::Open).map(|j| self.names[j]).collect();
        let rows = Arc::new(rows);
        let p = self.p - just_opened.len();
        let opened = self.opened.iter().copied().chain(just_opened).collect();
        let mut dual = Dual::from(&rows, u);
        dual.share = old.iter().map(|j| self.dual.share[*j as usize]).collect();
        dual.theta = self.dual.theta.max(LATER_STEP);
        Node { rows, names, opened, p, dual }
    }
}
