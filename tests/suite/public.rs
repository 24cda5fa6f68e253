//! What is made for the wall: no person, no telephone, no small count, none that totals give away.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Below this nothing is shown; high enough that many counts of the demo are small.
const K: u64 = 330;

fn all_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() { all_files(&path, files) } else { files.push(path) }
    }
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(path).expect("UTF-8");
    text.trim_start_matches('\u{feff}')
        .lines()
        .map(|line| line.split(',').map(str::to_owned).collect())
        .collect()
}

/// The demo with a telephone and a person in every table that could carry them.
fn planted(folder: &Path) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    for entry in std::fs::read_dir(demo).expect("the demo is there") {
        let path = entry.expect("readable").path();
        let to = folder.join(path.file_name().expect("a file"));
        let is_table = path.extension().is_some_and(|e| e == "csv");
        if !is_table {
            std::fs::copy(&path, to).expect("writable");
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a table");
        let with = |(i, line): (usize, &str)| {
            let more = if i == 0 { "联系人,联系电话" } else { "司马测试,13912345678" };
            format!("{line},{more}\n")
        };
        std::fs::write(to, text.lines().enumerate().map(with).collect::<String>()).expect("writable");
    }
}

#[test]
fn nothing_private_and_nothing_small_is_published() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    planted(folder.path());
    let (place, out) = (folder.path().display().to_string(), folder.path().join("out"));
    let output = Command::new(env!("CARGO_BIN_EXE_wangge"))
        .args(["plan", &place, "--quiet", "--public", &K.to_string(), "--out"])
        .arg(&out)
        .output()
        .expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut files = Vec::new();
    all_files(&out.join("public"), &mut files);
    assert_eq!(files.len(), 4, "two tables and a map twice: {files:?}");
    for path in &files {
        let bytes = std::fs::read(path).expect("readable");
        let text = String::from_utf8_lossy(&bytes);
        for private in ["司马测试", "13912345678"] {
            assert!(!text.contains(private), "{private} in {}", path.display());
        }
    }
    let table = rows(&out.join("public/网格一览表（公示）.csv"));
    // Columns from 户数 on hold counts, or the sign of a hidden one.
    let mut hidden: BTreeMap<(String, usize), usize> = BTreeMap::new();
    let mut signs = 0;
    for row in &table[1..] {
        let of_row: Vec<usize> = (6..10).filter(|&c| row[c] == "—").collect();
        assert_ne!(of_row.len(), 1, "one count of a row hidden alone follows from the others: {row:?}");
        for c in 5..10 {
            match row[c].parse::<u64>() {
                Ok(n) => assert!(n == 0 || n >= K, "{n} is shown: {row:?}"),
                Err(_) => {
                    assert_eq!(row[c], "—", "{row:?}");
                    *hidden.entry((row[3].clone(), c)).or_default() += 1;
                    signs += 1;
                }
            }
        }
    }
    assert!(signs > 50, "too few small counts to test anything: {signs}");
    // The households of a community are known from its ledger, so one hidden number alone would be too.
    for ((community, column), count) in hidden.iter().filter(|((_, column), _)| *column == 5) {
        assert!(*count != 1, "{community}, column {column}: one hidden number follows from the total");
    }
    // The map says no more than the table.
    let svg = std::fs::read_to_string(out.join("public/公示图.svg")).expect("a map");
    let told = rows(&out.join("ledgers/网格一览表.csv"));
    for (public, own) in table[1..].iter().zip(&told[1..]) {
        assert_eq!(public[0], own[1], "the same order");
        if public[5] == "—" {
            let said = format!("{} {} {}户", own[1], own[2], own[8]);
            assert!(!svg.contains(&said), "the map tells: {said}");
        }
    }
}
