//! Coverage measured again: every atom against every centre.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::walks::{End, Walk, Walks};
use super::{Fault, at, expect, expect_maybe, levels};
use crate::model::place::{Atom, Centre, Place};
use crate::model::rules::{Group, Rules};
use crate::model::units::Counts;
use crate::model::written::WrittenPlan;

/// The centres that count for a level.
pub(super) fn centres<'a>(place: &'a Place, rules: &Rules, level: u8) -> Vec<(&'a Centre, End)> {
    let least = f64::from(rules.coverage.area_m2_min);
    let counts = |c: &&Centre| {
        let large = least == 0.0 || c.site.area_m2.is_some_and(|area| area >= least);
        c.open && large && (c.level.is_none() || c.level == Some(level))
    };
    place.centres.iter().filter(counts).map(|c| (c, End::site(&c.site, c.community))).collect()
}

pub(super) fn judge(place: &Place, rules: &Rules, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let Some(rows) = &written.coverage else {
        faults.push(Fault::FileMissing { file: "coverage.csv" });
        return;
    };
    let summary = &written.summary;
    let model = summary["coverage"]["model"].as_str().unwrap_or_default();
    let Some(walks) = Walks::by(model, place, rules) else {
        faults.push(Fault::ModelUnknown { model: model.to_owned() });
        return;
    };
    let level = rules.siting.level;
    let centres = centres(place, rules, level);
    let sites: Vec<End> = centres.iter().map(|c| c.1).collect();
    let homes: Vec<End> = place.atoms.iter().map(End::home).collect();
    let adult = walks.nearest(&homes, &sites, Group::Adult, level);
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
    let named = |atom: &Atom| by_code.get(atom.code.as_str()).and_then(|row| row.centre.as_deref());
    let named: Vec<Option<&str>> = place.atoms.iter().map(named).collect();
    let there = to_named(&walks, &homes, &named, &centres, level);
    let mut flagged = 0;
    let mut told: Vec<Option<u64>> = vec![None; place.atoms.len()];
    for (a, (atom, best)) in place.atoms.iter().zip(&adult).enumerate() {
        let Some(row) = by_code.get(atom.code.as_str()) else {
            faults.push(Fault::AtomMissing { atom: atom.code.clone() });
            continue;
        };
        flagged += if row.covered { u64::from(atom.counts.population) } else { 0 };
        let mut compare = |what: &str, agrees: bool, written: String, found: String| {
            if !agrees {
                let what = format!("coverage of {} {what}", atom.code);
                faults.push(Fault::Differs { what, written, found });
            }
        };
        let population = atom.counts.population;
        let agrees = row.population == u64::from(population);
        compare("population", agrees, row.population.to_string(), population.to_string());
        let agrees = match best {
            Some(walk) if row.covered => walk.least <= limit,
            Some(walk) => walk.most > limit,
            None => !row.covered,
        };
        compare("covered", agrees, row.covered.to_string(), (!row.covered).to_string());
        told[a] = row.minutes.map(|m| (m * 60_000.0).round() as u64);
        let agrees = match (told[a], *best) {
            (Some(told), Some(best)) => told + 30 >= best.least && told <= best.most + 30,
            (told, best) => told.is_none() && best.is_none(),
        };
        let minutes = |m: Option<f64>| m.map_or("none".to_owned(), |m| format!("{m:.3}"));
        compare("minutes", agrees, minutes(row.minutes), minutes(best.map(|b| b.millis() as f64 / 60_000.0)));
        let agrees = match (there[a], *best) {
            (Some(there), Some(best)) => there.meets(best),
            (there, best) => there.is_none() && best.is_none() && row.centre.is_none(),
        };
        compare("centre", agrees, row.centre.clone().unwrap_or_default(), "another one, nearer".to_owned());
    }
    if matches!(walks, Walks::Streets(..)) {
        // On straight lines this is judged to the person below.
        expect(summary, "coverage.covered", flagged as f64, faults);
    }
    let within = (f64::from(rules.walking.within_s) * 1000.0 / 60.0).round() / 1e3;
    expect(summary, "coverage.within_minutes", within, faults);
    let mut judge = |path: &str, group: Group, people: fn(&Counts) -> u32| {
        // Along streets each walk was judged by its row; the same way takes others longer.
        let found = match (&walks, group) {
            (Walks::Straight(_), Group::Adult) => adult.clone(),
            (Walks::Streets(rules, _), Group::Adult | Group::Older | Group::Child) => {
                told.iter().map(|told| told.map(|ms| Walk::at_pace(ms, rules, group))).collect()
            }
            _ => walks.nearest(&homes, &sites, group, level),
        };
        let found: Vec<(u64, Option<Walk>)> =
            place.atoms.iter().map(|a| u64::from(people(&a.counts))).zip(found).collect();
        reach(limit, &found, summary, path, faults);
    };
    judge("coverage", Group::Adult, |c| c.population);
    judge("coverage.groups.adult", Group::Adult, |c| c.population - c.older - c.child);
    judge("coverage.groups.older", Group::Older, |c| c.older);
    judge("coverage.groups.child", Group::Child, |c| c.child);
    judge("coverage.groups.wheelchair", Group::Wheelchair, |c| c.population);
    levels::judge(place, rules, &walks, &homes, summary, faults);
}

/// The adults' walk of each home to the centre it names, if it names one there is.
fn to_named(
    walks: &Walks<'_>,
    homes: &[End],
    named: &[Option<&str>],
    centres: &[(&Centre, End)],
    level: u8,
) -> Vec<Option<Walk>> {
    let mut of: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (home, code) in named.iter().enumerate().filter_map(|(home, code)| Some((home, (*code)?))) {
        of.entry(code).or_default().push(home);
    }
    let mut there = vec![None; homes.len()];
    for (centre, end) in centres {
        let Some(own) = of.remove(centre.site.code.as_str()) else { continue };
        let from: Vec<End> = own.iter().map(|&home| homes[home]).collect();
        for (home, walk) in own.into_iter().zip(walks.nearest(&from, &[*end], Group::Adult, level)) {
            there[home] = walk;
        }
    }
    there
}

/// What is said of a group's walks, from people and their walks.
pub(super) fn reach(
    limit: u64,
    found: &[(u64, Option<Walk>)],
    summary: &Value,
    path: &str,
    faults: &mut Vec<Fault>,
) {
    let population: u64 = found.iter().map(|f| f.0).sum();
    let timed: Vec<(Walk, u64)> =
        found.iter().filter(|f| f.0 > 0).filter_map(|f| Some((f.1?, f.0))).collect();
    let key = |name: &str| format!("{path}.{name}");
    expect(summary, &key("population"), population as f64, faults);
    // Whoever stands on the limit may honestly be counted either way.
    let sum = |counts: &dyn Fn(Walk) -> bool| timed.iter().filter(|w| counts(w.0)).map(|w| w.1).sum::<u64>();
    let most = sum(&|walk| walk.least <= limit);
    let least = sum(&|walk| walk.most <= limit);
    let section = at(summary, path);
    let told = section["covered"].as_u64().unwrap_or(u64::MAX);
    if !(least..=most).contains(&told) {
        expect(summary, &key("covered"), sum(&|walk| walk.millis() <= limit) as f64, faults);
    }
    let covered = told.clamp(least, most);
    let share = (population > 0).then(|| covered as f64 / population as f64);
    expect_maybe(summary, &key("share"), share, faults);
    let minutes = |ms: u64| (ms as f64 / 60.0).round() / 1000.0;
    let least = figures(timed.iter().map(|w| (w.0.least, w.1)).collect());
    let most = figures(timed.iter().map(|w| (w.0.most, w.1)).collect());
    let middle = figures(timed.iter().map(|w| (w.0.millis(), w.1)).collect());
    for (i, name) in ["mean_minutes", "p90_minutes", "longest_minutes"].into_iter().enumerate() {
        let (low, high) = (least.map_or(0.0, |f| minutes(f[i])), most.map_or(0.0, |f| minutes(f[i])));
        // Between honest figures anything is honest; on straight lines there is but one.
        let between = low < high && section[name].as_f64().is_some_and(|told| told >= low && told <= high);
        if !between {
            expect_maybe(summary, &key(name), middle.map(|f| minutes(f[i])), faults);
        }
    }
}

/// Mean, ninetieth percentile and longest, in milliseconds; `None` if nobody walks.
fn figures(mut walks: Vec<(u64, u64)>) -> Option<[u64; 3]> {
    walks.sort_unstable();
    let people: u64 = walks.iter().map(|w| w.1).sum();
    let total: u128 = walks.iter().map(|w| u128::from(w.0) * u128::from(w.1)).sum();
    let mean = (people > 0).then(|| ((total + u128::from(people) / 2) / u128::from(people)) as u64)?;
    let mut seen = 0;
    let p90 = walks.iter().find(|w| {
        seen += w.1;
        10 * seen >= 9 * people
    })?;
    Some([mean, p90.0, walks.last()?.0])
}
