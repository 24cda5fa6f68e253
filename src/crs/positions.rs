//! Two lists of positions of the same things: where do they disagree?

/// Metres between two positions in degrees, on WGS 84; within 0.1 % up to 100 km.
pub fn distance_m(a: (f64, f64), b: (f64, f64)) -> f64 {
    const E2: f64 = 0.006_694_379_990_14;
    let middle = f64::midpoint(a.1, b.1).to_radians();
    let w2 = 1.0 - E2 * middle.sin() * middle.sin();
    let parallel = 6_378_137.0 / w2.sqrt() * middle.cos();
    let meridian = 6_378_137.0 * (1.0 - E2) / (w2 * w2.sqrt());
    let turn = (b.0 - a.0 + 540.0).rem_euclid(360.0) - 180.0;
    (turn.to_radians() * parallel).hypot((b.1 - a.1).to_radians() * meridian)
}

/// A row whose two positions are too far apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Disagreement {
    /// From 0, as in the lists.
    pub row: usize,
    /// Metres apart.
    pub metres: f64,
}

/// What comparing two lists gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Rows with both positions.
    pub compared: usize,
    /// Rows where one is missing (not a number) or the lists differ in length.
    pub missing: Vec<usize>,
    /// Rows apart by more than the tolerance, in row order.
    pub apart: Vec<Disagreement>,
    /// Median distance of the rows compared, metres; 0 if none was.
    pub median_m: f64,
}

/// Compares two positions a row, both in degrees, and lists rows over `tolerance_m` apart.
pub fn two_positions(a: &[(f64, f64)], b: &[(f64, f64)], tolerance_m: f64) -> Comparison {
    let mut found = Comparison::default();
    let mut distances = Vec::new();
    for row in 0..a.len().max(b.len()) {
        let metres = match (a.get(row), b.get(row)) {
            (Some(a), Some(b)) => distance_m(*a, *b),
            _ => f64::NAN,
        };
        if !metres.is_finite() {
            found.missing.push(row);
            continue;
        }
        distances.push(metres);
        if metres > tolerance_m {
            found.apart.push(Disagreement { row, metres });
        }
    }
    distances.sort_by(f64::total_cmp);
    found.compared = distances.len();
    found.median_m = distances.get(distances.len() / 2).copied().unwrap_or(0.0);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_apart_and_rows_missing() {
        let a = [(114.2, 22.3), (114.2, 22.3), (f64::NAN, 22.3), (114.2, 22.3), (114.2, 22.3)];
        let b = [(114.2, 22.3), (114.2, 22.301), (114.2, 22.3), (114.2005, 22.3)];
        let found = two_positions(&a, &b, 100.0);
        assert_eq!((found.compared, found.missing.as_slice()), (3, [2, 4].as_slice()));
        assert_eq!(found.apart.len(), 1);
        assert!(found.apart[0].row == 1 && (found.apart[0].metres - 110.74).abs() < 0.1);
        assert!((found.median_m - 51.53).abs() < 0.1, "{}", found.median_m);
        assert!((distance_m((179.9995, 0.0), (-179.9995, 0.0)) - 111.32).abs() < 0.1);
        assert_eq!(two_positions(&[], &[], 1.0), Comparison::default());
    }
}
