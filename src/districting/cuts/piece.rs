//! One connected piece divided: search first, then proof, then search again.

use super::anneal::Best;
use super::chance::Chance;
use super::diagram::FAR;
use super::lone::borders;
use super::net::Net;
use super::prove::{fits, order_for, prove};
use super::search::Search;

/// What is known of a piece with its number of parts.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// The best division found.
    pub(super) best: Option<Best>,
    /// No division costs less; [`FAR`] when there is none.
    pub(super) bound: i64,
}

/// Divides a connected net. A sixth of the effort goes into a first division, up to two fifths
/// into a full proof, which may also improve it. Without a proof the search goes on to
/// three fifths of the effort, and a quarter or what is left goes into a weaker bound.
pub(super) fn solve(net: &Net, seed: u64, effort: u64) -> Solved {
    if net.parts == 1 {
        let inside = (net.low..=net.high).contains(&net.total());
        let best = inside.then(|| Best { cut: 0, part_of: vec![0; net.len()] });
        return Solved { best, bound: if inside { 0 } else { FAR } };
    }
    let mut search = Search::new(net, Chance::new(seed, u64::from(net.parts)));
    search.run(effort / 6, effort / 6, effort);
    // The parts hang together by a tree at least.
    let mut bound = (i64::from(net.parts) - 1) * net.least_price();
    let mut spent = 0;
    let order = if fits(net) { order_for(net, &mut spent) } else { None };
    let known = |search: &Search<'_>| search.best().map_or(FAR, |best| best.cut);
    if let Some(order) = &order {
        let proof = prove(net, order, search.best().map(|b| b.cut), effort / 5 * 2);
        spent += proof.work;
        if let Some(part_of) = proof.part_of {
            search.learn(part_of);
        }
        bound = bound.max(proof.bound);
    }
    if known(&search) <= bound || bound >= FAR {
        return Solved { best: search.best().cloned(), bound };
    }
    // Of few parts hardly any can be divided anew that a fresh start would not divide as well.
    let fresh = if net.parts > 4 { effort / 3 } else { effort / 2 };
    search.run(fresh, effort / 5 * 3, effort);
    if let (Some(order), true) = (&order, search.best().is_some()) {
        let limit = effort.saturating_sub(search.work).saturating_sub(spent).max(effort / 4);
        bound = bound.max(borders(net, order, known(&search), limit, &mut 0));
    }
    Solved { best: search.best().cloned(), bound }
}
