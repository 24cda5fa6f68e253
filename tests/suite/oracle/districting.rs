//! Divisions and their bounds against all connected divisions of small territories.

use wangge::districting::graph::Graph;
use wangge::districting::instance::{Instance, Objective};
use wangge::districting::{self, Effort, Status, Unsolvable};
use wangge::run::{Run, Seed};

/// A grid of `wide` × `tall` atoms with people that follow from a seed and some joins left out.
fn territory(wide: u32, tall: u32, parts: u32, slack: i64, seed: u64) -> Instance {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut draw = |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let n = wide * tall;
    let mut edges = Vec::new();
    for atom in 0..n {
        if atom % wide + 1 < wide && draw(8) > 0 {
            edges.push((atom, atom + 1, 1 + draw(3) as u32));
        }
        if atom + wide < n && draw(8) > 0 {
            edges.push((atom, atom + wide, 1 + draw(3) as u32));
        }
    }
    // Some atoms are uninhabited: a park, a river bank.
    let people: Vec<i64> = (0..n).map(|_| (draw(25) as i64 - 3).max(0)).collect();
    let mean = people.iter().sum::<i64>() / i64::from(parts);
    let x = (0..n).map(|a| i64::from(a % wide) * 10 + draw(7) as i64).collect();
    let y = (0..n).map(|a| i64::from(a / wide) * 10 + draw(7) as i64).collect();
    let graph = Graph::from_edges(n as usize, &edges);
    Instance { graph, people, x, y, parts, low: mean - slack, high: mean + slack }
}

/// Every division into connected parts of the range, up to the names of the parts.
fn all_divisions(instance: &Instance) -> Vec<Vec<u32>> {
    fn grow(instance: &Instance, part_of: &mut Vec<u32>, used: u32, into: &mut Vec<Vec<u32>>) {
        if part_of.len() == instance.len() {
            if instance.judge(part_of).feasible {
                into.push(part_of.clone());
            }
            return;
        }
        for part in 0..=used.min(instance.parts - 1) {
            part_of.push(part);
            let held: i64 =
                part_of.iter().zip(&instance.people).filter(|(p, _)| **p == part).map(|(_, h)| h).sum();
            if held <= instance.high {
                grow(instance, part_of, used.max(part + 1), into);
            }
            part_of.pop();
        }
    }
    let mut divisions = Vec::new();
    grow(instance, &mut Vec::new(), 0, &mut divisions);
    divisions
}

const CASES: [(u32, u32, u32, i64); 5] =
    [(3, 3, 2, 12), (4, 3, 3, 8), (4, 3, 2, 3), (4, 3, 4, 9), (5, 2, 3, 10)];

#[test]
fn proofs_end_at_the_best_of_all_divisions() {
    let mut compared = 0;
    for (case, &(wide, tall, parts, slack)) in CASES.iter().enumerate() {
        for seed in 0..8 {
            let instance = territory(wide, tall, parts, slack, 100 * case as u64 + seed);
            if instance.pieces() > 1 {
                continue;
            }
            let divisions = all_divisions(&instance);
            for objective in [Objective::Moment, Objective::Distance, Objective::Cut] {
                let cost = |part_of: &Vec<u32>| match objective {
                    Objective::Moment => instance.moment(part_of),
                    Objective::Distance => instance.distance(part_of),
                    Objective::Cut => i128::from(instance.judge(part_of).cut),
                };
                let best = divisions.iter().map(cost).min();
                let work = Effort::Prove { work: 200_000 };
                let told = districting::solve(&instance, objective, work, &Run::quiet(Seed(seed)));
                let name = format!("{wide}x{tall}, {parts} parts, seed {seed}, {objective:?}");
                match (best, told) {
                    (Some(best), Ok(division)) => {
                        assert!(instance.judge(&division.part_of).feasible, "{name}");
                        assert_eq!(i128::from(division.value), cost(&division.part_of), "{name}");
                        assert_eq!(i128::from(division.value), best, "{name}");
                        assert!(i128::from(division.bound) <= best, "{name}");
                        assert_eq!(division.status(), Status::Optimal, "{name}");
                        compared += 1;
                    }
                    (None, Err(_)) => {}
                    (best, told) => panic!("{name}: best {best:?}, told {told:?}"),
                }
            }
        }
    }
    assert!(compared > 60, "only {compared} territories could be divided");
}

#[test]
fn no_bound_passes_the_optimum_whatever_the_work() {
    for seed in 0..10 {
        let instance = territory(4, 3, 3, 10, 7_000 + seed);
        if instance.pieces() > 1 {
            continue;
        }
        let Some(best) = all_divisions(&instance).iter().map(|d| instance.moment(d)).min() else { continue };
        for work in [1, 20, 200, 2_000] {
            let told = districting::solve(
                &instance,
                Objective::Moment,
                Effort::Prove { work },
                &Run::quiet(Seed(seed)),
            );
            if let Ok(division) = told {
                assert!(i128::from(division.bound) <= best, "seed {seed}, work {work}");
                assert!(i128::from(division.value) >= best, "seed {seed}, work {work}");
            }
        }
    }
}

#[test]
fn the_fewest_people_are_moved() {
    let mut compared = 0;
    for (case, &(wide, tall, parts, slack)) in CASES.iter().enumerate() {
        for seed in 0..8 {
            let instance = territory(wide, tall, parts, slack, 900 + 100 * case as u64 + seed);
            let wider = Instance { low: 1, high: i64::MAX / 64, ..instance.clone() };
            let divisions = all_divisions(&instance);
            // Any connected division may be the plan in force.
            let Some(prior) = all_divisions(&wider).into_iter().nth(seed as usize * 17) else { continue };
            if instance.pieces() > 1 {
                continue;
            }
            let moved = |part_of: &Vec<u32>| fewest_by_names(&instance, &prior, part_of);
            let best = divisions.iter().map(moved).min();
            let told = districting::fewest_moved(&instance, &prior, 500_000);
            let name = format!("{wide}x{tall}, {parts} parts, seed {seed}");
            match (best, told) {
                (Some(best), Ok(division)) => {
                    let held = |(a, b): (&u32, &u32)| a != b;
                    let moved = division.part_of.iter().zip(&prior).zip(&instance.people);
                    let moved: i64 = moved.filter(|(pair, _)| held(*pair)).map(|(_, people)| people).sum();
                    assert!(instance.judge(&division.part_of).feasible, "{name}");
                    assert_eq!((division.value, division.bound), (best, best), "{name}");
                    assert_eq!(moved, best, "{name}");
                    compared += 1;
                }
                (None, Err(_)) => {}
                (best, told) => panic!("{name}: best {best:?}, told {told:?}"),
            }
        }
    }
    assert!(compared > 12, "only {compared} plans could be repaired");
}

/// People moved under the naming of the new parts that moves fewest.
fn fewest_by_names(instance: &Instance, prior: &[u32], part_of: &[u32]) -> i64 {
    fn name(at: usize, names: &mut Vec<u32>, stays: &[Vec<i64>]) -> i64 {
        if at == stays.len() {
            return names.iter().enumerate().map(|(part, &old)| stays[part][old as usize]).sum();
        }
        let free: Vec<u32> = (0..stays.len() as u32).filter(|old| !names.contains(old)).collect();
        free.into_iter()
            .map(|old| {
                names.push(old);
                let kept = name(at + 1, names, stays);
                names.pop();
                kept
            })
            .max()
            .unwrap_or(0)
    }
    let mut stays = vec![vec![0; instance.parts as usize]; instance.parts as usize];
    for ((&old, &new), people) in prior.iter().zip(part_of).zip(&instance.people) {
        stays[new as usize][old as usize] += people;
    }
    instance.people.iter().sum::<i64>() - name(0, &mut Vec::new(), &stays)
}

#[test]
fn what_cannot_be_is_said_with_its_reason() {
    let row = |people: Vec<i64>, parts, low, high| {
        let n = people.len();
        let edges: Vec<(u32, u32, u32)> = (1..n as u32).map(|a| (a - 1, a, 1)).collect();
        let x = (0..n as i64).collect();
        Instance { graph: Graph::from_edges(n, &edges), people, x, y: vec![0; n], parts, low, high }
    };
    let solve = |instance: &Instance| {
        districting::solve(instance, Objective::Moment, Effort::Prove { work: 10_000 }, &Run::quiet(Seed(1)))
    };
    let heavy = row(vec![1, 9, 1], 2, 1, 5);
    assert_eq!(solve(&heavy), Err(Unsolvable::HeavyAtom { atom: 1, people: 9 }));
    let many = row(vec![5, 5, 5], 2, 1, 6);
    assert_eq!(solve(&many), Err(Unsolvable::TooMany { people: 15, parts: 2, most: 12 }));
    let few = row(vec![1, 1, 1], 2, 2, 6);
    assert_eq!(solve(&few), Err(Unsolvable::TooFew { people: 3, parts: 2, least: 4 }));
    let short = row(vec![1], 2, 0, 6);
    assert_eq!(solve(&short), Err(Unsolvable::FewAtoms { atoms: 1, parts: 2 }));
    let mut apart = row(vec![1, 1], 1, 0, 6);
    apart.graph = Graph::from_edges(2, &[]);
    assert_eq!(solve(&apart), Err(Unsolvable::Pieces { pieces: 2 }));
}

#[test]
fn shifting_scaling_and_renaming_change_nothing() {
    let instance = territory(5, 4, 4, 12, 4_242);
    assert_eq!(instance.pieces(), 1);
    let prove = |instance: &Instance| {
        districting::solve(instance, Objective::Moment, Effort::Prove { work: 500_000 }, &Run::quiet(Seed(3)))
            .expect("it can be divided")
    };
    let told = prove(&instance);
    assert_eq!(told, prove(&instance), "the same call gives the same bytes");
    assert_eq!(told.status(), Status::Optimal);
    let mut shifted = instance.clone();
    shifted.x.iter_mut().for_each(|x| *x += 1_000);
    shifted.y.iter_mut().for_each(|y| *y -= 77);
    assert_eq!(prove(&shifted).value, told.value);
    let mut scaled = instance.clone();
    scaled.people.iter_mut().for_each(|p| *p *= 3);
    (scaled.low, scaled.high) = (3 * instance.low, 3 * instance.high + 2);
    assert_eq!(prove(&scaled).value, 3 * told.value);
    let n = instance.len() as u32;
    let turned: Vec<(u32, u32, u32)> = (0..n)
        .flat_map(|a| {
            instance.graph.priced(a).filter(move |(b, _)| a < *b).map(move |(b, p)| (n - 1 - a, n - 1 - b, p))
        })
        .collect();
    let back = |v: &[i64]| v.iter().rev().copied().collect::<Vec<i64>>();
    let renamed = Instance {
        graph: Graph::from_edges(n as usize, &turned),
        people: back(&instance.people),
        x: back(&instance.x),
        y: back(&instance.y),
        ..instance
    };
    assert_eq!(prove(&renamed).value, told.value);
}
