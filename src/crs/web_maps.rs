//! The shifts of Chinese web maps: GCJ-02, and BD-09 on top of it.
//!
//! Both follow the commonly published formulas, which are not an official source. They are
//! written here so that one sine and cosine a coordinate serve all: sin 6πx, 2πx, πx, πx/3, πx/12
//! and πx/30 are multiples of the angle πx/60, which is three times x in radians over 180, so that
//! latitude follows too. The inverses are a few steps of Newton's method with the formulas' own
//! slopes, taken once: better than 0.02 mm in the box.
//!
//! *Where.* Web maps shift within the usual box, longitude 72.004–137.8347 and latitude
//! 0.8293–55.8271, and nowhere else; there every function here returns what it was given. The
//! inverse takes the unshifted position if that lies in the box, else the position as written. At
//! the edge of the box, in the open sea or abroad, the shift begins at once: a position within a
//! kilometre outside it, as written, may be either.

use super::series::{double, sin_cos_small, sin_cos_turns, sum, triple};

const PI: f64 = std::f64::consts::PI;
/// Middle of the formulas, in degrees.
const MIDDLE: (f64, f64) = (105.0, 35.0);
/// Furthest from the middle the series are used, in degrees: the box and one degree more.
const REACH: f64 = 36.0;
/// Krasovsky 1940, as the published formulas have it.
const AXIS: f64 = 6_378_245.0;
const ECCENTRICITY_2: f64 = 0.006_693_421_622_965_943;
const SIN_35: f64 = 0.573_576_436_351_046;
const COS_35: f64 = 0.819_152_044_288_991_8;

/// True if web maps shift the true position given, in degrees.
#[inline(always)]
pub fn shifts_at(lon: f64, lat: f64) -> bool {
    (72.004..=137.8347).contains(&lon) && (0.8293..=55.8271).contains(&lat)
}

/// True degrees to GCJ-02.
pub fn gcj02_from_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if !shifts_at(lon, lat) {
        return (lon, lat);
    }
    let shift = gcj_shift(lon, lat);
    (lon + shift.value.0, lat + shift.value.1)
}

/// GCJ-02 to true degrees.
pub fn wgs84_from_gcj02(lon: f64, lat: f64) -> (f64, f64) {
    if_shifted((lon, lat), gcj_inverse(lon, lat))
}

/// True degrees to BD-09.
pub fn bd09_from_wgs84(lon: f64, lat: f64) -> (f64, f64) {
    if !shifts_at(lon, lat) {
        return (lon, lat);
    }
    let (lon, lat) = gcj02_from_wgs84(lon, lat);
    let shift = bd_shift(lon, lat);
    (lon + shift.value.0, lat + shift.value.1)
}

/// BD-09 to true degrees.
pub fn wgs84_from_bd09(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = bd_inverse(lon, lat);
    if_shifted((lon, lat), gcj_inverse(x, y))
}

/// The box with a margin wider than any shift; also where the series hold.
#[inline(always)]
fn near_box(lon: f64, lat: f64) -> bool {
    (71.9..=137.95).contains(&lon) && (0.75..=55.9).contains(&lat)
}

/// A shift in degrees and its slopes in degrees a degree.
struct Shift {
    value: (f64, f64),
    /// d east / d lon, d east / d lat, d north / d lon, d north / d lat.
    slope: [f64; 4],
}

/// Sines of 60, 20, 5 and 2 times the angle πv/60, and of 360 and 120 times (6πv and 2πv).
struct Waves {
    sin: [f64; 6],
    cos: [f64; 6],
    /// Of v itself, taken as degrees.
    degrees: (f64, f64),
}

#[inline(always)]
fn waves(v: f64) -> Waves {
    let degrees = sin_cos_small(v * (PI / 180.0));
    let one = triple(degrees.0, degrees.1);
    let two = double(one.0, one.1);
    let five = sum(triple(one.0, one.1), two);
    let ten = double(five.0, five.1);
    let twenty = double(ten.0, ten.1);
    let sixty = triple(twenty.0, twenty.1);
    let a120 = double(sixty.0, sixty.1);
    let a360 = triple(a120.0, a120.1);
    Waves {
        sin: [a360.0, a120.0, sixty.0, twenty.0, five.0, two.0],
        cos: [a360.1, a120.1, sixty.1, twenty.1, five.1, two.1],
        degrees,
    }
}

/// GCJ-02 minus WGS 84 at a true position within [`REACH`] of the middle.
#[inline(always)]
fn gcj_shift(lon: f64, lat: f64) -> Shift {
    let x = (lon - MIDDLE.0).clamp(-REACH, REACH);
    let y = (lat - MIDDLE.1).clamp(-REACH, REACH);
    let (wx, wy) = (waves(x), waves(y));
    let third = 2.0 / 3.0;
    let root = x.abs().sqrt();
    let common = (20.0 * wx.sin[0] + 20.0 * wx.sin[1]) * third;
    let common_slope = (120.0 * wx.cos[0] + 40.0 * wx.cos[1]) * PI * third;
    let north = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + (20.0 * wy.sin[2] + 40.0 * wy.sin[3]) * third
        + (160.0 * wy.sin[4] + 320.0 * wy.sin[5]) * third;
    let east = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + (20.0 * wx.sin[2] + 40.0 * wx.sin[3]) * third
        + (150.0 * wx.sin[4] + 300.0 * wx.sin[5]) * third;
    // The root's slope is left out: it matters only within a metre of 105°.
    let north_x = 2.0 + 0.1 * y + common_slope;
    let north_y = 3.0
        + 0.4 * y
        + 0.1 * x
        + (20.0 * wy.cos[2] + 40.0 / 3.0 * wy.cos[3] + 160.0 / 12.0 * wy.cos[4] + 320.0 / 30.0 * wy.cos[5])
            * PI
            * third;
    let east_x = 1.0
        + 0.2 * x
        + 0.1 * y
        + common_slope
        + (20.0 * wx.cos[2] + 40.0 / 3.0 * wx.cos[3] + 12.5 * wx.cos[4] + 10.0 * wx.cos[5]) * PI * third;
    let east_y = 2.0 + 0.1 * x;
    let (sin, cos) = sum(wy.degrees, (SIN_35, COS_35));
    let magic = 1.0 - ECCENTRICITY_2 * sin * sin;
    let root = magic.sqrt();
    let per_east = (180.0 / PI / AXIS) * root / cos;
    let per_north = (180.0 / PI / (AXIS * (1.0 - ECCENTRICITY_2))) * magic * root;
    Shift {
        value: (east * per_east, north * per_north),
        slope: [
            east_x * per_east,
            (east_y + east * sin / cos * (PI / 180.0)) * per_east,
            north_x * per_north,
            north_y * per_north,
        ],
    }
}

/// BD-09 minus GCJ-02 at a position of GCJ-02.
#[inline(always)]
fn bd_shift(lon: f64, lat: f64) -> Shift {
    // A wave a 0.12 degrees: 3000π/180 radians a degree.
    const WAVES: f64 = 3000.0 / 360.0;
    const SLOPE: f64 = PI * 3000.0 / 180.0;
    let (sin_lat, cos_lat) = sin_cos_turns(lat * WAVES);
    let (sin_lon, cos_lon) = sin_cos_turns(lon * WAVES);
    let stretch = 0.00002 * sin_lat;
    let turn = 0.000_003 * cos_lon;
    let radius = (lon * lon + lat * lat).sqrt();
    // The turn is so small that its sine is itself and its cosine 1 − turn²/2, to the last bit.
    let fall = 0.5 * turn * turn;
    let (x, y) = (-lat * turn - lon * fall, lon * turn - lat * fall);
    let share = stretch / radius;
    Shift {
        value: (x + share * (lon + x) + 0.0065, y + share * (lat + y) + 0.006),
        slope: [
            lat * 0.000_003 * SLOPE * sin_lon,
            -turn + lon / radius * 0.00002 * SLOPE * cos_lat,
            turn - lon * 0.000_003 * SLOPE * sin_lon,
            lat / radius * 0.00002 * SLOPE * cos_lat,
        ],
    }
}

/// What takes a remainder in degrees to a step: the inverse of one plus the slopes.
#[inline(always)]
fn steps(slope: [f64; 4]) -> [f64; 4] {
    let (a, b, c, d) = (1.0 + slope[0], slope[1], slope[2], 1.0 + slope[3]);
    let scale = 1.0 / (a * d - b * c);
    [d * scale, -b * scale, -c * scale, a * scale]
}

/// One step from `at` towards `target`.
#[inline(always)]
fn step(at: (f64, f64), target: (f64, f64), shift: (f64, f64), m: [f64; 4]) -> (f64, f64) {
    let (dx, dy) = (target.0 - at.0 - shift.0, target.1 - at.1 - shift.1);
    (at.0 + m[0] * dx + m[1] * dy, at.1 + m[2] * dx + m[3] * dy)
}

/// Three steps with the slopes of the first: 0.1 m, then 0.1 mm, then nanometres remain.
#[inline(always)]
fn gcj_inverse(lon: f64, lat: f64) -> (f64, f64) {
    let first = gcj_shift(lon, lat);
    let m = steps(first.slope);
    let at = step((lon, lat), (lon, lat), first.value, m);
    let at = step(at, (lon, lat), gcj_shift(at.0, at.1).value, m);
    step(at, (lon, lat), gcj_shift(at.0, at.1).value, m)
}

/// Two steps with the slopes of the first: 7 mm, then micrometres remain.
#[inline(always)]
fn bd_inverse(lon: f64, lat: f64) -> (f64, f64) {
    let start = (lon - 0.0065, lat - 0.006);
    let first = bd_shift(start.0, start.1);
    let m = steps(first.slope);
    let at = step(start, (lon, lat), first.value, m);
    step(at, (lon, lat), bd_shift(at.0, at.1).value, m)
}

/// Points worked on together, so that the compiler can use wide registers.
const LANES: usize = 8;

/// Applies `work`, which has no branches, to many positions, then `choose` to each outcome.
#[inline(always)]
fn in_lanes(
    points: &mut [(f64, f64)],
    work: impl Fn(f64, f64) -> (f64, f64),
    choose: impl Fn((f64, f64), (f64, f64)) -> (f64, f64),
) {
    for chunk in points.chunks_mut(LANES) {
        let (mut x, mut y) = ([100.0; LANES], [30.0; LANES]);
        for (k, point) in chunk.iter().enumerate() {
            (x[k], y[k]) = *point;
        }
        let (mut u, mut v) = ([0.0; LANES], [0.0; LANES]);
        for k in 0..LANES {
            (u[k], v[k]) = work(x[k], y[k]);
        }
        for (k, point) in chunk.iter_mut().enumerate() {
            *point = choose(*point, (u[k], v[k]));
        }
    }
}

/// Keeps a position found if web maps shift it, else the position as written.
#[inline(always)]
fn if_shifted(written: (f64, f64), found: (f64, f64)) -> (f64, f64) {
    let sound = near_box(written.0, written.1) && shifts_at(found.0, found.1);
    if sound { found } else { written }
}

/// GCJ-02 to true degrees, many at once.
pub(super) fn all_from_gcj02(points: &mut [(f64, f64)]) {
    in_lanes(points, gcj_inverse, if_shifted);
}

/// BD-09 to true degrees, many at once.
pub(super) fn all_from_bd09(points: &mut [(f64, f64)]) {
    let work = |lon, lat| {
        let (x, y) = bd_inverse(lon, lat);
        gcj_inverse(x, y)
    };
    in_lanes(points, work, if_shifted);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The formulas as they are usually printed.
    fn printed(lon: f64, lat: f64) -> [(f64, f64); 2] {
        let (x, y) = (lon - 105.0, lat - 35.0);
        let wave = |v: f64, a: f64| a * (v * PI).sin();
        let common = (wave(6.0 * x, 20.0) + wave(2.0 * x, 20.0)) * 2.0 / 3.0;
        let mut north =
            -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt() + common;
        north += (wave(y, 20.0) + wave(y / 3.0, 40.0)) * 2.0 / 3.0;
        north += (wave(y / 12.0, 160.0) + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
        let mut east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt() + common;
        east += (wave(x, 20.0) + wave(x / 3.0, 40.0)) * 2.0 / 3.0;
        east += (wave(x / 12.0, 150.0) + wave(x / 30.0, 300.0)) * 2.0 / 3.0;
        let phi = lat / 180.0 * PI;
        let magic = 1.0 - ECCENTRICITY_2 * phi.sin() * phi.sin();
        let root = magic.sqrt();
        let dlat = (north * 180.0) / ((AXIS * (1.0 - ECCENTRICITY_2)) / (magic * root) * PI);
        let dlon = (east * 180.0) / (AXIS / root * phi.cos() * PI);
        let gcj = (lon + dlon, lat + dlat);
        let k = PI * 3000.0 / 180.0;
        let z = gcj.0.hypot(gcj.1) + 0.00002 * (gcj.1 * k).sin();
        let theta = gcj.1.atan2(gcj.0) + 0.000_003 * (gcj.0 * k).cos();
        [gcj, (z * theta.cos() + 0.0065, z * theta.sin() + 0.006)]
    }

    fn near(a: (f64, f64), b: (f64, f64), degrees: f64) -> bool {
        (a.0 - b.0).abs() < degrees && (a.1 - b.1).abs() < degrees
    }

    #[test]
    fn equal_to_the_printed_formulas_and_undone_across_the_box() {
        for i in 0..400 {
            for j in 0..500 {
                // 105° is met exactly, where the root has no slope.
                let lon = 72.02 + 0.164_3 * f64::from(i) + if i == 200 { 105.0 - 104.88 } else { 0.0 };
                let lat = 0.84 + 0.109_7 * f64::from(j);
                let [gcj, bd] = printed(lon, lat);
                assert!(near(gcj02_from_wgs84(lon, lat), gcj, 2e-12), "{lon} {lat}");
                assert!(near(bd09_from_wgs84(lon, lat), bd, 2e-12), "{lon} {lat}");
                assert!(near(wgs84_from_gcj02(gcj.0, gcj.1), (lon, lat), 2e-10), "{lon} {lat}");
                assert!(near(wgs84_from_bd09(bd.0, bd.1), (lon, lat), 2e-10), "{lon} {lat}");
            }
        }
    }

    #[test]
    fn nothing_shifts_outside_the_box() {
        for (lon, lat) in
            [(2.35, 48.85), (139.7, 35.7), (-74.0, 40.7), (106.0, -6.2), (71.0, 30.0), (100.0, 56.5)]
        {
            assert_eq!(gcj02_from_wgs84(lon, lat), (lon, lat));
            assert_eq!(bd09_from_wgs84(lon, lat), (lon, lat));
            assert_eq!(wgs84_from_gcj02(lon, lat), (lon, lat));
            assert_eq!(wgs84_from_bd09(lon, lat), (lon, lat));
        }
        let nan = wgs84_from_bd09(f64::NAN, 30.0);
        assert!(nan.0.is_nan());
    }

    /// The bits themselves, so that a platform that computes others is noticed.
    #[test]
    fn bits_are_the_same_everywhere() {
        let (lon, lat) = wgs84_from_bd09(121.538_015_7, 31.181_328_6);
        assert_eq!(
            (lon.to_bits(), lat.to_bits()),
            (BITS.0, BITS.1),
            "{:#x} {:#x}",
            lon.to_bits(),
            lat.to_bits()
        );
    }

    const BITS: (u64, u64) = (0x405e_61bd_d195_f5c9, 0x403f_2d6b_e50c_f1dd);
}
