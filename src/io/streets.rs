//! `[streets]`: an OpenStreetMap PBF, or lines of any vector format with the same tags.

use std::io::Cursor;

use geo::LineString;

use super::Problems;
use super::cache::Cache;
use super::causes;
use super::codes::property_text;
use super::heights::Heights;
use super::shapes::{RawShape, ShapeReader};
use super::source::{DATA_BYTES_MAX, PLACE_FILE_BYTES_MAX, Source};
use super::specs::{FileSpec, StreetSpec};
use super::vectors::for_each;
use crate::model::problem::{At, Kind};
use crate::walking::metric::Position;
use crate::walking::osm::{self, Footing, Profile};
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
    street_spec: &StreetSpec,
    place_crs: &str,
    problems: &mut Problems,
) -> Option<Walked> {
    let spec = &street_spec.source;
    let profile = match &street_spec.access {
        Some(file) => access(source, file, problems)?,
        None => Profile::default(),
    };
    let file = spec.file.as_str();
    let lower = file.to_ascii_lowercase();
    let is_layer = lower.ends_with(".geojson") || lower.ends_with(".json") || source.is_other_format(file);
    let mut named = Vec::new();
    let mut lines = if is_layer {
        from_lines(source, spec, place_crs, &profile, &mut named, problems)?
    } else {
        let bytes = source.read(file, DATA_BYTES_MAX, problems)?;
        let cache = street_spec.cache.then(|| Cache::of(&source.folder().join(file), &bytes, &profile));
        let kept = cache.as_ref().and_then(Cache::read);
        let found = match kept {
            Some(kept) => kept,
            None => match osm::read_from(Cursor::new(bytes), &profile) {
                Ok((lines, report)) => {
                    if let Some(cache) = &cache {
                        cache.write(&lines, report.nodes_missing);
                    }
                    (lines, report.nodes_missing)
                }
                Err(error) => {
                    problems.add(file, At::Whole, None, Kind::StreetsInvalid { reason: error.to_string() });
                    return None;
                }
            },
        };
        let (lines, nodes) = found;
        if nodes > 0 {
            problems.add(file, At::Whole, None, Kind::StreetsCut { nodes });
        }
        lines
    };
    if lines.ends.is_empty() {
        problems.add(file, At::Whole, None, Kind::StreetsNone {});
        return None;
    }
    if let Some(file) = &street_spec.heights {
        lines.heights_m = Some(heights(source, file, &lines, problems)?);
    }
    Some(Walked { lines, named })
}

/// Rules of foot access as a file gives them; a key that is left out keeps its default.
#[derive(serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Access {
    open: Vec<String>,
    signed: Vec<String>,
    foot_yes: Vec<String>,
    foot_no: Vec<String>,
    access_no: Vec<String>,
    sidewalk_yes: Vec<String>,
    areas: bool,
    steps_percent: u32,
}

impl Default for Access {
    fn default() -> Self {
        let Profile { highways, foot_yes, foot_no, access_no, sidewalk_yes, areas, steps_percent } =
            Profile::default();
        let (open, signed): (Vec<_>, Vec<_>) =
            highways.into_iter().partition(|(_, footing)| *footing == Footing::Open);
        let classes = |list: Vec<(String, Footing)>| list.into_iter().map(|(class, _)| class).collect();
        let (open, signed) = (classes(open), classes(signed));
        Self { open, signed, foot_yes, foot_no, access_no, sidewalk_yes, areas, steps_percent }
    }
}

fn access(source: &mut Source, file: &str, problems: &mut Problems) -> Option<Profile> {
    let text = source.read_text(file, PLACE_FILE_BYTES_MAX, problems)?;
    let read = toml::from_str::<Access>(&text).map_err(|error| error.message().to_owned());
    let sound = read.and_then(|access| {
        let percent = access.steps_percent;
        let sound = (50..=1000).contains(&percent);
        if sound {
            Ok(access)
        } else {
            Err(format!("steps_percent must lie between 50 and 1000, not {percent}"))
        }
    });
    match sound {
        Ok(access) => {
            let class = |footing| move |class: String| (class, footing);
            let open = access.open.into_iter().map(class(Footing::Open));
            Some(Profile {
                highways: open.chain(access.signed.into_iter().map(class(Footing::Signed))).collect(),
                foot_yes: access.foot_yes,
                foot_no: access.foot_no,
                access_no: access.access_no,
                sidewalk_yes: access.sidewalk_yes,
                areas: access.areas,
                steps_percent: access.steps_percent,
            })
        }
        Err(reason) => {
            let reason = reason.lines().next().unwrap_or_default().to_owned();
            problems.add(file, At::Whole, None, Kind::AccessInvalid { reason });
            None
        }
    }
}

/// The height of every node; where it is not known the street counts as level.
fn heights(source: &mut Source, file: &str, lines: &Lines, problems: &mut Problems) -> Option<Vec<f32>> {
    let text = source.read_text(file, DATA_BYTES_MAX, problems)?;
    match Heights::parse(&text) {
        Ok(grid) => {
            let metres: Vec<f32> = lines.positions.iter().map(|at| grid.at(*at)).collect();
            let nodes = metres.iter().filter(|metres| metres.is_nan()).count() as u64;
            if nodes > 0 {
                let all = metres.len() as u64;
                problems.add(file, At::Whole, None, Kind::HeightsMissing { nodes, all });
            }
            Some(metres)
        }
        Err(reason) => {
            problems.add(file, At::Whole, None, Kind::HeightsInvalid { reason });
            None
        }
    }
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
    let (mark, mut any) = (problems.mark(), 0);
    for_each(source, spec, place_crs, problems, |raw, (crs, crs_name), problems| {
        any += 1;
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
    if kept.is_empty() && problems.any_error_since(mark) {
        // Why nothing can be walked on has been reported.
        causes::shapes(file, mark, any, problems);
        return None;
    }
    // Lines in an order of their own, so that the order of features decides nothing.
    kept.sort();
    let mut lines = Lines::from_positions(kept.iter().map(|(line, marks)| (line.as_slice(), *marks)));
    lines.steps_percent = profile.steps_percent;
    Some(lines)
}
