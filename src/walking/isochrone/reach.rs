//! Pieces of street within a limit, each with the cost at its nearer end.

use crate::walking::FAR;
use crate::walking::metric::Position;
use crate::walking::search::Entrance;
use crate::walking::search::sweep::{Sweep, mm};
use crate::walking::streets::{OnChain, Streets, Walker};

/// A straight piece and what it costs to come from its ends; `near` is the cheaper.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) near: Position,
    pub(super) far: Position,
    pub(super) near_mm: u32,
    pub(super) far_mm: u32,
}

pub(super) type Pieces = Vec<Piece>;

/// Collects what the last run of a sweep reached, the ways from the centres to their streets too.
/// Pieces may reach beyond the limit at their far ends.
pub(super) fn collect(
    streets: &Streets,
    sweep: &Sweep,
    sources: &[Entrance],
    position: impl Fn(u32) -> Position,
    limit: u32,
    walker: Walker,
    pieces: &mut Pieces,
) {
    pieces.clear();
    let mut run = Run { streets, limit, pieces };
    let arcs = streets.arcs(walker);
    for &junction in sweep.touched() {
        let here = mm(sweep.key(junction));
        for spoke in arcs.spokes(junction) {
            let chain = &streets.chains[spoke.chain as usize];
            let last_mm = streets.span(chain);
            if chain.from == junction && chain.is_back_open() {
                let other = if chain.is_ahead_open() { mm(sweep.key(chain.to)) } else { FAR };
                let first = streets.at_vertex(spoke.chain, chain.first);
                run.away(&first, chain.first, here, |ahead| other.saturating_add(last_mm.0 - ahead));
            }
            if chain.to == junction && chain.is_ahead_open() {
                let other = if chain.is_back_open() { mm(sweep.key(chain.from)) } else { FAR };
                let last = streets.at_vertex(spoke.chain, chain.end - 1);
                run.home(&last, chain.end - 1, here, |back| other.saturating_add(back));
            }
        }
    }
    for source in sources.iter().filter(|source| streets.admits(walker, source.point.chain)) {
        let chain = &streets.chains[source.point.chain as usize];
        let (vertex, foot) = streets.locate(&source.point);
        run.push(position(source.place), foot, 0, source.access_mm);
        if chain.is_back_open() {
            run.outwards(&source.point, foot, vertex + 1, source.access_mm, true);
        }
        if chain.is_ahead_open() {
            run.outwards(&source.point, foot, vertex, source.access_mm, false);
        }
    }
}

struct Run<'a> {
    streets: &'a Streets,
    limit: u32,
    pieces: &'a mut Pieces,
}

impl Run<'_> {
    fn push(&mut self, near: Position, far: Position, near_mm: u32, far_mm: u32) {
        if near_mm <= self.limit {
            self.pieces.push(Piece { near, far, near_mm, far_mm });
        }
    }

    /// Along a chain from a vertex, those who walk back to it; until it is nearer the other way round.
    fn away(&mut self, start: &OnChain, vertex: u32, cost: u32, around: impl Fn(u32) -> u32) {
        let end = self.streets.chains[start.chain as usize].end;
        let mut near_mm = cost;
        for at in vertex..end - 1 {
            let far = self.streets.at_vertex(start.chain, at + 1);
            let far_mm = cost + (far.back_mm - start.back_mm);
            if near_mm > self.limit || around(self.streets.vertices[at as usize].ahead_mm) < near_mm {
                return;
            }
            self.push(self.position(at), self.position(at + 1), near_mm, far_mm);
            near_mm = far_mm;
        }
    }

    /// Along a chain towards its first vertex, those who walk ahead.
    fn home(&mut self, start: &OnChain, vertex: u32, cost: u32, around: impl Fn(u32) -> u32) {
        let first = self.streets.chains[start.chain as usize].first;
        let mut near_mm = cost;
        for at in (first..vertex).rev() {
            let far = self.streets.at_vertex(start.chain, at);
            let far_mm = cost + (start.ahead_mm - far.ahead_mm);
            let near_back = self.streets.at_vertex(start.chain, at + 1).back_mm;
            if near_mm > self.limit || around(near_back) < near_mm {
                return;
            }
            self.push(self.position(at + 1), self.position(at), near_mm, far_mm);
            near_mm = far_mm;
        }
    }

    /// From a point of a chain to the next vertex and on from there.
    fn outwards(&mut self, point: &OnChain, foot: Position, vertex: u32, cost: u32, is_away: bool) {
        let chain = &self.streets.chains[point.chain as usize];
        if vertex >= chain.end {
            return;
        }
        let next = self.streets.at_vertex(point.chain, vertex);
        let step = if is_away { next.back_mm - point.back_mm } else { point.ahead_mm - next.ahead_mm };
        self.push(foot, self.position(vertex), cost, cost + step);
        if is_away {
            self.away(&next, vertex, cost + step, |_| FAR);
        } else {
            self.home(&next, vertex, cost + step, |_| FAR);
        }
    }

    fn position(&self, vertex: u32) -> Position {
        self.streets.vertices[vertex as usize].position
    }
}
