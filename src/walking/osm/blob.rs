//! The frame of a PBF file: a length, a header, a blob, again and again.

use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};

use super::OsmError;
use super::wire::{Malformed, Wire};

/// Limits of the format (wiki.openstreetmap.org/wiki/PBF_Format): a header must be under 64 KiB, a
/// blob under 32 MiB, packed or unpacked.
const HEADER_MAX: u64 = 64 << 10;
const BLOB_MAX: u64 = 32 << 20;

/// One blob as it stands in the file.
pub(super) struct Blob {
    /// Where its frame starts.
    pub(super) offset: u64,
    pub(super) kind: Kind,
    bytes: Vec<u8>,
}

/// What a blob says it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Header,
    Data,
    /// To be skipped, says the format.
    Other,
}

/// The next blob, or none at the end of the file; its bytes go where others were.
pub(super) fn next(
    reader: &mut impl Read,
    offset: &mut u64,
    room: Vec<u8>,
) -> Result<Option<Blob>, OsmError> {
    let start = *offset;
    let malformed = |Malformed(what): Malformed| OsmError::Malformed { offset: start, what };
    let mut length = [0; 4];
    let got = read_up_to(reader, &mut length)?;
    if got == 0 {
        return Ok(None);
    }
    if got < 4 {
        return Err(OsmError::Truncated { offset: start });
    }
    let length = u64::from(u32::from_be_bytes(length));
    if length > HEADER_MAX {
        // Anything that is not PBF looks like an absurd length.
        return Err(OsmError::TooLarge { offset: start, bytes: length, limit: HEADER_MAX });
    }
    let header = exactly(reader, length, start, Vec::new())?;
    let (mut kind, mut size) = (None, None);
    let mut wire = Wire(&header);
    while let Some((field, value)) = wire.field().map_err(malformed)? {
        match field {
            1 => {
                kind = Some(match value.bytes().map_err(malformed)? {
                    b"OSMHeader" => Kind::Header,
                    b"OSMData" => Kind::Data,
                    _ => Kind::Other,
                });
            }
            3 => size = Some(value.number().map_err(malformed)?),
            _ => {}
        }
    }
    let (Some(kind), Some(size)) = (kind, size) else {
        return Err(OsmError::Malformed { offset: start, what: "a blob without type or size" });
    };
    if size > BLOB_MAX {
        return Err(OsmError::TooLarge { offset: start, bytes: size, limit: BLOB_MAX });
    }
    let bytes = exactly(reader, size, start, room)?;
    *offset = start + 4 + length + size;
    Ok(Some(Blob { offset: start, kind, bytes }))
}

impl Blob {
    /// The length of the packed bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The room its bytes took.
    pub(super) fn into_room(self) -> Vec<u8> {
        self.bytes
    }

    /// Unpacks into `out`, which is emptied first.
    pub(super) fn unpack<'a>(&'a self, out: &'a mut Unpacked) -> Result<&'a [u8], OsmError> {
        let offset = self.offset;
        let malformed = |Malformed(what): Malformed| OsmError::Malformed { offset, what };
        let (mut raw, mut packed, mut size) = (None, None, None);
        let mut wire = Wire(&self.bytes);
        while let Some((field, value)) = wire.field().map_err(malformed)? {
            match field {
                1 => raw = Some(value.bytes().map_err(malformed)?),
                2 => size = Some(value.number().map_err(malformed)?),
                3 => packed = Some(value.bytes().map_err(malformed)?),
                4..=7 => {
                    let method = ["lzma", "bzip2", "lz4", "zstd"][field as usize - 4];
                    return Err(OsmError::Compression { offset, method });
                }
                _ => {}
            }
        }
        if let Some(raw) = raw {
            return Ok(raw);
        }
        let (Some(packed), Some(size)) = (packed, size) else {
            return Err(OsmError::Malformed { offset, what: "a blob without data" });
        };
        if size > BLOB_MAX {
            return Err(OsmError::TooLarge { offset, bytes: size, limit: BLOB_MAX });
        }
        out.inflate.reset(true);
        out.bytes.clear();
        out.bytes.reserve(size as usize);
        let ended = out.inflate.decompress_vec(packed, &mut out.bytes, FlushDecompress::Finish);
        if ended.ok() != Some(Status::StreamEnd) || out.bytes.len() as u64 != size {
            return Err(OsmError::Malformed { offset, what: "packed data is damaged" });
        }
        Ok(&out.bytes)
    }
}

/// Room to unpack in, used again and again.
pub(super) struct Unpacked {
    inflate: Decompress,
    bytes: Vec<u8>,
}

impl Unpacked {
    pub(super) fn new() -> Self {
        Self { inflate: Decompress::new(true), bytes: Vec::new() }
    }
}

/// Memory taken on a mere announcement.
const TRUSTED: u64 = 256 << 10;

/// Reads what is announced, and holds no more memory than [`TRUSTED`] and what has truly been read.
fn exactly(
    reader: &mut impl Read,
    length: u64,
    offset: u64,
    mut bytes: Vec<u8>,
) -> Result<Vec<u8>, OsmError> {
    bytes.clear();
    bytes.reserve(length.min(TRUSTED) as usize);
    reader.take(length).read_to_end(&mut bytes).map_err(|source| OsmError::Io { source })?;
    if (bytes.len() as u64) < length {
        return Err(OsmError::Truncated { offset });
    }
    Ok(bytes)
}

fn read_up_to(reader: &mut impl Read, buffer: &mut [u8]) -> Result<usize, OsmError> {
    let mut got = 0;
    while got < buffer.len() {
        match reader.read(&mut buffer[got..]) {
            Ok(0) => break,
            Ok(more) => got += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(source) => return Err(OsmError::Io { source }),
        }
    }
    Ok(got)
}
