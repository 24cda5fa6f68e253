//! The town as files: GeoJSON and CSV in longitude and latitude, and the place file that joins them.
//!
//! Text is put together by hand, so that its bytes depend on nothing but the town. Points that are equal in
//! metres are written with equal digits, so what meets in the plan meets in the files.

use std::fmt::Write as _;

use super::blocks::Use;
use super::shape::Spot;
use super::{Rings, Town, text};

/// The invented middle of the town.
const LON: f64 = 117.0;
const LAT: f64 = 35.0;
/// Metres in a degree at latitude 35 on the ellipsoid of WGS 84.
const LON_DEGREE_M: f64 = 91_287.8;
const LAT_DEGREE_M: f64 = 110_940.5;

/// All files of a town, by relative path, in a fixed order.
pub(super) fn files(town: &Town) -> Vec<(String, Vec<u8>)> {
    let texts = [
        ("README.md", text::readme(town)),
        ("place.toml", text::place(town)),
        ("communities.geojson", communities(town)),
        ("communities_population.csv", communities_population(town)),
        ("buildings.geojson", buildings(town)),
        ("buildings_population.csv", buildings_population(town)),
        ("existing_grids.csv", existing_grids(town)),
        ("centres.csv", centres(town)),
        ("candidates.csv", candidates(town)),
        ("barriers.geojson", barriers(town)),
        ("streets.geojson", streets(town)),
        ("water.geojson", water(town)),
        ("land.geojson", land(town)),
    ];
    texts.into_iter().map(|(path, text)| (path.to_owned(), text.into_bytes())).collect()
}

/// Seven decimals, about a centimetre.
fn degrees(value: f64) -> String {
    format!("{value:.7}")
}

fn lon(spot: Spot) -> String {
    degrees(LON + spot.x / LON_DEGREE_M)
}

fn lat(spot: Spot) -> String {
    degrees(LAT + spot.y / LAT_DEGREE_M)
}

fn position(spot: Spot) -> String {
    format!("[{},{}]", lon(spot), lat(spot))
}

/// A spot as the files have it: whole units of the seventh decimal from the middle of the town.
pub(super) fn written(spot: Spot) -> (i32, i32) {
    let unit = |value: f64, origin: f64| {
        let exact = value * 1e7;
        let whole = exact.round();
        if (exact - whole).abs() < 0.499 {
            return (whole - origin * 1e7) as i32;
        }
        // Near a half the product may fall to the other side of it than the value; the text decides.
        let text = degrees(value);
        let digits = text.chars().filter_map(|digit| digit.to_digit(10));
        let whole = digits.fold(0, |sum: i64, digit| sum * 10 + i64::from(digit));
        (whole - (origin * 1e7) as i64) as i32
    };
    (unit(LON + spot.x / LON_DEGREE_M, LON), unit(LAT + spot.y / LAT_DEGREE_M, LAT))
}

/// The spot that is written as these units.
pub(super) fn spot_at((x, y): (i32, i32)) -> Spot {
    Spot::new(f64::from(x) / 1e7 * LON_DEGREE_M, f64::from(y) / 1e7 * LAT_DEGREE_M)
}

fn line(spots: &[Spot]) -> String {
    let positions: Vec<String> = spots.iter().map(|&spot| position(spot)).collect();
    format!("[{}]", positions.join(","))
}

/// A ring, closed as GeoJSON wants it.
fn ring(spots: &[Spot]) -> String {
    let closed: Vec<Spot> = spots.iter().chain(spots.first()).copied().collect();
    line(&closed)
}

fn polygon(rings: &Rings) -> String {
    let rings: Vec<String> = rings.iter().map(|spots| ring(spots)).collect();
    format!("[{}]", rings.join(","))
}

/// A JSON string. Names hold no quotes, but the name of the place may come from a user.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' => {
                let _ = write!(out, "\\u{:04x}", control as u32);
            }
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A field of a CSV row.
fn field(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

/// One feature a line, so that differences between two towns can be read.
fn collection(features: impl Iterator<Item = String>) -> String {
    let features: Vec<String> = features.collect();
    format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{}\n]}}\n", features.join(",\n"))
}

fn feature(properties: &[(&str, String)], kind: &str, coordinates: &str) -> String {
    let members: Vec<String> = properties.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
    format!(
        "{{\"type\":\"Feature\",\"properties\":{{{}}},\"geometry\":{{\"type\":\"{kind}\",\"coordinates\":{coordinates}}}}}",
        members.join(",")
    )
}

fn communities(town: &Town) -> String {
    collection(town.communities.iter().map(|community| {
        let properties = [
            ("code", quoted(&community.code)),
            ("name", quoted(&community.name)),
            ("kind", quoted(if community.urban { "urban" } else { "rural" })),
            ("town", quoted(&community.town_name)),
        ];
        match &community.polygons[..] {
            [one] => feature(&properties, "Polygon", &polygon(one)),
            several => {
                let parts: Vec<String> = several.iter().map(polygon).collect();
                feature(&properties, "MultiPolygon", &format!("[{}]", parts.join(",")))
            }
        }
    }))
}

fn communities_population(town: &Town) -> String {
    let mut out = String::from("code,name,households,population,age_65_plus,age_0_14\n");
    for community in &town.communities {
        let of = community.ledger;
        let (code, name) = (&community.code, field(&community.name));
        let _ = writeln!(
            out,
            "{code},{name},{},{},{},{}",
            of.households, of.population, of.age_65_plus, of.age_0_14
        );
    }
    out
}

fn buildings(town: &Town) -> String {
    collection(town.buildings.iter().map(|building| {
        let exclusive = building.used.is_exclusive();
        let properties = [
            ("code", quoted(&building.code)),
            ("name", quoted(&building.name)),
            ("kind", quoted(building.kind)),
            ("compound", building.compound.as_deref().map_or_else(|| "null".to_owned(), quoted)),
            ("community", quoted(&town.communities[building.community].code)),
            ("storeys", building.storeys.to_string()),
            ("exclusive", exclusive.to_string()),
        ];
        feature(&properties, "Polygon", &format!("[{}]", ring(&building.ring)))
    }))
}

fn buildings_population(town: &Town) -> String {
    let mut out = String::from("code,households,population,age_65_plus,age_0_14\n");
    for building in &town.buildings {
        let of = building.residents;
        let _ = writeln!(
            out,
            "{},{},{},{},{}",
            building.code, of.households, of.population, of.age_65_plus, of.age_0_14
        );
    }
    out
}

fn existing_grids(town: &Town) -> String {
    let mut out = String::from("atom,grid\n");
    for building in &town.buildings {
        let _ = writeln!(out, "{},{}", building.code, building.grid);
    }
    out
}

fn centres(town: &Town) -> String {
    let mut out = String::from("code,name,level,community,lon,lat,area_m2,functions,status,address\n");
    for centre in &town.centres {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},open,{}",
            centre.code,
            field(&centre.name),
            centre.level,
            town.communities[centre.community].code,
            lon(centre.at),
            lat(centre.at),
            centre.area_m2,
            centre.functions,
            field(&centre.address)
        );
    }
    out
}

fn candidates(town: &Town) -> String {
    let mut out = String::from("code,name,kind,action,community,lon,lat,area_m2,cost,floor,address\n");
    for candidate in &town.candidates {
        let _ = writeln!(
            out,
            "{},{},{},{},{},{},{},{},{},{},{}",
            candidate.code,
            field(&candidate.name),
            candidate.kind,
            candidate.action,
            town.communities[candidate.community].code,
            lon(candidate.at),
            lat(candidate.at),
            candidate.area_m2,
            candidate.cost,
            candidate.floor,
            field(&candidate.address)
        );
    }
    out
}

fn barriers(town: &Town) -> String {
    let lines = town.barriers.iter().map(|barrier| {
        let properties = [("kind", quoted(barrier.kind)), ("name", quoted(&barrier.name))];
        feature(&properties, "LineString", &line(&barrier.line))
    });
    let points = town.openings.iter().map(|opening| {
        let properties = [("kind", quoted(opening.kind)), ("name", quoted(&opening.name))];
        feature(&properties, "Point", &position(opening.at))
    });
    collection(lines.chain(points))
}

fn streets(town: &Town) -> String {
    collection(town.streets.iter().map(|street| {
        let properties = [("name", quoted(&street.name)), ("highway", quoted(street.highway))];
        feature(&properties, "LineString", &line(&street.line))
    }))
}

fn water(town: &Town) -> String {
    let name = town.barriers.first().map_or("", |river| river.name.as_str());
    let properties = [("kind", quoted("river")), ("name", quoted(name))];
    collection(std::iter::once(feature(&properties, "Polygon", &format!("[{}]", ring(&town.water)))))
}

/// What the land between the streets is used for, where anything stands or grows.
fn land(town: &Town) -> String {
    let blocks = town.blocks.iter().enumerate().filter(|(_, block)| block.site.len() > 2);
    collection(blocks.map(|(at, block)| {
        let name = town.block_names.get(&at).map_or("", String::as_str);
        let properties = [("kind", quoted(block.used.name())), ("name", quoted(name))];
        // Fields reach to the middle of their tracks; everything else ends at its street line.
        let land = if block.used == Use::Fields { &block.ring } else { &block.site_ring() };
        feature(&properties, "Polygon", &format!("[{}]", ring(land)))
    }))
}
