//! Systems against known vectors, and there and back.

use super::*;

/// Longitude, latitude; the same in GCJ-02; the same in BD-09.
const CHAIN: [[f64; 6]; 3] = [
    [121.527_210_6, 31.177_427_6, 121.531_541_9, 31.175_304_0, 121.538_015_7, 31.181_328_6],
    [113.912_316_0, 22.543_847_0, 113.917_176_5, 22.540_796_1, 113.923_684_7, 22.546_667_4],
    [116.377_817_0, 39.911_954_0, 116.384_047_2, 39.913_345_5, 116.390_454_7, 39.919_575_6],
];

#[test]
fn web_map_chain() {
    for [lon, lat, gcj_lon, gcj_lat, bd_lon, bd_lat] in CHAIN {
        for (system, x, y) in [(System::Gcj02, gcj_lon, gcj_lat), (System::Bd09, bd_lon, bd_lat)] {
            let back = system.to_degrees(x, y).expect("on the globe");
            assert!(distance_m(back, (lon, lat)) < 0.02, "{back:?}");
            let (x1, y1) = system.from_degrees(lon, lat).expect("on the globe");
            assert!((x - x1).abs() < 1e-7 && (y - y1).abs() < 1e-7, "{x1} {y1}");
        }
    }
}

#[test]
fn all_zones_agree_with_proj() {
    let mut zones = std::collections::BTreeSet::new();
    for (code, lon, lat, x, y) in super::zone_values::VALUES {
        zones.insert(code);
        let system = System::of_epsg(code).expect("supported");
        let (x1, y1) = system.from_degrees(lon, lat).expect("in reach");
        assert!((x - x1).abs() < 2e-5 && (y - y1).abs() < 2e-5, "{code}: {x1} {y1}, not {x} {y}");
        let back = system.to_degrees(x, y).expect("in reach");
        assert!(distance_m(back, (lon, lat)) < 5e-5, "{code}: {back:?}");
    }
    assert_eq!(zones.len(), 64);
}

/// 200,000 points across China and back, each system within a millimetre.
#[test]
fn there_and_back_across_china() {
    let mut points = Vec::with_capacity(200_000);
    for i in 0..500 {
        for j in 0..400 {
            points.push((73.5 + 0.123_1 * f64::from(i), 3.9 + 0.124_3 * f64::from(j)));
        }
    }
    let mut systems = vec![System::Degrees, System::Gcj02, System::Bd09, System::HongKong1980];
    systems.extend((4491..=4554).filter_map(System::of_epsg));
    for system in systems {
        // The zones would take a while each; every 64th point suits each of 64 zones.
        let step = if system.is_degrees() { 1 } else { 64 };
        let some: Vec<(f64, f64)> = points.iter().copied().step_by(step).collect();
        let mut there = some.clone();
        from_degrees(system, &mut there);
        let mut back = there.clone();
        to_degrees(system, &mut back);
        let mut tested = 0;
        for ((start, middle), end) in some.iter().zip(&there).zip(&back) {
            if middle.0.is_nan() {
                assert!(end.0.is_nan());
                continue;
            }
            tested += 1;
            assert_eq!(system.to_degrees(middle.0, middle.1), Some(*end));
            assert!(distance_m(*start, *end) < 1e-3, "{} {start:?} {end:?}", system.label());
        }
        assert!(tested > 0, "{}", system.label());
    }
}

#[test]
fn what_does_not_exist_is_none() {
    for (system, x, y) in [
        (System::Degrees, 25.0, 121.5),
        (System::Degrees, f64::NAN, 1.0),
        (System::Bd09, 1.0, f64::INFINITY),
        (System::HongKong1980, 1.0, 1.0),
    ] {
        assert_eq!(system.to_degrees(x, y), None);
    }
    let zone = System::of_epsg(4526).expect("zone 38");
    assert!(zone.to_degrees(615_202.8, 3_376_154.0).is_none());
    assert!(zone.from_degrees(0.0, 30.0).is_none());
    assert!(System::of_epsg(3857).is_none() && System::of_epsg(4490) == System::of_epsg(4326));
}
