//! Which neighbours of an atom are neighbours of one another.

use crate::districting::graph::Graph;

/// For each arc, as bits over the neighbours of its tail: those that its head touches.
///
/// On a fabric of areas the neighbours of an atom form a ring, so that whether they stay together
/// without the atom can nearly always be told from the ring alone.
pub(crate) struct Rings {
    /// The first arc of each atom.
    first: Vec<u32>,
    touching: Vec<u64>,
    /// For each arc, the bit of its tail among the neighbours of its head.
    mirrored: Vec<u64>,
}

/// Neighbours that fit into one word; atoms with more have no ring.
const WORD: usize = 64;

impl Rings {
    /// O(Σ degree²).
    pub(crate) fn of(graph: &Graph) -> Self {
        let mut first = vec![0u32];
        let mut touching = Vec::with_capacity(2 * graph.edges());
        let mut mirrored = Vec::with_capacity(2 * graph.edges());
        let mut rank = vec![u32::MAX; graph.len()];
        // Heads come in ascending order, so that each row meets its mirror images in order too.
        let mut met = vec![0usize; graph.len()];
        for atom in 0..graph.len() as u32 {
            let around = graph.neighbours(atom);
            let ringed = around.len() <= WORD;
            (0u32..).zip(around).for_each(|(i, &other)| rank[other as usize] = i);
            for &other in around {
                let bits = graph.neighbours(other).iter().map(|&third| rank[third as usize]);
                let word = bits.filter(|&i| i != u32::MAX && ringed).fold(0, |word, i| word | 1 << i);
                touching.push(word);
                mirrored.push(bit(met[other as usize]));
                met[other as usize] += 1;
            }
            around.iter().for_each(|&other| rank[other as usize] = u32::MAX);
            first.push(touching.len() as u32);
        }
        Self { first, touching, mirrored }
    }

    /// The bit of an atom's neighbour by its number; none beyond the word.
    pub(crate) fn bit(&self, number: usize) -> u64 {
        bit(number)
    }

    /// The bit of an atom in the row of its neighbour of that number.
    pub(crate) fn mirrored(&self, atom: u32, number: usize) -> u64 {
        self.mirrored[self.first[atom as usize] as usize + number]
    }

    /// Whether the neighbours marked in `open`, at least one, hang together without the atom, as far
    /// as the ring tells; never if it has no ring.
    pub(crate) fn joined(&self, atom: u32, open: u64) -> bool {
        let row = &self.touching[self.first[atom as usize] as usize..self.first[atom as usize + 1] as usize];
        if open == 0 || row.len() > WORD {
            return false;
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
        reached == open
    }
}

fn bit(number: usize) -> u64 {
    if number < WORD { 1 << number } else { 0 }
}
