//! What hangs together: part, piece and the way between pieces.

use super::class::Class;
use super::net::Fate;

impl Class<'_> {
    /// Puts out what cannot be reached from the centre; false if something inside cannot.
    pub(super) fn shut_unreached(&mut self, root: u32) -> bool {
        self.flood(root, |class, atom| class.fate[atom as usize] != Fate::Out);
        for atom in 0..self.fate.len() as u32 {
            if self.seen[atom as usize] != self.round {
                match self.fate[atom as usize] {
                    Fate::In => return false,
                    Fate::Out => {}
                    Fate::Open => {
                        self.decide(atom, Fate::Out);
                    }
                }
            }
        }
        true
    }

    /// Marks what `may` be walked from `start`; `stack` holds it in order of steps.
    pub(super) fn flood(&mut self, start: u32, may: impl Fn(&Self, u32) -> bool) {
        self.round += 1;
        self.stack.clear();
        self.stack.push(start);
        self.seen[start as usize] = self.round;
        let graph = &self.priced.instance.graph;
        let mut head = 0;
        while head < self.stack.len() {
            for &next in graph.neighbours(self.stack[head]) {
                if self.seen[next as usize] != self.round && may(self, next) {
                    self.seen[next as usize] = self.round;
                    self.stack.push(next);
                }
            }
            head += 1;
        }
    }

    /// Whether these ascending atoms are connected and in the range.
    pub(super) fn is_part(&mut self, atoms: &[u32]) -> bool {
        let Some(&start) = atoms.first() else { return false };
        let instance = self.priced.instance;
        let people: i64 = atoms.iter().map(|&a| self.people(a)).sum();
        let heavy = atoms.iter().any(|&a| self.people(a) > instance.high);
        let high = if heavy { self.priced.most.max(instance.high) } else { instance.high };
        if people < instance.low || people > high {
            return false;
        }
        self.flood(start, |_, atom| atoms.binary_search(&atom).is_ok());
        self.stack.len() == atoms.len()
    }

    /// From the piece just flooded through open atoms to another piece of `set`: the first step.
    pub(super) fn way_out(&mut self, set: &[u32]) -> Option<u32> {
        let piece = self.stack.len();
        let graph = &self.priced.instance.graph;
        let mut head = 0;
        while head < self.stack.len() {
            let atom = self.stack[head];
            for &next in graph.neighbours(atom) {
                let i = next as usize;
                if self.seen[i] == self.round || self.fate[i] == Fate::Out {
                    continue;
                }
                self.seen[i] = self.round;
                self.parent[i] = if head < piece { u32::MAX } else { atom };
                if set.binary_search(&next).is_ok() {
                    let mut step = next;
                    while self.parent[step as usize] != u32::MAX {
                        step = self.parent[step as usize];
                    }
                    return Some(step).filter(|&s| self.fate[s as usize] == Fate::Open);
                }
                self.stack.push(next);
            }
            head += 1;
        }
        None
    }
}
