//! The linear relaxation against enumeration and against itself.

use super::*;

/// Rows drawn for the linear relaxation: some with two distances, some with many.
pub(in crate::location) fn drawn_rows(seed: u64, m: usize) -> rows::Rows {
    let mut draw = Draw::new(seed + 70_000);
    let flat = seed.is_multiple_of(2);
    let mut rows = rows::Rows::new(m);
    for _ in 0..40 {
        let mut list = Vec::new();
        for site in 0..m as u32 {
            if draw.below(9) < 4 {
                list.push(Entry { site, distance: if flat { 0 } else { draw.below(30) as u32 } });
            }
        }
        rows.push(1 + draw.below(9) as i64, if flat { 1 } else { 25 }, list);
    }
    rows
}

/// Branching over linear relaxations, with a number of sites and with a price for each: proved
/// values are optima, and bounds hold however little work there is.
#[test]
fn relaxations_agree_with_enumeration() {
    let mut branched = 0;
    for seed in 0..160 {
        let m = 12usize;
        let rows = drawn_rows(seed, m);
        let count = (seed % 4 < 2).then_some(2 + (seed % 5) as usize);
        let fee = if count.is_some() { 0 } else { 1 + (seed % 37) as i64 };
        let cost = |mask: u32| {
            let open: Vec<bool> = (0..m).map(|j| mask >> j & 1 == 1).collect();
            rows.value(&open) + fee * i64::from(mask.count_ones())
        };
        let sets = (0u32..1 << m).filter(|mask| count.is_none_or(|p| mask.count_ones() as usize == p));
        let optimum = sets.map(cost).min().expect("there are sets");
        for (limit, goal) in [
            (u64::MAX, (i64::MIN, i64::MAX)),
            (2_000, (i64::MIN, i64::MAX)),
            (30_000, (i64::MIN, i64::MAX)),
            (u64::MAX, (optimum + 2, i64::MAX)),
            (u64::MAX, (i64::MIN, optimum - 3)),
        ] {
            let chosen: Vec<u32> = (0..count.unwrap_or(1) as u32).collect();
            let value = cost(chosen.iter().fold(0, |mask, j| mask | 1 << j));
            let mut found = tree::Found { value, chosen, bound: i64::MIN };
            let question = simplex::tree::Question { count, fee, scale: 1 << 20, goal, stepwise: false };
            let mut meter = tree::Meter { done: 0, limit };
            simplex::tree::search(&rows, question, &[], &mut found, &mut meter);
            let told = format!("seed {seed} limit {limit} goal {goal:?} {found:?} {optimum}");
            assert_eq!(cost(found.chosen.iter().fold(0, |mask, j| mask | 1 << j)), found.value, "{told}");
            assert!(count.is_none_or(|p| found.chosen.len() == p), "{told}");
            assert!(found.bound <= optimum && optimum <= found.value, "{told}");
            if limit == u64::MAX {
                let proved = found.bound == optimum && found.value == optimum;
                assert!(proved || found.value <= goal.0 || found.bound >= goal.1, "{told}");
            }
            branched += u64::from(limit == u64::MAX && meter.done > 40_000);
        }
    }
    assert!(branched > 20, "too few searches had anything to branch on: {branched}");
}

/// At the optimum of a relaxation what sites open in part cost is what its multipliers prove.
#[test]
fn relaxations_have_no_gap() {
    for seed in 0..80 {
        let rows = drawn_rows(seed, 25);
        let columns = rows.columns();
        let p = 3 + (seed % 9) as usize;
        let start: Vec<u32> = (0..p as u32).collect();
        let mut simplex = simplex::Simplex::new(&rows, &columns, Some(p), 0.0, &start);
        let mut meter = tree::Meter { done: 0, limit: u64::MAX };
        assert_eq!(simplex.run(10_000, &mut meter), simplex::Ended::Optimal, "seed {seed}");
        assert!((simplex.x.iter().sum::<f64>() - p as f64).abs() < 1e-6, "seed {seed}");
        assert!(simplex.x.iter().all(|x| (-1e-6..1.0 + 1e-6).contains(x)), "seed {seed}");
        let mut cost = rows.constant as f64;
        for row in 0..rows.len() {
            let mut left = 1.0f64;
            for e in rows.row(row) {
                let takes = left.min(simplex.x[e.site as usize]).max(0.0);
                cost += rows.weight[row] as f64 * takes * f64::from(e.distance);
                left -= takes;
            }
            cost += rows.weight[row] as f64 * left * f64::from(rows.cap[row]);
        }
        let scale = 1 << 20;
        let u = simplex.multipliers(scale);
        let mut price = vec![0i64; rows.sites];
        for (row, pays) in u.iter().enumerate() {
            for e in rows.row(row) {
                price[e.site as usize] += (rows.weight[row] * scale * i64::from(e.distance) - pays).min(0);
            }
        }
        price.sort_unstable();
        let bound = rows.constant * scale + u.iter().sum::<i64>() + price[..p].iter().sum::<i64>();
        let bound = bound as f64 / scale as f64;
        assert!((cost - bound).abs() <= 1e-3 * (1.0 + cost), "seed {seed}: {cost} and {bound}");
    }
}

/// Few sites first, good ones or bad ones by their prices, come to the optimum of all.
#[test]
fn sifting_agrees_with_enumeration() {
    let mut less = 0;
    for seed in 0..40 {
        let (m, p) = (40usize, 2 + (seed % 2) as usize);
        let rows = drawn_rows(seed, m);
        let open = |mask: u64| (0..m).map(|j| mask >> j & 1 == 1).collect::<Vec<bool>>();
        let mut optimum = i64::MAX;
        for a in 0..m {
            for b in 0..a {
                let others = if p == 2 { 0..1 } else { 0..b };
                let sets = others.map(|c| 1u64 << a | 1 << b | u64::from(p == 3) << c);
                optimum = sets.map(|mask| rows.value(&open(mask))).fold(optimum, i64::min);
            }
        }
        let mut draw = Draw::new(seed + 80_000);
        let drawn: Vec<i64> = (0..m).map(|_| -(draw.below(1_000_000) as i64)).collect();
        let mut work = Vec::new();
        for price in [vec![0; m], drawn, Vec::new()] {
            let chosen: Vec<u32> = (0..p as u32).collect();
            let value = rows.value(&open((1 << p) - 1));
            let mut found = tree::Found { value, chosen, bound: i64::MIN };
            let goal = (i64::MIN, i64::MAX);
            let question =
                simplex::tree::Question { count: Some(p), fee: 0, scale: 1 << 20, goal, stepwise: false };
            let mut meter = tree::Meter { done: 0, limit: u64::MAX };
            simplex::tree::search(&rows, question, &price, &mut found, &mut meter);
            let told = format!("seed {seed} {found:?} {optimum}");
            assert_eq!((found.value, found.bound), (optimum, optimum), "{told}");
            work.push(meter.done);
        }
        less += u64::from(work[0] != work[2]);
    }
    assert!(less > 30, "{less}");
}
