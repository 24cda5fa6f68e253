//! Proof: the least that any division can cost, and the division that costs it.
//!
//! A dual bound over connected parts ([`bound`]), reduced-cost fixing ([`fixing`]), a full list of
//! the parts that a better division could use, an exact choice among them ([`cover`]), and, where
//! that list is too long, branching on neighbours ([`branch`]).

pub(crate) mod bound;
pub(crate) mod branch;
pub(crate) mod classes;
pub(crate) mod cover;
pub(crate) mod fixing;
pub(crate) mod pricing;
pub(crate) mod sets;
#[cfg(test)]
pub(super) mod tests;

use crate::districting::instance::Instance;
use bound::{Ascent, Dual};
use branch::{Node, Reduced};
use classes::Classes;
use cover::Cover;
use sets::Sets;

/// Parts listed at most for one choice.
const LISTED: usize = 40_000;

/// Steps of the dual at the root, and at each node below it.
const STEPS: [usize; 2] = [400, 60];

/// Pairs tried before one is branched on, and steps for each.
const TRIED: usize = 1;
const AHEAD: usize = 14;

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
    let mut search = Search {
        instance,
        classes,
        limit: known,
        better: None,
        work: 0,
        effort,
        listed,
        list_below: i64::MAX,
        depth: 0,
    };
    let mut open = vec![Node::root(instance.len())];
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

impl Search<'_> {
    /// Work not yet spent.
    fn left(&self) -> u64 {
        self.effort.saturating_sub(self.work)
    }

    /// Bounds a node, and closes it or splits it.
    fn visit(&mut self, node: &Node) -> Vec<Node> {
        self.work += 1;
        let Some(reduced) = node.reduce(self.instance, self.classes) else { return Vec::new() };
        let mut ascent = Ascent::new(&reduced.instance, &reduced.classes, &reduced.rivals);
        let steps = STEPS[usize::from(self.depth > 0)];
        let mut dual = if self.depth == 0 {
            bound::of(&mut ascent, self.limit, steps, self.left())
        } else {
            bound::again(&mut ascent, &reduced.prices, self.limit, steps, self.left())
        };
        self.depth += 1;
        self.work += dual.nodes;
        let bound = dual.bound.max(node.bound);
        if bound >= self.limit {
            return Vec::new();
        }
        if self.limit - bound < self.list_below && self.left() > 0 {
            if self.close(node, &reduced, &mut ascent, &mut dual) {
                return Vec::new();
            }
            self.list_below = (self.limit - bound) / 4 * 3;
        }
        let pairs = undecided(&ascent, &reduced);
        if pairs.is_empty() {
            // Every two neighbours are apart, so that parts are single groups: a short list.
            let listed = std::mem::replace(&mut self.listed, usize::MAX >> 8);
            let closed = self.close(node, &reduced, &mut ascent, &mut dual);
            self.listed = listed;
            return if closed { Vec::new() } else { vec![Node { bound, ..node.clone() }] };
        }
        self.best_split(node, bound, &dual.prices, &pairs)
    }

    /// Of some pairs, the one whose two nodes are bounded best by a few steps (strong branching,
    /// Applegate and others 1995).
    fn best_split(&mut self, node: &Node, bound: i64, prices: &[i64], pairs: &[(u32, u32)]) -> Vec<Node> {
        let mut best: Option<(i128, Vec<Node>)> = None;
        for &pair in pairs {
            let mut halves = node.split(bound, prices, pair).to_vec();
            for half in &mut halves {
                self.look_ahead(half);
            }
            let gains = halves.iter().map(|half| i128::from(half.bound.min(self.limit) - bound));
            let gain = gains.fold(1, |product, gain| product * (gain + i128::from(bound) / 10_000 + 1));
            halves.retain(|half| half.bound < self.limit);
            if best.as_ref().is_none_or(|(held, _)| gain > *held) {
                best = Some((gain, halves));
            }
        }
        best.map_or_else(|| vec![Node { bound, ..node.clone() }], |(_, halves)| halves)
    }

    fn look_ahead(&mut self, node: &mut Node) {
        self.work += 1;
        let Some(reduced) = node.reduce(self.instance, self.classes) else {
            node.bound = self.limit;
            return;
        };
        let mut ascent = Ascent::new(&reduced.instance, &reduced.classes, &reduced.rivals);
        let dual = bound::again(&mut ascent, &reduced.prices, self.limit, AHEAD, self.left());
        self.work += dual.nodes;
        node.bound = node.bound.max(dual.bound);
        node.set_prices(&dual.prices);
    }

    /// Lists every part that a better division of the node could use, and chooses among them.
    fn close(&mut self, node: &Node, reduced: &Reduced, ascent: &mut Ascent<'_>, dual: &mut Dual) -> bool {
        let prices = dual.prices.clone();
        let Some(value) = ascent.value(&prices, dual, 200_000) else { return true };
        let classes = &reduced.classes;
        let mut sets = Sets::new(classes.atoms);
        let mut class_of = Vec::new();
        for (glance, class) in ascent.glances(&prices, &dual.fixed) {
            let below = self.limit - value.bound + ascent.displaced(&value, class);
            if glance >= below {
                continue;
            }
            ascent.weigh(class, &prices);
            let weights = ascent.weights().to_vec();
            let query =
                dual.fixed.query(class, classes, &weights, below, (20 * self.listed as u64).max(2_000));
            let whole = ascent.pricing.all(&query, self.listed, &mut sets);
            self.work += ascent.pricing.nodes();
            class_of.resize(sets.len(), class as u32);
            if !whole {
                return false;
            }
        }
        let base = prices.iter().sum::<i64>();
        let costs: Vec<i64> = (0..sets.len())
            .map(|set| sets.atoms(set).map(|a| classes.row(class_of[set] as usize)[a as usize]).sum())
            .collect();
        let family_of: Vec<u32> = class_of.iter().map(|&class| classes.family[class as usize]).collect();
        let cover = Cover::new(&sets, &costs, &family_of, classes.atoms, classes.chosen, base);
        let covered = cover.search(self.limit, 2_000_000);
        self.work += covered.nodes;
        if let Some((cost, parts)) = covered.best {
            let mut part_of = vec![0; node.group.len()];
            let numbered = self.classes.chosen == classes.families();
            for (rank, &set) in (0u32..).zip(&parts) {
                // Where every family has its part, the part has the family's number.
                let part = if numbered { family_of[set as usize] } else { rank };
                for (atom, &group) in node.group.iter().enumerate() {
                    if sets.holds(set as usize, group) {
                        part_of[atom] = part;
                    }
                }
            }
            self.limit = cost;
            self.better = Some((cost, part_of));
        }
        covered.whole
    }
}

/// The neighbours about which the dual is most of two minds, weighed by their people.
fn undecided(ascent: &Ascent<'_>, reduced: &Reduced) -> Vec<(u32, u32)> {
    let people = &reduced.instance.people;
    let rivals = |a: u32, b: u32| reduced.rivals[a as usize].contains(&b);
    let pairs = ascent.pairs.iter().zip(&ascent.together).filter(|((a, b), _)| !rivals(*a, *b));
    let doubt = |((a, b), share): (&(u32, u32), &f64)| {
        let people = (people[*a as usize] + people[*b as usize]) as f64;
        (share.min(1.0 - *share).max(0.0) * people.sqrt(), (*a, *b))
    };
    let mut doubts: Vec<(f64, (u32, u32))> = pairs.map(doubt).collect();
    doubts.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
    doubts.into_iter().take(TRIED).map(|(_, pair)| pair).collect()
}
