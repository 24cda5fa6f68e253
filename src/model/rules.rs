//! The rules a plan is made by: a named profile whose every default has a source.
//!
//! No figure here is a law of nature. Every city has its own, so a profile can be replaced by a
//! TOML file with the same keys; the rules in force are printed in `plan.json`.

use serde::{Deserialize, Serialize};

pub use super::services::CoverageRules;
pub use super::sites::{LevelWish, Objective, ServiceWish, SitingRules};
use super::units::{InvalidPace, Pace, WalkTime};

/// The whole set of rules, as a profile file writes it and `plan.json` repeats it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// The profile's name.
    pub profile: String,
    /// Sizes of grids.
    pub grids: GridRules,
    /// Who walks how far.
    pub walking: WalkingRules,
    /// What counts as covered.
    pub coverage: CoverageRules,
    /// What a centre must be to count, and how many to add.
    pub siting: SitingRules,
    /// What the four principles weigh against one another.
    pub weights: Weights,
    /// How input is read.
    pub reading: ReadingRules,
}

/// Sizes of grids.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GridRules {
    /// Fewest households of a grid. Default 300: the rule of 300 to 500 households that Haikou
    /// published for its towns.
    pub households_min: u32,
    /// Most households of a grid. Default 500, the same rule.
    pub households_max: u32,
    /// Independent drafts per community, of which the best is kept. Default 6, the project's choice.
    pub attempts: u32,
    /// Least number of hexagons a grid should hold where hexagons stand for atoms. Default 30,
    /// the project's choice: enough for a line that follows the ground.
    pub hexagons_per_grid: u32,
    /// How near to a bridge or crossing two buildings may join across a barrier, in metres; half
    /// their distance where that is more. Default 60, the project's choice.
    pub opening_reach_m: u32,
    /// What the grids in force are worth, where there are any. Default `prefer`.
    pub keep: Keep,
    /// How much is tried, and how much is proved. Default `normal`.
    pub effort: Effort,
}

/// How much work a division is worth, counted so that results repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effort {
    /// A third of the drafts, and the plainest bounds.
    Fast,
    /// Every draft; communities with few possible grids are solved to the end.
    #[default]
    Normal,
    /// The same with forty times the work for the proof.
    Prove,
}

impl Effort {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Fast, Self::Normal, Self::Prove];

    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Fast => "fast",
            Self::Normal => "normal",
            Self::Prove => "prove",
        }
    }
}

/// What the grids in force are worth to a new division.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keep {
    /// Nothing; the form of changes and the codes that live on are told all the same.
    None,
    /// Every household that leaves its grid is charged, at the weight of respect for tradition.
    #[default]
    Prefer,
    /// Community by community the fewest households that bring all grids into the range.
    Strict,
}

impl Keep {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::Prefer, Self::Strict];

    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Prefer => "prefer",
            Self::Strict => "strict",
        }
    }
}

/// Who walks how far.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WalkingRules {
    /// Longest walk that counts as covered, in seconds. Default 900: the 15-minute life circle of
    /// GB 50180-2018.
    pub within_s: u32,
    /// Walking distance over straight distance, in thousandths, where no path network is known.
    /// Default 1300; 1.2 to 1.4 is usual.
    pub detour_permille: u32,
    /// Adults, in mm/s. Default 1100: 990 m in 15 minutes, as the standard's 1 km circle.
    pub adult_mm_per_s: u32,
    /// Older people, in mm/s. Default 800; 0.76 m/s was measured among people of 65 and over.
    pub older_mm_per_s: u32,
    /// A child with a carer, in mm/s. Default 900.
    pub child_mm_per_s: u32,
    /// In a wheelchair, without stairs, in mm/s. Default 800.
    pub wheelchair_mm_per_s: u32,
    /// How far a house may lie from the nearest street, in metres. Default 250, the project's choice:
    /// farther out a street is missing from the map.
    pub snap_max_m: u32,
    /// Nodes that streets must have together to be walked to. Default 50, the project's choice: fewer
    /// are a stray path. Never more than the largest network of the place has.
    pub component_nodes_min: u32,
}

/// What the four principles weigh against one another, once every grid is in range and in one
/// piece. Each measure is scaled so that a poor plan scores about one million.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// 尊重传统: households whose grid changes, and compounds cut.
    pub respect_tradition: u32,
    /// 就近就便: moment of inertia of the people around the duty point.
    pub near_and_convenient: u32,
    /// 规模适度: spread of households between grids.
    pub right_size: u32,
    /// 有利治理: length of lines between grids.
    pub good_for_governing: u32,
}

/// How input is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadingRules {
    /// An atom with less than this share in its community is listed. Default 950 thousandths.
    pub share_listed_permille: u32,
    /// People of a household where a ledger has only one of the two counts, in hundredths.
    /// Default 262: the mean family household of the census of 2020.
    pub people_per_100_households: u32,
    /// Age from which a person counts as older. Default 65.
    pub older_from: u8,
    /// Age up to which a person counts as a child. Default 14.
    pub child_to: u8,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            profile: "town".to_owned(),
            grids: GridRules::default(),
            walking: WalkingRules::default(),
            coverage: CoverageRules::default(),
            siting: SitingRules::default(),
            weights: Weights::default(),
            reading: ReadingRules::default(),
        }
    }
}

impl Default for GridRules {
    fn default() -> Self {
        Self {
            households_min: 300,
            households_max: 500,
            attempts: 6,
            hexagons_per_grid: 30,
            opening_reach_m: 60,
            keep: Keep::default(),
            effort: Effort::default(),
        }
    }
}

impl Default for WalkingRules {
    fn default() -> Self {
        Self {
            within_s: 900,
            detour_permille: 1300,
            adult_mm_per_s: 1100,
            older_mm_per_s: 800,
            child_mm_per_s: 900,
            wheelchair_mm_per_s: 800,
            snap_max_m: 250,
            component_nodes_min: 50,
        }
    }
}

impl Default for Weights {
    fn default() -> Self {
        Self { respect_tradition: 4, near_and_convenient: 4, right_size: 3, good_for_governing: 2 }
    }
}

impl Default for ReadingRules {
    fn default() -> Self {
        Self { share_listed_permille: 950, people_per_100_households: 262, older_from: 65, child_to: 14 }
    }
}

/// A rule that cannot be followed.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum InvalidRules {
    /// The range of households is empty.
    #[error("grids.households_min ({min}) must be at least 1 and at most grids.households_max ({max})")]
    Range {
        /// The lower end.
        min: u32,
        /// The upper end.
        max: u32,
    },
    /// A number lies outside what makes sense.
    #[error("{key} must lie between {low} and {high}, not {value}")]
    Outside {
        /// The key in the profile.
        key: &'static str,
        /// Smallest sensible value.
        low: u32,
        /// Largest sensible value.
        high: u32,
        /// What was given.
        value: u32,
    },
    /// A walking speed is not one.
    #[error(transparent)]
    Pace(#[from] InvalidPace),
}

/// The groups of walkers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Everybody who is in neither of the other two.
    Adult,
    /// 老.
    Older,
    /// 小, with a carer.
    Child,
    /// Anybody, in a wheelchair: no stairs.
    Wheelchair,
}

impl Group {
    /// All of them, in the order of every table.
    pub const ALL: [Self; 4] = [Self::Adult, Self::Older, Self::Child, Self::Wheelchair];

    /// The key in `plan.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adult => "adult",
            Self::Older => "older",
            Self::Child => "child",
            Self::Wheelchair => "wheelchair",
        }
    }
}

impl Rules {
    /// Checks every number once, so that nothing below doubts them.
    ///
    /// # Errors
    /// The first [`InvalidRules`] found.
    pub fn validate(&self) -> Result<(), InvalidRules> {
        let grids = &self.grids;
        if grids.households_min == 0 || grids.households_min > grids.households_max {
            return Err(InvalidRules::Range { min: grids.households_min, max: grids.households_max });
        }
        let limits = [
            ("grids.households_max", grids.households_max, 1, 1_000_000),
            ("grids.attempts", grids.attempts, 1, 10_000),
            ("grids.hexagons_per_grid", grids.hexagons_per_grid, 1, 10_000),
            ("grids.opening_reach_m", grids.opening_reach_m, 0, 10_000),
            ("walking.within_s", self.walking.within_s, 1, 86_400),
            ("walking.detour_permille", self.walking.detour_permille, 1000, 10_000),
            ("walking.snap_max_m", self.walking.snap_max_m, 1, 10_000),
            ("walking.component_nodes_min", self.walking.component_nodes_min, 0, 1_000_000),
            ("coverage.area_m2_min", self.coverage.area_m2_min, 0, 1_000_000),
            ("coverage.area_m2_per_100_households", self.coverage.area_m2_per_100_households, 0, 10_000),
            ("siting.level", u32::from(self.siting.level), 1, 5),
            ("siting.new", self.siting.new, 0, 100_000),
            ("siting.plans", self.siting.plans, 1, 100),
            ("siting.share_permille", self.siting.share_permille.unwrap_or(1), 1, 1000),
            ("weights.respect_tradition", self.weights.respect_tradition, 0, 1000),
            ("weights.near_and_convenient", self.weights.near_and_convenient, 0, 1000),
            ("weights.right_size", self.weights.right_size, 0, 1000),
            ("weights.good_for_governing", self.weights.good_for_governing, 0, 1000),
            ("reading.share_listed_permille", self.reading.share_listed_permille, 0, 1000),
            ("reading.people_per_100_households", self.reading.people_per_100_households, 50, 1000),
        ];
        for (key, value, low, high) in limits {
            if !(low..=high).contains(&value) {
                return Err(InvalidRules::Outside { key, low, high, value });
            }
        }
        for seconds in self.coverage.level_within_s {
            if !(1..=86_400).contains(&seconds) {
                let key = "coverage.level_within_s";
                return Err(InvalidRules::Outside { key, low: 1, high: 86_400, value: seconds });
            }
        }
        for group in Group::ALL {
            self.try_pace(group)?;
        }
        Ok(())
    }

    fn try_pace(&self, group: Group) -> Result<Pace, InvalidPace> {
        Pace::from_mm_per_s(match group {
            Group::Adult => self.walking.adult_mm_per_s,
            Group::Older => self.walking.older_mm_per_s,
            Group::Child => self.walking.child_mm_per_s,
            Group::Wheelchair => self.walking.wheelchair_mm_per_s,
        })
    }

    /// How fast a group walks.
    ///
    /// # Panics
    /// If the rules were never validated and the pace is none.
    pub fn pace(&self, group: Group) -> Pace {
        self.try_pace(group).expect("rules are validated before use")
    }

    /// The longest walk that counts as covered by a centre of a level.
    pub fn within_of(&self, level: u8) -> WalkTime {
        let own = self.coverage.level_within_s.get(usize::from(level).wrapping_sub(1));
        match own.filter(|_| level != self.siting.level) {
            Some(seconds) => WalkTime::from_millis(seconds.saturating_mul(1000)),
            None => self.within(),
        }
    }

    /// Whether people go only to the centres of a level in their own community: never to those of the
    /// town and above, which no community has.
    pub fn tied(&self, level: u8) -> bool {
        self.coverage.jurisdiction && level >= 4
    }

    /// Households for whom so much floor is enough.
    pub fn households_of_floor(&self, area_m2: f64) -> u64 {
        (area_m2 * 100.0 / f64::from(self.coverage.area_m2_per_100_households.max(1))).floor() as u64
    }

    /// The longest walk that counts as covered.
    pub fn within(&self) -> WalkTime {
        WalkTime::from_millis(self.walking.within_s.saturating_mul(1000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_valid_and_nonsense_is_not() {
        assert_eq!(Rules::default().validate(), Ok(()));
        let mut rules = Rules::default();
        rules.grids.households_min = 600;
        assert_eq!(rules.validate(), Err(InvalidRules::Range { min: 600, max: 500 }));
        let mut rules = Rules::default();
        rules.walking.older_mm_per_s = 0;
        assert!(matches!(rules.validate(), Err(InvalidRules::Pace(_))));
    }
}
