//! Grids that are given: exclusive sites named in the layer of atoms, and grids in force that the
//! table of the plan in force locks. One locked line locks its whole grid.

use std::collections::{BTreeMap, BTreeSet};

use crate::io::Problems;
use crate::io::config::PlaceFile;
use crate::io::layers::{RawFeature, RawLayer};
use crate::io::tables::Table;
use crate::model::ids::CommunityId;
use crate::model::place::{Given, GivenKind, Place};
use crate::model::problem::{At, Kind};

/// The exclusive site of each atom that is part of one: the name that stands there, or for a plain
/// yes the compound, or else the atom alone. O(n log n).
pub(super) fn exclusive(layer: &RawLayer) -> BTreeMap<String, String> {
    let yes = |f: &&RawFeature| f.exclusive.as_deref().is_some_and(|text| !is_no(text));
    let mut features: Vec<&RawFeature> = layer.features.iter().filter(yes).collect();
    features.sort_by(|a, b| a.code.cmp(&b.code));
    let mut of_compound: BTreeMap<&str, String> = BTreeMap::new();
    let mut sites = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for feature in features {
        let said = feature.exclusive.as_deref().filter(|text| !is_yes(text));
        let own = || {
            let name = feature.name.as_deref().map_or(feature.code.as_str(), without_number);
            // Two sites of one name stay two.
            let there = taken.contains(name);
            if there { format!("{name}（{}）", feature.code) } else { name.to_owned() }
        };
        let site = match (said, feature.compound.as_deref()) {
            (Some(name), _) => name.to_owned(),
            (None, Some(compound)) => of_compound.entry(compound).or_insert_with(own).clone(),
            (None, None) => own(),
        };
        taken.insert(site.clone());
        sites.insert(feature.code.clone(), site);
    }
    sites
}

/// 枫岗厂1号楼 is a building of 枫岗厂.
fn without_number(name: &str) -> &str {
    let stem = ["号楼", "號樓", "栋", "棟", "幢", "座"].iter().find_map(|end| name.strip_suffix(end));
    let stem = stem.map(|s| s.trim_end_matches(|c: char| c.is_ascii_alphanumeric())).unwrap_or(name);
    if stem.is_empty() { name } else { stem }
}

/// Fills `place.given` and the atoms' places in it, in the order of community, kind and name.
pub(super) fn settle(
    file: &PlaceFile,
    exclusive: &BTreeMap<String, String>,
    in_force: Option<&Table>,
    place: &mut Place,
    problems: &mut Problems,
) {
    let table = in_force.zip(file.existing_grids.as_ref()).filter(|(_, spec)| spec.locked.named);
    let locked: BTreeSet<&str> = table.map_or_else(BTreeSet::new, |(table, spec)| {
        let locks = |row: &usize| table.cell(*row, &spec.locked.name).is_some_and(is_lock);
        (0..table.rows()).filter(locks).filter_map(|row| table.cell(row, &spec.grid.name)).collect()
    });
    if let Some((table, spec)) = table {
        let said = |row| table.cell(row, &spec.locked.name).filter(|text| !is_no(text) && !is_lock(text));
        for (row, value) in (0..table.rows()).filter_map(|row| Some((row, said(row)?))) {
            let kind = Kind::YesUnclear { value: value.chars().take(20).collect() };
            problems.add(&table.file, table.at(row), Some(&spec.locked.name), kind);
        }
    }
    let mut sets: BTreeMap<(CommunityId, bool, String), Vec<usize>> = BTreeMap::new();
    let mut swallowed = BTreeSet::new();
    for (i, atom) in place.atoms.iter().enumerate() {
        let code = atom.grid_in_force.map(|grid| &place.grids_in_force[grid as usize]);
        let code = code.filter(|code| locked.contains(code.as_str()));
        let site = exclusive.get(&atom.code);
        if let (Some(name), Some(grid)) = (site, code) {
            swallowed.insert((name.clone(), grid.clone()));
        }
        let key = match (code, site) {
            (Some(code), _) => (true, code.clone()),
            (None, Some(name)) => (false, name.clone()),
            (None, None) => continue,
        };
        sets.entry((atom.community, key.0, key.1)).or_default().push(i);
    }
    let mut homes: BTreeMap<(bool, &str), Vec<&str>> = BTreeMap::new();
    for (community, locks, name) in sets.keys() {
        homes.entry((*locks, name)).or_default().push(&place.communities[community.index()].name);
    }
    let grids = file.existing_grids.as_ref().map_or("", |spec| spec.file.as_str());
    let atoms = file.atoms.as_ref().map_or("", |spec| spec.source.file.as_str());
    for ((locks, name), communities) in homes.into_iter().filter(|(_, homes)| homes.len() > 1) {
        let (name, communities) = (name.to_owned(), communities.join(", "));
        if locks {
            problems.add(grids, At::Whole, None, Kind::GivenAcross { grid: name, communities });
        } else {
            problems.add(atoms, At::Whole, None, Kind::ExclusiveAcross { name, communities });
        }
    }
    for (name, grid) in swallowed {
        problems.add(atoms, At::Whole, None, Kind::ExclusiveLocked { name, grid });
    }
    let locked = sets.keys().filter(|(_, locks, _)| *locks).count();
    if !sets.is_empty() {
        let kind = Kind::GivenSummary { exclusive: sets.len() - locked, locked };
        problems.add(if locked > 0 { grids } else { atoms }, At::Whole, None, kind);
    }
    for (number, ((community, locks, name), members)) in (0u32..).zip(sets) {
        let position = || place.grids_in_force.binary_search(&name).map_or(0, |grid| grid as u32);
        let kind = if locks { GivenKind::Locked { grid: position() } } else { GivenKind::Exclusive { name } };
        for atom in members {
            place.atoms[atom].given = Some(number);
        }
        place.given.push(Given { community, kind });
    }
}

/// Words for yes in a column of yes and no.
fn is_yes(text: &str) -> bool {
    matches!(text.trim().to_lowercase().as_str(), "yes" | "y" | "true" | "1" | "是")
}

/// Words for locked; anything else locks nothing, which is reported.
fn is_lock(text: &str) -> bool {
    is_yes(text)
        || matches!(text.trim().to_lowercase().as_str(), "锁定" | "已锁定" | "鎖定" | "locked" | "lock")
}

/// Words for no in a column of yes and no.
fn is_no(text: &str) -> bool {
    matches!(
        text.trim().to_lowercase().as_str(),
        "" | "no" | "n" | "false" | "0" | "否" | "无" | "null" | "none" | "—" | "－" | "-" | "/"
    )
}
