//! Colours of grids on the map: neighbours differ.

use std::collections::BTreeMap;

/// Number of grid colours.
pub(super) const COLOURS: usize = 5;

/// A colour for each shape, given its paths: shapes with a point in common are neighbours. Of the colours
/// its neighbours have not taken, a shape takes the one least used so far; if they have taken all, the one
/// least used among them. Linear but for sorting.
pub(super) fn colours(shapes: &[Vec<Vec<[i64; 2]>>]) -> Vec<usize> {
    let mut at: BTreeMap<[i64; 2], Vec<usize>> = BTreeMap::new();
    for (shape, paths) in shapes.iter().enumerate() {
        for point in paths.iter().flatten() {
            let here = at.entry(*point).or_default();
            if here.last() != Some(&shape) {
                here.push(shape);
            }
        }
    }
    let mut neighbours = vec![Vec::new(); shapes.len()];
    for here in at.values().filter(|here| here.len() > 1) {
        for &a in here {
            neighbours[a].extend(here.iter().copied().filter(|&b| b != a));
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    let mut order: Vec<usize> = (0..shapes.len()).collect();
    order.sort_by_key(|&shape| (std::cmp::Reverse(neighbours[shape].len()), shape));
    let mut taken: Vec<Option<usize>> = vec![None; shapes.len()];
    let mut used = [0usize; COLOURS];
    for shape in order {
        let mut beside = [0usize; COLOURS];
        for colour in neighbours[shape].iter().filter_map(|&n| taken[n]) {
            beside[colour] += 1;
        }
        let best = (0..COLOURS).min_by_key(|&c| (beside[c], used[c], c)).unwrap_or(0);
        used[best] += 1;
        taken[shape] = Some(best);
    }
    taken.into_iter().map(Option::unwrap_or_default).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_differ_on_a_chequered_board() {
        let side = 12;
        let square = |x: i64, y: i64| vec![vec![[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1]]];
        let shapes: Vec<_> = (0..side * side).map(|i| square(i % side, i / side)).collect();
        let colours = colours(&shapes);
        for i in 0..side * side {
            let (x, y) = (i % side, i / side);
            for (u, v) in [(x + 1, y), (x, y + 1), (x + 1, y + 1)] {
                if u < side && v < side {
                    assert_ne!(colours[i as usize], colours[(v * side + u) as usize], "{x} {y}");
                }
            }
        }
        assert!(colours.iter().all(|c| *c < COLOURS));
    }
}
