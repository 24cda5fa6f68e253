//! What is asked of new centres, as rules and options give it.

use serde::{Deserialize, Serialize};

/// What a centre must be to count, and how many to add.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SitingRules {
    /// The level whose coverage is measured. Default 4, the community's: by GB 50180-2018 a
    /// facility of a higher level does not stand in for the one required below it.
    /// Centres without a level count.
    pub level: u8,
    /// New centres to propose. Default 3.
    pub new: u32,
    /// What new centres are for.
    pub objective: Objective,
    /// What decides among choices that are equal by the objective. Default nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub then: Option<Objective>,
    /// What new centres may cost together, in the candidates' own unit; a candidate without a cost is
    /// then not chosen. Default no budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<u64>,
    /// Share of all people, in thousandths, that `fewest` is to cover. Default all who can be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_permille: Option<u32>,
    /// Codes of candidates that are chosen in any case; they count as new ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub force: Vec<String>,
    /// Codes of candidates that are not chosen.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub forbid: Vec<String>,
    /// Services to be placed into as many candidates as `new` says, several into one where there is floor.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<ServiceWish>,
    /// Levels to be sited together, one to a candidate, `new` of them in all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<LevelWish>,
    /// How many choices are wanted, the best and the next best. Default 1.
    #[serde(skip_serializing_if = "is_one")]
    pub plans: u32,
}

/// A service that looks for room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceWish {
    /// Its name, as ledgers list it among functions.
    pub service: String,
    /// Floor area it takes.
    pub area_m2: u32,
}

/// A level of which so many centres are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelWish {
    /// The level, 1 city to 5 corner.
    pub level: u8,
    /// How many at most.
    pub new: u32,
}

/// One choice is the usual wish, and goes without saying.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_one(plans: &u32) -> bool {
    *plans == 1
}

/// What new centres are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Objective {
    /// Most people newly covered (maximal covering location problem).
    Cover,
    /// Least walking in total (p-median).
    Walk,
    /// Fewest new centres that cover everybody who can be covered (set covering).
    Fewest,
    /// Shortest longest walk (p-center).
    Worst,
    /// Most people with two centres in reach (Hogan and ReVelle 1986), so that one may close.
    Backup,
    /// The community covered worst covered as well as can be, in ten-thousandths of its people.
    Fair,
    /// Most households for whom there is floor in reach, at the rule's square metres for each hundred
    /// (capacitated maximal covering, Current and Storbeck 1988; who may go to several is shared out).
    Room,
}

impl Objective {
    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cover => "cover",
            Self::Walk => "walk",
            Self::Fewest => "fewest",
            Self::Worst => "worst",
            Self::Backup => "backup",
            Self::Fair => "fair",
            Self::Room => "room",
        }
    }

    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Cover, Self::Walk, Self::Fewest, Self::Worst, Self::Backup, Self::Fair, Self::Room];

    /// True if it needs to know how large sites are.
    pub fn needs_area(self) -> bool {
        self == Self::Room
    }

    /// True if a larger value is a better one.
    pub fn wants_more(self) -> bool {
        matches!(self, Self::Cover | Self::Backup | Self::Fair | Self::Room)
    }
}

impl Default for SitingRules {
    fn default() -> Self {
        Self {
            level: 4,
            new: 3,
            objective: Objective::Cover,
            then: None,
            budget: None,
            share_permille: None,
            force: Vec::new(),
            forbid: Vec::new(),
            services: Vec::new(),
            levels: Vec::new(),
            plans: 1,
        }
    }
}
