//! Small programs whose optimum is known.

use super::*;

/// Three atoms, one of which each pair of columns shares: half of each pair is the best mix.
fn pairs() -> Master {
    let free = (f64::NEG_INFINITY, 100.0);
    let mut master = Master::new(&[1.0, 1.0, 1.0], vec![free; 3]);
    for rows in [[0, 1], [0, 2], [1, 2]] {
        master.add(1.0, rows.into_iter());
    }
    (0..3).for_each(|row| master.add(0.9, [row].into_iter()));
    master
}

#[test]
fn prices_are_optimal_and_cuts_are_kept() {
    let mut master = pairs();
    assert!(master.solve(100));
    assert!((master.cost() - 1.5).abs() < 1e-4, "three halves of a pair: {}", master.cost());
    assert!((0..master.columns()).all(|column| master.reduced(column) > -1e-6));
    master.cut(1.0, |column| column < 3);
    assert!(master.solve(100));
    assert!((master.cost() - 1.9).abs() < 1e-4, "a pair and a single: {}", master.cost());
    assert!(master.prices[3] < 0.0, "the cut has a price");
    assert!((0..master.columns()).all(|column| master.reduced(column) > -1e-6));
}

#[test]
fn prices_stay_in_their_ranges() {
    let mut master = pairs();
    master.set_range(vec![(0.0, 0.4); 3]);
    assert!(master.solve(100));
    assert!(master.prices.iter().all(|price| (-1e-6..=0.4 + 1e-6).contains(price)));
    assert!((master.cost() - 1.2).abs() < 1e-4);
    assert!(master.unmet() > 0.5, "the end of the range is paid");
}

#[test]
fn purging_changes_neither_cost_nor_prices() {
    let mut master = pairs();
    master.add(9.0, [0, 1, 2].into_iter());
    master.cut(1.0, |column| column < 3);
    master.cut(5.0, |column| column > 3);
    assert!(master.solve(100));
    let (cost, price) = (master.cost(), master.prices[3]);
    let (columns, cuts) = master.purge(|reduced| reduced < 1.0, |_| false);
    assert!(!columns[6] && columns[0]);
    assert_eq!(cuts, [true, false]);
    assert!((master.cost() - cost).abs() < 1e-9 && (master.prices[3] - price).abs() < 1e-9);
    assert!(master.solve(10));
}
