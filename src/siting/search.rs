//! The general search: any objective, a second one among equals, a budget, sites forced in, and the
//! best few choices instead of one.
//!
//! Depth first over candidates, the most promising taken first. What cannot pass the choices held is
//! cut off by a bound that adds up single gains within the limits: people newly covered and walking
//! saved are submodular (Nemhauser, Wolsey and Fisher 1978), so that no set adds more than its sites
//! add one by one; two in reach are counted by halves. Work is counted, never timed.

use super::ground::{Ground, State};
use super::limits::Limits;
use crate::model::rules::Objective;

/// Entries of lists looked at before the search is content with a gap.
const WORK: u64 = 400_000_000;

/// Scores of one choice, the first aim deciding; more is better.
pub(super) type Score = Vec<i64>;

/// What is wanted of the search.
pub(super) struct Question<'a> {
    pub(super) ground: &'a Ground,
    /// The objective, and what decides among equals.
    pub(super) aims: Vec<Objective>,
    pub(super) limits: Limits,
    /// Cost of each candidate; zeros where there is no budget.
    pub(super) costs: Vec<u64>,
    /// Candidates that stand in any case, their cost already paid.
    pub(super) forced: Vec<u32>,
    /// Candidates that may be added.
    pub(super) free: Vec<u32>,
    /// How many choices are wanted.
    pub(super) plans: usize,
}

/// The best choices found, best first, each ascending and with those forced in.
pub(super) struct Found {
    pub(super) plans: Vec<(Score, Vec<u32>)>,
    /// No choice scores better than this by the first aim.
    pub(super) bound: i64,
    /// Whether nothing better was left out, by all aims.
    pub(super) complete: bool,
}

struct Search<'a> {
    question: &'a Question<'a>,
    held: Vec<(Score, Vec<u32>)>,
    work: u64,
    /// The best that was left unsearched.
    open: Option<Score>,
}

/// Searches from `start`, a choice within the limits.
pub(super) fn search(question: &Question<'_>, start: &[u32]) -> Found {
    let mut search = Search { question, held: Vec::new(), work: 0, open: None };
    let mut chosen: Vec<u32> = question.forced.clone();
    let state = question.ground.with(&chosen);
    search.offer_maximal(start);
    let greedy = search.greedy(chosen.clone(), state.clone(), question.limits);
    search.offer_maximal(&greedy);
    search.exchange(&greedy);
    search.deeper(&mut chosen, &state, question.limits, &question.free, true);
    let best = search.held.first().map_or(i64::MIN, |held| held.0[0]);
    let open = search.open.as_ref().map_or(i64::MIN, |open| open[0]);
    Found { complete: search.open.is_none(), bound: best.max(open), plans: search.held }
}

impl Search<'_> {
    fn score(&self, state: &State) -> Score {
        self.question.aims.iter().map(|&aim| self.question.ground.score(aim, state)).collect()
    }

    fn offer(&mut self, chosen: &[u32], state: &State) {
        let mut sites = chosen.to_vec();
        sites.sort_unstable();
        let score = self.score(state);
        if self.held.iter().any(|held| held.1 == sites) {
            return;
        }
        // Better first; among equals fewer sites, then the lower ones.
        let before = |held: &(Score, Vec<u32>)| {
            (&held.0, std::cmp::Reverse((held.1.len(), &held.1)))
                > (&score, std::cmp::Reverse((sites.len(), &sites)))
        };
        let at = self.held.partition_point(before);
        self.held.insert(at, (score, sites));
        self.held.truncate(self.question.plans);
    }

    /// A choice to which more can be added is no plan of its own where several are wanted.
    fn offer_maximal(&mut self, chosen: &[u32]) {
        let limits = self.left(chosen);
        let fits = |&s: &u32| !chosen.contains(&s) && limits.less(self.question.costs[s as usize]).is_some();
        if self.question.plans == 1 || !self.question.free.iter().any(fits) {
            self.offer(chosen, &self.question.ground.with(chosen));
        }
    }

    fn left(&self, chosen: &[u32]) -> Limits {
        let added = chosen.iter().filter(|s| !self.question.forced.contains(s));
        added.fold(self.question.limits, |limits, &s| {
            limits.less(self.question.costs[s as usize]).unwrap_or(Limits { new: 0, budget: Some(0) })
        })
    }

    /// A bound on every choice from here on, aim by aim.
    fn bound(&mut self, state: &State, limits: Limits, rest: &[u32]) -> Score {
        let question = self.question;
        let entries: u64 = rest.iter().map(|&s| question.ground.lists[s as usize].len() as u64).sum();
        self.work += (entries + question.ground.people.len() as u64 / 4) * question.aims.len() as u64;
        question.aims.iter().map(|&aim| bound(question, aim, state, limits, rest)).collect()
    }

    fn hopeless(&self, bound: &Score) -> bool {
        self.held.len() >= self.question.plans && self.held.last().is_some_and(|held| *bound <= held.0)
    }

    /// Everything that `rest` can add to `chosen`; `fresh` if `chosen` was not offered before.
    fn deeper(&mut self, chosen: &mut Vec<u32>, state: &State, limits: Limits, rest: &[u32], fresh: bool) {
        let question = self.question;
        let cost = |s: u32| question.costs[s as usize];
        let rest: Vec<u32> = rest.iter().copied().filter(|&s| limits.less(cost(s)).is_some()).collect();
        if question.plans > 1 && rest.is_empty() {
            self.offer_maximal(chosen);
        } else if question.plans == 1 && fresh {
            self.offer(chosen, state);
        }
        if rest.is_empty() {
            return;
        }
        let bound = self.bound(state, limits, &rest);
        if self.hopeless(&bound) {
            return;
        }
        if self.work >= WORK {
            self.open = Some(match self.open.take() {
                Some(open) => open.max(bound),
                None => bound,
            });
            return;
        }
        // The most promising is decided first: with it, then without.
        let gains = gains(question, question.aims[0], state, &rest);
        let best = (0..rest.len()).max_by_key(|&i| (gains[i].0, std::cmp::Reverse(rest[i])));
        let Some((site, less)) = best.and_then(|i| Some((rest[i], limits.less(gains[i].1)?))) else { return };
        let others: Vec<u32> = rest.into_iter().filter(|s| *s != site).collect();
        let mut with = state.clone();
        question.ground.add(&mut with, site);
        chosen.push(site);
        self.deeper(chosen, &with, less, &others, true);
        chosen.pop();
        self.deeper(chosen, state, limits, &others, false);
    }

    /// Largest gain for its cost first.
    fn greedy(&self, mut chosen: Vec<u32>, mut state: State, mut limits: Limits) -> Vec<u32> {
        let question = self.question;
        // Two in reach, the lowest share and the longest walk may need several sites before they move.
        let slow = |aim: &Objective| matches!(aim, Objective::Backup | Objective::Fair | Objective::Worst);
        let patient = question.aims.iter().any(slow);
        loop {
            let now = self.score(&state);
            let worth = |&s: &u32| -> Option<(i128, i128, std::cmp::Reverse<u32>)> {
                limits.less(question.costs[s as usize]).filter(|_| !chosen.contains(&s))?;
                let mut with = state.clone();
                question.ground.add(&mut with, s);
                let with = self.score(&with);
                let cost = i128::from(question.costs[s as usize].max(1));
                let rise = |k: usize| with.get(k).zip(now.get(k)).map_or(0, |(a, b)| i128::from(a - b));
                Some((rise(0) * 1_000_000 / cost, rise(1) * 1_000_000 / cost, std::cmp::Reverse(s)))
            };
            let best = question.free.iter().filter_map(worth).max();
            // Where the number is open every site that helps is taken.
            let Some((first, second, std::cmp::Reverse(site))) = best else { break };
            if first <= 0 && second <= 0 && question.plans == 1 && !patient {
                break;
            }
            limits = limits.less(question.costs[site as usize]).unwrap_or(limits);
            question.ground.add(&mut state, site);
            chosen.push(site);
        }
        chosen
    }

    /// Single exchanges while they help (Teitz and Bart 1968), within a tenth of the work.
    fn exchange(&mut self, start: &[u32]) {
        let question = self.question;
        let mut chosen = start.to_vec();
        let mut best = self.score(&question.ground.with(&chosen));
        let mut better = true;
        while std::mem::take(&mut better) {
            for i in 0..chosen.len() {
                if question.forced.contains(&chosen[i]) {
                    continue;
                }
                let mut others = chosen.clone();
                others.remove(i);
                let base = question.ground.with(&others);
                let left = self.left(&others);
                for &new in question.free.iter().filter(|s| !chosen.contains(s)) {
                    if left.less(question.costs[new as usize]).is_none() {
                        continue;
                    }
                    let mut trial = base.clone();
                    question.ground.add(&mut trial, new);
                    self.work += question.ground.people.len() as u64;
                    let score = self.score(&trial);
                    if score > best {
                        best = score;
                        chosen[i] = new;
                        better = true;
                        break;
                    }
                }
                if self.work > WORK / 10 {
                    better = false;
                    break;
                }
            }
        }
        self.offer_maximal(&chosen);
    }
}

/// What each site of `rest` adds by itself at most, with its cost; no set adds more than its sites do.
/// People whom it takes two sites to serve count by halves, so that all is in halves there.
fn gains(question: &Question<'_>, aim: Objective, state: &State, rest: &[u32]) -> Vec<(u64, u64)> {
    let ground = question.ground;
    if let (Objective::Room, Some(room), Some(flow)) = (aim, &ground.room, &state.flow) {
        return rest.iter().map(|&s| (room.gain(flow, s), question.costs[s as usize])).collect();
    }
    let worth = |a: usize, walk: u32| -> u64 {
        match aim {
            Objective::Walk | Objective::Worst => {
                ground.people[a] * u64::from(state.now[a].saturating_sub(walk))
            }
            Objective::Backup if walk <= ground.within => match state.reach[a] {
                0 => ground.people[a],
                1 => 2 * ground.people[a],
                _ => 0,
            },
            Objective::Cover | Objective::Fair | Objective::Fewest
                if walk <= ground.within && state.now[a] > ground.within =>
            {
                ground.people[a]
            }
            _ => 0,
        }
    };
    let gain = |&s: &u32| ground.lists[s as usize].iter().map(|&(a, walk)| worth(a as usize, walk)).sum();
    rest.iter().map(|s| (gain(s), question.costs[*s as usize])).collect()
}

/// The best score of one aim that sites of `rest` can reach from here within the limits.
fn bound(question: &Question<'_>, aim: Objective, state: &State, limits: Limits, rest: &[u32]) -> i64 {
    let ground = question.ground;
    let now = ground.score(aim, state);
    let most = || limits.most(&mut gains(question, aim, state, rest)) as i64;
    match aim {
        Objective::Cover | Objective::Room => now + most(),
        // Gains overlap, and nobody walks less than nothing.
        Objective::Walk => (now + most()).min(0),
        Objective::Backup => now + most() / 2,
        Objective::Fair => fairest(question, state, limits, rest) as i64,
        Objective::Worst | Objective::Fewest => {
            let mut all = state.clone();
            rest.iter().for_each(|&s| ground.add(&mut all, s));
            ground.score(aim, &all)
        }
    }
}

/// The lowest share, were each community given all of `rest` that it can use within the limits.
fn fairest(question: &Question<'_>, state: &State, limits: Limits, rest: &[u32]) -> u64 {
    let ground = question.ground;
    let mut covered = vec![0; ground.people_of.len()];
    for (a, community) in ground.community.iter().enumerate() {
        covered[*community as usize] += if state.now[a] <= ground.within { ground.people[a] } else { 0 };
    }
    let mut of: Vec<Vec<(u64, u64)>> = vec![Vec::new(); covered.len()];
    let mut here = vec![0u64; covered.len()];
    for &s in rest {
        for &(a, walk) in &ground.lists[s as usize] {
            let a = a as usize;
            let fresh = walk <= ground.within && state.now[a] > ground.within;
            here[ground.community[a] as usize] += if fresh { ground.people[a] } else { 0 };
        }
        for (gains, gain) in of.iter_mut().zip(&mut here).filter(|(_, gain)| **gain > 0) {
            gains.push((std::mem::take(gain), question.costs[s as usize]));
        }
    }
    let most = covered.iter().zip(&mut of).map(|(c, gains)| c + limits.most(gains));
    ground.lowest_share(&most.collect::<Vec<_>>())
}
