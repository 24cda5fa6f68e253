//! The sums that moves keep up to date against sums made anew.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};

use super::*;
use crate::districting::graph::Graph;
use crate::districting::instance::Objective;

/// A grid with some diagonals, bridges and one hub whose row is longer than a word.
fn town(rng: &mut ChaCha8Rng) -> Instance {
    let (wide, tall) = (11u32, 9u32);
    let hub = wide * tall;
    let mut edges = Vec::new();
    for a in 0..hub {
        if a % wide + 1 < wide && rng.next_u32() % 8 > 1 {
            edges.push((a, a + 1, 1));
        }
        if a + wide < hub {
            edges.push((a, a + wide, 1));
        }
        if a + wide + 1 < hub && a % wide + 1 < wide && rng.next_u32() % 3 < 1 {
            edges.push((a, a + wide + 1, 1));
        }
        if a % 5 < 4 {
            edges.push((a, hub, 1));
        }
    }
    let n = hub as usize + 1;
    Instance {
        graph: Graph::from_edges(n, &edges),
        people: (0..n).map(|_| i64::from(rng.next_u32() % 60)).collect(),
        x: (0..n).map(|a| (a % 11) as i64 * 40 + i64::from(rng.next_u32() % 20)).collect(),
        y: (0..n).map(|a| (a / 11) as i64 * 40 + i64::from(rng.next_u32() % 20)).collect(),
        parts: 5,
        low: 400,
        high: 700,
    }
}

/// Whether the part of an atom is whole and not empty without it, by flood fill.
fn stays(instance: &Instance, part_of: &[u32], atom: u32) -> bool {
    let part = part_of[atom as usize];
    let mates: Vec<u32> =
        (0..part_of.len() as u32).filter(|&a| a != atom && part_of[a as usize] == part).collect();
    let Some(&first) = mates.first() else { return false };
    let (mut seen, mut next) = (vec![first], 0);
    while next < seen.len() {
        for other in instance.graph.neighbours(seen[next]) {
            if mates.contains(other) && !seen.contains(other) {
                seen.push(*other);
            }
        }
        next += 1;
    }
    seen.len() == mates.len()
}

#[test]
fn keeps_what_a_fresh_look_tells() {
    for seed in 0..6 {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let instance = town(&mut rng);
        let costs = Costs::of(&instance, Objective::Moment).expect("a small town");
        let n = instance.len() as u32;
        let columns: Vec<u32> = (0..n).map(|a| if a + 1 == n { 0 } else { (a % 11) * 5 / 11 }).collect();
        let mut state = State::new(&instance, &costs);
        state.reset(&columns);
        let mut moved = 0;
        for _ in 0..400 {
            let to = (rng.next_u32() % instance.parts) as usize;
            let offers = state.offers[to].len();
            if offers == 0 {
                continue;
            }
            let atom = state.offers[to][rng.next_u32() as usize % offers].atom;
            assert_eq!(state.can_leave(atom), stays(&instance, &state.part_of, atom));
            if !state.can_leave(atom) {
                continue;
            }
            state.shift(atom, to as u32);
            moved += 1;
            let mut fresh = State::new(&instance, &costs);
            fresh.reset(&state.part_of);
            assert_eq!(i128::from(state.total()), instance.moment(&state.part_of));
            assert_eq!((state.people.clone(), state.about.clone()), (fresh.people, fresh.about));
            assert_eq!((&state.open, &state.free), (&fresh.open, &fresh.free));
            for (mine, theirs) in state.offers.iter().zip(&fresh.offers) {
                let sorted = |offers: &[Offer]| {
                    let mut all: Vec<_> = offers.iter().map(|o| (o.atom, o.cost, o.out)).collect();
                    all.sort_unstable();
                    all
                };
                assert_eq!(sorted(mine), sorted(theirs));
                for offer in mine {
                    let (mine, theirs) =
                        (state.losses[offer.atom as usize], fresh.losses[offer.atom as usize]);
                    assert_eq!((mine.cost, mine.out), (theirs.cost, theirs.out));
                }
            }
        }
        assert!(moved > 50, "{moved} moves are too few to tell");
    }
}
