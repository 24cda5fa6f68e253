//! Odd sets, multipliers and whole runs against enumeration.

use super::*;
use crate::location::instance::Entry;

/// Numbers from a seed.
struct Draw(u64);

impl Draw {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn rows(&mut self, sites: usize, count: usize) -> Rows {
        let mut rows = Rows::new(sites);
        let one_in = 2 + self.below(3);
        for _ in 0..count {
            let weight = 1 + self.below(40) as i64;
            let list: Vec<Entry> = (0..sites as u32)
                .filter(|_| self.below(one_in) == 0)
                .map(|site| Entry { distance: 0, site })
                .collect();
            rows.push(weight, 1, list);
        }
        rows
    }
}

fn optimum(rows: &Rows, count: usize) -> i64 {
    let sets = (0u32..1 << rows.sites).filter(|mask| mask.count_ones() as usize == count);
    let value = |mask: u32| rows.value(&(0..rows.sites).map(|j| mask >> j & 1 == 1).collect::<Vec<bool>>());
    sets.map(value).min().expect("there are sets")
}

/// Whatever sites are open: as often as wanted, sites and rows left out.
fn holds(over: &Relaxation<'_>) {
    for mask in 0u32..1 << over.rows.sites {
        let open = |site: u32| mask >> site & 1 == 1;
        let left = |row: u32| !over.rows.row(row as usize).iter().any(|e| open(e.site));
        for cut in &over.cuts {
            let all = cut.entries.iter().filter(|(site, _)| match *site as usize {
                site if site < over.rows.sites => open(site as u32),
                site => left(over.helped[site - over.rows.sites]),
            });
            let sum: f64 = all.map(|(_, times)| times).sum();
            assert!(sum >= f64::from(cut.wanted), "{cut:?} at {mask:b}");
        }
    }
}

#[test]
fn no_choice_of_sites_violates_an_odd_set() {
    let mut draw = Draw(11);
    for _ in 0..400 {
        let rows = draw.rows(8, 14);
        let mut over = Relaxation::new(&rows, 3);
        for size in [3, 5, 7] {
            let mut set: Vec<u32> = (0..rows.len() as u32).collect();
            while set.len() > size {
                set.remove(draw.below(set.len() as u64) as usize);
            }
            if set.len() == size {
                over.add(set);
            }
        }
        holds(&over);
    }
}

#[test]
fn sets_found_are_odd_and_violated() {
    let mut draw = Draw(5);
    let mut seen = [0; 8];
    for round in 0..400 {
        let rows = draw.rows(9, 16);
        let share = 0.2 + draw.below(4) as f64 / 10.0;
        let x: Vec<f64> = (0..9).map(|_| share * (0.5 + draw.below(10) as f64 / 10.0)).collect();
        let (sets, _) = odd::sets(&rows, &x, |_| 0.0, (round, 100));
        let mut over = Relaxation::new(&rows, 3);
        over.take(sets);
        for cut in &over.cuts {
            seen[cut.rows.len()] += 1;
            let sites = cut.entries.iter().filter(|(site, _)| (*site as usize) < rows.sites);
            let open: f64 = sites.map(|(site, times)| times * x[*site as usize]).sum();
            let left = |row: &u32| {
                (1.0 - rows.row(*row as usize).iter().map(|e| x[e.site as usize]).sum::<f64>()).max(0.0)
            };
            let sum = open + cut.rows.iter().map(left).sum::<f64>();
            assert!(sum < f64::from(cut.wanted), "{cut:?} is not violated: {sum}");
        }
        holds(&over);
    }
    assert!(seen[3] > 100 && seen[5] > 10, "too few cuts were made: {seen:?}");
}

/// Any multipliers, good or bad, of rows and of cuts.
#[test]
fn any_multipliers_prove_no_more_than_the_optimum() {
    let mut draw = Draw(3);
    for _ in 0..1500 {
        let rows = draw.rows(8, 12);
        if rows.len() < 5 {
            continue;
        }
        let count = 1 + draw.below(6) as usize;
        let mut over = Relaxation::new(&rows, count);
        for first in 0..draw.below(5) as u32 {
            let size = if first % 2 == 0 { 3 } else { 5 };
            let mut set: Vec<u32> = (0..size).map(|k| (first + k * 2) % rows.len() as u32).collect();
            set.sort_unstable();
            set.dedup();
            if set.len() % 2 == 1 {
                over.add(set);
            }
        }
        let best = optimum(&rows, count);
        for _ in 0..8 {
            let high = 1 + draw.below(30);
            let pays: Vec<f64> =
                (0..rows.len() + over.cuts.len()).map(|_| draw.below(high) as f64 / 10.0 - 0.2).collect();
            let bound = over.proved(&pays, 100, &mut Vec::new());
            assert!(bound <= best * 100, "{bound} is more than {best}");
        }
    }
}

#[test]
fn bounds_hold_and_are_often_reached() {
    let mut draw = Draw(9);
    let (mut cases, mut reached) = (0, 0);
    for seed in 0..300u64 {
        let rows = draw.rows(10, 24);
        let count = 2 + draw.below(5) as usize;
        let columns = rows.columns();
        let start: Vec<u32> = (0..count as u32).collect();
        let mut open = vec![false; rows.sites];
        start.iter().for_each(|j| open[*j as usize] = true);
        let mut best = Found { value: rows.value(&open), chosen: start, bound: i64::MIN };
        let mut meter = Meter { done: 0, limit: if seed % 3 == 0 { 1 } else { 400_000 } };
        let question = (count, 1000, (i64::MIN, i64::MAX));
        raise((&rows, &columns), question, (&[], &[]), &mut best, &mut meter);
        let least = optimum(&rows, count);
        let mut open = vec![false; rows.sites];
        best.chosen.iter().for_each(|j| open[*j as usize] = true);
        assert_eq!((best.value, best.chosen.len()), (rows.value(&open), count));
        assert!(best.bound <= least && least <= best.value, "{least} is not within {best:?}");
        cases += 1;
        reached += u32::from(best.bound == best.value);
    }
    assert!(reached * 3 > cases, "few of {cases} were proved: {reached}");
}
