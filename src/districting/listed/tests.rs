//! Listing against plain recursion over every division of drawn towns.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use super::{Choice, Limits, Parts};
use crate::districting::instance::Instance;
use crate::districting::proof::tests::town;

const LIMITS: Limits = Limits { looked_at: 1 << 20, nodes: 1 << 20 };

/// A price that has nothing to do with nearness.
fn price(atoms: &[u32], salt: u64) -> i64 {
    let mixed = atoms.iter().fold(salt, |h, &a| (h ^ u64::from(a)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 3);
    1000 + (mixed % 500) as i64 * atoms.len() as i64
}

/// The cheapest division by trying all: each atom in turn joins a part begun before it or begins one.
fn plain(parts: &Parts<'_>, salt: u64) -> Option<i64> {
    let town = parts.instance;
    let mut part_of = vec![0u32; town.len()];
    let mut best = None;
    descend(parts, salt, &mut part_of, 0, 0, &mut best);
    best
}

fn descend(
    parts: &Parts<'_>,
    salt: u64,
    part_of: &mut Vec<u32>,
    atom: usize,
    begun: u32,
    best: &mut Option<i64>,
) {
    let town = parts.instance;
    if atom == town.len() {
        let sound = begun == town.parts && town.judge(part_of).disconnected == 0;
        if sound && (0..begun).all(|part| in_range(parts, part_of, part)) {
            let members =
                |part| (0..town.len() as u32).filter(|&a| part_of[a as usize] == part).collect::<Vec<_>>();
            let cost = (0..begun).map(|part| price(&members(part), salt)).sum();
            *best = Some(best.map_or(cost, |held: i64| held.min(cost)));
        }
        return;
    }
    for part in 0..=begun.min(town.parts - 1) {
        part_of[atom] = part;
        descend(parts, salt, part_of, atom + 1, begun.max(part + 1), best);
    }
}

fn in_range(parts: &Parts<'_>, part_of: &[u32], part: u32) -> bool {
    let town = parts.instance;
    let own =
        || part_of.iter().zip(&town.people).filter(move |(p, _)| **p == part).map(|(_, people)| *people);
    let high = if own().any(|people| people > town.high) { parts.most } else { town.high };
    (town.low..=high.max(town.high)).contains(&own().sum())
}

#[test]
fn the_cheapest_division_of_all() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let (mut solved, mut none) = (0, 0);
    while solved < 25 || none < 5 {
        let town = town(&mut rng);
        if town.pieces() > 1 || town.len() > 9 {
            continue;
        }
        let parts = Parts { instance: &town, most: 0 };
        let salt = rng.next_u64();
        let known = 1 << 30;
        let choice = parts.cheapest(|atoms| price(atoms, salt), known, LIMITS).expect("small");
        match plain(&parts, salt) {
            Some(best) => {
                solved += 1;
                let (value, part_of) = choice.better.expect("a division exists");
                assert_eq!((value, choice.bound), (best, best));
                assert!(town.judge(&part_of).feasible);
                let again = parts.cheapest(|atoms| price(atoms, salt), best, LIMITS).expect("small");
                assert_eq!(again, Choice { bound: best, better: None });
                let hurried = Limits { nodes: 1, ..LIMITS };
                let hurried = parts.cheapest(|atoms| price(atoms, salt), known, hurried).expect("small");
                assert!(hurried.bound <= best, "{} > {best}", hurried.bound);
                assert!(hurried.bound * 100 >= best * 80, "the relaxation is near: {hurried:?} {best}");
            }
            None => {
                none += 1;
                assert_eq!(choice, Choice { bound: known, better: None });
            }
        }
        assert_eq!(parts.exists(LIMITS), Some(plain(&parts, salt).is_some()));
    }
}

#[test]
fn an_atom_above_the_range_may_have_its_part() {
    let mut rng = ChaCha8Rng::seed_from_u64(12);
    let mut solved = 0;
    while solved < 8 {
        let mut town: Instance = town(&mut rng);
        if town.pieces() > 1 || town.len() > 9 {
            continue;
        }
        let tower = town.len() / 2;
        let rest: i64 = town.people.iter().sum::<i64>() - town.people[tower];
        town.people[tower] = town.high + 30;
        let others = i64::from(town.parts) - 1;
        (town.low, town.high) = (rest / others - 14, town.high.min(rest / others + 14));
        let parts = Parts { instance: &town, most: town.people[tower] + 6 };
        let salt = rng.next_u64();
        let choice = parts.cheapest(|atoms| price(atoms, salt), 1 << 30, LIMITS).expect("small");
        if let Some(best) = plain(&parts, salt) {
            solved += 1;
            assert_eq!(choice.bound, best);
        }
    }
}

#[test]
fn too_many_parts_are_no_answer() {
    let mut rng = ChaCha8Rng::seed_from_u64(13);
    let town = town(&mut rng);
    let parts = Parts { instance: &town, most: 0 };
    let few = Limits { looked_at: 10, nodes: 1 << 20 };
    assert_eq!(parts.cheapest(|_| 1, 1 << 20, few), None);
    assert_eq!(parts.exists(few), None);
}
