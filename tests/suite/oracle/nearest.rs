//! The R-tree against looking at every point.

use wangge::index::nearest::{Nearest, Spot, from_square};
use wangge::model::rules::{Group, Rules};
use wangge::model::units::{Distance, WalkTime};
use wangge::network::{StraightLine, TravelTimes as _};

use crate::drawn::Chance;

fn spots(chance: &mut Chance, n: u64, width: u64) -> Vec<Spot> {
    let mut one = || chance.below(width) as i64 - width as i64 / 2;
    (0..n).map(|_| [one(), one()]).collect()
}

/// The rounded distance, without the crate's own square root.
fn distance(p: Spot, q: Spot) -> Distance {
    let square = (p[0] - q[0]).pow(2) + (p[1] - q[1]).pow(2);
    Distance::from_cm((square as f64).sqrt().round() as u32)
}

/// Sets of points: sparse, crowded so that most queries tie, and all on one spot.
const FIELDS: [(u64, u64); 5] = [(1, 10), (40, 100_000), (200, 12), (60, 2_000_000), (30, 1)];

#[test]
fn the_nearest_is_the_first_of_the_nearest() {
    let mut ties = 0;
    for (seed, (points, width)) in (0..).zip(FIELDS) {
        let mut chance = Chance::of(seed);
        let to = spots(&mut chance, points, width);
        let index = Nearest::of(&to);
        for from in spots(&mut chance, 400, width + 4) {
            let all: Vec<Distance> = to.iter().map(|&spot| distance(from, spot)).collect();
            let best = *all.iter().min().expect("there is a point");
            let first = all.iter().position(|d| *d == best).expect("the least is among them");
            ties += usize::from(all.iter().filter(|d| **d == best).count() > 1);
            assert_eq!(index.to(from), Some((first as u32, best)), "from {from:?} to {to:?}");
        }
    }
    assert!(ties > 500, "only {ties} ties were tried");
}

#[test]
fn unequal_lengths_that_round_alike_are_a_tie() {
    // 100.005 cm and 100 cm are both 100 cm on paper, and the walk takes equally long.
    assert_eq!(Nearest::of(&[[100, 1], [100, 0]]).to([0, 0]), Some((0, Distance::from_cm(100))));
}

#[test]
fn all_within_a_distance_are_found() {
    for (seed, (points, width)) in (10..).zip(FIELDS) {
        let mut chance = Chance::of(seed);
        let to = spots(&mut chance, points, width);
        let index = Nearest::of(&to);
        for from in spots(&mut chance, 100, width + 4) {
            let limit = Distance::from_cm(chance.below(width) as u32);
            let scan: Vec<(u32, Distance)> = (0u32..)
                .zip(&to)
                .map(|(i, &t)| (i, distance(from, t)))
                .filter(|(_, d)| *d <= limit)
                .collect();
            assert_eq!(index.within(from, limit), scan, "{limit:?} from {from:?}");
        }
    }
}

#[test]
fn walks_within_a_time_agree_with_a_scan() {
    let mut rules = Rules::default();
    for (seed, detour) in [(20, 1000), (21, 1300), (22, 1417), (23, 9999)] {
        rules.walking.detour_permille = detour;
        let line = StraightLine::by(&rules);
        let mut chance = Chance::of(seed);
        let (from, to) = (spots(&mut chance, 60, 300_000), spots(&mut chance, 60, 300_000));
        for group in Group::ALL {
            // Limits that some pair meets exactly, and one millisecond less.
            let exact = line.time(group, distance(from[0], to[0]));
            for limit in [exact, WalkTime::from_millis(exact.millis() - 1), rules.within()] {
                let reached = line.within(group, &from, &to, limit);
                assert_eq!(reached.origins(), from.len());
                for (i, &spot) in from.iter().enumerate() {
                    let walks = (0u32..).zip(&to).map(|(j, &t)| (j, line.time(group, distance(spot, t))));
                    let scan: Vec<_> = walks.filter(|(_, time)| *time <= limit).collect();
                    assert_eq!(reached.of(i), scan, "origin {i}, {group:?}, {limit:?}");
                }
            }
            let nearest = line.nearest(group, &from, &to);
            for (spot, found) in from.iter().zip(nearest) {
                let scan = (0u32..).zip(&to).map(|(j, &t)| (line.time(group, distance(*spot, t)), j)).min();
                assert_eq!(found, scan.map(|(time, j)| (j, time)));
            }
        }
    }
}

#[test]
fn square_roots_round_to_the_nearest() {
    for root in [0i64, 1, 2, 3, 99, 12_345, 50_000_000] {
        // (root + 1/2)² lies between root² + root and the next integer.
        for (square, expected) in [
            (root * root, root),
            (root * root + root, root),
            (root * root + root + 1, root + 1),
            ((root + 1) * (root + 1), root + 1),
        ] {
            assert_eq!(i64::from(from_square(square).cm()), expected, "{square}");
        }
    }
}
