//! The dual simplex against the primal one.

use crate::location::instance::Entry;
use crate::location::rows::{Fate, Rows};
use crate::location::simplex::tree::{Question, search};
use crate::location::simplex::{Ended, Simplex};
use crate::location::tests::relaxation::drawn_rows;
use crate::location::tree::{Found, Meter};

/// With sites decided, the optimum from that without is the optimum from anywhere.
#[test]
fn decisions_lead_to_the_same_optimum() {
    let mut decided = 0;
    for seed in (0..80).step_by(2) {
        let rows = drawn_rows(seed, 25);
        let columns = rows.columns();
        let p = 3 + (seed % 9) as usize;
        let start: Vec<u32> = (0..p as u32).collect();
        let mut simplex = Simplex::new(&rows, &columns, Some(p), 0.0, &start);
        let mut meter = Meter { done: 0, limit: u64::MAX };
        assert_eq!(simplex.run(10_000, &mut meter), Ended::Optimal, "seed {seed}");
        let (at, x) = (simplex.vertex(), simplex.x.clone());
        for site in (0..25).filter(|j| x[*j] > 0.01 && x[*j] < 0.99) {
            for fate in [Fate::Open, Fate::Closed] {
                let mut fates = vec![Fate::Free; 25];
                fates[site] = fate;
                let ended = simplex.decide(&at, None, &fates, (10_000, 1e6, 1e-4), &mut meter);
                assert_eq!(ended, Some(Ended::Optimal), "seed {seed} site {site}");
                let mut other = Simplex::new(&rows, &columns, Some(p), 0.0, &start);
                let large = other.large();
                other.charge(site as u32, if fate == Fate::Open { -large } else { large });
                other.restore(&at);
                assert_eq!(other.run(10_000, &mut meter), Ended::Optimal, "seed {seed}");
                let cost = |x: &[f64]| -> f64 {
                    let left =
                        |row: usize| 1.0 - rows.row(row).iter().map(|e| x[e.site as usize]).sum::<f64>();
                    (0..rows.len()).map(|row| rows.weight[row] as f64 * left(row).max(0.0)).sum()
                };
                let (one, two) = (cost(&simplex.x), cost(&other.x));
                let told = format!("seed {seed} site {site} {fate:?}: {one} and {two}");
                assert!((one - two).abs() < 1e-2 * (1.0 + two), "{told}");
                decided += 1;
            }
        }
    }
    assert!(decided > 100, "too few sites were open in part: {decided}");
}

fn listed(lists: &[(i64, Vec<u32>)], sites: usize) -> Rows {
    let mut rows = Rows::new(sites);
    for (weight, list) in lists {
        rows.push(*weight, 1, list.iter().map(|site| Entry { distance: 0, site: *site }));
    }
    rows
}

fn searched(rows: &Rows, p: usize, limit: u64) -> (Found, u64) {
    let chosen: Vec<u32> = (0..p as u32).collect();
    let open: Vec<bool> = (0..rows.sites).map(|j| j < p).collect();
    let mut found = Found { value: rows.value(&open), chosen, bound: i64::MIN };
    let goal = (i64::MIN, i64::MAX);
    let question = Question { count: Some(p), fee: 0, scale: 1 << 20, goal, stepwise: false };
    let mut meter = Meter { done: 0, limit };
    search(rows, question, &[], &mut found, &mut meter);
    (found, meter.done)
}

/// Of each circle of three rows any two sites cover all, and halves of all three seem to.
#[test]
fn odd_circles_are_proved_by_cuts() {
    let circles = 20u32;
    let lists: Vec<(i64, Vec<u32>)> =
        (0..3 * circles).map(|row| (10, vec![row, if row % 3 == 2 { row - 2 } else { row + 1 }])).collect();
    let rows = listed(&lists, 3 * circles as usize);
    // Ten sites short of two each: branching alone would go through most ways to be so.
    let (found, work) = searched(&rows, 30, 400_000_000);
    assert_eq!((found.value, found.bound), (100, 100), "{work}");
}

/// Cuts and branching after them: proved values are optima, bounds hold at any limit.
#[test]
fn cuts_agree_with_enumeration() {
    let mut state = 3u64;
    let mut draw = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for seed in 0..40 {
        let (m, p) = (16usize, 4 + seed % 4);
        let lists: Vec<(i64, Vec<u32>)> = (0..60)
            .map(|_| (1 + draw(50) as i64, (0..m as u32).filter(|_| draw(5) == 0).collect::<Vec<u32>>()))
            .filter(|(_, list)| !list.is_empty())
            .collect();
        let rows = listed(&lists, m);
        let sets = (0u32..1 << m).filter(|mask| mask.count_ones() as usize == p);
        let value = |mask: u32| rows.value(&(0..m).map(|j| mask >> j & 1 == 1).collect::<Vec<bool>>());
        let optimum = sets.map(value).min().expect("there are sets");
        for limit in [u64::MAX, 3_000, 20_000, 60_000, 200_000] {
            let (found, _) = searched(&rows, p, limit);
            let told = format!("seed {seed} limit {limit} {found:?} {optimum}");
            assert!(found.bound <= optimum && optimum <= found.value, "{told}");
            assert!(limit < u64::MAX || found.bound == found.value, "{told}");
        }
    }
}
