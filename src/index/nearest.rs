//! The nearest of many points, in whole centimetres (an R-tree; Guttman 1984, bulk-loaded).
//!
//! O(log m) a query on m points. Equal distances go to the lower position.

use rstar::primitives::GeomWithData;
use rstar::{PointDistance as _, RTree};

use crate::model::units::Distance;

/// A point on the ground in whole centimetres of the local frame.
pub type Spot = [i64; 2];

/// A frozen set of points.
pub struct Nearest {
    tree: RTree<GeomWithData<Spot, u32>>,
}

impl Nearest {
    /// Indexes `spots`; answers name them by position.
    pub fn of(spots: &[Spot]) -> Self {
        let numbered = spots.iter().zip(0u32..).map(|(&spot, i)| GeomWithData::new(spot, i)).collect();
        Self { tree: RTree::bulk_load(numbered) }
    }

    /// The nearest point and how far it is in a straight line; `None` if there is no point.
    pub fn to(&self, from: Spot) -> Option<(u32, Distance)> {
        let mut found = self.tree.nearest_neighbor_iter_with_distance_2(&from);
        let (first, square) = found.next()?;
        let distance = from_square(square);
        // Whole centimetres decide what is equal, as they decide how long the walk takes.
        let equal = found.take_while(|(_, d)| from_square(*d) == distance).map(|(point, _)| point.data);
        Some((equal.fold(first.data, u32::min), distance))
    }

    /// All points no further than `limit`, by position.
    pub fn within(&self, from: Spot, limit: Distance) -> Vec<(u32, Distance)> {
        let radius = i64::from(limit.cm()) + 1;
        let mut found: Vec<_> = self
            .tree
            .locate_within_distance(from, radius * radius)
            .map(|point| (point.data, from_square(point.geom().distance_2(&from))))
            .filter(|(_, distance)| *distance <= limit)
            .collect();
        found.sort_unstable();
        found
    }
}

/// The distance whose square is given, rounded to the nearest centimetre.
pub fn from_square(square: i64) -> Distance {
    let floor = square.isqrt();
    // (floor + 1/2)^2 = floor^2 + floor + 1/4, so an integer square above floor^2 + floor rounds up.
    let rounded = if square - floor * floor > floor { floor + 1 } else { floor };
    Distance::from_cm(u32::try_from(rounded).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_go_to_the_lower_position() {
        let index = Nearest::of(&[[10, 0], [0, 10], [-10, 0], [50, 50]]);
        assert_eq!(index.to([0, 0]), Some((0, Distance::from_cm(10))));
        assert_eq!(index.to([-1, 1]), Some((1, Distance::from_cm(9))));
        assert_eq!(Nearest::of(&[]).to([0, 0]), None);
    }

    #[test]
    fn distances_round_to_nearest() {
        for (square, cm) in [(0, 0), (1, 1), (2, 1), (3, 2), (6, 2), (7, 3), (100, 10)] {
            assert_eq!(from_square(square), Distance::from_cm(cm), "{square}");
        }
    }
}
