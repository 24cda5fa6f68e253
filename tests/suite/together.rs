//! Several services in one building, and levels sited together.

use serde_json::json;
use wangge::model::plan::Together;
use wangge::model::rules::{LevelWish, Rules, ServiceWish};
use wangge::model::services;

use crate::drawn::{Chance, Planned, Town, drawn, faults, planned};

/// A row of twenty houses with candidates of different floor; a canteen stands at the west end.
fn row() -> Town {
    let town = drawn("aaaaaaaaaaaaaaaaaaaa").centre("c", (0.5, 0.5)).with_centre(|centre| {
        centre.functions = services::functions("食堂");
    });
    let mut town = town;
    for (i, x) in [3.5, 8.5, 12.5, 16.5].into_iter().enumerate() {
        town = town.candidate(&format!("s{i}"), (x, 0.5));
    }
    town
}

fn wished(services: &[(&str, u32)], levels: &[(u8, u32)], new: u32) -> Rules {
    let mut rules = Rules::default();
    let wish =
        |(service, area_m2): &(&str, u32)| ServiceWish { service: (*service).to_owned(), area_m2: *area_m2 };
    rules.siting.services = services.iter().map(wish).collect();
    rules.siting.levels = levels.iter().map(|&(level, new)| LevelWish { level, new }).collect();
    rules.siting.new = new;
    rules
}

fn sited(areas: [Option<f64>; 4], rules: &Rules) -> Planned {
    let mut place = row().place();
    for (candidate, area) in place.candidates.iter_mut().zip(areas) {
        candidate.site.area_m2 = area;
    }
    planned(place, rules)
}

fn together(planned: &Planned) -> &Together {
    planned.plan.together.as_ref().expect("services or levels were wished for")
}

#[test]
fn services_share_a_building_as_far_as_its_floor_goes() {
    let rules = wished(&[("养老助餐", 150), ("会议室", 60)], &[], 1);
    // The best place holds one of them, another holds both.
    let small = sited([None, Some(160.0), Some(210.0), Some(100.0)], &rules);
    assert_eq!(small.faults(), [""; 0]);
    let found = together(&small);
    assert!(found.complete);
    assert_eq!(found.chosen.len(), 1);
    assert_eq!((found.chosen[0].candidate.0, found.chosen[0].inside.len()), (2, 2));
    assert_eq!(found.value, found.wished.iter().map(|wish| wish.newly).sum::<u64>());
    assert!(found.wished[0].before > 0, "the canteen that stands serves some already");
    assert_eq!(found.wished[1].before, 0);
    // Nothing is put where nothing is known of the floor.
    let nowhere = sited([None; 4], &rules);
    assert_eq!((together(&nowhere).value, together(&nowhere).chosen.len()), (0, 0));
    assert_eq!(nowhere.faults(), [""; 0]);
}

#[test]
fn levels_stand_one_to_a_building_and_never_for_another() {
    let rules = wished(&[], &[(4, 1), (5, 2)], 3);
    let planned = sited([None; 4], &rules);
    assert_eq!(planned.faults(), [""; 0]);
    let found = together(&planned);
    let mut of = [0; 2];
    for placed in &found.chosen {
        assert_eq!(placed.inside.len(), 1);
        of[placed.inside[0].0 as usize] += 1;
    }
    assert!(of[0] <= 1 && of[1] <= 2, "{of:?}");
    // The community's centre is there; a corner station is not, whatever else stands.
    assert!(found.wished[0].before > 0);
    assert_eq!(found.wished[1].before, 0);
    assert!(found.wished[1].newly > 0);
}

#[test]
fn what_is_wrong_with_them_is_found() {
    let rules = wished(&[("养老助餐", 150), ("会议室", 60)], &[], 2);
    let planned = sited([Some(210.0), Some(160.0), Some(210.0), Some(100.0)], &rules);
    assert_eq!(planned.faults(), [""; 0]);
    let found = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut written = planned.written();
        change(&mut written.summary["together"]);
        faults(&planned.place, &planned.rules, &written).join("\n")
    };
    assert!(found(&|keys| keys["value"] = json!(1)).contains("together.value"));
    assert!(found(&|keys| keys["bound"] = json!(1)).contains("together"));
    assert!(found(&|keys| keys["status"] = json!("gap")).contains("gap"));
    assert!(found(&|keys| keys["chosen"][0]["candidate"] = json!("s9")).contains("s9"));
    assert!(
        found(&|keys| keys["chosen"][0]["inside"][0]["newly_covered"] = json!(7)).contains("newly_covered")
    );
    let crowd = found(&|keys| {
        let twice = keys["chosen"][0]["inside"][0].clone();
        keys["chosen"][0]["inside"].as_array_mut().expect("a list").extend([twice.clone(), twice]);
    });
    assert!(crowd.contains("together: floor of"), "{crowd}");
    let mut silent = planned.written();
    silent.summary["together"] = serde_json::Value::Null;
    assert!(!faults(&planned.place, &planned.rules, &silent).is_empty());
}

/// Every choice of what goes where, in small random towns.
#[test]
fn nothing_better_is_left() {
    for seed in 0..40 {
        let mut chance = Chance::of(3_000 + seed);
        let mut rules = wished(&[("养老助餐", 100), ("会议室", 60)], &[], chance.between(1, 3));
        rules.walking.within_s = chance.between(120, 600);
        let areas = std::array::from_fn(|_| Some([50.0, 70.0, 110.0, 170.0][chance.below(4) as usize]));
        let planned = sited(areas, &rules);
        assert_eq!(planned.faults(), [""; 0], "seed {seed}");
        let found = together(&planned);
        let place = &planned.place;
        // Metres in a straight line that each group walks in time.
        let seconds = f64::from(rules.walking.within_s);
        let reach = [0.8 * seconds / 1.3, 1.1 * seconds / 1.3];
        let users = |atom: usize, service: usize| {
            let counts = place.atoms[atom].counts;
            u64::from(if service == 0 { counts.older } else { counts.population })
        };
        let near = |atom: usize, at: geo::Point<f64>, service: usize| {
            (place.atoms[atom].anchor.x() - at.x()).abs() <= reach[service]
        };
        let value = |choice: usize| -> Option<u64> {
            let inside = |building: usize, service: usize| choice >> (2 * building + service) & 1 == 1;
            let used = (0..4).filter(|b| inside(*b, 0) || inside(*b, 1)).count();
            let takes = |b: usize| {
                100.0 * f64::from(u8::from(inside(b, 0))) + 60.0 * f64::from(u8::from(inside(b, 1)))
            };
            let fits = (0..4).all(|b| takes(b) <= areas[b].unwrap_or(0.0));
            let served = |atom: usize, service: usize| {
                let stands = service == 0 && near(atom, place.centres[0].site.at, 0);
                let placed =
                    (0..4).any(|b| inside(b, service) && near(atom, place.candidates[b].site.at, service));
                !stands && placed
            };
            let all = (0..place.atoms.len()).flat_map(|atom| [(atom, 0), (atom, 1)]);
            let sum = all.filter(|(a, s)| served(*a, *s)).map(|(a, s)| users(a, s)).sum();
            (used <= rules.siting.new as usize && fits).then_some(sum)
        };
        let best = (0..256).filter_map(value).max();
        assert_eq!(Some(found.value), best, "seed {seed}");
        assert!(found.complete);
    }
}
