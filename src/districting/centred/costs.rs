//! What it costs to serve each atom from each atom.

use crate::districting::instance::{Instance, Objective};

/// One row for every atom served, one entry for every atom it may be served from.
///
/// n² numbers: for territories of at most a few thousand atoms, where every search reads whole rows.
pub(crate) struct Costs {
    len: usize,
    rows: Vec<i64>,
}

impl Costs {
    /// People times squared distance, or times distance in 1/1024 of a unit, rounded down; `None` if
    /// the cost of everything from anywhere could pass 2⁶⁰.
    pub(crate) fn of(instance: &Instance, objective: Objective) -> Option<Self> {
        let len = instance.len();
        let span = |axis: &[i64]| {
            let (low, high) = (axis.iter().min()?, axis.iter().max()?);
            Some(i128::from(*high) - i128::from(*low))
        };
        let (wide, tall) = (span(&instance.x)?, span(&instance.y)?);
        let people: i128 = instance.people.iter().map(|p| i128::from(*p)).sum();
        if people.checked_mul(wide * wide + tall * tall).is_none_or(|most| most >= 1 << 60) {
            return None;
        }
        let mut rows = Vec::with_capacity(len * len);
        for ((&x, &y), &people) in instance.x.iter().zip(&instance.y).zip(&instance.people) {
            let square = |(from_x, from_y): (&i64, &i64)| (x - from_x).pow(2) + (y - from_y).pow(2);
            let from = instance.x.iter().zip(&instance.y);
            match objective {
                Objective::Moment => rows.extend(from.map(|at| people * square(at))),
                Objective::Distance | Objective::Cut => {
                    rows.extend(from.map(|at| people * fine_root(square(at))));
                }
            }
        }
        Some(Self { len, rows })
    }

    /// What serving `atom` costs from each atom.
    pub(crate) fn row(&self, atom: u32) -> &[i64] {
        &self.rows[atom as usize * self.len..(atom as usize + 1) * self.len]
    }

    pub(crate) fn of_pair(&self, served: u32, from: u32) -> i64 {
        self.rows[served as usize * self.len + from as usize]
    }
}

/// The square root in 1/1024, rounded down.
pub(crate) fn fine_root(square: i64) -> i64 {
    (i128::from(square) << 20).isqrt() as i64
}
