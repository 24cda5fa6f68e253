//! Layers to maps, SVG and PNG.

use std::collections::BTreeMap;

use wangge::maps;
use wangge::render::layers::Lang;
use wangge::report;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let files: BTreeMap<String, Vec<u8>> = bench.files().into_iter().collect();
    let summary = report::summary(&bench.subject());
    let draw = || maps::draw(&summary, &files, Lang::Zh).expect("the maps can be drawn");
    Measured { median_ms: bench.median_ms(draw), naive_ms: None }
}
