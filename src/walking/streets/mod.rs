//! The street graph: junctions, and chains of street between them.
//!
//! Two of three nodes of a street map only bend a street. Nodes of degree two are contracted into
//! *chains* that keep their shape and the length to every vertex, so that a search crosses a chain
//! in one step and a place on it still has its exact distance. A street with one loose end is a chain
//! with one junction: no search enters it. Junctions are numbered along a Hilbert curve, chains in
//! the order of their junctions, and the arcs of a junction stand together (compressed rows).

mod arcs;
mod build;
mod chains;
mod lines;
pub(crate) mod order;
#[cfg(test)]
mod tests;

pub use lines::{Lines, StreetsError};

pub(crate) use arcs::Arcs;

use super::FAR;
use super::metric::{Metric, Position};
use super::osm::mark;

/// Who walks, as far as the graph must know; speed alone changes nothing in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Walker {
    /// Uses every street.
    #[default]
    Any,
    /// Uses no stairs.
    StepFree,
}

/// A graph of streets.
#[derive(Debug)]
pub struct Streets {
    pub(crate) chains: Vec<Chain>,
    /// Vertices of all chains, ends included, chain after chain.
    pub(crate) vertices: Vec<Vertex>,
    /// Cost of walking from each vertex back to the first of its chain, where slopes make it differ
    /// from the cost of walking there.
    back_mm: Option<Vec<u32>>,
    /// The node each vertex is in the lines.
    node_of: Vec<u32>,
    arcs: Arcs,
    /// Without stairs; none where there are none.
    step_free: Option<Arcs>,
    component_of: Vec<u32>,
    component_nodes: Vec<u32>,
    metric: Metric,
    nodes: usize,
}

/// A street between two junctions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chain {
    pub(crate) from: u32,
    /// [`NONE`] at a loose end.
    pub(crate) to: u32,
    pub(crate) first: u32,
    pub(crate) end: u32,
    pub(crate) marks: u8,
}

/// A bend or an end of a chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Vertex {
    pub(crate) position: Position,
    /// Cost of walking here from the first vertex of the chain, millimetres.
    pub(crate) ahead_mm: u32,
}

/// A point on a chain: what walking to it from the chain's first vertex costs, and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnChain {
    /// The chain.
    pub chain: u32,
    /// Millimetres from the first vertex of the chain.
    pub ahead_mm: u32,
    /// Millimetres to the first vertex of the chain; as ahead where slopes do not count.
    pub back_mm: u32,
}

impl Chain {
    pub(crate) fn is_ahead_open(&self) -> bool {
        self.marks & mark::BACKWARD_ONLY == 0
    }

    pub(crate) fn is_back_open(&self) -> bool {
        self.marks & mark::FORWARD_ONLY == 0
    }

    pub(crate) fn has_steps(&self) -> bool {
        self.marks & mark::STEPS != 0
    }
}

impl Streets {
    /// Builds the graph. O(nodes + junctions · log junctions).
    ///
    /// # Errors
    /// [`StreetsError`] where the lists do not fit one another.
    pub fn build(lines: &Lines) -> Result<Self, StreetsError> {
        build::build(lines)
    }

    /// Nodes of the lines that lie on streets.
    pub fn nodes(&self) -> usize {
        self.nodes
    }

    /// Segments between neighbouring nodes, the shortest of parallel ones counted once.
    pub fn edges(&self) -> usize {
        self.chains.iter().map(|chain| (chain.end - chain.first - 1) as usize).sum()
    }

    /// Junctions: nodes a search sees.
    pub fn junctions(&self) -> usize {
        self.component_of.len()
    }

    /// Chains between junctions and to loose ends.
    pub fn chains(&self) -> usize {
        self.chains.len()
    }

    /// Street nodes in each connected component; components are numbered by their first junction.
    pub fn component_nodes(&self) -> &[u32] {
        &self.component_nodes
    }

    /// Whether any street is stairs.
    pub fn has_steps(&self) -> bool {
        self.step_free.is_some()
    }

    /// Whether slopes make a walk cost more one way than the other.
    pub fn is_sloped(&self) -> bool {
        self.back_mm.is_some()
    }

    /// Lengths of degrees where the streets are.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// The component of a chain.
    pub fn component(&self, chain: u32) -> u32 {
        self.component_of[self.chains[chain as usize].from as usize]
    }

    /// For each node of the lines a point on a chain; none for nodes without streets of their own.
    pub fn node_points(&self, nodes: usize) -> Vec<Option<OnChain>> {
        let mut points = vec![None; nodes];
        // A junction of stairs and a street stands on the street.
        let (stairs, level): (Vec<_>, Vec<_>) = (0..self.chains.len())
            .map(|number| (number, &self.chains[number]))
            .partition(|(_, chain)| chain.has_steps());
        for (number, chain) in level.into_iter().chain(stairs) {
            for vertex in chain.first..chain.end {
                let node = self.node_of[vertex as usize] as usize;
                if node < nodes && points[node].is_none() {
                    points[node] = Some(self.at_vertex(number as u32, vertex));
                }
            }
        }
        points
    }

    pub(crate) fn at_vertex(&self, chain: u32, vertex: u32) -> OnChain {
        let ahead_mm = self.vertices[vertex as usize].ahead_mm;
        OnChain { chain, ahead_mm, back_mm: self.back(vertex) }
    }

    /// The point a share of the way from a vertex to the next.
    pub(crate) fn between(&self, chain: u32, vertex: u32, share: f64) -> OnChain {
        let (low, high) = (self.at_vertex(chain, vertex), self.at_vertex(chain, vertex + 1));
        let along = |low: u32, high: u32| low + (f64::from(high - low) * share).round() as u32;
        OnChain {
            chain,
            ahead_mm: along(low.ahead_mm, high.ahead_mm),
            back_mm: along(low.back_mm, high.back_mm),
        }
    }

    /// The last vertex at or before a point of a chain, and where the point lies.
    pub(crate) fn locate(&self, point: &OnChain) -> (u32, Position) {
        let chain = &self.chains[point.chain as usize];
        let shape = &self.vertices[chain.first as usize..chain.end as usize];
        let passed = shape.partition_point(|vertex| vertex.ahead_mm <= point.ahead_mm).max(1);
        let (low, high) = (shape[passed - 1], shape.get(passed).copied().unwrap_or(shape[passed - 1]));
        let length = f64::from((high.ahead_mm - low.ahead_mm).max(1));
        let share = (f64::from(point.ahead_mm - low.ahead_mm) / length).min(1.0);
        let along = |low: i32, high: i32| {
            (f64::from(low) + share * (f64::from(high) - f64::from(low))).round() as i32
        };
        let position = Position {
            lon: along(low.position.lon, high.position.lon),
            lat: along(low.position.lat, high.position.lat),
        };
        (chain.first + passed as u32 - 1, position)
    }

    fn back(&self, vertex: u32) -> u32 {
        self.back_mm.as_ref().map_or(self.vertices[vertex as usize].ahead_mm, |back| back[vertex as usize])
    }

    /// Arcs by the junction walked to.
    pub(crate) fn arcs(&self, walker: Walker) -> &Arcs {
        match (walker, &self.step_free) {
            (Walker::StepFree, Some(arcs)) => arcs,
            _ => &self.arcs,
        }
    }

    /// Whether a walker may use a chain.
    pub(crate) fn admits(&self, walker: Walker, chain: u32) -> bool {
        walker == Walker::Any || !self.chains[chain as usize].has_steps()
    }

    /// Cost of a whole chain, ahead and back.
    pub(crate) fn span(&self, chain: &Chain) -> (u32, u32) {
        (self.vertices[chain.end as usize - 1].ahead_mm, self.back(chain.end - 1))
    }

    /// Cost of walking from a point to the first junction of its chain and to the last: [`FAR`] where
    /// the street is closed that way.
    pub(crate) fn walk_to_ends(&self, point: &OnChain) -> (u32, u32) {
        let chain = &self.chains[point.chain as usize];
        let (first, last) = (point.back_mm, self.span(chain).0 - point.ahead_mm);
        // Who stands at an end is there, whichever way the street is open.
        let to_first = if chain.is_back_open() || first == 0 { first } else { FAR };
        let to_last = if chain.is_ahead_open() || last == 0 { last } else { FAR };
        (to_first, to_last)
    }

    /// Cost of walking to a point from the first junction of its chain and from the last.
    pub(crate) fn walk_from_ends(&self, point: &OnChain) -> (u32, u32) {
        let chain = &self.chains[point.chain as usize];
        let (first, last) = (point.ahead_mm, self.span(chain).1 - point.back_mm);
        let from_first = if chain.is_ahead_open() || first == 0 { first } else { FAR };
        let from_last = if chain.is_back_open() || last == 0 { last } else { FAR };
        (from_first, from_last)
    }

    /// Cost of walking along one chain from a point to another: [`FAR`] against a one-way.
    pub(crate) fn along(&self, from: &OnChain, to: &OnChain) -> u32 {
        let chain = &self.chains[from.chain as usize];
        if from.ahead_mm <= to.ahead_mm && from.back_mm <= to.back_mm {
            if chain.is_ahead_open() {
                to.ahead_mm - from.ahead_mm
            } else if from == to {
                0
            } else {
                FAR
            }
        } else if chain.is_back_open() {
            from.back_mm.saturating_sub(to.back_mm)
        } else {
            FAR
        }
    }
}
