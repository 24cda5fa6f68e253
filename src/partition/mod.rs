//! Dividing communities into grids.
//!
//! Each community is a task of its own. How many grids it gets follows from its households; a few
//! drafts are grown from different seeds, refined by border moves, swaps and recombination, and
//! the best is kept: fewest households out of range, then fewest pieces, then the weighted
//! measures of the four principles. A lower bound on the moment of inertia comes with it. Where the
//! grids in force are to be kept strictly, the fewest households moved decide instead.

mod bound;
mod codes;
mod counts;
mod draft;
mod given;
mod grids;
mod grow;
mod keep;
mod optimum;
mod reasons;
mod refine;
mod revise;
mod score;
mod task;

use std::borrow::Cow;

use rayon::prelude::*;

use crate::index::fabric::Fabric;
use crate::model::ids::{CommunityId, CompoundId, GridId};
use crate::model::keeping::FellBack;
use crate::model::place::Place;
use crate::model::plan::{self, Partition};
use crate::model::rules::{Effort, Keep, Rules};
use crate::run::{Run, Stage};
use draft::{Draft, Scratch};
use optimum::Worth;
use score::{Scale, Score};
use task::Task;

/// Trials of merging and splitting, per draft of a community of a usual size.
const RECOMBINATIONS: usize = 24;

/// A usual number of atoms; larger communities get fewer trials, since each costs more.
const ATOMS_USUAL: usize = 150;

/// Atoms times grids beyond which one draft is made and no trial.
const LARGE: usize = 200_000;

/// The weight of tradition where grids in force were to be kept strictly and cannot be.
const TRADITION_FIRM: u32 = 1000;

/// Numbers of grids tried when the first leaves a grid out of range.
const COUNTS_TRIED: usize = 4;

/// Divides every community of `place` into connected grids whose households lie in the range of
/// `rules` wherever that can be found; a grid outside it carries a reason.
///
/// Hard: each atom in one grid, each grid in one community and in one piece unless its community
/// is in pieces. O(attempts · n · k) moves a community of n atoms and k grids, in practice near
/// linear in the number of communities. No optimum is promised; the bound tells how far off the
/// moment of inertia can be at most.
pub fn divide(place: &Place, fabric: &Fabric, rules: &Rules, run: &Run<'_>) -> Partition {
    run.progress.begin(Stage::Partition, place.communities.len() as u64);
    let mut divided = divide_all(place, fabric, rules, run);
    divided.par_iter_mut().for_each(|d| bound::settle(d, rules));
    let partition = assemble(place, fabric, rules, &divided);
    run.progress.end();
    partition
}

/// The same division without its bound on the moment of inertia, which stays zero: for comparing many.
pub fn sketch(place: &Place, fabric: &Fabric, rules: &Rules, run: &Run<'_>) -> Partition {
    assemble(place, fabric, rules, &divide_all(place, fabric, rules, run))
}

fn divide_all(place: &Place, fabric: &Fabric, rules: &Rules, run: &Run<'_>) -> Vec<Divided> {
    let one = |i: usize| {
        let community = CommunityId::at(i);
        let (mut divided, rules) = match keep::strictly(place, fabric, community, rules) {
            Some(Ok(kept)) => (kept, Cow::Borrowed(rules)),
            Some(Err(fell_back)) => {
                // Where the fewest cannot be had, moving counts before all other principles.
                let mut firm = rules.clone();
                firm.weights.respect_tradition = TRADITION_FIRM;
                let divided = divide_one(fabric, community, &firm, run);
                (Divided { fell_back: Some(fell_back), ..divided }, Cow::Owned(firm))
            }
            None => (divide_one(fabric, community, rules, run), Cow::Borrowed(rules)),
        };
        optimum::settle(&mut divided, &rules);
        run.progress.advance(1);
        divided
    };
    (0..place.communities.len()).into_par_iter().map(one).collect()
}

/// One community's answer, in local terms.
struct Divided {
    task: Task,
    grid_of: Vec<u32>,
    grids: usize,
    /// Moment of inertia and a bound on it; zero until it is settled.
    moment: u64,
    moment_bound: u64,
    worth: Worth,
    kept: Option<keep::Kept>,
    fell_back: Option<FellBack>,
}

impl Divided {
    fn worth(&self) -> plan::Worth {
        let units = |fine: i64| fine as f64 / score::FINE as f64;
        plan::Worth {
            grids: self.grids as u32,
            moment: self.moment,
            moment_bound: self.moment_bound,
            weighted: units(self.worth.value),
            weighted_bound: units(self.worth.bound),
        }
    }

    fn into(task: Task, grids: usize, grid_of: Vec<u32>) -> Self {
        Self {
            task,
            grid_of,
            grids,
            moment: 0,
            moment_bound: 0,
            worth: Worth::default(),
            kept: None,
            fell_back: None,
        }
    }
}

fn divide_one(fabric: &Fabric, community: CommunityId, rules: &Rules, run: &Run<'_>) -> Divided {
    let task = Task::of(fabric, community, rules.grids.keep);
    if task.len() == 0 {
        return Divided::into(task, 0, Vec::new());
    }
    let mut wanted = counts::wanted(&task, rules);
    let in_force = revise::in_force(&task);
    if rules.grids.keep == Keep::Strict && in_force > 0 {
        // Teams come before the middle of the range.
        wanted.sort_by_key(|grids| grids.abs_diff(in_force));
    }
    let mut best: Option<(Score, usize, Draft<'_>)> = None;
    let mut scratch = Scratch::for_task(&task);
    for (rank, &grids) in wanted.iter().take(COUNTS_TRIED).enumerate() {
        let (score, draft) = best_draft(&task, grids, community, rules, run, &mut scratch);
        // More out of range never wins; at a tie the number nearest to the mean does.
        if best.as_ref().is_none_or(|(held, _, _)| score.out < held.out) {
            best = Some((score, rank, draft));
        }
        if best.as_ref().is_some_and(|(held, _, _)| held.out == 0) {
            break;
        }
    }
    let (_, _, draft) = best.expect("at least one number of grids is wanted");
    let (grids, grid_of) = (draft.grids(), draft.grid_of);
    Divided::into(task, grids, grid_of)
}

fn best_draft<'a>(
    task: &'a Task,
    grids: usize,
    community: CommunityId,
    rules: &Rules,
    run: &Run<'_>,
    scratch: &mut Scratch,
) -> (Score, Draft<'a>) {
    let large = task.len() * grids > LARGE;
    let drafts = match rules.grids.effort {
        Effort::Fast => rules.grids.attempts.div_ceil(3),
        Effort::Normal | Effort::Prove => rules.grids.attempts,
    };
    let attempts = if grids == 1 || large { 1 } else { u64::from(drafts) };
    let scale = Scale::of(task, grids, rules);
    let rounds = (RECOMBINATIONS * ATOMS_USUAL / task.len().max(ATOMS_USUAL)).max(4);
    let rounds = if large { 0 } else { rounds };
    let mut best: Option<(Score, Draft<'_>)> = None;
    // One attempt more begins with the grids in force; `revise` has none where they are ignored.
    for attempt in 0..=attempts {
        let item = (u64::from(community.0) << 32) | ((grids as u64) << 16) | attempt;
        let mut rng = run.seed.stream(Stage::Partition, item);
        let mut draft = match attempt.checked_sub(attempts) {
            None => grow::draft(task, grids, rules, scale, attempt, &mut rng),
            Some(_) => match revise::draft(task, grids, scale) {
                Some(draft) => draft,
                None => continue,
            },
        };
        refine::descend(&mut draft, scratch);
        refine::recombine(&mut draft, rounds, &mut rng, scratch);
        let score = draft.score();
        if best.as_ref().is_none_or(|(held, _)| score < *held) {
            best = Some((score, draft));
        }
    }
    best.expect("there is at least one attempt")
}

/// Joins the communities' answers: codes, shapes, reasons and measures.
fn assemble(place: &Place, fabric: &Fabric, rules: &Rules, divided: &[Divided]) -> Partition {
    let mut grids: Vec<_> = divided
        .par_iter()
        .enumerate()
        .flat_map_iter(|(i, divided)| grids::of(fabric, CommunityId::at(i), divided, rules))
        .collect();
    let mut worth: Vec<plan::Worth> = divided.iter().map(Divided::worth).collect();
    for numbered in given::grids(place, fabric, rules) {
        // Nobody chose them, so they are their own bound.
        let community = &mut worth[numbered.grid.community.index()];
        community.grids += 1;
        community.moment += numbered.grid.inertia;
        community.moment_bound += numbered.grid.inertia;
        grids.push(numbered);
    }
    let changes = codes::assign(place, fabric, &mut grids);
    grids.sort_by(|a, b| (a.grid.community, &a.grid.code).cmp(&(b.grid.community, &b.grid.code)));
    let mut grid_of = vec![GridId(0); fabric.len()];
    for (i, numbered) in grids.iter().enumerate() {
        for &atom in &numbered.atoms {
            grid_of[atom as usize] = GridId::at(i);
        }
    }
    let crossed: std::collections::BTreeSet<GridId> = fabric
        .closed
        .iter()
        .filter(|(a, b)| grid_of[*a as usize] == grid_of[*b as usize])
        .map(|(a, _)| grid_of[*a as usize])
        .collect();
    Partition {
        inertia_bound: worth.iter().map(|w| w.moment_bound).sum(),
        worth,
        compounds_split: compounds_split(fabric, &grid_of),
        barriers_crossed: crossed.len() as u32,
        households_moved: changes.households_moved,
        codes_kept: changes.codes_kept,
        changes: changes.lines,
        keeping: keep::told(place, rules, divided),
        grids: grids.into_iter().map(|numbered| numbered.grid).collect(),
        grid_of,
    }
}

fn compounds_split(fabric: &Fabric, grid_of: &[GridId]) -> u32 {
    let mut pairs: Vec<(CompoundId, GridId)> =
        fabric.compound.iter().zip(grid_of).filter_map(|(c, g)| Some(((*c)?, *g))).collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.chunk_by(|a, b| a.0 == b.0).filter(|grids| grids.len() > 1).count() as u32
}
