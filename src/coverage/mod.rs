//! Who can walk to a qualifying centre in time.
//!
//! Each atom walks to the nearest centre of the level asked for that is open, whichever community
//! it stands in (互联互通), or with the rule of jurisdiction to one of its own community (属地办理); a
//! centre of another level does not stand in for it. All shares are of people. O(atoms · log centres)
//! for each level and service.

mod levels;
mod load;

use crate::index::fabric::{Fabric, spot};
use crate::index::nearest::Spot;
use crate::model::ids::{AtomId, CentreId};
use crate::model::place::{Centre, Place};
use crate::model::plan::{Coverage, Isochrone, Reach};
use crate::model::rules::{Group, Rules};
use crate::model::units::{Counts, WalkTime};
use crate::network::TravelTimes;
use crate::network::tied::{self, Ends};
use crate::run::{Run, Stage};

/// The walks that isochrones are drawn for: the life circles of 5, 10 and 15 minutes of GB 50180-2018.
const ISOCHRONES: [WalkTime; 3] =
    [WalkTime::from_millis(300_000), WalkTime::from_millis(600_000), WalkTime::from_millis(900_000)];

/// Measures everybody's walk to the nearest qualifying centre.
///
/// The headline counts all people at the adult's pace; each group is also counted at its own.
pub fn measure(
    place: &Place,
    fabric: &Fabric,
    times: &dyn TravelTimes,
    rules: &Rules,
    run: &Run<'_>,
) -> Coverage {
    run.progress.begin(Stage::Coverage, Group::ALL.len() as u64);
    let tied = rules.tied(rules.siting.level);
    let homes: Vec<u32> = fabric.community.iter().map(|community| community.0).collect();
    let from = Ends { spots: &fabric.spots, community: &homes };
    let counted = Counted::of(place, |centre| centre.serves(rules.siting.level, &rules.coverage));
    let Counted { ids, spots, .. } = &counted;
    let within = rules.within();
    let walks = Group::ALL.map(|group| {
        let walks = tied::nearest(times, group, from, counted.ends(), tied);
        run.progress.advance(1);
        walks
    });
    let reach = |group: Group, people: fn(&Counts) -> u32, atoms: &mut dyn Iterator<Item = usize>| {
        let walks = &walks[group as usize];
        Reach::over(atoms.map(|a| (people(&fabric.counts[a]), walks[a].map(|w| w.1))), within)
    };
    let everywhere = || 0..fabric.len();
    let groups = [
        reach(Group::Adult, adults, &mut everywhere()),
        reach(Group::Older, |c| c.older, &mut everywhere()),
        reach(Group::Child, |c| c.child, &mut everywhere()),
        reach(Group::Wheelchair, |c| c.population, &mut everywhere()),
    ];
    let all = reach(Group::Adult, |c| c.population, &mut everywhere());
    let in_community = |c: usize| fabric.of_community(c).map(|a| a as usize);
    let communities = (0..place.communities.len())
        .map(|c| {
            [
                reach(Group::Adult, |c| c.population, &mut in_community(c)),
                reach(Group::Older, |c| c.older, &mut in_community(c)),
                reach(Group::Child, |c| c.child, &mut in_community(c)),
            ]
        })
        .collect();
    let late = |a: &usize| walks[0][*a].is_none_or(|(_, time)| time > within);
    let gap_households = (0..place.communities.len())
        .map(|c| in_community(c).filter(late).map(|a| u64::from(fabric.counts[a].households)).sum())
        .collect();
    let nearest = walks[0].iter().map(|walk| walk.map(|(i, time)| (ids[i as usize], time))).collect();
    let reached = tied::within(times, Group::Adult, from, counted.ends(), within, tied);
    let loads = load::loads(fabric, &reached, ids);
    let floor = load::floor(place, fabric, &reached, ids, within);
    let levels = levels::of(place, fabric, from, times, rules);
    let off_street = times.off_street(&fabric.spots).into_iter().map(AtomId).collect();
    let centre = |i: u32| ids[i as usize];
    let isochrones = times
        .isochrones(Group::Adult, spots, &ISOCHRONES)
        .into_iter()
        .map(|ground| Isochrone { centre: ground.of.map(centre), limit: ground.limit, shape: ground.shape })
        .collect();
    run.progress.end();
    Coverage {
        within,
        nearest,
        all,
        groups,
        communities,
        levels,
        gap_households,
        loads,
        floor,
        off_street,
        isochrones,
    }
}

/// People who are neither older nor children.
pub fn adults(counts: &Counts) -> u32 {
    counts.population - counts.older - counts.child
}

/// Centres that count for something, in order of code.
struct Counted {
    ids: Vec<CentreId>,
    spots: Vec<Spot>,
    community: Vec<u32>,
}

impl Counted {
    fn of(place: &Place, counts: impl Fn(&Centre) -> bool) -> Self {
        let ids: Vec<CentreId> =
            (0..place.centres.len()).filter(|&i| counts(&place.centres[i])).map(CentreId::at).collect();
        let all = || ids.iter().map(|id| &place.centres[id.index()]);
        let spots = all().map(|centre| spot(centre.site.at)).collect();
        let community = all().map(|centre| centre.community.map_or(u32::MAX, |c| c.0)).collect();
        Self { ids, spots, community }
    }

    fn ends(&self) -> Ends<'_> {
        Ends { spots: &self.spots, community: &self.community }
    }
}

impl Reach {
    /// Sums walks over atoms: how many people, and how long they walk if there is a centre at all.
    pub fn over(walks: impl Iterator<Item = (u32, Option<WalkTime>)>, within: WalkTime) -> Self {
        let mut reach = Self::default();
        let mut times: Vec<(WalkTime, u64)> = Vec::new();
        for (people, time) in walks {
            let people = u64::from(people);
            reach.population += people;
            let Some(time) = time.filter(|_| people > 0) else { continue };
            reach.reachable += people;
            reach.person_millis += u128::from(people) * u128::from(time.millis());
            reach.covered += if time <= within { people } else { 0 };
            times.push((time, people));
        }
        times.sort_unstable();
        reach.longest = times.last().map(|t| t.0);
        // The shortest time that nine tenths of the people do not exceed.
        let wanted = (reach.reachable * 9).div_ceil(10);
        let mut seen = 0;
        reach.p90 = times
            .iter()
            .find(|(_, people)| {
                seen += people;
                seen >= wanted
            })
            .map(|t| t.0);
        reach
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ninety_percent_of_people_not_of_atoms() {
        let minutes = |m: u32| Some(WalkTime::from_millis(m * 60_000));
        let walks = [(90, minutes(5)), (9, minutes(20)), (1, minutes(60)), (0, minutes(500)), (7, None)];
        let reach = Reach::over(walks.into_iter(), WalkTime::QUARTER_HOUR);
        assert_eq!((reach.population, reach.covered, reach.reachable), (107, 90, 100));
        assert_eq!(reach.p90, minutes(5));
        assert_eq!(reach.longest, minutes(60));
        assert_eq!(reach.mean(), Some(WalkTime::from_millis((90 * 5 + 9 * 20 + 60) * 600)));
    }
}
