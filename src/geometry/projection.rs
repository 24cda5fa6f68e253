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

use std::sync::LazyLock;

use crate::model::place::Origin;

/// GRS 80.
const SEMI_MAJOR: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;

/// What the series need of the ellipsoid; the same for every meridian.
#[derive(Debug)]
struct Series {
    eccentricity: f64,
    radius: f64,
    forward: [f64; 6],
    inverse: [f64; 6],
    /// From conformal latitude to geographic.
    conformal: [f64; 6],
}

static SERIES: LazyLock<Series> = LazyLock::new(Series::new);

impl Series {
    fn new() -> Self {
        let n = FLATTENING / (2.0 - FLATTENING);
        let power = |k: i32| n.powi(k);
        let radius = SEMI_MAJOR / (1.0 + n) * (1.0 + power(2) / 4.0 + power(4) / 64.0 + power(6) / 256.0);
        let series =
            |c: [f64; 6]| -> f64 { c.iter().enumerate().map(|(i, c)| c * power(i as i32 + 1)).sum() };
        Self {
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
            conformal: [
                series([2., -2. / 3., -2., 116. / 45., 26. / 45., -2854. / 675.]),
                series([0., 7. / 3., -8. / 5., -227. / 45., 2704. / 315., 2323. / 945.]),
                series([0., 0., 56. / 15., -136. / 35., -1262. / 105., 73_814. / 2835.]),
                series([0., 0., 0., 4279. / 630., -332. / 35., -399_572. / 14_175.]),
                series([0., 0., 0., 0., 4174. / 315., -144_838. / 6237.]),
                series([0., 0., 0., 0., 0., 601_676. / 22_275.]),
            ],
        }
    }
}

/// A transverse Mercator projection with scale 1 on its meridian.
#[derive(Clone, Copy, Debug)]
pub struct TransverseMercator {
    meridian: f64,
    series: &'static Series,
}

impl TransverseMercator {
    /// Around a central meridian, in degrees.
    pub fn around(meridian: f64) -> Self {
        Self { meridian, series: &SERIES }
    }

    /// Degrees to metres east of the meridian and north of the equator.
    pub fn project(&self, lon: f64, lat: f64) -> (f64, f64) {
        let e = self.series.eccentricity;
        let (lambda, phi) = ((lon - self.meridian).to_radians(), lat.to_radians());
        let sin = phi.sin();
        let (t, _) = hyperbolic(sin.atanh() - e * (e * sin).atanh());
        let (sin_lambda, cos_lambda) = lambda.sin_cos();
        let xi = t.atan2(cos_lambda);
        let sinh_eta = sin_lambda / norm(t, cos_lambda);
        let eta = sinh_eta.asinh();
        let (y, x) = waves(&self.series.forward, xi.sin_cos(), (sinh_eta, norm(sinh_eta, 1.0)));
        (self.series.radius * (eta + x), self.series.radius * (xi + y))
    }

    /// Metres east of the meridian and north of the equator to degrees.
    pub fn unproject(&self, x: f64, y: f64) -> (f64, f64) {
        let (xi, eta) = (y / self.series.radius, x / self.series.radius);
        let (du, dv) = waves(&self.series.inverse, xi.sin_cos(), hyperbolic(eta));
        let (sin_u, cos_u) = (xi - du).sin_cos();
        let (sinh_v, cosh_v) = hyperbolic(eta - dv);
        let lambda = sinh_v.atan2(cos_u);
        // Sine and cosine of the conformal latitude, and from them of the geographic one.
        let (sin, cos) = (sin_u / cosh_v, norm(cos_u, sinh_v) / cosh_v);
        let (more, _) = waves(&self.series.conformal, (sin, cos), (0.0, 1.0));
        (self.meridian + lambda.to_degrees(), (sin.atan2(cos) + more).to_degrees())
    }
}

/// Root of the sum of two squares, neither of them huge: rounded the same on every machine.
fn norm(a: f64, b: f64) -> f64 {
    (a * a + b * b).sqrt()
}

/// Hyperbolic sine and cosine, exact near zero too.
fn hyperbolic(x: f64) -> (f64, f64) {
    let grown = x.exp_m1();
    let sinh = f64::midpoint(grown, grown / (1.0 + grown));
    (sinh, norm(sinh, 1.0))
}

/// The sum of `c[j] sin(2(j + 1)ζ)` over complex ζ, by the recurrence of Clenshaw (1955), from the sine and
/// cosine of the real part and the hyperbolic ones of the imaginary: its real part and its imaginary.
fn waves(c: &[f64; 6], (sin, cos): (f64, f64), (sinh, cosh): (f64, f64)) -> (f64, f64) {
    let (sin2, cos2) = (2.0 * sin * cos, (cos - sin) * (cos + sin));
    let (sinh2, cosh2) = (2.0 * sinh * cosh, 1.0 + 2.0 * sinh * sinh);
    let (turn, twist) = (2.0 * cos2 * cosh2, -2.0 * sin2 * sinh2);
    let (mut re, mut im, mut last_re, mut last_im) = (0.0, 0.0, 0.0, 0.0);
    for c in c.iter().rev() {
        let next = (c + turn * re - twist * im - last_re, turn * im + twist * re - last_im);
        (last_re, last_im, re, im) = (re, im, next.0, next.1);
    }
    let (real, imaginary) = (sin2 * cosh2, cos2 * sinh2);
    (re * real - im * imaginary, re * imaginary + im * real)
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
