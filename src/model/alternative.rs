//! Divisions of the same place made otherwise, with what each is worth.

use super::plan::Partition;
use super::rules::{Keep, Rules, Weights};

/// A division made with other weights, or with the grids in force kept otherwise.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// The weights it was made with.
    pub weights: Weights,
    /// How the grids in force were kept.
    pub keep: Keep,
    /// The division.
    pub partition: Partition,
    /// What it is worth.
    pub worth: Worth,
}

impl Alternative {
    /// The rules of the plan, as they were for this division.
    pub fn rules(&self, of_plan: &Rules) -> Rules {
        let mut rules = of_plan.clone();
        rules.weights = self.weights.clone();
        rules.grids.keep = self.keep;
        rules
    }
}

/// A division in whole numbers, each better when it is lower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Grids out of range.
    pub out: u64,
    /// Households whose grid changes.
    pub moved: u64,
    /// Compounds cut.
    pub split: u64,
    /// Moment of inertia.
    pub inertia: u64,
    /// Grids times the sum of squared households: for a given place it grows with their spread.
    pub spread: u128,
    /// Length of the lines between grids, in centimetres.
    pub line_cm: u64,
}

impl Worth {
    /// All measures, in a fixed order.
    pub fn all(&self) -> [u128; 6] {
        let whole = [self.out, self.moved, self.split, self.inertia].map(u128::from);
        [whole[0], whole[1], whole[2], whole[3], self.spread, u128::from(self.line_cm)]
    }

    /// Whether this is nowhere worse than `other` and somewhere better.
    pub fn dominates(&self, other: &Self) -> bool {
        self != other && self.all().iter().zip(other.all()).all(|(own, theirs)| *own <= theirs)
    }
}

/// Divisions to choose from.
#[derive(Clone, Debug)]
pub struct Choice {
    /// How many were asked for.
    pub asked: u32,
    /// Divisions tried.
    pub tried: u32,
    /// Different ones among them that none of the others dominates.
    pub found: u32,
    /// Those kept: the plan itself, then the ones least like those before them.
    pub plans: Vec<Alternative>,
}

impl Choice {
    /// Whether none of the others dominates the plan of this position; only the first can be.
    pub fn on_front(&self, position: usize) -> bool {
        let own = &self.plans[position].worth;
        self.plans.iter().all(|other| !other.worth.dominates(own))
    }
}
