//! What lies around the atoms: barriers that part them, streets and water that are only drawn.

use geo::{BoundingRect as _, LineString};

use super::{Raw, metres_line, metres_point};
use crate::geometry::projection::LocalFrame;
use crate::io::Problems;
use crate::io::config::PlaceFile;
use crate::io::shapes::{RawShape, sound_area};
use crate::model::place::{BarrierKind, Barriers, Community, Context, Named};
use crate::model::problem::{At, Kind};
use crate::walking::metric::Position;
use crate::walking::streets::Lines;

/// Streets farther from every community than this belong to another place, in metres.
const ELSEWHERE_M: f64 = 5_000.0;

/// How far the nearest node of the streets lies from the box around the communities, if that is too far.
pub(super) fn kilometres_off(lines: &Lines, communities: &[Community], frame: LocalFrame) -> Option<u64> {
    let boxes = communities.iter().filter_map(|c| c.outline.bounding_rect());
    let around = boxes.reduce(|a, b| {
        let (low, high) = ((a.min().x.min(b.min().x), a.min().y.min(b.min().y)), (a.max(), b.max()));
        geo::Rect::new(low, (high.0.x.max(high.1.x), high.0.y.max(high.1.y)))
    })?;
    let off = |position: &Position| {
        let (lon, lat) = position.degrees();
        let (x, y) = frame.to_metres(lon, lat);
        let (dx, dy) = (
            (around.min().x - x).max(x - around.max().x).max(0.0),
            (around.min().y - y).max(y - around.max().y).max(0.0),
        );
        (dx * dx + dy * dy).sqrt()
    };
    let nearest = lines.positions.iter().map(off).fold(f64::INFINITY, f64::min);
    (nearest > ELSEWHERE_M).then_some((nearest / 1000.0).min(1e6) as u64)
}

/// More lines than these would hide the map, and are not drawn.
const DRAWN_MAX: usize = 4_000;

/// Streets that are walked on stand in for streets to draw, if there are not too many.
fn walked(raw: &Raw, frame: LocalFrame) -> Vec<LineString<f64>> {
    let walked = raw.walked.as_ref().map(|walked| &walked.lines);
    let Some(lines) = walked.filter(|lines| lines.ends.len() <= DRAWN_MAX) else {
        return Vec::new();
    };
    let starts = std::iter::once(0).chain(lines.ends.iter().copied());
    let nodes = starts.zip(&lines.ends).map(|(start, &end)| &lines.nodes[start as usize..end as usize]);
    let metres = |node: &u32| {
        let (lon, lat) = lines.positions[*node as usize].degrees();
        geo::Coord::from(frame.to_metres(lon, lat))
    };
    nodes.map(|line| line.iter().map(metres).collect()).collect()
}

/// Everything that has a name and could bound a grid, in an order of its own; a wall bounds none.
fn named(raw: &Raw, frame: LocalFrame) -> Vec<Named> {
    let mut all = Vec::new();
    let barriers = raw.barriers.iter().map(|feature| (feature, Some(barrier_kind(&feature.kind))));
    let streets = raw.streets.iter().map(|feature| (feature, None));
    for (feature, kind) in barriers.chain(streets) {
        let (Some(name), RawShape::Lines(lines)) = (&feature.name, &feature.shape) else { continue };
        if kind != Some(BarrierKind::Wall) {
            let line = |line| Named { name: name.clone(), kind, line: metres_line(line, frame) };
            all.extend(lines.iter().map(line));
        }
    }
    for (name, line) in raw.walked.iter().flat_map(|walked| &walked.named) {
        all.push(Named { name: name.clone(), kind: None, line: metres_line(line, frame) });
    }
    let order = |named: &Named| {
        let line = named.line.0.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect::<Vec<_>>();
        (named.kind, named.name.clone(), line)
    };
    all.sort_by_cached_key(order);
    all
}

fn barrier_kind(word: &str) -> BarrierKind {
    match word.to_lowercase().as_str() {
        "river" | "stream" | "canal" | "河" | "河流" => BarrierKind::River,
        "railway" | "rail" | "铁路" => BarrierKind::Railway,
        "wall" | "fence" | "围墙" => BarrierKind::Wall,
        _ => BarrierKind::Other,
    }
}

/// Barriers, streets and water in metres, in an order of their own.
pub(super) fn build(
    file: &PlaceFile,
    raw: &Raw,
    frame: LocalFrame,
    problems: &mut Problems,
) -> (Barriers, Context) {
    let mut barriers = Barriers::default();
    for feature in &raw.barriers {
        match &feature.shape {
            RawShape::Point(point) => barriers.openings.push(metres_point(*point, frame)),
            RawShape::Lines(lines) => {
                let kind = barrier_kind(&feature.kind);
                barriers.lines.extend(lines.iter().map(|line| (kind, metres_line(line, frame))));
            }
            RawShape::Area(_) => {}
        }
    }
    if let Some(spec) = file.barriers.as_ref().filter(|_| barriers.openings.is_empty())
        && let Some(feature) = raw.barriers.first()
    {
        let kind = Kind::BarrierOpenless { kind: feature.kind.clone() };
        problems.add(&spec.file, At::Whole, None, kind);
    }
    let order =
        |line: &LineString<f64>| line.0.iter().map(|c| (c.x.to_bits(), c.y.to_bits())).collect::<Vec<_>>();
    barriers.lines.sort_by_cached_key(|(kind, line)| (*kind, order(line)));
    barriers.openings.sort_by_key(|p| (p.x().to_bits(), p.y().to_bits()));
    let mut context = Context::default();
    for feature in &raw.streets {
        let word = feature.kind.to_lowercase();
        let main = ["motorway", "trunk", "primary", "secondary", "arterial", "main"];
        let is_main = main.iter().any(|m| word.starts_with(m));
        if let RawShape::Lines(lines) = &feature.shape {
            context.streets.extend(lines.iter().map(|line| (is_main, metres_line(line, frame))));
        }
    }
    if context.streets.is_empty() {
        context.streets.extend(walked(raw, frame).into_iter().map(|line| (false, line)));
    }
    context.streets.sort_by_cached_key(|(main, line)| (*main, order(line)));
    for feature in &raw.water {
        let RawShape::Area(shape) = &feature.shape else { continue };
        let Some(spec) = &file.context_water else { continue };
        if let Some(shape) = sound_area(shape, frame, &spec.file, feature.at, problems) {
            context.water.extend(shape);
        }
    }
    context.named = named(raw, frame);
    context.water.sort_by_cached_key(|polygon| order(polygon.exterior()));
    (barriers, context)
}
