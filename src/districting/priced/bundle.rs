//! The prices to ask about next: where the parts met so far promise most, not far from the best.
//!
//! A proximal bundle (Lemaréchal 1978): of all weighted choices of parts met so far, the one that is
//! cheapest with a penalty on the square of what it leaves out and holds twice. Prices go from the best
//! so far by a step times what is left out. Pairs of parts change weight until none helps.

use super::LARGEST;
use super::prices::Prices;
use crate::districting::proof::triples::Triple;

/// What counts as nothing, beside the cost of a usual part.
const TINY: f64 = 1e-6;

/// Columns, each compared with all others, up to which more are welcome.
const FULL: usize = 2000;

/// By how much a cut has to be broken, and what counts as taken there.
const BROKEN: f64 = 0.05;
const TAKEN: f64 = 1e-3;

/// Changes of weight for each question, in atoms.
const CHANGES: usize = 30;

/// Weighted parts, and the step.
pub(super) struct Bundle {
    columns: Vec<Column>,
    /// What each pair of columns holds in common, of the later one with all up to itself.
    common: Vec<Vec<f64>>,
    taken: Vec<f64>,
    cuts: Vec<[u32; 3]>,
    parts: usize,
    /// The usual cost of a part, the unit of all costs here.
    unit: f64,
    /// The price that an atom left out gains, in units.
    pub(super) step: f64,
    /// What was counted since it was last asked for.
    pub(super) work: u64,
}

/// How much of each atom is held at what cost.
struct Column {
    holds: Vec<(u32, f64)>,
    /// The cuts it pays for.
    pays: Vec<(u32, f64)>,
    cost: f64,
    is_guess: bool,
}

/// Prices to ask about and what the parts met so far make of them.
pub(super) struct Proposal {
    pub(super) prices: Prices,
    /// The least weight of a part met so far.
    pub(super) least: i64,
    /// The bound if there were no other parts.
    pub(super) hoped: i64,
    /// The most any atom is left out, or held too often.
    pub(super) missing: f64,
}

impl Bundle {
    /// Without parts; `known` is the cost of a division into so many `parts`, which come first.
    pub(super) fn new(atoms: usize, parts: u32, known: i64) -> Self {
        Self {
            columns: Vec::new(),
            common: Vec::new(),
            taken: Vec::new(),
            cuts: Vec::new(),
            parts: parts as usize,
            unit: (known as f64 / f64::from(parts)).max(1.0),
            step: 0.3 * f64::from(parts) / atoms.max(1) as f64,
            work: 0,
        }
    }

    /// A part more.
    pub(super) fn add(&mut self, atoms: &[u32], cost: i64) {
        let holds = atoms.iter().map(|&atom| (atom, 1.0)).collect();
        self.push(holds, cost as f64 / self.unit, false);
    }

    /// Something a search could not tell from a part: how much it holds of each atom, and its weight at
    /// these prices.
    pub(super) fn guess(&mut self, holds: Vec<(u32, f64)>, weight: i64, prices: &Prices) {
        let earned = holds.iter().map(|&(atom, share)| share * prices.of_atoms[atom as usize] as f64);
        let paid: f64 =
            prices.triples.iter().map(|cut| pays(&holds, &cut.atoms) * 2.0 * cut.half as f64).sum();
        let cost = (weight as f64 + earned.sum::<f64>() - paid) / self.unit;
        self.push(holds, cost, true);
    }

    /// Whether there is anything of the kind.
    pub(super) fn guesses(&self) -> bool {
        self.columns.iter().any(|column| column.is_guess)
    }

    /// Whether there are so many columns that each more is a burden.
    pub(super) fn is_full(&self) -> bool {
        self.columns.len() > FULL
    }

    /// Forgets what searches could not tell; whether there was anything.
    pub(super) fn forget(&mut self) -> bool {
        if !self.guesses() {
            return false;
        }
        let keep: Vec<bool> = self.columns.iter().map(|column| !column.is_guess).collect();
        fn kept<T>(all: Vec<T>, keep: &[bool]) -> Vec<T> {
            all.into_iter().zip(keep).filter(|(_, keep)| **keep).map(|(one, _)| one).collect()
        }
        self.columns = kept(std::mem::take(&mut self.columns), &keep);
        let rows = kept(std::mem::take(&mut self.common), &keep);
        self.common = rows.into_iter().map(|row| kept(row, &keep)).collect();
        self.restart();
        true
    }

    /// Takes the parts of the known division.
    fn restart(&mut self) {
        self.taken = vec![0.0; self.columns.len()];
        let first = self.columns.len().min(self.parts);
        self.taken[..first].fill(self.parts as f64 / first.max(1) as f64);
    }

    fn push(&mut self, holds: Vec<(u32, f64)>, cost: f64, is_guess: bool) {
        let paid = (0u32..).zip(&self.cuts).map(|(at, cut)| (at, pays(&holds, cut)));
        let pays = paid.filter(|pays| pays.1 > 0.0).collect();
        let column = Column { holds, pays, cost, is_guess };
        let shared = |other: &Column| {
            let (mut p, mut q, mut sum) = (0, 0, 0.0);
            while p < column.holds.len() && q < other.holds.len() {
                match column.holds[p].0.cmp(&other.holds[q].0) {
                    std::cmp::Ordering::Less => p += 1,
                    std::cmp::Ordering::Greater => q += 1,
                    std::cmp::Ordering::Equal => {
                        sum += column.holds[p].1 * other.holds[q].1;
                        (p, q) = (p + 1, q + 1);
                    }
                }
            }
            sum
        };
        let mut row: Vec<f64> = self.columns.iter().map(shared).collect();
        row.push(shared(&column));
        self.work += 8 * self.columns.len() as u64;
        self.common.push(row);
        self.columns.push(column);
        if self.columns.len() <= self.parts {
            self.restart();
        } else {
            self.taken.push(0.0);
        }
    }

    fn common(&self, p: usize, q: usize) -> f64 {
        self.common[p.max(q)][p.min(q)]
    }

    /// A cut more.
    pub(super) fn cut(&mut self, cut: [u32; 3]) {
        let at = self.cuts.len() as u32;
        for column in &mut self.columns {
            let paid = pays(&column.holds, &cut);
            column.pays.extend((paid > 0.0).then_some((at, paid)));
        }
        self.cuts.push(cut);
    }

    /// Threes of atoms of which more than one part, in all, holds two; the worst first. O(n³) in the
    /// worst case, O(n) where parts are small.
    pub(super) fn broken(&mut self, n: usize) -> Vec<[u32; 3]> {
        let taken: Vec<(&Column, f64)> =
            self.columns.iter().zip(self.taken.iter().copied()).filter(|taken| taken.1 > TAKEN).collect();
        let mut pairs = vec![0.0; n * n];
        for (column, share) in &taken {
            for (at, &(a, _)) in column.holds.iter().enumerate() {
                let others = &column.holds[at + 1..];
                others.iter().for_each(|&(b, _)| pairs[a as usize * n + b as usize] += share);
            }
        }
        let mut found = Vec::new();
        for a in 0..n {
            let beside: Vec<usize> = (a + 1..n).filter(|&b| pairs[a * n + b] > TAKEN).collect();
            for (at, &b) in beside.iter().enumerate() {
                for &c in &beside[at + 1..] {
                    if pairs[a * n + b] + pairs[a * n + c] + pairs[b * n + c] < 1.0 + BROKEN {
                        continue;
                    }
                    let cut = [a as u32, b as u32, c as u32];
                    let over =
                        taken.iter().map(|(column, share)| share * pays(&column.holds, &cut)).sum::<f64>();
                    if over > 1.0 + BROKEN && !self.cuts.contains(&cut) {
                        found.push((over, cut));
                    }
                }
            }
        }
        self.work += (n * n + 30 * found.len()) as u64;
        found.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
        found.into_iter().map(|found| found.1).collect()
    }

    /// The prices to ask about, from the best so far.
    pub(super) fn propose(&mut self, centre: &Prices) -> Proposal {
        let n = centre.of_atoms.len();
        let start: Vec<f64> = centre.of_atoms.iter().map(|&price| price as f64 / self.unit).collect();
        let half =
            |at: usize| centre.triples.get(at).map_or(0.0, |triple| 2.0 * triple.half as f64 / self.unit);
        let before: Vec<f64> = (0..self.cuts.len()).map(half).collect();
        let missing = self.missing(n);
        let mut over = self.over();
        let mut weights = self.weights(&self.prices(&start, &missing), &self.fees(&before, &over));
        self.work += (n * self.columns.len() / 4) as u64;
        for _ in 0..CHANGES * n {
            let least = (0..weights.len()).min_by(|&p, &q| weights[p].total_cmp(&weights[q]));
            let held = (0..weights.len()).filter(|&at| self.taken[at] > 0.0);
            let most = held.max_by(|&p, &q| weights[p].total_cmp(&weights[q]));
            let (Some(to), Some(from)) = (least, most) else { break };
            let gain = weights[from] - weights[to];
            if gain < TINY {
                break;
            }
            let mut differ = self.common(to, to) + self.common(from, from) - 2.0 * self.common(to, from);
            let mut turns: Vec<(u32, f64)> = self.columns[to].pays.clone();
            turns.extend(self.columns[from].pays.iter().map(|&(at, paid)| (at, -paid)));
            differ += turns.iter().map(|turn| 2.0 * turn.1 * turn.1).sum::<f64>();
            let change = (gain / (self.step * differ.max(1e-3))).min(self.taken[from]);
            self.taken[to] += change;
            self.taken[from] = if change >= self.taken[from] { 0.0 } else { self.taken[from] - change };
            for (at, weight) in weights.iter_mut().enumerate() {
                *weight += self.step * change * (self.common(at, to) - self.common(at, from));
            }
            self.work += weights.len() as u64;
            if !turns.is_empty() {
                let fees = self.fees(&before, &over);
                turns.iter().for_each(|&(at, paid)| over[at as usize] += change * paid);
                let now = self.fees(&before, &over);
                for (column, weight) in self.columns.iter().zip(&mut weights) {
                    let paid =
                        column.pays.iter().map(|&(at, paid)| paid * (now[at as usize] - fees[at as usize]));
                    *weight += paid.sum::<f64>();
                }
                self.work += 2 * weights.len() as u64;
            }
        }
        let (missing, over) = (self.missing(n), self.over());
        let (prices, fees) = (self.prices(&start, &missing), self.fees(&before, &over));
        let least = self.weights(&prices, &fees).into_iter().fold(f64::INFINITY, f64::min);
        let hoped = prices.iter().sum::<f64>() - fees.iter().sum::<f64>() + self.parts as f64 * least;
        let whole = |price: f64| ((price * self.unit).round() as i64).clamp(-LARGEST, LARGEST);
        let triple = |(&atoms, &fee): (&[u32; 3], &f64)| Triple { atoms, half: whole(fee / 2.0).max(0) };
        let most_missing = missing.into_iter().map(f64::abs).fold(0.0, f64::max);
        Proposal {
            prices: Prices {
                of_atoms: prices.into_iter().map(whole).collect(),
                triples: self.cuts.iter().zip(&fees).map(triple).collect(),
            },
            least: whole(least),
            hoped: (hoped * self.unit).round() as i64,
            missing: over.into_iter().fold(most_missing, f64::max),
        }
    }

    /// How much of each atom no part takes.
    fn missing(&self, n: usize) -> Vec<f64> {
        let mut missing = vec![1.0; n];
        for (column, taken) in self.columns.iter().zip(&self.taken).filter(|(_, taken)| **taken > 0.0) {
            column.holds.iter().for_each(|&(atom, share)| missing[atom as usize] -= taken * share);
        }
        missing
    }

    /// By how much each cut is broken.
    fn over(&self) -> Vec<f64> {
        let mut over = vec![-1.0; self.cuts.len()];
        for (column, taken) in self.columns.iter().zip(&self.taken).filter(|(_, taken)| **taken > 0.0) {
            column.pays.iter().for_each(|&(at, paid)| over[at as usize] += taken * paid);
        }
        over
    }

    fn prices(&self, start: &[f64], missing: &[f64]) -> Vec<f64> {
        start.iter().zip(missing).map(|(price, missing)| price + self.step * missing).collect()
    }

    /// What cuts cost, which is never below nothing.
    fn fees(&self, before: &[f64], over: &[f64]) -> Vec<f64> {
        before.iter().zip(over).map(|(fee, over)| (fee + self.step * over).max(0.0)).collect()
    }

    fn weights(&self, prices: &[f64], fees: &[f64]) -> Vec<f64> {
        let earned = |column: &Column| {
            column.holds.iter().map(|&(atom, share)| share * prices[atom as usize]).sum::<f64>()
        };
        let paid =
            |column: &Column| column.pays.iter().map(|&(at, paid)| paid * fees[at as usize]).sum::<f64>();
        self.columns.iter().map(|column| column.cost - earned(column) + paid(column)).collect()
    }
}

/// How much of two of three is held: one if it is a part with two of them.
fn pays(holds: &[(u32, f64)], cut: &[u32; 3]) -> f64 {
    let share = |atom: &u32| holds.binary_search_by_key(atom, |held| held.0).map_or(0.0, |at| holds[at].1);
    (cut.iter().map(share).sum::<f64>() - 1.0).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every pair of three atoms for 10, each alone for 9, in two parts.
    fn bundle() -> Bundle {
        let mut bundle = Bundle::new(3, 2, 19);
        [(&[0, 1][..], 10), (&[2], 9), (&[1, 2], 10), (&[0, 2], 10), (&[0], 9), (&[1], 9)]
            .into_iter()
            .for_each(|(atoms, cost)| bundle.add(atoms, cost));
        bundle
    }

    fn climb(bundle: &mut Bundle, mut prices: Prices) -> Proposal {
        for _ in 0..50 {
            prices = bundle.propose(&prices).prices;
        }
        bundle.propose(&prices)
    }

    #[test]
    fn prices_climb_to_the_relaxation() {
        let start = Prices { of_atoms: vec![6, 0, 0], triples: Vec::new() };
        let asked = climb(&mut bundle(), start);
        assert!((18..=20).contains(&asked.hoped), "{}", asked.hoped);
        assert!(asked.missing < 0.05, "{}", asked.missing);
    }

    #[test]
    fn what_could_not_be_told_counts_until_it_is_forgotten() {
        let start = Prices { of_atoms: vec![6; 3], triples: Vec::new() };
        let mut bundle = bundle();
        bundle.guess(vec![(0, 0.5), (1, 0.5), (2, 0.5)], -9, &start);
        assert!(bundle.guesses());
        let low = climb(&mut bundle, start.clone()).hoped;
        assert!(low < 6, "{low}");
        assert!(bundle.forget() && !bundle.guesses() && !bundle.forget());
        assert!(climb(&mut bundle, start).hoped >= 18);
    }

    #[test]
    fn a_cut_is_broken_until_it_has_a_fee() {
        // Half of each pair, half of a part of nothing to make up the number.
        let mut bundle = Bundle::new(3, 2, 40);
        for (atoms, cost) in
            [(&[0, 1][..], 20), (&[2], 20), (&[1, 2], 4), (&[0, 2], 4), (&[0, 1], 4), (&[0], 20), (&[1], 20)]
        {
            bundle.add(atoms, cost);
        }
        bundle.add(&[], 0);
        let start = Prices { of_atoms: vec![10; 3], triples: Vec::new() };
        let before = climb(&mut bundle, start);
        assert_eq!(bundle.broken(3), [[0, 1, 2]]);
        bundle.cut([0, 1, 2]);
        let after = climb(&mut bundle, before.prices);
        assert!(after.prices.triples[0].half > 0);
        assert!(after.hoped > before.hoped + 4, "{} to {}", before.hoped, after.hoped);
        assert!(bundle.broken(3).is_empty());
    }
}
