//! A plan changed after it was written: whatever is changed, verification says so.

use std::path::Path;

use serde_json::Value;

use crate::cli::{Answer, CONTRACT, SHORT_WALK, text, town, wangge, write};

/// Changes one thing in a plan, asks for judgement, and puts it back.
fn judged(root: &Path, file: &str, change: impl Fn(&str) -> String) -> Answer {
    let path = root.join(file);
    let original = text(&path);
    let changed = change(&original);
    assert_ne!(original, changed, "{file}: nothing was changed");
    write(&path, &changed);
    let answer = wangge(root, "verify town plan");
    write(&path, &original);
    answer
}

fn replace_line(text: &str, number: usize, with: impl Fn(&str) -> Option<String>) -> String {
    let line = |(i, line): (usize, &str)| if i == number { with(line) } else { Some(line.to_owned()) };
    text.lines().enumerate().filter_map(line).map(|line| line + "\n").collect()
}

#[test]
fn verification_finds_tampering() {
    let root = town();
    let root = root.path();
    wangge(root, &format!("plan town --out plan --within {SHORT_WALK}")).ended(1);
    let clean = wangge(root, "verify town plan").ended(0);
    assert_eq!(clean.stdout, "no fault found\n");
    let field = |file: &str, line: usize, field: usize| {
        let table = text(&root.join(file));
        let line = table.lines().nth(line).expect("a line");
        line.split(',').nth(field).expect("a field").to_owned()
    };
    let (atom, grid) = (field("plan/assignments.csv", 1, 0), field("plan/assignments.csv", 1, 2));
    let other = (2..40).map(|line| field("plan/assignments.csv", line, 2)).find(|code| *code != grid);
    let other = other.expect("a second grid");
    let walker = field("plan/coverage.csv", 1, 0);
    let best = (1..).map(|line| field("plan/siting.csv", line, 0)).position(|rank| rank == "1");
    let best = best.expect("a first rank") + 1;
    let site = field("plan/siting.csv", best, 1);

    type Change<'a> = Box<dyn Fn(&str) -> String + 'a>;
    let cases: Vec<(&str, &str, Change<'_>, String)> = vec![
        (
            "another grid",
            "plan/assignments.csv",
            Box::new(|t| replace_line(t, 1, |l| Some(l.replace(&grid, &other)))),
            format!("{other} households is written as"),
        ),
        (
            "a grid that is not",
            "plan/assignments.csv",
            Box::new(|t| replace_line(t, 1, |l| Some(l.replace(&grid, "999")))),
            "grid 999 is assigned to but not described".to_owned(),
        ),
        (
            "a line less",
            "plan/assignments.csv",
            Box::new(|t| replace_line(t, 1, |_| None)),
            format!("atom {atom} is in no grid"),
        ),
        (
            "a line twice",
            "plan/assignments.csv",
            Box::new(|t| replace_line(t, 1, |l| Some(format!("{l}\n{l}")))),
            format!("atom {atom} is in two grids"),
        ),
        (
            "an atom that is not",
            "plan/assignments.csv",
            Box::new(|t| replace_line(t, 1, |l| Some(l.replacen(&atom, "ghost", 1)))),
            "ghost is no atom of the place".to_owned(),
        ),
        (
            "a flag",
            "plan/coverage.csv",
            Box::new(|t| {
                replace_line(t, 1, |l| {
                    Some(match l.strip_suffix("true") {
                        Some(head) => format!("{head}false"),
                        None => l.replace(",false", ",true"),
                    })
                })
            }),
            format!("coverage of {walker} covered is written as"),
        ),
        (
            "a row of coverage less",
            "plan/coverage.csv",
            Box::new(|t| replace_line(t, 1, |_| None)),
            format!("atom {walker} "),
        ),
        (
            "another site",
            "plan/siting.csv",
            Box::new(|t| replace_line(t, best, |l| Some(l.replacen(&site, "ghost", 1)))),
            "siting.csv ranks is written as ghost".to_owned(),
        ),
        (
            "a lower value",
            "plan/plan.json",
            Box::new(|t| bumped(t, "siting.value", -1)),
            "siting.value is written as".to_owned(),
        ),
        (
            "an input",
            "town/buildings_population.csv",
            Box::new(|t| format!("{t}\n")),
            "buildings_population.csv has changed since the plan was made".to_owned(),
        ),
    ];
    for (name, file, change, expected) in &cases {
        let answer = judged(root, file, change).ended(1);
        assert!(answer.stdout.contains(expected.as_str()), "{name}: no `{expected}` in\n{}", answer.stdout);
        assert!(answer.stdout.trim_end().ends_with(['t', 's']), "{name}: {}", answer.stdout);
    }
    assert_eq!(wangge(root, "verify town plan").ended(0).stdout, "no fault found\n");
}

/// `plan.json` with one number changed; what holds whole numbers keeps holding them.
fn bumped(json: &str, path: &str, by: i64) -> String {
    let mut value: Value = serde_json::from_str(json).expect("plan.json is JSON");
    let pointer = format!("/{}", path.replace('.', "/"));
    let number = value.pointer_mut(&pointer).unwrap_or_else(|| panic!("no {path}"));
    *number = match number.as_i64() {
        Some(n) => Value::from(n + by),
        None => Value::from(number.as_f64().expect("a number") + by as f64 * 0.01),
    };
    format!("{value:#}\n")
}

/// Numbers that verification does not measure again. A bound one lower or higher is still a bound.
const NOT_JUDGED: [&str; 1] = ["partition.bound"];

#[test]
fn no_number_of_a_plan_can_be_changed_unnoticed() {
    let root = town();
    let root = root.path();
    wangge(root, &format!("plan town --out plan --within {SHORT_WALK}")).ended(1);
    let mut paths: Vec<String> = CONTRACT
        .iter()
        .filter(|(path, kind)| {
            let judged = ["place.", "partition.", "coverage.", "siting."].iter().any(|s| path.starts_with(s));
            judged && *kind == "number"
        })
        .map(|(path, _)| (*path).to_owned())
        .collect();
    for group in ["adult", "older", "child"] {
        for key in ["population", "covered", "share", "mean_minutes", "p90_minutes", "longest_minutes"] {
            paths.push(format!("coverage.groups.{group}.{key}"));
        }
    }
    assert!(paths.len() > 40, "{} numbers", paths.len());
    let mut unnoticed = Vec::new();
    for path in &paths {
        let answer = judged(root, "plan/plan.json", |json| bumped(json, path, 1));
        match answer.code {
            Some(1) => assert!(!answer.stdout.contains("no fault found"), "{path}: {answer:?}"),
            Some(0) => unnoticed.push(path.as_str()),
            _ => panic!("{path}: {answer:?}"),
        }
    }
    unnoticed.retain(|path| !NOT_JUDGED.contains(path));
    assert_eq!(unnoticed, Vec::<&str>::new(), "numbers that verification does not look at");
}

#[test]
fn many_faults_of_one_sort_are_counted() {
    let root = town();
    let root = root.path();
    wangge(root, &format!("plan town --out plan --within {SHORT_WALK}")).ended(1);
    let answer = judged(root, "plan/assignments.csv", |table| table.replace("\nB", "\nX"));
    assert_eq!(answer.code, Some(1), "{answer:?}");
    assert!(answer.stdout.contains("more of this sort (AtomUnknown)"), "{}", answer.stdout);
    assert!(answer.stdout.lines().count() < 80, "{}", answer.stdout);
    let people = root.join("town/buildings_population.csv");
    write(&people, &(text(&people) + "\n"));
    let answer = wangge(root, "verify town plan").ended(1);
    assert!(answer.stdout.contains("one input is not that the plan was made from"), "{}", answer.stdout);
}
