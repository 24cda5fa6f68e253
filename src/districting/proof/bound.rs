//! A lower bound over all divisions: Lagrangian dual of the choice of one part for every atom.
//!
//! Relaxing "every atom in exactly one part" with dual prices leaves, for each class, its cheapest
//! part at those prices, and of these the `chosen` cheapest: the bound of Dantzig and Wolfe (1960)
//! over connected parts, reached by subgradient steps (Held, Wolfe and Crowder 1974). First the parts
//! are fractional knapsacks, then exact. All prices are whole, so every value is a certificate.

use super::classes::Classes;
use super::fixing::Fixed;
use super::linear::Source;
use super::places::Places;
use super::pricing::Pricing;
use super::triples::Triple;
use crate::districting::instance::Instance;

/// Steps with fractional knapsacks.
const GLANCES: usize = 240;

/// Atoms glanced at in the time of one node of a search.
const ATOMS_A_NODE: u64 = 30;

/// Steps without progress after which a step gets shorter.
const PATIENCE: usize = 12;

/// Steps between two looks at what can be ruled out.
const FIXING: usize = 20;

/// Nodes that the search for one class may take in one step.
const NODES: u64 = 4_000;

/// Quick nodes of a search in the time of one that is not.
const QUICK: u64 = 3;

/// Parts on the way to the cheapest of a class that are kept too.
const MET: usize = 3;

/// The dual as it stands.
pub(crate) struct Dual {
    /// Prices of the atoms at the best bound.
    pub(crate) prices: Vec<i64>,
    /// That bound.
    pub(crate) bound: i64,
    /// What can be ruled out if a division below `limit` is wanted.
    pub(crate) fixed: Fixed,
    /// Cuts with their prices.
    pub(crate) triples: Vec<Triple>,
    /// Only divisions below this are of interest.
    pub(crate) limit: i64,
    /// Nodes spent.
    pub(crate) nodes: u64,
    /// Nodes after which no further step is made.
    pub(crate) most: u64,
}

impl Dual {
    /// Prices that are known to bound by `bound`.
    pub(crate) fn new(prices: Vec<i64>, bound: i64, classes: &Classes, limit: i64) -> Self {
        let fixed = Fixed::nothing(classes);
        Self { prices, bound, fixed, triples: Vec::new(), limit, nodes: 0, most: u64::MAX }
    }

    /// The prices of all cuts together.
    pub(crate) fn paid(&self) -> i64 {
        self.triples.iter().map(|triple| 2 * triple.half).sum()
    }
}

/// The bound at some prices.
pub(crate) struct Value {
    pub(crate) bound: i64,
    /// The classes of the cheapest parts, each with the part's weight, ascending.
    pub(crate) cheapest: Vec<(i64, usize)>,
    /// How often these parts hold each atom.
    pub(crate) held: Vec<u32>,
}

pub(crate) struct Ascent<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) classes: &'a Classes,
    pub(crate) pricing: Pricing<'a>,
    weights: Vec<i64>,
    /// Parts met by the steps, each with its class.
    pub(crate) pool: Vec<(u32, Vec<u32>)>,
}

impl<'a> Ascent<'a> {
    pub(crate) fn new(instance: &'a Instance, classes: &'a Classes, rivals: &'a [Vec<u32>]) -> Self {
        let pricing = Pricing::new(instance, rivals);
        Self { instance, classes, pricing, weights: vec![0; classes.atoms], pool: Vec::new() }
    }

    /// A query about one class at some prices; its weights are in `self.weights`.
    pub(crate) fn weigh(&mut self, class: usize, prices: &[i64]) {
        let row = self.classes.row(class);
        self.weights.iter_mut().zip(row.iter().zip(prices)).for_each(|(w, (cost, price))| *w = cost - price);
    }

    pub(crate) fn weights(&self) -> &[i64] {
        &self.weights
    }

    /// The work of so many nodes of a search.
    pub(crate) fn work_of(&self, nodes: u64) -> u64 {
        if self.pricing.quick() { nodes / QUICK + 1 } else { nodes }
    }

    /// Bounds by fractional knapsacks of all classes left, ascending.
    pub(crate) fn glances(&mut self, prices: &[i64], fixed: &Fixed) -> Vec<(i64, usize)> {
        let mut bounds = Vec::with_capacity(self.classes.len());
        for class in 0..self.classes.len() {
            if !fixed.alive[class] {
                continue;
            }
            self.weigh(class, prices);
            let query = fixed.query(class, self.classes, &self.weights, i64::MAX, 1);
            if let Some(glance) = self.pricing.glance(&query) {
                bounds.push((glance.bound, class));
            }
        }
        bounds.sort_unstable();
        bounds
    }

    /// The bound at `prices`, by searching each class that matters for at most `nodes` nodes, or by
    /// fractional knapsacks alone if `nodes` is zero. `None` if too few classes have a part.
    pub(crate) fn value(&mut self, prices: &[i64], dual: &mut Dual, nodes: u64) -> Option<Value> {
        self.pricing.set_triples(&dual.triples);
        let glances = self.glances(prices, &dual.fixed);
        dual.nodes += (glances.len() * self.classes.atoms) as u64 / ATOMS_A_NODE;
        let k = self.classes.chosen;
        let mut cheapest: Vec<(i64, usize, Vec<u32>)> = Vec::new();
        for &(bound, class) in &glances {
            let family = self.classes.family[class];
            let own = cheapest.iter().position(|part| self.classes.family[part.1] == family);
            let last = if cheapest.len() >= k { cheapest[k - 1].0 } else { i64::MAX };
            if bound >= last {
                break;
            }
            let kth = own.map_or(last, |at| cheapest[at].0);
            if bound >= kth {
                continue;
            }
            self.weigh(class, prices);
            let query = dual.fixed.query(class, self.classes, &self.weights, kth, nodes.max(1));
            let (weight, atoms) = if nodes == 0 {
                let glance = self.pricing.glance(&query)?;
                (glance.bound, glance.chosen)
            } else {
                let priced = self.pricing.cheapest(&query);
                dual.nodes += self.work_of(priced.nodes);
                (priced.bound, self.pricing.best.clone())
            };
            if weight < kth {
                own.map(|at| cheapest.remove(at));
                let at = cheapest.partition_point(|part| (part.0, part.1) < (weight, class));
                cheapest.insert(at, (weight, class, atoms));
                cheapest.truncate(k);
            }
        }
        if cheapest.len() < k {
            return None;
        }
        let mut held = vec![0; self.classes.atoms];
        cheapest.iter().flat_map(|part| &part.2).for_each(|&atom| held[atom as usize] += 1);
        if nodes > 0 {
            for (_, class, atoms) in &cheapest {
                if !atoms.is_empty() {
                    self.pool.push((*class as u32, atoms.clone()));
                }
            }
        }
        let sum: i64 = cheapest.iter().map(|part| part.0).sum();
        let bound = prices.iter().sum::<i64>() - dual.paid() + sum;
        Some(Value { bound, cheapest: cheapest.into_iter().map(|(w, c, _)| (w, c)).collect(), held })
    }

    /// Raises the bound by at most `steps` steps; stops early once it reaches the limit, when no
    /// division below is left, or when the steps have become too short to matter.
    pub(crate) fn climb(&mut self, dual: &mut Dual, steps: usize, nodes: u64, first: f64) {
        let mut prices: Vec<f64> = dual.prices.iter().map(|p| *p as f64).collect();
        let mut direction = vec![0.0; prices.len()];
        let (mut length, mut idle, mut since) = (first, 0, 0);
        let mut top = i64::MIN;
        for step in 0..steps {
            if dual.nodes > dual.most && dual.bound > 0 {
                break;
            }
            let whole: Vec<i64> = prices.iter().map(|p| p.round() as i64).collect();
            let Some(value) = self.value(&whole, dual, nodes) else {
                dual.bound = dual.limit;
                return;
            };
            idle += 1;
            if value.bound > top {
                let gained = value.bound - top.max(0);
                if i128::from(gained) * 20_000 > i128::from(value.bound) {
                    idle = 0;
                    since = 0;
                }
                top = value.bound;
                if top > dual.bound {
                    dual.bound = top;
                    dual.prices = whole.clone();
                }
            }
            if dual.bound >= dual.limit {
                return;
            }
            if step % FIXING == FIXING - 1 || (step == 0 && nodes > 0) {
                self.fix(&whole, &value, dual);
            }
            since += 1;
            if idle > PATIENCE {
                length *= 0.7;
                idle = 0;
                if length < 0.004 || since > 8 * PATIENCE {
                    return;
                }
                prices = dual.prices.iter().map(|p| *p as f64).collect();
                direction.fill(0.0);
                continue;
            }
            let mut norm = 0.0;
            for (towards, &held) in direction.iter_mut().zip(&value.held) {
                *towards = 1.0 - f64::from(held) + 0.6 * *towards;
                norm += *towards * *towards;
            }
            if norm == 0.0 {
                return;
            }
            let by = length * (dual.limit - value.bound).max(0) as f64 / norm;
            prices.iter_mut().zip(&direction).for_each(|(price, towards)| *price += by * towards);
        }
    }
}

impl Source for Ascent<'_> {
    fn classes(&self) -> &Classes {
        self.classes
    }

    fn price_all(
        &mut self,
        prices: &[i64],
        counts: &[i64],
        dual: &mut Dual,
        nodes: u64,
        into: &mut Vec<(u32, Vec<u32>)>,
    ) -> (i64, bool) {
        let mut exact = true;
        self.pricing.set_triples(&dual.triples);
        let glances = self.glances(prices, &dual.fixed);
        dual.nodes += (glances.len() * self.classes.atoms) as u64 / ATOMS_A_NODE;
        let mut places = Places::new(self.classes);
        for &(bound, class) in &glances {
            let family = self.classes.family[class];
            let count = if counts.len() == 1 { counts[0] } else { counts[family as usize] };
            let below = places.to_beat(class).max(count);
            if bound >= below {
                continue;
            }
            self.weigh(class, prices);
            let query = dual.fixed.query(class, self.classes, &self.weights, below, nodes);
            let priced = self.pricing.cheapest(&query);
            dual.nodes += self.work_of(priced.nodes);
            exact &= priced.nodes < nodes;
            if !self.pricing.best.is_empty() {
                into.extend(self.pricing.met.iter().rev().take(MET).map(|part| (class as u32, part.clone())));
                into.push((class as u32, self.pricing.best.clone()));
            }
            places.offer(priced.bound, class);
        }
        match places.sum() {
            Some(sum) => (prices.iter().sum::<i64>() - dual.paid() + sum, exact),
            None => (dual.limit, true),
        }
    }
}

/// The dual from nothing: prices from the costs alone, then fractional, then exact steps.
pub(crate) fn of(ascent: &mut Ascent<'_>, limit: i64, steps: usize, most: u64) -> Dual {
    let (n, k) = (ascent.classes.atoms, ascent.classes.chosen);
    let rank = (n / k / 2).min(ascent.classes.len() - 1);
    let typical = |atom: usize| {
        let mut costs: Vec<i64> =
            (0..ascent.classes.len()).map(|class| ascent.classes.row(class)[atom]).collect();
        costs.sort_unstable();
        costs[rank]
    };
    let prices = (0..n).map(typical).collect();
    let fixed = Fixed::nothing(ascent.classes);
    let mut dual = Dual { triples: Vec::new(), prices, bound: 0, fixed, limit, nodes: 0, most };
    ascent.climb(&mut dual, GLANCES, 0, 1.0);
    if dual.bound < limit {
        ascent.climb(&mut dual, steps, NODES, 0.5);
    }
    dual
}

/// The dual of a node as its parent leaves it.
pub(crate) fn inherited(classes: &Classes, prices: &[i64], bound: i64, limit: i64, most: u64) -> Dual {
    let fixed = Fixed::nothing(classes);
    Dual { prices: prices.to_vec(), triples: Vec::new(), bound, fixed, limit, nodes: 0, most }
}
