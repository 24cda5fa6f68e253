//! Laws of every town, on towns of all sizes.

use std::collections::BTreeSet;

use super::*;

fn built(people: u32, seed: u64) -> Town {
    town(&TownSpec::new(people, Seed(seed))).expect("the town has room")
}

fn sum_of(town: &Town) -> Residents {
    town.buildings.iter().fold(Residents::default(), |sum, building| sum.plus(building.residents))
}

#[test]
fn every_person_lives_somewhere() {
    for (people, seed) in [(1_000, 1), (7_777, 2), (60_000, 1), (200_000, 3)] {
        let town = built(people, seed);
        let sum = sum_of(&town);
        assert_eq!(sum.population, people);
        let communities =
            town.communities.iter().fold(Residents::default(), |sum, of| sum.plus(of.residents));
        assert_eq!(communities, sum);
        for building in &town.buildings {
            let of = building.residents;
            assert!(of.age_65_plus + of.age_0_14 <= of.population, "{}", building.code);
            assert_eq!(of.households == 0, of.population == 0, "{}", building.code);
        }
    }
}

#[test]
fn communities_tile_the_ground() {
    for (people, seed) in [(1_000, 4), (60_000, 1), (60_000, 5)] {
        let town = built(people, seed);
        let mut sides = BTreeSet::new();
        let bits = |spot: &Spot| (spot.x.to_bits(), spot.y.to_bits());
        for ring in town.communities.iter().flat_map(|community| community.polygons.iter().flatten()) {
            for (a, b) in shape::edges(ring) {
                assert!(sides.insert((bits(&a), bits(&b))), "a side belongs to one community only");
            }
        }
        // What has no twin is the outer line: one closed ring, so there is neither gap nor overlap.
        let outer: Vec<_> = sides.iter().filter(|(a, b)| !sides.contains(&(*b, *a))).collect();
        let starts: BTreeSet<_> = outer.iter().map(|(a, _)| a).collect();
        assert_eq!(starts.len(), outer.len());
        let mut at = outer[0].0;
        let mut length = 0;
        while let Some((_, next)) = outer.iter().find(|(a, _)| *a == at) {
            at = *next;
            length += 1;
            if at == outer[0].0 {
                break;
            }
        }
        assert_eq!(length, outer.len());
    }
}

#[test]
fn buildings_keep_apart_and_at_home() {
    for (people, seed) in [(1_500, 1), (60_000, 1), (60_000, 9)] {
        let town = built(people, seed);
        for building in &town.buildings {
            assert!(area(&building.ring) > 20.0, "{} has no ground", building.code);
            let home = &town.communities[building.community];
            for &corner in &building.ring {
                let holds = home.polygons.iter().any(|rings| {
                    inside(&rings[0], corner) && !rings[1..].iter().any(|hole| inside(hole, corner))
                });
                assert!(holds, "{} leaves its community", building.code);
                assert!(!inside(&town.water, corner), "{} stands in the river", building.code);
            }
        }
        for (at, building) in town.buildings.iter().enumerate() {
            for other in &town.buildings[at + 1..] {
                if other.block == building.block {
                    assert!(apart(&building.ring, &other.ring), "{} meets {}", building.code, other.code);
                }
            }
        }
    }
}

/// Whether no sides cross and neither ring holds the other.
fn apart(a: &[Spot], b: &[Spot]) -> bool {
    let crossing = |(p, q): (Spot, Spot), (r, s): (Spot, Spot)| {
        let off = |from: Spot, to: Spot, spot: Spot| to.minus(from).unit().cross(spot.minus(from));
        let parted = |one: f64, other: f64| one.min(other) < -0.01 && one.max(other) > 0.01;
        parted(off(p, q, r), off(p, q, s)) && parted(off(r, s, p), off(r, s, q))
    };
    !inside(a, b[0])
        && !inside(b, a[0])
        && shape::edges(a).all(|one| shape::edges(b).all(|other| !crossing(one, other)))
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    assert_eq!(built(5_000, 8).files(), built(5_000, 8).files());
    assert_ne!(built(5_000, 8).files(), built(5_000, 9).files());
}

#[test]
fn small_towns_of_any_seed_can_be_built() {
    for seed in 0..60 {
        let town = built(1_000 + (seed as u32 % 7) * 450, seed);
        assert!(!town.centres.is_empty() && !town.candidates.is_empty(), "seed {seed}");
    }
}

#[test]
fn sizes_out_of_range_are_refused() {
    for people in [0, 999, 2_000_001, u32::MAX] {
        let refused = town(&TownSpec::new(people, Seed(1)));
        assert!(matches!(refused, Err(SynthError::People { .. })));
    }
}

#[test]
fn codes_are_unique_and_well_formed() {
    let town = built(60_000, 1);
    let codes: BTreeSet<&str> = town.communities.iter().map(|community| community.code.as_str()).collect();
    assert_eq!(codes.len(), town.communities.len());
    assert!(codes.iter().all(|code| code.len() == 12));
    for building in &town.buildings {
        assert_eq!(building.grid.len(), 15);
        assert!(building.grid.starts_with(&town.communities[building.community].code));
    }
    let names: BTreeSet<&str> = town.communities.iter().map(|community| community.name.as_str()).collect();
    assert_eq!(names.len(), town.communities.len());
}

#[test]
fn one_community_spans_the_river_and_one_the_railway() {
    let town = built(60_000, 1);
    for kind in ["river", "railway"] {
        let line = town.barriers.iter().find(|barrier| barrier.kind == kind).expect("every town has both");
        let spans = town.communities.iter().filter(|community| community.urban).any(|community| {
            let ring = &community.polygons[0][0];
            line.line.windows(2).any(|pair| inside(ring, pair[0].toward(pair[1], 0.5)))
        });
        assert!(spans, "{kind}");
    }
}
