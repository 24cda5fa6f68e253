//! Outlines of many areas as few lines: an edge that two of them share is left out of a filling and drawn
//! once in an outline.
//!
//! Neighbours' edges cancel under the even-odd rule, so a filling looks the same without them; a town of
//! thousands of atoms is then drawn by the border of each class alone. O(n log n) in the corners.

use super::scene::Line;
use super::shape::{Point, rough};

/// What becomes of an edge that comes more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// Two of them cancel: the lines bound a filling.
    Cancel,
    /// All are one: the lines are strokes.
    Merge,
}

/// A corner in tenths of a pixel.
type Corner = (i32, i32);

/// The same lines with shared edges cancelled or merged. Corners are taken to whole tenths of a pixel; of
/// strokes those are left out that nobody sees, which neighbouring fillings would show as gaps.
pub(super) fn joined(lines: &[Line], shared: Shared) -> Vec<Line> {
    let edges = edges(lines, shared);
    let mut corners: Vec<Corner> = edges.iter().flat_map(|edge| [edge.0, edge.1]).collect();
    corners.sort_unstable();
    corners.dedup();
    let number = |corner: &Corner| corners.partition_point(|other| other < corner);
    let ends: Vec<[usize; 2]> = edges.iter().map(|(a, b)| [number(a), number(b)]).collect();
    let mut at = At::over(corners.len(), &ends);
    let mut found = Vec::new();
    // Open lines begin where an odd number of edges meet; whatever is left then closes.
    for is_open in [true, false] {
        for start in 0..corners.len() {
            if is_open && at.left(start).is_multiple_of(2) {
                continue;
            }
            while let Some(line) = at.walk(start, &ends) {
                let closed = line.len() > 2 && line.first() == line.last();
                let mut points: Vec<Point> = line.into_iter().map(|corner| point(corners[corner])).collect();
                if closed {
                    points.pop();
                }
                if shared == Shared::Merge {
                    points = rough(points, closed);
                }
                found.push(Line { points, closed });
                if is_open {
                    break;
                }
            }
        }
    }
    found
}

fn point(corner: Corner) -> Point {
    [f64::from(corner.0) / 10.0, f64::from(corner.1) / 10.0]
}

/// The edges that are left, each once, sorted.
fn edges(lines: &[Line], shared: Shared) -> Vec<(Corner, Corner)> {
    let corner = |p: &Point| p.map(|v| (v * 10.0).round() as i32).into();
    let mut all: Vec<(Corner, Corner)> = Vec::with_capacity(lines.iter().map(|line| line.points.len()).sum());
    for line in lines {
        let mut push = |a: Corner, b: Corner| {
            if a != b {
                all.push((a.min(b), a.max(b)));
            }
        };
        let last = line.points.last().filter(|_| line.closed);
        let ring = last.into_iter().chain(&line.points).map(corner);
        ring.clone().zip(ring.skip(1)).for_each(|(a, b)| push(a, b));
    }
    all.sort_unstable();
    let groups = all.chunk_by(|a, b| a == b);
    groups.filter(|group| shared == Shared::Merge || group.len() % 2 == 1).map(|group| group[0]).collect()
}

/// Edges at each corner, and which are walked.
struct At {
    first: Vec<usize>,
    /// Edges, corner after corner.
    edges: Vec<usize>,
    /// The next edge of each corner to look at.
    next: Vec<usize>,
    walked: Vec<bool>,
}

impl At {
    fn over(corners: usize, ends: &[[usize; 2]]) -> Self {
        let mut first = vec![0; corners + 1];
        ends.iter().flatten().for_each(|corner| first[corner + 1] += 1);
        for corner in 0..corners {
            first[corner + 1] += first[corner];
        }
        let mut next = first.clone();
        let mut edges = vec![0; ends.len() * 2];
        for (edge, both) in ends.iter().enumerate() {
            for corner in both {
                edges[next[*corner]] = edge;
                next[*corner] += 1;
            }
        }
        Self { next: first[..corners].to_vec(), first, edges, walked: vec![false; ends.len()] }
    }

    /// Edges at a corner that are not walked.
    fn left(&self, corner: usize) -> usize {
        let here = &self.edges[self.first[corner]..self.first[corner + 1]];
        here.iter().filter(|edge| !self.walked[**edge]).count()
    }

    /// Corners of a walk along edges from a corner until there is none left; `None` if there is none.
    fn walk(&mut self, start: usize, ends: &[[usize; 2]]) -> Option<Vec<usize>> {
        let mut line = vec![start];
        let mut corner = start;
        while let Some(edge) = self.take(corner) {
            let [a, b] = ends[edge];
            corner = if a == corner { b } else { a };
            line.push(corner);
        }
        (line.len() > 1).then_some(line)
    }

    fn take(&mut self, corner: usize) -> Option<usize> {
        while self.next[corner] < self.first[corner + 1] {
            let edge = self.edges[self.next[corner]];
            self.next[corner] += 1;
            if !std::mem::replace(&mut self.walked[edge], true) {
                return Some(edge);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64) -> Line {
        Line { points: vec![[x, y], [x + 1.0, y], [x + 1.0, y + 1.0], [x, y + 1.0]], closed: true }
    }

    fn length(lines: &[Line]) -> f64 {
        let one = |line: &Line| {
            let ring = line.points.last().filter(|_| line.closed).into_iter().chain(&line.points);
            let sides = ring.clone().zip(ring.skip(1));
            sides.map(|(a, b)| (a[0] - b[0]).hypot(a[1] - b[1])).sum::<f64>()
        };
        lines.iter().map(one).sum()
    }

    /// How often a ray to the right crosses the lines.
    fn crossings(lines: &[Line], at: Point) -> usize {
        let sides = lines.iter().flat_map(|line| {
            let ring = line.points.last().into_iter().chain(&line.points);
            ring.clone().zip(ring.skip(1))
        });
        let crosses = |a: &Point, b: &Point| {
            (a[1] > at[1]) != (b[1] > at[1]) && a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) > at[0]
        };
        sides.filter(|(a, b)| crosses(a, b)).count()
    }

    #[test]
    fn a_board_is_filled_by_its_rim_and_lined_by_its_squares() {
        let board: Vec<Line> =
            (0..6).flat_map(|x| (0..4).map(move |y| square(f64::from(x), f64::from(y)))).collect();
        let rim = joined(&board, Shared::Cancel);
        assert!((length(&rim) - 20.0).abs() < 1e-9 && rim.iter().all(|line| line.closed));
        let lines = joined(&board, Shared::Merge);
        assert!((length(&lines) - (7.0 * 4.0 + 5.0 * 6.0)).abs() < 1e-9);
    }

    #[test]
    fn a_filling_is_the_same_wherever_areas_touch_overlap_or_have_holes() {
        let mut shapes: Vec<Line> =
            (0..40).map(|k| square(f64::from(k * 7 % 11) * 0.5, f64::from(k * 5 % 7) * 0.5)).collect();
        shapes.push(square(2.0, 2.0));
        shapes.push(Line { points: vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 9.0]], closed: true });
        let few = joined(&shapes, Shared::Cancel);
        for x in 0..48 {
            for y in 0..48 {
                let at = [f64::from(x) * 0.21 - 0.33, f64::from(y) * 0.21 - 0.33];
                assert_eq!(crossings(&shapes, at) % 2, crossings(&few, at) % 2, "{at:?}");
            }
        }
    }

    #[test]
    fn nothing_and_points_leave_nothing() {
        assert!(joined(&[], Shared::Merge).is_empty());
        assert!(joined(&[Line { points: vec![[1.0, 1.0]], closed: true }], Shared::Cancel).is_empty());
    }
}
