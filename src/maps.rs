//! The maps of a written plan, drawn from its own layers.
//!
//! A plan draws its maps from the files it has just made, and `wangge render` draws them from the
//! same files later, so the two cannot differ.

mod places;
mod sheets;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use geojson::{Feature, GeometryValue, JsonObject, Position};
use rayon::prelude::*;
use serde_json::Value;

use crate::geometry::projection::LocalFrame;
use crate::model::layers::WrittenLayers;
use crate::model::place::Origin;
use crate::render::chart::households_histogram;
use crate::render::layers::{
    AtomShape, CommunityShape, ContextKind, ContextLine, FlawShape, GridShape, Lang, Layers, MultiRing,
    Service, Summary, WalkModel,
};
use crate::render::sitecurve::{SiteCurvePoint, site_curve};
use crate::render::tradeoff::{TradeOffPoint, trade_off};
use crate::render::{self, RasterError};

pub use sheets::{draw_atlas, draw_public};

/// Why a plan cannot be drawn.
#[derive(Debug, thiserror::Error)]
pub enum MapError {
    /// The picture could not be made.
    #[error("the map `{name}` cannot be drawn")]
    Raster {
        /// Which map.
        name: String,
        /// Why not.
        source: RasterError,
    },
    /// The sheets could not be bound.
    #[error("the atlas cannot be made")]
    Atlas(#[source] render::pdf::PdfError),
}

/// Maps as files, and the characters the embedded font lacks.
#[derive(Debug, Default)]
pub struct Maps {
    /// SVG and PNG, with their paths.
    pub files: Vec<(String, Vec<u8>)>,
    /// Characters without a glyph, each once.
    pub missing_glyphs: Vec<char>,
}

/// Draws every map the plan's files allow: grids if it has grids, coverage if it has coverage.
///
/// # Errors
/// [`MapError`] if a picture cannot be made.
pub fn draw(summary: &Value, written: &WrittenLayers, lang: Lang) -> Result<Maps, MapError> {
    let layers = layers(summary, written, lang);
    let mut scenes = Vec::new();
    if summary.get("partition").is_some() {
        scenes.push(("grids", render::grids(&layers)));
    }
    if summary.get("coverage").is_some() {
        scenes.push(("coverage", render::coverage(&layers)));
    }
    if !layers.flaws.is_empty() {
        scenes.push(("qa", render::flaws(&layers)));
    }
    let mut maps = Maps::default();
    let mut drawings = Vec::new();
    for (name, scene) in scenes {
        for text in scene.texts() {
            maps.missing_glyphs.extend(render::missing_glyphs(&text.text));
        }
        drawings.push((name, scene.to_svg()));
    }
    if summary.get("partition").is_some() {
        let households: Vec<u32> = layers.grids.iter().map(|g| g.households).collect();
        drawings.push(("households", households_histogram(&households, layers.summary.range, lang)));
    }
    if let Some(rows) = summary["trade_off"].as_array() {
        drawings.push((
            "tradeoff",
            trade_off(&rows.iter().map(|row| point(row, lang)).collect::<Vec<_>>(), lang),
        ));
    }
    if let Some(points) = summary["siting"]["curve"].as_array().filter(|points| points.len() > 1) {
        let points: Vec<SiteCurvePoint> = points.iter().map(curve_point).collect();
        let chosen = whole_number(&summary["siting"]["new"]);
        drawings.push(("siting_curve", site_curve(&points, chosen, lang)));
    }
    let pictures: Vec<_> = drawings.par_iter().map(|(_, svg)| render::rasterise(svg, 1.0)).collect();
    for ((name, svg), picture) in drawings.into_iter().zip(pictures) {
        let png = picture.map_err(|source| MapError::Raster { name: name.to_owned(), source })?;
        maps.files.push((format!("maps/{name}.svg"), svg.into_bytes()));
        maps.files.push((format!("maps/{name}.png"), png));
    }
    maps.missing_glyphs.sort_unstable();
    maps.missing_glyphs.dedup();
    Ok(maps)
}

/// A row of the trade-off as a dot of its chart.
fn point(row: &Value, lang: Lang) -> TradeOffPoint {
    let number = |key: &str| row[key].as_f64().unwrap_or(0.0);
    let label = match (row["weight"].as_str().unwrap_or_default(), lang) {
        ("strict", Lang::Zh) => "严格",
        (weight, _) => weight,
    };
    TradeOffPoint {
        label: label.to_owned(),
        moved: whole_number(&row["households_moved"]),
        variation: number("coefficient_of_variation"),
        metres: number("mean_metres_to_duty_point"),
    }
}

/// A point of the siting curve.
fn curve_point(row: &Value) -> SiteCurvePoint {
    let number = |key: &str| row[key].as_f64().unwrap_or(0.0);
    SiteCurvePoint {
        centres: whole_number(&row["centres"]),
        share: (number("share"), number("share_bound")),
        minutes: (number("mean_minutes"), number("mean_minutes_bound")),
    }
}

struct Reader<'a> {
    written: &'a WrittenLayers,
    frame: LocalFrame,
}

/// The properties of a feature that has none.
static NOTHING: OnceLock<JsonObject> = OnceLock::new();

impl<'a> Reader<'a> {
    /// Properties and shapes of a layer.
    fn features(
        &self,
        file: &str,
    ) -> impl Iterator<Item = (&'a JsonObject, Option<&'a GeometryValue>)> + use<'a> {
        let of = |f: &'a Feature| {
            let properties = f.properties.as_ref().unwrap_or_else(|| NOTHING.get_or_init(JsonObject::new));
            (properties, f.geometry.as_ref().map(|g| &g.value))
        };
        self.written.features(file).iter().map(of)
    }

    fn point(&self, position: &Position) -> [f64; 2] {
        let p = position.as_slice();
        let (x, y) =
            self.frame.to_metres(p.first().copied().unwrap_or(0.0), p.get(1).copied().unwrap_or(0.0));
        [x, y]
    }

    fn rings(&self, polygon: &[Vec<Position>]) -> Vec<Vec<[f64; 2]>> {
        polygon.iter().map(|ring| ring.iter().map(|p| self.point(p)).collect()).collect()
    }

    fn area(&self, geometry: Option<&GeometryValue>) -> MultiRing {
        match geometry {
            Some(GeometryValue::Polygon { coordinates }) => vec![self.rings(coordinates)],
            Some(GeometryValue::MultiPolygon { coordinates }) => {
                coordinates.iter().map(|polygon| self.rings(polygon)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn text(properties: &JsonObject, key: &str) -> String {
    properties.get(key).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn whole(properties: &JsonObject, key: &str) -> u32 {
    properties.get(key).map_or(0, whole_number)
}

fn whole_number(value: &Value) -> u32 {
    value.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}

fn truth(properties: &JsonObject, key: &str) -> bool {
    properties.get(key).and_then(Value::as_bool).unwrap_or(false)
}

fn layers(summary: &Value, written: &WrittenLayers, lang: Lang) -> Layers {
    let origin = &summary["place"]["origin"];
    let degree = |i: usize| origin[i].as_f64().unwrap_or(0.0);
    let reader = Reader { written, frame: LocalFrame::around(Origin { lon: degree(0), lat: degree(1) }) };
    let communities: Vec<CommunityShape> = reader
        .features("layers/communities.geojson")
        .map(|(p, g)| CommunityShape { code: text(p, "code"), name: text(p, "name"), rings: reader.area(g) })
        .collect();
    let index: BTreeMap<&str, u32> = communities.iter().map(|c| c.code.as_str()).zip(0..).collect();
    let grids: Vec<GridShape> = reader
        .features("grids.geojson")
        .map(|(p, g)| {
            let code = text(p, "code");
            let tail = code.char_indices().rev().nth(2).map_or(0, |(i, _)| i);
            GridShape {
                short_label: code[tail..].to_owned(),
                name: text(p, "name"),
                rings: reader.area(g),
                community: index.get(text(p, "community").as_str()).copied().unwrap_or(0),
                households: whole(p, "households"),
                hidden: truth(p, "hidden"),
                population: whole(p, "population"),
                in_range: truth(p, "in_range"),
                exclusive: text(p, "kind") == "exclusive",
                label_at: None,
                code,
            }
        })
        .collect();
    let grid_index: BTreeMap<&str, u32> = grids.iter().map(|g| g.code.as_str()).zip(0..).collect();
    let atoms = reader
        .features("layers/atoms.geojson")
        .map(|(p, g)| {
            let service = match (truth(p, "covered"), truth(p, "covered_after")) {
                (true, _) => Service::Reached,
                (false, true) => Service::Gained,
                (false, false) => Service::Beyond,
            };
            let key = if service == Service::Gained { "minutes_after" } else { "minutes" };
            AtomShape {
                rings: reader.area(g),
                grid: grid_index.get(text(p, "grid").as_str()).copied().unwrap_or(0),
                population: whole(p, "population"),
                service,
                minutes: p.get(key).and_then(Value::as_f64),
            }
        })
        .collect();
    let figures = figures(summary);
    let centres = places::sites(&reader, summary, lang);
    let mut layers = Layers {
        title_place: summary["place"]["name"].as_str().unwrap_or_default().to_owned(),
        date: summary["place"]["date"].as_str().unwrap_or_default().to_owned(),
        source: String::new(),
        lang,
        communities,
        atoms,
        grids,
        centres,
        context: Vec::new(),
        isochrones: Vec::new(),
        water: Vec::new(),
        buildings: Vec::new(),
        flaws: Vec::new(),
        summary: figures,
        page: None,
    };
    surroundings(&reader, &mut layers);
    for (p, g) in reader.features("layers/qa.geojson") {
        layers.flaws.push(FlawShape {
            number: whole(p, "number"),
            gap: text(p, "kind") == "gap",
            between: text(p, "between"),
            area_m2: p.get("area_m2").and_then(Value::as_f64).unwrap_or(0.0),
            rings: reader.area(g),
        });
    }
    for (p, g) in reader.features("isochrones.geojson") {
        // All centres together; those of single centres would hide the map.
        if p.get("centre").is_none_or(Value::is_null) {
            let minutes = p.get("minutes").and_then(Value::as_f64).unwrap_or(0.0).round() as u32;
            layers.isochrones.push((minutes, reader.area(g)));
        }
    }
    layers
}

fn surroundings(reader: &Reader<'_>, layers: &mut Layers) {
    for (p, g) in reader.features("layers/context.geojson") {
        let kind = match text(p, "kind").as_str() {
            "water" => {
                layers.water.push(reader.area(g));
                continue;
            }
            "building" => {
                layers.buildings.push(reader.area(g));
                continue;
            }
            "river" => ContextKind::River,
            "railway" => ContextKind::Railway,
            "wall" => ContextKind::Wall,
            "arterial" => ContextKind::Arterial,
            "street" => ContextKind::Street,
            _ => ContextKind::Barrier,
        };
        if let Some(GeometryValue::LineString { coordinates }) = g {
            let points = coordinates.iter().map(|p| reader.point(p)).collect();
            layers.context.push(ContextLine { kind, points });
        }
    }
}

/// What the captions quote.
fn figures(summary: &Value) -> Summary {
    let number =
        |path: &[&str]| -> u64 { path.iter().fold(summary, |value, key| &value[*key]).as_u64().unwrap_or(0) };
    let small = |path: &[&str]| u32::try_from(number(path)).unwrap_or(u32::MAX);
    let permille = |part: u64, whole: u64| (part * 1000 + whole / 2).checked_div(whole).unwrap_or(0) as u32;
    let people = number(&["coverage", "population"]);
    let walk = if summary["coverage"]["model"].as_str() == Some("streets") {
        WalkModel::Network
    } else {
        WalkModel::Straight { detour_permille: small(&["rules", "walking", "detour_permille"]) }
    };
    let planned = summary.get("siting").map(|_| permille(number(&["siting", "covered_after"]), people));
    Summary {
        grids: small(&["partition", "grids"]),
        in_range: small(&["partition", "in_range"]),
        households: small(&["place", "households"]),
        population: small(&["place", "population"]),
        covered_permille: permille(number(&["coverage", "covered"]), people),
        planned_permille: planned,
        within_minutes: small(&["rules", "walking", "within_s"]).div_ceil(60),
        walk,
        new_sites: small(&["siting", "new"]),
        range: (small(&["rules", "grids", "households_min"]), small(&["rules", "grids", "households_max"])),
    }
}
