//! In which order a sweep takes the atoms so that few of them are open at a time.

use super::net::Net;

/// The order of a sweep over all atoms of a connected net, found by growing greedily from every
/// atom: next is the atom that leaves the fewest open atoms, of these the one whose open
/// neighbours have waited longest. An atom is open while taken with a neighbour not yet taken.
/// At most `starts` starts are tried; the order with the smallest sum of squared widths is
/// returned. O(starts · n · width · degree).
pub(crate) fn sweep_order(net: &Net, starts: usize) -> Vec<u32> {
    let step = net.len().div_ceil(starts.max(1)).max(1);
    let grown = (0..net.len() as u32).step_by(step).map(|start| grow_from(net, start));
    grown.min_by_key(|(price, _)| *price).map(|(_, order)| order).unwrap_or_default()
}

/// The number of open atoms after each atom of an order.
pub(crate) fn widths(net: &Net, order: &[u32]) -> Vec<usize> {
    let mut left: Vec<usize> = (0..net.len() as u32).map(|a| net.arcs(a).len()).collect();
    let mut taken = vec![false; net.len()];
    let mut open = 0usize;
    let mut widths = Vec::with_capacity(order.len());
    for &atom in order {
        taken[atom as usize] = true;
        for &(other, _) in net.arcs(atom) {
            left[other as usize] -= 1;
            open -= usize::from(taken[other as usize] && left[other as usize] == 0);
        }
        open += usize::from(left[atom as usize] > 0);
        widths.push(open);
    }
    widths
}

fn grow_from(net: &Net, start: u32) -> (u64, Vec<u32>) {
    let mut left: Vec<usize> = (0..net.len() as u32).map(|a| net.arcs(a).len()).collect();
    let mut since = vec![usize::MAX; net.len()];
    let mut taken = vec![false; net.len()];
    let mut order = Vec::with_capacity(net.len());
    let mut near = vec![start];
    let (mut open, mut price) = (0i64, 0u64);
    while let Some(slot) = (0..near.len()).min_by_key(|s| rank(net, &left, &taken, &since, near[*s])) {
        let atom = near.swap_remove(slot);
        open += rank(net, &left, &taken, &since, atom).0;
        taken[atom as usize] = true;
        for &(other, _) in net.arcs(atom) {
            left[other as usize] -= 1;
            if !taken[other as usize] && !near.contains(&other) {
                near.push(other);
            }
        }
        since[atom as usize] = order.len();
        order.push(atom);
        let wide = open.max(0) as u64;
        price += wide * wide * wide * wide;
    }
    (price, order)
}

/// By how much the number of open atoms grows when `atom` is taken, and since when its open
/// neighbours wait.
fn rank(net: &Net, left: &[usize], taken: &[bool], since: &[usize], atom: u32) -> (i64, usize, u32) {
    let mut growth = i64::from(left[atom as usize] > 0);
    let mut oldest = usize::MAX;
    for &(other, _) in net.arcs(atom) {
        if taken[other as usize] {
            growth -= i64::from(left[other as usize] == 1);
            oldest = oldest.min(since[other as usize]);
        }
    }
    (growth, oldest, atom)
}
