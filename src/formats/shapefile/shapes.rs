//! The records of a `.shp` file.

use geojson::{GeometryValue, Position};

use super::super::bytes::Bytes;
use super::super::error::{Fault, FormatError};
use super::super::wkb::position;
use super::super::{Limits, Note};
use super::rings::{Sorting, polygons};

/// Bytes before the first record.
const HEADER: usize = 100;

/// The contents of all records, in order, without their own headers.
///
/// The index, if it is sound, says where records lie; it knows of gaps that editing has left.
pub(super) fn records<'a>(
    name: &str,
    shp: &'a [u8],
    index: Option<&[u8]>,
    limits: &Limits,
    notes: &mut Vec<Note>,
) -> Result<Vec<&'a [u8]>, FormatError> {
    if shp.len() < HEADER {
        return Err(FormatError::byte(name, shp.len(), Fault::CutShort { what: "the header" }));
    }
    if let Some(index) = index {
        match indexed(shp, index) {
            Some(records) => return Ok(records),
            None => notes.push(Note::IndexUnused {}),
        }
    }
    let mut records = Vec::new();
    let mut bytes = Bytes::of(&shp[HEADER..]);
    while bytes.left() > 0 {
        let at = HEADER + bytes.at;
        bytes.big = true;
        let length = bytes.u32().and_then(|_| bytes.u32()).and_then(|words| (words as usize).checked_mul(2));
        // Some programs leave a few zero bytes at the end.
        if shp[at..].iter().take(64).all(|byte| *byte == 0) && shp.len() - at < 64 {
            break;
        }
        let content = length.and_then(|length| bytes.take(length));
        let Some(content) = content else {
            return Err(FormatError::byte(name, at, Fault::CutShort { what: "a record" }));
        };
        records.push(content);
        if records.len() as u64 > limits.features {
            let fault = Fault::TooMuch { what: "features", limit: limits.features };
            return Err(FormatError::byte(name, at, fault));
        }
    }
    Ok(records)
}

/// The records by the index; `None` if any lies outside the file or they overlap.
fn indexed<'a>(shp: &'a [u8], index: &[u8]) -> Option<Vec<&'a [u8]>> {
    let entries = index.get(HEADER..)?;
    if !entries.len().is_multiple_of(8) {
        return None;
    }
    let mut bytes = Bytes::of(entries);
    bytes.big = true;
    let (mut records, mut total) = (Vec::new(), 0usize);
    while bytes.left() > 0 {
        let at = (bytes.u32()? as usize).checked_mul(2)?;
        bytes.u32()?;
        // The length in the record itself is the one that counts.
        let mut head = Bytes::of(shp.get(at.max(HEADER)..)?);
        head.big = true;
        let (_, words) = (head.u32()?, head.u32()?);
        let record = head.take((words as usize).checked_mul(2)?)?;
        total = total.checked_add(record.len() + 8)?;
        if at < HEADER || total > shp.len() {
            return None;
        }
        records.push(record);
    }
    // An index of nothing beside a file of something was never written to its end.
    (!records.is_empty() || shp.len() == HEADER).then_some(records)
}

const SHORT: &str = "its record is cut short, or a count in it is wrong";

/// The geometry of a record.
pub(super) fn geometry(
    record: &[u8],
    limits: &Limits,
    sorting: &mut Sorting,
) -> Result<Option<GeometryValue>, String> {
    let mut bytes = Bytes::of(record);
    let kind = bytes.u32().ok_or(SHORT)?;
    Ok(Some(match kind {
        0 => return Ok(None),
        1 | 11 | 21 => {
            let (x, y) = (bytes.f64().ok_or(SHORT)?, bytes.f64().ok_or(SHORT)?);
            GeometryValue::Point { coordinates: position(x, y) }
        }
        8 | 18 | 28 => {
            bytes.take(32).ok_or(SHORT)?;
            let count = bytes.count(16).ok_or(SHORT)?;
            if count > limits.points {
                return Err("it has too many positions".to_owned());
            }
            let coordinates = positions(&mut bytes, count).ok_or(SHORT)?;
            if coordinates.is_empty() {
                return Ok(None);
            }
            GeometryValue::MultiPoint { coordinates }
        }
        3 | 13 | 23 => {
            let mut lines = parts(&mut bytes, limits)?;
            lines.retain(|line| !line.is_empty());
            match lines.len() {
                0 => return Ok(None),
                1 => GeometryValue::LineString { coordinates: lines.swap_remove(0) },
                _ => GeometryValue::MultiLineString { coordinates: lines },
            }
        }
        5 | 15 | 25 => {
            let mut found = polygons(parts(&mut bytes, limits)?, sorting)?;
            match found.len() {
                0 => return Ok(None),
                1 => GeometryValue::Polygon { coordinates: found.swap_remove(0) },
                _ => GeometryValue::MultiPolygon { coordinates: found },
            }
        }
        31 => return Err("multipatches are not read; convert it to polygons".to_owned()),
        other => return Err(format!("there is no shape of kind {other}")),
    }))
}

fn positions(bytes: &mut Bytes<'_>, count: usize) -> Option<Vec<Position>> {
    (0..count).map(|_| Some(position(bytes.f64()?, bytes.f64()?))).collect()
}

fn parts(bytes: &mut Bytes<'_>, limits: &Limits) -> Result<Vec<Vec<Position>>, String> {
    bytes.take(32).ok_or(SHORT)?;
    let (parts, points) = (bytes.u32().ok_or(SHORT)? as usize, bytes.u32().ok_or(SHORT)? as usize);
    if points > limits.points || parts > limits.points {
        return Err("it has too many positions".to_owned());
    }
    let needed = parts.checked_mul(4).zip(points.checked_mul(16)).and_then(|(a, b)| a.checked_add(b));
    if needed.is_none_or(|needed| needed > bytes.left()) {
        return Err(SHORT.to_owned());
    }
    let starts: Option<Vec<usize>> = (0..parts).map(|_| bytes.u32().map(|s| s as usize)).collect();
    let mut ends = starts.ok_or(SHORT)?;
    if parts == 0 {
        return Ok(Vec::new());
    }
    let all = positions(bytes, points).ok_or(SHORT)?;
    let first = ends.remove(0);
    ends.push(points);
    let (mut lines, mut start) = (Vec::with_capacity(parts), first);
    for end in ends {
        let line = all.get(start..end).filter(|_| end <= points);
        lines.push(line.ok_or("its parts are out of order")?.to_vec());
        start = end;
    }
    Ok(lines)
}
