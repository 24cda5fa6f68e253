//! `plan.json`: the whole plan in figures.

mod reach;

use serde_json::{Value, json};

use super::{Subject, alternatives, fell_back, infeasible, out_of_range, together};
use crate::index::nearest::from_square;
use crate::model::keeping::Keeping;
use crate::model::lang::Lang;
use crate::model::plan::{Chosen, CurvePoint, Grid, OtherSites, Partition, Siting, Worth};
use crate::model::problem::Severity;
use crate::model::rules::Objective;
use crate::model::units::{Distance, WalkTime};

/// The layout of `plan.json`; raised when a key changes its meaning.
const SCHEMA: u32 = 1;

/// The summary, with the keys others rely on.
pub fn summary(subject: &Subject<'_>) -> Value {
    let Subject { place, fabric, rules, plan, .. } = subject;
    let count = |severity| subject.problems.iter().filter(|p| p.kind.severity() == severity).count();
    let total = |of: fn(&crate::model::units::Counts) -> u32| -> u64 {
        fabric.counts.iter().map(|c| u64::from(of(c))).sum()
    };
    let mut summary = json!({
        "schema": SCHEMA,
        "wangge": env!("CARGO_PKG_VERSION"),
        "seed": subject.seed,
        "inputs": subject.inputs.iter().map(|(file, hash)| json!({"file": file, "sha256": hash})).collect::<Vec<_>>(),
        "rules": rules,
        "place": {
            "name": place.name,
            "date": place.date,
            "origin": [place.origin.lon, place.origin.lat],
            "communities": place.communities.len(),
            "atoms": fabric.len(),
            "atom_kind": place.atom_kind.name(),
            "population": total(|c| c.population),
            "households": total(|c| c.households),
            "older": total(|c| c.older),
            "child": total(|c| c.child),
        },
        "problems": {
            "errors": count(Severity::Error),
            "warnings": count(Severity::Warning),
            "repaired": count(Severity::Repaired),
        },
    });
    if let Some(partition) = &plan.partition {
        summary["partition"] = partition_keys(subject, partition);
    }
    if let Some(coverage) = &plan.coverage {
        summary["coverage"] = reach::coverage_keys(subject, coverage);
    }
    if let Some(siting) = &plan.siting {
        summary["siting"] = siting_keys(subject, siting);
    }
    if let Some(sited) = &plan.together {
        summary["together"] = together::keys(subject, sited);
    }
    if let Some(partition) = &plan.partition {
        summary["principles"] = principles(subject, partition);
    }
    if !plan.trade_off.is_empty() {
        summary["trade_off"] = alternatives::trade_off_keys(subject);
    }
    if let Some(choice) = &plan.choice {
        summary["plans"] = alternatives::choice_keys(subject, choice);
    }
    summary
}

/// Rounded to six decimals, so that the last bits of a quotient are not part of the answer.
pub(super) fn six(value: f64) -> f64 {
    (value * 1e6).round() / 1e6
}

/// Minutes to three decimals.
pub(super) fn minutes(time: Option<WalkTime>) -> Value {
    // One division before rounding, so that a half is a half: 30 ms is not 29.999….
    time.map_or(Value::Null, |t| json!((f64::from(t.millis()) / 60.0).round() / 1e3))
}

fn partition_keys(subject: &Subject<'_>, partition: &Partition) -> Value {
    let grids = &partition.grids;
    let out: Vec<Value> = grids
        .iter()
        .filter_map(|grid| {
            let out = grid.reason.as_ref()?;
            let reason = |lang| out_of_range(out, subject.place, subject.rules, lang);
            Some(json!({
                "grid": grid.code,
                "households": grid.counts.households,
                "cause": out.cause(),
                "reason": reason(Lang::Zh),
                "reason_en": reason(Lang::En),
            }))
        })
        .collect();
    let value: u64 = grids.iter().map(|g| g.inertia).sum();
    let bound = partition.inertia_bound;
    let gap = if value == 0 { 0.0 } else { six((value - bound.min(value)) as f64 / value as f64) };
    let (spread, largest) = spread(grids);
    let names = subject.place.communities.iter().zip(&partition.worth);
    let communities: Vec<Value> = names.map(|(c, worth)| worth_keys(&c.code, worth)).collect();
    json!({
        "grids": grids.len(),
        "in_range": grids.len() - out.len(),
        "out_of_range": out,
        "exclusive": grids.iter().filter(|grid| grid.exclusive).count(),
        "locked": grids.iter().filter(|grid| grid.is_locked()).count(),
        "disconnected": grids.iter().filter(|g| g.pieces > g.community_pieces).count(),
        "empty": grids.iter().filter(|g| g.atoms == 0).count(),
        "largest_over_mean": largest,
        "coefficient_of_variation": spread,
        "moment_of_inertia": value,
        "bound": bound,
        "gap": gap,
        "objective": objective_keys(&partition.worth),
        "communities": communities,
        "polsby_popper_mean": mean_compactness(grids),
        "compounds_split": partition.compounds_split,
        "barriers_crossed": partition.barriers_crossed,
        "households_moved": partition.households_moved,
        "codes_kept": partition.codes_kept,
        "keep": partition.keeping.as_ref().map(|keeping| keep_keys(subject, keeping)),
    })
}

/// The weighted principles that were made small, over all communities.
fn objective_keys(worth: &[Worth]) -> Value {
    let value: f64 = worth.iter().map(|w| w.weighted).sum();
    let bound: f64 = worth.iter().map(|w| w.weighted_bound).sum();
    let proved = worth.iter().filter(|w| w.weighted_bound == w.weighted).count();
    json!({
        "value": six(value),
        "bound": six(bound),
        "gap": share_open(value, bound),
        "communities_proved": proved,
        "status": status(proved == worth.len()),
    })
}

fn worth_keys(code: &str, worth: &Worth) -> Value {
    json!({
        "community": code,
        "grids": worth.grids,
        "value": six(worth.weighted),
        "bound": six(worth.weighted_bound),
        "gap": share_open(worth.weighted, worth.weighted_bound),
        "status": status(worth.weighted_bound == worth.weighted),
        "moment_of_inertia": worth.moment,
        "moment_bound": worth.moment_bound,
    })
}

fn status(proved: bool) -> &'static str {
    if proved { "optimal" } else { "gap" }
}

/// How much of a value its bound leaves open.
fn share_open(value: f64, bound: f64) -> f64 {
    if value <= bound { 0.0 } else { six((value - bound) / value) }
}

/// How the grids in force were kept, and where not strictly.
fn keep_keys(subject: &Subject<'_>, keeping: &Keeping) -> Value {
    let fell_back = |(community, reason): &(crate::model::ids::CommunityId, _)| {
        let words = |lang| fell_back(*reason, subject.place, subject.rules, lang);
        let community = &subject.place.communities[community.index()];
        json!({
            "community": community.code,
            "name": community.name,
            "reason": words(Lang::Zh),
            "reason_en": words(Lang::En),
        })
    };
    json!({
        "mode": keeping.mode.name(),
        "communities_strict": keeping.strict,
        "households_moved_strict": keeping.moved,
        "households_moved_bound": keeping.bound,
        "grids_added": keeping.added,
        "proved": keeping.proved(),
        "fell_back": keeping.fell_back.iter().map(fell_back).collect::<Vec<_>>(),
    })
}

/// Coefficient of variation of households, and the largest over the mean, of the grids that a range
/// binds.
pub(super) fn spread(grids: &[Grid]) -> (f64, f64) {
    let grids: Vec<&Grid> = grids.iter().filter(|grid| !grid.exclusive).collect();
    let n = grids.len() as f64;
    let mean = grids.iter().map(|g| f64::from(g.counts.households)).sum::<f64>() / n;
    if grids.is_empty() || mean == 0.0 {
        return (0.0, 0.0);
    }
    let square = |g: &&Grid| (f64::from(g.counts.households) - mean).powi(2);
    let deviation = (grids.iter().map(square).sum::<f64>() / n).sqrt();
    let largest = grids.iter().map(|g| g.counts.households).max().unwrap_or(0);
    (six(deviation / mean), six(f64::from(largest) / mean))
}

fn mean_compactness(grids: &[Grid]) -> f64 {
    let sum: f64 = grids.iter().map(|g| g.polsby_popper).sum();
    if grids.is_empty() { 0.0 } else { six(sum / grids.len() as f64) }
}

fn siting_keys(subject: &Subject<'_>, siting: &Siting) -> Value {
    let code = |id: crate::model::ids::CandidateId| subject.place.candidates[id.index()].site.code.clone();
    let (value, bound) = (siting.value as f64, siting.bound as f64);
    let gap = if siting.value == siting.bound { 0.0 } else { six((bound - value).abs() / value.max(1.0)) };
    let codes = |sites: &OtherSites| sites.chosen.iter().map(|id| code(*id)).collect::<Vec<_>>();
    let other = |sites: &OtherSites| json!({"chosen": codes(sites), "value": sites.value});
    let asked = &subject.rules.siting;
    let cost = |c: &Chosen| subject.place.candidates[c.candidate.index()].cost;
    let then = asked
        .then
        .zip(siting.then)
        .map(|(aim, value)| json!({"objective": aim.name(), "value": value, "proved": siting.complete}));
    // What the wish costs: the value with a free hand less that without.
    let price = siting.free_hand.as_ref().map(|free| {
        let price = match siting.objective {
            Objective::Fewest => siting.chosen.len().abs_diff(free.chosen.len()) as u64,
            _ => siting.value.abs_diff(free.value),
        };
        json!({"chosen": codes(free), "value": free.value, "price": price})
    });
    json!({
        "objective": siting.objective.name(),
        "new": siting.chosen.len(),
        "asked": subject.rules.siting.new,
        "chosen": siting.chosen.iter().map(|c| code(c.candidate)).collect::<Vec<_>>(),
        "value": siting.value,
        "bound": siting.bound,
        "gap": gap,
        "status": siting.status.name(),
        "infeasible": siting.infeasible.as_ref().map(|why| json!({
            "reason": infeasible(why, subject.place, Lang::Zh),
            "reason_en": infeasible(why, subject.place, Lang::En),
        })),
        "out_of_reach": out_of_reach(subject, siting),
        "covered_before": siting.covered_before,
        "covered_after": siting.covered_after,
        "cost": siting.chosen.iter().map(cost).sum::<Option<u64>>(),
        "budget": asked.budget,
        "forced": asked.force,
        "forbidden": asked.forbid,
        "then": then,
        "alternatives": siting.alternatives.iter().map(other).collect::<Vec<_>>(),
        "alternatives_proved": (asked.plans > 1).then_some(siting.complete),
        "free_hand": price,
        "curve": siting.curve.iter().map(|point| curve_keys(subject, point)).collect::<Vec<_>>(),
    })
}

/// Whom no centre and no candidate reaches in time, and the walk that would reach them all.
fn out_of_reach(subject: &Subject<'_>, siting: &Siting) -> Value {
    let people = |id: &crate::model::ids::AtomId| u64::from(subject.fabric.counts[id.index()].population);
    let atom = |(id, walk): &(crate::model::ids::AtomId, Option<WalkTime>)| {
        let code = &subject.place.atoms[id.index()].code;
        json!({"atom": code, "people": people(id), "minutes": minutes(*walk)})
    };
    let longest = siting.out_of_reach.iter().map(|(_, walk)| *walk).collect::<Option<Vec<_>>>();
    json!({
        "people": siting.out_of_reach.iter().map(|(id, _)| people(id)).sum::<u64>(),
        "minutes_for_all": minutes(longest.and_then(|walks| walks.into_iter().max())),
        "atoms": siting.out_of_reach.iter().map(atom).collect::<Vec<_>>(),
    })
}

/// One number of new centres: shares of all people, minutes over all people.
pub(super) fn curve_keys(subject: &Subject<'_>, point: &CurvePoint) -> Value {
    let all: u64 = subject.fabric.counts.iter().map(|c| u64::from(c.population)).sum();
    let of_all = |part: u64| six(part as f64 / all.max(1) as f64);
    json!({
        "centres": point.centres,
        "covered": point.covered,
        "share": of_all(point.covered),
        "share_bound": of_all(point.covered_bound),
        "mean_minutes": six(point.person_millis as f64 / 60_000.0 / all.max(1) as f64),
        "mean_minutes_bound": six(point.person_millis_bound as f64 / 60_000.0 / all.max(1) as f64),
    })
}

/// The four principles as measures (尊重传统, 就近就便, 规模适度, 有利治理).
pub(super) fn principles(subject: &Subject<'_>, partition: &Partition) -> Value {
    let grids = &partition.grids;
    let fabric = subject.fabric;
    let walks: Vec<(Distance, u64)> = (0..fabric.len())
        .map(|a| {
            let duty = grids[partition.grid_of[a].index()].duty_point.index();
            let (p, q) = (fabric.spots[a], fabric.spots[duty]);
            let straight = from_square((p[0] - q[0]).pow(2) + (p[1] - q[1]).pow(2));
            let walk = straight.stretched(subject.rules.walking.detour_permille);
            (walk, u64::from(fabric.counts[a].population))
        })
        .filter(|(_, people)| *people > 0)
        .collect();
    let (mean, p90, longest) = walk_measures(walks);
    let in_range = grids.iter().filter(|g| g.reason.is_none()).count();
    let (variation, largest) = spread(grids);
    let lowest = grids.iter().map(|g| g.polsby_popper).fold(1.0, f64::min);
    let households: u64 = grids.iter().map(|g| u64::from(g.counts.households)).sum();
    json!({
        "respect_tradition": {
            "households": households,
            "households_moved": partition.households_moved,
            "codes_kept": partition.codes_kept,
            "compounds": subject.place.compounds.len(),
            "compounds_split": partition.compounds_split,
        },
        "near_and_convenient": {
            "mean_metres_to_duty_point": mean,
            "p90_metres_to_duty_point": p90,
            "longest_metres_to_duty_point": longest,
        },
        "right_size": {
            "share_in_range": if grids.is_empty() { 0.0 } else { six(in_range as f64 / grids.len() as f64) },
            "coefficient_of_variation": variation,
            "largest_over_mean": largest,
        },
        "good_for_governing": {
            "polsby_popper_mean": mean_compactness(grids),
            "polsby_popper_lowest": if grids.is_empty() { 0.0 } else { six(lowest) },
            "barriers_crossed": partition.barriers_crossed,
        },
    })
}

/// People-weighted mean, ninetieth percentile and longest, in whole metres.
fn walk_measures(mut walks: Vec<(Distance, u64)>) -> (u64, u64, u64) {
    walks.sort_unstable();
    let people: u64 = walks.iter().map(|w| w.1).sum();
    if people == 0 {
        return (0, 0, 0);
    }
    let metres = |d: Distance| u64::from(d.cm()).div_ceil(100);
    let sum: u128 = walks.iter().map(|(d, p)| u128::from(d.cm()) * u128::from(*p)).sum();
    let mut seen = 0;
    let p90 = walks.iter().find(|(_, p)| {
        seen += p;
        seen * 10 >= people * 9
    });
    let longest = walks.last().map_or(0, |w| metres(w.0));
    ((sum / u128::from(people) / 100) as u64, p90.map_or(0, |w| metres(w.0)), longest)
}
