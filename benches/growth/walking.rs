//! Streets of ten thousand to a million corners, a building for every corner, a centre for every two
//! thousand.

use cpu_time::ProcessTime;
use rand_core::RngCore as _;
use wangge::run::{Seed, Stage};
use wangge::walking::FAR;
use wangge::walking::metric::Position;
use wangge::walking::search::{Entrance, Targets, nearest, within};
use wangge::walking::snap::{SnapRules, Snapper};
use wangge::walking::streets::{Lines, Streets, Walker};

use crate::Series;

const SIZES: [usize; 5] = [10_000, 30_000, 100_000, 300_000, 1_000_000];

/// Fifteen minutes of an adult, in millimetres.
const LIMIT_MM: u32 = 990_000;

pub(crate) fn measure(most: usize) -> Vec<Series> {
    let mut series =
        ["graph built", "buildings snapped", "nearest centre of every building", "all pairs within 990 m"]
            .map(|name| Series { name, points: Vec::new() });
    for size in SIZES.into_iter().filter(|size| *size <= most) {
        let lines = town(size);
        let corners = lines.positions.len();
        let mut timed = |line: usize, work: &mut dyn FnMut()| {
            let started = ProcessTime::now();
            work();
            series[line].points.push((size, started.elapsed().as_secs_f64()));
        };
        let mut built = None;
        timed(0, &mut || built = Some(Streets::build(&lines).expect("a lattice is a graph")));
        let streets = built.expect("it was built");
        let mut rng = Seed(11).stream(Stage::Synth, corners as u64);
        let mut aside = || (rng.next_u32() % 4000) as i32 - 2000;
        // Up to some twenty metres from their corner.
        let homes: Vec<Position> =
            lines.positions.iter().map(|p| Position { lon: p.lon + aside(), lat: p.lat + aside() }).collect();
        let mut doors = Vec::new();
        timed(1, &mut || {
            let rules = SnapRules { max_mm: 250_000, component_nodes_min: 2, walker: Walker::Any };
            let snapper = Snapper::new(&streets, None, rules);
            let snap = |(place, home): (u32, &Position)| Some(snapper.snap(*home)?.entrance(place));
            doors = (0u32..).zip(&homes).filter_map(snap).collect::<Vec<Entrance>>();
        });
        let points = streets.node_points(corners);
        let centres = points.iter().step_by(2_000).flatten().zip(0u32..);
        let centres: Vec<Entrance> =
            centres.map(|(point, place)| Entrance { place, point: *point, access_mm: 0 }).collect();
        let (mut reached, mut pairs) = (0, 0);
        let mut targets = None;
        timed(2, &mut || {
            let targets = targets.insert(Targets::new(&streets, corners, &doors));
            reached = nearest(&streets, targets, &centres, FAR, Walker::Any).len();
        });
        let targets = targets.expect("they were laid out");
        timed(3, &mut || {
            pairs = within(&streets, &targets, centres.len(), &centres, LIMIT_MM, Walker::Any).len();
        });
        assert!(reached == corners && pairs > corners / 10, "{reached} reached, {pairs} pairs");
    }
    series.into()
}

/// A lattice of corners 50 m apart, shaken, of which every eighth street is missing.
fn town(corners: usize) -> Lines {
    let wide = (corners as f64).sqrt().round() as usize;
    let tall = corners / wide;
    let mut rng = Seed(9).stream(Stage::Synth, corners as u64);
    let mut shake = || f64::from(rng.next_u32() % 1000) * 1.5e-7;
    let positions: Vec<Position> = (0..wide * tall)
        .map(|at| {
            let (lon, lat) = (117.0 + (at % wide) as f64 * 5.5e-4, 35.0 + (at / wide) as f64 * 4.5e-4);
            Position::from_degrees(lon + shake(), lat + shake()).expect("on the globe")
        })
        .collect();
    let mut rng = Seed(10).stream(Stage::Synth, corners as u64);
    let mut lines = Lines { positions, ..Lines::default() };
    for at in 0..wide * tall {
        let (right, below) = ((at + 1) % wide != 0, at + wide < wide * tall);
        // The outer streets and every tenth row stay, so that all hang together.
        let sure = (at / wide).is_multiple_of(10);
        if right && (sure || !rng.next_u32().is_multiple_of(8)) {
            lines.push(&[at as u32, at as u32 + 1], 0);
        }
        if below && ((at % wide).is_multiple_of(10) || !rng.next_u32().is_multiple_of(8)) {
            lines.push(&[at as u32, (at + wide) as u32], 0);
        }
    }
    lines
}
