//! Bytes that nobody meant as a table: no panic, no hang, and the sums of what is kept agree.

use encoding_rs::GB18030;

use super::Xorshift;
use super::book::{Cell, Sheet, archive, parts, workbook};
use crate::ledger::{Encoding, Options, read};

const CASES: u64 = if cfg!(debug_assertions) { 1_000 } else { 5_000 };

/// A small ledger with many defects.
const TEXT: &str = "台账,,,,,,,\n单位：户、人,,,,,,,\n街道,社区编码,社区名称,户数,人口数,经度,纬度,建筑面积\n\
甲街道,120106001001,光明里,\"1,200\",2.4千,117°12′31.4″,39.1,650㎡\n,'120106001002,和 安里,１２,1.2万,39.2,117.1,—\n\
,120106001002,\"a\"\"b\",约3,3-5,0,0,1亩\n小计,,,,,,,\n乙街道,1.2E+11,,5,,,,\n合计,,,9,9,,,\n注：无\n";

fn sheet() -> Sheet {
    let cell = |text: &str| match text {
        "" => Cell::Blank,
        number if number.parse::<f64>().is_ok() => Cell::Number(number.to_owned()),
        text => Cell::Text(text.to_owned()),
    };
    let rows = TEXT.lines().map(|line| line.split(',').map(cell).collect()).collect();
    Sheet { name: "表".to_owned(), rows, merges: vec!["A4:A6".to_owned(), "D5:D6".to_owned()] }
}

/// Flips, cuts, doubles and splices.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Xorshift) {
    for _ in 0..=random.below(6) {
        let length = bytes.len().max(1);
        let at = random.below(length);
        let to = (at + random.below(40)).min(bytes.len());
        match random.below(7) {
            0 | 1 => {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << random.below(8);
                }
            }
            2 => drop(bytes.drain(at.min(to)..to)),
            3 => {
                let copy = bytes[at.min(to)..to].to_vec();
                bytes.splice(at.min(bytes.len())..at.min(bytes.len()), copy);
            }
            4 if !other.is_empty() => {
                let from = random.below(other.len());
                let piece = other[from..(from + random.below(60)).min(other.len())].to_vec();
                bytes.splice(at.min(to)..to, piece);
            }
            5 => {
                let digit = b"0123456789,\"<>/&;\r\n-E"[random.below(21)];
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = digit;
                }
            }
            _ if random.once_in(4) => bytes.truncate(at),
            _ => {}
        }
    }
}

fn options(random: &mut Xorshift) -> Options {
    let encodings = [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Gb18030, Encoding::Big5];
    Options {
        encoding: random.once_in(8).then(|| *random.pick(&encodings)),
        separator: random.once_in(8).then(|| *random.pick(&[',', ';', '|', '里'])),
        approximate: random.once_in(3),
        decimal_comma: random.once_in(3),
        groups: if random.once_in(3) { vec!["社区名称".to_owned()] } else { Vec::new() },
        ..Options::default()
    }
}

/// One file from a seed.
fn attempt(seed: u64) -> bool {
    let mut random = Xorshift::new(seed);
    let text = TEXT.as_bytes();
    let bytes = match random.below(6) {
        0 => (0..random.below(300)).map(|_| random.next() as u8).collect(),
        1 => {
            let mut bytes = text.to_vec();
            mutate(&mut bytes, text, &mut random);
            bytes
        }
        2 => {
            let mut bytes = GB18030.encode(TEXT).0.into_owned();
            mutate(&mut bytes, text, &mut random);
            bytes
        }
        3 => {
            let mut bytes: Vec<u8> = TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect();
            mutate(&mut bytes, text, &mut random);
            bytes
        }
        4 => {
            // The sums of the archive are made afterwards, so that its reader gets to the parts.
            let mut parts = parts(&[sheet(), Sheet { name: "空".to_owned(), ..Sheet::default() }]);
            let (at, from) = (random.below(parts.len()), random.below(parts.len()));
            let other = parts[from].1.clone();
            mutate(&mut parts[at].1, &other, &mut random);
            archive(&parts)
        }
        _ => {
            let mut bytes = workbook(&[sheet()]);
            mutate(&mut bytes, text, &mut random);
            bytes
        }
    };
    let Ok(ledger) = read("t", &bytes, &options(&mut random)) else { return false };
    assert!(ledger.rows.iter().all(|row| row.cells.len() == ledger.columns.len()));
    assert!(ledger.repairs.iter().all(|repair| !repair.rules.is_empty()));
    true
}

#[test]
fn any_bytes_are_read_or_refused() {
    let read = (0..CASES).filter(|seed| attempt(seed + 1)).count();
    assert!(read > CASES as usize / 10, "only {read} files got as far as a table");
}
