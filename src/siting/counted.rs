//! A number of sites and nothing else: the plain problems, through [`crate::location`].
//!
//! Today's walk becomes one more site that stands, as far from each atom as that walk.

use super::ground::Ground;
use crate::location::{self, Costs, Effort, Entry, Instance, Problem, Site, State, Table, Unsolvable};
use crate::model::rules::Objective;
use crate::run::Run;

/// A choice with its proof.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    /// The candidates added, ascending, those forced in among them.
    pub(super) sites: Vec<u32>,
    pub(super) value: u64,
    pub(super) bound: u64,
}

/// Sites that may be added and sites that stand in any case.
#[derive(Clone, Copy)]
pub(super) struct Sites<'a> {
    pub(super) free: &'a [u32],
    pub(super) forced: &'a [u32],
}

/// Up to `new` sites beside those forced in; `None` if the engine has no answer.
pub(super) fn best(
    ground: &Ground,
    sites: Sites<'_>,
    objective: Objective,
    new: usize,
    effort: Effort,
    run: &Run<'_>,
) -> Option<Answer> {
    let p = new.min(sites.free.len()) as u32;
    let within = ground.within;
    // A problem, the rows that matter to it, and how far lists reach.
    let (problem, reach) = match objective {
        Objective::Cover => (Problem::Mclp { p, radius: within }, Some(within)),
        Objective::Walk => (Problem::PMedian { p }, None),
        Objective::Worst => (Problem::PCenter { p }, None),
        Objective::Fewest | Objective::Backup | Objective::Fair | Objective::Room => return None,
    };
    let (instance, _) = instance(ground, sites, reach);
    if p == 0 || instance.weights.is_empty() {
        let state = ground.with(sites.forced);
        let value = ground.value(objective, &state);
        return Some(Answer { sites: sites.forced.to_vec(), value, bound: value });
    }
    let found = location::solve(&instance, problem, effort, run).ok()?;
    let bound = u64::try_from(found.bound).unwrap_or(0);
    Some(settled(ground, sites, objective, &found.chosen, bound))
}

/// Fewest sites that cover so many people beyond those covered today; all that can be for `None`.
///
/// # Errors
/// What the engine cannot do: most often more is asked for than can be covered.
pub(super) fn fewest(
    ground: &Ground,
    sites: Sites<'_>,
    more: Option<u64>,
    effort: Effort,
    run: &Run<'_>,
) -> Result<Answer, Unsolvable> {
    let (instance, fresh) = instance(ground, sites, Some(ground.within));
    let already = ground.value(Objective::Cover, &ground.with(sites.forced));
    let wanted = more.unwrap_or(fresh);
    if wanted <= already || instance.weights.is_empty() {
        if wanted > fresh {
            return Err(Unsolvable::TooMuchAsked { most: fresh, target: wanted });
        }
        return Ok(Answer { sites: sites.forced.to_vec(), value: 0, bound: 0 });
    }
    let radius = ground.within;
    let problem =
        if wanted == fresh { Problem::Lscp { radius } } else { Problem::Psclp { radius, target: wanted } };
    let found = location::solve(&instance, problem, effort, run)?;
    let mut chosen = candidates(ground, &found.chosen);
    chosen.extend(sites.forced);
    chosen.sort_unstable();
    chosen.dedup();
    let (value, bound) = (found.value.max(0) as u64, found.bound.max(0) as u64);
    Ok(Answer { sites: chosen, value, bound })
}

/// Rows for the engine, and the people in them; with a reach only those whom some site newly covers.
fn instance(ground: &Ground, sites: Sites<'_>, reach: Option<u32>) -> (Instance, u64) {
    let m = ground.lists.len();
    let mut rows: Vec<Vec<Entry>> = vec![Vec::new(); ground.people.len()];
    for &site in sites.free.iter().chain(sites.forced) {
        for &(atom, distance) in &ground.lists[site as usize] {
            let there = match reach {
                Some(reach) => distance <= reach && ground.today[atom as usize] > reach,
                None => distance < ground.today[atom as usize],
            };
            if there {
                rows[atom as usize].push(Entry { distance, site });
            }
        }
    }
    let mut table = Table::new();
    let mut weights = Vec::new();
    for (atom, row) in rows.into_iter().enumerate() {
        if reach.is_some() && row.is_empty() {
            continue;
        }
        let today = Entry { distance: ground.today[atom], site: m as u32 };
        table.push(row.into_iter().chain(reach.is_none().then_some(today)));
        weights.push(ground.people[atom]);
    }
    let mut states = vec![State::Forbidden; m + 1];
    sites.free.iter().for_each(|&s| states[s as usize] = State::Free);
    sites.forced.iter().for_each(|&s| states[s as usize] = State::Open);
    // Where only fresh cover matters, today's centres cover nobody who is left.
    states[m] = if reach.is_none() { State::Open } else { State::Forbidden };
    let people = weights.iter().sum();
    let sites = states.into_iter().map(|state| Site { state, capacity: 0 }).collect();
    (Instance { weights, loads: Vec::new(), sites, costs: Costs::Table(table) }, people)
}

fn candidates(ground: &Ground, chosen: &[u32]) -> Vec<u32> {
    chosen.iter().copied().filter(|s| (*s as usize) < ground.lists.len()).collect()
}

/// Without sites that add nothing, and with its value counted again.
fn settled(ground: &Ground, sites: Sites<'_>, objective: Objective, chosen: &[u32], bound: u64) -> Answer {
    let mut chosen = candidates(ground, chosen);
    chosen.extend(sites.forced);
    chosen.sort_unstable();
    chosen.dedup();
    let value = ground.value(objective, &ground.with(&chosen));
    let mut at = chosen.len();
    while at > 0 {
        at -= 1;
        let without: Vec<u32> = chosen.iter().copied().filter(|s| *s != chosen[at]).collect();
        let idle = ground.value(objective, &ground.with(&without)) == value;
        if idle && !sites.forced.contains(&chosen[at]) {
            chosen = without;
        }
    }
    let bound = if objective.wants_more() { bound.max(value) } else { bound.min(value) };
    Answer { sites: chosen, value, bound }
}
