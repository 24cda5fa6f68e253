//! What a search begins with: how much it takes, how thorough it is, where it starts.

use super::{Question, TRIED};
use crate::location::rows::Rows;

/// Roots' worth of work from which on one more site is tried.
const ROOTS: u64 = 40;

/// About the work it takes to solve the relaxation of some rows, by trial: half as many steps more
/// than there are sites, each over all entries and a kernel.
pub(in crate::location) fn work_of(rows: &Rows) -> u64 {
    work_over(rows, rows.sites)
}

/// The same over so many of their sites.
pub(in crate::location) fn work_over(rows: &Rows, sites: usize) -> u64 {
    let entries = (rows.entries.len() / rows.sites.max(1) * sites) as u64;
    let sites = sites as u64;
    (sites * 3 / 2).saturating_mul(2 * entries + sites * sites / 5)
}

/// Sites to try at a node: trials of many pay only where there is work for a large tree.
pub(super) fn enough(left: u64, root: u64) -> usize {
    (left / root.max(1) / ROOTS).clamp(1, TRIED as u64) as usize
}

/// Sites to start from: those of the best set that are left, filled up.
pub(super) fn first(rows: &Rows, question: Question, names: &[u32], chosen: &[u32]) -> Vec<u32> {
    let mut taken = vec![false; rows.sites];
    let mut start: Vec<u32> =
        chosen.iter().filter_map(|j| names.binary_search(j).ok()).map(|j| j as u32).collect();
    start.sort_unstable();
    let Some(p) = question.count else { return start };
    start.truncate(p);
    start.iter().for_each(|j| taken[*j as usize] = true);
    let spare = (0..rows.sites as u32).filter(|j| !taken[*j as usize]);
    let short = p - start.len();
    start.extend(spare.take(short).collect::<Vec<u32>>());
    start
}
