//! Communities: outlines joined with their ledger.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::projection::LocalFrame;
use crate::io::Problems;
use crate::io::config::PlaceFile;
use crate::io::join::{Columns, Ledger};
use crate::io::layers::RawLayer;
use crate::io::shapes::{RawShape, sound_area};
use crate::model::place::{Community, Place};
use crate::model::problem::{At, Kind};
use crate::model::units::Counts;

/// Communities sorted by code, with their own counts or their ledger's, and the codes of those
/// whose polygon could not be used.
pub(super) fn build(
    file: &PlaceFile,
    layer: RawLayer,
    ledger: Option<&Ledger>,
    frame: LocalFrame,
    problems: &mut Problems,
) -> (Vec<Community>, BTreeSet<String>) {
    let spec = &file.communities;
    let own = Columns::of(&layer.attributes, &spec.counts, false, &file.rules.reading, problems);
    let mut by_code = BTreeMap::new();
    let mut lost = layer.lost;
    for (row, feature) in layer.features.into_iter().enumerate() {
        let RawShape::Area(shape) = &feature.shape else { continue };
        let name_of_file = &spec.source.file;
        let Some(outline) = sound_area(shape, frame, name_of_file, feature.at, problems) else {
            lost.insert(feature.code);
            continue;
        };
        let row_counts = ledger.and_then(|ledger| ledger.rows.get(&feature.code)).map(|row| row.counts);
        let counts = match (row_counts, &own) {
            (Some(counts), _) => Some(counts),
            (None, Some(own)) if ledger.is_none() => {
                Some(own.read(&layer.attributes, row, &feature.code, problems))
            }
            _ => None,
        };
        let ledger_name = ledger.and_then(|l| l.rows.get(&feature.code)).map(|row| row.name.clone());
        let name = feature.name.or(ledger_name).filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| feature.code.clone());
        let code = feature.code;
        by_code.entry(code.clone()).or_insert(Community { code, name, outline, ledger: counts });
    }
    let communities: Vec<Community> = by_code.into_values().collect();
    report_lengths(&communities, &spec.source.file, problems);
    (communities, lost)
}

fn report_lengths(communities: &[Community], file: &str, problems: &mut Problems) {
    let mut odd: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for community in communities.iter().filter(|c| c.code.chars().count() != 12) {
        odd.entry(community.code.chars().count()).or_default().push(&community.code);
    }
    for (digits, codes) in odd {
        let kind = Kind::CodeLength { code: codes[0].to_owned(), digits, count: codes.len() };
        problems.add(file, At::Whole, None, kind);
    }
}

/// Rows without a polygon and polygons without a row; where people come from this table alone, a
/// lost row is an error.
pub(super) fn report_unmatched(
    file: &PlaceFile,
    place: &Place,
    ledger: Option<&Ledger>,
    alone: bool,
    broken: &BTreeSet<String>,
    problems: &mut Problems,
) {
    let Some(ledger) = ledger else { return };
    let bare: Vec<&Community> =
        place.communities.iter().filter(|c| !ledger.torn && !ledger.rows.contains_key(&c.code)).collect();
    for community in &bare {
        let kind = Kind::CommunityWithoutRow { code: community.code.clone(), name: community.name.clone() };
        problems.add(&file.communities.source.file, At::Whole, None, kind);
    }
    let known = |code: &str| place.communities.binary_search_by(|c| c.code.as_str().cmp(code)).is_ok();
    let is_lost = |code: &str| !known(code) && !broken.contains(code) && !broken.contains("");
    let lost: Vec<_> = ledger.rows.iter().filter(|(code, _)| is_lost(code)).collect();
    for (code, row) in &lost {
        let Counts { population, .. } = row.counts;
        let (code, name) = ((*code).clone(), row.name.clone());
        let kind = if alone {
            Kind::LedgerRowLost { code, name, population }
        } else {
            Kind::RowWithoutCommunity { code, name, population }
        };
        problems.add(&ledger.file, row.at, None, kind);
    }
    // Likely only if the choice is small; a table of another town is no list of renamings.
    if bare.len() * lost.len() <= 16 {
        for community in &bare {
            for (code, row) in &lost {
                let polygon = format!("{} {}", community.code, community.name);
                let kind = Kind::LikelyPair { polygon, row: format!("{code} {}", row.name) };
                problems.add(&ledger.file, row.at, None, kind);
            }
        }
    }
}
