//! Files written byte by byte: what is kept, what is refused, and damage of every kind.

use std::collections::BTreeSet;
use std::io::{Cursor, Write as _};

use super::*;
use crate::run::{Seed, Stage};
use crate::walking::metric::Position;
use crate::walking::streets::Streets;
use rand_core::RngCore as _;

fn varint(mut number: u64, out: &mut Vec<u8>) {
    while number >= 0x80 {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn number(field: u64, value: u64, out: &mut Vec<u8>) {
    varint(field << 3, out);
    varint(value, out);
}

fn bytes(field: u64, value: &[u8], out: &mut Vec<u8>) {
    varint(field << 3 | 2, out);
    varint(value.len() as u64, out);
    out.extend_from_slice(value);
}

fn deltas(values: &[i64]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut last = 0i64;
    for value in values {
        varint(zigzag(value.wrapping_sub(last)), &mut out);
        last = *value;
    }
    out
}

#[derive(Clone, Copy, PartialEq)]
enum Packing {
    Zlib,
    Raw,
}

fn framed(kind: &str, blob: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    bytes(1, kind.as_bytes(), &mut header);
    number(3, blob.len() as u64, &mut header);
    let mut out = (header.len() as u32).to_be_bytes().to_vec();
    out.extend(header);
    out.extend_from_slice(blob);
    out
}

fn blob(kind: &str, data: &[u8], packing: Packing) -> Vec<u8> {
    let mut blob = Vec::new();
    if packing == Packing::Raw {
        bytes(1, data, &mut blob);
    } else {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(data).expect("memory takes everything");
        number(2, data.len() as u64, &mut blob);
        bytes(3, &encoder.finish().expect("memory takes everything"), &mut blob);
    }
    framed(kind, &blob)
}

fn head(packing: Packing) -> Vec<u8> {
    let mut data = Vec::new();
    bytes(4, b"OsmSchema-V0.6", &mut data);
    bytes(4, b"DenseNodes", &mut data);
    blob("OSMHeader", &data, packing)
}

/// Nodes: id, longitude and latitude in units.
fn nodes(list: &[(i64, i64, i64)], is_dense: bool, packing: Packing) -> Vec<u8> {
    let mut group = Vec::new();
    if is_dense {
        let mut dense = Vec::new();
        bytes(1, &deltas(&list.iter().map(|n| n.0).collect::<Vec<_>>()), &mut dense);
        bytes(8, &deltas(&list.iter().map(|n| n.2).collect::<Vec<_>>()), &mut dense);
        bytes(9, &deltas(&list.iter().map(|n| n.1).collect::<Vec<_>>()), &mut dense);
        bytes(2, &dense, &mut group);
    } else {
        for (id, lon, lat) in list {
            let mut node = Vec::new();
            number(1, zigzag(*id), &mut node);
            number(8, zigzag(*lat), &mut node);
            number(9, zigzag(*lon), &mut node);
            bytes(1, &node, &mut group);
        }
    }
    let mut block = Vec::new();
    bytes(1, &[], &mut block);
    bytes(2, &group, &mut block);
    blob("OSMData", &block, packing)
}

/// Ways: tags as `key=value` words, then ids of nodes.
fn ways(list: &[(&str, &[i64])], packing: Packing) -> Vec<u8> {
    let words: BTreeSet<&str> = list.iter().flat_map(|way| way.0.split([' ', '='])).collect();
    let words: Vec<&str> = std::iter::once("").chain(words.into_iter().filter(|w| !w.is_empty())).collect();
    let mut table = Vec::new();
    words.iter().for_each(|word| bytes(1, word.as_bytes(), &mut table));
    let mut group = Vec::new();
    for (id, (tags, refs)) in list.iter().enumerate() {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for tag in tags.split_whitespace() {
            let (key, value) = tag.split_once('=').expect("a tag is key=value");
            let place = |word: &str| words.iter().position(|w| *w == word).expect("listed") as u64;
            varint(place(key), &mut keys);
            varint(place(value), &mut values);
        }
        let mut way = Vec::new();
        number(1, id as u64, &mut way);
        bytes(2, &keys, &mut way);
        bytes(3, &values, &mut way);
        bytes(8, &deltas(refs), &mut way);
        bytes(3, &way, &mut group);
    }
    let mut block = Vec::new();
    bytes(1, &table, &mut block);
    bytes(2, &group, &mut block);
    blob("OSMData", &block, packing)
}

fn parsed(file: &[u8]) -> Result<(Lines, Report), OsmError> {
    read_from(Cursor::new(file), &Profile::default())
}

const SQUARE: [(i64, i64, i64); 5] =
    [(10, 0, 0), (11, 1000, 0), (12, 1000, 1000), (13, 0, 1000), (90, 5000, 5000)];

#[test]
fn the_table_of_access_decides() {
    let cases: &[(&str, Option<u8>)] = &[
        ("highway=residential", Some(0)),
        ("highway=residential access=private", None),
        ("highway=residential access=private foot=yes", Some(0)),
        ("highway=footway foot=no", None),
        ("highway=primary motorroad=yes", None),
        ("highway=motorway", None),
        ("highway=motorway sidewalk=both", Some(0)),
        ("highway=cycleway", None),
        ("highway=cycleway foot=designated", Some(0)),
        ("highway=busway sidewalk:left=yes", Some(0)),
        ("highway=steps", Some(mark::STEPS)),
        ("highway=residential oneway=yes", Some(0)),
        ("highway=footway oneway:foot=yes", Some(mark::FORWARD_ONLY)),
        ("highway=footway oneway:foot=-1", Some(mark::BACKWARD_ONLY)),
        ("highway=construction", None),
        ("highway=pedestrian area=yes", Some(0)),
        ("route=ferry foot=yes", None),
        ("building=yes", None),
    ];
    for (tags, expected) in cases {
        let mut file = head(Packing::Zlib);
        file.extend(nodes(&SQUARE, true, Packing::Zlib));
        file.extend(ways(&[(tags, &[10, 11, 12])], Packing::Zlib));
        let (lines, report) = parsed(&file).expect("a sound file");
        assert_eq!(lines.marks.first().copied(), *expected, "{tags}");
        assert_eq!((report.nodes, report.ways, report.nodes_missing), (5, 1, 0));
    }
    let mut file = head(Packing::Raw);
    file.extend(nodes(&SQUARE, true, Packing::Raw));
    file.extend(ways(&[("highway=pedestrian area=yes", &[10, 11])], Packing::Raw));
    let strict = Profile { areas: false, ..Profile::default() };
    assert_eq!(read_from(Cursor::new(&file), &strict).expect("sound").1.ways_kept, 0);
}

#[test]
fn order_packing_and_kind_of_nodes_change_nothing() {
    let streets: &[(&str, &[i64])] = &[("highway=path", &[10, 11, 12, 13, 10]), ("highway=path", &[12, 90])];
    let mut seen: Option<(usize, usize, Vec<Position>)> = None;
    for packing in [Packing::Zlib, Packing::Raw] {
        for is_dense in [true, false] {
            for ways_first in [false, true] {
                for nodes_kept in [0, 3, 100] {
                    let mut list = SQUARE;
                    if ways_first {
                        list.reverse();
                    }
                    let mut parts = [nodes(&list, is_dense, packing), ways(streets, packing)];
                    if ways_first {
                        parts.reverse();
                    }
                    let file = [head(packing), parts.concat(), framed("Anything", b"else")].concat();
                    let (lines, _) =
                        read_keeping(Cursor::new(&file), &Profile::default(), nodes_kept).expect("sound");
                    let built = Streets::build(&lines).expect("sound");
                    let now = (built.nodes(), built.edges(), lines.positions.clone());
                    assert_eq!(*seen.get_or_insert(now.clone()), now);
                }
            }
        }
    }
    assert_eq!(seen.map(|seen| (seen.0, seen.1)), Some((5, 5)));
}

#[test]
fn a_way_is_cut_where_its_nodes_are_missing() {
    let mut file = head(Packing::Zlib);
    file.extend(nodes(&SQUARE, true, Packing::Zlib));
    file.extend(ways(
        &[("highway=path", &[1, 10, 11, 2, 12, 1, 13, 90]), ("highway=path", &[1, 2])],
        Packing::Zlib,
    ));
    let (lines, report) = parsed(&file).expect("sound");
    assert_eq!((report.nodes_missing, lines.ends), (2, vec![2, 4]));
}

#[test]
fn granularity_and_offsets_move_nodes() {
    let mut dense = Vec::new();
    bytes(1, &deltas(&[1, 2]), &mut dense);
    bytes(8, &deltas(&[10, 20]), &mut dense);
    bytes(9, &deltas(&[30, -40]), &mut dense);
    let mut group = Vec::new();
    bytes(2, &dense, &mut group);
    let mut block = Vec::new();
    bytes(2, &group, &mut block);
    number(17, 1000, &mut block);
    number(19, 500, &mut block);
    number(20, (-700i64) as u64, &mut block);
    let file = [
        head(Packing::Raw),
        blob("OSMData", &block, Packing::Zlib),
        ways(&[("highway=path", &[1, 2])], Packing::Raw),
    ];
    let (lines, _) = parsed(&file.concat()).expect("sound");
    assert_eq!(lines.positions, [Position { lon: 293, lat: 105 }, Position { lon: -407, lat: 205 }]);
}

/// A file of several kilobytes whose blobs do not pack well.
fn large() -> Vec<u8> {
    let mut rng = Seed(8).stream(Stage::Read, 0);
    let list: Vec<(i64, i64, i64)> = (0..3000)
        .map(|id| (id * 3, i64::from(rng.next_u32() % 1_000_000), i64::from(rng.next_u32() % 1_000_000)))
        .collect();
    let refs: Vec<Vec<i64>> =
        (0..300).map(|_| (0..8).map(|_| i64::from(rng.next_u32() % 3000) * 3).collect()).collect();
    let streets: Vec<(&str, &[i64])> = refs.iter().map(|refs| ("highway=path", refs.as_slice())).collect();
    let mut file = head(Packing::Zlib);
    for part in list.chunks(500) {
        file.extend(nodes(part, true, Packing::Zlib));
    }
    file.extend(ways(&streets, Packing::Zlib));
    file
}

#[test]
fn a_file_cut_short_is_an_error_with_its_offset() {
    let file = large();
    assert!(parsed(&file).is_ok() && file.len() > 8 << 10);
    // Where blobs end a shorter file is whole: nodes without ways.
    let mut ends = Vec::new();
    let (mut reader, mut offset) = (Cursor::new(&file), 0);
    while blob::next(&mut reader, &mut offset, Vec::new()).expect("sound").is_some() {
        ends.push(offset as usize);
    }
    for length in (0..file.len()).step_by(1 << 10).chain(file.len() - 3..file.len()).chain(1..40) {
        match parsed(&file[..length]) {
            Ok(_) => assert!(ends.contains(&length), "{length}"),
            Err(OsmError::Truncated { offset }) => {
                assert!(
                    offset < length as u64 && (offset == 0 || ends.contains(&(offset as usize))),
                    "{length}"
                );
            }
            Err(OsmError::NotOsm) => assert_eq!(length, 0),
            Err(error) => panic!("{length}: {error}"),
        }
    }
}

#[test]
fn of_two_errors_the_first_is_told_on_any_number_of_threads() {
    let mut file = head(Packing::Raw);
    let damaged = file.len() as u64;
    file.extend(framed("OSMData", &[0x0a, 0x02, 0x0a, 0xff]));
    for k in 0..40 {
        file.extend(nodes(&[(k, 0, 0)], true, Packing::Raw));
    }
    file.truncate(file.len() - 1);
    for threads in [1, 2, 16] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        match pool.install(|| parsed(&file)) {
            Err(OsmError::Malformed { offset, .. }) => assert_eq!(offset, damaged),
            other => panic!("{threads} threads: {other:?}"),
        }
    }
}

#[test]
fn flipped_bytes_never_panic() {
    let file = large();
    let raw = {
        let mut raw = head(Packing::Raw);
        raw.extend(nodes(&SQUARE, true, Packing::Raw));
        raw.extend(nodes(&SQUARE, false, Packing::Raw));
        raw.extend(ways(&[("highway=steps foot=yes", &[10, 11, 12, 13, 10])], Packing::Raw));
        raw
    };
    let mut rng = Seed(4).stream(Stage::Read, 1);
    let mut errors = 0;
    for (sound, rounds) in [(&file, 300), (&raw, 4000)] {
        for _ in 0..rounds {
            let mut file = sound.clone();
            for _ in 0..1 + rng.next_u32() % 3 {
                let at = rng.next_u32() as usize % file.len();
                file[at] ^= 1 << (rng.next_u32() % 8);
            }
            match parsed(&file) {
                // What can still be read can be built, or is refused, but nothing breaks.
                Ok((lines, _)) => drop(Streets::build(&lines)),
                Err(_) => errors += 1,
            }
        }
    }
    assert!(errors > 500, "{errors}");
}

#[test]
fn absurd_files_are_refused_by_name() {
    let refused = |file: &[u8]| parsed(file).expect_err("not sound").to_string();
    let sound = head(Packing::Zlib);
    let with = |more: Vec<u8>| [sound.clone(), more].concat();
    let at = format!("at byte {}", sound.len());
    assert!(refused(b"<?xml version='1.0'?><osm></osm>").contains("not an OpenStreetMap PBF"));
    assert!(refused(b"").contains("not an OpenStreetMap PBF"));
    assert!(refused(&with(vec![0xff; 9])).contains(&format!("4294967295 bytes are announced {at}")));
    let huge = {
        let mut header = Vec::new();
        bytes(1, b"OSMData", &mut header);
        number(3, 1 << 40, &mut header);
        [(header.len() as u32).to_be_bytes().to_vec(), header].concat()
    };
    assert!(refused(&with(huge)).contains(&format!("1099511627776 bytes are announced {at}")));
    let mut bomb = Vec::new();
    number(2, 1 << 30, &mut bomb);
    bytes(3, &[0; 8], &mut bomb);
    assert!(refused(&with(framed("OSMData", &bomb))).contains("1073741824 bytes"));
    let mut short = Vec::new();
    number(2, 100, &mut short);
    bytes(3, &[0x78, 0x9c, 0x03, 0, 0, 0, 0, 1], &mut short);
    assert!(refused(&with(framed("OSMData", &short))).contains("damaged"));
    let mut modern = Vec::new();
    bytes(7, &[1, 2, 3], &mut modern);
    assert!(refused(&with(framed("OSMData", &modern))).contains("zstd"));
    let mut history = Vec::new();
    bytes(4, b"HistoricalInformation", &mut history);
    assert!(refused(&blob("OSMHeader", &history, Packing::Raw)).contains("HistoricalInformation"));
    let off = nodes(&[(1, 1_800_000_001, 0)], true, Packing::Zlib);
    assert!(refused(&with(off)).contains("a position off the globe"));
    let mut endless = Vec::new();
    bytes(2, &[0x08; 3], &mut endless);
    endless.extend([0x88, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    assert!(refused(&with(blob("OSMData", &endless, Packing::Raw))).contains(&at));
}
