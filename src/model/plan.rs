//! What comes out: grids, coverage, sites. Filled by the engines, judged by `verify`, written by
//! `report`.

use geo::MultiPolygon;

use super::alternative::{Alternative, Choice};
use super::ids::{AtomId, CentreId, CommunityId, GridId};
use super::keeping::Keeping;
use super::rules::Group;
pub use super::siting::{
    Chosen, CurvePoint, Infeasible, OtherSites, Placed, Rejection, Siting, Status, Together, WishedService,
};
use super::units::{Counts, WalkTime};

/// All answers together. A part is absent if it was not asked for.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The grids.
    pub partition: Option<Partition>,
    /// Who reaches a centre today.
    pub coverage: Option<Coverage>,
    /// Where new centres should stand.
    pub siting: Option<Siting>,
    /// Services or levels sited together, if they were wished for.
    pub together: Option<Together>,
    /// What keeping the grids in force costs, from not at all to strictly; empty if not asked for.
    pub trade_off: Vec<Alternative>,
    /// Divisions to choose from, the plan's own first, if they were asked for.
    pub choice: Option<Choice>,
}

/// A division of every community into grids.
#[derive(Clone, Debug)]
pub struct Partition {
    /// The grid of each atom.
    pub grid_of: Vec<GridId>,
    /// The grids, sorted by community, then code.
    pub grids: Vec<Grid>,
    /// A lower bound, in person square metres, on the moment of inertia of any division into as many
    /// grids per community whose households lie in the range, or between this division's own extremes
    /// where it has to leave the range; a certificate in whole numbers.
    pub inertia_bound: u64,
    /// What each community's division is worth and could be, in order.
    pub worth: Vec<Worth>,
    /// Households whose grid differs from the one in force, or `None` if no plan is in force.
    pub households_moved: Option<u64>,
    /// Codes of the plan in force that live on.
    pub codes_kept: u32,
    /// Compounds found in two or more grids.
    pub compounds_split: u32,
    /// Grids that hold atoms on both sides of a barrier.
    pub barriers_crossed: u32,
    /// How old grids became new ones; empty if no plan is in force.
    pub changes: Vec<Change>,
    /// How the grids in force were kept, or `None` if no plan is in force.
    pub keeping: Option<Keeping>,
}

/// One community's division weighed: its moment of inertia, and the weighted measures of the four
/// principles that were made small (lower is better; about a million would be a poor plan), each with
/// a bound on every division into as many grids of the same range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// How many grids it has.
    pub grids: u32,
    /// Moment of inertia, in person square metres.
    pub moment: u64,
    /// No such division has less.
    pub moment_bound: u64,
    /// The weighted measures.
    pub weighted: f64,
    /// No such division has less.
    pub weighted_bound: f64,
}

/// One governance grid.
#[derive(Clone, Debug)]
pub struct Grid {
    /// The community's code and three digits.
    pub code: String,
    /// 名称.
    pub name: String,
    /// The community that holds it.
    pub community: CommunityId,
    /// Sums over its atoms.
    pub counts: Counts,
    /// How many atoms it has.
    pub atoms: u32,
    /// The atom around which its people's moment of inertia is least: where a duty point serves best.
    pub duty_point: AtomId,
    /// That moment, in person square metres.
    pub inertia: u64,
    /// Connected pieces by shared edge.
    pub pieces: u32,
    /// Pieces of its community that it touches; more pieces than these are a fault.
    pub community_pieces: u32,
    /// Why it lies outside the range of households, if it does.
    pub reason: Option<OutOfRange>,
    /// Position in [`Place::given`](super::place::Place::given), if it was not ours to divide.
    pub given: Option<u32>,
    /// 专属网格: made by site, so that no range binds it.
    pub exclusive: bool,
    /// Its ground, in metres.
    pub shape: MultiPolygon<f64>,
    /// Area of the ground.
    pub area_m2: f64,
    /// 4πA/P², 1 for a circle (Polsby and Popper 1991).
    pub polsby_popper: f64,
}

impl Grid {
    /// True for a grid in force that stays as it is.
    pub fn is_locked(&self) -> bool {
        self.given.is_some() && !self.exclusive
    }
}

/// Why a grid lies outside the range; each is a fact that can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutOfRange {
    /// One atom alone holds more than the maximum.
    AtomOverMax {
        /// That atom.
        atom: AtomId,
        /// Its households.
        households: u32,
    },
    /// The whole community holds fewer than the minimum.
    CommunityBelowMin {
        /// Its households.
        households: u64,
    },
    /// No number of grids brings the community's mean into the range.
    BetweenMultiples {
        /// Its households.
        households: u64,
        /// How many grids it was given, the nearest possible.
        grids: u32,
    },
    /// Its piece of the community (an island, or ground behind a barrier) cannot be divided into
    /// grids in range.
    CutOff {
        /// Households of that piece.
        households: u64,
    },
    /// Its atoms are coarse: with every grid kept in one piece, neither moving one border atom nor
    /// swapping two with a neighbour brings it nearer without taking others as far out.
    Coarse {
        /// Its largest atom, or a neighbour's.
        largest: u32,
    },
    /// Nobody lives in the community.
    Uninhabited,
    /// It is a grid in force that is locked.
    Locked,
}

impl OutOfRange {
    /// The word in `plan.json`, by which `verify` knows what to check.
    pub fn cause(&self) -> &'static str {
        match self {
            Self::AtomOverMax { .. } => "atom-over-max",
            Self::CommunityBelowMin { .. } => "community-below-min",
            Self::BetweenMultiples { .. } => "between-multiples",
            Self::CutOff { .. } => "cut-off",
            Self::Coarse { .. } => "coarse",
            Self::Uninhabited => "uninhabited",
            Self::Locked => "locked",
        }
    }
}

/// One line of 网格调整对照表.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The code in force, if there was one.
    pub old: Option<String>,
    /// The new code, if there is one.
    pub new: Option<String>,
    /// Households found in both; those of a new grid that had none before.
    pub households: u64,
    /// Of them, households whose code changes. Over all lines these sum to
    /// [`Partition::households_moved`].
    pub moved: u64,
    /// What happened.
    pub kind: ChangeKind,
}

/// What happened to a grid in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// The same households under the same code.
    Kept,
    /// 拆分.
    Split,
    /// 合并.
    Merged,
    /// 边界调整.
    Adjusted,
    /// 新增.
    Added,
    /// 撤销.
    Dissolved,
}

impl ChangeKind {
    /// As the form writes it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Kept => "不变",
            Self::Split => "拆分",
            Self::Merged => "合并",
            Self::Adjusted => "边界调整",
            Self::Added => "新增",
            Self::Dissolved => "撤销",
        }
    }
}

/// Who can walk to a qualifying centre in time.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// The limit.
    pub within: WalkTime,
    /// Per atom: nearest qualifying centre and the adult's walk to it; `None` if there is no centre.
    pub nearest: Vec<Option<(CentreId, WalkTime)>>,
    /// Everybody, at the adult's pace.
    pub all: Reach,
    /// Adults, older people and children, each at their own pace; then everybody, were they in a
    /// wheelchair.
    pub groups: [Reach; 4],
    /// Per community, everybody at the adult's pace, then older people and children at theirs.
    pub communities: Vec<[Reach; 3]>,
    /// Each level that open centres have, and the one asked for, in order.
    pub levels: Vec<LevelReach>,
    /// Households in uncovered atoms, per community.
    pub gap_households: Vec<u64>,
    /// What each counted centre carries.
    pub loads: Vec<CentreLoad>,
    /// Square metres of floor for each 100 households, per atom, shared by all who reach the same
    /// centres; `None` unless the area of every counted centre is known.
    pub floor: Option<Vec<f64>>,
    /// Atoms from which no street is near enough to walk to any centre.
    pub off_street: Vec<AtomId>,
    /// The ground from which adults reach each centre, then any, in 5, 10 and 15 minutes; nothing where
    /// walks are estimated from straight lines.
    pub isochrones: Vec<Isochrone>,
}

/// Who reaches the centres of one level, and the services they offer. A higher level never raises the
/// figure of a lower one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LevelReach {
    /// The level, 1 city to 5 corner.
    pub level: u8,
    /// The longest walk that counts.
    pub within: WalkTime,
    /// How many centres count.
    pub centres: u32,
    /// Everybody at the adult's pace, then older people and children at theirs.
    pub reach: [Reach; 3],
    /// Each service that one of them offers, by name.
    pub services: Vec<ServiceReach>,
}

/// Who reaches a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceReach {
    /// Its name.
    pub service: String,
    /// Whom it is for; `Adult` stands for everybody.
    pub users: Group,
    /// How many centres offer it.
    pub centres: u32,
    /// Those people at their own pace.
    pub reach: Reach,
}

/// What one centre carries, adults' walks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CentreLoad {
    /// The centre.
    pub centre: CentreId,
    /// People who reach it in time.
    pub in_time: u64,
    /// Those of them who reach no other in time: they lose cover if it closes.
    pub alone: u64,
    /// Their households.
    pub households_alone: u64,
}

/// The ground from which a centre is reached in time. People are never counted from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Isochrone {
    /// The centre; `None` for all of them together.
    pub centre: Option<CentreId>,
    /// Longest walk.
    pub limit: WalkTime,
    /// The ground, in degrees.
    pub shape: MultiPolygon<f64>,
}

/// A people-weighted summary of walks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// People counted.
    pub population: u64,
    /// Of them, people who arrive in time.
    pub covered: u64,
    /// People times milliseconds, over those with a centre to walk to.
    pub person_millis: u128,
    /// People with a centre to walk to.
    pub reachable: u64,
    /// Ninetieth percentile of the walks of those people.
    pub p90: Option<WalkTime>,
    /// The longest of those walks.
    pub longest: Option<WalkTime>,
}

impl Reach {
    /// People-weighted mean walk; `None` if nobody has a centre to walk to.
    pub fn mean(&self) -> Option<WalkTime> {
        let people = u128::from(self.reachable);
        let mean = (people > 0).then(|| (self.person_millis + people / 2) / people)?;
        Some(WalkTime::from_millis(u32::try_from(mean).unwrap_or(u32::MAX)))
    }

    /// Covered over counted, 0..=1; 0 of nobody.
    pub fn share(&self) -> f64 {
        if self.population == 0 { 0.0 } else { self.covered as f64 / self.population as f64 }
    }
}
