//! Coverage of every level, and of every service its centres offer.

use std::collections::BTreeSet;

use super::Counted;
use crate::index::fabric::Fabric;
use crate::model::place::{Centre, Place};
use crate::model::plan::{LevelReach, Reach, ServiceReach};
use crate::model::rules::{Group, Rules};
use crate::model::services;
use crate::model::units::Counts;
use crate::network::TravelTimes;
use crate::network::tied::{self, Ends};

/// Every level that an open centre names, and the one asked for.
pub(super) fn of(
    place: &Place,
    fabric: &Fabric,
    from: Ends<'_>,
    times: &dyn TravelTimes,
    rules: &Rules,
) -> Vec<LevelReach> {
    let named = place.centres.iter().filter(|centre| centre.open).filter_map(|centre| centre.level);
    let levels: BTreeSet<u8> = named.chain([rules.siting.level]).collect();
    let reach = |counted: &Counted, users: Group, level: u8| {
        let within = rules.within_of(level);
        let walks = tied::nearest(times, users, from, counted.ends(), rules.tied(level));
        let people: fn(&Counts) -> u32 = match users {
            Group::Older => |c| c.older,
            Group::Child => |c| c.child,
            Group::Adult | Group::Wheelchair => |c| c.population,
        };
        let each = fabric.counts.iter().zip(walks);
        Reach::over(each.map(|(counts, walk)| (people(counts), walk.map(|w| w.1))), within)
    };
    let level = |level: u8| {
        let serves = |centre: &Centre| centre.serves(level, &rules.coverage);
        let counted = Counted::of(place, serves);
        let offered: BTreeSet<&String> =
            counted.ids.iter().flat_map(|id| &place.centres[id.index()].functions).collect();
        let service = |name: &&String| {
            let users = services::known(name).map_or(Group::Adult, |service| service.users);
            let offering = Counted::of(place, |c| serves(c) && c.functions.binary_search(name).is_ok());
            ServiceReach {
                service: (*name).clone(),
                users,
                centres: offering.ids.len() as u32,
                reach: reach(&offering, users, level),
            }
        };
        LevelReach {
            level,
            within: rules.within_of(level),
            centres: counted.ids.len() as u32,
            reach: [Group::Adult, Group::Older, Group::Child].map(|group| reach(&counted, group, level)),
            services: offered.iter().map(service).collect(),
        }
    };
    levels.into_iter().map(level).collect()
}
