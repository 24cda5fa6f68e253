//! The shape of the source: which way its arrows point, and what it must not contain.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// No file is longer.
const LINES_MAX: usize = 420;

/// What each module may use beside itself; see the code map in `ARCHITECTURE.md`.
///
/// Nouns lie at the bottom, then shapes, then what is searched, then walks. The four that decide
/// or judge never use one another: what they share sinks, what joins them rises to the planner.
/// Verification stays clear even of the shapes and indexes that made the plan.
const MAY_USE: [(&str, &[&str]); 26] = [
    ("run", &[]),
    ("walking", &["run"]),
    ("model", &["walking"]),
    ("ledger", &["model"]),
    ("geometry", &["model", "run"]),
    ("crs", &["geometry"]),
    ("formats", &["model", "crs"]),
    ("index", &["model", "run", "geometry"]),
    ("network", &["model", "run", "geometry", "index", "walking"]),
    ("districting", &["run"]),
    ("location", &["run"]),
    ("partition", &["model", "run", "geometry", "index", "network", "districting"]),
    ("alternatives", &["model", "run", "index", "partition"]),
    ("coverage", &["model", "run", "geometry", "index", "network", "walking"]),
    ("siting", &["model", "run", "geometry", "index", "network", "location"]),
    ("verify", &["model"]),
    (
        "planner",
        &["model", "run", "geometry", "index", "network", "partition", "coverage", "siting", "verify"],
    ),
    ("io", &["model", "run", "geometry", "index", "walking", "ledger", "crs", "formats"]),
    ("render", &["model"]),
    ("office", &[]),
    ("report", &["model", "geometry", "index", "office", "crs", "formats"]),
    ("synth", &["run"]),
    ("page", &["model"]),
    ("maps", &["model", "geometry", "render"]),
    ("scenarios", &["model", "run", "index", "network", "siting"]),
    ("lib", &[]),
];

/// The command line joins everything.
const FREE: [&str; 2] = ["cli", "main"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file with its path from `src` and its text, sorted.
fn sources() -> Vec<(String, String)> {
    let mut files = Vec::new();
    walk(&root().join("src"), &mut files);
    files.sort();
    assert!(files.len() > 50, "the source was not found");
    files
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("source is UTF-8");
            let name = path.strip_prefix(root().join("src")).expect("it was found there");
            (name.to_string_lossy().replace('\\', "/"), text)
        })
        .collect()
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder is there") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            walk(&path, files);
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

/// The top-level module a file belongs to.
fn module(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

/// Code without comments. A `//` inside a string cuts the rest of its line, which hides nothing here.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Modules named after `crate::`, one by one or in braces.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let after = &code[at + "crate::".len()..];
        let word = |text: &str| -> String {
            text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
        };
        match after.strip_prefix('{') {
            Some(list) => used.extend(top_level_items(list).iter().map(|item| word(item))),
            None => _ = used.insert(word(after)),
        }
    }
    used.remove("");
    used
}

/// The items of a braced list, up to its closing brace.
fn top_level_items(list: &str) -> Vec<String> {
    let (mut items, mut depth) = (vec![String::new()], 0);
    for c in list.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return items,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        items.last_mut().expect("there is one to begin with").push(c);
    }
    items
}

#[test]
fn paths_are_read_whole() {
    let text =
        "use crate::{io, model::{place::Place, ids}, run::Run};\nlet x = crate::index::f(); // crate::cli";
    let expected = ["index", "io", "model", "run"].map(str::to_owned);
    assert_eq!(used(&code(text)), BTreeSet::from(expected));
}

#[test]
fn arrows_never_turn_back() {
    let may_use: BTreeMap<&str, &[&str]> = MAY_USE.into_iter().collect();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let own = module(&file).to_owned();
        seen.insert(own.clone());
        if FREE.contains(&own.as_str()) {
            continue;
        }
        let Some(allowed) = may_use.get(own.as_str()) else {
            wrong.push(format!("src/{file}: the module `{own}` has no place in the order; give it one here"));
            continue;
        };
        for other in used(&code(&text)) {
            // `crate` in a macro or a re-export may name an item of the crate's root.
            if other != own && !allowed.contains(&other.as_str()) {
                wrong.push(format!("src/{file}: `{own}` may not use `{other}`"));
            }
        }
    }
    for (name, _) in MAY_USE {
        assert!(seen.contains(name), "the order names `{name}`, which is gone");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_order_has_no_circle() {
    for (i, (name, uses)) in MAY_USE.iter().enumerate() {
        let later = ["io", "report", "maps"];
        for used in *uses {
            let at = MAY_USE.iter().position(|(other, _)| other == used).expect("the order names it");
            assert!(at < i || later.contains(name), "{name} uses {used}");
        }
    }
}

#[test]
fn files_are_short_and_say_what_they_are_for() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let lines = text.lines().count();
        if lines > LINES_MAX {
            wrong.push(format!("src/{file} has {lines} lines; look for the second subject"));
        }
        if !text.starts_with("//! ") {
            wrong.push(format!("src/{file} does not open with what it is for"));
        }
        if file.contains("_old") || file.contains("_new") || file.contains("_tmp") || file.contains("copy") {
            wrong.push(format!("src/{file} looks left over"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_left_unfinished() {
    // Written in two halves, so that this file does not find itself.
    let banned = [
        ("to", "do!("),
        ("unimple", "mented!("),
        ("db", "g!("),
        ("#[ig", "nore"),
        ("FIX", "ME"),
        ("XX", "X"),
    ]
    .map(|(a, b)| format!("{a}{b}"));
    let mut tests = Vec::new();
    walk(&root().join("tests"), &mut tests);
    walk(&root().join("benches"), &mut tests);
    let others = tests.iter().map(|p| (p.display().to_string(), std::fs::read_to_string(p).expect("UTF-8")));
    let mut wrong = Vec::new();
    for (file, text) in sources().into_iter().chain(others) {
        for word in banned.iter().filter(|word| text.contains(word.as_str())) {
            wrong.push(format!("{file}: {word}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_are_touched_in_two_places_only() {
    let mut touched = 0;
    for (file, text) in sources() {
        if code(&text).contains("std::fs") {
            assert!(["io", "cli"].contains(&module(&file)), "src/{file} touches files; that is for `io`");
            touched += 1;
        }
    }
    assert!(touched > 0, "the search finds nothing at all");
}

#[test]
fn the_library_prints_nothing() {
    for (file, text) in sources() {
        let speaks =
            ["println!(", "print!(", "eprintln!(", "eprint!("].iter().any(|word| code(&text).contains(word));
        assert!(!speaks || FREE.contains(&module(&file)), "src/{file} prints; that is for `cli`");
    }
}

#[test]
fn the_code_map_names_every_module() {
    let modules: BTreeSet<String> = sources().iter().map(|(file, _)| module(file).to_owned()).collect();
    let map =
        std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is the code map");
    for module in modules.iter().filter(|m| !["lib", "main"].contains(&m.as_str())) {
        let named =
            [format!("`{module}`"), format!("`{module}/"), format!("{module}/"), format!("{module}.rs")];
        assert!(
            named.iter().any(|name| map.contains(name.as_str())),
            "ARCHITECTURE.md does not name `{module}`"
        );
    }
}
