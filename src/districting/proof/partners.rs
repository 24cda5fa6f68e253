//! Parts that others can stand beside: what each atom next to a part costs at the least elsewhere.
//!
//! Of a division below a limit every part weighs so much more than its place among the cheapest, and
//! all these extras together stay within the gap. So a part is ruled out if some atom beside it is in
//! no part that it shares no atom with and whose extra the gap has room for as well; or if some two
//! atoms are in no such part both, nor each in one for all of which there is room.

use super::sets::Sets;

/// Steps into which extras are rounded down.
const STEPS: i64 = 20;

/// Other atoms with which the one that costs most elsewhere is paired.
const PAIRS: usize = 8;

/// Parts in one word.
const BLOCK: usize = 64;

/// Parts by extra, ascending, and which of them hold each atom.
pub(crate) struct Partners {
    extras: Vec<i64>,
    atoms: usize,
    /// Which parts of each block hold each atom: blocks × atoms.
    holding: Vec<u64>,
    /// The blocks with a part that holds an atom, for each.
    blocks: Vec<Vec<u32>>,
    /// Every part with an extra below this is here.
    pub(crate) below: i64,
}

impl Partners {
    /// Of `sets` with extras, which are all those below `below`.
    pub(crate) fn new(sets: &Sets, extras: &[i64], atoms: usize, below: i64) -> Self {
        let width = (below / STEPS).max(1);
        let step = |set: u32| extras[set as usize].max(0) / width;
        let mut order: Vec<u32> = (0..sets.len() as u32).collect();
        // Within a step as listed, so that neighbours have much in common.
        order.sort_by_key(|&set| (step(set), set));
        let mut holding = vec![0; order.len().div_ceil(BLOCK) * atoms];
        for (at, &set) in order.iter().enumerate() {
            let block = &mut holding[at / BLOCK * atoms..][..atoms];
            sets.atoms(set as usize).for_each(|atom| block[atom as usize] |= 1 << (at % BLOCK));
        }
        let mut blocks = vec![Vec::new(); atoms];
        for (number, block) in (0u32..).zip(holding.chunks_exact(atoms.max(1))) {
            let held = blocks.iter_mut().zip(block).filter(|(_, word)| **word != 0);
            held.for_each(|(blocks, _)| blocks.push(number));
        }
        let extras = order.iter().map(|&set| step(set) * width).collect();
        Self { extras, atoms, holding, blocks, below }
    }

    /// From place `at` on, the place of the first part that holds `atom` and nothing of `inside`, and
    /// no more than its extra; unless that is `most` or more: then any lower bound of it. And how many
    /// words were looked at. What rules much out moves forward in `inside`.
    pub(crate) fn first(&self, atom: u32, at: u32, inside: &mut [u32], most: i64) -> (u32, i64, u64) {
        self.first_of([atom; 2], at, inside, most)
    }

    /// Whether any two of some atoms can be held for less than `most` by parts with nothing of `inside`:
    /// by one that holds both, or by one each; as far as is looked. For each of the atoms `found` tells no
    /// more than the extra of its first part, the atom, and the place of that part. And how many words
    /// were looked at.
    pub(crate) fn pairs(&self, found: &mut [(i64, u32, u32)], inside: &mut [u32], most: i64) -> (bool, u64) {
        found.sort_unstable();
        let mut looks = 0;
        let Some((&(extra, atom, place), others)) = found.split_last() else { return (true, 0) };
        let dear = others.iter().rev().take(PAIRS).take_while(|(more, ..)| extra + more >= most);
        for &(_, other, _) in dear {
            let (_, both, looked) = self.first_of([atom, other], place, inside, most);
            looks += looked;
            if both >= most {
                return (false, looks);
            }
        }
        (true, looks)
    }

    /// The first part that holds both atoms.
    fn first_of(&self, [atom, other]: [u32; 2], at: u32, inside: &mut [u32], most: i64) -> (u32, i64, u64) {
        let mut looks = 0;
        for (place, &number) in (at..).zip(&self.blocks[atom as usize][at as usize..]) {
            let first = number as usize * BLOCK;
            if self.extras[first] >= most {
                return (place, self.extras[first], looks + 1);
            }
            let block = &self.holding[number as usize * self.atoms..][..self.atoms];
            let mut fit = block[atom as usize] & block[other as usize];
            let mut index = 0;
            while fit != 0 && index < inside.len() {
                fit &= !block[inside[index] as usize];
                index += 1;
            }
            looks += index as u64 + 1;
            if fit != 0 {
                return (place, self.extras[first + fit.trailing_zeros() as usize], looks);
            }
            if index > 1 {
                inside.swap(index - 1, (index - 1) / 2);
            }
        }
        (self.blocks[atom as usize].len() as u32, self.below, looks)
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::{RngCore as _, SeedableRng as _};

    use super::*;

    #[test]
    fn nobody_is_cheaper_than_the_first_and_pairs_are_ruled_out_for_a_reason() {
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (mut met, mut ruled_out) = (0, 0);
        for case in 0..300 {
            let (atoms, below) = (9 + case % 3, 200);
            let mut sets = Sets::new(atoms);
            let draw = |rng: &mut ChaCha8Rng| -> Vec<u32> {
                (0..atoms as u32).filter(|_| rng.next_u32().is_multiple_of(3)).collect()
            };
            (0..40).for_each(|_| sets.push(&draw(&mut rng), 0));
            let extras: Vec<i64> = (0..40).map(|_| i64::from(rng.next_u32() % 200)).collect();
            let partners = Partners::new(&sets, &extras, atoms, below);
            let mut inside = draw(&mut rng);
            let free: Vec<u32> = (0..atoms as u32).filter(|atom| !inside.contains(atom)).collect();
            let fits = |set: usize, inside: &[u32]| inside.iter().all(|&atom| !sets.holds(set, atom));
            let most = 20 + i64::from(rng.next_u32() % 180);
            let mut found = Vec::new();
            for &atom in &free {
                let (place, extra, _) = partners.first(atom, 0, &mut inside, most);
                let holding = (0..sets.len()).filter(|&set| sets.holds(set, atom) && fits(set, &inside));
                let least = holding.map(|set| extras[set]).min().unwrap_or(below);
                assert!(extra <= least, "case {case}: {extra} for {least}");
                assert!(least - extra < below / STEPS || extra >= most, "case {case}: {extra} for {least}");
                found.push((extra, atom, place));
                met += usize::from(extra < most);
            }
            if found.iter().any(|atom| atom.0 >= most) || partners.pairs(&mut found, &mut inside, most).0 {
                continue;
            }
            // Some two atoms of which no part holds both, nor two parts one each, for less.
            let least = |atoms: &[u32]| {
                let holding = (0..sets.len())
                    .filter(|&set| fits(set, &inside) && atoms.iter().all(|&atom| sets.holds(set, atom)));
                holding.map(|set| extras[set]).min().unwrap_or(below)
            };
            let dear = |&(a, b): &(u32, u32)| least(&[a]) + least(&[b]) >= most && least(&[a, b]) >= most;
            let mut pairs = free.iter().flat_map(|&a| free.iter().map(move |&b| (a, b)));
            assert!(pairs.any(|pair| dear(&pair)), "case {case}");
            ruled_out += 1;
        }
        assert!(met > 100 && ruled_out > 5, "{met} met, {ruled_out} ruled out");
    }
}
