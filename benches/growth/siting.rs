//! Cities of a thousand to a hundred thousand demand points, a candidate for every twenty, fifty chosen.

use cpu_time::ProcessTime;
use rand_core::RngCore as _;
use wangge::location::{Effort, Instance, Points, Problem, Rounding, solve};
use wangge::run::{Run, Seed, Stage};

use crate::Series;

const SIZES: [usize; 5] = [1_000, 3_000, 10_000, 30_000, 100_000];

/// Side of the city and radius of cover, in metres.
const SIDE: u32 = 20_000;
const RADIUS: u32 = 990;

pub(crate) fn measure(most: usize) -> Vec<Series> {
    let problems = [
        ("least walking, 50 of them", Problem::PMedian { p: 50 }),
        ("most covered, 50 of them", Problem::Mclp { p: 50, radius: RADIUS }),
        ("shortest longest walk, 50 of them", Problem::PCenter { p: 50 }),
    ];
    let timed = |problem: Problem, size: usize| {
        let city = city(size);
        let started = ProcessTime::now();
        let found = solve(&city, problem, Effort::Fast, &Run::quiet(Seed(1)));
        let seconds = started.elapsed().as_secs_f64();
        let found = found.expect("a drawn city has an answer");
        assert!(found.chosen.len() <= 50, "{size} points");
        (size, seconds)
    };
    let line = |(name, problem): (&'static str, Problem)| Series {
        name,
        points: SIZES.into_iter().filter(|size| *size <= most).map(|size| timed(problem, size)).collect(),
    };
    problems.into_iter().map(line).collect()
}

/// Points around some middles, one to two hundred people each.
fn city(points: usize) -> Instance {
    let mut rng = Seed(11).stream(Stage::Synth, points as u64);
    let mut below = |n: u32| rng.next_u32() % n;
    let middles: Vec<(u32, u32)> = (0..40).map(|_| (below(SIDE), below(SIDE))).collect();
    let mut place = || {
        let (x, y) = middles[below(40) as usize];
        let mut near = |middle: u32| f64::from(middle) + f64::from(below(2_000)) - f64::from(below(2_000));
        (near(x), near(y))
    };
    let demand: Vec<(f64, f64)> = (0..points).map(|_| place()).collect();
    let sites: Vec<(f64, f64)> = (0..points / 20).map(|_| place()).collect();
    let mut rng = Seed(12).stream(Stage::Synth, points as u64);
    let weights = (0..points).map(|_| 1 + u64::from(rng.next_u32() % 200)).collect();
    Instance::at_points(weights, Points { demand, sites, scale: 1.0, rounding: Rounding::Nearest })
}
