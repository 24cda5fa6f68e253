//! The grids in force kept, against every division there is; the trade-off and plans to choose from.

use wangge::alternatives;
use wangge::model::place::Place;
use wangge::model::plan::Partition;
use wangge::model::rules::{Keep, Rules};
use wangge::planner::Parts;
use wangge::run::{Run, Seed};

use crate::drawn::{Chance, Planned, Town, drawn, planned_with, rules_for};

fn kept(place: Place, rules: &Rules, keep: Keep) -> Planned {
    let mut rules = rules.clone();
    rules.grids.keep = keep;
    let planned = planned_with(place, &rules, Seed(1), Parts::PARTITION);
    assert_eq!(planned.faults(), [""; 0], "{keep:?}");
    planned
}

fn partition(planned: &Planned) -> &Partition {
    planned.plan.partition.as_ref().expect("grids were asked for")
}

fn moved(planned: &Planned) -> u64 {
    partition(planned).households_moved.expect("a plan is in force")
}

fn in_range(planned: &Planned) -> bool {
    partition(planned).grids.iter().all(|grid| grid.reason.is_none())
}

/// The fewest households moved by any division of three rows of three into three grids of the range.
fn least(place: &Place, rules: &Rules) -> Option<u64> {
    let range = rules.grids.households_min..=rules.grids.households_max;
    let joins = |a: usize, b: usize| {
        let ((r, c), (s, d)) = ((a / 3, a % 3), (b / 3, b % 3));
        r.abs_diff(s) + c.abs_diff(d) == 1
    };
    let whole = |labels: &[u32; 9], grid: u32| {
        let Some(start) = labels.iter().position(|g| *g == grid) else { return false };
        let mut reached = vec![start];
        let mut next = 0;
        while let Some(&at) = reached.get(next) {
            next += 1;
            let more = (0..9).filter(|&b| labels[b] == grid && joins(at, b));
            let more: Vec<usize> = more.filter(|b| !reached.contains(b)).collect();
            reached.extend(more);
        }
        reached.len() == labels.iter().filter(|g| **g == grid).count()
    };
    let mut best = None;
    for number in 0..3usize.pow(9) {
        let labels: [u32; 9] = std::array::from_fn(|a| (number / 3usize.pow(a as u32) % 3) as u32);
        let households =
            |grid: u32| (0..9).filter(|&a| labels[a] == grid).map(|a| place.atoms[a].counts.households).sum();
        let fits = (0..3).all(|grid| range.contains(&households(grid)) && whole(&labels, grid));
        if fits {
            let left = (0..9).filter(|&a| place.atoms[a].grid_in_force != Some(labels[a]));
            let cost: u64 = left.map(|a| u64::from(place.atoms[a].counts.households)).sum();
            best = Some(best.map_or(cost, |held: u64| held.min(cost)));
        }
    }
    best
}

fn random_town(chance: &mut Chance) -> (Town, Rules) {
    let households: Vec<u32> = (0..9).map(|_| [0, 30, 60, 90][chance.below(4) as usize]).collect();
    // One of these grids in force is in two pieces.
    let old = ["123 / 123 / 123", "111 / 223 / 333", "113 / 122 / 312"][chance.below(3) as usize];
    let mean = households.iter().sum::<u32>() / 3;
    let rules = rules_for((mean * 3 / 4).max(1), (mean * 5 / 4).max(1));
    (drawn("aaa / aaa / aaa").households(&households).in_force(old), rules)
}

#[test]
fn strict_is_the_least_of_all_divisions() {
    let mut compared = 0;
    for seed in 0..40 {
        let (town, rules) = random_town(&mut Chance::of(seed));
        let place = town.place();
        let strict = kept(place.clone(), &rules, Keep::Strict);
        let keeping = partition(&strict).keeping.clone().expect("a plan is in force");
        match least(&place, &rules) {
            None => assert_eq!(keeping.strict, 0, "seed {seed}: found what there is not"),
            Some(least) if keeping.fell_back.is_empty() => {
                assert_eq!((moved(&strict), keeping.bound), (least, least), "seed {seed}");
                assert!(in_range(&strict), "seed {seed}");
                let prefer = kept(place, &rules, Keep::Prefer);
                let comparable = in_range(&prefer) && partition(&prefer).grids.len() == 3;
                assert!(!comparable || least <= moved(&prefer), "seed {seed}");
                compared += 1;
            }
            Some(_) => {}
        }
    }
    assert!(compared >= 20, "only {compared} towns were compared");
}

#[test]
fn what_is_in_range_stays() {
    let town = drawn("aaaa.aa / aaaa.aa").in_force("1122.44 / 1122.33");
    let strict = kept(town.place(), &rules_for(20, 40), Keep::Strict);
    assert_eq!(moved(&strict), 0);
    assert_eq!(partition(&strict).grids.len(), 4);
    assert!(partition(&strict).keeping.as_ref().is_some_and(wangge::model::keeping::Keeping::proved));
}

#[test]
fn what_cannot_be_kept_strictly_is_told() {
    let cases =
        [("11.... / 11....", "inhabited atoms"), ("111222 / 333444", "too few"), ("...... / ......", "")];
    for (old, word) in cases {
        let strict = kept(drawn("aaaaaa / aaaaaa").in_force(old).place(), &rules_for(50, 70), Keep::Strict);
        let files = strict.files();
        let text =
            files.iter().find(|(name, _)| name == "plan.json").map(|(_, bytes)| bytes).expect("a plan");
        let summary: serde_json::Value = serde_json::from_slice(text).expect("plan.json is JSON");
        let reason = summary["partition"]["keep"]["fell_back"][0]["reason_en"].as_str().unwrap_or_default();
        assert!(reason.contains(word), "{reason}");
    }
}

fn revised() -> (Place, Rules) {
    let town = drawn("aaaaaa / aaaaaa / aaaaaa / aaaaaa").in_force("111122 / 111122 / 333344 / 333344");
    (town.compounds("xx..yy / xx..yy / ...... / ..zz..").place(), rules_for(50, 70))
}

#[test]
fn the_trade_off_runs_from_free_to_strict() {
    let (place, rules) = revised();
    let planned = kept(place, &rules, Keep::Prefer);
    let rows = alternatives::trade_off(&planned.place, &planned.fabric, &rules, &Run::quiet(Seed(1)));
    assert!(rows.len() >= 5);
    let strict = rows.last().expect("rows");
    assert_eq!(strict.keep, Keep::Strict);
    let heaviest = &rows[rows.len() - 2];
    assert!(heaviest.worth.moved <= rows[0].worth.moved);
    assert!(strict.worth.moved <= heaviest.worth.moved || heaviest.worth.out > 0);
}

#[test]
fn plans_to_choose_from_differ_and_none_outdoes_another() {
    let (place, rules) = revised();
    let planned = kept(place, &rules, Keep::Prefer);
    let choose = || {
        let run = Run::quiet(Seed(1));
        alternatives::choice(&planned.place, &planned.fabric, &rules, partition(&planned), 4, &run)
    };
    let choice = choose();
    assert!(!choice.plans.is_empty() && choice.plans.len() <= 4);
    for (i, one) in choice.plans.iter().enumerate() {
        for (j, other) in choice.plans.iter().enumerate().filter(|(j, _)| *j != i) {
            assert_ne!(one.partition.grid_of, other.partition.grid_of, "{i} and {j}");
            assert_ne!(one.worth, other.worth, "{i} and {j}");
            // The plan's own division stands first whatever it is.
            assert!(j == 0 || !one.worth.dominates(&other.worth), "{i} outdoes {j}");
        }
    }
    let again: Vec<_> = choose().plans.into_iter().map(|plan| plan.partition.grid_of).collect();
    assert_eq!(again, choice.plans.into_iter().map(|plan| plan.partition.grid_of).collect::<Vec<_>>());
}
