//! Whether so many sites cover all rows: shrink, bound, fix, branch, depth first.
//!
//! A node branches on the row with the fewest sites: one of them must open, and each child closes
//! those tried before. Where every row has many, on the site most in doubt.

use std::rc::Rc;

use super::core::Core;
use super::dual::Multipliers;
use crate::location::rows::{Fate, Rows};
use crate::location::tree::Meter;

/// Steps of the dual at the root and at a node.
const ROOT_STEPS: u32 = 400;
const NODE_STEPS: u32 = 40;
/// Length of the first step at a node.
const LATER_STEP: f64 = 0.3;
/// Rows of so many sites are branched on.
const FEW: usize = 3;

/// What was found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// These sites cover all.
    Yes(Vec<u32>),
    /// No so many sites do.
    No,
    /// The work did not suffice.
    Unknown,
}

/// A node to be: its parent, with some sites decided.
struct Branch {
    parent: Rc<Core>,
    decided: Vec<(u32, Fate)>,
}

/// Whether `most` sites, those opened among them, cover the rows of a core.
pub(super) fn at_most(core: &Core, most: usize, marks: &Multipliers, meter: &mut Meter) -> Answer {
    let mut waiting: Vec<Branch> = Vec::new();
    let mut root = core.clone();
    root.u.clone_from(&marks.u);
    let mut next = Some((root, ROOT_STEPS));
    while let Some((node, steps)) = next.take() {
        match settle(node, most, steps, meter) {
            Some((node, _)) if node.rows.len() == 0 => return Answer::Yes(node.outside(&[])),
            Some((node, marks)) => branch(node, &marks, &mut waiting),
            None => {}
        }
        if meter.spent() {
            return Answer::Unknown;
        }
        while next.is_none()
            && let Some(branch) = waiting.pop()
        {
            let mut fate = vec![Fate::Free; branch.parent.rows.sites];
            for (site, decided) in branch.decided {
                fate[site as usize] = decided;
            }
            meter.done += branch.parent.rows.entries.len() as u64;
            next = branch.parent.decided(&fate).map(|core| (core, NODE_STEPS));
        }
    }
    Answer::No
}

/// A node with all that follows built in, and its multipliers; none if it holds no such cover.
fn settle(mut node: Core, most: usize, steps: u32, meter: &mut Meter) -> Option<(Core, Multipliers)> {
    loop {
        node.shrink(meter);
        if node.opened.len() > most {
            return None;
        }
        if node.rows.len() == 0 {
            return Some((node, Multipliers::from(&Rows::new(0), Vec::new())));
        }
        let left = most - node.opened.len();
        if left == 0 {
            return None;
        }
        let columns = node.rows.columns();
        let mut marks = Multipliers::from(&node.rows, node.u.clone());
        marks.theta = LATER_STEP;
        marks.climb(&node.rows, &columns, left + 1, steps, meter);
        if marks.whole() > left {
            return None;
        }
        node.u.clone_from(&marks.u);
        let fate = marks.decide(left);
        if fate.iter().all(|f| *f == Fate::Free) {
            return Some((node, marks));
        }
        node = node.decided(&fate)?;
    }
}

fn branch(node: Core, marks: &Multipliers, waiting: &mut Vec<Branch>) {
    let fewest = (0..node.rows.len())
        .min_by_key(|row| (node.rows.row(*row).len(), -node.u[*row], *row))
        .expect("a node that branches has rows");
    let node = Rc::new(node);
    if node.rows.row(fewest).len() <= FEW {
        let mut sites: Vec<u32> = node.rows.row(fewest).iter().map(|e| e.site).collect();
        sites.sort_by_key(|j| (marks.price[*j as usize], *j));
        for k in (0..sites.len()).rev() {
            let mut decided: Vec<(u32, Fate)> = sites[..k].iter().map(|j| (*j, Fate::Closed)).collect();
            decided.push((sites[k], Fate::Open));
            waiting.push(Branch { parent: Rc::clone(&node), decided });
        }
        return;
    }
    let doubt = |j: &u32| ((marks.share[*j as usize].min(1.0) - 0.6).abs() * 1e6) as i64;
    let site = (0..node.rows.sites as u32).min_by_key(|j| (doubt(j), *j)).expect("rows have sites");
    for fate in [Fate::Closed, Fate::Open] {
        waiting.push(Branch { parent: Rc::clone(&node), decided: vec![(site, fate)] });
    }
}
