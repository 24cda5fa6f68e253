//! Services or levels sited together: they fit, they are counted right, and none beats the bound.

use serde_json::Value;

use super::coverage::centres;
use super::walks::{End, Walk, Walks};
use super::{Fault, expect};
use crate::model::place::{Candidate, Place};
use crate::model::rules::{Group, Rules};
use crate::model::services::SERVICES;

/// One wish measured again.
struct Wish {
    name: String,
    area_m2: u32,
    most: usize,
    users: Vec<u64>,
    served: Vec<bool>,
    level: u8,
    group: Group,
    limit: u64,
    /// Users whose walk today is so near the limit that it may honestly be told either way.
    undecided: u64,
}

pub(super) fn judge(place: &Place, rules: &Rules, summary: &Value, faults: &mut Vec<Fault>) {
    let keys = &summary["together"];
    let asked = &rules.siting;
    let wanted = !asked.services.is_empty() || !asked.levels.is_empty();
    if keys.is_null() {
        if wanted && !summary["siting"].is_null() {
            faults.push(Fault::Differs {
                what: "together".to_owned(),
                written: "nothing".to_owned(),
                found: "services or levels to be sited".to_owned(),
            });
        }
        return;
    }
    let model = summary["coverage"]["model"].as_str().unwrap_or_default();
    let Some(walks) = Walks::by(model, place, rules) else { return };
    let homes: Vec<End> = place.atoms.iter().map(End::home).collect();
    let wishes = wishes(place, rules, &walks, &homes);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let mut total = 0;
    let mut undecided = 0;
    let mut cost = Some(0u64);
    let chosen = list(&keys["chosen"]);
    let mut reached: Vec<Vec<bool>> = wishes.iter().map(|wish| wish.served.clone()).collect();
    let mut counts = vec![0; wishes.len()];
    for line in &chosen {
        let code = line["candidate"].as_str().unwrap_or_default();
        let usable = |c: &&Candidate| {
            c.site.code == code && c.site.set_aside.is_none() && !asked.forbid.contains(&c.site.code)
        };
        let Some(candidate) = place.candidates.iter().find(usable) else {
            faults.push(Fault::SiteUnknown { site: code.to_owned() });
            continue;
        };
        cost = cost.zip(candidate.cost).map(|(sum, cost)| sum + cost);
        let mut takes = 0.0;
        let inside = list(&line["inside"]);
        for entry in &inside {
            let Some(w) = wishes.iter().position(|wish| entry["name"] == wish.name.as_str()) else {
                faults.push(Fault::SiteUnknown { site: entry.to_string() });
                continue;
            };
            let wish = &wishes[w];
            takes += f64::from(wish.area_m2);
            counts[w] += 1;
            let site = End::site(&candidate.site, candidate.community);
            let found = walks.nearest(&homes, &[site], wish.group, wish.level);
            let mut newly = 0;
            for (home, walk) in found.iter().enumerate() {
                let Some(walk) = walk.filter(|walk| walk.least <= wish.limit) else { continue };
                undecided += if walk.most > wish.limit { wish.users[home] } else { 0 };
                if walk.millis() <= wish.limit && !std::mem::replace(&mut reached[w][home], true) {
                    newly += wish.users[home];
                }
            }
            let slack = undecided + wish.undecided;
            if entry["newly_covered"].as_u64().is_none_or(|told| told.abs_diff(newly) > slack) {
                let what = format!("together: {code} {} newly_covered", wish.name);
                let written = entry["newly_covered"].to_string();
                faults.push(Fault::Differs { what, written, found: newly.to_string() });
            }
            total += newly;
        }
        let room = candidate.site.area_m2.unwrap_or(0.0);
        let crowded = takes > room || (!asked.levels.is_empty() && inside.len() > 1);
        if crowded {
            let (written, found) = (format!("{takes} m2"), format!("{room} m2 for {} of them", inside.len()));
            faults.push(Fault::Differs { what: format!("together: floor of {code}"), written, found });
        }
    }
    limits(rules, &wishes, &counts, chosen.len(), cost, faults);
    let slack = undecided + wishes.iter().map(|wish| wish.undecided).sum::<u64>();
    let told = keys["value"].as_u64().unwrap_or(u64::MAX);
    if told.abs_diff(total) > slack {
        expect(summary, "together.value", total as f64, faults);
    }
    let bound = keys["bound"].as_u64().unwrap_or(0);
    if told > bound {
        let (value, bound) = (told.to_string(), bound.to_string());
        faults.push(Fault::BoundBroken { what: "together", value, bound });
    }
    if (keys["status"] == "optimal") != (told == bound) {
        faults.push(Fault::StatusFalse { status: keys["status"].to_string() });
    }
}

/// The number of candidates, the number of each level, and the budget are kept.
fn limits(
    rules: &Rules,
    wishes: &[Wish],
    counts: &[usize],
    used: usize,
    cost: Option<u64>,
    faults: &mut Vec<Fault>,
) {
    let asked = &rules.siting;
    let mut over = |what: &str, written: String, found: String| {
        faults.push(Fault::Differs { what: format!("together: {what}"), written, found });
    };
    if used > (asked.new as usize).max(asked.force.len()) {
        over("candidates", used.to_string(), asked.new.to_string());
    }
    for (wish, count) in wishes.iter().zip(counts).filter(|(wish, count)| **count > wish.most) {
        over(&wish.name, count.to_string(), wish.most.to_string());
    }
    if let Some(budget) = asked.budget.filter(|budget| cost.is_none_or(|cost| cost > *budget)) {
        over("cost", format!("{cost:?}"), budget.to_string());
    }
}

fn wishes(place: &Place, rules: &Rules, walks: &Walks<'_>, homes: &[End]) -> Vec<Wish> {
    let asked = &rules.siting;
    let forms = ["", "市", "区县", "街道乡镇", "社区村", "微站"];
    let wish = |name: &str, level: Option<u8>, area_m2: u32, most: usize| {
        let known = SERVICES.iter().find(|service| service.chinese == name && level.is_none());
        let group = known.map_or(Group::Adult, |service| service.users);
        let of = level.unwrap_or(asked.level);
        let seconds = match level {
            Some(level) if level != asked.level => rules.coverage.level_within_s[usize::from(level) - 1],
            _ => rules.walking.within_s,
        };
        let limit = u64::from(seconds) * 1000;
        let offering = centres(place, rules, of);
        let offers = |centre: &crate::model::place::Centre| {
            level.is_some() || centre.functions.iter().any(|function| function == name)
        };
        let sites: Vec<End> = offering.iter().filter(|(c, _)| offers(c)).map(|(_, end)| *end).collect();
        let today = walks.nearest(homes, &sites, group, of);
        let users: Vec<u64> = place
            .atoms
            .iter()
            .map(|atom| {
                u64::from(match group {
                    Group::Older => atom.counts.older,
                    Group::Child => atom.counts.child,
                    _ => atom.counts.population,
                })
            })
            .collect();
        let either = |walk: &Option<Walk>| walk.is_some_and(|w| w.least <= limit && w.most > limit);
        let undecided = today.iter().zip(&users).filter(|(walk, _)| either(walk)).map(|(_, n)| n).sum();
        let served = today.iter().map(|walk| walk.is_some_and(|walk| walk.millis() <= limit)).collect();
        Wish { name: name.to_owned(), area_m2, most, users, served, level: of, group, limit, undecided }
    };
    if asked.levels.is_empty() {
        asked.services.iter().map(|s| wish(&s.service, None, s.area_m2, usize::MAX)).collect()
    } else {
        let level = |l: &crate::model::rules::LevelWish| {
            wish(forms[usize::from(l.level.min(5))], Some(l.level), 0, l.new as usize)
        };
        asked.levels.iter().map(level).collect()
    }
}
