//! Which neighbours of an atom are neighbours of one another.

use crate::districting::graph::Graph;

/// For each arc, as bits over the neighbours of its tail: those that its head touches.
///
/// On a fabric of areas the neighbours of an atom form a ring, so that whether they stay together
/// without the atom can nearly always be told from the ring alone.
pub(crate) struct Rings {
    first: Vec<u32>,
    touching: Vec<u64>,
}

/// Neighbours that fit into one word; atoms with more are left to the caller.
const WORD: usize = 64;

impl Rings {
    /// O(Σ degree²).
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut first = vec![0u32];
        let mut touching = Vec::new();
        let mut rank = vec![u32::MAX; graph.len()];
        for atom in 0..graph.len() as u32 {
            let around = graph.neighbours(atom);
            if around.len() <= WORD {
                (0u32..).zip(around).for_each(|(i, &other)| rank[other as usize] = i);
                for &other in around {
                    let bits = graph.neighbours(other).iter().map(|&third| rank[third as usize]);
                    touching.push(bits.filter(|&i| i != u32::MAX).fold(0, |word, i| word | 1 << i));
                }
                around.iter().for_each(|&other| rank[other as usize] = u32::MAX);
            }
            first.push(touching.len() as u32);
        }
        Self { first, touching }
    }

    /// Whether the neighbours marked in `open` hang together without the atom, as far as the ring
    /// tells; `None` if it has no ring.
    pub(crate) fn joined(&self, atom: u32, open: u64) -> Option<bool> {
        let row = &self.touching[self.first[atom as usize] as usize..self.first[atom as usize + 1] as usize];
        if row.is_empty() {
            return None;
        }
        let mut reached = open & open.wrapping_neg();
        let mut fresh = reached;
        while fresh != 0 {
            let next = fresh.trailing_zeros() as usize;
            fresh &= fresh - 1;
            let more = row[next] & open & !reached;
            reached |= more;
            fresh |= more;
        }
        Some(reached == open)
    }
}
