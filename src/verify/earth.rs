//! Metres on the ellipsoid and what slopes make of them, for the verifier alone.

use crate::model::place::Place;

type P = (f64, f64);

/// By how much a rise makes a way longer: Tobler's hiking function (NCGIA report 93-1, 1993).
pub(super) fn tobler(rise: f64, metres: f64) -> f64 {
    let slope = if metres > 0.0 && rise.is_finite() { (rise / metres).clamp(-1.0, 1.0) } else { 0.0 };
    (3.5 * (slope + 0.05).abs() - 0.175).exp()
}

/// Degrees to local metres east and north of the place's origin: the first terms of the transverse
/// Mercator series (Snyder 1987, eq. 8-9 and 8-10), good to centimetres within a hundred kilometres.
pub(super) fn plane((lon, lat): P, place: &Place) -> P {
    let phi = lat.to_radians();
    let (sin, cos) = phi.sin_cos();
    let (prime, _) = radii(phi);
    let a = (lon - place.origin.lon).to_radians() * cos;
    let (t, c) = ((sin / cos).powi(2), E2 / (1.0 - E2) * cos * cos);
    let x = prime * (a + (1.0 - t + c) * a.powi(3) / 6.0);
    let up = prime * sin / cos * (a * a / 2.0 + (5.0 - t + 9.0 * c) * a.powi(4) / 24.0);
    (x, arc(place.origin.lat.to_radians(), phi) + up)
}

/// Metres along the meridian between two latitudes, by Simpson's rule.
fn arc(from: f64, to: f64) -> f64 {
    let at = |share: f64| radii(from + share * (to - from)).1;
    (to - from) / 12.0 * (at(0.0) + 4.0 * at(0.25) + 2.0 * at(0.5) + 4.0 * at(0.75) + at(1.0))
}

/// Major half axis and squared eccentricity of the GRS 80 ellipsoid.
const AXIS: f64 = 6_378_137.0;
const E2: f64 = 0.006_694_380_022_9;

/// Radii of curvature across and along the meridian.
fn radii(phi: f64) -> (f64, f64) {
    let w = 1.0 - E2 * phi.sin().powi(2);
    (AXIS / w.sqrt(), AXIS * (1.0 - E2) / w.powf(1.5))
}

/// Metres between two near positions, by the radii half way.
pub(super) fn ellipsoid(a: P, b: P) -> f64 {
    let middle = ((a.1 + b.1) / 2.0).to_radians();
    let (prime, meridian) = radii(middle);
    let east = (b.0 - a.0).to_radians() * prime * middle.cos();
    let north = (b.1 - a.1).to_radians() * meridian;
    (east * east + north * north).sqrt()
}
