//! What is sure to be cut ahead of a sweep: paths through atoms not yet taken that share no edge.
//!
//! A path between two open atoms of different parts has a cut edge; so the paths of a packing
//! whose ends lie in different parts are a bound on the cut still to come (Menger 1927).

use std::collections::VecDeque;

use super::net::Net;

/// Paths longer than this are not looked for: they cost more edges than they are worth.
const LONGEST: u32 = 10;

/// A path between two places of the frontier and the price of its cheapest edge.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Way {
    /// Place of one end.
    pub(crate) from: u32,
    /// Place of the other end.
    pub(crate) to: u32,
    /// What is paid at least when the ends are in different parts.
    pub(crate) price: i64,
}

/// After each atom of `order` a packing of short ways between open atoms; places count the open
/// atoms in the order in which they were taken. O(n · width · degree · atoms near) in all.
pub(crate) fn packings(net: &Net, order: &[u32], work: &mut u64) -> Vec<Vec<Way>> {
    let mut left: Vec<usize> = (0..net.len() as u32).map(|a| net.arcs(a).len()).collect();
    let mut taken = vec![false; net.len()];
    let mut frontier: Vec<u32> = Vec::new();
    let mut packer = Packer::new(net);
    let mut all = Vec::with_capacity(order.len());
    for &atom in order {
        taken[atom as usize] = true;
        for &(other, _) in net.arcs(atom) {
            left[other as usize] -= 1;
        }
        frontier.push(atom);
        frontier.retain(|f| left[*f as usize] > 0);
        all.push(packer.pack(net, &frontier, &taken));
    }
    *work += packer.work;
    all
}

struct Packer {
    /// Where the arcs of each atom start in `free`.
    first: Vec<usize>,
    /// What is left of the price of each arc.
    free: Vec<i64>,
    seen: Vec<u32>,
    stamp: u32,
    back: Vec<(u32, usize)>,
    place: Vec<u32>,
    queue: VecDeque<(u32, u32)>,
    work: u64,
}

impl Packer {
    fn new(net: &Net) -> Self {
        let mut first = vec![0];
        for atom in 0..net.len() as u32 {
            first.push(first[atom as usize] + net.arcs(atom).len());
        }
        Self {
            free: vec![0; first[net.len()]],
            first,
            seen: vec![0; net.len()],
            stamp: 0,
            back: vec![(0, 0); net.len()],
            place: vec![u32::MAX; net.len()],
            queue: VecDeque::new(),
            work: 0,
        }
    }

    fn pack(&mut self, net: &Net, frontier: &[u32], taken: &[bool]) -> Vec<Way> {
        for atom in 0..net.len() as u32 {
            for (slot, arc) in net.arcs(atom).iter().enumerate() {
                self.free[self.first[atom as usize] + slot] = arc.1;
            }
        }
        self.place.fill(u32::MAX);
        for (place, &atom) in (0u32..).zip(frontier) {
            self.place[atom as usize] = place;
        }
        let mut ways = Vec::new();
        for length in 2..=LONGEST {
            for &from in frontier {
                while let Some(to) = self.reach(net, from, length, taken) {
                    let price = self.spend(net, from, to);
                    ways.push(Way { from: self.place[from as usize], to: self.place[to as usize], price });
                }
            }
        }
        ways
    }

    /// The nearest other open atom within `length` free edges through atoms not yet taken.
    fn reach(&mut self, net: &Net, from: u32, length: u32, taken: &[bool]) -> Option<u32> {
        self.stamp += 1;
        self.queue.clear();
        self.queue.push_back((from, 0));
        self.seen[from as usize] = self.stamp;
        while let Some((atom, depth)) = self.queue.pop_front() {
            if depth == length {
                return None;
            }
            self.work += net.arcs(atom).len() as u64;
            for (slot, &(other, _)) in net.arcs(atom).iter().enumerate() {
                let open = self.place[other as usize] != u32::MAX;
                let known = self.seen[other as usize] == self.stamp;
                let passable = !taken[other as usize] || (open && depth > 0);
                if known || !passable || self.free[self.first[atom as usize] + slot] == 0 {
                    continue;
                }
                self.seen[other as usize] = self.stamp;
                self.back[other as usize] = (atom, slot);
                if open {
                    return Some(other);
                }
                self.queue.push_back((other, depth + 1));
            }
        }
        None
    }

    /// Takes the way found off the free prices; returns the price of its cheapest edge.
    fn spend(&mut self, net: &Net, from: u32, to: u32) -> i64 {
        let mut price = i64::MAX;
        let mut atom = to;
        while atom != from {
            let (before, slot) = self.back[atom as usize];
            price = price.min(self.free[self.first[before as usize] + slot]);
            atom = before;
        }
        let mut atom = to;
        while atom != from {
            let (before, slot) = self.back[atom as usize];
            self.free[self.first[before as usize] + slot] -= price;
            let mirror = net.arcs(atom).iter().position(|arc| arc.0 == before);
            let mirror = mirror.expect("every edge is stored from both ends");
            self.free[self.first[atom as usize] + mirror] -= price;
            atom = before;
        }
        price
    }
}
