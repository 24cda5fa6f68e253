//! Places drawn by hand beside streets, rivers and islands.

use super::*;
use crate::run::{Seed, Stage};
use crate::walking::osm::mark;
use crate::walking::streets::Lines;
use rand_core::RngCore as _;

/// Metres east and north of a corner near the equator, where a unit is 11.13 mm one way and 11.06 the
/// other.
fn at(east: f64, north: f64) -> Position {
    Position { lon: (east * 1e3 / 11.131_949).round() as i32, lat: (north * 1e3 / 11.057_427).round() as i32 }
}

fn town(streets: &[(&[(f64, f64)], u8)]) -> Streets {
    let drawn: Vec<(Vec<Position>, u8)> = streets
        .iter()
        .map(|(line, marks)| (line.iter().map(|(x, y)| at(*x, *y)).collect(), *marks))
        .collect();
    let lines = Lines::from_positions(drawn.iter().map(|(line, marks)| (line.as_slice(), *marks)));
    Streets::build(&lines).expect("the drawing is sound")
}

fn rules() -> SnapRules {
    SnapRules { component_nodes_min: 0, ..SnapRules::default() }
}

fn near(found: u32, metres: f64) -> bool {
    (f64::from(found) / 1e3 - metres).abs() < 0.03
}

#[test]
fn a_place_meets_the_nearest_edge_not_its_nodes() {
    let streets = town(&[(&[(0.0, 0.0), (400.0, 0.0), (400.0, 300.0)], 0)]);
    let snapper = Snapper::new(&streets, None, rules());
    for (place, along, access) in [
        ((150.0, 40.0), 150.0, 40.0),
        ((390.0, 100.0), 500.0, 10.0),
        ((-30.0, -40.0), 0.0, 50.0),
        ((400.0, 420.0), 700.0, 120.0),
        ((200.0, 0.0), 200.0, 0.0),
    ] {
        let snap = snapper.snap(at(place.0, place.1)).expect("near a street");
        assert!(near(snap.access_mm, access), "{place:?}: {snap:?}");
        let (first, last) = streets.walk_to_ends(&snap.point);
        assert!(near(first, along) || near(last, along), "{place:?}: {snap:?}");
        assert!(near(streets.metric().between(at(place.0, place.1), snap.foot) as u32, access));
    }
}

#[test]
fn what_is_too_far_is_listed() {
    let streets = town(&[(&[(0.0, 0.0), (400.0, 0.0)], 0)]);
    let snapper = Snapper::new(&streets, None, rules());
    let places = [at(10.0, 249.0), at(10.0, 251.0), at(9e5, 9e5), at(-2e6, -1e6), at(399.0, 1.0)];
    let snapped = snapper.snap_all(&places);
    assert_eq!(snapped.unsnapped, [1, 2, 3]);
    assert!(snapped.snaps[0].is_some() && snapped.snaps[4].is_some());
    assert_eq!(Snapper::new(&town(&[]), None, rules()).snap_all(&places).unsnapped.len(), 5);
}

#[test]
fn a_river_turns_a_place_to_its_own_bank() {
    // The street at 30 m lies beyond a river at 20 m; the own bank's street is 100 m away. The river
    // ends at 500 m.
    let streets = town(&[(&[(0.0, 30.0), (900.0, 30.0)], 0), (&[(0.0, -100.0), (900.0, -100.0)], 0)]);
    let river = [at(-100.0, 20.0), at(250.0, 20.0), at(500.0, 20.0)];
    let barriers = Barriers::new([river.as_slice()]);
    let snapper = Snapper::new(&streets, Some(&barriers), rules());
    for (east, north, access) in
        [(200.0, 0.0, 100.0), (250.0, 0.0, 100.0), (700.0, 0.0, 30.0), (200.0, 25.0, 5.0)]
    {
        let snap = snapper.snap(at(east, north)).expect("near a street");
        assert!(near(snap.access_mm, access), "{east}: {snap:?}");
    }
    let without = Snapper::new(&streets, None, rules()).snap(at(200.0, 0.0)).expect("near a street");
    assert!(near(without.access_mm, 30.0));
}

#[test]
fn a_wall_without_gate_leaves_nothing_and_a_gate_helps() {
    // A compound walled on all sides; streets outside. Its own gate is given as a second entrance.
    let wall = [at(0.0, 0.0), at(100.0, 0.0), at(100.0, 100.0), at(0.0, 100.0), at(0.0, 0.0)];
    let barriers = Barriers::new([wall.as_slice()]);
    let streets = town(&[(&[(-20.0, -20.0), (200.0, -20.0)], 0)]);
    let snapper = Snapper::new(&streets, Some(&barriers), rules());
    assert_eq!(snapper.snap_all(&[at(50.0, 50.0), at(50.0, -1.0)]).unsnapped, [0]);
    // A street along the wall itself is met from either side.
    let along = town(&[(&[(0.0, 0.0), (100.0, 0.0)], 0)]);
    let snapper = Snapper::new(&along, Some(&barriers), rules());
    assert!(snapper.snap(at(50.0, 30.0)).is_some() && snapper.snap(at(50.0, -30.0)).is_some());
}

#[test]
fn islands_and_stairs_do_not_capture() {
    let streets = town(&[
        (&[(0.0, 0.0), (100.0, 0.0), (200.0, 0.0), (300.0, 0.0)], 0),
        (&[(0.0, 60.0), (50.0, 60.0)], 0),
        (&[(200.0, 0.0), (200.0, 80.0)], mark::STEPS),
    ]);
    let place = at(20.0, 50.0);
    let snap = |rules| Snapper::new(&streets, None, rules).snap(place).expect("near a street").access_mm;
    assert!(near(snap(rules()), 10.0));
    assert!(near(snap(SnapRules { component_nodes_min: 3, ..rules() }), 50.0));
    let beside = |walker| Snapper::new(&streets, None, SnapRules { walker, ..rules() }).snap(at(205.0, 40.0));
    assert!(near(beside(Walker::Any).expect("the stairs").access_mm, 5.0));
    assert!(near(beside(Walker::StepFree).expect("the street").access_mm, 40.0));
}

#[test]
fn the_grid_agrees_with_a_scan_of_all_streets() {
    let mut rng = Seed(6).stream(Stage::Coverage, 3);
    let mut draw = |span: u32| f64::from(rng.next_u32() % (span * 10)) / 10.0;
    for span in [300, 2_000, 20_000] {
        let mut drawn: Vec<[(f64, f64); 2]> = Vec::new();
        for _ in 0..120 {
            let from = (draw(span), draw(span));
            // Some streets cross the whole town.
            let length = if drawn.len().is_multiple_of(10) { span } else { 90 };
            drawn.push([from, (from.0 + draw(length) - 45.0, from.1 + draw(length) - 45.0)]);
        }
        let as_streets: Vec<(&[(f64, f64)], u8)> = drawn.iter().map(|line| (line.as_slice(), 0)).collect();
        let streets = town(&as_streets);
        let walls: Vec<[Position; 2]> =
            (0..15).map(|_| [at(draw(span), draw(span)), at(draw(span), draw(span))]).collect();
        let barriers = Barriers::new(walls.iter().map(<[Position; 2]>::as_slice));
        let snapper = Snapper::new(&streets, Some(&barriers), rules());
        let mut met = 0;
        for _ in 0..150 {
            let place = at(draw(span * 2) - f64::from(span) / 2.0, draw(span * 2) - f64::from(span) / 2.0);
            let scale = streets.metric().at(place.lat);
            let mut best: Option<f64> = None;
            for chain in &streets.chains {
                for vertex in chain.first..chain.end - 1 {
                    let (a, b) = segment(&streets, vertex);
                    let ((ax, ay), (bx, by)) = (scale.offset(place, a), scale.offset(place, b));
                    let (dx, dy) = (bx - ax, by - ay);
                    let share = (-(ax * dx + ay * dy) / (dx * dx + dy * dy).max(1.0)).clamp(0.0, 1.0);
                    let mm = (ax + share * dx).hypot(ay + share * dy);
                    let along = |a: i32, b: i32| (f64::from(a) + share * f64::from(b - a)).round() as i32;
                    let foot = Position { lon: along(a.lon, b.lon), lat: along(a.lat, b.lat) };
                    let is_open =
                        !walls.iter().any(|wall| barriers::crosses((place, foot), (wall[0], wall[1])));
                    if mm <= 250_000.0 && is_open && best.is_none_or(|best| mm < best) {
                        best = Some(mm);
                    }
                }
            }
            let got = snapper.snap(place).map(|snap| snap.access_mm);
            met += usize::from(got.is_some());
            match (best, got) {
                (None, None) => {}
                (Some(best), Some(got)) => assert!((best - f64::from(got)).abs() <= 1.0, "{best} {got}"),
                other => panic!("{place:?}: {other:?}"),
            }
        }
        assert!(met > 3, "{span}: {met}");
    }
}
