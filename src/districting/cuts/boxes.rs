//! The states of one stage of a diagram under construction: each a box of people of its open
//! parts, boxes that are near to each other merged.

use super::net::Net;
use super::pattern::{CLOSED, MOST_PARTS, NONE, Turn};

/// How finely states are told apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grain {
    /// States whose people differ in the last so many bits only are one.
    pub(crate) shift: u32,
    /// The most states of a stage; when there are more, more bits are dropped.
    pub(crate) most: usize,
    /// Ways that cost this much are left out.
    pub(crate) below: i64,
}

/// A choice for the next atom and what it leaves.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    /// The open part taken, or one more: a new part.
    pub(super) choice: usize,
    /// People of the atom.
    pub(super) people: i64,
    /// People of all atoms after it.
    pub(super) ahead: i64,
    /// Parts not complete afterwards, open ones among them.
    pub(super) unused: i64,
}

/// Fewest and most people of each open part.
pub(super) struct Held {
    low: [u32; MOST_PARTS],
    high: [u32; MOST_PARTS],
}

/// People of open parts of the states of a stage under construction.
pub(super) struct Boxes {
    parts: usize,
    low: Vec<u32>,
    high: Vec<u32>,
    /// The cheapest way to each state.
    pub(super) cost: Vec<i64>,
    /// The state of the coarser diagram it falls in.
    pub(super) image: Vec<u32>,
    slots: Vec<u32>,
    shift: u32,
    most: usize,
}

impl Boxes {
    /// No states yet.
    pub(super) fn new(parts: usize, grain: Grain) -> Self {
        Self {
            parts,
            low: Vec::new(),
            high: Vec::new(),
            cost: Vec::new(),
            image: Vec::new(),
            slots: vec![NONE; 64],
            shift: grain.shift,
            most: grain.most,
        }
    }

    /// The one state before the first atom.
    pub(super) fn first(parts: usize, grain: Grain) -> Self {
        let mut boxes = Self::new(parts, grain);
        boxes.enter(0, 0, &Held { low: [0; MOST_PARTS], high: [0; MOST_PARTS] });
        boxes
    }

    /// The box of a state after one choice; `None` when no division in range is left in it.
    pub(super) fn moved(&self, state: usize, turn: &Turn, taken: Taken, net: &Net) -> Option<Held> {
        let mut held = Held { low: [0; MOST_PARTS], high: [0; MOST_PARTS] };
        let (mut least, mut most, mut open) = (0i64, 0i64, 0i64);
        for (old, &new) in turn.name.iter().take(self.parts).enumerate() {
            let gain = if old == taken.choice { taken.people } else { 0 };
            let from = i64::from(self.low[state * self.parts + old]) + gain;
            let to = (i64::from(self.high[state * self.parts + old]) + gain).min(net.high);
            if from > net.high {
                return None;
            }
            if new == CLOSED {
                // Numbers not in use look closed too; they have no people.
                if to < net.low && (old == taken.choice || to > 0) {
                    return None;
                }
                continue;
            }
            held.low[new as usize] = from as u32;
            held.high[new as usize] = to as u32;
            least += (net.low - to).max(0);
            most += net.high - from;
            open += 1;
        }
        let fresh = taken.unused - open;
        // A part alone leaves people over for others.
        let all_placed = self.parts == 1 || taken.ahead <= most + fresh * net.high;
        (least + fresh * net.low <= taken.ahead && all_placed).then_some(held)
    }

    /// Enters a box, merging boxes while there are too many. The number given out is to be looked
    /// up in `renamed` in the end, unless that is still empty.
    pub(super) fn insert(&mut self, image: u32, cost: i64, held: &Held, renamed: &mut Vec<u32>) -> u32 {
        if 2 * self.cost.len() >= self.slots.len() {
            self.rehash(self.slots.len() * 2);
        }
        let entered = self.enter(image, cost, held);
        if renamed.is_empty() && self.cost.len() <= self.most {
            return entered;
        }
        // Over full: from here on numbers given out go through `renamed`.
        if renamed.is_empty() {
            renamed.extend(0..self.cost.len() as u32);
        }
        let given = renamed.len() as u32;
        renamed.push(entered);
        while self.cost.len() > self.most && self.shift < 32 {
            self.coarsen(renamed);
        }
        given
    }

    fn coarsen(&mut self, renamed: &mut [u32]) {
        let grain = Grain { shift: self.shift + 1, most: self.most, below: 0 };
        let old = std::mem::replace(self, Self::new(self.parts, grain));
        self.slots = vec![NONE; old.slots.len()];
        let mut merged = Vec::with_capacity(old.cost.len());
        for state in 0..old.cost.len() {
            let mut held = Held { low: [0; MOST_PARTS], high: [0; MOST_PARTS] };
            let range = state * self.parts..(state + 1) * self.parts;
            held.low[..self.parts].copy_from_slice(&old.low[range.clone()]);
            held.high[..self.parts].copy_from_slice(&old.high[range]);
            merged.push(self.enter(old.image[state], old.cost[state], &held));
        }
        for slot in renamed {
            *slot = merged[*slot as usize];
        }
    }

    /// Enters a box, or widens the one with the same image and the same people but for the last
    /// `shift` bits.
    fn enter(&mut self, image: u32, cost: i64, held: &Held) -> u32 {
        let mut slot = self.slot_of(image, &held.low[..self.parts]);
        loop {
            let known = self.slots[slot];
            if known == NONE {
                self.slots[slot] = self.cost.len() as u32;
                self.low.extend_from_slice(&held.low[..self.parts]);
                self.high.extend_from_slice(&held.high[..self.parts]);
                self.cost.push(cost);
                self.image.push(image);
                return self.slots[slot];
            }
            if self.widen(known as usize, image, cost, held) {
                return known;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn widen(&mut self, known: usize, image: u32, cost: i64, held: &Held) -> bool {
        let row = known * self.parts..(known + 1) * self.parts;
        let coarse = |people: u32| u64::from(people) >> self.shift;
        let alike = self.low[row.clone()].iter().zip(&held.low).all(|(a, b)| coarse(*a) == coarse(*b));
        if self.image[known] != image || !alike {
            return false;
        }
        for (part, slot) in row.enumerate() {
            self.low[slot] = self.low[slot].min(held.low[part]);
            self.high[slot] = self.high[slot].max(held.high[part]);
        }
        self.cost[known] = self.cost[known].min(cost);
        true
    }

    fn rehash(&mut self, slots: usize) {
        self.slots = vec![NONE; slots];
        for state in 0..self.cost.len() {
            let mut slot = self.slot_of(self.image[state], &self.low[state * self.parts..][..self.parts]);
            while self.slots[slot] != NONE {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = state as u32;
        }
    }

    fn slot_of(&self, image: u32, low: &[u32]) -> usize {
        let mut mixed = (u64::from(image) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        for people in low {
            mixed = (mixed ^ (u64::from(*people) >> self.shift)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^= mixed >> 29;
        }
        mixed as usize & (self.slots.len() - 1)
    }
}
