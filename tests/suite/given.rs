//! Grids that are given: exclusive sites and locked grids, drawn and read from files.

use std::path::Path;

use wangge::io::read_place;
use wangge::model::place::{Given, GivenKind, Place};
use wangge::model::written::Assignment;

use crate::drawn::{Town, drawn, faults, planned, rules_for};

/// Two rows of five, a grid in force down the first column, a school at the other end.
fn town() -> Town {
    let households = [90, 10, 10, 10, 0, 80, 10, 10, 10, 0];
    drawn("aaaaa / aaaaa").households(&households).in_force("12233 / 12233")
}

fn give(place: &mut Place, atoms: &[usize], kind: GivenKind) {
    let number = place.given.len() as u32;
    place.given.push(Given { community: place.atoms[atoms[0]].community, kind });
    for &atom in atoms {
        place.atoms[atom].given = Some(number);
    }
}

fn given() -> Place {
    let mut place = town().place();
    give(&mut place, &[0, 5], GivenKind::Locked { grid: 0 });
    give(&mut place, &[4, 9], GivenKind::Exclusive { name: "实验小学".to_owned() });
    place
}

#[test]
fn given_grids_stay_and_the_rest_is_divided() {
    let rules = rules_for(25, 40);
    let planned = planned(given(), &rules);
    assert_eq!(planned.faults(), [""; 0]);
    let partition = planned.plan.partition.as_ref().expect("grids were asked for");
    let code = |atom: usize| partition.grids[partition.grid_of[atom].index()].code.clone();
    assert_eq!(code(0), code(5));
    assert_eq!(code(0), planned.place.grids_in_force[0], "a locked grid keeps its code");
    assert!(code(4) == code(9) && code(4).ends_with("901"), "{}", code(4));
    for atom in [1, 2, 3, 6, 7, 8] {
        assert!(code(atom) != code(0) && code(atom) != code(4), "{atom}");
    }
    let reason = |code: &str| {
        let grid = partition.grids.iter().find(|grid| grid.code == code).expect("it is there");
        grid.reason.as_ref().map(wangge::model::plan::OutOfRange::cause)
    };
    assert_eq!(reason(&code(0)), Some("locked"), "170 households are over 40");
    assert_eq!(reason(&code(4)), None, "no range binds an exclusive grid");
    let school = partition.grids.iter().find(|grid| grid.code == code(4)).expect("it is there");
    assert!(school.name.contains("实验小学"), "{}", school.name);
}

#[test]
fn a_given_grid_that_was_changed_is_a_fault() {
    let rules = rules_for(25, 40);
    let planned = planned(given(), &rules);
    for (from, to) in [(0, 1), (1, 0), (4, 3), (3, 4)] {
        let mut written = planned.written();
        let lines: &mut Vec<Assignment> = written.assignments.as_mut().expect("written");
        let atom = |i: usize| planned.place.atoms[i].code.clone();
        let grid = lines.iter().find(|line| line.atom == atom(to)).expect("there").grid.clone();
        lines.iter_mut().find(|line| line.atom == atom(from)).expect("there").grid = grid;
        let found = faults(&planned.place, &rules, &written);
        assert!(found.iter().any(|fault| fault.contains("given")), "{from} to {to}: {found:?}");
    }
}

#[test]
fn they_are_read_from_the_place() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/demo");
    let folder = tempfile::tempdir().expect("a temporary folder");
    for entry in std::fs::read_dir(demo).expect("the demo is there") {
        let path = entry.expect("readable").path();
        std::fs::copy(&path, folder.path().join(path.file_name().expect("a file"))).expect("writable");
    }
    let edit = |name: &str, change: &dyn Fn(String) -> String| {
        let path = folder.path().join(name);
        let text = change(std::fs::read_to_string(&path).expect("copied"));
        std::fs::write(&path, text).expect("writable");
    };
    edit("place.toml", &|text| {
        let text = text.replacen("compound = \"", "exclusive = \"exclusive\"\ncompound = \"", 1);
        text.replacen(
            "file = \"existing_grids.csv\"",
            "file = \"existing_grids.csv\"\nlocked = \"locked\"",
            1,
        )
    });
    // One line is enough to lock its grid.
    edit("existing_grids.csv", &|text| {
        let with = |(i, line): (usize, &str)| format!("{line},{}\n", ["locked", "是", ""][i.min(2)]);
        text.lines().enumerate().map(with).collect()
    });
    let reading = read_place(folder.path());
    let place = reading.place.expect("it can be read");
    let locked: Vec<&Given> =
        place.given.iter().filter(|given| matches!(given.kind, GivenKind::Locked { .. })).collect();
    assert_eq!(locked.len(), 1);
    for atom in &place.atoms {
        let exclusive = atom
            .given
            .is_some_and(|given| matches!(place.given[given as usize].kind, GivenKind::Exclusive { .. }));
        assert!(!exclusive || atom.community == place.given[atom.given.expect("it is") as usize].community);
    }
    let sites = place.given.len() - locked.len();
    assert!((10..110).contains(&sites), "110 buildings of fewer sites: {sites}");
}
