//! Branch and bound over linear relaxations, each from the vertex of its parent.
//!
//! A decision changes what a site costs by itself and nothing else, so that the parent's vertex
//! stays one. Multipliers are rounded and what they prove is counted in whole numbers. The site to
//! branch on is the one whose two children rise most, tried in full until enough is known of it
//! (Achterberg, Koch and Martin 2005).

mod begin;
mod certificate;

pub(in crate::location) use begin::{work_of, work_over};

use std::rc::Rc;

use super::{Ended, Simplex, Vertex, sift};
use crate::location::rows::{Columns, Fate, Rows};
use crate::location::swap::Open;
use crate::location::tree::{Found, Meter};
use begin::{enough, first};

/// Steps at the root and at a node.
const ROOT_STEPS: u32 = 200_000;
const NODE_STEPS: u32 = 600;
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
        if rows.len() == 0 || question.count.is_some_and(|p| p == 0 || p >= rows.sites) {
            let take = question.count.unwrap_or(0).min(rows.sites);
            let mut search = Search {
                rows: &rows,
                columns: &columns,
                question,
                names,
                opened,
                best,
                past: Vec::new(),
                tried: 1,
            };
            let all: Vec<u32> = (0..take as u32).collect();
            search.offer(&all);
            best.bound = best.value.min(question.goal.1);
            return;
        }
        let begun = meter.done;
        let start = first(&rows, question, &names, &best.chosen);
        let mut simplex = Simplex::new(&rows, &columns, question.count, question.fee as f64, &start);
        let near = at.take().or_else(|| match question.count {
            Some(_) => sift::vertex(&rows, question.scale, &start, &price, meter),
            None => None,
        });
        if near.is_some_and(|near| !simplex.restore(&near)) {
            simplex = Simplex::new(&rows, &columns, question.count, question.fee as f64, &start);
        }
        let past = vec![Past::default(); rows.sites];
        let mut search =
            Search { rows: &rows, columns: &columns, question, names, opened, best, past, tried: 1 };
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
                search.branch(&mut simplex, bound, meter);
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
    fn branch(&mut self, simplex: &mut Simplex<'_>, bound: i64, meter: &mut Meter) {
        let root = Node { decided: Rc::default(), vertex: Rc::new(simplex.vertex()), bound };
        let mut waiting = vec![root];
        let mut fates = vec![Fate::Free; self.rows.sites];
        while !meter.spent() {
            waiting.retain(|node| !self.closed(node.bound));
            let lowest = (0..waiting.len()).min_by_key(|k| {
                let node = &waiting[*k];
                (node.bound, std::cmp::Reverse(node.decided.len()), std::cmp::Reverse(*k))
            });
            let Some(lowest) = lowest else { break };
            let node = waiting.swap_remove(lowest);
            let kept = node.bound;

            if !self.expand(simplex, &node, &mut fates, &mut waiting, meter) || self.done() {
                waiting.push(Node { bound: kept, ..node });
                break;
            }
        }
        let left = waiting.iter().map(|node| node.bound).filter(|bound| !self.closed(*bound)).min();
        let all = self.best.value.min(self.question.goal.1);
        self.best.bound = left.map_or(all, |left| self.whole(left).max(self.best.bound).min(all));
    }

    /// Goes to what is decided and to the optimum of it; none if that fails.
    fn solve(
        &mut self,
        simplex: &mut Simplex<'_>,
        from: &Vertex,
        decided: &[(u32, Fate)],
        fates: &mut [Fate],
        meter: &mut Meter,
    ) -> Option<(i64, Vec<i64>)> {
        let mut now = vec![Fate::Free; fates.len()];
        decided.iter().for_each(|(j, fate)| now[*j as usize] = *fate);
        let large = simplex.large();
        for (j, fate) in now.iter().enumerate().filter(|(j, fate)| fates[*j] != **fate) {
            let own = self.question.fee as f64;
            simplex.charge(
                j as u32,
                match fate {
                    Fate::Free => own,
                    Fate::Open => own - large,
                    Fate::Closed => own + large,
                },
            );
        }
        fates.copy_from_slice(&now);
        let before = simplex.work;
        let sound = simplex.restore(from);
        meter.done += simplex.work - before;
        if !sound || simplex.run(NODE_STEPS, meter) == Ended::Broken {
            return None;
        }
        Some(self.certify(simplex, fates, meter))
    }

    /// Solves a node and adds its children; whether the work sufficed.
    fn expand(
        &mut self,
        simplex: &mut Simplex<'_>,
        node: &Node,
        fates: &mut [Fate],
        waiting: &mut Vec<Node>,
        meter: &mut Meter,
    ) -> bool {
        let Some((own, price)) = self.solve(simplex, &node.vertex, &node.decided, fates, meter) else {
            return false;
        };
        let bound = own.max(node.bound);
        self.round(simplex, fates, bound, false, meter);
        if self.closed(bound) {
            return true;
        }
        // Prices go with their own bound, not with one known from above.
        let now = self.fixed(own, &price, fates);
        let decided: Vec<(u32, Fate)> =
            (0u32..).zip(&now).filter(|(_, f)| **f != Fate::Free).map(|(j, f)| (j, *f)).collect();
        let open: Vec<u32> = decided.iter().filter(|d| d.1 == Fate::Open).map(|d| d.0).collect();
        let free = self.rows.sites - decided.len();
        match self.question.count {
            // A better answer would have to open more or fewer than it may.
            Some(count) if open.len() > count || open.len() + free < count => return true,
            Some(count) if open.len() == count || open.len() + free == count => {
                let mut set = open;
                if set.len() < count {
                    set.extend((0u32..).zip(&now).filter(|(_, f)| **f == Fate::Free).map(|(j, _)| j));
                }
                self.offer(&set);
                return true;
            }
            None if free == 0 => {
                self.offer(&open);
                return true;
            }
            _ => {}
        }
        let vertex = Rc::new(simplex.vertex());
        let x = simplex.x.clone();
        let mut doubtful: Vec<u32> = (0..self.rows.sites as u32)
            .filter(|j| now[*j as usize] == Fate::Free)
            .filter(|j| x[*j as usize] > IN_PART && x[*j as usize] < 1.0 - IN_PART)
            .collect();
        if doubtful.is_empty() {
            // Rounding alone keeps this open: any free site will do, an open one first.
            let free = (0..self.rows.sites as u32).filter(|j| now[*j as usize] == Fate::Free);
            doubtful = free
                .max_by(|a, b| x[*a as usize].total_cmp(&x[*b as usize]).then(b.cmp(a)))
                .into_iter()
                .collect();
        }
        let guess = |past: &Past, share: f64| {
            let mean =
                |k: usize| if past.count[k] > 0 { past.rise[k] / f64::from(past.count[k]) } else { 1.0 };
            (mean(0) * share).max(1e-9) * (mean(1) * (1.0 - share)).max(1e-9)
        };
        let tried = |past: &Past| past.count[0].min(past.count[1]) >= KNOWN;
        // Sites not known yet come first, the most doubtful of them.
        doubtful.sort_by(|a, b| {
            let key = |j: &u32| {
                let past = &self.past[*j as usize];
                let share = x[*j as usize];
                if tried(past) { guess(past, share) } else { share.min(1.0 - share) }
            };
            let known = |j: &u32| tried(&self.past[*j as usize]);
            known(a).cmp(&known(b)).then(key(b).total_cmp(&key(a))).then(a.cmp(b))
        });
        let unknown = doubtful.iter().filter(|j| !tried(&self.past[**j as usize])).count().min(self.tried);
        let known = doubtful.iter().copied().find(|j| tried(&self.past[*j as usize]));
        let candidates: Vec<u32> = doubtful[..unknown].iter().copied().chain(known).collect();
        let mut chosen: Option<(f64, Vec<Node>)> = None;
        for site in candidates {
            let share = x[site as usize].clamp(0.01, 0.99);
            let mut children = Vec::new();
            let mut score = 1.0;
            for (side, fate) in [(0, Fate::Closed), (1, Fate::Open)] {
                let mut decided = decided.clone();
                decided.push((site, fate));
                let below = self.solve(simplex, &vertex, &decided, fates, meter);
                let after = if below.is_some() { Rc::new(simplex.vertex()) } else { Rc::clone(&vertex) };
                let below = below.map_or(bound, |b| b.0.max(bound));
                let rise = (below - bound) as f64 / self.question.scale as f64;
                let past = &mut self.past[site as usize];
                past.rise[side] += rise / if side == 0 { share } else { 1.0 - share };
                past.count[side] += 1;
                score *= rise.max(1e-6);
                if self.closed(below) {
                    score *= 1e6;
                    continue;
                }
                children.push(Node { decided: Rc::new(decided), vertex: after, bound: below });
            }
            if meter.spent() {
                return false;
            }
            if chosen.as_ref().is_none_or(|c| score > c.0) {
                let done = children.is_empty();
                chosen = Some((score, children));
                if done {
                    break;
                }
            }
        }
        waiting.extend(chosen.map(|c| c.1).unwrap_or_default());
        true
    }
}
