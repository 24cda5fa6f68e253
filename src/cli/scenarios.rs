//! `wangge compare PLACE --scenarios FILE`: one question asked in several futures.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::Verdict;
use super::compare::aligned;
use super::console::Console;
use super::options::SiteOptions;
use super::place::sound;
use super::plan::{map_lang, warn_of_glyphs};
use super::wishes::sites_named;
use super::words::figure;
use crate::io;
use crate::model::lang::Lang;
use crate::model::rules::{Objective, Rules};
use crate::model::scenario::{ComparedPlan, Comparison, Scenarios};
use crate::network::StreetGround;
use crate::planner;
use crate::render::{self, regrets::RegretRow};
use crate::scenarios;

pub(super) fn run(
    place: &Path,
    file: &Path,
    out: Option<&Path>,
    sites: &SiteOptions,
    console: &Console,
) -> anyhow::Result<Verdict> {
    if let Some(out) = out {
        io::claim(out)?;
    }
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let asked: Scenarios = toml::from_str(&text).with_context(|| format!("`{}`", file.display()))?;
    let faults = asked.faults();
    if !faults.is_empty() {
        anyhow::bail!("`{}`:\n  {}", file.display(), faults.join("\n  "));
    }
    let reading = io::read_place(place);
    let mut place = sound(&reading, console)?;
    let mut rules = reading.rules;
    sites.apply(&mut rules);
    sites_named(&rules, &place)?;
    if rules.siting.objective == Objective::Fewest {
        anyhow::bail!(
            "scenarios are compared by what is reached, not by how many sites it takes: choose another --objective"
        );
    }
    if !rules.siting.services.is_empty() || !rules.siting.levels.is_empty() {
        anyhow::bail!("scenarios compare sites alone: services and levels are placed by `wangge site`");
    }
    let unknown = scenarios::unknown_codes(&place, &asked.scenario);
    if !unknown.is_empty() {
        let line = |(scenario, what, code): &(&str, &str, &str)| {
            format!("{scenario}: no {what} has the code {code}")
        };
        let lines: Vec<String> = unknown.iter().map(line).collect();
        anyhow::bail!("`{}`:\n  {}", file.display(), lines.join("\n  "));
    }
    let each: Vec<Rules> =
        asked.scenario.iter().map(|s| scenarios::rules_of(s, &rules)).collect::<Result<_, _>>()?;
    for (scenario, rules) in asked.scenario.iter().zip(&each) {
        sites_named(rules, &place).with_context(|| format!("`{}`: {}", file.display(), scenario.name))?;
    }
    let run = console.run();
    let fabric = planner::prepare(&mut place, &rules, &run);
    let ground = StreetGround::of(&place)?;
    let found = scenarios::compare(&place, &fabric, &asked.scenario, &each, ground.as_ref(), &run);
    let summary = keys(&found, &rules, &place.name, &reading.inputs.sorted());
    if let Some(out) = out {
        let files = files(&found, &summary, console)?;
        io::write_folder(out, &files)?;
    }
    if console.json {
        console.data(&format!("{summary:#}\n"))?;
    } else {
        console.data(&table(&found, rules.siting.objective, console))?;
    }
    Ok(Verdict::Satisfied)
}

/// What a plan is called: by the scenario it is best for.
fn name(found: &Comparison, plan: &ComparedPlan, lang: Lang) -> String {
    match (plan.of, lang) {
        (Some(of), Lang::Zh) => format!("{}最优", found.scenarios[of].name),
        (Some(of), Lang::En) => format!("best for {}", found.scenarios[of].name),
        (None, Lang::Zh) => "各情景兼顾".to_owned(),
        (None, Lang::En) => "for all of them".to_owned(),
    }
}

fn keys(found: &Comparison, rules: &Rules, place: &str, inputs: &[(String, String)]) -> Value {
    let scenarios: Vec<Value> = found
        .scenarios
        .iter()
        .map(|s| json!({"name": s.name, "people": s.people, "value": s.value, "bound": s.bound}))
        .collect();
    let plans: Vec<Value> = found
        .plans
        .iter()
        .map(|plan| {
            json!({
                "best_for": plan.of.map(|of| &found.scenarios[of].name),
                "sites": plan.sites,
                "values": plan.values,
                "regrets": plan.regrets.iter().map(|r| r.map(|r| r as f64 / 10_000.0)).collect::<Vec<_>>(),
                "largest_regret": plan.worst().map(|r| r as f64 / 10_000.0),
            })
        })
        .collect();
    json!({
        "schema": 1,
        "wangge": env!("CARGO_PKG_VERSION"),
        "place": place,
        "inputs": inputs.iter().map(|(file, hash)| json!({"file": file, "sha256": hash})).collect::<Vec<_>>(),
        "objective": rules.siting.objective.name(),
        "scenarios": scenarios,
        "plans": plans,
        "robust": found.robust,
    })
}

fn percent(regret: Option<u64>) -> String {
    regret.map_or("–".to_owned(), |r| format!("{:.2} %", r as f64 / 100.0))
}

fn table(found: &Comparison, objective: Objective, console: &Console) -> String {
    let mut rows = vec![vec![console.say("scenario", "情景").to_owned()]];
    let say = |en: &str, zh: &str| console.say(en, zh).to_owned();
    rows[0].extend([say("people", "人口"), say("best value", "最优值"), say("bound", "界")]);
    for s in &found.scenarios {
        let worth = |n: u64| figure(objective.name(), n as f64, console.lang);
        rows.push(vec![s.name.clone(), s.people.to_string(), worth(s.value), worth(s.bound)]);
    }
    let mut text = aligned(&rows);
    let mut rows = vec![vec![say("loss of each choice", "各方案的损失")]];
    rows[0].extend(found.scenarios.iter().map(|s| s.name.clone()));
    rows[0].push(say("largest", "最大"));
    for (i, plan) in found.plans.iter().enumerate() {
        let mark = if i == found.robust { " *" } else { "" };
        let mut row = vec![format!("{}: {}{mark}", name(found, plan, console.lang), plan.sites.join(", "))];
        row.extend(plan.regrets.iter().map(|r| percent(*r)));
        row.push(percent(plan.worst()));
        rows.push(row);
    }
    text.push('\n');
    text.push_str(&aligned(&rows));
    text.push_str(&match console.lang {
        Lang::En => {
            format!("* robust: its largest loss is the least of these. Objective: {}\n", objective.name())
        }
        Lang::Zh => format!("* 稳健方案：最大损失最小。目标：{}\n", objective.name()),
    });
    text
}

fn files(found: &Comparison, summary: &Value, console: &Console) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
    let mut csv = String::from("plan,sites,scenario,value,best,regret\n");
    for plan in &found.plans {
        for (s, (value, regret)) in found.scenarios.iter().zip(plan.values.iter().zip(&plan.regrets)) {
            let text = |n: Option<String>| n.unwrap_or_default();
            let cells = [
                quoted(&name(found, plan, console.paper)),
                quoted(&plan.sites.join(" ")),
                quoted(&s.name),
                text(value.map(|v| v.to_string())),
                s.value.to_string(),
                text(regret.map(|r| format!("{:.4}", r as f64 / 10_000.0))),
            ];
            csv.push_str(&cells.join(","));
            csv.push('\n');
        }
    }
    let names: Vec<String> = found.scenarios.iter().map(|s| s.name.clone()).collect();
    let row = |(i, plan): (usize, &ComparedPlan)| RegretRow {
        name: name(found, plan, console.paper),
        regrets: plan.regrets.clone(),
        robust: i == found.robust,
    };
    let rows: Vec<RegretRow> = found.plans.iter().enumerate().map(row).collect();
    let svg = render::regrets::regrets(&names, &rows, map_lang(console.paper));
    let drawn: String = names.iter().chain(rows.iter().map(|row| &row.name)).map(String::as_str).collect();
    warn_of_glyphs(&render::missing_glyphs(&drawn), console);
    let png = render::rasterise(&svg, 1.0)?;
    let mut json = serde_json::to_vec_pretty(summary)?;
    json.push(b'\n');
    Ok(vec![
        ("compare.json".to_owned(), json),
        ("compare.csv".to_owned(), csv.into_bytes()),
        ("maps/compare.svg".to_owned(), svg.into_bytes()),
        ("maps/compare.png".to_owned(), png),
    ])
}

/// As RFC 4180 has it.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
