//! Grids of points against plain scans.

use super::*;
use crate::run::{Seed, Stage};
use rand_core::RngCore as _;

#[test]
fn the_grid_agrees_with_a_scan() {
    let mut rng = Seed(3).stream(Stage::Coverage, 0);
    // Many points on few coordinates, so that ties and cell sides are met; then scattered far.
    for (count, span, off) in
        [(1, 1, 0), (50, 9, -4), (400, 40, 1000), (300, 1_000_000, -500_000), (5, 1 << 30, 0)]
    {
        let mut draw = || [rng.next_u32() % span, rng.next_u32() % span].map(|v| v as i32 + off);
        let points: Vec<[i32; 2]> = (0..count).map(|_| draw()).collect();
        let places: Vec<[i32; 2]> =
            (0..60).map(|k| if k % 3 == 0 { draw() } else { draw().map(|v| v / 2 * 3) }).collect();
        for crowd in [Crowd::Nearest, Crowd::Discs] {
            let grid = PointGrid::new(&points, crowd);
            let map = NearestMap::new(&points);
            for &place in &places {
                let scan = (0..points.len()).map(|k| (square(points[k], place), k as u32)).min();
                assert_eq!(grid.nearest(place).map(|(id, square)| (square, id)), scan, "{place:?}");
                assert_eq!(map.nearest(place), grid.nearest(place), "{place:?}");
                for radius in [0, 1, 3, span / 5, span / 2, span] {
                    let limit = u64::from(radius) * u64::from(radius);
                    let inside: Vec<u32> = (0..points.len() as u32)
                        .filter(|k| square(points[*k as usize], place) <= limit)
                        .collect();
                    assert_eq!(grid.count_within(place, radius), inside.len() as u64);
                    let mut seen = Vec::new();
                    grid.each_within(place, radius, |id, _| seen.push(id));
                    seen.sort_unstable();
                    assert_eq!(seen, inside);
                }
            }
            assert_eq!(grid.counts_within(&places, span / 3).len(), places.len());
        }
    }
}

#[test]
fn a_dense_cluster_is_found_from_afar() {
    let mut points = vec![[0, 0]; 200];
    points.extend((0..300).map(|k| [900_000 + k % 17, 900_000 + k / 17]));
    let (grid, map) = (PointGrid::new(&points, Crowd::Nearest), NearestMap::new(&points));
    for k in 0..400 {
        let place = [k * 2300, (k * 7919) % 1_000_000];
        let scan = (0..points.len()).map(|p| (square(points[p], place), p as u32)).min();
        assert_eq!(map.nearest(place).map(|(id, square)| (square, id)), scan, "{place:?}");
        assert_eq!(grid.nearest(place), map.nearest(place));
    }
}

#[test]
fn nothing_is_near_where_there_is_nothing() {
    let grid = PointGrid::new(&[], Crowd::Nearest);
    assert_eq!((grid.nearest([0, 0]), grid.count_within([5, 5], 100)), (None, 0));
    assert_eq!(NearestMap::new(&[]).nearest([0, 0]), None);
}
