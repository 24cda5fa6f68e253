//! The judge, who works by plain means on purpose; set beside what it judges.

use wangge::io;
use wangge::verify;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let written = io::written_from(&bench.files()).expect("the program reads what it writes");
    let judge = || verify::plan(&bench.place, &bench.rules, &written, &[]);
    Measured { median_ms: bench.median_ms(judge), naive_ms: None }
}
