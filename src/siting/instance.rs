//! What is to be decided: who walks how far today, and which candidates could serve whom.

use std::collections::BTreeMap;

use crate::index::fabric::{Fabric, spot};
use crate::index::nearest::Spot;
use crate::model::ids::CandidateId;
use crate::model::place::Place;
use crate::model::plan::Chosen;
use crate::model::rules::{Group, Rules};
use crate::model::units::WalkTime;
use crate::network::{Reached, TravelTimes};

/// Nobody walks longer than a day; where there is no centre at all, this stands for the walk.
pub(super) const DAY: WalkTime = WalkTime::from_millis(86_400_000);

/// People who could be newly covered by the same candidates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// Positions in [`Instance::candidates`], ascending; never empty.
    pub(super) by: Vec<u32>,
    pub(super) people: u64,
}

/// The inhabited atoms of a place and the candidates that may be chosen.
pub(super) struct Instance<'a> {
    times: &'a dyn TravelTimes,
    /// Candidates not set aside, in order of code.
    pub(super) candidates: Vec<CandidateId>,
    spots: Vec<Spot>,
    /// Centres that count today.
    open: Vec<Spot>,
    /// Inhabited atoms.
    atoms: Vec<Spot>,
    pub(super) people: Vec<u64>,
    /// Today's walk of each, or a day.
    pub(super) today: Vec<WalkTime>,
    pub(super) within: WalkTime,
    /// Uncovered people by the set of candidates that reach them.
    pub(super) rows: Vec<Row>,
    pub(super) covered_before: u64,
}

impl<'a> Instance<'a> {
    pub(super) fn of(place: &Place, fabric: &Fabric, times: &'a dyn TravelTimes, rules: &Rules) -> Self {
        let inhabited: Vec<usize> = (0..fabric.len()).filter(|&a| fabric.counts[a].population > 0).collect();
        let atoms: Vec<Spot> = inhabited.iter().map(|&a| fabric.spots[a]).collect();
        let people: Vec<u64> = inhabited.iter().map(|&a| u64::from(fabric.counts[a].population)).collect();
        let open: Vec<Spot> =
            place.centres.iter().filter(|c| c.serves(rules.siting.level)).map(|c| spot(c.site.at)).collect();
        let today: Vec<WalkTime> = times
            .nearest(Group::Adult, &atoms, &open)
            .into_iter()
            .map(|walk| walk.map_or(DAY, |(_, time)| time))
            .collect();
        let usable = place.candidates.iter().enumerate().filter(|(_, c)| c.site.set_aside.is_none());
        let (candidates, spots): (Vec<_>, Vec<_>) =
            usable.map(|(i, c)| (CandidateId::at(i), spot(c.site.at))).unzip();
        let within = rules.within();
        let mut rows: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
        let mut covered_before = 0;
        let reached = times.within(Group::Adult, &atoms, &spots, within);
        for (i, &people) in people.iter().enumerate() {
            if today[i] <= within {
                covered_before += people;
            } else if !reached.of(i).is_empty() {
                *rows.entry(reached.of(i).iter().map(|r| r.0).collect()).or_insert(0) += people;
            }
        }
        let rows = rows.into_iter().map(|(by, people)| Row { by, people }).collect();
        Self { times, candidates, spots, open, atoms, people, today, within, rows, covered_before }
    }

    /// True if there is an existing centre to walk to.
    pub(super) fn has_centre(&self) -> bool {
        !self.open.is_empty()
    }

    /// Every atom's walk to the nearest centre, inhabited or not, with `sites` added.
    pub(super) fn walk_after(&self, fabric: &Fabric, sites: &[u32]) -> Vec<Option<WalkTime>> {
        let mut spots = self.open.clone();
        spots.extend(sites.iter().map(|&s| self.spots[s as usize]));
        let walks = self.times.nearest(Group::Adult, &fabric.spots, &spots);
        walks.into_iter().map(|walk| walk.map(|(_, time)| time)).collect()
    }

    /// For each inhabited atom, the candidates nearer than its centre of today.
    pub(super) fn nearer(&self) -> Vec<Vec<(u32, WalkTime)>> {
        let all: Reached = self.times.within(Group::Adult, &self.atoms, &self.spots, DAY);
        let row = |i: usize| all.of(i).iter().copied().filter(|(_, t)| *t < self.today[i]).collect();
        (0..self.atoms.len()).map(row).collect()
    }

    /// The chosen in the order in which they gain most, with what each gains.
    pub(super) fn ranked(&self, sites: &[u32]) -> Vec<Chosen> {
        let spots: Vec<Spot> = sites.iter().map(|&s| self.spots[s as usize]).collect();
        let walks = self.times.within(Group::Adult, &self.atoms, &spots, DAY);
        let mut now = self.today.clone();
        let mut left: Vec<u32> = (0..sites.len() as u32).collect();
        let mut ranked = Vec::with_capacity(sites.len());
        while !left.is_empty() {
            let gains = self.gains(&walks, &now, sites.len());
            let best = |&s: &u32| (gains[s as usize], std::cmp::Reverse(sites[s as usize]));
            let Some(pick) = left.iter().copied().max_by_key(best) else { break };
            left.retain(|s| *s != pick);
            let (newly_covered, millis_saved) = gains[pick as usize];
            let candidate = self.candidates[sites[pick as usize] as usize];
            ranked.push(Chosen { candidate, newly_covered, millis_saved });
            for (i, now) in now.iter_mut().enumerate() {
                let walk = walks.of(i).iter().find(|(s, _)| *s == pick);
                *now = walk.map_or(*now, |(_, time)| (*time).min(*now));
            }
        }
        ranked
    }

    /// People newly covered and person milliseconds saved by each of `sites`.
    fn gains(&self, walks: &Reached, now: &[WalkTime], sites: usize) -> Vec<(u64, u64)> {
        let mut gains = vec![(0, 0); sites];
        for (i, &people) in self.people.iter().enumerate() {
            for &(site, time) in walks.of(i).iter().filter(|(_, time)| *time < now[i]) {
                let gain = &mut gains[site as usize];
                gain.0 += if now[i] > self.within && time <= self.within { people } else { 0 };
                // Who had no centre at all saves nothing that could be counted.
                let saved = if now[i] == DAY { 0 } else { now[i].millis() - time.millis() };
                gain.1 += people * u64::from(saved);
            }
        }
        gains
    }
}
