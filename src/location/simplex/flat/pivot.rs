//! The end of a step of the dual simplex: the basis, and what is open and paid, after it.

use super::{Break, Leaving, PIVOT, Stop};
use crate::location::rows::Fate;
use crate::location::simplex::{COUNT, NONE, Simplex};

/// The least that putting something in order takes.
const LEAST: f64 = 1e-4;

impl Simplex<'_> {
    /// Moves a site by so much, and with it what its rows are served.
    fn shift(&mut self, site: usize, by: f64) {
        self.x[site] += by;
        let columns = self.columns;
        for (row, _) in columns.of(site as u32) {
            self.served[*row as usize] += by;
        }
        self.work += columns.of(site as u32).len() as u64 / 2;
    }

    /// Moves all sites in part along `way`.
    fn shift_part(&mut self, way: &[f64], by: f64) {
        for (f, d) in way.iter().enumerate().filter(|(_, d)| **d != 0.0) {
            self.shift(self.part[f] as usize, by * d);
        }
    }

    /// Moves all sites in part so far along `way`, and `site` the other way, and brings along what it
    /// takes to put things in order (Forrest and Goldfarb 1992); what it takes for what enters.
    fn go_weighed(&mut self, leaving: Leaving, z: &[f64], way: &[f64], site: Option<u32>, by: f64) -> f64 {
        let all: Vec<(u32, f64)> = (0u32..).zip(z.iter().copied()).filter(|(_, z)| *z != 0.0).collect();
        let turn = self.kernel.times(&all);
        let columns = self.columns;
        let mut add = |column: &[(u32, u32)], d: f64, turn: f64| {
            for (row, _) in column {
                self.line.rate[*row as usize] += d;
                self.line.turn[*row as usize] += turn;
            }
            self.work += column.len() as u64;
        };
        for (f, j) in self.part.iter().enumerate() {
            if way[f] != 0.0 || turn[f] != 0.0 {
                add(columns.of(*j), way[f], turn[f]);
            }
        }
        if let Some(q) = site {
            add(columns.of(q), -1.0, 0.0);
            self.x[q as usize] -= by;
        }
        let square: f64 = z.iter().map(|z| z * z).sum();
        let (norm, pivot) = match leaving {
            Leaving::Site(f, _) => (square, way[f]),
            Leaving::Row(row, _) => (1.0 + square, self.line.rate[row as usize]),
        };
        let entering = norm;
        let weigh = |norm: &mut f64, d: f64, turn: f64, least: f64| {
            let ratio = d / pivot;
            let new = *norm - 2.0 * ratio * turn + ratio * ratio * entering;
            *norm = new.max(least);
        };
        for (f, j) in self.part.iter().enumerate().filter(|(f, _)| way[*f] != 0.0) {
            self.x[*j as usize] += by * way[f];
            weigh(&mut self.norms.site[*j as usize], way[f], turn[f], LEAST);
        }
        for row in 0..self.served.len() {
            let d = std::mem::take(&mut self.line.rate[row]);
            let turn = std::mem::take(&mut self.line.turn[row]);
            if d != 0.0 {
                self.served[row] += by * d;
                if self.place[row] == NONE {
                    weigh(&mut self.norms.row[row], d, turn, 1.0);
                }
            }
        }
        (norm / (pivot * pivot)).max(LEAST)
    }

    /// Goes over some breaks to the last of them.
    pub(super) fn pivot(
        &mut self,
        leaving: Leaving,
        z: &[f64],
        (ray, slopes): (&[f64], &[f64]),
        breaks: &[Break],
        fates: &[Fate],
    ) -> bool {
        let Some((last, passed)) = breaks.split_last() else { return false };
        let at = last.at;
        for (more, d) in self.more.iter_mut().zip(ray) {
            *more += at * d;
        }
        for (price, s) in self.price.iter_mut().zip(slopes) {
            *price += at * s;
        }
        let mut flipped: Vec<f64> = vec![0.0; self.kernel.size];
        for b in passed {
            let Stop::Site(j) = b.stop else { continue };
            let by = if self.x[j as usize] > 0.5 { -1.0 } else { 1.0 };
            for (t, a) in self.crossing(j) {
                flipped[t as usize] -= by * a;
            }
            self.shift(j as usize, by);
            self.x[j as usize] = if by > 0.0 { 1.0 } else { 0.0 };
        }
        if !passed.is_empty() {
            let all: Vec<(u32, f64)> = (0u32..).zip(flipped).filter(|(_, a)| *a != 0.0).collect();
            let way = self.kernel.times(&all);
            self.shift_part(&way, 1.0);
        }
        let size = self.kernel.size as u64;
        self.work += size * size / 8;
        match (leaving, last.stop) {
            (Leaving::Row(row, _), Stop::Own) => {
                let row = row as usize;
                let without = self.without(row);
                self.claim(row, !without);
                true
            }
            (Leaving::Site(..), Stop::Own) => false,
            (Leaving::Site(f, sign), Stop::Site(q)) => {
                let y = self.kernel.times(&self.crossing(q));
                let site = self.part[f] as usize;
                let target = self.target(site, sign, fates);
                if y[f].abs() < PIVOT {
                    return false;
                }
                let by = (self.x[site] - target) / y[f];
                let norm = self.go_weighed(leaving, z, &y, Some(q), -by);
                self.x[site] = target;
                self.slot[site] = NONE;
                self.part[f] = q;
                self.slot[q as usize] = f as u32;
                self.price[q as usize] = 0.0;
                self.norms.site[q as usize] = norm;
                self.kernel.replace_site(f, &y)
            }
            (Leaving::Site(f, sign), Stop::Tight(t)) => {
                let t = t as usize;
                let way = self.kernel.of_row(t).to_vec();
                let site = self.part[f] as usize;
                let target = self.target(site, sign, fates);
                if way[f].abs() < PIVOT {
                    return false;
                }
                let by = (target - self.x[site]) / way[f];
                let norm = self.go_weighed(leaving, z, &way, None, by);
                self.x[site] = target;
                self.slot[site] = NONE;
                self.norms.row[self.tight[t] as usize] = norm;
                self.loosen(t, ray[t] > 0.0);
                let sound = self.kernel.shrink(f, t);
                self.part.swap_remove(f);
                if let Some(moved) = self.part.get(f) {
                    self.slot[*moved as usize] = f as u32;
                }
                self.tight.swap_remove(t);
                self.more.swap_remove(t);
                if let Some(moved) = self.tight.get(t).filter(|row| **row != COUNT) {
                    self.place[*moved as usize] = t as u32;
                }
                sound
            }
            (Leaving::Row(row, sign), Stop::Site(q)) => {
                let r = row as usize;
                let y = self.kernel.times(&self.crossing(q));
                let dot: f64 = self.all_across(r).iter().map(|(f, _)| y[*f as usize]).sum();
                let own = self.rows.row(r).iter().filter(|e| e.site == q).count() as f64;
                if (own - dot).abs() < PIVOT {
                    return false;
                }
                let by = (self.wanted[r] - self.served[r]) / (own - dot);
                self.norms.site[q as usize] = self.go_weighed(leaving, z, &y, Some(q), -by);
                let sound = self.kernel.grow(&y, z, own, dot);
                self.slot[q as usize] = self.part.len() as u32;
                self.part.push(q);
                self.price[q as usize] = 0.0;
                self.more.push(0.0);
                self.tight.push(row);
                self.tighten(r, self.tight.len() - 1, sign, at);
                sound
            }
            (Leaving::Row(row, sign), Stop::Tight(t)) => {
                let (r, t) = (row as usize, t as usize);
                if z[t].abs() < PIVOT {
                    return false;
                }
                let by = (self.wanted[r] - self.served[r]) / z[t];
                let way = self.kernel.of_row(t).to_vec();
                self.norms.row[self.tight[t] as usize] = self.go_weighed(leaving, z, &way, None, by);
                self.loosen(t, ray[t] > 0.0);
                let sound = self.kernel.replace_row(t, z);
                self.tight[t] = row;
                self.tighten(r, t, sign, at);
                sound
            }
        }
    }

    /// A tight row comes to be trivial, paying all or nothing.
    fn loosen(&mut self, t: usize, all: bool) {
        let row = self.tight[t] as usize;
        self.place[row] = NONE;
        self.claim(row, all);
    }

    /// A row pays for its alternative from now on, or for its sites.
    fn claim(&mut self, row: usize, without: bool) {
        self.level[row] = if without { self.rows.row(row).len() as u32 } else { 0 };
        let distance = self.distance(row, self.level[row] as usize);
        self.pay(row, distance);
    }

    /// A row comes to be tight, in this place.
    fn tighten(&mut self, row: usize, place: usize, sign: f64, paid: f64) {
        self.more[place] = if sign > 0.0 { paid } else { self.whole_of(row) - paid };
        self.place[row] = place as u32;
        self.level[row] = self.rows.row(row).len() as u32;
        let distance = self.rows.row(row)[0].distance;
        self.pay(row, distance);
    }
}
