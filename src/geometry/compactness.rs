//! How compact an area is.

use geo::{Area as _, Euclidean, Length as _, MultiPolygon};

/// Length of all rings, holes included, in metres.
pub fn perimeter(shape: &MultiPolygon<f64>) -> f64 {
    shape
        .iter()
        .map(|polygon| {
            Euclidean.length(polygon.exterior())
                + polygon.interiors().iter().map(|ring| Euclidean.length(ring)).sum::<f64>()
        })
        .sum()
}

/// 4πA/P²: 1 for a circle, 0.785 for a square, towards 0 for a ribbon; 0 of nothing.
///
/// # References
/// Polsby and Popper 1991, "The third criterion: compactness as a procedural safeguard".
pub fn polsby_popper(shape: &MultiPolygon<f64>) -> f64 {
    let perimeter = perimeter(shape);
    if perimeter > 0.0 {
        4.0 * std::f64::consts::PI * shape.unsigned_area() / (perimeter * perimeter)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_scores_a_quarter_of_pi() {
        let square = MultiPolygon::from(geo::Rect::new((0.0, 0.0), (3.0, 3.0)).to_polygon());
        assert!((polsby_popper(&square) - std::f64::consts::FRAC_PI_4).abs() < 1e-12);
        assert!((polsby_popper(&MultiPolygon::new(vec![]))).abs() < 1e-12);
    }
}
