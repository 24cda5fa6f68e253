//! Households for whom there is floor: each site takes those in reach up to its capacity, and who may
//! go to several goes where it helps most.
//!
//! A maximum flow from sites to households (Ford and Fulkerson 1956), grown site by site: after one
//! more site every way that adds anything begins at it. What a set of sites serves is the rank of a
//! polymatroid, so that no set adds more than its sites add one by one. Atoms in reach of the same
//! sites are one row. One site more: O(ways · rows in reach · open sites).

use std::collections::BTreeMap;

/// Who could go where, and how many each site takes.
pub(super) struct Room {
    /// Households of each row.
    rows: Vec<u64>,
    /// For each candidate, then each standing centre, the rows in reach, ascending.
    reach: Vec<Vec<u32>>,
    /// Households each of them takes.
    capacity: Vec<u64>,
    candidates: usize,
}

/// Who goes where once some sites are open.
#[derive(Clone)]
pub(super) struct Flow {
    open: Vec<u32>,
    /// Capacity left to each open site.
    left: Vec<u64>,
    /// Households of each row that an open site takes, site by site.
    taken: Vec<Vec<u64>>,
    unserved: Vec<u64>,
    pub(super) served: u64,
}

impl Room {
    /// `reached` gives for each atom its households and the sites in reach: candidates by number, then
    /// standing centres.
    pub(super) fn new(
        reached: impl IntoIterator<Item = (u64, Vec<u32>)>,
        capacity: Vec<u64>,
        candidates: usize,
    ) -> Self {
        let mut by_sites: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        for (households, mut sites) in reached {
            sites.sort_unstable();
            *by_sites.entry(sites).or_default() += households;
        }
        by_sites.retain(|sites, households| !sites.is_empty() && *households > 0);
        let mut reach = vec![Vec::new(); capacity.len()];
        for (row, sites) in (0u32..).zip(by_sites.keys()) {
            sites.iter().for_each(|site| reach[*site as usize].push(row));
        }
        Self { rows: by_sites.into_values().collect(), reach, capacity, candidates }
    }

    /// With the standing centres open.
    pub(super) fn standing(&self) -> Flow {
        let none = Flow {
            open: Vec::new(),
            left: Vec::new(),
            taken: Vec::new(),
            unserved: self.rows.clone(),
            served: 0,
        };
        (self.candidates..self.capacity.len()).fold(none, |mut flow, site| {
            self.add(&mut flow, site as u32);
            flow
        })
    }

    /// Households that one more site serves beside those served already.
    pub(super) fn gain(&self, flow: &Flow, site: u32) -> u64 {
        let rows = &self.reach[site as usize];
        // Nobody to serve, or nobody who is served by another: no way needs to be looked for.
        let fresh: u64 = rows.iter().map(|row| flow.unserved[*row as usize]).sum();
        let most = self.capacity[site as usize].min(flow.unserved.iter().sum());
        if fresh >= most {
            return most;
        }
        let mut with = flow.clone();
        self.add(&mut with, site);
        with.served - flow.served
    }

    /// Opens one more site.
    pub(super) fn add(&self, flow: &mut Flow, site: u32) {
        let own = flow.open.len();
        flow.open.push(site);
        flow.left.push(self.capacity[site as usize]);
        flow.taken.push(vec![0; self.rows.len()]);
        while flow.left[own] > 0 {
            let Some((ways, last, row)) = self.way(flow, own) else { break };
            // The slot that takes over a row, the slot it takes it from, and the row.
            let amount = ways
                .iter()
                .map(|&(_, from, row)| flow.taken[from][row])
                .fold(flow.left[own].min(flow.unserved[row]), u64::min);
            flow.unserved[row] -= amount;
            flow.taken[last][row] += amount;
            for &(to, from, row) in &ways {
                flow.taken[from][row] -= amount;
                flow.taken[to][row] += amount;
            }
            flow.left[own] -= amount;
            flow.served += amount;
        }
    }

    /// The shortest way from an open site to somebody unserved, who takes over from whom on the way:
    /// the last site and the row it newly serves.
    #[expect(clippy::type_complexity, reason = "a way is its steps and where it ends")]
    fn way(&self, flow: &Flow, own: usize) -> Option<(Vec<(usize, usize, usize)>, usize, usize)> {
        let mut from: Vec<Option<(usize, usize)>> = vec![None; flow.open.len()];
        let mut queue = vec![own];
        let mut head = 0;
        while let Some(&slot) = queue.get(head) {
            head += 1;
            for &row in &self.reach[flow.open[slot] as usize] {
                let row = row as usize;
                if flow.unserved[row] > 0 {
                    let mut steps = Vec::new();
                    let mut at = slot;
                    while let Some((before, row)) = from[at] {
                        steps.push((before, at, row));
                        at = before;
                    }
                    return Some((steps, slot, row));
                }
                for (other, before) in from.iter_mut().enumerate() {
                    if other != own && before.is_none() && flow.taken[other][row] > 0 {
                        *before = Some((slot, row));
                        queue.push(other);
                    }
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_frees_another_for_those_only_that_one_reaches() {
        // The standing centre takes the ten it shares with the candidate first or those of its own.
        let reached = [(10, vec![0, 1]), (10, vec![1])];
        let room = Room::new(reached, vec![10, 10], 1);
        let flow = room.standing();
        assert_eq!(flow.served, 10);
        assert_eq!(room.gain(&flow, 0), 10);
    }

    /// The least cut: sites paid for, and households of rows that another site reaches.
    fn cut(reached: &[(u64, Vec<u32>)], capacity: &[u64], open: u32) -> u64 {
        let sites: Vec<u32> = (0..capacity.len() as u32).filter(|s| open >> s & 1 == 1).collect();
        let of = |paid: u32| -> u64 {
            let pay: u64 = sites.iter().filter(|s| paid >> **s & 1 == 1).map(|s| capacity[*s as usize]).sum();
            let met = |row: &&(u64, Vec<u32>)| row.1.iter().any(|s| sites.contains(s) && paid >> s & 1 == 0);
            pay + reached.iter().filter(met).map(|row| row.0).sum::<u64>()
        };
        (0..1u32 << capacity.len()).map(of).min().unwrap_or(0)
    }

    #[test]
    fn what_is_served_is_the_least_cut_in_any_order() {
        let mut state = 11u64;
        let mut draw = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for _ in 0..400 {
            let sites = 1 + draw(6) as usize;
            let reached: Vec<(u64, Vec<u32>)> = (0..draw(9))
                .map(|_| (draw(20), (0..sites as u32).filter(|_| draw(2) == 0).collect()))
                .collect();
            let capacity: Vec<u64> = (0..sites).map(|_| draw(25)).collect();
            let standing = draw(sites as u64 + 1) as usize;
            let room = Room::new(reached.clone(), capacity.clone(), sites - standing);
            let mut flow = room.standing();
            let mut open = ((1u32 << standing) - 1) << (sites - standing);
            assert_eq!(flow.served, cut(&reached, &capacity, open));
            for site in (0..(sites - standing) as u32).rev() {
                open |= 1 << site;
                let gain = room.gain(&flow, site);
                let before = flow.served;
                room.add(&mut flow, site);
                assert_eq!(flow.served, cut(&reached, &capacity, open));
                assert_eq!(flow.served - before, gain);
            }
        }
    }
}
