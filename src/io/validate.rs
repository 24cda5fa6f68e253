//! From tables and layers as found to a sound place, in one step that reports every problem.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use geo::{BoundingRect as _, LineString, MapCoords as _, Point};

use super::Problems;
use super::config::{PlaceFile, Shortcut, locate};
use super::join::{Ledger, ledger};
use super::layers::{self, RawLayer};
use super::ledgers;
use super::shapes::RawShape;
use super::sites::{self, RawSites};
use super::source::{Inputs, Source};
use super::specs::{ColumnName, CountColumns, FileSpec, How, LayerSpec, SiteSpec, TableSpec};
use super::streets::Walked;
use super::tables::Table;
use super::vectors;
use crate::crs::System;
use crate::geometry::projection::LocalFrame;
use crate::model::ids::CompoundId;
use crate::model::place::{AtomKind, Origin, Place, Staff};
use crate::model::problem::{At, Kind, Problem};
use crate::model::rules::Rules;

mod atoms;
mod centres;
mod communities;
mod flaws;
mod given;
mod homes;
mod surroundings;
mod whereabouts;

/// The widest place one local projection serves.
const WIDTH_M_MAX: f64 = 500_000.0;

/// What reading came to.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The place, unless there were errors.
    pub place: Option<Place>,
    /// The rules of its profile.
    pub rules: Rules,
    /// Every problem found, errors first.
    pub problems: Vec<Problem>,
    /// The files read.
    pub inputs: Inputs,
}

/// Reads the place in a folder with `place.toml`, or the place file named.
pub fn read_place(place: &Path) -> Reading {
    let (folder, name) = locate(place);
    let mut source = Source::in_folder(&folder);
    let mut problems = Problems::default();
    let Some(file) = PlaceFile::read(&mut source, &name, &mut problems) else {
        return failed(problems, &source, Rules::default());
    };
    follow(&file, &mut source, problems)
}

/// Reads a place of two files, without a place file.
pub fn read_shortcut(shortcut: &Shortcut) -> Reading {
    let mut source = Source::in_folder(Path::new(""));
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let column = |name: &str| ColumnName { name: name.to_owned(), named: false };
    let counts = CountColumns {
        households: column("households"),
        population: column("population"),
        older: column("age_65_plus"),
        child: column("age_0_14"),
    };
    let communities = LayerSpec {
        source: FileSpec { file: text(&shortcut.boundaries), crs: None, layer: None },
        code: column("code"),
        name: column("name"),
        compound: column("compound"),
        exclusive: column("exclusive"),
        counts: counts.clone(),
        population: Some(TableSpec {
            file: text(&shortcut.population),
            how: How::default(),
            code: column("code"),
            name: column("name"),
            counts,
        }),
    };
    let stem = shortcut.boundaries.file_stem().map(|s| s.to_string_lossy().into_owned());
    let file = PlaceFile {
        file: text(&shortcut.boundaries),
        name: shortcut.name.clone().or(stem).unwrap_or_default(),
        date: String::new(),
        rules: Rules::default(),
        crs: shortcut.crs.clone(),
        atom_kind: None,
        communities,
        atoms: None,
        streets: None,
        barriers: None,
        centres: None,
        candidates: None,
        existing_grids: None,
        staff: None,
        context_streets: None,
        context_water: None,
    };
    follow(&file, &mut source, Problems::default())
}

fn failed(problems: Problems, source: &Source, rules: Rules) -> Reading {
    Reading { place: None, rules, problems: problems.sorted(), inputs: source.inputs().clone() }
}

/// Everything the place file names, as found.
struct Raw {
    communities: Option<RawLayer>,
    community_ledger: Option<Ledger>,
    atoms: Option<RawLayer>,
    atom_ledger: Option<Ledger>,
    barriers: Vec<layers::PlainFeature>,
    streets: Vec<layers::PlainFeature>,
    water: Vec<layers::PlainFeature>,
    centres: RawSites,
    candidates: RawSites,
    grids: Option<(Table, usize)>,
    walked: Option<Walked>,
    staff: Vec<Staff>,
}

fn follow(file: &PlaceFile, source: &mut Source, mut problems: Problems) -> Reading {
    if System::named(&file.crs).is_none() {
        let kind = Kind::CrsUnknown { crs: file.crs.clone() };
        problems.add(&file.file, At::Whole, Some("place.crs"), kind);
    }
    let raw = read_files(file, source, &mut problems);
    let place = validate(file, raw, &mut problems).filter(|_| !problems.any_error());
    let (problems, inputs) = (problems.sorted(), source.inputs().clone());
    Reading { place, rules: file.rules.clone(), problems, inputs }
}

fn read_files(file: &PlaceFile, source: &mut Source, problems: &mut Problems) -> Raw {
    let rules = &file.rules.reading;
    let mut layer = |spec: &LayerSpec, expected: &'static str, problems: &mut Problems| {
        layers::coded(source, spec, &file.crs, expected, problems)
    };
    let communities = layer(&file.communities, "an area", problems);
    let atoms = file.atoms.as_ref().and_then(|spec| layer(spec, "an area or a point", problems));
    let abroad = communities.as_ref().is_some_and(lies_abroad);
    let mut table_of = |spec: Option<&TableSpec>, problems: &mut Problems| {
        let spec = spec?;
        let counts = &spec.counts;
        let keys = [
            ("code", &spec.code),
            ("name", &spec.name),
            ("households", &counts.households),
            ("population", &counts.population),
            ("age_65_plus", &counts.older),
            ("age_0_14", &counts.child),
        ];
        let table = ledgers::read(source, &spec.file, &spec.how, &keys, abroad, problems)?;
        if table.rows() == 0 {
            // A table of sites may be empty: there is no centre yet. One of people may not.
            problems.add(&table.file, At::Whole, None, Kind::TableEmpty {});
        }
        ledger(&table, spec, rules, problems)
    };
    let community_ledger = table_of(file.communities.population.as_ref(), problems);
    let atom_ledger = table_of(file.atoms.as_ref().and_then(|a| a.population.as_ref()), problems);
    let walked =
        file.streets.as_ref().and_then(|spec| super::streets::read(source, spec, &file.crs, problems));
    let mut plain = |spec: Option<&FileSpec>,
                     keys: &[&str],
                     expected: &'static str,
                     problems: &mut Problems| {
        spec.map_or_else(Vec::new, |spec| layers::plain(source, spec, &file.crs, keys, expected, problems))
    };
    let barriers = plain(file.barriers.as_ref(), &["kind"], "a line or a point", problems);
    let streets = plain(file.context_streets.as_ref(), &["highway", "kind"], "a line", problems);
    let water = plain(file.context_water.as_ref(), &["kind"], "an area", problems);
    let mut sites = |spec: Option<&SiteSpec>, problems: &mut Problems| {
        let Some(spec) = spec else { return RawSites::default() };
        let crs = vectors::system(&spec.source, &file.crs, &spec.source.file, problems);
        let keys: Vec<(&str, &ColumnName)> =
            spec.columns.iter().map(|(key, column)| (*key, column)).collect();
        let table = ledgers::read(source, &spec.source.file, &spec.how, &keys, abroad, problems);
        match (crs, table) {
            (Some(crs), Some(table)) => sites::read(&table, spec, &crs, problems),
            _ => RawSites::default(),
        }
    };
    let centres = sites(file.centres.as_ref(), problems);
    let candidates = sites(file.candidates.as_ref(), problems);
    let grids = file.existing_grids.as_ref().and_then(|spec| {
        let keys = [("atom", &spec.atom), ("grid", &spec.grid), ("locked", &spec.locked)];
        let table = ledgers::read(source, &spec.file, &spec.how, &keys, abroad, problems)?;
        let missing = [&spec.atom, &spec.grid].into_iter().filter(|c| !table.has(&c.name)).count();
        let locked = spec.locked.named.then_some(&spec.locked);
        for column in [&spec.atom, &spec.grid].into_iter().chain(locked).filter(|c| !table.has(&c.name)) {
            let kind = Kind::ColumnMissing { there: table.names() };
            problems.add(&table.file, At::Whole, Some(&column.name), kind);
        }
        Some((table, missing))
    });
    let staff = file.staff.as_ref().map_or_else(Vec::new, |spec| super::staff::read(source, spec, problems));
    Raw {
        communities,
        community_ledger,
        atoms,
        atom_ledger,
        barriers,
        streets,
        water,
        centres,
        candidates,
        grids,
        walked,
        staff,
    }
}

fn validate(file: &PlaceFile, mut raw: Raw, problems: &mut Problems) -> Option<Place> {
    let layer = raw.communities.take()?;
    let frame_origin = origin(&layer, &file.communities.source.file, problems)?;
    let frame = LocalFrame::around(frame_origin);
    let (communities, broken) =
        communities::build(file, layer, raw.community_ledger.as_ref(), frame, problems);
    let flaws = flaws::of_communities(&communities, &file.communities.source.file, problems);
    let (barriers, context) = surroundings::build(file, &raw, frame, problems);
    if let (Some(walked), Some(spec)) = (&raw.walked, &file.streets)
        && let Some(km) = surroundings::kilometres_off(&walked.lines, &communities, frame)
    {
        problems.add(&spec.source.file, At::Whole, None, Kind::StreetsElsewhere { km });
    }
    // What lies outside of communities that could not be read says nothing.
    let known = if broken.is_empty() { communities.as_slice() } else { &[] };
    let (centres, candidates) = centres::build(file, raw.centres, raw.candidates, known, frame, problems);
    let mut lost_atoms = BTreeSet::new();
    let mut exclusive = BTreeMap::new();
    let mut place = Place {
        name: file.name.clone(),
        date: file.date.clone(),
        origin: frame_origin,
        crs: file.crs.clone(),
        communities,
        atoms: Vec::new(),
        atom_kind: AtomKind::Hexagons,
        compounds: Vec::new(),
        barriers,
        centres,
        candidates,
        grids_in_force: Vec::new(),
        given: Vec::new(),
        staff: std::mem::take(&mut raw.staff),
        streets: raw.walked.take().map(|walked| walked.lines),
        context,
        flaws,
    };
    let ledger = raw.community_ledger.as_ref();
    match (raw.atoms, &file.atoms) {
        (Some(layer), Some(spec)) => {
            exclusive = given::exclusive(&layer);
            let tables = atoms::Ledgers { own: raw.atom_ledger, communities: ledger, broken: &broken };
            lost_atoms = atoms::build(file, spec, &layer, tables, frame, &mut place, problems);
        }
        (None, None) => {
            let unread = ledger.is_none() && file.communities.population.is_some();
            if !unread && place.communities.iter().all(|community| community.ledger.is_none()) {
                let file_name = &file.communities.source.file;
                problems.add(file_name, At::Whole, None, Kind::CountsNowhere {});
            }
            communities::report_unmatched(file, &place, ledger, true, &broken, problems);
        }
        // The atoms were asked for and could not be read; the reason has been reported.
        _ => return None,
    }
    if let (Some((table, 0)), Some(spec)) = (&raw.grids, &file.existing_grids) {
        atoms::grids_in_force(table, spec, &lost_atoms, &mut place, problems);
    }
    given::settle(file, &exclusive, raw.grids.as_ref().map(|(table, _)| table), &mut place, problems);
    Some(place)
}

/// True if the first community lies outside the box around China.
fn lies_abroad(layer: &RawLayer) -> bool {
    let first = layer.features.iter().find_map(|feature| match &feature.shape {
        RawShape::Area(shape) => shape.bounding_rect().map(geo::Rect::center),
        _ => None,
    });
    first.is_some_and(|c| !(73.0..=136.0).contains(&c.x) || !(3.0..=54.0).contains(&c.y))
}

/// The middle of the communities, to a ten-thousandth of a degree.
fn origin(layer: &RawLayer, file: &str, problems: &mut Problems) -> Option<Origin> {
    let mut bounds: Option<geo::Rect<f64>> = None;
    for feature in &layer.features {
        let RawShape::Area(shape) = &feature.shape else { continue };
        let Some(r) = shape.bounding_rect() else { continue };
        bounds = Some(bounds.map_or(r, |b| {
            geo::Rect::new(
                (b.min().x.min(r.min().x), b.min().y.min(r.min().y)),
                (b.max().x.max(r.max().x), b.max().y.max(r.max().y)),
            )
        }));
    }
    let bounds = bounds?;
    let round = |v: f64| (v * 1e4).round() / 1e4;
    let origin = Origin { lon: round(bounds.center().x), lat: round(bounds.center().y) };
    let width = (bounds.width() * origin.lat.to_radians().cos()).max(bounds.height()) * 111_320.0;
    if width > WIDTH_M_MAX {
        problems.add(file, stray(layer), None, Kind::PlaceTooWide { km: (width / 1000.0) as u64 });
        return None;
    }
    Some(origin)
}

/// The feature farthest from the middle one.
fn stray(layer: &RawLayer) -> At {
    let centre = |feature: &layers::RawFeature| match &feature.shape {
        RawShape::Area(shape) => shape.bounding_rect().map(|r| (feature.at, r.center())),
        _ => None,
    };
    let centres: Vec<_> = layer.features.iter().filter_map(centre).collect();
    let middle = |of: fn(&geo::Coord<f64>) -> f64| {
        let mut all: Vec<f64> = centres.iter().map(|(_, c)| of(c)).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    if centres.len() < 3 {
        return At::Whole;
    }
    let (x, y) = (middle(|c| c.x), middle(|c| c.y));
    let away = |c: &geo::Coord<f64>| (c.x - x).hypot(c.y - y);
    let farthest = centres.iter().max_by(|a, b| away(&a.1).total_cmp(&away(&b.1)));
    farthest.map_or(At::Whole, |(at, _)| *at)
}

fn metres_line(line: &LineString<f64>, frame: LocalFrame) -> LineString<f64> {
    line.map_coords(|c| frame.to_metres(c.x, c.y).into())
}

fn metres_point(point: Point<f64>, frame: LocalFrame) -> Point<f64> {
    frame.to_metres(point.x(), point.y()).into()
}

/// Compounds by code, with their ids.
fn compound_ids<'a>(codes: impl Iterator<Item = Option<&'a str>>) -> BTreeMap<&'a str, CompoundId> {
    let mut ids: BTreeMap<&str, CompoundId> = codes.flatten().map(|code| (code, CompoundId(0))).collect();
    for (i, id) in ids.values_mut().enumerate() {
        *id = CompoundId::at(i);
    }
    ids
}
