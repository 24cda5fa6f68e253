//! Why the others fell out.

use std::collections::BTreeSet;

use super::instance::Instance;
use crate::model::ids::CandidateId;
use crate::model::place::{Place, SetAside};
use crate::model::plan::{Chosen, Rejection};
use crate::model::rules::Objective;

/// A reason for every candidate that was not chosen, in order of code.
///
/// Where the objective is walking rather than people covered, cover alone rules nobody out.
pub(super) fn of(
    place: &Place,
    instance: &Instance<'_>,
    objective: Objective,
    chosen: &[Chosen],
) -> Vec<(CandidateId, Rejection)> {
    let by_people = matches!(objective, Objective::Cover | Objective::Fewest);
    let taken: BTreeSet<CandidateId> = chosen.iter().map(|c| c.candidate).collect();
    let rows_of = rows_by_candidate(instance);
    let served: BTreeSet<u32> = (0u32..)
        .zip(&instance.candidates)
        .filter(|(_, id)| taken.contains(id))
        .flat_map(|(i, _)| rows_of[i as usize].iter().copied())
        .collect();
    let last = chosen.iter().map(|c| c.newly_covered).min().unwrap_or(0);
    let position = |id: CandidateId| instance.candidates.binary_search(&id).ok();
    let reason = |id: CandidateId| -> Rejection {
        match place.candidates[id.index()].site.set_aside {
            Some(SetAside::Outside) => return Rejection::Outside,
            Some(SetAside::ForeignAddress) => return Rejection::ForeignAddress,
            None => {}
        }
        let Some(own) = position(id).map(|i| &rows_of[i]) else { return Rejection::AddsNobody };
        if own.is_empty() && by_people {
            return Rejection::AddsNobody;
        }
        let fresh = own.iter().filter(|r| !served.contains(r));
        let adds: u64 = fresh.map(|&r| instance.rows[r as usize].people).sum();
        if !by_people {
            return Rejection::NotAmongBest(adds);
        }
        // A chosen one that covers all this one would is the best of reasons.
        let covers_more = |i: &usize| rows_of[*i].len() > own.len() && own.is_subset(&rows_of[*i]);
        let is_chosen = |i: &usize| taken.contains(&instance.candidates[*i]);
        let all = || (0..rows_of.len()).filter(covers_more);
        if let Some(better) = all().find(is_chosen).or_else(|| all().next()) {
            return Rejection::DominatedBy(instance.candidates[better]);
        }
        if adds < last { Rejection::AddsFewer(adds) } else { Rejection::NotAmongBest(adds) }
    };
    let all = (0..place.candidates.len()).map(CandidateId::at);
    all.filter(|id| !taken.contains(id)).map(|id| (id, reason(id))).collect()
}

fn rows_by_candidate(instance: &Instance<'_>) -> Vec<BTreeSet<u32>> {
    let mut rows = vec![BTreeSet::new(); instance.candidates.len()];
    for (r, row) in (0u32..).zip(&instance.rows) {
        for &candidate in &row.by {
            rows[candidate as usize].insert(r);
        }
    }
    rows
}
