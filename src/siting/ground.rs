//! The demand of a siting question in columns, and what a set of sites makes of it.

use super::room::{Flow, Room};
use crate::model::rules::Objective;

/// Shares are counted in ten-thousandths, whole numbers.
const SHARE_WHOLE: u64 = 10_000;

/// Inhabited atoms with their walks. Lists are by candidate and sparse.
pub(super) struct Ground {
    pub(super) people: Vec<u64>,
    /// Dense number of each atom's community, and the people of each community.
    pub(super) community: Vec<u32>,
    pub(super) people_of: Vec<u64>,
    /// Today's walk in milliseconds; a day where there is no centre.
    pub(super) today: Vec<u32>,
    /// Centres in reach today, two for more.
    pub(super) reach: Vec<u8>,
    /// The longest walk that counts.
    pub(super) within: u32,
    /// For each candidate the atoms to which it is nearer than today's centre or in reach, with the walk.
    pub(super) lists: Vec<Vec<(u32, u32)>>,
    /// Floor for households, where it is asked for.
    pub(super) room: Option<Room>,
}

/// Every atom's walk and centres in reach once some sites stand.
#[derive(Clone)]
pub(super) struct State {
    pub(super) now: Vec<u32>,
    pub(super) reach: Vec<u8>,
    pub(super) flow: Option<Flow>,
}

impl Ground {
    pub(super) fn state(&self) -> State {
        let flow = self.room.as_ref().map(Room::standing);
        State { now: self.today.clone(), reach: self.reach.clone(), flow }
    }

    pub(super) fn with(&self, sites: &[u32]) -> State {
        let mut state = self.state();
        sites.iter().for_each(|&site| self.add(&mut state, site));
        state
    }

    pub(super) fn add(&self, state: &mut State, site: u32) {
        for &(atom, walk) in &self.lists[site as usize] {
            let atom = atom as usize;
            state.now[atom] = state.now[atom].min(walk);
            state.reach[atom] = (state.reach[atom] + u8::from(walk <= self.within)).min(2);
        }
        if let (Some(room), Some(flow)) = (&self.room, &mut state.flow) {
            room.add(flow, site);
        }
    }

    /// What an objective comes to, in the unit of `plan.json`.
    pub(super) fn value(&self, objective: Objective, state: &State) -> u64 {
        let rows = || self.people.iter().zip(&state.now);
        match objective {
            Objective::Cover => {
                let fresh = rows()
                    .zip(&self.today)
                    .filter(|((_, now), today)| **now <= self.within && **today > self.within);
                fresh.map(|((people, _), _)| people).sum()
            }
            Objective::Walk => rows().map(|(people, now)| people * u64::from(*now)).sum(),
            Objective::Worst => state.now.iter().copied().max().map_or(0, u64::from),
            Objective::Backup => {
                self.people.iter().zip(&state.reach).filter(|(_, n)| **n >= 2).map(|(p, _)| p).sum()
            }
            Objective::Fair => {
                let mut covered = vec![0; self.people_of.len()];
                for ((people, now), community) in rows().zip(&self.community) {
                    covered[*community as usize] += if *now <= self.within { *people } else { 0 };
                }
                self.lowest_share(&covered)
            }
            Objective::Room => state.flow.as_ref().map_or(0, |flow| flow.served),
            Objective::Fewest => 0,
        }
    }

    /// The least share of a community's people, of so many of each.
    pub(super) fn lowest_share(&self, covered: &[u64]) -> u64 {
        let inhabited = covered.iter().zip(&self.people_of).filter(|(_, all)| **all > 0);
        inhabited
            .map(|(covered, all)| (covered * SHARE_WHOLE / all).min(SHARE_WHOLE))
            .min()
            .unwrap_or(SHARE_WHOLE)
    }

    /// The same with a sign: more is better.
    pub(super) fn score(&self, objective: Objective, state: &State) -> i64 {
        let value = self.value(objective, state) as i64;
        if objective.wants_more() { value } else { -value }
    }

    pub(super) fn covered_before(&self) -> u64 {
        self.people.iter().zip(&self.today).filter(|(_, t)| **t <= self.within).map(|(p, _)| p).sum()
    }
}
