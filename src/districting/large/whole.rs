//! Keeping parts in one piece: a quick test for one move, and gathering of strayed pieces.

use super::level::Level;

/// Arcs a search through a part reads before it gives up. Small parts are searched whole.
const REACH: usize = 1200;
/// Neighbours read of one node in the quick test.
const LONG: usize = 64;

/// Reused memory for tests of connection.
pub(super) struct Whole {
    stamp: Vec<u32>,
    now: u32,
    stack: Vec<u32>,
    /// Arcs read in searches so far, for the account of work.
    pub(crate) read: usize,
}

impl Whole {
    /// Memory for a graph of `nodes` nodes.
    pub(crate) fn new(nodes: usize) -> Self {
        Self { stamp: vec![0; nodes], now: 0, stack: Vec::new(), read: 0 }
    }

    fn fresh(&mut self) -> u32 {
        if self.now > u32::MAX - 4 {
            self.stamp.fill(0);
            self.now = 0;
        }
        self.now += 2;
        self.now
    }

    /// Whether the part of `node` stays in one piece, and is not emptied, when `node` leaves it. May
    /// say no wrongly when the way round is longer than the reach, never yes wrongly. Mostly
    /// O(degree²): in a planar mesh the members around a node hang together among themselves.
    pub(crate) fn stays(&mut self, level: &Level, part: &[u32], node: u32) -> bool {
        let mine = part[node as usize];
        let wanted = self.fresh();
        let mut members = 0usize;
        let mut last = node;
        for other in level.neighbours(node) {
            if part[other as usize] == mine {
                self.stamp[other as usize] = wanted;
                members += 1;
                last = other;
            }
        }
        if members <= 1 {
            return members == 1;
        }
        self.near(level, node, wanted, last, members) || self.far(level, part, node)
    }

    /// Whether the stamped neighbours of `node` hang together among themselves. Long rows are not read: a
    /// hub at which half the graph meets would cost that much at every visit. It is looked for in the
    /// rows of the others instead.
    fn near(&mut self, level: &Level, node: u32, wanted: u32, start: u32, members: usize) -> bool {
        self.stack.clear();
        self.stack.push(start);
        self.stamp[start as usize] = wanted + 1;
        let mut found = 1;
        while let Some(at) = self.stack.pop() {
            let hub = level.degree(at) > LONG;
            for other in level.neighbours(if hub { node } else { at }).take(LONG) {
                let fresh = self.stamp[other as usize] == wanted;
                if fresh && (!hub || level.neighbours(other).take(LONG).any(|next| next == at)) {
                    self.stamp[other as usize] = wanted + 1;
                    self.stack.push(other);
                    found += 1;
                }
            }
        }
        found == members
    }

    /// Whether the neighbours of `node` in its part are joined by ways through the part.
    fn far(&mut self, level: &Level, part: &[u32], node: u32) -> bool {
        let mine = part[node as usize];
        let wanted = self.fresh();
        let mut left = 0usize;
        let mut start = node;
        for other in level.neighbours(node) {
            if part[other as usize] == mine {
                self.stamp[other as usize] = wanted;
                left += 1;
                start = other;
            }
        }
        self.stamp[node as usize] = wanted + 1;
        self.stamp[start as usize] = wanted + 1;
        self.stack.clear();
        self.stack.push(start);
        left -= 1;
        let (mut next, mut read) = (0, 0);
        while next < self.stack.len() {
            read += level.degree(self.stack[next]);
            if read > REACH {
                break;
            }
            for other in level.neighbours(self.stack[next]) {
                let seen = self.stamp[other as usize];
                if part[other as usize] != mine || seen == wanted + 1 {
                    continue;
                }
                left -= usize::from(seen == wanted);
                self.stamp[other as usize] = wanted + 1;
                self.stack.push(other);
            }
            if left == 0 {
                break;
            }
            next += 1;
        }
        self.read += read.min(REACH);
        left == 0
    }
}

/// The piece of each node, pieces numbered by their first node, and the part and people of every
/// piece. O(n + m).
pub(super) fn pieces(level: &Level, part: &[u32]) -> (Vec<u32>, Vec<(u32, i64)>) {
    let mut piece = vec![u32::MAX; level.len()];
    let mut facts = Vec::new();
    let mut stack = Vec::new();
    for start in level.nodes() {
        if piece[start as usize] != u32::MAX {
            continue;
        }
        let (mine, name) = (part[start as usize], facts.len() as u32);
        let mut people = 0;
        piece[start as usize] = name;
        stack.push(start);
        while let Some(node) = stack.pop() {
            people += level.people[node as usize];
            for other in level.neighbours(node) {
                if part[other as usize] == mine && piece[other as usize] == u32::MAX {
                    piece[other as usize] = name;
                    stack.push(other);
                }
            }
        }
        facts.push((mine, people));
    }
    (piece, facts)
}

/// Leaves every part only its largest piece. Every other piece goes to the neighbouring main piece it
/// shares most boundary with, the lighter part on a tie; pieces further off are taken in by breadth-first
/// search. No part is emptied. The graph must be connected. O(n + m) for each of few rounds.
pub(super) fn gather(level: &Level, part: &mut [u32], parts: u32) {
    for _ in 0..4 {
        let (piece, facts) = pieces(level, part);
        if facts.len() <= parts as usize {
            return;
        }
        let main = mains(&facts, parts);
        let mut strays = strays(level, &piece, &facts, &main);
        let home = homes(&mut strays, &facts, &main);
        for node in level.nodes() {
            if let Ok(at) = home.binary_search_by_key(&piece[node as usize], |h| h.0) {
                part[node as usize] = home[at].1;
            }
        }
    }
    grow(level, part, parts);
}

/// The largest piece of every part.
fn mains(facts: &[(u32, i64)], parts: u32) -> Vec<u32> {
    let mut main = vec![u32::MAX; parts as usize];
    for (name, &(mine, people)) in (0u32..).zip(facts) {
        let best = &mut main[mine as usize];
        if *best == u32::MAX || people > facts[*best as usize].1 {
            *best = name;
        }
    }
    main
}

/// Every boundary between a stray piece and a main piece: the stray, the part beside it, the price.
fn strays(level: &Level, piece: &[u32], facts: &[(u32, i64)], main: &[u32]) -> Vec<(u32, u32, u32)> {
    let is_main = |name: u32| main[facts[name as usize].0 as usize] == name;
    let mut strays = Vec::new();
    for node in level.nodes().filter(|node| !is_main(piece[*node as usize])) {
        for (other, price) in level.arcs(node) {
            let beside = piece[other as usize];
            if is_main(beside) {
                strays.push((piece[node as usize], facts[beside as usize].0, price));
            }
        }
    }
    strays
}

/// Takes in all strays by breadth-first search from the main pieces.
fn grow(level: &Level, part: &mut [u32], parts: u32) {
    let (piece, facts) = pieces(level, part);
    let main = mains(&facts, parts);
    let is_main = |node: u32| main[part[node as usize] as usize] == piece[node as usize];
    let mut queue: Vec<u32> = level.nodes().filter(|&node| is_main(node)).collect();
    let mut reached = vec![false; level.len()];
    queue.iter().for_each(|&node| reached[node as usize] = true);
    let mut next = 0;
    while next < queue.len() {
        let node = queue[next];
        for other in level.neighbours(node) {
            if !std::mem::replace(&mut reached[other as usize], true) {
                part[other as usize] = part[node as usize];
                queue.push(other);
            }
        }
        next += 1;
    }
}

/// The new part of every stray piece that touches a main piece, by piece.
fn homes(strays: &mut [(u32, u32, u32)], facts: &[(u32, i64)], main: &[u32]) -> Vec<(u32, u32)> {
    strays.sort_unstable();
    let mut home: Vec<(u32, u32)> = Vec::new();
    for piece in strays.chunk_by(|a, b| a.0 == b.0) {
        let mut best: Option<(u64, i64, u32)> = None;
        for beside in piece.chunk_by(|a, b| a.1 == b.1) {
            let shared = beside.iter().map(|b| u64::from(b.2)).sum::<u64>();
            let people = facts[main[beside[0].1 as usize] as usize].1;
            if best.is_none_or(|b| (shared, -people) > (b.0, -b.1)) {
                best = Some((shared, people, beside[0].1));
            }
        }
        if let Some((_, _, to)) = best {
            home.push((piece[0].0, to));
        }
    }
    home
}
