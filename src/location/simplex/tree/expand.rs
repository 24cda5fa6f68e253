//! One node: its optimum, what follows from it, and its children.

use std::rc::Rc;

use super::{DUAL_STEPS, IN_PART, KNOWN, Node, Past, Search, TRIAL_STEPS};
use crate::location::rows::Fate;
use crate::location::simplex::Simplex;
use crate::location::tree::Meter;

impl Search<'_> {
    /// Solves a node and adds its children; whether the work sufficed.
    pub(super) fn expand(
        &mut self,
        simplex: &mut Simplex<'_>,
        node: &Node,
        waiting: &mut Vec<Node>,
        meter: &mut Meter,
    ) -> bool {
        let all = (DUAL_STEPS, node.bound);
        let Some((own, price, standing)) =
            self.solve(simplex, (&node.vertex, None), &node.decided, all, meter)
        else {
            return false;
        };
        let mut fates = vec![Fate::Free; self.rows.sites];
        node.decided.iter().for_each(|(j, fate)| fates[*j as usize] = *fate);
        let fates = &fates;
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
        let vertex = if standing { Rc::new(simplex.vertex()) } else { Rc::clone(&node.vertex) };
        let kernel = (self.flat && standing).then(|| simplex.inverse());
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
                let trial = (TRIAL_STEPS, bound);
                let below = self.solve(simplex, (&vertex, kernel.as_ref()), &decided, trial, meter);
                let standing = below.as_ref().is_some_and(|b| b.2);
                let after = if standing { Rc::new(simplex.vertex()) } else { Rc::clone(&vertex) };
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
