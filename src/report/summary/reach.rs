//! Coverage in figures: of all, of groups, of levels and services, and the floor there is.

use serde_json::{Value, json};

use super::{minutes, six};
use crate::model::plan::{Coverage, LevelReach, Reach, ServiceReach};
use crate::model::rules::Group;
use crate::model::services;
use crate::report::Subject;
use crate::report::ledgers::LEVELS;

fn reach_keys(reach: &Reach) -> Value {
    json!({
        "population": reach.population,
        "covered": reach.covered,
        "share": if reach.population == 0 { Value::Null } else { json!(six(reach.share())) },
        "mean_minutes": minutes(reach.mean()),
        "p90_minutes": minutes(reach.p90),
        "longest_minutes": minutes(reach.longest),
    })
}

pub(super) fn coverage_keys(subject: &Subject<'_>, coverage: &Coverage) -> Value {
    let mut keys = reach_keys(&coverage.all);
    keys["within_minutes"] = minutes(Some(coverage.within));
    keys["model"] = json!(subject.model);
    keys["estimated"] = json!(subject.model == "straight");
    let qualifying =
        |c: &&crate::model::place::Centre| c.serves(subject.rules.siting.level, &subject.rules.coverage);
    keys["centres"] = json!({
        "all": subject.place.centres.len(),
        "counted": subject.place.centres.iter().filter(qualifying).count(),
    });
    let mut groups = json!({});
    for (group, reach) in Group::ALL.iter().zip(&coverage.groups) {
        groups[group.name()] = reach_keys(reach);
    }
    keys["groups"] = groups;
    keys["jurisdiction"] = json!(subject.rules.coverage.jurisdiction);
    let asked = subject.rules.siting.level;
    keys["levels"] = coverage.levels.iter().map(|of| level_keys(of, of.level == asked)).collect();
    let atoms = |ids: &[crate::model::ids::AtomId]| -> Vec<String> {
        ids.iter().map(|id| subject.place.atoms[id.index()].code.clone()).collect()
    };
    keys["off_street"] = json!(atoms(&coverage.off_street));
    keys["floor"] = floor_keys(subject, coverage);
    keys
}

/// One level with its groups and services.
fn level_keys(of: &LevelReach, asked: bool) -> Value {
    let mut keys = reach_keys(&of.reach[0]);
    keys["level"] = json!(of.level);
    keys["asked"] = json!(asked);
    keys["name"] = json!(LEVELS[usize::from(of.level.min(5))]);
    keys["within_minutes"] = minutes(Some(of.within));
    keys["centres"] = json!(of.centres);
    keys["older"] = reach_keys(&of.reach[1]);
    keys["child"] = reach_keys(&of.reach[2]);
    let service = |of: &ServiceReach| {
        let mut keys = reach_keys(&of.reach);
        keys["service"] = json!(of.service);
        keys["english"] = json!(services::known(&of.service).map_or(of.service.as_str(), |s| s.english));
        keys["users"] = json!(if of.users == Group::Adult { "everybody" } else { of.users.name() });
        keys["centres"] = json!(of.centres);
        keys
    };
    keys["services"] = of.services.iter().map(service).collect();
    keys
}

/// Floor area of the centres that count, beside the households it is there for.
fn floor_keys(subject: &Subject<'_>, coverage: &Coverage) -> Value {
    let areas = coverage.loads.iter().map(|load| subject.place.centres[load.centre.index()].site.area_m2);
    let known: Vec<f64> = areas.flatten().collect();
    let counts = &subject.fabric.counts;
    let households: f64 = counts.iter().map(|c| f64::from(c.households)).sum();
    let m2: f64 = known.iter().sum();
    // Weighed by households; who reaches no centre has none of it.
    let shared = coverage.floor.as_ref().map(|floor| {
        let weighed: f64 = floor.iter().zip(counts).map(|(f, c)| f * f64::from(c.households)).sum();
        six(weighed / households.max(1.0))
    });
    let without = coverage.floor.as_ref().map(|floor| {
        let none = floor.iter().zip(counts).filter(|(f, _)| **f == 0.0);
        none.map(|(_, c)| u64::from(c.households)).sum::<u64>()
    });
    json!({
        "centres_with_area": known.len(),
        "m2": six(m2),
        "m2_per_100_households": if households > 0.0 { json!(six(m2 / households * 100.0)) } else { Value::Null },
        "m2_per_100_households_in_reach": shared,
        "households_without": without,
    })
}
