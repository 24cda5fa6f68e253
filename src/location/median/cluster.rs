//! Rows near one another joined, so that a search and its multipliers are rehearsed on few.
//!
//! A cluster's distance to a site is the mean of its rows', so that only clusters that a choice would
//! split between sites are misjudged.

use std::collections::BinaryHeap;

use super::Search;
use crate::location::dual::Dual;
use crate::location::instance::{Costs, Entry, Instance, Points};
use crate::location::nearby::Nearby;
use crate::location::rows::Rows;

/// Share from which a site counts as open in part.
const SEEN: f32 = 0.01;

/// Rows of an instance in clusters.
pub(super) struct Clusters {
    members: Vec<Vec<u32>>,
}

impl Clusters {
    /// About `count` clusters of the rows that have weight: the one whose weight is spread over most
    /// ground is halved until there are so many. None if rows have no positions.
    pub(super) fn of(instance: &Instance, count: usize) -> Option<Self> {
        let Costs::Points(points) = &instance.costs else { return None };
        let all: Vec<u32> =
            (0..instance.weights.len() as u32).filter(|row| instance.weights[*row as usize] > 0).collect();
        let key = |members: &[u32]| {
            let weight: u64 = members.iter().map(|row| instance.weights[*row as usize]).sum();
            let (side, _) = longer_side(points, members);
            // Below 2^60 by the check of sums; only the order matters.
            (weight as f64).sqrt() * side
        };
        let mut heap = BinaryHeap::from([(key(&all).to_bits(), all)]);
        while heap.len() < count
            && let Some((width, mut members)) = heap.pop()
        {
            if width == 0 || members.len() < 2 {
                heap.push((0, members));
                break;
            }
            let (_, across) = longer_side(points, &members);
            let along = |row: &u32| {
                let (x, y) = points.demand[*row as usize];
                if across { x } else { y }
            };
            let half = members.len() / 2;
            members.select_nth_unstable_by(half, |a, b| along(a).total_cmp(&along(b)).then(a.cmp(b)));
            let other = members.split_off(half);
            heap.push((key(&members).to_bits(), members));
            heap.push((key(&other).to_bits(), other));
        }
        let mut members: Vec<Vec<u32>> = heap.into_iter().map(|c| c.1).collect();
        members.iter_mut().for_each(|m| m.sort_unstable());
        members.sort_unstable();
        Some(Self { members })
    }
}

/// The longer side of what rows span, and whether it is that of the first axis.
fn longer_side(points: &Points, members: &[u32]) -> (f64, bool) {
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    for row in members {
        let (x, y) = points.demand[*row as usize];
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let (width, height) = ((high.0 - low.0).max(0.0), (high.1 - low.1).max(0.0));
    (width.max(height), width >= height)
}

impl Search<'_> {
    /// A row for each cluster over `sites`, and which cluster each is.
    pub(super) fn joined(&mut self, sites: &[u32], clusters: &Clusters) -> (Rows, Vec<u32>) {
        let near = Nearby::of(self.instance, sites);
        let mut local = vec![0u32; self.instance.sites.len()];
        for (k, j) in (0u32..).zip(sites) {
            local[*j as usize] = k;
        }
        let mut sums = vec![(0i128, 0u32); sites.len()];
        let mut touched: Vec<u32> = Vec::new();
        let (mut rows, mut names) = (Rows::new(sites.len()), Vec::new());
        let mut visited = 0;
        for (name, members) in (0u32..).zip(&clusters.members) {
            let far = |row: &u32| self.cap[*row as usize].min(self.reach[*row as usize]);
            let cap = members.iter().map(far).max().unwrap_or(0);
            let weight: i64 = members.iter().map(|row| self.weight(*row as usize)).sum();
            for row in members {
                let own = i128::from(self.weight(*row as usize));
                near.visit(*row as usize, cap, |e| {
                    let site = local[e.site as usize];
                    let sum = &mut sums[site as usize];
                    if sum.1 == 0 {
                        touched.push(site);
                    }
                    *sum = (sum.0 + own * i128::from(e.distance), sum.1 + 1);
                    visited += 1;
                });
            }
            let mut list = Vec::with_capacity(touched.len());
            for site in touched.drain(..) {
                let (sum, count) = std::mem::take(&mut sums[site as usize]);
                if count as usize == members.len() {
                    list.push(Entry { distance: (sum / i128::from(weight)) as u32, site });
                }
            }
            let last = list.iter().map(|e| e.distance + 1).max().unwrap_or(1);
            if rows.push(weight, if cap == u32::MAX { last } else { cap }, list) {
                names.push(name);
            }
        }
        self.meter.done += visited;
        (rows, names)
    }

    /// Multipliers of all rows from those of clusters: a row pays as much more than the way to the
    /// site where its cluster's payment ends.
    pub(super) fn spread(
        &mut self,
        rows: &Rows,
        names: &[u32],
        clusters: &Clusters,
        dual: &Dual,
        sites: &[u32],
    ) {
        let Costs::Points(points) = &self.instance.costs else { return };
        for (k, name) in names.iter().enumerate() {
            let ends = dual.u[k] as f64 / (rows.weight[k] * self.scale) as f64;
            let open = rows.row(k).iter().filter(|e| dual.share[e.site as usize] >= SEEN);
            let off = |e: &Entry| (f64::from(e.distance) - ends).abs();
            let Some(last) = open.min_by(|a, b| off(a).total_cmp(&off(b))) else { continue };
            let site = points.sites[sites[last.site as usize] as usize];
            for row in &clusters.members[*name as usize] {
                let unit = self.instance.weights[*row as usize] as f64 * self.scale as f64;
                let way = points.distance(points.demand[*row as usize], site);
                let pays = (f64::from(way) + ends - f64::from(last.distance)).max(0.0) * unit;
                self.pays[*row as usize] = pays as i64;
            }
        }
    }
}
