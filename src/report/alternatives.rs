//! Divisions made otherwise, side by side: `tradeoff.csv`, `plans.csv` and a folder for each plan.

use polars::prelude::PolarsResult;
use serde_json::{Value, json};

use super::csv::csv;
use super::summary::{principles, six, spread};
use super::{File, Subject};
use crate::model::alternative::{Alternative, Choice};
use crate::model::plan::Plan;
use crate::model::rules::{Keep, Rules};

pub(super) fn files(subject: &Subject<'_>) -> PolarsResult<Vec<File>> {
    let mut files = Vec::new();
    if !subject.plan.trade_off.is_empty() {
        files.push(("tradeoff.csv".to_owned(), table(&TRADE_OFF, &trade_off_keys(subject))?));
    }
    if let Some(choice) = &subject.plan.choice {
        files.push(("plans.csv".to_owned(), table(&PLANS, &choice_keys(subject, choice)["plans"])?));
        for (number, alternative) in (1..).zip(&choice.plans).skip(1) {
            let (plan, rules) = alone(subject, alternative);
            let own = Subject { plan: &plan, rules: &rules, ..*subject };
            let folder = super::files(&own)?;
            files.extend(folder.into_iter().map(|(name, bytes)| (format!("plans/{number}/{name}"), bytes)));
        }
    }
    Ok(files)
}

/// An alternative as a plan of its own, with the rules it was made by.
fn alone(subject: &Subject<'_>, alternative: &Alternative) -> (Plan, Rules) {
    let plan = Plan { partition: Some(alternative.partition.clone()), ..Plan::default() };
    (plan, alternative.rules(subject.rules))
}

/// Columns of `tradeoff.csv`, each a key of `plan.json` too.
const TRADE_OFF: [&str; 13] = [
    "weight",
    "households_moved",
    "share_moved",
    "coefficient_of_variation",
    "largest_over_mean",
    "in_range",
    "moment_of_inertia",
    "compounds_split",
    "grids",
    "out_of_range",
    "mean_metres_to_duty_point",
    "codes_kept",
    "line_metres",
];

/// Columns of `plans.csv`: the weights, then what each principle measures.
const PLANS: [&str; 24] = [
    "plan",
    "on_front",
    "weight_respect_tradition",
    "weight_near_and_convenient",
    "weight_right_size",
    "weight_good_for_governing",
    "grids",
    "in_range",
    "out_of_range",
    "households_moved",
    "share_moved",
    "codes_kept",
    "compounds_split",
    "moment_of_inertia",
    "mean_metres_to_duty_point",
    "p90_metres_to_duty_point",
    "longest_metres_to_duty_point",
    "coefficient_of_variation",
    "largest_over_mean",
    "line_metres",
    "polsby_popper_mean",
    "polsby_popper_lowest",
    "barriers_crossed",
    "folder",
];

fn table(columns: &[&str], rows: &Value) -> PolarsResult<Vec<u8>> {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = |keys: &Value| columns.iter().map(|column| text(&keys[*column])).collect();
    let rows: Vec<Vec<String>> = rows.as_array().into_iter().flatten().map(row).collect();
    csv(columns, &rows, false)
}

/// What the trade-off is made of, one row a weight.
pub(super) fn trade_off_keys(subject: &Subject<'_>) -> Value {
    let row = |alternative: &Alternative| {
        let mut keys = measures(subject, alternative);
        let weight = alternative.weights.respect_tradition.to_string();
        keys["weight"] = json!(if alternative.keep == Keep::Strict { "strict" } else { &weight });
        keys
    };
    subject.plan.trade_off.iter().map(row).collect()
}

/// The plans to choose from, one row each.
pub(super) fn choice_keys(subject: &Subject<'_>, choice: &Choice) -> Value {
    let row = |(position, alternative): (usize, &Alternative)| {
        let mut keys = measures(subject, alternative);
        let weights = &alternative.weights;
        keys["plan"] = json!(position + 1);
        keys["on_front"] = json!(choice.on_front(position));
        keys["weight_respect_tradition"] = json!(weights.respect_tradition);
        keys["weight_near_and_convenient"] = json!(weights.near_and_convenient);
        keys["weight_right_size"] = json!(weights.right_size);
        keys["weight_good_for_governing"] = json!(weights.good_for_governing);
        keys["folder"] =
            json!(if position == 0 { ".".to_owned() } else { format!("plans/{}", position + 1) });
        keys
    };
    json!({
        "asked": choice.asked,
        "tried": choice.tried,
        "on_front": choice.found,
        "plans": choice.plans.iter().enumerate().map(row).collect::<Vec<_>>(),
    })
}

/// Every measure of an alternative, flat.
fn measures(subject: &Subject<'_>, alternative: &Alternative) -> Value {
    let (partition, worth) = (&alternative.partition, &alternative.worth);
    let (variation, largest) = spread(&partition.grids);
    let told = principles(subject, partition);
    let in_force = |atom: &crate::model::place::Atom| atom.grid_in_force.is_some();
    let settled = subject.place.atoms.iter().filter(|atom| in_force(atom));
    let households: u64 = settled.map(|atom| u64::from(atom.counts.households)).sum();
    let share = |moved: u64| if households == 0 { 0.0 } else { six(moved as f64 / households as f64) };
    json!({
        "grids": partition.grids.len(),
        "in_range": partition.grids.len() as u64 - worth.out,
        "out_of_range": worth.out,
        "households_moved": partition.households_moved,
        "share_moved": partition.households_moved.map(share),
        "codes_kept": partition.households_moved.map(|_| partition.codes_kept),
        "compounds_split": worth.split,
        "moment_of_inertia": worth.inertia,
        "mean_metres_to_duty_point": told["near_and_convenient"]["mean_metres_to_duty_point"],
        "p90_metres_to_duty_point": told["near_and_convenient"]["p90_metres_to_duty_point"],
        "longest_metres_to_duty_point": told["near_and_convenient"]["longest_metres_to_duty_point"],
        "coefficient_of_variation": variation,
        "largest_over_mean": largest,
        "line_metres": (worth.line_cm + 50) / 100,
        "polsby_popper_mean": told["good_for_governing"]["polsby_popper_mean"],
        "polsby_popper_lowest": told["good_for_governing"]["polsby_popper_lowest"],
        "barriers_crossed": partition.barriers_crossed,
    })
}
