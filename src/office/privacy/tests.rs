//! Suppression against every table that could lie behind what is shown.

use super::*;

fn table(rows: &[&[u64]]) -> Table {
    let rows = rows.iter().map(|row| row.to_vec()).collect();
    Table { rows, row_totals: true, column_totals: true, grand_total: true }
}

/// Numbers, repeatable.
fn numbers(seed: u64) -> impl FnMut(u64) -> u64 {
    let mut state = seed;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    }
}

/// Every published count that has one value only in all tables of small numbers which agree with
/// what is shown, found by trying them all.
fn pinned(table: &Table, hidden: &Suppression, most: u64) -> Vec<(usize, usize)> {
    let full = Full::of(table);
    let unpublished = full.unpublished();
    let inner: Vec<_> = full.places().filter(|&(i, j)| full.totals(i, j) == (false, false)).collect();
    let open: Vec<_> = inner.iter().copied().filter(|&p| full.is_hidden(hidden, p)).collect();
    let mut seen = vec![BTreeSet::new(); full.rows * full.columns];
    let mut guess = table.clone();
    let tries = (most + 1).pow(u32::try_from(open.len()).expect("few"));
    for number in 0..tries {
        let mut rest = number;
        for &(i, j) in &open {
            guess.rows[i][j] = rest % (most + 1);
            rest /= most + 1;
        }
        let other = Full::of(&guess);
        let shown = |&p: &(usize, usize)| !full.is_hidden(hidden, p) && !unpublished.contains(&p);
        if full.places().filter(shown).all(|(i, j)| other.value(i, j) == full.value(i, j)) {
            for (i, j) in full.places() {
                seen[i * full.columns + j].insert(other.value(i, j));
            }
        }
    }
    let asked = |&p: &(usize, usize)| full.is_hidden(hidden, p) && !unpublished.contains(&p);
    full.places().filter(asked).filter(|&(i, j)| seen[i * full.columns + j].len() < 2).collect()
}

#[test]
fn a_small_count_takes_three_others_with_it() {
    let table = table(&[&[3, 40, 50], &[60, 70, 80], &[90, 20, 10]]);
    let hidden = suppress(&table, 5);
    assert_eq!(hidden.cells.iter().flatten().filter(|h| **h).count(), 4);
    assert!(hidden.cells[0][0] && !hidden.grand_total);
    assert!(!hidden.row_totals.contains(&true) && !hidden.column_totals.contains(&true));
    // The cheapest rectangle: smallest counts.
    assert!(hidden.cells[2][2] && hidden.cells[0][2] && hidden.cells[2][0]);
    assert_eq!(recoverable(&table, &hidden), []);
    assert_eq!(hidden.shown(0, 0, 3), "—");
    assert_eq!(hidden.shown(1, 1, 70), "70");
}

#[test]
fn nothing_small_nothing_hidden() {
    let hidden = suppress(&table(&[&[0, 40], &[60, 5]]), 5);
    assert!(!hidden.cells.iter().flatten().any(|h| *h));
    for k in [0, 1] {
        assert!(!suppress(&table(&[&[1, 2]]), k).cells.iter().flatten().any(|h| *h));
    }
}

#[test]
fn hiding_only_the_small_one_is_found_out() {
    let table = table(&[&[3, 40], &[60, 70]]);
    let mut hidden = suppress(&table, 1);
    hidden.cells[0][0] = true;
    assert_eq!(recoverable(&table, &hidden), [(0, 0)]);
    // Without totals there is nothing to recompute it from.
    let bare = Table { row_totals: false, column_totals: false, grand_total: false, ..table };
    assert_eq!(recoverable(&bare, &hidden), []);
    let hidden = suppress(&bare, 5);
    assert_eq!(hidden.cells, [[true, false], [false, false]]);
}

#[test]
fn small_totals_are_hidden_too() {
    let table = table(&[&[1, 1, 0], &[50, 60, 70]]);
    let hidden = suppress(&table, 5);
    assert_eq!(hidden.row_totals, [true, true]);
    assert_eq!(recoverable(&table, &hidden), []);
}

#[test]
fn tables_without_a_way_out_are_hidden_whole() {
    for rows in [&[&[3_u64][..]][..], &[&[3, 0], &[0, 0]], &[&[2]], &[&[1, 0, 0]]] {
        let table = table(rows);
        let hidden = suppress(&table, 5);
        assert_eq!(recoverable(&table, &hidden), [], "{rows:?}");
        assert_eq!(pinned(&table, &hidden, 7), [], "{rows:?}");
    }
    assert_eq!(suppress(&Table::default(), 5).cells, Vec::<Vec<bool>>::new());
    let huge = table(&[&[u64::MAX, u64::MAX], &[3, 1]]);
    assert_eq!(recoverable(&huge, &suppress(&huge, 5)), []);
}

#[test]
fn no_hidden_count_of_random_tables_has_one_value_only() {
    let mut random = numbers(11);
    let mut protected = 0;
    for round in 0..400 {
        let (rows, columns) = (1 + random(3) as usize, 1 + random(2) as usize);
        let counts = (0..rows).map(|_| (0..columns).map(|_| random(6)).collect()).collect();
        let mut yes = || round % 2 == 0 || random(2) == 0;
        let (row_totals, column_totals, grand_total) = (yes(), yes(), yes());
        let table = Table { rows: counts, row_totals, column_totals, grand_total };
        let hidden = suppress(&table, 3);
        let full = Full::of(&table);
        let unpublished = full.unpublished();
        for place in full.places().filter(|p| !unpublished.contains(p)) {
            let small = (1..3).contains(&full.value(place.0, place.1));
            assert!(!small || full.is_hidden(&hidden, place), "{table:?}");
        }
        assert_eq!(pinned(&table, &hidden, 6), [], "{table:?} {hidden:?}");
        assert_eq!(suppress(&table, 3), hidden);
        protected += hidden.cells.iter().flatten().filter(|h| **h).count();
    }
    assert!(protected > 400, "{protected}");
}

#[test]
fn the_audit_agrees_with_trying_every_table() {
    let mut random = numbers(5);
    let (mut leaks, mut sound) = (0, 0);
    for _ in 0..400 {
        let (rows, columns) = (1 + random(3) as usize, 1 + random(2) as usize);
        let counts = (0..rows).map(|_| (0..columns).map(|_| random(4)).collect()).collect();
        let table =
            Table { rows: counts, row_totals: true, column_totals: true, grand_total: random(2) == 0 };
        let mut any = || random(3) == 0;
        let hidden = Suppression {
            cells: (0..rows).map(|_| (0..columns).map(|_| any()).collect()).collect(),
            row_totals: (0..rows).map(|_| any()).collect(),
            column_totals: (0..columns).map(|_| any()).collect(),
            grand_total: any(),
        };
        let found = recoverable(&table, &hidden);
        assert_eq!(found, pinned(&table, &hidden, 5), "{table:?} {hidden:?}");
        if found.is_empty() { sound += 1 } else { leaks += 1 }
    }
    assert!(leaks > 30 && sound > 30, "{leaks} {sound}");
}

#[test]
fn a_town_of_grids_is_done_at_once() {
    let mut random = numbers(3);
    let rows = (0..600).map(|_| (0..6).map(|_| random(40)).collect()).collect();
    let table = Table { rows, row_totals: true, column_totals: true, grand_total: true };
    let hidden = suppress(&table, 5);
    assert_eq!(recoverable(&table, &hidden), []);
    assert!(!hidden.grand_total);
}
