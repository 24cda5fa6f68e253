//! Five colours, so that no two neighbouring grids look alike.
//!
//! Grids of a town form a planar graph, for which five colours always suffice. Vertices are taken in
//! smallest-last order (Matula and Beck 1983), so each meets at most five coloured neighbours, and when those
//! use up all five colours a Kempe chain is swapped (Heawood 1890). Among the colours allowed, the one that
//! repeats least across mere corners is taken, then the least used, then the lowest: nothing is left to
//! chance. Real data can be odd enough not to be planar (grids in several pieces); there the least bad
//! colour is taken rather than an error raised, since a map with one bad pair is better than none.
//! Cost: sorting the edges, then at most linear work for each of at most ten swaps per vertex.

use super::layers::Layers;

/// Number of colours.
pub const COLOURS: usize = 5;

/// Vertices nearer than this are the same, in metres.
const TOLERANCE_M: f64 = 0.05;

/// Which grids touch: along an edge, and at a vertex at least.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Neighbours across a shared edge, sorted, for each grid.
    pub edge: Vec<Vec<u32>>,
    /// Neighbours at a shared vertex, sorted, edge neighbours among them.
    pub corner: Vec<Vec<u32>>,
}

impl Neighbours {
    /// From pairs; order and repetition do not matter.
    #[must_use]
    pub fn new(count: usize, edges: &[(u32, u32)], corners: &[(u32, u32)]) -> Self {
        let lists = |pairs: &[(u32, u32)]| {
            let mut lists = vec![Vec::new(); count];
            for &(a, b) in pairs {
                if a != b && (a as usize) < count && (b as usize) < count {
                    lists[a as usize].push(b);
                    lists[b as usize].push(a);
                }
            }
            for list in &mut lists {
                list.sort_unstable();
                list.dedup();
            }
            lists
        };
        Self { edge: lists(edges), corner: lists(corners) }
    }

    /// From the rings of atoms and grids. Where two editions of a line meet in different vertices no edge is
    /// shared, but a corner usually is, and corners are parted as well wherever that costs nothing.
    #[must_use]
    pub fn of(layers: &Layers) -> Self {
        let atoms = layers.atoms.iter().map(|atom| (atom.grid, &atom.rings));
        let grids = (0_u32..).zip(&layers.grids).map(|(index, grid)| (index, &grid.rings));
        let mut edges: Vec<(Key, Key, u32)> = Vec::new();
        let mut corners: Vec<(Key, u32)> = Vec::new();
        for (grid, rings) in atoms.chain(grids) {
            for ring in rings.iter().flatten() {
                let keys: Vec<Key> = ring.iter().map(|&p| key(p)).collect();
                corners.extend(keys.iter().map(|&k| (k, grid)));
                let pairs = keys.iter().zip(keys.iter().cycle().skip(1)).filter(|(a, b)| a != b);
                edges.extend(pairs.map(|(&a, &b)| (a.min(b), a.max(b), grid)));
            }
        }
        edges.sort_unstable();
        edges.dedup();
        corners.sort_unstable();
        corners.dedup();
        let across = pairs_within(&edges, |e| (e.0, e.1), |e| e.2);
        let meeting = pairs_within(&corners, |c| c.0, |c| c.1);
        Self::new(layers.grids.len(), &across, &meeting)
    }
}

type Key = (i64, i64);

#[expect(clippy::cast_possible_truncation, reason = "rounded, and metres of a town are far from the limits")]
fn key(p: [f64; 2]) -> Key {
    ((p[0] / TOLERANCE_M).round() as i64, (p[1] / TOLERANCE_M).round() as i64)
}

/// All pairs of grids in each run of equal keys.
fn pairs_within<T, K: PartialEq>(
    sorted: &[T],
    key: impl Fn(&T) -> K,
    grid: impl Fn(&T) -> u32,
) -> Vec<(u32, u32)> {
    let mut pairs = Vec::new();
    for run in sorted.chunk_by(|a, b| key(a) == key(b)) {
        for (at, a) in run.iter().enumerate() {
            pairs.extend(run[at + 1..].iter().map(|b| (grid(a), grid(b))));
        }
    }
    pairs
}

/// A colour below [`COLOURS`] for each grid.
#[must_use]
pub fn colour(neighbours: &Neighbours) -> Vec<u8> {
    let mut colours: Vec<Option<u8>> = vec![None; neighbours.edge.len()];
    let mut used = [0_u32; COLOURS];
    for vertex in smallest_last(&neighbours.edge) {
        let free = free_colours(neighbours, &colours, vertex);
        let chosen = cheapest(neighbours, &colours, &used, vertex, &free)
            .or_else(|| swap_chain(&neighbours.edge, &mut colours, vertex))
            .unwrap_or_else(|| least_bad(neighbours, &colours, vertex));
        colours[vertex] = Some(chosen);
        used = [0; COLOURS];
        for colour in colours.iter().flatten() {
            used[usize::from(*colour)] += 1;
        }
    }
    colours.into_iter().map(Option::unwrap_or_default).collect()
}

/// The order in which to colour: the reverse of taking away a vertex of least degree, again and again.
fn smallest_last(edge: &[Vec<u32>]) -> Vec<usize> {
    let mut degree: Vec<usize> = edge.iter().map(Vec::len).collect();
    let mut left: std::collections::BTreeSet<(usize, usize)> =
        degree.iter().enumerate().map(|(v, &d)| (d, v)).collect();
    let mut order = Vec::with_capacity(edge.len());
    while let Some((_, vertex)) = left.pop_first() {
        order.push(vertex);
        for &next in &edge[vertex] {
            let next = next as usize;
            if left.remove(&(degree[next], next)) {
                degree[next] -= 1;
                left.insert((degree[next], next));
            }
        }
    }
    order.reverse();
    order
}

fn free_colours(neighbours: &Neighbours, colours: &[Option<u8>], vertex: usize) -> Vec<u8> {
    let taken: Vec<u8> = neighbours.edge[vertex].iter().filter_map(|&n| colours[n as usize]).collect();
    (0_u8..).take(COLOURS).filter(|colour| !taken.contains(colour)).collect()
}

fn cheapest(
    neighbours: &Neighbours,
    colours: &[Option<u8>],
    used: &[u32; COLOURS],
    vertex: usize,
    free: &[u8],
) -> Option<u8> {
    let corners = |colour: u8| clashes(&neighbours.corner[vertex], colours, colour);
    free.iter().copied().min_by_key(|&colour| (corners(colour), used[usize::from(colour)], colour))
}

fn clashes(list: &[u32], colours: &[Option<u8>], colour: u8) -> usize {
    list.iter().filter(|&&n| colours[n as usize] == Some(colour)).count()
}

fn least_bad(neighbours: &Neighbours, colours: &[Option<u8>], vertex: usize) -> u8 {
    let worst = |colour: &u8| (clashes(&neighbours.edge[vertex], colours, *colour), *colour);
    (0_u8..).take(COLOURS).min_by_key(worst).unwrap_or_default()
}

/// Frees a colour at `vertex` by exchanging two colours along the chains that start at its neighbours of the
/// first colour, provided none of those chains comes back to a neighbour of the second.
fn swap_chain(edge: &[Vec<u32>], colours: &mut [Option<u8>], vertex: usize) -> Option<u8> {
    for first in (0_u8..).take(COLOURS) {
        for second in (0_u8..).take(COLOURS).filter(|&c| c != first) {
            let starts = edge[vertex].iter().map(|&n| n as usize).filter(|&n| colours[n] == Some(first));
            let mut chain: Vec<usize> = starts.collect();
            let mut seen = vec![false; edge.len()];
            for &start in &chain {
                seen[start] = true;
            }
            let mut at = 0;
            while let Some(&here) = chain.get(at) {
                at += 1;
                for next in edge[here].iter().map(|&n| n as usize) {
                    if !seen[next] && (colours[next] == Some(first) || colours[next] == Some(second)) {
                        seen[next] = true;
                        chain.push(next);
                    }
                }
            }
            let returns = edge[vertex].iter().map(|&n| n as usize);
            if returns.into_iter().any(|n| seen[n] && colours[n] == Some(second)) {
                continue;
            }
            for link in chain {
                colours[link] = Some(if colours[link] == Some(first) { second } else { first });
            }
            return Some(first);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look random and are the same on every machine.
    fn numbers(mut state: u64) -> impl FnMut(u32) -> u32 {
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            u32::try_from(state >> 33).expect("31 bits") % below
        }
    }

    fn clashing(neighbours: &Neighbours, colours: &[u8]) -> usize {
        let own = |v: usize, n: u32| colours[v] == colours[n as usize];
        neighbours.edge.iter().enumerate().flat_map(|(v, l)| l.iter().filter(move |&&n| own(v, n))).count()
    }

    /// A triangle into which vertices are set one by one is a planar graph with all the edges it can have.
    #[test]
    fn neighbours_differ_on_planar_graphs() {
        for seed in 0..60 {
            let mut next = numbers(seed);
            let mut faces = vec![[0, 1, 2]];
            let mut edges = vec![(0, 1), (1, 2), (2, 0)];
            for vertex in 3..200_u32 {
                let at = next(u32::try_from(faces.len()).expect("few faces")) as usize;
                let [a, b, c] = faces.swap_remove(at);
                edges.extend([(a, vertex), (b, vertex), (c, vertex)]);
                faces.extend([[a, b, vertex], [b, c, vertex], [c, a, vertex]]);
            }
            let neighbours = Neighbours::new(200, &edges, &edges);
            let colours = colour(&neighbours);
            assert_eq!(clashing(&neighbours, &colours), 0, "seed {seed}");
            assert_eq!(colours, colour(&neighbours));
        }
    }

    #[test]
    fn a_raster_with_merged_cells_is_coloured() {
        for seed in 0..40 {
            let mut next = numbers(seed);
            let owner: Vec<u32> = (0..900).map(|_| next(40)).collect();
            let cell = |x: usize, y: usize| owner[(y / 3) * 30 / 3 * 3 + x / 3];
            let mut edges = Vec::new();
            for y in 0..29 {
                for x in 0..29 {
                    edges.extend([(cell(x, y), cell(x + 1, y)), (cell(x, y), cell(x, y + 1))]);
                }
            }
            let colours = colour(&Neighbours::new(40, &edges, &[]));
            assert!(colours.iter().all(|&c| usize::from(c) < COLOURS));
        }
    }

    #[test]
    fn too_dense_a_graph_still_gets_colours() {
        let all: Vec<(u32, u32)> = (0..9).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
        let colours = colour(&Neighbours::new(9, &all, &all));
        assert_eq!(colours.len(), 9);
        assert!(colours.iter().all(|&c| usize::from(c) < COLOURS));
    }
}
