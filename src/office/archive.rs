//! A ZIP archive of small parts (PKWARE APPNOTE 6.3.9, sections 4.3 to 4.5): deflated, all of one
//! fixed date, so that the same parts give the same bytes.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

use super::OfficeError;

/// First of January 1980, the earliest date of the format.
const DATE: u16 = 0x0021;
/// Version 2.0, the first with deflate.
const VERSION: u16 = 20;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;
const DEFLATED: u16 = 8;

/// An archive being written.
pub(super) struct Archive {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Archive {
    pub(super) fn new() -> Self {
        Self { bytes: Vec::new(), directory: Vec::new(), count: 0 }
    }

    /// Adds a part.
    ///
    /// # Errors
    /// If the archive would need the 64-bit form, which is not written.
    pub(super) fn add(&mut self, name: &str, content: &[u8]) -> Result<(), OfficeError> {
        let too_large = || OfficeError::Library(format!("`{name}` makes the archive too large"));
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(content).map_err(|e| OfficeError::Library(e.to_string()))?;
        let packed = encoder.finish().map_err(|e| OfficeError::Library(e.to_string()))?;
        let mut crc = Crc::new();
        crc.update(content);
        let small = |n: usize| u32::try_from(n).ok().filter(|&n| n < u32::MAX).ok_or_else(too_large);
        let start = small(self.bytes.len())?;
        small(self.bytes.len() + packed.len() + name.len() + 30)?;
        let mut common = Vec::new();
        for word in [VERSION, FLAGS, DEFLATED, 0, DATE] {
            common.extend(word.to_le_bytes());
        }
        for word in [crc.sum(), small(packed.len())?, small(content.len())?] {
            common.extend(word.to_le_bytes());
        }
        common.extend(u16::try_from(name.len()).map_err(|_| too_large())?.to_le_bytes());
        common.extend(0_u16.to_le_bytes());

        self.bytes.extend(b"PK\x03\x04");
        self.bytes.extend(&common);
        self.bytes.extend(name.as_bytes());
        self.bytes.extend(packed);

        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(VERSION.to_le_bytes());
        self.directory.extend(common);
        // Comment length, disk and internal attributes, then external attributes.
        self.directory.extend([0; 10]);
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count = self.count.checked_add(1).ok_or_else(too_large)?;
        Ok(())
    }

    /// The whole archive.
    pub(super) fn finish(mut self) -> Vec<u8> {
        // `add` keeps both below four gigabytes.
        let (start, length) = (self.bytes.len() as u32, self.directory.len() as u32);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        for word in [self.count, self.count] {
            self.bytes.extend(word.to_le_bytes());
        }
        for word in [length, start] {
            self.bytes.extend(word.to_le_bytes());
        }
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

/// The parts of an archive, by its directory; for tests.
#[cfg(test)]
pub(super) fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    use std::io::Read as _;
    let number =
        |at: usize, size: usize| (0..size).fold(0_usize, |n, i| n | usize::from(bytes[at + i]) << (8 * i));
    let end = bytes.windows(4).rposition(|w| w == b"PK\x05\x06").expect("an end of the directory");
    let mut at = number(end + 16, 4);
    let mut parts = Vec::new();
    for _ in 0..number(end + 10, 2) {
        let (method, packed, name_length) = (number(at + 10, 2), number(at + 20, 4), number(at + 28, 2));
        let name = String::from_utf8(bytes[at + 46..at + 46 + name_length].to_vec()).expect("a name");
        let local = number(at + 42, 4);
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let raw = &bytes[start..start + packed];
        let mut content = Vec::new();
        if method == 0 {
            content.extend(raw);
        } else {
            flate2::read::DeflateDecoder::new(raw).read_to_end(&mut content).expect("deflated");
        }
        parts.push((name, content));
        at += 46 + name_length + number(at + 30, 2) + number(at + 32, 2);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        let mut archive = Archive::new();
        let long = vec![7_u8; 100_000];
        archive.add("a.xml", b"<a/>").expect("small");
        archive.add("b/c.bin", &long).expect("small");
        let bytes = archive.finish();
        assert!(bytes.len() < 1_000);
        assert_eq!(parts(&bytes), [("a.xml".to_owned(), b"<a/>".to_vec()), ("b/c.bin".to_owned(), long)]);
    }
}
