//! A first division by straight lines: halves by position, again and again.
//!
//! Recursive coordinate bisection (Berger and Bokhari, 1987): cut the longer side so that the people
//! left and right are as the numbers of parts to come.

use super::level::Level;

/// Divides by straight lines; the level must have positions and at least as many nodes as parts. Every
/// part gets a node, but may lie in several pieces. O(n log parts) on average.
pub(super) fn strips(level: &Level, parts: u32) -> Vec<u32> {
    let (x, y) = (&level.x[..], &level.y[..]);
    let mut part = vec![0u32; level.len()];
    let mut nodes: Vec<u32> = level.nodes().collect();
    let mut work = vec![(0usize, nodes.len(), 0u32, parts)];
    while let Some((from, to, label, count)) = work.pop() {
        let slice = &mut nodes[from..to];
        if count == 1 {
            slice.iter().for_each(|&node| part[node as usize] = label);
            continue;
        }
        let left = count / 2;
        let axis = if wider(slice, x, y) { x } else { y };
        let share = f64::from(left) / f64::from(count);
        let split = divide_at(slice, axis, &level.people, share, left as usize, (count - left) as usize);
        work.push((from, from + split, label, left));
        work.push((from + split, to, label + left, count - left));
    }
    part
}

/// Whether the nodes spread wider from west to east than from south to north.
fn wider(nodes: &[u32], x: &[f64], y: &[f64]) -> bool {
    let spread = |axis: &[f64]| {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for &node in nodes {
            let at = axis[node as usize];
            low = if at < low { at } else { low };
            high = if at > high { at } else { high };
        }
        high - low
    };
    spread(x) >= spread(y)
}

/// Sorts just enough that the first nodes hold `share` of the people; returns how many they are, at
/// least `fewest` and leaving at least `rest`.
fn divide_at(
    nodes: &mut [u32],
    axis: &[f64],
    people: &[i64],
    share: f64,
    fewest: usize,
    rest: usize,
) -> usize {
    let of = |node: &u32| people[*node as usize];
    let before = |a: &u32, b: &u32| axis[*a as usize].total_cmp(&axis[*b as usize]).then(a.cmp(b));
    let mut goal = (nodes.iter().map(of).sum::<i64>() as f64 * share) as i64;
    let (mut from, mut to) = (0, nodes.len());
    while to - from > 32 {
        let middle = usize::midpoint(from, to);
        nodes[from..to].select_nth_unstable_by(middle - from, before);
        let half: i64 = nodes[from..middle].iter().map(of).sum();
        if half <= goal {
            (from, goal) = (middle, goal - half);
        } else {
            to = middle;
        }
    }
    nodes[from..to].sort_unstable_by(before);
    while from < to && goal >= of(&nodes[from]) {
        goal -= of(&nodes[from]);
        from += 1;
    }
    if from < to && 2 * goal >= of(&nodes[from]) {
        from += 1;
    }
    let split = from.clamp(fewest, nodes.len() - rest);
    if split != from {
        nodes.sort_unstable_by(before);
    }
    split
}
