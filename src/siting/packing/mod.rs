//! Which buildings to take and what to put into each.
//!
//! Several services look for room among the same buildings. A building holds as many of them as its
//! floor area allows (or one, where levels are sited together), no service twice; a number of buildings,
//! a budget and a number per service limit the choice. Wanted is that as many users as possible come to
//! have their own service within reach, those who have it today counted out.
//!
//! The users reached are a monotone submodular function of what stands where (Nemhauser, Wolsey and
//! Fisher 1978). Different services in one building do not overlap, so that filling one building is a
//! knapsack (Dantzig 1957), solved exactly. Across buildings the overlap is priced: each row of users
//! pays at most its number and pays every building that reaches it, and whatever the prices, the best
//! buildings at those prices and what rows keep add up to a bound (Lagrange relaxation; prices of full
//! number give the submodular bound). Prices are improved by subgradient steps (Held, Wolfe and Crowder
//! 1974). A depth-first search, with the most promising service in its building and then without,
//! proves the choice or leaves a bound; buildings that are the same in all respects are tried once. All
//! in whole numbers; work is counted, never timed.
//!
//! Cost: rows that the same buildings reach are one group. A bound looks once at every list of groups
//! still open; the first node takes up to 400 bounds, each later one up to 14. In the worst case the
//! number of nodes grows exponentially with the services to be placed, and the limit on work ends the
//! search. Memory is the lists and, for each service placed on the way down, two numbers per group.
//!
//! Measured on one core, buildings and rows at random in a square, a building reaching 3 to 20 % of the
//! rows: 60 buildings, 5 services, 6,000 rows and 5 or 10 new ones take 4 to 45 ms, 300 buildings and 3
//! services 10 to 100 ms, with a budget up to 230 ms, all proven. Where reach has no order in space the
//! bound is weak: 10 of 60 keep a gap of 8 to 10 % after 400 million entries (2 s). The greedy start is
//! not limited by work: 2 s for 2,000 of 8,000 buildings.

mod fill;
mod ground;
mod polish;
mod price;
mod search;
mod start;
mod state;
#[cfg(test)]
mod tests;

use ground::Ground;
use state::State;

/// A service that looks for room.
#[derive(Clone, Debug, Default)]
pub(super) struct Service {
    /// Floor area it takes, in the unit of `Packing::room`.
    pub(super) area: u64,
    /// Most buildings it goes into; any number for `None`.
    pub(super) most: Option<usize>,
    /// Its users in each row.
    pub(super) users: Vec<u64>,
    /// Whether each row has an offer in reach today; not, where the list is short.
    pub(super) served: Vec<bool>,
    /// The rows in reach of each building, ascending; rows that do not exist are passed over.
    pub(super) reach: Vec<Vec<u32>>,
}

/// What is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Packing {
    /// Floor area of each building, in the unit of `Service::area`.
    pub(super) room: Vec<u64>,
    /// Cost of each building, in the unit of the budget; nothing where the list is short.
    pub(super) costs: Vec<u64>,
    /// Most buildings used, those forced in among them.
    pub(super) new: usize,
    /// Most that all buildings used may cost together.
    pub(super) budget: Option<u64>,
    /// At most one service to a building, whatever its area.
    pub(super) one_each: bool,
    /// Buildings used in any case, even beyond the number or the budget; nothing more that counts or
    /// costs is added then.
    pub(super) forced: Vec<u32>,
    /// The services.
    pub(super) services: Vec<Service>,
}

/// A choice with its proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Packed {
    /// Buildings used, ascending, with the services in each, ascending; a building forced in may be empty.
    pub(super) chosen: Vec<(u32, Vec<u32>)>,
    /// Users newly reached, summed over services.
    pub(super) value: u64,
    /// No choice has more.
    pub(super) bound: u64,
    /// Whether nothing was left unsearched, so that the bound is the value.
    pub(super) complete: bool,
}

/// Chooses buildings and what goes into each, within about `work` list entries looked at.
///
/// With too little work the bound stays above the value; the first greedy choice and the first bound
/// are always made. The same question has the same answer; among equals the lower building stands where
/// one can simply take the place of another. More than 2⁴⁰ users are not searched, only bounded.
pub(super) fn pack(question: &Packing, work: u64) -> Packed {
    let (ground, total) = Ground::of(question);
    let first = State::of(question, &ground);
    if total > ground::MOST_USERS {
        let bound = u64::try_from(total).unwrap_or(u64::MAX);
        return Packed { chosen: first.chosen(&ground), value: 0, bound, complete: false };
    }
    let found = search::search(&ground, &first, work);
    let best = polish::polished(&ground, &first, &found.placed);
    let bound = found.open.map_or(best.value, |open| open.max(best.value));
    Packed { chosen: best.chosen(&ground), value: best.value, bound, complete: bound == best.value }
}
