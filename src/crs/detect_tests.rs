//! Detection on a drawn town, in every writing of its points.

use super::*;
use crate::crs::{Form, Order, Zone};

/// Communities 1 km wide in a row-and-column pattern around a corner, points somewhere in each.
struct Town {
    corner: (f64, f64),
    points: Vec<(f64, f64)>,
}

const WIDE: (f64, f64) = (0.0105, 0.009);

impl Town {
    fn of(count: usize) -> Self {
        let corner = (121.40, 31.10);
        let mut state = 12_345u64;
        let mut chance = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1u64 << 24) as f64
        };
        let points = (0..count)
            .map(|i| {
                let (column, row) = ((i % 4) as f64, (i / 4 % 4) as f64);
                (corner.0 + (column + chance()) * WIDE.0, corner.1 + (row + chance()) * WIDE.1)
            })
            .collect();
        Self { corner, points }
    }

    fn own(&self, i: usize, lon: f64, lat: f64) -> bool {
        let (column, row) = ((i % 4) as f64, (i / 4 % 4) as f64);
        ((lon - self.corner.0) / WIDE.0).floor() == column && ((lat - self.corner.1) / WIDE.1).floor() == row
    }

    fn written(&self, reading: Reading) -> Vec<(f64, f64)> {
        let write = |&(lon, lat): &(f64, f64)| {
            let (x, y) = reading.system.from_degrees(lon, lat).expect("in reach");
            let pack = |v: f64| {
                let seconds = (v * 3600.0 * 100.0).round() / 100.0;
                let (d, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
                d + (rest / 60.0).floor() / 100.0 + rest % 60.0 / 10_000.0
            };
            let (x, y) = match reading.form {
                Form::Plain => (x, y),
                Form::Millionths => ((x * 1e6).round(), (y * 1e6).round()),
                Form::PackedDms => (pack(x), pack(y)),
            };
            if reading.order == Order::Swapped { (y, x) } else { (x, y) }
        };
        self.points.iter().map(write).collect()
    }

    fn judge(&self, written: &[(f64, f64)], declared: Option<System>) -> Detection {
        let inside = |i: usize, lon: f64, lat: f64| self.own(i, lon, lat);
        detect(written, declared, &Truth { inside: &inside, distance_m: None })
    }
}

fn all_readings() -> Vec<Reading> {
    let mut all = Vec::new();
    for order in [Order::AsWritten, Order::Swapped] {
        for form in [Form::Plain, Form::Millionths, Form::PackedDms] {
            for system in [System::Degrees, System::Gcj02, System::Bd09] {
                all.push(Reading { system, order, form });
            }
        }
        for zone in [Zone::of_epsg(4549), Zone::of_epsg(4528), Zone::of_epsg(4499), Zone::of_epsg(4551)] {
            let system = System::GaussKruger(zone.expect("a zone"));
            all.push(Reading { system, order, form: Form::Plain });
        }
    }
    all
}

#[test]
fn every_reading_is_recognised_with_sixteen_points() {
    let town = Town::of(16);
    for reading in all_readings() {
        let found = town.judge(&town.written(reading), None);
        let same = |r: Reading| {
            r == reading
                || matches!((r.system, reading.system), (System::GaussKruger(a), System::GaussKruger(b))
                    if a.meridian() == b.meridian() && r.order == reading.order)
        };
        match found.verdict {
            Verdict::Another { reading: r, margin } if same(r) => assert!(margin >= MARGIN_MIN),
            other => panic!("{reading:?} was taken as {other:?}: {:#?}", &found.evidence[..2]),
        }
        let declared = town.judge(&town.written(reading), Some(reading.system));
        if reading.order == Order::AsWritten && reading.form == Form::Plain {
            assert!(
                matches!(declared.verdict, Verdict::Agrees { .. }),
                "{reading:?}: {:?}",
                declared.verdict
            );
        } else {
            assert!(
                matches!(declared.verdict, Verdict::Another { .. }),
                "{reading:?}: {:?}",
                declared.verdict
            );
        }
    }
}

#[test]
fn a_web_map_shift_is_seen_with_twelve_points() {
    let town = Town::of(12);
    let written = town.written(Reading::plain(System::Gcj02));
    let found = town.judge(&written, Some(System::Degrees));
    assert!(
        matches!(&found.verdict, Verdict::Another { reading, .. } if reading.system == System::Gcj02),
        "{:?}",
        found.verdict
    );
    let shifted =
        found.evidence.iter().find(|e| e.reading == Reading::plain(System::Degrees)).expect("tried");
    assert!((400.0..600.0).contains(&shifted.shift_m) && shifted.share() < 0.7, "{shifted:?}");
}

#[test]
fn distances_tell_where_communities_cannot() {
    let town = Town::of(12);
    let anywhere =
        |_: usize, lon: f64, lat: f64| (121.0..122.0).contains(&lon) && (31.0..32.0).contains(&lat);
    let truth = Truth { inside: &anywhere, distance_m: None };
    let written = town.written(Reading::plain(System::Bd09));
    let blind = detect(&written, Some(System::Degrees), &truth);
    assert!(matches!(blind.verdict, Verdict::CannotTell(Doubt::Close { .. })), "{:?}", blind.verdict);
    let nearest = |_: usize, lon: f64, lat: f64| {
        town.points.iter().map(|&p| distance_m(p, (lon, lat))).fold(f64::INFINITY, f64::min)
    };
    let sharp =
        detect(&written, Some(System::Degrees), &Truth { inside: &anywhere, distance_m: Some(&nearest) });
    assert!(matches!(&sharp.verdict, Verdict::Another { reading, .. } if reading.system == System::Bd09));
    // Buildings everywhere: every reading is near one, and the test must not pretend.
    let dense = |_: usize, lon: f64, lat: f64| ((lon * 1e7) as u64 ^ (lat * 1e7) as u64) as f64 % 37.0;
    let dull =
        detect(&written, Some(System::Degrees), &Truth { inside: &anywhere, distance_m: Some(&dense) });
    assert!(matches!(dull.verdict, Verdict::CannotTell(_)), "{:?}", dull.verdict);
}

#[test]
fn too_little_is_said_to_be_too_little() {
    let town = Town::of(3);
    let found = town.judge(&town.points, Some(System::Degrees));
    assert_eq!(found.verdict, Verdict::CannotTell(Doubt::FewPoints));
    let far = vec![(87.6, 43.8); 20];
    let found = Town::of(16).judge(&far, Some(System::Degrees));
    assert_eq!(found.verdict, Verdict::CannotTell(Doubt::NoneFits));
    let none = detect(&[(f64::NAN, 1.0); 9], None, &Truth { inside: &|_, _, _| true, distance_m: None });
    assert_eq!((none.verdict, none.evidence.len()), (Verdict::CannotTell(Doubt::FewPoints), 0));
}

/// A few wrong rows change nothing.
#[test]
fn single_defects_do_not_turn_the_verdict() {
    let town = Town::of(32);
    let mut written = town.written(Reading::plain(System::Degrees));
    written[3] = (written[3].1, written[3].0);
    written[8] = (0.0, 0.0);
    written[20].0 += 0.1;
    let found = town.judge(&written, Some(System::Degrees));
    assert!(matches!(found.verdict, Verdict::Agrees { .. }), "{:?}", found.verdict);
}
