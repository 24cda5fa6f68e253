//! Contours of drawn towns: valid, nested, around their centres, counted against the sweep.

use std::collections::BTreeSet;

use super::*;
use crate::run::{Seed, Stage};
use crate::walking::search::{Targets, nearest};
use crate::walking::snap::{SnapRules, Snapper};
use crate::walking::streets::Lines;
use rand_core::RngCore as _;

/// Metres near the equator.
fn at(east: f64, north: f64) -> Position {
    Position { lon: (east * 1e3 / 11.131_949).round() as i32, lat: (north * 1e3 / 11.057_427).round() as i32 }
}

/// Twice the area under a ring, positive counter-clockwise.
fn area_2(ring: &[Position]) -> i64 {
    let place = |p: Position| (i64::from(p.lon), i64::from(p.lat));
    ring.windows(2)
        .map(|pair| {
            let (a, b) = (place(pair[0]), place(pair[1]));
            a.0 * b.1 - b.0 * a.1
        })
        .sum()
}

fn side(a: Position, b: Position, p: Position) -> i64 {
    let d = |u: i32, v: i32| i64::from(v) - i64::from(u);
    (d(a.lon, b.lon) * d(a.lat, p.lat) - d(a.lat, b.lat) * d(a.lon, p.lon)).signum()
}

/// Whether two segments share a point; collinear ones count by their boxes.
fn meet((a, b): (Position, Position), (c, d): (Position, Position)) -> bool {
    let apart = |u: i32, v: i32, w: i32, x: i32| u.max(v) < w.min(x) || w.max(x) < u.min(v);
    !apart(a.lon, b.lon, c.lon, d.lon)
        && !apart(a.lat, b.lat, c.lat, d.lat)
        && side(a, b, c) * side(a, b, d) <= 0
        && side(c, d, a) * side(c, d, b) <= 0
}

/// Inside, or on the edge.
fn covers(region: &Region, p: Position) -> bool {
    let mut inside = false;
    for ring in region.iter().flat_map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes)) {
        for pair in ring.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            if meet((a, b), (p, p)) {
                return true;
            }
            if (a.lat > p.lat) != (b.lat > p.lat) && (side(a, b, p) > 0) == (b.lat > a.lat) {
                inside = !inside;
            }
        }
    }
    inside
}

fn edges(region: &Region) -> Vec<(usize, Position, Position)> {
    let rings = region.iter().flat_map(|polygon| std::iter::once(&polygon.outer).chain(&polygon.holes));
    rings.enumerate().flat_map(|(k, ring)| ring.windows(2).map(move |pair| (k, pair[0], pair[1]))).collect()
}

/// Rings closed, wound, without repeats; no two edges meet but where they follow one another.
fn check_valid(region: &Region) {
    for polygon in region {
        assert!(area_2(&polygon.outer) > 0, "an outer ring is clockwise");
        assert!(polygon.holes.iter().all(|hole| area_2(hole) < 0), "a hole is counter-clockwise");
        for hole in &polygon.holes {
            assert!(covers(&vec![Polygon { outer: polygon.outer.clone(), holes: Vec::new() }], hole[0]));
        }
        for ring in std::iter::once(&polygon.outer).chain(&polygon.holes) {
            assert!(ring.len() >= 5 && ring.first() == ring.last());
            let distinct: BTreeSet<&Position> = ring.iter().collect();
            assert_eq!(distinct.len(), ring.len() - 1, "a point repeats");
        }
    }
    let all = edges(region);
    for (k, first) in all.iter().enumerate() {
        for second in &all[k + 1..] {
            let follow = first.0 == second.0 && (first.2 == second.1 || first.1 == second.2);
            assert!(follow || !meet((first.1, first.2), (second.1, second.2)), "{first:?} {second:?}");
        }
    }
}

/// A town of bent streets around blocks, some missing.
fn drawn(seed: u64) -> (Streets, Lines) {
    let mut rng = Seed(seed).stream(Stage::Render, 1);
    let side = 9u32;
    let mut shift = || f64::from(rng.next_u32() % 600) / 10.0;
    let positions = (0..side * side)
        .map(|k| at(f64::from(k % side) * 90.0 + shift(), f64::from(k / side) * 90.0 + shift()))
        .collect();
    let mut lines = Lines { positions, ..Lines::default() };
    for k in 0..side * side {
        for (other, is_there) in [(k + 1, k % side + 1 < side), (k + side, k / side + 1 < side)] {
            if is_there && !rng.next_u32().is_multiple_of(4) {
                lines.push(&[k, other], [0, 0, 0, 2, 4][rng.next_u32() as usize % 5]);
            }
        }
    }
    (Streets::build(&lines).expect("sound"), lines)
}

#[test]
fn polygons_are_valid_nested_and_hold_what_is_reached() {
    for seed in 0..12 {
        let (streets, lines) = drawn(seed);
        let mut rng = Seed(seed).stream(Stage::Render, 2);
        let mut draw = || f64::from(rng.next_u32() % 8000) / 10.0;
        let positions: Vec<Position> = (0..4).map(|_| at(draw(), draw())).collect();
        let snapper =
            Snapper::new(&streets, None, SnapRules { component_nodes_min: 0, ..SnapRules::default() });
        let entrances: Vec<Entrance> = positions
            .iter()
            .enumerate()
            .filter_map(|(k, position)| Some(snapper.snap(*position)?.entrance(k as u32)))
            .collect();
        let limits = [100_000, 101_000, 230_000, 520_000];
        let contours = Contours { fill_below_m2: [0.0, 9_000.0][seed as usize % 2], ..Contours::of(&limits) };
        let mut drawn = each(&streets, &entrances, &positions, &contours, Walker::Any);
        drawn.push(together(&streets, &entrances, &positions, &contours, Walker::Any));
        let targets = Targets::nodes(&streets, lines.positions.len());
        for (k, regions) in drawn.iter().enumerate() {
            let sources: Vec<Entrance> =
                entrances.iter().filter(|e| k == positions.len() || e.place as usize == k).copied().collect();
            let near = nearest(&streets, &targets, &sources, super::FAR, Walker::Any);
            for (region, limit) in regions.iter().zip(limits) {
                check_valid(region);
                if let Some(position) = positions.get(k) {
                    assert!(
                        sources.is_empty() || covers(region, *position),
                        "seed {seed}: the centre is outside"
                    );
                }
                for (node, place) in lines.positions.iter().enumerate() {
                    let is_reached = near.mm(node).is_some_and(|mm| mm <= limit);
                    assert!(!is_reached || covers(region, *place), "seed {seed}: a reached node is outside");
                }
            }
            for pair in regions.windows(2) {
                // Corners inside, and no edge of the larger cuts through the smaller.
                for (_, a, b) in edges(&pair[0]) {
                    let middle = Position { lon: (a.lon + b.lon) / 2, lat: (a.lat + b.lat) / 2 };
                    assert!(
                        covers(&pair[1], a)
                            && (covers(&pair[1], middle)
                                || a.lon.abs_diff(b.lon) % 2 == 1
                                || a.lat.abs_diff(b.lat) % 2 == 1)
                    );
                }
            }
        }
    }
}

#[test]
fn unreached_ground_is_left_out() {
    // A street of 600 m and another beyond a river, joined by a bridge at its far end only.
    let mut lines = Lines {
        positions: vec![at(0.0, 0.0), at(600.0, 0.0), at(600.0, 150.0), at(0.0, 150.0)],
        ..Lines::default()
    };
    lines.push(&[0, 1, 2, 3], 0);
    let streets = Streets::build(&lines).expect("sound");
    let centre = Entrance { place: 0, point: streets.node_points(4)[0].expect("a street"), access_mm: 0 };
    let regions =
        each(&streets, &[centre], &[at(0.0, 0.0)], &Contours::of(&[700_000, 1_400_000]), Walker::Any);
    let short = &regions[0][0];
    for (east, north, is_in) in [
        (300.0, 0.0, true),
        (599.0, 99.0, true),
        (300.0, 75.0, false),
        (300.0, 150.0, false),
        (-80.0, 0.0, false),
        (599.0, 145.0, false),
    ] {
        assert_eq!(covers(short, at(east, north)), is_in, "{east} {north}");
    }
    let long = &regions[0][1];
    assert!(covers(long, at(300.0, 150.0)) && !covers(long, at(300.0, 75.0)));
    check_valid(long);
}

#[test]
fn blocks_are_filled_up_to_a_size() {
    // A square of 300 m: 9 ha inside.
    let mut lines = Lines {
        positions: vec![at(0.0, 0.0), at(300.0, 0.0), at(300.0, 300.0), at(0.0, 300.0)],
        ..Lines::default()
    };
    lines.push(&[0, 1, 2, 3, 0], 0);
    let streets = Streets::build(&lines).expect("sound");
    let centre = Entrance { place: 0, point: streets.node_points(4)[0].expect("a street"), access_mm: 0 };
    let holes = |fill_below_m2| {
        let contours = Contours { fill_below_m2, ..Contours::of(&[600_000]) };
        let region = each(&streets, &[centre], &[at(0.0, 0.0)], &contours, Walker::Any).remove(0).remove(0);
        check_valid(&region);
        assert_eq!(region.len(), 1);
        region[0].holes.len()
    };
    assert_eq!((holes(10_000.0), holes(90_000.0)), (1, 0));
}

#[test]
fn a_centre_without_street_reaches_nothing() {
    let (streets, _) = drawn(1);
    let contours = Contours::of(&[1000, 2000]);
    assert_eq!(
        each(&streets, &[], &[at(0.0, 0.0)], &contours, Walker::Any),
        [[Region::new(), Region::new()]]
    );
    assert_eq!(together(&streets, &[], &[], &contours, Walker::Any), [Region::new(), Region::new()]);
}
