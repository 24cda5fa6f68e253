//! FlatGeobuf 3, by its own small reader of FlatBuffers.
//!
//! A table is an offset to a list of field offsets. Every one is checked against the bytes, so
//! a crafted file can point anywhere and gets nothing; positions are counted against the bytes of
//! their feature, so it cannot have them read many times over either.

use geojson::{Geometry, GeometryValue, Position};
use serde_json::{Map, Number, Value};

use super::bytes::Bytes;
use super::error::{Fault, FormatError};
use super::wkb::{is_empty, position};
use super::{Declared, Feature, Format, Header, Limits, Note, Take, only_layer, stem};

/// Letters of a column's name, which every feature carries.
const NAME_MAX: usize = 200;
/// Bytes of an entry of the index.
const ENTRY: u64 = 40;

pub(super) fn read(
    file: &str,
    bytes: &[u8],
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let damaged =
        |at, reason: &str| FormatError::byte(file, at, Fault::Damaged { reason: reason.to_owned() });
    let cut = |at| FormatError::byte(file, at, Fault::CutShort { what: "the header" });
    let mut all = Bytes::of(bytes);
    all.take(8).ok_or_else(|| cut(bytes.len()))?;
    if bytes[3] != 3 {
        return Err(damaged(3, &format!("version {} is not read, only 3", bytes[3])));
    }
    let buffer = all.u32().and_then(|size| all.take(size as usize)).ok_or_else(|| cut(8))?;
    let root = Table::root(buffer).ok_or_else(|| damaged(12, "its header points outside itself"))?;
    let mut header =
        Header::of(Format::FlatGeobuf, root.text(0).filter(|n| !n.is_empty()).unwrap_or(stem(file)));
    only_layer(file, &header.layer, layer)?;
    header.crs = root.table(10).and_then(|crs| system(&crs));
    let columns = columns_of(&root, 7);
    let kind = root.u8(2);
    let count = root.u64(8);
    let node_size = root.u16(9).unwrap_or(16);
    let index = index_bytes(count, node_size).ok_or_else(|| damaged(12, "its index is impossible"))?;
    usize::try_from(index)
        .ok()
        .and_then(|index| all.take(index))
        .ok_or_else(|| FormatError::byte(file, all.at, Fault::CutShort { what: "the index" }))?;
    let mut number = 0;
    while all.left() > 0 {
        let at = all.at;
        let Some(buffer) = all.u32().and_then(|size| all.take(size as usize)) else {
            return Err(FormatError::byte(file, at, Fault::CutShort { what: "a feature" }));
        };
        number += 1;
        if number > limits.features {
            let fault = Fault::TooMuch { what: "features", limit: limits.features };
            return Err(FormatError::record(file, number, fault));
        }
        let Some(feature) = Table::root(buffer) else {
            return Err(FormatError::byte(
                file,
                at,
                Fault::Damaged { reason: "a feature points outside itself".to_owned() },
            ));
        };
        let mut budget = limits.points.min(buffer.len() / 8);
        let geometry = match feature.table(0) {
            Some(table) => shape(&table, kind, limits.nesting, &mut budget),
            None => Ok(None),
        };
        let own = columns_of(&feature, 2);
        let columns = if own.is_empty() { &columns } else { &own };
        let properties = properties(feature.bytes(1).unwrap_or_default(), columns);
        take(Feature { number, geometry, properties });
    }
    if count > 0 && count != number {
        header.notes.push(Note::FeaturesClaimed { claimed: count, there: number });
    }
    Ok(header)
}

/// Bytes of the packed tree of bounds that stands before the features; `None` if absurd.
fn index_bytes(features: u64, node_size: u16) -> Option<u64> {
    if features == 0 || node_size == 0 {
        return Some(0);
    }
    let size = u64::from(node_size.max(2));
    let (mut level, mut nodes) = (features, features);
    while level > 1 {
        level = level.div_ceil(size);
        nodes = nodes.checked_add(level)?;
    }
    nodes.checked_mul(ENTRY)
}

/// Names and kinds of columns.
fn columns_of(table: &Table<'_>, field: usize) -> Vec<(String, u8)> {
    let name = |column: &Table<'_>| column.text(0).unwrap_or_default().chars().take(NAME_MAX).collect();
    table.tables(field).iter().map(|column| (name(column), column.u8(1))).collect()
}

fn system(crs: &Table<'_>) -> Option<Declared> {
    let name = crs.text(2).unwrap_or_default();
    let epsg = crs.text(0).is_none_or(|org| org.is_empty() || org.eq_ignore_ascii_case("EPSG"));
    match (crs.u32(1), crs.text(4)) {
        (code, _) if code > 0 && epsg => Some(Declared::of_epsg(code, name)),
        (_, Some(text)) if !text.is_empty() => Some(Declared::of_text(text)),
        _ if !name.is_empty() => Some(Declared::Unknown { name: name.to_owned() }),
        _ => None,
    }
}

type Shape = Result<Option<GeometryValue>, String>;

/// A geometry of the layer's kind, or of its own where the layer has several.
fn shape(table: &Table<'_>, kind: u8, depth: usize, budget: &mut usize) -> Shape {
    let own = table.u8(6);
    let kind = if kind == 0 { own } else { kind };
    let depth = depth.checked_sub(1).ok_or("its parts are nested too deeply")?;
    *budget = budget.checked_sub(1).ok_or(TWICE)?;
    let found = match kind {
        1 => match line(table, budget)?.into_iter().next() {
            Some(coordinates) => GeometryValue::Point { coordinates },
            None => return Ok(None),
        },
        2 => GeometryValue::LineString { coordinates: line(table, budget)? },
        3 => GeometryValue::Polygon { coordinates: lines(table, budget)? },
        4 => GeometryValue::MultiPoint { coordinates: line(table, budget)? },
        5 => GeometryValue::MultiLineString { coordinates: lines(table, budget)? },
        6 => {
            let mut coordinates = Vec::new();
            for part in table.tables(7) {
                *budget = budget.checked_sub(1).ok_or(TWICE)?;
                coordinates.push(lines(&part, budget)?);
            }
            GeometryValue::MultiPolygon { coordinates }
        }
        7 => {
            let mut geometries = Vec::new();
            for part in table.tables(7) {
                geometries.extend(shape(&part, 0, depth, budget)?.map(Geometry::new));
            }
            GeometryValue::GeometryCollection { geometries }
        }
        8..=17 => return Err("curves and surfaces are not read; convert it to lines or polygons".to_owned()),
        other => return Err(format!("there is no geometry of kind {other}")),
    };
    Ok(if is_empty(&found) { None } else { Some(found) })
}

const TWICE: &str = "it has too many positions, or the same ones many times over";

fn line(table: &Table<'_>, budget: &mut usize) -> Result<Vec<Position>, String> {
    let numbers = table.vector(1, 8).unwrap_or_default();
    *budget = budget.checked_sub(numbers.len() / 16).ok_or(TWICE)?;
    let mut bytes = Bytes::of(numbers);
    Ok(std::iter::from_fn(|| Some(position(bytes.f64()?, bytes.f64()?))).collect())
}

fn lines(table: &Table<'_>, budget: &mut usize) -> Result<Vec<Vec<Position>>, String> {
    let all = line(table, budget)?;
    let mut ends = Bytes::of(table.vector(0, 4).unwrap_or_default());
    if ends.left() == 0 {
        return Ok(if all.is_empty() { Vec::new() } else { vec![all] });
    }
    let (mut found, mut start) = (Vec::new(), 0);
    while let Some(end) = ends.u32() {
        let part = all.get(start..end as usize).ok_or("its parts are out of order")?;
        *budget = budget.checked_sub(1).ok_or(TWICE)?;
        found.push(part.to_vec());
        start = end as usize;
    }
    Ok(found)
}

/// Values one after another, each behind the number of its column.
fn properties(bytes: &[u8], columns: &[(String, u8)]) -> Map<String, Value> {
    let mut found = Map::new();
    let mut bytes = Bytes::of(bytes);
    while let Some((name, kind)) = bytes.u16().and_then(|i| columns.get(usize::from(i))) {
        let Some(value) = value(&mut bytes, *kind) else { break };
        found.insert(name.clone(), value);
    }
    found
}

fn value(bytes: &mut Bytes<'_>, kind: u8) -> Option<Value> {
    let decimal = |v: f64| Number::from_f64(v).map_or(Value::Null, Value::Number);
    Some(match kind {
        0 => (bytes.u8()? as i8).into(),
        1 => bytes.u8()?.into(),
        2 => (bytes.u8()? != 0).into(),
        3 => (bytes.u16()? as i16).into(),
        4 => bytes.u16()?.into(),
        5 => bytes.i32()?.into(),
        6 => bytes.u32()?.into(),
        7 => (bytes.u64()? as i64).into(),
        8 => bytes.u64()?.into(),
        9 => decimal(f64::from(f32::from_bits(bytes.u32()?))),
        10 => decimal(bytes.f64()?),
        11..=14 => {
            let length = bytes.count(1)?;
            let text = bytes.take(length)?;
            if kind == 14 { Value::Null } else { String::from_utf8_lossy(text).into_owned().into() }
        }
        _ => return None,
    })
}

/// A table of FlatBuffers: where it stands, and its list of field offsets.
struct Table<'a> {
    buffer: &'a [u8],
    at: usize,
    fields: &'a [u8],
}

impl<'a> Table<'a> {
    fn root(buffer: &'a [u8]) -> Option<Self> {
        Self::at(buffer, number(buffer, 0)? as usize)
    }

    fn at(buffer: &'a [u8], at: usize) -> Option<Self> {
        let back = i64::from(number(buffer, at)? as i32);
        let list = usize::try_from(i64::try_from(at).ok()? - back).ok()?;
        let size = buffer.get(list..list.checked_add(2)?)?;
        let size = usize::from(u16::from_le_bytes([size[0], size[1]]));
        let fields = buffer.get(list.checked_add(4)?..list.checked_add(size)?)?;
        Some(Self { buffer, at, fields })
    }

    /// The bytes from a field on, if it is there.
    fn field(&self, i: usize) -> Option<(usize, &'a [u8])> {
        let offset = self.fields.get(2 * i..2 * i + 2)?;
        let offset = usize::from(u16::from_le_bytes([offset[0], offset[1]]));
        let at = self.at.checked_add(offset)?;
        (offset > 0).then_some(())?;
        Some((at, self.buffer.get(at..)?))
    }

    fn u8(&self, i: usize) -> u8 {
        self.field(i).and_then(|(_, bytes)| bytes.first().copied()).unwrap_or(0)
    }

    fn u16(&self, i: usize) -> Option<u16> {
        Bytes::of(self.field(i)?.1).u16()
    }

    fn u32(&self, i: usize) -> u32 {
        self.field(i).and_then(|(_, bytes)| Bytes::of(bytes).u32()).unwrap_or(0)
    }

    fn u64(&self, i: usize) -> u64 {
        self.field(i).and_then(|(_, bytes)| Bytes::of(bytes).u64()).unwrap_or(0)
    }

    /// Where an offset leads.
    fn target(&self, i: usize) -> Option<usize> {
        let (at, bytes) = self.field(i)?;
        at.checked_add(Bytes::of(bytes).u32()? as usize)
    }

    fn table(&self, i: usize) -> Option<Table<'a>> {
        Self::at(self.buffer, self.target(i)?)
    }

    /// The items of a vector, each of `size` bytes.
    fn vector(&self, i: usize, size: usize) -> Option<&'a [u8]> {
        let mut bytes = Bytes::of(self.buffer.get(self.target(i)?..)?);
        let count = bytes.count(size)?;
        bytes.take(count * size)
    }

    fn bytes(&self, i: usize) -> Option<&'a [u8]> {
        self.vector(i, 1)
    }

    fn text(&self, i: usize) -> Option<&'a str> {
        str::from_utf8(self.bytes(i)?).ok()
    }

    fn tables(&self, i: usize) -> Vec<Table<'a>> {
        let Some(start) = self.target(i).and_then(|at| at.checked_add(4)) else { return Vec::new() };
        let items = self.vector(i, 4).unwrap_or_default().chunks_exact(4).enumerate();
        let leads = items.filter_map(|(k, item)| {
            let offset = u32::from_le_bytes(item.try_into().ok()?) as usize;
            Self::at(self.buffer, (start + 4 * k).checked_add(offset)?)
        });
        leads.collect()
    }
}

fn number(buffer: &[u8], at: usize) -> Option<u32> {
    Bytes::of(buffer.get(at..)?).u32()
}
