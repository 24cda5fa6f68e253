//! Coverage measured again: every atom against every centre.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, expect, expect_maybe};
use crate::model::place::{Atom, Place};
use crate::model::rules::{Group, Rules};
use crate::model::units::Counts;
use crate::model::written::WrittenPlan;

/// Milliseconds an atom's people walk in a straight line made longer, or `None` without a centre.
pub(super) fn walk(atom: &Atom, to: (f64, f64), rules: &Rules, group: Group) -> u64 {
    let cm = |v: f64| (v * 100.0).round();
    let (dx, dy) = (cm(atom.anchor.x()) - cm(to.0), cm(atom.anchor.y()) - cm(to.1));
    let straight_cm = (dx * dx + dy * dy).sqrt().round() as u64;
    let walked_cm = (straight_cm * u64::from(rules.walking.detour_permille) + 500) / 1000;
    let pace = u64::from(match group {
        Group::Adult => rules.walking.adult_mm_per_s,
        Group::Older => rules.walking.older_mm_per_s,
        Group::Child => rules.walking.child_mm_per_s,
    });
    (walked_cm * 10_000 + pace / 2) / pace
}

/// Positions and codes of the centres that count.
pub(super) fn centres<'a>(place: &'a Place, rules: &Rules) -> Vec<(&'a str, (f64, f64))> {
    place
        .centres
        .iter()
        .filter(|c| c.open && (c.level.is_none() || c.level == Some(rules.siting.level)))
        .map(|c| (c.site.code.as_str(), (c.site.at.x(), c.site.at.y())))
        .collect()
}

pub(super) fn judge(place: &Place, rules: &Rules, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let Some(rows) = &written.coverage else {
        faults.push(Fault::FileMissing { file: "coverage.csv" });
        return;
    };
    let summary = &written.summary;
    if summary["coverage"]["model"].as_str() != Some("straight") {
        let model = summary["coverage"]["model"].to_string();
        faults.push(Fault::ModelUnknown { model });
        return;
    }
    let centres = centres(place, rules);
    let limit = u64::from(rules.walking.within_s) * 1000;
    let by_code: BTreeMap<&str, _> = rows.iter().map(|row| (row.atom.as_str(), row)).collect();
    let known: BTreeSet<&str> = place.atoms.iter().map(|atom| atom.code.as_str()).collect();
    for row in rows.iter().filter(|row| !known.contains(row.atom.as_str())) {
        let (atom, file) = (row.atom.clone(), "coverage.csv");
        faults.push(Fault::AtomUnknown { atom, file });
    }
    if by_code.len() != rows.len() {
        let (written, found) = (rows.len().to_string(), by_code.len().to_string());
        faults.push(Fault::Differs { what: "coverage.csv rows".to_owned(), written, found });
    }
    for atom in &place.atoms {
        let best = centres.iter().map(|(_, at)| walk(atom, *at, rules, Group::Adult)).min();
        let Some(row) = by_code.get(atom.code.as_str()) else {
            faults.push(Fault::AtomMissing { atom: atom.code.clone() });
            continue;
        };
        let mut compare = |what: &str, written: String, found: String| {
            if written != found {
                faults.push(Fault::Differs {
                    what: format!("coverage of {} {what}", atom.code),
                    written,
                    found,
                });
            }
        };
        compare("population", row.population.to_string(), atom.counts.population.to_string());
        compare("covered", row.covered.to_string(), best.is_some_and(|b| b <= limit).to_string());
        let minutes = |m: Option<f64>| m.map_or("none".to_owned(), |m| format!("{m:.3}"));
        compare("minutes", minutes(row.minutes), minutes(best.map(|b| b as f64 / 60_000.0)));
        let named = row.centre.as_deref().and_then(|c| centres.iter().find(|(code, _)| *code == c));
        let there = named.map(|(_, at)| walk(atom, *at, rules, Group::Adult));
        if there != best {
            let written = row.centre.clone().unwrap_or_default();
            compare("centre", written, "another one, nearer".to_owned());
        }
    }
    let within = (f64::from(rules.walking.within_s) * 1000.0 / 60.0).round() / 1e3;
    expect(summary, "coverage.within_minutes", within, faults);
    group(place, rules, written, "coverage", Group::Adult, |c| c.population, faults);
    let adults = |c: &Counts| c.population - c.older - c.child;
    group(place, rules, written, "coverage.groups.adult", Group::Adult, adults, faults);
    group(place, rules, written, "coverage.groups.older", Group::Older, |c| c.older, faults);
    group(place, rules, written, "coverage.groups.child", Group::Child, |c| c.child, faults);
}

fn group(
    place: &Place,
    rules: &Rules,
    written: &WrittenPlan,
    path: &str,
    group: Group,
    people: fn(&Counts) -> u32,
    faults: &mut Vec<Fault>,
) {
    let centres = centres(place, rules);
    let limit = u64::from(rules.walking.within_s) * 1000;
    let mut walks: Vec<(u64, u64)> = Vec::new();
    let mut population = 0;
    for atom in &place.atoms {
        let n = u64::from(people(&atom.counts));
        population += n;
        if let Some(best) =
            centres.iter().map(|(_, at)| walk(atom, *at, rules, group)).min().filter(|_| n > 0)
        {
            walks.push((best, n));
        }
    }
    walks.sort_unstable();
    let covered: u64 = walks.iter().filter(|w| w.0 <= limit).map(|w| w.1).sum();
    let people: u64 = walks.iter().map(|w| w.1).sum();
    let minutes = |ms: u64| (ms as f64 / 60.0).round() / 1000.0;
    let total: u128 = walks.iter().map(|w| u128::from(w.0) * u128::from(w.1)).sum();
    let mean = (people > 0).then(|| minutes(((total + u128::from(people) / 2) / u128::from(people)) as u64));
    let mut seen = 0;
    let p90 = walks.iter().find(|w| {
        seen += w.1;
        10 * seen >= 9 * people
    });
    let summary = &written.summary;
    let key = |name: &str| format!("{path}.{name}");
    expect(summary, &key("population"), population as f64, faults);
    expect(summary, &key("covered"), covered as f64, faults);
    let share = (population > 0).then(|| covered as f64 / population as f64);
    expect_maybe(summary, &key("share"), share, faults);
    expect_maybe(summary, &key("mean_minutes"), mean, faults);
    expect_maybe(summary, &key("p90_minutes"), p90.map(|w| minutes(w.0)), faults);
    expect_maybe(summary, &key("longest_minutes"), walks.last().map(|w| minutes(w.0)), faults);
}
