//! Broken inputs: one folder each, and what the command says of it, word for word.
//!
//! A case holds only the files that differ from the sound place in `_base`. What cannot be kept as
//! a file (a hundred megabytes, a loop of links, a folder in the place of a file) is made here.
//! `WANGGE_BLESS=1` writes what is said now to every `expected.txt`.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// A guard against hanging, far above what any case takes; nothing is timed here.
const LIMIT: Duration = Duration::from_secs(120);

/// Nor take more memory.
const MEMORY_MIB_MAX: u64 = 300;

/// Fewer cases than this mean that they were not found.
const CASES_MIN: usize = 100;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

#[test]
fn every_broken_input_is_answered_in_words() {
    let mut names: Vec<String> = std::fs::read_dir(cases())
        .expect("tests/faults is there")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name != "_base")
        .collect();
    names.sort();
    assert!(names.len() >= CASES_MIN, "only {} cases in tests/faults", names.len());
    let bless = std::env::var_os("WANGGE_BLESS").is_some();
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut failures = Vec::new();
        while let Some(name) = names.get(next.fetch_add(1, Ordering::Relaxed)) {
            failures.extend(judge(name, bless).err().map(|why| format!("{name}: {why}")));
        }
        failures
    };
    let failures: Vec<String> = std::thread::scope(|scope| {
        let workers = std::thread::available_parallelism().map_or(2, usize::from).min(8);
        let handles: Vec<_> = (0..workers).map(|_| scope.spawn(worker)).collect();
        handles.into_iter().flat_map(|handle| handle.join().expect("a worker ends")).collect()
    });
    assert!(failures.is_empty(), "{} cases differ:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Runs one case and compares what is said.
fn judge(name: &str, bless: bool) -> Result<(), String> {
    let case = cases().join(name);
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let root = temporary.path();
    let place = root.join("place");
    overlay(&cases().join("_base"), &place);
    overlay(&case, &place);
    prepare(name, root);
    let before = listing(root);

    let plan = run(root, &["plan", "place", "--out", "out"])?;
    let text = match plan.code {
        Some(2) => {
            let after = listing(root);
            if before != after {
                return Err(format!("exit 2, but files changed: {before:?} became {after:?}"));
            }
            said("wangge plan place --out out", &plan)
        }
        Some(0 | 1) => {
            if !root.join("out/plan.json").is_file() {
                return Err("an answer without plan.json".to_owned());
            }
            let verify = run(root, &["verify", "place", "out"])?;
            if verify.code != Some(0) {
                return Err(format!("its plan does not verify: {}{}", verify.stdout, verify.stderr));
            }
            // What a plan says changes as planning improves; what is found in the input does not.
            let check = run(root, &["check", "place"])?;
            said("wangge check place", &check)
        }
        code => return Err(format!("exit {code:?}\n{}{}", plan.stdout, plan.stderr)),
    };
    let text = text.replace(&root.display().to_string(), "TMP");
    let path = case.join("expected.txt");
    if bless {
        let mut file = std::fs::File::create(&path).expect("expected.txt can be written");
        file.write_all(text.as_bytes()).expect("expected.txt can be written");
        return Ok(());
    }
    let expected = std::fs::read_to_string(&path).map_err(|error| format!("expected.txt: {error}"))?;
    if text == expected {
        return Ok(());
    }
    Err(format!("--- expected\n{expected}\n--- said\n{text}\n(WANGGE_BLESS=1 accepts what is said)"))
}

/// Copies the files of a case, all but the answer expected.
fn overlay(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder for the place");
    for entry in std::fs::read_dir(from).expect("a case") {
        let entry = entry.expect("an entry");
        if entry.file_name() != "expected.txt" {
            std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a copy");
        }
    }
}

fn create(path: &Path, text: &str) {
    let mut file = std::fs::File::create(path).expect("a file");
    file.write_all(text.as_bytes()).expect("a file");
}

/// Replaces a file by what its first `from` becomes.
fn amend(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).expect("a file of the base");
    assert!(text.contains(from), "{} does not hold {from}", path.display());
    create(path, &text.replacen(from, to, 1));
}

/// Makes what cannot be kept as a file; names without an arm need nothing.
fn prepare(name: &str, root: &Path) {
    let place = root.join("place");
    let file = |name: &str| place.join(name);
    let remove = |name: &str| std::fs::remove_file(file(name)).expect("a file of the base");
    match name {
        "place_missing" => std::fs::remove_dir_all(&place).expect("the place"),
        "place_without_file" => remove("place.toml"),
        "file_is_folder" => {
            remove("atoms.csv");
            std::fs::create_dir(file("atoms.csv")).expect("a folder");
        }
        "profile_is_folder" => {
            std::fs::create_dir(file("rules")).expect("a folder");
            amend(&file("place.toml"), "crs =", "profile = \"rules\"\ncrs =");
        }
        "place_huge" => grow(&file("place.toml"), 100 << 20),
        "layer_huge" => grow(&file("atoms.geojson"), 3 << 30),
        "layer_of_zeros" => {
            remove("atoms.geojson");
            create(&file("atoms.geojson"), "");
            grow(&file("atoms.geojson"), 20 << 20);
        }
        "json_deep" => {
            let nest = "[".repeat(100_000);
            create(&file("atoms.geojson"), &format!(r#"{{"type":"FeatureCollection","features":[{nest}"#));
        }
        "json_deep_ignored" => {
            let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
            let text = format!(r#"{{"type":"FeatureCollection","bbox":{open}{close},"features":[]}}"#);
            create(&file("atoms.geojson"), &text);
        }
        "toml_deep" => create(&file("place.toml"), &format!("place = {}", "[".repeat(100_000))),
        "number_huge" => {
            let digits = "9".repeat(1_000_000);
            amend(&file("atoms.csv"), "A2,100", &format!("A2,{digits}"));
            amend(&file("centres.csv"), "117.001", &digits);
            amend(&file("candidates.csv"), "H2", &digits);
        }
        "field_huge" => {
            let long = "x".repeat(20 << 20);
            amend(&file("candidates.csv"), "云岭东空地", &format!("\"{long}"));
        }
        "ring_long" => {
            // A quadratic check of so many points would take minutes.
            let point = |i: u32| format!("[{},35.002],", 117.004 - f64::from(i) * 1e-7);
            let points: String = (1..20_000).map(point).collect();
            let corner = "[117.004,35.002],";
            amend(&file("atoms.geojson"), corner, &format!("{corner}{points}"));
        }
        "nul_bytes" => {
            amend(&file("atoms.csv"), "A2,100", "A\u{0}002,1\u{0}0000");
            amend(&file("communities.geojson"), "990101001002", "99010\\u0000001");
        }
        #[cfg(unix)]
        "symlink_loop" => {
            remove("atoms.csv");
            std::os::unix::fs::symlink("atoms.csv", file("atoms.csv")).expect("a link");
        }
        "out_occupied" => {
            std::fs::create_dir(root.join("out")).expect("a folder");
            create(&root.join("out/thesis.txt"), "years of work");
        }
        "out_is_file" => create(&root.join("out"), "years of work"),
        _ => {}
    }
}

/// Makes a file longer by zeros that take no room on the disk.
fn grow(path: &Path, bytes: u64) {
    let file = std::fs::OpenOptions::new().write(true).open(path).expect("a file of the base");
    file.set_len(bytes).expect("a longer file");
}

/// Every path below a folder with its length.
fn listing(root: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let meta = std::fs::symlink_metadata(&path).expect("an entry");
            found.push((path.clone(), if meta.is_file() { meta.len() } else { 0 }));
            if meta.is_dir() {
                folders.push(path);
            }
        }
    }
    found.sort();
    found
}

struct Answer {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn said(command: &str, answer: &Answer) -> String {
    let code = answer.code.unwrap_or(-1);
    let (stdout, stderr) = (&answer.stdout, &answer.stderr);
    format!("$ {command}\nexit: {code}\n--- stdout ---\n{stdout}--- stderr ---\n{stderr}")
}

/// Runs the command within its limits of time and memory.
#[expect(clippy::disallowed_methods, reason = "the limit of time is what is tested")]
fn run(root: &Path, arguments: &[&str]) -> Result<Answer, String> {
    let talk = |name: &str| std::fs::File::create(root.join(name)).expect("a file for output");
    let talked = |name: &str| {
        let bytes = std::fs::read_to_string(root.join(name));
        std::fs::remove_file(root.join(name)).expect("the output");
        bytes.map_err(|error| format!("{name}: {error}"))
    };
    let start = std::time::Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(talk("stdout"))
        .stderr(talk("stderr"))
        .spawn()
        .expect("the command starts");
    let mut peak = 0;
    let status = loop {
        peak = peak.max(peak_mib(child.id()));
        if let Some(status) = child.try_wait().expect("the command can be waited for") {
            break status;
        }
        if start.elapsed() > LIMIT {
            child.kill().expect("the command can be stopped");
            child.wait().expect("the command stops");
            return Err(format!("{arguments:?} took longer than {LIMIT:?}"));
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let answer = Answer { code: status.code(), stdout: talked("stdout")?, stderr: talked("stderr")? };
    if answer.stderr.contains("panicked") {
        return Err(format!("{arguments:?} panicked: {}", answer.stderr));
    }
    if peak > MEMORY_MIB_MAX {
        return Err(format!("{arguments:?} took {peak} MiB"));
    }
    Ok(answer)
}

/// The most memory a process has held so far, where the system tells.
fn peak_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|l| l.split_whitespace().nth(1)?.parse::<u64>().ok()).unwrap_or(0) / 1024
}
