//! The layers of a plan as columns: one text of outlines, and a list for each property.

use std::collections::BTreeMap;

use geojson::{Feature, JsonObject};
use serde_json::{Map, Value, json};

use super::colour;
use super::geometry::{Frame, Pen, paths};
use crate::model::layers::WrittenLayers;

/// One feature: its properties and its rings or lines in steps.
pub(super) struct Shape {
    pub(super) properties: JsonObject,
    pub(super) paths: Vec<Vec<[i64; 2]>>,
}

/// Reads layers into one frame.
pub(super) struct Reader<'a> {
    pub(super) layers: &'a WrittenLayers,
    pub(super) frame: Frame,
    /// The limit of a covered walk in minutes, if the plan has one.
    pub(super) within_minutes: Option<f64>,
}

impl Reader<'_> {
    /// The features of a layer in their order; none if the plan has no such layer.
    pub(super) fn shapes(&self, file: &str) -> Vec<Shape> {
        let shape = |feature: &Feature| Shape {
            properties: feature.properties.clone().unwrap_or_default(),
            paths: feature.geometry.as_ref().map(|g| paths(&self.frame, &g.value)).unwrap_or_default(),
        };
        self.layers.features(file).iter().map(shape).collect()
    }

    /// Communities: `geo`, `code`, `name`.
    pub(super) fn communities(&self) -> Value {
        let shapes = self.shapes("layers/communities.geojson");
        columns(&shapes, &["code", "name"])
    }

    /// Grids: `geo`, `colour` and every property.
    pub(super) fn grids(&self) -> Value {
        const NAMES: [&str; 15] = [
            "code",
            "name",
            "kind",
            "community",
            "community_name",
            "households",
            "population",
            "older",
            "child",
            "area_m2",
            "atoms",
            "in_range",
            "locked",
            "duty_point",
            "reason",
        ];
        let shapes = self.shapes("grids.geojson");
        let mut out = columns(&shapes, &NAMES);
        let outlines: Vec<_> = shapes.into_iter().map(|s| s.paths).collect();
        out["colour"] = json!(colour::colours(&outlines));
        out
    }

    /// Atoms: `geo`, `code`, counts where known, walks in thousandths of a minute (-1 where none), and `grid`
    /// and `community` as places in `grids` and `communities`.
    pub(super) fn atoms(&self, grids: &Value, communities: &Value) -> Value {
        let mut shapes = self.shapes("layers/atoms.geojson");
        let within = self.within_minutes.map(thousandths);
        for shape in &mut shapes {
            set_walk(&mut shape.properties, "minutes", "covered", within);
            set_walk(&mut shape.properties, "minutes_after", "covered_after", within);
        }
        let mut out = columns(
            &shapes,
            &["atom", "households", "population", "older", "child", "minutes", "minutes_after"],
        );
        out["grid"] = places(&shapes, "grid", &grids["code"]);
        out["community"] = places(&shapes, "community", &communities["code"]);
        out
    }

    /// Edges of the ground reached in so many minutes: `geo`, `minutes`, `name`.
    pub(super) fn isochrones(&self) -> Value {
        columns(&self.shapes("isochrones.geojson"), &["minutes", "name"])
    }

    /// Centres and candidates: `geo` and every property.
    pub(super) fn sites(&self) -> Value {
        let shapes = self.shapes("layers/sites.geojson");
        columns(&shapes, &["code", "name", "kind", "level", "counts", "rank", "action"])
    }

    /// Background by kind, each with `geo` alone.
    pub(super) fn context(&self) -> Value {
        let mut kinds: BTreeMap<String, Vec<Shape>> = BTreeMap::new();
        for shape in self.shapes("layers/context.geojson") {
            let kind = shape.properties.get("kind").and_then(Value::as_str).unwrap_or("other").to_owned();
            kinds.entry(kind).or_default().push(shape);
        }
        let kinds = kinds.into_iter().map(|(kind, shapes)| (kind, columns(&shapes, &[])));
        Value::Object(kinds.collect())
    }
}

/// Minutes as thousandths.
fn thousandths(minutes: f64) -> i64 {
    (minutes * 1000.0).round() as i64
}

/// Turns a walk into thousandths of a minute. Rounding may have brought it onto the limit; the flag beside
/// it was set before rounding, so a walk said to be beyond the limit is kept beyond it.
fn set_walk(properties: &mut JsonObject, key: &str, flag: &str, within: Option<i64>) {
    if !properties.contains_key(key) {
        return;
    }
    let mut walk = properties.get(key).and_then(Value::as_f64).map_or(-1, thousandths);
    if properties.get(flag) == Some(&Value::Bool(false)) && Some(walk) == within {
        walk += 1;
    }
    properties.insert(key.to_owned(), json!(walk));
}

/// `geo` and a list for each property that any feature has; null where one lacks it.
fn columns(shapes: &[Shape], names: &[&str]) -> Value {
    let mut pen = Pen::default();
    for shape in shapes {
        pen.feature(&shape.paths);
    }
    let mut out = Map::new();
    out.insert("geo".to_owned(), json!(pen.finish()));
    out.insert("count".to_owned(), json!(shapes.len()));
    for name in names {
        if shapes.iter().any(|s| s.properties.contains_key(*name)) {
            let column = shapes.iter().map(|s| s.properties.get(*name).cloned().unwrap_or_default());
            out.insert((*name).to_owned(), column.collect());
        }
    }
    Value::Object(out)
}

/// Places of codes in a list of codes; -1 for what is not in it.
fn places(shapes: &[Shape], name: &str, codes: &Value) -> Value {
    let codes = codes.as_array().map(Vec::as_slice).unwrap_or_default();
    let index: BTreeMap<&str, i64> = codes.iter().filter_map(Value::as_str).zip(0..).collect();
    let place = |s: &Shape| {
        let code = s.properties.get(name).and_then(Value::as_str);
        code.and_then(|code| index.get(code)).copied().unwrap_or(-1)
    };
    shapes.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_rounded_onto_the_limit_stays_beyond_it() {
        let cases = [(json!(15.0), false, 15_001), (json!(15.0), true, 15_000), (Value::Null, false, -1)];
        for (minutes, covered, expected) in cases {
            let mut properties = JsonObject::new();
            properties.insert("minutes".to_owned(), minutes);
            properties.insert("covered".to_owned(), json!(covered));
            set_walk(&mut properties, "minutes", "covered", Some(15_000));
            assert_eq!(properties["minutes"], json!(expected));
        }
    }
}
