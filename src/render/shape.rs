//! Plane geometry in pixels: boxes, and where inside a polygon a label has most room.
//!
//! The roomiest point is sought on a lattice over the polygon's box and then refined by halving steps. That
//! is coarser than a full search for the pole of inaccessibility, but its cost is bounded by the lattice,
//! whatever the shape, and the lattice points serve afterwards as second choices for the label.

/// A point in pixels, y downwards.
pub(super) type Point = [f64; 2];

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    /// Left.
    pub(super) x0: f64,
    /// Top.
    pub(super) y0: f64,
    /// Right.
    pub(super) x1: f64,
    /// Bottom.
    pub(super) y1: f64,
}

impl Rect {
    /// From two corners.
    pub(super) const fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    /// From its middle and its sides.
    pub(super) fn around(centre: Point, width: f64, height: f64) -> Self {
        let (w, h) = (width / 2.0, height / 2.0);
        Self::new(centre[0] - w, centre[1] - h, centre[0] + w, centre[1] + h)
    }

    pub(super) fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    pub(super) fn height(&self) -> f64 {
        self.y1 - self.y0
    }

    pub(super) fn centre(&self) -> Point {
        [f64::midpoint(self.x0, self.x1), f64::midpoint(self.y0, self.y1)]
    }

    pub(super) fn corners(&self) -> [Point; 4] {
        [[self.x0, self.y0], [self.x1, self.y0], [self.x1, self.y1], [self.x0, self.y1]]
    }

    /// Larger (or smaller) by as much on each side.
    pub(super) fn grown(&self, by: f64) -> Self {
        Self::new(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)
    }

    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.x0 < other.x1 && other.x0 < self.x1 && self.y0 < other.y1 && other.y0 < self.y1
    }

    pub(super) fn contains(&self, other: &Self) -> bool {
        self.x0 <= other.x0 && other.x1 <= self.x1 && self.y0 <= other.y0 && other.y1 <= self.y1
    }

    pub(super) fn holds(&self, p: Point) -> bool {
        self.x0 <= p[0] && p[0] <= self.x1 && self.y0 <= p[1] && p[1] <= self.y1
    }

    /// Whether a straight line touches it (clipping after Liang and Barsky 1984).
    pub(super) fn meets(&self, a: Point, b: Point) -> bool {
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let d = [b[0] - a[0], b[1] - a[1]];
        for (axis, low, high) in [(0, self.x0, self.x1), (1, self.y0, self.y1)] {
            if d[axis].abs() < 1e-12 {
                if a[axis] < low || a[axis] > high {
                    return false;
                }
                continue;
            }
            let (t0, t1) = ((low - a[axis]) / d[axis], (high - a[axis]) / d[axis]);
            from = from.max(t0.min(t1));
            to = to.min(t0.max(t1));
        }
        from <= to
    }

    /// The box of some points, or none without any finite one.
    pub(super) fn of(points: impl IntoIterator<Item = Point>) -> Option<Self> {
        let mut found: Option<Self> = None;
        for [x, y] in points {
            if x.is_finite() && y.is_finite() {
                let r = found.get_or_insert(Self::new(x, y, x, y));
                *r = Self::new(r.x0.min(x), r.y0.min(y), r.x1.max(x), r.y1.max(y));
            }
        }
        found
    }
}

/// One polygon: the exterior and its holes.
pub(super) type Rings = Vec<Vec<Point>>;

fn edges(rings: &[Vec<Point>]) -> impl Iterator<Item = (Point, Point)> + '_ {
    rings.iter().flat_map(|ring| ring.iter().copied().zip(ring.iter().copied().cycle().skip(1)))
}

/// Twice the signed area of a ring.
fn twice_area(ring: &[Point]) -> f64 {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(a, b)| a[0] * b[1] - b[0] * a[1]).sum()
}

/// Area of a polygon, holes taken off.
pub(super) fn area(rings: &[Vec<Point>]) -> f64 {
    let each = |ring: &Vec<Point>| twice_area(ring).abs() / 2.0;
    let holes: f64 = rings.iter().skip(1).map(each).sum();
    (rings.first().map_or(0.0, each) - holes).max(0.0)
}

/// Whether a point lies inside.
pub(super) fn inside(rings: &[Vec<Point>], p: Point) -> bool {
    let mut odd = false;
    for (a, b) in edges(rings) {
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < (b[0] - a[0]) * (p[1] - a[1]) / (b[1] - a[1]) + a[0] {
            odd = !odd;
        }
    }
    odd
}

/// Distance to the nearest edge.
fn clearance(rings: &[Vec<Point>], p: Point) -> f64 {
    edges(rings).map(|(a, b)| square_distance(p, a, b)).fold(f64::INFINITY, f64::min).sqrt()
}

/// What the eye does not see, in pixels.
const ROUGH: f64 = 0.2;
/// Corners of a line looked at together.
const PART: usize = 400;

/// A line without corners that lie nearer than a fifth of a pixel to what is left (Douglas and Peucker 1973).
/// A ring that would have no area keeps them all. O(n log n) on ordinary lines, O(n) times [`PART`] on any.
pub(super) fn rough(points: Vec<Point>, is_ring: bool) -> Vec<Point> {
    if points.len() < 3 {
        return points;
    }
    let mut line = points.clone();
    line.extend(is_ring.then(|| points[0]));
    let last = line.len() - 1;
    let mut keep = vec![false; line.len()];
    // A ring is two lines, from its first corner to the one farthest from it and back.
    let turn = if is_ring { farthest(&line, line[0], line[0]).0 } else { last };
    // Long ones are looked at in parts, since a comb would be halved at every tooth.
    let mut ends: Vec<usize> = (0..last).step_by(PART).chain([turn, last]).collect();
    ends.sort_unstable();
    ends.iter().for_each(|end| keep[*end] = true);
    let mut open: Vec<(usize, usize)> = ends.windows(2).map(|pair| (pair[0], pair[1])).collect();
    while let Some((from, to)) = open.pop() {
        let (at, square) = farthest(&line[from..=to], line[from], line[to]);
        // So far out that rounding parts an end from itself there is nothing to halve.
        if square >= ROUGH * ROUGH && 0 < at && from + at < to {
            keep[from + at] = true;
            open.extend([(from, from + at), (from + at, to)]);
        }
    }
    // The first corner of a ring stands at its end too.
    let kept: Vec<Point> = points.iter().zip(keep).filter(|(_, keep)| *keep).map(|(p, _)| *p).collect();
    if is_ring && kept.len() < 3 { points } else { kept }
}

/// Which point lies farthest from a straight line, and the square of how far; the first of equals.
fn farthest(points: &[Point], a: Point, b: Point) -> (usize, f64) {
    let mut best = (0, -1.0);
    for (at, &p) in points.iter().enumerate() {
        let square = square_distance(p, a, b);
        if square > best.1 {
            best = (at, square);
        }
    }
    best
}

fn square_distance(p: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let length = dx * dx + dy * dy;
    let t =
        if length > 0.0 { ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / length } else { 0.0 }.clamp(0.0, 1.0);
    let (ex, ey) = (a[0] + t * dx - p[0], a[1] + t * dy - p[1]);
    ex * ex + ey * ey
}

/// Whether a box lies wholly inside.
pub(super) fn holds_box(rings: &[Vec<Point>], rect: &Rect) -> bool {
    inside(rings, rect.centre()) && !edges(rings).any(|(a, b)| rect.meets(a, b))
}

/// Points inside a polygon with their distance to its edge, the roomiest first.
///
/// Never empty unless the polygon has no vertex: a sliver that the lattice misses answers with a point
/// halfway along its widest crossing, or with a vertex.
pub(super) fn roomy_points(rings: &[Vec<Point>]) -> Vec<(Point, f64)> {
    const LATTICE: u32 = 13;
    let Some(bounds) = Rect::of(rings.iter().flatten().copied()) else { return Vec::new() };
    let step = [bounds.width() / f64::from(LATTICE), bounds.height() / f64::from(LATTICE)];
    let mut found = Vec::new();
    for row in 0..LATTICE {
        for column in 0..LATTICE {
            let p = [
                bounds.x0 + (f64::from(column) + 0.5) * step[0],
                bounds.y0 + (f64::from(row) + 0.5) * step[1],
            ];
            if inside(rings, p) {
                found.push((p, clearance(rings, p)));
            }
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    match found.first().copied() {
        Some(best) => found.insert(0, refined(rings, best, step)),
        None => found.extend(midway(rings, &bounds).map(|p| (p, 0.0))),
    }
    found
}

/// Walks from a lattice point to a better one by steps that shrink when none helps.
fn refined(rings: &[Vec<Point>], start: (Point, f64), step: [f64; 2]) -> (Point, f64) {
    const AROUND: [(f64, f64); 8] = [
        (1.0, 0.0),
        (1.0, 1.0),
        (0.0, 1.0),
        (-1.0, 1.0),
        (-1.0, 0.0),
        (-1.0, -1.0),
        (0.0, -1.0),
        (1.0, -1.0),
    ];
    let (mut best, mut step) = (start, step);
    for _ in 0..5 {
        step = [step[0] / 2.0, step[1] / 2.0];
        for (dx, dy) in AROUND {
            let p = [best.0[0] + dx * step[0], best.0[1] + dy * step[1]];
            if inside(rings, p) {
                let room = clearance(rings, p);
                if room > best.1 {
                    best = (p, room);
                }
            }
        }
    }
    best
}

/// The middle of the widest stretch inside along the horizontal through the box's middle.
fn midway(rings: &[Vec<Point>], bounds: &Rect) -> Option<Point> {
    let y = bounds.centre()[1];
    let mut xs: Vec<f64> = edges(rings)
        .filter(|(a, b)| (a[1] > y) != (b[1] > y))
        .map(|(a, b)| a[0] + (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]))
        .collect();
    xs.sort_by(f64::total_cmp);
    let widest = xs.chunks_exact(2).max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0])));
    let middle = widest.map(|pair| [f64::midpoint(pair[0], pair[1]), y]);
    middle.or_else(|| rings.iter().flatten().next().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_roomiest_point_of_an_l_is_in_its_corner() {
        let l = vec![vec![[0.0, 0.0], [40.0, 0.0], [40.0, 10.0], [10.0, 10.0], [10.0, 40.0], [0.0, 40.0]]];
        let (p, room) = roomy_points(&l)[0];
        assert!(inside(&l, p) && room > 5.4, "{p:?} {room}");
        assert!((area(&l) - 700.0).abs() < 1e-9);
    }

    #[test]
    fn what_nobody_sees_is_left_out_and_nothing_else() {
        let circle = |radius: f64, points: u32| -> Vec<Point> {
            let angle = |k| f64::from(k) * std::f64::consts::TAU / f64::from(points);
            (0..points).map(|k| [radius * angle(k).cos(), radius * angle(k).sin()]).collect()
        };
        let (fine, few) = (circle(50.0, 2000), rough(circle(50.0, 2000), true));
        assert!(few.len() < 100 && few.len() > 20, "{}", few.len());
        for p in fine {
            assert!(clearance(std::slice::from_ref(&few), p) <= ROUGH);
        }
        let comb: Vec<Point> = (0..60_000).map(|k| [f64::from(k), f64::from(k % 2 * 9)]).collect();
        assert_eq!(rough(comb.clone(), false), comb);
        let far = [[0.87, 9.04], [9.927e15, 7.5132e15], [0.935, 1.369], [5.0, -1.1247e15]];
        assert!(rough(far.to_vec(), true).len() > 2);
        assert_eq!(rough(circle(0.1, 8), true).len(), 8);
        assert_eq!(rough(vec![[0.0, 0.0], [1.0, 0.0], [2.0, 0.0]], false), [[0.0, 0.0], [2.0, 0.0]]);
        assert!(rough(Vec::new(), true).is_empty());
    }

    #[test]
    fn slivers_and_nothing_still_answer() {
        assert!(roomy_points(&[]).is_empty());
        assert_eq!(roomy_points(&[vec![[3.0, 4.0]]])[0].0, [3.0, 4.0]);
        let flat = vec![vec![[0.0, 0.0], [100.0, 0.0], [200.0, 0.0]]];
        assert!(roomy_points(&flat).iter().all(|(p, _)| p[0].is_finite() && p[1].is_finite()));
    }

    #[test]
    fn boxes_meet_lines_that_only_pass_through() {
        let r = Rect::new(0.0, 0.0, 10.0, 10.0);
        assert!(r.meets([-5.0, 5.0], [15.0, 5.0]) && !r.meets([-5.0, -5.0], [15.0, -5.0]));
        assert!(!r.meets([-5.0, 8.0], [2.0, 15.0]) && r.meets([4.0, 4.0], [4.0, 4.0]));
    }
}
