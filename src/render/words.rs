//! What the sheets say, in two languages.
//!
//! Short fixed words stand where they are used, as a pair handed to [`pick`]; this module holds the sentences
//! made of figures, so that both languages and both maps count in the same way.

use super::layers::{Lang, Layers, Summary, WalkModel};

/// One of two wordings.
pub(super) const fn pick<'a>(lang: Lang, zh: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A count with commas between thousands.
pub(super) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Thousandths as a percentage with one digit.
pub(super) fn percent(permille: u32) -> String {
    format!("{}.{}%", permille / 10, permille % 10)
}

/// A part of a whole in thousandths, rounded; 0 of an empty whole.
pub(super) fn permille(part: u64, whole: u64) -> u32 {
    let rounded = (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0);
    u32::try_from(rounded).unwrap_or(u32::MAX)
}

/// The name of the place, or a stand-in, so that a title never begins with nothing.
fn place(layers: &Layers) -> &str {
    if layers.title_place.is_empty() {
        pick(layers.lang, "本辖区", "This place")
    } else {
        &layers.title_place
    }
}

pub(super) fn grids_title(layers: &Layers) -> String {
    let place = place(layers);
    match layers.lang {
        Lang::Zh => format!("{place}网格图"),
        Lang::En => format!("{place}: governance grids"),
    }
}

pub(super) fn coverage_title(layers: &Layers) -> String {
    let (place, minutes) = (place(layers), layers.summary.within_minutes);
    match layers.lang {
        Lang::Zh => format!("{place}党群服务中心{minutes}分钟步行覆盖图"),
        Lang::En => format!("{place}: service centres within a {minutes}-minute walk"),
    }
}

/// Communities, grids, households and people on one line.
pub(super) fn size_line(layers: &Layers) -> String {
    let Summary { grids, households, population, .. } = layers.summary;
    let communities = layers.communities.len();
    let (households, people) = (thousands(households.into()), thousands(population.into()));
    match layers.lang {
        Lang::Zh => format!("{communities}个社区（村）　{grids}个网格　{households}户　{people}人"),
        Lang::En => {
            let of = |number: u32, one: &str, more: &str| {
                format!("{number} {}", if number == 1 { one } else { more })
            };
            let communities = of(communities as u32, "community", "communities");
            let grids = of(grids, "grid", "grids");
            format!("{communities} · {grids} · {households} households · {people} residents")
        }
    }
}

/// How far the plan reaches, on one line.
pub(super) fn coverage_line(layers: &Layers) -> String {
    let Summary { covered_permille, planned_permille, new_sites, population, .. } = layers.summary;
    let (today, people) = (percent(covered_permille), thousands(population.into()));
    let mut line = match layers.lang {
        Lang::Zh => format!("人口{people}人　现状覆盖{today}"),
        Lang::En => format!("{people} residents · {today} covered today"),
    };
    if let Some(planned) = planned_permille {
        let planned = percent(planned);
        line.push_str(&match layers.lang {
            Lang::Zh => format!("　新增{new_sites}处后覆盖{planned}"),
            Lang::En => format!(" · {planned} with {new_sites} new sites"),
        });
    }
    line
}

/// How walks were measured.
pub(super) fn walk_note(layers: &Layers) -> String {
    match (layers.lang, layers.summary.walk) {
        (Lang::Zh, WalkModel::Straight { detour_permille }) => {
            format!("步行距离按直线×{}估算，未按道路实测。", factor(detour_permille))
        }
        (Lang::En, WalkModel::Straight { detour_permille }) => {
            format!("Walks are estimated: straight distance × {}.", factor(detour_permille))
        }
        (Lang::Zh, WalkModel::Network) => "步行距离沿道路网络计算。".to_owned(),
        (Lang::En, WalkModel::Network) => "Walks follow the network of streets and paths.".to_owned(),
    }
}

fn factor(permille: u32) -> String {
    let text = format!("{}.{:03}", permille / 1000, permille % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Admits labels that found no room.
pub(super) fn dropped_note(lang: Lang, dropped: u32) -> String {
    match lang {
        Lang::Zh => format!("图面过密，另有{dropped}处注记未标出，见一览表。"),
        Lang::En => format!("{dropped} labels found no room; see the ledger."),
    }
}

/// Admits sites that lie outside the map.
pub(super) fn outside_note(lang: Lang, outside: u32) -> String {
    match lang {
        Lang::Zh => format!("另有{outside}处场所在图幅之外。"),
        Lang::En => format!("{outside} sites lie outside this map."),
    }
}

/// The level of a centre.
pub(super) const fn level(lang: Lang, level: Option<u8>) -> &'static str {
    match level {
        Some(1) => pick(lang, "市级中心", "City centre"),
        Some(2) => pick(lang, "区县级中心", "District centre"),
        Some(3) => pick(lang, "街道（乡镇）级中心", "Town-level centre"),
        Some(4) => pick(lang, "社区（村）级中心", "Community centre"),
        Some(5) => pick(lang, "微站", "Micro-station"),
        _ => pick(lang, "党群服务中心", "Service centre"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_written_as_people_write_them() {
        let cases = [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")];
        for (value, expected) in cases {
            assert_eq!(thousands(value), expected);
        }
        assert_eq!(
            (percent(923), percent(5), percent(1000)),
            ("92.3%".into(), "0.5%".into(), "100.0%".into())
        );
        assert_eq!((permille(1, 3), permille(2, 3), permille(4, 0)), (333, 667, 0));
        assert_eq!((factor(1300), factor(1000), factor(1255)), ("1.3".into(), "1".into(), "1.255".into()));
    }
}
