//! New sites in words: what was wished for, what it costs, and what is placed together.

use serde_json::Value;

use super::{minutes, percent};
use crate::model::lang::Lang;

/// Services or levels sited together: what each comes to.
pub(super) fn sited_together(together: &Value, lang: Lang) -> String {
    let one = |wish: &Value| {
        let (before, after, all) =
            (&wish["covered_before"], &wish["covered_after"], wish["people"].as_u64().unwrap_or(0));
        let name = called(wish, lang);
        match lang {
            Lang::En => format!("{name} {before} to {after} of {all}"),
            Lang::Zh => format!("{name} {before} 增至 {after} 人（共 {all}）"),
        }
    };
    let wished = together["wished"].as_array().map(Vec::as_slice).unwrap_or_default();
    let (status, gap) = (together["status"].as_str().unwrap_or_default(), percent(&together["gap"]));
    let list = wished.iter().map(one).collect::<Vec<_>>();
    match lang {
        Lang::En => format!("{} ({status}, gap {gap})", list.join(", ")),
        Lang::Zh => format!("{}（{status}，差距 {gap}）", list.join("，")),
    }
}

/// A service or a level in the language of the talk.
fn called(wish: &Value, lang: Lang) -> String {
    match (wish["level"].as_u64(), lang) {
        (Some(level), Lang::En) => format!("level {level}"),
        (None, Lang::En) => wish["english"].as_str().unwrap_or_default().to_owned(),
        (_, Lang::Zh) => wish["name"].as_str().unwrap_or_default().to_owned(),
    }
}

/// Which candidate takes what.
pub(super) fn placed(together: &Value, lang: Lang) -> Vec<String> {
    let joint = if lang == Lang::En { ", " } else { "、" };
    let line = |placed: &Value| {
        let inside = placed["inside"].as_array().map(Vec::as_slice).unwrap_or_default();
        let named = |entry: &Value| {
            let wished = together["wished"].as_array()?.iter().find(|wish| wish["name"] == entry["name"])?;
            Some(called(wished, lang))
        };
        let names: Vec<String> = inside.iter().filter_map(named).collect();
        format!("{}: {}", placed["candidate"].as_str().unwrap_or_default(), names.join(joint))
    };
    together["chosen"].as_array().into_iter().flatten().map(line).collect()
}

/// A value of an objective with its unit, short.
pub(in crate::cli) fn figure(objective: &str, n: f64, lang: Lang) -> String {
    match (objective, lang) {
        ("walk", Lang::En) => format!("{:.1} person h", n / 3_600_000.0),
        ("walk", Lang::Zh) => format!("{:.1} 人时", n / 3_600_000.0),
        ("worst", Lang::En) => format!("{:.1} min", n / 60_000.0),
        ("worst", Lang::Zh) => format!("{:.1} 分钟", n / 60_000.0),
        ("fair", _) => format!("{:.2} %", n / 100.0),
        ("room", Lang::En) => format!("{n} households"),
        ("room", Lang::Zh) => format!("{n} 户"),
        ("fewest", Lang::En) => format!("{n} centres"),
        ("fewest", Lang::Zh) => format!("{n} 处"),
        (_, Lang::En) => format!("{n} people"),
        (_, Lang::Zh) => format!("{n} 人"),
    }
}

/// The same as part of a sentence.
fn worth(objective: &str, n: f64, lang: Lang) -> String {
    let figure = figure(objective, n, lang);
    match (objective, lang) {
        ("walk", Lang::En) => format!("{figure} of walking"),
        ("walk", Lang::Zh) => format!("步行合计 {figure}"),
        ("worst", Lang::En) => format!("{figure} for the longest walk"),
        ("worst", Lang::Zh) => format!("最远 {figure}"),
        ("fair", Lang::En) => format!("{figure} of the community covered worst"),
        ("fair", Lang::Zh) => format!("覆盖最差的社区 {figure}"),
        ("room", Lang::En) => format!("{figure} with floor enough in reach"),
        ("room", Lang::Zh) => format!("可达且面积够用 {figure}"),
        ("backup", Lang::En) => format!("{figure} with two centres in reach"),
        ("backup", Lang::Zh) => format!("{figure}可达两处"),
        ("cover", Lang::En) => format!("{figure} newly covered"),
        ("cover", Lang::Zh) => format!("新增覆盖 {figure}"),
        _ => figure,
    }
}

/// What was asked of the choice of sites beyond a number of them, and what came of it.
pub(super) fn wishes(s: &Value, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let reason = if lang == Lang::En { "reason_en" } else { "reason" };
    lines.extend(s["infeasible"][reason].as_str().map(str::to_owned));
    let out = &s["out_of_reach"];
    if let Some(people) = out["people"].as_u64().filter(|people| *people > 0) {
        let places = out["atoms"].as_array().map_or(0, Vec::len);
        let most = match (out["minutes_for_all"].is_null(), lang) {
            (true, _) => String::new(),
            (false, Lang::En) => format!("; {} min would reach all", minutes(&out["minutes_for_all"])),
            (false, Lang::Zh) => format!("；放宽到 {} 分钟可全部到达", minutes(&out["minutes_for_all"])),
        };
        lines.push(match lang {
            Lang::En => {
                format!("no centre or candidate reaches {people} people in {places} atoms in time{most}")
            }
            Lang::Zh => format!("{places} 个单元 {people} 人，任何中心、候选点都不能按时到达{most}"),
        });
    }
    let codes = |list: &Value| -> String {
        list.as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
    };
    let value = |objective: &Value, value: &Value| -> String {
        worth(objective.as_str().unwrap_or_default(), value.as_f64().unwrap_or(0.0), lang)
    };
    if s["objective"] != "cover" {
        lines.push(value(&s["objective"], &s["value"]));
    }
    if s["then"].is_object() {
        let then = value(&s["then"]["objective"], &s["then"]["value"]);
        lines.push(if lang == Lang::En { format!("then {then}") } else { format!("其次：{then}") });
    }
    if let (Some(cost), Some(budget)) = (s["cost"].as_u64(), s["budget"].as_u64()) {
        lines.push(match lang {
            Lang::En => format!("cost {cost} of a budget of {budget}"),
            Lang::Zh => format!("成本 {cost}，预算 {budget}"),
        });
    }
    if let Some(free) = s.get("free_hand").filter(|free| free.is_object()) {
        let (sites, best) = (codes(&free["chosen"]), value(&s["objective"], &free["value"]));
        let price =
            figure(s["objective"].as_str().unwrap_or_default(), free["price"].as_f64().unwrap_or(0.0), lang);
        lines.push(match lang {
            Lang::En => format!("with a free hand: {sites}, {best}; the wish costs {price}"),
            Lang::Zh => format!("不加指定时：{sites}，{best}；指定的代价 {price}"),
        });
    }
    for (number, other) in (2..).zip(s["alternatives"].as_array().into_iter().flatten()) {
        let (sites, worth) = (codes(&other["chosen"]), value(&s["objective"], &other["value"]));
        lines.push(match lang {
            Lang::En => format!("choice {number}: {sites}, {worth}"),
            Lang::Zh => format!("方案 {number}：{sites}，{worth}"),
        });
    }
    lines
}

/// A line of the table of plans: English, Chinese, key.
const CHOICE: [(&str, &str, &str); 12] = [
    ("weights (tradition/near/size/governing)", "权重（传统/就近/规模/治理）", "weights"),
    ("grids", "网格数", "grids"),
    ("out of range", "未达标网格", "out_of_range"),
    ("households moved", "调整户数", "households_moved"),
    ("compounds split", "拆开的小区", "compounds_split"),
    ("mean metres to duty point", "到值守点平均米数", "mean_metres_to_duty_point"),
    ("longest metres to duty point", "到值守点最远米数", "longest_metres_to_duty_point"),
    ("coefficient of variation", "户数变异系数", "coefficient_of_variation"),
    ("largest / mean", "最大与平均之比", "largest_over_mean"),
    ("line between grids, m", "网格界线米数", "line_metres"),
    ("mean compactness", "平均紧凑度", "polsby_popper_mean"),
    ("barriers crossed", "跨越屏障的网格", "barriers_crossed"),
];

/// The plans to choose from side by side, and how many there were.
pub(in crate::cli) fn choice(summary: &Value, lang: Lang) -> String {
    let told = &summary["plans"];
    let plans = told["plans"].as_array().map(Vec::as_slice).unwrap_or_default();
    let of = |key: &str, plan: &Value| match (key, &plan[key]) {
        ("weights", _) => ["respect_tradition", "near_and_convenient", "right_size", "good_for_governing"]
            .map(|principle| plan[format!("weight_{principle}")].to_string())
            .join("/"),
        (_, Value::Null) => "–".to_owned(),
        (_, Value::Number(n)) if n.is_f64() => format!("{:.3}", n.as_f64().unwrap_or(0.0)),
        (_, other) => other.to_string(),
    };
    let name = |plan: &Value| {
        let front = plan["on_front"].as_bool().unwrap_or(true);
        format!("{}{}", plan["plan"], if front { "" } else { "*" })
    };
    let mut rows = vec![vec![if lang == Lang::En { "plan" } else { "方案" }.to_owned()]];
    rows[0].extend(plans.iter().map(name));
    for (en, zh, key) in CHOICE {
        let mut row = vec![if lang == Lang::En { en } else { zh }.to_owned()];
        row.extend(plans.iter().map(|plan| of(key, plan)));
        rows.push(row);
    }
    let mut text = format!("\n{}", crate::cli::compare::aligned(&rows));
    if plans.iter().any(|plan| plan["on_front"] == false) {
        text.push_str(match lang {
            Lang::En => "* another of these plans is nowhere worse and somewhere better\n",
            Lang::Zh => "* 表中另有方案各项均不差于它，且至少一项更优\n",
        });
    }
    if (plans.len() as u64) < told["asked"].as_u64().unwrap_or(0) {
        let (asked, tried, found) = (&told["asked"], &told["tried"], plans.len());
        text.push_str(&match lang {
            Lang::En => format!(
                "{found} plans, not {asked}: {tried} divisions held no more that differ and are not outdone\n"
            ),
            Lang::Zh => format!(
                "只有 {found} 个方案，不足 {asked} 个：试算 {tried} 种划分，其余或相同，或各项均不占优\n"
            ),
        });
    }
    text
}
