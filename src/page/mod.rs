//! The report of a plan as one page for any browser, `report.html`.
//!
//! The page asks nothing of a network: style, script and data stand inside it, and its policy forbids every
//! request. The main figures are plain text written here; the map, the charts and the tables are built by
//! the script out of the embedded data, in linear time. Equal plans give equal bytes.

mod colour;
mod data;
mod geometry;
mod head;
mod layers;
mod tables;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::model::lang::Lang;
use crate::model::layers::WrittenLayers;
use text::{embedded_json, escaped, source_hash};

/// Why a plan has no page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageError {
    /// A table is not UTF-8 text.
    Table {
        /// Name of the file within the plan.
        file: String,
    },
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Table { file } => write!(f, "`{file}` is not UTF-8 text"),
        }
    }
}

impl std::error::Error for PageError {}

/// The tables of a plan a page is made of, beside `plan.json` and its layers; each may be missing.
pub const TABLES: [&str; 13] = [
    "closures.csv",
    "coverage.csv",
    "coverage_grids.csv",
    "plans.csv",
    "problems.csv",
    "siting.csv",
    "siting_curve.csv",
    "tradeoff.csv",
    "ledgers/党群服务中心台账.csv",
    "ledgers/网格调整对照表.csv",
    "ledgers/服务覆盖统计表.csv",
    "ledgers/覆盖率统计表.csv",
    "ledgers/选址论证.csv",
];

const STYLE: &str = include_str!("page.css");
const FRAME: &str = include_str!("page.html");
/// The script in the order in which its parts rely on one another.
const SCRIPT: [&str; 7] = [
    include_str!("script/base.js"),
    include_str!("script/model.js"),
    include_str!("script/map.js"),
    include_str!("script/control.js"),
    include_str!("script/charts.js"),
    include_str!("script/tables.js"),
    include_str!("page.js"),
];

/// The page of a plan: `plan` is `plan.json`, `tables` the files of its folder by relative name (those
/// of [`TABLES`]; others are not looked at). The page shows whatever is there.
///
/// # Errors
/// [`PageError`] if a table cannot be read.
pub fn html(
    plan: &Value,
    layers: &WrittenLayers,
    tables: &BTreeMap<&str, &[u8]>,
    lang: Lang,
) -> Result<Vec<u8>, PageError> {
    let data = embedded_json(&data::data(plan, layers, tables, lang)?);
    let script = format!("(function () {{\n\"use strict\";\n{}}})();\n", SCRIPT.concat());
    let policy = format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; img-src data:; base-uri 'none'; \
         form-action 'none'",
        source_hash(&script),
        source_hash(STYLE),
    );
    let title = head::title(plan, lang);
    let parts = [
        (
            "lang",
            match lang {
                Lang::Zh => "zh-CN".to_owned(),
                Lang::En => "en".to_owned(),
            },
        ),
        ("policy", policy),
        ("title", escaped(&title)),
        ("style", STYLE.to_owned()),
        ("head", head::head(plan, &title, lang)),
        ("without", escaped(head::without_script(lang))),
        ("data", data),
        ("script", script),
    ];
    Ok(filled(FRAME, &parts).into_bytes())
}

/// The frame with its `{{marks}}` replaced, each once and from left to right, so that no value is taken for
/// a mark.
fn filled(frame: &str, parts: &[(&str, String)]) -> String {
    let mut out = String::new();
    let mut rest = frame;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((mark, after)) = after.split_once("}}") else {
            rest = after;
            break;
        };
        if let Some((_, value)) = parts.iter().find(|(name, _)| *name == mark) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}
