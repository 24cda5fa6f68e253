//! Communities to grids.

use wangge::partition;

use crate::stages::table::Measured;
use crate::stages::town::{Bench, quiet};

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let divide = || partition::divide(&bench.place, &bench.fabric, &bench.rules, &quiet());
    Measured { median_ms: bench.median_ms(divide), naive_ms: None }
}
