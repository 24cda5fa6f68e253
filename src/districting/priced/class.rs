//! The cheapest part around one atom at given prices, by branch and bound over minimum cuts.

use super::net::{Fate, Net};
use super::range::Range;
use super::{LARGEST, Priced};

/// Cuts at one node, to find the price of people that bounds it best.
const CUTS: usize = 6;

/// What is asked of one atom as the centre.
#[derive(Clone, Copy)]
pub(super) struct Query<'q> {
    /// What an atom earns.
    pub(super) prices: &'q [i64],
    /// The centre, which is inside.
    pub(super) root: u32,
    /// Parts at this much or more are of no interest.
    pub(super) below: i64,
}

/// Buffers for the search, and the work left.
pub(super) struct Class<'a> {
    pub(super) priced: &'a Priced<'a>,
    net: Net,
    /// Prices of people beyond this would not fit into sums.
    steepest: i64,
    /// Arcs that may still be looked at.
    pub(super) work: u64,
    pub(super) fate: Vec<Fate>,
    pub(super) undo: Vec<u32>,
    /// Weights of the atoms without the price of people.
    weights: Vec<i64>,
    pub(super) seen: Vec<u32>,
    pub(super) round: u32,
    pub(super) stack: Vec<u32>,
    pub(super) parent: Vec<u32>,
    best: i64,
    given_up: i64,
    nodes: u64,
    /// Parts met that cost less than all met before, ascending atoms.
    pub(super) met: Vec<Vec<u32>>,
}

/// What a node's cuts say.
struct Relaxed {
    bound: i64,
    /// The price of people it was reached at.
    lambda: i64,
    /// The last set with people to spare or just enough, and the last with too few.
    large: Option<Vec<u32>>,
    small: Option<Vec<u32>>,
    /// How much of the large one makes people right.
    share: f64,
}

/// A set that was cheapest at some price of people.
struct Line {
    atoms: Vec<u32>,
    weight: i64,
    people: i64,
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
            seen: vec![0; n],
            round: 0,
            stack: Vec::new(),
            parent: vec![u32::MAX; n],
            best: 0,
            given_up: i64::MAX,
            nodes: 0,
            met: Vec::new(),
        }
    }

    /// The weight below which no part of the class falls, at most `below`; parts on the way in `met`.
    pub(super) fn cheapest(&mut self, query: &Query<'_>, nodes: u64, lambda: &mut i64) -> i64 {
        self.open(query);
        (self.best, self.given_up, self.nodes) = (query.below, i64::MAX, nodes);
        self.search(query, lambda);
        self.best.min(self.given_up)
    }

    /// A bound on the weight of every part of the class, without search, and how much of each atom the
    /// relaxation takes; `None` if there is no part.
    pub(super) fn glance(
        &mut self,
        query: &Query<'_>,
        lambda: &mut i64,
        take: &mut impl FnMut(u32, f64),
    ) -> Option<i64> {
        self.open(query);
        self.best = query.below;
        let relaxed = self.relax(query, *lambda, i64::MAX)?;
        *lambda = relaxed.lambda;
        let share = if relaxed.small.is_none() {
            1.0
        } else if relaxed.large.is_none() {
            0.0
        } else {
            relaxed.share
        };
        relaxed.large.into_iter().flatten().for_each(|atom| take(atom, share));
        relaxed.small.into_iter().flatten().for_each(|atom| take(atom, 1.0 - share));
        Some(relaxed.bound)
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
        for ((weight, near), price) in self.weights.iter_mut().zip(near).zip(query.prices) {
            *weight = near - price;
        }
        self.fate.fill(Fate::Open);
        self.fate[query.root as usize] = Fate::In;
        self.undo.clear();
        self.met.clear();
    }

    pub(super) fn people(&self, atom: u32) -> i64 {
        self.priced.instance.people[atom as usize]
    }

    /// Most people of a part with these fates.
    fn high(&self) -> i64 {
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
            self.given_up = self.given_up.min(relaxed.bound);
            return;
        }
        self.nodes -= 1;
        let Some((branch, first)) = self.branch(query, &relaxed) else {
            self.given_up = self.given_up.min(relaxed.bound);
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
    fn centre_of(&self, atoms: &[u32]) -> u32 {
        let n = self.fate.len();
        let near = &self.priced.terms.near;
        let cost = |c: u32| atoms.iter().map(|&a| near[c as usize * n + a as usize]).sum::<i64>();
        atoms.iter().copied().min_by_key(|&c| (cost(c), c)).unwrap_or(0)
    }

    /// Decides an atom; false if no part is left.
    fn fix(&mut self, atom: u32, fate: Fate, root: u32) -> bool {
        self.fate[atom as usize] = fate;
        self.undo.push(atom);
        fate == Fate::In || self.shut_unreached(root)
    }

    fn restore(&mut self, before: usize) {
        for atom in self.undo.drain(before..) {
            self.fate[atom as usize] = Fate::Open;
        }
    }

    /// Cuts with people at several prices, until the bound reaches `enough`; `None` if the range cannot
    /// be met.
    fn relax(&mut self, query: &Query<'_>, start: i64, enough: i64) -> Option<Relaxed> {
        let (low, high) = (self.priced.instance.low, self.high());
        let of = |fate: Fate| move |(p, f): (&i64, &Fate)| if *f == fate { *p } else { 0 };
        let all = |fate: Fate| self.priced.instance.people.iter().zip(&self.fate).map(of(fate)).sum::<i64>();
        let inside = all(Fate::In);
        if inside > high || inside + all(Fate::Open) < low {
            return None;
        }
        // No set holds more than there are, and sums stay small.
        let high = high.min(inside + all(Fate::Open));
        let range = Range { low, high, size: self.priced.terms.size };
        let mut relaxed = Relaxed { bound: i64::MIN, lambda: start, large: None, small: None, share: 1.0 };
        let mut above: Option<(i64, Line)> = None;
        let mut below: Option<(i64, Line)> = None;
        let mut lambda = start;
        let mut stride = range.stride().max(self.usual_price());
        for _ in 0..CUTS {
            let line = self.line(lambda);
            let (aim, conjugate) = range.conjugate(lambda);
            let bound =
                line.weight + lambda.saturating_mul(line.people) + conjugate - self.priced.terms.slack;
            if bound > relaxed.bound {
                (relaxed.bound, relaxed.lambda) = (bound, lambda);
            }
            self.offer(query, &line);
            if relaxed.bound >= enough {
                break;
            }
            let is_large = line.people as f64 >= aim;
            if is_large {
                above = Some((lambda, line));
            } else {
                below = Some((lambda, line));
            }
            let next = match (&above, &below) {
                (Some((at, more)), Some((to, less))) => {
                    if to - at <= 1 {
                        break;
                    }
                    let spread = (more.people - less.people).max(1);
                    let crossing = (less.weight - more.weight).div_euclid(spread);
                    let (first, last) = (range.slope(more.people), range.slope(less.people));
                    let model = if first.is_some_and(|s| s < crossing) {
                        first.unwrap_or(crossing)
                    } else if last.is_some_and(|s| s > crossing) {
                        last.unwrap_or(crossing)
                    } else {
                        crossing
                    };
                    model.clamp(at + 1, to - 1)
                }
                (Some((at, _)), None) => at.saturating_add(stride),
                (None, Some((to, _))) => to.saturating_sub(stride),
                (None, None) => break,
            };
            stride = stride.saturating_mul(2);
            if next == lambda {
                break;
            }
            lambda = next.clamp(-self.steepest, self.steepest);
        }
        if let (Some((_, more)), Some((_, less))) = (&above, &below) {
            let aim = range.conjugate(relaxed.lambda).0;
            let spread = (more.people - less.people).max(1) as f64;
            relaxed.share = ((aim - less.people as f64) / spread).clamp(0.0, 1.0);
        }
        relaxed.large = above.map(|(_, line)| line.atoms);
        relaxed.small = below.map(|(_, line)| line.atoms);
        Some(relaxed)
    }

    /// An eighth of what atoms weigh for each of their people.
    fn usual_price(&self) -> i64 {
        let weights = self.weights.iter().fold(0i64, |sum, w| sum.saturating_add(w.saturating_abs()));
        weights / 8 / self.priced.instance.people.iter().sum::<i64>().max(1)
    }

    /// The cheapest set at a price of people.
    fn line(&mut self, lambda: i64) -> Line {
        let people = &self.priced.instance.people;
        let weights = &self.weights;
        let sum = self.net.cut(|atom| weights[atom] + lambda.saturating_mul(people[atom]), &self.fate);
        self.work = self.work.saturating_sub(self.net.spent());
        let atoms: Vec<u32> = (0..people.len() as u32).filter(|&a| self.net.is_inside(a)).collect();
        let held: i64 = atoms.iter().map(|&a| people[a as usize]).sum();
        Line { weight: sum - lambda.saturating_mul(held), people: held, atoms }
    }

    /// Keeps a set that is a part and better than the best so far.
    fn offer(&mut self, query: &Query<'_>, line: &Line) {
        let weight = line.weight + Range { low: 0, high: 0, size: self.priced.terms.size }.cost(line.people);
        if weight < self.best && line.atoms.binary_search(&query.root).is_ok() && self.is_part(&line.atoms) {
            self.best = weight;
            self.met.push(line.atoms.clone());
        }
    }

    /// The atom to decide next, and what to try first.
    fn branch(&mut self, query: &Query<'_>, relaxed: &Relaxed) -> Option<(u32, Fate)> {
        let open = |class: &Self, a: u32| class.fate[a as usize] == Fate::Open;
        for set in [&relaxed.large, &relaxed.small].into_iter().flatten() {
            self.flood(query.root, |_, atom| set.binary_search(&atom).is_ok());
            if self.stack.len() < set.len() {
                return self.way_out(set).map(|atom| (atom, Fate::Out));
            }
        }
        if let (Some(large), Some(small)) = (&relaxed.large, &relaxed.small) {
            let differs = |a: &&u32| small.binary_search(a).is_err() && open(self, **a);
            let heaviest = large.iter().filter(differs).max_by_key(|&&a| (self.people(a), a));
            if let Some(&atom) = heaviest {
                return Some((atom, Fate::In));
            }
        }
        // Nothing but the rim of the set is in doubt.
        let set = relaxed.large.as_ref().or(relaxed.small.as_ref())?;
        let graph = &self.priced.instance.graph;
        let beside = |a: &u32| graph.neighbours(*a).iter().any(|b| set.binary_search(b).is_err());
        set.iter()
            .copied()
            .find(|a| open(self, *a) && beside(a))
            .or_else(|| {
                let near = |a: &u32| graph.neighbours(*a).iter().any(|b| set.binary_search(b).is_ok());
                (0..self.fate.len() as u32).find(|a| open(self, *a) && near(a))
            })
            .map(|atom| (atom, Fate::In))
    }
}
