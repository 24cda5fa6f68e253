//! Vertices: where the method stands, and how it gets there.

use super::kernel::Kernel;
use super::{COUNT, NONE, Simplex};
use crate::location::rows::{Fate, Rows};

/// A vertex, to come back to.
#[derive(Clone, Debug, Default)]
pub(in crate::location::simplex) struct Vertex {
    pub(super) tight: Vec<(u32, u32)>,
    pub(in crate::location::simplex) part: Vec<u32>,
    pub(in crate::location::simplex) full: Vec<u32>,
    /// Where all rows are flat: those neither tight nor served, as far as what they pay goes.
    pub(super) without: Option<Vec<u32>>,
    pub(super) norms: Option<Norms>,
}

/// What it takes to put rows that are not tight, and sites in part, in order: squares of their
/// lines of the inverse.
#[derive(Clone, Debug, Default)]
pub(super) struct Norms {
    pub(super) row: Vec<f64>,
    pub(super) site: Vec<f64>,
}

impl Vertex {
    /// The vertex over the same rows with other sites; those that are gone take no part.
    pub(super) fn carried(
        &self,
        from: &Rows,
        to: &Rows,
        site: impl Fn(u32) -> Option<u32>,
        row: impl Fn(u32) -> Option<u32>,
    ) -> Self {
        let mut tight = Vec::with_capacity(self.tight.len());
        for &(name, level) in &self.tight {
            if name == COUNT {
                tight.push((COUNT, 0));
                continue;
            }
            let Some(new) = row(name) else { continue };
            let far = from.row(name as usize)[level as usize - 1].distance;
            let level = to.row(new as usize).partition_point(|e| e.distance <= far);
            if level > 0 {
                tight.push((new, level as u32));
            }
        }
        let of = |sites: &[u32]| sites.iter().filter_map(|j| site(*j)).collect();
        Self { tight, part: of(&self.part), full: of(&self.full), without: None, norms: None }
    }
}

impl Simplex<'_> {
    /// The inverse at the vertex.
    pub(in crate::location::simplex) fn inverse(&self) -> Kernel {
        self.kernel.clone()
    }

    /// The vertex the method stands at.
    pub(in crate::location::simplex) fn vertex(&self) -> Vertex {
        let tight = self.tight.iter().map(|t| (*t, if *t == COUNT { 0 } else { self.level[*t as usize] }));
        let full =
            (0..self.x.len() as u32).filter(|j| self.slot[*j as usize] == NONE && self.x[*j as usize] > 0.5);
        let without = self.is_flat().then(|| {
            let rows = 0..self.rows.len() as u32;
            rows.filter(|i| self.place[*i as usize] == NONE && self.level[*i as usize] > 0).collect()
        });
        let norms = (self.norms.row.len() == self.rows.len()).then(|| self.norms.clone());
        Vertex { tight: tight.collect(), part: self.part.clone(), full: full.collect(), without, norms }
    }

    /// Goes to a vertex; whether it is one.
    pub(in crate::location::simplex) fn restore(&mut self, vertex: &Vertex) -> bool {
        self.place_at(vertex);
        self.renew()
    }

    /// The same where decided sites are open or closed unless open in part; the inverse may be known.
    pub(super) fn stand(&mut self, vertex: &Vertex, fates: &[Fate], kernel: Option<&Kernel>) -> bool {
        self.place_at(vertex);
        for (j, fate) in fates.iter().enumerate().filter(|(j, _)| self.slot[*j] == NONE) {
            match fate {
                Fate::Free => {}
                Fate::Open => self.x[j] = 1.0,
                Fate::Closed => self.x[j] = 0.0,
            }
        }
        let Some(without) = &vertex.without else {
            return self.anew(true, kernel) && self.measure(None);
        };
        for row in (0..self.level.len()).filter(|row| self.place[*row] == NONE) {
            self.level[row] = 0;
        }
        without.iter().for_each(|row| self.level[*row as usize] = self.rows.row(*row as usize).len() as u32);
        self.anew(false, kernel) && self.measure(vertex.norms.as_ref())
    }

    /// What it takes to put things in order, where that is not known. Always true.
    fn measure(&mut self, known: Option<&Norms>) -> bool {
        let (rows, sites) = known.map_or((0, 0), |known| (known.row.len(), known.site.len()));
        self.norms = known.cloned().unwrap_or_default();
        self.norms.row.resize(self.rows.len(), 1.0);
        self.norms.site.resize(self.x.len(), 1.0);
        for row in (rows..self.rows.len()).filter(|row| self.place[*row] == NONE) {
            let across = self.across(row, self.rows.row(row).len() as u32);
            if !across.is_empty() {
                let square: f64 = self.kernel.under(&across).iter().map(|z| z * z).sum();
                self.norms.row[row] = 1.0 + square;
                self.work += (across.len() * self.kernel.size) as u64;
            }
        }
        for (f, j) in self.part.iter().enumerate().filter(|(_, j)| **j as usize >= sites) {
            self.norms.site[*j as usize] = self.kernel.of_site(f).iter().map(|z| z * z).sum();
        }
        true
    }

    fn place_at(&mut self, vertex: &Vertex) {
        self.place.fill(NONE);
        self.slot.fill(NONE);
        self.x.fill(0.0);
        self.tight.clear();
        for (k, (row, level)) in (0u32..).zip(&vertex.tight) {
            self.tight.push(*row);
            if *row != COUNT {
                self.place[*row as usize] = k;
                let row = *row as usize;
                // A list may have grown since.
                self.level[row] = if self.flat[row] { self.rows.row(row).len() as u32 } else { *level };
            }
        }
        self.part.clone_from(&vertex.part);
        for (k, j) in (0u32..).zip(&vertex.part) {
            self.slot[*j as usize] = k;
        }
        for j in &vertex.full {
            self.x[*j as usize] = 1.0;
        }
    }

    /// Makes everything anew from tight rows and sites in part; whether they make a vertex.
    pub(super) fn renew(&mut self) -> bool {
        self.anew(true, None)
    }

    /// The same; whether other rows are served is told by their sites, or stays as it is, and the
    /// inverse may be known.
    pub(super) fn anew(&mut self, told: bool, known: Option<&Kernel>) -> bool {
        let size = self.tight.len();
        self.age = 0;
        if size != self.part.len() {
            return false;
        }
        let mut matrix = if known.is_some() { Vec::new() } else { vec![0.0; size * size] };
        let mut rest = Vec::with_capacity(size);
        for (t, row) in self.tight.iter().enumerate() {
            let mut missing;
            if *row == COUNT {
                for (f, j) in self.part.iter().enumerate().filter(|_| known.is_none()) {
                    matrix[t * size + f] = f64::from(u8::from((*j as usize) < self.real));
                }
                let sites = self.x[..self.real].iter().zip(&self.slot);
                let full = sites.filter(|(_, s)| **s == NONE).map(|(x, _)| x);
                missing = self.count.unwrap_or(0) as f64 - full.sum::<f64>();
            } else {
                missing = self.wanted[*row as usize];
                for e in &self.rows.row(*row as usize)[..self.level[*row as usize] as usize] {
                    match self.slot[e.site as usize] {
                        NONE => missing -= self.x[e.site as usize],
                        f if known.is_none() => matrix[t * size + f as usize] += 1.0,
                        _ => {}
                    }
                }
            }
            rest.push((t as u32, missing));
        }
        if let Some(known) = known {
            self.kernel.clone_from(known);
        } else {
            self.work += (size * size * size) as u64 / 8;
            let Some(kernel) = Kernel::of(matrix, size) else { return false };
            self.kernel = kernel;
        }
        for (f, x) in self.kernel.times(&rest).into_iter().enumerate() {
            self.x[self.part[f] as usize] = x;
        }
        self.base.clone_from(&self.fee);
        for row in 0..self.rows.len() {
            let entries = self.rows.row(row);
            if self.place[row] == NONE && !told {
                self.pays[row] = self.distance(row, self.level[row] as usize);
            } else if self.place[row] == NONE {
                let mut sum = 0.0;
                let level = entries.iter().position(|e| {
                    sum += self.x[e.site as usize];
                    sum > self.wanted[row]
                });
                let level = level.unwrap_or(entries.len());
                self.level[row] = self.first_of(row, level) as u32;
                self.pays[row] = self.distance(row, level);
            } else {
                self.pays[row] = entries[self.level[row] as usize - 1].distance;
            }
            if self.flat[row] {
                self.served[row] = entries.iter().map(|e| self.x[e.site as usize]).sum();
            }
            let weight = self.rows.weight[row] as f64 * self.unit;
            for e in entries {
                if e.distance >= self.pays[row] {
                    break;
                }
                self.base[e.site as usize] -= weight * f64::from(self.pays[row] - e.distance);
            }
        }
        self.work += 2 * self.rows.entries.len() as u64;
        true
    }
}
