//! Services or levels sited together, in figures and as a table.

use polars::prelude::PolarsResult;
use serde_json::{Value, json};

use super::Subject;
use super::csv::csv;
use super::ledgers::LEVELS;
use super::summary::six;
use crate::model::plan::{Placed, Together, WishedService};
use crate::model::rules::Group;
use crate::model::services;

/// What a wish is called.
fn name(wish: &WishedService) -> String {
    wish.level.map_or_else(|| wish.service.clone(), |level| LEVELS[usize::from(level.min(5))].to_owned())
}

fn users(group: Group) -> &'static str {
    if group == Group::Adult { "everybody" } else { group.name() }
}

pub(super) fn keys(subject: &Subject<'_>, together: &Together) -> Value {
    let (value, bound) = (together.value as f64, together.bound as f64);
    let wished = together.wished.iter().map(|wish| {
        json!({
            "name": name(wish),
            "service": if wish.level.is_none() { json!(wish.service) } else { Value::Null },
            "english": services::known(&wish.service).map_or(wish.service.as_str(), |known| known.english),
            "level": wish.level,
            "users": users(wish.group),
            "area_m2": wish.area_m2,
            "most": wish.most,
            "people": wish.users,
            "covered_before": wish.before,
            "covered_after": wish.before + wish.newly,
        })
    });
    let chosen = together.chosen.iter().map(|placed| {
        let candidate = &subject.place.candidates[placed.candidate.index()];
        let inside = |(wish, newly): &(u32, u64)| {
            json!({"name": name(&together.wished[*wish as usize]), "newly_covered": newly})
        };
        json!({
            "candidate": candidate.site.code,
            "inside": placed.inside.iter().map(inside).collect::<Vec<_>>(),
        })
    });
    json!({
        "wished": wished.collect::<Vec<_>>(),
        "chosen": chosen.collect::<Vec<_>>(),
        "value": together.value,
        "bound": together.bound,
        "gap": if together.value == together.bound { 0.0 } else { six((bound - value) / value.max(1.0)) },
        "status": if together.complete { "optimal" } else { "gap" },
    })
}

/// What goes into a site, as one line.
pub(super) fn inside(subject: &Subject<'_>, placed: &Placed) -> String {
    let wished = |wish: u32| subject.plan.together.as_ref().map(|t| name(&t.wished[wish as usize]));
    placed.inside.iter().filter_map(|(wish, _)| wished(*wish)).collect::<Vec<_>>().join("、")
}

pub(super) fn table(subject: &Subject<'_>, together: &Together) -> PolarsResult<Vec<u8>> {
    let rows = |placed: &Placed| {
        let candidate = &subject.place.candidates[placed.candidate.index()];
        let area = candidate.site.area_m2.map_or(String::new(), |area| format!("{area:.0}"));
        let line = |(wish, newly): &(u32, u64)| {
            let wish = &together.wished[*wish as usize];
            let site = &candidate.site;
            let needs = wish.area_m2.to_string();
            vec![site.code.clone(), site.name.clone(), area.clone(), name(wish), needs, newly.to_string()]
        };
        placed.inside.iter().map(line).collect::<Vec<_>>()
    };
    let rows: Vec<Vec<String>> = together.chosen.iter().flat_map(rows).collect();
    csv(&["candidate", "name", "area_m2", "inside", "takes_m2", "newly_covered"], &rows, false)
}
