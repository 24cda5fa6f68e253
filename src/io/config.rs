//! `place.toml`: which file is which layer, and which column is what.
//!
//! The file is walked key by key rather than deserialized, so that every unknown, missing or
//! mistyped key is reported at once.

use std::path::{Path, PathBuf};

use super::Problems;
use super::section::Section;
use super::source::{PLACE_FILE_BYTES_MAX, Source};
use super::specs::{
    ColumnName, CountColumns, FileSpec, GridSpec, How, LayerSpec, SiteSpec, StaffSpec, StreetSpec, TableSpec,
};
use crate::model::place::AtomKind;
use crate::model::problem::{At, Kind};
use crate::model::rules::Rules;

/// A place file, read but not yet followed.
#[derive(Clone, Debug)]
pub struct PlaceFile {
    /// The place file itself, for messages.
    pub(super) file: String,
    /// `[place] name`.
    pub name: String,
    /// `[place] date`, free text.
    pub date: String,
    /// The rules of `[place] profile`.
    pub rules: Rules,
    pub(super) crs: String,
    pub(super) atom_kind: Option<AtomKind>,
    pub(super) communities: LayerSpec,
    pub(super) atoms: Option<LayerSpec>,
    pub(super) streets: Option<StreetSpec>,
    pub(super) barriers: Option<FileSpec>,
    pub(super) centres: Option<SiteSpec>,
    pub(super) candidates: Option<SiteSpec>,
    pub(super) existing_grids: Option<GridSpec>,
    pub(super) staff: Option<StaffSpec>,
    pub(super) context_streets: Option<FileSpec>,
    pub(super) context_water: Option<FileSpec>,
}

/// A place without a place file: two files joined by code.
#[derive(Clone, Debug)]
pub struct Shortcut {
    /// A GeoJSON layer of communities.
    pub boundaries: PathBuf,
    /// A CSV table of their households and people.
    pub population: PathBuf,
    /// What the place is called; the name of the boundaries' file if not given.
    pub name: Option<String>,
    /// The boundaries' coordinate system.
    pub crs: String,
}

/// Every key a centre or candidate may have.
const SITE_KEYS: [&str; 22] = [
    "code",
    "name",
    "lon",
    "lat",
    "x",
    "y",
    "address",
    "area_m2",
    "level",
    "functions",
    "status",
    "capacity",
    "action",
    "cost",
    "kind",
    "confirmed",
    "community",
    "hours",
    "floor",
    "ownership",
    "condition",
    "available",
];

/// The folder of a place and the place file's name in it.
pub(super) fn locate(place: &Path) -> (PathBuf, String) {
    if place.is_dir() {
        return (place.to_owned(), "place.toml".to_owned());
    }
    let folder = place.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name =
        place.file_name().map_or_else(|| "place.toml".to_owned(), |n| n.to_string_lossy().into_owned());
    (folder.to_owned(), name)
}

impl PlaceFile {
    /// Reads and checks the file's keys; the layers are not looked at.
    pub(super) fn read(source: &mut Source, file: &str, problems: &mut Problems) -> Option<Self> {
        let text = source.read_text(file, PLACE_FILE_BYTES_MAX, problems)?;
        let table: toml::Table = match toml::from_str(&text) {
            Ok(table) => table,
            Err(error) => {
                let at = line_of(&text, error.span().map_or(0, |span| span.start));
                let reason = error.message().lines().next().unwrap_or_default().to_owned();
                let deep = reason.contains("recurs");
                let kind = if deep { Kind::NestedTooDeep {} } else { Kind::Syntax { reason } };
                problems.add(file, at, None, kind);
                return None;
            }
        };
        Self::walk(source, file, &table, problems)
    }

    fn walk(source: &mut Source, file: &str, table: &toml::Table, problems: &mut Problems) -> Option<Self> {
        let mut root = Section::root(file, table, problems);
        let header = root.table("place", true).map(|mut place| {
            let name = place.text("name", true);
            let crs = place.text("crs", true);
            let date = place.text("date", false).unwrap_or_default();
            let profile = place.text("profile", false).unwrap_or_else(|| "town".to_owned());
            let kind = place.text("fabric", false);
            let kind = kind.and_then(|word| match word.as_str() {
                "areas" => Some(AtomKind::Areas),
                "sites" => Some(AtomKind::Sites),
                _ => {
                    place.wrong("fabric", "\"areas\" or \"sites\"");
                    None
                }
            });
            place.finish();
            (name, crs, date, profile, kind)
        });
        let communities = root.table("communities", true).and_then(layer);
        let atoms = root.table("atoms", false).map(layer);
        let streets = root.table("streets", false).map(streets);
        let barriers = root.table("barriers", false).map(file_only);
        let centres = root.table("centres", false).map(sites);
        let candidates = root.table("candidates", false).map(sites);
        let existing_grids = root.table("existing_grids", false).map(grids);
        let staff = root.table("staff", false).map(staff);
        let (context_streets, context_water) = match root.table("context", false) {
            Some(mut section) => {
                let crs = section.text("crs", false);
                let part =
                    |file: Option<String>| file.map(|file| FileSpec { file, crs: crs.clone(), layer: None });
                let (streets, water) = (section.text("streets", false), section.text("water", false));
                section.finish();
                (part(streets), part(water))
            }
            None => (None, None),
        };
        root.finish();
        let (name, crs, date, profile, atom_kind) = header?;
        let rules = rules(source, file, &profile, problems);
        Some(Self {
            file: file.to_owned(),
            name: name?,
            date,
            rules,
            crs: crs?,
            atom_kind,
            communities: communities?,
            atoms: flatten(atoms)?,
            streets: flatten(streets)?,
            barriers: flatten(barriers)?,
            centres: flatten(centres)?,
            candidates: flatten(candidates)?,
            existing_grids: flatten(existing_grids)?,
            staff: flatten(staff)?,
            context_streets,
            context_water,
        })
    }
}

/// `None` if a section is there but wrong.
#[expect(clippy::option_option, reason = "absent, wrong and right are three cases")]
fn flatten<T>(section: Option<Option<T>>) -> Option<Option<T>> {
    match section {
        None => Some(None),
        Some(None) => None,
        Some(Some(value)) => Some(Some(value)),
    }
}

/// A named profile or a file of rules; after a report the defaults, so that reading goes on.
fn rules(source: &mut Source, file: &str, profile: &str, problems: &mut Problems) -> Rules {
    if profile == "town" {
        return Rules::default();
    }
    let is_word = !profile.contains(['.', '/', '\\']);
    if is_word && !source.has(profile) {
        let reason = format!("there is neither a profile nor a file `{profile}`");
        problems.add(file, At::Whole, Some("place.profile"), Kind::ProfileInvalid { reason });
        return Rules::default();
    }
    let Some(text) = source.read_text(profile, PLACE_FILE_BYTES_MAX, problems) else {
        return Rules::default();
    };
    let parsed = toml::from_str::<Rules>(&text).map_err(|error| {
        let at = error.span().map_or(At::Whole, |span| line_of(&text, span.start));
        (at, error.message().lines().collect::<Vec<_>>().join(" "))
    });
    let checked = parsed
        .and_then(|rules| rules.validate().map(|()| rules).map_err(|error| (At::Whole, error.to_string())));
    match checked {
        Ok(mut rules) => {
            if rules.profile == "town" {
                rules.profile = profile.to_owned();
            }
            rules
        }
        Err((at, reason)) => {
            problems.add(profile, at, None, Kind::ProfileInvalid { reason });
            Rules::default()
        }
    }
}

/// Where a byte of a text stands.
fn line_of(text: &str, byte: usize) -> At {
    let before = text.get(..byte).unwrap_or_default();
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.chars().rev().take_while(|c| *c != '\n').count() as u64 + 1;
    At::Line(line, column)
}

fn file_only(mut section: Section<'_>) -> Option<FileSpec> {
    let file = section.text("file", true);
    let (crs, layer) = (section.text("crs", false), section.text("layer", false));
    section.finish();
    Some(FileSpec { file: file?, crs, layer })
}

fn streets(mut section: Section<'_>) -> Option<StreetSpec> {
    let file = section.text("file", true);
    let (crs, layer) = (section.text("crs", false), section.text("layer", false));
    let (access, heights) = (section.text("access", false), section.text("heights", false));
    let cache = section.flag("cache");
    section.finish();
    Some(StreetSpec { source: FileSpec { file: file?, crs, layer }, access, heights, cache })
}

fn layer(mut section: Section<'_>) -> Option<LayerSpec> {
    let file = section.text("file", true);
    let (crs, layer) = (section.text("crs", false), section.text("layer", false));
    let (code, name) = (section.column("code"), section.column("name"));
    let (compound, exclusive) = (section.column("compound"), section.column("exclusive"));
    let counts = counts(&mut section);
    let nested = matches!(section.table.get("population"), Some(toml::Value::Table(_)));
    let population = nested.then(|| section.table("population", false)).flatten().map(|mut table| {
        let file = table.text("file", true);
        let how = how(&mut table);
        let (code, name) = (table.column("code"), table.column("name"));
        let counts = self::counts(&mut table);
        table.finish();
        file.map(|file| TableSpec { file, how, code, name, counts })
    });
    section.finish();
    let source = FileSpec { file: file?, crs, layer };
    Some(LayerSpec { source, code, name, compound, exclusive, counts, population: flatten(population)? })
}

fn how(section: &mut Section<'_>) -> How {
    let encoding = section.text("encoding", false);
    let known = |name: &String| crate::ledger::Encoding::named(name).is_some();
    if encoding.as_ref().is_some_and(|name| !known(name)) {
        section.wrong("encoding", "UTF-8, UTF-16, GB18030, GBK or Big5");
    }
    let sheet = section.text("sheet", false);
    How { encoding, sheet, approximate: section.flag("approximate") }
}

fn counts(section: &mut Section<'_>) -> CountColumns {
    let households = section.column("households");
    // In a layer this key is the table of its population; only there it may be no column.
    let population = if matches!(section.table.get("population"), Some(toml::Value::Table(_))) {
        ColumnName { name: "population".to_owned(), named: false }
    } else {
        section.column("population")
    };
    let sixty = section.column("age_60_plus");
    let older = if sixty.named { sixty } else { section.column("age_65_plus") };
    let child = section.column("age_0_14");
    section.known.push("age_65_plus");
    CountColumns { households, population, older, child }
}

fn sites(mut section: Section<'_>) -> Option<SiteSpec> {
    let file = section.text("file", true);
    let columns = SITE_KEYS.map(|key| (key, section.column(key))).to_vec();
    let (crs, xy_crs) = (section.text("crs", false), section.text("xy_crs", false));
    let how = how(&mut section);
    section.finish();
    Some(SiteSpec { source: FileSpec { file: file?, crs, layer: None }, xy_crs, how, columns })
}

fn grids(mut section: Section<'_>) -> Option<GridSpec> {
    let file = section.text("file", true);
    let (atom, grid, locked) = (section.column("atom"), section.column("grid"), section.column("locked"));
    let how = how(&mut section);
    section.finish();
    Some(GridSpec { file: file?, how, atom, grid, locked })
}

fn staff(mut section: Section<'_>) -> Option<StaffSpec> {
    let file = section.text("file", true);
    let columns = super::staff::KEYS.map(|(key, _)| (key, section.column(key))).to_vec();
    let how = how(&mut section);
    section.finish();
    Some(StaffSpec { file: file?, how, columns })
}
