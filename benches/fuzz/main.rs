//! Spoilt files against every reader, for as long as one likes.
//!
//! `cargo bench --bench fuzz -- READER FILE... [--seconds N] [--seed N]` changes the files given at random
//! (bits turned, stretches cut, doubled, exchanged between files, numbers made absurd) and reads what
//! comes of it with READER: `table`, `vector`, `layer` (GeoJSON, as a place's communities), `pbf`, `place`
//! (the files are those of a place, one of them spoilt at a time) or `written` (those of a plan). A
//! panic or a case that takes over ten seconds is kept as `target/fuzz-READER-NUMBER` and told; then the
//! exit code is 1.

#![expect(clippy::print_stdout, reason = "a bench says what it found")]
#![expect(clippy::disallowed_methods, reason = "it runs for a time, and times its cases")]

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use wangge::formats::{self, Limits, Memory};
use wangge::io::{read_place, read_written};
use wangge::ledger;
use wangge::walking::osm::{self, Profile};
use wangge::walking::streets::Streets;

/// No file should keep a reader longer.
const SLOW: Duration = Duration::from_secs(10);

/// Longest file that is worth spoiling.
const BYTES_MAX: usize = 4 << 20;

/// What a reader does with bytes; the folder is its own to write in.
type Reader = fn(&str, &[u8], &Path);

const READERS: [(&str, Reader); 6] = [
    ("table", table),
    ("vector", vector),
    ("layer", layer),
    ("pbf", pbf),
    ("place", place),
    ("written", written),
];

fn table(name: &str, bytes: &[u8], _: &Path) {
    let _ = ledger::read(name, bytes, &ledger::Options::default());
}

fn vector(name: &str, bytes: &[u8], _: &Path) {
    let files = Memory(vec![(name.to_owned(), bytes.to_vec())]);
    let _ = formats::read(name, &files, None, &Limits::default(), &mut |_| {});
}

fn layer(_: &str, bytes: &[u8], folder: &Path) {
    let toml = "[place]\nname = \"x\"\ncrs = \"EPSG:4326\"\n[communities]\nfile = \"a.geojson\"\n\
                [communities.population]\nfile = \"p.csv\"\n";
    let written = std::fs::write(folder.join("a.geojson"), bytes)
        .and_then(|()| std::fs::write(folder.join("p.csv"), "code,households,population\na,1,2\n"))
        .and_then(|()| std::fs::write(folder.join("place.toml"), toml));
    written.expect("the folder can be written to");
    let _ = read_place(folder);
}

fn pbf(_: &str, bytes: &[u8], _: &Path) {
    if let Ok((lines, _)) = osm::read_from(Cursor::new(bytes), &Profile::default()) {
        let _ = Streets::build(&lines);
    }
}

fn place(name: &str, bytes: &[u8], folder: &Path) {
    std::fs::write(folder.join(name), bytes).expect("the folder can be written to");
    let _ = read_place(folder);
}

fn written(name: &str, bytes: &[u8], folder: &Path) {
    std::fs::write(folder.join(name), bytes).expect("the folder can be written to");
    let _ = read_written(folder);
}

/// One to six changes.
fn spoil(bytes: &mut Vec<u8>, other: &[u8], rng: &mut ChaCha8Rng) {
    let mut below = |n: usize| (rng.next_u64() % n.max(1) as u64) as usize;
    for _ in 0..=below(6) {
        let at = below(bytes.len());
        let to = (at + below(64)).min(bytes.len());
        match below(8) {
            0 | 1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << below(8)),
            2 => drop(bytes.drain(at..to)),
            3 => {
                let copy = bytes[at..to].to_vec();
                bytes.splice(at..at, copy);
            }
            4 => bytes.truncate(at),
            5 if !other.is_empty() => {
                let from = below(other.len());
                let piece = other[from..(from + below(256)).min(other.len())].to_vec();
                bytes.splice(at..to, piece);
            }
            6 => {
                let absurd: [&[u8]; 6] = [
                    b"1e308",
                    b"-9223372036854775808",
                    b"[[[[",
                    b"\xff\xff\xff\xff\xff",
                    b"\0\0\0\0",
                    b"NaN",
                ];
                bytes.splice(at..to, absurd[below(6)].to_vec());
            }
            _ => bytes.iter_mut().skip(at).take(8).for_each(|byte| *byte = below(256) as u8),
        }
    }
}

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).filter(|word| word != "--bench").peekable();
    let reader = words.peek().and_then(|word| READERS.iter().find(|(name, _)| name == word));
    let Some(&(name, read)) = reader else {
        println!(
            "nothing read; run `cargo bench --bench fuzz -- table|vector|layer|pbf|place|written FILE...`"
        );
        return ExitCode::SUCCESS;
    };
    words.next();
    let (mut seconds, mut seed, mut files) = (60, 1, Vec::new());
    while let Some(word) = words.next() {
        let mut number = || words.next().and_then(|text| text.parse().ok()).expect("a number follows");
        match word.as_str() {
            "--seconds" => seconds = number(),
            "--seed" => seed = number(),
            _ => files.push(PathBuf::from(word)),
        }
    }
    let samples: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|file| {
            let mut bytes = std::fs::read(file).expect("the file can be read");
            bytes.truncate(BYTES_MAX);
            (file.file_name().unwrap_or_default().to_string_lossy().into_owned(), bytes)
        })
        .collect();
    assert!(!samples.is_empty(), "name some files to spoil");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let lay = |name: &str, sound: &[u8]| {
        std::fs::write(folder.path().join(name), sound).expect("the folder can be written to");
    };
    samples.iter().for_each(|(name, sound)| lay(name, sound));
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let started = Instant::now();
    let (mut cases, mut found) = (0u64, 0);
    while started.elapsed() < Duration::from_secs(seconds) {
        let (file, sound) = &samples[rng.next_u32() as usize % samples.len()];
        let other = &samples[rng.next_u32() as usize % samples.len()].1;
        let mut bytes = sound.clone();
        spoil(&mut bytes, other, &mut rng);
        let begun = Instant::now();
        let ended = catch_unwind(AssertUnwindSafe(|| read(file, &bytes, folder.path())));
        if ended.is_err() || begun.elapsed() > SLOW {
            let kept = format!("target/fuzz-{name}-{found}");
            std::fs::write(&kept, &bytes).expect("target can be written to");
            let what = if ended.is_err() { "panics" } else { "takes too long" };
            println!("{file} spoilt {what}: {kept}");
            found += 1;
        }
        // The next case finds the other files sound.
        lay(file, sound);
        cases += 1;
    }
    println!("{name}: {cases} files in {} s, {found} found", started.elapsed().as_secs());
    if found == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
