//! Files to a sound place: parsing, joining, projecting, checking.

use wangge::io;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    Measured { median_ms: bench.median_ms(|| io::read_place(&bench.place_folder)), naive_ms: None }
}
