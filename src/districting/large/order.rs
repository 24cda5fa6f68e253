//! An order of the atoms in which neighbours stand near one another.

use super::super::instance::Instance;
use super::level::has_positions;

/// Bits of each coordinate on the curve's grid.
const BITS: u32 = 20;

/// Atoms along Hilbert's curve where there are positions, by breadth-first search where there are
/// none. O(n log n).
pub(super) fn order(instance: &Instance) -> Vec<u32> {
    if has_positions(instance) { along_curve(instance) } else { by_breadth(instance) }
}

fn along_curve(instance: &Instance) -> Vec<u32> {
    let least = |v: &[i64]| v.iter().copied().min().unwrap_or(0);
    let most = |v: &[i64]| v.iter().copied().max().unwrap_or(0);
    let (x0, y0) = (least(&instance.x), least(&instance.y));
    let span = (most(&instance.x) - x0).max(most(&instance.y) - y0).max(1) as f64;
    let scale = f64::from((1u32 << BITS) - 1) / span;
    let key = |atom: u32| {
        let a = atom as usize;
        let cell = |v: i64, v0: i64| ((v - v0) as f64 * scale) as u32;
        curve(cell(instance.x[a], x0), cell(instance.y[a], y0))
    };
    let mut keyed: Vec<(u64, u32)> = (0..instance.len() as u32).map(|atom| (key(atom), atom)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, atom)| atom).collect()
}

/// The place of a grid cell along Hilbert's curve (Hilbert 1891).
fn curve(mut x: u32, mut y: u32) -> u64 {
    let mut place = 0u64;
    for bit in (0..BITS).rev() {
        let (right, up) = ((x >> bit) & 1, (y >> bit) & 1);
        place = place << 2 | u64::from((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                let mask = (1u32 << bit) - 1;
                (x, y) = (!x & mask, !y & mask);
            }
            std::mem::swap(&mut x, &mut y);
        }
    }
    place
}

fn by_breadth(instance: &Instance) -> Vec<u32> {
    let mut order = Vec::with_capacity(instance.len());
    let mut seen = vec![false; instance.len()];
    for start in 0..instance.len() as u32 {
        if std::mem::replace(&mut seen[start as usize], true) {
            continue;
        }
        let mut next = order.len();
        order.push(start);
        while next < order.len() {
            for &other in instance.graph.neighbours(order[next]) {
                if !std::mem::replace(&mut seen[other as usize], true) {
                    order.push(other);
                }
            }
            next += 1;
        }
    }
    order
}
