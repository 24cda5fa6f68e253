//! Every problem against enumeration on drawn small instances, and each way to fail.

mod oracle;
mod regions;
pub(super) mod relaxation;
mod wide;

use rand_core::RngCore as _;

use super::*;
use crate::run::{Run, Seed, Stage};
use oracle::{optimum, recounted};

/// Numbers below a limit from a seed.
struct Draw(rand_chacha::ChaCha8Rng);

impl Draw {
    fn new(seed: u64) -> Self {
        Self(Seed(seed).stream(Stage::Siting, 7))
    }

    fn below(&mut self, count: u64) -> u64 {
        self.0.next_u64() % count
    }
}

/// A small instance: points or a table, some sites standing or forbidden, some weights zero.
fn drawn(seed: u64) -> Instance {
    let mut draw = Draw::new(seed + 500_000);
    let (n, m) = (3 + draw.below(8) as usize, 3 + draw.below(6) as usize);
    drawn_of(seed, n, m)
}

fn drawn_of(seed: u64, n: usize, m: usize) -> Instance {
    let mut draw = Draw::new(seed);
    let mut weights: Vec<u64> = (0..n).map(|_| draw.below(9)).collect();
    weights[0] = weights[0].max(1);
    // A table with holes, where the first site stands and every row reaches it.
    let holes = seed % 4 == 3;
    let mut instance = if seed.is_multiple_of(2) {
        let side = 4 + draw.below(30);
        let mut place = || (draw.below(side) as f64, draw.below(side) as f64);
        let demand = (0..n).map(|_| place()).collect();
        let sites = (0..m).map(|_| place()).collect();
        Instance::at_points(weights, Points { demand, sites, scale: 3.0, rounding: Rounding::Nearest })
    } else {
        let mut table = Table::new();
        for _ in 0..n {
            let row = (0..m as u32).map(|site| Entry { site, distance: draw.below(25) as u32 });
            let row: Vec<Entry> = row.collect();
            table.push(row.into_iter().filter(|e| !holes || e.site == 0 || draw.below(2) == 0));
        }
        Instance::with_table(weights, m, table)
    };
    for site in &mut instance.sites {
        site.state = match draw.below(8) {
            0 => State::Open,
            1 => State::Forbidden,
            _ => State::Free,
        };
        site.capacity = 6 + draw.below(12);
    }
    if holes {
        instance.sites[0].state = State::Open;
    }
    instance.loads = (0..n).map(|_| 1 + draw.below(5)).collect();
    instance
}

fn problems(seed: u64, instance: &Instance) -> Vec<Problem> {
    let mut draw = Draw::new(seed + 1_000_000);
    let free = instance.in_state(State::Free).len() as u64;
    let p = 1 + draw.below(free.max(1)) as u32;
    let radius = draw.below(40) as u32;
    let target = 1 + draw.below(instance.weights.iter().sum());
    vec![
        Problem::PMedian { p },
        Problem::PCenter { p },
        Problem::Mclp { p, radius },
        Problem::Lscp { radius },
        Problem::Psclp { radius, target },
        Problem::Cpmp { p },
    ]
}

fn solved(instance: &Instance, problem: Problem, work: u64) -> Result<Siting, Unsolvable> {
    solve(instance, problem, Effort::Prove { work }, &Run::quiet(Seed(1)))
}

/// Work that proves any of the small instances without capacities.
const ENOUGH: u64 = 200_000;

#[test]
fn answers_and_bounds_agree_with_enumeration() {
    let mut proved = [0; 6];
    for seed in 0..120 {
        let instance = drawn(seed);
        for (k, problem) in problems(seed, &instance).into_iter().enumerate() {
            let capacitated = matches!(problem, Problem::Cpmp { .. });
            if capacitated && instance.weights.len() > 7 {
                continue;
            }
            let best = optimum(&instance, problem);
            for work in [1, 3_000, ENOUGH] {
                let siting = match solved(&instance, problem, work) {
                    Ok(siting) => siting,
                    Err(Unsolvable::NotFound) => continue,
                    Err(error) => {
                        assert_eq!(best, None, "{seed} {problem:?} {error}");
                        continue;
                    }
                };
                let best = best.expect("an answer exists");
                let case = format!("seed {seed} {problem:?} work {work} {siting:?} optimum {best}");
                assert_eq!(recounted(&instance, problem, &siting), siting.value, "{case}");
                let much = matches!(problem, Problem::Mclp { .. });
                let bound_holds = if much { siting.bound >= best } else { siting.bound <= best };
                assert!(bound_holds, "{case}");
                assert!(if much { siting.value <= best } else { siting.value >= best }, "{case}");
                if siting.status() == Status::Optimal {
                    assert_eq!(siting.value, best, "{case}");
                    proved[k] += 1;
                }
                if work == ENOUGH && !capacitated {
                    assert_eq!(siting.status(), Status::Optimal, "{case}");
                }
            }
        }
    }
    assert!(proved[..5].iter().all(|count| *count > 150), "{proved:?}");
}

/// Tables of chance leave a gap at the root: here sites are fixed, rows restricted and branches taken.
#[test]
fn branching_agrees_with_enumeration() {
    for seed in 0..30 {
        let mut instance = drawn_of(2 * seed + 1, 24, 12);
        instance.weights.iter_mut().for_each(|w| *w += 1);
        let p = 2 + (seed % 3) as u32;
        let radius = 3 + (seed % 4) as u32;
        let free = instance.in_state(State::Free).len() as u32;
        for problem in [
            Problem::PMedian { p: p.min(free) },
            Problem::PCenter { p: p.min(free) },
            Problem::Mclp { p: p.min(free), radius },
            Problem::Lscp { radius: radius + 5 },
            Problem::Psclp { radius, target: instance.weights.iter().sum::<u64>() * 3 / 4 },
        ] {
            let best = optimum(&instance, problem);
            let siting = solved(&instance, problem, 4_000_000).ok();
            let found = siting.as_ref().map(|s| (recounted(&instance, problem, s), s.bound));
            assert_eq!(found, best.map(|b| (b, b)), "seed {seed} {problem:?}");
        }
    }
}

/// The instance with rows and sites renumbered.
fn shuffled(instance: &Instance, draw: &mut Draw) -> Instance {
    let mut order = |count: usize| {
        let mut order: Vec<usize> = (0..count).collect();
        for k in 0..count {
            let other = k + draw.below((count - k) as u64) as usize;
            order.swap(k, other);
        }
        order
    };
    let (rows, sites) = (order(instance.weights.len()), order(instance.sites.len()));
    let costs = match &instance.costs {
        Costs::Table(table) => {
            let mut new_of = vec![0u32; sites.len()];
            for (new, old) in sites.iter().enumerate() {
                new_of[*old] = new as u32;
            }
            let mut shuffled = Table::new();
            for row in &rows {
                shuffled.push(table.row(*row).iter().map(|e| Entry { site: new_of[e.site as usize], ..*e }));
            }
            Costs::Table(shuffled)
        }
        Costs::Points(points) => Costs::Points(Points {
            demand: rows.iter().map(|row| points.demand[*row]).collect(),
            sites: sites.iter().map(|site| points.sites[*site]).collect(),
            ..points.clone()
        }),
    };
    Instance {
        weights: rows.iter().map(|row| instance.weights[*row]).collect(),
        loads: rows.iter().map(|row| instance.loads[*row]).collect(),
        sites: sites.iter().map(|site| instance.sites[*site]).collect(),
        costs,
    }
}

#[test]
fn numbering_does_not_change_a_proved_value() {
    for seed in 0..40 {
        let instance = drawn(seed);
        let other = shuffled(&instance, &mut Draw::new(seed + 77));
        for problem in problems(seed, &instance) {
            if matches!(problem, Problem::Cpmp { .. }) {
                continue;
            }
            let value = |instance| solved(instance, problem, ENOUGH).map(|s| s.value).ok();
            assert_eq!(value(&instance), value(&other), "{seed} {problem:?}");
        }
    }
}

/// A larger town of points, beyond what is enumerated.
fn town(n: usize, m: usize) -> Instance {
    let mut draw = Draw::new(5);
    let mut place = || (draw.below(3_000) as f64, draw.below(3_000) as f64);
    let demand = (0..n).map(|_| place()).collect();
    let sites = (0..m).map(|_| place()).collect();
    let weights = (0..n).map(|_| 1 + draw.below(90)).collect();
    let mut instance =
        Instance::at_points(weights, Points { demand, sites, scale: 1.0, rounding: Rounding::Nearest });
    instance.loads = instance.weights.clone();
    for site in &mut instance.sites {
        site.capacity = 700;
    }
    instance
}

#[test]
fn threads_do_not_change_an_answer() {
    let instance = town(120, 40);
    for problem in [Problem::PMedian { p: 9 }, Problem::Mclp { p: 5, radius: 400 }, Problem::Cpmp { p: 12 }] {
        let with = |threads: usize| {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads can be had");
            pool.install(|| solved(&instance, problem, 2_000_000))
        };
        assert_eq!(with(1), with(4), "{problem:?}");
    }
}

#[test]
fn more_sites_never_serve_worse() {
    let instance = town(90, 25);
    let value = |p| solved(&instance, Problem::PMedian { p }, 20_000_000).map(|s| (s.value, s.status()));
    let values: Vec<_> = (1..12).map(|p| value(p).expect("it has an answer")).collect();
    assert!(values.iter().all(|v| v.1 == Status::Optimal));
    assert!(values.windows(2).all(|w| w[1].0 <= w[0].0), "{values:?}");
}

/// Rows of sites at distance one.
fn lists(rows: &[&[u32]], sites: usize) -> Instance {
    let mut table = Table::new();
    for row in rows {
        table.push(row.iter().map(|site| Entry { site: *site, distance: 1 }));
    }
    let mut instance = Instance::with_table(vec![1; rows.len()], sites, table);
    instance.loads = vec![1; rows.len()];
    instance
}

#[test]
fn each_way_to_fail_says_so() {
    let apart = lists(&[&[0], &[0], &[1], &[2]], 3);
    let need = Unsolvable::NeedMore { wanted: 2, needed: 3 };
    assert_eq!(solved(&apart, Problem::PMedian { p: 2 }, 1_000_000), Err(need.clone()));
    assert_eq!(solved(&apart, Problem::PCenter { p: 2 }, 1_000_000), Err(need));
    let few = Unsolvable::FewSites { wanted: 4, free: 3 };
    for problem in [Problem::PMedian { p: 4 }, Problem::PCenter { p: 4 }, Problem::Mclp { p: 4, radius: 1 }] {
        assert_eq!(solved(&apart, problem, 1_000), Err(few.clone()));
    }
    assert_eq!(solved(&apart, Problem::PMedian { p: 0 }, 1_000), Err(Unsolvable::NoSites));
    let lost = lists(&[&[0], &[], &[1]], 2);
    let unreachable = Unsolvable::Unreachable { rows: vec![1], radius: None };
    assert_eq!(solved(&lost, Problem::PMedian { p: 1 }, 1_000), Err(unreachable.clone()));
    assert_eq!(solved(&lost, Problem::Lscp { radius: 5 }, 1_000), Err(unreachable));
    let radius = Unsolvable::Unreachable { rows: vec![0, 1, 2, 3], radius: Some(1) };
    assert_eq!(solved(&apart, Problem::Lscp { radius: 0 }, 1_000), Err(radius));
    let asked = Unsolvable::TooMuchAsked { most: 2, target: 3 };
    assert_eq!(solved(&lost, Problem::Psclp { radius: 1, target: 3 }, 1_000), Err(asked));
    let mut idle = apart.clone();
    idle.weights = vec![0; 4];
    assert_eq!(solved(&idle, Problem::PMedian { p: 1 }, 1_000), Err(Unsolvable::NoDemand));
    let mut tight = lists(&[&[0, 1], &[0, 1], &[0, 1]], 2);
    tight.sites.iter_mut().for_each(|s| s.capacity = 1);
    let overloaded = Unsolvable::Overloaded { load: 3, sites: 2, most: 2 };
    assert_eq!(solved(&tight, Problem::Cpmp { p: 2 }, 1_000), Err(overloaded));
    tight.loads[1] = 2;
    assert_eq!(solved(&tight, Problem::Cpmp { p: 2 }, 1_000), Err(Unsolvable::HeavyRow { row: 1, load: 2 }));
    let mut wide = town(3, 3);
    wide.weights[0] = u64::MAX / 2;
    assert_eq!(solved(&wide, Problem::PMedian { p: 1 }, 1_000), Err(Unsolvable::TooWide));
    let mut nowhere = town(3, 3);
    if let Costs::Points(points) = &mut nowhere.costs {
        points.demand[1].0 = f64::NAN;
    }
    assert_eq!(solved(&nowhere, Problem::PMedian { p: 1 }, 1_000), Err(Unsolvable::NotFinite));
    let mut short = town(3, 3);
    short.weights.pop();
    assert!(matches!(solved(&short, Problem::PMedian { p: 1 }, 1_000), Err(Unsolvable::Lengths { .. })));
}

#[test]
fn extremes_are_proved() {
    // One site, equal costs everywhere, everybody in one place, and standing sites alone.
    let one = lists(&[&[0], &[0]], 1);
    assert_eq!(solved(&one, Problem::PMedian { p: 1 }, 1_000_000).map(|s| (s.value, s.bound)), Ok((2, 2)));
    let equal = lists(&[&[0, 1, 2], &[0, 1, 2]], 3);
    assert_eq!(solved(&equal, Problem::PMedian { p: 2 }, 1_000_000).map(|s| (s.value, s.bound)), Ok((2, 2)));
    let mut place = town(30, 8);
    if let Costs::Points(points) = &mut place.costs {
        points.demand.fill((1.0, 1.0));
        points.sites.fill((1.0, 1.0));
    }
    let zero = solved(&place, Problem::PMedian { p: 3 }, 1_000_000).map(|s| (s.value, s.bound));
    assert_eq!(zero, Ok((0, 0)));
    let mut standing = town(30, 8);
    standing.sites[3].state = State::Open;
    let siting = solved(&standing, Problem::PMedian { p: 0 }, 1_000).expect("a site stands");
    assert_eq!((siting.status(), siting.chosen), (Status::Optimal, vec![3]));
}

/// The tree alone, from no multipliers: nothing is proved before sites are fixed and rows restricted.
#[test]
fn the_tree_agrees_with_enumeration() {
    for seed in 0..60 {
        let mut draw = Draw::new(seed + 9_000);
        let (m, p) = (11usize, 2 + (seed % 4) as usize);
        let mut rows = rows::Rows::new(m);
        for _ in 0..30 {
            let list: Vec<Entry> = (0..m as u32)
                .map(|site| Entry { site, distance: draw.below(if seed % 3 == 0 { 2 } else { 60 }) as u32 })
                .collect();
            rows.push(1 + draw.below(9) as i64, if seed % 3 == 0 { 1 } else { 45 }, list);
        }
        let open = |mask: u32| (0..m).map(|j| mask >> j & 1 == 1).collect::<Vec<_>>();
        let sets = (0u32..1 << m).filter(|mask| mask.count_ones() as usize == p);
        let best = sets.map(|mask| rows.value(&open(mask))).min().expect("there are sets");
        let rows = std::sync::Arc::new(rows);
        let meter = tree::Meter { done: 0, limit: 50_000_000 };
        let mut search = tree::Tree::new(&rows, 1 << 10, (0..p as u32).collect(), i64::MAX, meter);
        let found = search.run(p, dual::Dual::from(&rows, vec![0; rows.len()]));
        assert_eq!((found.value, found.bound), (best, best), "seed {seed}");
    }
}

/// Set covering alone, on rows dense and sparse: the number is the least, and a question with a
/// number is answered either way.
#[test]
fn set_covers_agree_with_enumeration() {
    let mut sum = 0;
    for seed in 0..200 {
        let mut draw = Draw::new(seed + 40_000);
        let (n, m) = (10 + draw.below(40) as usize, 8 + draw.below(7) as usize);
        let often = 2 + draw.below(4);
        let mut rows = rows::Rows::new(m);
        for _ in 0..n {
            let sure = draw.below(m as u64) as u32;
            let list: Vec<Entry> = (0..m as u32)
                .filter(|site| *site == sure || draw.below(often + 1) == 0)
                .map(|site| Entry { site, distance: 0 })
                .collect();
            rows.push(1, 1, list);
        }
        let covers =
            |mask: u32| (0..rows.len()).all(|row| rows.row(row).iter().any(|e| mask >> e.site & 1 == 1));
        let least = (0u32..1 << m).filter(|mask| covers(*mask)).map(u32::count_ones).min();
        let least = least.expect("all sites cover") as usize;
        let mask = |chosen: &[u32]| chosen.iter().fold(0, |mask, j| mask | 1 << j);
        let ask = |enough, past, limit| {
            let mut meter = tree::Meter { done: 0, limit };
            let found = setcover::fewest(&rows, enough, past, &mut meter);
            assert!(covers(mask(&found.chosen)), "seed {seed}");
            assert!(found.bound <= least && least <= found.chosen.len(), "seed {seed} {found:?} {least}");
            found
        };
        let all = ask(0, false, 5_000_000);
        assert_eq!((all.chosen.len(), all.bound), (least, least), "seed {seed}");
        assert!(ask(least, true, 5_000_000).chosen.len() <= least, "seed {seed}");
        assert_eq!(ask(least - 1, true, 5_000_000).bound, least, "seed {seed}");
        ask(0, false, 1);
        // The tree alone, without search or bound to lean on.
        let branch = |most| {
            let mut meter = tree::Meter { done: 0, limit: 5_000_000 };
            setcover::ask(&rows, most, &mut meter)
        };
        assert_eq!(branch(least - 1), Some(None), "seed {seed}");
        let found = branch(least).flatten().expect("there is such a cover");
        assert!(found.len() <= least && covers(mask(&found)), "seed {seed}");
        sum += least;
    }
    assert!(sum > 500, "covers of one or two sites prove little: {sum} in all");
}
