//! How many sites may be taken, what they may cost, and the most that so many can add.

/// What a choice may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Limits {
    /// Sites that may still be added.
    pub(super) new: usize,
    /// Cost that may still be spent, if there is a budget.
    pub(super) budget: Option<u64>,
}

impl Limits {
    /// With one site of this cost taken; `None` if it cannot be.
    pub(super) fn less(self, cost: u64) -> Option<Self> {
        let new = self.new.checked_sub(1)?;
        let budget = match self.budget {
            Some(budget) => Some(budget.checked_sub(cost)?),
            None => None,
        };
        Some(Self { new, budget })
    }

    /// No choice within the limits adds up to more than this, where each site adds at most its gain.
    ///
    /// The lesser of two relaxations: the largest gains by number, and a fractional knapsack
    /// (Dantzig 1957) by cost, rounded up. `gains` hold gain and cost and are reordered.
    pub(super) fn most(self, gains: &mut [(u64, u64)]) -> u64 {
        let by_number = if gains.len() > self.new {
            gains.sort_unstable_by_key(|&(gain, _)| std::cmp::Reverse(gain));
            gains.iter().take(self.new).map(|g| g.0).sum()
        } else {
            gains.iter().map(|g| g.0).sum()
        };
        let Some(budget) = self.budget else { return by_number };
        // Most gain for its cost first; what gains nothing has no place among them and comes last.
        gains.sort_unstable_by(|a, b| {
            let idle = (a.0 == 0).cmp(&(b.0 == 0));
            let worth = (u128::from(b.0) * u128::from(a.1)).cmp(&(u128::from(a.0) * u128::from(b.1)));
            idle.then(worth)
        });
        let (mut left, mut sum) = (budget, 0);
        for &(gain, cost) in gains.iter() {
            if cost <= left {
                left -= cost;
                sum += gain;
            } else {
                sum += (u128::from(gain) * u128::from(left)).div_ceil(u128::from(cost)) as u64;
                break;
            }
        }
        by_number.min(sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_choice_adds_more_than_the_bound() {
        let mut state = 7u64;
        let mut draw = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for _ in 0..2_000 {
            let sites: Vec<(u64, u64)> = (0..7).map(|_| (draw(50), draw(9))).collect();
            let limits = Limits { new: draw(6) as usize, budget: (draw(3) > 0).then(|| draw(25)) };
            let best = (0u32..1 << 7)
                .filter(|set| set.count_ones() as usize <= limits.new)
                .map(|set| (0..7).filter(move |i| set >> i & 1 == 1).map(|i| sites[i]))
                .map(|chosen| chosen.fold((0, 0), |sum, s| (sum.0 + s.0, sum.1 + s.1)))
                .filter(|(_, cost)| limits.budget.is_none_or(|budget| *cost <= budget))
                .map(|(gain, _)| gain)
                .max();
            let bound = limits.most(&mut sites.clone());
            assert!(best.expect("nothing may always be taken") <= bound, "{sites:?} {limits:?} {bound}");
        }
    }
}
