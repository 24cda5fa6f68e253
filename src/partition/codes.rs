//! Codes and names of grids, and what became of the grids in force.
//!
//! A new code is the community's code and three digits: bands from north to south by duty point,
//! west to east inside a band, ties by the other coordinate, then by smallest atom. Where a plan
//! is in force, the grid with most of an old one's households inherits its code; one heir only,
//! and a code is never reused.

use std::collections::{BTreeMap, BTreeSet};

use super::grids::Numbered;
use crate::index::fabric::Fabric;
use crate::model::place::Place;
use crate::model::plan::{Change, ChangeKind};

/// What [`assign`] found out about the plan in force.
pub(super) struct Changes {
    pub(super) lines: Vec<Change>,
    pub(super) households_moved: Option<u64>,
    pub(super) codes_kept: u32,
}

/// The largest number of a basic grid; 901 to 999 are for exclusive grids.
const BASIC_MAX: u32 = 899;

/// Gives every grid its code and name.
pub(super) fn assign(place: &Place, fabric: &Fabric, grids: &mut [Numbered]) -> Changes {
    let shared = shared_households(fabric, grids);
    let heirs = heirs(place, &shared);
    let used: BTreeSet<&str> = place.grids_in_force.iter().map(String::as_str).collect();
    let mut by_community: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, numbered) in grids.iter().enumerate() {
        by_community.entry(numbered.grid.community.0).or_default().push(i);
    }
    for (community, members) in by_community {
        let community = &place.communities[community as usize];
        let mut next = 1;
        for i in in_bands(fabric, grids, members) {
            let code = match heirs.get(&i) {
                Some(&old) => place.grids_in_force[old as usize].clone(),
                None => loop {
                    let code = format!("{}{next:03}", community.code);
                    next += if next == BASIC_MAX { 101 } else { 1 };
                    if !used.contains(code.as_str()) {
                        break code;
                    }
                },
            };
            let number = code.strip_prefix(&community.code).unwrap_or(&code);
            let number = number.trim_start_matches('0');
            grids[i].grid.name = format!("{}第{number}网格", community.name);
            grids[i].grid.code = code;
        }
    }
    changes(place, fabric, grids, &shared, &heirs)
}

/// Grids of a community in the order in which they are numbered.
fn in_bands(fabric: &Fabric, grids: &[Numbered], members: Vec<usize>) -> Vec<usize> {
    let spot = |i: usize| fabric.spots[grids[i].grid.duty_point.index()];
    let north = members.iter().map(|&i| spot(i)[1]).max().unwrap_or(0);
    let south = members.iter().map(|&i| spot(i)[1]).min().unwrap_or(0);
    // As many bands as a square has rows.
    let bands = (members.len() as f64).sqrt().ceil() as i64;
    let height = ((north - south) / bands.max(1) + 1).max(1);
    let mut order = members;
    order.sort_by_key(|&i| {
        let [x, y] = spot(i);
        ((north - y) / height, x, -y, grids[i].atoms[0])
    });
    order
}

/// Households that each grid in force shares with each new one.
fn shared_households(fabric: &Fabric, grids: &[Numbered]) -> BTreeMap<(u32, usize), u64> {
    let mut shared = BTreeMap::new();
    for (i, numbered) in grids.iter().enumerate() {
        for &atom in &numbered.atoms {
            if let Some(old) = fabric.grid_in_force[atom as usize] {
                *shared.entry((old, i)).or_insert(0) += u64::from(fabric.counts[atom as usize].households);
            }
        }
    }
    shared
}

/// New grid to the old one whose code it inherits: most shared households first.
fn heirs(place: &Place, shared: &BTreeMap<(u32, usize), u64>) -> BTreeMap<usize, u32> {
    let mut pairs: Vec<(u64, u32, usize)> = shared.iter().map(|(&(old, new), &h)| (h, old, new)).collect();
    pairs.sort_by_key(|&(h, old, new)| (std::cmp::Reverse(h), &place.grids_in_force[old as usize], new));
    let mut heirs = BTreeMap::new();
    let mut gone = BTreeSet::new();
    for (_, old, new) in pairs {
        if !gone.contains(&old) && !heirs.contains_key(&new) {
            gone.insert(old);
            heirs.insert(new, old);
        }
    }
    heirs
}

fn changes(
    place: &Place,
    fabric: &Fabric,
    grids: &[Numbered],
    shared: &BTreeMap<(u32, usize), u64>,
    heirs: &BTreeMap<usize, u32>,
) -> Changes {
    if place.grids_in_force.is_empty() {
        return Changes { lines: Vec::new(), households_moved: None, codes_kept: 0 };
    }
    let parts = |old: u32| shared.range((old, 0)..(old + 1, 0)).count();
    let sources = |new: usize| shared.keys().filter(|(_, n)| *n == new).count();
    let heir_of: BTreeMap<u32, usize> = heirs.iter().map(|(&new, &old)| (old, new)).collect();
    let mut lines = Vec::new();
    let mut kept = 0u64;
    for (&(old, new), &households) in shared {
        let inherits = heirs.get(&new) == Some(&old);
        kept += if inherits { households } else { 0 };
        let kind = match (inherits, parts(old), sources(new)) {
            (true, 1, 1) => ChangeKind::Kept,
            (_, 1, _) if !heir_of.contains_key(&old) => ChangeKind::Merged,
            (true, 1, _) => ChangeKind::Merged,
            (false, _, _) if !heirs.contains_key(&new) => ChangeKind::Split,
            _ => ChangeKind::Adjusted,
        };
        let (old, new) = (place.grids_in_force[old as usize].clone(), grids[new].grid.code.clone());
        lines.push(Change { old: Some(old), new: Some(new), households, kind });
    }
    for (i, numbered) in grids.iter().enumerate().filter(|(i, _)| !heirs.contains_key(i)) {
        let households = newcomers(fabric, &grids[i]);
        let (new, kind) = (Some(numbered.grid.code.clone()), ChangeKind::Added);
        lines.push(Change { old: None, new, households, kind });
    }
    for (old, code) in (0u32..).zip(&place.grids_in_force).filter(|(old, _)| !heir_of.contains_key(old)) {
        let households = shared.range((old, 0)..(old + 1, 0)).map(|(_, h)| h).sum();
        lines.push(Change { old: Some(code.clone()), new: None, households, kind: ChangeKind::Dissolved });
    }
    lines.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    let had_grid = |a: &usize| fabric.grid_in_force[*a].is_some();
    let all: u64 = (0..fabric.len()).filter(had_grid).map(|a| u64::from(fabric.counts[a].households)).sum();
    Changes { lines, households_moved: Some(all - kept), codes_kept: heirs.len() as u32 }
}

/// Households of a grid that belonged to none before.
fn newcomers(fabric: &Fabric, numbered: &Numbered) -> u64 {
    let fresh = numbered.atoms.iter().filter(|&&a| fabric.grid_in_force[a as usize].is_none());
    fresh.map(|&a| u64::from(fabric.counts[a as usize].households)).sum()
}
