//! Weights so large that the prices of many sites do not fit in 64 bits together, and repeated sites.

use super::*;

/// Forty-six rows that one site each serves, forty small ones among fourteen sites, and one row of nearly
/// all weight that every site serves: each of fifty sites may seem to earn it.
fn town(bits: u32, seed: u64) -> (Instance, Vec<(u64, Vec<u32>)>) {
    let mut draw = Draw::new(seed);
    let mut rows: Vec<(u64, Vec<u32>)> = vec![((1 << bits) - (1 << 24), (0..60).collect())];
    rows.extend((14..60).map(|site| (100_000, vec![site])));
    for _ in 0..40 {
        let sites = (0..1 + draw.below(3)).map(|_| draw.below(14) as u32).collect();
        rows.push((1 + draw.below(30), sites));
    }
    let mut table = Table::new();
    for (_, sites) in &rows {
        table.push(sites.iter().map(|site| Entry { site: *site, distance: 1 }));
    }
    (Instance::with_table(rows.iter().map(|row| row.0).collect(), 60, table), rows)
}

#[test]
fn prices_of_many_sites_together_are_no_overflow() {
    for (bits, seed) in [36, 40, 50, 58].into_iter().flat_map(|bits| (0..6).map(move |seed| (bits, seed))) {
        let (instance, rows) = town(bits, seed);
        // The forty-six lonely rows are worth more than all the small ones.
        let fours = (0u32..1 << 14).filter(|set| set.count_ones() == 4);
        let small = |set: u32| -> u64 {
            let served = rows[47..].iter().filter(|row| row.1.iter().any(|site| set >> site & 1 == 1));
            served.map(|row| row.0).sum()
        };
        let most = fours.map(small).max().expect("there are sets");
        let best = (rows[0].0 + 46 * 100_000 + most) as i64;
        for work in [1, 1_000, 200_000] {
            let siting =
                solved(&instance, Problem::Mclp { p: 50, radius: 1 }, work).expect("fifty may be chosen");
            let told =
                format!("2^{bits}, seed {seed}, work {work}: {} of {best}, {}", siting.value, siting.bound);
            assert!(siting.value <= best && best <= siting.bound, "{told}");
            assert!(siting.status() != Status::Optimal || siting.value == best, "{told}");
        }
    }
}

#[test]
fn a_site_given_twice_in_a_row_is_one() {
    let mut table = Table::new();
    let entry = |site, distance| Entry { site, distance };
    table.push([entry(1, 7), entry(0, 3), entry(1, 5), entry(1, 5)]);
    table.push([entry(0, 9)]);
    assert_eq!(table.row(0), [entry(0, 3), entry(1, 5)]);
    let instance = Instance::with_table(vec![4, 6], 2, table);
    let siting = solved(&instance, Problem::Psclp { radius: 5, target: 1 }, 0).expect("one site is enough");
    assert_eq!((siting.value, siting.chosen.len()), (1, 1));
}
