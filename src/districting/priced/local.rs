//! Cheap parts by small changes: an atom in, an atom out, or both.
//!
//! Parts known to be cheap at other prices are near those that are cheap now. What is found here costs
//! a fraction of a search, and says nothing about what is not found.

use super::Priced;
use super::range::Range;

/// Changes to one part at most.
const CHANGES: usize = 60;

/// Atoms in and out tried together.
const PAIRED: usize = 6;

/// A part being changed, and buffers.
pub(super) struct Local<'a> {
    priced: &'a Priced<'a>,
    /// For each atom its bundles, with what it pays there.
    bundles_of: Vec<Vec<(u32, i64)>>,
    /// What each bundle comes to, and what of it is inside.
    whole: Vec<i64>,
    held: Vec<i64>,
    inside: Vec<bool>,
    atoms: Vec<u32>,
    people: i64,
    seen: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
    /// Arcs looked at since it was last asked for.
    pub(super) work: u64,
}

impl<'a> Local<'a> {
    pub(super) fn new(priced: &'a Priced<'a>) -> Self {
        let n = priced.instance.len();
        let mut bundles_of = vec![Vec::new(); n];
        for (number, bundle) in (0u32..).zip(&priced.terms.bundles) {
            for &(atom, price) in bundle.iter().filter(|member| member.1 > 0) {
                bundles_of[atom as usize].push((number, price));
            }
        }
        let whole: Vec<i64> =
            priced.terms.bundles.iter().map(|bundle| bundle.iter().map(|member| member.1).sum()).collect();
        Self {
            priced,
            bundles_of,
            held: vec![0; whole.len()],
            whole,
            inside: vec![false; n],
            atoms: Vec::new(),
            people: 0,
            seen: vec![0; n],
            round: 0,
            stack: Vec::new(),
            work: 0,
        }
    }

    /// The part reached from `start` by changes that each lower the weight most, served from `root` and
    /// with its ascending atoms; it may still be out of the range.
    pub(super) fn descend(&mut self, prices: &[i64], root: u32, start: &[u32]) -> Vec<u32> {
        self.open(start);
        for _ in 0..CHANGES {
            if !self.change(prices, root) {
                break;
            }
        }
        let mut atoms = std::mem::take(&mut self.atoms);
        atoms.sort_unstable();
        atoms
    }

    fn open(&mut self, start: &[u32]) {
        self.inside.fill(false);
        self.held.fill(0);
        self.atoms.clear();
        self.people = 0;
        start.iter().for_each(|&atom| self.put(atom));
    }

    fn put(&mut self, atom: u32) {
        self.inside[atom as usize] = true;
        self.atoms.push(atom);
        self.people += self.priced.instance.people[atom as usize];
        for &(bundle, price) in &self.bundles_of[atom as usize] {
            self.held[bundle as usize] += price;
        }
    }

    fn take(&mut self, atom: u32) {
        self.inside[atom as usize] = false;
        self.atoms.retain(|&other| other != atom);
        self.people -= self.priced.instance.people[atom as usize];
        for &(bundle, price) in &self.bundles_of[atom as usize] {
            self.held[bundle as usize] -= price;
        }
    }

    /// What a change of an atom adds, without the size.
    fn adds(&self, prices: &[i64], root: u32, atom: u32) -> i64 {
        let at = atom as usize;
        let terms = self.priced.terms;
        let sign = if self.inside[at] { -1 } else { 1 };
        let mut adds = sign * (terms.near[root as usize * prices.len() + at] - prices[at]);
        for (next, length) in self.priced.instance.graph.priced(atom) {
            let beside = if self.inside[next as usize] { -1 } else { 1 };
            adds += sign * beside * terms.line * i64::from(length);
        }
        for &(bundle, price) in &self.bundles_of[at] {
            let (whole, held) = (self.whole[bundle as usize], self.held[bundle as usize]);
            let then = held + sign * price;
            adds += then.min(whole - then) - held.min(whole - held);
        }
        adds
    }

    /// Makes the best change; false if there is none.
    fn change(&mut self, prices: &[i64], root: u32) -> bool {
        let instance = self.priced.instance;
        let range = Range { low: 0, high: 0, size: self.priced.terms.size };
        let heavy = self.atoms.iter().any(|&atom| instance.people[atom as usize] > instance.high);
        let high = if heavy { self.priced.most.max(instance.high) } else { instance.high };
        let now = range.cost(self.people);
        self.round += 1;
        let mut rim = Vec::new();
        for &atom in &self.atoms {
            for &next in instance.graph.neighbours(atom) {
                if !self.inside[next as usize] && self.seen[next as usize] != self.round {
                    self.seen[next as usize] = self.round;
                    rim.push(next);
                }
            }
        }
        let mut into: Vec<(i64, u32)> = rim.iter().map(|&a| (self.adds(prices, root, a), a)).collect();
        let own = self.atoms.iter().filter(|&&a| a != root);
        let mut out: Vec<(i64, u32)> = own.map(|&a| (self.adds(prices, root, a), a)).collect();
        self.work += 8 * (into.len() + out.len()) as u64;
        into.sort_unstable();
        out.sort_unstable();
        let people = |atom: u32| instance.people[atom as usize];
        // Each change with what it adds, size and all.
        let mut changes: Vec<(i64, Option<u32>, Option<u32>)> = Vec::new();
        let size = |more: i64| range.cost(self.people + more) - now;
        let far = |held: i64| (instance.low - held).max(held - high).max(0);
        let gap = far(self.people);
        let fits = |more: i64| far(self.people + more) == 0 || far(self.people + more) < gap;
        let single = into.iter().map(|&(adds, a)| (adds, people(a), Some(a), None));
        let single = single.chain(out.iter().map(|&(adds, b)| (adds, -people(b), None, Some(b))));
        for (adds, more, a, b) in single.filter(|change| fits(change.1)) {
            changes.push((adds + size(more), a, b));
        }
        if gap == 0 {
            for &(first, a) in into.iter().take(PAIRED) {
                for &(second, b) in out.iter().take(PAIRED) {
                    let more = people(a) - people(b);
                    let joined = instance.graph.priced(a).filter(|(next, _)| *next == b);
                    let line: i64 = joined.map(|(_, length)| i64::from(length)).sum();
                    let both = 2 * line * self.priced.terms.line;
                    if fits(more) {
                        changes.push((first + second + both + size(more), Some(a), Some(b)));
                    }
                }
            }
        }
        changes.sort_unstable();
        let helps = |change: &(i64, Option<u32>, Option<u32>)| gap > 0 || change.0 < 0;
        for (_, into, out) in changes.into_iter().filter(helps).take(PAIRED) {
            if out.is_some_and(|b| !self.hangs_together_without(b, into)) {
                continue;
            }
            into.into_iter().for_each(|a| self.put(a));
            out.into_iter().for_each(|b| self.take(b));
            return true;
        }
        false
    }

    /// Whether the part is in one piece without `out` and with `into`.
    fn hangs_together_without(&mut self, out: u32, into: Option<u32>) -> bool {
        let Some(&start) = self.atoms.iter().find(|&&atom| atom != out) else { return false };
        self.round += 1;
        self.stack.clear();
        self.stack.push(start);
        self.seen[start as usize] = self.round;
        self.seen[out as usize] = self.round;
        let mut met = 0;
        while let Some(atom) = self.stack.pop() {
            met += 1;
            for &next in self.priced.instance.graph.neighbours(atom) {
                let is_in = self.inside[next as usize] || into == Some(next);
                if is_in && self.seen[next as usize] != self.round {
                    self.seen[next as usize] = self.round;
                    self.stack.push(next);
                }
            }
        }
        self.work += 4 * met as u64;
        met == self.atoms.len() - 1 + usize::from(into.is_some())
    }
}
