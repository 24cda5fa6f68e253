//! Long ids of nodes to their place in a list.

use super::block::Node;
use crate::walking::NONE;

/// A list of nodes with an open-addressing table of their places.
///
/// The table holds places of 4 bytes and not the ids, so that the streets of a city stay in the
/// cache. Ids that follow one another share a line of it, as those of a way often do: the upper bits
/// are mixed, the lowest four kept.
pub(super) struct Ids {
    nodes: Vec<Node>,
    slots: Vec<u32>,
    shift: u32,
}

impl Ids {
    /// Indexes a list without repeats; of equal ids, an error of the file, one counts.
    pub(super) fn over(nodes: Vec<Node>) -> Self {
        let bits = (nodes.len() * 2).next_power_of_two().max(64).trailing_zeros();
        let mut ids = Self { nodes, slots: vec![NONE; 1 << bits], shift: 64 - bits };
        for place in 0..ids.nodes.len() {
            let slot = ids.slot(ids.nodes[place].id);
            if ids.slots[slot] == NONE {
                ids.slots[slot] = place as u32;
            }
        }
        ids
    }

    /// The place of an id in the list, [`NONE`] if it is not there.
    ///
    /// No call leans on the one before, so that the processor can wait for several lines of memory at
    /// once.
    #[inline]
    pub(super) fn place(&self, id: i64) -> u32 {
        self.slots[self.slot(id)]
    }

    /// The node at a place.
    pub(super) fn at(&self, place: u32) -> Node {
        self.nodes[place as usize]
    }

    #[inline]
    fn slot(&self, id: i64) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
        let mixed = ((id >> 4) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let mut slot = (mixed as usize & !15) | (id as usize & 15);
        loop {
            let place = self.slots[slot];
            if place == NONE || self.nodes[place as usize].id == id {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::walking::metric::Position;

    #[test]
    fn every_id_has_its_place_and_no_other_has_one() {
        for list in [
            vec![],
            vec![7],
            vec![i64::MAX, -3, 5, i64::MIN, 0, -2],
            (0..5000).map(|k| k * k * 3).collect::<Vec<i64>>(),
            (0..5000).rev().map(|k| k << 40).collect(),
        ] {
            let node = |id: &i64| Node { id: *id, position: Position::default() };
            let ids = Ids::over(list.iter().map(node).collect());
            for (place, id) in list.iter().enumerate().rev() {
                assert_eq!((ids.place(*id), ids.at(place as u32).id), (place as u32, *id));
            }
            for id in [1, 4, -1, 1 << 30, i64::MIN + 1, i64::MAX - 1] {
                assert_eq!(ids.place(id), NONE, "{id}");
            }
        }
    }
}
