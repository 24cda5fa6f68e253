//! Parts that others can stand beside: what each atom next to a part costs at the least elsewhere.
//!
//! Of a division below a limit every part weighs so much more than its place among the cheapest, and
//! all these extras together stay within the gap. So a part is ruled out if some atom beside it is in
//! no part that it shares no atom with and whose extra the gap has room for as well.

use super::sets::Sets;

/// Steps into which extras are rounded down.
const STEPS: i64 = 20;

/// Parts in a row, of one step, of which it is known what all of them hold; and rows in a block.
const ROW: usize = 12;
const BLOCK: usize = 12;

/// Parts by extra, ascending, and which of them hold each atom.
pub(crate) struct Partners {
    sets: Sets,
    extras: Vec<i64>,
    holding: Vec<Holding>,
    /// Every part with an extra below this is here.
    pub(crate) below: i64,
}

/// The parts that hold one atom.
struct Holding {
    parts: Vec<u32>,
    /// What every part of a row holds, and of a block of rows.
    rows: Sets,
    blocks: Sets,
}

impl Partners {
    /// Of `sets` with extras, which are all those below `below`.
    pub(crate) fn new(sets: &Sets, extras: &[i64], atoms: usize, below: i64) -> Self {
        let width = (below / STEPS).max(1);
        let step = |set: u32| extras[set as usize].max(0) / width;
        let mut order: Vec<u32> = (0..sets.len() as u32).collect();
        // Within a step as listed, so that neighbours have much in common.
        order.sort_by_key(|&set| (step(set), set));
        let mut own = Sets::new(atoms);
        let mut parts = vec![Vec::new(); atoms];
        for (at, &set) in (0u32..).zip(&order) {
            own.push_bits(sets.of(set as usize), 0);
            sets.atoms(set as usize).for_each(|atom| parts[atom as usize].push(at));
        }
        let extras = order.iter().map(|&set| step(set) * width).collect();
        let holding = parts.into_iter().map(|parts| Holding::new(parts, &own, atoms)).collect();
        Self { sets: own, extras, holding, below }
    }

    /// From place `at` on, the place of the first part that holds `atom` and nothing of `bits`, and
    /// no more than its extra; unless that is `most` or more: then any lower bound of it. And how many
    /// were looked at.
    pub(crate) fn first(&self, atom: u32, at: u32, bits: &[u64], most: i64) -> (u32, i64, u64) {
        let holding = &self.holding[atom as usize];
        let meets = |held: &[u64]| held.iter().zip(bits).any(|(a, b)| a & b != 0);
        let mut place = at as usize;
        let mut looks = 0;
        while let Some(&set) = holding.parts.get(place) {
            looks += 1;
            let extra = self.extras[set as usize];
            if extra >= most || !meets(self.sets.of(set as usize)) {
                return (place as u32, extra, looks);
            }
            place += 1;
            while place.is_multiple_of(ROW * BLOCK)
                && place < holding.parts.len()
                && meets(holding.blocks.of(place / (ROW * BLOCK)))
            {
                place += ROW * BLOCK;
                looks += 1;
            }
            while place.is_multiple_of(ROW)
                && place < holding.parts.len()
                && meets(holding.rows.of(place / ROW))
            {
                place += ROW;
                looks += 1;
            }
        }
        (holding.parts.len() as u32, self.below, looks)
    }
}

impl Holding {
    fn new(parts: Vec<u32>, sets: &Sets, atoms: usize) -> Self {
        let common = |size: usize| {
            let mut rows = Sets::new(atoms);
            for row in parts.chunks(size) {
                let mut bits = sets.of(row[0] as usize).to_vec();
                for &set in row {
                    bits.iter_mut().zip(sets.of(set as usize)).for_each(|(bits, held)| *bits &= held);
                }
                rows.push_bits(&bits, 0);
            }
            rows
        };
        Self { rows: common(ROW), blocks: common(ROW * BLOCK), parts }
    }
}
