//! The Hong Kong 1980 Grid, EPSG:2326.
//!
//! Transverse Mercator on International 1924 (EPSG:8802 and following), then the seven-parameter
//! shift of EPSG:1825 to WGS 84, coordinate-frame rotation, about a metre. The grid is
//! a few dozen kilometres wide, so Redfearn's series to the sixth power is exact to the micrometre.

/// The grid and its datum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HongKongGrid;

/// Semi-major axis in metres and first eccentricity squared.
struct Ellipsoid(f64, f64);

const INTERNATIONAL: Ellipsoid = Ellipsoid(6_378_388.0, 2.0 / 297.0 - 1.0 / (297.0 * 297.0));
const WGS84_F: f64 = 1.0 / 298.257_223_563;
const WGS84: Ellipsoid = Ellipsoid(6_378_137.0, WGS84_F * (2.0 - WGS84_F));
/// 22°18′43.68″ N, 114°10′42.80″ E.
const ORIGIN: (f64, f64) = (114.0 + 10.0 / 60.0 + 42.8 / 3600.0, 22.0 + 18.0 / 60.0 + 43.68 / 3600.0);
const FALSE: (f64, f64) = (836_694.05, 819_069.8);
const SHIFT: [f64; 3] = [-162.619, -276.959, -161.764];
/// Seconds of arc.
const ROTATION: [f64; 3] = [-0.067_753, 2.243_648, 1.158_828];
const SCALE: f64 = 1.0 - 1.094_246e-6;

impl HongKongGrid {
    /// Metres east and north to degrees; `None` outside the territory and its waters.
    pub fn to_degrees(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let near = (700_000.0..960_000.0).contains(&x) && (700_000.0..940_000.0).contains(&y);
        near.then(|| {
            let (lon, lat) = unproject(x - FALSE.0, y - FALSE.1);
            datum(lon, lat, true)
        })
    }

    /// Degrees to metres east and north; `None` outside the territory and its waters.
    pub fn from_degrees(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        if !((112.9..115.4).contains(&lon) && (21.2..23.4).contains(&lat)) {
            return None;
        }
        let (lon, lat) = datum(lon, lat, false);
        let (x, y) = project(lon, lat);
        let (x, y) = (x + FALSE.0, y + FALSE.1);
        let near = (700_000.0..960_000.0).contains(&x) && (700_000.0..940_000.0).contains(&y);
        near.then_some((x, y))
    }
}

/// Length of the meridian from the equator, by its series in the eccentricity.
fn meridian_arc(phi: f64) -> f64 {
    let Ellipsoid(a, e2) = INTERNATIONAL;
    let (e4, e6, e8) = (e2 * e2, e2 * e2 * e2, e2 * e2 * e2 * e2);
    let c0 = 1.0 - e2 / 4.0 - 3.0 * e4 / 64.0 - 5.0 * e6 / 256.0 - 175.0 * e8 / 16_384.0;
    let c2 = 3.0 / 8.0 * (e2 + e4 / 4.0 + 15.0 * e6 / 128.0 + 35.0 * e8 / 512.0);
    let c4 = 15.0 / 256.0 * (e4 + 3.0 * e6 / 4.0 + 35.0 * e8 / 64.0);
    let c6 = 35.0 / 3072.0 * (e6 + 5.0 * e8 / 4.0);
    let c8 = 315.0 / 131_072.0 * e8;
    a * (c0 * phi - c2 * (2.0 * phi).sin() + c4 * (4.0 * phi).sin() - c6 * (6.0 * phi).sin()
        + c8 * (8.0 * phi).sin())
}

/// Degrees of the datum to metres from the origin.
fn project(lon: f64, lat: f64) -> (f64, f64) {
    let Ellipsoid(a, e2) = INTERNATIONAL;
    let phi = lat.to_radians();
    let (s, c) = phi.sin_cos();
    let t2 = (s / c) * (s / c);
    let eta2 = e2 / (1.0 - e2) * c * c;
    let nu = a / (1.0 - e2 * s * s).sqrt();
    let l = (lon - ORIGIN.0).to_radians() * c;
    let l2 = l * l;
    let x = nu
        * l
        * (1.0
            + l2 / 6.0
                * (1.0 - t2
                    + eta2
                    + l2 / 20.0 * (5.0 - 18.0 * t2 + t2 * t2 + 14.0 * eta2 - 58.0 * t2 * eta2)));
    let y = nu * (s / c) * l2 / 2.0
        * (1.0
            + l2 / 12.0
                * (5.0 - t2
                    + 9.0 * eta2
                    + 4.0 * eta2 * eta2
                    + l2 / 30.0 * (61.0 - 58.0 * t2 + t2 * t2 + 270.0 * eta2 - 330.0 * t2 * eta2)));
    (x, y + meridian_arc(phi) - meridian_arc(ORIGIN.1.to_radians()))
}

/// Metres from the origin to degrees of the datum: the projection undone by its own derivative.
fn unproject(x: f64, y: f64) -> (f64, f64) {
    let Ellipsoid(a, e2) = INTERNATIONAL;
    let (mut lon, mut lat) = ORIGIN;
    for _ in 0..8 {
        let (x1, y1) = project(lon, lat);
        let (s, c) = lat.to_radians().sin_cos();
        let w = (1.0 - e2 * s * s).sqrt();
        // Grid north turns by the sine of latitude times the distance in longitude.
        let turn = (lon - ORIGIN.0).to_radians() * s;
        let (dx, dy) = (x - x1, y - y1);
        let (east, north) = (dx + turn * dy, dy - turn * dx);
        lon += (east * w / (a * c)).to_degrees();
        lat += (north * w * w * w / (a * (1.0 - e2))).to_degrees();
    }
    (lon, lat)
}

/// Hong Kong 1980 to WGS 84 at height 0, or back; exact inverses of each other to the micrometre.
fn datum(lon: f64, lat: f64, forward: bool) -> (f64, f64) {
    if forward {
        return geodetic(&WGS84, shifted(cartesian(&INTERNATIONAL, lon, lat)));
    }
    // Height is lost on the way, so the step back is found by its own image.
    let mut guess = (lon, lat);
    for _ in 0..4 {
        let there = geodetic(&WGS84, shifted(cartesian(&INTERNATIONAL, guess.0, guess.1)));
        guess = (guess.0 + lon - there.0, guess.1 + lat - there.1);
    }
    guess
}

fn cartesian(on: &Ellipsoid, lon: f64, lat: f64) -> [f64; 3] {
    let (s, c) = lat.to_radians().sin_cos();
    let (sl, cl) = lon.to_radians().sin_cos();
    let nu = on.0 / (1.0 - on.1 * s * s).sqrt();
    [nu * c * cl, nu * c * sl, nu * (1.0 - on.1) * s]
}

fn shifted([x, y, z]: [f64; 3]) -> [f64; 3] {
    let [rx, ry, rz] = ROTATION.map(|seconds| (seconds / 3600.0).to_radians());
    [
        SHIFT[0] + SCALE * (x + rz * y - ry * z),
        SHIFT[1] + SCALE * (y - rz * x + rx * z),
        SHIFT[2] + SCALE * (z + ry * x - rx * y),
    ]
}

fn geodetic(on: &Ellipsoid, [x, y, z]: [f64; 3]) -> (f64, f64) {
    let p = x.hypot(y);
    let mut phi = z.atan2(p * (1.0 - on.1));
    for _ in 0..6 {
        let s = phi.sin();
        let nu = on.0 / (1.0 - on.1 * s * s).sqrt();
        phi = (z + on.1 * nu * s).atan2(p);
    }
    (y.atan2(x).to_degrees(), phi.to_degrees())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PROJ 9, operation EPSG:1825.
    #[test]
    fn agrees_with_proj() {
        for (x, y, lon, lat) in [
            (836_694.05, 819_069.8, 114.181_009_326_7, 22.310_602_433_9),
            (800_000.0, 800_000.0, 113.825_312_392_7, 22.138_010_287_5),
            (860_000.0, 845_000.0, 114.407_587_973_1, 22.544_599_003_8),
            (837_584.0, 819_219.0, 114.189_646_735_4, 22.311_949_347_3),
        ] {
            let (lon1, lat1) = HongKongGrid.to_degrees(x, y).expect("in the grid");
            assert!((lon - lon1).abs() < 1e-9 && (lat - lat1).abs() < 1e-9, "{lon1} {lat1}");
            let (x1, y1) = HongKongGrid.from_degrees(lon1, lat1).expect("in the territory");
            assert!((x - x1).abs() < 1e-5 && (y - y1).abs() < 1e-5, "{x1} {y1}");
        }
        assert!(HongKongGrid.to_degrees(0.0, 0.0).is_none());
        assert!(HongKongGrid.from_degrees(121.5, 25.0).is_none());
        assert!(HongKongGrid.from_degrees(f64::NAN, 22.0).is_none());
    }
}
