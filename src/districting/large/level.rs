//! The working graph: compressed rows with people, one for every stage of coarsening.

use super::super::instance::Instance;

/// A graph with people and, where they are known, positions on its nodes.
#[derive(Clone, Debug, Default)]
pub(super) struct Level {
    /// Where the row of each node begins; one entry more than there are nodes.
    pub(crate) first: Vec<u32>,
    /// Arcs, row by row: neighbour and price, side by side for they are read together.
    pub(crate) arcs: Vec<(u32, u32)>,
    /// People of each node.
    pub(crate) people: Vec<i64>,
    /// Position of each node, from the western edge; empty where positions are unknown.
    pub(crate) x: Vec<f64>,
    /// Position to the north, as `x`.
    pub(crate) y: Vec<f64>,
}

impl Level {
    /// The working graph of an instance whose atoms are visited in `order`: node `i` is atom
    /// `order[i]`. Neighbours near in the order lie near in memory, which is most of the speed at a
    /// million atoms. O(n + m).
    pub(crate) fn ordered(instance: &Instance, order: &[u32]) -> Self {
        let mut rank = vec![0u32; order.len()];
        for (node, &atom) in (0u32..).zip(order) {
            rank[atom as usize] = node;
        }
        let mut level = Self::with_room(order.len(), 2 * instance.graph.edges());
        for &atom in order {
            for (other, price) in instance.graph.priced(atom) {
                level.arcs.push((rank[other as usize], price));
            }
            level.close_row(instance.people[atom as usize]);
        }
        if has_positions(instance) {
            level.x = from_edge(&instance.x, order);
            level.y = from_edge(&instance.y, order);
        }
        level
    }

    /// An empty graph with room reserved.
    pub(crate) fn with_room(nodes: usize, arcs: usize) -> Self {
        let mut first = Vec::with_capacity(nodes + 1);
        first.push(0);
        Self { first, arcs: Vec::with_capacity(arcs), people: Vec::with_capacity(nodes), ..Self::default() }
    }

    /// Ends the row of the node being written.
    pub(crate) fn close_row(&mut self, people: i64) {
        self.people.push(people);
        self.first.push(self.arcs.len() as u32);
    }

    /// The number of nodes.
    pub(crate) fn len(&self) -> usize {
        self.people.len()
    }

    /// The arcs of `node`: neighbour and price.
    pub(crate) fn arcs(&self, node: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let row = self.first[node as usize] as usize..self.first[node as usize + 1] as usize;
        self.arcs[row].iter().copied()
    }

    /// The neighbours of `node`.
    pub(crate) fn neighbours(&self, node: u32) -> impl Iterator<Item = u32> + '_ {
        self.arcs(node).map(|arc| arc.0)
    }

    /// One neighbour of `node`, which must have some, by 16 bits of chance.
    pub(crate) fn pick(&self, node: u32, bits: u32) -> u32 {
        let at = (u64::from(bits) * self.degree(node) as u64) >> 16;
        self.arcs[self.first[node as usize] as usize + at as usize].0
    }

    /// How many neighbours `node` has.
    pub(crate) fn degree(&self, node: u32) -> usize {
        (self.first[node as usize + 1] - self.first[node as usize]) as usize
    }

    /// Every node.
    pub(crate) fn nodes(&self) -> std::ops::Range<u32> {
        0..self.len() as u32
    }

    /// People of all nodes.
    pub(crate) fn all_people(&self) -> i64 {
        self.people.iter().sum()
    }

    /// The mean price of an edge, at least a trifle.
    pub(crate) fn mean_price(&self) -> f64 {
        let sum: u64 = self.arcs.iter().map(|arc| u64::from(arc.1)).sum();
        (sum as f64 / self.arcs.len().max(1) as f64).max(1e-9)
    }

    /// The price of edges between different values of `part`. O(n + m).
    pub(crate) fn cut(&self, part: &[u32]) -> i64 {
        let crossing = |node: u32| {
            let mine = part[node as usize];
            self.arcs(node)
                .filter(|arc| part[arc.0 as usize] != mine)
                .map(|arc| i64::from(arc.1))
                .sum::<i64>()
        };
        self.nodes().map(crossing).sum::<i64>() / 2
    }

    /// People times squared distance to the centroid of their part; zero without positions. O(n).
    pub(crate) fn moment(&self, part: &[u32], parts: u32) -> f64 {
        if self.x.is_empty() {
            return 0.0;
        }
        let mut sums = vec![[0.0f64; 3]; parts as usize];
        let mut whole = 0.0;
        for node in 0..self.len() {
            let (people, x, y) = (self.people[node] as f64, self.x[node], self.y[node]);
            let sum = &mut sums[part[node] as usize];
            *sum = [sum[0] + people, sum[1] + people * x, sum[2] + people * y];
            whole += people * (x * x + y * y);
        }
        let about =
            |sum: &[f64; 3]| if sum[0] > 0.0 { (sum[1] * sum[1] + sum[2] * sum[2]) / sum[0] } else { 0.0 };
        (whole - sums.iter().map(about).sum::<f64>()).max(0.0)
    }
}

/// Whether every atom has a position, and not all the same.
pub(super) fn has_positions(instance: &Instance) -> bool {
    let spread = |axis: &[i64]| axis.iter().any(|at| *at != axis[0]);
    let complete = instance.x.len() == instance.len() && instance.y.len() == instance.len();
    complete && (spread(&instance.x) || spread(&instance.y))
}

/// Positions in a new order, counted from the least: small numbers keep sums of products exact.
fn from_edge(values: &[i64], order: &[u32]) -> Vec<f64> {
    let least = values.iter().copied().min().unwrap_or(0);
    order.iter().map(|&atom| (values[atom as usize] - least) as f64).collect()
}
