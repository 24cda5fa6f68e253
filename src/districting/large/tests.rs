//! The large engine on small graphs whose answers are plain.

use super::super::graph::Graph;
use super::super::instance::{Instance, Objective};
use super::{Effort, divide};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

fn instance(n: usize, edges: &[(u32, u32, u32)], parts: u32, low: i64, high: i64) -> Instance {
    let graph = Graph::from_edges(n, edges);
    Instance { graph, people: vec![1; n], x: Vec::new(), y: Vec::new(), parts, low, high }
}

fn grid(width: u32, height: u32, parts: u32, low: i64, high: i64, placed: bool) -> Instance {
    let mut edges = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            if x + 1 < width {
                edges.push((at, at + 1, 1));
            }
            if y + 1 < height {
                edges.push((at, at + width, 1));
            }
        }
    }
    let mut made = instance((width * height) as usize, &edges, parts, low, high);
    if placed {
        made.x = (0..width * height).map(|at| i64::from(at % width) * 10).collect();
        made.y = (0..width * height).map(|at| i64::from(at / width) * 10).collect();
    }
    made
}

fn path(n: u32, parts: u32, low: i64, high: i64) -> Instance {
    let edges: Vec<_> = (1..n).map(|at| (at - 1, at, 1)).collect();
    instance(n as usize, &edges, parts, low, high)
}

fn solve(instance: &Instance) -> Option<Vec<u32>> {
    let found = divide(instance, Objective::Cut, 7, Effort::Normal);
    if let Some(part) = &found {
        assert!(instance.judge(part).feasible);
    }
    found
}

#[test]
fn grid_in_quarters() {
    for placed in [false, true] {
        let square = grid(8, 8, 4, 16, 16, placed);
        let part = solve(&square).expect("a square has quarters");
        assert_eq!(square.judge(&part).cut, 16);
    }
}

#[test]
fn path_in_exact_pieces() {
    let line = path(60, 12, 5, 5);
    let part = solve(&line).expect("a path falls into pieces");
    assert_eq!(line.judge(&part).cut, 11);
}

#[test]
fn every_atom_alone_and_all_together() {
    let square = grid(5, 5, 25, 1, 1, true);
    assert_eq!(square.judge(&solve(&square).expect("each alone")).cut, 40);
    let square = grid(5, 5, 1, 25, 25, true);
    assert_eq!(solve(&square), Some(vec![0; 25]));
}

#[test]
fn impossible_numbers() {
    assert_eq!(solve(&grid(4, 4, 17, 0, 16, true)), None, "more parts than atoms");
    assert_eq!(solve(&grid(4, 4, 0, 0, 16, true)), None, "no parts");
    assert_eq!(solve(&grid(4, 4, 4, 5, 9, true)), None, "too few people");
    assert_eq!(solve(&grid(4, 4, 4, 1, 3, true)), None, "too many people");
    let mut heavy = grid(4, 4, 4, 1, 9, true);
    heavy.people[3] = 10;
    assert_eq!(solve(&heavy), None, "one atom too heavy");
}

#[test]
fn star() {
    let edges: Vec<_> = (1..200).map(|leaf| (0, leaf, 1)).collect();
    let possible = instance(200, &edges, 4, 1, 197);
    assert_eq!(possible.judge(&solve(&possible).expect("leaves alone")).cut, 3);
    assert_eq!(solve(&instance(200, &edges, 4, 40, 60)), None);
}

#[test]
fn wheel_with_a_great_hub() {
    let n = 3000;
    let mut edges: Vec<_> = (1..n).map(|at| (0, at, 1)).collect();
    edges.extend((1..n).map(|at| (at, at % (n - 1) + 1, 1)));
    let wheel = instance(n as usize, &edges, 6, 475, 525);
    assert!(solve(&wheel).is_some());
}

#[test]
fn components_apart() {
    let mut edges: Vec<_> = (1..20).map(|at| (at - 1, at, 1)).collect();
    edges.extend((21..30).map(|at| (at - 1, at, 1)));
    assert!(solve(&instance(30, &edges, 3, 10, 10)).is_some(), "twenty and ten in tens");
    assert_eq!(solve(&instance(30, &edges, 4, 7, 8)), None, "no number of parts fits");
    assert_eq!(solve(&instance(4, &[], 2, 1, 3)), None, "more components than parts");
}

#[test]
fn tight_bounds_with_uneven_people() {
    let mut square = grid(20, 20, 16, 0, 0, true);
    let people: Vec<i64> = (0..400).map(|at: i64| 5 + (at * 7919) % 31).collect();
    let mean = people.iter().sum::<i64>() / 16;
    (square.low, square.high) = (mean * 98 / 100, mean * 102 / 100 + 1);
    square.people = people;
    assert!(solve(&square).is_some());
}

#[test]
fn prices_draw_the_boundary() {
    let mut edges: Vec<_> = (1..40).map(|at| (at - 1, at, 9)).collect();
    edges[16].2 = 1;
    let line = instance(40, &edges, 2, 15, 25);
    assert_eq!(line.judge(&solve(&line).expect("a path falls into pieces")).cut, 1);
}

#[test]
fn misleading_positions() {
    let mut line = path(3000, 3, 950, 1050);
    line.x = (0..3000).map(|at: i64| (at * 7919) % 3001).collect();
    line.y = (0..3000).map(|at: i64| (at * 104_729) % 2999).collect();
    let part = solve(&line).expect("a path falls into pieces");
    assert_eq!(line.judge(&part).cut, 2);
    line.x = vec![5; 3000];
    line.y = vec![5; 3000];
    assert!(solve(&line).is_some(), "all at one place");
}

#[test]
fn empty_atoms() {
    let mut square = grid(10, 10, 5, 9, 11, true);
    square.people = (0..100).map(|at| i64::from(at % 2 == 0)).collect();
    (square.low, square.high) = (9, 11);
    assert!(solve(&square).is_some());
    square.people = vec![0; 100];
    (square.low, square.high) = (0, 5);
    assert!(solve(&square).is_some(), "nobody anywhere");
    (square.low, square.high) = (i64::MIN, i64::MAX);
    assert!(solve(&square).is_some(), "no bounds");
}

#[test]
fn same_seed_same_division() {
    let square = grid(31, 29, 7, 122, 135, true);
    let run = |seed| divide(&square, Objective::Cut, seed, Effort::Quick);
    assert_eq!(run(3), run(3));
    assert!(run(3) != run(4), "chance plays a part");
}

#[test]
fn moment_aim_makes_compact_parts() {
    let long = grid(40, 10, 4, 95, 105, true);
    let part = divide(&long, Objective::Moment, 1, Effort::Normal).expect("four squares");
    let squares: Vec<u32> = (0..400).map(|at| at % 40 / 10).collect();
    assert!(long.moment(&part) * 100 <= long.moment(&squares) * 103);
}

#[test]
fn thorough_is_no_worse() {
    let square = grid(24, 24, 6, 90, 102, true);
    let cut = |effort| square.judge(&divide(&square, Objective::Cut, 5, effort).expect("found")).cut;
    assert!(cut(Effort::Thorough) <= cut(Effort::Quick));
}

/// A graph of random form: a tree with some edges more, perhaps with a hub, perhaps in two components.
fn random(chance: &mut ChaCha8Rng) -> Instance {
    let mut below = |limit: u32| ((u64::from(chance.next_u32()) * u64::from(limit)) >> 32) as u32;
    let n = 2 + below(120);
    let reach = 1 + below(n);
    let apart = if below(8) == 0 { 1 + below(n - 1) } else { 0 };
    let mut edges = Vec::new();
    for at in (1..n).filter(|at| *at != apart) {
        let back = 1 + below(reach.min(at));
        edges.push((at - back, at, 1 + below(3)));
    }
    for _ in 0..below(2 * n) {
        edges.push((below(n), below(n), 1));
    }
    let mut made = instance(n as usize, &edges, 1 + below(n.min(12)), 0, 0);
    made.people = (0..n).map(|_| i64::from(below(20))).collect();
    if below(2) == 0 {
        made.x = (0..n).map(|_| i64::from(below(100))).collect();
        made.y = (0..n).map(|_| i64::from(below(100))).collect();
    }
    let mean = made.people.iter().sum::<i64>() / i64::from(made.parts);
    let slack = 5 + mean * i64::from(below(60)) / 100;
    (made.low, made.high) = (mean - slack, mean + slack);
    made
}

#[test]
fn any_graph_gets_a_feasible_division_or_none() {
    let mut chance = ChaCha8Rng::seed_from_u64(5);
    let mut found = 0;
    let cases = std::env::var("WANGGE_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(60);
    for seed in 0..cases {
        let made = random(&mut chance);
        for aim in [Objective::Cut, Objective::Moment] {
            if let Some(part) = divide(&made, aim, seed, Effort::Quick) {
                assert!(made.judge(&part).feasible);
                found += 1;
            }
        }
    }
    assert!(found > cases, "most loose tasks are solved: {found} of {}", 2 * cases);
}
