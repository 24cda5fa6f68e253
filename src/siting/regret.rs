//! One choice for many scenarios: what each choice loses in each, and the one that loses least.

use super::ground::Ground;
use super::instance::Instance;
use super::limits::Limits;
use crate::model::rules::Objective;

/// Candidates looked at in exchanges, times atoms, times scenarios, before it is content.
const WORK: u64 = 2_000_000_000;

/// One scenario: its demand, the best value known, and what a choice may use.
pub(super) struct Case<'a> {
    pub(super) instance: &'a Instance<'a>,
    pub(super) objective: Objective,
    pub(super) best: u64,
    pub(super) limits: Limits,
}

impl Case<'_> {
    fn ground(&self) -> &Ground {
        &self.instance.ground
    }

    /// Value of candidates given by id; `None` if they may not be chosen here.
    pub(super) fn value(&self, sites: &[u32]) -> Option<u64> {
        let place = |site: &u32| self.instance.candidates.binary_search_by_key(site, |id| id.0).ok();
        let local: Vec<u32> = sites.iter().map(|site| Some(place(site)? as u32)).collect::<Option<_>>()?;
        if !self.instance.forced.iter().all(|site| local.contains(site)) {
            return None;
        }
        let costs = &self.instance.costs;
        local.iter().try_fold(self.limits, |limits, &s| limits.less(costs[s as usize]))?;
        Some(self.ground().value(self.objective, &self.ground().with(&local)))
    }

    /// What such a value loses against the best, in ten-thousandths of it.
    pub(super) fn regret(&self, value: u64) -> u64 {
        let lost = if self.objective.wants_more() {
            self.best.saturating_sub(value)
        } else {
            value.saturating_sub(self.best)
        };
        (u128::from(lost) * 10_000).div_ceil(u128::from(self.best.max(1))) as u64
    }
}

/// Largest regret and the sum of all, of a choice that may be made everywhere.
fn worth(cases: &[Case<'_>], sites: &[u32]) -> Option<(u64, u64)> {
    let regrets: Option<Vec<u64>> = cases.iter().map(|case| Some(case.regret(case.value(sites)?))).collect();
    let regrets = regrets?;
    Some((regrets.iter().copied().max().unwrap_or(0), regrets.iter().sum()))
}

/// The choice of least largest regret found from some choices by adding and exchanging single
/// sites; `None` if none of them may be made in every scenario. Not proved to be the least.
pub(super) fn robust(cases: &[Case<'_>], starts: &[Vec<u32>], candidates: u32) -> Option<Vec<u32>> {
    let mut left = WORK;
    let price: u64 = cases.iter().map(|case| case.ground().people.len() as u64 + 1).sum();
    let mut best: Option<((u64, u64), Vec<u32>)> = None;
    for start in starts.iter().cloned().chain([Vec::new()]) {
        let Some(mut held) = worth(cases, &start) else { continue };
        let mut sites = start;
        let mut better = true;
        while std::mem::take(&mut better) {
            for site in 0..candidates {
                if sites.contains(&site) || left < price * (sites.len() as u64 + 1) {
                    continue;
                }
                left -= price * (sites.len() as u64 + 1);
                let added = [sites.as_slice(), &[site]].concat();
                let swapped = (0..sites.len()).map(|i| {
                    let mut swapped = sites.clone();
                    swapped[i] = site;
                    swapped
                });
                let trials: Vec<Vec<u32>> = std::iter::once(added).chain(swapped).collect();
                for mut trial in trials {
                    trial.sort_unstable();
                    if let Some(found) = worth(cases, &trial).filter(|found| *found < held) {
                        (held, sites, better) = (found, trial, true);
                        break;
                    }
                }
            }
        }
        if best.as_ref().is_none_or(|(other, _)| held < *other) {
            best = Some((held, sites));
        }
    }
    best.map(|(_, sites)| sites)
}
