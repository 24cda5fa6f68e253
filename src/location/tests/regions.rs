//! Regions and clusters against enumeration.

use super::relaxation::drawn_rows;
use super::*;

/// Regions chosen anew keep the number of sites and tell the true value, never a worse one.
#[test]
fn regions_tell_true_values() {
    let (mut better, mut best_of_all) = (0, 0);
    for seed in 0..60 {
        let m = 12usize;
        let rows = drawn_rows(seed, m);
        let p = 2 + (seed % 6) as usize;
        let cost = |set: &[u32]| {
            let open: Vec<bool> = (0..m as u32).map(|j| set.contains(&j)).collect();
            rows.value(&open)
        };
        let subsets = (0u32..1 << m).filter(|mask| mask.count_ones() as usize == p);
        let members = |mask: u32| (0..m as u32).filter(|j| mask >> j & 1 == 1).collect::<Vec<u32>>();
        let optimum = subsets.map(|mask| cost(&members(mask))).min().expect("there are sets");
        let chosen: Vec<u32> = (0..p as u32).collect();
        let start = cost(&chosen);
        let mut found = tree::Found { value: start, chosen, bound: i64::MIN };
        let mut rng = Seed(seed).stream(Stage::Siting, 3);
        region::improve(&rows, 1 << 20, &mut found, 3_000_000, &mut rng);
        assert_eq!(cost(&found.chosen), found.value, "seed {seed}");
        assert_eq!(found.chosen.len(), p, "seed {seed}");
        assert!(optimum <= found.value && found.value <= start, "seed {seed}");
        better += u64::from(found.value < start);
        best_of_all += u64::from(found.value == optimum);
    }
    assert!(better > 40 && best_of_all > 50, "{better} {best_of_all}");
}

/// Many rows are joined in clusters first: value and bound stay those of the rows themselves.
#[test]
fn many_rows_are_bounded() {
    for seed in 0..4 {
        let mut draw = Draw::new(seed + 90_000);
        let (n, m, p) = (16_200, 14, 3 + (seed % 2) as u32);
        let weights = (0..n).map(|_| draw.below(7)).collect();
        // Some places many times over, so that a cluster may have no extent.
        let side = if seed == 3 { 40 } else { 3_000 };
        let mut place = || (draw.below(side) as f64, draw.below(side) as f64);
        let demand = (0..n).map(|_| place()).collect();
        let sites = (0..m).map(|_| place()).collect();
        let points = Points { demand, sites, scale: 1.0, rounding: Rounding::Floor };
        let mut instance = Instance::at_points(weights, points);
        if seed == 1 {
            instance.sites[0].state = State::Open;
            instance.sites[1].state = State::Forbidden;
        }
        let costs = oracle::sets(&instance, Some(p));
        let optimum = costs.iter().filter_map(|set| oracle::total_distance(&instance, set)).min();
        let optimum = optimum.expect("there are sets");
        for work in [2_000_000, 300_000_000] {
            let siting =
                solve(&instance, Problem::PMedian { p }, Effort::Prove { work }, &Run::quiet(Seed(seed)));
            let siting = siting.expect("there is an answer");
            let told = format!("seed {seed} work {work}: {} {} {optimum}", siting.value, siting.bound);
            assert_eq!(oracle::total_distance(&instance, &siting.chosen), Some(siting.value), "{told}");
            assert!(siting.bound <= optimum && optimum <= siting.value, "{told}");
            assert!(siting.value as f64 <= optimum as f64 * 1.02, "{told}");
            assert!(siting.bound as f64 >= siting.value as f64 * 0.9, "{told}");
        }
    }
}

/// Where sites serve few rows each, neighbours are looked up and the best assignment is kept by slot:
/// what is told is what is assigned, within capacities, and never closes what stands.
#[test]
fn few_rows_a_site_are_told_truly() {
    let mut least = i64::MAX;
    for seed in 0..6 {
        let mut instance = town(150, 150);
        let mut draw = Draw::new(seed + 30_000);
        for site in &mut instance.sites {
            site.capacity = 150 + draw.below(40);
        }
        instance.sites[3].state = State::Open;
        instance.sites[4].state = State::Forbidden;
        let problem = Problem::Cpmp { p: 75 };
        let values = [6_000_000, 60_000_000].map(|work| {
            let siting = solve(&instance, problem, Effort::Prove { work }, &Run::quiet(Seed(seed)));
            let siting = siting.unwrap_or_else(|e| panic!("seed {seed} work {work}: {e}"));
            assert_eq!(recounted(&instance, problem, &siting), siting.value, "seed {seed} work {work}");
            assert!(siting.bound <= siting.value, "seed {seed} work {work}");
            assert_eq!(siting.chosen.len(), 76, "seed {seed} work {work}");
            assert!(siting.chosen.contains(&3) && !siting.chosen.contains(&4), "seed {seed} work {work}");
            siting.value
        });
        least = least.min(values[0] - values[1]);
        assert!(values[1] <= values[0], "seed {seed}: {values:?}");
    }
    assert!(least > 0, "work helped nowhere");
}
