//! Prices of atoms and of cuts on three atoms, and what a part weighs at them.

use crate::districting::proof::triples::Triple;

/// What each atom earns, and what a part that holds two of three pays.
#[derive(Clone)]
pub(super) struct Prices {
    pub(super) of_atoms: Vec<i64>,
    pub(super) triples: Vec<Triple>,
}

impl Prices {
    /// What a division costs beside the weights of its parts, at least: every atom is held once, and two
    /// of three by one part at most.
    pub(super) fn base(&self) -> i64 {
        let earned = self.of_atoms.iter().fold(0i64, |sum, price| sum.saturating_add(*price));
        self.triples.iter().fold(earned, |sum, triple| sum.saturating_sub(2 * triple.half))
    }

    /// What a part of this cost weighs, without cuts.
    pub(super) fn plain(&self, cost: i64, atoms: impl Iterator<Item = u32>) -> i64 {
        cost - atoms.map(|atom| self.of_atoms[atom as usize]).sum::<i64>()
    }

    /// What a part pays for cuts.
    pub(super) fn paid(&self, holds: impl Fn(u32) -> bool) -> i64 {
        let two = |triple: &&Triple| triple.atoms.iter().filter(|atom| holds(**atom)).count() > 1;
        self.triples.iter().filter(two).map(|triple| 2 * triple.half).sum()
    }

    /// What a part of this cost with these ascending atoms weighs.
    pub(super) fn weight(&self, cost: i64, atoms: &[u32]) -> i64 {
        self.plain(cost, atoms.iter().copied()) + self.paid(|atom| atoms.binary_search(&atom).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_division_costs_the_base_and_its_weights_at_least() {
        let triples = vec![Triple { atoms: [0, 1, 2], half: 7 }, Triple { atoms: [1, 3, 4], half: 2 }];
        let prices = Prices { of_atoms: vec![3, -1, 4, 1, 5], triples };
        let mut tight = 0;
        for owners in 0..32u32 {
            let part = |side: u32| (0..5u32).filter(|atom| owners >> atom & 1 == side).collect::<Vec<_>>();
            let sum = prices.base() + [0, 1].map(|side| prices.weight(10, &part(side))).iter().sum::<i64>();
            assert!(sum <= 20, "{owners:b}: {sum}");
            tight += u32::from(sum == 20);
        }
        // One of two parts always holds two of three.
        assert_eq!(tight, 32);
    }
}
