//! What each further centre brings: from none to so many, with bounds.

use super::counted::{self, Sites};
use super::instance::Instance;
use crate::location::Effort;
use crate::model::plan::CurvePoint;
use crate::model::rules::Objective;
use crate::run::Run;

/// Points of the curve beside the one at nothing, if there are as many candidates.
const POINTS: usize = 10;

/// And at most, whatever the plan's own number.
const POINTS_MAX: usize = 40;

/// Best cover and least walking for 0, 1, 2 … centres more; those forced in come first.
///
/// Nothing where so many walks would be too many. Two small problems a point; each value is at least as good as the one before it.
pub(super) fn of(instance: &Instance<'_>, new: usize, run: &Run<'_>) -> Vec<CurvePoint> {
    if !instance.full {
        return Vec::new();
    }
    let ground = &instance.ground;
    let sites = Sites { free: &instance.free, forced: &instance.forced };
    let most = instance.free.len().min(POINTS.max(new).min(POINTS_MAX).saturating_sub(instance.forced.len()));
    let before = ground.covered_before();
    let all: u64 = ground.people.iter().sum();
    let mut points: Vec<CurvePoint> = Vec::with_capacity(most + 1);
    for count in 0..=most {
        let best = |objective| counted::best(ground, sites, objective, count, Effort::Fast, run);
        let (Some(cover), Some(walk)) = (best(Objective::Cover), best(Objective::Walk)) else { break };
        let mut point = CurvePoint {
            centres: (instance.forced.len() + count) as u32,
            covered: before + cover.value,
            covered_bound: (before + cover.bound).min(all),
            person_millis: walk.value,
            person_millis_bound: walk.bound,
        };
        if let Some(last) = points.last() {
            point.covered = point.covered.max(last.covered);
            point.person_millis = point.person_millis.min(last.person_millis);
            point.covered_bound = point.covered_bound.max(point.covered);
            point.person_millis_bound = point.person_millis_bound.min(point.person_millis);
        }
        points.push(point);
    }
    points
}
