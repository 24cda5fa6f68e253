//! From degrees to metres and back.
//!
//! Every position becomes local metres once, by a transverse Mercator projection of the ellipsoid
//! GRS 80 whose central meridian runs through the middle of the place and has scale 1 (Krüger's
//! series to the sixth order of the third flattening, as in Karney 2011, "Transverse Mercator with
//! an accuracy of a few nanometers"). The same series serves the Gauss–Krüger zones of CGCS2000.
//!
//! *Error.* Angles are true. A length `x` metres east or west of the middle is too long by
//! x²/2R²: 3 mm a kilometre 15 km from it, 3 cm a kilometre at 50 km (a county), 12 cm at 100 km.
//! WGS 84 and CGCS2000 are taken as one; they differ by centimetres in absolute position.

use crate::model::place::Origin;

/// GRS 80.
const SEMI_MAJOR: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;

/// A transverse Mercator projection with scale 1 on its meridian.
#[derive(Clone, Copy, Debug)]
pub struct TransverseMercator {
    meridian: f64,
    eccentricity: f64,
    radius: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
}

impl TransverseMercator {
    /// Around a central meridian, in degrees.
    pub fn around(meridian: f64) -> Self {
        let n = FLATTENING / (2.0 - FLATTENING);
        let power = |k: i32| n.powi(k);
        let radius = SEMI_MAJOR / (1.0 + n) * (1.0 + power(2) / 4.0 + power(4) / 64.0 + power(6) / 256.0);
        let series =
            |c: [f64; 6]| -> f64 { c.iter().enumerate().map(|(i, c)| c * power(i as i32 + 1)).sum() };
        Self {
            meridian,
            eccentricity: (FLATTENING * (2.0 - FLATTENING)).sqrt(),
            radius,
            forward: [
                series([1. / 2., -2. / 3., 5. / 16., 41. / 180., -127. / 288., 7891. / 37_800.]),
                series([0., 13. / 48., -3. / 5., 557. / 1440., 281. / 630., -1_983_433. / 1_935_360.]),
                series([0., 0., 61. / 240., -103. / 140., 15_061. / 26_880., 167_603. / 181_440.]),
                series([0., 0., 0., 49_561. / 161_280., -179. / 168., 6_601_661. / 7_257_600.]),
                series([0., 0., 0., 0., 34_729. / 80_640., -3_418_889. / 1_995_840.]),
                series([0., 0., 0., 0., 0., 212_378_941. / 319_334_400.]),
            ],
            inverse: [
                series([1. / 2., -2. / 3., 37. / 96., -1. / 360., -81. / 512., 96_199. / 604_800.]),
                series([0., 1. / 48., 1. / 15., -437. / 1440., 46. / 105., -1_118_711. / 3_870_720.]),
                series([0., 0., 17. / 480., -37. / 840., -209. / 4480., 5569. / 90_720.]),
                series([0., 0., 0., 4397. / 161_280., -11. / 504., -830_251. / 7_257_600.]),
                series([0., 0., 0., 0., 4583. / 161_280., -108_847. / 3_991_680.]),
                series([0., 0., 0., 0., 0., 20_648_693. / 638_668_800.]),
            ],
        }
    }

    /// Degrees to metres east of the meridian and north of the equator.
    pub fn project(&self, lon: f64, lat: f64) -> (f64, f64) {
        let e = self.eccentricity;
        let (lambda, phi) = ((lon - self.meridian).to_radians(), lat.to_radians());
        let sin = phi.sin();
        let t = (sin.atanh() - e * (e * sin).atanh()).sinh();
        let xi = t.atan2(lambda.cos());
        let eta = (lambda.sin() / t.hypot(lambda.cos())).asinh();
        let (mut x, mut y) = (eta, xi);
        for (j, a) in self.forward.iter().enumerate() {
            let k = 2.0 * (j + 1) as f64;
            x += a * (k * xi).cos() * (k * eta).sinh();
            y += a * (k * xi).sin() * (k * eta).cosh();
        }
        (self.radius * x, self.radius * y)
    }

    /// Metres east of the meridian and north of the equator to degrees.
    pub fn unproject(&self, x: f64, y: f64) -> (f64, f64) {
        let (xi, eta) = (y / self.radius, x / self.radius);
        let (mut u, mut v) = (xi, eta);
        for (j, b) in self.inverse.iter().enumerate() {
            let k = 2.0 * (j + 1) as f64;
            u -= b * (k * xi).sin() * (k * eta).cosh();
            v -= b * (k * xi).cos() * (k * eta).sinh();
        }
        let lambda = v.sinh().atan2(u.cos());
        let conformal = (u.sin() / v.cosh()).asin();
        (self.meridian + lambda.to_degrees(), self.geographic(conformal.tan()).to_degrees())
    }

    /// Geographic latitude whose conformal latitude has this tangent, by Newton's method.
    fn geographic(&self, tangent: f64) -> f64 {
        let e = self.eccentricity;
        let mut tau = tangent;
        for _ in 0..6 {
            let sigma = (e * (e * tau / tau.hypot(1.0)).atanh()).sinh();
            let guess = tau * sigma.hypot(1.0) - sigma * tau.hypot(1.0);
            let slope =
                (1.0 + (1.0 - e * e) * tau * tau) / ((1.0 - e * e) * tau.hypot(1.0) * guess.hypot(1.0));
            tau += (tangent - guess) * slope;
        }
        tau.atan()
    }
}

/// Local metres of one place: x east and y north of its origin.
#[derive(Clone, Copy, Debug)]
pub struct LocalFrame {
    mercator: TransverseMercator,
    north: f64,
}

impl LocalFrame {
    /// Metres around `origin`.
    pub fn around(origin: Origin) -> Self {
        let mercator = TransverseMercator::around(origin.lon);
        let (_, north) = mercator.project(origin.lon, origin.lat);
        Self { mercator, north }
    }

    /// Degrees to local metres.
    pub fn to_metres(&self, lon: f64, lat: f64) -> (f64, f64) {
        let (x, y) = self.mercator.project(lon, lat);
        (x, y - self.north)
    }

    /// Local metres to degrees.
    pub fn to_degrees(&self, x: f64, y: f64) -> (f64, f64) {
        self.mercator.unproject(x, y + self.north)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EPSG:4490 to EPSG:4547 (CGCS2000, 3 degrees, 114 E) as PROJ 9 computes it.
    #[test]
    fn agrees_with_proj() {
        let zone = TransverseMercator::around(114.0);
        for (lon, lat, x, y) in [
            (114.0, 30.0, 0.0, 3_320_113.397_845_02),
            (115.2, 30.5, 115_202.826_986_27, 3_376_154.083_939_58),
            (112.9, 22.1, -113_513.589_242_76, 2_445_283.560_824_75),
            (114.5, 45.3, 39_217.142_770_87, 5_018_406.421_963_74),
        ] {
            let (x2, y2) = zone.project(lon, lat);
            assert!((x - x2).abs() < 1e-6 && (y - y2).abs() < 1e-6, "{lon} {lat}: {x2} {y2}");
        }
    }

    #[test]
    fn there_and_back() {
        let frame = LocalFrame::around(Origin { lon: 121.5, lat: 25.0 });
        for (lon, lat) in [(121.5, 25.0), (121.0, 24.5), (122.3, 25.9), (120.0, 23.0)] {
            let (x, y) = frame.to_metres(lon, lat);
            let (lon2, lat2) = frame.to_degrees(x, y);
            assert!((lon - lon2).abs() < 1e-12 && (lat - lat2).abs() < 1e-12, "{lon2} {lat2}");
        }
    }
}
