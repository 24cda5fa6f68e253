//! Every part of a class below a weight.

use super::mask::{Mask, Web};
use super::search::{Node, gap};
use super::{NARROW, NOWHERE, Pricing, Query, wide};
use crate::districting::proof::partners::Partners;
use crate::districting::proof::sets::Sets;

/// Words of partners looked at in the time of one node.
const LOOKS_A_NODE: u64 = 200;

/// Where a listing puts its parts, and what it knows of others.
pub(crate) struct Listing<'l> {
    pub(crate) sets: &'l mut Sets,
    /// Parts at most.
    pub(crate) most: usize,
    /// Among whom every atom beside a part has to find a place.
    pub(crate) partners: Option<&'l Partners>,
    /// How much more than the weight of a part is left for these.
    pub(crate) slack: i64,
}

/// What atoms beside a part cost elsewhere, as far as it is known at a node.
struct Beside<M> {
    /// What is in of the atoms of the class.
    known: M,
    /// Atoms of the class that are out and beside what is in.
    shore: M,
    /// Where the atoms watched at the node begin.
    first: usize,
    /// The most that any of them costs.
    extra: i64,
}

impl Pricing<'_> {
    /// All parts below `query.below`, with their weights; false if there were more than wanted or the
    /// nodes ran out.
    pub(crate) fn all(&mut self, query: &Query<'_>, mut listing: Listing<'_>) -> bool {
        self.open(query);
        self.watched.clear();
        wide!(self, web, query, |web, node| {
            let none = || Mask::none(self.atoms.len());
            let beside = Beside { known: none(), shore: none(), first: 0, extra: 0 };
            self.enumerate(&web, query, &node, &beside, &mut listing)
        })
    }

    fn enumerate<M: Mask>(
        &mut self,
        web: &Web<M>,
        query: &Query<'_>,
        node: &Node<M>,
        beside: &Beside<M>,
        listing: &mut Listing<'_>,
    ) -> bool {
        self.nodes += 1;
        self.nodes += std::mem::take(&mut self.looks) / LOOKS_A_NODE;
        if self.nodes >= query.nodes {
            return false;
        }
        let mut at = node.clone();
        let watched = self.watched.len();
        let mut whole = true;
        let below = query.below.min(query.below.saturating_add(listing.slack).saturating_sub(beside.extra));
        if let Some(relaxed) = self.narrow(web, &mut at, below) {
            let left = query.below.saturating_sub(relaxed.least).saturating_add(listing.slack);
            // As long as more is left than any partner is known to cost, none can be too dear.
            let now = match listing.partners {
                Some(partners) if left <= partners.below => {
                    Some(self.look_beside(web, &at, beside, partners, left))
                }
                _ => None,
            };
            let now = now.as_ref().unwrap_or(beside);
            if now.extra < left {
                let any = || relaxed.fractional.or_else(|| at.open.first());
                match gap(web, &at, &relaxed.chosen).or_else(any) {
                    None => {
                        if self.people_in >= self.instance.low {
                            let weight = self.weight_in + self.cuts.fixed;
                            listing.sets.push(&self.atoms_of(&at.inside), weight);
                        }
                        whole = listing.sets.len() <= listing.most;
                    }
                    Some(branch) => {
                        for taken in [true, false] {
                            let mut child = at.clone();
                            if whole && self.decide(web, &mut child, branch, taken) {
                                whole = self.enumerate(web, query, &child, now, listing);
                            }
                            self.rewind(&at, &child);
                        }
                    }
                }
            }
        }
        self.watched.truncate(watched);
        self.rewind(node, &at);
        whole
    }

    /// What the atoms beside the node cost elsewhere, if what is in stays in: `left` or more if there
    /// is no place for one; from `beside`, which is that of the node above.
    fn look_beside<M: Mask>(
        &mut self,
        web: &Web<M>,
        at: &Node<M>,
        beside: &Beside<M>,
        partners: &Partners,
        left: i64,
    ) -> Beside<M> {
        let (graph, first) = (&self.instance.graph, self.watched.len());
        self.watched.extend_from_within(beside.first..);
        let shore = web.beside(&at.inside).less(&at.inside).less(&at.open);
        let mut fresh = shore.less(&beside.shore);
        while let Some(slot) = fresh.pop() {
            self.watched.push((self.atoms[slot], 0));
        }
        let mut fresh = at.inside.less(&beside.known);
        while let Some(slot) = fresh.pop() {
            for &other in graph.neighbours(self.atoms[slot]) {
                if self.slots[other as usize] == NOWHERE
                    && !self.watched[first..].iter().any(|watched| watched.0 == other)
                {
                    self.watched.push((other, 0));
                }
            }
        }
        self.inside.clear();
        let mut inside = at.inside.clone();
        while let Some(slot) = inside.pop() {
            self.inside.push(self.atoms[slot]);
        }
        let mut most = beside.extra;
        self.dear.clear();
        for watched in &mut self.watched[first..] {
            let (place, extra, looks) = partners.first(watched.0, watched.1, &mut self.inside, left);
            self.looks += looks;
            watched.1 = place;
            most = most.max(extra);
            if most >= left {
                break;
            }
            self.dear.push((extra, watched.0, place));
        }
        if most < left {
            let (fits, looks) = partners.pairs(&mut self.dear, &mut self.inside, left);
            self.looks += looks;
            most = if fits { most } else { left };
        }
        Beside { known: at.inside.clone(), shore, first, extra: most }
    }
}
