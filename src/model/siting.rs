//! Where new centres should stand: the answer, what is known about it, and why the others fell out.

use super::ids::{AtomId, CandidateId};
use super::rules::{Group, Objective};
use super::units::WalkTime;

/// Where new centres should stand.
#[derive(Clone, Debug)]
pub struct Siting {
    /// What they are for.
    pub objective: Objective,
    /// The chosen, best first.
    pub chosen: Vec<Chosen>,
    /// The others, each with a reason, in order of code.
    pub rejected: Vec<(CandidateId, Rejection)>,
    /// Value of the objective: people newly covered; person milliseconds walked; new centres;
    /// milliseconds of the longest walk.
    pub value: u64,
    /// No choice can be better than this.
    pub bound: u64,
    /// What is known about `value`.
    pub status: Status,
    /// People covered before, at the adult's pace.
    pub covered_before: u64,
    /// And after.
    pub covered_after: u64,
    /// Per atom the adult's walk to the nearest centre once the chosen ones are there.
    pub walk_after: Vec<Option<WalkTime>>,
    /// Value of what decided among equals, if anything was to.
    pub then: Option<u64>,
    /// Whether nothing better was left out, by what decides among equals and of the next best too.
    pub complete: bool,
    /// The next best choices, best first, if they were asked for.
    pub alternatives: Vec<OtherSites>,
    /// The best choice, were nothing forced in and nothing forbidden; `None` if nothing is.
    pub free_hand: Option<OtherSites>,
    /// What each further centre brings.
    pub curve: Vec<CurvePoint>,
    /// Why what was asked cannot be done, if it cannot.
    pub infeasible: Option<Infeasible>,
    /// Inhabited atoms that neither a centre nor any candidate reaches in time, with the shortest walk to
    /// one of them; `None` where no walk is known.
    pub out_of_reach: Vec<(AtomId, Option<WalkTime>)>,
}

/// Why what was asked of sites cannot be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Infeasible {
    /// More candidates are forced in than new centres are wanted.
    ForcedTooMany {
        /// Forced in.
        forced: u32,
        /// Wanted.
        new: u32,
    },
    /// Those forced in cost more than the budget.
    ForcedTooDear {
        /// Their cost.
        cost: u64,
        /// The budget.
        budget: u64,
    },
    /// One that is forced in may not be chosen.
    ForcedBarred {
        /// Which.
        candidate: CandidateId,
        /// Why not.
        reason: Rejection,
    },
    /// More people are to be covered than all candidates together cover.
    TooMuchAsked {
        /// People covered with every candidate.
        most: u64,
        /// People to be covered.
        wanted: u64,
    },
    /// There is no centre and none may be chosen: nobody has a walk.
    NoSite,
}

/// Another choice of sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSites {
    /// Which candidates, ascending.
    pub chosen: Vec<CandidateId>,
    /// What the objective comes to.
    pub value: u64,
}

/// A number of new centres and the best that can be done with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurvePoint {
    /// New centres.
    pub centres: u32,
    /// People covered by the best choice for cover.
    pub covered: u64,
    /// No choice covers more.
    pub covered_bound: u64,
    /// People times milliseconds of the best choice for walking.
    pub person_millis: u64,
    /// No choice has less.
    pub person_millis_bound: u64,
}

/// One chosen candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub candidate: CandidateId,
    /// People covered by this one and by none before it.
    pub newly_covered: u64,
    /// Person milliseconds saved when it is added to those before it.
    pub millis_saved: u64,
}

/// Why a candidate was not chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It reaches nobody who is not covered already.
    AddsNobody,
    /// Everybody it would newly cover is covered by another candidate too, which covers more.
    DominatedBy(CandidateId),
    /// Beside the chosen ones it would add this many people, fewer than the last chosen.
    AddsFewer(u64),
    /// It would help, but the number of new centres is used up by better ones.
    NotAmongBest(u64),
    /// It stands outside the place.
    Outside,
    /// Its address names another county or district.
    ForeignAddress,
    /// It was forbidden.
    Forbidden,
    /// There is a budget, and what it would cost is not known.
    NoCost,
    /// Its floor area is unknown, and floor is what is asked for.
    NoArea,
    /// It costs so much that it does not fit into the budget, or into what the chosen leave of it.
    OverBudget(u64),
}

/// What is known about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Value equals bound.
    Optimal,
    /// Value and bound differ.
    Gap,
    /// What was asked cannot be done.
    Infeasible,
}

impl Status {
    /// The word in `plan.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Optimal => "optimal",
            Self::Gap => "gap",
            Self::Infeasible => "infeasible",
        }
    }
}

/// Several services, or several levels, sited together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// What was to be placed.
    pub wished: Vec<WishedService>,
    /// Candidates used and what goes into each, in order of code.
    pub chosen: Vec<Placed>,
    /// Users newly reached, over all services.
    pub value: u64,
    /// No choice has more.
    pub bound: u64,
    /// Whether that is proved to be the most.
    pub complete: bool,
}

/// A service or a level that is to be placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishedService {
    /// The service; empty for a level.
    pub service: String,
    /// The level, where levels are sited.
    pub level: Option<u8>,
    /// Whom it is for; `Adult` stands for everybody.
    pub group: Group,
    /// Floor it takes.
    pub area_m2: u32,
    /// Most candidates it goes into.
    pub most: Option<usize>,
    /// Its users.
    pub users: u64,
    /// Those of them who have one in reach today.
    pub before: u64,
    /// And newly.
    pub newly: u64,
}

/// A candidate with what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Which.
    pub candidate: CandidateId,
    /// Positions in [`Together::wished`], with the users newly reached by this one and by none before it.
    pub inside: Vec<(u32, u64)>,
}
