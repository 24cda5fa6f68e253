//! Several services, or several levels of centres, sited together.

use super::instance::barred;
use super::packing::{Packing, Service, pack};
use crate::index::fabric::{Fabric, spot};
use crate::index::nearest::Spot;
use crate::model::ids::CandidateId;
use crate::model::place::{Centre, Place};
use crate::model::plan::{Placed, Together, WishedService};
use crate::model::rules::{Group, Rules};
use crate::model::services;
use crate::model::units::{Counts, WalkTime};
use crate::network::TravelTimes;
use crate::network::tied::{self, Ends};

/// List entries looked at before the search is content with a gap.
const WORK: u64 = 400_000_000;

/// Square metres are counted in hundredths.
const HUNDREDTHS: f64 = 100.0;

/// One thing to be placed.
struct Wish {
    name: String,
    level: Option<u8>,
    users: Group,
    within: WalkTime,
    area_m2: u32,
    most: Option<usize>,
}

/// What the rules wish to be placed: services by floor area, or levels by number.
fn wishes(rules: &Rules) -> Vec<Wish> {
    let asked = &rules.siting;
    let service = |wish: &crate::model::rules::ServiceWish| Wish {
        name: wish.service.clone(),
        level: None,
        users: services::known(&wish.service).map_or(Group::Adult, |known| known.users),
        within: rules.within(),
        area_m2: wish.area_m2,
        most: None,
    };
    let level = |wish: &crate::model::rules::LevelWish| Wish {
        name: String::new(),
        level: Some(wish.level),
        users: Group::Adult,
        within: rules.within_of(wish.level),
        area_m2: 0,
        most: Some(wish.new as usize),
    };
    if asked.levels.is_empty() {
        asked.services.iter().map(service).collect()
    } else {
        asked.levels.iter().map(level).collect()
    }
}

/// Chooses candidates and what goes into each; `None` if neither services nor levels are wished for.
///
/// A service counts the users it is for, at their own pace; an open centre of the level asked for that
/// offers it serves them already. A level counts everybody; only its own centres serve it.
pub fn together(place: &Place, fabric: &Fabric, times: &dyn TravelTimes, rules: &Rules) -> Option<Together> {
    let wishes = wishes(rules);
    if wishes.is_empty() {
        return None;
    }
    let usable: Vec<CandidateId> = (0..place.candidates.len())
        .filter(|&i| barred(place, i, rules).is_none())
        .map(CandidateId::at)
        .collect();
    let homes: Vec<u32> = fabric.community.iter().map(|community| community.0).collect();
    let from = Ends { spots: &fabric.spots, community: &homes };
    let own = |community: Option<crate::model::ids::CommunityId>| community.map_or(u32::MAX, |c| c.0);
    let candidates = || usable.iter().map(|id| &place.candidates[id.index()]);
    let sites: Vec<Spot> = candidates().map(|c| spot(c.site.at)).collect();
    let of: Vec<u32> = candidates().map(|c| own(c.community)).collect();
    let mut before = Vec::new();
    let services: Vec<Service> = wishes
        .iter()
        .map(|wish| {
            let level = wish.level.unwrap_or(rules.siting.level);
            let offers = |c: &&Centre| {
                let listed = wish.level.is_some() || c.functions.binary_search(&wish.name).is_ok();
                c.serves(level, &rules.coverage) && listed
            };
            let (spots, community): (Vec<Spot>, Vec<u32>) =
                place.centres.iter().filter(offers).map(|c| (spot(c.site.at), own(c.community))).unzip();
            let open = Ends { spots: &spots, community: &community };
            let today = tied::nearest(times, wish.users, from, open, rules.tied(level));
            let served: Vec<bool> =
                today.iter().map(|walk| walk.is_some_and(|(_, time)| time <= wish.within)).collect();
            let people: fn(&Counts) -> u32 = match wish.users {
                Group::Older => |c| c.older,
                Group::Child => |c| c.child,
                Group::Adult | Group::Wheelchair => |c| c.population,
            };
            let users: Vec<u64> = fabric.counts.iter().map(|counts| u64::from(people(counts))).collect();
            let ends = Ends { spots: &sites, community: &of };
            let reached = tied::within(times, wish.users, from, ends, wish.within, rules.tied(level));
            let mut reach = vec![Vec::new(); sites.len()];
            for atom in 0..users.len() {
                reached.of(atom).iter().for_each(|(site, _)| reach[*site as usize].push(atom as u32));
            }
            let counted = users.iter().zip(&served).filter(|(_, served)| **served);
            before.push((counted.map(|(n, _)| n).sum::<u64>(), users.iter().sum::<u64>()));
            let area = u64::from(wish.area_m2) * HUNDREDTHS as u64;
            Service { area, most: wish.most, users, served, reach }
        })
        .collect();
    let forced = |id: &CandidateId| rules.siting.force.contains(&place.candidates[id.index()].site.code);
    let cost = |c: &crate::model::place::Candidate| rules.siting.budget.and(c.cost).unwrap_or(0);
    let question = Packing {
        room: candidates().map(|c| (c.site.area_m2.unwrap_or(0.0) * HUNDREDTHS).floor() as u64).collect(),
        costs: candidates().map(cost).collect(),
        new: rules.siting.new as usize,
        budget: rules.siting.budget,
        one_each: !rules.siting.levels.is_empty(),
        forced: (0u32..).zip(&usable).filter(|(_, id)| forced(id)).map(|(i, _)| i).collect(),
        services,
    };
    let packed = pack(&question, WORK);
    let mut gained = vec![vec![false; fabric.len()]; wishes.len()];
    let mut newly = vec![0; wishes.len()];
    let placed = |(building, inside): &(u32, Vec<u32>)| {
        let gain = |service: &u32| {
            let wish = &question.services[*service as usize];
            let mut sum = 0;
            for &atom in &wish.reach[*building as usize] {
                let fresh = !wish.served[atom as usize] && !gained[*service as usize][atom as usize];
                gained[*service as usize][atom as usize] = true;
                sum += if fresh { wish.users[atom as usize] } else { 0 };
            }
            newly[*service as usize] += sum;
            (*service, sum)
        };
        Placed { candidate: usable[*building as usize], inside: inside.iter().map(gain).collect() }
    };
    let chosen = packed.chosen.iter().map(placed).collect();
    let wished = wishes.into_iter().zip(before).zip(&newly).map(|((wish, (before, users)), newly)| {
        let Wish { name: service, level, users: group, area_m2, most, .. } = wish;
        WishedService { service, level, group, area_m2, most, users, before, newly: *newly }
    });
    Some(Together {
        wished: wished.collect(),
        chosen,
        value: packed.value,
        bound: packed.bound,
        complete: packed.complete,
    })
}
