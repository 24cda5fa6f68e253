//! Passing an excess on from part to part until one can keep it: ejection chains (Glover, 1996) along
//! the graph of neighbouring parts.
//!
//! Each part of a chain gives one node away and gets one, so only the ends change much. Parts appear once
//! in a chain; each node's leave is tested against the parts as they stand. Moves are made so that every
//! part gives before it gets, and a node that arrives must touch more than the node that leaves: then all
//! parts stay whole.

use super::level::Level;
use super::settle::Settling;
use std::collections::VecDeque;

/// Which way nodes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The first part has too many people and gives.
    Give,
    /// The first part has too few people and takes.
    Take,
}

/// One move of a chain under search.
#[derive(Clone, Copy, Debug)]
struct Link {
    node: u32,
    from: u32,
    to: u32,
    /// The link before, or none at the first part.
    before: Option<usize>,
}

/// Parts looked at before the search is given up.
const PARTS: usize = 4000;

/// Nodes of more neighbours stay where they are: to test their leave at every neighbour would take too long.
const HUB: usize = 500;

/// Reused memory of the search for chains.
pub(super) struct Chains {
    /// Search that last reached a part, and a node was last gathered by.
    reached: Vec<u32>,
    gathered: Vec<u32>,
    now: u32,
    links: Vec<Link>,
}

impl Chains {
    /// Memory for a graph of `nodes` nodes and `parts` parts.
    pub(crate) fn new(nodes: usize, parts: usize) -> Self {
        Self { reached: vec![0; parts], gathered: vec![0; nodes], now: 0, links: Vec::new() }
    }

    /// Brings the part of `home` nearer to the range by a shortest chain; returns whether there was one.
    /// O(people visited · degree²).
    pub(crate) fn carry(&mut self, level: &Level, settling: &mut Settling<'_>, home: u32) -> bool {
        let part = settling.part[home as usize];
        let way = if settling.too_many(part) { Way::Give } else { Way::Take };
        self.now += 1;
        self.links.clear();
        self.reached[part as usize] = self.now;
        let mut queue = VecDeque::from([(part, home, None)]);
        let mut looked = 0;
        while let Some((part, start, before)) = queue.pop_front() {
            looked += 1;
            if looked > PARTS {
                return false;
            }
            let members = self.members(level, settling, start);
            settling.count(members.len());
            for node in members.into_iter().filter(|node| level.degree(*node) <= HUB) {
                if let Some(last) = self.extend(level, settling, way, node, part, before, &mut queue) {
                    self.make(settling, way, last);
                    return true;
                }
            }
        }
        false
    }

    /// The nodes of the part of `start`.
    fn members(&mut self, level: &Level, settling: &Settling<'_>, start: u32) -> Vec<u32> {
        let part = settling.part[start as usize];
        self.gathered[start as usize] = self.now;
        let mut members = vec![start];
        let mut next = 0;
        while next < members.len() {
            for other in level.neighbours(members[next]) {
                if settling.part[other as usize] == part && self.gathered[other as usize] != self.now {
                    self.gathered[other as usize] = self.now;
                    members.push(other);
                }
            }
            next += 1;
        }
        members
    }

    /// Tries moves over the boundary at `node` of `part`; returns the last link of a chain that is complete.
    #[allow(clippy::too_many_arguments)]
    fn extend(
        &mut self,
        level: &Level,
        settling: &mut Settling<'_>,
        way: Way,
        node: u32,
        part: u32,
        before: Option<usize>,
        queue: &mut VecDeque<(u32, u32, Option<usize>)>,
    ) -> Option<usize> {
        for other in level.neighbours(node) {
            let beside = settling.part[other as usize];
            if beside == part || self.reached[beside as usize] == self.now {
                continue;
            }
            let (moving, from, to) =
                if way == Way::Give { (node, part, beside) } else { (other, beside, part) };
            let link = Link { node: moving, from, to, before };
            if !self.holds(level, settling, way, &link) {
                continue;
            }
            self.reached[beside as usize] = self.now;
            let last = self.links.len();
            self.links.push(link);
            let change = if way == Way::Give { 1 } else { -1 } * level.people[moving as usize];
            if settling.within(beside, change) {
                return Some(last);
            }
            queue.push_back((beside, other, Some(last)));
        }
        None
    }

    /// Whether the move keeps the part it extends in the range (or, at the first part, nearer to it) and all
    /// parts whole.
    fn holds(&self, level: &Level, settling: &mut Settling<'_>, way: Way, link: &Link) -> bool {
        let sign = if way == Way::Give { -1 } else { 1 };
        let here = if way == Way::Give { link.from } else { link.to };
        let change = sign * level.people[link.node as usize];
        let fits = match link.before {
            None => settling.nearer(here, change),
            Some(at) => {
                let earlier = self.links[at].node;
                let (comes, goes) =
                    if way == Way::Give { (earlier, link.node) } else { (link.node, earlier) };
                let touches = |other: u32| settling.part[other as usize] == here && other != goes;
                level.neighbours(comes).any(touches)
                    && settling.within(here, change - sign * level.people[earlier as usize])
            }
        };
        fits && settling.may_leave(link.node)
    }

    /// Makes the moves of a chain, each part giving before it gets.
    fn make(&self, settling: &mut Settling<'_>, way: Way, last: usize) {
        let mut chain = Vec::new();
        let mut at = Some(last);
        while let Some(index) = at {
            chain.push(self.links[index]);
            at = self.links[index].before;
        }
        if way == Way::Take {
            chain.reverse();
        }
        for link in chain {
            settling.shift(link.node, link.from, link.to);
        }
    }
}
