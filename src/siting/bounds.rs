//! Least total walking: exchange, a Lagrangian bound, and enumeration where it is short.

use super::instance::Instance;

/// Iterations of the subgradient method.
const ITERATIONS: usize = 250;

/// Choices tried one by one before enumeration is not begun.
const CHOICES: u64 = 100_000;

/// What each candidate would save, sparse: only atoms it is nearer to than today's centre.
pub(super) struct Walks {
    /// Today's person milliseconds of each atom.
    today: Vec<u64>,
    /// For each candidate the atoms nearer to it and their person milliseconds then.
    to: Vec<Vec<(u32, u64)>>,
}

impl Walks {
    pub(super) fn of(instance: &Instance<'_>) -> Self {
        let weighed = |i: usize, millis: u32| instance.people[i] * u64::from(millis);
        let today = instance.today.iter().enumerate().map(|(i, t)| weighed(i, t.millis())).collect();
        let mut to = vec![Vec::new(); instance.candidates.len()];
        for (i, row) in instance.nearer().into_iter().enumerate() {
            for (candidate, time) in row {
                to[candidate as usize].push((i as u32, weighed(i, time.millis())));
            }
        }
        Self { today, to }
    }

    /// Total person milliseconds with `sites` added.
    pub(super) fn value(&self, sites: &[u32]) -> u64 {
        self.with(sites).iter().sum()
    }

    fn with(&self, sites: &[u32]) -> Vec<u64> {
        let mut now = self.today.clone();
        for &(i, cost) in sites.iter().flat_map(|&s| &self.to[s as usize]) {
            now[i as usize] = now[i as usize].min(cost);
        }
        now
    }

    fn saving(&self, site: u32, now: &[u64]) -> u64 {
        self.to[site as usize].iter().map(|&(i, cost)| now[i as usize].saturating_sub(cost)).sum()
    }

    fn best_saving(&self, now: &[u64]) -> Option<(u64, u32)> {
        let savings = (0..self.to.len() as u32).map(|s| (self.saving(s, now), std::cmp::Reverse(s)));
        savings.max().filter(|(saving, _)| *saving > 0).map(|(saving, s)| (saving, s.0))
    }

    /// Largest saving first, then single exchanges while they help (Teitz and Bart 1968).
    pub(super) fn greedy(&self, new: usize) -> Vec<u32> {
        let mut chosen: Vec<u32> = Vec::new();
        while chosen.len() < new {
            let Some((_, site)) = self.best_saving(&self.with(&chosen)) else { break };
            chosen.push(site);
        }
        let mut value = self.value(&chosen);
        let mut better = true;
        while better {
            better = false;
            for i in 0..chosen.len() {
                let rest: Vec<u32> = chosen.iter().copied().filter(|s| *s != chosen[i]).collect();
                let now = self.with(&rest);
                let Some((saving, site)) = self.best_saving(&now) else { continue };
                let trial = now.iter().sum::<u64>() - saving;
                if trial < value {
                    chosen[i] = site;
                    value = trial;
                    better = true;
                }
            }
        }
        chosen
    }

    /// No choice of `new` candidates leaves less walking than this: for any prices u up to today's
    /// walks, Σu less the `new` largest Σ max(0, u − c). Whole numbers throughout.
    pub(super) fn bound(&self, new: usize, value: u64) -> u64 {
        let mut price: Vec<i128> = self.today.iter().map(|&t| i128::from(t)).collect();
        let (mut best, mut step) = (0i128, 1.0f64);
        for _ in 0..ITERATIONS {
            let worth = |s: &u32| -> i128 {
                self.to[*s as usize].iter().map(|&(i, c)| (price[i as usize] - i128::from(c)).max(0)).sum()
            };
            let mut sites: Vec<(i128, u32)> = (0..self.to.len() as u32).map(|s| (worth(&s), s)).collect();
            sites.sort_unstable_by_key(|&(w, s)| (std::cmp::Reverse(w), s));
            sites.truncate(new);
            let dual = price.iter().sum::<i128>() - sites.iter().map(|s| s.0).sum::<i128>();
            if dual > best {
                best = dual;
            } else {
                step *= 0.95;
            }
            if best >= i128::from(value) {
                break;
            }
            let mut served = vec![0i128; price.len()];
            for &(i, c) in sites.iter().flat_map(|&(_, s)| &self.to[s as usize]) {
                served[i as usize] += i128::from(i128::from(c) < price[i as usize]);
            }
            // At today's walk the existing centre serves, so a price stops there.
            let slope: Vec<i128> = (0..price.len())
                .map(|i| {
                    let at_cap = price[i] >= i128::from(self.today[i]);
                    1 - served[i] - i128::from(at_cap && served[i] == 0)
                })
                .collect();
            let length: i128 = slope.iter().map(|s| s * s).sum();
            if length == 0 {
                break;
            }
            let size = step * (value as f64 - dual as f64).max(1.0) / length as f64;
            for i in 0..price.len() {
                let moved = price[i] + (size * slope[i] as f64) as i128;
                price[i] = moved.clamp(0, i128::from(self.today[i]));
            }
        }
        u64::try_from(best).unwrap_or(0)
    }

    /// Tries every choice if there are few enough.
    pub(super) fn exact(&self, new: usize, start: Vec<u32>) -> (Vec<u32>, bool) {
        let useful: Vec<u32> =
            (0..self.to.len() as u32).filter(|&s| !self.to[s as usize].is_empty()).collect();
        let mut choices = 1u64;
        for i in 0..new.min(useful.len()) as u64 {
            choices = choices.saturating_mul(useful.len() as u64 - i) / (i + 1);
            if choices > CHOICES {
                return (start, false);
            }
        }
        let mut best = (self.value(&start), start);
        self.deeper(&useful, new, &mut Vec::new(), &self.today, &mut best);
        (best.1, true)
    }

    fn deeper(
        &self,
        rest: &[u32],
        left: usize,
        chosen: &mut Vec<u32>,
        now: &[u64],
        best: &mut (u64, Vec<u32>),
    ) {
        let value = now.iter().sum();
        if value < best.0 {
            *best = (value, chosen.clone());
        }
        if left == 0 {
            return;
        }
        for (i, &site) in rest.iter().enumerate() {
            let mut after = now.to_vec();
            for &(atom, cost) in &self.to[site as usize] {
                after[atom as usize] = after[atom as usize].min(cost);
            }
            chosen.push(site);
            self.deeper(&rest[i + 1..], left - 1, chosen, &after, best);
            chosen.pop();
        }
    }
}
