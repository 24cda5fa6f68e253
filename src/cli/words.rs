//! A plan in words, as the terminal shows it.

mod sites;

use std::path::Path;

use serde_json::Value;

pub(super) use self::sites::{choice, figure};
use self::sites::{placed, sited_together, wishes};
use crate::model::lang::Lang;

/// The summary for a reader.
pub(super) fn words(summary: &Value, out: &Path, faults: usize, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let pick = |en: &str, zh_text: &str| if zh { zh_text.to_owned() } else { en.to_owned() };
    let mut lines = Vec::new();
    let place = &summary["place"];
    lines.push((
        place["name"].as_str().unwrap_or_default().to_owned(),
        match lang {
            Lang::En => format!(
                "{} {}, {} atoms, {} households, {} people",
                place["communities"],
                if place["communities"] == 1 { "community" } else { "communities" },
                place["atoms"],
                place["households"],
                place["population"]
            ),
            Lang::Zh => format!(
                "{} 个社区，{} 个单元，{} 户，{} 人",
                place["communities"], place["atoms"], place["households"], place["population"]
            ),
        },
    ));
    if let Some(p) = summary.get("partition") {
        let (grids, within) = (&p["grids"], &p["in_range"]);
        let (gap, cv) = (percent(&p["gap"]), &p["coefficient_of_variation"]);
        let aim = &p["objective"];
        let given: Vec<String> = [("exclusive", "专属"), ("locked", "锁定")]
            .iter()
            .filter(|(key, _)| p[*key].as_u64().unwrap_or(0) > 0)
            .map(|(key, chinese)| format!("{} {}", p[*key], pick(key, chinese)))
            .collect();
        let given = if given.is_empty() { given.concat() } else { format!(" ({})", given.join(", ")) };
        let (proved, communities) = (&aim["communities_proved"], &place["communities"]);
        lines.push((
            pick("grids", "网格"),
            match lang {
                Lang::En => format!(
                    "{grids}{given}, {within} in range; spread {cv}; moment of inertia within {gap} of the least for as many grids; proved best by the weighted principles in {proved} of {communities} communities"
                ),
                Lang::Zh => {
                    format!("{grids} 个{given}，达标 {within} 个；户数变异系数 {cv}；集聚惯量与同样网格数的最小值相差不超过 {gap}；{communities} 个社区中 {proved} 个的划分已证明为四原则加权最优")
                }
            },
        ));
        for grid in p["out_of_range"].as_array().into_iter().flatten() {
            let code = grid["grid"].as_str().unwrap_or_default();
            let reason = grid[if zh { "reason" } else { "reason_en" }].as_str().unwrap_or_default();
            let unit = pick("households", "户");
            lines.push((String::new(), format!("{code}  {} {unit}: {reason}", grid["households"])));
        }
    }
    if summary["partition"]["keep"].is_object() {
        lines.push((pick("in force", "现行网格"), kept(summary, lang)));
    }
    if let Some(c) = summary.get("coverage") {
        let none = c["centres"]["counted"] == 0;
        let (share, within) = (percent(&c["share"]), minutes(&c["within_minutes"]));
        let (mean, p90, longest) =
            (minutes(&c["mean_minutes"]), minutes(&c["p90_minutes"]), minutes(&c["longest_minutes"]));
        let estimated = match (c["estimated"] == true, lang) {
            (true, Lang::En) => " (estimated)",
            (false, Lang::En) => " along streets",
            (true, Lang::Zh) => "（估算）",
            (false, Lang::Zh) => "（沿道路）",
        };
        let groups = &c["groups"];
        let (older, child) = (percent(&groups["older"]["share"]), percent(&groups["child"]["share"]));
        lines.push((
            pick("coverage", "覆盖"),
            match lang {
                Lang::En if none => "no centre of this level is given; nobody is covered".to_owned(),
                Lang::Zh if none => "没有本级的现有中心，无人覆盖".to_owned(),
                Lang::En => format!("{share} of people within {within} min{estimated}; older {older}, children {child}; mean {mean}, P90 {p90}, longest {longest} min"),
                Lang::Zh => format!("{within} 分钟内 {share}{estimated}；老人 {older}，儿童 {child}；平均 {mean}，九成 {p90}，最远 {longest} 分钟"),
            },
        ));
    }
    lines.extend(reached(&summary["coverage"], lang).into_iter().map(|line| (String::new(), line)));
    if let Some(s) = summary.get("siting") {
        let chosen: Vec<&str> =
            s["chosen"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let chosen = match (chosen.is_empty(), lang) {
            (true, Lang::En) if s["asked"] == 0 => "none asked for".to_owned(),
            (true, Lang::Zh) if s["asked"] == 0 => "未要求新增".to_owned(),
            (true, Lang::En) => "no candidate helps".to_owned(),
            (true, Lang::Zh) => "没有可用的候选点".to_owned(),
            _ => chosen.join(", "),
        };
        let (status, gap) = (s["status"].as_str().unwrap_or_default(), percent(&s["gap"]));
        let (before, after) = (&s["covered_before"], &s["covered_after"]);
        lines.push((
            pick("new sites", "选址"),
            match lang {
                Lang::En => format!("{chosen}: {before} to {after} people covered ({status}, gap {gap})"),
                Lang::Zh => format!("{chosen}：覆盖 {before} 人增至 {after} 人（{status}，差距 {gap}）"),
            },
        ));
        lines.extend(wishes(s, lang).into_iter().map(|line| (String::new(), line)));
    }
    if let Some(together) = summary.get("together") {
        lines.push((pick("together", "多项布点"), sited_together(together, lang)));
        lines.extend(placed(together, lang).into_iter().map(|line| (String::new(), line)));
    }
    let verdict =
        if faults == 0 { pick("no fault found", "未发现问题") } else { format!("{faults} ✗") };
    lines.push((pick("verified", "核验"), verdict));
    lines.push((pick("written to", "写入"), out.display().to_string()));
    let width = lines.iter().map(|(key, _)| columns(key)).max().unwrap_or(0);
    let pad = |key: &str| " ".repeat(width - columns(key));
    lines.iter().map(|(key, text)| format!("{key}{}  {text}\n", pad(key))).collect()
}

fn percent(share: &Value) -> String {
    share.as_f64().map_or("–".to_owned(), |share| format!("{:.1} %", share * 100.0))
}

fn minutes(minutes: &Value) -> String {
    minutes.as_f64().map_or("–".to_owned(), |minutes| format!("{minutes:.1}"))
}

/// The other levels of centres, and the services for the old and the young (一老一小).
fn reached(coverage: &Value, lang: Lang) -> Vec<String> {
    let levels = coverage["levels"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines = Vec::new();
    if coverage["jurisdiction"] == true {
        lines.push(match lang {
            Lang::En => "only centres of one's own community count".to_owned(),
            Lang::Zh => "只计本社区的中心（属地办理）".to_owned(),
        });
    }
    if levels.len() > 1 {
        let (word, part) = if lang == Lang::En { ("by level: ", ", ") } else { ("各层级：", "，") };
        let one = |of: &Value| {
            let (share, within) = (percent(&of["share"]), minutes(&of["within_minutes"]));
            match lang {
                Lang::En => format!("level {} {share} in {within} min", of["level"]),
                Lang::Zh => format!("{} {within} 分钟 {share}", of["name"].as_str().unwrap_or_default()),
            }
        };
        lines.push(format!("{word}{}", levels.iter().map(one).collect::<Vec<_>>().join(part)));
    }
    let asked = levels.iter().find(|of| of["asked"] == true);
    let services = asked.and_then(|of| of["services"].as_array()).map(Vec::as_slice).unwrap_or_default();
    let frail: Vec<String> = services
        .iter()
        .filter(|service| service["users"] != "everybody")
        .map(|service| {
            let key = if lang == Lang::En { "english" } else { "service" };
            format!("{} {}", service[key].as_str().unwrap_or_default(), percent(&service["share"]))
        })
        .collect();
    if !frail.is_empty() {
        lines.push(match lang {
            Lang::En => format!("for the old and the young: {}", frail.join(", ")),
            Lang::Zh => format!("一老一小：{}", frail.join("，")),
        });
    }
    lines
}

/// What became of the grids in force.
fn kept(summary: &Value, lang: Lang) -> String {
    let (p, keep) = (&summary["partition"], &summary["partition"]["keep"]);
    let (moved, codes) = (&p["households_moved"], &p["codes_kept"]);
    let strictly = match (keep["mode"].as_str(), lang) {
        (Some("strict"), Lang::En) => format!(
            "; strictly kept in {} of {} communities, {} moved there and no fewer than {} can",
            keep["communities_strict"],
            summary["place"]["communities"],
            keep["households_moved_strict"],
            keep["households_moved_bound"]
        ),
        (Some("strict"), Lang::Zh) => format!(
            "；其中 {} 个社区（共 {} 个）严格保留，调整 {} 户，最少不低于 {} 户",
            keep["communities_strict"],
            summary["place"]["communities"],
            keep["households_moved_strict"],
            keep["households_moved_bound"]
        ),
        _ => String::new(),
    };
    match lang {
        Lang::En => format!("{moved} households moved, {codes} codes kept{strictly}"),
        Lang::Zh => format!("调整 {moved} 户，沿用编码 {codes} 个{strictly}"),
    }
}

/// Columns of a terminal: two for a Chinese character.
pub(super) fn columns(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}
