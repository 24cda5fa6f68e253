//! Branching against listing: two ways to the same optimum.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use super::classes::Classes;
use super::prove_listing;
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
