//! Dividing with few cut edges: connected parts in a range of people, the price of edges between
//! parts made small, with a proven lower bound.
//!
//! The value comes from annealing over connected divisions ([`anneal`], [`search`]), the bound
//! from sweeps over the territory that tell apart only what the rest of the sweep can still see
//! ([`pattern`], [`diagram`], [`prove`]). The problem and its hardest instances: Validi, Buchanan,
//! "Political districting to minimize cut edges", Mathematical Programming Computation 14, 2022.

pub(crate) mod ahead;
pub(crate) mod anneal;
pub(crate) mod boxes;
pub(crate) mod chance;
pub(crate) mod diagram;
pub(crate) mod lone;
pub(crate) mod net;
pub(crate) mod order;
pub(crate) mod pattern;
mod piece;
pub(crate) mod prove;
pub(crate) mod search;
pub(crate) mod sever;
pub(crate) mod start;
pub(crate) mod state;
#[cfg(test)]
mod tests;

use super::instance::Instance;
use diagram::FAR;
use net::Net;
use piece::{Solved, solve};

/// A division with few cut edges and how far it can be from the best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// The part of each atom, `0..parts`, every part connected and in range.
    pub(crate) part_of: Vec<u32>,
    /// The price of the edges between parts.
    pub(crate) value: i64,
    /// No division costs less; equal to `value` when that is proven best.
    pub(crate) bound: i64,
}

/// Why there is no division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// There is none; this is proven.
    Impossible,
    /// None was found with the effort given; there may be one.
    NotFound,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Impossible => "no division has connected parts in the range of people",
            Self::NotFound => "no division in the range of people was found with this effort",
        })
    }
}

impl std::error::Error for Failure {}

/// Divides the atoms into connected parts in range so that the price of the edges between parts
/// is small.
///
/// `effort` counts arcs looked at, near to 40 million in a second of one core; with 400 million
/// territories of up to 1,000 atoms are divided well. The same instance, seed and effort give the
/// same labels on every machine. A territory in several pieces is divided piece by piece.
///
/// # Errors
/// [`Failure::Impossible`] when it is proven that there is no division, [`Failure::NotFound`] when
/// none was found.
pub(crate) fn divide(instance: &Instance, seed: u64, effort: u64) -> Result<Cut, Failure> {
    let sane = instance.parts >= 1 && instance.parts as usize <= instance.len();
    let heavy = instance.people.iter().any(|p| *p > instance.high);
    if !sane || heavy || instance.low > instance.high {
        return Err(Failure::Impossible);
    }
    let (place, pieces) = pieces(instance);
    let parts = instance.parts as usize;
    let useful = useful_counts(instance, &pieces);
    let jobs = useful.iter().flatten().filter(|u| **u).count() as u64;
    let mut solved: Vec<Vec<Option<Solved>>> = Vec::with_capacity(pieces.len());
    for (atoms, useful) in pieces.iter().zip(&useful) {
        let mut row: Vec<Option<Solved>> = (0..=parts).map(|_| None).collect();
        for count in (1..=parts).filter(|c| useful[*c]) {
            let net = Net::of(instance, atoms, &place, count as u32);
            row[count] = Some(solve(&net, seed, effort / jobs.max(1)));
        }
        solved.push(row);
    }
    let price = |s: &Solved| s.best.as_ref().map_or(FAR, |best| best.cut);
    let (bound, _) = allot(&solved, parts, |s| s.bound).ok_or(Failure::Impossible)?;
    let (value, counts) = allot(&solved, parts, price).ok_or(Failure::NotFound)?;
    let mut part_of = vec![0; instance.len()];
    let mut used = 0;
    for ((atoms, row), &count) in pieces.iter().zip(&solved).zip(&counts) {
        let best = row[count].as_ref().and_then(|s| s.best.as_ref()).ok_or(Failure::NotFound)?;
        for (&atom, &part) in atoms.iter().zip(&best.part_of) {
            part_of[atom as usize] = used + part;
        }
        used += count as u32;
    }
    Ok(Cut { part_of, value, bound })
}

/// The place of each atom in its connected piece, and the atoms of each piece. O(n + m).
fn pieces(instance: &Instance) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut place = vec![u32::MAX; instance.len()];
    let mut pieces: Vec<Vec<u32>> = Vec::new();
    for start in 0..instance.len() as u32 {
        if place[start as usize] != u32::MAX {
            continue;
        }
        let mut atoms = vec![start];
        place[start as usize] = 0;
        let mut next = 0;
        while next < atoms.len() {
            for &other in instance.graph.neighbours(atoms[next]) {
                if place[other as usize] == u32::MAX {
                    place[other as usize] = atoms.len() as u32;
                    atoms.push(other);
                }
            }
            next += 1;
        }
        pieces.push(atoms);
    }
    (place, pieces)
}

/// For each piece and number of parts whether the piece may have so many, by people alone, in a
/// way that gives every piece its parts. O(pieces · parts²).
fn useful_counts(instance: &Instance, pieces: &[Vec<u32>]) -> Vec<Vec<bool>> {
    let parts = instance.parts as usize;
    let may = |atoms: &Vec<u32>, count: usize| {
        let people: i64 = atoms.iter().map(|a| instance.people[*a as usize]).sum();
        let (low, high) =
            (instance.low.saturating_mul(count as i64), instance.high.saturating_mul(count as i64));
        count >= 1 && count <= atoms.len() && low <= people && people <= high
    };
    // Whether the pieces before, or from, some piece can take some number of parts together.
    let mut before = vec![vec![false; parts + 1]; pieces.len() + 1];
    let mut after = before.clone();
    before[0][0] = true;
    after[pieces.len()][0] = true;
    for (slot, atoms) in pieces.iter().enumerate() {
        for count in (1..=parts).filter(|c| may(atoms, *c)) {
            for sum in count..=parts {
                before[slot + 1][sum] |= before[slot][sum - count];
            }
        }
    }
    for (slot, atoms) in pieces.iter().enumerate().rev() {
        for count in (1..=parts).filter(|c| may(atoms, *c)) {
            for sum in count..=parts {
                after[slot][sum] |= after[slot + 1][sum - count];
            }
        }
    }
    let useful = |slot: usize, count: usize| {
        may(&pieces[slot], count)
            && (0..=parts - count).any(|sum| before[slot][sum] && after[slot + 1][parts - count - sum])
    };
    (0..pieces.len()).map(|slot| (0..=parts).map(|c| useful(slot, c)).collect()).collect()
}

/// The cheapest way to give every piece a number of parts, `parts` together; `None` when every way
/// costs [`FAR`] or more.
fn allot(
    solved: &[Vec<Option<Solved>>],
    parts: usize,
    price: impl Fn(&Solved) -> i64,
) -> Option<(i64, Vec<usize>)> {
    let mut best = vec![vec![(FAR, 0usize); parts + 1]; solved.len() + 1];
    best[0][0] = (0, 0);
    for (slot, row) in solved.iter().enumerate() {
        for (count, solved) in row.iter().enumerate() {
            let own = solved.as_ref().map_or(FAR, &price);
            for sum in count..=parts {
                let all = best[slot][sum - count].0.saturating_add(own);
                if all < FAR && all < best[slot + 1][sum].0 {
                    best[slot + 1][sum] = (all, count);
                }
            }
        }
    }
    let value = best[solved.len()][parts].0;
    let mut counts = vec![0; solved.len()];
    let mut sum = parts;
    for slot in (0..solved.len()).rev() {
        counts[slot] = best[slot + 1][sum].1;
        sum -= counts[slot];
    }
    (value < FAR).then_some((value, counts))
}
