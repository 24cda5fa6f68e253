//! Coverage by level and service, and by the centres of one's own community alone.

use serde_json::json;
use wangge::model::ids::CentreId;
use wangge::model::plan::{Coverage, LevelReach};
use wangge::model::rules::{Group, Objective, Rules};
use wangge::model::services;
use wangge::planner::Parts;
use wangge::run::Seed;

use crate::drawn::{Planned, Town, drawn, faults, planned, planned_with};

fn measured(town: Town, rules: &Rules) -> Planned {
    planned_with(town.place(), rules, Seed(1), Parts::COVERAGE)
}

fn coverage(planned: &Planned) -> &Coverage {
    planned.plan.coverage.as_ref().expect("coverage was asked for")
}

fn tied() -> Rules {
    let mut rules = Rules::default();
    rules.coverage.jurisdiction = true;
    rules
}

/// Two communities of two houses; the only centre stands in `b`, at the line between them.
fn at_the_line() -> Town {
    drawn("aabb").centre("c", (2.1, 0.5))
}

#[test]
fn business_tied_to_residence_counts_ones_own_centres_alone() {
    let open = measured(at_the_line(), &Rules::default());
    assert_eq!(coverage(&open).all.covered, 120);
    assert_eq!(open.faults(), [""; 0]);
    let own = measured(at_the_line(), &tied());
    assert_eq!(coverage(&own).all.covered, 60);
    let nearest: Vec<Option<CentreId>> =
        coverage(&own).nearest.iter().map(|walk| walk.map(|(centre, _)| centre)).collect();
    assert_eq!(nearest, [None, None, Some(CentreId(0)), Some(CentreId(0))]);
    assert_eq!(own.faults(), [""; 0]);
    // A centre may belong to another community than the one it stands in.
    let named = measured(
        at_the_line().with_centre(|c| c.community = c.community.map(|_| wangge::model::ids::CommunityId(0))),
        &tied(),
    );
    assert_eq!(coverage(&named).nearest.iter().filter(|walk| walk.is_some()).count(), 2);
    assert_eq!(named.faults(), [""; 0]);
    // The other reading is found out.
    assert!(!faults(&own.place, &Rules::default(), &own.written()).is_empty());
}

#[test]
fn sites_too_serve_their_own_community_when_business_is_tied() {
    let town = at_the_line().candidate("p", (1.9, 0.5)).candidate("q", (3.5, 0.5));
    for (mut rules, expected) in [(Rules::default(), None), (tied(), Some(0))] {
        rules.siting.new = 1;
        rules.siting.objective = Objective::Cover;
        let planned = planned(town.clone().place(), &rules);
        let siting = planned.plan.siting.as_ref().expect("sites were asked for");
        assert_eq!(siting.chosen.first().map(|chosen| chosen.candidate.0), expected);
        assert_eq!(planned.faults(), [""; 0]);
    }
}

fn of_level(planned: &Planned, level: u8) -> &LevelReach {
    coverage(planned).levels.iter().find(|of| of.level == level).expect("the level has a centre")
}

/// A row of twelve houses; a community's centre at the west end, a corner station and a closed one at the
/// east end, the town's in the middle.
fn levels() -> Town {
    let row = drawn("aaaaaaaaaaaa").centre("c", (0.5, 0.5)).with_centre(|c| {
        c.functions = services::functions("老年食堂、桥牌");
    });
    let corner = row.centre("d", (11.5, 0.5)).with_centre(|c| c.level = Some(5));
    let town = corner.centre("e", (6.5, 0.5)).with_centre(|c| {
        c.level = Some(3);
        c.functions = services::functions("儿童之家;食堂");
    });
    town.centre("f", (9.5, 0.5)).with_centre(|c| c.open = false)
}

#[test]
fn every_level_has_its_own_radius_and_raises_no_other() {
    let planned = measured(levels(), &Rules::default());
    let found: Vec<(u8, u32, u64)> =
        coverage(&planned).levels.iter().map(|of| (of.level, of.centres, of.reach[0].covered)).collect();
    // 990 m and 330 m of walking are 761 and 253 m in a straight line.
    assert_eq!(found, [(3, 1, 12 * 30), (4, 1, 8 * 30), (5, 1, 3 * 30)]);
    assert_eq!(planned.faults(), [""; 0]);
    let mut rules = Rules::default();
    rules.coverage.level_within_s[4] = 60;
    let short = measured(levels(), &rules);
    assert_eq!(of_level(&short, 5).reach[0].covered, 30);
    assert_eq!(short.faults(), [""; 0]);
}

#[test]
fn a_service_is_counted_for_those_it_is_for() {
    let planned = measured(levels(), &Rules::default());
    let own = |level: u8| -> Vec<(String, Group, u32)> {
        let services = of_level(&planned, level).services.iter();
        services.map(|s| (s.service.clone(), s.users, s.centres)).collect()
    };
    assert_eq!(own(4), [("养老助餐".to_owned(), Group::Older, 1), ("桥牌".to_owned(), Group::Adult, 1)]);
    assert_eq!(own(3), [("儿童之家".to_owned(), Group::Child, 1), ("养老助餐".to_owned(), Group::Older, 1)]);
    let meals = &of_level(&planned, 4).services[0].reach;
    let older: u64 = planned.fabric.counts.iter().map(|c| u64::from(c.older)).sum();
    assert_eq!(meals.population, older);
    assert!(meals.covered > 0 && meals.covered < older, "older people walk slower than 990 m");
    assert_eq!(meals.covered, of_level(&planned, 4).reach[1].covered);
}

#[test]
fn a_centre_too_small_does_not_count() {
    let mut rules = Rules::default();
    rules.coverage.area_m2_min = 500;
    let with = |area: Option<f64>| measured(at_the_line().with_centre(|c| c.site.area_m2 = area), &rules);
    for (area, covered) in [(None, 0), (Some(499.0), 0), (Some(500.0), 120)] {
        let planned = with(area);
        assert_eq!(coverage(&planned).all.covered, covered, "{area:?}");
        assert_eq!(planned.faults(), [""; 0]);
    }
}

#[test]
fn levels_and_services_that_are_wrong_are_found() {
    let planned = measured(levels(), &Rules::default());
    let found = |path: &str, value: serde_json::Value| {
        let mut written = planned.written();
        *written.summary.pointer_mut(path).expect("the key is written") = value;
        faults(&planned.place, &planned.rules, &written).join("\n")
    };
    let level = "/coverage/levels/1";
    assert!(found(&format!("{level}/covered"), json!(270)).contains("levels.1.covered is written as 270"));
    assert!(found(&format!("{level}/centres"), json!(2)).contains("levels.1.centres"));
    assert!(found(&format!("{level}/services/0/covered"), json!(1)).contains("levels.1.services.0.covered"));
    assert!(found(&format!("{level}/services/1/service"), json!("围棋")).contains("levels.1.services"));
    assert!(found(&format!("{level}/older/covered"), json!(0)).contains("levels.1.older.covered"));
    assert!(found("/coverage/levels", json!([])).contains("coverage.levels is written as 0"));
}
