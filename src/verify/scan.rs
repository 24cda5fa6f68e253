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
    /// Households of each home; for each candidate those its floor is enough for, and for each centre of
    /// today those and the homes in reach.
    households: Vec<u64>,
    room: Vec<u64>,
    standing: Vec<(u64, Vec<usize>)>,
}

pub(super) fn scan(place: &Place, rules: &Rules, walks: &Walks<'_>, usable: &[&Candidate]) -> Scan {
    let level = rules.siting.level;
    let centres = centres(place, rules, level);
    let sites: Vec<End> = centres.iter().map(|c| c.1).collect();
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
    let mut standing = Vec::new();
    let aims = [Some(asked.objective), asked.then];
    let takes = |area: Option<f64>| {
        let each = f64::from(rules.coverage.area_m2_per_100_households.max(1));
        (area.unwrap_or(0.0) * 100.0 / each).floor() as u64
    };
    if aims.iter().flatten().any(|aim| matches!(aim, Objective::Backup | Objective::Room)) {
        for (centre, site) in &centres {
            let there = column(walks.nearest(&homes, &[*site], Group::Adult, level));
            let near: Vec<usize> = (0..homes.len()).filter(|home| there[*home] <= limit).collect();
            near.iter().for_each(|home| in_reach[*home] += 1);
            standing.push((takes(centre.site.area_m2), near));
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
        households: inhabited().map(|a| u64::from(a.counts.households)).collect(),
        room: usable.iter().map(|c| takes(c.site.area_m2)).collect(),
        standing,
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
            Objective::Cover | Objective::Backup | Objective::Room => self.undecided.into(),
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

    /// Households that find floor: a largest flow, sought plainly. Homes in reach of the same sites are
    /// one row; ways are looked for from all sites with floor left until none is found.
    fn housed(&self, sites: &[usize]) -> u64 {
        let mut left: Vec<u64> = self.standing.iter().map(|s| s.0).collect();
        left.extend(sites.iter().map(|s| self.room[*s]));
        let mut near: Vec<Vec<usize>> = vec![Vec::new(); self.households.len()];
        for (i, (_, homes)) in self.standing.iter().enumerate() {
            homes.iter().for_each(|home| near[*home].push(i));
        }
        for (i, site) in sites.iter().enumerate() {
            for (home, list) in near.iter_mut().enumerate() {
                list.extend((self.to[*site][home] <= self.limit).then_some(self.standing.len() + i));
            }
        }
        let mut by_sites: std::collections::BTreeMap<Vec<usize>, u64> = std::collections::BTreeMap::new();
        for (list, households) in near.into_iter().zip(&self.households) {
            *by_sites.entry(list).or_default() += households;
        }
        let rows: Vec<(Vec<usize>, u64)> = by_sites.into_iter().collect();
        let mut unserved: Vec<u64> = rows.iter().map(|row| row.1).collect();
        let mut taken = vec![vec![0u64; rows.len()]; left.len()];
        let mut total = 0;
        while let Some(way) = way(&rows, &left, &unserved, &taken) {
            // Each site takes the row beside it, from the site that follows.
            let last = way.len() - 1;
            let passed = (0..last).map(|i| taken[way[i + 1].0][way[i].1]).min();
            let amount = left[way[0].0].min(unserved[way[last].1]).min(passed.unwrap_or(u64::MAX));
            left[way[0].0] -= amount;
            unserved[way[last].1] -= amount;
            total += amount;
            for (i, &(site, row)) in way.iter().enumerate() {
                taken[site][row] += amount;
                if i < last {
                    taken[way[i + 1].0][row] -= amount;
                }
            }
        }
        total
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
            Objective::Room => u128::from(self.households.iter().sum::<u64>() - self.housed(sites)),
        }
    }

    /// The objective as `plan.json` gives it.
    pub(super) fn value(&self, objective: Objective, sites: &[usize]) -> u128 {
        let cost = self.cost(objective, sites);
        match objective {
            Objective::Cover => self.cost(objective, &[]) - cost,
            Objective::Backup => self.people.iter().map(|p| u128::from(*p)).sum::<u128>() - cost,
            Objective::Fair => 10_000 - cost,
            Objective::Room => u128::from(self.households.iter().sum::<u64>()) - cost,
            Objective::Fewest => sites.len() as u128,
            Objective::Walk | Objective::Worst => cost,
        }
    }
}

/// Sites with the row each takes, from one with floor left to a row not served.
fn way(
    rows: &[(Vec<usize>, u64)],
    left: &[u64],
    unserved: &[u64],
    taken: &[Vec<u64>],
) -> Option<Vec<(usize, usize)>> {
    let mut seen: Vec<bool> = left.iter().map(|left| *left > 0).collect();
    let mut ways: Vec<Vec<(usize, usize)>> =
        (0..left.len()).filter(|site| left[*site] > 0).map(|site| vec![(site, usize::MAX)]).collect();
    while !ways.is_empty() {
        let mut further = Vec::new();
        for way in ways {
            let at = way[way.len() - 1].0;
            for (row, (sites, _)) in rows.iter().enumerate().filter(|(_, row)| row.0.contains(&at)) {
                let mut on = way.clone();
                on[way.len() - 1].1 = row;
                if unserved[row] > 0 {
                    return Some(on);
                }
                for &other in sites.iter().filter(|site| taken[**site][row] > 0) {
                    if !std::mem::replace(&mut seen[other], true) {
                        further.push([on.as_slice(), &[(other, usize::MAX)]].concat());
                    }
                }
            }
        }
        ways = further;
    }
    None
}
