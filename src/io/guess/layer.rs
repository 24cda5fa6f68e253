//! A vector layer looked at: what shapes it has, where they lie, and which properties could be what.

use std::collections::{BTreeMap, BTreeSet};

use geojson::GeometryValue;

use crate::crs::{System, Zone};
use crate::io::Problems;
use crate::io::codes::property_text;
use crate::io::source::Source;
use crate::io::specs::FileSpec;
use crate::io::vectors;
use crate::ledger;
use crate::model::problem::Kind;

/// Values of a property that are kept for joining.
const VALUES_KEPT: usize = 2_000_000;

/// What shapes a layer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Shape {
    Area,
    Line,
    Point,
}

/// A layer as far as a guess needs it.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    /// Its name, where the file has several.
    pub(super) layer: Option<String>,
    pub(super) shape: Shape,
    pub(super) features: usize,
    /// Property names with the values found.
    pub(super) values: BTreeMap<String, BTreeSet<String>>,
    /// Lowest and highest of the two numbers of positions.
    pub(super) low: (f64, f64),
    pub(super) high: (f64, f64),
    /// The system the file itself names.
    pub(super) said: Option<String>,
}

/// Every layer of a file that has shapes.
pub(super) fn look(source: &mut Source, file: &str, problems: &mut Problems) -> Vec<Layer> {
    let mut found = Problems::default();
    let one = one(source, file, None, &mut found);
    let several = found.list.iter().find_map(|problem| match &problem.kind {
        Kind::Told(told) if told.id == "LayersSeveral" => {
            told.message[1].split_once(": ").map(|(_, names)| names.to_owned())
        }
        _ => None,
    });
    match several {
        Some(names) => {
            names.split(", ").filter_map(|name| self::one(source, file, Some(name), problems)).collect()
        }
        None => {
            problems.list.append(&mut found.list);
            one.into_iter().collect()
        }
    }
}

fn one(source: &mut Source, file: &str, layer: Option<&str>, problems: &mut Problems) -> Option<Layer> {
    let spec = FileSpec { file: file.to_owned(), crs: None, layer: layer.map(str::to_owned) };
    let mut shapes: BTreeMap<Shape, usize> = BTreeMap::new();
    let mut look = Layer {
        layer: spec.layer.clone(),
        shape: Shape::Point,
        features: 0,
        values: BTreeMap::new(),
        low: (f64::INFINITY, f64::INFINITY),
        high: (f64::NEG_INFINITY, f64::NEG_INFINITY),
        said: None,
    };
    let before = problems.list.len();
    vectors::for_each(source, &spec, "EPSG:4326", problems, |raw, named, _| {
        look.features += 1;
        look.said = (named.1 != "EPSG:4326").then(|| named.1.clone());
        if let Ok(Some(geometry)) = &raw.geometry {
            *shapes.entry(shape_of(geometry)).or_default() += 1;
            each_position(geometry, &mut |x, y| {
                look.low = (look.low.0.min(x), look.low.1.min(y));
                look.high = (look.high.0.max(x), look.high.1.max(y));
            });
        }
        for key in raw.properties.keys() {
            let values = look.values.entry(key.clone()).or_default();
            if let Some(text) = property_text(raw.properties.get(key)).filter(|_| values.len() < VALUES_KEPT)
            {
                values.insert(text);
            }
        }
    })?;
    // The system is what is being found out, not what is wrong.
    let tail = problems.list.split_off(before);
    problems.list.extend(tail.into_iter().filter(|p| !matches!(p.kind, Kind::CrsOfFile { .. })));
    look.shape = shapes.into_iter().max_by_key(|(shape, n)| (*n, std::cmp::Reverse(*shape)))?.0;
    Some(look)
}

fn shape_of(geometry: &GeometryValue) -> Shape {
    match geometry {
        GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. } => Shape::Area,
        GeometryValue::LineString { .. } | GeometryValue::MultiLineString { .. } => Shape::Line,
        _ => Shape::Point,
    }
}

fn each_position(geometry: &GeometryValue, take: &mut impl FnMut(f64, f64)) {
    let mut one = |position: &geojson::Position| {
        if let [x, y, ..] = position.as_slice() {
            take(*x, *y);
        }
    };
    match geometry {
        GeometryValue::Point { coordinates } => one(coordinates),
        GeometryValue::LineString { coordinates } | GeometryValue::MultiPoint { coordinates } => {
            coordinates.iter().for_each(one);
        }
        GeometryValue::Polygon { coordinates } | GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().flatten().for_each(one);
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().flatten().for_each(one);
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().for_each(|inner| each_position(&inner.value, take));
        }
    }
}

impl Layer {
    /// The property whose name is known to mean this key of a place file; among several the one with
    /// most different values.
    pub(super) fn property(&self, key: &str) -> Option<&str> {
        let means = |name: &str| {
            let lower = name.to_lowercase();
            ledger::field_of(name) == Some(key)
                || lower == key
                || lower.ends_with(&format!("_{key}"))
                || (key == "name" && ledger::field_of(name) == Some("community"))
        };
        let known = self.values.iter().filter(|(name, _)| means(name));
        known
            .max_by_key(|(name, values)| (values.len(), std::cmp::Reverse(*name)))
            .map(|(name, _)| name.as_str())
    }

    /// The code property: known by its name, or else the first whose values are all different.
    pub(super) fn code(&self) -> Option<&str> {
        let unique = |name: &&str| self.values[*name].len() == self.features;
        let known = self.property("code").filter(unique);
        let mut others = self.values.keys().map(String::as_str);
        known.or_else(|| others.find(|name| unique(name) && self.values[*name].iter().all(|v| is_code(v))))
    }

    /// The system its numbers fit, where the file does not say: degrees, or a zone by its number.
    pub(super) fn system(&self) -> Option<String> {
        if self.said.is_some() {
            return self.said.clone();
        }
        let degrees = self.low.0.abs() <= 180.0 && self.high.0.abs() <= 180.0 && self.high.1.abs() <= 90.0;
        if degrees {
            return Some("EPSG:4326".to_owned());
        }
        let zone = (self.low.0 / 1e6).floor();
        let same = zone == (self.high.0 / 1e6).floor() && (13.0..=45.0).contains(&zone);
        same.then(|| Zone::of_number(zone as u32)).flatten().map(|zone| System::GaussKruger(zone).label())
    }
}

/// Letters and digits, as codes are.
pub(super) fn is_code(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}
