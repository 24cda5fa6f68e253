//! Which atoms are neighbours: a symmetric graph in compressed rows.

/// Neighbours of every node, ascending, each edge stored from both ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    first_out: Vec<u32>,
    heads: Vec<u32>,
    prices: Vec<u32>,
}

impl Graph {
    /// A graph of `nodes` nodes with edges `(a, b, price)` in any order and direction. Loops are
    /// dropped; of parallel edges the prices are added. O(edges · log degree).
    ///
    /// # Panics
    /// If an edge names a node that is not there.
    pub fn from_edges(nodes: usize, edges: &[(u32, u32, u32)]) -> Self {
        let mut first_out = vec![0u32; nodes + 1];
        for &(a, b, _) in edges.iter().filter(|(a, b, _)| a != b) {
            first_out[a as usize + 1] += 1;
            first_out[b as usize + 1] += 1;
        }
        for node in 0..nodes {
            first_out[node + 1] += first_out[node];
        }
        let mut arcs = vec![(0u32, 0u32); first_out[nodes] as usize];
        let mut next = first_out.clone();
        for &(a, b, price) in edges.iter().filter(|(a, b, _)| a != b) {
            for (from, to) in [(a, b), (b, a)] {
                let slot = &mut next[from as usize];
                arcs[*slot as usize] = (to, price);
                *slot += 1;
            }
        }
        let mut graph = Self { first_out: vec![0], heads: Vec::new(), prices: Vec::new() };
        graph.heads.reserve(arcs.len());
        graph.prices.reserve(arcs.len());
        for node in 0..nodes {
            let row = &mut arcs[first_out[node] as usize..first_out[node + 1] as usize];
            row.sort_unstable();
            for parallel in row.chunk_by(|a, b| a.0 == b.0) {
                graph.heads.push(parallel[0].0);
                graph.prices.push(parallel.iter().fold(0, |sum, arc| sum.saturating_add(arc.1)));
            }
            graph.first_out.push(graph.heads.len() as u32);
        }
        graph
    }

    /// The number of nodes.
    pub fn len(&self) -> usize {
        self.first_out.len() - 1
    }

    /// Whether there is no node.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of edges, each counted once.
    pub fn edges(&self) -> usize {
        self.heads.len() / 2
    }

    /// The neighbours of `node`, ascending.
    pub fn neighbours(&self, node: u32) -> &[u32] {
        &self.heads[self.row(node)]
    }

    /// The neighbours of `node` with the price of a boundary between the two.
    pub fn priced(&self, node: u32) -> impl Iterator<Item = (u32, u32)> + '_ {
        let row = self.row(node);
        self.heads[row.clone()].iter().copied().zip(self.prices[row].iter().copied())
    }

    /// Whether every edge costs at least one.
    pub fn each_costs(&self) -> bool {
        self.prices.iter().all(|price| *price >= 1)
    }

    fn row(&self, node: u32) -> std::ops::Range<usize> {
        self.first_out[node as usize] as usize..self.first_out[node as usize + 1] as usize
    }
}
