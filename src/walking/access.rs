//! Two-step floating catchment areas: how much supply there is for each resident, where supply is
//! shared by all who can reach it.
//!
//! First each centre's capacity is divided by the demand that reaches it, then each place adds up
//! what the centres it reaches offer. The enhanced form weighs both steps by distance. Yes-or-no
//! coverage hides overload; this shows it. O(pairs).
//!
//! # Source
//! Luo and Wang, Environment and Planning B 30 (2003) 865–884; enhanced: Luo and Qi, Health & Place
//! 15 (2009) 1100–1107.

use super::search::Pairs;

/// How much a walk still counts, by its length.
#[derive(Clone, Debug, PartialEq)]
pub enum Decay {
    /// Everything within the pairs counts alike: the plain two-step form.
    Flat,
    /// Zones: each counts up to and including its millimetres, in rising order; beyond the last
    /// nothing does. Luo and Qi take 1.00, 0.68 and 0.22 for thirds of the limit.
    Steps(Vec<(u32, f64)>),
    /// Gaussian, 1 at the centre and 0 at `limit_mm` (Dai, Health & Place 16 (2010) 1038–1052).
    Gaussian {
        /// Where nothing is left.
        limit_mm: u32,
    },
}

impl Decay {
    /// The three zones of Luo and Qi (2009) up to a limit.
    pub fn thirds(limit_mm: u32) -> Self {
        let third = |k: u64| (u64::from(limit_mm) * k / 3) as u32;
        Self::Steps(vec![(third(1), 1.0), (third(2), 0.68), (limit_mm, 0.22)])
    }

    /// The weights of walks; zones are counted and not searched, so that nothing waits for a branch.
    fn weigh(&self, row: &[(u32, u32)], weights: &mut Vec<f64>) {
        weights.clear();
        match self {
            Self::Flat => weights.resize(row.len(), 1.0),
            Self::Steps(zones) => {
                let table: Vec<f64> = zones.iter().map(|zone| zone.1).chain([0.0]).collect();
                let passed = |mm: u32| zones.iter().map(|zone| usize::from(mm > zone.0)).sum::<usize>();
                weights.extend(row.iter().map(|(_, mm)| table[passed(*mm)]));
            }
            Self::Gaussian { .. } => weights.extend(row.iter().map(|(_, mm)| self.weight(*mm))),
        }
    }

    /// The weight of a walk.
    pub fn weight(&self, mm: u32) -> f64 {
        match self {
            Self::Flat => 1.0,
            Self::Steps(zones) => zones.iter().find(|zone| mm <= zone.0).map_or(0.0, |zone| zone.1),
            Self::Gaussian { limit_mm } if mm >= *limit_mm => 0.0,
            Self::Gaussian { limit_mm } => {
                let share = f64::from(mm) / f64::from(*limit_mm);
                let floor = (-0.5f64).exp();
                ((-0.5 * share * share).exp() - floor) / (1.0 - floor)
            }
        }
    }
}

/// Both steps of a catchment.
#[derive(Clone, Debug, PartialEq)]
pub struct Catchment {
    /// Capacity for each unit of demand that reaches a centre; 0 where none does.
    pub ratio: Vec<f64>,
    /// Supply for each unit of demand at a place: the score.
    pub score: Vec<f64>,
}

/// Scores places by the centres they reach; rows of `pairs` are centres, columns places.
///
/// # Panics
/// If there is not a capacity for each row, or a column has no demand.
pub fn floating_catchment(pairs: &Pairs, capacity: &[f64], demand: &[f64], decay: &Decay) -> Catchment {
    assert_eq!(pairs.rows(), capacity.len(), "each row is a centre and has a capacity");
    let mut score = vec![0.0; demand.len()];
    let mut weights = Vec::new();
    let mut ratio = Vec::with_capacity(capacity.len());
    for (row, capacity) in capacity.iter().enumerate() {
        let row = pairs.row(row);
        decay.weigh(row, &mut weights);
        let load: f64 = row.iter().zip(&weights).map(|((place, _), w)| w * demand[*place as usize]).sum();
        let share = if load > 0.0 { capacity / load } else { 0.0 };
        for ((place, _), weight) in row.iter().zip(&weights) {
            score[*place as usize] += weight * share;
        }
        ratio.push(share);
    }
    Catchment { ratio, score }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Seed, Stage};
    use rand_core::RngCore as _;

    /// Every centre against every place, from a dense matrix.
    fn plainly(dense: &[Vec<Option<u32>>], capacity: &[f64], demand: &[f64], decay: &Decay) -> Vec<f64> {
        let weight = |c: usize, p: usize| dense[c][p].map_or(0.0, |mm| decay.weight(mm));
        let load = |c: usize| (0..demand.len()).map(|p| weight(c, p) * demand[p]).sum::<f64>();
        (0..demand.len())
            .map(|p| {
                let offer = |c: usize| if load(c) > 0.0 { weight(c, p) * capacity[c] / load(c) } else { 0.0 };
                (0..capacity.len()).map(offer).sum()
            })
            .collect()
    }

    #[test]
    fn scores_equal_the_definition() {
        let mut rng = Seed(5).stream(Stage::Coverage, 1);
        let dense: Vec<Vec<Option<u32>>> = (0..20)
            .map(|_| (0..60).map(|_| Some(rng.next_u32() % 2_000_000).filter(|mm| *mm < 1_000_000)).collect())
            .collect();
        let capacity: Vec<f64> = (0..20).map(|_| f64::from(rng.next_u32() % 900)).collect();
        let demand: Vec<f64> = (0..60).map(|_| f64::from(rng.next_u32() % 300)).collect();
        let mut pairs = Pairs { first: vec![0], ..Pairs::default() };
        for row in &dense {
            for (place, mm) in row.iter().enumerate().filter_map(|(p, mm)| mm.map(|mm| (p as u32, mm))) {
                pairs.entries.push((place, mm));
            }
            pairs.first.push(pairs.entries.len());
        }
        for decay in [Decay::Flat, Decay::thirds(1_000_000), Decay::Gaussian { limit_mm: 1_000_000 }] {
            let expected = plainly(&dense, &capacity, &demand, &decay);
            let got = floating_catchment(&pairs, &capacity, &demand, &decay);
            for (a, b) in expected.iter().zip(&got.score) {
                assert!((a - b).abs() <= 1e-12 * a.abs().max(1.0), "{decay:?}: {a} {b}");
            }
            // What is offered is what there is, wherever anyone comes.
            let given: f64 = got.score.iter().zip(&demand).map(|(s, d)| s * d).sum();
            assert!((given - capacity.iter().sum::<f64>()).abs() < 1e-6, "{decay:?}");
        }
    }

    #[test]
    fn weights_fall_to_nothing_at_the_limit() {
        let thirds = Decay::thirds(900);
        assert_eq!(
            [0, 300, 301, 600, 601, 900, 901].map(|mm| thirds.weight(mm)),
            [1.0, 1.0, 0.68, 0.68, 0.22, 0.22, 0.0]
        );
        let bell = Decay::Gaussian { limit_mm: 900 };
        assert_eq!((bell.weight(0), bell.weight(900)), (1.0, 0.0));
        assert!(bell.weight(300) > bell.weight(600));
    }
}
