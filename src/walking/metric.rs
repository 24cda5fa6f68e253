//! Positions on the ellipsoid and the length of short lines between them.
//!
//! Within a few kilometres a degree is a fixed length, different along a meridian and along a
//! parallel. Both are tabulated over the latitudes in use and interpolated: against the closed form
//! the error is below one part in 10⁷, a tenth of a millimetre in a kilometre.

/// A position in WGS 84 or CGCS2000, in 10⁻⁷ degrees, the unit of OpenStreetMap (11 mm at most).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Longitude, 10⁻⁷ degrees east.
    pub lon: i32,
    /// Latitude, 10⁻⁷ degrees north.
    pub lat: i32,
}

impl Position {
    /// A position from degrees; none where they are not finite or leave ±180, ±90.
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        let sound = lon.abs() <= 180.0 && lat.abs() <= 90.0;
        sound.then(|| Self { lon: (lon * 1e7).round() as i32, lat: (lat * 1e7).round() as i32 })
    }

    /// Longitude and latitude in degrees.
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lon) / 1e7, f64::from(self.lat) / 1e7)
    }
}

/// Rows of the table are 2¹⁷ units apart, 0.013°.
const ROW_BITS: u32 = 17;

/// Semi-major axis in mm and first eccentricity squared of WGS 84 (NIMA TR8350.2); those of CGCS2000
/// agree to a tenth of a millimetre.
const AXIS_MM: f64 = 6_378_137_000.0;
const ECCENTRICITY_2: f64 = 0.006_694_379_990_14;

/// Millimetres in a unit of [`Position`], by latitude.
#[derive(Clone, Debug)]
pub struct Metric {
    south: i32,
    rows: Vec<Scale>,
}

/// Millimetres in 10⁻⁷ degrees at one latitude.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// Along the parallel.
    pub lon: f64,
    /// Along the meridian.
    pub lat: f64,
}

impl Metric {
    /// A table for the latitudes of these positions; others get those of the nearest row.
    pub fn over(positions: &[Position]) -> Self {
        let south = positions.iter().map(|p| p.lat).min().unwrap_or(0).clamp(-900_000_000, 900_000_000);
        let north = positions.iter().map(|p| p.lat).max().unwrap_or(0).clamp(south, 900_000_000);
        let rows = ((north - south) >> ROW_BITS) + 2;
        let row = |k: i32| scale(f64::from(south) + f64::from(k) * f64::from(1u32 << ROW_BITS));
        Self { south, rows: (0..rows).map(row).collect() }
    }

    /// The scale at a latitude.
    #[inline]
    pub fn at(&self, lat: i32) -> Scale {
        let up = (i64::from(lat) - i64::from(self.south)).clamp(0, i64::from(i32::MAX)) as usize;
        let row = (up >> ROW_BITS).min(self.rows.len() - 2);
        let share = ((up - (row << ROW_BITS)) as f64 / f64::from(1u32 << ROW_BITS)).min(1.0);
        let (low, high) = (self.rows[row], self.rows[row + 1]);
        Scale { lon: low.lon + share * (high.lon - low.lon), lat: low.lat + share * (high.lat - low.lat) }
    }

    /// Millimetres between two positions a few kilometres apart at most.
    #[inline]
    pub fn between(&self, a: Position, b: Position) -> f64 {
        let middle = ((i64::from(a.lat) + i64::from(b.lat)) / 2) as i32;
        self.at(middle).between(a, b)
    }
}

impl Scale {
    /// Millimetres between two positions near the latitude of this scale.
    pub fn between(self, a: Position, b: Position) -> f64 {
        let (x, y) = self.offset(a, b);
        (x * x + y * y).sqrt()
    }

    /// Millimetres east and north from `a` to `b`.
    pub fn offset(self, a: Position, b: Position) -> (f64, f64) {
        (
            (i64::from(b.lon) - i64::from(a.lon)) as f64 * self.lon,
            (i64::from(b.lat) - i64::from(a.lat)) as f64 * self.lat,
        )
    }
}

fn scale(lat_e7: f64) -> Scale {
    let unit = std::f64::consts::PI / 180.0 * 1e-7;
    let (sin, cos) = (lat_e7 * unit).sin_cos();
    let w = (1.0 - ECCENTRICITY_2 * sin * sin).sqrt();
    Scale {
        // A pole has no east: a hair of width keeps divisions finite.
        lon: (AXIS_MM / w * cos * unit).max(1e-6),
        lat: AXIS_MM * (1.0 - ECCENTRICITY_2) / (w * w * w) * unit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degree_has_the_published_length() {
        // Lengths of a degree on WGS 84 (NIMA TR8350.2 formulae, as tabulated widely).
        for (lat, east, north) in
            [(0, 111_319.491, 110_574.3), (45, 78_846.8, 111_131.8), (60, 55_800.0, 111_412.3)]
        {
            let here = Position { lon: 0, lat: lat * 10_000_000 };
            let scale = Metric::over(&[here]).at(here.lat);
            assert!((scale.lon * 1e4 - east).abs() < 0.3, "{lat}: {}", scale.lon * 1e4);
            assert!((scale.lat * 1e4 - north).abs() < 0.5, "{lat}: {}", scale.lat * 1e4);
        }
    }

    #[test]
    fn the_table_agrees_with_the_closed_form() {
        let ends = [Position { lon: 0, lat: -899_000_000 }, Position { lon: 0, lat: 899_000_000 }];
        let metric = Metric::over(&ends);
        for lat in (-890_000_000..890_000_000).step_by(1_234_567) {
            let (table, exact) = (metric.at(lat), scale(f64::from(lat)));
            assert!((table.lon - exact.lon).abs() < 1e-7, "{lat}");
            assert!((table.lat / exact.lat - 1.0).abs() < 1e-7, "{lat}");
        }
    }

    #[test]
    fn nonsense_is_no_position() {
        for (lon, lat) in [(f64::NAN, 0.0), (181.0, 0.0), (0.0, -90.1), (f64::INFINITY, 1.0)] {
            assert_eq!(Position::from_degrees(lon, lat), None);
        }
        let near = Position::from_degrees(117.2, 39.1).expect("sound");
        assert_eq!(near, Position { lon: 1_172_000_000, lat: 391_000_000 });
    }
}
