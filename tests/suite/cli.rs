//! The command as a user meets it: what it prints, where it writes, and how it ends.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// How a run ended and what it said.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Answer {
    /// The data on stdout, after a run that ended as it should.
    #[track_caller]
    pub(crate) fn ended(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.stdout))
    }
}

fn command(folder: &Path, line: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wangge"));
    command.args(line.split_whitespace()).current_dir(folder).env("COLUMNS", "100").stdin(Stdio::null());
    command
}

/// Runs one line in a folder; no output may be a panic or, away from a terminal, have colours.
#[track_caller]
pub(crate) fn wangge(folder: &Path, line: &str) -> Answer {
    let output = command(folder, line).output().expect("the command starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("output is UTF-8");
    let answer =
        Answer { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) };
    assert!(!answer.stderr.contains("panicked"), "{line}: {}", answer.stderr);
    let coloured = answer.stdout.contains('\u{1b}') || answer.stderr.contains('\u{1b}');
    assert!(!coloured, "{line}: colours away from a terminal");
    answer
}

/// A folder with a small invented town in `town`, in which some people live far from a centre.
pub(crate) fn town() -> TempDir {
    let root = tempfile::tempdir().expect("a temporary folder");
    wangge(root.path(), "synth --people 3000 --seed 1 --out town").ended(0);
    root
}

/// The walk that leaves some of the town uncovered, so that there is something to choose.
pub(crate) const SHORT_WALK: &str = "4min";

fn sound_place() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/_base")
}

fn bytes(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(crate) fn write(path: &Path, text: &str) {
    std::fs::write(path, text).expect("a file can be written");
}

pub(crate) fn text(path: &Path) -> String {
    String::from_utf8(bytes(path)).expect("a text file")
}

/// The files of a folder by name relative to it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(inner) = folders.pop() {
        for entry in std::fs::read_dir(inner).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path.strip_prefix(folder).expect("below it").to_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn help_says_what_it_always_said() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let commands = [
        "",
        "init",
        "check",
        "partition",
        "coverage",
        "site",
        "plan",
        "render",
        "verify",
        "compare",
        "synth",
        "completions",
    ];
    let mut said = String::new();
    for name in commands {
        let line = format!("{name} --help");
        said.push_str(&format!("$ wangge {}\n{}\n", line.trim(), wangge(here, &line).ended(0).stdout));
    }
    let path = here.join("tests/snapshots/help.txt");
    if std::env::var_os("WANGGE_BLESS").is_some() {
        write(&path, &said);
        return;
    }
    assert!(said == text(&path), "help has changed; WANGGE_BLESS=1 accepts it:\n{said}");
}

#[test]
fn check_lists_problems_and_counts_them() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let sound = wangge(&sound_place(), "check .").ended(0);
    assert_eq!(sound.stdout, "0 errors, 0 warnings, 0 repaired\n");
    let demo = here.join("data/demo");
    if demo.is_dir() {
        let answer = wangge(&demo, "check .");
        assert!(matches!(answer.code, Some(0 | 1)), "{answer:?}");
    }
    let place = tempfile::tempdir().expect("a temporary folder");
    for name in files(&sound_place()) {
        write(&place.path().join(&name), &text(&sound_place().join(&name)));
    }
    let table = place.path().join("atoms.csv");
    write(&table, &text(&table).replace("A2,100", "A2,-100"));
    let answer = wangge(place.path(), "check . --json").ended(2);
    let json = answer.json();
    assert_eq!(json["errors"], 1);
    assert_eq!(json["warnings"], 0);
    let problem = &json["problems"][0];
    assert_eq!(problem["severity"], "error");
    assert_eq!(problem["file"], "atoms.csv");
    assert_eq!(problem["at"], "row 3");
    assert_eq!(problem["column"], "households");
    assert_eq!(problem["kind"], "CountNegative");
    for key in ["message", "remedy"] {
        assert!(problem[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {problem}");
    }
}

#[test]
fn messages_come_in_two_languages() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let english = wangge(root.path(), "check nowhere").ended(2);
    assert!(english.stderr.contains("error: nowhere: cannot be read: no such file"), "{english:?}");
    assert!(english.stderr.contains("hint: "), "{english:?}");
    assert_eq!(wangge(root.path(), "check nowhere --lang en").stderr, english.stderr);
    let chinese = wangge(root.path(), "check nowhere --lang zh").ended(2);
    assert!(chinese.stderr.contains("错误: nowhere：无法读取"), "{chinese:?}");
    assert!(chinese.stderr.contains("提示: "), "{chinese:?}");
    let sound = wangge(&sound_place(), "check . --lang zh").ended(0);
    assert_eq!(sound.stdout, "错误 0，警告 0，已修复 0\n");
    assert!(wangge(root.path(), "check nowhere --lang fr").ended(2).stderr.contains("zh and en"));
}

#[test]
fn usage_errors_end_with_2_and_say_what_is_usual() {
    let root = tempfile::tempdir().expect("a temporary folder");
    let cases = [
        ("", "Usage: wangge"),
        ("divide", "unrecognized subcommand"),
        ("plan", "required"),
        ("plan town", "--out"),
        ("plan town --out out --within 3parsecs", "15min"),
        ("plan town --out out --households 500-300", "first number"),
        ("site town --out out --font nowhere.otf", "cannot read `nowhere.otf`"),
        ("site town --out out --objective best", "cover, walk, fewest, worst, backup, fair and room"),
        ("plan town --out out --threads 0", "threads"),
        ("plan --boundaries a.geojson --out out", "--population"),
        ("compare one", "compare"),
        ("completions cobol", "bash"),
        ("verify town", "wangge verify PLACE DIR"),
        ("verify town nowhere", "town"),
        ("render nowhere", "nowhere"),
        ("compare nowhere elsewhere", "nowhere"),
    ];
    for (line, expected) in cases {
        let answer = wangge(root.path(), line).ended(2);
        assert!(answer.stderr.contains(expected), "{line}: {}", answer.stderr);
        assert_eq!(answer.stdout, "", "{line}: talk on stdout");
    }
    assert_eq!(files(root.path()), Vec::<PathBuf>::new());
}

#[test]
fn exit_codes_tell_satisfied_from_answered() {
    let root = town();
    let place = sound_place();
    let line = format!("plan {} --out sound", place.display());
    let satisfied = wangge(root.path(), &line).ended(0);
    assert!(satisfied.stdout.contains("no fault found"), "{satisfied:?}");
    // One community of the town has fewer households than a grid should.
    let answered = wangge(root.path(), "plan town --out plan --json").ended(1);
    let out_of_range = answered.json()["partition"]["out_of_range"].as_array().map_or(0, Vec::len);
    assert!(out_of_range > 0, "{answered:?}");
    wangge(root.path(), "plan nowhere --out none").ended(2);
    assert!(!root.path().join("none").exists());
}

/// Every key of the contract, by path, with its type in JSON.
pub(crate) const CONTRACT: &[(&str, &str)] = &[
    ("schema", "number"),
    ("wangge", "text"),
    ("seed", "number"),
    ("inputs", "list"),
    ("inputs.0.file", "text"),
    ("inputs.0.sha256", "text"),
    ("rules", "object"),
    ("place.name", "text"),
    ("place.communities", "number"),
    ("place.atoms", "number"),
    ("place.population", "number"),
    ("place.households", "number"),
    ("problems.errors", "number"),
    ("problems.warnings", "number"),
    ("problems.repaired", "number"),
    ("partition.grids", "number"),
    ("partition.in_range", "number"),
    ("partition.out_of_range", "list"),
    ("partition.out_of_range.0.grid", "text"),
    ("partition.out_of_range.0.households", "number"),
    ("partition.out_of_range.0.reason", "text"),
    ("partition.disconnected", "number"),
    ("partition.empty", "number"),
    ("partition.largest_over_mean", "number"),
    ("partition.coefficient_of_variation", "number"),
    ("partition.moment_of_inertia", "number"),
    ("partition.bound", "number"),
    ("partition.gap", "number"),
    ("partition.polsby_popper_mean", "number"),
    ("partition.compounds_split", "number"),
    ("partition.barriers_crossed", "number"),
    ("partition.households_moved", "number"),
    ("partition.codes_kept", "number"),
    ("coverage.within_minutes", "number"),
    ("coverage.model", "text"),
    ("coverage.population", "number"),
    ("coverage.covered", "number"),
    ("coverage.share", "number"),
    ("coverage.mean_minutes", "number"),
    ("coverage.p90_minutes", "number"),
    ("coverage.longest_minutes", "number"),
    ("siting.objective", "text"),
    ("siting.new", "number"),
    ("siting.chosen", "list"),
    ("siting.value", "number"),
    ("siting.bound", "number"),
    ("siting.gap", "number"),
    ("siting.status", "text"),
    ("siting.covered_before", "number"),
    ("siting.covered_after", "number"),
    ("principles.respect_tradition", "object"),
    ("principles.near_and_convenient", "object"),
    ("principles.right_size", "object"),
    ("principles.good_for_governing", "object"),
];

fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.').try_fold(value, |value, key| match key.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(key),
    })
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "truth",
        Value::Number(_) => "number",
        Value::String(_) => "text",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[test]
fn a_plan_has_every_file_and_key_of_the_contract() {
    let root = town();
    let line = format!("plan town --out plan --json --within {SHORT_WALK}");
    let printed = wangge(root.path(), &line).ended(1).json();
    let plan = root.path().join("plan");
    for name in [
        "run.json",
        "grids.geojson",
        "assignments.csv",
        "coverage.csv",
        "siting.csv",
        "maps/grids.png",
        "maps/grids.svg",
        "maps/coverage.png",
        "maps/coverage.svg",
    ] {
        assert!(!bytes(&plan.join(name)).is_empty(), "{name}");
    }
    assert!(plan.join("ledgers").is_dir());
    let first_line = |name: &str| text(&plan.join(name)).lines().next().map(str::to_owned);
    assert_eq!(first_line("assignments.csv").as_deref(), Some("atom,community,grid"));
    assert_eq!(first_line("coverage.csv").as_deref(), Some("atom,population,minutes,centre,covered"));
    let siting = "rank,candidate,newly_covered,minutes_saved,reason";
    assert_eq!(first_line("siting.csv").as_deref(), Some(siting));

    let written: Value = serde_json::from_str(&text(&plan.join("plan.json"))).expect("plan.json is JSON");
    for json in [&printed, &written] {
        for (path, expected) in CONTRACT {
            let found = at(json, path).map(type_of);
            assert_eq!(found, Some(*expected), "plan.json: {path}");
        }
        for group in ["adult", "older", "child"] {
            for key in ["population", "covered", "share", "mean_minutes", "p90_minutes", "longest_minutes"] {
                let path = format!("coverage.groups.{group}.{key}");
                assert_eq!(at(json, &path).map(type_of), Some("number"), "plan.json: {path}");
            }
        }
    }
    let grids: Value = serde_json::from_str(&text(&plan.join("grids.geojson"))).expect("grids are JSON");
    let features = grids["features"].as_array().expect("features");
    assert_eq!(Some(features.len() as u64), written["partition"]["grids"].as_u64());
    for feature in features {
        for (key, expected) in
            [("code", "text"), ("community", "text"), ("households", "number"), ("population", "number")]
        {
            assert_eq!(type_of(&feature["properties"][key]), expected, "grids.geojson: {key}");
        }
    }
}

#[test]
fn a_closed_pipe_is_nobody_s_fault() {
    let root = town();
    for line in ["check town", "check town --json", "completions bash", "--help", "plan town --out plan"] {
        let mut child = command(root.path(), line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("the command ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(!stderr.contains("panicked"), "{line}: {stderr}");
        assert_eq!(output.status.code(), Some(0), "{line}: {stderr}");
    }
    // Not even stderr may be there.
    let mut child = command(root.path(), "plan nowhere --out out")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop((child.stdout.take(), child.stderr.take()));
    let code = child.wait().expect("the command ends").code();
    assert_eq!(code, Some(2));
}

#[test]
fn folders_of_others_are_left_alone_and_earlier_plans_kept() {
    let root = town();
    let folder = root.path().join("thesis");
    std::fs::create_dir(&folder).expect("a folder");
    write(&folder.join("chapter.txt"), "years of work");
    for verb in ["plan town", "partition town", "coverage town", "site town", "synth"] {
        let answer = wangge(root.path(), &format!("{verb} --out thesis")).ended(2);
        assert!(answer.stderr.contains("`thesis` holds other files; nothing was written"), "{answer:?}");
        assert_eq!(files(&folder), [PathBuf::from("chapter.txt")], "{verb}");
        assert_eq!(text(&folder.join("chapter.txt")), "years of work");
    }
    // An empty folder is free.
    std::fs::create_dir(root.path().join("plan")).expect("a folder");
    wangge(root.path(), "coverage town --out plan").ended(0);
    let first = text(&root.path().join("plan/plan.json"));
    let answer = wangge(root.path(), "coverage town --out plan --within 5min").ended(0);
    assert!(answer.stderr.contains("the earlier result is kept as `plan.1`"), "{answer:?}");
    assert_eq!(text(&root.path().join("plan.1/plan.json")), first);
    assert_ne!(text(&root.path().join("plan/plan.json")), first);
    wangge(root.path(), "coverage town --out plan").ended(0);
    assert_eq!(text(&root.path().join("plan.1/plan.json")), first);
    assert_eq!(text(&root.path().join("plan/plan.json")), first);
    assert!(root.path().join("plan.2/plan.json").is_file());
    let mut names: Vec<_> = std::fs::read_dir(root.path())
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["plan", "plan.1", "plan.2", "thesis", "town"], "nothing temporary is left");
}

#[test]
fn each_part_can_be_asked_for_alone() {
    let root = town();
    let parts = [
        ("partition town --out grids", 1, &["partition"][..], "grids"),
        ("coverage town --out walks --within 10min", 0, &["coverage"][..], "walks"),
    ];
    for (line, code, expected, folder) in parts {
        let json = wangge(root.path(), &format!("{line} --json")).ended(code).json();
        for part in ["partition", "coverage", "siting"] {
            assert_eq!(json.get(part).is_some(), expected.contains(&part), "{line}: {part}");
        }
        wangge(root.path(), &format!("verify town {folder}")).ended(0);
    }
    let written = text(&root.path().join("walks/plan.json"));
    let json: Value = serde_json::from_str(&written).expect("plan.json is JSON");
    assert_eq!(json["coverage"]["within_minutes"], 10.0);
}

#[test]
fn sites_are_chosen_for_each_objective() {
    let root = town();
    for objective in ["cover", "walk", "fewest", "worst"] {
        let line = format!(
            "site town --out {objective} --new 2 --objective {objective} --within {SHORT_WALK} --json"
        );
        let json = wangge(root.path(), &line).ended(0).json();
        let siting = &json["siting"];
        assert_eq!(siting["objective"], objective);
        let status = siting["status"].as_str().expect("a status");
        assert!(["optimal", "gap", "time-limit", "infeasible"].contains(&status), "{status}");
        let chosen = siting["chosen"].as_array().expect("a list");
        assert_eq!(siting["new"].as_u64(), Some(chosen.len() as u64));
        assert!(!chosen.is_empty(), "{objective}: nothing chosen, so nothing is tried here");
        assert!(objective == "fewest" || chosen.len() <= 2, "{objective}: {chosen:?}");
        assert!(siting["covered_after"].as_u64() >= siting["covered_before"].as_u64(), "{objective}");
        assert!(json["faults"].as_array().is_some_and(Vec::is_empty), "{json}");
        wangge(root.path(), &format!("verify town {objective}")).ended(0);
    }
}

#[test]
fn maps_are_drawn_again_to_the_byte() {
    let root = town();
    wangge(root.path(), "plan town --out plan").ended(1);
    let maps = root.path().join("plan/maps");
    let before: Vec<_> = files(&maps).into_iter().map(|name| (bytes(&maps.join(&name)), name)).collect();
    assert!(before.len() >= 4, "{} maps", before.len());
    std::fs::remove_dir_all(&maps).expect("the maps can be deleted");
    let answer = wangge(root.path(), "render plan").ended(0);
    assert_eq!(answer.stdout.lines().count(), before.len(), "{answer:?}");
    for (content, name) in &before {
        assert!(bytes(&maps.join(name)) == *content, "{} differs", name.display());
    }
    assert_eq!(files(&maps).len(), before.len());
    for (content, name) in &before {
        let start: &[u8] = if name.extension().is_some_and(|e| e == "png") { b"\x89PNG" } else { b"<" };
        assert!(content.starts_with(start), "{}", name.display());
    }
}

#[test]
fn plans_stand_side_by_side() {
    let root = town();
    wangge(root.path(), "plan town --out one").ended(1);
    wangge(root.path(), &format!("plan town --out two --within {SHORT_WALK}")).ended(1);
    let table = wangge(root.path(), "compare one two").ended(0).stdout;
    let head: Vec<&str> = table.lines().next().expect("a header").split_whitespace().collect();
    assert_eq!(head, ["one", "two"]);
    for name in ["households", "people", "grids", "in range", "covered", "mean walk, min", "new centres"] {
        assert!(table.lines().any(|line| line.starts_with(name)), "{name} is not in:\n{table}");
    }
    let covered = table.lines().find(|line| line.starts_with("covered ")).expect("a line");
    let shares: Vec<&str> = covered.split("  ").map(str::trim).filter(|cell| cell.contains('%')).collect();
    assert_eq!(shares.len(), 2, "{covered}");
    assert_ne!(shares[0], shares[1], "{covered}");
    let json = wangge(root.path(), "compare one two --json").ended(0).json();
    let rows = json["plans"].as_array().expect("a list");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1]["plan"], "two");
    assert_eq!(rows[0]["place.households"], rows[1]["place.households"]);
    assert_ne!(rows[0]["coverage.share"], rows[1]["coverage.share"]);
    assert!(rows[0]["partition.grids"].is_u64(), "{json}");
}

#[test]
fn shells_get_their_completions() {
    let root = tempfile::tempdir().expect("a temporary folder");
    for shell in ["bash", "zsh", "fish"] {
        let script = wangge(root.path(), &format!("completions {shell}")).ended(0).stdout;
        for word in ["partition", "--objective", "--boundaries"] {
            let word = if shell == "fish" { word.trim_start_matches('-') } else { word };
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
}
