//! How long everybody walks, measured again: in a straight line made longer, or along streets.

use std::collections::BTreeSet;

use super::streets::Network;
use crate::model::ids::CommunityId;
use crate::model::place::{Atom, Place, Site};
use crate::model::rules::{Group, Rules};

/// Where a walk begins, in metres.
pub(super) type Home = (f64, f64);

/// An end of walks, with the community it belongs to.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    pub(super) at: Home,
    pub(super) community: Option<CommunityId>,
}

impl End {
    pub(super) fn home(atom: &Atom) -> Self {
        Self { at: (atom.anchor.x(), atom.anchor.y()), community: Some(atom.community) }
    }

    pub(super) fn site(site: &Site, community: Option<CommunityId>) -> Self {
        Self { at: (site.at.x(), site.at.y()), community }
    }
}

/// Walks of a place's atoms by one model.
pub(super) enum Walks<'a> {
    /// The plan says that walks are estimated from straight lines.
    Straight(&'a Rules),
    /// It says that they follow streets, and the place has some.
    /// Once with stairs and once without.
    Streets(&'a Rules, Box<[Network; 2]>),
}

impl<'a> Walks<'a> {
    /// The model a plan names; `None` if the place does not have what it takes.
    pub(super) fn by(model: &str, place: &Place, rules: &'a Rules) -> Option<Self> {
        match model {
            "straight" => Some(Self::Straight(rules)),
            "streets" => Some(Self::Streets(rules, Box::new(Network::both(place, rules)?))),
            _ => None,
        }
    }

    /// The same as [`to`](Self::to), to sites of the home's own community alone if business is tied to it.
    pub(super) fn nearest(&self, homes: &[End], sites: &[End], group: Group, level: u8) -> Vec<Option<Walk>> {
        let places = |ends: &[End]| ends.iter().map(|end| end.at).collect::<Vec<Home>>();
        let (Self::Straight(rules) | Self::Streets(rules, _)) = self;
        // The town's own centres are no community's.
        if !rules.coverage.jurisdiction || level < 4 {
            return self.to(&places(homes), &places(sites), group);
        }
        let mut walks = vec![None; homes.len()];
        for community in sites.iter().filter_map(|site| site.community).collect::<BTreeSet<_>>() {
            let own = |end: &&End| end.community == Some(community);
            let here: Vec<usize> = (0..homes.len()).filter(|&i| own(&&homes[i])).collect();
            let from: Vec<Home> = here.iter().map(|&i| homes[i].at).collect();
            let there: Vec<Home> = sites.iter().filter(own).map(|site| site.at).collect();
            for (i, walk) in here.into_iter().zip(self.to(&from, &there, group)) {
                walks[i] = walk;
            }
        }
        walks
    }

    /// Milliseconds from every home to the nearest of some sites, at the least and at the most that an
    /// honest measurement gives; `None` where there is no way.
    fn to(&self, homes: &[Home], sites: &[Home], group: Group) -> Vec<Option<Walk>> {
        match self {
            Self::Straight(rules) => {
                let least = |home| sites.iter().map(|&site| straight(home, site, rules, group)).min();
                homes.iter().map(|home| least(home).map(|ms| Walk { least: ms, most: ms })).collect()
            }
            Self::Streets(rules, networks) => {
                let metres = networks[usize::from(group == Group::Wheelchair)].to(homes, sites);
                let timed = |(least, most): (f64, f64)| {
                    let (least, most) = (millis(least, rules, group), millis(most, rules, group));
                    Walk { least: least - slack(least).min(least), most: most + slack(most) }
                };
                metres.into_iter().map(|m| m.map(timed)).collect()
            }
        }
    }
}

/// What honest measurements of one walk may give, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Walk {
    pub(super) least: u64,
    pub(super) most: u64,
}

impl Walk {
    /// A walk that is written, in thousandths of a minute, for an adult, taken by another group.
    pub(super) fn at_pace(adult_millis: u64, rules: &Rules, group: Group) -> Self {
        let scaled = |ms: u64| ms * pace(rules, Group::Adult) / pace(rules, group);
        Self { least: scaled(adult_millis.saturating_sub(31)), most: scaled(adult_millis + 31) + 1 }
    }

    /// The middle: on straight lines the walk itself.
    pub(super) fn millis(self) -> u64 {
        self.least.midpoint(self.most)
    }

    pub(super) fn meets(self, other: Self) -> bool {
        self.least <= other.most && other.least <= self.most
    }
}

/// By how much two honest measurements along streets may differ: every segment is rounded, and the
/// ellipsoid is taken more or less exactly.
fn slack(millis: u64) -> u64 {
    500 + millis / 1000
}

fn pace(rules: &Rules, group: Group) -> u64 {
    u64::from(match group {
        Group::Adult => rules.walking.adult_mm_per_s,
        Group::Older => rules.walking.older_mm_per_s,
        Group::Child => rules.walking.child_mm_per_s,
        Group::Wheelchair => rules.walking.wheelchair_mm_per_s,
    })
}

fn millis(metres: f64, rules: &Rules, group: Group) -> u64 {
    (metres * 1e6 / pace(rules, group) as f64).round() as u64
}

/// Milliseconds an atom's people walk in a straight line made longer.
fn straight(home: &Home, to: Home, rules: &Rules, group: Group) -> u64 {
    let cm = |v: f64| (v * 100.0).round();
    let (dx, dy) = (cm(home.0) - cm(to.0), cm(home.1) - cm(to.1));
    let straight_cm = (dx * dx + dy * dy).sqrt().round() as u64;
    let walked_cm = (straight_cm * u64::from(rules.walking.detour_permille) + 500) / 1000;
    let pace = pace(rules, group);
    (walked_cm * 10_000 + pace / 2) / pace
}
