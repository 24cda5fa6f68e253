//! GeoJSON layers, one feature at a time.
//!
//! The collection is streamed: a feature is parsed, handed on and forgotten, so a layer is never
//! held twice. A feature that is no feature is a problem of its own and the next is read; text
//! that is no JSON ends the layer, with line and column.

use std::fmt;

use geojson::{Feature, JsonObject};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Problems;
use super::source::{DATA_BYTES_MAX, Source};
use crate::model::problem::{At, Kind};

/// A feature as found.
pub(super) struct RawFeature {
    /// From 1.
    pub(super) number: u64,
    /// `Err` if it is no geometry, which has been reported.
    pub(super) geometry: Result<Option<geojson::GeometryValue>, Broken>,
    pub(super) properties: JsonObject,
}

/// A geometry that could not be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Broken;

/// Hands every sound feature of a layer to `take`; false if the text broke off.
pub(super) fn for_each(
    source: &mut Source,
    file: &str,
    problems: &mut Problems,
    mut take: impl FnMut(RawFeature, &mut Problems),
) -> Option<Header> {
    let text = source.read_text(file, DATA_BYTES_MAX, problems)?;
    let mut number = 0;
    let mut header = Header::default();
    let mut deserializer = serde_json::Deserializer::from_str(&text);
    let outcome = {
        let mut each = |value: serde_json::Value| {
            number += 1;
            let properties = value.get("properties").and_then(|p| p.as_object()).cloned();
            let fault = fault_of(&value);
            let feature = serde_json::from_value::<Feature>(value);
            let geometry = match feature {
                Ok(feature) => Ok(feature.geometry.map(|geometry| geometry.value)),
                Err(error) => {
                    let reason = fault.unwrap_or_else(|| short(&error.to_string()));
                    problems.add(file, At::Feature(number), None, Kind::FeatureInvalid { reason });
                    Err(Broken)
                }
            };
            if geometry.is_ok() || properties.is_some() {
                let properties = properties.unwrap_or_default();
                take(RawFeature { number, geometry, properties }, problems);
            }
        };
        let collection = Collection { header: &mut header, each: &mut each };
        collection.deserialize(&mut deserializer).and_then(|()| deserializer.end())
    };
    if let Err(error) = outcome {
        let at = At::Line(error.line() as u64, error.column().max(1) as u64);
        let (at, kind) = match root_of(&text) {
            Some(found) => (At::Whole, Kind::NotFeatureCollection { found: found.to_owned() }),
            None => (at, syntax(&error)),
        };
        problems.add(file, at, None, kind);
        return None;
    }
    if header.kind.as_deref() != Some("FeatureCollection") {
        let found = header.kind.clone().unwrap_or_else(|| "something without a type".to_owned());
        problems.add(file, At::Whole, None, Kind::NotFeatureCollection { found });
        return None;
    }
    if number == 0 {
        problems.add(file, At::Whole, None, Kind::LayerEmpty {});
    }
    Some(header)
}

/// What text that does not begin as an object begins as.
fn root_of(text: &str) -> Option<&'static str> {
    match text.trim_start().chars().next() {
        Some('{') => None,
        Some('[') => Some("an array"),
        Some('"') => Some("text in quotes"),
        Some('0'..='9' | '-') => Some("a number"),
        Some(_) => Some("something else"),
        None => Some("an empty file"),
    }
}

/// A fault of JSON, in words for somebody who did not write it.
fn syntax(error: &serde_json::Error) -> Kind {
    let text = error.to_string();
    let reason = text.split(" at line ").next().unwrap_or_default();
    match reason {
        _ if error.is_eof() => Kind::CutShort {},
        "recursion limit exceeded" => Kind::NestedTooDeep {},
        "number out of range" | "invalid number" => Kind::NumberBad {},
        "expected value" => Kind::Syntax {
            reason: "a value should stand here (NaN and words without quotes are none)".to_owned(),
        },
        _ => Kind::Syntax { reason: reason.to_owned() },
    }
}

/// Why a value is no feature, where that can be said in plain words.
fn fault_of(value: &serde_json::Value) -> Option<String> {
    let Some(object) = value.as_object() else {
        return Some("it is no object".to_owned());
    };
    if object.get("type").and_then(|t| t.as_str()) != Some("Feature") {
        return Some("its `type` is not \"Feature\"".to_owned());
    }
    if object.get("properties").is_some_and(|p| !p.is_object() && !p.is_null()) {
        return Some("its `properties` are no object".to_owned());
    }
    let kind = object.get("geometry").and_then(|g| g.get("type")).and_then(|t| t.as_str());
    let known = [
        "Point",
        "MultiPoint",
        "LineString",
        "MultiLineString",
        "Polygon",
        "MultiPolygon",
        "GeometryCollection",
    ];
    match kind {
        Some(kind) if !known.contains(&kind) => Some(format!("there is no geometry of type {}", short(kind))),
        Some(_) => Some("its `coordinates` are not lists of numbers as deep as its type needs".to_owned()),
        None => Some("its `geometry` has no type".to_owned()),
    }
}

/// The first hundred characters.
fn short(text: &str) -> String {
    let cut: String = text.chars().take(100).collect();
    if cut.len() < text.len() { cut + "…" } else { cut }
}

/// What a collection says of itself.
#[derive(Default)]
pub(super) struct Header {
    kind: Option<String>,
    /// The name in a `crs` member, which RFC 7946 has abolished and many files still carry.
    pub(super) crs: Option<String>,
}

struct Collection<'a, F> {
    header: &'a mut Header,
    each: &'a mut F,
}

impl<'de, F: FnMut(serde_json::Value)> DeserializeSeed<'de> for Collection<'_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, F: FnMut(serde_json::Value)> Visitor<'de> for Collection<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a GeoJSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => {
                    let value: serde_json::Value = map.next_value()?;
                    self.header.kind = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned));
                }
                "crs" => {
                    let value: serde_json::Value = map.next_value()?;
                    self.header.crs = value["properties"]["name"].as_str().map(str::to_owned);
                }
                "features" => map.next_value_seed(Features(self.each))?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

struct Features<'a, F>(&'a mut F);

impl<'de, F: FnMut(serde_json::Value)> DeserializeSeed<'de> for Features<'_, F> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(serde_json::Value)> Visitor<'de> for Features<'_, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of features")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<serde_json::Value>()? {
            (self.0)(value);
        }
        Ok(())
    }
}
