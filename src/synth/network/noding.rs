//! Lines that meet where they cross: both get a vertex there, with the digits it has in the files.
//!
//! Coordinates are whole units of the seventh decimal, so that equality is equality as written. A crossing point
//! is rounded to a unit, which may move a line by half of one; therefore the pass is repeated until nothing new
//! turns up.

use std::collections::{HashMap, HashSet};

use super::index::{Index, foot, meets};
use crate::synth::shape::Spot;

/// A point in units of the seventh decimal, from the middle of the town.
pub(super) type Unit = (i32, i32);

/// An end this near to a side lies on it: rounding moves a point by 0.71 units.
const ON_SIDE: f64 = 2.0;
/// Square of the distance at which a crossing counts as being at an end.
const NEAR_END: i64 = 64;
/// Ends this near to one another, about 30 cm, become one.
const SAME: i32 = 30;
/// Side of a cell of the index, about 60 m.
const CELL: f64 = 6_000.0;
/// Repetitions at most; two are usual.
const ROUNDS: usize = 8;

pub(super) fn spot((x, y): Unit) -> Spot {
    Spot::new(f64::from(x), f64::from(y))
}

/// Moves the points of `added` to points of `base` or of earlier ones that are all but equal; `pinned` stay.
pub(super) fn merged(base: &[Vec<Unit>], pinned: &[Unit], added: &mut [Vec<Unit>]) {
    let place = |(x, y): Unit| (x.div_euclid(SAME), y.div_euclid(SAME));
    let mut known: HashMap<Unit, Vec<Unit>> = HashMap::new();
    for &unit in base.iter().flatten().chain(pinned) {
        known.entry(place(unit)).or_default().push(unit);
    }
    let fixed: HashSet<Unit> = pinned.iter().copied().collect();
    for unit in added.iter_mut().flatten().filter(|unit| !fixed.contains(unit)) {
        let (column, row) = place(*unit);
        let near = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (column + x, row + y)));
        let near = near.filter_map(|cell| known.get(&cell)).flatten().copied();
        let best = near.min_by_key(|&other| (square(other, *unit), other));
        match best.filter(|&other| square(other, *unit) <= i64::from(SAME) * i64::from(SAME)) {
            Some(other) => *unit = other,
            None => known.entry(place(*unit)).or_default().push(*unit),
        }
    }
}

fn square(a: Unit, b: Unit) -> i64 {
    let (x, y) = (i64::from(a.0 - b.0), i64::from(a.1 - b.1));
    x * x + y * y
}

/// Gives all lines a common vertex wherever two meet. The first `base` of them already meet one another so.
pub(super) fn noded(lines: &mut [Vec<Unit>], base: usize) {
    for _ in 0..ROUNDS {
        let mut sides: Vec<(Unit, Unit)> = Vec::new();
        let mut of: Vec<(usize, usize)> = Vec::new();
        for (number, line) in lines.iter_mut().enumerate() {
            line.dedup();
            for (at, pair) in line.windows(2).enumerate() {
                sides.push((pair[0], pair[1]));
                of.push((number, at));
            }
        }
        let index = Index::new(sides.iter().map(|&(a, b)| (spot(a), spot(b))).collect(), CELL);
        let mut cuts: Vec<(u32, Unit)> = Vec::new();
        let first = of.partition_point(|&(line, _)| line < base);
        for one in first..sides.len() {
            let (a, b) = index.sides[one];
            for other in index.around(a, b, ON_SIDE) {
                // Two of the added sides are taken once.
                if (other as usize) < first || (other as usize) > one {
                    cut(&sides, &index, one as u32, other, &mut cuts);
                }
            }
        }
        if cuts.is_empty() {
            return;
        }
        let along = |&(id, unit): &(u32, Unit)| square(sides[id as usize].0, unit);
        cuts.sort_by_key(|cut| (cut.0, along(cut), cut.1));
        cuts.dedup();
        // From the back, so that earlier places stay what they are.
        for (id, unit) in cuts.into_iter().rev() {
            let (line, at) = of[id as usize];
            lines[line].insert(at + 1, unit);
        }
    }
}

/// Notes where two sides must be cut.
fn cut(sides: &[(Unit, Unit)], index: &Index, one: u32, other: u32, cuts: &mut Vec<(u32, Unit)>) {
    let before = cuts.len();
    let mut joined = false;
    for (id, by) in [(one, other), (other, one)] {
        let (side, ends) = (sides[id as usize], sides[by as usize]);
        for end in [ends.0, ends.1] {
            if end == side.0 || end == side.1 {
                joined = true;
            } else if foot(index.sides[id as usize], spot(end)).to(spot(end)) <= ON_SIDE {
                cuts.push((id, end));
            }
        }
    }
    let ((a, b), (c, d)) = (index.sides[one as usize], index.sides[other as usize]);
    if joined || cuts.len() > before || !meets((a, b), (c, d)) {
        return;
    }
    let (along, across) = (b.minus(a), d.minus(c));
    let at = a.plus(along.times(c.minus(a).cross(across) / along.cross(across)));
    let unit = (at.x.round() as i32, at.y.round() as i32);
    // At an end that is all but there already, no second vertex.
    let ends = [sides[one as usize], sides[other as usize]].into_iter().flat_map(|side| [side.0, side.1]);
    let unit = ends.into_iter().find(|&end| square(end, unit) <= NEAR_END).unwrap_or(unit);
    for id in [one, other] {
        if unit != sides[id as usize].0 && unit != sides[id as usize].1 {
            cuts.push((id, unit));
        }
    }
}

/// The lines without sides that an earlier line has, as pieces, each with the number of its line.
pub(super) fn without_repeats(lines: &[Vec<Unit>]) -> Vec<(usize, Vec<Unit>)> {
    let mut seen: HashSet<(Unit, Unit)> = HashSet::new();
    let mut pieces: Vec<(usize, Vec<Unit>)> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let mut piece: Vec<Unit> = Vec::new();
        for pair in line.windows(2) {
            let is_new = seen.insert((pair[0].min(pair[1]), pair[0].max(pair[1])));
            if is_new {
                if piece.is_empty() {
                    piece.push(pair[0]);
                }
                piece.push(pair[1]);
            } else if !piece.is_empty() {
                pieces.push((number, std::mem::take(&mut piece)));
            }
        }
        if !piece.is_empty() {
            pieces.push((number, piece));
        }
    }
    pieces
}
