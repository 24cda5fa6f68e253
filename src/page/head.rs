//! The head of the page: the place and its main figures, as plain text that needs no script.

use serde_json::Value;

use super::text::{escaped, percent, thousands};
use crate::model::lang::Lang;

/// Large figures, each with a word before and after it; what they are called; and a sentence.
struct Figure {
    name: String,
    values: Vec<(String, String, String)>,
    sentence: String,
}

const fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// The title of the page.
pub(super) fn title(plan: &Value, lang: Lang) -> String {
    let name = plan["place"]["name"].as_str().filter(|name| !name.is_empty());
    let name = name.unwrap_or(pick(lang, "本辖区", "This place"));
    let grids = plan.get("partition").is_some();
    let (walks, sites) = (plan.get("coverage").is_some(), plan.get("siting").is_some());
    let (zh, en) = match (grids, walks, sites) {
        (true, false, false) => ("网格划分报告", "governance grids"),
        (false, true, false) => ("党群服务中心步行覆盖报告", "service centres within walking reach"),
        (false, _, true) => ("党群服务中心选址报告", "where to put service centres"),
        _ => ("网格划分与党群服务覆盖报告", "governance grids and service centres"),
    };
    match lang {
        Lang::Zh => format!("{name}{zh}"),
        Lang::En => format!("{name}: {en}"),
    }
}

/// What a browser without a script says.
pub(super) const fn without_script(lang: Lang) -> &'static str {
    pick(
        lang,
        "以上为主要数据。地图、图表与明细表需浏览器允许运行脚本；同一文件夹内的表格（ledgers）与图件（maps）内容相同。",
        "These are the main figures. The map, the charts and the tables need a browser that runs scripts; the ledgers and maps in the same folder say the same.",
    )
}

/// The head as HTML.
pub(super) fn head(plan: &Value, title: &str, lang: Lang) -> String {
    let mut out = format!("<header>\n<h1>{}</h1>\n<p class=\"date\">{}</p>\n", escaped(title), {
        escaped(&date_line(plan, lang))
    });
    let label = pick(lang, "主要数据", "Main figures");
    out.push_str(&format!("<dl class=\"figures\" aria-label=\"{label}\">\n"));
    for figure in figures(plan, lang) {
        out.push_str(&format!("<div><dt>{}</dt><dd class=\"value\">", escaped(&figure.name)));
        for (before, value, after) in &figure.values {
            let small = |word: &str| match word {
                "" => String::new(),
                word => format!("<span>{}</span>", escaped(word)),
            };
            let value = escaped(value);
            out.push_str(&format!("<i>{}{value}{}</i>", small(before), small(after)));
        }
        out.push_str(&format!("</dd><dd>{}</dd></div>\n", escaped(&figure.sentence)));
    }
    out.push_str("</dl>\n</header>");
    out
}

/// Date of the data, size of the place, and what made the plan.
fn date_line(plan: &Value, lang: Lang) -> String {
    let mut parts = Vec::new();
    if let Some(date) = plan["place"]["date"].as_str().filter(|date| !date.is_empty()) {
        parts.push(match lang {
            Lang::Zh => format!("数据日期 {date}"),
            Lang::En => format!("Data of {date}"),
        });
    }
    let count = |key: &str| plan["place"][key].as_u64();
    if let (Some(communities), Some(households), Some(people)) =
        (count("communities"), count("households"), count("population"))
    {
        let (households, people) = (thousands(households), thousands(people));
        parts.push(match lang {
            Lang::Zh => format!("{communities} 个社区（村），{households} 户，{people} 人"),
            Lang::En => {
                format!("{communities} communities, {households} households, {people} residents")
            }
        });
    }
    if let Some(version) = plan["wangge"].as_str() {
        parts.push(format!("wangge {version}"));
    }
    parts.join(pick(lang, "　", " · "))
}

fn figures(plan: &Value, lang: Lang) -> Vec<Figure> {
    let found = [grids(plan, lang), in_range(plan, lang), covered(plan, lang)];
    let more = [groups(plan, lang), new_sites(plan, lang)];
    found.into_iter().chain(more).flatten().collect()
}

fn figure(name: &str, value: String, unit: &str, sentence: String) -> Figure {
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    Figure { name: name.to_owned(), values: vec![(String::new(), value, unit)], sentence }
}

fn grids(plan: &Value, lang: Lang) -> Option<Figure> {
    let partition = plan.get("partition")?;
    let all = partition["grids"].as_u64()?;
    let exclusive = partition["exclusive"].as_u64().unwrap_or(0).min(all);
    let basic = all - exclusive;
    let sentence = match lang {
        Lang::Zh if exclusive > 0 => format!("基础网格 {basic} 个，专属网格 {exclusive} 个。"),
        Lang::Zh => "均为基础网格。".to_owned(),
        Lang::En if exclusive > 0 => format!("{basic} basic grids and {exclusive} exclusive ones."),
        Lang::En => "All are basic grids.".to_owned(),
    };
    Some(figure(pick(lang, "网格总数", "Grids"), thousands(all), pick(lang, "个", ""), sentence))
}

fn in_range(plan: &Value, lang: Lang) -> Option<Figure> {
    let partition = plan.get("partition")?;
    let (all, fit) = (partition["grids"].as_u64()?, partition["in_range"].as_u64()?);
    let out = all.saturating_sub(fit);
    let rules = &plan["rules"]["grids"];
    let (least, most) =
        (rules["households_min"].as_u64().unwrap_or(0), rules["households_max"].as_u64().unwrap_or(0));
    let sentence = match (lang, out) {
        (Lang::Zh, 0) => format!("基础网格均在 {least}–{most} 户之间。"),
        (Lang::Zh, _) => format!("基础网格应为 {least}–{most} 户；{out} 个例外，理由逐一列明。"),
        (Lang::En, 0) => format!("Every basic grid has {least} to {most} households."),
        (Lang::En, _) => {
            format!("A basic grid should have {least} to {most} households; {out} do not, with reasons.")
        }
    };
    let unit = format!("/ {}", thousands(all));
    Some(figure(pick(lang, "规模达标", "Grids of the right size"), thousands(fit), &unit, sentence))
}

fn covered(plan: &Value, lang: Lang) -> Option<Figure> {
    let coverage = plan.get("coverage")?;
    let share = coverage["share"].as_f64()?;
    let minutes = coverage["within_minutes"].as_f64().unwrap_or(15.0);
    let people = thousands(coverage["population"].as_u64()?);
    let reached = thousands(coverage["covered"].as_u64()?);
    let estimated = coverage["estimated"] == Value::Bool(true);
    let mut sentence = match lang {
        Lang::Zh => format!("{people} 人中 {reached} 人步行 {minutes} 分钟内可到党群服务中心。"),
        Lang::En => format!("{reached} of {people} people reach a centre on foot in {minutes} minutes."),
    };
    sentence.push_str(match (lang, estimated) {
        (Lang::Zh, true) => "步行按直线距离估算。",
        (Lang::Zh, false) => "步行沿道路计算。",
        (Lang::En, true) => " Walks are estimated from straight distances.",
        (Lang::En, false) => " Walks follow streets and paths.",
    });
    Some(figure(pick(lang, "现状覆盖", "Covered today"), percent(share), "", sentence))
}

fn groups(plan: &Value, lang: Lang) -> Option<Figure> {
    let of = |group: &str| {
        let reach = &plan["coverage"]["groups"][group];
        Some((reach["share"].as_f64()?, reach["population"].as_u64()?))
    };
    let ((older, old), (child, young)) = (of("older")?, of("child")?);
    let reading = &plan["rules"]["reading"];
    let (from, to) =
        (reading["older_from"].as_u64().unwrap_or(65), reading["child_to"].as_u64().unwrap_or(14));
    let (old, young) = (thousands(old), thousands(young));
    let sentence = match lang {
        Lang::Zh => format!("{from} 岁及以上 {old} 人、{to} 岁及以下 {young} 人，按各自步速。"),
        Lang::En => format!("{old} people of {from} and over, {young} of {to} and under, at their own pace."),
    };
    let value = |word: &str, share| (format!("{word} "), percent(share), String::new());
    Some(Figure {
        name: pick(lang, "一老一小覆盖", "Older people and children covered").to_owned(),
        values: vec![value(pick(lang, "老", "older"), older), value(pick(lang, "小", "children"), child)],
        sentence,
    })
}

fn new_sites(plan: &Value, lang: Lang) -> Option<Figure> {
    let siting = plan.get("siting")?;
    let new = siting["new"].as_u64()?;
    let (before, after) = (siting["covered_before"].as_u64()?, siting["covered_after"].as_u64()?);
    let people = plan["place"]["population"].as_u64().filter(|people| *people > 0)?;
    let share = |part: u64| percent(part as f64 / people as f64);
    let more = thousands(after.saturating_sub(before));
    let (before, after) = (share(before), share(after));
    let sentence = match lang {
        Lang::Zh => format!("建成后覆盖由 {before} 升至 {after}，新增 {more} 人。"),
        Lang::En => format!("Once built, coverage rises from {before} to {after}: {more} people more."),
    };
    Some(figure(
        pick(lang, "建议新增站点", "New sites proposed"),
        new.to_string(),
        pick(lang, "处", ""),
        sentence,
    ))
}
