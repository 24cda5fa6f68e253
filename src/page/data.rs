//! Everything the script works with.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::PageError;
use super::geometry::Frame;
use super::layers::Reader;
use super::tables::{rows, tables};
use crate::model::lang::Lang;
use crate::model::layers::WrittenLayers;

/// The data of a page: `plan`, the layers as columns, the tables, and the frame of all positions.
pub(super) fn data(
    plan: &Value,
    layers: &WrittenLayers,
    files: &BTreeMap<&str, &[u8]>,
    lang: Lang,
) -> Result<Value, PageError> {
    let origin = |axis: usize| plan["place"]["origin"][axis].as_f64().unwrap_or(0.0);
    let frame = Frame::new(origin(0), origin(1));
    let within_minutes = plan["coverage"]["within_minutes"].as_f64();
    let reader = Reader { layers, frame, within_minutes };
    let communities = reader.communities();
    let grids = reader.grids();
    let sites = reader.sites();
    let mut atoms = reader.atoms(&grids, &communities);
    if let Some(nearest) = nearest(files, &atoms["atom"], &sites["code"])? {
        atoms["centre"] = nearest;
    }
    Ok(json!({
        "lang": match lang { Lang::Zh => "zh", Lang::En => "en" },
        "plan": plan,
        "frame": {
            "lon": frame.lon,
            "lat": frame.lat,
            "metres_lon": frame.metres_lon,
            "metres_lat": frame.metres_lat,
        },
        "communities": communities,
        "grids": grids,
        "atoms": atoms,
        "sites": sites,
        "isochrones": reader.isochrones(),
        "context": reader.context(),
        "tables": tables(files)?,
    }))
}

/// Of each atom the centre it walks to today, as a place among the sites; -1 where it reaches none.
fn nearest(files: &BTreeMap<&str, &[u8]>, atoms: &Value, sites: &Value) -> Result<Option<Value>, PageError> {
    let Some(rows) = rows(files, "coverage.csv")? else { return Ok(None) };
    let place = |name: &str| rows.first().and_then(|head| head.iter().position(|cell| cell == name));
    let (Some(atom), Some(centre)) = (place("atom"), place("centre")) else { return Ok(None) };
    let cell = |row: &'_ [String], at: usize| row.get(at).cloned().unwrap_or_default();
    let centres: BTreeMap<String, String> =
        rows.iter().skip(1).map(|row| (cell(row, atom), cell(row, centre))).collect();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let sites = list(sites);
    let sites: BTreeMap<&str, i64> = sites.iter().filter_map(Value::as_str).zip(0..).collect();
    let found = |code: &Value| {
        let centre = code.as_str().and_then(|code| centres.get(code));
        centre.and_then(|centre| sites.get(centre.as_str())).copied().unwrap_or(-1)
    };
    Ok(Some(list(atoms).iter().map(found).collect()))
}
