//! Grids: complete, unique, inside their communities, in one piece, and summed right.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::Ground;
use super::{Fault, expect, reasons};
use crate::model::place::{AtomKind, GivenKind, Place};
use crate::model::rules::Rules;
use crate::model::written::{GridRow, WrittenPlan};

pub(super) fn judge(place: &Place, rules: &Rules, written: &WrittenPlan, faults: &mut Vec<Fault>) {
    let (Some(assignments), Some(rows)) = (&written.assignments, &written.grids) else {
        for (file, there) in
            [("assignments.csv", written.assignments.is_some()), ("grids.geojson", written.grids.is_some())]
        {
            if !there {
                faults.push(Fault::FileMissing { file });
            }
        }
        return;
    };
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut grid_of: Vec<Option<&str>> = vec![None; place.atoms.len()];
    let by_code: BTreeMap<&str, usize> =
        place.atoms.iter().enumerate().map(|(i, atom)| (atom.code.as_str(), i)).collect();
    for line in assignments {
        let found = by_code.get(line.atom.as_str()).copied();
        let Some(atom) = found else {
            let (atom, file) = (line.atom.clone(), "assignments.csv");
            faults.push(Fault::AtomUnknown { atom, file });
            continue;
        };
        if grid_of[atom].is_some() {
            faults.push(Fault::AtomTwice { atom: line.atom.clone() });
            continue;
        }
        grid_of[atom] = Some(&line.grid);
        members.entry(&line.grid).or_default().push(atom);
        let community = &place.communities[place.atoms[atom].community.index()].code;
        if *community != line.community {
            let (atom, written) = (line.atom.clone(), line.community.clone());
            faults.push(Fault::WrongCommunity { atom, written, community: community.clone() });
        }
    }
    for (atom, _) in place.atoms.iter().zip(&grid_of).filter(|(_, grid)| grid.is_none()) {
        faults.push(Fault::AtomMissing { atom: atom.code.clone() });
    }
    described(rows, &members, faults);
    given(place, &grid_of, &members, faults);
    let ground = Ground::of(place, rules);
    let mut broken = 0;
    for row in rows {
        if let Some(atoms) = members.get(row.code.as_str()) {
            broken += usize::from(one_grid(&ground, row, atoms, faults));
        }
    }
    // Broken grids have each been named; only a plan that invents some is still to be told.
    if broken == 0 {
        expect(&written.summary, "partition.disconnected", 0.0, faults);
    }
    revision(place, written, &grid_of, faults);
    reasons::judge(&ground, rules, written, rows, &members, faults);
    measures(&ground, rules, written, rows, &grid_of, faults);
}

fn described(rows: &[GridRow], members: &BTreeMap<&str, Vec<usize>>, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for row in rows {
        if !seen.insert(row.code.as_str()) {
            faults.push(Fault::GridTwice { grid: row.code.clone() });
        }
        if !members.contains_key(row.code.as_str()) {
            faults.push(Fault::GridEmpty { grid: row.code.clone() });
        }
    }
    for grid in members.keys().filter(|grid| !seen.contains(*grid)) {
        faults.push(Fault::GridUnknown { grid: (*grid).to_owned() });
    }
}

/// A given grid holds its own atoms and no others, and a locked one keeps its code.
fn given(
    place: &Place,
    grid_of: &[Option<&str>],
    members: &BTreeMap<&str, Vec<usize>>,
    faults: &mut Vec<Fault>,
) {
    for (i, given) in (0u32..).zip(&place.given) {
        let own: Vec<usize> = (0..place.atoms.len()).filter(|&a| place.atoms[a].given == Some(i)).collect();
        let grid = own.first().and_then(|&a| grid_of[a]);
        let (name, code) = match &given.kind {
            GivenKind::Exclusive { name } => (name, None),
            GivenKind::Locked { grid } => {
                let code = &place.grids_in_force[*grid as usize];
                (code, Some(code.as_str()))
            }
        };
        let whole = grid
            .and_then(|grid| members.get(grid))
            .is_some_and(|held| held.len() == own.len() && held.iter().all(|a| own.binary_search(a).is_ok()));
        if !whole || code.is_some_and(|code| grid != Some(code)) {
            faults.push(Fault::GivenChanged { name: name.clone() });
        }
    }
}

/// Judges one grid; true if it is in more pieces than its community.
fn one_grid(ground: &Ground<'_>, row: &GridRow, atoms: &[usize], faults: &mut Vec<Fault>) -> bool {
    let place = ground.place;
    let homes: BTreeSet<usize> = atoms.iter().map(|&a| place.atoms[a].community.index()).collect();
    if homes.len() > 1 {
        let codes: Vec<_> = homes.iter().map(|&c| place.communities[c].code.as_str()).collect();
        faults.push(Fault::GridCrosses { grid: row.code.clone(), communities: codes.join(", ") });
        return false;
    }
    let community = place.atoms[atoms[0]].community;
    let code = &place.communities[community.index()].code;
    let digits = row.code.strip_prefix(code.as_str());
    let foreign = place.communities.iter().any(|c| c.code != *code && row.code.starts_with(c.code.as_str()));
    let regular = digits.is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit()) && d != "000");
    // A locked grid keeps its code, whatever it looks like; that it does is judged apart.
    let locked = place.atoms[atoms[0]].given.is_some();
    let inherited = place.grids_in_force.contains(&row.code) && (digits.is_some() || !foreign || locked);
    if !regular && !inherited {
        faults.push(Fault::CodeOdd { grid: row.code.clone() });
    }
    let mut compare = |what: &str, written: String, found: String| {
        if written != found {
            faults.push(Fault::Differs { what: format!("{} {what}", row.code), written, found });
        }
    };
    let sum = |of: fn(&crate::model::units::Counts) -> u32| -> u64 {
        atoms.iter().map(|&a| u64::from(of(&place.atoms[a].counts))).sum()
    };
    compare("community", row.community.clone(), code.clone());
    compare("households", row.households.to_string(), sum(|c| c.households).to_string());
    compare("population", row.population.to_string(), sum(|c| c.population).to_string());
    let (inertia, _) = moment(place, atoms);
    compare("moment_of_inertia", row.moment_of_inertia.to_string(), inertia.to_string());
    let duty = atoms.iter().find(|&&a| place.atoms[a].code == row.duty_point);
    let at_duty = duty.map_or(u64::MAX, |&duty| moment_around(place, atoms, duty));
    compare("moment around its duty point", at_duty.to_string(), inertia.to_string());

    let pieces = ground.pieces(atoms);
    // The plan may count sites apart whose ground meets only around a bay; never the other way round.
    if place.atom_kind != AtomKind::Sites || pieces.len() as u64 > row.pieces {
        compare("pieces", row.pieces.to_string(), pieces.len().to_string());
    }
    if pieces.len() > 1 {
        let whole = ground.pieces(ground.block_of(atoms[0]));
        let allowed = whole.iter().filter(|piece| piece.iter().any(|a| atoms.contains(a))).count();
        if pieces.len() > allowed {
            faults.push(Fault::GridInPieces { grid: row.code.clone(), pieces: pieces.len() });
            return true;
        }
    }
    false
}

/// People times squared metres from one atom, by whole square metres.
fn moment_around(place: &Place, atoms: &[usize], centre: usize) -> u64 {
    let cm = |v: f64| (v * 100.0).round() as i64;
    let at = |a: usize| (cm(place.atoms[a].anchor.x()), cm(place.atoms[a].anchor.y()));
    let (cx, cy) = at(centre);
    atoms
        .iter()
        .map(|&a| {
            let (x, y) = at(a);
            let square_cm = ((x - cx).pow(2) + (y - cy).pow(2)) as u64;
            u64::from(place.atoms[a].counts.population) * ((square_cm + 5_000) / 10_000)
        })
        .sum()
}

fn moment(place: &Place, atoms: &[usize]) -> (u64, usize) {
    atoms.iter().map(|&a| (moment_around(place, atoms, a), a)).min().unwrap_or((0, 0))
}

fn measures(
    ground: &Ground<'_>,
    rules: &Rules,
    written: &WrittenPlan,
    rows: &[GridRow],
    grid_of: &[Option<&str>],
    faults: &mut Vec<Fault>,
) {
    let place = ground.place;
    let summary = &written.summary;
    let range = u64::from(rules.grids.households_min)..=u64::from(rules.grids.households_max);
    let n = rows.len() as f64;
    let free: BTreeSet<&str> = place
        .atoms
        .iter()
        .enumerate()
        .filter(|(a, _)| reasons::exclusive(ground, *a))
        .filter_map(|(a, _)| grid_of[a])
        .collect();
    let holds = |row: &GridRow| range.contains(&row.households) || free.contains(row.code.as_str());
    let in_range = rows.iter().filter(|row| holds(row)).count();
    expect(summary, "partition.grids", n, faults);
    expect(summary, "partition.in_range", in_range as f64, faults);
    expect(summary, "partition.empty", 0.0, faults);
    let bound_by_range = rows.iter().filter(|row| !free.contains(row.code.as_str()));
    let households: Vec<f64> = bound_by_range.map(|row| row.households as f64).collect();
    let balanced = (households.len() as f64).max(1.0);
    let mean = households.iter().sum::<f64>() / balanced;
    if mean > 0.0 {
        let largest = households.iter().copied().fold(0.0, f64::max);
        let variance = households.iter().map(|h| (h - mean).powi(2)).sum::<f64>() / balanced;
        expect(summary, "partition.largest_over_mean", largest / mean, faults);
        expect(summary, "partition.coefficient_of_variation", variance.sqrt() / mean, faults);
    }
    let value: u64 = rows.iter().map(|row| row.moment_of_inertia).sum();
    expect(summary, "partition.moment_of_inertia", value as f64, faults);
    let bound = summary["partition"]["bound"].as_u64().unwrap_or(u64::MAX);
    if bound > value {
        let (value, bound) = (value.to_string(), bound.to_string());
        faults.push(Fault::BoundBroken { what: "partition", value, bound });
    } else if value > 0 {
        expect(summary, "partition.gap", (value - bound) as f64 / value as f64, faults);
    }
    super::worth::judge(place, written, rows, faults);
    if !rows.is_empty() {
        let compactness = rows.iter().map(|row| row.polsby_popper).sum::<f64>() / n;
        expect(summary, "partition.polsby_popper_mean", (compactness * 1e6).round() / 1e6, faults);
    }
    let mut holders: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (atom, grid) in place.atoms.iter().zip(grid_of) {
        if let (Some(compound), Some(grid)) = (atom.compound, grid) {
            holders.entry(compound.0).or_default().insert(grid);
        }
    }
    let split = holders.values().filter(|grids| grids.len() > 1).count();
    expect(summary, "partition.compounds_split", split as f64, faults);
    // As with pieces, sites whose ground meets only around a bay may count here and not in the plan.
    let crossed = barriers_crossed(ground, grid_of) as u64;
    let told = summary["partition"]["barriers_crossed"].as_u64();
    if place.atom_kind != AtomKind::Sites || told.is_none_or(|told| told > crossed) {
        expect(summary, "partition.barriers_crossed", crossed as f64, faults);
    }
}

/// Grids with neighbours that a barrier parts.
fn barriers_crossed(ground: &Ground<'_>, grid_of: &[Option<&str>]) -> usize {
    let mut by_grid: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (a, grid) in grid_of.iter().enumerate() {
        by_grid.entry(grid.unwrap_or_default()).or_default().push(a);
    }
    let crossed = |atoms: &Vec<usize>| {
        let pairs = atoms.iter().enumerate().flat_map(|(i, &a)| atoms[i + 1..].iter().map(move |&b| (a, b)));
        pairs.into_iter().any(|(a, b)| ground.parted(a, b) && ground.touch(a, b))
    };
    by_grid.values().filter(|atoms| crossed(atoms)).count()
}

/// Where a plan is in force: households whose grid has another code now, and codes that live on.
fn revision(place: &Place, written: &WrittenPlan, grid_of: &[Option<&str>], faults: &mut Vec<Fault>) {
    if place.grids_in_force.is_empty() {
        super::expect_maybe(&written.summary, "partition.households_moved", None, faults);
        expect(&written.summary, "partition.codes_kept", 0.0, faults);
        return;
    }
    let mut moved = 0;
    let mut kept = BTreeSet::new();
    for (atom, grid) in place.atoms.iter().zip(grid_of) {
        let Some(old) = atom.grid_in_force.map(|g| place.grids_in_force[g as usize].as_str()) else {
            continue;
        };
        if *grid == Some(old) {
            kept.insert(old);
        } else {
            moved += u64::from(atom.counts.households);
        }
    }
    expect(&written.summary, "partition.households_moved", moved as f64, faults);
    // What is said to move at the least, of a part of the communities, is no more than what moves.
    let bound = written.summary["partition"]["keep"]["households_moved_bound"].as_u64().unwrap_or(0);
    if bound > moved {
        let (value, bound) = (moved.to_string(), bound.to_string());
        faults.push(Fault::BoundBroken { what: "partition.keep", value, bound });
    }
    expect(&written.summary, "partition.codes_kept", kept.len() as f64, faults);
}
