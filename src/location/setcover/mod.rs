//! Set covering: the fewest sites that reach every row.
//!
//! Rows and sites that others settle are dropped to a fixed point (Toregas and ReVelle 1972), the
//! rest is bounded by a Lagrangian in whole numbers (Caprara, Fischetti and Toth 1999), covered by a
//! search that weighs rows hard to cover (Gao, Weise and Li 2015), and proved by branching. A cover
//! always comes back; only the work decides how near its number and the bound are.

mod core;
mod dual;
mod tree;
mod weigh;

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;

use self::core::Core;
use self::dual::Multipliers;
use self::tree::Answer;
use self::weigh::Weighing;
use super::rows::Rows;
use super::simplex::{self, tree::Question};
use super::tree::{Found, Meter};

/// Steps of the dual between searches.
const BURST: u32 = 60;
/// Length of step of the dual at which it is left to linear relaxation.
const SMALL: f64 = 0.5;
/// Nodes there must be work for before branching is tried while the dual still climbs.
const NODES: u64 = 100;
/// Work of a first search for each entry, more from round to round.
const SEARCH: u64 = 2;
/// The least work of a search, so that small instances are searched well.
const SEARCH_LEAST: u64 = 20_000;

/// A cover, and a number of sites that every cover has at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fewest {
    pub(super) chosen: Vec<u32>,
    pub(super) bound: usize,
}

/// The fewest sites that cover all rows (weights and distances do not count). Stops once a cover of
/// `enough` sites is known, or once more than `enough` are known to be needed if `past` says so.
pub(super) fn fewest(rows: &Rows, enough: usize, past: bool, meter: &mut Meter) -> Fewest {
    let mut core = Core::of(rows);
    core.shrink(meter);
    let mut best = greedy(&core, meter);
    let mut low = core.opened.len() + usize::from(core.rows.len() > 0);
    let settled =
        |best: &Vec<u32>, low: usize| best.len() <= low || best.len() <= enough || (past && low > enough);
    let mut marks = Multipliers::first(&core.rows);
    let mut rng = ChaCha8Rng::seed_from_u64(core.rows.len() as u64);
    if !settled(&best, low) {
        let columns = core.rows.columns();
        let mut search = Weighing::new(&core.rows, &columns);
        let mut work = (core.rows.entries.len() as u64 * SEARCH).max(SEARCH_LEAST);
        let mut asked = false;
        loop {
            let aim = if past { enough + 1 } else { best.len() };
            let target = aim.saturating_sub(core.opened.len());
            if !marks.settled() {
                marks.climb(&core.rows, &columns, target, BURST, meter);
                low = low.max(core.opened.len() + marks.whole());
            }
            if settled(&best, low) || meter.spent() {
                break;
            }
            let wanted = low.max(enough) - core.opened.len();
            if let Some(cover) = search.run(wanted, work, &mut rng, meter)
                && cover.len() + core.opened.len() < best.len()
            {
                best = core.outside(&cover);
            }
            if settled(&best, low) || meter.spent() {
                break;
            }
            let room = meter.limit.saturating_sub(meter.done);
            if marks.theta < SMALL
                && room >= simplex::tree::work_of(&core.rows)
                && !std::mem::replace(&mut asked, true)
            {
                relaxed(&core, &mut best, &mut low, meter);
                if settled(&best, low) || meter.spent() {
                    break;
                }
            }
            // From below: each number refused lifts the bound.
            let nodes = work / core.rows.entries.len() as u64;
            if nodes >= NODES || marks.settled() {
                let most = if past { enough } else { low };
                let mut share =
                    Meter { limit: meter.limit.min(meter.done.saturating_add(2 * work)), ..*meter };
                let answer = tree::at_most(&core, most, &marks, &mut share);
                meter.done = share.done;
                match answer {
                    Answer::Yes(cover) => best = cover,
                    Answer::No => low = most + 1,
                    Answer::Unknown => {}
                }
                if settled(&best, low) || meter.spent() {
                    break;
                }
            }
            work = work.saturating_mul(3) / 2;
        }
    }
    best.sort_unstable();
    Fewest { bound: low.min(best.len()), chosen: best }
}

/// Whether as many sites as the bound says suffice, by linear relaxations.
fn relaxed(core: &Core, best: &mut Vec<u32>, low: &mut usize, meter: &mut Meter) {
    let mut rows = core.rows.clone();
    // A row left out costs one site: never less than covering it.
    rows.weight.fill(1);
    rows.constant = core.opened.len() as i64;
    let inside: Vec<u32> =
        best.iter().filter_map(|j| core.names.binary_search(j).ok()).map(|j| j as u32).collect();
    let mut found = Found { value: best.len() as i64, chosen: inside, bound: *low as i64 };
    let question =
        Question { count: None, fee: 1, scale: 1 << 20, goal: (i64::MIN, i64::MAX), stepwise: true };
    simplex::tree::search(&rows, question, &[], &mut found, meter);
    *low = (*low).max(found.bound.max(0) as usize).min(best.len());
    if found.value < best.len() as i64 {
        let mut chosen = found.chosen;
        let mut open = vec![false; rows.sites];
        chosen.iter().for_each(|j| open[*j as usize] = true);
        for row in 0..rows.len() {
            let row = rows.row(row);
            if !row.iter().any(|e| open[e.site as usize]) {
                open[row[0].site as usize] = true;
                chosen.push(row[0].site);
            }
        }
        *best = core.outside(&chosen);
    }
}

/// The site that covers most rows not covered yet, over and over.
fn greedy(core: &Core, meter: &mut Meter) -> Vec<u32> {
    let columns = core.rows.columns();
    let mut search = Weighing::new(&core.rows, &columns);
    search.fill();
    meter.done += search.work;
    core.outside(&search.pruned())
}

/// The tree alone: a cover of at most `most` sites, or that there is none, or nothing.
#[cfg(test)]
pub(super) fn ask(rows: &Rows, most: usize, meter: &mut Meter) -> Option<Option<Vec<u32>>> {
    let core = Core::of(rows);
    let marks = Multipliers::from(&core.rows, vec![0; core.rows.len()]);
    match tree::at_most(&core, most, &marks, meter) {
        Answer::Yes(cover) => Some(Some(cover)),
        Answer::No => Some(None),
        Answer::Unknown => None,
    }
}
