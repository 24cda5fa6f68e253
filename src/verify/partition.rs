//! Grids: complete, unique, inside their communities, in one piece, and summed right.

use std::collections::{BTreeMap, BTreeSet};

use super::{Fault, expect, ground, reasons};
use crate::model::place::{AtomKind, Place};
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
    for line in assignments {
        let found = place.atoms.iter().position(|atom| atom.code == line.atom);
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
    for row in rows {
        if let Some(atoms) = members.get(row.code.as_str()) {
            one_grid(place, rules, row, atoms, faults);
        }
    }
    reasons::judge(place, rules, written, rows, &members, faults);
    measures(place, rules, written, rows, &grid_of, faults);
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

fn one_grid(place: &Place, rules: &Rules, row: &GridRow, atoms: &[usize], faults: &mut Vec<Fault>) {
    let homes: BTreeSet<usize> = atoms.iter().map(|&a| place.atoms[a].community.index()).collect();
    if homes.len() > 1 {
        let codes: Vec<_> = homes.iter().map(|&c| place.communities[c].code.as_str()).collect();
        faults.push(Fault::GridCrosses { grid: row.code.clone(), communities: codes.join(", ") });
        return;
    }
    let community = place.atoms[atoms[0]].community;
    let code = &place.communities[community.index()].code;
    let digits = row.code.strip_prefix(code.as_str());
    let regular = digits.is_some_and(|d| d.len() == 3 && d.bytes().all(|b| b.is_ascii_digit()) && d != "000");
    if !regular && !place.grids_in_force.contains(&row.code) {
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

    let whole: Vec<usize> =
        (0..place.atoms.len()).filter(|&a| place.atoms[a].community == community).collect();
    let reach = f64::from(rules.grids.opening_reach_m);
    let pieces = ground::pieces(place, reach, atoms, &whole);
    // The plan may count sites apart whose ground meets only around a bay; never the other way round.
    if place.atom_kind != AtomKind::Sites || pieces.len() as u64 > row.pieces {
        compare("pieces", row.pieces.to_string(), pieces.len().to_string());
    }
    if pieces.len() > 1 {
        let allowed = ground::pieces(place, reach, &whole, &whole)
            .iter()
            .filter(|piece| piece.iter().any(|a| atoms.contains(a)))
            .count();
        if pieces.len() > allowed {
            faults.push(Fault::GridInPieces { grid: row.code.clone(), pieces: pieces.len() });
        }
    }
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
    place: &Place,
    rules: &Rules,
    written: &WrittenPlan,
    rows: &[GridRow],
    grid_of: &[Option<&str>],
    faults: &mut Vec<Fault>,
) {
    let summary = &written.summary;
    let range = u64::from(rules.grids.households_min)..=u64::from(rules.grids.households_max);
    let n = rows.len() as f64;
    let in_range = rows.iter().filter(|row| range.contains(&row.households)).count();
    expect(summary, "partition.grids", n, faults);
    expect(summary, "partition.in_range", in_range as f64, faults);
    expect(summary, "partition.disconnected", 0.0, faults);
    expect(summary, "partition.empty", 0.0, faults);
    let households: Vec<f64> = rows.iter().map(|row| row.households as f64).collect();
    let mean = households.iter().sum::<f64>() / n.max(1.0);
    if mean > 0.0 {
        let largest = households.iter().copied().fold(0.0, f64::max);
        let variance = households.iter().map(|h| (h - mean).powi(2)).sum::<f64>() / n;
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
    let mut holders: BTreeMap<u32, BTreeSet<&str>> = BTreeMap::new();
    for (atom, grid) in place.atoms.iter().zip(grid_of) {
        if let (Some(compound), Some(grid)) = (atom.compound, grid) {
            holders.entry(compound.0).or_default().insert(grid);
        }
    }
    let split = holders.values().filter(|grids| grids.len() > 1).count();
    expect(summary, "partition.compounds_split", split as f64, faults);
    // As with pieces, sites whose ground meets only around a bay may count here and not in the plan.
    let crossed = barriers_crossed(place, rules, grid_of) as u64;
    let told = summary["partition"]["barriers_crossed"].as_u64();
    if place.atom_kind != AtomKind::Sites || told.is_none_or(|told| told > crossed) {
        expect(summary, "partition.barriers_crossed", crossed as f64, faults);
    }
}

/// Grids with neighbours that a barrier parts.
fn barriers_crossed(place: &Place, rules: &Rules, grid_of: &[Option<&str>]) -> usize {
    if place.barriers.lines.is_empty() {
        return 0;
    }
    let reach = f64::from(rules.grids.opening_reach_m);
    let mut by_grid: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (a, grid) in grid_of.iter().enumerate() {
        by_grid.entry(grid.unwrap_or_default()).or_default().push(a);
    }
    let crossed = |atoms: &Vec<usize>| {
        let community = place.atoms[atoms[0]].community;
        let whole: Vec<usize> =
            (0..place.atoms.len()).filter(|&a| place.atoms[a].community == community).collect();
        atoms.iter().enumerate().any(|(i, &a)| {
            atoms[i + 1..].iter().any(|&b| {
                ground::parted(place, reach, place.atoms[a].anchor, place.atoms[b].anchor)
                    && ground::touch(place, a, b, &whole)
            })
        })
    };
    by_grid.values().filter(|atoms| crossed(atoms)).count()
}
