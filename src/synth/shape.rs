//! The little plane geometry the generator needs, in metres, on counter-clockwise rings without a repeated end.

/// A point of the town's plane: metres east and north of its middle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// Metres east.
    pub x: f64,
    /// Metres north.
    pub y: f64,
}

impl Spot {
    pub(super) const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }

    pub(super) fn times(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    /// Twice the signed area spanned with `other`; positive if `other` lies to the left.
    pub(super) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    pub(super) fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    pub(super) fn to(self, other: Self) -> f64 {
        other.minus(self).length()
    }

    /// The same direction at length one; east if there is no direction.
    pub(super) fn unit(self) -> Self {
        let length = self.length();
        if length > 0.0 { self.times(1.0 / length) } else { Self::new(1.0, 0.0) }
    }

    /// A quarter turn to the left.
    pub(super) fn left(self) -> Self {
        Self::new(-self.y, self.x)
    }

    /// The point a share `t` of the way to `other`.
    pub(super) fn toward(self, other: Self, t: f64) -> Self {
        Self::new(self.x + (other.x - self.x) * t, self.y + (other.y - self.y) * t)
    }
}

/// A turned and moved pair of axes, to lay out rows along a street.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    origin: Spot,
    axis: Spot,
}

impl Frame {
    pub(super) fn new(origin: Spot, direction: Spot) -> Self {
        Self { origin, axis: direction.unit() }
    }

    pub(super) fn inward(&self, spot: Spot) -> Spot {
        let away = spot.minus(self.origin);
        Spot::new(away.dot(self.axis), away.dot(self.axis.left()))
    }

    pub(super) fn outward(&self, spot: Spot) -> Spot {
        self.origin.plus(self.axis.times(spot.x)).plus(self.axis.left().times(spot.y))
    }
}

/// The signed area of a ring, positive if it runs counter-clockwise.
pub fn area(ring: &[Spot]) -> f64 {
    edges(ring).map(|(a, b)| a.cross(b)).sum::<f64>() / 2.0
}

/// The centre of gravity; the mean corner if the ring has no area.
pub fn centroid(ring: &[Spot]) -> Spot {
    let Some(&base) = ring.first() else { return Spot::new(0.0, 0.0) };
    let (mut sum, mut weight) = (Spot::new(0.0, 0.0), 0.0);
    for (a, b) in edges(ring) {
        let (a, b) = (a.minus(base), b.minus(base));
        let cross = a.cross(b);
        sum = sum.plus(a.plus(b).times(cross));
        weight += cross;
    }
    if weight.abs() > 1e-9 {
        return base.plus(sum.times(1.0 / (3.0 * weight)));
    }
    ring.iter().fold(Spot::new(0.0, 0.0), |sum, &spot| sum.plus(spot)).times(1.0 / ring.len() as f64)
}

/// Whether the point lies inside the ring, by crossings of the ray to the east.
pub fn inside(ring: &[Spot], spot: Spot) -> bool {
    edges(ring)
        .filter(|(a, b)| (a.y > spot.y) != (b.y > spot.y))
        .filter(|(a, b)| spot.x < a.x + (spot.y - a.y) / (b.y - a.y) * (b.x - a.x))
        .count()
        % 2
        == 1
}

/// The sides of a ring, the closing one last.
pub(super) fn edges(ring: &[Spot]) -> impl Iterator<Item = (Spot, Spot)> + '_ {
    ring.iter().zip(ring.iter().cycle().skip(1)).map(|(&a, &b)| (a, b))
}

/// What is left of a ring on the left of a line (Sutherland and Hodgman 1974). Each point carries the label of
/// the side that starts there; the new side gets `label`.
pub(super) fn clipped<T: Copy>(
    ring: &[(Spot, T)],
    on_line: Spot,
    direction: Spot,
    label: T,
) -> Vec<(Spot, T)> {
    let mut kept = Vec::with_capacity(ring.len() + 1);
    let side = |spot: Spot| direction.cross(spot.minus(on_line));
    for (&(a, of_side), &(b, _)) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let (before, after) = (side(a), side(b));
        if before >= 0.0 {
            kept.push((a, if before == 0.0 && after < 0.0 { label } else { of_side }));
        }
        if before > 0.0 && after < 0.0 {
            kept.push((a.toward(b, before / (before - after)), label));
        } else if before < 0.0 && after > 0.0 {
            kept.push((a.toward(b, before / (before - after)), of_side));
        }
    }
    kept
}

/// Drops points nearer than `tolerance` to the line between the neighbours that stay, and near-duplicates.
pub(super) fn simplified<T: Copy + PartialEq>(ring: &[(Spot, T)], tolerance: f64) -> Vec<(Spot, T)> {
    let mut kept = ring.to_vec();
    let mut at = 0;
    while kept.len() > 3 && at < kept.len() {
        let count = kept.len();
        let (before, here, after) = (kept[(at + count - 1) % count], kept[at], kept[(at + 1) % count]);
        let span = after.0.minus(before.0);
        let off = span.cross(here.0.minus(before.0)).abs() / span.length().max(1e-6);
        // The label belongs to the side that starts at a point, so only like sides may be joined.
        if before.1 == here.1 && off < tolerance {
            kept.remove(at);
            at = at.saturating_sub(1);
        } else {
            at += 1;
        }
    }
    kept
}

/// A rectangle in a frame, as a ring of the plane.
pub(super) fn rectangle(frame: &Frame, x: (f64, f64), y: (f64, f64)) -> Vec<Spot> {
    [(x.0, y.0), (x.1, y.0), (x.1, y.1), (x.0, y.1)].map(|(x, y)| frame.outward(Spot::new(x, y))).to_vec()
}

/// The line beside a line, `by` metres to its left (to its right if negative), with mitred bends.
pub(super) fn beside(line: &[Spot], by: f64) -> Vec<Spot> {
    let heading = |at: usize| line[at + 1].minus(line[at]).unit();
    (0..line.len())
        .filter(|_| line.len() > 1)
        .map(|at| {
            let last = line.len() - 1;
            let before = heading(at.min(last).saturating_sub(1));
            let after = heading(at.min(last - 1));
            let bisector = before.plus(after).unit();
            let stretch = 1.0 / bisector.dot(after).max(0.5);
            line[at].plus(bisector.left().times(by * stretch))
        })
        .collect()
}

/// A line without its first `length` metres; empty if it is no longer than that.
pub(super) fn shortened(line: &[Spot], length: f64) -> Vec<Spot> {
    let mut left = length;
    for (at, pair) in line.windows(2).enumerate() {
        let step = pair[0].to(pair[1]);
        if step > left {
            let mut kept = vec![pair[0].toward(pair[1], left / step)];
            kept.extend_from_slice(&line[at + 1..]);
            return kept;
        }
        left -= step;
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(side: f64) -> Vec<Spot> {
        rectangle(&Frame::new(Spot::new(0.0, 0.0), Spot::new(1.0, 0.0)), (0.0, side), (0.0, side))
    }

    #[test]
    fn a_square_is_measured() {
        let ring = square(10.0);
        assert_eq!(area(&ring), 100.0);
        assert_eq!(centroid(&ring), Spot::new(5.0, 5.0));
        assert!(inside(&ring, Spot::new(9.0, 1.0)));
        assert!(!inside(&ring, Spot::new(11.0, 1.0)));
    }

    #[test]
    fn clipping_keeps_the_left() {
        let ring: Vec<(Spot, char)> = square(10.0).into_iter().map(|spot| (spot, 'o')).collect();
        let half = clipped(&ring, Spot::new(5.0, 0.0), Spot::new(0.0, 1.0), 'n');
        let spots: Vec<Spot> = half.iter().map(|&(spot, _)| spot).collect();
        assert!((area(&spots) - 50.0).abs() < 1e-9);
        assert_eq!(half.iter().filter(|(_, label)| *label == 'n').count(), 1);
    }

    #[test]
    fn lines_are_shortened_and_moved() {
        let line = [Spot::new(0.0, 0.0), Spot::new(10.0, 0.0), Spot::new(20.0, 0.0)];
        assert_eq!(shortened(&line, 12.0), vec![Spot::new(12.0, 0.0), Spot::new(20.0, 0.0)]);
        assert!(shortened(&line, 20.0).is_empty());
        assert_eq!(beside(&line, 3.0)[1], Spot::new(10.0, 3.0));
    }
}
