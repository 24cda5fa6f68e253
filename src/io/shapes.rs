//! Positions and rings as found, made sound or reported.
//!
//! Winding has no meaning here and is not looked at; a third number of a position is a height and
//! is dropped. Rings are closed, repeated points dropped, and a ring that crosses itself is mended
//! only if that changes its area by less than a thousandth.

use geo::{Area as _, Coord, LineString, MultiPolygon, Point, Polygon};
use geojson::{GeometryValue, Position};

use super::Problems;
use super::rings::{first_crossing, is_sound};
use crate::crs::System;
use crate::geometry::projection::LocalFrame;
use crate::model::problem::{At, Kind};

/// Square metres of a square degree at the equator, near enough to tell an area from none.
const SQUARE_DEGREE_M2: f64 = 111_320.0 * 111_320.0;

/// A layer of degrees that knows whom to tell about its faults.
pub(super) struct ShapeReader<'a> {
    pub(super) file: &'a str,
    pub(super) at: At,
    pub(super) crs: System,
    pub(super) crs_name: &'a str,
    pub(super) problems: &'a mut Problems,
}

/// A geometry in degrees.
#[derive(Clone, Debug)]
pub(super) enum RawShape {
    Area(MultiPolygon<f64>),
    Point(Point<f64>),
    Lines(Vec<LineString<f64>>),
}

impl ShapeReader<'_> {
    fn report(&mut self, kind: Kind) {
        self.problems.add(self.file, self.at, None, kind);
    }

    /// Degrees of WGS 84, or `None` after a report.
    pub(super) fn shape(
        &mut self,
        geometry: Option<GeometryValue>,
        expected: &'static str,
    ) -> Option<RawShape> {
        let Some(geometry) = geometry else {
            self.report(Kind::GeometryMissing {});
            return None;
        };
        let swapped = self.crs.is_degrees() && swapped(&geometry);
        if swapped {
            self.report(Kind::PositionSwapped {});
        }
        let wanted = |kind: &str| expected.contains(kind);
        match geometry {
            GeometryValue::Polygon { coordinates } if wanted("area") => {
                self.area(&[coordinates], swapped).map(RawShape::Area)
            }
            GeometryValue::MultiPolygon { coordinates } if wanted("area") => {
                self.area(&coordinates, swapped).map(RawShape::Area)
            }
            GeometryValue::Point { coordinates } if wanted("point") => {
                self.position(&coordinates, swapped).map(|c| RawShape::Point(c.into()))
            }
            GeometryValue::LineString { coordinates } if wanted("line") => {
                self.lines(&[coordinates], swapped).map(RawShape::Lines)
            }
            GeometryValue::MultiLineString { coordinates } if wanted("line") => {
                self.lines(&coordinates, swapped).map(RawShape::Lines)
            }
            other => {
                let found = other.type_name().to_owned();
                self.report(Kind::GeometryKind { found, expected });
                None
            }
        }
    }

    fn position(&mut self, position: &Position, swapped: bool) -> Option<Coord<f64>> {
        let &[x, y, ..] = position.as_slice() else {
            self.report(Kind::FeatureInvalid { reason: "a position needs two numbers".to_owned() });
            return None;
        };
        let (x, y) = if swapped { (y, x) } else { (x, y) };
        let degrees = self.crs.to_degrees(x, y);
        if degrees.is_none() {
            let kind =
                Kind::PositionOutside { x: x.to_string(), y: y.to_string(), crs: self.crs_name.to_owned() };
            self.report(kind);
        }
        degrees.map(|(x, y)| Coord { x, y })
    }

    fn lines(&mut self, lines: &[Vec<Position>], swapped: bool) -> Option<Vec<LineString<f64>>> {
        let mut sound = Vec::with_capacity(lines.len());
        for line in lines {
            let points: Option<Vec<_>> = line.iter().map(|p| self.position(p, swapped)).collect();
            let points = points?;
            if points.len() < 2 {
                self.report(Kind::FeatureInvalid { reason: "a line needs two points".to_owned() });
                return None;
            }
            sound.push(LineString::new(points));
        }
        Some(sound)
    }

    fn area(&mut self, polygons: &[Vec<Vec<Position>>], swapped: bool) -> Option<MultiPolygon<f64>> {
        let mut repeated = 0;
        let mut unclosed = false;
        let mut sound = Vec::with_capacity(polygons.len());
        for rings in polygons {
            let mut lines = Vec::with_capacity(rings.len());
            for ring in rings {
                let points: Option<Vec<_>> = ring.iter().map(|p| self.position(p, swapped)).collect();
                let mut points = points?;
                let before = points.len();
                points.dedup();
                repeated += before - points.len();
                if points.len() > 1 && points.first() == points.last() {
                    points.pop();
                } else if points.len() > 2 {
                    unclosed = true;
                }
                if points.len() < 3 {
                    self.report(Kind::RingShort { points: points.len() });
                    return None;
                }
                points.push(points[0]);
                lines.push(LineString::new(points));
            }
            let mut lines = lines.into_iter();
            let Some(outer) = lines.next() else {
                self.report(Kind::RingShort { points: 0 });
                return None;
            };
            sound.push(Polygon::new(outer, lines.collect()));
        }
        if sound.is_empty() {
            self.report(Kind::RingShort { points: 0 });
            return None;
        }
        if unclosed {
            self.report(Kind::RingUnclosed {});
        }
        if repeated > 0 {
            self.report(Kind::PointsRepeated { points: repeated });
        }
        Some(MultiPolygon::new(sound))
    }
}

/// True if positions can only be right the other way round.
fn swapped(geometry: &GeometryValue) -> bool {
    let mut first = None;
    visit(geometry, &mut |p| {
        let p = p.as_slice();
        if p.len() >= 2 && first.is_none_or(|sure: bool| sure) {
            first = Some(p[1].abs() > 90.0 && p[1].abs() <= 180.0 && p[0].abs() < 90.0);
        }
    });
    first == Some(true)
}

fn visit(geometry: &GeometryValue, take: &mut impl FnMut(&Position)) {
    match geometry {
        GeometryValue::Point { coordinates } => take(coordinates),
        GeometryValue::LineString { coordinates } | GeometryValue::MultiPoint { coordinates } => {
            coordinates.iter().for_each(take);
        }
        GeometryValue::Polygon { coordinates } | GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().flatten().for_each(take);
        }
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().flatten().for_each(take);
        }
        GeometryValue::GeometryCollection { geometries } => {
            geometries.iter().for_each(|inner| visit(&inner.value, take));
        }
    }
}

/// An area in local metres, mended if it crosses itself; `None` after a report.
pub(super) fn sound_area(
    degrees: &MultiPolygon<f64>,
    frame: LocalFrame,
    file: &str,
    at: At,
    problems: &mut Problems,
) -> Option<MultiPolygon<f64>> {
    use geo::MapCoords as _;
    let shape = degrees.map_coords(|c| frame.to_metres(c.x, c.y).into());
    // Points in a row stay in a row only in degrees; the projection bends a parallel.
    if degrees.unsigned_area() * SQUARE_DEGREE_M2 < 1e-4 && degrees.iter().all(is_flat) {
        problems.add(file, at, None, Kind::AreaZero {});
        return None;
    }
    if is_sound(&shape) {
        if shape.unsigned_area() < 1e-4 {
            problems.add(file, at, None, Kind::AreaZero {});
            return None;
        }
        return Some(shape);
    }
    let before: f64 = shape.iter().map(geo::Area::unsigned_area).sum();
    let mended = geo::unary_union(shape.iter());
    let after = mended.unsigned_area();
    let change = (after - before).abs() / before.max(after).max(f64::MIN_POSITIVE);
    if after < 1e-4 {
        problems.add(file, at, None, Kind::AreaZero {});
        return None;
    }
    if change < 1e-3 {
        let change = format!("{:.4} %", change * 100.0);
        problems.add(file, at, None, Kind::Crossing { change });
        return Some(mended);
    }
    let (x, y) = crossing_near(degrees);
    problems.add(file, at, None, Kind::CrossingLarge { x, y });
    None
}

/// True if all points of the outline lie in one line.
fn is_flat(polygon: &Polygon<f64>) -> bool {
    use geo::{BoundingRect as _, ConvexHull as _};
    polygon.bounding_rect().is_none_or(|r| {
        let reach = r.width().max(r.height());
        polygon.convex_hull().unsigned_area() <= 1e-9 * reach * reach
    })
}

/// Where the first two edges of an area cross, in degrees to five places.
fn crossing_near(shape: &MultiPolygon<f64>) -> (String, String) {
    let format = |c: Coord<f64>| (format!("{:.5}", c.x), format!("{:.5}", c.y));
    if let Some(crossing) = first_crossing(shape) {
        return format(crossing);
    }
    let first = shape.iter().next().and_then(|p| p.exterior().0.first().copied());
    format(first.unwrap_or_default())
}
