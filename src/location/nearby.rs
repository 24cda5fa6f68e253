//! Sites near a demand row, from a table or from a grid over positions.

use super::instance::{Costs, Entry, Instance, Points};

/// Sites a cell holds on average.
const A_CELL: f64 = 3.0;

/// Some of the sites of an instance, ready to be asked which of them are near a row.
pub(super) enum Nearby<'a> {
    /// The instance's table, and which of its sites count.
    Table { instance: &'a Instance, wanted: Vec<bool>, all: bool },
    /// Positions sorted by cell.
    Grid(Grid<'a>),
}

/// Positions of sites in square cells, rows of cells one after another.
pub(super) struct Grid<'a> {
    points: &'a Points,
    corner: (f64, f64),
    side: f64,
    cells: (usize, usize),
    start: Vec<u32>,
    places: Vec<(f64, f64)>,
    names: Vec<u32>,
}

impl<'a> Nearby<'a> {
    /// Over `sites` of `instance`; names passed on are the instance's own.
    pub(super) fn of(instance: &'a Instance, sites: &[u32]) -> Self {
        match &instance.costs {
            Costs::Table(_) => {
                let mut wanted = vec![false; instance.sites.len()];
                for &site in sites {
                    wanted[site as usize] = true;
                }
                let all = wanted.iter().all(|w| *w);
                Self::Table { instance, wanted, all }
            }
            Costs::Points(points) => Self::Grid(Grid::of(points, sites)),
        }
    }

    /// Calls `found` with every site nearer than `below`, in any order.
    pub(super) fn visit(&self, row: usize, below: u32, mut found: impl FnMut(Entry)) {
        match self {
            Self::Table { instance, wanted, all } => {
                let Costs::Table(table) = &instance.costs else { return };
                for &entry in table.row(row).iter().take_while(|e| e.distance < below) {
                    if *all || wanted[entry.site as usize] {
                        found(entry);
                    }
                }
            }
            Self::Grid(grid) => grid.visit(row, below, found),
        }
    }

    /// The nearest site, the lowest number among equals.
    pub(super) fn nearest(&self, row: usize) -> Option<Entry> {
        match self {
            Self::Table { instance, wanted, .. } => {
                let Costs::Table(table) = &instance.costs else { return None };
                table.row(row).iter().find(|e| wanted[e.site as usize]).copied()
            }
            Self::Grid(grid) => grid.nearest(row),
        }
    }

    /// Whether a site is nearer than `below`.
    pub(super) fn within(&self, row: usize, below: u32) -> bool {
        let mut any = false;
        self.visit(row, below, |_| any = true);
        any
    }

    /// The `count` nearest sites, nearest first; all there are if they are fewer.
    pub(super) fn some_nearest(&self, row: usize, count: usize, into: &mut Vec<Entry>) {
        into.clear();
        match self {
            Self::Table { .. } => {
                // Rows of a table are sorted.
                self.visit(row, u32::MAX, |e| {
                    if into.len() < count {
                        into.push(e);
                    }
                });
            }
            Self::Grid(grid) => grid.some_nearest(row, count, into),
        }
    }
}

impl<'a> Grid<'a> {
    fn of(points: &'a Points, sites: &[u32]) -> Self {
        let place = |j: &u32| points.sites[*j as usize];
        let low = sites.iter().map(place).fold((f64::MAX, f64::MAX), |a, b| (a.0.min(b.0), a.1.min(b.1)));
        let high = sites.iter().map(place).fold((f64::MIN, f64::MIN), |a, b| (a.0.max(b.0), a.1.max(b.1)));
        let (width, height) = ((high.0 - low.0).max(0.0), (high.1 - low.1).max(0.0));
        let wanted = (sites.len() as f64 / A_CELL).max(1.0);
        let long = width.max(height);
        // A band of points gets as many cells along it as a square would have in all.
        let side = ((width * height / wanted).sqrt()).max(long / wanted).max(f64::MIN_POSITIVE);
        let along = |length: f64| (length / side) as usize + 1;
        let cells = (along(width), along(height));
        let mut start = vec![0u32; cells.0 * cells.1 + 2];
        let corner = low;
        let cell = |(x, y): (f64, f64)| {
            let cx = (((x - corner.0) / side) as usize).min(cells.0 - 1);
            let cy = (((y - corner.1) / side) as usize).min(cells.1 - 1);
            cy * cells.0 + cx
        };
        for j in sites {
            start[cell(place(j)) + 2] += 1;
        }
        for c in 2..start.len() {
            start[c] += start[c - 1];
        }
        let mut places = vec![(0.0, 0.0); sites.len()];
        let mut names = vec![0; sites.len()];
        for j in sites {
            let at = &mut start[cell(place(j)) + 1];
            places[*at as usize] = place(j);
            names[*at as usize] = *j;
            *at += 1;
        }
        start.pop();
        Self { points, corner, side, cells, start, places, names }
    }

    /// The cells a span of one axis touches, if any.
    fn span(&self, from: f64, to: f64, cells: usize) -> Option<(usize, usize)> {
        if to < 0.0 || from >= cells as f64 * self.side {
            return None;
        }
        Some((((from / self.side).max(0.0)) as usize, ((to / self.side) as usize).min(cells - 1)))
    }

    fn visit(&self, row: usize, below: u32, mut found: impl FnMut(Entry)) {
        let (x, y) = self.points.demand[row];
        // A little more than the rounded radius, which is judged again below.
        let reach = (f64::from(below) + 1.0) / self.points.scale;
        let (dx, dy) = (x - self.corner.0, y - self.corner.1);
        let Some((x0, x1)) = self.span(dx - reach, dx + reach, self.cells.0) else { return };
        let Some((y0, y1)) = self.span(dy - reach, dy + reach, self.cells.1) else { return };
        for cy in y0..=y1 {
            let from = self.start[cy * self.cells.0 + x0] as usize;
            let to = self.start[cy * self.cells.0 + x1 + 1] as usize;
            for k in from..to {
                let distance = self.points.distance((x, y), self.places[k]);
                if distance < below {
                    found(Entry { distance, site: self.names[k] });
                }
            }
        }
    }

    fn nearest(&self, row: usize) -> Option<Entry> {
        let mut best: Option<Entry> = None;
        let mut below = self.first_reach();
        loop {
            self.visit(row, below, |e| best = Some(best.map_or(e, |b| b.min(e))));
            if best.is_some() || below == u32::MAX {
                return best;
            }
            below = below.saturating_mul(2);
        }
    }

    fn some_nearest(&self, row: usize, count: usize, into: &mut Vec<Entry>) {
        let share = (count as f64 / self.names.len().max(1) as f64 * self.start.len() as f64).sqrt();
        let mut below = ((self.side * share * 0.6 * self.points.scale) as u32).max(1);
        loop {
            into.clear();
            self.visit(row, below, |e| into.push(e));
            if into.len() >= count.min(self.names.len()) || below == u32::MAX {
                break;
            }
            below = below.saturating_add(below / 2 + 1);
        }
        into.sort_unstable();
        into.truncate(count);
    }

    fn first_reach(&self) -> u32 {
        ((self.side * self.points.scale) as u32).max(1)
    }
}
