//! What a vertex proves, in whole numbers.

use super::Search;
use crate::location::rows::Fate;
use crate::location::simplex::Simplex;
use crate::location::tree::Meter;

impl Search<'_> {
    /// A scaled bound in the objective's unit, rounded up: values are whole.
    pub(super) fn whole(&self, bound: i64) -> i64 {
        let scale = self.question.scale;
        bound.div_euclid(scale) + i64::from(bound.rem_euclid(scale) > 0)
    }

    /// Whether nothing that matters is below a scaled bound.
    pub(super) fn closed(&self, bound: i64) -> bool {
        self.whole(bound) >= self.best.value.min(self.question.goal.1)
    }

    /// The bound of the multipliers of a vertex, in whole numbers, and the price of each site.
    pub(super) fn certify(
        &self,
        simplex: &Simplex<'_>,
        fates: &[Fate],
        meter: &mut Meter,
    ) -> (i64, Vec<i64>) {
        let scale = self.question.scale;
        let (rows, real) = (simplex.rows, simplex.real);
        let mut price = vec![self.question.fee * scale; rows.sites];
        // Leaving a row out costs its weight, whoever calls it a site.
        for (helping, row) in price[real..].iter_mut().zip(&self.helped) {
            *helping = rows.weight[*row as usize] * scale;
        }
        let mut bound = i128::from(rows.constant) * i128::from(scale);
        for (row, pays) in simplex.multipliers(scale).into_iter().enumerate() {
            let unit = rows.weight[row] * scale;
            bound += i128::from(simplex.times(row)) * i128::from(pays);
            for e in rows.row(row) {
                let less = unit * i64::from(e.distance) - pays;
                if less >= 0 {
                    break;
                }
                price[e.site as usize] += less;
            }
        }
        bound += price[real..].iter().map(|price| i128::from((*price).min(0))).sum::<i128>();
        price.truncate(real);
        meter.done += rows.entries.len() as u64;
        let open = || price.iter().zip(fates).filter(|(_, f)| **f == Fate::Open).map(|(price, _)| *price);
        let mut free: Vec<i64> =
            price.iter().zip(fates).filter(|(_, f)| **f == Fate::Free).map(|(price, _)| *price).collect();
        bound += open().map(i128::from).sum::<i128>();
        if let Some(count) = self.question.count {
            let left = count.saturating_sub(open().count()).min(free.len());
            if left > 0 && left < free.len() {
                free.select_nth_unstable(left - 1);
            }
            bound += free[..left].iter().copied().map(i128::from).sum::<i128>();
        } else {
            bound += free.iter().map(|price| i128::from((*price).min(0))).sum::<i128>();
        }
        // What is beyond 64 bits is worth nothing as a bound.
        (i64::try_from(bound).unwrap_or(i64::MIN / 2), price)
    }

    /// What a better answer must or cannot open, beyond what is decided.
    pub(super) fn fixed(&self, bound: i64, price: &[i64], fates: &[Fate]) -> Vec<Fate> {
        let mut fates = fates.to_vec();
        let mut free: Vec<(i64, usize)> =
            (0..price.len()).filter(|j| fates[*j] == Fate::Free).map(|j| (price[j], j)).collect();
        free.sort_unstable();
        let (left, last, next) = match self.question.count {
            Some(count) => {
                let open = fates.iter().filter(|f| **f == Fate::Open).count();
                let left = count.saturating_sub(open).min(free.len());
                if left == 0 || left == free.len() {
                    return fates;
                }
                (left, free[left - 1].0, free[left].0)
            }
            None => (free.partition_point(|f| f.0 < 0), 0, 0),
        };
        for (k, (price, j)) in free.iter().enumerate() {
            let (rise, fate) =
                if k < left { (next - price, Fate::Open) } else { (price - last, Fate::Closed) };
            if self.closed(bound.saturating_add(rise)) {
                fates[*j] = fate;
            }
        }
        fates
    }
}
