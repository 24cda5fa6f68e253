//! Against all connected divisions of small territories, one by one.

use super::super::graph::Graph;
use super::super::instance::Instance;
use super::chance::Chance;
use super::*;

const EFFORT: u64 = 600_000;

fn instance(
    atoms: usize,
    edges: &[(u32, u32, u32)],
    people: Vec<i64>,
    parts: u32,
    range: (i64, i64),
) -> Instance {
    Instance {
        graph: Graph::from_edges(atoms, edges),
        people,
        x: vec![0; atoms],
        y: vec![0; atoms],
        parts,
        low: range.0,
        high: range.1,
    }
}

fn grid(rows: u32, columns: u32, mut price: impl FnMut() -> u32) -> Vec<(u32, u32, u32)> {
    let mut edges = Vec::new();
    for atom in 0..rows * columns {
        if atom % columns + 1 < columns {
            edges.push((atom, atom + 1, price()));
        }
        if atom + columns < rows * columns {
            edges.push((atom, atom + columns, price()));
        }
    }
    edges
}

/// The least cut over all connected divisions in range, by trying them all.
fn oracle(instance: &Instance) -> Option<i64> {
    fn go(instance: &Instance, part_of: &mut Vec<u32>, people: &mut Vec<i64>, best: &mut Option<i64>) {
        let atom = part_of.len();
        if atom == instance.len() {
            if people.len() == instance.parts as usize && people.iter().all(|p| *p >= instance.low) {
                let judged = instance.judge(part_of);
                if judged.feasible && best.is_none_or(|b| judged.cut < b) {
                    *best = Some(judged.cut);
                }
            }
            return;
        }
        for part in 0..instance.parts.min(people.len() as u32 + 1) {
            let fresh = part as usize == people.len();
            if fresh {
                people.push(0);
            }
            people[part as usize] += instance.people[atom];
            part_of.push(part);
            if people[part as usize] <= instance.high {
                go(instance, part_of, people, best);
            }
            part_of.pop();
            people[part as usize] -= instance.people[atom];
            if fresh {
                people.pop();
            }
        }
    }
    let mut best = None;
    go(instance, &mut Vec::new(), &mut Vec::new(), &mut best);
    best
}

fn check(instance: &Instance, seed: u64) {
    let truth = oracle(instance);
    match (divide(instance, seed, EFFORT), truth) {
        (Ok(cut), Some(least)) => {
            let judged = instance.judge(&cut.part_of);
            assert!(judged.feasible && judged.cut == cut.value);
            assert_eq!((cut.value, cut.bound), (least, least), "{instance:?}");
        }
        (Err(why), None) => assert_eq!(why, Failure::Impossible),
        (found, truth) => panic!("{found:?} but {truth:?}: {instance:?}"),
    }
}

fn drawn(seed: u64, rows: u32, columns: u32, parts: u32) -> Instance {
    let mut chance = Chance::new(seed, 99);
    let atoms = (rows * columns) as usize;
    let priced = chance.one_in(2);
    let mut edges = grid(rows, columns, || if priced { 1 + chance.below(3) as u32 } else { 1 });
    for _ in 0..chance.below(5) {
        let gone = chance.below(edges.len());
        edges.swap_remove(gone);
    }
    if chance.one_in(3) {
        // Not planar: the sweep must not lean on that.
        edges.push((0, rows * columns - 1, 2));
        edges.push((columns - 1, rows * columns - columns, 1));
    }
    let people: Vec<i64> = (0..atoms).map(|_| 1 + chance.below(9) as i64).collect();
    let mean = people.iter().sum::<i64>() / i64::from(parts);
    let slack = chance.below(5) as i64;
    instance(atoms, &edges, people, parts, (mean - slack, mean + 1 + slack))
}

#[test]
fn every_division_of_small_grids() {
    for seed in 0..60 {
        check(&drawn(seed, 3, 3, 2 + seed as u32 % 3), seed);
        check(&drawn(seed, 3, 4, 2 + seed as u32 % 2), seed);
    }
    for seed in 0..8 {
        check(&drawn(seed, 2, 6, 4), seed);
        check(&drawn(seed, 3, 5, 3), seed);
        check(&drawn(seed, 4, 4, 2), seed);
    }
}

#[test]
fn territory_in_pieces() {
    for seed in 0..20 {
        let mut chance = Chance::new(seed, 7);
        let mut edges = grid(2, 3, || 1);
        edges.extend(grid(2, 2, || 1).iter().map(|e| (e.0 + 6, e.1 + 6, e.2)));
        let people: Vec<i64> = (0..11).map(|_| 1 + chance.below(4) as i64).collect();
        let mean = people.iter().sum::<i64>() / 4;
        check(&instance(11, &edges, people.clone(), 4, (mean - 3, mean + 4)), seed);
        check(&instance(11, &edges, people, 3, (1, 2 * mean)), seed);
    }
}

#[test]
fn nothing_to_find() {
    let line = grid(1, 4, || 1);
    for (people, parts, range) in [
        (vec![1, 1, 1, 9], 2, (5, 7)),
        (vec![1, 1, 1, 1], 5, (0, 4)),
        (vec![1, 1, 1, 1], 0, (0, 4)),
        (vec![2, 2, 2, 2], 3, (2, 3)),
        (vec![2, 1, 2, 1], 2, (4, 3)),
        (vec![3, 1, 1, 3], 2, (5, 9)),
    ] {
        assert_eq!(divide(&instance(4, &line, people, parts, range), 1, EFFORT), Err(Failure::Impossible));
    }
    // By people alone two parts of six fit, but not as connected ones.
    let torn = instance(4, &line, vec![4, 1, 5, 2], 2, (6, 6));
    assert_eq!(divide(&torn, 1, EFFORT), Err(Failure::Impossible));
}

#[test]
fn one_part_and_one_atom_each() {
    let line = grid(1, 4, || 3);
    let whole = divide(&instance(4, &line, vec![1; 4], 1, (4, 4)), 1, EFFORT).expect("one part");
    assert_eq!((whole.value, whole.bound, whole.part_of), (0, 0, vec![0; 4]));
    let single = divide(&instance(4, &line, vec![1; 4], 4, (1, 1)), 1, EFFORT).expect("four parts");
    assert_eq!((single.value, single.bound), (9, 9));
}

#[test]
fn same_seed_same_labels() {
    let drawn = drawn(5, 6, 7, 4);
    let first = divide(&drawn, 3, EFFORT);
    assert!(first.is_ok());
    assert_eq!(first, divide(&drawn, 3, EFFORT));
}

#[test]
fn weak_effort_never_lies() {
    for seed in 0..30 {
        let drawn = drawn(seed, 3, 4, 3);
        for effort in [0, 1_000, 20_000] {
            if let (Ok(cut), Some(least)) = (divide(&drawn, seed, effort), oracle(&drawn)) {
                assert!(cut.bound <= least && least <= cut.value);
            }
        }
    }
}

fn as_net(instance: &Instance) -> Net {
    let all: Vec<u32> = (0..instance.len() as u32).collect();
    Net::of(instance, &all, &all, instance.parts)
}

#[test]
fn borders_stay_below_the_truth() {
    let mut close = 0;
    for seed in 0..80 {
        let drawn = drawn(seed, 3, 4, 2 + seed as u32 % 3);
        let (_, pieces) = pieces(&drawn);
        let (Some(least), 1) = (oracle(&drawn), pieces.len()) else { continue };
        let net = as_net(&drawn);
        let mut work = 0;
        let order = prove::order_for(&net, &mut work).expect("a small grid is narrow");
        for below in [least, least + 3, FAR / 2] {
            let bound = lone::borders(&net, &order, below, 3_000_000, &mut 0);
            assert!(bound <= least, "{bound} above {least}: {drawn:?}");
            close += i64::from(bound + 2 >= least);
        }
    }
    assert!(close > 20, "only {close} bounds came near");
}

#[test]
fn sweeps_with_few_states_stay_below_the_truth() {
    for seed in 0..40 {
        let drawn = drawn(seed, 3, 4, 3);
        let (_, pieces) = pieces(&drawn);
        let (Some(least), 1) = (oracle(&drawn), pieces.len()) else { continue };
        let net = as_net(&drawn);
        let mut work = 0;
        let order = prove::order_for(&net, &mut work).expect("a small grid is narrow");
        let free = prove::prove(&net, &order, None, u64::MAX);
        assert_eq!(free.bound, least);
        let found = free.part_of.expect("nothing was known, so the best is found");
        assert_eq!((net.cut(&found), drawn.judge(&found).feasible), (least, true));
        for (below, limit) in [(least, u64::MAX), (least + 2, u64::MAX), (least + 2, 20_000)] {
            assert!(prove::prove(&net, &order, Some(below), limit).bound <= least);
        }
        let rules =
            pattern::Rules { below: least + 5, most: 100_000, joined: false, guide: None, limit: u64::MAX };
        let layers = pattern::layers(&net, &order, &rules, &mut work).expect("few patterns");
        let mut diagram = diagram::Diagram::coarsest(&layers);
        let course = diagram::Course { net: &net, order: &order, layers: &layers };
        for (shift, most) in [(4, 3), (2, 10), (0, 40), (0, usize::MAX)] {
            let grain = boxes::Grain { shift, most, below: least + 5 };
            let finer = diagram.refined(&course, grain, &mut work, u64::MAX).expect("no limit");
            assert!(diagram.cheapest() <= finer.cheapest() && finer.cheapest() <= least);
            diagram = finer;
        }
        assert_eq!(diagram.cheapest(), least);
    }
}

#[test]
fn atoms_leave_with_what_they_cut_off() {
    // A line 0-1-2-3-4 with a loop 2-5-3: without 1, atom 0 is cut off; without 2, 0 and 1 are.
    let edges = [(0, 1, 1), (1, 2, 1), (2, 3, 1), (3, 4, 1), (2, 5, 1), (5, 3, 1)];
    let net = as_net(&instance(6, &edges, vec![1; 6], 1, (0, 6)));
    let mut sever = sever::Sever::new(6);
    for (atom, mut expected) in [(0, vec![0]), (1, vec![0, 1]), (2, vec![0, 1, 2]), (5, vec![5])] {
        assert!(sever.find(&net, &[0; 6], atom, 9));
        let mut leaving = sever.leaving.clone();
        leaving.sort_unstable();
        expected.sort_unstable();
        assert_eq!(leaving, expected);
    }
    assert!(!sever.find(&net, &[0, 0, 0, 0, 0, 0], 2, 2));
}

#[test]
fn shifting_keeps_the_counts() {
    let drawn = drawn(11, 4, 5, 3);
    let net = as_net(&drawn);
    let mut chance = Chance::new(1, 1);
    let mut state = state::State::new(&net, &(0..20).map(|_| chance.below(3) as u32).collect::<Vec<_>>());
    for _ in 0..500 {
        let (atom, to) = (chance.below(20) as u32, chance.below(3) as u32);
        if state.part_of[atom as usize] != to {
            state.shift(atom, to);
        }
        let anew = state::State::new(&net, &state.part_of);
        assert_eq!((state.cut, &state.people, &state.size), (anew.cut, &anew.people, &anew.size));
        let mut border = state.border.clone();
        border.sort_unstable();
        assert_eq!(border, anew.border);
    }
}
