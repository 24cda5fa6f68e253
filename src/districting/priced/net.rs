//! The cheapest set of atoms by a minimum cut.
//!
//! An atom inside pays its weight, a join with one end inside pays its line, and a bundle that is
//! parted pays for the smaller side: all of it is a cut once every bundle has a node of its own, which
//! stands on whichever side holds more (Kohli, Ladický and Torr 2009). Flow by levels (Dinitz 1970),
//! in whole numbers.

use super::Terms;
use crate::districting::graph::Graph;

/// What is decided about an atom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Open,
    In,
    Out,
}

/// A network with an arc each way for every line, and buffers for the flow.
pub(super) struct Net {
    atoms: usize,
    first_out: Vec<u32>,
    heads: Vec<u32>,
    mates: Vec<u32>,
    capacity: Vec<i64>,
    /// More than all lines together.
    all: i64,
    left: Vec<i64>,
    /// What the flow brings to each node, and with the node's own weight: to be sent if above zero,
    /// room to take in if below.
    brought: Vec<i64>,
    supply: Vec<i64>,
    level: Vec<u32>,
    next: Vec<u32>,
    queue: Vec<u32>,
    path: Vec<u32>,
    rounds: u64,
}

impl Net {
    pub(super) fn of(graph: &Graph, terms: &Terms) -> Self {
        let atoms = graph.len();
        let nodes = atoms + terms.bundles.len();
        let mut lines: Vec<(u32, u32, i64)> = Vec::new();
        for a in 0..atoms as u32 {
            let on = graph.priced(a).filter(|&(b, _)| a < b);
            lines.extend(on.map(|(b, length)| (a, b, terms.line.saturating_mul(i64::from(length)))));
        }
        for (node, bundle) in (atoms as u32..).zip(&terms.bundles) {
            lines.extend(bundle.iter().map(|&(atom, price)| (atom, node, price)));
        }
        lines.retain(|line| line.2 > 0);
        let mut first_out = vec![0u32; nodes + 1];
        for &(a, b, _) in &lines {
            first_out[a as usize + 1] += 1;
            first_out[b as usize + 1] += 1;
        }
        (0..nodes).for_each(|node| first_out[node + 1] += first_out[node]);
        let mut slot = first_out.clone();
        let mut place = |node: u32| {
            let at = slot[node as usize];
            slot[node as usize] += 1;
            at as usize
        };
        let (mut heads, mut mates) = (vec![0u32; 2 * lines.len()], vec![0u32; 2 * lines.len()]);
        let mut capacity = vec![0i64; 2 * lines.len()];
        for &(a, b, price) in &lines {
            let (there, back) = (place(a), place(b));
            (heads[there], heads[back]) = (b, a);
            (mates[there], mates[back]) = (back as u32, there as u32);
            (capacity[there], capacity[back]) = (price, price);
        }
        let all = lines.iter().fold(1i64, |sum, line| sum.saturating_add(line.2));
        Self {
            atoms,
            first_out,
            heads,
            mates,
            left: capacity.clone(),
            capacity,
            all,
            brought: vec![0; nodes],
            supply: vec![0; nodes],
            level: vec![0; nodes],
            next: vec![0; nodes],
            queue: Vec::with_capacity(nodes),
            path: Vec::with_capacity(nodes),
            rounds: 0,
        }
    }

    /// What the last cut cost: arcs and nodes, for each time levels were built.
    pub(super) fn spent(&self) -> u64 {
        self.rounds * (self.heads.len() + self.level.len()) as u64
    }

    /// The least sum of weights and lines over all sets with `fate`; then [`Net::is_inside`] tells the set.
    ///
    /// The flow of the cut before is kept: whatever flows along lines is a flow still, and what it
    /// brings to a node counts as the node's own (Kohli and Torr 2007). The smallest cheapest set does
    /// not depend on the flow it is found by.
    pub(super) fn cut(&mut self, weight: impl Fn(usize) -> i64, fate: &[Fate]) -> i64 {
        for (atom, &fate) in fate.iter().enumerate() {
            let own = match fate {
                Fate::In => self.all,
                Fate::Out => -self.all,
                Fate::Open => -weight(atom),
            };
            self.supply[atom] = own + self.brought[atom];
        }
        let nodes = self.supply.len();
        self.supply[self.atoms..].copy_from_slice(&self.brought[self.atoms..nodes]);
        self.rounds = 1;
        while self.levels() {
            self.rounds += 1;
            self.saturate();
        }
        let inside = |node: usize| self.level[node] != u32::MAX;
        let mut value = 0;
        for node in (0..nodes).filter(|&node| inside(node)) {
            if node < self.atoms {
                value += weight(node);
            }
            let lines = self.arcs(node as u32).filter(|&arc| !inside(self.heads[arc] as usize));
            value += lines.map(|arc| self.capacity[arc]).sum::<i64>();
        }
        value
    }

    /// Whether an atom is in the smallest cheapest set of the last cut.
    pub(super) fn is_inside(&self, atom: u32) -> bool {
        self.level[atom as usize] != u32::MAX
    }

    fn arcs(&self, node: u32) -> std::ops::Range<usize> {
        self.first_out[node as usize] as usize..self.first_out[node as usize + 1] as usize
    }

    /// Steps from the supplies along what is left; whether a drain is met.
    fn levels(&mut self) -> bool {
        self.level.fill(u32::MAX);
        self.queue.clear();
        for node in 0..self.supply.len() {
            if self.supply[node] > 0 {
                self.level[node] = 0;
                self.queue.push(node as u32);
            }
        }
        let (mut head, mut met) = (0, false);
        while head < self.queue.len() {
            let node = self.queue[head];
            head += 1;
            met |= self.supply[node as usize] < 0;
            for arc in self.arcs(node) {
                let to = self.heads[arc] as usize;
                if self.left[arc] > 0 && self.level[to] == u32::MAX {
                    self.level[to] = self.level[node as usize] + 1;
                    self.queue.push(to as u32);
                }
            }
        }
        met
    }

    /// Sends what the level graph carries.
    fn saturate(&mut self) {
        let nodes = self.level.len();
        self.next.copy_from_slice(&self.first_out[..nodes]);
        for source in 0..nodes as u32 {
            while self.supply[source as usize] > 0 && self.level[source as usize] == 0 {
                let Some((node, room)) = self.way(source) else { break };
                let amount = room.min(self.supply[source as usize]).min(-self.supply[node as usize]);
                for (at, change) in [(source, -amount), (node, amount)] {
                    self.supply[at as usize] += change;
                    self.brought[at as usize] += change;
                }
                for &arc in &self.path {
                    self.left[arc as usize] -= amount;
                    self.left[self.mates[arc as usize] as usize] += amount;
                }
            }
        }
    }

    /// A way down the levels to a drain, its arcs in `path`, with the least left on it.
    fn way(&mut self, source: u32) -> Option<(u32, i64)> {
        self.path.clear();
        let mut node = source;
        loop {
            if self.supply[node as usize] < 0 {
                let room = self.path.iter().map(|&arc| self.left[arc as usize]).min();
                return Some((node, room.unwrap_or(i64::MAX)));
            }
            let end = self.first_out[node as usize + 1];
            let below = self.level[node as usize] + 1;
            let at = &mut self.next[node as usize];
            while *at < end
                && (self.left[*at as usize] <= 0 || self.level[self.heads[*at as usize] as usize] != below)
            {
                *at += 1;
            }
            if *at < end {
                self.path.push(*at);
                node = self.heads[*at as usize];
                continue;
            }
            // A dead end: the arc that led here is not taken again.
            let arc = self.path.pop()?;
            node = self.heads[self.mates[arc as usize] as usize];
            self.next[node as usize] += 1;
        }
    }
}
