//! Damaged and hostile files: nothing panics, hangs, or hands out more than the file could hold.

use super::samples;
use super::*;

/// A small generator, so that a failure can be found again by its seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// Flips, cuts, splices, and counts made absurd.
fn damage(bytes: &mut Vec<u8>, chance: &mut Chance) {
    for _ in 0..=chance.below(5) {
        if bytes.is_empty() {
            return;
        }
        // Headers stand in front and deserve half of it.
        let reach = if chance.below(2) == 0 { bytes.len() } else { bytes.len().min(256) };
        let at = chance.below(reach);
        let end = (at + 1 + chance.below(40)).min(bytes.len());
        match chance.below(6) {
            0 => bytes[at] ^= 1 << chance.below(8),
            1 => bytes.truncate(at),
            2 => {
                bytes.drain(at..end);
            }
            3 => {
                let copy = bytes[at..end].to_vec();
                let to = chance.below(bytes.len());
                bytes.splice(to..to, copy);
            }
            4 => {
                let absurd =
                    [u32::MAX, 0, 0x7fff_ffff, 0x8000_0000, 0xffff, 1][chance.below(6)].to_le_bytes();
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&absurd[..end - at]);
            }
            _ => bytes[at..end].iter_mut().for_each(|byte| *byte = chance.below(256) as u8),
        }
    }
}

#[test]
fn damaged_files_are_refused_or_read() {
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let limits = Limits { bytes: 8 << 20, ..Limits::default() };
    let (mut read_still, mut refused) = (0, 0);
    for made in samples::all() {
        for _ in 0..1_500 {
            let mut files = made.clone();
            let victim = chance.below(files.len());
            damage(&mut files[victim].1, &mut chance);
            let name = files[0].0.clone();
            let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
            let mut features = 0;
            let found = read(&name, &Memory(files), None, &limits, &mut |_| features += 1);
            assert!(features <= total, "{features} features of {total} bytes");
            match found {
                Ok(_) => read_still += 1,
                Err(error) => {
                    refused += 1;
                    assert!(!error.to_string().is_empty());
                }
            }
        }
    }
    assert!(read_still > 100 && refused > 100, "{read_still} {refused}");
}

#[test]
fn chance_bytes_behind_every_mark() {
    let mut chance = Chance(88_172_645_463_325_252);
    let marks: [&[u8]; 6] =
        [&[0, 0, 0x27, 0x0a], b"SQLite format 3\0", b"fgb\x03fgb\0", b"PK\x03\x04", b"<kml>", b""];
    for mark in marks {
        for _ in 0..500 {
            let mut bytes = mark.to_vec();
            bytes.extend((0..chance.below(400)).map(|_| chance.below(256) as u8));
            let files = Memory(vec![("a.shp".to_owned(), bytes.clone()), ("a.dbf".to_owned(), bytes)]);
            let mut features = 0;
            let _ = read("a.shp", &files, None, &Limits::default(), &mut |_| features += 1);
            assert!(features <= 400);
        }
    }
}

/// A claim of four billion positions costs nothing.
#[test]
fn claims_in_headers_cost_nothing() {
    let shp = samples::shapefile();
    // The first record: number, length, kind, bounds, then parts and points.
    for at in [100 + 8 + 36, 100 + 8 + 40] {
        let mut files = shp.clone();
        files[0].1[at..at + 4].fill(0xff);
        let mut faults = 0;
        let done = read("网格.shp", &Memory(files), None, &Limits::default(), &mut |f| {
            faults += u32::from(f.geometry.is_err());
        });
        assert!(done.is_ok() && faults == 1);
    }
    let mut files = shp;
    files[2].1[4..8].fill(0xff);
    let mut rows = 0;
    let done =
        read("网格.shp", &Memory(files), None, &Limits::default(), &mut |_| rows += 1).expect("readable");
    assert_eq!(
        (rows, done.notes.as_slice()),
        (3, [Note::RowsClaimed { claimed: 4_294_967_295, there: 3 }].as_slice())
    );
}
