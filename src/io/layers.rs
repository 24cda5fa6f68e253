//! Layers of areas, points and lines, as found: codes and attributes as text, shapes in degrees.

use super::Problems;
use super::causes;
use super::codes::{Cell, code_property, property_text};
use super::shapes::{RawShape, ShapeReader};
use super::source::Source;
use super::specs::{ColumnName, FileSpec, LayerSpec};
use super::tables::Table;
use super::vectors::for_each;
use crate::model::problem::{At, Kind};

/// One feature of a coded layer.
pub(super) struct RawFeature {
    pub(super) at: At,
    pub(super) code: String,
    pub(super) name: Option<String>,
    pub(super) compound: Option<String>,
    pub(super) exclusive: Option<String>,
    pub(super) shape: RawShape,
}

/// A coded layer: its features in file order and whatever counts it carries itself.
pub(super) struct RawLayer {
    pub(super) features: Vec<RawFeature>,
    pub(super) attributes: Table,
    /// Codes of features whose shape could not be used; that has been reported, and what follows
    /// from it need not be.
    pub(super) lost: std::collections::BTreeSet<String>,
}

/// Reads a layer whose features have codes.
pub(super) fn coded(
    source: &mut Source,
    spec: &LayerSpec,
    place_crs: &str,
    expected: &'static str,
    problems: &mut Problems,
) -> Option<RawLayer> {
    let file = spec.source.file.as_str();
    let counts = &spec.counts;
    let columns = [&counts.households, &counts.population, &counts.older, &counts.child];
    let mut names_seen = std::collections::BTreeSet::new();
    let mut features = Vec::new();
    let mut rows = Vec::new();
    let mut any = 0usize;
    let mut lost = std::collections::BTreeSet::new();
    let mark = problems.mark();
    for_each(source, &spec.source, place_crs, problems, |raw, crs, problems| {
        any += 1;
        let at = At::Feature(raw.number);
        for key in raw.properties.keys() {
            if !names_seen.contains(key) {
                names_seen.insert(key.clone());
            }
        }
        let cell = Cell { file, at, column: &spec.code.name };
        let code = code_property(raw.properties.get(&spec.code.name), cell, problems);
        let mut reader = ShapeReader { file, at, crs: crs.0, crs_name: &crs.1, problems };
        let shape = raw.geometry.ok().and_then(|geometry| reader.shape(geometry, expected));
        let text = |column: &ColumnName| property_text(raw.properties.get(&column.name));
        match (code, shape) {
            (Some(code), Some(shape)) => {
                rows.push((at, columns.map(text).to_vec()));
                let (name, compound) = (text(&spec.name), text(&spec.compound));
                let exclusive = text(&spec.exclusive).filter(|_| spec.exclusive.named);
                features.push(RawFeature { at, code, name, compound, exclusive, shape });
            }
            (code, _) => {
                lost.insert(code.unwrap_or_default());
            }
        }
    })?;
    if any > 0 {
        if !names_seen.contains(&spec.code.name) {
            problems.gather(mark, |p| matches!(p.kind, Kind::CodeMissing {}));
        }
        let code = ColumnName { named: true, ..spec.code.clone() };
        let named = [&code, &spec.name, &spec.compound, &spec.exclusive].into_iter().chain(columns);
        for column in named.filter(|column| column.named && !names_seen.contains(&column.name)) {
            let there = names_seen.iter().cloned().collect::<Vec<_>>().join(", ");
            problems.add(file, At::Whole, Some(&column.name), Kind::ColumnMissing { there });
        }
    }
    causes::shapes(file, mark, any, problems);
    report_repeated_codes(&features, file, &spec.code.name, problems);
    let others = |problems: &mut Problems| columns_of_codes(source, &spec.source, place_crs, problems);
    if causes::codes(file, &spec.code.name, mark, any, others, problems) {
        // Whom the features stand for is not known.
        (features, rows) = (Vec::new(), Vec::new());
        lost.insert(String::new());
    }
    let present = columns.map(|column| names_seen.contains(&column.name));
    Some(RawLayer { features, attributes: attributes(file, columns, present, rows), lost })
}

/// The columns in which every feature has a text or whole number of its own.
fn columns_of_codes(
    source: &mut Source,
    spec: &FileSpec,
    place_crs: &str,
    problems: &mut Problems,
) -> Vec<String> {
    let mut rows = Vec::new();
    // Its problems have been reported when it was read.
    let mark = problems.mark();
    let _ = for_each(source, spec, place_crs, problems, |raw, _, _| rows.push(raw.properties));
    problems.forget(mark);
    let names: std::collections::BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
    let code = |value: &serde_json::Value| value.is_string() || value.is_u64();
    let own = |name: &&&String| {
        causes::all_differ(
            rows.iter().map(|row| row.get(**name).filter(|v| code(v)).map(ToString::to_string)),
        )
    };
    names.iter().filter(own).map(|name| (*name).clone()).collect()
}

/// Only the columns that are there.
fn attributes(
    file: &str,
    columns: [&ColumnName; 4],
    present: [bool; 4],
    rows: Vec<(At, Vec<Option<String>>)>,
) -> Table {
    let headers =
        columns.iter().zip(present).filter(|(_, there)| *there).map(|(c, _)| c.name.clone()).collect();
    let keep = |cells: Vec<Option<String>>| {
        cells.into_iter().zip(present).filter(|(_, there)| *there).map(|(cell, _)| cell).collect()
    };
    Table::of_features(file, headers, rows.into_iter().map(|(at, cells)| (at, keep(cells))).collect())
}

fn report_repeated_codes(features: &[RawFeature], file: &str, column: &str, problems: &mut Problems) {
    let mut first = std::collections::BTreeMap::new();
    for feature in features {
        let At::Feature(number) = feature.at else { continue };
        let before = *first.entry(feature.code.as_str()).or_insert(number);
        if before != number {
            let kind = Kind::FeatureRepeated { code: feature.code.clone(), first: before };
            problems.add(file, feature.at, Some(column), kind);
        }
    }
}

/// A feature of a layer without codes: its kind, and lines, points or areas.
pub(super) struct PlainFeature {
    pub(super) at: At,
    pub(super) kind: String,
    pub(super) name: Option<String>,
    pub(super) shape: RawShape,
}

/// Reads a layer whose features have no codes, such as barriers and streets.
pub(super) fn plain(
    source: &mut Source,
    spec: &FileSpec,
    place_crs: &str,
    kind_keys: &[&str],
    expected: &'static str,
    problems: &mut Problems,
) -> Vec<PlainFeature> {
    let file = spec.file.as_str();
    let mut features = Vec::new();
    let (mark, mut any) = (problems.mark(), 0);
    // What could not be read has been reported.
    let _ = for_each(source, spec, place_crs, problems, |raw, crs, problems| {
        any += 1;
        let at = At::Feature(raw.number);
        let mut reader = ShapeReader { file, at, crs: crs.0, crs_name: &crs.1, problems };
        let shape = raw.geometry.ok().and_then(|geometry| reader.shape(geometry, expected));
        let kind = kind_keys.iter().find_map(|key| property_text(raw.properties.get(*key)));
        if let Some(shape) = shape {
            let name = ["name", "名称"].iter().find_map(|key| property_text(raw.properties.get(*key)));
            features.push(PlainFeature { at, kind: kind.unwrap_or_default(), name, shape });
        }
    });
    causes::shapes(file, mark, any, problems);
    features
}
