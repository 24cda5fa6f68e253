//! Territories of a thousand to a million atoms, 25 a part, within five per cent of the mean.

use cpu_time::ProcessTime;
use rand_core::RngCore as _;
use wangge::districting::graph::Graph;
use wangge::districting::instance::{Instance, Objective};
use wangge::districting::{Effort, solve};
use wangge::run::{Run, Seed, Stage};

use crate::Series;

const SIZES: [usize; 7] = [1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000];

pub(crate) fn measure(most: usize) -> Vec<Series> {
    let sizes = || SIZES.into_iter().filter(|size| *size <= most);
    let timed = |objective: Objective, size: usize| {
        let territory = territory(size);
        let started = ProcessTime::now();
        let divided = solve(&territory, objective, Effort::Normal, &Run::quiet(Seed(1)));
        let seconds = started.elapsed().as_secs_f64();
        let judged = territory.judge(&divided.expect("a drawn territory can be divided").part_of);
        assert!(judged.feasible, "{size} atoms");
        (size, seconds)
    };
    vec![
        Series { name: "few edges", points: sizes().map(|n| timed(Objective::Cut, n)).collect() },
        Series { name: "moment of inertia", points: sizes().map(|n| timed(Objective::Moment, n)).collect() },
    ]
}

/// A lattice of triangles, shaken, where ten to ninety people live in every atom.
fn territory(atoms: usize) -> Instance {
    let wide = (atoms as f64).sqrt().round() as usize;
    let tall = atoms / wide;
    let n = wide * tall;
    let mut rng = Seed(7).stream(Stage::Synth, n as u64);
    let mut edges = Vec::with_capacity(3 * n);
    for at in 0..n {
        let (x, y) = (at % wide, at / wide);
        let right = x + 1 < wide;
        let below = y + 1 < tall;
        let mut join = |to: usize| edges.push((at as u32, to as u32, 1));
        if right {
            join(at + 1);
        }
        if below {
            join(at + wide);
        }
        if right && below {
            join(at + wide + 1);
        }
    }
    let mut draw = |below: u32| i64::from(rng.next_u32() % below);
    let people: Vec<i64> = (0..n).map(|_| 10 + draw(81)).collect();
    let parts = (n / 25) as u32;
    let mean = people.iter().sum::<i64>() as f64 / f64::from(parts);
    let x = (0..n).map(|at| (at % wide) as i64 * 100 + draw(40)).collect();
    let y = (0..n).map(|at| (at / wide) as i64 * 100 + draw(40)).collect();
    let (low, high) = ((mean * 0.95).ceil() as i64, (mean * 1.05).floor() as i64);
    Instance { graph: Graph::from_edges(n, &edges), people, x, y, parts, low, high }
}
