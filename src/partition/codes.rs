//! Codes and names of grids, and what became of the grids in force.
//!
//! A new code is the community's code and three digits: bands from north to south by duty point,
//! west to east inside a band, ties by the other coordinate, then by smallest atom. Where a plan
//! is in force, the grid with most of an old one's households inherits its code; one heir only,
//! and a code is never reused.

use std::collections::{BTreeMap, BTreeSet};

use super::grids::Numbered;
use crate::index::fabric::Fabric;
use crate::model::place::{GivenKind, Place};
use crate::model::plan::{Change, ChangeKind};

/// What [`assign`] found out about the plan in force.
pub(super) struct Changes {
    pub(super) lines: Vec<Change>,
    pub(super) households_moved: Option<u64>,
    pub(super) codes_kept: u32,
}

/// The largest number of any grid.
const NUMBER_MAX: u32 = 999;

/// The largest number of a basic grid; 901 to 999 are for exclusive grids.
const BASIC_MAX: u32 = 899;

/// Gives every grid its code and name.
pub(super) fn assign(place: &Place, fabric: &Fabric, grids: &mut [Numbered]) -> Changes {
    let shared = shared_households(fabric, grids);
    let heirs = heirs(place, grids, &shared);
    let used: BTreeSet<&str> = place.grids_in_force.iter().map(String::as_str).collect();
    let mut by_community: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, numbered) in grids.iter().enumerate() {
        by_community.entry(numbered.grid.community.0).or_default().push(i);
    }
    let mut given_codes = BTreeSet::new();
    for (community, members) in by_community {
        let community = &place.communities[community as usize];
        let (mut basic, mut exclusive) = (1, BASIC_MAX + 2);
        for i in in_bands(fabric, grids, members) {
            let site = exclusive_site(place, &grids[i]);
            let code = match heirs.get(&i) {
                Some(&old) => place.grids_in_force[old as usize].clone(),
                None => loop {
                    // Past 999 an exclusive grid takes a number of the others rather than a fourth digit.
                    let own = site.is_some() && exclusive <= NUMBER_MAX;
                    let next = if own { &mut exclusive } else { &mut basic };
                    let code = format!("{}{next:03}", community.code);
                    // Past its numbers each kind goes on above a thousand.
                    *next += if *next == BASIC_MAX { 101 } else { 1 };
                    if !used.contains(code.as_str()) && given_codes.insert(code.clone()) {
                        break code;
                    }
                },
            };
            let number = code.strip_prefix(&community.code).filter(|n| n.len() == 3);
            grids[i].grid.name = match (site, number) {
                (Some(site), _) => format!("{}{site}专属网格", community.name),
                (None, Some(number)) => format!("{}第{}网格", community.name, number.trim_start_matches('0')),
                (None, None) => format!("{}{code}网格", community.name),
            };
            grids[i].grid.code = code;
        }
    }
    changes(place, fabric, grids, &shared, &heirs)
}

/// The site of an exclusive grid.
fn exclusive_site<'a>(place: &'a Place, numbered: &Numbered) -> Option<&'a str> {
    match &place.given[numbered.grid.given? as usize].kind {
        GivenKind::Exclusive { name } => Some(name),
        GivenKind::Locked { .. } => None,
    }
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

/// New grid to the old one whose code it inherits: most shared households first. A code that carries
/// another community's code does not move in with its people.
fn heirs(place: &Place, grids: &[Numbered], shared: &BTreeMap<(u32, usize), u64>) -> BTreeMap<usize, u32> {
    let fits = |old: u32, new: usize| {
        let code = &place.grids_in_force[old as usize];
        let home = &place.communities[grids[new].grid.community.index()].code;
        let at_home = code.starts_with(home.as_str())
            || !place.communities.iter().any(|c| code.starts_with(c.code.as_str()));
        let number = code.strip_prefix(home.as_str()).filter(|n| n.len() == 3).and_then(|n| n.parse().ok());
        let kind =
            number.is_none_or(|n: u32| (n > BASIC_MAX) == exclusive_site(place, &grids[new]).is_some());
        at_home && kind
    };
    let mut pairs: Vec<(u64, u32, usize)> = shared
        .iter()
        .filter(|&(&(old, new), &h)| h > 0 && fits(old, new))
        .map(|(&(old, new), &h)| (h, old, new))
        .collect();
    pairs.sort_by_key(|&(h, old, new)| (std::cmp::Reverse(h), &place.grids_in_force[old as usize], new));
    // Heirs that are settled come first. One that shares no atom with the old grid is none.
    let settled = grids.iter().enumerate().filter_map(|(new, numbered)| Some((new, numbered.heir_of?)));
    let mut heirs: BTreeMap<usize, u32> =
        settled.filter(|&(new, old)| shared.contains_key(&(old, new))).collect();
    let mut gone: BTreeSet<u32> = heirs.values().copied().collect();
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
    let heir_of: BTreeMap<u32, usize> = heirs.iter().map(|(&new, &old)| (old, new)).collect();
    let ended = |old: u32| !heir_of.contains_key(&old);
    // Households count, not empty ground that changed sides.
    let flows: Vec<(u32, usize, u64)> =
        shared.iter().filter(|(_, h)| **h > 0).map(|(&(old, new), &h)| (old, new, h)).collect();
    let mut lines = Vec::new();
    let mut moved = 0;
    for &(old, new, households) in &flows {
        let stays = heirs.get(&new) == Some(&old);
        let leaves = |to_fresh: bool| {
            flows.iter().any(|&(o, n, _)| o == old && n != new && heirs.contains_key(&n) != to_fresh)
        };
        let joins =
            |from_ended: bool| flows.iter().any(|&(o, n, _)| n == new && o != old && ended(o) == from_ended);
        let kind = match (stays, ended(old), heirs.contains_key(&new)) {
            (true, _, _) if joins(true) => ChangeKind::Merged,
            (true, _, _) if leaves(true) => ChangeKind::Split,
            (true, _, _) if leaves(false) || joins(false) => ChangeKind::Adjusted,
            (true, _, _) => ChangeKind::Kept,
            (false, true, true) => ChangeKind::Merged,
            (false, _, false) => ChangeKind::Split,
            (false, false, true) => ChangeKind::Adjusted,
        };
        let move_count = if stays { 0 } else { households };
        moved += move_count;
        let (old, new) = (place.grids_in_force[old as usize].clone(), grids[new].grid.code.clone());
        lines.push(Change { old: Some(old), new: Some(new), households, moved: move_count, kind });
    }
    let from_old = |new: usize| flows.iter().any(|&(_, n, _)| n == new);
    for (i, numbered) in grids.iter().enumerate().filter(|(i, _)| !heirs.contains_key(i) && !from_old(*i)) {
        let (new, households) = (Some(numbered.grid.code.clone()), newcomers(fabric, &grids[i]));
        lines.push(Change { old: None, new, households, moved: 0, kind: ChangeKind::Added });
    }
    for (_, code) in (0u32..).zip(&place.grids_in_force).filter(|(old, _)| ended(*old)) {
        let line = Change {
            old: Some(code.clone()),
            new: None,
            households: 0,
            moved: 0,
            kind: ChangeKind::Dissolved,
        };
        lines.push(line);
    }
    lines.sort_by(|a, b| (&a.old, &a.new).cmp(&(&b.old, &b.new)));
    Changes { lines, households_moved: Some(moved), codes_kept: heirs.len() as u32 }
}

/// Households of a grid that belonged to none before.
fn newcomers(fabric: &Fabric, numbered: &Numbered) -> u64 {
    let fresh = numbered.atoms.iter().filter(|&&a| fabric.grid_in_force[a as usize].is_none());
    fresh.map(|&a| u64::from(fabric.counts[a as usize].households)).sum()
}
