//! Coarsening: nodes joined two by two along heavy edges, small ones first.
//!
//! Pairs are rated by price² / (people · people), found best for meshes by Holtgrewe, Sanders and
//! Schulz (Engineering a scalable high quality graph partitioner, 2010). A node whose neighbours are
//! all taken may join one of them as a third, which keeps the number of levels down.

use super::level::Level;
use rand_core::RngCore;

/// The mark of a node not yet joined.
const FREE: u32 = u32::MAX;

/// Nodes are visited at random within windows of this many, so that memory is still walked in order.
const WINDOW: usize = 512;

/// Most nodes joined into one.
const TOGETHER: u32 = 3;

/// Which nodes become one.
pub(super) struct Groups {
    /// Group of each node, numbered by their first node.
    pub(crate) of: Vec<u32>,
    /// How many groups there are.
    pub(crate) count: u32,
}

/// Groups in the making.
struct Joining<'a> {
    level: &'a Level,
    group: Vec<u32>,
    people: Vec<i64>,
    size: Vec<u32>,
    most: i64,
}

/// Joins nodes, none growing beyond `most` people; where `part` is not empty, only nodes of the same
/// part. O(n + m).
pub(super) fn join(level: &Level, part: &[u32], most: i64, chance: &mut impl RngCore) -> Groups {
    let half = level.len() / 2 + 1;
    let group = vec![FREE; level.len()];
    let (people, size) = (Vec::with_capacity(half), Vec::with_capacity(half));
    let mut joining = Joining { level, group, people, size, most };
    let mut order: Vec<u32> = level.nodes().collect();
    for window in order.chunks_mut(WINDOW) {
        shuffle(window, chance);
        for &node in window.iter() {
            if joining.group[node as usize] == FREE {
                joining.place(node, part);
            }
        }
    }
    joining.number()
}

impl Joining<'_> {
    /// Joins a free node with its best neighbour, or leaves it alone.
    fn place(&mut self, node: u32, part: &[u32]) {
        let mine = self.level.people[node as usize];
        let best = self.best(node, part);
        let name = match best {
            Some(other) if self.group[other as usize] != FREE => self.group[other as usize],
            _ => self.open(),
        };
        self.enter(node, name, mine);
        if let Some(other) = best.filter(|other| self.group[*other as usize] == FREE) {
            self.enter(other, name, self.level.people[other as usize]);
        }
    }

    fn open(&mut self) -> u32 {
        self.people.push(0);
        self.size.push(0);
        self.people.len() as u32 - 1
    }

    fn enter(&mut self, node: u32, name: u32, people: i64) {
        self.group[node as usize] = name;
        self.people[name as usize] += people;
        self.size[name as usize] += 1;
    }

    /// The neighbour best joined with `node`.
    fn best(&self, node: u32, part: &[u32]) -> Option<u32> {
        let mine = self.level.people[node as usize];
        let (mut best, mut best_rating) = (None, 0.0);
        for (other, price) in self.level.arcs(node) {
            if !part.is_empty() && part[other as usize] != part[node as usize] {
                continue;
            }
            let theirs = self.group[other as usize];
            let (mass, full, liking) = if theirs == FREE {
                (self.level.people[other as usize], false, 1.0)
            } else {
                (self.people[theirs as usize], self.size[theirs as usize] >= TOGETHER, 0.1)
            };
            if full || mass + mine > self.most {
                continue;
            }
            let masses = mass.max(1) as f64 * mine.max(1) as f64;
            let rating = liking * f64::from(price) * f64::from(price) / masses;
            if rating > best_rating {
                (best, best_rating) = (Some(other), rating);
            }
        }
        best
    }

    /// Numbers the groups by their first node, so that nearness in memory carries over.
    fn number(mut self) -> Groups {
        let mut name = vec![FREE; self.people.len()];
        let mut count = 0;
        for entry in &mut self.group {
            let slot = &mut name[*entry as usize];
            if *slot == FREE {
                *slot = count;
                count += 1;
            }
            *entry = *slot;
        }
        Groups { of: self.group, count }
    }
}

/// Orders at random (Fisher and Yates).
fn shuffle(items: &mut [u32], chance: &mut impl RngCore) {
    for left in (2..=items.len()).rev() {
        let pick = (u64::from(chance.next_u32()) * left as u64) >> 32;
        items.swap(left - 1, pick as usize);
    }
}

/// The graph whose nodes are the groups: people and prices of parallel edges added, positions
/// averaged. O(n + m).
pub(super) fn contract(level: &Level, groups: &Groups) -> Level {
    let (start, members) = buckets(groups);
    let mut coarse = Level::with_room(groups.count as usize, level.arcs.len() / 2);
    let mut slot = vec![0u32; groups.count as usize];
    for name in 0..groups.count {
        let inside = &members[start[name as usize] as usize..start[name as usize + 1] as usize];
        write_row(level, groups, &mut coarse, &mut slot, inside);
        if !level.x.is_empty() {
            coarse.x.push(middle(level, inside, &level.x));
            coarse.y.push(middle(level, inside, &level.y));
        }
    }
    coarse
}

/// Writes the row of one group; `slot` remembers where a neighbour was written last.
fn write_row(level: &Level, groups: &Groups, coarse: &mut Level, slot: &mut [u32], inside: &[u32]) {
    let row = coarse.arcs.len();
    let mut people = 0;
    for &node in inside {
        people += level.people[node as usize];
        for (other, price) in level.arcs(node) {
            let to = groups.of[other as usize];
            let at = slot[to as usize] as usize;
            if to == groups.of[node as usize] {
                continue;
            }
            if at >= row && at < coarse.arcs.len() && coarse.arcs[at].0 == to {
                coarse.arcs[at].1 = coarse.arcs[at].1.saturating_add(price);
            } else {
                slot[to as usize] = coarse.arcs.len() as u32;
                coarse.arcs.push((to, price));
            }
        }
    }
    coarse.close_row(people);
}

/// The mean position of nodes, by people, or plainly where nobody lives.
fn middle(level: &Level, inside: &[u32], axis: &[f64]) -> f64 {
    let (mut sum, mut people, mut plain) = (0.0, 0.0, 0.0);
    for &node in inside {
        let mass = level.people[node as usize] as f64;
        sum += mass * axis[node as usize];
        people += mass;
        plain += axis[node as usize];
    }
    if people > 0.0 { sum / people } else { plain / inside.len() as f64 }
}

/// The members of every group, group by group, and where each group begins.
fn buckets(groups: &Groups) -> (Vec<u32>, Vec<u32>) {
    let mut start = vec![0u32; groups.count as usize + 1];
    groups.of.iter().for_each(|&name| start[name as usize + 1] += 1);
    for name in 0..groups.count as usize {
        start[name + 1] += start[name];
    }
    let mut next = start.clone();
    let mut members = vec![0u32; groups.of.len()];
    for (node, &name) in (0u32..).zip(&groups.of) {
        let slot = &mut next[name as usize];
        members[*slot as usize] = node;
        *slot += 1;
    }
    (start, members)
}
