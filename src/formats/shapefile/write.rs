//! Shapefiles for those who must hand them in.

use std::collections::{BTreeMap, BTreeSet};

use geojson::{GeometryValue, Position};
use serde_json::{Map, Value};

use super::super::error::{Fault, FormatError};
use super::super::prj;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text of at most 254 bytes.
    Text,
    /// Whole numbers.
    Whole,
    /// Decimal numbers.
    Decimal,
}

/// A feature to be written.
#[derive(Clone, Copy, Debug)]
pub struct Outgoing<'a> {
    /// Points, lines or areas, the same kind in all features; `None` becomes a null shape.
    pub geometry: Option<&'a GeometryValue>,
    /// Attributes by field name; missing ones stay blank.
    pub properties: &'a Map<String, Value>,
}

/// Bytes a field name has room for.
const NAME_MAX: usize = 10;
/// Bytes a text has room for.
const TEXT_MAX: usize = 254;
/// Signs a number is given.
const NUMBER_LENGTH: usize = 24;

/// Writes `.shp`, `.shx`, `.dbf` (UTF-8), `.cpg` and, if a system is named, `.prj`.
///
/// Returns file names, which are `name` with each ending, and their bytes. Field names are cut to
/// ten bytes between characters and numbered where that makes them the same. Outer rings run
/// clockwise and holes the other way, whatever they did. Same input, same bytes.
///
/// # Errors
///
/// [`Fault::GeometryUnfit`] for mixed kinds, collections or more than 2 GB; [`Fault::FieldUnfit`]
/// for a text over 254 bytes, which would be cut, or more than 255 fields;
/// [`Fault::SystemUnknown`] for a system that is not supported.
pub fn write(
    name: &str,
    features: &[Outgoing<'_>],
    fields: &[(String, FieldKind)],
    epsg: Option<u32>,
) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
    let shapes = shapes(name, features)?;
    let dbf = table(name, features, fields)?;
    let mut files = vec![
        (format!("{name}.shp"), shapes.shp),
        (format!("{name}.shx"), shapes.shx),
        (format!("{name}.dbf"), dbf),
        (format!("{name}.cpg"), b"UTF-8".to_vec()),
    ];
    if let Some(epsg) = epsg {
        let unknown = || FormatError::whole(name, Fault::SystemUnknown { name: format!("EPSG:{epsg}") });
        let text = prj::text_of(epsg).ok_or_else(unknown)?;
        files.push((format!("{name}.prj"), text.into_bytes()));
    }
    Ok(files)
}

/// Number of the shape and its parts; a point has one part of one position.
fn parts(geometry: &GeometryValue) -> Option<(u32, Vec<Vec<Position>>)> {
    Some(match geometry {
        GeometryValue::Point { coordinates } => (1, vec![vec![coordinates.clone()]]),
        GeometryValue::MultiPoint { coordinates } => (8, vec![coordinates.clone()]),
        GeometryValue::LineString { coordinates } => (3, vec![coordinates.clone()]),
        GeometryValue::MultiLineString { coordinates } => (3, coordinates.clone()),
        GeometryValue::Polygon { coordinates } => (5, wound(coordinates)),
        GeometryValue::MultiPolygon { coordinates } => {
            (5, coordinates.iter().flat_map(|p| wound(p)).collect())
        }
        GeometryValue::GeometryCollection { .. } => return None,
    })
}

/// Closed rings, the outer one clockwise and holes the other way.
fn wound(rings: &[Vec<Position>]) -> Vec<Vec<Position>> {
    let mut out = Vec::with_capacity(rings.len());
    for (i, ring) in rings.iter().filter(|ring| !ring.is_empty()).enumerate() {
        let mut ring = ring.clone();
        if ring.first() != ring.last() {
            ring.extend(ring.first().cloned());
        }
        let (x, y) = (ring[0][0], ring[0][1]);
        let cross = |w: &[Position]| (w[0][0] - x) * (w[1][1] - y) - (w[1][0] - x) * (w[0][1] - y);
        let area: f64 = ring.windows(2).map(cross).sum();
        if (area > 0.0) == (i == 0) {
            ring.reverse();
        }
        out.push(ring);
    }
    out
}

struct Shapes {
    shp: Vec<u8>,
    shx: Vec<u8>,
}

fn shapes(name: &str, features: &[Outgoing<'_>]) -> Result<Shapes, FormatError> {
    let mut kind = 0;
    let mut bounds = Bounds::default();
    let (mut shp, mut shx) = (vec![0; 100], vec![0; 100]);
    for (number, feature) in (1u32..).zip(features) {
        let unfit = |reason: &str| {
            FormatError::record(name, u64::from(number), Fault::GeometryUnfit { reason: reason.to_owned() })
        };
        let short = |parts: &[Vec<Position>]| parts.iter().flatten().any(|p| p.len() < 2);
        let mut content = Vec::new();
        match feature.geometry.map(parts) {
            None => content.extend(0u32.to_le_bytes()),
            Some(None) => return Err(unfit("a collection of several kinds has no place in a Shapefile")),
            Some(Some((_, parts))) if short(&parts) => return Err(unfit("a position needs two numbers")),
            Some(Some((own, parts))) => {
                if kind != 0 && kind != own {
                    return Err(unfit("a Shapefile holds one kind of geometry, and this is another"));
                }
                kind = own;
                bounds.add(&parts);
                shape(own, &parts, &mut content);
            }
        }
        let (at, words) = (shp.len() / 2, content.len() / 2);
        if at + words > 0x3fff_ffff {
            return Err(unfit("it would be longer than the 2 GB a Shapefile may have"));
        }
        shx.extend((at as u32).to_be_bytes());
        shx.extend((words as u32).to_be_bytes());
        shp.extend(number.to_be_bytes());
        shp.extend((words as u32).to_be_bytes());
        shp.extend(content);
    }
    header(&mut shp, kind, &bounds);
    header(&mut shx, kind, &bounds);
    Ok(Shapes { shp, shx })
}

/// West, south, east, north.
#[derive(Default)]
struct Bounds(Option<[f64; 4]>);

impl Bounds {
    fn add(&mut self, parts: &[Vec<Position>]) {
        for p in parts.iter().flatten() {
            let [w, s, e, n] = self.0.unwrap_or([p[0], p[1], p[0], p[1]]);
            self.0 = Some([w.min(p[0]), s.min(p[1]), e.max(p[0]), n.max(p[1])]);
        }
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.unwrap_or_default().iter().flat_map(|v| v.to_le_bytes()).collect()
    }
}

fn shape(kind: u32, parts: &[Vec<Position>], out: &mut Vec<u8>) {
    out.extend(kind.to_le_bytes());
    let points: usize = parts.iter().map(Vec::len).sum();
    if kind != 1 {
        let mut bounds = Bounds::default();
        bounds.add(parts);
        out.extend(bounds.bytes());
        if kind != 8 {
            out.extend((parts.len() as u32).to_le_bytes());
        }
        out.extend((points as u32).to_le_bytes());
    }
    if kind == 3 || kind == 5 {
        let mut start = 0u32;
        for part in parts {
            out.extend(start.to_le_bytes());
            start += part.len() as u32;
        }
    }
    for p in parts.iter().flatten() {
        out.extend(p[0].to_le_bytes());
        out.extend(p[1].to_le_bytes());
    }
}

fn header(file: &mut [u8], kind: u32, bounds: &Bounds) {
    let words = (file.len() / 2) as u32;
    file[..4].copy_from_slice(&9994u32.to_be_bytes());
    file[24..28].copy_from_slice(&words.to_be_bytes());
    file[28..32].copy_from_slice(&1000u32.to_le_bytes());
    file[32..36].copy_from_slice(&kind.to_le_bytes());
    file[36..68].copy_from_slice(&bounds.bytes());
}

/// The longest beginning of whole characters that fits.
fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Field names of at most ten bytes, all different in any letter case.
fn short_names(fields: &[(String, FieldKind)]) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut next: BTreeMap<String, usize> = BTreeMap::new();
    let mut names = Vec::new();
    for (long, _) in fields {
        let base = if long.is_empty() { "field" } else { long };
        let mut short = cut(base, NAME_MAX).to_owned();
        let number = next.entry(short.to_uppercase()).or_insert(1);
        while !taken.insert(short.to_uppercase()) {
            let tail = format!("_{number}");
            short = format!("{}{tail}", cut(base, NAME_MAX - tail.len()));
            *number += 1;
        }
        names.push(short);
    }
    names
}

fn table(
    name: &str,
    features: &[Outgoing<'_>],
    fields: &[(String, FieldKind)],
) -> Result<Vec<u8>, FormatError> {
    let unfit =
        |field: &str, reason: &str| Fault::FieldUnfit { name: field.to_owned(), reason: reason.to_owned() };
    if fields.len() > 255 {
        return Err(FormatError::whole(name, unfit(&fields[255].0, "a Shapefile has room for 255 fields")));
    }
    // A table without columns is refused by most programs, so it numbers its rows.
    let numbered = fields.is_empty();
    let own = [("id".to_owned(), FieldKind::Whole)];
    let fields = if numbered { &own } else { fields };
    let mut columns: Vec<Vec<String>> = Vec::new();
    for (field, kind) in fields {
        let mut column = Vec::with_capacity(features.len());
        for (number, feature) in (1u64..).zip(features) {
            let text = match feature.properties.get(field) {
                _ if numbered => number.to_string(),
                Some(value) => cell(value, *kind),
                None => String::new(),
            };
            if text.len() > TEXT_MAX {
                let fault = unfit(field, "a text has more than the 254 bytes there is room for");
                return Err(FormatError::record(name, number, fault));
            }
            column.push(text);
        }
        columns.push(column);
    }
    let longest = |column: &[String]| column.iter().map(String::len).max().unwrap_or(0).max(1);
    let lengths: Vec<usize> = fields
        .iter()
        .zip(&columns)
        .map(|((_, kind), column)| match kind {
            FieldKind::Text => longest(column),
            // From ten digits on programs take whole numbers for 64 bits wide.
            FieldKind::Whole => longest(column).max(10),
            FieldKind::Decimal => NUMBER_LENGTH,
        })
        .collect();
    let row_length = 1 + lengths.iter().sum::<usize>();
    let header_length = 33 + 32 * fields.len();
    // A fixed day, so that the same plan gives the same bytes.
    let mut out = vec![3, 100, 1, 1];
    out.extend((features.len() as u32).to_le_bytes());
    out.extend((header_length as u16).to_le_bytes());
    out.extend((row_length as u16).to_le_bytes());
    out.resize(32, 0);
    for (((_, kind), short), length) in fields.iter().zip(short_names(fields)).zip(&lengths) {
        let start = out.len();
        out.extend(short.as_bytes());
        out.resize(start + 11, 0);
        let (letter, decimals) = match kind {
            FieldKind::Text => (b'C', 0),
            FieldKind::Whole => (b'N', 0),
            FieldKind::Decimal => (b'N', 15),
        };
        out.push(letter);
        out.resize(start + 16, 0);
        out.extend([*length as u8, decimals]);
        out.resize(start + 32, 0);
    }
    out.push(0x0d);
    for row in 0..features.len() {
        out.push(b' ');
        for (((_, kind), column), &length) in fields.iter().zip(&columns).zip(&lengths) {
            let padding = length - column[row].len();
            let before = if *kind == FieldKind::Text { 0 } else { padding };
            out.extend(std::iter::repeat_n(b' ', before));
            out.extend(column[row].as_bytes());
            out.extend(std::iter::repeat_n(b' ', padding - before));
        }
    }
    out.push(0x1a);
    Ok(out)
}

/// A value as its column writes it; blank if the column cannot hold it.
fn cell(value: &Value, kind: FieldKind) -> String {
    match (kind, value) {
        (_, Value::Null) => String::new(),
        (FieldKind::Text, Value::String(text)) => text.clone(),
        (FieldKind::Text, other) => other.to_string(),
        (FieldKind::Whole, Value::Number(n)) if n.is_i64() || n.is_u64() => n.to_string(),
        (_, Value::Number(n)) => {
            let number = n.as_f64().unwrap_or_default();
            let decimals = if kind == FieldKind::Whole { 0 } else { 15 };
            let plain = format!("{number:.decimals$}");
            if plain.len() <= NUMBER_LENGTH { plain } else { format!("{number:.15e}") }
        }
        (_, Value::Bool(yes)) => u8::from(*yes).to_string(),
        _ => String::new(),
    }
}
