//! Who can walk to which centre, and how far: one sweep, or one for each centre.
//!
//! A sweep labels junctions only; the places on a chain get their distances from its two ends, and
//! from the sources on the same chain directly, so that a walk along one street never detours over
//! its ends. O(junctions + arcs + places) for [`nearest`]; for [`within`] the same over what each
//! centre reaches.
//!
//! Walks go from the resident to the centre: a street closed to walkers one way is closed so, and a
//! slope costs what it costs on the way there.

mod pairs;
pub(crate) mod sweep;
mod targets;
#[cfg(test)]
mod tests;

pub use pairs::{Pairs, within};
pub use sweep::Entrance;
pub use targets::Targets;

use super::FAR;
use super::streets::{Streets, Walker};
use sweep::{Key, Sweep, UNREACHED, mm};

/// The nearest centre of every place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    keys: Vec<Key>,
}

impl Nearest {
    /// Millimetres to the nearest centre; none out of reach.
    pub fn mm(&self, place: usize) -> Option<u32> {
        self.reached(place).map(mm)
    }

    /// The nearest centre, the lowest of equals; none out of reach.
    pub fn centre(&self, place: usize) -> Option<u32> {
        self.reached(place).map(|key| key as u32)
    }

    /// Places there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no places.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn reached(&self, place: usize) -> Option<Key> {
        self.keys.get(place).copied().filter(|key| mm(*key) < FAR)
    }
}

/// The nearest centre of every place, no further than `limit_mm`; [`FAR`] for no limit.
pub fn nearest(
    streets: &Streets,
    targets: &Targets,
    centres: &[Entrance],
    limit_mm: u32,
    walker: Walker,
) -> Nearest {
    let mut sweep = Sweep::new(streets);
    sweep.run(streets, centres, limit_mm, walker);
    let limit = limit_mm.min(FAR - 1);
    let mut keys = vec![UNREACHED; targets.places()];
    for (number, chain) in streets.chains.iter().enumerate() {
        let row = targets.on(number as u32);
        let (from, to) = (sweep.key(chain.from), sweep.key(chain.to));
        if row.is_empty() || from.min(to) == UNREACHED || !streets.admits(walker, number as u32) {
            continue;
        }
        for target in row {
            let key = target.by_ends(from, to);
            let held = &mut keys[target.place as usize];
            if key < *held && mm(key) <= limit {
                *held = key;
            }
        }
    }
    for centre in centres.iter().filter(|centre| streets.admits(walker, centre.point.chain)) {
        for (target, mm) in targets.straight(streets, centre) {
            let held = &mut keys[target as usize];
            if mm <= limit {
                *held = (*held).min(u64::from(mm) << 32 | u64::from(centre.place));
            }
        }
    }
    Nearest { keys }
}
