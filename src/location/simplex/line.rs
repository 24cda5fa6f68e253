//! One step: how far to go, and the basis after it.

use super::{COUNT, Move, NONE, Simplex};
use crate::location::rows::Rows;

/// Movements of sites that count as none: more than a pivot has to be, so that none is too small.
const STILL: f64 = 1e-8;
/// How much more than is wanted is surely more.
const SERVED: f64 = 1e-6;
/// Falls that count as none.
const FLAT: f64 = 1e-12;

/// A bend of the cost along a step: the first so many entries of a row come to add up to what is
/// wanted.
#[derive(Clone, Copy, Debug)]
struct Bend {
    at: f64,
    row: u32,
    level: u32,
    up: bool,
    sharp: f64,
}

/// Space to compute in.
pub(super) struct Line {
    /// By site.
    pub(super) moves: Vec<f64>,
    /// By flat row.
    pub(super) rate: Vec<f64>,
    /// The same, for what it takes to put rows in order.
    pub(super) turn: Vec<f64>,
    touched: Vec<u32>,
    seen: Vec<bool>,
    bends: Vec<Bend>,
}

enum Stop {
    Flip,
    Site(usize),
    Bend(usize),
}

impl Line {
    pub(super) fn new(rows: &Rows) -> Self {
        Self {
            moves: vec![0.0; rows.sites],
            rate: vec![0.0; rows.len()],
            turn: vec![0.0; rows.len()],
            touched: Vec::new(),
            seen: vec![false; rows.len()],
            bends: Vec::new(),
        }
    }
}

impl Simplex<'_> {
    /// The tight rows that list a site within their level.
    pub(super) fn crossing(&self, site: u32) -> Vec<(u32, f64)> {
        let mut found = Vec::new();
        if (site as usize) < self.real
            && let Some(t) = self.tight.iter().position(|t| *t == COUNT)
        {
            found.push((t as u32, 1.0));
        }
        for (row, distance) in self.columns.of(site) {
            let place = self.place[*row as usize];
            // The least a tight row pays for is the distance of its level.
            if place != NONE && *distance <= self.pays[*row as usize] {
                found.push((place, 1.0));
            }
        }
        found
    }

    /// The sites in part among the first entries of a row.
    pub(super) fn across(&self, row: usize, level: u32) -> Vec<(u32, f64)> {
        let entries = self.rows.row(row)[..level as usize].iter();
        entries.map(|e| self.slot[e.site as usize]).filter(|f| *f != NONE).map(|f| (f, 1.0)).collect()
    }

    /// Moves something that saves so much at first; whether the basis stays regular.
    pub(super) fn step(&mut self, entering: Move, saves: f64) -> bool {
        let size = self.kernel.size;
        // How sites in part move.
        let (mut way, own) = match entering {
            Move::Site(j, sign) => {
                let rows = self.crossing(j);
                self.work += (self.columns.of(j).len() + size * rows.len()) as u64;
                (self.kernel.times(&rows).iter().map(|y| -sign * y).collect::<Vec<f64>>(), Some((j, sign)))
            }
            Move::Row(t, sign) => {
                self.work += size as u64;
                (self.kernel.times(&[(t, sign)]), None)
            }
        };
        let mut farthest = 1.0f64;
        let mut stop = Stop::Flip;
        if own.is_none() {
            farthest = f64::INFINITY;
        }
        for (f, d) in way.iter_mut().enumerate() {
            if d.abs() < STILL {
                *d = 0.0;
                continue;
            }
            let x = self.x[self.part[f] as usize];
            let room = if *d > 0.0 { (1.0 - x).max(0.0) / *d } else { x.max(0.0) / -*d };
            if room < farthest {
                farthest = room;
                stop = Stop::Site(f);
            }
        }
        let moving: Vec<(u32, f64)> =
            (self.part.iter().copied().zip(way.iter().copied())).filter(|m| m.1 != 0.0).chain(own).collect();
        self.bends(&moving, entering, farthest);
        let mut line = std::mem::take(&mut self.line.bends);
        line.sort_unstable_by(|a, b| {
            // Of one row and place those upwards come last, from its farthest entries to its nearest.
            let order = a.at.total_cmp(&b.at).then(a.row.cmp(&b.row)).then(a.up.cmp(&b.up));
            order.then(if a.up { b.level.cmp(&a.level) } else { a.level.cmp(&b.level) })
        });
        let mut slope = -saves;
        for (k, bend) in line.iter().enumerate() {
            slope += bend.sharp;
            if slope >= -FLAT {
                farthest = bend.at;
                stop = Stop::Bend(k);
                break;
            }
        }
        let passed = if let Stop::Bend(k) = stop { k } else { line.len() };
        let last = if let Stop::Bend(k) = stop { Some(line[k]) } else { None };
        let sound = farthest.is_finite() && {
            self.go(&moving, farthest);
            self.leave(entering, &way, &stop, last, &line[..passed])
        };
        line.clear();
        self.line.bends = line;
        sound
    }

    /// All bends up to a length of step.
    fn bends(&mut self, moving: &[(u32, f64)], entering: Move, farthest: f64) {
        let relaxed = if let Move::Row(t, _) = entering { self.tight[t as usize] } else { NONE };
        let line = &mut self.line;
        let mut work = 0;
        for &(j, d) in moving {
            line.moves[j as usize] = d;
            for &(row, _) in self.columns.of(j) {
                if !std::mem::replace(&mut line.seen[row as usize], true) {
                    line.touched.push(row);
                }
                line.rate[row as usize] += d;
            }
            work += self.columns.of(j).len() as u64;
        }
        for &row in &line.touched {
            let r = row as usize;
            let level = self.level[r] as usize;
            let tight = self.place[r] != NONE;
            if tight && (row != relaxed || self.flat[r]) {
                continue;
            }
            let weight = self.rows.weight[r] as f64 * self.unit;
            let wanted = self.wanted[r];
            let entries = self.rows.row(r);
            let mut bend = |sum: f64, rate: f64, end: usize| {
                let under = end <= level;
                if rate.abs() < STILL || under != (rate > 0.0) || (tight && end == level) {
                    return;
                }
                let at = ((wanted - sum) / rate).max(0.0);
                if at <= farthest {
                    let next = entries.get(end).map_or(self.rows.cap[r], |e| e.distance);
                    let sharp = weight * f64::from(next - entries[end - 1].distance) * rate.abs();
                    line.bends.push(Bend { at, row, level: end as u32, up: under, sharp });
                }
            };
            if self.flat[r] {
                bend(self.served[r], line.rate[r], entries.len());
                continue;
            }
            let (mut sum, mut rate, mut looked) = (0.0, 0.0, 0);
            for (k, e) in entries.iter().enumerate() {
                sum += self.x[e.site as usize];
                rate += line.moves[e.site as usize];
                looked += 1;
                if entries.get(k + 1).is_none_or(|next| next.distance > e.distance) {
                    bend(sum, rate, k + 1);
                    // No site is ever open by less than nothing: what is served all the way stays so.
                    let least = if rate < 0.0 { sum + rate * farthest } else { sum };
                    if least > wanted + SERVED {
                        break;
                    }
                }
            }
            // Two looks at scattered places for each entry.
            work += 2 * looked;
        }
        self.work += work + line.bends.len() as u64 * 4;
    }

    /// Goes so far.
    fn go(&mut self, moving: &[(u32, f64)], length: f64) {
        for &(j, d) in moving {
            self.x[j as usize] += length * d;
            self.line.moves[j as usize] = 0.0;
        }
        for row in self.line.touched.drain(..) {
            let r = row as usize;
            self.line.seen[r] = false;
            self.served[r] += length * std::mem::take(&mut self.line.rate[r]);
        }
    }

    /// Brings the basis to the end of a step.
    fn leave(
        &mut self,
        entering: Move,
        way: &[f64],
        stop: &Stop,
        last: Option<Bend>,
        passed: &[Bend],
    ) -> bool {
        // What the kernel needs to know is asked before rows change.
        let y: Vec<f64> = match entering {
            Move::Site(_, sign) => way.iter().map(|d| -sign * d).collect(),
            Move::Row(..) => Vec::new(),
        };
        if let Move::Row(t, sign) = entering {
            let row = self.tight[t as usize] as usize;
            let level = self.level[row] as usize;
            self.place[row] = NONE;
            if sign > 0.0 {
                // Served by more than one now: the group of the level is where it ends.
                self.level[row] = self.first_of(row, level - 1) as u32;
            } else {
                let next = self.distance(row, level);
                self.pay(row, next);
            }
        }
        for bend in passed {
            self.pass(*bend);
        }
        let size = self.kernel.size as u64;
        self.work += size * size / 8;
        match (entering, stop) {
            (Move::Site(j, sign), Stop::Flip) => {
                self.x[j as usize] = if sign > 0.0 { 1.0 } else { 0.0 };
                true
            }
            (Move::Site(j, _), Stop::Site(f)) => {
                self.settle(*f, way);
                let sound = self.kernel.replace_site(*f, &y);
                self.part[*f] = j;
                self.slot[j as usize] = *f as u32;
                sound
            }
            (Move::Site(j, _), Stop::Bend(_)) => {
                let Some(bend) = last else { return false };
                let row = bend.row as usize;
                let across = self.across(row, bend.level);
                let z = self.kernel.under(&across);
                let dot: f64 = across.iter().map(|(f, _)| y[*f as usize]).sum();
                let listed = self.rows.row(row)[..bend.level as usize].iter().filter(|e| e.site == j).count();
                let sound = self.kernel.grow(&y, &z, listed as f64, dot);
                self.slot[j as usize] = self.part.len() as u32;
                self.part.push(j);
                self.place[row] = self.tight.len() as u32;
                self.tight.push(bend.row);
                self.fasten(bend);
                sound
            }
            (Move::Row(t, _), Stop::Site(f)) => {
                self.settle(*f, way);
                let t = t as usize;
                let sound = self.kernel.shrink(*f, t);
                self.part.swap_remove(*f);
                if let Some(moved) = self.part.get(*f) {
                    self.slot[*moved as usize] = *f as u32;
                }
                self.tight.swap_remove(t);
                if let Some(moved) = self.tight.get(t).filter(|row| **row != COUNT) {
                    self.place[*moved as usize] = t as u32;
                }
                sound
            }
            (Move::Row(t, _), Stop::Bend(_)) => {
                let Some(bend) = last else { return false };
                let z = self.kernel.under(&self.across(bend.row as usize, bend.level));
                let sound = self.kernel.replace_row(t as usize, &z);
                self.tight[t as usize] = bend.row;
                self.place[bend.row as usize] = t;
                self.fasten(bend);
                sound
            }
            (Move::Row(..), Stop::Flip) => false,
        }
    }

    /// A site in part comes to be open or closed.
    fn settle(&mut self, f: usize, way: &[f64]) {
        let site = self.part[f] as usize;
        self.x[site] = if way[f] > 0.0 { 1.0 } else { 0.0 };
        self.slot[site] = NONE;
    }

    /// A row goes over a bend.
    fn pass(&mut self, bend: Bend) {
        let row = bend.row as usize;
        let level = if bend.up {
            (self.level[row] as usize).min(self.first_of(row, bend.level as usize - 1))
        } else {
            self.level[row].max(bend.level) as usize
        };
        self.level[row] = level as u32;
        let distance = self.distance(row, level);
        self.pay(row, distance);
    }

    /// A row comes to be tight.
    fn fasten(&mut self, bend: Bend) {
        let row = bend.row as usize;
        self.level[row] = bend.level;
        let distance = self.distance(row, bend.level as usize - 1);
        self.pay(row, distance);
    }
}
