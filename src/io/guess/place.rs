//! From looks to a place file.

use std::fmt::Write as _;

use super::layer::{Layer, Shape};
use super::table::TableLook;
use super::{Look, Proposal};
use crate::io::Problems;

/// Words in the name of a file or a column that tell candidates from centres.
const CANDIDATE_WORDS: [&str; 8] = ["candidate", "候选", "备选", "选址", "库存", "配套", "空地", "stock"];

/// Keys of counts.
const COUNTS: [&str; 5] = ["households", "population", "age_65_plus", "age_60_plus", "age_0_14"];

/// Keys of sites beside their positions.
const SITE_KEYS: [&str; 16] = [
    "code",
    "name",
    "address",
    "area_m2",
    "level",
    "functions",
    "hours",
    "status",
    "capacity",
    "action",
    "cost",
    "kind",
    "floor",
    "ownership",
    "condition",
    "available",
];

/// The place file as it grows.
#[derive(Default)]
struct Draft {
    toml: String,
    reasons: Vec<[String; 2]>,
    missing: Vec<[String; 2]>,
}

impl Draft {
    fn reason(&mut self, file: &str, zh: &str, en: &str) {
        self.reasons.push([format!("{file}：{zh}"), format!("{file}: {en}")]);
    }

    fn section(&mut self, name: &str, file: &str, note: &str) {
        let _ = writeln!(self.toml, "\n[{name}]{}{}", if note.is_empty() { "" } else { "  # " }, note);
        self.pair("file", file);
    }

    fn pair(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.toml, "{key} = {}", toml::Value::from(value));
    }

    fn layer(&mut self, layer: &Layer) {
        if let Some(name) = &layer.layer {
            self.pair("layer", name);
        }
    }
}

pub(super) fn propose(looks: Vec<(String, Look)>, name: &str, problems: Problems) -> Proposal {
    let mut layers: Vec<(String, Layer)> = Vec::new();
    let mut tables: Vec<(String, TableLook)> = Vec::new();
    let mut pbf = None;
    let mut draft = Draft::default();
    for (file, look) in looks {
        match look {
            Look::Layer(layer) => layers.push((file, layer)),
            Look::Table(table) => tables.push((file, table)),
            Look::Streets => pbf = Some(file),
            Look::Other => {}
        }
    }
    let areas = |layers: &[(String, Layer)]| -> Vec<usize> {
        (0..layers.len()).filter(|&i| layers[i].1.shape == Shape::Area).collect()
    };
    // Communities are the areas that are few; what is many beside them are atoms.
    let mut by_size = areas(&layers);
    by_size.sort_by_key(|&i| {
        (!speaks_of(&layers[i], &["communit", "社区", "社區", "村", "里界", "boundar"]), layers[i].1.features)
    });
    let communities = by_size.first().copied();
    let atoms = (0..layers.len())
        .filter(|i| Some(*i) != communities && layers[*i].1.shape != Shape::Line)
        .filter(|&i| communities.is_some_and(|c| layers[i].1.features > layers[c].1.features))
        .filter(|&i| {
            layers[i].1.code().is_some() || speaks_of(&layers[i], &["unit", "atom", "楼", "building", "院落"])
        })
        .max_by_key(|&i| layers[i].1.features);
    let crs = communities.and_then(|c| layers[c].1.system());
    head(&mut draft, name, crs.as_deref());
    match communities {
        Some(c) => {
            let (file, layer) = &layers[c];
            draft.reason(
                file,
                &format!("社区界线（面，{} 个，同类中最少或名称相符）", layer.features),
                &format!("communities ({} areas, the fewest, or so called)", layer.features),
            );
            coded(&mut draft, "communities", file, layer, joined(layer, &tables).is_none());
            population(&mut draft, "communities", layer, &mut tables);
        }
        None => draft.missing.push([
            "没有找到社区界线（面图层），请补充".to_owned(),
            "no layer of areas was found that could be the communities".to_owned(),
        ]),
    }
    if let Some(a) = atoms {
        let (file, layer) = &layers[a];
        draft.reason(
            file,
            &format!("单元（{} 个，如楼栋、院落、小区）", layer.features),
            &format!("atoms ({}, such as buildings)", layer.features),
        );
        coded(&mut draft, "atoms", file, layer, joined(layer, &tables).is_none());
        population(&mut draft, "atoms", layer, &mut tables);
    }
    let mut walked = pbf.is_some();
    if let Some(file) = &pbf {
        draft.reason(file, "步行道路（OpenStreetMap）", "streets to walk on (OpenStreetMap)");
        draft.section("streets", file, "");
    }
    let mut barred = false;
    for (i, (file, layer)) in layers.iter().enumerate() {
        if Some(i) == communities || Some(i) == atoms {
            continue;
        }
        let has = |key: &str| layer.values.contains_key(key);
        if layer.shape == Shape::Line && has("highway") && !walked {
            walked = true;
            draft.reason(file, "步行道路（有 highway 属性）", "streets to walk on (they have `highway`)");
            draft.section("streets", file, "");
            draft.layer(layer);
        } else if layer.shape != Shape::Area && !barred && is_barrier(file, layer) {
            barred = true;
            draft.reason(file, "河流、铁路、围墙等屏障", "barriers: rivers, railways, walls");
            draft.section("barriers", file, "");
            draft.layer(layer);
        } else {
            draft.reason(file, "未用上，请自行指定", "not used; say what it is");
        }
    }
    for (file, table) in &tables {
        sites_or_grids(&mut draft, file, table, atoms.map(|a| &layers[a].1));
    }
    Proposal { toml: draft.toml, reasons: draft.reasons, missing: draft.missing, problems: problems.sorted() }
}

fn head(draft: &mut Draft, name: &str, crs: Option<&str>) {
    draft.toml.push_str("[place]\n");
    draft.pair("name", name);
    match crs {
        Some(crs) => draft.pair("crs", crs),
        None => {
            draft.toml.push_str("crs = \"?\"  # EPSG:4326, EPSG:4490, EPSG:4491-4554, GCJ-02, BD-09\n");
            draft.missing.push([
                "坐标系无法判断，请在 crs 处写明".to_owned(),
                "the coordinate system could not be told; write it as `crs`".to_owned(),
            ]);
        }
    }
    draft.pair("profile", "town");
}

fn speaks_of((file, layer): &(String, Layer), words: &[&str]) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file).to_lowercase();
    let layer = layer.layer.as_deref().unwrap_or_default().to_lowercase();
    words.iter().any(|word| name.contains(word) || layer.contains(word))
}

fn is_barrier(file: &str, layer: &Layer) -> bool {
    let known = ["river", "railway", "wall", "stream", "canal", "fence", "河流", "铁路", "围墙"];
    let kinds = layer.values.get("kind").into_iter().flatten();
    kinds.into_iter().any(|kind| known.contains(&kind.as_str()))
        || ["waterway", "railway", "barrier"].iter().any(|key| layer.values.contains_key(*key))
        || ["barrier", "屏障", "river", "河"].iter().any(|word| file.to_lowercase().contains(word))
}

/// A layer with its columns; its own counts only where no table has them.
fn coded(draft: &mut Draft, section: &str, file: &str, layer: &Layer, counts: bool) {
    draft.section(section, file, "");
    draft.layer(layer);
    match layer.code() {
        Some(code) => draft.pair("code", code),
        None => draft.missing.push([
            format!(
                "[{section}] 没有找到编码列（{}）",
                layer.values.keys().cloned().collect::<Vec<_>>().join("、")
            ),
            format!(
                "[{section}] has no column of codes ({})",
                layer.values.keys().cloned().collect::<Vec<_>>().join(", ")
            ),
        ]),
    }
    for key in ["name", "compound"] {
        if let Some(column) = layer.property(key) {
            draft.pair(key, column);
        }
    }
    for key in COUNTS.into_iter().filter(|_| counts) {
        if let Some(column) = layer.property(key) {
            draft.pair(key, column);
        }
    }
}

/// The table whose codes are most of the layer's: how many are, and its place in the heap.
fn joined(layer: &Layer, tables: &[(String, TableLook)]) -> Option<(usize, usize)> {
    let codes = &layer.values[layer.code()?];
    let best = (0..tables.len())
        .filter(|&t| tables[t].1.counts() && tables[t].1.column("lon").is_none())
        .filter_map(|t| Some((tables[t].1.joins(codes)?.1, t)))
        .max_by_key(|(shared, t)| (*shared, std::cmp::Reverse(*t)));
    // A table of some of the communities is one of them too.
    best.filter(|&(shared, t)| shared * 2 >= codes.len() || (shared > 1 && shared * 2 >= tables[t].1.rows))
}

/// The table whose codes are most of the layer's, taken out of the heap.
fn population(draft: &mut Draft, section: &str, layer: &Layer, tables: &mut Vec<(String, TableLook)>) {
    let (Some(code), Some((shared, t))) = (layer.code(), joined(layer, tables)) else { return };
    let codes = &layer.values[code];
    let (file, table) = tables.remove(t);
    draft.reason(
        &file,
        &format!("[{section}] 的人口表（{shared} 个编码对得上，{}）", table.how),
        &format!("population of [{section}] ({shared} codes agree; {})", table.how),
    );
    draft.section(&format!("{section}.population"), &file, "");
    if let Some((column, _)) = table.joins(codes) {
        draft.pair("code", column);
    }
    for key in ["households", "population", "age_65_plus", "age_60_plus", "age_0_14"] {
        if let Some(column) = table.column(key) {
            draft.pair(key, column);
        }
    }
    if table.column("population").is_none() {
        let bases = ["population_resident", "population_registered"];
        let found: Vec<&str> = bases.iter().filter_map(|key| table.column(key)).collect();
        match found.as_slice() {
            [one] => draft.pair("population", one),
            [] => {}
            several => draft.missing.push([
                format!("{file} 有多种人口口径（{}），请选定其一写为 population", several.join("、")),
                format!(
                    "{file} counts people on several bases ({}); name one as `population`",
                    several.join(", ")
                ),
            ]),
        }
    }
}

fn sites_or_grids(draft: &mut Draft, file: &str, table: &TableLook, atoms: Option<&Layer>) {
    let grid = table
        .columns
        .iter()
        .find(|c| c.to_lowercase() == "grid" || c.contains("网格编码") || c.contains("网格代码"));
    let joined = atoms.and_then(|layer| table.joins(&layer.values[layer.code()?]));
    let first = !draft.toml.contains("[existing_grids]");
    if let (Some(grid), Some((atom, shared)), true) = (grid, joined, first) {
        draft.reason(
            file,
            &format!("现行网格（{shared} 个单元对得上）"),
            &format!("the grids in force ({shared} atoms agree)"),
        );
        draft.section("existing_grids", file, "");
        draft.pair("atom", atom);
        draft.pair("grid", grid);
        return;
    }
    let axes = [("lon", "lat"), ("x", "y")];
    let axes = axes.iter().find_map(|(x, y)| Some([(*x, table.column(x)?), (*y, table.column(y)?)]));
    let Some(axes) = axes else {
        draft.reason(file, "未用上，请自行指定", "not used; say what it is");
        return;
    };
    let name = file.to_lowercase();
    let is_candidate =
        CANDIDATE_WORDS.iter().any(|word| name.contains(word)) || table.column("cost").is_some();
    let section = if is_candidate { "candidates" } else { "centres" };
    if draft.toml.contains(&format!("[{section}]")) {
        draft.reason(file, "未用上：同类表格已有一份", "not used: there is one of its kind already");
        return;
    }
    let (zh, en) =
        if is_candidate { ("候选点", "candidates") } else { ("现有中心", "existing centres") };
    draft.reason(
        file,
        &format!("{zh}（{} 行，有坐标，{}）", table.rows, table.how),
        &format!("{en} ({} rows with positions; {})", table.rows, table.how),
    );
    draft.section(section, file, "坐标系若与上面不同，请写 crs");
    for (key, column) in axes {
        draft.pair(key, column);
    }
    for key in SITE_KEYS {
        if let Some(column) = table.column(key) {
            draft.pair(key, column);
        }
    }
}
