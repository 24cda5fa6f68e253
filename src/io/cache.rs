//! Streets read once and kept beside their file, where the place file asks for it (`cache = true`).
//!
//! The key is the file's own SHA-256, the rules of foot access and this layout, so that nothing stale is
//! ever taken; a sum over the content tells a file that was cut off. What cannot be used or written is
//! passed over in silence: the streets are then read from their own file.

use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::walking::metric::Position;
use crate::walking::osm::Profile;
use crate::walking::streets::Lines;

/// What such a file begins with; the number is that of the layout.
const MAGIC: &[u8; 16] = b"wangge-streets-1";

/// Where the streets of a file are kept, and under which key.
pub(super) struct Cache {
    path: PathBuf,
    key: [u8; 32],
}

impl Cache {
    /// For a file with some content, read by some rules.
    pub(super) fn of(file: &Path, content: &[u8], profile: &Profile) -> Self {
        let mut hash = Sha256::new();
        hash.update(MAGIC);
        hash.update(Sha256::digest(content));
        hash.update(format!("{profile:?}"));
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".wangge-cache");
        Self { path: file.with_file_name(name), key: hash.finalize().into() }
    }

    /// The streets and how many nodes were missing, if they are there and whole.
    pub(super) fn read(&self) -> Option<(Lines, u64)> {
        let bytes = std::fs::read(&self.path).ok()?;
        let body = bytes.strip_prefix(MAGIC)?.strip_prefix(&self.key)?;
        let (sum, body) = body.split_at_checked(8)?;
        if u64::from_le_bytes(sum.try_into().ok()?) != checked(body) {
            return None;
        }
        let mut rest = body;
        let missing = number(&mut rest)?;
        let steps_percent = u32::try_from(number(&mut rest)?).ok()?;
        let pair = |b: &[u8; 8]| -> Position {
            let half = |at: usize| i32::from_le_bytes([b[at], b[at + 1], b[at + 2], b[at + 3]]);
            Position { lon: half(0), lat: half(4) }
        };
        let positions = list(&mut rest)?.iter().map(pair).collect();
        let nodes = list(&mut rest)?.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let ends = list(&mut rest)?.iter().map(|b| u32::from_le_bytes(*b)).collect();
        let marks = list::<1>(&mut rest)?.iter().map(|b| b[0]).collect();
        let lines = Lines { positions, nodes, ends, marks, lengths_mm: None, heights_m: None, steps_percent };
        rest.is_empty().then_some((lines, missing))
    }

    /// Keeps streets; over a file that is none of these nothing is written.
    pub(super) fn write(&self, lines: &Lines, missing: u64) {
        let own = |bytes: Vec<u8>| bytes.starts_with(&MAGIC[..MAGIC.len() - 2]);
        if lines.lengths_mm.is_some() || std::fs::read(&self.path).is_ok_and(|bytes| !own(bytes)) {
            return;
        }
        let mut body = Vec::new();
        body.extend(missing.to_le_bytes());
        body.extend(u64::from(lines.steps_percent).to_le_bytes());
        let count = |body: &mut Vec<u8>, items: usize| body.extend((items as u64).to_le_bytes());
        count(&mut body, lines.positions.len());
        for position in &lines.positions {
            body.extend(position.lon.to_le_bytes());
            body.extend(position.lat.to_le_bytes());
        }
        count(&mut body, lines.nodes.len());
        lines.nodes.iter().for_each(|node| body.extend(node.to_le_bytes()));
        count(&mut body, lines.ends.len());
        lines.ends.iter().for_each(|end| body.extend(end.to_le_bytes()));
        count(&mut body, lines.marks.len());
        body.extend(&lines.marks);
        let mut bytes = Vec::with_capacity(body.len() + 56);
        bytes.extend(MAGIC);
        bytes.extend(self.key);
        bytes.extend(checked(&body).to_le_bytes());
        bytes.extend(body);
        let temporary = self.path.with_extension(format!("tmp-{}", std::process::id()));
        if std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, &self.path)).is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
    }
}

/// A sum over all bytes and their places (after Fowler, Noll and Vo), eight bytes at a time.
fn checked(bytes: &[u8]) -> u64 {
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0100_0000_01B3).rotate_left(29);
    let mut words = bytes.chunks_exact(8);
    let sum = (&mut words).fold(0xCBF2_9CE4_8422_2325 ^ bytes.len() as u64, |sum, word| {
        step(sum, word.try_into().map_or(0, u64::from_le_bytes))
    });
    words.remainder().iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)))
}

fn number(rest: &mut &[u8]) -> Option<u64> {
    let (head, tail) = rest.split_first_chunk::<8>()?;
    *rest = tail;
    Some(u64::from_le_bytes(*head))
}

/// A number of items and the items.
fn list<'a, const N: usize>(rest: &mut &'a [u8]) -> Option<&'a [[u8; N]]> {
    let items = usize::try_from(number(rest)?).ok()?;
    let (head, tail) = rest.split_at_checked(items.checked_mul(N)?)?;
    *rest = tail;
    Some(head.as_chunks::<N>().0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_comes_back_and_nothing_else_does() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("a.osm.pbf");
        let at = |lon, lat| Position::from_degrees(lon, lat).expect("on the globe");
        let street = [at(117.0, 35.0), at(117.1, 35.0), at(117.1, 35.2)];
        let mut lines = Lines::from_positions([(&street[..], 1), (&street[1..], 4)]);
        lines.steps_percent = 200;
        let profile = Profile::default();
        let cache = Cache::of(&file, b"content", &profile);
        assert!(cache.read().is_none());
        cache.write(&lines, 7);
        let (read, missing) = cache.read().expect("it was kept");
        assert_eq!((read.positions, read.nodes), (lines.positions.clone(), lines.nodes.clone()));
        assert_eq!((read.ends, read.marks, read.steps_percent, missing), (vec![3, 5], vec![1, 4], 200, 7));
        // Another content, other rules, and a file cut off or changed in one bit.
        assert!(Cache::of(&file, b"other", &profile).read().is_none());
        let wide = Profile { areas: !profile.areas, ..profile.clone() };
        assert!(Cache::of(&file, b"content", &wide).read().is_none());
        let whole = std::fs::read(&cache.path).expect("written");
        for (cut, flip) in [(1, None), (0, Some(whole.len() - 3)), (0, Some(60))] {
            let mut bytes = whole[..whole.len() - cut].to_vec();
            if let Some(at) = flip {
                bytes[at] ^= 4;
            }
            std::fs::write(&cache.path, bytes).expect("writable");
            assert!(cache.read().is_none(), "{cut} {flip:?}");
        }
        // A file of somebody else's under that name is left alone.
        std::fs::write(&cache.path, "mine").expect("writable");
        cache.write(&lines, 7);
        assert_eq!(std::fs::read(&cache.path).expect("there"), b"mine");
    }
}
