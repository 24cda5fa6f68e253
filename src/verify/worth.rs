//! Judges what a plan says of its communities one by one: their sums, their bounds and what follows.
//!
//! The weighted principles themselves are not weighed again; their moments of inertia are, and no
//! value may be better than its own bound.

use serde_json::Value;

use super::{Fault, expect};
use crate::model::place::Place;
use crate::model::written::{GridRow, WrittenPlan};

/// Nothing to say where a plan says nothing of its communities.
pub(super) fn judge(place: &Place, written: &WrittenPlan, rows: &[GridRow], faults: &mut Vec<Fault>) {
    let partition = &written.summary["partition"];
    let Some(told) = partition["communities"].as_array() else { return };
    if told.len() != place.communities.len() {
        differs("partition.communities", &told.len(), &place.communities.len(), faults);
        return;
    }
    for (community, told) in place.communities.iter().zip(told) {
        let code = community.code.as_str();
        if told["community"].as_str() != Some(code) {
            differs("partition.communities", &told["community"], code, faults);
            continue;
        }
        let own = || rows.iter().filter(|row| row.community == code);
        let moment: u64 = own().map(|row| row.moment_of_inertia).sum();
        for (key, found) in [("grids", own().count() as u64), ("moment_of_inertia", moment)] {
            if told[key].as_u64() != Some(found) {
                differs(&format!("{code} {key}"), &told[key], &found, faults);
            }
        }
        not_above(code, &told["moment_bound"], moment as f64, faults);
        follows(code, told, faults);
    }
    let total = |key: &str| told.iter().filter_map(|c| c[key].as_f64()).sum::<f64>();
    let objective = &partition["objective"];
    expect(&written.summary, "partition.objective.value", total("value"), faults);
    expect(&written.summary, "partition.objective.bound", total("bound"), faults);
    let proved = told.iter().filter(|c| c["status"] == "optimal").count();
    expect(&written.summary, "partition.objective.communities_proved", proved as f64, faults);
    let all = if proved == told.len() { "optimal" } else { "gap" };
    if objective["status"] != all {
        faults.push(Fault::StatusFalse { status: objective["status"].to_string() });
    }
    let bounds = told.iter().filter_map(|c| c["moment_bound"].as_u64()).sum::<u64>();
    if partition["bound"].as_u64() != Some(bounds) {
        differs("partition.bound", &partition["bound"], &bounds, faults);
    }
}

fn not_above(code: &str, bound: &Value, value: f64, faults: &mut Vec<Fault>) {
    if bound.as_f64().is_none_or(|bound| bound > value) {
        let (value, bound) = (format!("{code} {value}"), bound.to_string());
        faults.push(Fault::BoundBroken { what: "partition.communities", value, bound });
    }
}

/// Gap and status follow from value and bound.
fn follows(code: &str, told: &Value, faults: &mut Vec<Fault>) {
    let value = told["value"].as_f64().unwrap_or(0.0);
    not_above(code, &told["bound"], value, faults);
    let bound = told["bound"].as_f64().unwrap_or(0.0);
    let gap = if value > 0.0 { (value - bound) / value } else { 0.0 };
    if told["gap"].as_f64().is_none_or(|written| (written - gap).abs() > 1.1e-6) {
        differs(&format!("{code} gap"), &told["gap"], &gap, faults);
    }
    let status = if value == bound { "optimal" } else { "gap" };
    if told["status"] != status {
        faults.push(Fault::StatusFalse { status: format!("{code} {}", told["status"]) });
    }
}

fn differs<W: ToString + ?Sized, F: ToString + ?Sized>(
    what: &str,
    written: &W,
    found: &F,
    faults: &mut Vec<Fault>,
) {
    let (what, written, found) = (what.to_owned(), written.to_string(), found.to_string());
    faults.push(Fault::Differs { what, written, found });
}
