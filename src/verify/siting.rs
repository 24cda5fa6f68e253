//! Sites: allowed, counted right, and no better than their bound.

use super::coverage::{centres, homes};
use super::walks::{Walk, Walks};
use super::{Fault, expect};
use crate::model::place::{Candidate, Place};
use crate::model::rules::{Group, Objective, Rules};
use crate::model::written::WrittenPlan;

/// Choices tried one by one when an answer is called optimal; more are not tried.
const CHOICES: u64 = 20_000;

/// Where there is no centre, a day's walk stands in.
const DAY_MS: u64 = 86_400_000;

/// Walks of inhabited atoms: people, today, and to each candidate.
struct Scan {
    people: Vec<u64>,
    today: Vec<u64>,
    to: Vec<Vec<u64>>,
    limit: u64,
    new: usize,
    /// By how much honest measurements of each home's walks may differ, and people of homes that may
    /// stand on either side of the limit: none on straight lines.
    blur: Vec<u64>,
    undecided: u64,
}

pub(super) fn judge(place: &Place, rules: &Rules, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let Some(rows) = &written.siting else {
        faults.push(Fault::FileMissing { file: "siting.csv" });
        return;
    };
    let summary = &written.summary;
    let model = summary["coverage"]["model"].as_str().unwrap_or_default();
    // Coverage, which comes with every choice of sites, has said what is wrong with another model.
    let Some(walks) = Walks::by(model, place, rules) else { return };
    let usable: Vec<&Candidate> = place.candidates.iter().filter(|c| c.site.set_aside.is_none()).collect();
    let mut chosen = Vec::new();
    for code in summary["siting"]["chosen"].as_array().into_iter().flatten() {
        let code = code.as_str().unwrap_or_default();
        match usable.iter().position(|c| c.site.code == code) {
            Some(i) if !chosen.contains(&i) => chosen.push(i),
            _ => faults.push(Fault::SiteUnknown { site: code.to_owned() }),
        }
    }
    let listed: Vec<&str> = rows.iter().filter(|r| r.rank.is_some()).map(|r| r.candidate.as_str()).collect();
    let named: Vec<&str> = chosen.iter().map(|&i| usable[i].site.code.as_str()).collect();
    if listed != named {
        let what = "siting.csv ranks".to_owned();
        faults.push(Fault::Differs { what, written: listed.join(", "), found: named.join(", ") });
    }
    if rows.len() != place.candidates.len() {
        let (written, found) = (rows.len().to_string(), place.candidates.len().to_string());
        faults.push(Fault::Differs { what: "siting.csv rows".to_owned(), written, found });
    }
    let scan = scan(place, rules, &walks, &usable);
    expect(summary, "siting.new", chosen.len() as f64, faults);
    for (name, sites) in [("covered_before", &[][..]), ("covered_after", &chosen[..])] {
        let told = summary["siting"][name].as_u64().unwrap_or(u64::MAX);
        let found = scan.covered(&scan.with(sites));
        if told.abs_diff(found) > scan.undecided {
            expect(summary, &format!("siting.{name}"), found as f64, faults);
        }
    }
    ranks(&scan, &chosen, rows, faults);
    value_and_bound(&scan, rules, written, &chosen, faults);
}

fn scan(place: &Place, rules: &Rules, walks: &Walks<'_>, usable: &[&Candidate]) -> Scan {
    let sites: Vec<(f64, f64)> = centres(place, rules).into_iter().map(|c| c.1).collect();
    let inhabited = || place.atoms.iter().filter(|a| a.counts.population > 0);
    let homes = homes(inhabited());
    let people: Vec<u64> = inhabited().map(|a| u64::from(a.counts.population)).collect();
    let limit = u64::from(rules.walking.within_s) * 1000;
    let mut blur = vec![0; homes.len()];
    let mut on_limit = vec![false; homes.len()];
    let mut column = |walks: Vec<Option<Walk>>| -> Vec<u64> {
        for (home, walk) in walks.iter().enumerate().filter_map(|(home, walk)| Some((home, (*walk)?))) {
            blur[home] = blur[home].max(walk.most - walk.least);
            on_limit[home] |= walk.least <= limit && walk.most > limit;
        }
        walks.into_iter().map(|walk| walk.map_or(DAY_MS, Walk::millis)).collect()
    };
    let today = column(walks.to(&homes, &sites, Group::Adult));
    let at = |c: &&Candidate| (c.site.at.x(), c.site.at.y());
    let to = usable.iter().map(|c| column(walks.to(&homes, &[at(c)], Group::Adult))).collect();
    let undecided = people.iter().zip(&on_limit).filter(|(_, on)| **on).map(|(p, _)| p).sum();
    Scan { people, today, to, limit, new: rules.siting.new as usize, blur, undecided }
}

impl Scan {
    fn covered(&self, walks: &[u64]) -> u64 {
        walks.iter().zip(&self.people).filter(|(w, _)| **w <= self.limit).map(|(_, p)| p).sum()
    }

    /// By how much a cost may honestly differ.
    fn slack(&self, objective: Objective) -> u128 {
        match objective {
            Objective::Cover => self.undecided.into(),
            Objective::Walk => {
                let of = |(b, p): (&u64, &u64)| u128::from(*b) * u128::from(*p);
                self.blur.iter().zip(&self.people).map(of).sum()
            }
            Objective::Worst => self.blur.iter().copied().max().unwrap_or(0).into(),
            Objective::Fewest => 0,
        }
    }

    fn with(&self, sites: &[usize]) -> Vec<u64> {
        let mut walks = self.today.clone();
        for &site in sites {
            for (walk, there) in walks.iter_mut().zip(&self.to[site]) {
                *walk = (*walk).min(*there);
            }
        }
        walks
    }

    /// The objective as a cost: lower is better.
    fn cost(&self, objective: Objective, sites: &[usize]) -> u128 {
        let walks = self.with(sites);
        let weighed = walks.iter().zip(&self.people);
        match objective {
            Objective::Cover => weighed.filter(|(w, _)| **w > self.limit).map(|(_, p)| u128::from(*p)).sum(),
            Objective::Walk => weighed.map(|(w, p)| u128::from(*w) * u128::from(*p)).sum(),
            Objective::Worst => walks.iter().copied().max().unwrap_or(0).into(),
            Objective::Fewest => sites.len() as u128,
        }
    }
}

/// What each chosen site adds to those ranked before it.
fn ranks(scan: &Scan, chosen: &[usize], rows: &[crate::model::written::SitingRow], faults: &mut Vec<Fault>) {
    for (i, row) in rows.iter().filter(|r| r.rank.is_some()).enumerate().take(chosen.len()) {
        let (before, after) = (scan.with(&chosen[..i]), scan.with(&chosen[..=i]));
        let mut newly = 0;
        let mut saved = 0;
        for (p, (b, a)) in scan.people.iter().zip(before.iter().zip(&after)) {
            newly += if *b > scan.limit && *a <= scan.limit { *p } else { 0 };
            saved += if *b == DAY_MS { 0 } else { p * (b - a) };
        }
        let what = |name: &str| format!("siting of {} {name}", row.candidate);
        if row.newly_covered.is_none_or(|told| told.abs_diff(newly) > scan.undecided) {
            let written = format!("{:?}", row.newly_covered);
            faults.push(Fault::Differs { what: what("newly_covered"), written, found: newly.to_string() });
        }
        let minutes = saved as f64 / 60_000.0;
        let slack = 0.001 + 1e-9 * minutes + scan.slack(Objective::Walk) as f64 / 60_000.0;
        if row.minutes_saved.is_none_or(|m| (m - minutes).abs() > slack) {
            let written = format!("{:?}", row.minutes_saved);
            faults.push(Fault::Differs { what: what("minutes_saved"), written, found: minutes.to_string() });
        }
    }
}

fn value_and_bound(
    scan: &Scan,
    rules: &Rules,
    written: &WrittenPlan,
    chosen: &[usize],
    faults: &mut Vec<Fault>,
) {
    let summary = &written.summary;
    let objective = rules.siting.objective;
    let value = match objective {
        Objective::Cover => scan.cost(objective, &[]) - scan.cost(objective, chosen),
        _ => scan.cost(objective, chosen),
    };
    let keys = &summary["siting"];
    let status = keys["status"].as_str().unwrap_or_default();
    if status == "infeasible" {
        return;
    }
    // Within what honest measurements leave open, the plan's own figure is gone on with.
    let slack = scan.slack(objective);
    let value = match keys["value"].as_u64().map(u128::from).filter(|told| told.abs_diff(value) <= slack) {
        Some(told) => told,
        None => {
            expect(summary, "siting.value", value as f64, faults);
            value
        }
    };
    let bound = u128::from(keys["bound"].as_u64().unwrap_or(0));
    let better = if objective == Objective::Cover { value > bound } else { value < bound };
    if better {
        let (value, bound) = (value.to_string(), bound.to_string());
        faults.push(Fault::BoundBroken { what: "siting", value, bound });
    }
    if let (Some(told), false) = (keys["value"].as_u64(), better) {
        let gap = bound.abs_diff(u128::from(told)) as f64 / (told as f64).max(1.0);
        expect(summary, "siting.gap", (gap * 1e6).round() / 1e6, faults);
    }
    if (status == "optimal") != (value == bound) {
        faults.push(Fault::StatusFalse { status: status.to_owned() });
    }
    let too_many = objective != Objective::Fewest && chosen.len() > scan.new;
    if too_many {
        let (written, found) = (chosen.len().to_string(), scan.new.to_string());
        faults.push(Fault::Differs { what: "siting.new asked for".to_owned(), written, found });
    }
    if status == "optimal" && objective != Objective::Fewest {
        let least = scan.cost(objective, chosen).saturating_sub(2 * slack);
        if let Some(found) = try_all(scan, objective, least) {
            faults.push(Fault::BetterExists { value: least.to_string(), found: found.to_string() });
        }
    }
}

/// A cost below `least`, if some choice has one and there are few enough to try.
fn try_all(scan: &Scan, objective: Objective, least: u128) -> Option<u128> {
    let m = scan.to.len() as u64;
    let mut choices = 1u64;
    for i in 0..(scan.new as u64).min(m) {
        choices = choices.saturating_mul(m - i) / (i + 1);
        if choices.saturating_mul(scan.people.len() as u64) > CHOICES * 1000 || choices > CHOICES {
            return None;
        }
    }
    let mut stack: Vec<Vec<usize>> = vec![Vec::new()];
    while let Some(sites) = stack.pop() {
        if sites.len() == scan.new.min(m as usize) {
            let cost = scan.cost(objective, &sites);
            if cost < least {
                return Some(cost);
            }
            continue;
        }
        let next = sites.last().map_or(0, |s| s + 1);
        stack.extend((next..m as usize).map(|s| [sites.as_slice(), &[s]].concat()));
    }
    None
}
