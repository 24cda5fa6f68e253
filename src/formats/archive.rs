//! Zip archives: KMZ, and the zipped Shapefiles that are sent around.
//!
//! Only what is needed is inflated, and never more than the limit, whatever sizes are claimed.

use std::io::Read as _;

use super::bytes::Bytes;
use super::error::{Fault, FormatError};
use super::files::Memory;
use super::{Header, Limits, Note, Take, read_bytes, stem, text};

/// Files in one archive.
const ENTRIES_MAX: usize = 10_000;

struct Entry {
    name: String,
    method: u16,
    locked: bool,
    packed: usize,
    checksum: u32,
    at: usize,
}

pub(super) fn read(
    file: &str,
    bytes: &[u8],
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let fail = |reason: &str| FormatError::whole(file, Fault::ArchiveKind { reason: reason.to_owned() });
    let entries = entries(bytes).ok_or_else(|| fail("its list of files is missing or damaged"))?;
    let ending = |entry: &Entry| entry.name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    let is_layer = |entry: &&Entry| {
        let known = ["kml", "shp", "gpkg", "fgb", "geojson", "json"];
        let hidden = entry.name.starts_with("__MACOSX")
            || entry.name.rsplit('/').next().is_some_and(|n| n.starts_with('.'));
        !hidden && ending(entry).is_some_and(|ending| known.contains(&ending.as_str()))
    };
    let mut candidates: Vec<&Entry> = entries.iter().filter(is_layer).collect();
    // The main file of a KMZ is doc.kml; what else it holds is linked from there.
    if let Some(main) = candidates.iter().position(|e| e.name.eq_ignore_ascii_case("doc.kml")) {
        candidates = vec![candidates[main]];
    }
    let named = |entry: &&&Entry| layer.is_some_and(|l| l == entry.name || l == stem(&entry.name));
    let several = candidates.len() > 1;
    let chosen = match candidates.as_slice() {
        [] => return Err(FormatError::whole(file, Fault::LayerNone {})),
        [only] => *only,
        all => match all.iter().find(named) {
            Some(found) => *found,
            None => {
                let there = all.iter().map(|e| e.name.as_str()).collect::<Vec<_>>().join(", ");
                return Err(FormatError::whole(file, Fault::ArchiveMany { there }));
            }
        },
    };
    let base = |name: &str| name.rsplit_once('.').map_or(name, |(base, _)| base).to_lowercase();
    let mut left = limits.bytes;
    let mut inside = Memory::default();
    for entry in entries.iter().filter(|e| base(&e.name) == base(&chosen.name)) {
        let content = inflate(bytes, entry, left)
            .map_err(|fault| FormatError::whole(&format!("{file}/{}", entry.name), fault))?;
        left -= content.len() as u64;
        inside.0.push((entry.name.clone(), content));
    }
    let main =
        inside.0.iter().find(|(name, _)| *name == chosen.name).map(|(_, b)| b.clone()).unwrap_or_default();
    if super::Format::of(&main) == Some(super::Format::Zip) {
        return Err(fail("it holds another archive under the name of a layer"));
    }
    // Where the layer's name chose the file, the file's own layer is the only one.
    let inner = layer.filter(|l| !(several && (*l == chosen.name || *l == stem(&chosen.name))));
    let mut header = read_bytes(&chosen.name, main, &inside, inner, limits, take).map_err(|mut error| {
        error.file = format!("{file}/{}", error.file);
        error
    })?;
    header.notes.push(Note::FromArchive { name: chosen.name.clone() });
    Ok(header)
}

/// The central directory; `None` if there is none that is sound.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let tail = bytes.len().saturating_sub(22 + 65_535);
    let end = bytes.get(tail..)?.windows(4).rposition(|w| w == b"PK\x05\x06")? + tail;
    let mut head = Bytes::of(bytes.get(end + 10..)?);
    let (count, _, at) = (head.u16()?, head.u32()?, head.u32()?);
    let mut list = Bytes::of(bytes.get(at as usize..end)?);
    let mut entries = Vec::new();
    for _ in 0..usize::from(count).min(ENTRIES_MAX) {
        if list.take(4)? != b"PK\x01\x02" {
            return None;
        }
        list.take(4)?;
        let (flags, method) = (list.u16()?, list.u16()?);
        list.take(4)?;
        let (checksum, packed) = (list.u32()?, list.u32()? as usize);
        list.take(4)?;
        let (name, extra, comment) = (list.u16()?, list.u16()?, list.u16()?);
        list.take(8)?;
        let at = list.u32()? as usize;
        let name = list.take(usize::from(name))?;
        list.take(usize::from(extra) + usize::from(comment))?;
        let charset = text::guess([name].into_iter());
        let name = charset.decode_without_bom_handling(name).0.replace('\\', "/");
        entries.push(Entry { name, method, locked: flags & 1 == 1, packed, checksum, at });
    }
    Some(entries)
}

fn inflate(bytes: &[u8], entry: &Entry, limit: u64) -> Result<Vec<u8>, Fault> {
    let kind = |reason: &str| Fault::ArchiveKind { reason: reason.to_owned() };
    if entry.locked {
        return Err(kind("it has a password"));
    }
    let packed = || {
        let mut head = Bytes::of(bytes.get(entry.at..)?);
        if head.take(4)? != b"PK\x03\x04" {
            return None;
        }
        head.take(22)?;
        let (name, extra) = (head.u16()?, head.u16()?);
        head.take(usize::from(name) + usize::from(extra))?;
        head.take(entry.packed)
    };
    let packed = packed().ok_or(Fault::CutShort { what: "a file of the archive" })?;
    let mut content = Vec::new();
    let result = match entry.method {
        0 => packed.take(limit.saturating_add(1)).read_to_end(&mut content),
        8 => {
            flate2::read::DeflateDecoder::new(packed).take(limit.saturating_add(1)).read_to_end(&mut content)
        }
        other => return Err(kind(&format!("compression method {other} is not read"))),
    };
    result.map_err(|_| kind("compressed bytes are damaged"))?;
    if content.len() as u64 > limit {
        return Err(Fault::TooMuch { what: "inflated bytes", limit });
    }
    let mut sum = flate2::Crc::new();
    sum.update(&content);
    if sum.sum() != entry.checksum {
        return Err(kind("a checksum is wrong"));
    }
    Ok(content)
}
