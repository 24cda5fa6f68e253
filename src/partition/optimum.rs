//! The best division of a community, where its possible grids can all be listed, and what is known
//! about the best where they cannot.
//!
//! The weighted principles are a sum over grids but for one term: households away from the main part
//! of their set, h₁ ≥ h₂ ≥ … of H in all, count H − h₁. Half of min(h, H − h) summed over the grids is
//! never more, and the same wherever the main part is at least half; so grids priced with it bound
//! every division, nearly always exactly.

use super::Divided;
use super::draft::Draft;
use super::score::{FINE, Scale, Score, Sums};
use super::task::{NO_SET, Task};
use crate::districting::graph::Graph;
use crate::districting::instance::Instance;
use crate::districting::listed::{self, Parts};
use crate::districting::priced::{self, Priced, Terms};
use crate::model::rules::{Effort, Rules};

/// Atoms up to which grids are listed: the relaxation keeps a square of them.
const ATOMS_MAX: usize = 250;

/// A division worth more than this is not bounded: its sums would not fit.
const MOST_WEIGHED: i64 = 1 << 49;

/// The weighted principles of a division and a bound on them, in 1/[`FINE`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Worth {
    pub(super) value: i64,
    /// No division into as many grids of the range is worth less.
    pub(super) bound: i64,
}

/// What may be spent on one community.
pub(super) fn limits(effort: Effort) -> Option<Limits> {
    match effort {
        Effort::Fast => None,
        Effort::Normal => Some(Limits {
            listed: listed::Limits { looked_at: 150_000, nodes: 100_000 },
            priced: priced::Limits {
                pricing: 160_000_000,
                listing: 100_000_000,
                parts: 20_000,
                nodes: 100_000,
            },
        }),
        Effort::Prove => Some(Limits {
            listed: listed::Limits { looked_at: 1_000_000, nodes: 20_000_000 },
            priced: priced::Limits {
                pricing: 4_000_000_000,
                listing: 4_000_000_000,
                parts: 400_000,
                nodes: 20_000_000,
            },
        }),
    }
}

/// By listing every grid, and where they are too many by pricing them.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    pub(super) listed: listed::Limits,
    priced: priced::Limits,
}

/// The range that a division and its rivals share: that of the rules, widened where this division
/// leaves it; only a grid with an atom above the range may hold as many as `most`.
pub(super) struct Claim {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) most: i64,
}

impl Claim {
    pub(super) fn of(divided: &Divided, rules: &Rules) -> Self {
        let (low, high) = (i64::from(rules.grids.households_min), i64::from(rules.grids.households_max));
        // Households of each grid, and of its largest atom.
        let mut held = vec![(0i64, 0i64); divided.grids];
        for (&grid, &households) in divided.grid_of.iter().zip(&divided.task.households) {
            let slot = &mut held[grid as usize];
            *slot = (slot.0 + households, slot.1.max(households));
        }
        let all = || held.iter().map(|h| h.0);
        // An atom above the range of the rules may lie within the widened one, and its grid is plain then.
        let mut widened = high;
        loop {
            let plain = held.iter().filter(|h| h.1 <= widened).map(|h| h.0);
            let next = plain.fold(widened, i64::max);
            if next == widened {
                break;
            }
            widened = next;
        }
        Self { low: all().fold(low, i64::min), high: widened, most: all().fold(widened, i64::max) }
    }

    /// The community with this range, without positions: prices are given with the parts.
    pub(super) fn instance(&self, task: &Task, grids: usize) -> Instance {
        let joins = |a: u32| task.joins(a).iter().map(move |&(b, shared)| (a, b, shared));
        let edges: Vec<(u32, u32, u32)> =
            (0..task.len() as u32).flat_map(joins).filter(|(a, b, _)| a < b).collect();
        Instance {
            graph: Graph::from_edges(task.len(), &edges),
            people: task.households.clone(),
            x: Vec::new(),
            y: Vec::new(),
            parts: grids as u32,
            low: self.low,
            high: self.high,
        }
    }
}

/// Whether the grids of a community can be listed at all.
pub(super) fn is_listable(task: &Task, grids: usize) -> bool {
    task.pieces == 1 && grids > 1 && task.len() <= ATOMS_MAX
}

/// Bounds a division, and puts the best in its place where that is found.
pub(super) fn settle(divided: &mut Divided, rules: &Rules) {
    let (task, grids) = (&divided.task, divided.grids);
    if task.len() == 0 || grids == 0 {
        return;
    }
    let scale = Scale::of(task, grids, rules);
    let score = score_of(task, grids, &divided.grid_of, scale);
    divided.worth = Worth { value: score.soft, bound: 0 };
    if score.soft >= MOST_WEIGHED {
        return;
    }
    if grids == 1 {
        // There is one division into one grid.
        divided.worth.bound = score.soft;
        return;
    }
    let Some(limits) = limits(rules.grids.effort).filter(|_| is_listable(task, grids)) else { return };
    let claim = Claim::of(divided, rules);
    let instance = claim.instance(task, grids);
    let mut prices = Prices::of(task, scale);
    let mut price = |atoms: &[u32]| prices.of_grid(atoms);
    let parts = Parts { instance: &instance, most: claim.most };
    let listed = parts.cheapest(&mut price, 2 * score.soft, limits.listed);
    let Some(choice) = listed.or_else(|| {
        let terms = scale.exact.then(|| terms(task, scale))?;
        let priced = Priced { instance: &instance, most: claim.most, terms: &terms };
        Some(priced.cheapest(&mut price, &divided.grid_of, limits.priced))
    }) else {
        return;
    };
    // A half is rounded down: the bound is of whole units.
    divided.worth.bound = choice.bound.div_euclid(2).clamp(0, score.soft);
    let Some((_, grid_of)) = choice.better.filter(|_| divided.kept.is_none()) else { return };
    let better = score_of(task, grids, &grid_of, scale);
    if better < score {
        divided.worth.value = better.soft;
        divided.grid_of = grid_of;
    }
    divided.worth.bound = divided.worth.bound.min(divided.worth.value);
}

/// A bound on the weighted principles from one on the moment of inertia alone, in person square metres.
pub(super) fn from_moment(divided: &Divided, moment_bound: u64, rules: &Rules) -> i64 {
    let task = &divided.task;
    let scale = Scale::of(task, divided.grids, rules);
    if task.coarse_square > 1.0 || !scale.exact {
        return 0;
    }
    // Each square was rounded to a whole square metre.
    let people: i64 = task.population.iter().sum();
    let square_cm = (moment_bound as f64 - 0.5 * people as f64).max(0.0) * 1e4;
    let units = (scale.nearness(square_cm) * (1.0 - 1e-9)) as i64 - divided.grids as i64;
    FINE.saturating_mul(units).clamp(0, divided.worth.value)
}

fn score_of(task: &Task, grids: usize, grid_of: &[u32], scale: Scale) -> Score {
    let mut draft = Draft::empty(task, grids, scale);
    (0u32..).zip(grid_of).for_each(|(atom, &grid)| draft.put(atom, grid));
    draft.score()
}

/// What bounds the price of a grid from below, in the same halves as [`Prices`].
fn terms(task: &Task, scale: Scale) -> Terms {
    let n = task.len();
    let mut near = Vec::with_capacity(n * n);
    for centre in 0..n {
        let (cx, cy) = task.coarse[centre];
        near.extend((0..n).map(|atom| {
            let (x, y) = task.coarse[atom];
            let square = ((x - cx).pow(2) + (y - cy).pow(2)) as f64;
            (2.0 * FINE as f64 * scale.nearness(task.population[atom] as f64 * square) * (1.0 - 1e-9)) as i64
        }));
    }
    let mut bundles = vec![Vec::new(); task.sets];
    for (atom, sets) in (0u32..).zip(&task.sets_of) {
        for &set in sets.iter().filter(|set| **set != NO_SET) {
            bundles[set as usize].push((atom, scale.strayed(task.households[atom as usize])));
        }
    }
    bundles.retain(|bundle| bundle.len() > 1);
    let (factor, mean) = scale.size();
    // Two sums of a grid are rounded down to whole units.
    Terms { near, line: scale.lines(1), bundles, size: (2.0 * FINE as f64 * factor, mean), slack: 6 * FINE }
}

/// What single grids cost, twice, so that a line between two grids is halved in whole numbers.
struct Prices<'a> {
    task: &'a Task,
    scale: Scale,
    inside: Vec<bool>,
    set_total: Vec<i64>,
    set_held: Vec<i64>,
}

impl<'a> Prices<'a> {
    fn of(task: &'a Task, scale: Scale) -> Self {
        let mut set_total = vec![0; task.sets];
        for (sets, households) in task.sets_of.iter().zip(&task.households) {
            for &set in sets.iter().filter(|set| **set != NO_SET) {
                set_total[set as usize] += households;
            }
        }
        let set_held = vec![0; task.sets];
        Self { task, scale, inside: vec![false; task.len()], set_total, set_held }
    }

    /// O(atoms · neighbours).
    fn of_grid(&mut self, atoms: &[u32]) -> i64 {
        let task = self.task;
        let mut sums = Sums::default();
        for &atom in atoms {
            sums = sums.with(task, atom, 1);
            self.inside[atom as usize] = true;
        }
        sums.pieces = 1;
        let mut line = 0;
        let mut strayed = 0;
        for &atom in atoms {
            let beyond = task.joins(atom).iter().filter(|join| !self.inside[join.0 as usize]);
            line += beyond.map(|join| i64::from(join.1)).sum::<i64>();
            for &set in task.sets_of[atom as usize].iter().filter(|set| **set != NO_SET) {
                self.set_held[set as usize] += task.households[atom as usize];
            }
        }
        for &atom in atoms {
            self.inside[atom as usize] = false;
            for &set in task.sets_of[atom as usize].iter().filter(|set| **set != NO_SET) {
                let held = std::mem::take(&mut self.set_held[set as usize]);
                strayed += held.min(self.set_total[set as usize] - held);
            }
        }
        let aside = if self.scale.exact { sums.aside(task, atoms.iter().copied()) } else { 0.0 };
        2 * self.scale.judge(&sums, aside).soft + self.scale.lines(line) + self.scale.strayed(strayed)
    }
}
