//! Geometries as the format keeps them: a head with the extent, then well-known binary, little
//! end first (2.1.3.1).

use geojson::{GeometryValue, Position};

use super::{GeometryKind, Srs};

/// An extent, in the unit of its system.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bounds {
    pub(super) min_x: f64,
    pub(super) min_y: f64,
    pub(super) max_x: f64,
    pub(super) max_y: f64,
}

impl Bounds {
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            min_x: self.min_x.min(other.min_x),
            min_y: self.min_y.min(other.min_y),
            max_x: self.max_x.max(other.max_x),
            max_y: self.max_y.max(other.max_y),
        }
    }
}

impl Srs {
    /// Its number in the EPSG register.
    pub fn code(&self) -> i32 {
        match self {
            Self::Wgs84 => 4326,
            Self::Cgcs2000 => 4490,
            Self::Projected { epsg, .. } => i32::try_from(*epsg).unwrap_or(0),
        }
    }
}

const POINT: u32 = 1;
const LINE: u32 = 2;
const POLYGON: u32 = 3;
const MULTI_POINT: u32 = 4;
const MULTI_LINE: u32 = 5;
const MULTI_POLYGON: u32 = 6;

/// The geometry and its extent, none if it has no position; `None` if it is not of the kind or not
/// finite.
pub(super) fn encode(
    geometry: &GeometryValue,
    kind: GeometryKind,
    srs: &Srs,
) -> Option<(Vec<u8>, Option<Bounds>)> {
    use GeometryValue as G;
    let mut out = Writer { bytes: Vec::new(), bounds: None };
    match (kind, geometry) {
        (GeometryKind::Point, G::Point { coordinates }) => out.point(coordinates)?,
        (GeometryKind::LineString, G::LineString { coordinates }) => out.line(coordinates)?,
        (GeometryKind::Polygon, G::Polygon { coordinates }) => out.polygon(coordinates)?,
        (GeometryKind::MultiPoint, G::Point { coordinates }) => {
            out.head(MULTI_POINT, 1)?;
            out.point(coordinates)?;
        }
        (GeometryKind::MultiPoint, G::MultiPoint { coordinates }) => {
            out.head(MULTI_POINT, coordinates.len())?;
            coordinates.iter().try_for_each(|point| out.point(point))?;
        }
        (GeometryKind::MultiLineString, G::LineString { coordinates }) => {
            out.head(MULTI_LINE, 1)?;
            out.line(coordinates)?;
        }
        (GeometryKind::MultiLineString, G::MultiLineString { coordinates }) => {
            out.head(MULTI_LINE, coordinates.len())?;
            coordinates.iter().try_for_each(|line| out.line(line))?;
        }
        (GeometryKind::MultiPolygon, G::Polygon { coordinates }) => {
            out.head(MULTI_POLYGON, 1)?;
            out.polygon(coordinates)?;
        }
        (GeometryKind::MultiPolygon, G::MultiPolygon { coordinates }) => {
            out.head(MULTI_POLYGON, coordinates.len())?;
            coordinates.iter().try_for_each(|polygon| out.polygon(polygon))?;
        }
        _ => return None,
    }
    Some((with_head(&out, srs), out.bounds))
}

/// `GP`, version, flags (an extent of two dimensions or an empty geometry), system, extent.
fn with_head(written: &Writer, srs: &Srs) -> Vec<u8> {
    let flags = if written.bounds.is_some() { 0b0000_0011 } else { 0b0001_0001 };
    let mut blob = vec![b'G', b'P', 0, flags];
    blob.extend(srs.code().to_le_bytes());
    if let Some(b) = written.bounds {
        for number in [b.min_x, b.max_x, b.min_y, b.max_y] {
            blob.extend(number.to_le_bytes());
        }
    }
    blob.extend(&written.bytes);
    blob
}

struct Writer {
    bytes: Vec<u8>,
    bounds: Option<Bounds>,
}

impl Writer {
    fn count(&mut self, count: usize) -> Option<()> {
        self.bytes.extend(u32::try_from(count).ok()?.to_le_bytes());
        Some(())
    }

    fn head(&mut self, kind: u32, count: usize) -> Option<()> {
        self.bytes.push(1);
        self.bytes.extend(kind.to_le_bytes());
        self.count(count)
    }

    fn position(&mut self, position: &Position) -> Option<()> {
        let &[x, y, ..] = position.as_slice() else { return None };
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        self.bytes.extend(x.to_le_bytes());
        self.bytes.extend(y.to_le_bytes());
        let here = Bounds { min_x: x, min_y: y, max_x: x, max_y: y };
        self.bounds = Some(self.bounds.map_or(here, |b| b.with(here)));
        Some(())
    }

    fn point(&mut self, position: &Position) -> Option<()> {
        self.bytes.push(1);
        self.bytes.extend(POINT.to_le_bytes());
        self.position(position)
    }

    fn line(&mut self, line: &[Position]) -> Option<()> {
        self.head(LINE, line.len())?;
        line.iter().try_for_each(|p| self.position(p))
    }

    fn polygon(&mut self, rings: &[Vec<Position>]) -> Option<()> {
        self.head(POLYGON, rings.len())?;
        for ring in rings {
            self.count(ring.len())?;
            ring.iter().try_for_each(|p| self.position(p))?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_with_its_extent() {
        let point = GeometryValue::Point { coordinates: Position::from([117.5, 35.25]) };
        let (blob, bounds) = encode(&point, GeometryKind::Point, &Srs::Cgcs2000).expect("a point");
        assert_eq!(&blob[..8], [b'G', b'P', 0, 3, 0x8a, 0x11, 0, 0]);
        assert_eq!(blob.len(), 8 + 32 + 21);
        assert_eq!(blob[40..45], [1, 1, 0, 0, 0]);
        assert_eq!(blob[45..53], 117.5_f64.to_le_bytes());
        assert_eq!(bounds, Some(Bounds { min_x: 117.5, min_y: 35.25, max_x: 117.5, max_y: 35.25 }));
    }

    #[test]
    fn one_is_taken_as_several_but_not_the_other_way() {
        let ring: Vec<_> = [[0.0, 0.0], [1.0, 0.0], [1.0, 2.0], [0.0, 0.0]].map(Position::from).into();
        let one = GeometryValue::Polygon { coordinates: vec![ring.clone()] };
        let several = GeometryValue::MultiPolygon { coordinates: vec![vec![ring]] };
        let of = |g, kind| encode(g, kind, &Srs::Wgs84);
        assert_eq!(of(&one, GeometryKind::MultiPolygon), of(&several, GeometryKind::MultiPolygon));
        assert_eq!(of(&several, GeometryKind::Polygon), None);
        assert_eq!(of(&one, GeometryKind::MultiLineString), None);
    }

    #[test]
    fn nothing_is_marked_empty_and_infinity_refused() {
        let none = GeometryValue::MultiPolygon { coordinates: vec![] };
        let (blob, bounds) = encode(&none, GeometryKind::MultiPolygon, &Srs::Wgs84).expect("empty");
        assert_eq!((blob[3], bounds), (0x11, None));
        let far = GeometryValue::Point { coordinates: Position::from([f64::INFINITY, 0.0]) };
        assert_eq!(encode(&far, GeometryKind::Point, &Srs::Wgs84), None);
    }
}
