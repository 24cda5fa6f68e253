//! Cuts of covering rows: of three rows that overlap in pairs, one site never serves all that parts
//! of three sites seem to.
//!
//! Half the sum of three rows, rounded up (Caprara and Fischetti 1996), says that sites, each counted
//! once if it is in one or two of the rows and twice if in all three, and rows left out add up to at
//! least two. A row's being left out is a helping site that serves the row and its cuts at the row's
//! weight and is not counted, so that cuts are rows like others, to be served twice.

use std::collections::HashMap;

use crate::location::instance::Entry;
use crate::location::rows::Rows;

/// What a row of a cut may be served beyond one, and left out by.
const NEAR: f64 = 0.35;
const LEFT: f64 = 0.1;
/// Least and most that two rows of a cut have in common.
const COMMON: (f64, f64) = (0.2, 0.8);
/// Least that two of them have in common: a third.
const MOST: f64 = 0.33;
/// How much a cut has to be violated.
const VIOLATED: f64 = 0.05;
/// Shares that count as none.
const NONE: f64 = 1e-6;
/// Rows looked at, heaviest first; cuts of a round, and of one row in it and at all.
const ROWS_MAX: usize = 1500;
const CUTS_MAX: usize = 400;
const EACH: u8 = 5;
const EACH_MAX: u8 = 12;

/// Cuts by their three rows, and the rows that have a helping site.
#[derive(Clone, Debug, Default)]
pub(super) struct Cuts {
    cuts: Vec<[u32; 3]>,
    helped: Vec<u32>,
    helper: Vec<Option<u32>>,
    used: Vec<u8>,
}

/// A row as it stands at a vertex.
struct Candidate {
    row: u32,
    sites: Vec<u32>,
    sum: f64,
    left: f64,
}

impl Cuts {
    /// None yet.
    pub(super) fn new(rows: &Rows) -> Self {
        let (helper, used) = (vec![None; rows.len()], vec![0; rows.len()]);
        Self { cuts: Vec::new(), helped: Vec::new(), helper, used }
    }

    /// The rows that have a helping site, in the order of these sites.
    pub(super) fn helped(&self) -> &[u32] {
        &self.helped
    }

    /// Rows, with helping sites after the others and cuts after the rows.
    pub(super) fn rows(&self, rows: &Rows) -> Rows {
        let mut all = Rows::new(rows.sites + self.helped.len());
        all.constant = rows.constant;
        let site_of =
            |row: u32| self.helper[row as usize].map(|k| Entry { distance: 0, site: rows.sites as u32 + k });
        for row in 0..rows.len() {
            let own = site_of(row as u32);
            all.push(rows.weight[row], 1, rows.row(row).iter().copied().chain(own));
        }
        let mut times = vec![0u8; rows.sites];
        for cut in &self.cuts {
            let lists = || cut.iter().flat_map(|row| rows.row(*row as usize));
            lists().for_each(|e| times[e.site as usize] += 1);
            let mut entries: Vec<Entry> = cut.iter().filter_map(|row| site_of(*row)).collect();
            for e in lists() {
                let often = std::mem::take(&mut times[e.site as usize]).div_ceil(2);
                entries.extend(std::iter::repeat_n(*e, often as usize));
            }
            // No cut is worth more than leaving out its lightest row.
            let weight = cut.iter().map(|row| rows.weight[*row as usize]).min().unwrap_or(0);
            all.push(weight, 1, entries);
        }
        all
    }

    /// Adds cuts that shares of sites violate; how many, and the work it took.
    pub(super) fn separate(&mut self, rows: &Rows, x: &[f64]) -> (usize, u64) {
        let found = self.candidates(rows, x);
        let mut work = rows.entries.len() as u64;
        let mut by_site: Vec<Vec<u32>> = vec![Vec::new(); rows.sites];
        for (k, candidate) in (0u32..).zip(&found) {
            candidate.sites.iter().for_each(|j| by_site[*j as usize].push(k));
        }
        let mut common = vec![0.0; found.len()];
        let near: Vec<Vec<(u32, f64)>> = (0..found.len())
            .map(|a| {
                let mut seen = Vec::new();
                for j in &found[a].sites {
                    for b in by_site[*j as usize].iter().filter(|b| **b as usize != a) {
                        if common[*b as usize] == 0.0 {
                            seen.push(*b);
                        }
                        common[*b as usize] += x[*j as usize];
                    }
                    work += by_site[*j as usize].len() as u64;
                }
                seen.sort_unstable();
                let near = seen.into_iter().map(|b| (b, std::mem::take(&mut common[b as usize])));
                let mut near: Vec<(u32, f64)> =
                    near.filter(|(_, c)| *c > COMMON.0 && *c < COMMON.1).collect();
                near.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                near
            })
            .collect();
        let mut violated: Vec<(f64, [u32; 3])> = Vec::new();
        let mut in_a = vec![false; rows.sites];
        let mut in_both = vec![false; rows.sites];
        for (a, first) in found.iter().enumerate() {
            near[a].iter().for_each(|(b, c)| common[*b as usize] = *c);
            first.sites.iter().for_each(|j| in_a[*j as usize] = true);
            // Of the three things two rows have in common, all more than one together, this is the largest.
            for &(b, ab) in near[a].iter().filter(|(b, ab)| *b as usize > a && *ab > MOST) {
                let second = &found[b as usize];
                let pair = first.sum + second.sum + first.left + second.left - ab - 2.0 + VIOLATED;
                let mut marked = false;
                // The third has no more in common with either, and its own sum is one or more.
                let fewest = pair + 1.0 - ab;
                let some = near[b as usize].partition_point(|(_, bc)| *bc > ab);
                for &(c, bc) in near[b as usize][some..].iter().take_while(|(_, bc)| *bc >= fewest) {
                    work += 1;
                    let ac = common[c as usize];
                    let third = &found[c as usize];
                    let least = pair + third.sum + third.left - ac - bc;
                    if least > 0.0 || ac == 0.0 || ac > ab {
                        continue;
                    }
                    if !std::mem::replace(&mut marked, true) {
                        second.sites.iter().for_each(|j| in_both[*j as usize] = in_a[*j as usize]);
                    }
                    let all = third.sites.iter().filter(|j| in_both[**j as usize]);
                    let all: f64 = all.map(|j| x[*j as usize]).sum();
                    work += third.sites.len() as u64;
                    if least + 2.0 * all <= 0.0 {
                        let mut cut = [first.row, second.row, third.row];
                        cut.sort_unstable();
                        let weight = cut.iter().map(|row| rows.weight[*row as usize]).min().unwrap_or(0);
                        violated.push(((least + 2.0 * all - VIOLATED) * (weight as f64).sqrt(), cut));
                    }
                }
                second.sites.iter().for_each(|j| in_both[*j as usize] = false);
            }
            first.sites.iter().for_each(|j| in_a[*j as usize] = false);
            near[a].iter().for_each(|(b, _)| common[*b as usize] = 0.0);
        }
        violated.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        violated.dedup_by_key(|v| v.1);
        (self.take(&violated), work)
    }

    /// Takes the cuts violated most, few of each row.
    fn take(&mut self, violated: &[(f64, [u32; 3])]) -> usize {
        let mut now: HashMap<u32, u8> = HashMap::new();
        let before = self.cuts.len();
        for (_, cut) in violated {
            if self.cuts.len() >= before + CUTS_MAX {
                break;
            }
            let full =
                |row: &u32| now.get(row).is_some_and(|n| *n >= EACH) || self.used[*row as usize] >= EACH_MAX;
            if cut.iter().any(full) || self.cuts.contains(cut) {
                continue;
            }
            for row in cut {
                *now.entry(*row).or_default() += 1;
                self.used[*row as usize] += 1;
                if self.helper[*row as usize].is_none() {
                    self.helper[*row as usize] = Some(self.helped.len() as u32);
                    self.helped.push(*row);
                }
            }
            self.cuts.push(*cut);
        }
        self.cuts.len() - before
    }

    /// Rows nearly tight, one for each set of sites in part.
    fn candidates(&self, rows: &Rows, x: &[f64]) -> Vec<Candidate> {
        let mut place: HashMap<Vec<u32>, usize> = HashMap::new();
        let mut found: Vec<Candidate> = Vec::new();
        for row in 0..rows.len() {
            let sites: Vec<u32> =
                rows.row(row).iter().map(|e| e.site).filter(|j| x[*j as usize] > NONE).collect();
            let sum: f64 = sites.iter().map(|j| x[*j as usize]).sum();
            let helped = self.helper[row].map_or(0.0, |k| x[rows.sites + k as usize]);
            let left = helped.max(1.0 - sum).max(0.0);
            if sites.len() < 2 || left > LEFT || sum + left - 1.0 > NEAR {
                continue;
            }
            let next = found.len();
            let at = *place.entry(sites.clone()).or_insert(next);
            if at == next {
                found.push(Candidate { row: row as u32, sites, sum, left });
            } else if rows.weight[row] > rows.weight[found[at].row as usize] {
                found[at] = Candidate { row: row as u32, sites, sum, left };
            }
        }
        found.sort_by_key(|c| (std::cmp::Reverse(rows.weight[c.row as usize]), c.row));
        found.truncate(ROWS_MAX);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(lists: &[&[u32]], sites: usize) -> Rows {
        let mut rows = Rows::new(sites);
        for list in lists {
            rows.push(10, 1, list.iter().map(|site| Entry { distance: 0, site: *site }));
        }
        rows
    }

    #[test]
    fn an_odd_circle_is_cut_once() {
        let rows = listed(&[&[0, 1], &[1, 2], &[0, 2]], 3);
        let mut cuts = Cuts::new(&rows);
        assert_eq!(cuts.separate(&rows, &[0.5; 3]).0, 1);
        assert_eq!(cuts.helped(), [0, 1, 2]);
        let all = cuts.rows(&rows);
        let last: Vec<u32> = all.row(3).iter().map(|e| e.site).collect();
        assert_eq!(last, [0, 1, 2, 3, 4, 5]);
        assert_eq!(cuts.separate(&rows, &[0.5, 0.5, 0.5, 0.0, 0.0, 0.0]).0, 0, "the same cut again");
        assert_eq!(Cuts::new(&rows).separate(&rows, &[1.0, 1.0, 0.0]).0, 0, "whole sites violate none");
    }

    /// Whatever sites are open, once or twice in a cut, and rows left out come to two or more.
    #[test]
    fn no_choice_of_sites_violates_a_cut() {
        let mut state = 7u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        let mut seen = 0;
        for _ in 0..240 {
            let lists: Vec<Vec<u32>> = (0..14).map(|_| (0..8).filter(|_| draw(3) == 0).collect()).collect();
            let lists: Vec<&[u32]> = lists.iter().filter(|l| !l.is_empty()).map(Vec::as_slice).collect();
            let rows = listed(&lists, 8);
            let mut cuts = Cuts::new(&rows);
            let share = 0.2 + draw(4) as f64 / 10.0;
            let x: Vec<f64> = (0..8).map(|_| share * (0.5 + draw(10) as f64 / 10.0)).collect();
            seen += cuts.separate(&rows, &x).0;
            let all = cuts.rows(&rows);
            for mask in 0u32..256 {
                let open = |site: u32| mask >> site & 1 == 1;
                let left = |row: u32| !rows.row(row as usize).iter().any(|e| open(e.site));
                for cut in rows.len()..all.len() {
                    let sum = all.row(cut).iter().filter(|e| match e.site {
                        site if site < 8 => open(site),
                        site => left(cuts.helped()[site as usize - 8]),
                    });
                    assert!(sum.count() >= 2, "cut {cut} of {all:?} at {mask:b}");
                }
            }
        }
        assert!(seen > 30, "too few cuts were made: {seen}");
    }
}
