//! Division against the enumeration of all divisions.
//!
//! A town of at most ten atoms has at most 1,023 sets of atoms. A grid may be any of them whose
//! part in each piece of the community is connected. Best divisions of every set into so many
//! grids follow by dynamic programming over sets, 3ⁿ steps, with no code shared with the planner.

use wangge::model::place::Place;
use wangge::model::rules::Rules;
use wangge::planner::Parts;
use wangge::run::Seed;

use crate::drawn::{Chance, Town, drawn, planned_with, random_drawing, rules_for};

/// Every division of a small community, by set of atoms.
struct All {
    /// For each set, whether it may be a grid.
    sound: Vec<bool>,
    households: Vec<u64>,
    inertia: Vec<u64>,
}

impl All {
    /// `apart` are pairs of atom positions that do not join though they touch.
    fn of(place: &Place, apart: &[(usize, usize)]) -> Self {
        let n = place.atoms.len();
        assert!(n <= 10, "enumeration is for small towns");
        let at = |a: usize| (place.atoms[a].anchor.x(), place.atoms[a].anchor.y());
        let joins = |a: usize, b: usize| {
            let ((ax, ay), (bx, by)) = (at(a), at(b));
            let beside = ((ax - bx).abs() + (ay - by).abs() - 100.0).abs() < 1.0;
            beside && !apart.contains(&(a.min(b), a.max(b)))
        };
        let neighbours: Vec<usize> =
            (0..n).map(|a| (0..n).filter(|&b| joins(a, b)).map(|b| 1 << b).sum()).collect();
        let spread = |start: usize, set: usize| {
            let mut reached = start;
            loop {
                let next =
                    (0..n).filter(|a| reached >> a & 1 == 1).fold(reached, |r, a| r | neighbours[a]) & set;
                if next == reached {
                    return reached;
                }
                reached = next;
            }
        };
        let whole = (1usize << n) - 1;
        let mut pieces = Vec::new();
        let mut left = whole;
        while left != 0 {
            let piece = spread(1 << left.trailing_zeros(), whole);
            pieces.push(piece);
            left &= !piece;
        }
        let sound = |set: usize| {
            pieces.iter().all(|piece| {
                let part = set & piece;
                part == 0 || spread(1 << part.trailing_zeros(), part) == part
            })
        };
        let members = |set: usize| (0..n).filter(move |a| set >> a & 1 == 1);
        let moment = |set: usize, c: usize| -> u64 {
            let of = |a: usize| {
                let ((ax, ay), (cx, cy)) = (at(a), at(c));
                let square = ((ax - cx).powi(2) + (ay - cy).powi(2)).round() as u64;
                u64::from(place.atoms[a].counts.population) * square
            };
            members(set).map(of).sum()
        };
        let households = |set: usize| members(set).map(|a| u64::from(place.atoms[a].counts.households)).sum();
        Self {
            sound: (0..=whole).map(|set| set != 0 && sound(set)).collect(),
            households: (0..=whole).map(households).collect(),
            inertia: (0..=whole).map(|set| members(set).map(|c| moment(set, c)).min().unwrap_or(0)).collect(),
        }
    }

    /// The least sum of `cost` over the grids of any division into `grids`, if there is one.
    fn least(&self, grids: usize, cost: impl Fn(usize) -> Option<u64>) -> Option<u64> {
        let whole = self.sound.len() - 1;
        let cost: Vec<Option<u64>> =
            (0..=whole).map(|set| if self.sound[set] { cost(set) } else { None }).collect();
        let mut best: Vec<Option<u64>> = vec![None; whole + 1];
        best[0] = Some(0);
        for _ in 0..grids {
            let mut next = vec![None; whole + 1];
            for set in 1..=whole {
                // The grid that holds the lowest atom, with every choice of company.
                let lowest = set & set.wrapping_neg();
                let rest = set ^ lowest;
                let mut company = rest;
                loop {
                    let grid = company | lowest;
                    if let (Some(own), Some(others)) = (cost[grid], best[set ^ grid]) {
                        let sum = own + others;
                        next[set] = Some(next[set].map_or(sum, |held: u64| held.min(sum)));
                    }
                    if company == 0 {
                        break;
                    }
                    company = (company - 1) & rest;
                }
            }
            best = next;
        }
        best[whole]
    }

    /// True if some division into any number of grids has every grid in range.
    fn can_fit(&self, rules: &Rules) -> bool {
        let range = u64::from(rules.grids.households_min)..=u64::from(rules.grids.households_max);
        let most = self.households[self.sound.len() - 1] / u64::from(rules.grids.households_min);
        (1..=most as usize)
            .any(|k| self.least(k, |set| range.contains(&self.households[set]).then_some(0)).is_some())
    }
}

/// What came of one town.
struct Found {
    can_fit: bool,
    fits: bool,
    grids: usize,
    says: String,
}

fn divide(town: Town, apart: &[(usize, usize)], rules: &Rules) -> Found {
    let place = town.place();
    let all = All::of(&place, apart);
    let households: Vec<u32> = place.atoms.iter().map(|a| a.counts.households).collect();
    let planned = planned_with(place, rules, Seed(1), Parts::PARTITION);
    let says = format!("{households:?} {:?}", planned.grids());
    assert_eq!(planned.faults(), [""; 0], "{says}");
    let partition = planned.plan.partition.as_ref().expect("grids were asked for");
    let grids = partition.grids.len();
    // The bound speaks of the range, widened to what the answer itself had to take.
    let held = || partition.grids.iter().map(|g| g.counts.households);
    let low = u64::from(held().min().map_or(0, |least| least.min(rules.grids.households_min)));
    let high = u64::from(held().max().map_or(0, |most| most.max(rules.grids.households_max)));
    let within = |set: usize| (low..=high).contains(&all.households[set]).then_some(all.inertia[set]);
    let least = all.least(grids, within).expect("the answer itself is such a division");
    let value: u64 = partition.grids.iter().map(|g| g.inertia).sum();
    assert!(partition.inertia_bound <= least, "bound {} over {least}: {says}", partition.inertia_bound);
    assert!(least <= value, "{value} below the least, {least}: {says}");
    Found {
        can_fit: all.can_fit(rules),
        fits: partition.grids.iter().all(|g| g.reason.is_none()),
        grids,
        says,
    }
}

/// Runs many towns; every one that can be divided into the range must be.
fn none_is_missed(
    tries: u64,
    wanted: usize,
    town: impl Fn(&mut Chance) -> (Town, Vec<(usize, usize)>, Rules),
) {
    let (mut possible, mut several) = (0, 0);
    let mut missed = Vec::new();
    for seed in 0..tries {
        let (town, apart, rules) = town(&mut Chance::of(seed));
        let found = divide(town, &apart, &rules);
        assert!(found.can_fit || !found.fits, "found what enumeration does not: {}", found.says);
        possible += usize::from(found.can_fit);
        several += usize::from(found.can_fit && found.grids > 1);
        if found.can_fit && !found.fits {
            let range = (rules.grids.households_min, rules.grids.households_max);
            missed.push(format!("seed {seed}, {range:?}: {}", found.says));
        }
    }
    assert!(several >= wanted, "only {several} of {possible} possible towns have two grids or more");
    assert!(missed.is_empty(), "{} of {possible} missed:\n{}", missed.len(), missed.join("\n"));
}

/// Households so that a division into about `grids` is likely but not certain to exist.
fn with_households(town: Town, atoms: usize, grids: u32, chance: &mut Chance) -> (Town, Rules) {
    let households: Vec<u32> = (0..atoms).map(|_| chance.between(20, 260)).collect();
    let mean = households.iter().sum::<u32>() / grids;
    let slack = chance.between(5, 30);
    let rules = rules_for(mean - mean * slack / 100, mean + mean * slack / 100);
    (town.households(&households), rules)
}

fn atoms_in(drawing: &str) -> usize {
    drawing.chars().filter(char::is_ascii_lowercase).count()
}

#[test]
fn a_division_into_the_range_is_found_if_there_is_one() {
    none_is_missed(160, 60, |chance| {
        let (rows, columns) = [(3, 3), (2, 5), (3, 3), (1, 8)][chance.below(4) as usize];
        let holes = chance.below(3) as usize;
        let drawing = random_drawing(chance, rows, columns, holes);
        let grids = chance.between(2, 3);
        let (town, rules) = with_households(drawn(&drawing), atoms_in(&drawing), grids, chance);
        (town, Vec::new(), rules)
    });
}

#[test]
fn also_in_a_community_in_pieces() {
    none_is_missed(60, 20, |chance| {
        let drawing =
            ["aa.a / aa.a / aa.a", "aaa.. / aaa.. / ....a", "a.a.a / a.a.a"][chance.below(3) as usize];
        let grids = chance.between(2, 3);
        let (town, rules) = with_households(drawn(drawing), atoms_in(drawing), grids, chance);
        (town, Vec::new(), rules)
    });
}

#[test]
fn also_beside_a_river() {
    none_is_missed(60, 20, |chance| {
        // A river from the south closes 1,1-1,2 and 2,1-2,2 but not 0,1-0,2.
        let grids = chance.between(2, 3);
        let (town, rules) = with_households(drawn("aaa / aaa / aaa"), 9, grids, chance);
        (town.river(&[(2.0, 0.0), (2.0, 2.0)]), vec![(4, 5), (7, 8)], rules)
    });
}

#[test]
fn the_bound_is_worth_something() {
    // Two pairs far apart: sending each to its own middle is the best there is, and provably so.
    let place = drawn("aa......aa").place();
    let planned = planned_with(place, &rules_for(15, 25), Seed(1), Parts::PARTITION);
    let partition = planned.plan.partition.as_ref().expect("grids were asked for");
    let value: u64 = partition.grids.iter().map(|g| g.inertia).sum();
    assert_eq!((partition.grids.len(), value), (2, 600_000));
    assert!((599_900..=600_000).contains(&partition.inertia_bound), "{}", partition.inertia_bound);
}
