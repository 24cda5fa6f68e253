//! Sine and cosine by their own series, the same bits on every platform.
//!
//! Only additions, multiplications and divisions occur, which IEEE 754 fixes to the last bit; the
//! library functions of operating systems differ in that bit.

/// Sine and cosine of an angle in radians, |angle| ≤ 0.8; error under 2e-16.
#[inline(always)]
pub(super) fn sin_cos_small(angle: f64) -> (f64, f64) {
    let q = angle * angle;
    let sin = 1.0 / 6_227_020_800.0 + q * (-1.0 / 1_307_674_368_000.0 + q / 355_687_428_096_000.0);
    let sin = 1.0 / 362_880.0 + q * (-1.0 / 39_916_800.0 + q * sin);
    let sin = angle + angle * q * (-1.0 / 6.0 + q * (1.0 / 120.0 + q * (-1.0 / 5040.0 + q * sin)));
    let cos = 1.0 / 479_001_600.0
        + q * (-1.0 / 87_178_291_200.0 + q * (1.0 / 20_922_789_888_000.0 - q / 6_402_373_705_728_000.0));
    let cos = 1.0 / 40_320.0 + q * (-1.0 / 3_628_800.0 + q * cos);
    let cos = 1.0 + q * (-0.5 + q * (1.0 / 24.0 + q * (-1.0 / 720.0 + q * cos)));
    (sin, cos)
}

/// Sine and cosine of an angle in turns, |turns| < 1e9; error under 1e-15 beyond that of `turns`.
#[inline(always)]
pub(super) fn sin_cos_turns(turns: f64) -> (f64, f64) {
    // Adding and taking away 1.5 · 2^52 rounds to a whole number without a call.
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    let whole = (turns + ROUNDER) - ROUNDER;
    let (s, c) = sin_cos_small((turns - whole) * (std::f64::consts::PI / 2.0));
    let (s, c) = double(s, c);
    double(s, c)
}

/// Sine and cosine of twice the angle.
#[inline(always)]
pub(super) fn double(s: f64, c: f64) -> (f64, f64) {
    (2.0 * s * c, 1.0 - 2.0 * s * s)
}

/// Sine and cosine of three times the angle.
#[inline(always)]
pub(super) fn triple(s: f64, c: f64) -> (f64, f64) {
    (s * (3.0 - 4.0 * s * s), c * (1.0 - 4.0 * s * s))
}

/// Sine and cosine of the sum of two angles.
#[inline(always)]
pub(super) fn sum(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 * b.1 + a.1 * b.0, a.1 * b.1 - a.0 * b.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_library() {
        for i in -8_000..=8_000 {
            let angle = f64::from(i) * 1e-4;
            let (s, c) = sin_cos_small(angle);
            assert!((s - angle.sin()).abs() < 3e-16 && (c - angle.cos()).abs() < 3e-16, "{angle}");
            let turns = f64::from(i) * 0.137;
            let (s, c) = sin_cos_turns(turns);
            let angle = turns.fract() * std::f64::consts::TAU;
            assert!((s - angle.sin()).abs() < 4e-15 && (c - angle.cos()).abs() < 4e-15, "{turns}");
        }
    }
}
