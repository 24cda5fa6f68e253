//! Layers to maps, SVG and PNG.

use wangge::maps;
use wangge::render::layers::Lang;
use wangge::report;

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn measure(bench: &mut Bench) -> Measured {
    let (_, layers) = report::written(&bench.subject()).expect("tables of plain text become CSV");
    let summary = report::summary(&bench.subject());
    let draw = || maps::draw(&summary, &layers, Lang::Zh).expect("the maps can be drawn");
    Measured { median_ms: bench.median_ms(draw), naive_ms: None }
}
