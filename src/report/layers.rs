//! Layers in longitude and latitude: the grids others rely on, and what the maps are drawn from.
//!
//! Positions are rounded to seven decimals, about a centimetre.

use geo::{LineString, MultiPolygon, Point, Polygon};
use geojson::{Feature, FeatureCollection, Geometry, GeometryValue, JsonObject, Position};
use serde_json::{Value, json};

use super::Subject;
use super::summary::{minutes, six};
use crate::geometry::projection::LocalFrame;
use crate::model::place::{Atom, AtomKind, BarrierKind};
use crate::model::plan::{Coverage, Grid, Isochrone};

/// Every layer of a plan with its name.
pub(super) fn layers(subject: &Subject<'_>) -> Vec<(&'static str, Vec<Feature>)> {
    let writer = Writer { frame: LocalFrame::around(subject.place.origin) };
    let mut layers = Vec::new();
    if subject.plan.partition.is_some() {
        layers.push(("grids.geojson", grids(subject, &writer)));
    }
    layers.push(("layers/atoms.geojson", atoms(subject, &writer)));
    layers.push(("layers/communities.geojson", communities(subject, &writer)));
    layers.push(("layers/sites.geojson", sites(subject, &writer)));
    layers.push(("layers/context.geojson", context(subject, &writer)));
    if !subject.place.flaws.is_empty() {
        layers.push(("layers/qa.geojson", flaws(subject, &writer)));
    }
    if let Some(coverage) = subject.plan.coverage.as_ref().filter(|c| !c.isochrones.is_empty()) {
        layers.push(("isochrones.geojson", isochrones(subject, coverage)));
    }
    layers
}

/// One feature a line, so that a difference between two plans can be read.
pub(super) fn collection(features: &[Feature]) -> Vec<u8> {
    let mut text = b"{\"type\":\"FeatureCollection\",\"features\":[".to_vec();
    for (i, feature) in features.iter().enumerate() {
        text.extend(if i == 0 { "\n" } else { ",\n" }.bytes());
        serde_json::to_writer(&mut text, feature).expect("memory takes any text, and keys are texts");
    }
    text.extend(b"\n]}\n");
    text
}

struct Writer {
    frame: LocalFrame,
}

impl Writer {
    fn position(&self, x: f64, y: f64) -> Position {
        let (lon, lat) = self.frame.to_degrees(x, y);
        let round = |v: f64| (v * 1e7).round() / 1e7;
        Position::from([round(lon), round(lat)])
    }

    fn line(&self, line: &LineString<f64>) -> Vec<Position> {
        line.0.iter().map(|c| self.position(c.x, c.y)).collect()
    }

    fn polygon(&self, polygon: &Polygon<f64>) -> Vec<Vec<Position>> {
        let inner = polygon.interiors().iter();
        std::iter::once(polygon.exterior()).chain(inner).map(|ring| self.line(ring)).collect()
    }

    fn area(&self, shape: &MultiPolygon<f64>) -> GeometryValue {
        GeometryValue::MultiPolygon { coordinates: shape.iter().map(|p| self.polygon(p)).collect() }
    }

    fn point(&self, point: Point<f64>) -> GeometryValue {
        GeometryValue::Point { coordinates: self.position(point.x(), point.y()) }
    }
}

fn feature(geometry: GeometryValue, properties: Value) -> Feature {
    let properties: JsonObject = match properties {
        Value::Object(map) => map,
        _ => JsonObject::new(),
    };
    Feature { geometry: Some(Geometry::new(geometry)), properties: Some(properties), ..Feature::default() }
}

fn grids(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let place = subject.place;
    let grids = subject.plan.partition.iter().flat_map(|p| &p.grids);
    let properties = |grid: &Grid| {
        json!({
            "code": grid.code,
            "name": grid.name,
            "community": place.communities[grid.community.index()].code,
            "community_name": place.communities[grid.community.index()].name,
            "households": grid.counts.households,
            "population": grid.counts.population,
            "older": grid.counts.older,
            "child": grid.counts.child,
            "atoms": grid.atoms,
            "pieces": grid.pieces,
            "duty_point": place.atoms[grid.duty_point.index()].code,
            "moment_of_inertia": grid.inertia,
            "area_m2": grid.area_m2.round(),
            "polsby_popper": six(grid.polsby_popper),
            "kind": if grid.exclusive { "exclusive" } else { "basic" },
            "locked": grid.is_locked(),
            "in_range": grid.reason.is_none(),
            "reason": grid.reason.as_ref().map(|r| subject.reason(r)),
        })
    };
    grids.map(|grid| feature(writer.area(&grid.shape), properties(grid))).collect()
}

fn atoms(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let Subject { place, fabric, plan, .. } = subject;
    let within = subject.rules.within();
    let one = |(a, atom): (usize, &Atom)| {
        let mut properties = json!({
            "atom": atom.code,
            "community": place.communities[atom.community.index()].code,
            "households": atom.counts.households,
            "population": atom.counts.population,
            "older": atom.counts.older,
            "child": atom.counts.child,
        });
        if let Some(partition) = &plan.partition {
            properties["grid"] = json!(partition.grids[partition.grid_of[a].index()].code);
        }
        if let Some(coverage) = &plan.coverage {
            let walk = coverage.nearest[a].map(|(_, time)| time);
            properties["minutes"] = minutes(walk);
            properties["covered"] = json!(walk.is_some_and(|t| t <= within));
        }
        if let Some(siting) = &plan.siting {
            properties["minutes_after"] = minutes(siting.walk_after[a]);
            properties["covered_after"] = json!(siting.walk_after[a].is_some_and(|t| t <= within));
        }
        feature(writer.area(&fabric.ground[a]), properties)
    };
    place.atoms.iter().enumerate().map(one).collect()
}

fn communities(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let all = subject.place.communities.iter();
    all.map(|community| {
        let properties = json!({"code": community.code, "name": community.name});
        feature(writer.area(&community.outline), properties)
    })
    .collect()
}

/// Ground drawn wrong, numbered as on its map.
fn flaws(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let flaws = subject.place.flaws.iter().zip(1u32..);
    flaws
        .map(|(flaw, number)| {
        let area = (flaw.area_m2 * 10.0).round() / 10.0;
        let properties = json!({
            "number": number, "kind": flaw.kind.name(), "between": flaw.between.join(", "), "area_m2": area,
        });
        feature(writer.area(&flaw.shape), properties)
    }).collect()
}

/// Already in degrees, with every vertex kept: rounding would make rings cross. Of so many digits a
/// reader may lose the last, so the layer is handed on as it will be read.
fn isochrones(subject: &Subject<'_>, coverage: &Coverage) -> Vec<Feature> {
    let ring = |line: &LineString<f64>| line.0.iter().map(|c| Position::from([c.x, c.y])).collect::<Vec<_>>();
    let polygon = |p: &Polygon<f64>| std::iter::once(p.exterior()).chain(p.interiors()).map(ring).collect();
    let one = |isochrone: &Isochrone| {
        let site = isochrone.centre.map(|centre| &subject.place.centres[centre.index()].site);
        let properties = json!({
            "centre": site.map(|site| site.code.clone()),
            "name": site.map(|site| site.name.clone()),
            "minutes": minutes(Some(isochrone.limit)),
        });
        let coordinates = isochrone.shape.iter().map(polygon).collect();
        feature(GeometryValue::MultiPolygon { coordinates }, properties)
    };
    let made: Vec<Feature> = coverage.isochrones.iter().map(one).collect();
    let read = serde_json::from_slice::<FeatureCollection>(&collection(&made));
    read.map_or(made, |read| read.features)
}

fn sites(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let place = subject.place;
    let level = subject.rules.siting.level;
    let mut features = Vec::new();
    for centre in &place.centres {
        let counts = centre.serves(level, &subject.rules.coverage);
        let site = &centre.site;
        let properties = json!({
            "kind": "centre", "code": site.code, "name": site.name, "level": centre.level, "counts": counts,
        });
        features.push(feature(writer.point(site.at), properties));
    }
    let rank = |id: usize| {
        let chosen = subject.plan.siting.as_ref()?.chosen.iter();
        chosen.zip(1u32..).find(|(c, _)| c.candidate.index() == id).map(|(_, rank)| rank)
    };
    for (i, candidate) in place.candidates.iter().enumerate() {
        let site = &candidate.site;
        let rank = rank(i);
        let kind = if rank.is_some() { "chosen" } else { "candidate" };
        let action = candidate.action.map(crate::model::place::Action::character);
        let mut properties =
            json!({"kind": kind, "code": site.code, "name": site.name, "rank": rank, "action": action});
        let chosen = subject.plan.siting.iter().flat_map(|siting| &siting.chosen);
        if let Some(chosen) = chosen.into_iter().find(|c| c.candidate.index() == i) {
            properties["gain"] = json!(chosen.newly_covered);
        }
        let placed = subject.plan.together.iter().flat_map(|together| &together.chosen);
        if let Some((letter, placed)) = (0u32..).zip(placed).find(|(_, p)| p.candidate.index() == i) {
            properties["together"] = json!(letter);
            properties["inside"] = json!(super::together::inside(subject, placed));
        }
        features.push(feature(writer.point(site.at), properties));
    }
    features
}

/// Streets, water, barriers, and buildings where the atoms' ground is wider than they are.
fn context(subject: &Subject<'_>, writer: &Writer) -> Vec<Feature> {
    let place = subject.place;
    let mut features = Vec::new();
    for polygon in &place.context.water {
        let shape = GeometryValue::Polygon { coordinates: writer.polygon(polygon) };
        features.push(feature(shape, json!({"kind": "water"})));
    }
    let mut line = |line: &LineString<f64>, kind: &str| {
        let shape = GeometryValue::LineString { coordinates: writer.line(line) };
        features.push(feature(shape, json!({"kind": kind})));
    };
    for (main, street) in &place.context.streets {
        line(street, if *main { "arterial" } else { "street" });
    }
    for (kind, barrier) in &place.barriers.lines {
        line(
            barrier,
            match kind {
                BarrierKind::River => "river",
                BarrierKind::Railway => "railway",
                BarrierKind::Wall => "wall",
                BarrierKind::Other => "barrier",
            },
        );
    }
    if place.atom_kind == AtomKind::Sites {
        for shape in place.atoms.iter().filter_map(|atom| atom.shape.as_ref()) {
            features.push(feature(writer.area(shape), json!({"kind": "building"})));
        }
    }
    features
}
