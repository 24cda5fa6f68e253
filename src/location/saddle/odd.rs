//! Odd sets of rows: half their sum, rounded up.
//!
//! Of an odd number of rows, half the sum of what serves each says that sites, each counted half as
//! often as it serves, rounded up, and rows left out add up to half the number of rows, rounded up
//! (Caprara and Fischetti 1996). It is violated where sites that serve an odd number of the rows are
//! little open. Rows are exchanged by pairs that differ in little, from single rows to three, five
//! and seven (in the manner of Koster, Zymolka and Kutschka 2009).

use std::collections::{HashMap, HashSet};

use crate::location::rows::Rows;

/// Sites looked at: those open most.
const WORDS: usize = 8;
const SITES: usize = WORDS * 64;
/// Shares below this are not looked at.
const SEEN: f64 = 1e-3;
/// What a row may be served beyond one and left out, added.
const LOOSE: f64 = 0.3;
/// What two rows of a pair may differ by.
const DIFFER: f64 = 0.7;
/// Sets made of each single row, and of each larger one.
const FROM_ONE: usize = 24;
const FROM_MORE: usize = 4;
/// Larger sets taken further, and the largest.
const FURTHER: usize = 1000;
const LARGEST: usize = 7;
/// What sets of three may miss of being violated to be taken further.
const NEARLY: f64 = 0.05;
/// How much a cut has to be violated.
const VIOLATED: f64 = 0.03;

/// A round begins from one row in so many, the next round from their neighbours.
const SHARE: usize = 3;
/// What two rows of a pair may differ by once there are three rows.
const CLOSE: f64 = 0.6;
type Bits = [u64; WORDS];

struct Candidate {
    row: u32,
    bits: Bits,
    /// What it is served, and what it adds to a set beyond.
    sum: f64,
    loose: f64,
    weight: i64,
}

struct Pair {
    rows: (u32, u32),
    differ: f64,
}

/// A set of candidates, ascending, and what is odd of it.
#[derive(Clone, Debug, PartialEq)]
struct Set {
    cost: f64,
    rows: Vec<u32>,
}

pub(super) struct Odd {
    shares: Vec<f64>,
    found: Vec<Candidate>,
    pairs: Vec<Pair>,
    /// Pairs by the sites that serve one of their rows only.
    by_site: Vec<Vec<u32>>,
    /// Pairs that differ least.
    close: u32,
    common: Vec<f64>,
    touched: Vec<u32>,
    pub(super) work: u64,
}

fn each(bits: &Bits, mut visit: impl FnMut(usize)) {
    for (w, word) in bits.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            visit(w * 64 + word.trailing_zeros() as usize);
            word &= word - 1;
        }
    }
}

fn either(a: &Bits, b: &Bits) -> Bits {
    std::array::from_fn(|w| a[w] ^ b[w])
}

/// Odd sets of rows that shares violate, best first, and the work it took. `left` is what a row is left
/// out; rounds begin from different rows, and look at so many, the heaviest.
pub(super) fn sets(
    rows: &Rows,
    x: &[f64],
    left: impl Fn(usize) -> f64,
    (round, most): (usize, usize),
) -> (Vec<Vec<u32>>, u64) {
    let mut odd = Odd::new(rows, x, left, most);
    let found = odd.search(round);
    let mut scored: Vec<(f64, Vec<u32>)> = found
        .into_iter()
        .map(|set| {
            let weight = set.rows.iter().map(|k| odd.found[*k as usize].weight).min().unwrap_or(0);
            let score = (1.0 - set.cost) * (weight as f64 / set.rows.len() as f64).sqrt();
            let mut names: Vec<u32> = set.rows.iter().map(|k| odd.found[*k as usize].row).collect();
            names.sort_unstable();
            (score, names)
        })
        .collect();
    scored.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    (scored.into_iter().map(|s| s.1).collect(), odd.work)
}

impl Odd {
    fn new(rows: &Rows, x: &[f64], left: impl Fn(usize) -> f64, most: usize) -> Self {
        let mut seen: Vec<u32> = (0..rows.sites as u32).filter(|j| x[*j as usize] > SEEN).collect();
        seen.sort_unstable_by(|a, b| x[*b as usize].total_cmp(&x[*a as usize]).then(a.cmp(b)));
        seen.truncate(SITES);
        let mut place = vec![usize::MAX; rows.sites];
        seen.iter().enumerate().for_each(|(k, j)| place[*j as usize] = k);
        let shares: Vec<f64> = seen.iter().map(|j| x[*j as usize]).collect();
        let mut best: HashMap<Bits, usize> = HashMap::new();
        let mut found: Vec<Candidate> = Vec::new();
        for row in 0..rows.len() {
            let (mut bits, mut sum, mut dust) = ([0u64; WORDS], 0.0, 0.0);
            for e in rows.row(row) {
                let share = x[e.site as usize];
                match place[e.site as usize] {
                    usize::MAX => dust += share,
                    k => {
                        bits[k / 64] |= 1 << (k % 64);
                        sum += share;
                    }
                }
            }
            let out = left(row).max(1.0 - sum - dust).max(0.0);
            let loose = (sum + dust + out - 1.0).max(0.0) + out + dust;
            if loose > LOOSE || sum == 0.0 {
                continue;
            }
            let weight = rows.weight[row];
            let one = Candidate { row: row as u32, bits, sum, loose, weight };
            let next = found.len();
            let at = *best.entry(bits).or_insert(next);
            if at == next {
                found.push(one);
            } else if weight > found[at].weight {
                found[at] = one;
            }
        }
        found.sort_by_key(|c| (std::cmp::Reverse(c.weight), c.row));
        found.truncate(most);
        let mut odd = Self {
            shares,
            found,
            pairs: Vec::new(),
            by_site: vec![Vec::new(); seen.len()],
            close: 0,
            common: Vec::new(),
            touched: Vec::new(),
            work: rows.entries.len() as u64,
        };
        odd.pair();
        odd
    }

    /// Rows that differ in little.
    fn pair(&mut self) {
        let mut lists: Vec<Vec<u32>> = vec![Vec::new(); self.shares.len()];
        for (k, c) in (0u32..).zip(&self.found) {
            each(&c.bits, |j| lists[j].push(k));
        }
        let mut common = vec![0.0; self.found.len()];
        let mut near = Vec::new();
        for a in 0..self.found.len() {
            each(&self.found[a].bits, |j| {
                let later = lists[j].partition_point(|b| *b as usize <= a);
                for b in &lists[j][later..] {
                    if common[*b as usize] == 0.0 {
                        near.push(*b);
                    }
                    common[*b as usize] += self.shares[j];
                }
                self.work += (lists[j].len() - later) as u64;
            });
            near.sort_unstable();
            for b in near.drain(..) {
                let both = std::mem::take(&mut common[b as usize]);
                let (first, second) = (&self.found[a], &self.found[b as usize]);
                let differ = first.sum + second.sum - 2.0 * both;
                if differ < DIFFER {
                    self.pairs.push(Pair { rows: (a as u32, b), differ });
                }
            }
        }
        self.pairs.sort_unstable_by(|a, b| a.differ.total_cmp(&b.differ).then(a.rows.cmp(&b.rows)));
        self.close = self.pairs.partition_point(|pair| pair.differ < CLOSE) as u32;
        for (k, pair) in (0u32..).zip(&self.pairs) {
            let (first, second) = (&self.found[pair.rows.0 as usize], &self.found[pair.rows.1 as usize]);
            each(&either(&first.bits, &second.bits), |j| self.by_site[j].push(k));
        }
        self.common = vec![0.0; self.pairs.len()];
    }

    fn search(&mut self, round: usize) -> Vec<Set> {
        let mut sets = Vec::new();
        for k in (round % SHARE..self.found.len()).step_by(SHARE) {
            let one = Set { cost: self.found[k].sum + self.found[k].loose, rows: vec![k as u32] };
            self.grow(&one, (FROM_ONE, 3), 1.0 + NEARLY, &mut sets);
        }
        settle(&mut sets);
        let mut all: Vec<Set> = sets.iter().filter(|s| s.cost < 1.0 - VIOLATED).cloned().collect();
        let mut largest = 3;
        while largest < LARGEST {
            largest += 2;
            let mut next = Vec::new();
            for set in sets.iter().take(FURTHER) {
                self.grow(set, (FROM_MORE, largest), (set.cost - 0.01).min(1.0), &mut next);
            }
            settle(&mut next);
            all.extend(next.iter().filter(|s| s.cost < 1.0 - VIOLATED).cloned());
            sets = next;
        }
        settle(&mut all);
        all
    }

    /// The best sets one pair away that cost less than so much.
    fn grow(&mut self, set: &Set, (best, largest): (usize, usize), below: f64, into: &mut Vec<Set>) {
        let mut bits = [0u64; WORDS];
        set.rows.iter().for_each(|k| bits = either(&bits, &self.found[*k as usize].bits));
        each(&bits, |j| {
            let some = if set.rows.len() == 1 {
                self.by_site[j].len()
            } else {
                self.by_site[j].partition_point(|k| *k < self.close)
            };
            for pair in &self.by_site[j][..some] {
                let common = &mut self.common[*pair as usize];
                if *common == 0.0 {
                    self.touched.push(*pair);
                }
                *common += self.shares[j];
            }
            self.work += some as u64;
        });
        let mut found: Vec<(f64, u32)> = Vec::new();
        for pair in self.touched.drain(..) {
            let both = std::mem::take(&mut self.common[pair as usize]);
            let Pair { rows: (a, b), differ } = self.pairs[pair as usize];
            let rough = set.cost + differ - 2.0 * both;
            if rough >= below + 2.0 * LOOSE {
                continue;
            }
            let (mut cost, mut size) = (rough, set.rows.len());
            for k in [a, b] {
                if set.rows.contains(&k) {
                    cost -= self.found[k as usize].loose;
                    size -= 1;
                } else {
                    cost += self.found[k as usize].loose;
                    size += 1;
                }
            }
            if cost < below && size >= 3 && size <= largest {
                found.push((cost, pair));
            }
        }
        let order = |a: &(f64, u32), b: &(f64, u32)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
        if found.len() > best {
            found.select_nth_unstable_by(best - 1, order);
            found.truncate(best);
        }
        for (cost, pair) in found {
            let (a, b) = self.pairs[pair as usize].rows;
            let mut rows: Vec<u32> = set.rows.iter().copied().filter(|k| *k != a && *k != b).collect();
            rows.extend([a, b].iter().filter(|k| !set.rows.contains(k)));
            rows.sort_unstable();
            into.push(Set { cost, rows });
        }
    }
}

/// Cheapest first, each once.
fn settle(sets: &mut Vec<Set>) {
    let mut seen: HashSet<Vec<u32>> = HashSet::with_capacity(sets.len());
    sets.sort_unstable_by(|a, b| a.cost.total_cmp(&b.cost).then_with(|| a.rows.cmp(&b.rows)));
    sets.retain(|set| seen.insert(set.rows.clone()));
}
