//! What sites would change, from every inhabited atom's walk to each of them.

use super::coverage::centres;
use super::walks::{End, Walk, Walks};
use crate::model::place::{Candidate, Place};
use crate::model::rules::{Group, Objective, Rules};

/// Where there is no centre, a day's walk stands in.
pub(super) const DAY_MS: u64 = 86_400_000;

/// Walks of inhabited atoms: people, today, and to each candidate.
pub(super) struct Scan {
    pub(super) people: Vec<u64>,
    pub(super) today: Vec<u64>,
    pub(super) to: Vec<Vec<u64>>,
    pub(super) limit: u64,
    pub(super) new: usize,
    /// By how much honest measurements of each home's walks may differ, and people of homes that may
    /// stand on either side of the limit: none on straight lines.
    pub(super) blur: Vec<u64>,
    pub(super) on_limit: Vec<bool>,
    pub(super) undecided: u64,
    /// For each home its community, and the centres in reach today.
    pub(super) community: Vec<usize>,
    pub(super) in_reach: Vec<usize>,
    pub(super) costs: Vec<Option<u64>>,
    pub(super) budget: Option<u64>,
    pub(super) forced: Vec<usize>,
}

pub(super) fn scan(place: &Place, rules: &Rules, walks: &Walks<'_>, usable: &[&Candidate]) -> Scan {
    let level = rules.siting.level;
    let sites: Vec<End> = centres(place, rules, level).into_iter().map(|c| c.1).collect();
    let inhabited = || place.atoms.iter().filter(|a| a.counts.population > 0);
    let homes: Vec<End> = inhabited().map(End::home).collect();
    let people: Vec<u64> = inhabited().map(|a| u64::from(a.counts.population)).collect();
    let limit = u64::from(rules.walking.within_s) * 1000;
    let mut blur = vec![0; homes.len()];
    let mut on_limit = vec![false; homes.len()];
    let mut column = |walks: Vec<Option<Walk>>| -> Vec<u64> {
        for (home, walk) in walks.iter().enumerate().filter_map(|(home, walk)| Some((home, (*walk)?))) {
            blur[home] = blur[home].max(walk.most - walk.least);
            on_limit[home] |= walk.least <= limit && walk.most > limit;
        }
        walks.into_iter().map(|walk| walk.map_or(DAY_MS, Walk::millis)).collect()
    };
    let today = column(walks.nearest(&homes, &sites, Group::Adult, level));
    let at = |c: &&Candidate| End::site(&c.site, c.community);
    let to = usable.iter().map(|c| column(walks.nearest(&homes, &[at(c)], Group::Adult, level))).collect();
    let asked = &rules.siting;
    let mut in_reach = vec![0; homes.len()];
    if asked.objective == Objective::Backup || asked.then == Some(Objective::Backup) {
        for site in &sites {
            for (home, walk) in
                column(walks.nearest(&homes, &[*site], Group::Adult, level)).into_iter().enumerate()
            {
                in_reach[home] += usize::from(walk <= limit);
            }
        }
    }
    let undecided = people.iter().zip(&on_limit).filter(|(_, on)| **on).map(|(p, _)| p).sum();
    let forced = |(_, c): &(usize, &&Candidate)| asked.force.contains(&c.site.code);
    Scan {
        people,
        today,
        to,
        limit,
        new: asked.new as usize,
        blur,
        on_limit,
        undecided,
        community: inhabited().map(|a| a.community.index()).collect(),
        in_reach,
        costs: usable.iter().map(|c| c.cost).collect(),
        budget: asked.budget,
        forced: usable.iter().enumerate().filter(forced).map(|(i, _)| i).collect(),
    }
}

impl Scan {
    pub(super) fn covered(&self, walks: &[u64]) -> u64 {
        walks.iter().zip(&self.people).filter(|(w, _)| **w <= self.limit).map(|(_, p)| p).sum()
    }

    /// By how much a cost may honestly differ.
    pub(super) fn slack(&self, objective: Objective) -> u128 {
        match objective {
            Objective::Cover | Objective::Backup => self.undecided.into(),
            Objective::Fair => self.share_slack().into(),
            Objective::Walk => {
                let of = |(b, p): (&u64, &u64)| u128::from(*b) * u128::from(*p);
                self.blur.iter().zip(&self.people).map(of).sum()
            }
            Objective::Worst => self.blur.iter().copied().max().unwrap_or(0).into(),
            Objective::Fewest => 0,
        }
    }

    /// By how many ten-thousandths the share of a community may honestly differ.
    pub(super) fn share_slack(&self) -> u64 {
        let on = |home: &usize| self.on_limit[*home];
        let slack = |community: usize| {
            let own = || (0..self.people.len()).filter(|home| self.community[*home] == community);
            let (open, all): (u64, u64) =
                (own().filter(on).map(|h| self.people[h]).sum(), own().map(|h| self.people[h]).sum());
            if open == 0 { 0 } else { open * 10_000 / all + 1 }
        };
        (0..=self.community.iter().copied().max().unwrap_or(0)).map(slack).max().unwrap_or(0)
    }

    /// Ten-thousandths of the people of the community covered worst.
    pub(super) fn lowest_share(&self, walks: &[u64]) -> u64 {
        let mut of: std::collections::BTreeMap<usize, (u64, u64)> = std::collections::BTreeMap::new();
        for (home, community) in self.community.iter().enumerate() {
            let entry = of.entry(*community).or_default();
            entry.0 += if walks[home] <= self.limit { self.people[home] } else { 0 };
            entry.1 += self.people[home];
        }
        of.values().map(|(covered, all)| covered * 10_000 / all).min().unwrap_or(10_000)
    }

    pub(super) fn in_reach_of(&self, home: usize, sites: &[usize]) -> usize {
        self.in_reach[home] + sites.iter().filter(|s| self.to[**s][home] <= self.limit).count()
    }

    /// What sites cost together, where there is a budget.
    pub(super) fn within_budget(&self, sites: &[usize]) -> bool {
        let spent: Option<u64> = sites.iter().map(|&s| self.costs[s]).sum();
        self.budget.is_none_or(|budget| spent.is_some_and(|spent| spent <= budget))
    }

    pub(super) fn with(&self, sites: &[usize]) -> Vec<u64> {
        let mut walks = self.today.clone();
        for &site in sites {
            for (walk, there) in walks.iter_mut().zip(&self.to[site]) {
                *walk = (*walk).min(*there);
            }
        }
        walks
    }

    /// The objective as a cost: lower is better.
    pub(super) fn cost(&self, objective: Objective, sites: &[usize]) -> u128 {
        let walks = self.with(sites);
        let weighed = walks.iter().zip(&self.people);
        match objective {
            Objective::Cover => weighed.filter(|(w, _)| **w > self.limit).map(|(_, p)| u128::from(*p)).sum(),
            Objective::Walk => weighed.map(|(w, p)| u128::from(*w) * u128::from(*p)).sum(),
            Objective::Worst => walks.iter().copied().max().unwrap_or(0).into(),
            Objective::Fewest => sites.len() as u128,
            Objective::Backup => {
                let alone = |home: &usize| self.in_reach_of(*home, sites) < 2;
                (0..self.people.len()).filter(alone).map(|home| u128::from(self.people[home])).sum()
            }
            Objective::Fair => u128::from(10_000 - self.lowest_share(&walks)),
        }
    }

    /// The objective as `plan.json` gives it.
    pub(super) fn value(&self, objective: Objective, sites: &[usize]) -> u128 {
        let cost = self.cost(objective, sites);
        match objective {
            Objective::Cover => self.cost(objective, &[]) - cost,
            Objective::Backup => self.people.iter().map(|p| u128::from(*p)).sum::<u128>() - cost,
            Objective::Fair => 10_000 - cost,
            Objective::Fewest => sites.len() as u128,
            Objective::Walk | Objective::Worst => cost,
        }
    }
}
