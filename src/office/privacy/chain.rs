//! Chains along which one person can be moved unseen.
//!
//! With totals as a last row and column, each row and each column of the table adds up: its counts
//! less its total are nought. Turn the sign of the last row and of the last column, and every line
//! has a fixed sum. A change of one count by one is then made good along a closed path that takes
//! turns between rows and columns and between adding and taking away; a count that is nought
//! cannot be lowered.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Full;

/// The places of the cheapest chain through a place, itself among them, where `cost` says what each
/// other place costs or that it may not be used; `None` if there is no chain.
///
/// With whole numbers such a chain exists exactly if the place has two possible values or more,
/// since the constraints are those of a network.
pub(super) fn cheapest(
    full: &Full,
    place: (usize, usize),
    cost: impl Fn(usize, usize) -> Option<u64>,
) -> Option<Vec<(usize, usize)>> {
    // The place itself may rise or fall, if it is not nought.
    let rising = changes(full, place, true).then(|| search(full, place, &cost, true)).flatten();
    let falling = changes(full, place, false).then(|| search(full, place, &cost, false)).flatten();
    let (_, chain) = match (rising, falling) {
        (Some(a), Some(b)) => {
            if b.0 < a.0 {
                b
            } else {
                a
            }
        }
        (a, b) => a.or(b)?,
    };
    Some(chain)
}

/// Whether the signed count may rise, or else fall.
fn changes(full: &Full, (i, j): (usize, usize), rises: bool) -> bool {
    let (of_row, of_column) = full.totals(i, j);
    let turned = of_row != of_column;
    rises != turned || full.value(i, j) > 0
}

type Found = (u64, Vec<(usize, usize)>);

/// From the row of the place to its column, by way of other places only. Rows are nodes first,
/// columns follow. If the place rises, each step from a row falls and each from a column rises.
fn search(
    full: &Full,
    place: (usize, usize),
    cost: &impl Fn(usize, usize) -> Option<u64>,
    rises: bool,
) -> Option<Found> {
    let nodes = full.rows + full.columns;
    let (start, end) = (place.0, full.rows + place.1);
    let mut best = vec![u64::MAX; nodes];
    let mut from = vec![usize::MAX; nodes];
    let mut queue = BinaryHeap::from([Reverse((0, start))]);
    best[start] = 0;
    while let Some(Reverse((so_far, node))) = queue.pop() {
        if so_far > best[node] {
            continue;
        }
        if node == end {
            break;
        }
        let is_row = node < full.rows;
        let others = if is_row { full.rows..nodes } else { 0..full.rows };
        for other in others {
            let (i, j) = if is_row { (node, other - full.rows) } else { (other, node - full.rows) };
            let step_rises = rises != is_row;
            if (i, j) == place || !changes(full, (i, j), step_rises) {
                continue;
            }
            let Some(step) = cost(i, j) else { continue };
            let reached = so_far.saturating_add(step);
            if reached < best[other] {
                best[other] = reached;
                from[other] = node;
                queue.push(Reverse((reached, other)));
            }
        }
    }
    let mut chain = vec![place];
    let mut node = end;
    while node != start {
        let before = *from.get(node)?;
        let (row, column) = if before < full.rows { (before, node) } else { (node, before) };
        // A node that was never reached has no node before it.
        chain.push((row, column.checked_sub(full.rows).filter(|_| before != usize::MAX)?));
        node = before;
    }
    Some((best[end], chain))
}
