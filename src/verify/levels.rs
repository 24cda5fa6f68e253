//! The coverage of every level and service measured again.

use std::collections::BTreeSet;

use serde_json::Value;

use super::coverage::{centres, reach};
use super::walks::{End, Walk, Walks};
use super::{Fault, expect};
use crate::model::place::{Centre, Place};
use crate::model::rules::{Group, Rules};
use crate::model::services::SERVICES;

/// What is said of levels and services, and that none is missing.
pub(super) fn judge(
    place: &Place,
    rules: &Rules,
    walks: &Walks<'_>,
    homes: &[End],
    summary: &Value,
    faults: &mut Vec<Fault>,
) {
    let mut levels: BTreeSet<u8> = place.centres.iter().filter(|c| c.open).filter_map(|c| c.level).collect();
    levels.insert(rules.siting.level);
    let told = summary["coverage"]["levels"].as_array().map_or(0, Vec::len);
    if told != levels.len() {
        let (written, found) = (told.to_string(), levels.len().to_string());
        faults.push(Fault::Differs { what: "coverage.levels".to_owned(), written, found });
    }
    for (i, level) in levels.into_iter().enumerate() {
        let path = format!("coverage.levels.{i}");
        let counted = centres(place, rules, level);
        let seconds = if level == rules.siting.level {
            rules.walking.within_s
        } else {
            rules.coverage.level_within_s[usize::from(level) - 1]
        };
        let limit = u64::from(seconds) * 1000;
        let measure = |path: &str, sites: &[&(&Centre, End)], group: Group, faults: &mut Vec<Fault>| {
            let ends: Vec<End> = sites.iter().map(|site| site.1).collect();
            let people = |counts: &crate::model::units::Counts| match group {
                Group::Older => counts.older,
                Group::Child => counts.child,
                _ => counts.population,
            };
            let found: Vec<(u64, Option<Walk>)> = place
                .atoms
                .iter()
                .map(|atom| u64::from(people(&atom.counts)))
                .zip(walks.nearest(homes, &ends, group, level))
                .collect();
            reach(limit, &found, summary, path, faults);
        };
        expect(summary, &format!("{path}.level"), f64::from(level), faults);
        let all: Vec<&(&Centre, End)> = counted.iter().collect();
        expect(summary, &format!("{path}.centres"), all.len() as f64, faults);
        measure(&path, &all, Group::Adult, faults);
        measure(&format!("{path}.older"), &all, Group::Older, faults);
        measure(&format!("{path}.child"), &all, Group::Child, faults);
        let offered: BTreeSet<&String> = counted.iter().flat_map(|(c, _)| &c.functions).collect();
        let services = super::at(summary, &format!("{path}.services"));
        let names: Vec<&str> = offered.iter().map(|name| name.as_str()).collect();
        let list = services.as_array().map(Vec::as_slice).unwrap_or_default();
        let said: Vec<&str> = list.iter().filter_map(|service| service["service"].as_str()).collect();
        if names != said {
            let (written, found) = (said.join(", "), names.join(", "));
            faults.push(Fault::Differs { what: format!("{path}.services"), written, found });
            continue;
        }
        for (j, name) in names.iter().enumerate() {
            let group =
                SERVICES.iter().find(|known| known.chinese == *name).map_or(Group::Adult, |k| k.users);
            let offers = |(c, _): &&(&Centre, End)| c.functions.iter().any(|f| f == name);
            let sites: Vec<&(&Centre, End)> = counted.iter().filter(offers).collect();
            let path = format!("{path}.services.{j}");
            expect(summary, &format!("{path}.centres"), sites.len() as f64, faults);
            measure(&path, &sites, group, faults);
        }
    }
}
