//! People: the town's households and residents are shared out over its dwellings, to the last one.

use super::blocks::Use;
use super::chance::Dice;

/// Splits `total` in proportion to the weights, exactly: largest remainders first, then the lower index.
pub(super) fn apportioned(weights: &[u64], total: u64) -> Vec<u64> {
    let sum: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    if sum == 0 {
        return vec![0; weights.len()];
    }
    let share = |weight: u64| u128::from(weight) * u128::from(total);
    let mut parts: Vec<u64> = weights.iter().map(|&weight| (share(weight) / sum) as u64).collect();
    let mut order: Vec<usize> = (0..weights.len()).filter(|&at| weights[at] > 0).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(share(weights[at]) % sum), at));
    let given: u64 = parts.iter().sum();
    for &at in order.iter().take((total - given) as usize) {
        parts[at] += 1;
    }
    parts
}

/// The residents of a building, by age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Residents {
    /// Households.
    pub households: u32,
    /// All residents.
    pub population: u32,
    /// Those of 65 years and over.
    pub age_65_plus: u32,
    /// Those of 14 years and under.
    pub age_0_14: u32,
}

impl Residents {
    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            households: self.households + other.households,
            population: self.population + other.population,
            age_65_plus: self.age_65_plus + other.age_65_plus,
            age_0_14: self.age_0_14 + other.age_0_14,
        }
    }
}

/// Shares out the residents; `houses` gives households and the use of the block for each building.
pub(super) fn residents(houses: &[(u32, Use)], people: u32, dice: &mut Dice) -> Vec<Residents> {
    let weights: Vec<u64> = houses
        .iter()
        .map(|&(households, used)| {
            let usual = match used {
                Use::Old => 2_350.0,
                Use::Modern => 2_850.0,
                Use::Fields => 2_700.0,
                _ => 2_600.0,
            };
            u64::from(households) * (usual * dice.between(0.9, 1.1)) as u64
        })
        .collect();
    let population = apportioned(&weights, u64::from(people));
    houses
        .iter()
        .zip(population)
        .map(|(&(households, used), population)| {
            let (old, young) = match used {
                Use::Old => (0.24, 0.11),
                Use::Modern => (0.09, 0.21),
                Use::Fields => (0.27, 0.12),
                _ => (0.17, 0.15),
            };
            let part = |share: f64, dice: &mut Dice| {
                (population as f64 * share * dice.between(0.7, 1.3)).round() as u32
            };
            let age_65_plus = part(old, dice);
            let age_0_14 = part(young, dice);
            Residents { households, population: population as u32, age_65_plus, age_0_14 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_in_sharing() {
        for total in [0, 1, 7, 100, 12_345] {
            let parts = apportioned(&[3, 0, 5, 5, 1], total);
            assert_eq!(parts.iter().sum::<u64>(), total);
            assert_eq!(parts[1], 0);
        }
        assert_eq!(apportioned(&[1, 1, 1], 4), vec![2, 1, 1]);
        assert_eq!(apportioned(&[0, 0], 4), vec![0, 0]);
    }
}
