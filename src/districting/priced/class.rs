//! The cheapest part around one atom at given prices, by branch and bound over minimum cuts.

use super::net::{Fate, Net};
use super::prices::Prices;
use super::relax::Relaxed;
use super::{LARGEST, Priced};
use crate::districting::proof::triples::Ledger;

/// What is asked of one atom as the centre.
#[derive(Clone, Copy)]
pub(super) struct Query<'q> {
    /// What atoms earn and cuts cost.
    pub(super) prices: &'q Prices,
    /// The centre, which is inside.
    pub(super) root: u32,
    /// Parts at this much or more are of no interest.
    pub(super) below: i64,
    /// Parts below this that are met on the way are told of.
    pub(super) keep: i64,
}

/// Buffers for the search, and the work left.
pub(super) struct Class<'a> {
    pub(super) priced: &'a Priced<'a>,
    pub(super) net: Net,
    /// Prices of people beyond this would not fit into sums.
    pub(super) steepest: i64,
    /// Arcs that may still be looked at.
    pub(super) work: u64,
    pub(super) fate: Vec<Fate>,
    pub(super) undo: Vec<u32>,
    /// Weights of the atoms without the price of people.
    pub(super) weights: Vec<i64>,
    /// The same with cuts, as atoms are decided.
    pub(super) ledger: Ledger,
    pub(super) seen: Vec<u32>,
    pub(super) round: u32,
    pub(super) stack: Vec<u32>,
    pub(super) parent: Vec<u32>,
    pub(super) best: i64,
    given_up: i64,
    nodes: u64,
    /// The least that was given up, and how much of each atom it holds.
    pub(super) guess: Option<(i64, Vec<(u32, f64)>)>,
    /// Parts met that are cheap enough to be told of, ascending atoms.
    pub(super) met: Vec<Vec<u32>>,
}

impl<'a> Class<'a> {
    pub(super) fn new(priced: &'a Priced<'a>) -> Self {
        let n = priced.instance.len();
        Self {
            net: Net::of(&priced.instance.graph, priced.terms),
            priced,
            steepest: LARGEST / priced.instance.people.iter().sum::<i64>().max(1),
            work: 0,
            fate: vec![Fate::Open; n],
            undo: Vec::new(),
            weights: vec![0; n],
            ledger: Ledger::new(n),
            seen: vec![0; n],
            round: 0,
            stack: Vec::new(),
            parent: vec![u32::MAX; n],
            best: 0,
            given_up: i64::MAX,
            nodes: 0,
            guess: None,
            met: Vec::new(),
        }
    }

    /// The weight below which no part of the class falls, at most `below`; parts on the way in `met`.
    pub(super) fn cheapest(&mut self, query: &Query<'_>, nodes: u64, lambda: &mut i64) -> i64 {
        self.guess = None;
        self.open(query);
        (self.best, self.given_up, self.nodes) = (query.below, i64::MAX, nodes);
        self.search(query, lambda);
        self.best.min(self.given_up)
    }

    /// Tells of every part of which this is the cheapest centre that may cost less than `below`; false
    /// if work ran out or `tell` wants no more.
    pub(super) fn all(&mut self, query: &Query<'_>, tell: &mut impl FnMut(&[u32]) -> bool) -> bool {
        self.open(query);
        self.enumerate(query, 0, tell)
    }

    fn open(&mut self, query: &Query<'_>) {
        let terms = self.priced.terms;
        let n = self.fate.len();
        let near = &terms.near[query.root as usize * n..][..n];
        for ((weight, near), price) in self.weights.iter_mut().zip(near).zip(&query.prices.of_atoms) {
            *weight = near - price;
        }
        self.fate.fill(Fate::Open);
        self.fate[query.root as usize] = Fate::In;
        self.ledger.set(&query.prices.triples);
        self.ledger.reset(&self.weights);
        self.ledger.settle();
        self.ledger.take(query.root);
        self.undo.clear();
        self.met.clear();
    }

    pub(super) fn people(&self, atom: u32) -> i64 {
        self.priced.instance.people[atom as usize]
    }

    /// Most people of a part with these fates.
    pub(super) fn high(&self) -> i64 {
        let instance = self.priced.instance;
        let heavy = |(&people, &fate): (&i64, &Fate)| people > instance.high && fate != Fate::Out;
        if instance.people.iter().zip(&self.fate).any(heavy) {
            self.priced.most.max(instance.high)
        } else {
            instance.high
        }
    }

    fn search(&mut self, query: &Query<'_>, lambda: &mut i64) {
        let Some(relaxed) = self.relax(query, *lambda, self.best) else { return };
        *lambda = relaxed.lambda;
        let tolerance = 4 * self.priced.terms.slack;
        if relaxed.bound.saturating_add(tolerance) >= self.best {
            self.given_up = self.given_up.min(relaxed.bound);
            return;
        }
        if self.nodes == 0 || self.work == 0 {
            self.give_up(&relaxed);
            return;
        }
        self.nodes -= 1;
        let Some((branch, first)) = self.branch(query, &relaxed) else {
            self.give_up(&relaxed);
            return;
        };
        let mut own = relaxed.lambda;
        for fate in [first, if first == Fate::In { Fate::Out } else { Fate::In }] {
            let before = self.undo.len();
            if self.fix(branch, fate, query.root) {
                self.search(query, &mut own);
            }
            self.restore(before);
        }
    }

    fn give_up(&mut self, relaxed: &Relaxed) {
        if relaxed.bound < self.given_up {
            self.given_up = relaxed.bound;
            self.guess = Some((relaxed.bound, relaxed.holds()));
        }
    }

    fn enumerate(&mut self, query: &Query<'_>, lambda: i64, tell: &mut impl FnMut(&[u32]) -> bool) -> bool {
        if self.work == 0 {
            return false;
        }
        let Some(relaxed) = self.relax(query, lambda, query.below) else { return true };
        if relaxed.bound >= query.below {
            return true;
        }
        let open = |a: &u32| self.fate[*a as usize] == Fate::Open;
        let any = (0..self.fate.len() as u32).find(open);
        let Some((branch, first)) = self.branch(query, &relaxed).or(any.map(|a| (a, Fate::In))) else {
            let inside = |a: &u32| self.fate[*a as usize] == Fate::In;
            let atoms: Vec<u32> = (0..self.fate.len() as u32).filter(inside).collect();
            return !self.is_part(&atoms) || self.centre_of(&atoms) != query.root || tell(&atoms);
        };
        for fate in [first, if first == Fate::In { Fate::Out } else { Fate::In }] {
            let before = self.undo.len();
            let whole = !self.fix(branch, fate, query.root) || self.enumerate(query, relaxed.lambda, tell);
            self.restore(before);
            if !whole {
                return false;
            }
        }
        true
    }

    /// The atom a part is served from, the lowest of the cheapest.
    pub(super) fn centre_of(&self, atoms: &[u32]) -> u32 {
        let n = self.fate.len();
        let near = &self.priced.terms.near;
        let cost = |c: u32| atoms.iter().map(|&a| near[c as usize * n + a as usize]).sum::<i64>();
        atoms.iter().copied().min_by_key(|&c| (cost(c), c)).unwrap_or(0)
    }

    /// Decides an atom; false if no part is left.
    fn fix(&mut self, atom: u32, fate: Fate, root: u32) -> bool {
        self.decide(atom, fate);
        fate == Fate::In || self.shut_unreached(root)
    }

    pub(super) fn decide(&mut self, atom: u32, fate: Fate) {
        self.fate[atom as usize] = fate;
        self.undo.push(atom);
        match fate {
            Fate::In => self.ledger.take(atom),
            _ => self.ledger.evict(atom),
        }
    }

    fn restore(&mut self, before: usize) {
        for atom in self.undo.drain(before..) {
            match self.fate[atom as usize] {
                Fate::In => self.ledger.put_back(atom),
                _ => self.ledger.restore(atom),
            }
            self.fate[atom as usize] = Fate::Open;
        }
        self.ledger.calm();
    }
}
