//! What a pool leaves out, against every division there is.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;

use super::super::bound::{Ascent, of};
use super::super::branch::Node;
use super::super::choose::choose_by;
use super::super::tests::{drawn_triples, town};
use super::*;
use crate::districting::centred::costs::Costs;
use crate::districting::instance::{Instance, Objective};

/// Every division that costs less than `limit`: its cost, and places of its parts in `pool`.
fn divisions(pool: &Pool<'_>, chosen: usize, limit: i64) -> Vec<(i64, Vec<usize>)> {
    let mut found = Vec::new();
    let mut stack = vec![(0i64, 0u64, Vec::new())];
    let all = (1u64 << pool.classes.atoms) - 1;
    while let Some((cost, held, parts)) = stack.pop() {
        let parts: Vec<usize> = parts;
        if cost >= limit || parts.len() > chosen {
            continue;
        }
        if held == all {
            if parts.len() == chosen {
                found.push((cost, parts));
            }
            continue;
        }
        let first = (!held).trailing_zeros();
        for set in (0..pool.len()).filter(|&set| pool.sets.holds(set, first)) {
            if pool.sets.of(set)[0] & held == 0 {
                let mut more = parts.clone();
                more.push(set);
                stack.push((cost + pool.costs()[set], held | pool.sets.of(set)[0], more));
            }
        }
    }
    found
}

/// A small town with its prices of serving, and some limit a little above its best division.
fn cases(count: usize) -> Vec<(Instance, Classes, i64, ChaCha8Rng)> {
    let mut rng = ChaCha8Rng::seed_from_u64(91);
    let mut cases = Vec::new();
    while cases.len() < count {
        let town = town(&mut rng);
        let Some(costs) = Costs::of(&town, Objective::Moment) else { continue };
        let classes = Classes::centred(&costs, &town);
        let proof = super::super::prove(&town, &classes, 1 << 24, 200_000);
        if let Some((best, _)) = proof.better.filter(|_| town.pieces() == 1 && town.len() < 17) {
            cases.push((town, classes, best + best / 12 + 1, rng.clone()));
        }
    }
    cases
}

#[test]
fn a_pool_holds_all_parts_of_all_divisions_below_the_limit() {
    let (mut kept, mut dropped, mut needed) = (0, 0, 0);
    for (case, (town, classes, limit, mut rng)) in cases(12).into_iter().enumerate() {
        let node = Node::root(&classes);
        let reduced = node.reduce(&town, &classes).expect("nothing is kept apart");
        let mut search = Search::new(&town, &classes, limit, u64::MAX, usize::MAX >> 8);
        let mut ascent = Ascent::new(&reduced.instance, &reduced.classes, &reduced.rivals);
        let mut dual = of(&mut ascent, limit, 5, u64::MAX);
        dual.triples = drawn_triples(&mut rng, town.len() as u32, 1 + limit as u32 / 60);
        // Without what cannot be ruled out by other means, so that all is up to the pool.
        dual.fixed = super::super::fixing::Fixed::nothing(&classes);
        let prices = dual.prices.clone();
        let value = ascent.value(&prices, &mut dual, 1 << 30).expect("there is a division");
        let all =
            search.list(&classes, &mut ascent, &dual, &value, i64::MAX >> 2, usize::MAX >> 8, (None, 0));
        let (sets, class_of) = all.expect("nothing is too much");
        let all = Pool::new(&classes, sets, class_of);
        let pool = search.gather(&reduced, &mut ascent, &dual, &value).expect("nothing is too much");
        let held = pool.holds();
        for (_, parts) in divisions(&all, classes.chosen, limit) {
            needed += 1;
            for set in parts {
                let part = (all.class_of[set], all.sets.of(set));
                assert!(held.contains(&part), "case {case}: a part of a division is missing");
            }
        }
        kept += pool.len();
        dropped += all.len() - pool.len();
    }
    assert!(needed > 12 && dropped > kept, "{needed} divisions, {kept} parts kept, {dropped} dropped");
}

#[test]
fn cuts_and_branches_choose_as_well_as_looking_at_everything() {
    let mut branched = 0;
    for (case, (town, classes, limit, _)) in cases(12).into_iter().enumerate() {
        let node = Node::root(&classes);
        let reduced = node.reduce(&town, &classes).expect("nothing is kept apart");
        let mut search = Search::new(&town, &classes, limit, u64::MAX, usize::MAX >> 8);
        let mut ascent = Ascent::new(&reduced.instance, &reduced.classes, &reduced.rivals);
        let mut dual = of(&mut ascent, limit, 1, u64::MAX);
        let prices = dual.prices.clone();
        let value = ascent.value(&prices, &mut dual, 1 << 30).expect("there is a division");
        let pool = search.gather(&reduced, &mut ascent, &dual, &value).expect("nothing is too much");
        let best = divisions(&pool, classes.chosen, limit).iter().map(|division| division.0).min();
        let chosen = choose_by(&town, &reduced.rivals, pool, &dual, u64::MAX, 0);
        assert_eq!(chosen.best.as_ref().map(|best| best.0), best, "case {case}");
        assert_eq!(chosen.bound, best.unwrap_or(limit), "case {case}");
        branched += usize::from(chosen.best.is_some());
    }
    assert!(branched > 8, "only {branched} had something to choose");
}
