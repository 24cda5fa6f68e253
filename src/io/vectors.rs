//! Layers of any vector format, one feature at a time, with the coordinate system each is read in.
//!
//! GeoJSON is streamed by its own reader; everything else goes through [`crate::formats`].

use std::cell::RefCell;
use std::io::Read as _;
use std::path::PathBuf;

use sha2::{Digest as _, Sha256};

use super::Problems;
use super::geojson::{self, Broken, RawFeature};
use super::source::{DATA_BYTES_MAX, Source};
use super::specs::FileSpec;
use crate::crs::System;
use crate::formats::{self, Declared, Files, Format, FormatError, Limits, Place};
use crate::model::lang::Lang;
use crate::model::problem::{At, Kind, Severity, Told};

/// A coordinate system and what it is called.
pub(super) type Named = (System, String);

/// Hands every feature of a layer to `take` with the system it is in; `None` if the file could not be
/// read to its end, which has been reported.
///
/// A system given for the layer is followed, then one the file itself names, then that of the place.
pub(super) fn for_each(
    source: &mut Source,
    spec: &FileSpec,
    place_crs: &str,
    problems: &mut Problems,
    mut take: impl FnMut(RawFeature, &Named, &mut Problems),
) -> Option<()> {
    let file = spec.file.as_str();
    let given = system(spec, place_crs, file, problems);
    if !source.is_other_format(file) {
        let given = given?;
        let header = geojson::for_each(source, file, problems, |raw, problems| take(raw, &given, problems))?;
        check_crs_member(header.crs.as_deref(), &given, file, problems);
        return Some(());
    }
    let limits = Limits { bytes: DATA_BYTES_MAX, ..Limits::default() };
    let reads = Reads { folder: Folder(source.folder().to_owned()), seen: RefCell::default() };
    let mut features = Vec::new();
    let read =
        formats::read(file, &reads, spec.layer.as_deref(), &limits, &mut |feature| features.push(feature));
    source.note(reads.seen.into_inner());
    let header = match read {
        Ok(header) => header,
        Err(error) => {
            report(&error, problems);
            return None;
        }
    };
    for note in &header.notes {
        let message = [note.message(Lang::Zh), note.message(Lang::En)];
        let told = Told { id: note.id(), severity: Severity::Note, message, remedy: Default::default() };
        problems.add(file, At::Whole, None, Kind::Told(Box::new(told)));
    }
    if let Some(encoding) = header.encoding.as_ref().filter(|encoding| encoding.guessed) {
        problems.add(file, At::Whole, None, Kind::EncodingGuessed { encoding: encoding.name.to_owned() });
    }
    let named = own_system(&header.crs, given, spec.crs.is_some(), file, problems)?;
    if features.is_empty() {
        problems.add(file, At::Whole, None, Kind::LayerEmpty {});
    }
    for feature in features {
        let at = At::Feature(feature.number);
        let geometry = feature.geometry.map_err(|reason| {
            problems.add(file, at, None, Kind::FeatureInvalid { reason });
            Broken
        });
        let raw = RawFeature { number: feature.number, geometry, properties: feature.properties };
        take(raw, &named, problems);
    }
    Some(())
}

/// The coordinate system of a layer, or of its place.
pub(super) fn system(spec: &FileSpec, place_crs: &str, file: &str, problems: &mut Problems) -> Option<Named> {
    let name = spec.crs.as_deref().unwrap_or(place_crs);
    let found = System::named(name).map(|crs| (crs, name.to_owned()));
    // An unknown system of the whole place is reported once, with the place file.
    if found.is_none() && spec.crs.is_some() {
        let kind = Kind::CrsUnknown { crs: name.to_owned() };
        problems.add(file, At::Whole, Some("crs"), kind);
    }
    found
}

/// What the file says of itself, unless the place file speaks of this very layer.
fn own_system(
    declared: &Option<Declared>,
    given: Option<Named>,
    for_layer: bool,
    file: &str,
    problems: &mut Problems,
) -> Option<Named> {
    let Some(declared) = declared else { return given };
    let epsg = match declared {
        Declared::Known { epsg, .. } => *epsg,
        // Somebody who names the system of a layer knows better than its file.
        Declared::Unknown { .. } | Declared::Unsupported { .. } if for_layer => return given,
        Declared::Unknown { .. } => return given,
        Declared::Unsupported { .. } => {
            if let Err(error) = declared.epsg(file) {
                report(&error, problems);
            }
            return None;
        }
    };
    let own = System::of_epsg(epsg)?;
    match given {
        Some((system, name)) if system == own => Some((system, name)),
        Some((system, name)) if for_layer => {
            let kind = Kind::CrsMember { found: own.label(), declared: name.clone() };
            problems.add(file, At::Whole, Some("crs"), kind);
            Some((system, name))
        }
        given => {
            let declared = given.map(|given| given.1).unwrap_or_default();
            let kind = Kind::CrsOfFile { found: own.label(), declared };
            problems.add(file, At::Whole, Some("crs"), kind);
            Some((own, own.label()))
        }
    }
}

/// A `crs` member of GeoJSON that says another system than the place file.
fn check_crs_member(found: Option<&str>, crs: &Named, file: &str, problems: &mut Problems) {
    let Some(found) = found else { return };
    let upper = found.to_ascii_uppercase();
    let degrees = upper.contains("CRS84") || upper.ends_with(":4326") || upper.ends_with(":4490");
    let agrees = match crs.0 {
        System::Degrees => degrees,
        System::GaussKruger(_) | System::HongKong1980 => {
            crs.0.epsg().is_some_and(|epsg| upper.ends_with(&format!(":{epsg}")))
        }
        System::Gcj02 | System::Bd09 => true,
    };
    if !agrees {
        let kind = Kind::CrsMember { found: found.to_owned(), declared: crs.1.clone() };
        problems.add(file, At::Whole, Some("crs"), kind);
    }
}

fn report(error: &FormatError, problems: &mut Problems) {
    let (place, fault) = (&error.at, &error.fault);
    let at = match place {
        Place::Record(n) => At::Feature(*n),
        Place::Whole | Place::Byte(_) => At::Whole,
    };
    let text = |lang: Lang| match place {
        Place::Byte(_) => format!("{} ({})", fault.message(lang), place.text(lang)),
        Place::Whole | Place::Record(_) => fault.message(lang),
    };
    let told = Told {
        id: fault.id(),
        severity: Severity::Error,
        message: [text(Lang::Zh), text(Lang::En)],
        remedy: [fault.remedy(Lang::Zh), fault.remedy(Lang::En)],
    };
    problems.add(&error.file, at, None, Kind::Told(Box::new(told)));
}

/// Files of the place's folder, with the hash of each that was read.
struct Reads {
    folder: Folder,
    seen: RefCell<Vec<(String, String)>>,
}

impl Files for Reads {
    fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, formats::Fault> {
        let bytes = self.folder.bytes(name, limit)?;
        let hex: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        let mut seen = self.seen.borrow_mut();
        if !seen.iter().any(|(file, _)| file == name) {
            seen.push((name.to_owned(), hex));
        }
        Ok(bytes)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        self.folder.beside(name)
    }
}

/// Files named relative to a folder.
#[derive(Clone, Debug)]
struct Folder(PathBuf);

impl Files for Folder {
    fn bytes(&self, name: &str, limit: u64) -> Result<Vec<u8>, formats::Fault> {
        let plain = |error: std::io::Error| formats::Fault::Unreadable { reason: error.kind().to_string() };
        let path = self.0.join(name);
        // Opening a pipe or a device could wait for ever.
        if !std::fs::metadata(&path).map_err(plain)?.is_file() {
            return Err(formats::Fault::Unreadable { reason: "it is not a regular file".to_owned() });
        }
        let mut bytes = Vec::new();
        let file = std::fs::File::open(&path).map_err(plain)?;
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(plain)?;
        if bytes.len() as u64 > limit {
            return Err(formats::Fault::TooMuch { what: "bytes", limit });
        }
        Ok(bytes)
    }

    fn beside(&self, name: &str) -> Vec<String> {
        let (folder, within) = match name.rsplit_once('/') {
            Some((within, _)) => (self.0.join(within), format!("{within}/")),
            None => (self.0.clone(), String::new()),
        };
        // The folder a command is given in has no name.
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter_map(|e| e.file_name().into_string().ok()).map(|own| within.clone() + &own).collect()
    }
}

/// True if a file begins like a vector format other than GeoJSON.
pub(super) fn is_other(head: &[u8]) -> bool {
    Format::of(head).is_some_and(|format| format != Format::GeoJson)
}
