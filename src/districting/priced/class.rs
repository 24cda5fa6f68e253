//! The cheapest part around one atom at given prices, by branch and bound over minimum cuts.

use super::net::{Fate, Net};
use super::Priced;

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
    priced: &'a Priced<'a>,
    net: Net,
    /// Arcs that may still be looked at.
    pub(super) work: u64,
    fate: Vec<Fate>,
    undo: Vec<u32>,
    /// Weights of the atoms without the price of people.
    weights: Vec<i64>,
    seen: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    parent: Vec<u32>,
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
        for atom in 0..n {
            self.weights[atom] = near[atom] - query.prices[atom];
        }
        self.fate.fill(Fate::Open);
        self.fate[query.root as usize] = Fate::In;
        self.undo.clear();
        self.met.clear();
    }

    fn people(&self, atom: u32) -> i64 {
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

    /// Puts out what cannot be reached from the centre; false if something inside cannot.
    fn shut_unreached(&mut self, root: u32) -> bool {
        self.flood(root, |class, atom| class.fate[atom as usize] != Fate::Out);
        for atom in 0..self.fate.len() as u32 {
            if self.seen[atom as usize] != self.round {
                match self.fate[atom as usize] {
                    Fate::In => return false,
                    Fate::Out => {}
                    Fate::Open => {
                        self.fate[atom as usize] = Fate::Out;
                        self.undo.push(atom);
                    }
                }
            }
        }
        true
    }

    /// Marks what `may` be walked from `start`; `stack` holds it in order of steps.
    fn flood(&mut self, start: u32, may: impl Fn(&Self, u32) -> bool) {
        self.round += 1;
        self.stack.clear();
        self.stack.push(start);
        self.seen[start as usize] = self.round;
        let graph = &self.priced.instance.graph;
        let mut head = 0;
        while head < self.stack.len() {
            for &next in graph.neighbours(self.stack[head]) {
                if self.seen[next as usize] != self.round && may(self, next) {
                    self.seen[next as usize] = self.round;
                    self.stack.push(next);
                }
            }
            head += 1;
        }
    }

    /// Whether these ascending atoms are connected and in the range.
    fn is_part(&mut self, atoms: &[u32]) -> bool {
        let Some(&start) = atoms.first() else { return false };
        let instance = self.priced.instance;
        let people: i64 = atoms.iter().map(|&a| self.people(a)).sum();
        let heavy = atoms.iter().any(|&a| self.people(a) > instance.high);
        let high = if heavy { self.priced.most.max(instance.high) } else { instance.high };
        if people < instance.low || people > high {
            return false;
        }
        self.flood(start, |_, atom| atoms.binary_search(&atom).is_ok());
        self.stack.len() == atoms.len()
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
        let range = Range { low, high, size: self.priced.terms.size };
        let mut relaxed = Relaxed { bound: i64::MIN, lambda: start, large: None, small: None };
        let (mut above, mut below): (Option<(i64, Line)>, Option<(i64, Line)>) = (None, None);
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
                above = Some((lambda, line))
            } else {
                below = Some((lambda, line))
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
                (Some((at, _)), None) => at + stride,
                (None, Some((to, _))) => to - stride,
                (None, None) => break,
            };
            stride *= 2;
            if next == lambda {
                break;
            }
            lambda = next;
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

    /// From the piece just flooded through open atoms to another piece of `set`: the first step.
    fn way_out(&mut self, set: &[u32]) -> Option<u32> {
        let piece = self.stack.len();
        let graph = &self.priced.instance.graph;
        let mut head = 0;
        while head < self.stack.len() {
            let atom = self.stack[head];
            for &next in graph.neighbours(atom) {
                let i = next as usize;
                if self.seen[i] == self.round || self.fate[i] == Fate::Out {
                    continue;
                }
                self.seen[i] = self.round;
                self.parent[i] = if head < piece { u32::MAX } else { atom };
                if set.binary_search(&next).is_ok() {
                    let mut step = next;
                    while self.parent[step as usize] != u32::MAX {
                        step = self.parent[step as usize];
                    }
                    return Some(step).filter(|&s| self.fate[s as usize] == Fate::Open);
                }
                self.stack.push(next);
            }
            head += 1;
        }
        None
    }
}

/// The people a part may hold and what their number costs.
struct Range {
    low: i64,
    high: i64,
    size: (f64, f64),
}

impl Range {
    /// What a number of people costs, rounded down.
    fn cost(&self, people: i64) -> i64 {
        (self.size.0 * (people as f64 - self.size.1).powi(2)) as i64
    }

    /// The least of cost less `lambda` a head over the range, and where it is; never above the truth.
    fn conjugate(&self, lambda: i64) -> (f64, i64) {
        let (factor, mean) = self.size;
        let lambda = lambda as f64;
        let free = if factor > 0.0 { mean + lambda / (2.0 * factor) } else { lambda * f64::INFINITY };
        let free = if free.is_nan() { mean } else { free };
        let aim = free.clamp(self.low as f64, self.high as f64);
        let least = factor * (aim - mean).powi(2) - lambda * aim;
        (aim, (least - least.abs() * 1e-12 - 2.0).floor() as i64)
    }

    /// The price of people at which this number is the aim, if it is in the range.
    fn slope(&self, people: i64) -> Option<i64> {
        let inside = (self.low..=self.high).contains(&people);
        inside.then(|| (2.0 * self.size.0 * (people as f64 - self.size.1)) as i64)
    }

    fn stride(&self) -> i64 {
        let width = (self.high - self.low).max(1) as f64;
        ((self.size.0 * width) as i64).max(64)
    }
}
