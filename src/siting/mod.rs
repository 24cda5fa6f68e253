//! Where new centres should stand.
//!
//! Existing centres stay. Candidates that stand outside the place, whose address names another
//! district, or that were forbidden are not planned with. Every objective gives a choice, its value,
//! and a bound no choice can beat; where the two meet the choice is optimal. Plain problems go to
//! [`crate::location`]; a budget, a second aim, several plans and the other objectives to a search of
//! its own.

mod counted;
mod curve;
mod ground;
mod instance;
mod limits;
mod packing;
mod reasons;
mod regret;
mod room;
mod search;
mod together;

pub use together::together;

use crate::index::fabric::Fabric;
use crate::location::{Effort, Unsolvable};
use crate::model::place::Place;
use crate::model::plan::{Infeasible, OtherSites, Siting, Status};
use crate::model::rules::{Objective, Rules};
use crate::model::scenario::{ComparedPlan, Comparison, ScenarioBest};
use crate::network::TravelTimes;
use crate::run::{Run, Stage};
use counted::{Answer, Sites};
use instance::Instance;
use limits::Limits;
use search::{Question, search};

/// Chooses new centres among the candidates of `place`, existing ones fixed.
///
/// Every objective but `fewest` chooses `rules.siting.new` of them (fewer if fewer help, exist or can
/// be paid for); `fewest` as many as it takes to reach everybody any candidate reaches, or the share
/// asked for.
pub fn choose(
    place: &Place,
    fabric: &Fabric,
    times: &dyn TravelTimes,
    rules: &Rules,
    run: &Run<'_>,
) -> Siting {
    run.progress.begin(Stage::Siting, 1);
    let instance = Instance::of(place, fabric, times, rules);
    let solved = solve(&instance, rules, run);
    let free_hand = (!rules.siting.force.is_empty() || !rules.siting.forbid.is_empty()).then(|| {
        let mut rules = rules.clone();
        rules.siting.force.clear();
        rules.siting.forbid.clear();
        rules.siting.plans = 1;
        let instance = Instance::of(place, fabric, times, &rules);
        let solved = solve(&instance, &rules, run);
        OtherSites {
            chosen: solved.answer.sites.iter().map(|&s| instance.candidates[s as usize]).collect(),
            value: solved.answer.value,
        }
    });
    let Solved { answer, infeasible, complete, others } = solved;
    let out_of_reach = instance.out_of_reach();
    let Answer { sites, value, bound } = answer;
    let status = match (infeasible.is_some(), value == bound) {
        (true, _) => Status::Infeasible,
        (false, true) => Status::Optimal,
        (false, false) => Status::Gap,
    };
    let chosen = instance.ranked(&sites);
    let rejected = reasons::of(place, &instance, rules, &chosen);
    let gained: u64 = chosen.iter().map(|c| c.newly_covered).sum();
    let walk_after = instance.walk_after(fabric, &sites);
    let covered_before = instance.ground.covered_before();
    let curve = curve::of(&instance, rules.siting.new as usize, run);
    let id = |s: &u32| instance.candidates[*s as usize];
    let other =
        |(value, sites): (u64, Vec<u32>)| OtherSites { chosen: sites.iter().map(id).collect(), value };
    let then = rules.siting.then.map(|aim| instance.ground.value(aim, &instance.ground.with(&sites)));
    run.progress.advance(1);
    run.progress.end();
    Siting {
        objective: rules.siting.objective,
        rejected,
        value,
        bound,
        status,
        covered_before,
        covered_after: covered_before + gained,
        walk_after,
        chosen,
        then,
        complete,
        alternatives: others.into_iter().map(other).collect(),
        free_hand,
        curve,
        infeasible,
        out_of_reach,
    }
}

/// One scenario of a comparison: a place with its rules and walks.
pub struct Case<'a> {
    /// Its name.
    pub name: &'a str,
    /// The place, its people as the scenario has them.
    pub place: &'a Place,
    /// Its atoms.
    pub fabric: &'a Fabric,
    /// Its walks.
    pub times: &'a dyn TravelTimes,
    /// Its rules; the objective is the same in all.
    pub rules: &'a Rules,
}

/// Chooses sites for every scenario, weighs every choice in all of them, and looks for the one whose
/// largest loss against the best is least (minimax regret, Savage 1951). All cases must have the same
/// candidates.
pub fn compare(cases: &[Case<'_>], run: &Run<'_>) -> Comparison {
    run.progress.begin(Stage::Siting, cases.len() as u64);
    let instances: Vec<Instance<'_>> =
        cases.iter().map(|case| Instance::of(case.place, case.fabric, case.times, case.rules)).collect();
    let mut weighed = Vec::new();
    let mut best = Vec::new();
    let mut choices: Vec<(usize, Vec<u32>)> = Vec::new();
    for (i, (case, instance)) in cases.iter().zip(&instances).enumerate() {
        let Solved { answer, .. } = solve(instance, case.rules, run);
        let ids: Vec<u32> = answer.sites.iter().map(|&s| instance.candidates[s as usize].0).collect();
        if !choices.iter().any(|(_, held)| *held == ids) {
            choices.push((i, ids));
        }
        let people = instance.ground.people.iter().sum();
        best.push(ScenarioBest {
            name: case.name.to_owned(),
            people,
            value: answer.value,
            bound: answer.bound,
        });
        let limits = Limits { new: case.rules.siting.new as usize, budget: case.rules.siting.budget };
        let objective = case.rules.siting.objective;
        weighed.push(regret::Case { instance, objective, best: answer.value, limits });
        run.progress.advance(1);
    }
    // What one scenario's search left open, another's choice may have found.
    for (case, told) in weighed.iter_mut().zip(&mut best) {
        let values = choices.iter().filter_map(|(_, ids)| case.value(ids)).chain([case.best]);
        let found = if case.objective.wants_more() { values.max() } else { values.min() };
        case.best = found.unwrap_or(case.best);
        told.value = case.best;
    }
    let candidates = cases.first().map_or(0, |case| case.place.candidates.len() as u32);
    let starts: Vec<Vec<u32>> = choices.iter().map(|choice| choice.1.clone()).collect();
    let robust = regret::robust(&weighed, &starts, candidates);
    let mut all: Vec<(Option<usize>, Vec<u32>)> =
        choices.into_iter().map(|(i, ids)| (Some(i), ids)).collect();
    if let Some(ids) = robust.filter(|ids| !starts.contains(ids)) {
        all.push((None, ids));
    }
    let code = |id: &u32| cases[0].place.candidates[*id as usize].site.code.clone();
    let plans: Vec<ComparedPlan> = all
        .iter()
        .map(|(of, ids)| {
            let values: Vec<Option<u64>> = weighed.iter().map(|case| case.value(ids)).collect();
            let regret = |(case, value): (&regret::Case<'_>, &Option<u64>)| Some(case.regret((*value)?));
            let regrets = weighed.iter().zip(&values).map(regret).collect();
            ComparedPlan { of: *of, sites: ids.iter().map(code).collect(), values, regrets }
        })
        .collect();
    let worst =
        |plan: &ComparedPlan| (plan.worst().unwrap_or(u64::MAX), plan.regrets.iter().flatten().sum::<u64>());
    let robust = (0..plans.len()).min_by_key(|&i| worst(&plans[i])).unwrap_or(0);
    run.progress.end();
    Comparison { scenarios: best, plans, robust }
}

/// The best choice found and what is known about it.
struct Solved {
    answer: Answer,
    infeasible: Option<Infeasible>,
    /// Whether nothing better was left out, by all aims; value and bound tell of the first.
    complete: bool,
    /// The next best, if several were asked for.
    others: Vec<(u64, Vec<u32>)>,
}

fn solve(instance: &Instance<'_>, rules: &Rules, run: &Run<'_>) -> Solved {
    let asked = &rules.siting;
    let ground = &instance.ground;
    let sites = Sites { free: &instance.free, forced: &instance.forced };
    let new = (asked.new as usize).saturating_sub(instance.forced.len());
    let spent: u64 = instance.forced.iter().map(|&s| instance.costs[s as usize]).sum();
    let forced = instance.forced.len() as u32;
    let crowded = asked.objective != Objective::Fewest && forced > asked.new;
    let barred = instance.barred.map(|(candidate, reason)| Infeasible::ForcedBarred { candidate, reason });
    let overdrawn = asked.budget.filter(|budget| spent > *budget);
    let mut infeasible = barred
        .or(crowded.then_some(Infeasible::ForcedTooMany { forced, new: asked.new }))
        .or(overdrawn.map(|budget| Infeasible::ForcedTooDear { cost: spent, budget }));
    let mut limits = Limits { new, budget: asked.budget.map(|budget| budget.saturating_sub(spent)) };
    let mut aims = vec![asked.objective];
    let mut fewest = None;
    if asked.objective == Objective::Fewest {
        let answer = fewest_sites(instance, sites, rules, run);
        infeasible = infeasible.or(answer.as_ref().err().map(|(_, why)| *why));
        let mut answer = answer.unwrap_or_else(|(all, _)| all);
        // Those forced in count: the question is how many centres there will be.
        answer.value += instance.forced.len() as u64;
        answer.bound += instance.forced.len() as u64;
        // Among as many, the next aim decides; to cover all the same is then the first.
        limits.new = answer.sites.len().saturating_sub(instance.forced.len());
        aims = vec![Objective::Cover];
        fewest = Some(answer);
    }
    // Where a community can be helped by nothing, the lowest share says nothing of the others.
    let fair = (asked.objective == Objective::Fair).then_some(Objective::Cover);
    aims.extend(asked.then.or(fair));
    let plain = asked.budget.is_none() && aims.len() == 1 && asked.plans <= 1;
    let effort = Effort::Normal;
    let first = match &fewest {
        Some(answer) => Some(answer.clone()),
        None if asked.budget.is_none() => counted::best(ground, sites, asked.objective, new, effort, run),
        None => None,
    };
    if let Some(answer) = first.as_ref().filter(|_| plain) {
        let alone = !instance.has_centre() && answer.sites.is_empty() && !ground.people.is_empty();
        let walks = matches!(asked.objective, Objective::Walk | Objective::Worst);
        infeasible = infeasible.or((alone && walks).then_some(Infeasible::NoSite));
        return Solved { answer: answer.clone(), infeasible, complete: true, others: Vec::new() };
    }
    let question = Question {
        ground,
        aims,
        limits,
        costs: instance.costs.clone(),
        forced: instance.forced.clone(),
        free: instance.free.clone(),
        plans: asked.plans.max(1) as usize,
    };
    let start = first.as_ref().map_or(instance.forced.as_slice(), |answer| &answer.sites);
    let found = search(&question, start);
    let value_of = |sites: &[u32]| match &fewest {
        Some(_) => sites.len() as u64,
        None => ground.value(asked.objective, &ground.with(sites)),
    };
    let covered = |sites: &[u32]| ground.value(Objective::Cover, &ground.with(sites));
    // As few centres that cover less are no answer to how few are needed.
    let most = wanted(instance, rules).1.unwrap_or(u64::MAX);
    let enough = fewest.as_ref().map_or(0, |answer| covered(&answer.sites).min(most));
    let valid = |(_, sites): &(_, Vec<u32>)| enough == 0 || covered(sites) >= enough;
    let mut plans = found.plans.into_iter().filter(valid).map(|(_, sites)| (value_of(&sites), sites));
    let (value, chosen) = plans.next().unwrap_or((0, instance.forced.clone()));
    let signed = if asked.objective.wants_more() { found.bound } else { found.bound.saturating_neg() };
    let searched = u64::try_from(signed).unwrap_or(0);
    let bound = match (&fewest, &first) {
        (Some(answer), _) => answer.bound,
        (None, Some(answer)) if asked.objective.wants_more() => answer.bound.min(searched).max(value),
        (None, Some(answer)) => answer.bound.max(searched).min(value),
        (None, None) => searched,
    };
    let alone = !instance.has_centre() && chosen.is_empty() && !ground.people.is_empty();
    let walks = matches!(asked.objective, Objective::Walk | Objective::Worst);
    infeasible = infeasible.or((alone && walks).then_some(Infeasible::NoSite));
    let others = plans.collect();
    Solved { answer: Answer { sites: chosen, value, bound }, infeasible, complete: found.complete, others }
}

/// People whom the fewest centres are to cover, and how many more than today that is, if a share was asked.
fn wanted(instance: &Instance<'_>, rules: &Rules) -> (u64, Option<u64>) {
    let all: u64 = instance.ground.people.iter().sum();
    let Some(permille) = rules.siting.share_permille else { return (all, None) };
    let wanted = (u128::from(all) * u128::from(permille)).div_ceil(1000) as u64;
    (wanted, Some(wanted.saturating_sub(instance.ground.covered_before())))
}

/// As few as it takes; where too much is asked, all that can be covered, as an error.
fn fewest_sites(
    instance: &Instance<'_>,
    sites: Sites<'_>,
    rules: &Rules,
    run: &Run<'_>,
) -> Result<Answer, (Answer, Infeasible)> {
    let ground = &instance.ground;
    let (wanted, more) = wanted(instance, rules);
    let effort = Effort::Normal;
    let none = || Answer { sites: sites.forced.to_vec(), ..Answer::default() };
    counted::fewest(ground, sites, more, effort, run).map_err(|reason| {
        let fullest = counted::fewest(ground, sites, None, effort, run);
        let answer = match reason {
            Unsolvable::TooMuchAsked { .. } => fullest.unwrap_or_else(|_| none()),
            _ => none(),
        };
        let every: Vec<u32> = sites.free.iter().chain(sites.forced).copied().collect();
        let most = ground.covered_before() + ground.value(Objective::Cover, &ground.with(&every));
        (answer, Infeasible::TooMuchAsked { most, wanted })
    })
}
