//! Layers as one GeoPackage (OGC 12-128r18, version 1.3.1) that opens styled in a desktop GIS.
//!
//! Positions are longitude then latitude, whatever the axis order of the coordinate system (1.1.1.1.1,
//! the well-known binary of 2.1.3).

mod binary;
mod schema;
mod style;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use geojson::GeometryValue;
use rusqlite::types::ToSqlOutput;
use rusqlite::{Connection, MAIN_DB, ToSql};

pub use style::{Category, Colour, Fill, Style};

use self::binary::Bounds;
use super::OfficeError;
use super::text::clean;

/// Layers get no other date than this, so that the same layers give the same bytes.
const LAST_CHANGE: &str = "2000-01-01T00:00:00.000Z";

/// A layer of features.
#[derive(Clone, Debug)]
pub struct Layer {
    /// Name of its table: not empty, not taken, not of the format's own.
    pub name: String,
    /// What it is called for people.
    pub title: String,
    /// Kind of its geometries.
    pub kind: GeometryKind,
    /// Its coordinate system.
    pub srs: Srs,
    /// Its attributes.
    pub fields: Vec<(String, FieldKind)>,
    /// Its features: a geometry and a value for each attribute; missing ones are empty.
    pub features: Vec<(GeometryValue, Vec<Value>)>,
    /// How it is drawn.
    pub style: Option<Style>,
}

/// Kind of geometry of a layer. A single one is taken as one of several where the kind is plural.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeometryKind {
    /// Points.
    Point,
    /// Lines.
    LineString,
    /// Areas of one piece.
    Polygon,
    /// Points together.
    MultiPoint,
    /// Lines together.
    MultiLineString,
    /// Areas of any number of pieces.
    MultiPolygon,
}

/// A coordinate system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Srs {
    /// WGS 84, EPSG:4326.
    Wgs84,
    /// CGCS2000, EPSG:4490.
    Cgcs2000,
    /// Metres, by a number of the EPSG register and the well-known text of it.
    Projected {
        /// The number.
        epsg: u32,
        /// Its name.
        name: String,
        /// Its text.
        text: String,
    },
}

/// What an attribute holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// Text; codes too.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers.
    Number,
    /// Yes or no.
    Flag,
}

/// The value of an attribute.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number; one that is not finite is empty.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// Nothing.
    Empty,
}

impl From<rusqlite::Error> for OfficeError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Library(error.to_string())
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        use rusqlite::types::Value as Sql;
        Ok(ToSqlOutput::Owned(match self {
            Self::Text(text) => Sql::Text(clean(text).into_owned()),
            Self::Whole(whole) => Sql::Integer(*whole),
            Self::Number(number) if number.is_finite() => Sql::Real(*number),
            Self::Flag(flag) => Sql::Integer(i64::from(*flag)),
            Self::Number(_) | Self::Empty => Sql::Null,
        }))
    }
}

/// The layers as the bytes of a GeoPackage (`.gpkg`), each with an index of its extents.
///
/// # Errors
/// If a name is empty, taken or reserved, a geometry is not of its layer's kind or has no finite
/// positions, a value is not of its attribute's kind, or a feature has more values than there are
/// attributes.
pub fn geopackage(layers: &[Layer]) -> Result<Vec<u8>, OfficeError> {
    let mut database = Connection::open_in_memory()?;
    let transaction = database.transaction()?;
    transaction.execute_batch(schema::BASE)?;
    let mut taken = BTreeSet::new();
    for layer in layers {
        let name = sound_name(&layer.name, &mut taken)?;
        let lower = name.to_lowercase();
        let reserved = ["gpkg_", "sqlite_", "rtree_", "layer_styles"];
        if reserved.iter().any(|prefix| lower.starts_with(prefix)) {
            return Err(OfficeError::Name { name });
        }
        add(&transaction, layer, &name)?;
    }
    style::add(&transaction, layers)?;
    transaction.commit()?;
    Ok(database.serialize(MAIN_DB)?.to_vec())
}

/// The name without characters that cannot be written, if it is neither empty nor taken; letters
/// count alike in either case, as they do for the database.
fn sound_name(name: &str, taken: &mut BTreeSet<String>) -> Result<String, OfficeError> {
    let sound = clean(name).trim().to_owned();
    if sound.is_empty() || !taken.insert(sound.to_lowercase()) {
        return Err(OfficeError::Name { name: name.to_owned() });
    }
    Ok(sound)
}

fn add(database: &Connection, layer: &Layer, name: &str) -> Result<(), OfficeError> {
    let mut taken = BTreeSet::from(["fid".to_owned(), "geom".to_owned()]);
    let fields = layer.fields.iter().map(|(name, kind)| Ok((sound_name(name, &mut taken)?, *kind)));
    let fields: Vec<_> = fields.collect::<Result<_, OfficeError>>()?;
    database.execute_batch(&schema::table(name, layer.kind, &fields))?;
    let mut insert = database.prepare(&schema::insert(name, &fields))?;
    let mut index = database.prepare(&schema::index_insert(name))?;
    let mut all: Option<Bounds> = None;
    for (number, (geometry, values)) in layer.features.iter().enumerate() {
        let wrong = || OfficeError::Geometry { layer: name.to_owned(), feature: number };
        let (blob, bounds) = binary::encode(geometry, layer.kind, &layer.srs).ok_or_else(wrong)?;
        if values.len() > fields.len() {
            return Err(OfficeError::RowTooLong { table: name.to_owned(), row: number });
        }
        let fid = number as i64 + 1;
        insert.raw_bind_parameter(1, fid)?;
        insert.raw_bind_parameter(2, blob)?;
        for (at, (field, kind)) in fields.iter().enumerate() {
            let value = values.get(at).unwrap_or(&Value::Empty);
            let unfit =
                || OfficeError::Value { layer: name.to_owned(), feature: number, field: field.clone() };
            insert.raw_bind_parameter(at + 3, fitted(value, *kind).ok_or_else(unfit)?)?;
        }
        insert.raw_execute()?;
        if let Some(b) = bounds {
            index.execute((fid, b.min_x, b.max_x, b.min_y, b.max_y))?;
            all = Some(all.map_or(b, |a| a.with(b)));
        }
    }
    drop((insert, index));
    database.execute_batch(&schema::triggers(name))?;
    schema::register(database, layer, name, all)
}

/// The value as its attribute holds it; `None` if it cannot without loss.
fn fitted(value: &Value, kind: FieldKind) -> Option<Value> {
    Some(match (kind, value) {
        (_, Value::Empty)
        | (FieldKind::Text, Value::Text(_))
        | (FieldKind::Whole, Value::Whole(_))
        | (FieldKind::Number, Value::Number(_))
        | (FieldKind::Flag, Value::Flag(_)) => value.clone(),
        (FieldKind::Text, Value::Whole(whole)) => Value::Text(whole.to_string()),
        (FieldKind::Number, Value::Whole(whole)) if whole.unsigned_abs() <= 1 << 53 => {
            Value::Number(*whole as f64)
        }
        _ => return None,
    })
}
