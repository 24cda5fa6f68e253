//! Walks with both ends in one community, for business tied to residence (属地办理).

use super::{Reached, TravelTimes};
use crate::index::nearest::Spot;
use crate::model::rules::Group;
use crate::model::units::WalkTime;

/// Points on the ground with the community each belongs to; one of no community has a number that
/// occurs at no other end.
#[derive(Clone, Copy, Debug)]
pub struct Ends<'a> {
    /// The points.
    pub spots: &'a [Spot],
    /// The community of each.
    pub community: &'a [u32],
}

/// For each origin the nearest destination, of its own community if walks are `tied`.
/// O(communities) calls of the model.
pub fn nearest(
    times: &dyn TravelTimes,
    group: Group,
    from: Ends<'_>,
    to: Ends<'_>,
    tied: bool,
) -> Vec<Option<(u32, WalkTime)>> {
    if !tied {
        return times.nearest(group, from.spots, to.spots);
    }
    let mut found = vec![None; from.spots.len()];
    let (origins, destinations) = (by_community(from.community), by_community(to.community));
    for own in destinations.chunk_by(|a, b| a.0 == b.0) {
        let start = origins.partition_point(|o| o.0 < own[0].0);
        let end = origins.partition_point(|o| o.0 <= own[0].0);
        let here = &origins[start..end];
        let pick = |list: &[(u32, u32)], spots: &[Spot]| -> Vec<Spot> {
            list.iter().map(|(_, i)| spots[*i as usize]).collect()
        };
        let walks = times.nearest(group, &pick(here, from.spots), &pick(own, to.spots));
        for ((_, origin), walk) in here.iter().zip(walks) {
            found[*origin as usize] = walk.map(|(i, time)| (own[i as usize].1, time));
        }
    }
    found
}

/// For each origin every destination within `limit`, those of its own community if walks are `tied`.
pub fn within(
    times: &dyn TravelTimes,
    group: Group,
    from: Ends<'_>,
    to: Ends<'_>,
    limit: WalkTime,
    tied: bool,
) -> Reached {
    let all = times.within(group, from.spots, to.spots, limit);
    if !tied {
        return all;
    }
    let own = |origin: usize| {
        let row = all.of(origin).iter().copied();
        row.filter(|(i, _)| to.community[*i as usize] == from.community[origin]).collect()
    };
    Reached::from_rows((0..all.origins()).map(own))
}

/// Positions by community, then by themselves, so that equal walks go to the lower position still.
fn by_community(community: &[u32]) -> Vec<(u32, u32)> {
    let mut sorted: Vec<(u32, u32)> = community.iter().copied().zip(0..).collect();
    sorted.sort_unstable();
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rules::Rules;
    use crate::network::StraightLine;

    #[test]
    fn nobody_walks_to_another_communitys_centre() {
        let times = StraightLine::by(&Rules::default());
        let from = [[0, 0], [100, 0], [900, 0], [500, 0]];
        let to = [[0, 0], [1000, 0], [90, 0]];
        let (homes, centres) = ([1, 1, 2, 3], [2, 1, u32::MAX]);
        let from = Ends { spots: &from, community: &homes };
        let to = Ends { spots: &to, community: &centres };
        let who = |tied| {
            let walks = nearest(&times, Group::Adult, from, to, tied);
            walks.into_iter().map(|walk| walk.map(|w| w.0)).collect::<Vec<_>>()
        };
        assert_eq!(who(false), [Some(0), Some(2), Some(1), Some(2)]);
        assert_eq!(who(true), [Some(1), Some(1), Some(0), None]);
        let reached = within(&times, Group::Adult, from, to, WalkTime::QUARTER_HOUR, true);
        let rows: Vec<Vec<u32>> =
            (0..4).map(|origin| reached.of(origin).iter().map(|pair| pair.0).collect()).collect();
        assert_eq!(rows, [vec![1], vec![1], vec![0], vec![]]);
    }
}
