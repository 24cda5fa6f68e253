//! How great a loss is shrugged off, drawn by chance: exponentially distributed numbers.

/// Steps of chance told apart.
pub(super) const STEPS: u32 = 4096;

/// Exponentially distributed numbers of mean one, at equal steps of chance: −ln u. Computed with plain
/// operations only, so that every machine gets the same.
pub(super) fn patience() -> Vec<f64> {
    (0..STEPS).map(|step| minus_log((f64::from(step) + 0.5) / f64::from(STEPS))).collect()
}

/// −ln u for 0 < u ≤ 1: doubles until near one, then sums the series of the inverse hyperbolic tangent.
fn minus_log(mut u: f64) -> f64 {
    let mut doublings = 0.0;
    while u < 0.7 {
        u *= 2.0;
        doublings += 1.0;
    }
    let z = (u - 1.0) / (u + 1.0);
    let (mut term, mut sum) = (z, 0.0);
    for odd in 0..12 {
        sum += term / f64::from(2 * odd + 1);
        term *= z * z;
    }
    doublings * std::f64::consts::LN_2 - 2.0 * sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logarithm_is_right() {
        for step in 1..=1000 {
            let u = f64::from(step) / 1000.0;
            assert!((minus_log(u) + u.ln()).abs() < 1e-12, "{u}");
        }
    }

    #[test]
    fn mean_is_one() {
        let mean = patience().iter().sum::<f64>() / f64::from(STEPS);
        assert!((mean - 1.0).abs() < 1e-3, "{mean}");
    }
}
