//! What a street graph is made of, from whatever source.

use std::collections::HashMap;

use thiserror::Error;

use crate::walking::FAR;
use crate::walking::metric::Position;

/// Lines over numbered nodes, joined where they share a node.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// Where each node lies.
    pub positions: Vec<Position>,
    /// Nodes of the lines, one line after another. A line of one node is a node without streets.
    pub nodes: Vec<u32>,
    /// Where each line ends in `nodes`.
    pub ends: Vec<u32>,
    /// Marks of each line, see [`mark`](crate::walking::osm::mark).
    pub marks: Vec<u8>,
    /// Lengths in millimetres of the segments, in the order of `nodes`; none: measured on the
    /// ellipsoid. A line of k nodes has k − 1 of them.
    pub lengths_mm: Option<Vec<u32>>,
    /// Height of each node in metres; none: level ground.
    pub heights_m: Option<Vec<f32>>,
    /// What a metre of stairs costs, in percent of a level metre; 0 counts as 100.
    pub steps_percent: u32,
}

/// Why there is no street graph.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum StreetsError {
    /// An edge names a node that is not there.
    #[error("edge {edge} names node {node}, but there are {nodes} nodes")]
    NoSuchNode {
        /// Number of the edge or line, from 0.
        edge: usize,
        /// The node it names.
        node: u32,
        /// Nodes there are.
        nodes: usize,
    },
    /// A length that is not finite, negative, or over 1,000 km.
    #[error("edge {edge} is {metres} m long; a length must be between 0 and 1,000,000 m")]
    Length {
        /// Number of the edge, from 0.
        edge: usize,
        /// Its length.
        metres: f64,
    },
    /// Lists that do not fit one another.
    #[error("{list} has {found} items instead of {expected}")]
    Mismatch {
        /// Which list.
        list: &'static str,
        /// What it should hold.
        expected: usize,
        /// What it holds.
        found: usize,
    },
    /// More streets than numbers of 32 bits can count.
    #[error("there are more streets than 2³⁰ nodes of lines; cut them to the place")]
    TooMany,
}

impl Lines {
    /// Undirected edges of given length in metres between nodes.
    ///
    /// # Errors
    /// [`StreetsError`] for a node that is not there or a length that is none.
    pub fn from_edges(
        positions: Vec<Position>,
        edges: impl IntoIterator<Item = (u32, u32, f64)>,
    ) -> Result<Self, StreetsError> {
        let mut lines = Self { positions, ..Self::default() };
        let nodes = lines.positions.len();
        let mut lengths = Vec::new();
        let mut met = vec![false; nodes];
        for (edge, (u, v, metres)) in edges.into_iter().enumerate() {
            if let Some(&node) = [u, v].iter().find(|node| **node as usize >= nodes) {
                return Err(StreetsError::NoSuchNode { edge, node, nodes });
            }
            if !(0.0..=1e6).contains(&metres) {
                return Err(StreetsError::Length { edge, metres });
            }
            met[u as usize] = true;
            met[v as usize] = true;
            lines.push(&[u, v], 0);
            lengths.push((metres * 1e3).round() as u32);
        }
        for node in (0..nodes as u32).filter(|node| !met[*node as usize]) {
            lines.push(&[node], 0);
        }
        lines.lengths_mm = Some(lengths);
        Ok(lines)
    }

    /// Lines as positions, joined where positions are equal.
    pub fn from_positions<'a>(polylines: impl IntoIterator<Item = (&'a [Position], u8)>) -> Self {
        let mut lines = Self::default();
        let mut numbers: HashMap<Position, u32> = HashMap::new();
        let mut line = Vec::new();
        for (polyline, marks) in polylines {
            line.clear();
            for position in polyline {
                let next = lines.positions.len() as u32;
                let node = *numbers.entry(*position).or_insert(next);
                if node == next {
                    lines.positions.push(*position);
                }
                line.push(node);
            }
            if line.len() >= 2 {
                lines.push(&line, marks);
            }
        }
        lines
    }

    /// Adds a line.
    pub fn push(&mut self, nodes: &[u32], marks: u8) {
        self.nodes.extend_from_slice(nodes);
        self.ends.push(self.nodes.len() as u32);
        self.marks.push(marks);
    }

    /// The lines: number, first place in `nodes`, one past the last.
    pub(super) fn ranges(&self) -> impl Iterator<Item = (usize, usize, usize)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| *end as usize));
        starts.zip(&self.ends).enumerate().map(|(line, (start, end))| (line, start, *end as usize))
    }

    /// Every list fits the others and every node exists.
    pub(super) fn check(&self) -> Result<(), StreetsError> {
        let fits = |list, found: usize, expected: usize| {
            if found == expected { Ok(()) } else { Err(StreetsError::Mismatch { list, expected, found }) }
        };
        if self.nodes.len() >= FAR as usize || self.positions.len() >= FAR as usize {
            return Err(StreetsError::TooMany);
        }
        fits("marks", self.marks.len(), self.ends.len())?;
        if !self.ends.is_sorted() {
            return Err(StreetsError::Mismatch { list: "ends", expected: self.nodes.len(), found: 0 });
        }
        fits("nodes", self.nodes.len(), self.ends.last().copied().unwrap_or(0) as usize)?;
        if let Some(heights) = &self.heights_m {
            fits("heights_m", heights.len(), self.positions.len())?;
        }
        let nodes = self.positions.len();
        if self.nodes.iter().all(|node| (*node as usize) < nodes) {
            let segments = self.ranges().map(|(_, start, end)| (end - start).saturating_sub(1)).sum();
            return self.lengths_mm.as_ref().map_or(Ok(()), |l| fits("lengths_mm", l.len(), segments));
        }
        let bad = self.nodes.iter().position(|node| *node as usize >= nodes).expect("one was found");
        let edge = self.ends.partition_point(|end| *end as usize <= bad);
        Err(StreetsError::NoSuchNode { edge, node: self.nodes[bad], nodes })
    }
}
