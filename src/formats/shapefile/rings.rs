//! Rings of a polygon record, grouped into polygons with holes.
//!
//! The format has outer rings run clockwise and holes the other way, and many files do not keep
//! to it. So where rings lie decides: a ring within an even number of others is an outer ring, and
//! one within an odd number is a hole of the smallest of them. Direction decides only where lying
//! cannot, for rings whose every vertex is on the other.

use geojson::Position;

/// Steps of work for a file, and more for each of its bytes, so that none can stall the reader.
const WORK: (u64, u64) = (300_000_000, 20);

/// What sorting the rings of a file has cost and found so far.
pub(super) struct Sorting {
    /// Steps of work still allowed.
    left: u64,
    /// Polygons with a ring wound the wrong way.
    pub(super) rewound: u64,
}

impl Sorting {
    /// For a file of that many bytes.
    pub(super) fn of(bytes: usize) -> Self {
        Self { left: WORK.0 + WORK.1 * bytes as u64, rewound: 0 }
    }

    fn spend(&mut self, steps: usize) -> Result<(), String> {
        let left = self.left.checked_sub(steps as u64);
        self.left = left.ok_or("the rings of this file lie within one another in too many ways")?;
        Ok(())
    }
}

struct Ring {
    points: Vec<Position>,
    /// Twice the area; positive if anticlockwise.
    area: f64,
    /// West, south, east, north.
    bounds: [f64; 4],
}

impl Ring {
    fn of(points: Vec<Position>) -> Self {
        let origin = points.first().map_or([0.0, 0.0], |p| [p[0], p[1]]);
        let mut bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let mut area = 0.0;
        for (i, p) in points.iter().enumerate() {
            let q = &points[(i + 1) % points.len()];
            area += (p[0] - origin[0]) * (q[1] - origin[1]) - (q[0] - origin[0]) * (p[1] - origin[1]);
            bounds = [bounds[0].min(p[0]), bounds[1].min(p[1]), bounds[2].max(p[0]), bounds[3].max(p[1])];
        }
        Self { points, area, bounds }
    }

    fn is_clockwise(&self) -> bool {
        self.area < 0.0
    }

    fn bounds_hold(&self, other: &Self) -> bool {
        self.bounds[0] <= other.bounds[0]
            && self.bounds[1] <= other.bounds[1]
            && self.bounds[2] >= other.bounds[2]
            && self.bounds[3] >= other.bounds[3]
    }

    /// Where a point lies: inside, outside, or `None` on the line itself.
    fn holds_point(&self, x: f64, y: f64) -> Option<bool> {
        let mut inside = false;
        for (i, a) in self.points.iter().enumerate() {
            let b = &self.points[(i + 1) % self.points.len()];
            let cross = (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
            let within_x = x >= a[0].min(b[0]) && x <= a[0].max(b[0]);
            let within_y = y >= a[1].min(b[1]) && y <= a[1].max(b[1]);
            if cross == 0.0 && within_x && within_y {
                return None;
            }
            if (a[1] > y) != (b[1] > y) && (cross > 0.0) == (b[1] > a[1]) {
                inside = !inside;
            }
        }
        Some(inside)
    }

    /// True if `other` lies within this ring.
    fn holds(&self, other: &Self, sorting: &mut Sorting) -> Result<bool, String> {
        if !self.bounds_hold(other) || self.area.abs() <= other.area.abs() {
            return Ok(false);
        }
        let corners = other.points.iter().map(|p| (p[0], p[1]));
        let middles = other
            .points
            .windows(2)
            .map(|w| (f64::midpoint(w[0][0], w[1][0]), f64::midpoint(w[0][1], w[1][1])));
        for (x, y) in corners.chain(middles) {
            sorting.spend(self.points.len())?;
            if let Some(inside) = self.holds_point(x, y) {
                return Ok(inside);
            }
        }
        Ok(self.is_clockwise() != other.is_clockwise())
    }
}

/// Groups rings into polygons, outer ring first.
pub(super) fn polygons(
    rings: Vec<Vec<Position>>,
    sorting: &mut Sorting,
) -> Result<Vec<Vec<Vec<Position>>>, String> {
    let rings: Vec<Ring> = rings.into_iter().filter(|r| !r.is_empty()).map(Ring::of).collect();
    // The larger first, so that a ring's holders all come before it.
    let mut order: Vec<usize> = (0..rings.len()).collect();
    order.sort_by(|&a, &b| rings[b].area.abs().total_cmp(&rings[a].area.abs()).then(a.cmp(&b)));
    let mut holder: Vec<Option<usize>> = vec![None; rings.len()];
    let mut wrong = false;
    for (rank, &ring) in order.iter().enumerate() {
        let (mut depth, mut nearest) = (0, None);
        for &larger in &order[..rank] {
            sorting.spend(1)?;
            if rings[larger].holds(&rings[ring], sorting)? {
                depth += 1;
                nearest = Some(larger);
            }
        }
        let is_hole = depth % 2 == 1;
        wrong |= rings[ring].area != 0.0 && rings[ring].is_clockwise() == is_hole;
        holder[ring] = nearest.filter(|_| is_hole);
    }
    sorting.rewound += u64::from(wrong);
    let mut slot = vec![usize::MAX; rings.len()];
    let mut found: Vec<Vec<Vec<Position>>> = Vec::new();
    let (mut outer, mut holes) = (Vec::new(), Vec::new());
    for (i, ring) in rings.into_iter().enumerate() {
        if holder[i].is_some() { holes.push((i, ring)) } else { outer.push((i, ring)) }
    }
    for (i, ring) in outer {
        slot[i] = found.len();
        found.push(vec![ring.points]);
    }
    for (i, ring) in holes {
        match holder[i].and_then(|h| found.get_mut(slot[h])) {
            Some(polygon) => polygon.push(ring.points),
            None => found.push(vec![ring.points]),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::wkb::position;

    fn square(x: f64, y: f64, side: f64, clockwise: bool) -> Vec<Position> {
        let mut ring: Vec<Position> = [(0., 0.), (0., 1.), (1., 1.), (1., 0.), (0., 0.)]
            .map(|(a, b)| position(x + a * side, y + b * side))
            .into();
        if !clockwise {
            ring.reverse();
        }
        ring
    }

    fn shape(rings: Vec<Vec<Position>>) -> (Vec<usize>, u64) {
        let mut sorting = Sorting::of(0);
        let found = polygons(rings, &mut sorting).expect("little work");
        (found.iter().map(Vec::len).collect(), sorting.rewound)
    }

    #[test]
    fn grouped_by_place_whatever_the_winding() {
        for bits in 0..16u32 {
            let wound = |k: u32, right: bool| (bits >> k & 1 == 0) == right;
            // A hole first, its outer ring, an island within the hole, another outer ring.
            let rings = vec![
                square(2., 2., 6., wound(0, false)),
                square(0., 0., 10., wound(1, true)),
                square(4., 4., 2., wound(2, true)),
                square(20., 0., 3., wound(3, true)),
            ];
            assert_eq!(shape(rings), (vec![2, 1, 1], u64::from(bits != 0)), "{bits}");
        }
    }

    #[test]
    fn a_hole_that_touches_the_outer_ring() {
        let diamond =
            [(0., 5.), (5., 10.), (10., 5.), (5., 0.), (0., 5.)].map(|(x, y)| position(x, y)).to_vec();
        assert_eq!(shape(vec![square(0., 0., 10., true), diamond]).0, [2]);
        assert_eq!(shape(vec![square(0., 0., 1., true), square(1., 0., 1., true)]).0, [1, 1]);
        assert_eq!(shape(vec![square(0., 0., 1., true), square(0., 0., 1., true)]).0, [1, 1]);
        assert_eq!(shape(Vec::new()).0, [0; 0]);
    }

    #[test]
    fn too_much_work_is_refused() {
        let rings = (0..300).map(|i| square(0., 0., 1e6 - f64::from(i), true)).collect();
        assert!(polygons(rings, &mut Sorting { left: 10_000, rewound: 0 }).is_err());
    }
}
