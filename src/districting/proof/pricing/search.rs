//! The search for the cheapest part of a class.

use super::mask::{Mask, Web};
use super::{Ledger, Pricing, Query, Relaxed};

/// A node: what is in and what may still be.
#[derive(Clone)]
pub(super) struct Node<M> {
    pub(super) inside: M,
    pub(super) open: M,
}

impl Pricing<'_> {
    /// The node as it stands; what cannot be reached is no longer open.
    pub(super) fn search<M: Mask>(&mut self, web: &Web<M>, query: &Query<'_>, node: &Node<M>) {
        self.nodes += 1;
        let mut at = node.clone();
        if let Some(relaxed) = self.narrow(web, &mut at, self.best_weight) {
            if self.nodes >= query.nodes {
                self.given_up = self.given_up.min(relaxed.least);
            } else if let Some((branch, first)) = self.branch(web, &at, &relaxed) {
                for taken in [first, !first] {
                    let mut child = at.clone();
                    if self.decide(web, &mut child, branch, taken) {
                        self.search(web, query, &child);
                    }
                    self.rewind(&at, &child);
                }
            }
        }
        self.rewind(node, &at);
    }

    /// Relaxes a node without what is too dear for it; `None` if no part below `below` is left.
    pub(super) fn narrow<M: Mask>(
        &mut self,
        web: &Web<M>,
        at: &mut Node<M>,
        below: i64,
    ) -> Option<Relaxed<M>> {
        loop {
            let relaxed = self.relax(&web.triples, &at.inside, &at.open)?;
            if relaxed.least >= below {
                return None;
            }
            let dear = self.too_dear(&relaxed, &at.open, below);
            if dear.is_empty() {
                return Some(relaxed);
            }
            self.shut(&mut at.open, &dear);
            if !self.trim(web, at) {
                return None;
            }
            let lost = relaxed.chosen.less(&at.open).less(&at.inside);
            if self.cuts.is_empty()
                && lost.is_empty()
                && relaxed.fractional.is_none_or(|slot| at.open.has(slot))
            {
                return Some(relaxed);
            }
        }
    }

    /// What to branch on, and whether it is taken first; `None` if a best part was met.
    fn branch<M: Mask>(&mut self, web: &Web<M>, at: &Node<M>, relaxed: &Relaxed<M>) -> Option<(usize, bool)> {
        if let Some(slot) = gap(web, at, &relaxed.chosen) {
            return Some((slot, false));
        }
        if let Some(slot) = relaxed.fractional.or_else(|| at_odds(web, at, &relaxed.chosen)) {
            return Some((slot, true));
        }
        let (more, cut) = self.cuts.unpaid(|atom| self.slot(atom).is_some_and(|s| relaxed.chosen.has(s)));
        if relaxed.bound + more < self.best_weight {
            self.best_weight = relaxed.bound + more;
            if !self.best.is_empty() {
                self.met.push(std::mem::take(&mut self.best));
            }
            self.best = self.atoms_of(&relaxed.chosen);
        }
        let undecided = |atom: &u32| self.slot(*atom).is_some_and(|slot| at.open.has(slot));
        let first = cut.and_then(|atoms| atoms.into_iter().find(undecided));
        first.filter(|_| relaxed.bound < self.best_weight).and_then(|atom| Some((self.slot(atom)?, true)))
    }

    /// Takes an atom or puts it out, and with it what can then no longer be reached; false if what is
    /// taken cannot meet.
    pub(super) fn decide<M: Mask>(
        &mut self,
        web: &Web<M>,
        child: &mut Node<M>,
        slot: usize,
        taken: bool,
    ) -> bool {
        if taken {
            // A first atom decides what can be reached, and so do rivals put out.
            let first = child.inside.is_empty();
            let fewer = self.take(&web.rivals[slot], child, slot);
            return !(fewer || first) || self.trim(web, child);
        }
        let mut gone = M::none(self.atoms.len());
        gone.put(slot);
        self.shut(&mut child.open, &gone);
        // If its neighbours reach one another past it, nothing was lost.
        let beside = web.near(slot).and(&child.inside.or(&child.open));
        match beside.first() {
            Some(start) if web.flood(start, &beside) == beside => true,
            _ => self.trim(web, child),
        }
    }

    /// Puts an atom in and its rivals out; whether any were open.
    pub(super) fn take<M: Mask>(&mut self, rivals: &M, node: &mut Node<M>, slot: usize) -> bool {
        let atom = self.atoms[slot];
        node.inside.put(slot);
        node.open.drop(slot);
        self.cuts.take(atom);
        self.people_in += self.folk[slot];
        self.weight_in += self.cuts.base[atom as usize];
        let rivals = rivals.and(&node.open);
        self.shut(&mut node.open, &rivals);
        !rivals.is_empty()
    }

    /// Puts atoms out.
    fn shut<M: Mask>(&mut self, open: &mut M, gone: &M) {
        open.lose(gone);
        self.each(gone, Ledger::evict);
    }

    /// Puts out what cannot be reached from the atoms taken; false if two of these cannot meet.
    pub(super) fn trim<M: Mask>(&mut self, web: &Web<M>, node: &mut Node<M>) -> bool {
        let Some(start) = node.inside.first() else { return true };
        let reached = web.flood(start, &node.inside.or(&node.open));
        let lost = node.open.less(&reached);
        if !lost.is_empty() {
            self.shut(&mut node.open, &lost);
        }
        node.inside.less(&reached).is_empty()
    }

    /// Takes back what was decided from one node to another.
    pub(super) fn rewind<M: Mask>(&mut self, to: &Node<M>, from: &Node<M>) {
        let mut taken = from.inside.less(&to.inside);
        self.each(&to.open.less(&from.open).less(&taken), Ledger::restore);
        while let Some(slot) = taken.pop() {
            let atom = self.atoms[slot];
            self.cuts.put_back(atom);
            self.people_in -= self.folk[slot];
            self.weight_in -= self.cuts.base[atom as usize];
        }
    }

    fn each<M: Mask>(&mut self, slots: &M, how: impl Fn(&mut Ledger, u32)) {
        if self.cuts.is_empty() {
            return;
        }
        let mut left = slots.clone();
        while let Some(slot) = left.pop() {
            how(&mut self.cuts, self.atoms[slot]);
        }
    }
}

/// An open atom chosen together with a rival.
fn at_odds<M: Mask>(web: &Web<M>, at: &Node<M>, chosen: &M) -> Option<usize> {
    let mut open = chosen.and(&at.open);
    while let Some(slot) = open.pop() {
        if !web.rivals[slot].and(chosen).is_empty() {
            return Some(slot);
        }
    }
    None
}

/// If the chosen atoms are in pieces, an open atom next to the piece of what is taken on a shortest way
/// to another piece.
pub(super) fn gap<M: Mask>(web: &Web<M>, at: &Node<M>, chosen: &M) -> Option<usize> {
    let start = at.inside.first().or_else(|| chosen.first())?;
    let piece = web.flood(start, chosen);
    let mut front = chosen.less(&piece);
    if front.is_empty() {
        return None;
    }
    let shore = web.beside(&piece);
    let mut left = at.open.less(chosen);
    while !front.is_empty() {
        front = web.beside(&front).and(&left);
        left.lose(&front);
        let step = front.and(&shore).first();
        if step.is_some() {
            return step;
        }
    }
    // Pieces that cannot meet: then nothing is taken yet, and the start itself is open.
    Some(start)
}
