//! Atoms: each joined with its people and put into the community that holds most of it.

use std::collections::{BTreeMap, BTreeSet};

use geo::{Area as _, Centroid as _, Contains as _, InteriorPoint as _};
use geo::{MultiPolygon, Point};

use super::communities::report_unmatched;
use super::flaws::overlaps;
use super::homes::{Home, homes};
use super::{compound_ids, metres_point};
use crate::geometry::overlap::union;
use crate::geometry::projection::LocalFrame;
use crate::io::Problems;
use crate::io::causes;
use crate::io::codes::{Cell, code};
use crate::io::config::PlaceFile;
use crate::io::join::{Columns, Ledger};
use crate::io::layers::{RawFeature, RawLayer};
use crate::io::shapes::{RawShape, sound_area};
use crate::io::specs::{GridSpec, LayerSpec};
use crate::io::tables::Table;
use crate::model::place::{Atom, AtomKind, Place};
use crate::model::problem::{At, Kind};
use crate::model::units::{Counts, apportion, spread_ages};

/// Areas that cover at least this share of the communities tile them; less are buildings.
const TILING_SHARE: f64 = 0.5;

/// An inhabited atom further than this from every community is a mistake of position.
const STRAY_M: f64 = 5_000.0;

/// The tables atoms are joined with, and the communities whose polygon could not be used.
pub(super) struct Ledgers<'a> {
    pub(super) own: Option<Ledger>,
    pub(super) communities: Option<&'a Ledger>,
    pub(super) broken: &'a BTreeSet<String>,
}

/// Fills `place.atoms` and what depends on it; returns the codes of atoms that could not be used.
///
/// A fault that follows from another, which has been reported, is not reported again.
pub(super) fn build(
    file: &PlaceFile,
    spec: &LayerSpec,
    layer: &RawLayer,
    tables: Ledgers<'_>,
    frame: LocalFrame,
    place: &mut Place,
    problems: &mut Problems,
) -> BTreeSet<String> {
    let Ledgers { own: ledger, communities: community_ledger, broken } = tables;
    let name = spec.source.file.as_str();
    let mut lost = layer.lost.clone();
    if layer.features.is_empty() {
        lost.insert(String::new());
    }
    let counts = counts_by_code(file, spec, layer, ledger.as_ref(), problems);
    let compounds = compound_ids(layer.features.iter().map(|f| f.compound.as_deref()));
    let mut sound: Vec<Sound<'_>> = Vec::new();
    for feature in &layer.features {
        match &feature.shape {
            RawShape::Area(shape) => {
                if let Some(shape) = sound_area(shape, frame, name, feature.at, problems) {
                    let anchor = point_inside(&shape);
                    sound.push(Sound { feature, shape: Some(shape), anchor });
                } else {
                    lost.insert(feature.code.clone());
                }
            }
            RawShape::Point(point) => {
                sound.push(Sound { feature, shape: None, anchor: metres_point(*point, frame) });
            }
            RawShape::Lines(_) => {}
        }
    }
    sound.sort_by(|a, b| a.feature.code.cmp(&b.feature.code));
    sound.dedup_by(|a, b| a.feature.code == b.feature.code);
    if place.communities.is_empty() {
        return lost;
    }
    let homes = homes(&place.communities, &sound);
    for (Sound { feature, shape, anchor }, home) in sound.into_iter().zip(homes) {
        let code = &feature.code;
        let own = counts.as_ref().and_then(|c| c.get(code)).copied();
        if broken.is_empty() {
            report_home(file, feature, &home, own.unwrap_or_default(), place, name, problems);
        }
        place.atoms.push(Atom {
            community: home.community,
            shape,
            anchor,
            counts: own.unwrap_or_default(),
            compound: feature.compound.as_deref().and_then(|c| compounds.get(c)).copied(),
            grid_in_force: None,
            given: None,
            code: feature.code.clone(),
        });
    }
    place.compounds = compounds.keys().map(|code| (*code).to_owned()).collect();
    place.atom_kind = file.atom_kind.unwrap_or_else(|| kind_of(place));
    if place.atom_kind == AtomKind::Areas {
        report_atom_overlaps(place, name, problems);
    }
    let ages = ledger.as_ref().is_some_and(|l| l.ages);
    let no_ledger = community_ledger.is_none() && file.communities.population.is_some();
    let unread = counts.is_none() && (spec.population.is_some() || no_ledger);
    if !unread {
        settle_people(place, counts.is_some(), ages, name, problems);
        report_unmatched(file, place, community_ledger, counts.is_none(), broken, problems);
    }
    if broken.is_empty() && lost.is_empty() {
        report_ledgers(place, file, counts.is_some(), problems);
    }
    lost
}

/// A feature whose shape is sound, in metres.
pub(super) struct Sound<'a> {
    feature: &'a RawFeature,
    pub(super) shape: Option<MultiPolygon<f64>>,
    pub(super) anchor: Point<f64>,
}

/// The counts of every atom, from its table or its own properties; `None` if there are none.
fn counts_by_code(
    file: &PlaceFile,
    spec: &LayerSpec,
    layer: &RawLayer,
    ledger: Option<&Ledger>,
    problems: &mut Problems,
) -> Option<BTreeMap<String, Counts>> {
    let name = spec.source.file.as_str();
    let Some(ledger) = ledger else {
        let own = Columns::of(&layer.attributes, &spec.counts, false, &file.rules.reading, problems)?;
        let features = layer.features.iter().enumerate();
        return Some(
            features
                .map(|(i, f)| (f.code.clone(), own.read(&layer.attributes, i, &f.code, problems)))
                .collect(),
        );
    };
    let mut known: BTreeMap<&str, ()> = BTreeMap::new();
    let mark = problems.mark();
    for feature in &layer.features {
        known.insert(&feature.code, ());
        if !ledger.torn && !ledger.rows.contains_key(&feature.code) {
            let kind = Kind::AtomWithoutRow { code: feature.code.clone() };
            problems.add(name, feature.at, None, kind);
        }
    }
    let lost = |code: &str| layer.lost.contains(code) || layer.lost.contains("") || layer.features.is_empty();
    let strangers = ledger.rows.iter().filter(|(code, _)| !known.contains_key(code.as_str()) && !lost(code));
    for (code, row) in strangers {
        let Counts { households, population, .. } = row.counts;
        let kind = Kind::RowWithoutAtom { code: code.clone(), households, population };
        problems.add(&ledger.file, row.at, None, kind);
    }
    if let Some(first) = layer.features.first() {
        causes::foreign_codes(ledger, name, (layer.features.len(), &first.code), mark, problems);
    }
    Some(ledger.rows.iter().map(|(code, row)| (code.clone(), row.counts)).collect())
}

/// The centroid if it is inside, otherwise some point that is.
fn point_inside(shape: &MultiPolygon<f64>) -> Point<f64> {
    let centroid = shape.centroid().filter(|c| shape.contains(c));
    centroid.or_else(|| shape.interior_point()).unwrap_or(Point::new(0.0, 0.0))
}

fn report_home(
    file: &PlaceFile,
    feature: &RawFeature,
    home: &Home,
    counts: Counts,
    place: &Place,
    name: &str,
    problems: &mut Problems,
) {
    let community = &place.communities[home.community.index()];
    let label = format!("{} {}", community.code, community.name);
    let listed = f64::from(file.rules.reading.share_listed_permille) / 1000.0;
    let code = feature.code.clone();
    let kind = if home.share > 0.0 {
        if home.share >= listed {
            return;
        }
        let share = format!("{:.1} %", home.share * 100.0);
        Kind::ShareLow { code, community: label, share }
    } else {
        let metres = home.metres.round() as u64;
        let inhabited = counts.population > 0 || counts.households > 0;
        if inhabited && home.metres > STRAY_M {
            Kind::AtomFarOutside { code, metres }
        } else {
            Kind::AtomOutside { code, community: label, metres }
        }
    };
    problems.add(name, feature.at, None, kind);
}

/// Areas that tile the communities, or buildings scattered in them.
fn kind_of(place: &Place) -> AtomKind {
    let all: f64 = place.communities.iter().map(|c| c.outline.unsigned_area()).sum();
    let covered: f64 =
        place.atoms.iter().filter_map(|a| a.shape.as_ref()).map(geo::Area::unsigned_area).sum();
    let tiling = place.atoms.iter().all(|a| a.shape.is_some()) && covered >= TILING_SHARE * all;
    if tiling { AtomKind::Areas } else { AtomKind::Sites }
}

/// One union tells whether any two overlap; only then are pairs looked at.
fn report_atom_overlaps(place: &mut Place, name: &str, problems: &mut Problems) {
    let shapes: Vec<_> = place.atoms.iter().filter_map(|a| Some((&a.code, a.shape.as_ref()?))).collect();
    let sum: f64 = shapes.iter().map(|(_, shape)| shape.unsigned_area()).sum();
    let whole = union(&shapes.iter().map(|(_, shape)| *shape).collect::<Vec<_>>()).unsigned_area();
    if sum - whole > 1.0 {
        let flaws = overlaps(&shapes, name, problems);
        place.flaws.extend(flaws);
    }
}

/// People for atoms that have none of their own, and ages for those that have only totals.
fn settle_people(place: &mut Place, own: bool, ages: bool, name: &str, problems: &mut Problems) {
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); place.communities.len()];
    for (i, atom) in place.atoms.iter().enumerate() {
        members[atom.community.index()].push(i);
    }
    if !own {
        if place.communities.iter().all(|c| c.ledger.is_none()) {
            problems.add(name, At::Whole, None, Kind::CountsNowhere {});
            return;
        }
        problems.add(name, At::Whole, None, Kind::SpreadByArea { atoms: place.atoms.len() });
    }
    for (community, members) in place.communities.iter().zip(&members) {
        let Some(ledger) = community.ledger else { continue };
        if members.is_empty() {
            continue;
        }
        let mut counts: Vec<Counts> = members.iter().map(|&i| place.atoms[i].counts).collect();
        if !own {
            spread_by_area(place, members, ledger, &mut counts);
        }
        if (!ages && !spread_ages(&mut counts, ledger)) && own {
            let kind =
                Kind::LedgerAgesUnplaced { code: community.code.clone(), name: community.name.clone() };
            problems.add(name, At::Whole, None, kind);
        }
        for (&i, counts) in members.iter().zip(counts) {
            place.atoms[i].counts = counts;
        }
    }
}

fn spread_by_area(place: &Place, members: &[usize], ledger: Counts, counts: &mut [Counts]) {
    let area = |&i: &usize| place.atoms[i].shape.as_ref().map_or(1.0, geo::Area::unsigned_area);
    let weights: Vec<u64> = members.iter().map(|i| ((area(i) * 100.0).round() as u64).max(1)).collect();
    let households = apportion(u64::from(ledger.households), &weights);
    let population = apportion(u64::from(ledger.population), &weights);
    for ((counts, h), p) in counts.iter_mut().zip(households).zip(population) {
        *counts = Counts { households: h as u32, population: p as u32, ..Counts::default() };
    }
}

/// Communities without atoms, and the difference between atoms and ledgers.
fn report_ledgers(place: &Place, file: &PlaceFile, own: bool, problems: &mut Problems) {
    let mut people = vec![(0u64, 0u64); place.communities.len()];
    let mut atoms = vec![0usize; place.communities.len()];
    for atom in &place.atoms {
        let i = atom.community.index();
        people[i].0 += u64::from(atom.counts.population);
        people[i].1 += u64::from(atom.counts.households);
        atoms[i] += 1;
    }
    let name = &file.communities.source.file;
    let ledger_file = file.communities.population.as_ref().map_or(name, |table| &table.file);
    for ((community, people), atoms) in place.communities.iter().zip(people).zip(atoms) {
        let (code, label) = (community.code.clone(), community.name.clone());
        if atoms == 0 {
            problems.add(name, At::Whole, None, Kind::CommunityEmpty { code, name: label });
        } else if let Some(ledger) = community.ledger.filter(|_| own) {
            let counted = (u64::from(ledger.population), u64::from(ledger.households));
            if counted != people {
                let kind = Kind::LedgerDiffers {
                    code,
                    name: label,
                    people: people.0,
                    households: people.1,
                    ledger_people: ledger.population,
                    ledger_households: ledger.households,
                };
                problems.add(ledger_file, At::Whole, None, kind);
            }
        }
    }
}

/// The plan in force, atom by atom.
pub(super) fn grids_in_force(
    table: &Table,
    spec: &GridSpec,
    lost: &BTreeSet<String>,
    place: &mut Place,
    problems: &mut Problems,
) {
    let mut lines: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for row in (0..table.rows()).filter(|row| !table.is_blank(*row)) {
        let cell = |column| Cell { file: &table.file, at: table.at(row), column };
        if table.is_unread(row, &spec.atom.name) || table.is_unread(row, &spec.grid.name) {
            continue;
        }
        let atom = code(table.cell(row, &spec.atom.name), cell(&spec.atom.name), problems);
        let grid = code(table.cell(row, &spec.grid.name), cell(&spec.grid.name), problems);
        let (Some(atom), Some(grid)) = (atom, grid) else { continue };
        if place.atoms.binary_search_by(|a| a.code.cmp(&atom)).is_err() {
            if !lost.contains(&atom) && !lost.contains("") {
                cell(&spec.atom.name).report(problems, Kind::GridAtomUnknown { atom });
            }
            continue;
        }
        match lines.get(&atom) {
            Some((first, before)) => {
                let first = table.row_number(*first);
                let kind = if *before == grid {
                    Kind::RowRepeated { code: atom, first }
                } else {
                    Kind::CodeRepeated { code: atom, first }
                };
                cell(&spec.atom.name).report(problems, kind);
            }
            None => {
                lines.insert(atom, (row, grid));
            }
        }
    }
    let mut codes: Vec<String> = lines.values().map(|(_, grid)| grid.clone()).collect();
    codes.sort();
    codes.dedup();
    let mut without = 0;
    for atom in &mut place.atoms {
        let grid = lines.get(&atom.code).map(|(_, grid)| grid);
        atom.grid_in_force = grid.and_then(|g| codes.binary_search(g).ok()).map(|i| i as u32);
        without += usize::from(grid.is_none());
    }
    place.grids_in_force = codes;
    if without > 0 {
        problems.add(&table.file, At::Whole, None, Kind::GridMissing { count: without });
    }
}
