//! Prices of atoms from the linear relaxation of choosing parts.
//!
//! Revised simplex with the inverse kept in full, columns taken from the whole list by rounds of
//! pricing (Dantzig and Wolfe 1960). The right side is nudged so that no pivot stands still
//! (Charnes 1952): prices stay prices whatever the right side, and the bound that is made of them is
//! summed in whole numbers elsewhere, so that nothing rests on the arithmetic here.

/// What counts as zero beside the cost of a usual part.
const TINY: f64 = 1e-9;

/// What leaving a row out costs, in all parts together.
const DEAR: f64 = 2.0;

/// Rounds of pricing, and pivots in each a row.
const ROUNDS: usize = 60;
const PIVOTS_A_ROW: usize = 12;

/// A row for every atom and one for the number of parts.
pub(super) struct Master {
    costs: Vec<i64>,
    first_out: Vec<u32>,
    atoms: Vec<u16>,
    /// Whether a column is among the candidates.
    is_known: Vec<bool>,
    rows: usize,
    /// The usual cost of a part: the unit of all costs here.
    unit: f64,
    inverse: Vec<f64>,
    level: Vec<f64>,
    prices: Vec<f64>,
    candidates: Vec<u32>,
}

impl Master {
    /// No column yet; `known` is the cost of a known division.
    pub(super) fn new(atoms: usize, parts: u32, known: i64) -> Self {
        let rows = atoms + 1;
        let mut inverse = vec![0.0; rows * rows];
        (0..rows).for_each(|row| inverse[row * rows + row] = 1.0);
        let nudge = |row: usize| ((row * 7919 + 13) % 1009) as f64 * 1e-8;
        let mut level: Vec<f64> = (0..rows).map(|row| 1.0 + nudge(row)).collect();
        level[atoms] += f64::from(parts) - 1.0;
        let unit = (known as f64 / f64::from(parts)).max(1.0);
        Self {
            costs: Vec::new(),
            first_out: vec![0],
            atoms: Vec::new(),
            is_known: Vec::new(),
            rows,
            unit,
            inverse,
            level,
            prices: vec![DEAR * f64::from(parts); rows],
            candidates: Vec::new(),
        }
    }

    /// A column more.
    pub(super) fn add(&mut self, atoms: impl Iterator<Item = u32>, cost: i64) {
        self.atoms.extend(atoms.map(|a| a as u16));
        self.first_out.push(self.atoms.len() as u32);
        self.costs.push(cost);
        self.is_known.push(false);
    }

    /// Pivots until no column of the list would lower the cost, or patience ends.
    pub(super) fn settle(&mut self) {
        for _ in 0..ROUNDS {
            // The best column of each lowest atom.
            let mut best: Vec<(f64, u32)> = vec![(-1e-7, u32::MAX); self.rows];
            for column in 0..self.costs.len() as u32 {
                let slot = &mut best[usize::from(self.members(column)[0])];
                let reduced = self.reduced(column);
                if reduced < slot.0 && !self.is_known[column as usize] {
                    *slot = (reduced, column);
                }
            }
            let before = self.candidates.len();
            self.candidates.extend(best.iter().map(|b| b.1).filter(|column| *column != u32::MAX));
            self.candidates[before..].iter().for_each(|&column| self.is_known[column as usize] = true);
            if self.candidates.len() == before || !self.pivot_all() {
                return;
            }
        }
    }

    /// Whole prices of the atoms, and that of a part more.
    pub(super) fn prices(&self) -> (Vec<i64>, i64) {
        let whole = |price: &f64| (price * self.unit).round() as i64;
        let atoms = self.rows - 1;
        (self.prices[..atoms].iter().map(whole).collect(), whole(&self.prices[atoms]))
    }

    fn members(&self, column: u32) -> &[u16] {
        &self.atoms[self.first_out[column as usize] as usize..self.first_out[column as usize + 1] as usize]
    }

    fn reduced(&self, column: u32) -> f64 {
        let prices: f64 = self.members(column).iter().map(|&a| self.prices[usize::from(a)]).sum();
        self.costs[column as usize] as f64 / self.unit - prices - self.prices[self.rows - 1]
    }

    /// Pivots on the candidates until none helps; false if patience ended.
    fn pivot_all(&mut self) -> bool {
        for _ in 0..PIVOTS_A_ROW * self.rows {
            let reduced = self.candidates.iter().map(|&column| (self.reduced(column), column));
            let entering = reduced.min_by(|p, q| p.0.total_cmp(&q.0).then(p.1.cmp(&q.1)));
            match entering {
                Some((reduced, column)) if reduced < -TINY => {
                    if !self.pivot(column, reduced) {
                        return false;
                    }
                }
                _ => return true,
            }
        }
        false
    }

    fn pivot(&mut self, column: u32, reduced: f64) -> bool {
        let rows = self.rows;
        let mut entering = vec![0.0; rows];
        for (row, slot) in entering.iter_mut().enumerate() {
            let line = &self.inverse[row * rows..][..rows];
            let held: f64 = self.members(column).iter().map(|&a| line[usize::from(a)]).sum();
            *slot = held + line[rows - 1];
        }
        let mut leaving: Option<(f64, usize)> = None;
        for row in (0..rows).filter(|&row| entering[row] > 1e-7) {
            let ratio = self.level[row] / entering[row];
            if leaving.is_none_or(|(least, _)| ratio < least) {
                leaving = Some((ratio, row));
            }
        }
        let Some((ratio, at)) = leaving else { return false };
        let scale = 1.0 / entering[at];
        let line: Vec<f64> = self.inverse[at * rows..][..rows].iter().map(|v| v * scale).collect();
        for row in (0..rows).filter(|&row| row != at && entering[row] != 0.0) {
            self.level[row] = (self.level[row] - entering[row] * ratio).max(0.0);
            let factor = entering[row];
            for (held, pivot) in self.inverse[row * rows..][..rows].iter_mut().zip(&line) {
                *held -= factor * pivot;
            }
        }
        self.prices.iter_mut().zip(&line).for_each(|(price, pivot)| *price += reduced * pivot);
        self.inverse[at * rows..][..rows].copy_from_slice(&line);
        self.level[at] = ratio;
        true
    }
}
