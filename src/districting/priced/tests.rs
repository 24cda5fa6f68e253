//! Priced parts against a list of every part, on drawn towns.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use super::local::Local;
use super::{Limits, Priced, Terms};
use crate::districting::instance::Instance;
use crate::districting::listed::{self, Choice, Parts};
use crate::districting::proof::tests::town;

const LIMITS: Limits = Limits { pricing: 1 << 30, listing: 1 << 30, parts: 1 << 20, nodes: 1 << 20 };
const LISTED: listed::Limits = listed::Limits { looked_at: 1 << 20, nodes: 1 << 20 };

/// Terms with everything in them: far atoms dear, lines, bundles that overlap, a mean to keep to.
fn terms(town: &Instance, rng: &mut ChaCha8Rng) -> Terms {
    let n = town.len();
    let spot: Vec<(i64, i64)> =
        (0..n).map(|_| ((rng.next_u32() % 100) as i64, (rng.next_u32() % 100) as i64)).collect();
    let square = |a: usize, b: usize| (spot[a].0 - spot[b].0).pow(2) + (spot[a].1 - spot[b].1).pow(2);
    let near = (0..n * n).map(|at| town.people[at % n] * square(at / n, at % n) / 16).collect();
    let bundle = |rng: &mut ChaCha8Rng| {
        let inside: Vec<usize> = (0..n).filter(|_| rng.next_u32().is_multiple_of(3)).collect();
        inside.into_iter().map(|atom| (atom as u32, 40 * town.people[atom])).collect()
    };
    let bundles = (0..rng.next_u32() % 4).map(|_| bundle(rng)).collect();
    let mean = town.people.iter().sum::<i64>() as f64 / f64::from(town.parts);
    Terms {
        near,
        line: i64::from(rng.next_u32() % 900),
        bundles,
        size: (f64::from(rng.next_u32() % 30), mean),
        slack: 1,
    }
}

/// What the terms say of a part, term by term.
fn price(town: &Instance, terms: &Terms, atoms: &[u32]) -> i64 {
    let n = town.len();
    let from = |c: u32| atoms.iter().map(|&a| terms.near[c as usize * n + a as usize]).sum::<i64>();
    let near = atoms.iter().map(|&c| from(c)).min().unwrap_or(0);
    let beyond = |a: u32| town.graph.priced(a).filter(|(b, _)| !atoms.contains(b)).map(|(_, l)| i64::from(l));
    let line: i64 = atoms.iter().flat_map(|&a| beyond(a)).sum();
    let parted = |bundle: &Vec<(u32, i64)>| {
        let sum = |inside: bool| {
            bundle.iter().filter(|(a, _)| atoms.contains(a) == inside).map(|b| b.1).sum::<i64>()
        };
        sum(true).min(sum(false))
    };
    let people: i64 = atoms.iter().map(|&a| town.people[a as usize]).sum();
    let size = (terms.size.0 * (people as f64 - terms.size.1).powi(2)) as i64;
    near + terms.line * line + terms.bundles.iter().map(parted).sum::<i64>() + size
}

#[test]
fn the_cheapest_division_of_all() {
    let mut rng = ChaCha8Rng::seed_from_u64(21);
    let (mut solved, mut improved, mut closed) = (0, 0, 0);
    while solved < 60 {
        let town = town(&mut rng);
        if town.pieces() > 1 {
            continue;
        }
        let terms = terms(&town, &mut rng);
        let mut price = |atoms: &[u32]| price(&town, &terms, atoms);
        let parts = Parts { instance: &town, most: 0 };
        let Some(listed) = parts.cheapest(&mut price, 1 << 40, LISTED) else { continue };
        let Some((best, _)) = listed.better else { continue };
        // Any division to begin with: the cheapest at prices that mean nothing.
        let salt = rng.next_u64() | 1;
        let odd = |atoms: &[u32]| {
            (atoms.iter().fold(salt, |h, &a| h.wrapping_mul(31).wrapping_add(u64::from(a))) % 1000) as i64
        };
        let (_, start) =
            parts.cheapest(odd, 1 << 40, LISTED).and_then(|c| c.better).expect("a division exists");
        let priced = Priced { instance: &town, most: 0, terms: &terms };
        let choice = priced.cheapest(&mut price, &start, LIMITS);
        assert_eq!(choice.bound, best, "the bound is the least there is");
        if let Some((value, part_of)) = &choice.better {
            assert_eq!(*value, best);
            assert!(town.judge(part_of).feasible);
            improved += 1;
        }
        for pricing in [0, 2_000, 20_000, 200_000, 1 << 30] {
            let hurried = priced.cheapest(&mut price, &start, Limits { pricing, listing: 0, ..LIMITS });
            assert!(hurried.bound <= best, "{} > {best}", hurried.bound);
            let value = hurried.better.as_ref().map_or(i64::MAX, |(value, _)| *value);
            assert!(value >= best && hurried.better.is_none_or(|(_, part_of)| town.judge(&part_of).feasible));
            closed += u32::from(pricing == 1 << 30 && hurried.bound >= best - best / 1000);
        }
        solved += 1;
    }
    assert!(improved > 30, "{improved}");
    // Cuts close most of what the relaxation leaves open, without any list of parts.
    assert!(closed > 47, "{closed}");
}

#[test]
fn an_atom_above_the_range_may_have_its_part() {
    let mut rng = ChaCha8Rng::seed_from_u64(22);
    let mut solved = 0;
    while solved < 12 {
        let mut town = town(&mut rng);
        if town.pieces() > 1 {
            continue;
        }
        let tower = town.len() / 2;
        let rest: i64 = town.people.iter().sum::<i64>() - town.people[tower];
        town.people[tower] = town.high + 30;
        let others = (i64::from(town.parts) - 1).max(1);
        (town.low, town.high) = (rest / others - 14, town.high.min(rest / others + 14));
        let most = town.people[tower] + 6;
        let terms = terms(&town, &mut rng);
        let mut price = |atoms: &[u32]| price(&town, &terms, atoms);
        let parts = Parts { instance: &town, most };
        let Some(Some((best, start))) = parts.cheapest(&mut price, 1 << 40, LISTED).map(|c| c.better) else {
            continue;
        };
        let choice = Priced { instance: &town, most, terms: &terms }.cheapest(&mut price, &start, LIMITS);
        assert_eq!((choice.bound, choice.better), (best, None));
        solved += 1;
    }
}

#[test]
fn a_range_wider_than_all_the_people() {
    let mut rng = ChaCha8Rng::seed_from_u64(23);
    let mut solved = 0;
    while solved < 15 {
        let mut town = town(&mut rng);
        if town.pieces() > 1 {
            continue;
        }
        town.high = 1 << 40;
        (0..town.len()).step_by(3).for_each(|atom| town.people[atom] = 0);
        town.low = town.people.iter().sum::<i64>() / i64::from(2 * town.parts);
        let terms = terms(&town, &mut rng);
        let mut price = |atoms: &[u32]| price(&town, &terms, atoms);
        let parts = Parts { instance: &town, most: 0 };
        let Some(Some((best, start))) = parts.cheapest(&mut price, 1 << 40, LISTED).map(|c| c.better) else {
            continue;
        };
        let priced = Priced { instance: &town, most: 0, terms: &terms };
        assert_eq!(priced.cheapest(&mut price, &start, LIMITS), Choice { bound: best, better: None });
        solved += 1;
    }
}

#[test]
fn small_changes_keep_a_part_whole_and_make_it_cheaper() {
    let mut rng = ChaCha8Rng::seed_from_u64(24);
    let (mut tried, mut changed) = (0, 0);
    while tried < 300 {
        let town = town(&mut rng);
        let terms = terms(&town, &mut rng);
        let priced = Priced { instance: &town, most: 0, terms: &terms };
        let mut class = super::class::Class::new(&priced);
        let mut local = Local::new(&priced);
        let prices: Vec<i64> = (0..town.len()).map(|_| i64::from(rng.next_u32() % 40_000)).collect();
        for start in 0..town.len() as u32 {
            // The atom and those around it, until they fit the range.
            let mut part = vec![start];
            let mut at = 0;
            while at < part.len() && part.iter().map(|&a| town.people[a as usize]).sum::<i64>() < town.low {
                part.extend(town.graph.neighbours(part[at]).iter().find(|next| !part.contains(next)));
                at += usize::from(town.graph.neighbours(part[at]).iter().all(|next| part.contains(next)));
            }
            part.sort_unstable();
            if !class.is_part(&part) {
                continue;
            }
            let near = |atoms: &[u32], c: u32| {
                atoms.iter().map(|&a| terms.near[c as usize * town.len() + a as usize]).sum::<i64>()
            };
            let weight = |atoms: &[u32]| {
                let least = atoms.iter().map(|&c| near(atoms, c)).min().unwrap_or(0);
                let earned: i64 = atoms.iter().map(|&a| prices[a as usize]).sum();
                price(&town, &terms, atoms) - least + near(atoms, start) - earned
            };
            let found = local.descend(&prices, start, &part);
            assert!(class.is_part(&found) && found.contains(&start));
            assert!(weight(&found) <= weight(&part));
            assert!(found == part || weight(&found) < weight(&part));
            tried += 1;
            changed += u32::from(found != part);
        }
    }
    assert!(changed > 150, "{changed}");
}
