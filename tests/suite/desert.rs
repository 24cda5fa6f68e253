//! A flat town without hills or corners, whose times follow from theory.
//!
//! After the Simpson desert of the routing engine r5: a perfect square grid where every answer is
//! known in closed form, so that an error of unit, rounding or rule cannot hide.

use wangge::model::place::Place;
use wangge::model::plan::{Coverage, Reach};
use wangge::model::rules::Rules;
use wangge::planner::Parts;
use wangge::run::Seed;

use crate::drawn::{Planned, Town, drawn, planned_with};

/// Atoms on a side, with one in the very middle.
const SIDE: usize = 41;

fn desert() -> Town {
    drawn(&vec!["a".repeat(SIDE); SIDE].join("/"))
}

/// Row and column from the middle, in cells.
fn offsets(place: &Place) -> Vec<(f64, f64)> {
    let middle = SIDE as f64 * 50.0;
    place.atoms.iter().map(|a| ((a.anchor.x() - middle) / 100.0, (a.anchor.y() - middle) / 100.0)).collect()
}

fn measured(town: Town, rules: &Rules) -> Planned {
    planned_with(town.place(), rules, Seed(1), Parts::COVERAGE)
}

fn coverage(planned: &Planned) -> &Coverage {
    planned.plan.coverage.as_ref().expect("coverage was asked for")
}

/// Points of the square lattice no farther than √n from the origin (Jacobi 1829).
fn lattice_points(n: u64) -> u64 {
    1 + 4 * (0..=n / 4).map(|i| n / (4 * i + 1) - n / (4 * i + 3)).sum::<u64>()
}

#[test]
fn minutes_are_distance_times_detour_over_pace() {
    let rules = Rules::default();
    let planned = measured(desert().centre("c", (20.5, 20.5)), &rules);
    let written = planned.written();
    let rows = written.coverage.as_ref().expect("coverage was asked for");
    assert_eq!(rows.len(), SIDE * SIDE);
    for (row, (dx, dy)) in rows.iter().zip(offsets(&planned.place)) {
        let metres = 100.0 * (dx * dx + dy * dy).sqrt();
        let minutes = metres * 1.3 / 1.1 / 60.0;
        // Half a thousandth for three decimals, and a centimetre of straight line for whole ones.
        let slack = 0.0005 + 0.01 * 1.3 / 1.1 / 60.0;
        let found = row.minutes.expect("there is a centre");
        assert!((found - minutes).abs() <= slack, "{}: {found} instead of {minutes}", row.atom);
        assert_eq!(row.covered, metres * 1.3 <= 1.1 * 900.0, "{}", row.atom);
    }
    assert_eq!(planned.faults(), [""; 0]);
}

#[test]
fn pythagorean_walks_are_exact_to_the_millisecond() {
    let planned = measured(desert().centre("c", (20.5, 20.5)), &Rules::default());
    let mut tried = 0;
    for ((dx, dy), walk) in offsets(&planned.place).into_iter().zip(&coverage(&planned).nearest) {
        let metres = match (dx.abs() as u32, dy.abs() as u32) {
            (3, 4) | (4, 3) => 500,
            (5, 12) | (12, 5) => 1300,
            (8, 15) | (15, 8) => 1700,
            (20, 15) | (15, 20) => 2500,
            (0, n) | (n, 0) => 100 * n,
            _ => continue,
        };
        // metres x 1.3 / 1.1 seconds, in whole milliseconds.
        let millis = (u64::from(metres) * 13_000 + 5) / 11;
        assert_eq!(walk.map(|(_, time)| u64::from(time.millis())), Some(millis), "{dx}, {dy}");
        tried += 1;
    }
    assert_eq!(tried, 4 * 8 + 4 * 20 + 1);
}

#[test]
fn shares_are_lattice_points_in_a_circle() {
    // 990 m, 720 m and 810 m of walking are so many metres in a straight line:
    let adult = (990.0f64 / 130.0).powi(2) as u64;
    let older = (720.0f64 / 130.0).powi(2) as u64;
    let child = (810.0f64 / 130.0).powi(2) as u64;
    assert_eq!((adult, older, child), (57, 30, 38));
    let planned = measured(desert().centre("c", (20.5, 20.5)), &Rules::default());
    let coverage = coverage(&planned);
    let all = (SIDE * SIDE) as u64;
    // Every atom holds 30 people, 6 of them old, 4 of them children.
    let expected = |people: u64, squares: u64| (people * all, people * lattice_points(squares));
    let found = |reach: &Reach| (reach.population, reach.covered);
    assert_eq!(found(&coverage.all), expected(30, adult));
    assert_eq!(found(&coverage.groups[0]), expected(20, adult));
    assert_eq!(found(&coverage.groups[1]), expected(6, older));
    assert_eq!(found(&coverage.groups[2]), expected(4, child));
    assert_eq!(coverage.communities[0][1], coverage.groups[1]);
    assert_eq!(coverage.gap_households[0], 10 * (all - lattice_points(adult)));
    // Corner to middle: 20 and 20 cells.
    let corner = (2_000.0 * 2f64.sqrt() * 13_000.0 / 11.0).round() as i64;
    let longest = i64::from(coverage.all.longest.expect("there is a centre").millis());
    assert!((longest - corner).abs() <= 12, "{longest} instead of {corner}");
}

#[test]
fn a_street_has_closed_sums() {
    // Atoms 0, 100, .. 2000 m from the centre at the end: the mean is 1,000 m, nine tenths live within 1,800 m.
    let planned = measured(drawn(&"a".repeat(21)).centre("c", (0.5, 0.5)), &Rules::default());
    let all = &coverage(&planned).all;
    let millis = |metres: u32| (metres * 13_000 + 5) / 11;
    assert_eq!(all.mean().map(wangge::model::units::WalkTime::millis), Some(millis(1000)));
    assert_eq!(all.p90.map(wangge::model::units::WalkTime::millis), Some(millis(1800)));
    assert_eq!(all.longest.map(wangge::model::units::WalkTime::millis), Some(millis(2000)));
    // 761 m: the atoms at 0 to 700 m.
    assert_eq!((all.covered, all.population), (8 * 30, 21 * 30));
}

#[test]
fn the_limit_itself_is_in_time() {
    // 100 m x 1.3 / 1.3 m/s = 100 s, to the millisecond.
    let mut rules = Rules::default();
    rules.walking.adult_mm_per_s = 1300;
    for (within_s, covered) in [(99, 1), (100, 2), (199, 2), (200, 3)] {
        rules.walking.within_s = within_s;
        let planned = measured(drawn("aaaa").centre("c", (0.5, 0.5)), &rules);
        assert_eq!(coverage(&planned).all.covered, covered * 30, "{within_s} s");
    }
}

#[test]
fn two_centres_part_the_desert_on_their_bisector() {
    // Ten cells apart; atoms on the bisector go to the first by code.
    let planned = measured(desert().centre("c1", (15.5, 20.5)).centre("c2", (25.5, 20.5)), &Rules::default());
    for ((dx, dy), walk) in offsets(&planned.place).into_iter().zip(&coverage(&planned).nearest) {
        let (centre, _) = walk.expect("there is a centre");
        assert_eq!(centre.index(), usize::from(dx > 0.0), "{dx}, {dy}");
    }
}

#[test]
fn points_walk_as_areas_do() {
    let areas = measured(desert().centre("c", (3.25, 30.125)), &Rules::default());
    let sites = measured(desert().into_sites().centre("c", (3.25, 30.125)), &Rules::default());
    assert_eq!(coverage(&areas).nearest, coverage(&sites).nearest);
    let (areas, sites) = (&areas.fabric, &sites.fabric);
    for atom in 0..areas.len() as u32 {
        let beside =
            |fabric: &wangge::index::fabric::Fabric| fabric.joins.of(atom).map(|j| j.0).collect::<Vec<_>>();
        assert_eq!(beside(areas), beside(sites), "the ground nearest to a cell's middle is the cell");
    }
}

#[test]
fn nobody_walks_to_a_centre_that_is_not_there() {
    let planned = measured(drawn("aaa"), &Rules::default());
    let all = &coverage(&planned).all;
    assert_eq!((all.population, all.covered, all.reachable), (90, 0, 0));
    assert_eq!((all.mean(), all.p90, all.longest), (None, None, None));
    assert_eq!(planned.faults(), [""; 0]);
}
