//! OpenStreetMap PBF to the lines one may walk on.
//!
//! The file is read once, in batches of blobs that are unpacked and decoded in parallel and taken
//! over in the order of the file. Nodes are kept until the ways have numbered those they need; a
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
use self::block::{Block, Node, Want, Ways};
use self::ids::{Ids, NOWHERE};
use self::wire::{Malformed, Wire};
use super::NONE;
use super::streets::Lines;

/// Nodes kept in memory before the ways are known; 16 bytes each.
const NODES_KEPT: usize = 8 << 20;

/// Packed bytes decoded together.
const BATCH_BYTES: usize = 8 << 20;

/// Bytes of a buffer that is used again.
const ROOM_MAX: usize = 1 << 20;

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
    let mut kept: Option<Vec<Vec<Node>>> = Some(Vec::new());
    let mut ways = Vec::new();
    let mut refs = 0;
    each_block(&mut reader, profile, Want::All, |offset, block| {
        report.nodes += block.nodes.len() as u64;
        report.ways += block.ways.seen;
        report.ways_kept += block.ways.ends.len() as u64;
        if report.nodes > nodes_kept as u64 {
            kept = None;
        }
        // Blocks are kept as they are: what is not copied need not be touched again.
        if let Some(kept) = &mut kept {
            kept.push(block.nodes);
        }
        refs += block.ways.refs.len();
        ways.push(block.ways);
        if refs > STREET_NODES_MAX { Err(OsmError::TooMany { offset }) } else { Ok(()) }
    })?;
    let (mut lines, mut ids) = number(ways, refs);
    if let Some(kept) = kept {
        kept.iter().for_each(|nodes| ids.lay(nodes));
    } else {
        reader.seek(SeekFrom::Start(0)).map_err(|source| OsmError::Io { source })?;
        each_block(&mut reader, profile, Want::Nodes, |_, block| {
            ids.lay(&block.nodes);
            Ok(())
        })?;
    }
    (lines.positions, report.nodes_missing) = ids.positions();
    if report.nodes_missing > 0 {
        lines = without_missing(lines);
    }
    lines.steps_percent = profile.steps_percent;
    Ok((lines, report))
}

/// Ways to lines over nodes numbered as the ways meet them, which lie nowhere yet.
fn number(ways: Vec<Ways>, refs: usize) -> (Lines, Ids) {
    let mut ids = Ids::with_room(refs);
    let mut lines = Lines::default();
    lines.nodes.reserve_exact(refs);
    let count = ways.iter().map(|ways| ways.ends.len()).sum();
    lines.ends.reserve_exact(count);
    lines.marks.reserve_exact(count);
    for ways in ways {
        let mut start = 0;
        for (end, marks) in ways.ends.into_iter().zip(ways.marks) {
            let first = lines.nodes.len();
            lines.nodes.extend(ways.refs[start..end as usize].iter().map(|id| ids.number(*id)));
            finish(&mut lines, first, marks);
            start = end as usize;
        }
    }
    (lines, ids)
}

/// Lines cut where a node lies nowhere, over the nodes that lie somewhere.
fn without_missing(all: Lines) -> Lines {
    let mut lines = Lines { marks: Vec::with_capacity(all.marks.len()), ..Lines::default() };
    let mut renumbered = vec![NONE; all.positions.len()];
    for (number, position) in renumbered.iter_mut().zip(&all.positions) {
        if *position != NOWHERE {
            *number = lines.positions.len() as u32;
            lines.positions.push(*position);
        }
    }
    let mut start = 0;
    for (end, marks) in all.ends.iter().zip(all.marks) {
        let mut first = lines.nodes.len();
        for node in &all.nodes[start..*end as usize] {
            match renumbered[*node as usize] {
                NONE => first = finish(&mut lines, first, marks),
                node => lines.nodes.push(node),
            }
        }
        finish(&mut lines, first, marks);
        start = *end as usize;
    }
    lines
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
    let first = match blob::next(reader, &mut offset, Vec::new()) {
        Ok(Some(first)) if first.kind == Kind::Header => first,
        // A frame that is no frame at the very start: some other kind of file.
        Ok(_) | Err(OsmError::TooLarge { .. } | OsmError::Malformed { .. }) => return Err(OsmError::NotOsm),
        Err(error) => return Err(error),
    };
    check_features(&first)?;
    let rooms: Mutex<Vec<Unpacked>> = Mutex::default();
    // As many at once as there are threads: what a hostile blob unpacks to is never held twice over.
    let at_once = rayon::current_num_threads().max(1) * 4;
    let mut batch: Vec<Blob> = Vec::new();
    let mut spare = Vec::new();
    loop {
        let mut bytes = 0;
        let mut ended = Ok(false);
        while batch.len() < at_once && bytes < BATCH_BYTES {
            let room = spare.pop().unwrap_or_default();
            match blob::next(reader, &mut offset, room) {
                Ok(Some(blob)) if blob.kind == Kind::Data => {
                    bytes += blob.len();
                    batch.push(blob);
                }
                Ok(Some(_)) => {}
                Ok(None) => {
                    ended = Ok(true);
                    break;
                }
                // What is wrong in the blobs before it comes first, however many are read together.
                Err(error) => {
                    ended = Err(error);
                    break;
                }
            }
        }
        let decode = |blob: &Blob| {
            let lock = || rooms.lock().unwrap_or_else(PoisonError::into_inner);
            let malformed = |Malformed(what): Malformed| OsmError::Malformed { offset: blob.offset, what };
            let mut room = lock().pop().unwrap_or_else(Unpacked::new);
            let block =
                blob.unpack(&mut room).and_then(|bytes| block::read(bytes, profile, want).map_err(malformed));
            lock().push(room);
            block
        };
        let blocks: Vec<_> = batch.par_iter().map(decode).collect();
        for (blob, block) in batch.drain(..).zip(blocks) {
            take(blob.offset, block?)?;
            let room = blob.into_room();
            if room.capacity() <= ROOM_MAX {
                spare.push(room);
            }
        }
        if ended? {
            return Ok(());
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
