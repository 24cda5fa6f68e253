//! A million positions brought back from another system to degrees of WGS 84.

use wangge::crs::{System, from_degrees, to_degrees};

use crate::stages::table::Measured;
use crate::stages::town::Bench;

pub(crate) fn of_web_maps(bench: &mut Bench) -> Measured {
    of("BD-09", bench)
}

pub(crate) fn of_a_zone(bench: &mut Bench) -> Measured {
    of("EPSG:4527", bench)
}

fn of(name: &str, bench: &Bench) -> Measured {
    let system = System::named(name).expect("a known system");
    let mut points: Vec<(f64, f64)> = (0..1_000_000)
        .map(|i| (116.0 + f64::from(i % 1_000) * 2e-3, 30.0 + f64::from(i / 1_000) * 1e-2))
        .collect();
    from_degrees(system, &mut points);
    let back = || {
        let mut points = points.clone();
        to_degrees(system, &mut points);
        points
    };
    Measured { median_ms: bench.median_ms(back), naive_ms: None }
}
