//! Arcs in compressed rows, by the junction they lead to.

use super::{Chain, Streets};
use crate::walking::NONE;

/// The rows. A search starts at centres and asks who can walk *to* a junction, so a row holds the
/// junctions one comes from.
#[derive(Debug, Default)]
pub(crate) struct Arcs {
    first: Vec<u32>,
    /// Where the arcs between junctions end; behind them stand loose ends, rings, and streets closed
    /// towards the junction.
    between_end: Vec<u32>,
    /// Junction one comes from and millimetres from there.
    heads: Vec<(u32, u32)>,
    chains: Vec<u32>,
    longest: u32,
}

/// A chain seen from a junction it leads to.
#[derive(Clone, Copy)]
pub(crate) struct Spoke {
    pub(crate) chain: u32,
    /// The junction at the other end, [`NONE`] at a loose end.
    pub(crate) other: u32,
    /// Whether the junction is the last of the chain, which stands in the row of its first too.
    pub(crate) is_second: bool,
}

impl Arcs {
    /// Rows over the chains that `keep` lets pass.
    pub(super) fn over(streets: &Streets, junctions: usize, keep: impl Fn(&Chain) -> bool) -> Self {
        let kept = || streets.chains.iter().enumerate().filter(|(_, chain)| keep(chain));
        // Between junctions, and behind: what no search walks along to this junction.
        let mut rows = [vec![0u32; junctions], vec![0u32; junctions]];
        let is_behind = |chain: &Chain, is_open: bool| {
            usize::from(!is_open || chain.to == NONE || chain.to == chain.from)
        };
        for (_, chain) in kept() {
            rows[is_behind(chain, chain.is_back_open())][chain.from as usize] += 1;
            if chain.to != NONE && chain.to != chain.from {
                rows[is_behind(chain, chain.is_ahead_open())][chain.to as usize] += 1;
            }
        }
        let mut arcs = Self { first: Vec::with_capacity(junctions + 1), ..Self::default() };
        arcs.between_end.reserve_exact(junctions);
        let [between, behind] = &mut rows;
        let mut total = 0;
        for (between, behind) in between.iter_mut().zip(behind) {
            arcs.first.push(total);
            total += *between;
            *between = total - *between;
            arcs.between_end.push(total);
            total += *behind;
            *behind = total - *behind;
        }
        arcs.first.push(total);
        arcs.heads = vec![(NONE, 0); total as usize];
        arcs.chains = vec![0; total as usize];
        let mut put = |next: &mut u32, head: (u32, u32), chain: u32| {
            arcs.heads[*next as usize] = head;
            arcs.chains[*next as usize] = chain;
            *next += 1;
        };
        for (number, chain) in kept() {
            let (ahead, back) = streets.span(chain);
            let number = (number as u32) << 1;
            let row = &mut rows[is_behind(chain, chain.is_back_open())];
            put(&mut row[chain.from as usize], (chain.to, back), number);
            if chain.to != NONE && chain.to != chain.from {
                let row = &mut rows[is_behind(chain, chain.is_ahead_open())];
                put(&mut row[chain.to as usize], (chain.from, ahead), number | 1);
            }
        }
        for (first, end) in arcs.first.iter().zip(&arcs.between_end) {
            for (_, cost) in &arcs.heads[*first as usize..*end as usize] {
                arcs.longest = arcs.longest.max(*cost);
            }
        }
        arcs
    }

    /// Junctions from which one walks straight to a junction, and how far.
    #[inline]
    pub(crate) fn into(&self, junction: u32) -> &[(u32, u32)] {
        &self.heads[self.first[junction as usize] as usize..self.between_end[junction as usize] as usize]
    }

    /// All chains at a junction.
    pub(crate) fn spokes(&self, junction: u32) -> impl Iterator<Item = Spoke> + '_ {
        let row = self.first[junction as usize] as usize..self.first[junction as usize + 1] as usize;
        self.heads[row.clone()].iter().zip(&self.chains[row]).map(|((other, _), chain)| Spoke {
            chain: chain >> 1,
            other: *other,
            is_second: chain & 1 == 1,
        })
    }

    /// The longest arc between two junctions.
    pub(crate) fn longest_between(&self) -> u32 {
        self.longest
    }
}
