//! The atoms that hold a part together.

use crate::districting::graph::Graph;

/// Cut atoms of one part at a time, by depth-first search (Hopcroft and Tarjan 1973).
pub(crate) struct Joints {
    depth: Vec<u32>,
    low: Vec<u32>,
    is_joint: Vec<bool>,
    stack: Vec<(u32, u32, u32)>,
    /// The changes of each part when its cut atoms were last found.
    known: Vec<u32>,
}

impl Joints {
    pub(crate) fn new(atoms: usize, parts: usize) -> Self {
        Self {
            depth: vec![0; atoms],
            low: vec![0; atoms],
            is_joint: vec![false; atoms],
            stack: Vec::new(),
            known: vec![0; parts],
        }
    }

    /// Whether `atom` is a cut atom of its part, whose atoms are `members` after so many changes.
    /// O(part) the first time after a change, then O(1).
    pub(crate) fn holds(
        &mut self,
        graph: &Graph,
        part_of: &[u32],
        members: &[u32],
        atom: u32,
        changes: u32,
    ) -> bool {
        let part = part_of[atom as usize];
        if std::mem::replace(&mut self.known[part as usize], changes) != changes {
            self.find(graph, part_of, members, part);
        }
        self.is_joint[atom as usize]
    }

    fn find(&mut self, graph: &Graph, part_of: &[u32], members: &[u32], part: u32) {
        let Some(&root) = members.first() else { return };
        for &atom in members {
            self.depth[atom as usize] = 0;
            self.is_joint[atom as usize] = false;
        }
        (self.depth[root as usize], self.low[root as usize]) = (1, 1);
        let mut branches = 0;
        self.stack.clear();
        self.stack.push((root, u32::MAX, 0));
        while let Some((atom, parent, next)) = self.stack.pop() {
            if let Some((other, after)) = self.deeper(graph, part_of, part, (atom, parent, next)) {
                self.depth[other as usize] = self.depth[atom as usize] + 1;
                self.low[other as usize] = self.depth[other as usize];
                self.stack.push((atom, parent, after));
                self.stack.push((other, atom, 0));
            } else if parent != u32::MAX {
                self.low[parent as usize] = self.low[parent as usize].min(self.low[atom as usize]);
                if parent == root {
                    branches += 1;
                } else if self.low[atom as usize] >= self.depth[parent as usize] {
                    self.is_joint[parent as usize] = true;
                }
            }
        }
        self.is_joint[root as usize] = branches > 1;
    }

    /// The next neighbour not yet visited, with the place to go on from; notes those visited.
    fn deeper(
        &mut self,
        graph: &Graph,
        part_of: &[u32],
        part: u32,
        (atom, parent, next): (u32, u32, u32),
    ) -> Option<(u32, u32)> {
        let around = &graph.neighbours(atom)[next as usize..];
        for (passed, &other) in (next + 1..).zip(around) {
            if part_of[other as usize] != part || other == parent {
                continue;
            }
            if self.depth[other as usize] == 0 {
                return Some((other, passed));
            }
            self.low[atom as usize] = self.low[atom as usize].min(self.depth[other as usize]);
        }
        None
    }
}
