//! Verification is not blind: each fault is named, and nothing else is.

use serde_json::json;
use wangge::model::place::Place;
use wangge::model::rules::{Objective, Rules};
use wangge::model::units::Counts;
use wangge::model::written::{Assignment, GridRow, WrittenPlan};

use crate::drawn::{CELL_M, Town, drawn, faults, planned, rules_for};

/// The plan whose grids a second drawing shows, told truly but for one thing: a grid in pieces is
/// called whole, so that its pieces are the reader's to find.
fn told(town: &Town, grids: &str, rules: &Rules) -> WrittenPlan {
    let place = town.clone().place();
    let groups = town.groups(grids);
    let code = |letter: char| format!("a00{}", 1 + u32::from(letter) - u32::from('a'));
    let index = |atom: &String| place.atoms.iter().position(|a| a.code == *atom).expect("drawn");
    let mut assignments = Vec::new();
    let mut rows = Vec::new();
    for (&letter, atoms) in &groups {
        let own: Vec<usize> = atoms.iter().map(index).collect();
        for &a in &own {
            let community = place.communities[place.atoms[a].community.index()].code.clone();
            assignments.push(Assignment { atom: place.atoms[a].code.clone(), community, grid: code(letter) });
        }
        let (moment, duty) = own.iter().map(|&c| (moment(&place, &own, c), c)).min().expect("not empty");
        let sum = |of: fn(&Counts) -> u32| own.iter().map(|&a| u64::from(of(&place.atoms[a].counts))).sum();
        rows.push(GridRow {
            code: code(letter),
            community: place.communities[place.atoms[own[0]].community.index()].code.clone(),
            households: sum(|c| c.households),
            population: sum(|c| c.population),
            pieces: 1,
            moment_of_inertia: moment,
            duty_point: place.atoms[duty].code.clone(),
            area_m2: own.len() as f64 * CELL_M * CELL_M,
            polsby_popper: 1.0,
        });
    }
    assignments.sort_by(|p, q| p.atom.cmp(&q.atom));
    let households: Vec<f64> = rows.iter().map(|row| row.households as f64).collect();
    let mean = households.iter().sum::<f64>() / rows.len() as f64;
    let largest = households.iter().copied().fold(0.0, f64::max);
    let variance = households.iter().map(|h| (h - mean).powi(2)).sum::<f64>() / rows.len() as f64;
    let range = u64::from(rules.grids.households_min)..=u64::from(rules.grids.households_max);
    let inertia: u64 = rows.iter().map(|row| row.moment_of_inertia).sum();
    let total = |of: fn(&Counts) -> u32| place.atoms.iter().map(|a| u64::from(of(&a.counts))).sum::<u64>();
    let worth = |code: &str| {
        let own = || rows.iter().filter(|row| row.community == code);
        let moment: u64 = own().map(|row| row.moment_of_inertia).sum();
        json!({
            "community": code, "grids": own().count(), "value": 7.5, "bound": 6.0, "gap": 0.2,
            "status": "gap", "moment_of_inertia": moment, "moment_bound": moment,
        })
    };
    let communities: Vec<_> = place.communities.iter().map(|c| worth(&c.code)).collect();
    let summary = json!({
        "place": {
            "communities": place.communities.len(),
            "atoms": place.atoms.len(),
            "population": total(|c| c.population),
            "households": total(|c| c.households),
        },
        "partition": {
            "grids": rows.len(),
            "in_range": rows.iter().filter(|row| range.contains(&row.households)).count(),
            "out_of_range": [],
            "disconnected": 0,
            "empty": 0,
            "largest_over_mean": largest / mean,
            "coefficient_of_variation": variance.sqrt() / mean,
            "moment_of_inertia": inertia,
            "bound": inertia,
            "gap": 0.0,
            "polsby_popper_mean": 1.0,
            "compounds_split": 0,
            "barriers_crossed": 0,
            "households_moved": null,
            "codes_kept": 0,
            "objective": {
                "value": 7.5 * communities.len() as f64,
                "bound": 6.0 * communities.len() as f64,
                "communities_proved": 0,
                "status": "gap",
            },
            "communities": communities,
        },
    });
    WrittenPlan { summary, assignments: Some(assignments), grids: Some(rows), ..WrittenPlan::default() }
}

fn moment(place: &Place, atoms: &[usize], centre: usize) -> u64 {
    let c = place.atoms[centre].anchor;
    let of = |&a: &usize| {
        let p = place.atoms[a].anchor;
        let square = (p.x() - c.x()).powi(2) + (p.y() - c.y()).powi(2);
        u64::from(place.atoms[a].counts.population) * square.round() as u64
    };
    atoms.iter().map(of).sum()
}

/// Each letter of the second drawing is a grid; `.` is an atom left out.
#[test]
fn drawings_with_faults() {
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("two halves", "aaa / aaa", "aab / abb", &[]),
        ("one grid", "aaa / aaa", "aaa / aaa", &[]),
        (
            "corners do not join",
            "aa / aa",
            "ab / ba",
            &["grid a001 is in 2 pieces", "grid a002 is in 2 pieces"],
        ),
        ("three apart", "aaaaa", "ababa", &["grid a001 is in 3 pieces", "grid a002 is in 2 pieces"]),
        ("an enclave inside", "aaa / aaa / aaa", "aaa / aba / aaa", &[]),
        ("a hole in the middle", "aaa / aaa / aaa", "aaa / a.a / aaa", &["atom 1,1 is in no grid"]),
        ("two left out", "aaa / aaa", "aa. / aa.", &["atom 0,2 is in no grid", "atom 1,2 is in no grid"]),
        (
            "across the line",
            "ab / ab",
            "aa / bb",
            &["grid a001 crosses the line between a, b", "grid a002 crosses the line between a, b"],
        ),
        ("an island may be far", "aa.a", "aa.a", &[]),
        ("but not more than there are", "aa.aa", "ab.ab", &[]),
        ("an island and a split", "aaa.a", "aba.a", &["grid a001 is in 3 pieces"]),
        (
            "another community's code",
            "ab",
            "ab",
            &["the code a002 is neither the community's code and three digits nor inherited"],
        ),
    ];
    let rules = rules_for(1, 1000);
    for (name, place, grids, expected) in cases {
        let town = drawn(place);
        let mut found = faults(&town.clone().place(), &rules, &told(&town, grids, &rules));
        // A grid in pieces that is called whole is also told wrong; an island's pieces are allowed.
        found.retain(|fault| !fault.contains("pieces is written as"));
        assert_eq!(found, *expected, "{name}: {place}, {grids}");
    }
}

#[test]
fn rivers_part_and_bridges_join() {
    let rules = rules_for(1, 1000);
    let closed = drawn("aa / aa").river(&[(1.0, 0.0), (1.0, 2.0)]);
    let open = closed.clone().opening((1.0, 0.5));
    let walled = drawn("aa / aa").wall(&[(1.0, 0.0), (1.0, 2.0)]);
    let gated = walled.clone().opening((1.0, 0.5));
    let in_two: &[&str] = &[
        "a001 pieces is written as 1, but is 2",
        "a002 pieces is written as 1, but is 2",
        "partition.barriers_crossed is written as 0, but is 2",
    ];
    let cases: [(&str, &Town, &str, &[&str]); 6] = [
        ("beside the river", &closed, "ab / ab", &[]),
        // The community itself is in two pieces, so two are allowed, and said to cross.
        ("over the river", &closed, "aa / bb", in_two),
        ("over the bridge", &open, "aa / aa", &["partition.barriers_crossed is written as 0, but is 1"]),
        (
            "past the bridge",
            &open,
            "aa / bb",
            &[
                "a001 pieces is written as 1, but is 2",
                "grid a001 is in 2 pieces",
                "partition.barriers_crossed is written as 0, but is 1",
            ],
        ),
        ("through a wall", &walled, "aa / bb", in_two),
        ("a wall with a gate parts nobody", &gated, "aa / bb", &[]),
    ];
    for (name, town, grids, expected) in cases {
        let found = faults(&town.clone().place(), &rules, &told(town, grids, &rules));
        assert_eq!(found, *expected, "{name}");
    }
}

type Tamper = fn(&mut WrittenPlan);

fn rows(plan: &mut WrittenPlan) -> &mut Vec<GridRow> {
    plan.grids.as_mut().expect("told with grids")
}

fn lines(plan: &mut WrittenPlan) -> &mut Vec<Assignment> {
    plan.assignments.as_mut().expect("told with assignments")
}

#[test]
fn words_and_figures_that_are_wrong() {
    let cases: &[(&str, Tamper, &[&str])] = &[
        ("nothing", |_| (), &[]),
        (
            "an atom twice",
            |p| {
                let again = lines(p)[0].clone();
                lines(p).push(Assignment { grid: "a002".to_owned(), ..again });
            },
            &["atom 0,0 is in two grids"],
        ),
        (
            "an atom from nowhere",
            |p| lines(p)[3].atom = "9,9".to_owned(),
            &[
                "assignments.csv: 9,9 is no atom of the place",
                "atom 1,0 is in no grid",
                "a001 households is written as 30, but is 20",
                "a001 population is written as 90, but is 60",
                "a001 moment_of_inertia is written as 600000, but is 300000",
            ],
        ),
        (
            "another community",
            |p| lines(p)[0].community = "b".to_owned(),
            &["atom 0,0 is put in community b, but lies in a"],
        ),
        (
            "a grid without a word",
            |p| {
                rows(p).pop();
            },
            &[
                "grid a002 is assigned to but not described",
                "partition.grids is written as 2, but is 1",
                "partition.in_range is written as 2, but is 1",
                "partition.moment_of_inertia is written as 1200000, but is 600000",
                "partition: the value 600000 is better than the bound 1200000",
                "a grids is written as 2, but is 1",
                "a moment_of_inertia is written as 1200000, but is 600000",
                "partition.communities: the value a 600000 is better than the bound 1200000",
            ],
        ),
        (
            "a grid of nothing",
            |p| {
                let ghost = GridRow { code: "a007".to_owned(), ..rows(p)[1].clone() };
                rows(p).push(ghost);
            },
            &[
                "grid a007 holds no atom",
                "partition.grids is written as 2, but is 3",
                "partition.in_range is written as 2, but is 3",
                "partition.moment_of_inertia is written as 1200000, but is 1800000",
                "partition.gap is written as 0.0, but is 0.3333333333333333",
                "a grids is written as 2, but is 3",
                "a moment_of_inertia is written as 1200000, but is 1800000",
            ],
        ),
        (
            "a household too many",
            |p| {
                rows(p)[0].households += 1;
                p.summary["partition"]["largest_over_mean"] = json!(31.0 / 30.5);
                p.summary["partition"]["coefficient_of_variation"] = json!(0.5 / 30.5);
            },
            &["a001 households is written as 31, but is 30"],
        ),
        (
            "a person too few",
            |p| rows(p)[1].population -= 1,
            &["a002 population is written as 89, but is 90"],
        ),
        (
            "a duty point off the middle",
            |p| rows(p)[0].duty_point = "1,0".to_owned(),
            &["a001 moment around its duty point is written as 900000, but is 600000"],
        ),
        (
            "a bound too good",
            |p| p.summary["partition"]["bound"] = json!(1_200_001),
            &[
                "partition: the value 1200000 is better than the bound 1200001",
                "partition.bound is written as 1200001, but is 1200000",
            ],
        ),
        (
            "a gap made smaller",
            |p| p.summary["partition"]["bound"] = json!(600_000),
            &[
                "partition.gap is written as 0.0, but is 0.5",
                "partition.bound is written as 600000, but is 1200000",
            ],
        ),
        (
            "a community said to be best",
            |p| p.summary["partition"]["communities"][0]["status"] = json!("optimal"),
            &[
                "the status a \"optimal\" does not follow from value and bound",
                "partition.objective.communities_proved is written as 0, but is 1",
                "the status \"gap\" does not follow from value and bound",
            ],
        ),
        (
            "a community's bound too good",
            |p| p.summary["partition"]["communities"][0]["bound"] = json!(8.0),
            &[
                "partition.communities: the value a 7.5 is better than the bound 8.0",
                "a gap is written as 0.2, but is -0.06666666666666667",
                "partition.objective.bound is written as 6.0, but is 8",
            ],
        ),
        (
            "totals",
            |p| p.summary["place"]["population"] = json!(181),
            &["place.population is written as 181, but is 180"],
        ),
        (
            "a reason for nothing",
            |p| {
                p.summary["partition"]["out_of_range"] =
                    json!([{"grid": "a001", "households": 30, "reason": "so"}]);
            },
            &["grid a001 is in range and yet listed as out of it"],
        ),
        ("no table", |p| p.assignments = None, &["assignments.csv is missing"]),
        ("no layer", |p| p.grids = None, &["grids.geojson is missing"]),
    ];
    let town = drawn("aab / abb".replace('b', "a").as_str());
    let rules = rules_for(1, 1000);
    for (name, tamper, expected) in cases {
        let mut plan = told(&town, "aab / abb", &rules);
        tamper(&mut plan);
        assert_eq!(faults(&town.clone().place(), &rules, &plan), *expected, "{name}");
    }
}

#[test]
fn out_of_range_without_a_reason() {
    let rules = rules_for(25, 35);
    let town = drawn("aaa / aaa");
    let found = faults(&town.clone().place(), &rules, &told(&town, "aaa / abb", &rules));
    assert_eq!(
        found,
        [
            "grid a001 with 40 households is out of range without a reason",
            "grid a002 with 20 households is out of range without a reason",
        ]
    );
}

#[test]
fn compounds_cut_in_two() {
    let rules = rules_for(1, 1000);
    let town = drawn("aaa / aaa").compounds("xx. / yyy");
    let found = faults(&town.clone().place(), &rules, &told(&town, "aab / abb", &rules));
    assert_eq!(found, ["partition.compounds_split is written as 0, but is 1"]);
}

/// A person too many in a large city is a person too many.
#[test]
fn no_tolerance_on_counts() {
    let rules = rules_for(1, 1_000_000);
    let town = drawn("aa").households(&[450_000, 450_000]);
    let mut plan = told(&town, "aa", &rules);
    plan.summary["place"]["population"] = json!(2_700_001);
    let found = faults(&town.place(), &rules, &plan);
    assert_eq!(found, ["place.population is written as 2700001, but is 2700000"]);
}

/// A row of eleven atoms with a centre at the western end and candidates along it.
fn street() -> Town {
    drawn("aaaaaaaaaaa")
        .centre("c", (0.5, 0.5))
        .candidate("s0", (1.5, 0.5))
        .candidate("s1", (5.5, 0.5))
        .candidate("s2", (9.5, 0.5))
}

/// Coverage and sites as the planner writes them, then one thing changed.
#[test]
fn coverage_and_sites_that_are_wrong() {
    let cases: &[(&str, Tamper, &[&str])] = &[
        ("nothing", |_| (), &[]),
        (
            "minutes",
            |p| p.coverage.as_mut().expect("measured")[3].minutes = Some(5.908),
            &["coverage of 00,03 minutes is written as 5.908, but is 5.909"],
        ),
        (
            "covered",
            |p| p.coverage.as_mut().expect("measured")[9].covered = true,
            &["coverage of 00,09 covered is written as true, but is false"],
        ),
        (
            "people",
            |p| p.coverage.as_mut().expect("measured")[0].population = 29,
            &["coverage of 00,00 population is written as 29, but is 30"],
        ),
        (
            "nowhere",
            |p| p.coverage.as_mut().expect("measured")[0].centre = Some("d".to_owned()),
            &["coverage of 00,00 centre is written as d, but is another one, nearer"],
        ),
        (
            "a line short",
            |p| {
                p.coverage.as_mut().expect("measured").pop();
            },
            &["atom 00,10 is in no grid"],
        ),
        (
            "a share",
            |p| p.summary["coverage"]["share"] = json!(0.5),
            &["coverage.share is written as 0.5, but is 0.2727272727272727"],
        ),
        (
            "a group",
            |p| p.summary["coverage"]["groups"]["older"]["covered"] = json!(19),
            &["coverage.groups.older.covered is written as 19, but is 12"],
        ),
        (
            "people newly covered",
            |p| p.siting.as_mut().expect("chosen")[0].newly_covered = Some(151),
            &["siting of s1 newly_covered is written as Some(151), but is 150"],
        ),
        (
            "people covered after",
            |p| p.summary["siting"]["covered_after"] = json!(241),
            &["siting.covered_after is written as 241, but is 240"],
        ),
        (
            "a site that is none",
            |p| p.summary["siting"]["chosen"] = json!(["s9"]),
            &[
                "chosen site s9 is no candidate that may be chosen",
                "siting.csv ranks is written as s1, but is ",
                "siting.new is written as 1, but is 0",
                "siting.covered_after is written as 240, but is 90",
                "siting.value is written as 150, but is 0",
                "the status optimal does not follow from value and bound",
                "called optimal at 240, but a choice with 120 exists",
            ],
        ),
        (
            "better than its bound",
            |p| p.summary["siting"]["bound"] = json!(149),
            &[
                "siting: the value 150 is better than the bound 149",
                "the status optimal does not follow from value and bound",
            ],
        ),
        (
            "modest about its status",
            |p| p.summary["siting"]["status"] = json!("gap"),
            &["the status gap does not follow from value and bound"],
        ),
        ("no table", |p| p.coverage = None, &["coverage.csv is missing"]),
    ];
    let mut rules = rules_for(1, 1000);
    // 267 m on the ground: two atoms on either side.
    rules.walking.within_s = 315;
    (rules.siting.new, rules.siting.objective) = (1, Objective::Cover);
    let planned = planned(street().place(), &rules);
    for (name, tamper, expected) in cases {
        let mut written = planned.written();
        tamper(&mut written);
        assert_eq!(faults(&planned.place, &rules, &written), *expected, "{name}");
    }
}

#[test]
fn a_choice_called_best_is_tried_against_all_others() {
    let mut rules = rules_for(1, 1000);
    rules.walking.within_s = 315;
    rules.siting.new = 1;
    // The planner is shown fewer candidates than the verifier.
    let mut poor = street().place();
    poor.candidates.retain(|c| c.site.code != "s1");
    let written = planned(poor, &rules).written();
    let found = faults(&street().place(), &rules, &written);
    assert_eq!(
        found,
        [
            "siting.csv rows is written as 2, but is 3",
            "siting.out_of_reach.people is written as 90, but is 0",
            "called optimal at 120, but a choice with 90 exists",
        ]
    );
}
