//! `[streets]`: an OpenStreetMap PBF, or lines of any vector format with the same tags.

use std::io::Cursor;

use geo::LineString;

use super::Problems;
use super::codes::property_text;
use super::config::FileSpec;
use super::shapes::{RawShape, ShapeReader};
use super::source::{DATA_BYTES_MAX, Source};
use super::vectors::for_each;
use crate::model::problem::{At, Kind};
use crate::walking::metric::Position;
use crate::walking::osm::{self, Profile};
use crate::walking::streets::Lines;

/// Lines to walk on, and those of them that have a name, in degrees; a PBF gives none.
pub(super) struct Walked {
    pub(super) lines: Lines,
    pub(super) named: Vec<(String, LineString<f64>)>,
}

/// The lines that may be walked on, whatever format they are in; what is no GeoJSON by its first
/// byte is taken for a PBF.
pub(super) fn read(
    source: &mut Source,
    spec: &FileSpec,
    place_crs: &str,
    problems: &mut Problems,
) -> Option<Walked> {
    let profile = Profile::default();
    let file = spec.file.as_str();
    let lower = file.to_ascii_lowercase();
    let is_layer = lower.ends_with(".geojson") || lower.ends_with(".json") || source.is_other_format(file);
    let mut named = Vec::new();
    let lines = if is_layer {
        from_lines(source, spec, place_crs, &profile, &mut named, problems)?
    } else {
        let bytes = source.read(file, DATA_BYTES_MAX, problems)?;
        match osm::read_from(Cursor::new(bytes), &profile) {
            Ok((lines, report)) => {
                if report.nodes_missing > 0 {
                    problems.add(file, At::Whole, None, Kind::StreetsCut { nodes: report.nodes_missing });
                }
                lines
            }
            Err(error) => {
                problems.add(file, At::Whole, None, Kind::StreetsInvalid { reason: error.to_string() });
                return None;
            }
        }
    };
    if lines.ends.is_empty() {
        problems.add(file, At::Whole, None, Kind::StreetsNone {});
        return None;
    }
    Some(Walked { lines, named })
}

fn from_lines(
    source: &mut Source,
    spec: &FileSpec,
    place_crs: &str,
    profile: &Profile,
    named: &mut Vec<(String, LineString<f64>)>,
    problems: &mut Problems,
) -> Option<Lines> {
    let file = spec.file.as_str();
    let mut kept: Vec<(Vec<Position>, u8)> = Vec::new();
    for_each(source, spec, place_crs, problems, |raw, (crs, crs_name), problems| {
        let at = At::Feature(raw.number);
        let mut reader = ShapeReader { file, at, crs: *crs, crs_name, problems };
        let shape = raw.geometry.ok().and_then(|geometry| reader.shape(geometry, "a line"));
        let tags: Vec<(String, String)> = raw
            .properties
            .keys()
            .filter_map(|key| Some((key.clone(), property_text(raw.properties.get(key))?)))
            .collect();
        // A line that says nothing of itself is meant to be walked on.
        let is_named = tags.iter().any(|(key, _)| key == "highway");
        let footway = [("highway".to_owned(), "footway".to_owned())];
        let rules = if is_named { &tags[..] } else { &footway[..] };
        let (Some(RawShape::Lines(lines)), Some(marks)) = (shape, profile.marks(rules)) else { return };
        let name = tags.iter().find(|(key, _)| key == "name").map(|(_, name)| name);
        named.extend(name.into_iter().flat_map(|name| lines.iter().map(|line| (name.clone(), line.clone()))));
        for line in lines {
            let positions = line.0.iter().filter_map(|c| Position::from_degrees(c.x, c.y)).collect();
            kept.push((positions, marks));
        }
    })?;
    // Lines in an order of their own, so that the order of features decides nothing.
    kept.sort();
    let mut lines = Lines::from_positions(kept.iter().map(|(line, marks)| (line.as_slice(), *marks)));
    lines.steps_percent = profile.steps_percent;
    Some(lines)
}
