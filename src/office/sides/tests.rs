//! Four sides of drawn shapes, and against a search through everything.

use geo::polygon;

use super::*;

fn line(name: &str, kind: BoundKind, from: (f64, f64), to: (f64, f64)) -> NamedLine {
    NamedLine { name: name.to_owned(), kind, line: LineString::from(vec![from, to]) }
}

fn street(name: &str, from: (f64, f64), to: (f64, f64)) -> NamedLine {
    line(name, BoundKind::Street, from, to)
}

/// 200 metres by 200 from the origin.
fn square() -> MultiPolygon<f64> {
    let square = polygon![(x: 0.0, y: 0.0), (x: 200.0, y: 0.0), (x: 200.0, y: 200.0), (x: 0.0, y: 200.0)];
    MultiPolygon::new(vec![square])
}

fn around() -> Vec<NamedLine> {
    vec![
        street("东街", (205.0, -50.0), (205.0, 250.0)),
        line("南河", BoundKind::River, (-50.0, -20.0), (250.0, -20.0)),
        line("西铁路", BoundKind::Railway, (-9.0, 250.0), (-9.0, -50.0)),
        street("北路", (-50.0, 200.0), (250.0, 200.0)),
    ]
}

#[test]
fn a_square_between_four_lines() {
    let sides = bounds_text(&square(), &around());
    assert_eq!(sides.text(Language::Chinese), "东至东街，南至南河，西至西铁路，北至北路");
    assert_eq!(sides.text(Language::English), "east to 东街; south to 南河; west to 西铁路; north to 北路");
    assert_eq!(sides.east.map(|b| (b.kind, b.share)), Some((BoundKind::Street, 1.0)));
}

#[test]
fn winding_and_place_on_the_plane_do_not_matter() {
    let mut shape = square();
    shape.0[0].exterior_mut(|ring| ring.0.reverse());
    assert_eq!(bounds_text(&shape, &around()), bounds_text(&square(), &around()));
    let far = |c: &mut Coord<f64>| *c = Coord { x: c.x + 500_000.0, y: c.y + 4_000_000.0 };
    let mut shape = square();
    shape.0[0].exterior_mut(|ring| ring.0.iter_mut().for_each(far));
    let mut lines = around();
    lines.iter_mut().for_each(|l| l.line.0.iter_mut().for_each(far));
    assert_eq!(bounds_text(&shape, &lines), bounds_text(&square(), &around()));
}

#[test]
fn the_inside_of_a_notch_bounds_nothing() {
    // Open to the north: the arms' inner edges face each other.
    let ring = [
        (0.0, 0.0),
        (300.0, 0.0),
        (300.0, 300.0),
        (200.0, 300.0),
        (200.0, 50.0),
        (100.0, 50.0),
        (100.0, 300.0),
        (0.0, 300.0),
    ];
    let shape = MultiPolygon::new(vec![geo::Polygon::new(LineString::from(ring.to_vec()), vec![])]);
    let lines = [street("里街", (100.0, 50.0), (100.0, 300.0)), street("外街", (300.0, 0.0), (300.0, 160.0))];
    let sides = bounds_text(&shape, &lines);
    assert_eq!(sides.east.map(|b| b.name), Some("外街".to_owned()));
    assert_eq!(sides.west, None);
    // What stands at the bottom of the notch is seen from the north.
    let floor = [street("底街", (100.0, 50.0), (200.0, 50.0))];
    assert_eq!(bounds_text(&shape, &floor).north.map(|b| (b.share * 3.0).round()), Some(1.0));
}

#[test]
fn lines_that_cross_or_are_far_bound_nothing() {
    let lines = [
        street("横街", (150.0, 100.0), (250.0, 100.0)),
        street("远街", (231.0, 0.0), (231.0, 200.0)),
        street("  ", (200.0, 0.0), (200.0, 200.0)),
    ];
    let sides = bounds_text(&square(), &lines);
    assert_eq!(sides, Sides::default());
    assert_eq!(sides.text(Language::Chinese), "东至无名界线，南至无名界线，西至无名界线，北至无名界线");
}

#[test]
fn the_longest_counts_and_the_nearest_votes() {
    let lines = [
        street("短街", (200.0, 0.0), (200.0, 60.0)),
        street("长街", (200.0, 90.0), (200.0, 200.0)),
        street("远街", (220.0, 0.0), (220.0, 200.0)),
    ];
    assert_eq!(bounds_text(&square(), &lines).east.map(|b| b.name), Some("长街".to_owned()));
}

#[test]
fn pieces_of_one_street_are_one_and_ties_go_by_name() {
    let lines = [
        street("乙街", (200.0, 0.0), (200.0, 50.0)),
        street("甲街", (200.0, 60.0), (200.0, 140.0)),
        street("乙街", (200.0, 150.0), (200.0, 200.0)),
    ];
    assert_eq!(bounds_text(&square(), &lines).east.map(|b| b.name), Some("乙街".to_owned()));
    let twins = [street("b", (210.0, 0.0), (210.0, 200.0)), street("a", (190.0, 0.0), (190.0, 200.0))];
    for twins in [twins.clone(), [twins[1].clone(), twins[0].clone()]] {
        assert_eq!(bounds_text(&square(), &twins).east.map(|b| b.name), Some("a".to_owned()));
    }
}

#[test]
fn neighbours_step_in_where_no_street_runs() {
    let lines = [
        street("短街", (200.0, 0.0), (200.0, 40.0)),
        line("第2网格", BoundKind::Neighbour, (200.0, 0.0), (200.0, 200.0)),
        line("第1网格", BoundKind::Neighbour, (200.0, 0.0), (200.0, 200.0)),
    ];
    let east = |own| Surroundings::new(&lines).sides(&square(), own).east;
    assert_eq!(
        east(Some("第1网格")).map(|b| (b.name, b.kind)),
        Some(("第2网格".to_owned(), BoundKind::Neighbour))
    );
}

#[test]
fn odd_shapes_are_borne() {
    let odd = MultiPolygon::new(vec![
        geo::Polygon::new(LineString::new(vec![]), vec![]),
        polygon![(x: f64::NAN, y: 0.0), (x: 1.0, y: 0.0), (x: 1.0, y: 1.0)],
        polygon![(x: 1.0, y: 1.0), (x: 1.0, y: 1.0), (x: 1.0, y: 1.0)],
        polygon![(x: 0.0, y: 0.0), (x: 1e300, y: 0.0), (x: 1e300, y: 1e300)],
        polygon![(x: 0.0, y: 0.0), (x: 1e9, y: 0.0), (x: 1e9, y: 1.0)],
    ]);
    let lines = [street("a", (f64::INFINITY, 0.0), (0.0, 0.0)), street("b", (1.0, 1.0), (1.0, 1.0))];
    assert_eq!(bounds_text(&odd, &lines), Sides::default());
}

/// Numbers from 0 to 1, repeatable.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    }
}

/// Metres from a point to a segment, by the foot of the perpendicular.
fn metres(p: [f64; 2], a: Coord<f64>, b: Coord<f64>) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let t = (((p[0] - a.x) * dx + (p[1] - a.y) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (p[0] - a.x - t * dx).hypot(p[1] - a.y - t * dy)
}

#[test]
fn the_index_finds_what_looking_at_every_line_finds() {
    let mut random = numbers(7);
    let mut found = 0;
    for _ in 0..60 {
        let corner = |random: &mut dyn FnMut() -> f64, angle: f64| {
            let radius = 60.0 + 80.0 * random();
            (radius * angle.cos(), radius * angle.sin())
        };
        let ring: Vec<_> = (0..9).map(|i| corner(&mut random, f64::from(i) * 0.69)).collect();
        let shape = MultiPolygon::new(vec![geo::Polygon::new(LineString::from(ring), vec![])]);
        let place = |random: &mut dyn FnMut() -> f64| (300.0 * (random() - 0.5), 300.0 * (random() - 0.5));
        let lines: Vec<_> = (0..25)
            .map(|i| street(&format!("s{}", i % 12), place(&mut random), place(&mut random)))
            .collect();
        let sides = bounds_text(&shape, &lines);

        let (mut votes, mut lengths) = (vec![[0.0; 4]; 12], [0.0; 4]);
        for_each_piece(&shape, |piece| {
            lengths[piece.side] += piece.length;
            let near = |l: &NamedLine| {
                let (a, b) = (l.line.0[0], l.line.0[1]);
                let turn = ((b.y - a.y).atan2(b.x - a.x) - piece.along[1].atan2(piece.along[0])).sin().abs();
                let (to_a, to_b, whole) = (
                    (piece.middle[0] - a.x).powi(2) + (piece.middle[1] - a.y).powi(2),
                    (piece.middle[0] - b.x).powi(2) + (piece.middle[1] - b.y).powi(2),
                    (b.x - a.x).hypot(b.y - a.y),
                );
                let foot = (to_a - to_b + whole * whole) / (2.0 * whole);
                let beside = foot >= -PIECE_M && foot <= whole + PIECE_M;
                (turn <= 0.5 && beside).then(|| metres(piece.middle, a, b)).filter(|&d| d <= REACH_M)
            };
            let best = lines.iter().filter_map(|l| Some((near(l)?, &l.name)));
            if let Some((_, name)) = best.min_by(|a, b| a.0.total_cmp(&b.0)) {
                votes[name[1..].parse::<usize>().expect("a number")][piece.side] += piece.length;
            }
        });
        for (side, bound) in [&sides.east, &sides.south, &sides.west, &sides.north].into_iter().enumerate() {
            let most = votes.iter().map(|v| v[side]).fold(0.0, f64::max);
            let share = bound.as_ref().map_or(0.0, |b| b.share);
            if most / lengths[side] < LEAST_SHARE - 1e-9 {
                assert_eq!(*bound, None);
            } else {
                assert!((share - most / lengths[side]).abs() < 1e-9, "{share} {most}");
                found += 1;
            }
        }
    }
    assert!(found > 40, "{found}");
}
