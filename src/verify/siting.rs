//! Sites: allowed, counted right, and no better than their bound.

use super::scan::{DAY_MS, Scan, scan};
use super::walks::Walks;
use super::{Fault, expect};
use crate::model::place::{Candidate, Place};
use crate::model::rules::{Objective, Rules};
use crate::model::written::WrittenPlan;

/// Choices tried one by one when an answer is called optimal; more are not tried.
const CHOICES: u64 = 20_000;

pub(super) fn judge(place: &Place, rules: &Rules, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let Some(rows) = &written.siting else {
        faults.push(Fault::FileMissing { file: "siting.csv" });
        return;
    };
    let summary = &written.summary;
    let model = summary["coverage"]["model"].as_str().unwrap_or_default();
    // Coverage, which comes with every choice of sites, has said what is wrong with another model.
    let Some(walks) = Walks::by(model, place, rules) else { return };
    let asked = &rules.siting;
    let roomy = [Some(asked.objective), asked.then].contains(&Some(Objective::Room));
    let payable =
        |c: &&Candidate| (asked.budget.is_none() || c.cost.is_some()) && (!roomy || c.site.area_m2.is_some());
    let allowed = |c: &&Candidate| c.site.set_aside.is_none() && !asked.forbid.contains(&c.site.code);
    let usable: Vec<&Candidate> = place.candidates.iter().filter(allowed).filter(payable).collect();
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
    let every: Vec<usize> = (0..usable.len()).filter(|site| scan.within_budget(&[*site])).collect();
    let late = scan.people.iter().sum::<u64>() - scan.covered(&scan.with(&every));
    if summary["siting"]["out_of_reach"]["people"].as_u64().is_none_or(|n| n.abs_diff(late) > scan.undecided)
    {
        expect(summary, "siting.out_of_reach.people", late as f64, faults);
    }
    ranks(&scan, &chosen, rows, faults);
    wishes(&scan, rules, written, &usable, &chosen, faults);
    value_and_bound(&scan, rules, written, &chosen, faults);
    others(&scan, rules, written, &usable, faults);
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
    let value = scan.value(objective, chosen);
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
    let better = if objective.wants_more() { value > bound } else { value < bound };
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
    if status == "optimal" {
        let then = rules.siting.then.filter(|_| keys["then"]["proved"] == true);
        if let Some(found) = try_all(scan, rules, then, chosen) {
            let value = scan.cost(objective, chosen).to_string();
            faults.push(Fault::BetterExists { value, found });
        }
    }
}

/// The budget is held, what was forced in is there, and enough is covered where a share was asked for.
fn wishes(
    scan: &Scan,
    rules: &Rules,
    written: &WrittenPlan,
    usable: &[&Candidate],
    chosen: &[usize],
    faults: &mut Vec<Fault>,
) {
    let keys = &written.summary["siting"];
    if keys["status"] == "infeasible" {
        return;
    }
    for &site in scan.forced.iter().filter(|s| !chosen.contains(s)) {
        faults.push(Fault::SiteForced { site: usable[site].site.code.clone() });
    }
    let spent: Option<u64> = chosen.iter().map(|&s| scan.costs[s]).sum();
    let told = chosen.is_empty() || keys["cost"].as_u64() == spent;
    if !told || !scan.within_budget(chosen) {
        let text = |n: Option<u64>| n.map_or("unknown".to_owned(), |n| n.to_string());
        let found = format!("{} of a budget of {}", text(spent), text(scan.budget));
        faults.push(Fault::Differs {
            what: "siting.cost".to_owned(),
            written: keys["cost"].to_string(),
            found,
        });
    }
    let covered = scan.covered(&scan.with(chosen)) + scan.undecided;
    if rules.siting.objective == Objective::Fewest && covered < wanted(scan, rules) {
        let (written, found) = (wanted(scan, rules).to_string(), covered.to_string());
        faults.push(Fault::Differs { what: "siting: people to be covered".to_owned(), written, found });
    }
}

/// People that `fewest` is to cover.
fn wanted(scan: &Scan, rules: &Rules) -> u64 {
    let all: u64 = scan.people.iter().sum();
    let most = scan.covered(&scan.with(&(0..scan.to.len()).collect::<Vec<_>>()));
    match rules.siting.share_permille {
        Some(share) => (all * u64::from(share)).div_ceil(1000),
        None => most,
    }
}

/// The next best choices are what they are said to be, and no point of the curve passes its bound.
fn others(scan: &Scan, rules: &Rules, written: &WrittenPlan, usable: &[&Candidate], faults: &mut Vec<Fault>) {
    let keys = &written.summary["siting"];
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    for other in list(&keys["alternatives"]) {
        let codes = list(&other["chosen"]);
        let position = |code: &serde_json::Value| usable.iter().position(|c| code == c.site.code.as_str());
        let Some(sites) = codes.iter().map(position).collect::<Option<Vec<_>>>() else {
            faults.push(Fault::SiteUnknown { site: other["chosen"].to_string() });
            continue;
        };
        let value = scan.value(rules.siting.objective, &sites);
        let told = other["value"].as_u64().map(u128::from);
        if told.is_none_or(|told| told.abs_diff(value) > scan.slack(rules.siting.objective)) {
            let (what, written) = ("siting.alternatives".to_owned(), other["value"].to_string());
            faults.push(Fault::Differs { what, written, found: value.to_string() });
        }
    }
    for point in list(&keys["curve"]) {
        let number = |key: &str| point[key].as_f64().unwrap_or(f64::NAN);
        let sound = number("share") <= number("share_bound")
            && number("mean_minutes") >= number("mean_minutes_bound");
        if !sound {
            let (value, bound) = (point.to_string(), "its own".to_owned());
            faults.push(Fault::BoundBroken { what: "siting.curve", value, bound });
        }
    }
}

/// A better choice, if there are few enough to try: by the objective, or equal by it and better by
/// what decides among equals.
fn try_all(scan: &Scan, rules: &Rules, then: Option<Objective>, chosen: &[usize]) -> Option<String> {
    let objective = rules.siting.objective;
    let m = scan.to.len() as u64;
    let fewest = objective == Objective::Fewest;
    let size = if fewest { chosen.len().saturating_sub(1) } else { scan.new.min(m as usize) };
    let mut choices = 1u64;
    for i in 0..(size as u64).min(m) {
        choices = choices.saturating_mul(m - i) / (i + 1);
        if choices.saturating_mul(scan.people.len() as u64) > CHOICES * 1000 || choices > CHOICES {
            return None;
        }
    }
    let slack = 2 * scan.slack(objective);
    let held = scan.cost(objective, chosen);
    let held_then = then.map(|aim| scan.cost(aim, chosen).saturating_sub(2 * scan.slack(aim)));
    let enough = wanted(scan, rules) + scan.undecided;
    let mut stack: Vec<Vec<usize>> = vec![Vec::new()];
    while let Some(sites) = stack.pop() {
        let allowed = scan.within_budget(&sites) && scan.forced.iter().all(|s| sites.contains(s));
        if allowed && fewest {
            if scan.covered(&scan.with(&sites)) >= enough && sites.len() < chosen.len() {
                return Some(sites.len().to_string());
            }
        } else if allowed {
            let cost = scan.cost(objective, &sites);
            if cost + slack < held {
                return Some(cost.to_string());
            }
            if let (Some(aim), Some(held_then), true) = (then, held_then, cost == held && slack == 0)
                && scan.cost(aim, &sites) < held_then
            {
                return Some(format!("{cost} and then {}", scan.cost(aim, &sites)));
            }
        }
        if sites.len() < size {
            let next = sites.last().map_or(0, |s| s + 1);
            stack.extend((next..m as usize).map(|s| [sites.as_slice(), &[s]].concat()));
        }
    }
    None
}
