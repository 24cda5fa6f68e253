//! The program made anew: without what no longer matters, or with a fresh inverse.

use super::{LESS, Master, PIVOT, UNIT};

impl Master {
    /// Drops columns whose reduced cost `keep` tells not to keep, unless in the basis, and cuts that do
    /// not bind, unless `stays` tells so; tells of each old column whether it is still there, and of
    /// each cut.
    pub(crate) fn purge(
        &mut self,
        keep: impl Fn(f64) -> bool,
        stays: impl Fn(usize) -> bool,
    ) -> (Vec<bool>, Vec<bool>) {
        let columns: Vec<bool> =
            (0..self.columns()).map(|column| self.basic[column] || keep(self.reduced(column))).collect();
        let mut binds = vec![true; self.rows()];
        for &variable in &self.basis {
            let row = (variable & !UNIT & !LESS) as usize;
            if variable & UNIT != 0 && row >= self.equal {
                binds[row] = stays(row - self.equal);
            }
        }
        let mut new_row = Vec::with_capacity(binds.len());
        let mut count = 0u16;
        for &bind in &binds {
            new_row.push(count);
            count += u16::from(bind);
        }
        let mut new_column = vec![0u32; columns.len()];
        let (mut first, mut entries, mut costs, mut basic) = (vec![0u32], Vec::new(), Vec::new(), Vec::new());
        for column in (0..columns.len()).filter(|&column| columns[column]) {
            new_column[column] = costs.len() as u32;
            let rows = self.rows_of(column).iter().filter(|row| binds[usize::from(**row)]);
            entries.extend(rows.map(|row| new_row[usize::from(*row)]));
            first.push(entries.len() as u32);
            costs.push(self.costs[column]);
            basic.push(self.basic[column]);
        }
        let sides = self.sides.iter().zip(&binds).filter(|(_, bind)| **bind).map(|(side, _)| *side);
        self.sides = sides.collect();
        let slack = |variable: u32| variable & UNIT != 0 && !binds[(variable & !UNIT & !LESS) as usize];
        let renamed = |variable: u32| {
            if variable & UNIT == 0 {
                new_column[variable as usize]
            } else {
                let row = (variable & !UNIT & !LESS) as usize;
                variable & (UNIT | LESS) | u32::from(new_row[row])
            }
        };
        let basis = self.basis.iter().copied().filter(|variable| !slack(*variable)).map(renamed);
        self.basis = basis.collect();
        (self.first, self.entries, self.costs, self.basic) = (first, entries, costs, basic);
        self.at_hand.clear();
        self.renew();
        (columns, binds.split_off(self.equal))
    }

    /// Makes inverse, levels and prices anew from the basis (Gauss and Jordan); false if it is singular.
    pub(super) fn renew(&mut self) -> bool {
        let rows = self.rows();
        let mut matrix = vec![0.0f64; rows * rows];
        let mut inverse = vec![0.0; rows * rows];
        for (at, &variable) in self.basis.iter().enumerate() {
            if variable & UNIT != 0 {
                let sign = if variable & LESS == 0 { 1.0 } else { -1.0 };
                matrix[(variable & !UNIT & !LESS) as usize * rows + at] = sign;
            } else {
                self.rows_of(variable as usize)
                    .iter()
                    .for_each(|&row| matrix[usize::from(row) * rows + at] = 1.0);
            }
            inverse[at * rows + at] = 1.0;
        }
        for step in 0..rows {
            let size = |row: usize| matrix[row * rows + step].abs();
            let Some(best) = (step..rows).max_by(|&a, &b| size(a).total_cmp(&size(b)).then(b.cmp(&a))) else {
                return false;
            };
            if size(best) < PIVOT {
                return false;
            }
            if best != step {
                for column in 0..rows {
                    matrix.swap(best * rows + column, step * rows + column);
                    inverse.swap(best * rows + column, step * rows + column);
                }
            }
            let scale = 1.0 / matrix[step * rows + step];
            let pivot: Vec<f64> = matrix[step * rows..][..rows].iter().map(|v| v * scale).collect();
            let twin: Vec<f64> = inverse[step * rows..][..rows].iter().map(|v| v * scale).collect();
            for row in (0..rows).filter(|&row| row != step) {
                let factor = matrix[row * rows + step];
                if factor != 0.0 {
                    let own = &mut matrix[row * rows + step..(row + 1) * rows];
                    own.iter_mut().zip(&pivot[step..]).for_each(|(v, p)| *v -= factor * p);
                    let own = &mut inverse[row * rows..][..rows];
                    own.iter_mut().zip(&twin).for_each(|(v, p)| *v -= factor * p);
                }
            }
            matrix[step * rows..][..rows].copy_from_slice(&pivot);
            inverse[step * rows..][..rows].copy_from_slice(&twin);
        }
        self.level = inverse
            .chunks_exact(rows)
            .map(|line| line.iter().zip(&self.sides).map(|(a, b)| a * b).sum())
            .collect();
        (self.inverse, self.age) = (inverse, 0);
        self.price();
        true
    }
}
