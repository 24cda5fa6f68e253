//! Why the others fell out.

use std::collections::BTreeSet;

use super::instance::{Instance, barred};
use crate::model::ids::CandidateId;
use crate::model::place::Place;
use crate::model::plan::{Chosen, Rejection};
use crate::model::rules::{Objective, Rules};

/// A reason for every candidate that was not chosen, in order of code.
///
/// Where the objective is walking rather than people covered, cover alone rules nobody out.
pub(super) fn of(
    place: &Place,
    instance: &Instance<'_>,
    rules: &Rules,
    chosen: &[Chosen],
) -> Vec<(CandidateId, Rejection)> {
    let by_people = matches!(rules.siting.objective, Objective::Cover | Objective::Fewest);
    let taken: BTreeSet<CandidateId> = chosen.iter().map(|c| c.candidate).collect();
    let ground = &instance.ground;
    let covers = |site: usize| -> BTreeSet<u32> {
        let fresh = |&&(atom, walk): &&(u32, u32)| {
            walk <= ground.within && ground.today[atom as usize] > ground.within
        };
        ground.lists[site].iter().filter(fresh).map(|entry| entry.0).collect()
    };
    let covered: Vec<BTreeSet<u32>> = (0..instance.candidates.len()).map(covers).collect();
    let is_chosen = |i: &usize| taken.contains(&instance.candidates[*i]);
    let served: BTreeSet<u32> =
        (0..covered.len()).filter(is_chosen).flat_map(|i| covered[i].iter().copied()).collect();
    let last = chosen.iter().map(|c| c.newly_covered).min().unwrap_or(0);
    let cost = |id: CandidateId| place.candidates[id.index()].cost.unwrap_or(0);
    let spent: u64 = chosen.iter().map(|c| cost(c.candidate)).sum();
    let reason = |id: CandidateId| -> Rejection {
        if let Some(reason) = barred(place, id.index(), rules) {
            return reason;
        }
        let Ok(position) = instance.candidates.binary_search(&id) else { return Rejection::AddsNobody };
        let own = &covered[position];
        if own.is_empty() && by_people {
            return Rejection::AddsNobody;
        }
        let adds: u64 = own.difference(&served).map(|&a| ground.people[a as usize]).sum();
        if !by_people {
            return Rejection::NotAmongBest(adds);
        }
        // A chosen one that covers all this one would is the best of reasons. Under a budget the one
        // that covers more must not cost more.
        let covers_more = |i: &usize| {
            covered[*i].len() > own.len()
                && own.is_subset(&covered[*i])
                && instance.costs[*i] <= instance.costs[position]
        };
        let all = || (0..covered.len()).filter(covers_more);
        if let Some(better) = all().find(is_chosen).or_else(|| all().next()) {
            return Rejection::DominatedBy(instance.candidates[better]);
        }
        match rules.siting.budget {
            Some(budget) if spent + cost(id) > budget => Rejection::OverBudget(cost(id)),
            _ if adds < last => Rejection::AddsFewer(adds),
            _ => Rejection::NotAmongBest(adds),
        }
    };
    let all = (0..place.candidates.len()).map(CandidateId::at);
    all.filter(|id| !taken.contains(id)).map(|id| (id, reason(id))).collect()
}
