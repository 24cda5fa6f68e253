//! What falls off a part when one of its atoms leaves.

use super::net::Net;

/// Buffers for the test; one is reused for any number of tests on nets of one size.
#[derive(Clone, Debug)]
pub(crate) struct Sever {
    stamp: u32,
    seen: Vec<u32>,
    group: Vec<u32>,
    queue: Vec<u32>,
    over: Vec<u32>,
    pending: Vec<u32>,
    /// Atoms that leave together: the one asked for, then all that it cuts off.
    pub(crate) leaving: Vec<u32>,
    /// Arcs looked at so far, the measure of work.
    pub(crate) work: u64,
}

impl Sever {
    /// Buffers for nets of `atoms` atoms.
    pub(crate) fn new(atoms: usize) -> Self {
        Self {
            stamp: 0,
            seen: vec![0; atoms],
            group: vec![0; atoms],
            queue: Vec::new(),
            over: Vec::new(),
            pending: Vec::new(),
            leaving: Vec::new(),
            work: 0,
        }
    }

    /// Fills `leaving` with `atom` and every piece of its part that would be cut off from the rest
    /// of the part, the piece that takes longest to walk being the rest. Floods from all
    /// neighbours at once and stops when one flood is left, so the cost is that of the smaller
    /// pieces. Returns false when nothing would be left or more than `most` atoms would leave.
    pub(crate) fn find(&mut self, net: &Net, part_of: &[u32], atom: u32, most: usize) -> bool {
        self.leaving.clear();
        self.leaving.push(atom);
        self.start(net, part_of, atom);
        let mut open = self.over.len();
        let own = part_of[atom as usize];
        let mut next = 0;
        while open > 1 {
            let node = self.queue[next];
            next += 1;
            let mut root = self.root(self.group[node as usize]);
            self.pending[root as usize] -= 1;
            self.work += net.arcs(node).len() as u64;
            for &(other, _) in net.arcs(node) {
                if part_of[other as usize] != own || other == atom {
                    continue;
                }
                if self.seen[other as usize] != self.stamp {
                    self.seen[other as usize] = self.stamp;
                    self.group[other as usize] = root;
                    self.pending[root as usize] += 1;
                    self.queue.push(other);
                    continue;
                }
                let met = self.root(self.group[other as usize]);
                if met != root {
                    self.over[met as usize] = root;
                    self.pending[root as usize] += self.pending[met as usize];
                    open -= 1;
                }
            }
            root = self.root(root);
            if self.pending[root as usize] == 0 && open > 1 {
                open -= 1;
                if !self.drop_group(root, next, most) {
                    return false;
                }
            }
        }
        !self.over.is_empty()
    }

    fn start(&mut self, net: &Net, part_of: &[u32], atom: u32) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.seen.fill(0);
            self.stamp = 1;
        }
        self.queue.clear();
        self.over.clear();
        self.pending.clear();
        let own = part_of[atom as usize];
        self.work += net.arcs(atom).len() as u64;
        for &(other, _) in net.arcs(atom) {
            if part_of[other as usize] == own {
                self.seen[other as usize] = self.stamp;
                self.group[other as usize] = self.over.len() as u32;
                self.over.push(self.over.len() as u32);
                self.pending.push(1);
                self.queue.push(other);
            }
        }
    }

    fn drop_group(&mut self, root: u32, walked: usize, most: usize) -> bool {
        for slot in 0..walked {
            let node = self.queue[slot];
            if self.root(self.group[node as usize]) == root {
                self.leaving.push(node);
            }
        }
        self.leaving.len() <= most
    }

    fn root(&self, mut group: u32) -> u32 {
        while self.over[group as usize] != group {
            group = self.over[group as usize];
        }
        group
    }
}
