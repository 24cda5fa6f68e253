//! Branching against listing: two ways to the same optimum.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use super::bound::{self, Ascent};
use super::classes::Classes;
use super::linear::Linear;
use super::pricing::listing::Listing;
use super::pricing::{Pricing, Query};
use super::prove_listing;
use super::sets::Sets;
use super::triples::Triple;
use crate::districting::centred::costs::Costs;
use crate::districting::graph::Graph;
use crate::districting::instance::{Instance, Objective};

/// A drawn grid of streets with some links missing.
pub(in crate::districting) fn town(rng: &mut ChaCha8Rng) -> Instance {
    let (wide, tall) = (3 + rng.next_u32() % 3, 3 + rng.next_u32() % 2);
    let n = wide * tall;
    let mut edges = Vec::new();
    for atom in 0..n {
        if atom % wide + 1 < wide {
            edges.push((atom, atom + 1, 1));
        }
        if atom + wide < n && !rng.next_u32().is_multiple_of(4) {
            edges.push((atom, atom + wide, 1));
        }
    }
    let people: Vec<i64> = (0..n).map(|_| (i64::from(rng.next_u32() % 34) - 4).max(0)).collect();
    let parts = 2 + rng.next_u32() % 3;
    let mean = people.iter().sum::<i64>() / i64::from(parts);
    let x = (0..n).map(|a| i64::from(a % wide * 10 + rng.next_u32() % 8)).collect();
    let y = (0..n).map(|a| i64::from(a / wide * 10 + rng.next_u32() % 8)).collect();
    let graph = Graph::from_edges(n as usize, &edges);
    Instance { graph, people, x, y, parts, low: mean - 12, high: mean + 12 }
}

#[test]
fn branching_and_listing_agree() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let mut agreed = 0;
    for case in 0..20 {
        let town = town(&mut rng);
        if town.pieces() > 1 {
            continue;
        }
        let Some(costs) = Costs::of(&town, Objective::Moment) else { continue };
        let prior: Vec<u32> = (0..town.len() as u32).map(|a| a * town.parts / town.len() as u32).collect();
        let anywhere = vec![true; town.len() * town.parts as usize];
        for classes in [Classes::centred(&costs, &town), Classes::kept(&town, &prior, &anywhere)] {
            let most = 1 << 24;
            let listed = prove_listing(&town, &classes, most, 200_000, 40_000);
            let branched = prove_listing(&town, &classes, most, 200_000, 3);
            let value = |proof: &super::Proof| proof.better.as_ref().map(|(value, _)| *value);
            let whole = |proof: &super::Proof| proof.bound == value(proof).unwrap_or(most);
            if whole(&listed) && whole(&branched) {
                assert_eq!(value(&listed), value(&branched), "case {case}");
                agreed += 1;
            }
            for proof in [listed, branched] {
                if let Some((_, part_of)) = &proof.better {
                    assert!(town.judge(part_of).feasible, "case {case}");
                }
            }
        }
    }
    assert!(agreed > 12, "only {agreed} were closed both ways");
}

/// Cuts on drawn atoms with drawn prices.
pub(super) fn drawn_triples(rng: &mut ChaCha8Rng, atoms: u32, dearest: u32) -> Vec<Triple> {
    let mut triples: Vec<Triple> = Vec::new();
    while triples.len() < 5 {
        let mut atoms = [0; 3].map(|_| rng.next_u32() % atoms);
        atoms.sort_unstable();
        if atoms[0] < atoms[1] && atoms[1] < atoms[2] {
            triples.push(Triple { atoms, half: i64::from(rng.next_u32() % dearest) });
        }
    }
    triples
}

fn every(sets: &mut Sets) -> Listing<'_> {
    Listing { sets, most: usize::MAX, partners: None, slack: 0 }
}

#[test]
fn parts_pay_for_the_cuts_of_which_they_hold_two_atoms() {
    let mut rng = ChaCha8Rng::seed_from_u64(31);
    let mut priced = 0;
    for case in 0..40 {
        let town = town(&mut rng);
        let (n, none) = (town.len(), vec![Vec::new(); town.len()]);
        let triples = drawn_triples(&mut rng, n as u32, 80);
        let weights: Vec<i64> = (0..n).map(|_| i64::from(rng.next_u32() % 200) - 120).collect();
        let mut pricing = Pricing::new(&town, &none);
        let plain = Query {
            weights: &weights,
            allowed: &vec![true; n],
            root: Some(rng.next_u32() % n as u32),
            below: i64::MAX,
            nodes: u64::MAX,
        };
        let mut without = Sets::new(n);
        assert!(pricing.all(&plain, every(&mut without)));
        pricing.set_triples(&triples);
        let mut with = Sets::new(n);
        assert!(pricing.all(&plain, every(&mut with)));
        assert_eq!(without.len(), with.len(), "case {case}: the same parts, whatever they pay");
        let mut least = i64::MAX;
        for set in 0..with.len() {
            let held = |t: &&Triple| t.atoms.iter().filter(|a| with.holds(set, **a)).count() > 1;
            let paid: i64 = triples.iter().filter(held).map(|t| 2 * t.half).sum();
            let weight = with.atoms(set).map(|a| weights[a as usize]).sum::<i64>() + paid;
            assert_eq!(with.weights[set], weight, "case {case}");
            least = least.min(weight);
        }
        assert_eq!(pricing.cheapest(&plain).bound, least, "case {case}");
        priced += usize::from(with.len() > 20);
        let early = pricing.cheapest(&Query { nodes: 2, ..plain });
        assert!(early.bound <= least, "case {case}: a search given up bounds from below");
    }
    assert!(priced > 20, "only {priced} cases had parts enough");
}

#[test]
fn no_prices_and_no_cuts_bound_above_the_optimum() {
    let mut rng = ChaCha8Rng::seed_from_u64(77);
    let mut compared = 0;
    for case in 0..25 {
        let town = town(&mut rng);
        let Some(costs) = Costs::of(&town, Objective::Moment) else { continue };
        if town.pieces() > 1 {
            continue;
        }
        let classes = Classes::centred(&costs, &town);
        let most = 1 << 24;
        let proof = prove_listing(&town, &classes, most, 200_000, 40_000);
        let Some((best, _)) = proof.better else { continue };
        let none = vec![Vec::new(); town.len()];
        let mut ascent = Ascent::new(&town, &classes, &none);
        let mut dual = bound::of(&mut ascent, best + best / 8 + 1, 30, u64::MAX);
        assert!(dual.bound <= best, "case {case}");
        for nodes in [1, 30, 100_000] {
            let mut drawn = bound::inherited(&classes, &dual.prices, 0, most, u64::MAX);
            drawn.triples = drawn_triples(&mut rng, town.len() as u32, 1 + best as u32 / 40);
            let prices: Vec<i64> =
                dual.prices.iter().map(|p| p + i64::from(rng.next_u32() % 41) * best / 4_000).collect();
            let value = ascent.value(&prices, &mut drawn, nodes).expect("there is a division");
            assert!(value.bound <= best, "case {case}, {nodes} nodes");
        }
        // The relaxation, with its cuts, comes near the optimum and not above it.
        let before = dual.bound;
        let mut linear = Linear::new(&classes, std::mem::take(&mut ascent.pool), &dual, &[]);
        let mut open = linear.converge(&mut ascent, &mut dual, true, u64::MAX);
        for _ in 0..4 {
            if !open || linear.separate(10, 0.01) == 0 {
                break;
            }
            open = linear.converge(&mut ascent, &mut dual, false, u64::MAX);
            linear.purge(&dual);
        }
        assert!(open, "case {case}: there is a division below the limit");
        assert!(before <= dual.bound && dual.bound <= best, "case {case}");
        let value = ascent.value(&dual.prices.clone(), &mut dual, 1 << 30).expect("there is a division");
        assert!(value.bound >= dual.bound, "case {case}: prices and cuts belong to the bound");
        compared += usize::from(dual.bound > best / 100 * 95);
    }
    assert!(compared > 10, "only {compared} relaxations came near");
}
