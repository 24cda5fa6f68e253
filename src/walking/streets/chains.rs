//! Lines to chains: pieces between nodes of degree two are threaded together.

use super::lines::Lines;
use crate::walking::NONE;
use crate::walking::osm::mark;

/// Marks that give a line a direction.
pub(super) const ONE_WAY: u8 = mark::FORWARD_ONLY | mark::BACKWARD_ONLY;

/// A stretch of a line between two nodes that are not its inside.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) line: u32,
    pub(super) marks: u8,
}

/// Pieces threaded into chains.
pub(super) struct Chains {
    pub(super) pieces: Vec<Piece>,
    /// Piece times two, plus one where it is walked backwards; chain after chain.
    pub(super) links: Vec<u32>,
    /// Where each chain ends in `links`.
    pub(super) ends: Vec<u32>,
    /// Streets that meet at each node, up to 255.
    pub(super) degree: Vec<u8>,
}

/// Threads the lines; returns room of one number a node beside them, to be used again.
pub(super) fn thread(lines: &Lines) -> (Chains, Vec<u32>) {
    let mut degree = degrees(lines);
    let pieces = split(lines, &mut degree);
    let (mates, room) = mates(lines, &pieces, &degree);
    let mut taken = vec![false; pieces.len()];
    let mut chains = Chains {
        pieces,
        links: Vec::with_capacity(mates.len() / 2),
        ends: Vec::with_capacity(mates.len() / 2),
        degree,
    };
    // First from ends that are true ends, then whatever is left: rings.
    for rings in [false, true] {
        for end in 0..mates.len() as u32 {
            if taken[(end >> 1) as usize] || (!rings && mates[end as usize] != NONE) {
                continue;
            }
            let mut enter = end;
            while enter != NONE && !taken[(enter >> 1) as usize] {
                taken[(enter >> 1) as usize] = true;
                chains.links.push(enter);
                enter = mates[(enter ^ 1) as usize];
            }
            chains.ends.push(chains.links.len() as u32);
        }
    }
    (chains, room)
}

fn degrees(lines: &Lines) -> Vec<u8> {
    let mut degree = vec![0u8; lines.positions.len()];
    for (_, start, end) in lines.ranges() {
        let line = &lines.nodes[start..end];
        if let [first, inside @ .., last] = line {
            for node in [first, last] {
                degree[*node as usize] = degree[*node as usize].saturating_add(1);
            }
            for node in inside {
                degree[*node as usize] = degree[*node as usize].saturating_add(2);
            }
        }
    }
    degree
}

fn split(lines: &Lines, degree: &mut [u8]) -> Vec<Piece> {
    // Room that is not filled is never touched.
    let mut pieces = Vec::with_capacity(lines.ends.len() * 3);
    for (line, start, end) in lines.ranges() {
        let (line_number, marks) = (line as u32, lines.marks[line]);
        let mut push = |first: usize, last: usize| {
            pieces.push(Piece { first: first as u32, last: last as u32, line: line_number, marks });
        };
        let mut first = start;
        for at in start + 1..end {
            if at + 1 == end || degree[lines.nodes[at] as usize] != 2 {
                push(first, at);
                first = at;
            }
        }
        // A node without streets stands alone, once.
        let alone = &mut degree[lines.nodes[start] as usize];
        if end == start + 1 && *alone == 0 {
            *alone = u8::MAX;
            push(start, start);
        }
    }
    pieces
}

/// For each end of each piece (piece times two, plus one for its last) the end it continues into, and
/// the room used.
fn mates(lines: &Lines, pieces: &[Piece], degree: &[u8]) -> (Vec<u32>, Vec<u32>) {
    let mut mates = vec![NONE; pieces.len() * 2];
    let mut waiting = vec![NONE; lines.positions.len()];
    for (number, piece) in pieces.iter().enumerate() {
        for (end, at) in [(number as u32 * 2, piece.first), (number as u32 * 2 + 1, piece.last)] {
            let node = lines.nodes[at as usize] as usize;
            if degree[node] != 2 {
                continue;
            }
            let other = std::mem::replace(&mut waiting[node], end);
            if other != NONE
                && piece.marks & ONE_WAY == 0
                && pieces[(other >> 1) as usize].marks == piece.marks
            {
                mates[other as usize] = end;
                mates[end as usize] = other;
            }
        }
    }
    (mates, waiting)
}
