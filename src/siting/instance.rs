//! What is to be decided: who walks how far today, and which candidates could serve whom.

use crate::index::fabric::{Fabric, spot};
use crate::index::nearest::Spot;
use crate::model::ids::{AtomId, CandidateId, CommunityId};
use crate::model::place::{Place, Site};
use crate::model::plan::{Chosen, Rejection};
use crate::model::rules::{Group, Objective, Rules};
use crate::model::units::WalkTime;
use crate::network::tied::{self, Ends};
use crate::network::{Reached, TravelTimes};

use super::ground::Ground;
use super::room::Room;

/// Nobody walks longer than a day; where there is no centre at all, this stands for the walk.
pub(super) const DAY: WalkTime = WalkTime::from_millis(86_400_000);

/// Pairs of inhabited atom and candidate whose walks are kept whatever they are for.
const PAIRS_MAX: usize = 20_000_000;

fn weighs_walks(rules: &Rules) -> bool {
    let asked = [Some(rules.siting.objective), rules.siting.then];
    asked.iter().flatten().any(|aim| matches!(aim, Objective::Walk | Objective::Worst))
}

fn weighs_room(rules: &Rules) -> bool {
    [Some(rules.siting.objective), rules.siting.then].iter().flatten().any(|aim| aim.needs_area())
}

/// The inhabited atoms of a place and the candidates that may be chosen.
pub(super) struct Instance<'a> {
    times: &'a dyn TravelTimes,
    /// Candidates that a choice may hold, in order of code.
    pub(super) candidates: Vec<CandidateId>,
    /// Positions in `candidates` of those that must be chosen.
    pub(super) forced: Vec<u32>,
    /// The others.
    pub(super) free: Vec<u32>,
    /// Cost of each; zero where there is no budget.
    pub(super) costs: Vec<u64>,
    /// Where candidates and the centres that count today stand, and whose they are.
    spots: Sites,
    open: Sites,
    /// Whether everybody walks to the sites of their own community only.
    tied: bool,
    pub(super) ground: Ground,
    /// Whether the lists hold walks beyond the limit too.
    pub(super) full: bool,
    /// One that must be chosen and may not be, with the reason.
    pub(super) barred: Option<(CandidateId, Rejection)>,
    atoms: Sites,
    ids: Vec<AtomId>,
}

/// Points on the ground with the community each belongs to.
#[derive(Clone, Default)]
struct Sites {
    spots: Vec<Spot>,
    community: Vec<u32>,
}

impl Sites {
    fn of<'a>(sites: impl Iterator<Item = (&'a Site, Option<CommunityId>)>) -> Self {
        let (spots, community) =
            sites.map(|(site, own)| (spot(site.at), own.map_or(u32::MAX, |c| c.0))).unzip();
        Self { spots, community }
    }

    /// Those at some positions.
    fn only(&self, positions: &[u32]) -> Self {
        let spots = positions.iter().map(|&i| self.spots[i as usize]).collect();
        Self { spots, community: positions.iter().map(|&i| self.community[i as usize]).collect() }
    }

    fn ends(&self) -> Ends<'_> {
        Ends { spots: &self.spots, community: &self.community }
    }
}

impl<'a> Instance<'a> {
    pub(super) fn of(place: &Place, fabric: &Fabric, times: &'a dyn TravelTimes, rules: &Rules) -> Self {
        let inhabited: Vec<usize> = (0..fabric.len()).filter(|&a| fabric.counts[a].population > 0).collect();
        let people: Vec<u64> = inhabited.iter().map(|&a| u64::from(fabric.counts[a].population)).collect();
        let community: Vec<u32> = inhabited.iter().map(|&a| fabric.community[a].0).collect();
        let mut people_of = vec![0; place.communities.len()];
        community.iter().zip(&people).for_each(|(c, people)| people_of[*c as usize] += people);
        let atoms = Sites {
            spots: inhabited.iter().map(|&a| fabric.spots[a]).collect(),
            community: community.clone(),
        };
        let ids = inhabited.iter().map(|&a| AtomId::at(a)).collect();
        let tied = rules.tied(rules.siting.level);
        let counted = place.centres.iter().filter(|c| c.serves(rules.siting.level, &rules.coverage));
        let open = Sites::of(counted.map(|c| (&c.site, c.community)));
        let walk = |walk: Option<(u32, WalkTime)>| walk.map_or(DAY, |(_, time)| time).min(DAY).millis();
        let today: Vec<u32> = {
            let walks = tied::nearest(times, Group::Adult, atoms.ends(), open.ends(), tied);
            walks.into_iter().map(walk).collect()
        };
        let within = rules.within();
        let in_reach = tied::within(times, Group::Adult, atoms.ends(), open.ends(), within, tied);
        let reach = (0..people.len()).map(|i| in_reach.of(i).len().min(2) as u8).collect();
        let usable = place.candidates.iter().enumerate().filter(|(i, _)| barred(place, *i, rules).is_none());
        let candidates: Vec<CandidateId> = usable.map(|(i, _)| CandidateId::at(i)).collect();
        let spots = Sites::of(candidates.iter().map(|id| {
            let candidate = &place.candidates[id.index()];
            (&candidate.site, candidate.community)
        }));
        let code = |id: &CandidateId| place.candidates[id.index()].site.code.as_str();
        let is_forced = |s: &u32| rules.siting.force.iter().any(|f| f == code(&candidates[*s as usize]));
        let barred = place.candidates.iter().enumerate().find_map(|(i, candidate)| {
            let reason = barred(place, i, rules)?;
            rules.siting.force.contains(&candidate.site.code).then_some((CandidateId::at(i), reason))
        });
        let (forced, free): (Vec<u32>, Vec<u32>) = (0..candidates.len() as u32).partition(is_forced);
        let cost = |id: &CandidateId| place.candidates[id.index()].cost.unwrap_or(0);
        let costs = match rules.siting.budget {
            Some(_) => candidates.iter().map(cost).collect(),
            None => vec![0; candidates.len()],
        };
        let mut lists = vec![Vec::new(); candidates.len()];
        // Beyond so many pairs only those in time are kept, unless walking itself is weighed.
        let full = people.len() * candidates.len() <= PAIRS_MAX || weighs_walks(rules);
        let far = if full { DAY } else { within };
        let walks = tied::within(times, Group::Adult, atoms.ends(), spots.ends(), far, tied);
        for (atom, today) in today.iter().enumerate() {
            for &(site, time) in walks.of(atom) {
                if time.millis() < *today || time <= within {
                    lists[site as usize].push((atom as u32, time.millis()));
                }
            }
        }
        let within = within.millis();
        let room = weighs_room(rules).then(|| {
            let households = inhabited.iter().map(|&a| u64::from(fabric.counts[a].households));
            // Candidates by number, then the centres that count today.
            let mut sites: Vec<Vec<u32>> = vec![Vec::new(); people.len()];
            for (site, list) in (0u32..).zip(&lists) {
                let near = list.iter().filter(|entry| entry.1 <= within);
                near.for_each(|entry| sites[entry.0 as usize].push(site));
            }
            for (atom, sites) in sites.iter_mut().enumerate() {
                sites.extend(in_reach.of(atom).iter().map(|pair| candidates.len() as u32 + pair.0));
            }
            let areas = candidates.iter().map(|id| place.candidates[id.index()].site.area_m2);
            let standing = place.centres.iter().filter(|c| c.serves(rules.siting.level, &rules.coverage));
            let areas = areas.chain(standing.map(|c| c.site.area_m2));
            let takes = |area: Option<f64>| rules.households_of_floor(area.unwrap_or(0.0));
            Room::new(households.zip(sites), areas.map(takes).collect(), candidates.len())
        });
        let ground = Ground { people, community, people_of, today, reach, within, lists, room };
        Self { times, candidates, forced, free, costs, spots, open, ground, full, barred, atoms, ids, tied }
    }

    /// True if there is an existing centre to walk to.
    pub(super) fn has_centre(&self) -> bool {
        !self.open.spots.is_empty()
    }

    fn walks_to(&self, sites: &Sites, limit: WalkTime) -> Reached {
        tied::within(self.times, Group::Adult, self.atoms.ends(), sites.ends(), limit, self.tied)
    }

    /// Inhabited atoms that nothing reaches in time, with the shortest walk that is known.
    pub(super) fn out_of_reach(&self) -> Vec<(AtomId, Option<WalkTime>)> {
        let ground = &self.ground;
        let mut best = ground.today.clone();
        for &(atom, walk) in ground.lists.iter().flatten() {
            best[atom as usize] = best[atom as usize].min(walk);
        }
        let late = self.ids.iter().zip(best).filter(|(_, walk)| *walk > ground.within);
        // Of lists that were cut off only today's walks are known, which a candidate may shorten.
        let known = |walk: u32| (walk < DAY.millis() && self.full).then_some(WalkTime::from_millis(walk));
        late.map(|(id, walk)| (*id, known(walk))).collect()
    }

    /// Every atom's walk to the nearest centre, inhabited or not, with `sites` added.
    pub(super) fn walk_after(&self, fabric: &Fabric, sites: &[u32]) -> Vec<Option<WalkTime>> {
        let (mut all, new) = (self.open.clone(), self.spots.only(sites));
        all.spots.extend(new.spots);
        all.community.extend(new.community);
        let homes: Vec<u32> = fabric.community.iter().map(|community| community.0).collect();
        let from = Ends { spots: &fabric.spots, community: &homes };
        let walks = tied::nearest(self.times, Group::Adult, from, all.ends(), self.tied);
        walks.into_iter().map(|walk| walk.map(|(_, time)| time)).collect()
    }

    /// The chosen in the order in which they gain most, with what each gains.
    pub(super) fn ranked(&self, sites: &[u32]) -> Vec<Chosen> {
        let mut now = self.ground.today.clone();
        let lists = self.lists_of(sites);
        let mut left: Vec<usize> = (0..sites.len()).collect();
        let mut ranked = Vec::with_capacity(sites.len());
        while !left.is_empty() {
            let gain = |&s: &usize| (self.gain(&lists[s], &now), std::cmp::Reverse(sites[s]));
            let Some((at, best)) = left.iter().map(gain).enumerate().max_by_key(|(_, gain)| *gain) else {
                break;
            };
            let site = left.remove(at);
            let (newly_covered, millis_saved) = best.0;
            let candidate = self.candidates[sites[site] as usize];
            ranked.push(Chosen { candidate, newly_covered, millis_saved });
            for &(atom, walk) in &lists[site] {
                now[atom as usize] = now[atom as usize].min(walk);
            }
        }
        ranked
    }

    /// Every walk to some sites, also where only those in time are kept of all.
    fn lists_of(&self, sites: &[u32]) -> Vec<Vec<(u32, u32)>> {
        if self.full {
            return sites.iter().map(|&s| self.ground.lists[s as usize].clone()).collect();
        }
        let walks = self.walks_to(&self.spots.only(sites), DAY);
        let mut lists = vec![Vec::new(); sites.len()];
        for atom in 0..self.atoms.spots.len() {
            for &(site, time) in walks.of(atom) {
                lists[site as usize].push((atom as u32, time.millis()));
            }
        }
        lists
    }

    /// People newly covered and person milliseconds saved by one more site.
    fn gain(&self, list: &[(u32, u32)], now: &[u32]) -> (u64, u64) {
        let ground = &self.ground;
        let mut gain = (0, 0);
        for &(atom, walk) in list {
            let (people, now) = (ground.people[atom as usize], now[atom as usize]);
            if walk < now {
                gain.0 += if now > ground.within && walk <= ground.within { people } else { 0 };
                // Who had no centre at all saves nothing that could be counted.
                gain.1 += if now == DAY.millis() { 0 } else { people * u64::from(now - walk) };
            }
        }
        gain
    }
}

/// Why a candidate may not be chosen, whatever it would bring.
pub(super) fn barred(place: &Place, candidate: usize, rules: &Rules) -> Option<Rejection> {
    use crate::model::place::SetAside;
    let candidate = &place.candidates[candidate];
    match candidate.site.set_aside {
        Some(SetAside::Outside) => return Some(Rejection::Outside),
        Some(SetAside::ForeignAddress) => return Some(Rejection::ForeignAddress),
        None => {}
    }
    if rules.siting.forbid.contains(&candidate.site.code) {
        return Some(Rejection::Forbidden);
    }
    if weighs_room(rules) && candidate.site.area_m2.is_none() {
        return Some(Rejection::NoArea);
    }
    let budget = rules.siting.budget?;
    match candidate.cost {
        None => Some(Rejection::NoCost),
        Some(cost) if cost > budget => Some(Rejection::OverBudget(cost)),
        Some(_) => None,
    }
}
