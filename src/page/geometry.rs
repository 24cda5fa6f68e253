//! Outlines as short text: local metres in steps of two centimetres, each point as the way from the last.
//!
//! A number is written in letters of five bits, low ones first; the sixth bit says that more follow. Signs
//! are folded in, so that small numbers of either sign are short.

use geojson::{GeometryValue, Position};

/// Steps in a metre.
const STEPS: f64 = 50.0;
/// Metres in a degree of latitude on a sphere as large as WGS 84's equator.
const METRES: f64 = 6_378_137.0 * std::f64::consts::PI / 180.0;
/// Letters without a meaning in HTML, JSON or a script.
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A flat map around an origin, good for a place of some tens of kilometres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) lon: f64,
    pub(super) lat: f64,
    /// Metres in a degree of longitude at the origin.
    pub(super) metres_lon: f64,
    /// Metres in a degree of latitude.
    pub(super) metres_lat: f64,
}

impl Frame {
    pub(super) fn new(lon: f64, lat: f64) -> Self {
        Self { lon, lat, metres_lon: METRES * lat.to_radians().cos(), metres_lat: METRES }
    }

    /// Steps east and north of the origin; none for what is no position on this map.
    pub(super) fn steps(&self, position: &Position) -> Option<[i64; 2]> {
        let &[lon, lat, ..] = position.as_slice() else { return None };
        let x = ((lon - self.lon) * self.metres_lon * STEPS).round();
        let y = ((lat - self.lat) * self.metres_lat * STEPS).round();
        let sound = x.abs() < 1e10 && y.abs() < 1e10;
        sound.then_some([x as i64, y as i64])
    }
}

/// Rings and lines of a geometry as lists of steps; rings without their closing point.
pub(super) fn paths(frame: &Frame, geometry: &GeometryValue) -> Vec<Vec<[i64; 2]>> {
    let line = |positions: &[Position], closed: bool| {
        let mut points: Vec<[i64; 2]> = positions.iter().filter_map(|p| frame.steps(p)).collect();
        points.dedup();
        if closed && points.len() > 1 && points.first() == points.last() {
            points.pop();
        }
        points
    };
    let mut paths = match geometry {
        GeometryValue::Point { coordinates } => vec![line(std::slice::from_ref(coordinates), false)],
        GeometryValue::LineString { coordinates } => vec![line(coordinates, false)],
        GeometryValue::MultiLineString { coordinates } => {
            coordinates.iter().map(|c| line(c, false)).collect()
        }
        GeometryValue::Polygon { coordinates } => coordinates.iter().map(|c| line(c, true)).collect(),
        GeometryValue::MultiPolygon { coordinates } => {
            coordinates.iter().flatten().map(|c| line(c, true)).collect()
        }
        _ => Vec::new(),
    };
    paths.retain(|path| !path.is_empty());
    paths
}

/// Writes features one after another: the number of paths, then of each path its number of points and the
/// points.
#[derive(Debug, Default)]
pub(super) struct Pen {
    text: String,
    last: [i64; 2],
}

impl Pen {
    pub(super) fn feature(&mut self, paths: &[Vec<[i64; 2]>]) {
        self.number(paths.len() as u64);
        for path in paths {
            self.number(path.len() as u64);
            for point in path {
                for (to, from) in point.iter().zip(self.last) {
                    let way = to - from;
                    self.number(((way << 1) ^ (way >> 63)) as u64);
                }
                self.last = *point;
            }
        }
    }

    fn number(&mut self, mut value: u64) {
        while value >= 32 {
            self.text.push(char::from(LETTERS[(32 | (value & 31)) as usize]));
            value >>= 5;
        }
        self.text.push(char::from(LETTERS[value as usize]));
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads back what a pen wrote, as the script does.
    fn read(text: &str) -> Vec<Vec<Vec<[i64; 2]>>> {
        let mut letters = text.bytes();
        let mut number = || {
            let (mut value, mut shift) = (0u64, 0);
            loop {
                let letter = letters.next()?;
                let bits = LETTERS.iter().position(|l| *l == letter)? as u64;
                value |= (bits & 31) << shift;
                shift += 5;
                if bits < 32 {
                    return Some(value);
                }
            }
        };
        let (mut features, mut last) = (Vec::new(), [0i64; 2]);
        while let Some(paths) = number() {
            let mut feature = Vec::new();
            for _ in 0..paths {
                let points = number().expect("a path has a length");
                let mut path = Vec::new();
                for _ in 0..points {
                    for axis in &mut last {
                        let folded = number().expect("a point has two numbers");
                        *axis += (folded >> 1) as i64 ^ -((folded & 1) as i64);
                    }
                    path.push(last);
                }
                feature.push(path);
            }
            features.push(feature);
        }
        features
    }

    #[test]
    fn positions_come_back_within_two_centimetres() {
        let frame = Frame::new(117.0, 35.0);
        let ring: Vec<Position> = (0..500)
            .map(|i| {
                let turn = f64::from(i) / 79.0;
                Position::from([117.0 + turn.sin() * 0.0712345, 35.0 + turn.cos() * 0.0612345])
            })
            .collect();
        let given = GeometryValue::LineString { coordinates: ring.clone() };
        let mut pen = Pen::default();
        pen.feature(&paths(&frame, &given));
        let back = read(&pen.finish());
        assert_eq!(back[0][0].len(), ring.len());
        for (point, position) in back[0][0].iter().zip(&ring) {
            let east = point[0] as f64 / STEPS - (position[0] - 117.0) * frame.metres_lon;
            let north = point[1] as f64 / STEPS - (position[1] - 35.0) * frame.metres_lat;
            assert!(east.hypot(north) < 0.02, "{east} {north}");
        }
    }

    #[test]
    fn rings_lose_their_closing_point_and_features_stay_apart() {
        let frame = Frame::new(0.0, 0.0);
        let ring: Vec<Position> =
            [[0.0, 0.0], [0.001, 0.0], [0.001, -0.001], [0.0, 0.0]].map(Position::from).to_vec();
        let square = GeometryValue::MultiPolygon { coordinates: vec![vec![ring.clone()], vec![ring]] };
        let shape = paths(&frame, &square);
        let mut pen = Pen::default();
        pen.feature(&shape);
        pen.feature(&[]);
        pen.feature(&shape);
        let back = read(&pen.finish());
        assert_eq!(back, [shape.clone(), vec![], shape.clone()]);
        assert_eq!((shape.len(), shape[0].len()), (2, 3));
    }

    #[test]
    fn positions_off_the_map_are_dropped() {
        let frame = Frame::new(0.0, 0.0);
        let line =
            GeometryValue::LineString { coordinates: vec![[f64::INFINITY, 0.0].into(), [1e9, 1.0].into()] };
        assert!(paths(&frame, &line).is_empty());
    }
}
