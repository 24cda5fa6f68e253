//! The written layers for a GIS, in the system the place came in: a GeoPackage, and Shapefiles.

use geojson::{GeometryValue, JsonObject, Position};
use serde_json::{Value as Json, json};

use super::{File, Subject};
use crate::crs::System;
use crate::formats::shapefile::{self, Outgoing};
use crate::formats::{FormatError, text_of};
use crate::model::layers::WrittenLayers;
use crate::office::geopackage::{Category, Colour, FieldKind, Fill, GeometryKind, Layer, Srs, Style, Value};

/// Bytes a text of a Shapefile has room for.
const TEXT_MAX: usize = 254;

/// The system layers go out in: the place's own, or degrees where that is a shifted one which no
/// register knows.
fn system(subject: &Subject<'_>) -> (System, Srs) {
    let named = &subject.place.crs;
    let own = System::named(named).filter(|system| system.epsg().is_some()).unwrap_or(System::Degrees);
    let projected = own.epsg().filter(|_| !own.is_degrees());
    let srs = match projected.and_then(|epsg| Some((epsg, text_of(epsg)?))) {
        Some((epsg, text)) => Srs::Projected { epsg, name: own.label(), text },
        None if named.contains("4490") || named.to_uppercase().contains("CGCS2000") => Srs::Cgcs2000,
        None => Srs::Wgs84,
    };
    (if matches!(srs, Srs::Projected { .. }) { own } else { System::Degrees }, srs)
}

/// Puts every position into a system, to a tenth of a millimetre.
fn move_to(system: System, geometry: &mut GeometryValue) {
    if system.is_degrees() {
        return;
    }
    let shift = |position: &mut Position| {
        let [lon, lat, ..] = position.as_slice() else { return };
        if let Some((x, y)) = system.from_degrees(*lon, *lat) {
            let round = |v: f64| (v * 1e4).round() / 1e4;
            *position = Position::from([round(x), round(y)]);
        }
    };
    match geometry {
        GeometryValue::Point { coordinates } => shift(coordinates),
        GeometryValue::LineString { coordinates } | GeometryValue::MultiPoint { coordinates } => {
            coordinates.iter_mut().for_each(shift);
        }
        GeometryValue::Polygon { coordinates } | GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter_mut().flatten().for_each(shift);
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter_mut().flatten().flatten().for_each(shift);
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter_mut().for_each(|geometry| move_to(system, &mut geometry.value));
        }
    }
}

/// The same layers as Shapefiles, in a folder of their own. A text that is too long for the format ends in
/// dots.
///
/// # Errors
/// [`FormatError`] if a layer is too large for the format.
pub fn shapefiles(subject: &Subject<'_>, written: &WrittenLayers) -> Result<Vec<File>, FormatError> {
    let mut files = Vec::new();
    for layer in layers(subject, written) {
        let rows: Vec<(GeometryValue, JsonObject)> = layer
            .features
            .into_iter()
            .map(|(geometry, values)| {
                let names = layer.fields.iter().map(|field| field.0.clone());
                (geometry, names.zip(values.into_iter().map(plain)).collect())
            })
            .collect();
        let features: Vec<Outgoing<'_>> = rows
            .iter()
            .map(|(geometry, properties)| Outgoing { geometry: Some(geometry), properties })
            .collect();
        let kind = |kind: FieldKind| match kind {
            FieldKind::Text => shapefile::FieldKind::Text,
            FieldKind::Whole | FieldKind::Flag => shapefile::FieldKind::Whole,
            FieldKind::Number => shapefile::FieldKind::Decimal,
        };
        let fields: Vec<(String, shapefile::FieldKind)> =
            layer.fields.iter().map(|(name, of)| (name.clone(), kind(*of))).collect();
        let epsg = u32::try_from(layer.srs.code()).ok();
        let parts = shapefile::write(&layer.name, &features, &fields, epsg)?;
        files.extend(parts.into_iter().map(|(name, bytes)| (format!("shapefile/{name}"), bytes)));
    }
    Ok(files)
}

fn plain(value: Value) -> Json {
    match value {
        Value::Text(text) if text.len() > TEXT_MAX => {
            let mut end = TEXT_MAX - '…'.len_utf8();
            while !text.is_char_boundary(end) {
                end -= 1;
            }
            json!(format!("{}…", &text[..end]))
        }
        Value::Text(text) => json!(text),
        Value::Whole(whole) => json!(whole),
        Value::Number(number) => json!(number),
        Value::Flag(flag) => json!(i64::from(flag)),
        Value::Empty => Json::Null,
    }
}

type Field = (&'static str, FieldKind);

/// The written layers in the place's own system, with their styles.
pub(super) fn layers(subject: &Subject<'_>, written: &WrittenLayers) -> Vec<Layer> {
    let (system, srs) = system(subject);
    use FieldKind::{Flag, Number, Text, Whole};
    let black = Colour(40, 40, 40, 255);
    let kinds = [
        ("basic", "基础网格", Colour(166, 206, 227, 160)),
        ("exclusive", "专属网格", Colour(253, 191, 111, 160)),
    ];
    let categories =
        kinds.map(|(value, label, colour)| Category { value: value.into(), label: label.into(), colour });
    let style = |fill: Fill, outline: Colour, width_mm: f64, label: Option<&str>| Style {
        fill,
        outline,
        width_mm,
        label: label.map(str::to_owned),
    };
    let grids: &[Field] = &[
        ("code", Text),
        ("name", Text),
        ("kind", Text),
        ("locked", Flag),
        ("community", Text),
        ("community_name", Text),
        ("households", Whole),
        ("population", Whole),
        ("older", Whole),
        ("child", Whole),
        ("atoms", Whole),
        ("area_m2", Number),
        ("polsby_popper", Number),
        ("in_range", Flag),
        ("reason", Text),
        ("duty_point", Text),
    ];
    let atoms: &[Field] = &[
        ("atom", Text),
        ("community", Text),
        ("grid", Text),
        ("households", Whole),
        ("population", Whole),
        ("older", Whole),
        ("child", Whole),
        ("minutes", Number),
        ("covered", Flag),
        ("minutes_after", Number),
        ("covered_after", Flag),
    ];
    let sites: &[Field] = &[
        ("code", Text),
        ("name", Text),
        ("kind", Text),
        ("level", Whole),
        ("counts", Flag),
        ("rank", Whole),
        ("gain", Whole),
    ];
    let wanted = [
        (
            "layers/atoms.geojson",
            "atoms",
            "单元",
            GeometryKind::MultiPolygon,
            atoms,
            style(Fill::Hollow, Colour(150, 150, 150, 255), 0.1, None),
        ),
        (
            "isochrones.geojson",
            "isochrones",
            "步行等时圈",
            GeometryKind::MultiPolygon,
            &[("centre", Text), ("name", Text), ("minutes", Number)],
            style(Fill::Single(Colour(60, 120, 200, 40)), Colour(60, 120, 200, 160), 0.2, None),
        ),
        (
            "grids.geojson",
            "grids",
            "网格",
            GeometryKind::MultiPolygon,
            grids,
            style(
                Fill::Categories { field: "kind".into(), categories: categories.into() },
                black,
                0.4,
                Some("name"),
            ),
        ),
        (
            "layers/communities.geojson",
            "communities",
            "社区",
            GeometryKind::MultiPolygon,
            &[("code", Text), ("name", Text)],
            style(Fill::Hollow, Colour(180, 0, 0, 255), 0.8, None),
        ),
        (
            "layers/qa.geojson",
            "qa",
            "界线疑点",
            GeometryKind::MultiPolygon,
            &[("number", Whole), ("kind", Text), ("between", Text), ("area_m2", Number)],
            style(Fill::Single(Colour(200, 0, 60, 200)), Colour(200, 0, 60, 255), 0.6, Some("number")),
        ),
        (
            "layers/sites.geojson",
            "sites",
            "中心与候选点",
            GeometryKind::Point,
            sites,
            style(Fill::Single(Colour(210, 30, 30, 255)), black, 0.3, Some("name")),
        ),
    ];
    let layer =
        |(file, name, title, kind, fields, style): (&str, &str, &str, GeometryKind, &[Field], Style)| {
            if !written.has(file) {
                return None;
            }
            let value = |kind: FieldKind, found: Option<&Json>| match (kind, found) {
                (_, None | Some(Json::Null)) => Value::Empty,
                (Text, Some(v)) => Value::Text(v.as_str().map_or_else(|| v.to_string(), str::to_owned)),
                (Whole, Some(v)) => v.as_i64().map_or(Value::Empty, Value::Whole),
                (Number, Some(v)) => v.as_f64().map_or(Value::Empty, Value::Number),
                (Flag, Some(v)) => v.as_bool().map_or(Value::Empty, Value::Flag),
            };
            let features = written.features(file).iter().filter_map(|feature| {
                let values =
                    fields.iter().map(|(field, kind)| value(*kind, feature.property(field))).collect();
                let mut geometry = feature.geometry.as_ref()?.value.clone();
                move_to(system, &mut geometry);
                Some((geometry, values))
            });
            Some(Layer {
                name: name.into(),
                title: title.into(),
                kind,
                srs: srs.clone(),
                features: features.collect(),
                fields: fields.iter().map(|(field, kind)| ((*field).to_owned(), *kind)).collect(),
                style: Some(style),
            })
        };
    wanted.into_iter().filter_map(layer).collect()
}
