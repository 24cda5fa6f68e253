//! Branch and bound over linear relaxations, each from the vertex of its parent.
//!
//! A decision leaves what rows pay as good as it was, or changes what a site costs by itself and
//! nothing else, so that the parent's vertex stays one. Covering rows get cuts first. Multipliers
//! are rounded and what they prove is counted in whole numbers. The site to branch on is the one
//! whose two children rise most, tried until enough is known of it (Achterberg, Koch and Martin
//! 2005).

mod begin;
mod certificate;
mod cutting;
mod expand;

pub(in crate::location) use begin::{work_of, work_over};

use std::rc::Rc;

use super::kernel::Kernel;
use super::{Ended, Simplex, Vertex, sift};
use crate::location::rows::{Columns, Fate, Rows};
use crate::location::swap::Open;
use crate::location::tree::{Found, Meter};
use begin::{enough, first};

/// Steps at the root and at a node.
const ROOT_STEPS: u32 = 200_000;
const NODE_STEPS: u32 = 600;
/// Share of the open distance by which an optimum may be missed.
const LITTLE: f64 = 0.01;
/// Steps of a trial where they are of the dual kind.
const TRIAL_STEPS: u32 = 30;
/// Steps at a node where they are.
const DUAL_STEPS: u32 = 500;
/// Sites tried at a node at most, and trials after which a site is known.
const TRIED: usize = 4;
const KNOWN: u32 = 1;
/// Shares of a site that are neither open nor closed.
const IN_PART: f64 = 1e-6;
/// Work on making a set better, in looks at every entry.
const DESCENT: u64 = 10;

/// What is asked of some rows.
#[derive(Clone, Copy, Debug)]
pub(in crate::location) struct Question {
    /// Sites to open, or any number at a price each.
    pub(in crate::location) count: Option<usize>,
    /// The price of a site, in the objective's unit.
    pub(in crate::location) fee: i64,
    /// Multipliers are whole numbers of this fineness.
    pub(in crate::location) scale: i64,
    /// A value at which the search may stop, and a bound at which it may.
    pub(in crate::location) goal: (i64, i64),
    /// Whether to ask no more than whether the bound at the root is reached.
    pub(in crate::location) stepwise: bool,
}

/// A node to be.
struct Node {
    decided: Rc<Vec<(u32, Fate)>>,
    vertex: Rc<Vertex>,
    bound: i64,
}

/// What became of branching on a site before: rises by one unit of share, down and up.
#[derive(Clone, Copy, Debug, Default)]
struct Past {
    rise: [f64; 2],
    count: [u32; 2],
}

struct Search<'a> {
    rows: &'a Rows,
    columns: &'a Columns,
    question: Question,
    /// Places of sites outside, and sites opened before.
    names: Vec<u32>,
    opened: Vec<u32>,
    best: &'a mut Found,
    past: Vec<Past>,
    /// Sites tried at a node.
    tried: usize,
    /// Whether every row's sites are equally far.
    flat: bool,
    /// Rows with a helping site, where there are cuts.
    helped: Vec<u32>,
}

/// Improves the best set known and its bound; what is left is said by the bound. `price` is what each
/// site costs less earns under good multipliers, or empty.
pub(in crate::location) fn search(
    rows: &Rows,
    question: Question,
    price: &[i64],
    best: &mut Found,
    meter: &mut Meter,
) {
    let mut rows = rows.clone();
    let mut names: Vec<u32> = (0..rows.sites as u32).collect();
    let mut opened: Vec<u32> = Vec::new();
    let mut question = question;
    let mut at: Option<Vertex> = None;
    let mut price = price.to_vec();
    loop {
        let columns = rows.columns();
        let past = vec![Past::default(); rows.sites];
        let mut search = Search {
            rows: &rows,
            columns: &columns,
            question,
            names,
            opened,
            best,
            past,
            tried: 1,
            flat: false,
            helped: Vec::new(),
        };
        if rows.len() == 0 || question.count.is_some_and(|p| p == 0 || p >= rows.sites) {
            let take = question.count.unwrap_or(0).min(rows.sites);
            let all: Vec<u32> = (0..take as u32).collect();
            search.offer(&all);
            search.best.bound = search.best.value.min(question.goal.1);
            return;
        }
        let begun = meter.done;
        let start = first(&rows, question, &search.names, &search.best.chosen);
        let mut simplex = Simplex::new(&rows, &columns, question.count, question.fee as f64, &start);
        let near = at.take().or_else(|| match question.count {
            Some(_) => sift::vertex(&rows, question.scale, &start, &price, meter),
            None => None,
        });
        if near.is_some_and(|near| !simplex.restore(&near)) {
            simplex = Simplex::new(&rows, &columns, question.count, question.fee as f64, &start);
        }
        search.flat = simplex.is_flat();
        simplex.run(ROOT_STEPS, meter);

        let fates = vec![Fate::Free; rows.sites];
        let bound;
        (bound, price) = search.certify(&simplex, &fates, meter);
        // What was dropped before costs no less than the best value then, or the goal.
        let known = search.whole(bound).min(search.best.value).min(question.goal.1);
        search.best.bound = search.best.bound.max(known);
        if question.stepwise {
            question.stepwise = false;
            question.goal = (search.best.bound, search.best.bound + 1);
            search.question = question;
        }
        search.round(&simplex, &fates, bound, true, meter);
        if search.done() {
            return;
        }
        if search.closed(bound) {
            search.best.bound = search.best.bound.max(search.best.value.min(question.goal.1));
            return;
        }
        let fates = search.fixed(bound, &price, &fates);
        let decided = fates.iter().filter(|f| **f != Fate::Free).count();

        if meter.spent() {
            return;
        }
        if decided * 16 < rows.sites {
            let (left, root) = (meter.limit - meter.done, meter.done - begun);
            // Work for hardly a node is better spent by others.
            if question.count.is_none() || left >= root.saturating_add(root / 2) {
                search.tried = if question.count.is_none() { TRIED } else { enough(left, root) };
                if search.cuttable() {
                    search.cut_and_branch(&simplex, bound, meter);
                }
                if search.helped.is_empty() && !search.done() && !search.closed(bound) && !meter.spent() {
                    let at = simplex.vertex();
                    search.branch(&mut simplex, at, Vec::new(), bound, meter);
                }
            }
            return;
        }
        let just: Vec<u32> =
            (0..rows.sites).filter(|j| fates[*j] == Fate::Open).map(|j| search.names[j]).collect();
        let (outside, before) = (search.names, search.opened);
        let (fewer, old, kept) = rows.restricted(&fates);
        let flat = fewer.entries.iter().all(|e| e.distance == 0);
        let (fewer, new_of) = if flat { fewer.merged() } else { (fewer, (0..kept.len() as u32).collect()) };
        let (site_of, row_of) = (sift::inverse(&old, rows.sites), sift::inverse(&kept, rows.len()));
        let row = |i: u32| row_of[i as usize].map(|k| new_of[k as usize]);
        // With any number of sites a fresh start from the best set was found to be quicker.
        at = question.count.map(|_| simplex.vertex().carried(&rows, &fewer, |j| site_of[j as usize], row));
        rows = fewer;
        price = Vec::new();
        rows.constant += question.fee * just.len() as i64;
        question.count = question.count.map(|p| p.saturating_sub(just.len()));
        names = old.iter().map(|j| outside[*j as usize]).collect();
        opened = before.into_iter().chain(just).collect();
    }
}

impl Search<'_> {
    /// Whether a set is good enough.
    fn done(&self) -> bool {
        self.best.value <= self.question.goal.0
    }

    fn offer(&mut self, set: &[u32]) {
        let mut open = vec![false; self.rows.sites];
        set.iter().for_each(|j| open[*j as usize] = true);
        let value = self.rows.value(&open) + self.question.fee * set.len() as i64;
        if value < self.best.value {
            self.best.value = value;
            self.best.chosen =
                set.iter().map(|j| self.names[*j as usize]).chain(self.opened.iter().copied()).collect();
        }
    }

    /// Hears of the set that is most open at a vertex.
    fn round(&mut self, simplex: &Simplex<'_>, fates: &[Fate], bound: i64, always: bool, meter: &mut Meter) {
        meter.done += self.rows.entries.len() as u64;
        let mut order: Vec<u32> =
            (0..self.rows.sites as u32).filter(|j| fates[*j as usize] != Fate::Closed).collect();
        let Some(count) = self.question.count else {
            order.retain(|j| simplex.x[*j as usize] > 0.5);
            self.offer(&order);
            return;
        };
        order.sort_by(|a, b| {
            let key =
                |j: &u32| simplex.x[*j as usize] + f64::from(u8::from(fates[*j as usize] == Fate::Open));
            key(b).total_cmp(&key(a)).then(a.cmp(b))
        });
        order.truncate(count);
        if order.len() < count {
            return;
        }
        let mut open = vec![false; self.rows.sites];
        order.iter().for_each(|j| open[*j as usize] = true);
        let value = self.rows.value(&open);
        let near = value - self.best.value;
        if always || 2 * near < self.best.value - self.whole(bound) {
            let mut open = Open::new(self.rows, self.columns, &order);
            open.descend(self.rows.entries.len() as u64 * DESCENT);
            meter.done += open.work;
            order.clone_from(&open.chosen);
        }
        self.offer(&order);
    }

    /// Searches below a root at its optimum.
    fn branch(
        &mut self,
        simplex: &mut Simplex<'_>,
        at: Vertex,
        decided: Vec<(u32, Fate)>,
        bound: i64,
        meter: &mut Meter,
    ) {
        let root = Node { decided: Rc::new(decided), vertex: Rc::new(at), bound };
        let mut waiting = vec![root];
        while !meter.spent() {
            waiting.retain(|node| !self.closed(node.bound));
            let lowest = (0..waiting.len()).min_by_key(|k| {
                let node = &waiting[*k];
                (node.bound, std::cmp::Reverse(node.decided.len()), std::cmp::Reverse(*k))
            });
            let Some(lowest) = lowest else { break };
            let node = waiting.swap_remove(lowest);
            let kept = node.bound;

            if !self.expand(simplex, &node, &mut waiting, meter) || self.done() {
                waiting.push(Node { bound: kept, ..node });
                break;
            }
        }
        let left = waiting.iter().map(|node| node.bound).filter(|bound| !self.closed(*bound)).min();
        let all = self.best.value.min(self.question.goal.1);
        self.best.bound = left.map_or(all, |left| self.whole(left).max(self.best.bound).min(all));
    }

    /// Goes to what is decided and to the optimum of it, or so many steps; none if that fails. Also
    /// whether the vertex is one to begin from.
    fn solve(
        &mut self,
        simplex: &mut Simplex<'_>,
        (from, kernel): (&Vertex, Option<&Kernel>),
        decided: &[(u32, Fate)],
        (steps, known): (u32, i64),
        meter: &mut Meter,
    ) -> Option<(i64, Vec<i64>, bool)> {
        let mut fates = vec![Fate::Free; simplex.x.len()];
        decided.iter().for_each(|(j, fate)| fates[*j as usize] = *fate);
        if self.flat {
            let room = self.best.value.min(self.question.goal.1) - self.whole(known);
            let ended =
                simplex.decide(from, kernel, &fates, (steps, room as f64 + 0.5, room as f64 * LITTLE), meter);
            if let Some(ended) = ended {
                let (bound, price) = self.certify(simplex, &fates, meter);
                return Some((bound, price, ended != Ended::Broken));
            }
        }
        let large = simplex.large();
        let own = self.question.fee as f64;
        for (j, fate) in decided {
            simplex.charge(*j, if *fate == Fate::Open { own - large } else { own + large });
        }
        let before = simplex.work;
        let sound = simplex.restore(from);
        meter.done += simplex.work - before;
        let found = if !sound || simplex.run(NODE_STEPS, meter) == Ended::Broken {
            None
        } else {
            let (bound, price) = self.certify(simplex, &fates, meter);
            Some((bound, price, true))
        };
        decided.iter().for_each(|(j, _)| simplex.charge(*j, own));
        found
    }
}
