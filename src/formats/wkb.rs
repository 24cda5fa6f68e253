//! Well-known binary: the geometry of GeoPackage and of databases.
//!
//! ISO and EWKB codes of the third and fourth dimension are read and dropped; either byte order.

use geojson::{Geometry, GeometryValue, Position};

use super::Limits;
use super::bytes::Bytes;

/// Two numbers as a position.
pub(super) fn position(x: f64, y: f64) -> Position {
    Position::from([x, y])
}

/// Reads one geometry; the text says what is wrong and at which byte.
pub(super) fn parse(bytes: &[u8], limits: &Limits) -> Result<Option<GeometryValue>, String> {
    let mut reader = Reader { bytes: Bytes::of(bytes), points: limits.points };
    let found = reader.geometry(limits.nesting);
    found.map_err(|reason| format!("{reason} (byte {} of its geometry)", reader.bytes.at))
}

struct Reader<'a> {
    bytes: Bytes<'a>,
    /// Positions still allowed.
    points: usize,
}

const SHORT: &str = "it is cut short, or a count in it is wrong";

/// The kind of a geometry and the numbers a position has.
struct Kind {
    code: u32,
    numbers: usize,
}

impl Reader<'_> {
    fn kind(&mut self) -> Result<Kind, String> {
        self.bytes.big = match self.bytes.u8().ok_or(SHORT)? {
            0 => true,
            1 => false,
            other => return Err(format!("there is no byte order {other}")),
        };
        let raw = self.bytes.u32().ok_or(SHORT)?;
        let iso = raw & 0x0fff_ffff;
        if raw & 0x2000_0000 != 0 {
            self.bytes.u32().ok_or(SHORT)?;
        }
        let z = raw & 0x8000_0000 != 0 || matches!(iso / 1000, 1 | 3);
        let m = raw & 0x4000_0000 != 0 || matches!(iso / 1000, 2 | 3);
        if iso >= 4000 {
            return Err(format!("there is no geometry of kind {iso}"));
        }
        Ok(Kind { code: iso % 1000, numbers: 2 + usize::from(z) + usize::from(m) })
    }

    fn geometry(&mut self, depth: usize) -> Result<Option<GeometryValue>, String> {
        let kind = self.kind()?;
        let found = match kind.code {
            1 => {
                let (x, y) = self.pair(kind.numbers)?;
                if x.is_nan() && y.is_nan() {
                    return Ok(None);
                }
                GeometryValue::Point { coordinates: position(x, y) }
            }
            2 => GeometryValue::LineString { coordinates: self.line(kind.numbers)? },
            3 => GeometryValue::Polygon { coordinates: self.rings(kind.numbers)? },
            4 => {
                let coordinates = self.parts(1, |reader, inner| {
                    let (x, y) = reader.pair(inner.numbers)?;
                    Ok(position(x, y))
                })?;
                GeometryValue::MultiPoint { coordinates }
            }
            5 => {
                let coordinates = self.parts(2, |reader, inner| reader.line(inner.numbers))?;
                GeometryValue::MultiLineString { coordinates }
            }
            6 => {
                let coordinates = self.parts(3, |reader, inner| reader.rings(inner.numbers))?;
                GeometryValue::MultiPolygon { coordinates }
            }
            7 => {
                let depth = depth.checked_sub(1).ok_or("its collections are nested too deeply")?;
                let mut geometries = Vec::new();
                for _ in 0..self.bytes.count(5).ok_or(SHORT)? {
                    geometries.extend(self.geometry(depth)?.map(Geometry::new));
                }
                GeometryValue::GeometryCollection { geometries }
            }
            8..=14 => {
                return Err("curves and surfaces are not read; convert it to lines or polygons".to_owned());
            }
            other => return Err(format!("there is no geometry of kind {other}")),
        };
        Ok(if is_empty(&found) { None } else { Some(found) })
    }

    fn parts<T>(
        &mut self,
        code: u32,
        mut read: impl FnMut(&mut Self, &Kind) -> Result<T, String>,
    ) -> Result<Vec<T>, String> {
        let mut parts = Vec::new();
        for _ in 0..self.bytes.count(5).ok_or(SHORT)? {
            let inner = self.kind()?;
            if inner.code != code {
                return Err(format!("a part is of kind {}, not {code}", inner.code));
            }
            parts.push(read(self, &inner)?);
        }
        Ok(parts)
    }

    fn pair(&mut self, numbers: usize) -> Result<(f64, f64), String> {
        self.points = self.points.checked_sub(1).ok_or("it has too many positions")?;
        let (x, y) = (self.bytes.f64().ok_or(SHORT)?, self.bytes.f64().ok_or(SHORT)?);
        self.bytes.take(8 * (numbers - 2)).ok_or(SHORT)?;
        Ok((x, y))
    }

    fn line(&mut self, numbers: usize) -> Result<Vec<Position>, String> {
        let count = self.bytes.count(8 * numbers).ok_or(SHORT)?;
        let mut line = Vec::with_capacity(count.min(self.points));
        for _ in 0..count {
            let (x, y) = self.pair(numbers)?;
            line.push(position(x, y));
        }
        Ok(line)
    }

    fn rings(&mut self, numbers: usize) -> Result<Vec<Vec<Position>>, String> {
        let count = self.bytes.count(4).ok_or(SHORT)?;
        let mut rings = Vec::new();
        for _ in 0..count {
            rings.push(self.line(numbers)?);
        }
        Ok(rings)
    }
}

/// True if a geometry has no position; a collection of nothing counts as none.
pub(super) fn is_empty(geometry: &GeometryValue) -> bool {
    match geometry {
        GeometryValue::Point { .. } => false,
        GeometryValue::MultiPoint { coordinates } | GeometryValue::LineString { coordinates } => {
            coordinates.is_empty()
        }
        GeometryValue::MultiLineString { coordinates } | GeometryValue::Polygon { coordinates } => {
            coordinates.iter().all(Vec::is_empty)
        }
        GeometryValue::MultiPolygon { coordinates } => coordinates.iter().flatten().all(Vec::is_empty),
        GeometryValue::GeometryCollection { geometries } => geometries.iter().all(|g| is_empty(&g.value)),
    }
}
