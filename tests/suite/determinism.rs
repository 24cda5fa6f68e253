//! Same input and seed, same bytes: whatever the threads, whatever the order of rows and features.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::ThreadPoolBuilder;
use serde_json::Value;
use wangge::io;
use wangge::maps;
use wangge::model::lang::Lang;
use wangge::network::{StraightLine, TravelTimes as _};
use wangge::planner::{self, Parts};
use wangge::render::layers::Lang as MapLang;
use wangge::report::{self, Subject};
use wangge::run::{Run, Seed};
use wangge::synth::{TownSpec, town};
use wangge::verify;

use crate::drawn::Chance;

/// Small enough to be planned a dozen times, large enough for rivers, walls and old grids.
const PEOPLE: u32 = 8_000;

type Files = BTreeMap<String, Vec<u8>>;

fn synthetic() -> Files {
    town(&TownSpec::new(PEOPLE, Seed(3)))
        .expect("a town of that size can be laid out")
        .files()
        .into_iter()
        .collect()
}

fn put(folder: &Path, files: &Files) {
    let files: Vec<(String, Vec<u8>)> = files.iter().map(|(n, b)| (n.clone(), b.clone())).collect();
    io::write_folder(folder, &files).expect("a temporary folder can be written");
}

/// Everything a plan writes but `run.json`, and the faults found in it.
fn planned(folder: &Path, seed: u64, threads: usize) -> Files {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    pool.install(|| {
        let reading = io::read_place(folder);
        let mut place = reading.place.unwrap_or_else(|| panic!("unsound: {:?}", reading.problems));
        let rules = reading.rules;
        let run = Run::quiet(Seed(seed));
        let fabric = planner::prepare(&mut place, &rules, &run);
        let times = StraightLine::by(&rules);
        let plan = planner::plan(&place, &fabric, &rules, &times, Parts::ALL, &run);
        let inputs = reading.inputs.sorted();
        let subject = Subject {
            place: &place,
            fabric: &fabric,
            rules: &rules,
            plan: &plan,
            inputs: &inputs,
            problems: &reading.problems,
            seed,
            model: times.model(),
            lang: Lang::Zh,
        };
        let (files, layers) = report::written(&subject).expect("tables of plain text become CSV");
        let written = io::written_from(&files).expect("the program reads what it writes");
        let faults = verify::plan(&place, &rules, &written, &inputs);
        assert_eq!(faults, [], "seed {seed}");
        let mut files: Files = files.into_iter().collect();
        let drawn =
            maps::draw(&report::summary(&subject), &layers, MapLang::Zh).expect("the maps can be drawn");
        files.extend(drawn.files);
        files
    })
}

/// Names of the files that differ, for a message one can read.
fn differing(one: &Files, other: &Files) -> Vec<String> {
    let names: std::collections::BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

#[test]
fn threads_change_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("place");
    put(&place, &synthetic());
    let alone = planned(&place, 1, 1);
    for name in [
        "plan.json",
        "assignments.csv",
        "coverage.csv",
        "siting.csv",
        "grids.geojson",
        "maps/grids.svg",
        "maps/coverage.svg",
    ] {
        assert!(alone.get(name).is_some_and(|bytes| bytes.len() > 100), "{name} is missing or empty");
    }
    for threads in [2, 8] {
        assert_eq!(differing(&alone, &planned(&place, 1, threads)), [""; 0], "{threads} threads");
    }
}

/// Another order of rows and features, everything else byte for byte as it was.
fn shuffled(files: &Files, chance: &mut Chance) -> Files {
    files
        .iter()
        .map(|(name, bytes)| {
            let text = std::str::from_utf8(bytes).expect("the files are text");
            let ending = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or_default();
            let text = match ending {
                "csv" => {
                    let mut rows: Vec<&str> = text.lines().skip(1).collect();
                    chance.shuffle(&mut rows);
                    format!("{}\n{}\n", text.lines().next().unwrap_or_default(), rows.join("\n"))
                }
                "geojson" => {
                    let mut layer: Value = serde_json::from_str(text).expect("the layers are JSON");
                    chance.shuffle(layer["features"].as_array_mut().expect("a collection has features"));
                    layer.to_string()
                }
                _ => text.to_owned(),
            };
            (name.clone(), text.into_bytes())
        })
        .collect()
}

/// `plan.json` without the hashes of its inputs, which differ as the inputs do.
fn without_hashes(files: &mut Files) {
    let text = files.get("plan.json").expect("there is a summary");
    let mut summary: Value = serde_json::from_slice(text).expect("the summary is JSON");
    let inputs = summary["inputs"].as_array_mut().expect("the inputs are listed");
    assert!(inputs.len() > 5, "the inputs are listed");
    inputs.iter_mut().for_each(|input| input["sha256"] = Value::Null);
    files.insert("plan.json".to_owned(), summary.to_string().into_bytes());
}

#[test]
fn the_order_of_rows_and_features_changes_nothing() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let original = synthetic();
    put(&folder.path().join("0"), &original);
    let mut expected = planned(&folder.path().join("0"), 1, 2);
    // Problems name the rows they were found in, and those have moved.
    let problems = expected.remove("problems.csv").expect("problems are always listed");
    without_hashes(&mut expected);
    for round in 1..=3 {
        let place = folder.path().join(round.to_string());
        let files = shuffled(&original, &mut Chance::of(round));
        assert!(differing(&original, &files).len() >= 8, "the shuffle shuffles");
        put(&place, &files);
        let mut found = planned(&place, 1, 2);
        let moved = found.remove("problems.csv").expect("problems are always listed");
        assert_eq!(lines(&moved), lines(&problems), "as many problems as before");
        without_hashes(&mut found);
        assert_eq!(differing(&expected, &found), [""; 0], "shuffle {round}");
    }
}

fn lines(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| **b == b'\n').count()
}

#[test]
fn other_seeds_are_other_plans_and_as_sound() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let place = folder.path().join("place");
    put(&place, &synthetic());
    // `planned` verifies each.
    let plans: Vec<Files> = (1..=3).map(|seed| planned(&place, seed, 2)).collect();
    for (seed, files) in (1u64..).zip(&plans) {
        let summary: Value = serde_json::from_slice(&files["plan.json"]).expect("the summary is JSON");
        assert_eq!(summary["seed"], seed);
        // Nothing but the division depends on chance.
        assert_eq!(files["coverage.csv"], plans[0]["coverage.csv"]);
        assert_eq!(files["siting.csv"], plans[0]["siting.csv"]);
    }
}
