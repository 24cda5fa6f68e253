//! Coordinate systems of input: which ones are known, and how each becomes degrees of WGS 84.
//!
//! GCJ-02 and BD-09 follow the commonly published formulas, which are not an official source;
//! their inverses are fixed-point iterations, four steps, better than a micrometre.

use crate::geometry::projection::TransverseMercator;

/// A coordinate system an input may be in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Crs {
    /// Degrees: EPSG:4326 or EPSG:4490, taken as one.
    Geographic,
    /// Metres in a CGCS2000 Gauss–Krüger zone.
    GaussKruger { mercator: TransverseMercator, false_easting: f64 },
    /// Degrees as shifted by Chinese web maps.
    Gcj02,
    /// Degrees as shifted once more by one of them.
    Bd09,
}

impl Crs {
    /// By name; `None` if it is not known.
    pub(super) fn named(name: &str) -> Option<Self> {
        let upper = name.trim().to_ascii_uppercase();
        match upper.as_str() {
            "GCJ-02" | "GCJ02" => return Some(Self::Gcj02),
            "BD-09" | "BD09" => return Some(Self::Bd09),
            _ => {}
        }
        let code: u32 = upper.strip_prefix("EPSG:")?.parse().ok()?;
        let zone = |meridian: u32, prefix: u32| Self::GaussKruger {
            mercator: TransverseMercator::around(f64::from(meridian)),
            false_easting: 500_000.0 + f64::from(prefix) * 1e6,
        };
        match code {
            4326 | 4490 => Some(Self::Geographic),
            // 6 degree zones 13 to 23 with the zone number in front, then without.
            4491..=4501 => Some(zone(75 + 6 * (code - 4491), 13 + code - 4491)),
            4502..=4512 => Some(zone(75 + 6 * (code - 4502), 0)),
            // 3 degree zones 25 to 45 likewise.
            4513..=4533 => Some(zone(75 + 3 * (code - 4513), 25 + code - 4513)),
            4534..=4554 => Some(zone(75 + 3 * (code - 4534), 0)),
            _ => None,
        }
    }

    /// True if positions are degrees.
    pub(super) fn is_geographic(self) -> bool {
        !matches!(self, Self::GaussKruger { .. })
    }

    /// Input position to degrees of WGS 84; `None` if no such position exists.
    pub(super) fn to_degrees(self, x: f64, y: f64) -> Option<(f64, f64)> {
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        let on_globe = x.abs() <= 180.0 && y.abs() < 89.9;
        match self {
            Self::Geographic => on_globe.then_some((x, y)),
            Self::Gcj02 => on_globe.then(|| invert(gcj_from_wgs, x, y)),
            Self::Bd09 => on_globe.then(|| {
                let (x, y) = invert(bd_from_gcj, x, y);
                invert(gcj_from_wgs, x, y)
            }),
            Self::GaussKruger { mercator, false_easting } => {
                let x = x - false_easting;
                let in_reach = x.abs() < 500_000.0 && (0.0..9_900_000.0).contains(&y);
                in_reach.then(|| mercator.unproject(x, y))
            }
        }
    }
}

type Shift = fn(f64, f64) -> (f64, f64);

fn invert(shift: Shift, x: f64, y: f64) -> (f64, f64) {
    let mut guess = (x, y);
    for _ in 0..5 {
        let there = shift(guess.0, guess.1);
        guess = (guess.0 + x - there.0, guess.1 + y - there.1);
    }
    guess
}

const PI: f64 = std::f64::consts::PI;

fn gcj_from_wgs(lon: f64, lat: f64) -> (f64, f64) {
    // The published formulas use Krasovsky 1940.
    const AXIS: f64 = 6_378_245.0;
    const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |v: f64, a: f64| a * (v * PI).sin();
    let common = (wave(6.0 * x, 20.0) + wave(2.0 * x, 20.0)) * 2.0 / 3.0;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * x.abs().sqrt()
        + common
        + (wave(y, 20.0) + wave(y / 3.0, 40.0)) * 2.0 / 3.0
        + (wave(y / 12.0, 160.0) + wave(y / 30.0, 320.0)) * 2.0 / 3.0;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * x.abs().sqrt()
        + common
        + (wave(x, 20.0) + wave(x / 3.0, 40.0)) * 2.0 / 3.0
        + (wave(x / 12.0, 150.0) + wave(x / 30.0, 300.0)) * 2.0 / 3.0;
    let phi = lat.to_radians();
    let magic = 1.0 - ECCENTRICITY_2 * phi.sin().powi(2);
    let meridian = AXIS * (1.0 - ECCENTRICITY_2) / (magic * magic.sqrt());
    let parallel = AXIS / magic.sqrt() * phi.cos();
    (lon + (east / parallel).to_degrees(), lat + (north / meridian).to_degrees())
}

fn bd_from_gcj(lon: f64, lat: f64) -> (f64, f64) {
    const STEP: f64 = PI * 3000.0 / 180.0;
    let radius = lon.hypot(lat) + 0.00002 * (lat * STEP).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * STEP).cos();
    (radius * angle.cos() + 0.0065, radius * angle.sin() + 0.006)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAIN: [[f64; 6]; 3] = [
        [121.527_210_6, 31.177_427_6, 121.531_541_9, 31.175_304_0, 121.538_015_7, 31.181_328_6],
        [113.912_316_0, 22.543_847_0, 113.917_176_5, 22.540_796_1, 113.923_684_7, 22.546_667_4],
        [116.377_817_0, 39.911_954_0, 116.384_047_2, 39.913_345_5, 116.390_454_7, 39.919_575_6],
    ];

    #[test]
    fn web_map_shifts_are_undone() {
        for [lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat] in CHAIN {
            for (crs, x, y) in [(Crs::Gcj02, gcj_lon, gcj_lat), (Crs::Bd09, bd_lon, bd_lat)] {
                let (lon2, lat2) = crs.to_degrees(x, y).expect("on the globe");
                assert!((lon - lon2).abs() < 1.5e-7 && (lat - lat2).abs() < 1.5e-7, "{lon2} {lat2}");
            }
        }
    }

    #[test]
    fn zones_with_and_without_number_agree() {
        let with = Crs::named("EPSG:4526").expect("zone 38");
        let without = Crs::named("epsg:4547").expect("114 E");
        let a = with.to_degrees(38_615_202.826_986, 3_376_154.083_94).expect("in the zone");
        let b = without.to_degrees(615_202.826_986, 3_376_154.083_94).expect("in the zone");
        assert_eq!(a, b);
        assert!((a.0 - 115.2).abs() < 1e-9 && (a.1 - 30.5).abs() < 1e-9, "{a:?}");
        assert!(Crs::named("EPSG:3857").is_none());
        assert!(Crs::Geographic.to_degrees(f64::NAN, 1.0).is_none());
        assert!(Crs::Geographic.to_degrees(25.0, 121.5).is_none());
    }
}
