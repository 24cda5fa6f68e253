//! Sweeps against Floyd and Warshall on drawn towns.

use super::*;
use crate::run::{Seed, Stage};
use crate::walking::metric::Position;
use crate::walking::osm::mark;
use crate::walking::streets::{Lines, OnChain, StreetsError};
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

/// A town drawn at random: junctions joined by bent streets, some one-way, some stairs, some twice.
struct Town {
    lines: Lines,
    /// Directed segments: from, to, cost, whether stairs.
    segments: Vec<(usize, usize, u64, bool)>,
}

fn draw(rng: &mut ChaCha8Rng, sloped: bool) -> Town {
    let mut pick = |below: u32| rng.next_u32() % below;
    let junctions = 2 + pick(7);
    let mut lines = Lines { steps_percent: 100, lengths_mm: Some(Vec::new()), ..Lines::default() };
    let mut segments = Vec::new();
    for k in 0..junctions {
        lines.positions.push(Position { lon: pick(5000) as i32, lat: pick(5000) as i32 + k as i32 });
    }
    for _ in 0..1 + pick(12) {
        let mut line = vec![pick(junctions)];
        for _ in 0..[0, 0, 1, 2, 5][pick(5) as usize] {
            line.push(lines.positions.len() as u32);
            lines.positions.push(Position { lon: pick(5000) as i32, lat: pick(5000) as i32 });
        }
        // One in eight ends nowhere, one in eight comes back or stands still.
        match pick(8) {
            0 => {
                line.push(lines.positions.len() as u32);
                lines.positions.push(Position { lon: pick(5000) as i32, lat: pick(5000) as i32 });
            }
            1 => line.push(line[0]),
            _ => line.push(pick(junctions)),
        }
        let marks = [0, 0, 0, 0, mark::STEPS, mark::FORWARD_ONLY, mark::BACKWARD_ONLY][pick(7) as usize];
        lines.push(&line, marks);
        for pair in line.windows(2) {
            let length = [1, 7, 300, 20_000, 90_000][pick(5) as usize] + pick(50);
            lines.lengths_mm.as_mut().expect("set above").push(length);
            let (u, v) = (pair[0] as usize, pair[1] as usize);
            if marks & mark::BACKWARD_ONLY == 0 {
                segments.push((u, v, u64::from(length), marks & mark::STEPS != 0));
            }
            if marks & mark::FORWARD_ONLY == 0 {
                segments.push((v, u, u64::from(length), marks & mark::STEPS != 0));
            }
        }
    }
    if sloped {
        lines.heights_m = Some(vec![12.0; lines.positions.len()]);
    }
    Town { lines, segments }
}

/// Floyd and Warshall over every node: walk[from][to].
fn all_walks(town: &Town, walker: Walker) -> Vec<Vec<u64>> {
    let n = town.lines.positions.len();
    let mut walk = vec![vec![u64::MAX / 4; n]; n];
    for (node, row) in walk.iter_mut().enumerate() {
        row[node] = 0;
    }
    for &(u, v, cost, is_steps) in &town.segments {
        if walker == Walker::Any || !is_steps {
            walk[u][v] = walk[u][v].min(cost);
        }
    }
    for k in 0..n {
        for i in 0..n {
            for j in 0..n {
                walk[i][j] = walk[i][j].min(walk[i][k] + walk[k][j]);
            }
        }
    }
    walk
}

/// Nodes as entrances: several centres, one of them with two; places with one or two.
fn cast(rng: &mut ChaCha8Rng, points: &[Option<OnChain>]) -> Vec<(usize, Entrance)> {
    let on: Vec<usize> = (0..points.len()).filter(|node| points[*node].is_some()).collect();
    if on.is_empty() {
        return Vec::new();
    }
    (0..4)
        .map(|k| {
            let node = on[rng.next_u32() as usize % on.len()];
            let point = points[node].expect("filtered above");
            (node, Entrance { place: k / 2 * 2, point, access_mm: rng.next_u32() % 40 })
        })
        .collect()
}

#[test]
fn searches_agree_with_floyd_and_warshall() {
    let mut rng = Seed(11).stream(Stage::Coverage, 0);
    let mut reached = 0;
    for round in 0..400 {
        let town = draw(&mut rng, round % 3 == 0);
        let nodes = town.lines.positions.len();
        let streets = Streets::build(&town.lines).expect("the drawing is sound");
        let points = streets.node_points(nodes);
        let centres = cast(&mut rng, &points);
        let limit = [30, 400, 60_000, 200_000, FAR - 1][round % 5];
        // Stairs are no way in for those who avoid them, so a place must not stand for both.
        let walker = if round % 4 == 1 { Walker::StepFree } else { Walker::Any };
        let walks = all_walks(&town, walker);
        let sources: Vec<Entrance> = centres.iter().map(|(_, entrance)| *entrance).collect();
        let open: Vec<&(usize, Entrance)> =
            centres.iter().filter(|(_, e)| streets.admits(walker, e.point.chain)).collect();

        let doors: Vec<Entrance> = (0..nodes)
            .filter_map(|node| points[node].map(|point| (node, point)))
            .map(|(node, point)| Entrance {
                // Two nodes to a place in every other town.
                place: if round % 2 == 0 { node as u32 } else { node as u32 / 2 },
                point,
                access_mm: (node as u32 * 7) % 50,
            })
            .collect();
        let places = if round % 2 == 0 { nodes } else { nodes.div_ceil(2) };
        let targets = Targets::new(&streets, places, &doors);
        let near = nearest(&streets, &targets, &sources, limit, walker);
        let pairs = within(&streets, &targets, 4, &sources, limit, walker);

        let mut expected = vec![vec![u64::MAX; places]; 4];
        for (node, point) in points.iter().enumerate().filter_map(|(k, p)| p.map(|p| (k, p))) {
            if !streets.admits(walker, point.chain) {
                continue;
            }
            let (place, access) = (if round % 2 == 0 { node } else { node / 2 }, (node as u64 * 7) % 50);
            for (at, centre) in &open {
                let mm = walks[node][*at] + access + u64::from(centre.access_mm);
                let held = &mut expected[centre.place as usize][place];
                *held = (*held).min(mm);
            }
        }
        for place in 0..places {
            let by_centre = expected.iter().zip(0..).map(|(row, centre): (_, u32)| (row[place], centre));
            let best = by_centre.min().expect("there are four");
            let best = (best.0 <= u64::from(limit)).then_some((best.0 as u32, best.1));
            let got = near.mm(place).zip(near.centre(place));
            assert_eq!(got, best, "round {round}, place {place}: {:?}", town.lines);
            reached += usize::from(got.is_some());
        }
        for (centre, row) in expected.iter().enumerate() {
            let mut got = pairs.row(centre).to_vec();
            got.sort_unstable();
            let wanted = row.iter().enumerate().filter(|(_, mm)| **mm <= u64::from(limit));
            let wanted: Vec<(u32, u32)> = wanted.map(|(place, mm)| (place as u32, *mm as u32)).collect();
            assert_eq!(got, wanted, "round {round}, centre {centre}: {:?}", town.lines);
        }
        let turned = pairs.transposed(places);
        assert_eq!(turned.len(), pairs.len());
        assert!((0..places).all(|place| turned.row(place).is_sorted()));
    }
    assert!(reached > 1000, "the towns are too poor to test anything: {reached}");
}

#[test]
fn points_inside_a_segment_walk_straight_to_one_another() {
    // One street of 100 m, bent once, one-way or not, with a shorter way round its ends.
    let place = |x: i32| Position { lon: x, lat: x / 3 };
    for (marks, there, back) in
        [(0, 30_000, 30_000), (mark::FORWARD_ONLY, 30_000, 80_000), (mark::BACKWARD_ONLY, 80_000, 30_000)]
    {
        let mut lines = Lines { positions: (0..4).map(|k| place(k * 1000)).collect(), ..Lines::default() };
        lines.push(&[0, 1, 2], marks);
        lines.push(&[0, 3, 2], 0);
        lines.lengths_mm = Some(vec![50_000, 50_000, 5_000, 5_000]);
        let streets = Streets::build(&lines).expect("sound");
        let points = streets.node_points(4);
        let chain = points[1].expect("on a street").chain;
        let is_turned =
            streets.locate(&streets.at_vertex(chain, streets.chains[chain as usize].first)).1 != place(0);
        let at = |mm: u32| {
            let mm = if is_turned { 100_000 - mm } else { mm };
            OnChain { chain, ahead_mm: mm, back_mm: mm }
        };
        for (from, to, expected) in
            [(40_000, 70_000, there), (70_000, 40_000, back), (10_000, 95_000, 25_000)]
        {
            let target = Targets::new(&streets, 1, &[Entrance { place: 0, point: at(from), access_mm: 0 }]);
            let centre = [Entrance { place: 0, point: at(to), access_mm: 0 }];
            let expected = if from == 10_000 && marks == mark::FORWARD_ONLY { 85_000 } else { expected };
            assert_eq!(
                nearest(&streets, &target, &centre, FAR, Walker::Any).mm(0),
                Some(expected),
                "{marks} {from}"
            );
            assert_eq!(within(&streets, &target, 1, &centre, FAR, Walker::Any).entries, [(0, expected)]);
        }
    }
}

#[test]
fn walks_in_the_desert_follow_from_theory() {
    // 20 × 20 streets 100 m apart; every walk is a sum of blocks (the grid of R5's Simpson Desert).
    let side = 20u32;
    let positions = (0..side * side)
        .map(|k| Position { lon: (k % side) as i32 * 9000, lat: (k / side) as i32 * 9000 })
        .collect();
    let mut edges = Vec::new();
    for k in 0..side * side {
        if k % side + 1 < side {
            edges.push((k, k + 1, 100.0));
        }
        if k / side + 1 < side {
            edges.push((k, k + side, 100.0));
        }
    }
    let streets = Streets::build(&Lines::from_edges(positions, edges).expect("sound")).expect("sound");
    assert_eq!((streets.nodes(), streets.edges()), (400, 760));
    let targets = Targets::nodes(&streets, 400);
    let points = streets.node_points(400);
    let centres: Vec<Entrance> = [(0, 21u32), (1, 378)]
        .map(|(place, node)| Entrance {
            place,
            point: points[node as usize].expect("a street"),
            access_mm: 0,
        })
        .into();
    let near = nearest(&streets, &targets, &centres, FAR, Walker::Any);
    let blocks = |a: u32, b: u32| (a % side).abs_diff(b % side) + (a / side).abs_diff(b / side);
    for node in 0..400 {
        let (one, other) = (blocks(node, 21), blocks(node, 378));
        assert_eq!(near.mm(node as usize), Some(one.min(other) * 100_000));
        assert_eq!(near.centre(node as usize), Some(u32::from(other < one)), "ties fall to the lower");
    }
    let pairs = within(&streets, &targets, 2, &centres, 500_000, Walker::Any);
    let inside = |centre: u32| (0..400).filter(|node| blocks(*node, centre) <= 5).count();
    assert_eq!((pairs.row(0).len(), pairs.row(1).len()), (inside(21), inside(378)));
}

#[test]
fn slopes_cost_more_uphill() {
    let positions =
        vec![Position { lon: 0, lat: 0 }, Position { lon: 9000, lat: 0 }, Position { lon: 18_000, lat: 0 }];
    let mut lines = Lines { positions, lengths_mm: Some(vec![100_000; 2]), ..Lines::default() };
    lines.push(&[0, 1, 2], 0);
    lines.heights_m = Some(vec![0.0, 10.0, 20.0]);
    let streets = Streets::build(&lines).expect("sound");
    assert!(streets.is_sloped());
    let points = streets.node_points(3);
    let targets = Targets::nodes(&streets, 3);
    let to = |node: usize| {
        let centre = [Entrance { place: 0, point: points[node].expect("a street"), access_mm: 0 }];
        nearest(&streets, &targets, &centre, FAR, Walker::Any)
    };
    // exp(3.5·0.1) up and exp(3.5·(0.05 − 0.05)) down a slope of a tenth.
    let (up, down) = ((100_000.0 * 0.35f64.exp()).round() as u32, 100_000);
    assert_eq!((to(2).mm(1), to(0).mm(1)), (Some(up), Some(down)));
    assert_eq!(to(0).mm(2), Some(2 * down));
    assert!(to(2).mm(0).expect("reached").abs_diff(2 * up) <= 1);
}

#[test]
fn answers_do_not_depend_on_threads() {
    let mut rng = Seed(2).stream(Stage::Coverage, 9);
    let side = 40u32;
    let positions: Vec<Position> = (0..side * side)
        .map(|k| Position {
            lon: (k % side * 9000 + rng.next_u32() % 4000) as i32,
            lat: (k / side * 9000 + rng.next_u32() % 4000) as i32,
        })
        .collect();
    let mut lines = Lines { positions, ..Lines::default() };
    for k in 0..side * side {
        if k % side + 1 < side && !rng.next_u32().is_multiple_of(5) {
            lines.push(&[k, k + 1], 0);
        }
        if k / side + 1 < side && !rng.next_u32().is_multiple_of(5) {
            lines.push(&[k, k + side], 0);
        }
    }
    let streets = Streets::build(&lines).expect("sound");
    let targets = Targets::nodes(&streets, 1600);
    let points = streets.node_points(1600);
    let centres: Vec<Entrance> = (0..200)
        .filter_map(|place| Some(Entrance { place, point: points[place as usize * 8]?, access_mm: place }))
        .collect();
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
        pool.install(|| within(&streets, &targets, 200, &centres, 600_000, Walker::Any))
    };
    let alone = on(1);
    assert!(alone.len() > 1000);
    assert_eq!(alone, on(2));
    assert_eq!(alone, on(7));
}

#[test]
fn an_empty_town_has_no_walks() {
    let streets = Streets::build(&Lines::default()).expect("empty is sound");
    let targets = Targets::new(&streets, 3, &[]);
    assert_eq!(nearest(&streets, &targets, &[], FAR, Walker::Any).mm(2), None);
    assert_eq!(within(&streets, &targets, 2, &[], FAR, Walker::Any).first, [0, 0, 0]);
    let lone = Lines::from_edges(vec![Position::default(); 2], []).expect("nodes without edges");
    let streets = Streets::build(&lone).expect("sound");
    let point = streets.node_points(2)[1].expect("a node is a place");
    let near = nearest(
        &streets,
        &Targets::nodes(&streets, 2),
        &[Entrance { place: 0, point, access_mm: 4 }],
        FAR,
        Walker::Any,
    );
    assert_eq!((near.mm(0), near.mm(1)), (None, Some(4)));
    let bad = Lines::from_edges(vec![Position::default()], [(0, 1, 2.0)]);
    assert!(matches!(bad, Err(StreetsError::NoSuchNode { edge: 0, node: 1, nodes: 1 })));
    let bad = Lines::from_edges(vec![Position::default(); 2], [(0, 1, f64::NAN)]);
    assert!(matches!(bad, Err(StreetsError::Length { edge: 0, .. })));
}
