//! Vertices: where the method stands, and how it gets there.

use super::kernel::Kernel;
use super::{COUNT, NONE, Simplex};
use crate::location::rows::Rows;

/// A vertex, to come back to.
#[derive(Clone, Debug, Default)]
pub(in crate::location::simplex) struct Vertex {
    pub(super) tight: Vec<(u32, u32)>,
    pub(super) part: Vec<u32>,
    pub(super) full: Vec<u32>,
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
        Self { tight, part: of(&self.part), full: of(&self.full) }
    }
}

impl Simplex<'_> {
    /// The vertex the method stands at.
    pub(in crate::location::simplex) fn vertex(&self) -> Vertex {
        let tight = self.tight.iter().map(|t| (*t, if *t == COUNT { 0 } else { self.level[*t as usize] }));
        let full =
            (0..self.x.len() as u32).filter(|j| self.slot[*j as usize] == NONE && self.x[*j as usize] > 0.5);
        Vertex { tight: tight.collect(), part: self.part.clone(), full: full.collect() }
    }

    /// Goes to a vertex; whether it is one.
    pub(in crate::location::simplex) fn restore(&mut self, vertex: &Vertex) -> bool {
        self.place.fill(NONE);
        self.slot.fill(NONE);
        self.x.fill(0.0);
        self.tight.clear();
        for (k, (row, level)) in (0u32..).zip(&vertex.tight) {
            self.tight.push(*row);
            if *row != COUNT {
                self.place[*row as usize] = k;
                self.level[*row as usize] = *level;
            }
        }
        self.part.clone_from(&vertex.part);
        for (k, j) in (0u32..).zip(&vertex.part) {
            self.slot[*j as usize] = k;
        }
        for j in &vertex.full {
            self.x[*j as usize] = 1.0;
        }
        self.renew()
    }

    /// Makes everything anew from tight rows and sites in part; whether they make a vertex.
    pub(super) fn renew(&mut self) -> bool {
        let size = self.tight.len();
        self.age = 0;
        if size != self.part.len() {
            return false;
        }
        let mut matrix = vec![0.0; size * size];
        let mut rest = Vec::with_capacity(size);
        for (t, row) in self.tight.iter().enumerate() {
            let mut missing;
            if *row == COUNT {
                matrix[t * size..][..size].fill(1.0);
                let full = self.x.iter().zip(&self.slot).filter(|(_, s)| **s == NONE).map(|(x, _)| x);
                missing = self.count.unwrap_or(0) as f64 - full.sum::<f64>();
            } else {
                missing = self.wanted[*row as usize];
                for e in &self.rows.row(*row as usize)[..self.level[*row as usize] as usize] {
                    match self.slot[e.site as usize] {
                        NONE => missing -= self.x[e.site as usize],
                        f => matrix[t * size + f as usize] = 1.0,
                    }
                }
            }
            rest.push((t as u32, missing));
        }
        self.work += (size * size * size) as u64 / 8;
        let Some(kernel) = Kernel::of(matrix, size) else { return false };
        self.kernel = kernel;
        for (f, x) in self.kernel.times(&rest).into_iter().enumerate() {
            self.x[self.part[f] as usize] = x;
        }
        self.base.clone_from(&self.fee);
        for row in 0..self.rows.len() {
            let entries = self.rows.row(row);
            if self.place[row] == NONE {
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
