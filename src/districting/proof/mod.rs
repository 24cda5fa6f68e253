//! Proof: the least that any division can cost, and the division that costs it.
//!
//! A dual bound over connected parts ([`bound`], [`linear`]), reduced-cost fixing ([`fixing`]), a full
//! list of the parts that a better division could use ([`closing`]), each of which leaves room for
//! others beside it ([`partners`]), an exact choice among them ([`choose`]), and, where that list is too
//! long, branching on neighbours ([`branch`]).

pub(crate) mod bound;
pub(crate) mod branch;
pub(crate) mod choose;
pub(crate) mod classes;
mod closing;
pub(crate) mod cover;
pub(crate) mod fixing;
pub(crate) mod linear;
pub(crate) mod partners;
pub(crate) mod places;
pub(crate) mod pool;
pub(crate) mod pricing;
pub(crate) mod sets;
#[cfg(test)]
pub(super) mod tests;
pub(crate) mod triples;

use crate::districting::instance::Instance;
use bound::{Ascent, Dual};
use branch::{Node, Reduced};
use classes::Classes;
use linear::Linear;

/// Parts of one list at most.
const LISTED: usize = 250_000;

/// Steps of the dual at the root, before a linear program takes over, and where none does.
const STEPS: usize = 100;
const STEPS_ALONE: usize = 400;

/// Rounds of cuts at one node, cuts in each, and by how much they have to be broken.
const ROUNDS: usize = 20;
const CUTS: usize = 20;
const BROKEN: f64 = 0.05;

/// Percent of the gap that a round of cuts may leave if another one is to follow.
const WORTH: i64 = 96;

/// Nodes of one class when it is looked at what can be ruled out.
const FIXING: u64 = 4_000;

/// What was proved.
#[derive(Clone, Debug)]
pub(crate) struct Proof {
    /// No division costs less.
    pub(crate) bound: i64,
    /// The cheapest division found that costs less than the one brought along.
    pub(crate) better: Option<(i64, Vec<u32>)>,
    /// Work spent, in nodes of every kind.
    pub(crate) work: u64,
}

/// Proves how little a division can cost, given one that costs `known`; gives up after `effort`.
pub(crate) fn prove(instance: &Instance, classes: &Classes, known: i64, effort: u64) -> Proof {
    prove_listing(instance, classes, known, effort, LISTED)
}

/// The same with lists of at most `listed` parts.
fn prove_listing(instance: &Instance, classes: &Classes, known: i64, effort: u64, listed: usize) -> Proof {
    let mut search = Search::new(instance, classes, known, effort, listed);
    let mut open = vec![Node::root(classes)];
    // The node with the lowest bound next, so that the bound of all rises as fast as it can.
    while let Some(at) = (0..open.len()).min_by_key(|&i| (open[i].bound, i)) {
        if open[at].bound >= search.limit {
            break;
        }
        if search.work >= effort {
            let bound = open.iter().map(|node| node.bound).min().unwrap_or(search.limit);
            return Proof { bound: bound.min(search.limit), better: search.better, work: search.work };
        }
        let node = open.swap_remove(at);
        let last = search.work;
        open.extend(search.visit(&node));
        debug_assert!(search.work > last, "every node costs work");
    }
    Proof { bound: search.limit, better: search.better, work: search.work }
}

struct Search<'a> {
    instance: &'a Instance,
    classes: &'a Classes,
    limit: i64,
    better: Option<(i64, Vec<u32>)>,
    work: u64,
    effort: u64,
    /// Gaps at which listing all parts is worth a try.
    listed: usize,
    list_below: i64,
    depth: usize,
}

impl<'a> Search<'a> {
    fn new(instance: &'a Instance, classes: &'a Classes, limit: i64, effort: u64, listed: usize) -> Self {
        Self {
            instance,
            classes,
            limit,
            better: None,
            work: 0,
            effort,
            listed,
            list_below: i64::MAX,
            depth: 0,
        }
    }

    /// Work not yet spent.
    fn left(&self) -> u64 {
        self.effort.saturating_sub(self.work)
    }

    /// Bounds a node, and closes it or splits it.
    fn visit(&mut self, node: &Node) -> Vec<Node> {
        self.work += 1;
        let Some(mut reduced) = node.reduce(self.instance, self.classes) else { return Vec::new() };
        let mut ascent = Ascent::new(&reduced.instance, &reduced.classes, &reduced.rivals);
        let root = self.depth == 0;
        self.depth += 1;
        let linear = reduced.instance.len() <= linear::ATOMS_MAX;
        let mut dual = if root {
            let steps = if linear { STEPS } else { STEPS_ALONE };
            bound::of(&mut ascent, self.limit, steps, self.left())
        } else {
            ascent.pool = std::mem::take(&mut reduced.pool);
            bound::inherited(&reduced.classes, &reduced.prices, node.bound, self.limit, self.left())
        };
        self.work += std::mem::take(&mut dual.nodes);
        if dual.bound >= self.limit {
            return Vec::new();
        }
        if !linear {
            let closed = self.left() > 0 && self.close(node, &reduced, &mut ascent, &mut dual);
            self.work = self.work.max(if closed { 0 } else { self.effort });
            let bound = dual.bound.max(node.bound);
            return if closed { Vec::new() } else { vec![Node { bound, ..node.clone() }] };
        }
        let mut linear =
            Linear::new(&reduced.classes, std::mem::take(&mut ascent.pool), &dual, &reduced.triples);
        if self.tighten(node, &reduced, &mut ascent, &mut dual, &mut linear, root) {
            return Vec::new();
        }
        let bound = dual.bound.max(node.bound);
        if self.left() == 0 {
            return vec![Node { bound, ..node.clone() }];
        }
        let Some(pair) = linear.pair(&reduced.instance, &reduced.rivals, self.limit) else {
            // Every two neighbours are apart, so that parts are single groups: a short list.
            let listed = std::mem::replace(&mut self.listed, usize::MAX >> 8);
            let closed = self.close(node, &reduced, &mut ascent, &mut dual);
            self.listed = listed;
            return if closed { Vec::new() } else { vec![Node { bound, ..node.clone() }] };
        };
        self.work += linear.work();
        let may = |class: usize, group: u32| dual.fixed.may(class, group);
        node.taught(bound, &dual.prices, &dual.triples, may, linear.parts()).split(pair).to_vec()
    }

    /// Converges, cuts and lists in turns; whether the node is closed.
    fn tighten(
        &mut self,
        node: &Node,
        reduced: &Reduced,
        ascent: &mut Ascent<'_>,
        dual: &mut Dual,
        linear: &mut Linear,
        root: bool,
    ) -> bool {
        let mut open = linear.converge(ascent, dual, root, self.left());
        for round in 0..ROUNDS {
            self.work += std::mem::take(&mut dual.nodes) + linear.work();
            if !open || dual.bound >= self.limit {
                return true;
            }
            let gap = self.limit - dual.bound;
            if gap < self.list_below && self.left() > 0 {
                if self.close(node, reduced, ascent, dual) {
                    return true;
                }
                self.list_below = gap / 10 * 9;
            }
            dual.limit = self.limit;
            if round + 1 == ROUNDS || self.left() == 0 || linear.separate(CUTS, BROKEN) == 0 {
                break;
            }
            open = linear.converge(ascent, dual, false, self.left());
            linear.purge(dual);
            let prices = dual.prices.clone();
            match ascent.value(&prices, dual, FIXING) {
                Some(value) => ascent.fix(&prices, &value, dual),
                None => return true,
            }
            if dual.bound < self.limit && (self.limit - dual.bound) > gap / 100 * WORTH {
                break;
            }
        }
        self.work += std::mem::take(&mut dual.nodes) + linear.work();
        dual.bound >= self.limit
    }
}
