//! Vector files of every kind an office has, read into one shape.
//!
//! [`read`] recognises the format by content, not by the ending, and hands on one feature after
//! another: a number, a geometry as GeoJSON has it (two numbers a position, as written), and
//! properties. Shapefile, GeoPackage, FlatGeobuf, KML and KMZ, and zip archives that hold one of them are read;
//! GeoJSON is recognised and left to its own reader. GeoParquet is left out: its reader would
//! bring a second copy of Arrow.
//!
//! *Safety.* Every file may be hostile. A number in a header never causes an allocation before
//! the bytes it speaks of are there, everything that can grow has a limit in [`Limits`], nothing
//! panics and no code of the file (triggers, views, entities) is run.

mod archive;
mod bytes;
mod error;
mod files;
mod flatgeobuf;
mod geopackage;
mod kml;
mod notes;
mod prj;
pub mod shapefile;
mod text;
mod wkb;
pub mod wkt;

pub use error::{Fault, FormatError, Place};
pub use files::{Files, Memory};
pub use notes::Note;
pub use prj::{Declared, text_of};
pub use text::Encoding;

use geojson::GeometryValue;

/// How far a reader goes before it takes a file for an attack or a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file, also after inflating.
    pub bytes: u64,
    /// Features of a layer.
    pub features: u64,
    /// Positions of one feature.
    pub points: usize,
    /// Collections or folders within one another.
    pub nesting: usize,
}

impl Default for Limits {
    /// 2 GiB, ten million features, ten million positions, 32 levels.
    fn default() -> Self {
        Self { bytes: 2 << 30, features: 10_000_000, points: 10_000_000, nesting: 32 }
    }
}

/// A format, recognised by content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// ESRI Shapefile.
    Shapefile,
    /// OGC GeoPackage.
    GeoPackage,
    /// FlatGeobuf 3.
    FlatGeobuf,
    /// KML 2.
    Kml,
    /// Zip archive: KMZ, or any of the others packed.
    Zip,
    /// GeoJSON, or at least JSON.
    GeoJson,
}

impl Format {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Shapefile => "Shapefile",
            Self::GeoPackage => "GeoPackage",
            Self::FlatGeobuf => "FlatGeobuf",
            Self::Kml => "KML",
            Self::Zip => "zip",
            Self::GeoJson => "GeoJSON",
        }
    }

    /// What the first bytes are; `None` if they are nothing known.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0, 0, 0x27, 0x0a]) {
            return Some(Self::Shapefile);
        }
        if bytes.starts_with(b"SQLite format 3\0") {
            return Some(Self::GeoPackage);
        }
        if bytes.starts_with(b"fgb") && bytes.get(4..7) == Some(b"fgb") {
            return Some(Self::FlatGeobuf);
        }
        if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
            return Some(Self::Zip);
        }
        let head = text::first_text(bytes);
        match head.trim_start_matches('\u{feff}').trim_start().chars().next() {
            Some('{' | '[') => Some(Self::GeoJson),
            Some('<') if head.contains("<kml") || head.contains(":kml") => Some(Self::Kml),
            _ => None,
        }
    }
}

/// A feature as found.
#[derive(Clone, Debug, PartialEq)]
pub struct Feature {
    /// From 1, in file order; records marked as deleted do not count.
    pub number: u64,
    /// Positions as written, two numbers each; `Err` says why it could not be read.
    pub geometry: Result<Option<GeometryValue>, String>,
    /// Attributes; whole numbers stay whole.
    pub properties: serde_json::Map<String, serde_json::Value>,
}

/// What a file says of itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The format of the layer; for an archive that of the file inside.
    pub format: Format,
    /// The layer read.
    pub layer: String,
    /// All layers with geometry, in file order.
    pub layers: Vec<String>,
    /// The coordinate system named in the file; `None` if none is.
    pub crs: Option<Declared>,
    /// The encoding of text and how it was found; `None` where the format knows only UTF-8.
    pub encoding: Option<Encoding>,
    /// What was odd but could be read, for a person to see.
    pub notes: Vec<Note>,
}

impl Header {
    fn of(format: Format, layer: &str) -> Self {
        let layer = layer.to_owned();
        Self { format, layers: vec![layer.clone()], layer, crs: None, encoding: None, notes: Vec::new() }
    }
}

/// Where features go.
pub type Take<'a> = dyn FnMut(Feature) + 'a;

/// Reads one layer of the file `name` and hands every feature to `take`.
///
/// `layer` chooses by name; without it the file must have one layer only.
///
/// # Errors
///
/// The first fault that stops the reading, with its place; features handed on before stay handed
/// on. A geometry that cannot be read is no such fault, it is an `Err` in its feature.
pub fn read(
    name: &str,
    files: &dyn Files,
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let bytes = files.bytes(name, limits.bytes).map_err(|fault| FormatError::whole(name, fault))?;
    read_bytes(name, bytes, files, layer, limits, take)
}

fn read_bytes(
    name: &str,
    bytes: Vec<u8>,
    files: &dyn Files,
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    if bytes.len() as u64 > limits.bytes {
        return Err(FormatError::whole(name, Fault::TooMuch { what: "bytes", limit: limits.bytes }));
    }
    match Format::of(&bytes) {
        Some(Format::Shapefile) => shapefile::read(name, &bytes, files, layer, limits, take),
        Some(Format::GeoPackage) => geopackage::read(name, bytes, files, layer, limits, take),
        Some(Format::FlatGeobuf) => flatgeobuf::read(name, &bytes, layer, limits, take),
        Some(Format::Kml) => kml::read(name, &bytes, layer, limits, take),
        Some(Format::Zip) => archive::read(name, &bytes, layer, limits, take),
        Some(Format::GeoJson) => Err(FormatError::whole(name, Fault::GeoJson {})),
        None => Err(FormatError::whole(name, Fault::Unknown {})),
    }
}

/// The file name without folders and ending.
fn stem(name: &str) -> &str {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| if stem.is_empty() { file } else { stem })
}

/// An error if a layer is asked for that this one is not.
fn only_layer(file: &str, own: &str, asked: Option<&str>) -> Result<(), FormatError> {
    match asked {
        Some(asked) if asked != own => {
            let fault = Fault::LayerMissing { layer: asked.to_owned(), there: own.to_owned() };
            Err(FormatError::whole(file, fault))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
