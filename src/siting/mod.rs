//! Where new centres should stand.
//!
//! Existing centres stay. Candidates that stand outside the place or whose address names another
//! district are not planned with. Each of the four objectives gives a choice, its value, and a
//! bound no choice can beat; where the two meet the choice is optimal.

mod bounds;
mod choose;
mod cover;
mod instance;
mod reasons;

use crate::index::fabric::Fabric;
use crate::model::place::Place;
use crate::model::plan::{Siting, Status};
use crate::model::rules::{Objective, Rules};
use crate::network::TravelTimes;
use crate::run::{Run, Stage};
use choose::Answer;
use instance::Instance;

/// Chooses new centres among the candidates of `place`, existing ones fixed.
///
/// `cover` and `worst` and `walk` choose `rules.siting.new` of them (fewer if fewer help or
/// exist); `fewest` as many as it takes to reach everybody any candidate reaches.
pub fn choose(
    place: &Place,
    fabric: &Fabric,
    times: &dyn TravelTimes,
    rules: &Rules,
    run: &Run<'_>,
) -> Siting {
    run.progress.begin(Stage::Siting, 1);
    let instance = Instance::of(place, fabric, times, rules);
    let new = rules.siting.new as usize;
    let answer = match rules.siting.objective {
        Objective::Cover => choose::cover(&instance, new),
        Objective::Fewest => choose::fewest(&instance),
        Objective::Walk => choose::walk(&instance, new),
        Objective::Worst => choose::worst(&instance, new),
    };
    let Answer { sites, value, bound, infeasible } = answer;
    let status = match (infeasible, value == bound) {
        (true, _) => Status::Infeasible,
        (false, true) => Status::Optimal,
        (false, false) => Status::Gap,
    };
    let chosen = instance.ranked(&sites);
    let rejected = reasons::of(place, &instance, rules.siting.objective, &chosen);
    let gained: u64 = chosen.iter().map(|c| c.newly_covered).sum();
    let walk_after = instance.walk_after(fabric, &sites);
    run.progress.advance(1);
    run.progress.end();
    Siting {
        objective: rules.siting.objective,
        rejected,
        value,
        bound,
        status,
        covered_before: instance.covered_before,
        covered_after: instance.covered_before + gained,
        walk_after,
        chosen,
    }
}
