//! OpenStreetMap PBF to the lines one may walk on.
//!
//! The file is read once, in batches of blobs that are unpacked and decoded in parallel and taken
//! over in the order of the file. Positions are kept until the ways have said which they need; a
//! file of more than eight million nodes is read a second time for them instead. Blobs packed with
//! zlib or not at all are read, nodes dense or not, sorted or not. Memory is bounded by the limits of
//! the format and by what is kept.
//!
//! # Source
//! wiki.openstreetmap.org/wiki/PBF_Format. The decoder is this module's own: it names the offset of
//! what is wrong and never panics on bytes.

mod blob;
mod block;
mod ids;
mod profile;
#[cfg(test)]
mod tests;
mod wire;

pub use profile::{Footing, Profile, mark};

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use thiserror::Error;

use self::blob::{Blob, Kind, Unpacked};
use self::block::{Block, Node, Want};
use self::ids::Ids;
use self::wire::{Malformed, Wire};
use super::NONE;
use super::metric::Position;
use super::streets::Lines;

/// Nodes kept in memory before the ways are known; 16 bytes each.
const NODES_KEPT: usize = 8 << 20;

/// Packed bytes and blobs decoded together.
const BATCH_BYTES: usize = 8 << 20;
const BATCH_BLOBS: usize = 64;

/// Nodes of streets beyond which a file is refused: with all that is made of them, some 10 GiB.
const STREET_NODES_MAX: usize = 1 << 27;

/// Why a file could not be read. Offsets are those of the frame of the blob, in bytes of the file.
#[derive(Debug, Error)]
pub enum OsmError {
    /// The file could not be opened or read.
    #[error("the file cannot be read")]
    Io {
        /// What the system says.
        source: io::Error,
    },
    /// The file does not start with the header of a PBF.
    #[error("this is not an OpenStreetMap PBF file: no OSMHeader at byte 0")]
    NotOsm,
    /// The file ends inside a blob.
    #[error("the file ends inside the blob at byte {offset}; download it again")]
    Truncated {
        /// Where the blob starts.
        offset: u64,
    },
    /// A length beyond what the format allows.
    #[error("{bytes} bytes are announced at byte {offset}, over the {limit} the PBF format allows")]
    TooLarge {
        /// Where the blob starts.
        offset: u64,
        /// What is announced.
        bytes: u64,
        /// What the format allows.
        limit: u64,
    },
    /// A packing that is not read here.
    #[error("the blob at byte {offset} is packed with {method}; write the file with zlib")]
    Compression {
        /// Where the blob starts.
        offset: u64,
        /// Its name.
        method: &'static str,
    },
    /// A feature the file requires of its reader.
    #[error("the file requires `{feature}`, which is not supported")]
    Feature {
        /// Its name.
        feature: String,
    },
    /// Bytes that break the format.
    #[error("the blob at byte {offset} is damaged: {what}")]
    Malformed {
        /// Where the blob starts.
        offset: u64,
        /// What is wrong.
        what: &'static str,
    },
    /// More streets than can be numbered and held.
    #[error(
        "the streets up to the blob at byte {offset} have over {STREET_NODES_MAX} nodes; cut the file to the place"
    )]
    TooMany {
        /// Where the blob starts.
        offset: u64,
    },
}

/// What was read and what was left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Nodes in the file.
    pub nodes: u64,
    /// Ways in the file.
    pub ways: u64,
    /// Ways that may be walked.
    pub ways_kept: u64,
    /// Nodes of kept ways that the file does not hold, as at the edge of an extract; each cuts its
    /// way there.
    pub nodes_missing: u64,
}

/// Reads the walkable lines of a PBF from anywhere one can go back to its start.
///
/// # Errors
/// [`OsmError`] if the file cannot be read or breaks the format.
pub fn read_from<R: Read + Seek>(reader: R, profile: &Profile) -> Result<(Lines, Report), OsmError> {
    read_keeping(reader, profile, NODES_KEPT)
}

fn read_keeping<R: Read + Seek>(
    mut reader: R,
    profile: &Profile,
    nodes_kept: usize,
) -> Result<(Lines, Report), OsmError> {
    let mut report = Report::default();
    let mut kept: Option<Vec<Node>> = Some(Vec::new());
    let mut ways = Ways::default();
    each_block(&mut reader, profile, Want::All, |offset, block| {
        report.nodes += block.nodes.len() as u64;
        report.ways += block.ways;
        report.ways_kept += block.ends.len() as u64;
        if let Some(nodes) = &mut kept {
            nodes.extend_from_slice(&block.nodes);
            if nodes.len() > nodes_kept {
                kept = None;
            }
        }
        let before = ways.refs.len();
        ways.refs.extend_from_slice(&block.refs);
        ways.ends.extend(block.ends.iter().map(|end| before + *end as usize));
        ways.marks.extend_from_slice(&block.marks);
        if ways.refs.len() > STREET_NODES_MAX { Err(OsmError::TooMany { offset }) } else { Ok(()) }
    })?;
    let nodes = match kept {
        Some(nodes) => nodes,
        None => wanted_nodes(&mut reader, profile, &ways)?,
    };
    let (mut lines, missing) = join(ways, nodes);
    lines.steps_percent = profile.steps_percent;
    report.nodes_missing = missing;
    Ok((lines, report))
}

/// Ways kept: ids of their nodes, one way after another, and where each ends.
#[derive(Default)]
struct Ways {
    refs: Vec<i64>,
    ends: Vec<usize>,
    marks: Vec<u8>,
}

/// Reads the file again for the nodes of the ways alone.
fn wanted_nodes<R: Read + Seek>(
    reader: &mut R,
    profile: &Profile,
    ways: &Ways,
) -> Result<Vec<Node>, OsmError> {
    let mut wanted = ways.refs.clone();
    wanted.par_sort_unstable();
    wanted.dedup();
    let wanted = wanted.into_iter().map(|id| Node { id, position: Position::default() });
    let ids = Ids::over(wanted.collect());
    let mut nodes = Vec::new();
    reader.seek(SeekFrom::Start(0)).map_err(|source| OsmError::Io { source })?;
    each_block(reader, profile, Want::Nodes, |_, block| {
        nodes.extend(block.nodes.into_iter().filter(|node| ids.place(node.id) != NONE));
        Ok(())
    })?;
    Ok(nodes)
}

/// Ways to lines over dense nodes, numbered as the ways meet them, and how many nodes are missing.
fn join(ways: Ways, nodes: Vec<Node>) -> (Lines, u64) {
    let mut dense = vec![NONE; nodes.len()];
    let ids = Ids::over(nodes);
    let places: Vec<u32> = ways.refs.iter().map(|id| ids.place(*id)).collect();
    let mut missing = Vec::new();
    let mut lines = Lines { marks: Vec::with_capacity(ways.marks.len()), ..Lines::default() };
    lines.nodes.reserve_exact(ways.refs.len());
    lines.ends.reserve_exact(ways.ends.len());
    lines.positions.reserve(dense.len().min(ways.refs.len()));
    let mut start = 0;
    for (end, marks) in ways.ends.into_iter().zip(ways.marks) {
        let mut first = lines.nodes.len();
        for (place, id) in places[start..end].iter().zip(&ways.refs[start..end]) {
            if *place == NONE {
                missing.push(*id);
                first = finish(&mut lines, first, marks);
                continue;
            }
            let node = &mut dense[*place as usize];
            if *node == NONE {
                *node = lines.positions.len() as u32;
                lines.positions.push(ids.at(*place).position);
            }
            lines.nodes.push(*node);
        }
        finish(&mut lines, first, marks);
        start = end;
    }
    missing.sort_unstable();
    missing.dedup();
    (lines, missing.len() as u64)
}

/// Ends the line that started at `first`; what is shorter than two nodes is no line.
fn finish(lines: &mut Lines, first: usize, marks: u8) -> usize {
    if lines.nodes.len() < first + 2 {
        lines.nodes.truncate(first);
    } else {
        lines.ends.push(lines.nodes.len() as u32);
        lines.marks.push(marks);
    }
    lines.nodes.len()
}

/// Calls `take` with every block in the order of the file.
fn each_block<R: Read>(
    reader: &mut R,
    profile: &Profile,
    want: Want,
    mut take: impl FnMut(u64, Block) -> Result<(), OsmError>,
) -> Result<(), OsmError> {
    let mut offset = 0;
    let first = match blob::next(reader, &mut offset) {
        Ok(Some(first)) if first.kind == Kind::Header => first,
        // A frame that is no frame at the very start: some other kind of file.
        Ok(_) | Err(OsmError::TooLarge { .. } | OsmError::Malformed { .. }) => return Err(OsmError::NotOsm),
        Err(error) => return Err(error),
    };
    check_features(&first)?;
    let rooms: Mutex<Vec<Unpacked>> = Mutex::default();
    loop {
        let mut batch = Vec::new();
        let mut bytes = 0;
        while batch.len() < BATCH_BLOBS && bytes < BATCH_BYTES {
            let Some(blob) = blob::next(reader, &mut offset)? else { break };
            if blob.kind == Kind::Data {
                bytes += blob.len();
                batch.push(blob);
            }
        }
        if batch.is_empty() {
            return Ok(());
        }
        // As many at once as there are threads: what a hostile blob unpacks to is never held twice over.
        for some in batch.chunks(rayon::current_num_threads().max(1) * 4) {
            let decode = |blob: &Blob| {
                let lock = || rooms.lock().unwrap_or_else(PoisonError::into_inner);
                let malformed =
                    |Malformed(what): Malformed| OsmError::Malformed { offset: blob.offset, what };
                let mut room = lock().pop().unwrap_or_else(Unpacked::new);
                let block = blob
                    .unpack(&mut room)
                    .and_then(|bytes| block::read(bytes, profile, want).map_err(malformed));
                lock().push(room);
                block
            };
            let blocks: Vec<_> = some.par_iter().map(decode).collect();
            for (blob, block) in some.iter().zip(blocks) {
                take(blob.offset, block?)?;
            }
        }
    }
}

/// Refuses a file that requires what is not read here.
fn check_features(header: &Blob) -> Result<(), OsmError> {
    let mut room = Unpacked::new();
    let malformed = |Malformed(what): Malformed| OsmError::Malformed { offset: header.offset, what };
    let mut wire = Wire(header.unpack(&mut room)?);
    while let Some((field, value)) = wire.field().map_err(malformed)? {
        if field == 4 {
            let feature = value.bytes().map_err(malformed)?;
            if feature != b"OsmSchema-V0.6" && feature != b"DenseNodes" {
                let feature = String::from_utf8_lossy(feature).chars().take(80).collect();
                return Err(OsmError::Feature { feature });
            }
        }
    }
    Ok(())
}
