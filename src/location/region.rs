//! Sets made better region by region: some neighbouring open sites and all that could take their
//! place are chosen anew by linear relaxation and branching, while the others stay (POPMUSIC of
//! Taillard and Voss 2002).

use std::collections::HashSet;

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::rows::{Columns, Fate, Rows};
use super::simplex::{self, tree::Question};
use super::tree::{Found, Meter};

/// Sites of a region at most, about: at first, and how much larger, as a divisor, once no region
/// helps any more.
const SITES: usize = 110;
const LARGER: usize = 2;
const LARGEST: usize = 250;
/// Share of the work a region may take, as a divisor.
const SHARE: u64 = 8;

/// Makes the set of `best` better for so much work, or until its value is the bound or no region
/// helps any more; what it took.
pub(super) fn improve(rows: &Rows, scale: i64, best: &mut Found, work: u64, rng: &mut ChaCha8Rng) -> u64 {
    let columns = rows.columns();
    let mut meter = Meter { done: rows.entries.len() as u64, limit: work };
    let mut waiting: Vec<u32> = Vec::new();
    let mut size = SITES;
    // Regions in which nothing better was found; around them nothing has changed since.
    let mut vain: HashSet<Vec<u32>> = HashSet::new();
    let mut tried = true;
    while !meter.spent() && best.value > best.bound {
        if waiting.is_empty() {
            if !std::mem::replace(&mut tried, false) {
                size += size / LARGER;
                if size > LARGEST {
                    break;
                }
            }
            waiting.clone_from(&best.chosen);
            for k in 1..waiting.len() {
                waiting.swap(k, (rng.next_u64() % (k as u64 + 1)) as usize);
            }
        }
        let Some(seed) = waiting.pop() else { break };
        let (fate, count) = around(rows, &columns, &best.chosen, seed, size);
        let settled: Vec<u32> =
            (0u32..).zip(&fate).filter(|(_, fate)| **fate == Fate::Free).map(|(j, _)| j).collect();
        if !vain.insert(settled) {
            continue;
        }
        tried = true;
        let (local, names, _) = rows.restricted(&fate);
        meter.done += rows.entries.len() as u64 / 4;
        if count == 0 || count >= local.sites || local.len() == 0 {
            continue;
        }
        let chosen: Vec<u32> =
            (best.chosen.iter()).filter_map(|j| names.binary_search(j).ok()).map(|j| j as u32).collect();
        let mut found = Found { value: best.value, chosen, bound: i64::MIN };
        let goal = (i64::MIN, i64::MAX);
        let question = Question { count: Some(count), fee: 0, scale, goal, stepwise: false };
        let limit = meter.limit.min(meter.done + work / SHARE);
        let mut share = Meter { limit, ..meter };
        simplex::tree::search(&local, question, &[], &mut found, &mut share);
        meter.done = share.done;
        if found.value < best.value {
            vain.clear();
            best.value = found.value;
            best.chosen.retain(|j| fate[*j as usize] == Fate::Open);
            best.chosen.extend(found.chosen.iter().map(|j| names[*j as usize]));
        }
    }
    meter.done
}

/// What a region around an open site may decide, all else as it is; and how many of it are open.
fn around(rows: &Rows, columns: &Columns, chosen: &[u32], seed: u32, size: usize) -> (Vec<Fate>, usize) {
    let mut open = vec![false; rows.sites];
    chosen.iter().for_each(|j| open[*j as usize] = true);
    let mut fate = vec![Fate::Closed; rows.sites];
    chosen.iter().for_each(|j| fate[*j as usize] = Fate::Open);
    let mut queue = vec![seed];
    let (mut next, mut count, mut free) = (0, 0, 0);
    while let Some(&site) = queue.get(next)
        && free < size
    {
        next += 1;
        count += 1;
        fate[site as usize] = Fate::Free;
        for (row, _) in columns.of(site) {
            let row = rows.row(*row as usize);
            let mut served = row.iter().filter(|e| open[e.site as usize]);
            if served.next().is_none_or(|e| e.site != site) {
                continue;
            }
            // Whoever is nearer than the second nearest might serve it.
            let second = served.next().map_or(u32::MAX, |e| e.distance);
            for e in row.iter().take_while(|e| e.distance <= second) {
                let place = &mut fate[e.site as usize];
                if open[e.site as usize] {
                    if !queue.contains(&e.site) {
                        queue.push(e.site);
                    }
                } else if *place == Fate::Closed {
                    *place = Fate::Free;
                    free += 1;
                }
            }
        }
    }
    (fate, count)
}
