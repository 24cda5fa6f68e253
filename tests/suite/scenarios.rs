//! Scenarios: places and rules as they say, the best choice of each, and what each choice loses.

use wangge::model::rules::{Objective, Rules};
use wangge::model::scenario::{Comparison, Scenario, Scenarios};
use wangge::network::{StraightLine, TravelTimes as _};
use wangge::planner::{self, Parts};
use wangge::run::{Run, Seed};
use wangge::scenarios;

use crate::drawn::{Town, drawn, planned_with};

fn town() -> Town {
    drawn("aaaaaaaabbbbbbbb / aaaaaaaabbbbbbbb / aaaaaaaabbbbbbbb")
        .households(&(0..48).map(|i| 10 + i * 7 % 31).collect::<Vec<_>>())
        .centre("c0", (1.0, 1.5))
        .candidate("s0", (4.0, 1.5))
        .candidate("s1", (8.0, 0.5))
        .candidate("s2", (12.0, 2.5))
        .candidate("s3", (15.0, 1.5))
}

fn rules() -> Rules {
    let mut rules = Rules::default();
    rules.walking.within_s = 320;
    (rules.siting.new, rules.siting.objective) = (1, Objective::Cover);
    rules
}

fn read(text: &str) -> Scenarios {
    let scenarios: Scenarios = toml::from_str(text).expect("it is TOML");
    assert_eq!(scenarios.faults(), [""; 0]);
    scenarios
}

fn compared(asked: &[Scenario]) -> Comparison {
    let mut place = town().place();
    let run = Run::quiet(Seed(1));
    let rules: Vec<Rules> = asked.iter().map(|s| scenarios::rules_of(s, &rules()).expect("sound")).collect();
    let fabric = planner::prepare(&mut place, &rules[0], &run);
    assert_eq!(StraightLine::by(&rules[0]).model(), "straight");
    scenarios::compare(&place, &fabric, asked, &rules, None, &run)
}

const ASKED: &str = r#"
[[scenario]]
name = "as it is"
[[scenario]]
name = "the east grows"
communities = { b = 4.0 }
[[scenario]]
name = "closed and slow"
close = ["c0"]
adult_m_per_s = 0.7
[[scenario]]
name = "s1 is gone"
forbid = ["s1"]
new = 2
"#;

#[test]
fn every_scenario_has_its_own_best_choice() {
    let asked = read(ASKED);
    let found = compared(&asked.scenario);
    for (i, (scenario, told)) in asked.scenario.iter().zip(&found.scenarios).enumerate() {
        let place = scenarios::place_of(scenario, &town().place());
        let rules = scenarios::rules_of(scenario, &rules()).expect("sound");
        let alone = planned_with(place, &rules, Seed(1), Parts::SITING);
        let siting = alone.plan.siting.as_ref().expect("sites were asked for");
        assert_eq!((told.value, told.bound), (siting.value, siting.bound), "{}", scenario.name);
        let least = found.plans.iter().filter_map(|plan| plan.regrets[i]).min();
        assert_eq!(least, Some(0), "some plan is best for {}", scenario.name);
    }
    let before: u32 = town().place().atoms.iter().map(|a| a.counts.population).sum();
    assert_eq!(found.scenarios[0].people, u64::from(before));
    assert!(found.scenarios[1].people > u64::from(before));
    for plan in &found.plans {
        if plan.sites.contains(&"s1".to_owned()) {
            assert_eq!(plan.values[3], None, "a site that is gone is not chosen");
        }
    }
}

#[test]
fn the_robust_choice_loses_least_at_worst() {
    let asked = read(ASKED);
    let found = compared(&asked.scenario);
    let robust = found.plans[found.robust].worst().expect("it can be chosen everywhere");
    assert!(
        found
            .plans
            .iter()
            .filter_map(wangge::model::scenario::ComparedPlan::worst)
            .all(|worst| robust <= worst)
    );
    // Every single site, weighed by a plan of its own: none loses less at worst.
    for only in ["s0", "s2", "s3"] {
        let worst = asked.scenario.iter().zip(&found.scenarios).map(|(scenario, best)| {
            let place = scenarios::place_of(scenario, &town().place());
            let mut rules = scenarios::rules_of(scenario, &rules()).expect("sound");
            rules.siting.force = vec![only.to_owned()];
            rules.siting.new = 1;
            let planned = planned_with(place, &rules, Seed(1), Parts::SITING);
            let value = planned.plan.siting.as_ref().expect("sites were asked for").value;
            (best.value - value) * 10_000 / best.value
        });
        let worst = worst.max().expect("there are scenarios");
        assert!(robust <= worst + 1, "{only}: {robust} against {worst}");
    }
}

#[test]
fn nonsense_is_told() {
    let faults = |text: &str| toml::from_str::<Scenarios>(text).map(|s| s.faults().len());
    assert_eq!(faults("scenario = []"), Ok(1));
    assert_eq!(faults("[[scenario]]\nname = ''\npopulation = -1.0"), Ok(2));
    assert_eq!(faults("[[scenario]]\nname = 'a'\n[[scenario]]\nname = 'a'\nwithin_minutes = 0"), Ok(2));
    assert!(faults("[[scenario]]\nname = 'a'\npeople = 3").is_err(), "an unknown key");
    let asked = read("[[scenario]]\nname = 'a'\nclose = ['x']\nforbid = ['y']\ncommunities = { z = 2.0 }");
    let place = town().place();
    let unknown = scenarios::unknown_codes(&place, &asked.scenario);
    assert_eq!(unknown, [("a", "community", "z"), ("a", "centre", "x"), ("a", "candidate", "y")]);
}
