//! The linear relaxation over the parts met so far: a revised simplex with its inverse kept in full.
//!
//! Rows are atoms, held once each; then one for the number of parts, or one for each family; then
//! cuts, which are at most so much. The right side is nudged so that no pivot stands still (Charnes
//! 1952). Prices only guide: what is proved with them is summed in whole numbers elsewhere.

mod renew;
#[cfg(test)]
mod tests;

/// What counts as zero: beside the cost of a usual part, and beside one.
const TINY: f64 = 1e-9;
const PIVOT: f64 = 1e-7;

/// Pivots after which the inverse is made anew.
const STALE: usize = 400;

/// Marks the unit column of a row: the slack of a cut, or what an unmet row costs.
const UNIT: u32 = 1 << 31;

/// Marks with it what an overfull row pays back.
const LESS: u32 = 1 << 30;

/// Columns kept at hand between two looks at all of them.
const AT_HAND: usize = 60;

/// Basis, inverse, prices and levels over a growing list of columns.
#[derive(Clone)]
pub(crate) struct Master {
    /// Rows that have to be met.
    equal: usize,
    sides: Vec<f64>,
    costs: Vec<f64>,
    first: Vec<u32>,
    entries: Vec<u16>,
    basic: Vec<bool>,
    basis: Vec<u32>,
    inverse: Vec<f64>,
    level: Vec<f64>,
    /// The price of each row.
    pub(crate) prices: Vec<f64>,
    /// Within what the price of a row has to stay.
    range: Vec<(f64, f64)>,
    age: usize,
    at_hand: Vec<u32>,
    /// Pivots made.
    pub(crate) pivots: u64,
}

impl Master {
    /// Without columns: `sides` is what each row is to hold, `range` within what its price stays.
    pub(crate) fn new(sides: &[f64], range: Vec<(f64, f64)>) -> Self {
        let rows = sides.len();
        let mut master = Self {
            equal: rows,
            sides: sides.iter().enumerate().map(|(row, side)| side + nudge(row)).collect(),
            costs: Vec::new(),
            first: vec![0],
            entries: Vec::new(),
            basic: Vec::new(),
            basis: (0..rows as u32).map(|row| UNIT | row).collect(),
            inverse: Vec::new(),
            level: Vec::new(),
            prices: Vec::new(),
            range,
            age: 0,
            at_hand: Vec::new(),
            pivots: 0,
        };
        master.renew();
        master
    }

    pub(crate) fn rows(&self) -> usize {
        self.sides.len()
    }

    pub(crate) fn columns(&self) -> usize {
        self.costs.len()
    }

    /// Adds a column with ones in `rows`.
    pub(crate) fn add(&mut self, cost: f64, rows: impl Iterator<Item = u16>) {
        self.entries.extend(rows);
        self.first.push(self.entries.len() as u32);
        self.costs.push(cost);
        self.basic.push(false);
    }

    /// Adds a cut: the columns that `holds` tells of may come to `side` together.
    pub(crate) fn cut(&mut self, side: f64, holds: impl Fn(usize) -> bool) {
        let row = self.rows();
        self.sides.push(side + nudge(row));
        let old = std::mem::take(&mut self.entries);
        let mut first = vec![0];
        for column in 0..self.costs.len() {
            self.entries
                .extend_from_slice(&old[self.first[column] as usize..self.first[column + 1] as usize]);
            if holds(column) {
                self.entries.push(row as u16);
            }
            first.push(self.entries.len() as u32);
        }
        self.first = first;
        let mut inverse = vec![0.0; (row + 1) * (row + 1)];
        for (line, own) in inverse.chunks_exact_mut(row + 1).zip(self.inverse.chunks_exact(row.max(1))) {
            line[..row].copy_from_slice(own);
        }
        let mut level = self.sides[row];
        for at in 0..row {
            let variable = self.basis[at];
            if variable & UNIT == 0 && holds(variable as usize) {
                level -= self.level[at];
                for other in 0..row {
                    inverse[row * (row + 1) + other] -= self.inverse[at * row + other];
                }
            }
        }
        inverse[row * (row + 1) + row] = 1.0;
        self.inverse = inverse;
        self.level.push(level);
        self.prices.push(0.0);
        self.basis.push(UNIT | row as u32);
    }

    /// Makes columns dearer.
    pub(crate) fn punish(&mut self, by: f64, which: impl Fn(usize) -> bool) {
        for (column, cost) in self.costs.iter_mut().enumerate() {
            *cost += if which(column) { by } else { 0.0 };
        }
        self.price();
        self.at_hand.clear();
    }

    /// How much of each column is taken, of those that are.
    pub(crate) fn taken(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        let columns = self.basis.iter().zip(&self.level).filter(|(variable, _)| **variable & UNIT == 0);
        columns.map(|(variable, level)| (*variable as usize, *level)).filter(|(_, level)| *level > 1e-5)
    }

    /// Cost of what is taken, unmet rows included.
    pub(crate) fn cost(&self) -> f64 {
        self.basis.iter().zip(&self.level).map(|(variable, level)| self.cost_of(*variable) * level).sum()
    }

    fn cost_of(&self, variable: u32) -> f64 {
        if variable & UNIT == 0 {
            return self.costs[variable as usize];
        }
        let row = (variable & !UNIT & !LESS) as usize;
        match self.range.get(row) {
            Some(range) if variable & LESS == 0 => range.1,
            Some(range) => -range.0,
            None => 0.0,
        }
    }

    /// How much of the rows is met by paying the ends of their ranges: nothing at a true optimum.
    pub(crate) fn unmet(&self) -> f64 {
        let units = self.basis.iter().zip(&self.level).filter(|(variable, _)| {
            **variable & UNIT != 0 && ((**variable & !UNIT & !LESS) as usize) < self.equal
        });
        units.map(|(_, level)| level.max(0.0)).filter(|level| *level > 1e-3).sum()
    }

    /// Gives the rows other ranges.
    pub(crate) fn set_range(&mut self, range: Vec<(f64, f64)>) {
        self.range = range;
        self.price();
    }

    /// The middles of the ranges.
    pub(crate) fn centre(&self) -> Vec<f64> {
        self.range.iter().map(|(low, high)| (low + high) / 2.0).collect()
    }

    fn price(&mut self) {
        let rows = self.rows();
        let mut prices = vec![0.0; rows];
        for (line, &variable) in self.inverse.chunks_exact(rows).zip(&self.basis) {
            let cost = self.cost_of(variable);
            prices.iter_mut().zip(line).for_each(|(price, v)| *price += cost * v);
        }
        self.prices = prices;
    }

    /// What a unit column would lower the cost by, below nothing.
    fn units(&self) -> impl Iterator<Item = (u32, f64)> + '_ {
        let rows = 0..self.rows();
        rows.flat_map(|row| {
            let price = self.prices[row];
            let (low, high) = self.range.get(row).copied().unwrap_or((f64::NEG_INFINITY, 0.0));
            [(UNIT | row as u32, high - price), (UNIT | LESS | row as u32, price - low)]
        })
    }

    pub(crate) fn rows_of(&self, column: usize) -> &[u16] {
        &self.entries[self.first[column] as usize..self.first[column + 1] as usize]
    }

    pub(crate) fn reduced(&self, column: usize) -> f64 {
        self.costs[column]
            - self.rows_of(column).iter().map(|&row| self.prices[usize::from(row)]).sum::<f64>()
    }

    /// Pivots until levels are right and no column would lower the cost; false if patience ended.
    pub(crate) fn solve(&mut self, most: usize) -> bool {
        let ends = self.pivots + most as u64;
        while self.pivots < ends {
            if self.age >= STALE && !self.renew() {
                return false;
            }
            if let Some(row) = self.lowest() {
                if !self.raise(row) {
                    return false;
                }
                continue;
            }
            let Some((variable, reduced)) = self.entering() else { return true };
            let entering = self.ahead(variable);
            let mut leaving: Option<(f64, usize)> = None;
            for row in (0..self.rows()).filter(|&row| entering[row] > PIVOT) {
                let ratio = self.level[row].max(0.0) / entering[row];
                if leaving.is_none_or(|(least, _)| ratio < least) {
                    leaving = Some((ratio, row));
                }
            }
            let Some((_, row)) = leaving else { return false };
            self.pivot(row, variable, &entering, reduced);
        }
        false
    }

    fn lowest(&self) -> Option<usize> {
        let low = (0..self.rows()).filter(|&row| self.level[row] < -PIVOT);
        low.min_by(|&a, &b| self.level[a].total_cmp(&self.level[b]).then(a.cmp(&b)))
    }

    /// A column whose price is far from its cost.
    fn entering(&mut self) -> Option<(u32, f64)> {
        let mut best = (-TINY, u32::MAX);
        for (unit, reduced) in self.units() {
            if reduced < best.0 {
                best = (reduced, unit);
            }
        }
        for round in 0..2 {
            for &column in &self.at_hand {
                let reduced = self.reduced(column as usize);
                if !self.basic[column as usize] && reduced < best.0 {
                    best = (reduced, column);
                }
            }
            if best.1 != u32::MAX || round == 1 {
                break;
            }
            let all = (0..self.costs.len()).filter(|&column| !self.basic[column]);
            let mut low: Vec<(f64, u32)> =
                all.map(|column| (self.reduced(column), column as u32)).filter(|c| c.0 < -TINY).collect();
            low.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            self.at_hand = low.into_iter().take(AT_HAND).map(|c| c.1).collect();
        }
        (best.1 != u32::MAX).then_some((best.1, best.0))
    }

    /// A dual pivot: raises the level of a row to nothing.
    fn raise(&mut self, at: usize) -> bool {
        let rows = self.rows();
        let line = &self.inverse[at * rows..][..rows];
        let mut best: Option<(f64, f64, u32, f64)> = None;
        let mut look = |variable: u32, reduced: f64, slope: f64| {
            if slope < -PIVOT {
                let ratio = reduced.max(0.0) / -slope;
                if best
                    .is_none_or(|held| ratio < held.0 - 1e-12 || (ratio < held.0 + 1e-12 && slope < held.1))
                {
                    best = Some((ratio, slope, variable, reduced));
                }
            }
        };
        for column in (0..self.costs.len()).filter(|&column| !self.basic[column]) {
            let slope: f64 = self.rows_of(column).iter().map(|&row| line[usize::from(row)]).sum();
            look(column as u32, self.reduced(column), slope);
        }
        for (unit, reduced) in self.units().filter(|(_, reduced)| reduced.is_finite()) {
            let slope = line[(unit & !UNIT & !LESS) as usize];
            if !self.basis.contains(&unit) {
                look(unit, reduced, if unit & LESS == 0 { slope } else { -slope });
            }
        }
        let Some((_, _, variable, reduced)) = best else { return false };
        let entering = self.ahead(variable);
        self.pivot(at, variable, &entering, reduced);
        true
    }

    fn ahead(&self, variable: u32) -> Vec<f64> {
        let rows = self.rows();
        let lines = self.inverse.chunks_exact(rows);
        if variable & UNIT != 0 {
            let sign = if variable & LESS == 0 { 1.0 } else { -1.0 };
            return lines.map(|line| sign * line[(variable & !UNIT & !LESS) as usize]).collect();
        }
        let own = self.rows_of(variable as usize);
        lines.map(|line| own.iter().map(|&row| line[usize::from(row)]).sum()).collect()
    }

    fn pivot(&mut self, at: usize, variable: u32, entering: &[f64], reduced: f64) {
        let rows = self.rows();
        let ratio = self.level[at] / entering[at];
        let scale = 1.0 / entering[at];
        let line: Vec<f64> = self.inverse[at * rows..][..rows].iter().map(|v| v * scale).collect();
        for row in (0..rows).filter(|&row| row != at && entering[row] != 0.0) {
            self.level[row] -= entering[row] * ratio;
            let factor = entering[row];
            for (held, pivot) in self.inverse[row * rows..][..rows].iter_mut().zip(&line) {
                *held -= factor * pivot;
            }
        }
        self.prices.iter_mut().zip(&line).for_each(|(price, pivot)| *price += reduced * pivot);
        self.inverse[at * rows..][..rows].copy_from_slice(&line);
        self.level[at] = ratio;
        let gone = std::mem::replace(&mut self.basis[at], variable);
        if gone & UNIT == 0 {
            self.basic[gone as usize] = false;
        }
        if variable & UNIT == 0 {
            self.basic[variable as usize] = true;
        }
        self.age += 1;
        self.pivots += 1;
    }
}

fn nudge(row: usize) -> f64 {
    ((row * 7919 + 13) % 1009 + 1) as f64 * 1e-8
}
