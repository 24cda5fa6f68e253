//! All pairs of centre and place within a limit, as a sparse matrix.

use rayon::prelude::*;

use super::sweep::{Entrance, Sweep, by_centre, mm};
use super::targets::Targets;
use crate::walking::streets::{Streets, Walker};
use crate::walking::{FAR, NONE};

/// A sparse matrix in compressed rows: for each centre the places it can be walked to from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Where each row starts, and the number of pairs.
    pub first: Vec<usize>,
    /// Column and millimetres, row after row; within a row in no meant order, but the same on any
    /// number of threads.
    pub entries: Vec<(u32, u32)>,
}

impl Pairs {
    /// Rows there are.
    pub fn rows(&self) -> usize {
        self.first.len().saturating_sub(1)
    }

    /// Pairs there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no pair.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Columns and millimetres of one row.
    pub fn row(&self, row: usize) -> &[(u32, u32)] {
        &self.entries[self.first[row]..self.first[row + 1]]
    }

    /// Rows for columns: for each of `columns` places its centres in rising order.
    ///
    /// # Panics
    /// If a column is not below `columns`.
    pub fn transposed(&self, columns: usize) -> Self {
        let mut first = vec![0usize; columns + 1];
        for (column, _) in &self.entries {
            first[*column as usize + 1] += 1;
        }
        for k in 1..first.len() {
            first[k] += first[k - 1];
        }
        let mut next = first.clone();
        let mut turned = Self { first, entries: vec![(0, 0); self.len()] };
        for row in 0..self.rows() {
            for (column, mm) in self.row(row) {
                let next = &mut next[*column as usize];
                turned.entries[*next] = (row as u32, *mm);
                *next += 1;
            }
        }
        turned
    }
}

/// Column and millimetres, again and again.
type Row = Vec<(u32, u32)>;

/// Centres swept by one task: neighbours along the curve, so that they find one another's streets in
/// the cache.
const TASK: usize = 32;

/// All places from which each of `centres` centres is at most `limit_mm` away.
///
/// Runs on the current pool of threads.
///
/// # Panics
/// If an entrance names a centre that is not there.
pub fn within(
    streets: &Streets,
    targets: &Targets,
    centres: usize,
    entrances: &[Entrance],
    limit_mm: u32,
    walker: Walker,
) -> Pairs {
    let (sorted, ranges) = by_centre(centres, entrances);
    let mut order: Vec<u32> = (0..centres as u32).collect();
    order.sort_by_key(|centre| {
        sorted[ranges[*centre as usize]..].first().map_or(NONE, |entrance| entrance.point.chain)
    });
    let limit = limit_mm.min(FAR - 1);
    let tasks: Vec<&[u32]> = order.chunks(TASK).collect();
    let done: Vec<(Vec<usize>, Row)> = tasks
        .par_iter()
        .map_init(
            || Reach::new(streets, targets),
            |reach, task| {
                // Room for what the task before found and more: what is not filled is never touched.
                let mut found = Vec::with_capacity(reach.most * 2);
                let ends = task.iter().map(|centre| {
                    let range = ranges[*centre as usize]..ranges[*centre as usize + 1];
                    reach.one(streets, targets, &sorted[range], limit, walker, &mut found);
                    found.len()
                });
                let ends = ends.collect();
                reach.most = reach.most.max(found.len());
                (ends, found)
            },
        )
        .collect();
    // Back from the order of the curve to that of the centres.
    let mut first = vec![0; centres + 1];
    let mut source = vec![(0, 0); centres];
    for (task, (ends, _)) in done.iter().enumerate() {
        let starts = std::iter::once(0).chain(ends.iter().copied());
        for ((centre, start), end) in tasks[task].iter().zip(starts).zip(ends) {
            first[*centre as usize + 1] = end - start;
            source[*centre as usize] = (task, start);
        }
    }
    for k in 1..first.len() {
        first[k] += first[k - 1];
    }
    let total = first[centres];
    let mut pairs = Pairs { entries: Vec::with_capacity(total), first };
    for (centre, (task, start)) in source.into_iter().enumerate() {
        let row = start..start + pairs.first[centre + 1] - pairs.first[centre];
        pairs.entries.extend_from_slice(&done[task].1[row]);
    }
    pairs
}

/// State of one thread.
struct Reach {
    sweep: Sweep,
    /// Best so far of places with several entrances; empty where none has.
    best: Vec<u32>,
    met: Vec<u32>,
    /// Most that a task found.
    most: usize,
}

impl Reach {
    fn new(streets: &Streets, targets: &Targets) -> Self {
        let best = if targets.is_single() { Vec::new() } else { vec![FAR; targets.places()] };
        Self { sweep: Sweep::new(streets), best, met: Vec::new(), most: 0 }
    }

    fn one(
        &mut self,
        streets: &Streets,
        targets: &Targets,
        sources: &[Entrance],
        limit: u32,
        walker: Walker,
        found: &mut Row,
    ) {
        self.sweep.run(streets, sources, limit, walker);
        let admitted = |source: &&Entrance| streets.admits(walker, source.point.chain);
        let arcs = streets.arcs(walker);
        let is_source = |chain| sources.iter().any(|source| source.point.chain == chain);
        for &junction in self.sweep.touched() {
            let here = mm(self.sweep.key(junction));
            for spoke in arcs.spokes(junction) {
                let row = targets.on(spoke.chain);
                let there = mm(self.sweep.key(spoke.other));
                // A chain with two reached ends is taken at its first.
                if row.is_empty() || spoke.is_second && there < FAR || is_source(spoke.chain) {
                    continue;
                }
                let chain = &streets.chains[spoke.chain as usize];
                let (first, last) = if chain.from == junction { (here, there) } else { (there, here) };
                let measured = row.iter().map(|target| (target.place, target.mm_by_ends(first, last)));
                note(measured, limit, &mut self.best, &mut self.met, found);
            }
        }
        let mut chains: Vec<u32> = sources.iter().filter(admitted).map(|source| source.point.chain).collect();
        chains.sort_unstable();
        chains.dedup();
        for number in chains {
            let chain = &streets.chains[number as usize];
            let (first, last) = (mm(self.sweep.key(chain.from)), mm(self.sweep.key(chain.to)));
            let mut here: Vec<_> = targets
                .on(number)
                .iter()
                .map(|target| (target.place, target.mm_by_ends(first, last)))
                .collect();
            for source in sources.iter().filter(|source| source.point.chain == number) {
                for (held, (_, mm)) in here.iter_mut().zip(targets.straight(streets, source)) {
                    held.1 = held.1.min(mm);
                }
            }
            note(here.into_iter(), limit, &mut self.best, &mut self.met, found);
        }
        for place in self.met.drain(..) {
            found.push((place, std::mem::replace(&mut self.best[place as usize], FAR)));
        }
    }
}

/// Notes what is within the limit: at once, or where places have several entrances the best of each.
#[inline]
fn note(
    measured: impl Iterator<Item = (u32, u32)>,
    limit: u32,
    best: &mut [u32],
    met: &mut Vec<u32>,
    found: &mut Row,
) {
    let measured = measured.filter(|(_, mm)| *mm <= limit);
    if best.is_empty() {
        found.extend(measured);
        return;
    }
    for (place, mm) in measured {
        let held = &mut best[place as usize];
        if *held == FAR {
            met.push(place);
        }
        *held = (*held).min(mm);
    }
}
