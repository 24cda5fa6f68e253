//! Straight-line coverage at scale: points against centres, one JSON object out.
//!
//! `cargo run --release --example radius_join -- --points 10000000 --centres 10000 --radius 865.4 --seed 1`
//!
//! Points lie in a square of 20 km, 70 % evenly and 30 % in 200 clusters of 300 m; centres evenly.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use clap::Parser;
use cpu_time::ProcessTime;
use rand_core::RngCore;
use rayon::prelude::*;
use wangge::run::{Seed, Stage};
use wangge::walking::points::{Crowd, NearestMap, PointGrid};

/// Join points and centres within a radius
#[derive(Parser)]
struct Arguments {
    /// How many points
    #[arg(long, default_value_t = 1_000_000)]
    points: usize,
    /// How many centres
    #[arg(long, default_value_t = 1_000)]
    centres: usize,
    /// Metres, straight
    #[arg(long, default_value_t = 865.0)]
    radius: f64,
    /// Seed of chance
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Coordinates are millimetres.
const SIDE: f64 = 20_000_000.0;
const SIGMA: f64 = 300_000.0;
const CLUSTERS: usize = 200;

fn main() {
    let arguments = Arguments::parse();
    let (points, centres) = draw(&arguments);
    let radius = (arguments.radius.clamp(0.0, 1e6) * 1e3).round() as u32;

    let started = ProcessTime::now();
    let around = NearestMap::new(&centres);
    let grid = PointGrid::new(&points, Crowd::Discs);
    let build = started.elapsed().as_secs_f64();

    let started = ProcessTime::now();
    let limit = u64::from(radius) * u64::from(radius);
    let parts: Vec<(u64, f64)> = points
        .par_chunks(1 << 14)
        .map(|chunk| {
            chunk.iter().filter_map(|point| around.nearest(*point)).fold(
                (0, 0.0),
                |(within, sum), (_, square)| {
                    (within + u64::from(square <= limit), sum + (square as f64).sqrt())
                },
            )
        })
        .collect();
    let (within, sum) = parts.iter().fold((0, 0.0), |(a, b), (within, sum)| (a + within, b + sum));
    let nearest = started.elapsed().as_secs_f64();

    let started = ProcessTime::now();
    let pairs: u64 = grid.counts_within(&centres, radius).iter().sum();
    let pairing = started.elapsed().as_secs_f64();

    println!(
        "{}",
        serde_json::json!({
            "within": within,
            "pairs": pairs,
            "mean_nearest_metres": sum / 1e3 / points.len().max(1) as f64,
            "cpu_s": { "build": build, "nearest": nearest, "pairs": pairing },
            "peak_mib": peak_mib(),
        })
    );
}

fn draw(arguments: &Arguments) -> (Vec<[i32; 2]>, Vec<[i32; 2]>) {
    let mut rng = Seed(arguments.seed).stream(Stage::Synth, 0);
    let evenly = |rng: &mut dyn RngCore| [unit(rng), unit(rng)].map(|share| share * SIDE);
    let whole = |place: [f64; 2]| place.map(|v| v.round() as i32);
    let clusters: Vec<[f64; 2]> = (0..CLUSTERS).map(|_| evenly(&mut rng)).collect();
    let clustered = arguments.points * 3 / 10;
    let mut points = Vec::with_capacity(arguments.points);
    for _ in clustered..arguments.points {
        points.push(whole(evenly(&mut rng)));
    }
    for _ in 0..clustered {
        let middle = clusters[rng.next_u32() as usize % CLUSTERS];
        // A pair of normal numbers (Box and Muller 1958).
        let length = SIGMA * (-2.0 * (1.0 - unit(&mut rng)).ln()).sqrt();
        let (sin, cos) = (unit(&mut rng) * std::f64::consts::TAU).sin_cos();
        points.push(whole([middle[0] + length * cos, middle[1] + length * sin]));
    }
    let centres = (0..arguments.centres).map(|_| whole(evenly(&mut rng))).collect();
    (points, centres)
}

/// Evenly from 0 up to 1.
fn unit(rng: &mut dyn RngCore) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
}

/// The most memory this process has held, where the system tells.
fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<f64>().ok()? / 1024.0)
}
