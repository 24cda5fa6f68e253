//! How cheap the parts of a node can be: minimum cuts with people at a price (Lagrange).

use super::class::{Class, Query};
use super::net::Fate;
use super::range::Range;

/// Cuts at one node, to find the price of people that bounds it best.
const CUTS: usize = 6;

/// What a node's cuts say.
pub(super) struct Relaxed {
    pub(super) bound: i64,
    /// The price of people it was reached at.
    pub(super) lambda: i64,
    /// The last set with people to spare or just enough, and the last with too few.
    pub(super) large: Option<Vec<u32>>,
    pub(super) small: Option<Vec<u32>>,
    /// How much of the large one makes people right.
    share: f64,
}

impl Relaxed {
    /// How much of each atom is held, ascending.
    pub(super) fn holds(&self) -> Vec<(u32, f64)> {
        let share = match (&self.large, &self.small) {
            (Some(_), Some(_)) => self.share,
            (Some(_), None) => 1.0,
            _ => 0.0,
        };
        let large = self.large.iter().flatten().map(|&atom| (atom, share));
        let small = self.small.iter().flatten().map(|&atom| (atom, 1.0 - share));
        let mut holds: Vec<(u32, f64)> = large.chain(small).filter(|held| held.1 > 0.0).collect();
        holds.sort_unstable_by_key(|held| held.0);
        holds.dedup_by(|next, held| {
            let same = next.0 == held.0;
            if same {
                held.1 += next.1;
            }
            same
        });
        holds
    }
}

/// A set that was cheapest at some price of people.
struct Line {
    atoms: Vec<u32>,
    weight: i64,
    people: i64,
}

impl Class<'_> {
    /// Cuts with people at several prices, until the bound reaches `enough`; `None` if the range cannot
    /// be met.
    pub(super) fn relax(&mut self, query: &Query<'_>, start: i64, enough: i64) -> Option<Relaxed> {
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
        let relaxed = self.level(query, &range, start, enough);
        if self.ledger.is_empty() || relaxed.bound >= enough {
            return Some(relaxed);
        }
        // Cuts are told of in straight lines: those that fit what the first ones took.
        let mut held = vec![0.0; self.fate.len()];
        relaxed.holds().into_iter().for_each(|(atom, share)| held[atom as usize] = share);
        if !self.ledger.follow(|atom| held[atom as usize]) {
            return Some(relaxed);
        }
        let again = self.level(query, &range, relaxed.lambda, enough);
        Some(if again.bound > relaxed.bound { again } else { relaxed })
    }

    fn level(&mut self, query: &Query<'_>, range: &Range, start: i64, enough: i64) -> Relaxed {
        let mut stride = range.stride().max(self.usual_price());
        let mut relaxed = Relaxed { bound: i64::MIN, lambda: start, large: None, small: None, share: 1.0 };
        let mut above: Option<(i64, Line)> = None;
        let mut below: Option<(i64, Line)> = None;
        let mut lambda = start;
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
        relaxed
    }

    /// An eighth of what atoms weigh for each of their people.
    fn usual_price(&self) -> i64 {
        let weights = self.weights.iter().fold(0i64, |sum, w| sum.saturating_add(w.saturating_abs()));
        weights / 8 / self.priced.instance.people.iter().sum::<i64>().max(1)
    }

    /// The cheapest set at a price of people.
    fn line(&mut self, lambda: i64) -> Line {
        let people = &self.priced.instance.people;
        let (fate, ledger) = (&self.fate, &self.ledger);
        let own = |atom: usize| if fate[atom] == Fate::In { ledger.base[atom] } else { ledger.weights[atom] };
        let sum = self.net.cut(|atom| own(atom) + lambda.saturating_mul(people[atom]), fate);
        self.work = self.work.saturating_sub(self.net.spent());
        let atoms: Vec<u32> = (0..people.len() as u32).filter(|&a| self.net.is_inside(a)).collect();
        let held: i64 = atoms.iter().map(|&a| people[a as usize]).sum();
        Line { weight: sum - lambda.saturating_mul(held) + self.ledger.fixed, people: held, atoms }
    }

    /// What a set pays for cuts beyond the lines, and the cut that adds most.
    fn unpaid(&self, set: &[u32]) -> (i64, Option<[u32; 3]>) {
        if self.ledger.is_empty() {
            return (0, None);
        }
        self.ledger.unpaid(|atom| set.binary_search(&atom).is_ok())
    }

    /// Tells of a set that is a part, and searches only for cheaper ones from here.
    fn offer(&mut self, query: &Query<'_>, line: &Line) {
        let size = Range { low: 0, high: 0, size: self.priced.terms.size }.cost(line.people);
        let weight = line.weight + size + self.unpaid(&line.atoms).0;
        let wanted = weight < self.best.max(query.keep) && self.met.last() != Some(&line.atoms);
        if wanted && line.atoms.binary_search(&query.root).is_ok() && self.is_part(&line.atoms) {
            self.best = self.best.min(weight);
            self.met.push(line.atoms.clone());
        }
    }

    /// The atom to decide next, and what to try first.
    pub(super) fn branch(&mut self, query: &Query<'_>, relaxed: &Relaxed) -> Option<(u32, Fate)> {
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
        if let Some(triple) = self.unpaid(set).1 {
            let in_doubt = triple.into_iter().find(|&a| open(self, a) && set.binary_search(&a).is_ok());
            if let Some(atom) = in_doubt {
                return Some((atom, Fate::In));
            }
        }
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
