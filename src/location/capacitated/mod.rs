//! Capacitated p-median: each row served whole by one site within its capacity.
//!
//! Sites of the problem without capacities come first, then regions are taken apart and put
//! together again (ruin and recreate, after Schrimpf et al. 2000, with the regret assignment of
//! Mulvey and Beck 1984 and the moves of Stefanello, de Araujo and Müller 2015), accepting a little
//! worse ones early on. The bound is that of the problem without capacities.

mod moves;
mod pick;
mod region;

use super::answer::{Siting, Unsolvable};
use super::instance::{Costs, Instance, State};
use super::median;
use super::nearby::Nearby;
use crate::run::{Run, Stage};
use region::Regions;

/// Distances kept in a matrix up to so many; beyond, they are computed each time.
const MATRIX_MAX: usize = 40_000_000;
/// Share of the work for the bound, as a divisor.
const FOR_BOUND: u64 = 6;
/// Stands for "cannot be walked" within sums.
const FAR: i64 = 1 << 40;

/// Costs of any row at any site.
pub(super) struct Matrix<'a> {
    instance: &'a Instance,
    sites: usize,
    distance: Vec<u32>,
}

impl<'a> Matrix<'a> {
    fn of(instance: &'a Instance) -> Self {
        let (n, m) = (instance.weights.len(), instance.sites.len());
        let mut distance = Vec::new();
        match &instance.costs {
            Costs::Table(table) => {
                distance = vec![u32::MAX; n * m];
                for row in 0..n {
                    for e in table.row(row) {
                        distance[row * m + e.site as usize] = e.distance;
                    }
                }
            }
            Costs::Points(points) if n * m <= MATRIX_MAX => {
                for a in &points.demand {
                    distance.extend(points.sites.iter().map(|b| points.distance(*a, *b)));
                }
            }
            Costs::Points(_) => {}
        }
        Self { instance, sites: m, distance }
    }

    /// Weight times distance.
    pub(super) fn cost(&self, row: u32, site: u32) -> i64 {
        let (row, site) = (row as usize, site as usize);
        let distance = if self.distance.is_empty() {
            let Costs::Points(points) = &self.instance.costs else { return FAR };
            points.distance(points.demand[row], points.sites[site])
        } else {
            self.distance[row * self.sites + site]
        };
        if distance == u32::MAX { FAR } else { self.instance.weights[row] as i64 * i64::from(distance) }
    }
}

/// Opens `p` sites and assigns every row.
pub(super) fn solve(instance: &Instance, p: u32, work: u64, run: &Run<'_>) -> Result<Siting, Unsolvable> {
    fits(instance, p)?;
    let relaxed = median::solve(instance, p, work / FOR_BOUND, run)?;
    let free = instance.in_state(State::Free);
    let near = Nearby::of(instance, &free);
    let home = (0..instance.weights.len())
        .map(|row| near.nearest(row).map_or(relaxed.chosen[0], |e| e.site))
        .collect();
    let matrix = Matrix::of(instance);
    let rng = run.seed.stream(Stage::Siting, 2);
    let mut regions = Regions::new(instance, &matrix, home, relaxed.chosen, rng);
    regions.anneal(work - work / FOR_BOUND, relaxed.bound);
    let (value, chosen, assignment) = regions.into_best().ok_or(Unsolvable::NotFound)?;
    let assignment = assignment.into_iter().map(Some).collect();
    Ok(Siting { chosen, assignment, value, bound: relaxed.bound.min(value) })
}

/// What makes it impossible at first sight.
fn fits(instance: &Instance, p: u32) -> Result<(), Unsolvable> {
    let expected = instance.weights.len();
    if instance.loads.len() != expected {
        return Err(Unsolvable::Lengths { what: "loads", found: instance.loads.len(), expected });
    }
    let free = instance.in_state(State::Free);
    if p as usize > free.len() {
        return Err(Unsolvable::FewSites { wanted: p, free: free.len() });
    }
    let of = |j: &u32| instance.sites[*j as usize].capacity;
    let mut capacities: Vec<u64> = free.iter().map(of).collect();
    capacities.sort_unstable_by(|a, b| b.cmp(a));
    capacities.truncate(p as usize);
    let standing = instance.in_state(State::Open);
    capacities.extend(standing.iter().map(of));
    let total: u128 = instance.loads.iter().map(|l| u128::from(*l)).sum();
    let most: u128 = capacities.iter().map(|c| u128::from(*c)).sum();
    if total > i64::MAX as u128 / 4 {
        return Err(Unsolvable::TooWide);
    }
    let largest = capacities.iter().copied().max().unwrap_or(0);
    if let Some((row, &load)) = (0u32..).zip(&instance.loads).find(|(_, load)| **load > largest) {
        return Err(Unsolvable::HeavyRow { row, load });
    }
    if total > most {
        let sites = capacities.len() as u32;
        return Err(Unsolvable::Overloaded { load: total as u64, sites, most: most as u64 });
    }
    Ok(())
}
