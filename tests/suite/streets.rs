//! Walks along streets that are drawn, so that every length is known.

use wangge::model::plan::Coverage;
use wangge::model::rules::Rules;
use wangge::planner::Parts;
use wangge::run::Seed;
use wangge::walking::osm::mark;

use crate::drawn::{Planned, Town, drawn, faults, planned_with};

fn rules() -> Rules {
    let mut rules = Rules::default();
    // Drawn networks are small.
    rules.walking.component_nodes_min = 2;
    rules
}

fn walked(town: Town) -> Planned {
    planned_with(town.place(), &rules(), Seed(1), Parts::COVERAGE)
}

fn coverage(planned: &Planned) -> &Coverage {
    planned.plan.coverage.as_ref().expect("coverage was asked for")
}

/// Metres of every atom's walk by an adult; none where there is no way.
fn metres(planned: &Planned) -> Vec<Option<f64>> {
    let pace = 1.1;
    coverage(planned).nearest.iter().map(|n| n.map(|(_, t)| f64::from(t.millis()) / 1000.0 * pace)).collect()
}

fn assert_near(found: Option<f64>, metres: f64) {
    assert!(found.is_some_and(|found| (found - metres).abs() < 0.05), "{found:?} instead of {metres}");
}

/// One street along the south of three houses in a row, 50 m from each, the centre at its west end.
fn row_of_three() -> Town {
    drawn("aaa").street(&[(0.0, 0.0), (1.5, 0.0), (3.0, 0.0)], 0).centre("c", (0.0, 0.0))
}

#[test]
fn the_way_to_the_street_counts_and_then_the_street() {
    let planned = walked(row_of_three());
    for (found, along) in metres(&planned).into_iter().zip([50.0, 150.0, 250.0]) {
        assert_near(found, 50.0 + along);
    }
    assert_eq!(planned.faults(), [""; 0]);
    assert!(coverage(&planned).off_street.is_empty());
}

#[test]
fn a_river_is_walked_around_over_its_bridge() {
    // The houses' own street runs west to a bridge; the centre is just across the river.
    let town = drawn("aaa / ...").river(&[(-5.0, 0.8), (9.0, 0.8)]);
    let town = town.street(&[(0.0, 1.0), (3.0, 1.0)], 0).street(&[(0.0, 1.0), (0.0, 0.5), (2.5, 0.5)], 0);
    let planned = walked(town.centre("c", (2.5, 0.5)));
    for (found, along) in metres(&planned).into_iter().zip([50.0, 150.0, 250.0]) {
        assert_near(found, 50.0 + along + 50.0 + 250.0);
    }
    assert_eq!(planned.faults(), [""; 0]);
}

#[test]
fn the_nearest_street_across_a_river_is_not_taken() {
    let town = drawn("a / .").river(&[(-5.0, 1.2), (9.0, 1.2)]);
    // Across the river 50 m south; on the own side 150 m north.
    let town = town.street(&[(-1.0, 1.0), (4.0, 1.0)], 0).street(&[(-1.0, 3.0), (4.0, 3.0), (4.0, 1.0)], 0);
    let planned = walked(town.centre("c", (4.0, 3.0)));
    assert_near(metres(&planned)[0], 150.0 + 350.0);
    assert_eq!(planned.faults(), [""; 0]);
}

#[test]
fn out_of_a_walled_compound_by_its_gate() {
    let wall = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)];
    let town = || drawn("a").wall(&wall).street(&[(-1.0, -0.2), (3.0, -0.2)], 0).centre("c", (3.0, -0.2));
    let shut = walked(town());
    assert_eq!(metres(&shut), [None]);
    assert_eq!(coverage(&shut).off_street.len(), 1);
    assert_eq!(shut.faults(), [""; 0]);
    // The gate is in the south wall, 20 m from the street.
    let open = walked(town().opening((0.5, 0.0)));
    assert_near(metres(&open)[0], 50.0 + 20.0 + 250.0);
    assert_eq!(open.faults(), [""; 0]);
}

#[test]
fn stairs_are_slow_and_closed_to_wheelchairs() {
    // Stairs straight to the centre, and a ramp three times as long around.
    let town = drawn("a").street(&[(0.5, 0.5), (3.5, 0.5)], mark::STEPS);
    let ramp = [(0.5, 0.5), (0.5, 3.5), (3.5, 3.5), (3.5, 0.5)];
    let planned = walked(town.street(&ramp, 0).centre("c", (3.5, 0.5)));
    assert_near(metres(&planned)[0], 600.0);
    let wheelchair = &coverage(&planned).groups[3];
    let minutes = wheelchair.longest.expect("there is a ramp").minutes();
    assert!((minutes - 900.0 / 0.8 / 60.0).abs() < 0.001, "{minutes}");
    assert_eq!(planned.faults(), [""; 0]);
}

#[test]
fn a_way_closed_one_way_is_walked_the_other() {
    let lane = |marks| {
        let town = drawn("a").street(&[(0.5, 0.5), (2.5, 0.5)], marks);
        let town = town.street(&[(0.5, 0.5), (0.5, 4.5), (2.5, 4.5), (2.5, 0.5)], 0);
        let planned = walked(town.centre("c", (2.5, 0.5)));
        assert_eq!(planned.faults(), [""; 0]);
        metres(&planned)[0]
    };
    assert_near(lane(mark::FORWARD_ONLY), 200.0);
    assert_near(lane(mark::BACKWARD_ONLY), 1000.0);
}

#[test]
fn a_house_far_from_any_street_is_listed_and_not_covered() {
    let planned = walked(drawn("a....a").street(&[(0.0, 0.5), (2.0, 0.5)], 0).centre("c", (0.0, 0.5)));
    assert_eq!(coverage(&planned).off_street.len(), 1);
    assert_eq!(metres(&planned)[1], None);
    assert_eq!(coverage(&planned).all.covered, coverage(&planned).all.population / 2);
    assert_eq!(planned.faults(), [""; 0]);
}

#[test]
fn a_walk_made_shorter_is_found() {
    let planned = walked(row_of_three());
    let mut written = planned.written();
    let row = &mut written.coverage.as_mut().expect("coverage was asked for")[2];
    row.minutes = row.minutes.map(|minutes| minutes - 0.05);
    let found = faults(&planned.place, &planned.rules, &written);
    // The row itself, and every mean that no longer follows from the rows.
    assert!(found.len() > 1, "{found:?}");
    assert!(found[0].starts_with("coverage of 0,2 minutes is written as"), "{found:?}");
}

#[test]
fn isochrones_lie_in_one_another_and_hold_the_centre() {
    use geo::{Contains as _, Validation as _};
    let mut town = drawn("aaaa / aaaa").centre("c", (2.0, 1.0));
    for step in 0..12 {
        let at = f64::from(step) - 4.0;
        town = town.street(&[(-4.0, at), (2.0, at), (8.0, at)], 0);
    }
    for step in 0..11 {
        let at = f64::from(step) - 4.0;
        town = town.street(&[(2.0, at), (2.0, at + 1.0)], 0);
    }
    let planned = walked(town);
    let isochrones = &coverage(&planned).isochrones;
    assert_eq!(isochrones.len(), 6, "three of the centre and three of all together");
    let frame = wangge::geometry::projection::LocalFrame::around(planned.place.origin);
    let centre: geo::Point<f64> = frame.to_degrees(200.0, 100.0).into();
    for own in isochrones.chunks(3) {
        assert!(own.iter().all(|isochrone| isochrone.shape.is_valid()));
        assert!(own.iter().all(|isochrone| isochrone.shape.contains(&centre)));
        for pair in own.windows(2) {
            assert!(pair[0].limit < pair[1].limit);
            assert!(geo::Relate::relate(&pair[1].shape, &pair[0].shape).is_covers());
        }
    }
}

/// Closing a centre loses those who reach no other in time.
#[test]
fn what_is_lost_if_a_centre_closes() {
    let town = drawn(&"a".repeat(40)).street(&[(0.0, 0.5), (40.0, 0.5)], 0);
    let planned = walked(town.centre("c", (5.0, 0.5)).centre("d", (20.0, 0.5)));
    let loads = &coverage(&planned).loads;
    // 990 m reach ten atoms to either side; c and d are 1,500 m apart.
    let in_time = loads.iter().map(|load| load.in_time / 30).collect::<Vec<_>>();
    let alone = loads.iter().map(|load| load.alone / 30).collect::<Vec<_>>();
    assert_eq!(in_time, [15, 20]);
    assert_eq!(alone, [10, 15]);
}

#[test]
fn uphill_takes_longer_than_the_way_back() {
    let flat = walked(row_of_three());
    let rising = |up: bool| {
        let mut place = row_of_three().place();
        let streets = place.streets.as_mut().expect("a street was drawn");
        // Every node 10 m higher or lower than the one before; the centre is at the first.
        streets.heights_m =
            Some((0u8..).take(streets.positions.len()).map(|i| f32::from(i) * 10.0).collect());
        if up {
            streets.heights_m.iter_mut().flatten().for_each(|height| *height = -*height);
        }
        planned_with(place, &rules(), Seed(1), Parts::COVERAGE)
    };
    let (down, up) = (rising(false), rising(true));
    // Slopes of 10 in 150, by Tobler: a little faster down, much slower up.
    let slope: f64 = 10.0 / 150.0;
    for (planned, slope) in [(&down, -slope), (&up, slope)] {
        let factor = (3.5 * ((slope + 0.05).abs() - 0.05)).exp();
        let expected = metres(&flat)[0].expect("there is a way") - 50.0;
        assert_near(metres(planned)[0], 50.0 + expected * factor);
        assert_eq!(planned.faults(), [""; 0]);
    }
    assert!(metres(&up)[2] > metres(&flat)[2] && metres(&flat)[2] > metres(&down)[2]);
}
