//! Places laid out along the chains they are on.

use super::sweep::{Entrance, Key};
use crate::walking::FAR;
use crate::walking::streets::{OnChain, Streets};

/// Places on streets, in the order of the chains, ready to be measured again and again.
#[derive(Debug)]
pub struct Targets {
    /// Where the targets of each chain start.
    first: Vec<u32>,
    rows: Vec<Target>,
    points: Vec<OnChain>,
    places: usize,
    is_single: bool,
}

/// One entrance: what it costs to walk from the place to either end of the chain.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    to_first: u32,
    to_last: u32,
    pub(crate) place: u32,
}

impl Target {
    #[inline]
    pub(super) fn by_ends(&self, first: Key, last: Key) -> Key {
        let (a, b) = (first + (u64::from(self.to_first) << 32), last + (u64::from(self.to_last) << 32));
        a.min(b)
    }

    #[inline]
    pub(super) fn mm_by_ends(&self, first: u32, last: u32) -> u32 {
        (first + self.to_first).min(last + self.to_last)
    }
}

impl Targets {
    /// Lays out the entrances of `places` places; a place without entrance is out of reach.
    ///
    /// # Panics
    /// If an entrance names a place that is not there, or a chain of another graph.
    pub fn new(streets: &Streets, places: usize, entrances: &[Entrance]) -> Self {
        let mut first = vec![0u32; streets.chains.len() + 1];
        for entrance in entrances {
            first[entrance.point.chain as usize + 1] += 1;
        }
        for k in 1..first.len() {
            first[k] += first[k - 1];
        }
        let mut next = first.clone();
        let mut order = vec![0u32; entrances.len()];
        for (k, entrance) in entrances.iter().enumerate() {
            let next = &mut next[entrance.point.chain as usize];
            order[*next as usize] = k as u32;
            *next += 1;
        }
        let mut seen = vec![false; places];
        let is_single =
            entrances.iter().all(|entrance| !std::mem::replace(&mut seen[entrance.place as usize], true));
        let row = |k: &u32| {
            let entrance = &entrances[*k as usize];
            let (to_first, to_last) = streets.walk_to_ends(&entrance.point);
            let access = entrance.access_mm.min(FAR);
            Target {
                to_first: (to_first + access).min(FAR),
                to_last: (to_last + access).min(FAR),
                place: entrance.place,
            }
        };
        let rows = order.iter().map(row).collect();
        let points = order.iter().map(|k| entrances[*k as usize].point).collect();
        Self { first, rows, points, places, is_single }
    }

    /// Every node of the lines as a place of the same number.
    pub fn nodes(streets: &Streets, nodes: usize) -> Self {
        let points = streets.node_points(nodes);
        let entrance = |(place, point): (usize, &Option<OnChain>)| {
            point.map(|point| Entrance { place: place as u32, point, access_mm: 0 })
        };
        let entrances: Vec<Entrance> = points.iter().enumerate().filter_map(entrance).collect();
        Self::new(streets, nodes, &entrances)
    }

    /// Places there are, with entrances or without.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Whether no place has two entrances.
    pub(super) fn is_single(&self) -> bool {
        self.is_single
    }

    #[inline]
    pub(super) fn on(&self, chain: u32) -> &[Target] {
        &self.rows[self.first[chain as usize] as usize..self.first[chain as usize + 1] as usize]
    }

    /// Places on the chain of a centre and the walk along it, without its junctions.
    pub(super) fn straight<'a>(
        &'a self,
        streets: &'a Streets,
        centre: &'a Entrance,
    ) -> impl Iterator<Item = (u32, u32)> + 'a {
        let chain = centre.point.chain as usize;
        let row = self.first[chain] as usize..self.first[chain + 1] as usize;
        self.rows[row.clone()].iter().zip(&self.points[row]).map(move |(target, point)| {
            let along = streets.along(point, &centre.point);
            // Access is what the costs to the ends hold beyond those of the point.
            let (to_first, to_last) = streets.walk_to_ends(point);
            let access = if to_first < FAR { target.to_first - to_first } else { target.to_last - to_last };
            (target.place, (along + access).min(FAR).saturating_add(centre.access_mm).min(FAR))
        })
    }
}
