//! Centres and candidates as a map shows them.

use geojson::{GeometryValue, JsonObject};
use serde_json::Value;

use super::{Reader, text, truth, whole};
use crate::model::services;
use crate::render::layers::{Lang, Site, SiteKind};

/// Centres and candidates; chosen sites with the straight distance they serve.
pub(super) fn sites(reader: &Reader<'_>, summary: &Value, lang: Lang) -> Vec<Site> {
    let rule = |key: &str| summary["rules"]["walking"][key].as_f64().unwrap_or(0.0);
    let straight = summary["coverage"]["model"].as_str() == Some("straight");
    let reach = rule("within_s") * rule("adult_mm_per_s") / rule("detour_permille").max(1.0);
    let mut sites = Vec::new();
    for (p, g) in reader.features("layers/sites.geojson") {
        let Some(GeometryValue::Point { coordinates }) = g else { continue };
        let kind = match text(p, "kind").as_str() {
            "centre" => {
                let level = p.get("level").and_then(Value::as_u64).and_then(|l| u8::try_from(l).ok());
                SiteKind::Centre { level, counts: truth(p, "counts") }
            }
            "chosen" => SiteKind::Chosen { rank: whole(p, "rank") },
            _ => p.get("together").and_then(Value::as_u64).map_or(SiteKind::Candidate, |place| {
                SiteKind::Shared { letter: u8::try_from(place).unwrap_or(u8::MAX) }
            }),
        };
        let chosen = matches!(kind, SiteKind::Chosen { .. });
        let at = reader.point(coordinates);
        let reach_m = (chosen && straight).then_some(reach);
        let gain = p.get("gain").and_then(Value::as_u64).map(|n| n as u32);
        sites.push(Site {
            code: text(p, "code"),
            name: text(p, "name"),
            at,
            kind,
            reach_m,
            gain,
            inside: inside(p, lang),
        });
    }
    sites
}

/// Levels as layers name them, and in English.
const LEVELS: [(&str, &str); 5] = [
    ("市", "city centre"),
    ("区县", "district centre"),
    ("街道乡镇", "town-level centre"),
    ("社区村", "community centre"),
    ("微站", "micro-station"),
];

/// What is placed together at a site, in the language of the map.
fn inside(properties: &JsonObject, lang: Lang) -> String {
    let line = text(properties, "inside");
    match lang {
        Lang::Zh => line,
        Lang::En => {
            let level = |name: &str| LEVELS.iter().find(|level| level.0 == name).map(|level| level.1);
            let english = |name: &str| {
                let service = || services::known(name).map(|known| known.english);
                level(name).or_else(service).unwrap_or(name).to_owned()
            };
            line.split('、').filter(|name| !name.is_empty()).map(english).collect::<Vec<_>>().join(", ")
        }
    }
}
