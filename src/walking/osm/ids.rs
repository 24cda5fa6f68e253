//! Long ids of nodes to dense numbers, in the order they are met.

use super::block::Node;
use crate::walking::NONE;
use crate::walking::metric::Position;

/// Where a node lies that has not been met in the file: off the globe.
pub(super) const NOWHERE: Position = Position { lon: i32::MIN, lat: i32::MIN };

/// The numbers, in an open-addressing table, and where each node lies.
///
/// The table holds numbers of 4 bytes and not the ids, so that the streets of a city stay in the
/// cache. Ids that follow one another share a line of it, as those of a way often do: the upper bits
/// are mixed, the lowest four kept.
pub(super) struct Ids {
    ids: Vec<i64>,
    positions: Vec<Position>,
    slots: Vec<u32>,
    shift: u32,
}

impl Ids {
    /// Room for so many ids; more would never end.
    pub(super) fn with_room(count: usize) -> Self {
        let bits = (count * 2).next_power_of_two().max(64).trailing_zeros();
        Self {
            ids: Vec::with_capacity(count),
            positions: Vec::new(),
            slots: vec![NONE; 1 << bits],
            shift: 64 - bits,
        }
    }

    /// The number of an id, which gets the next if it has none.
    #[inline]
    pub(super) fn number(&mut self, id: i64) -> u32 {
        let slot = self.slot(id);
        if self.slots[slot] == NONE {
            self.slots[slot] = self.ids.len() as u32;
            self.ids.push(id);
        }
        self.slots[slot]
    }

    /// Lays the nodes that have a number where they lie; of equal ids, an error of the file, the first
    /// counts.
    pub(super) fn lay(&mut self, nodes: &[Node]) {
        self.positions.resize(self.ids.len(), NOWHERE);
        for node in nodes {
            let number = self.slots[self.slot(node.id)];
            if number != NONE && self.positions[number as usize] == NOWHERE {
                self.positions[number as usize] = node.position;
            }
        }
    }

    /// Where each node lies, and how many lie nowhere.
    pub(super) fn positions(mut self) -> (Vec<Position>, u64) {
        self.positions.resize(self.ids.len(), NOWHERE);
        let missing = self.positions.iter().filter(|position| **position == NOWHERE).count();
        (self.positions, missing as u64)
    }

    #[inline]
    fn slot(&self, id: i64) -> usize {
        let mask = self.slots.len() - 1;
        // Fibonacci hashing (Knuth, The Art of Computer Programming 3, 6.4).
        let mixed = ((id >> 4) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift;
        let mut slot = (mixed as usize & !15) | (id as usize & 15);
        loop {
            let number = self.slots[slot];
            if number == NONE || self.ids[number as usize] == id {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_has_its_number_and_the_first_place_told() {
        for list in [
            vec![],
            vec![7],
            vec![i64::MAX, -3, 5, i64::MIN, 0, -2],
            (0..5000).map(|k| k * k * 3).collect::<Vec<i64>>(),
            (0..5000).rev().map(|k| k << 40).collect(),
        ] {
            let mut ids = Ids::with_room(list.len());
            for again in 0..2 {
                for (number, id) in list.iter().enumerate() {
                    assert_eq!(ids.number(*id), number as u32, "{again}");
                }
            }
            let at = |id: i64, lon: i32| Node { id, position: Position { lon, lat: 0 } };
            let others = [1, 4, -1, 1 << 30, i64::MIN + 1, i64::MAX - 1].map(|id| at(id, -9));
            let told = list.iter().skip(1).enumerate().map(|(k, id)| at(*id, k as i32));
            let mut nodes: Vec<Node> = told.rev().collect();
            nodes.extend(list.last().map(|id| at(*id, -5)));
            ids.lay(&nodes);
            ids.lay(&others);
            let (positions, missing) = ids.positions();
            assert_eq!(missing, u64::from(list.len() > 1));
            for (k, position) in positions.iter().enumerate().skip(1) {
                assert_eq!(position.lon, k as i32 - 1);
            }
        }
    }
}
