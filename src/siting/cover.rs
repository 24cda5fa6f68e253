//! Covering rows by few candidates, or as many people as possible by a given number.
//!
//! Greedy and exchange give a value, a Lagrangian dual a bound (Galvão and ReVelle 1996), and a
//! branch and bound with a counted limit closes what it can. Everything is in whole people.

use super::instance::Row;

/// Nodes of a search tree before it gives up; counted, so that the answer never depends on the clock.
const NODES: usize = 300_000;

/// Iterations of the subgradient method.
const ITERATIONS: usize = 200;

/// Rows by candidate.
pub(super) struct Sets<'a> {
    pub(super) rows: &'a [Row],
    /// For each candidate the rows it covers.
    pub(super) of: Vec<Vec<u32>>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(rows: &'a [Row], candidates: usize) -> Self {
        let mut of = vec![Vec::new(); candidates];
        for (i, row) in (0u32..).zip(rows) {
            for &candidate in &row.by {
                of[candidate as usize].push(i);
            }
        }
        Self { rows, of }
    }

    /// People that `sites` cover together.
    pub(super) fn value(&self, sites: &[u32]) -> u64 {
        let mut seen = vec![false; self.rows.len()];
        sites.iter().map(|&s| self.take(s, &mut seen)).sum()
    }

    /// People newly covered by one more.
    fn gain(&self, site: u32, seen: &[bool]) -> u64 {
        let fresh = self.of[site as usize].iter().filter(|&&r| !seen[r as usize]);
        fresh.map(|&r| self.rows[r as usize].people).sum()
    }

    fn take(&self, site: u32, seen: &mut [bool]) -> u64 {
        let gain = self.gain(site, seen);
        self.of[site as usize].iter().for_each(|&r| seen[r as usize] = true);
        gain
    }

    fn sites(&self) -> impl Iterator<Item = u32> + '_ {
        0..self.of.len() as u32
    }

    /// Most people first (Nemhauser, Wolsey and Fisher 1978), then single exchanges while they help.
    pub(super) fn greedy(&self, new: usize) -> Vec<u32> {
        let mut seen = vec![false; self.rows.len()];
        let mut chosen: Vec<u32> = Vec::new();
        while chosen.len() < new {
            let best = self.sites().map(|s| (self.gain(s, &seen), std::cmp::Reverse(s))).max();
            let Some((gain, std::cmp::Reverse(site))) = best.filter(|(gain, _)| *gain > 0) else { break };
            debug_assert!(gain > 0 && !chosen.contains(&site));
            self.take(site, &mut seen);
            chosen.push(site);
        }
        self.exchange(&mut chosen);
        chosen
    }

    fn exchange(&self, chosen: &mut [u32]) {
        let mut value = self.value(chosen);
        let mut better = true;
        while better {
            better = false;
            for i in 0..chosen.len() {
                let mut seen = vec![false; self.rows.len()];
                let rest: Vec<u32> = chosen.iter().copied().filter(|s| *s != chosen[i]).collect();
                let base: u64 = rest.iter().map(|&s| self.take(s, &mut seen)).sum();
                let best = self.sites().map(|s| (self.gain(s, &seen), std::cmp::Reverse(s))).max();
                if let Some((gain, std::cmp::Reverse(site))) = best.filter(|(gain, _)| base + gain > value) {
                    chosen[i] = site;
                    value = base + gain;
                    better = true;
                }
            }
        }
    }

    /// No choice of `new` candidates covers more than this.
    pub(super) fn bound(&self, new: usize, value: u64) -> u64 {
        let all: u64 = self.rows.iter().map(|row| row.people).sum();
        // A price for each row, paid to whoever covers it; at most its people.
        let mut price: Vec<i64> =
            self.rows.iter().map(|row| row.people as i64 / row.by.len().min(4) as i64).collect();
        let mut best = all;
        let mut step = 1.0;
        for _ in 0..ITERATIONS {
            let mut worth: Vec<(i64, u32)> = self
                .sites()
                .map(|s| (self.of[s as usize].iter().map(|&r| price[r as usize]).sum(), s))
                .collect();
            worth.sort_unstable_by_key(|&(worth, s)| (std::cmp::Reverse(worth), s));
            worth.truncate(new);
            let kept: i64 = self.rows.iter().zip(&price).map(|(row, u)| row.people as i64 - u).sum();
            let dual = u64::try_from(kept + worth.iter().map(|w| w.0).sum::<i64>()).unwrap_or(0);
            if dual < best {
                best = dual;
            } else {
                step *= 0.95;
            }
            if best <= value {
                return value;
            }
            // How often each row is paid for, against the once that is wanted of a covered row.
            let mut times = vec![0i64; self.rows.len()];
            for &(_, s) in &worth {
                self.of[s as usize].iter().for_each(|&r| times[r as usize] += 1);
            }
            let wanted = |r: usize| i64::from(price[r] < self.rows[r].people as i64);
            let slope: Vec<i64> = (0..times.len()).map(|r| times[r] - wanted(r)).collect();
            let length: i64 = slope.iter().map(|s| s.pow(2)).sum();
            if length == 0 {
                break;
            }
            let size = step * (dual as f64 - value as f64).max(1.0) / length as f64;
            for r in 0..price.len() {
                let moved = price[r] - (size * slope[r] as f64).round() as i64;
                price[r] = moved.clamp(0, self.rows[r].people as i64);
            }
        }
        best
    }

    /// The best choice of `new` candidates, if the search ends within its limit.
    pub(super) fn exact(&self, new: usize, start: Vec<u32>) -> (Vec<u32>, bool) {
        let mut order: Vec<u32> = self.sites().filter(|&s| !self.of[s as usize].is_empty()).collect();
        let seen = vec![false; self.rows.len()];
        order.sort_by_key(|&s| (std::cmp::Reverse(self.gain(s, &seen)), s));
        let value = self.value(&start);
        let mut search = Search { sets: self, best: start, value, nodes: 0 };
        search.deeper(&order, new, &mut Vec::new(), 0, &seen);
        let complete = search.nodes < NODES;
        (search.best, complete)
    }

    /// Few candidates that cover every row, and a number below which nobody can.
    pub(super) fn fewest(&self) -> (Vec<u32>, usize) {
        let all = self.rows.len();
        let greedy = {
            let mut seen = vec![false; all];
            let mut chosen = Vec::new();
            let fresh =
                |s: u32, seen: &[bool]| self.of[s as usize].iter().filter(|&&r| !seen[r as usize]).count();
            while let Some((gain, std::cmp::Reverse(site))) =
                self.sites().map(|s| (fresh(s, &seen), std::cmp::Reverse(s))).max().filter(|(g, _)| *g > 0)
            {
                debug_assert!(gain > 0);
                self.take(site, &mut seen);
                chosen.push(site);
            }
            chosen
        };
        let mut search = Fewest { sets: self, best: greedy, nodes: 0 };
        search.deeper(&mut Vec::new(), &mut vec![0; all]);
        let complete = search.nodes < NODES;
        let bound = if complete { search.best.len() } else { self.packing(&vec![0; all]) };
        search.best.sort_unstable();
        (search.best, bound)
    }

    /// Rows no two of which share a candidate: each needs one of its own.
    fn packing(&self, covered: &[u32]) -> usize {
        let mut used = vec![false; self.of.len()];
        let mut rows: Vec<usize> = (0..self.rows.len()).filter(|&r| covered[r] == 0).collect();
        rows.sort_by_key(|&r| (self.rows[r].by.len(), r));
        let mut count = 0;
        for r in rows {
            if self.rows[r].by.iter().all(|&s| !used[s as usize]) {
                self.rows[r].by.iter().for_each(|&s| used[s as usize] = true);
                count += 1;
            }
        }
        count
    }
}

/// Depth-first search for most people.
struct Search<'a> {
    sets: &'a Sets<'a>,
    best: Vec<u32>,
    value: u64,
    nodes: usize,
}

impl Search<'_> {
    fn deeper(&mut self, order: &[u32], left: usize, chosen: &mut Vec<u32>, value: u64, seen: &[bool]) {
        self.nodes += 1;
        if value > self.value {
            self.value = value;
            self.best.clone_from(chosen);
        }
        if left == 0 || self.nodes >= NODES {
            return;
        }
        let mut gains: Vec<(u64, u32)> = order.iter().map(|&s| (self.sets.gain(s, seen), s)).collect();
        gains.retain(|(gain, _)| *gain > 0);
        gains.sort_unstable_by_key(|&(gain, s)| (std::cmp::Reverse(gain), s));
        for i in 0..gains.len() {
            // Gains only shrink as others are chosen, so the next `left` of them bound this branch.
            let hope: u64 = gains[i..].iter().take(left).map(|g| g.0).sum();
            if value + hope <= self.value || self.nodes >= NODES {
                return;
            }
            let (gain, site) = gains[i];
            let mut deeper = seen.to_vec();
            self.sets.take(site, &mut deeper);
            chosen.push(site);
            let rest: Vec<u32> = gains[i + 1..].iter().map(|g| g.1).collect();
            self.deeper(&rest, left - 1, chosen, value + gain, &deeper);
            chosen.pop();
        }
    }
}

/// Depth-first search for fewest candidates, branching on the row with fewest of them.
struct Fewest<'a> {
    sets: &'a Sets<'a>,
    best: Vec<u32>,
    nodes: usize,
}

impl Fewest<'_> {
    fn deeper(&mut self, chosen: &mut Vec<u32>, covered: &mut Vec<u32>) {
        self.nodes += 1;
        if self.nodes >= NODES {
            return;
        }
        let open = (0..covered.len()).filter(|&r| covered[r] == 0);
        let Some(row) = open.min_by_key(|&r| (self.sets.rows[r].by.len(), r)) else {
            if chosen.len() < self.best.len() {
                self.best.clone_from(chosen);
            }
            return;
        };
        if chosen.len() + self.sets.packing(covered) >= self.best.len() {
            return;
        }
        let mut by = self.sets.rows[row].by.clone();
        let fresh = |s: u32| self.sets.of[s as usize].iter().filter(|&&r| covered[r as usize] == 0).count();
        by.sort_by_key(|&s| (std::cmp::Reverse(fresh(s)), s));
        for site in by {
            self.sets.of[site as usize].iter().for_each(|&r| covered[r as usize] += 1);
            chosen.push(site);
            self.deeper(chosen, covered);
            chosen.pop();
            self.sets.of[site as usize].iter().for_each(|&r| covered[r as usize] -= 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(spec: &[(&[u32], u64)]) -> Vec<Row> {
        spec.iter().map(|(by, people)| Row { by: by.to_vec(), people: *people }).collect()
    }

    /// Every subset, tried.
    fn best_by_trial(sets: &Sets<'_>, new: usize) -> u64 {
        let m = sets.of.len();
        (0u32..1 << m)
            .filter(|mask| mask.count_ones() as usize <= new)
            .map(|mask| sets.value(&(0..m as u32).filter(|s| mask >> s & 1 == 1).collect::<Vec<_>>()))
            .max()
            .unwrap_or(0)
    }

    #[test]
    fn greedy_is_not_trusted() {
        // Greedy takes candidate 0 (6 people) and is left with 4 more; 1 and 2 cover 12.
        let rows = rows(&[(&[0, 1], 3), (&[0, 2], 3), (&[1], 3), (&[2], 3)]);
        let sets = Sets::new(&rows, 3);
        let (best, complete) = sets.exact(2, sets.greedy(2));
        assert!(complete);
        assert_eq!(sets.value(&best), 12);
        assert!(sets.bound(2, 12) >= 12);
    }

    #[test]
    fn exact_agrees_with_trial_and_bounds_hold() {
        let mut state = 7u64;
        let mut next = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for _ in 0..60 {
            let m = 2 + next(7) as u32;
            let spec: Vec<Row> = (0..3 + next(12))
                .map(|_| {
                    let mut by: Vec<u32> = (0..m).filter(|_| next(3) == 0).collect();
                    if by.is_empty() {
                        by.push(next(u64::from(m)) as u32);
                    }
                    Row { by, people: 1 + next(50) }
                })
                .collect();
            let sets = Sets::new(&spec, m as usize);
            for new in 0..=m as usize {
                let truth = best_by_trial(&sets, new);
                let (best, complete) = sets.exact(new, sets.greedy(new));
                assert!(complete && sets.value(&best) == truth, "{spec:?} {new}");
                assert!(sets.bound(new, 0) >= truth, "{spec:?} {new}");
            }
            let all: u64 = spec.iter().map(|row| row.people).sum();
            let truth = (0..=m as usize).find(|&new| best_by_trial(&sets, new) == all);
            let (sites, bound) = sets.fewest();
            assert_eq!((Some(sites.len()), Some(bound)), (truth, truth), "{spec:?}");
            assert_eq!(sets.value(&sites), all);
        }
    }
}
