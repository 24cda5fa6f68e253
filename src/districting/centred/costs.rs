//! What it costs to serve each atom from each atom.

use crate::districting::instance::{Instance, Objective};

/// One row for every atom served, one entry for every atom it may be served from.
///
/// n² numbers: for territories of at most a few thousand atoms, where every search reads whole rows.
pub struct Costs {
    len: usize,
    rows: Vec<i64>,
}

impl Costs {
    /// People times squared distance, or times distance in 1/1024 of a unit, rounded down.
    pub fn of(instance: &Instance, objective: Objective) -> Self {
        let len = instance.len();
        let mut rows = Vec::with_capacity(len * len);
        for served in 0..len as u32 {
            let people = instance.people[served as usize];
            rows.extend((0..len as u32).map(|from| {
                let square = instance.square(served, from);
                match objective {
                    Objective::Moment => people * square,
                    Objective::Distance | Objective::Cut => people * fine_root(square),
                }
            }));
        }
        Self { len, rows }
    }

    /// What serving `atom` costs from each atom.
    pub fn row(&self, atom: u32) -> &[i64] {
        &self.rows[atom as usize * self.len..(atom as usize + 1) * self.len]
    }

    pub fn of_pair(&self, served: u32, from: u32) -> i64 {
        self.rows[served as usize * self.len + from as usize]
    }
}

/// The square root in 1/1024, rounded down.
pub fn fine_root(square: i64) -> i64 {
    (i128::from(square) << 20).isqrt() as i64
}
