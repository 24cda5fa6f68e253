//! The multilevel scheme: coarsen, divide the coarsest graph, settle on every level on the way back.
//!
//! After Hendrickson and Leland (A multilevel algorithm for partitioning graphs, 1995) and Karypis and
//! Kumar (1998); the repeated cycle that keeps the division while coarsening is that of Walshaw (2004).

use super::super::instance::Objective;
use super::coarsen::{Groups, contract, join};
use super::effort::Limits;
use super::level::Level;
use super::mend::mend;
use super::settle::{Schedule, Settling};
use super::{breadth::breadth, strips::strips, whole};
use rand_chacha::ChaCha8Rng;
use rand_core::RngCore;

/// What is asked of a division.
#[derive(Clone, Copy, Debug)]
pub(super) struct Task {
    pub(crate) aim: Objective,
    pub(crate) parts: u32,
    pub(crate) range: (i64, i64),
    /// Weight of the moment, the cut having weight one, each measured by what the division at hand has of it.
    pub(crate) moment: f64,
    pub(crate) limits: Limits,
}

/// Nodes per part on the coarsest level. With fewer the people of parts cannot be matched, with more the
/// first division, a plain one, is too hard to better.
const PER_PART: usize = 12;
/// A node of a coarse level holds at most this many times the mean of the coarsest.
const HEAVIEST: f64 = 2.0;
/// Fine per mean node outside the range, in units of mean price.
const FINE: f64 = 30.0;
/// Share of the fine in force while hot.
const LENIENT: f64 = 0.05;
/// Heat at the start, in units of mean price: when building up, and when settling again.
const HEAT: f64 = 1.0;
const REHEAT: f64 = 0.6;
/// Most divisions begun at once.
const MOST_RUNNERS: usize = 32;
/// Levels below this size are small: they fit in the fast memory, and doing things twice costs little.
const SMALL: usize = 20_000;

/// A division on its way, and how it stands.
#[derive(Clone, Debug)]
struct Runner {
    part: Vec<u32>,
    /// What is to be small, with a surcharge for people outside the range.
    score: f64,
    /// Whether every part is in the range; known on the finest level only.
    fits: bool,
}

/// Divides a connected level; none if some part stays outside the range. Parts are always in one piece.
/// O((n + m) · sweeps), sweeps falling as n grows.
pub(super) fn divide(level: &Level, task: &Task, chance: &mut ChaCha8Rng) -> Option<Vec<u32>> {
    let mut best: Option<Runner> = None;
    let (mut cycle, mut spent) = (0, 0);
    while cycle < task.limits.cycles || (best.as_ref().is_some_and(|b| !b.fits) && spent < task.limits.rescue)
    {
        // A division that fits is improved; one that does not is given up for a fresh one.
        let kept = best.as_ref().filter(|runner| runner.fits).map(|runner| runner.part.clone());
        let (next, visits) = climb(level, task, kept, chance);
        let better = |old: &Runner| (next.fits, -next.score) >= (old.fits, -old.score);
        if best.as_ref().is_none_or(better) {
            best = Some(next);
        }
        (cycle, spent) = (cycle + 1, spent + visits);
    }
    best.filter(|runner| runner.fits).map(|runner| runner.part)
}

/// One way up and down the ladder. Many divisions begin on the small coarse levels, where they cost
/// little; the best of them go on, fewer and fewer.
fn climb(level: &Level, task: &Task, kept: Option<Vec<u32>>, chance: &mut ChaCha8Rng) -> (Runner, usize) {
    let (heat, mut spent) = (if kept.is_some() { REHEAT } else { HEAT }, level.len());
    let mut part = kept.unwrap_or_default();
    let (levels, groups) = stack(level, task, &mut part, chance);
    let top = levels.last().unwrap_or(level);
    if part.is_empty() {
        part = begin(top, task);
    }
    let start = Runner { part, score: 0.0, fits: false };
    // At the top all begin alike and part ways by chance; copies are made when their turn comes.
    let mut runners = vec![start];
    for depth in (0..=levels.len()).rev() {
        let at = if depth == 0 { level } else { &levels[depth - 1] };
        if depth < levels.len() {
            let down = |runner: &mut Runner| {
                runner.part = groups[depth].of.iter().map(|&group| runner.part[group as usize]).collect();
            };
            runners.iter_mut().for_each(down);
        }
        let mut done: Vec<Runner> = Vec::new();
        let mut visits = 0;
        let copies = if depth == levels.len() { MOST_RUNNERS } else { 1 };
        for runner in runners.iter().flat_map(|runner| std::iter::repeat_n(runner, copies)) {
            let (next, cost) = settle(at, task, runner.part.clone(), depth, heat, chance);
            visits += cost;
            done.push(next);
            if visits + cost > task.limits.tries {
                break;
            }
        }
        done.sort_by(|a, b| b.fits.cmp(&a.fits).then(a.score.total_cmp(&b.score)));
        done.truncate((done.len() * 3).div_ceil(4));
        spent += visits;
        runners = done;
    }
    (runners.swap_remove(0), spent)
}

/// Coarser and coarser levels, and which nodes each joined. A division given is carried to the top.
fn stack(
    level: &Level,
    task: &Task,
    part: &mut Vec<u32>,
    chance: &mut ChaCha8Rng,
) -> (Vec<Level>, Vec<Groups>) {
    let goal = (task.parts as usize).saturating_mul(PER_PART);
    let most = (level.all_people() as f64 / goal as f64 * HEAVIEST) as i64;
    let (mut levels, mut all): (Vec<Level>, Vec<Groups>) = (Vec::new(), Vec::new());
    loop {
        let top = levels.last().unwrap_or(level);
        if top.len() <= goal {
            return (levels, all);
        }
        let groups = join(top, part, most, chance);
        let count = groups.count as usize;
        if count * 20 > top.len() * 19 || count < goal / 2 {
            return (levels, all);
        }
        let next = contract(top, &groups);
        if !part.is_empty() {
            let mut up = vec![0; count];
            groups.of.iter().zip(part.iter()).for_each(|(&group, &mine)| up[group as usize] = mine);
            *part = up;
        }
        levels.push(next);
        all.push(groups);
    }
}

/// A first division, every part there and in one piece.
fn begin(level: &Level, task: &Task) -> Vec<u32> {
    let whole = |mut part: Vec<u32>| {
        whole::gather(level, &mut part, task.parts);
        debug_assert_eq!(
            whole::pieces(level, &part).1.len(),
            task.parts as usize,
            "parts begin in one piece"
        );
        part
    };
    if level.x.is_empty() {
        return whole(breadth(level, task.parts));
    }
    let straight = whole(strips(level, task.parts));
    if level.len() > SMALL {
        return straight;
    }
    // Positions may have little to do with the graph; on a small level it costs nothing to ask.
    let swept = whole(breadth(level, task.parts));
    if level.cut(&swept) < level.cut(&straight) { swept } else { straight }
}

/// Settles one level; on the finest also mends. Also returns how many visits it took.
fn settle(
    level: &Level,
    task: &Task,
    part: Vec<u32>,
    depth: usize,
    heat: f64,
    chance: &mut ChaCha8Rng,
) -> (Runner, usize) {
    let price = level.mean_price();
    let mean = (level.all_people() as f64 / level.len() as f64).max(1e-9);
    let spread = level.moment(&part, task.parts);
    let moment = if spread > 0.0 { task.moment * level.cut(&part) as f64 / spread } else { 0.0 };
    let mut settling = Settling::new(level, task.range, part, task.parts, chance.next_u64());
    // Where boundaries are everywhere, walking memory straight beats skipping the few inner nodes.
    settling.list_boundary();
    if settling.walked() * 3 > level.len() && level.len() > SMALL {
        settling.walk_all();
    }
    let affordable = (task.limits.visits >> depth.min(20)) / settling.walked().max(1);
    let sweeps = (affordable as u32).clamp(task.limits.sweeps.0, task.limits.sweeps.1);
    let schedule = Schedule {
        sweeps,
        visits: 3 * sweeps as usize * settling.walked(),
        heat: heat * price,
        fine: FINE * price / mean,
        lenient: LENIENT,
        moment,
    };
    settling.run(&schedule);
    let fits = depth == 0 && mend(level, &mut settling, &schedule);
    debug_assert_eq!(whole::pieces(level, &settling.part).1.len(), task.parts as usize, "parts stay whole");
    let surcharge = 1.0 + 4.0 * settling.all_outside() as f64 / level.all_people().max(1) as f64;
    let value = match task.aim {
        Objective::Cut => level.cut(&settling.part) as f64,
        Objective::Moment | Objective::Distance => level.moment(&settling.part, task.parts),
    };
    let visits = settling.work();
    (Runner { part: settling.part, score: value * surcharge, fits }, visits)
}
