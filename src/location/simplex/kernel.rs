//! The inverse of the part of a basis that is not trivial.
//!
//! At a vertex as many sites are open in part as rows are covered exactly; only their crossing
//! matters, which is small and dense. It grows, shrinks and changes by one row or site at a time.

/// Below this a pivot is no pivot.
const TINY: f64 = 1e-9;
/// Places left free at the end of each line.
const SPARE: usize = 16;
/// Share of sites, as a divisor, from which on products go over all of them.
const DENSE: usize = 4;

/// The inverse of the matrix of tight rows by sites in part, kept by rows: each line is a tight row's,
/// over the sites.
#[derive(Clone, Debug, Default)]
pub(super) struct Kernel {
    pub(super) size: usize,
    /// Places from one line to the next: room to grow.
    stride: usize,
    inverse: Vec<f64>,
}

impl Kernel {
    /// Inverts a matrix of rows by sites; none if it is singular. O(size³).
    pub(super) fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        let stride = size + SPARE;
        let mut inverse = vec![0.0; size * stride];
        let mut own = vec![0.0; size];
        let mut own_inverse = vec![0.0; size];
        // The transposed matrix is inverted, by sites: row operations on it are column operations.
        transpose(&mut matrix, size);
        for k in 0..size {
            inverse[k * stride + k] = 1.0;
        }
        for k in 0..size {
            let largest = (k..size).max_by(|a, b| {
                matrix[a * size + k].abs().total_cmp(&matrix[b * size + k].abs()).then(b.cmp(a))
            })?;
            let pivot = matrix[largest * size + k];
            if pivot.abs() < TINY {
                return None;
            }
            if largest != k {
                for c in 0..size {
                    matrix.swap(largest * size + c, k * size + c);
                    inverse.swap(largest * stride + c, k * stride + c);
                }
            }
            // What is left of the pivot stays zero.
            matrix[k * size + k..][..size - k].iter_mut().for_each(|v| *v /= pivot);
            inverse[k * stride..][..size].iter_mut().for_each(|v| *v /= pivot);
            own[k..].copy_from_slice(&matrix[k * size + k..][..size - k]);
            own_inverse.copy_from_slice(&inverse[k * stride..][..size]);
            for r in (0..size).filter(|r| *r != k) {
                let factor = matrix[r * size + k];
                if factor != 0.0 {
                    less(&mut matrix[r * size + k..][..size - k], factor, &own[k..]);
                    less(&mut inverse[r * stride..][..size], factor, &own_inverse);
                }
            }
        }
        Some(Self { size, stride, inverse })
    }

    /// By row: how much of a site each asks for.
    pub(super) fn of_site(&self, site: usize) -> Vec<f64> {
        (0..self.size).map(|t| self.line(t)[site]).collect()
    }

    /// By site: how each answers to a row.
    pub(super) fn of_row(&self, row: usize) -> &[f64] {
        self.line(row)
    }

    fn line(&self, row: usize) -> &[f64] {
        &self.inverse[row * self.stride..][..self.size]
    }

    fn line_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.inverse[row * self.stride..][..self.size]
    }

    /// By site: the inverse times some rows, each with a factor.
    pub(super) fn times(&self, rows: &[(u32, f64)]) -> Vec<f64> {
        let mut y = vec![0.0; self.size];
        for (t, a) in rows {
            less(&mut y, -a, self.line(*t as usize));
        }
        y
    }

    /// By row: some sites, each with a factor, times the inverse.
    pub(super) fn under(&self, sites: &[(u32, f64)]) -> Vec<f64> {
        if sites.len() * DENSE > self.size {
            let mut all = vec![0.0; self.size];
            sites.iter().for_each(|(f, b)| all[*f as usize] += b);
            return (0..self.size).map(|t| dot(self.line(t), &all)).collect();
        }
        let of = |line: &[f64]| sites.iter().map(|(f, b)| b * line[*f as usize]).sum();
        (0..self.size).map(|t| of(self.line(t))).collect()
    }

    /// Puts another site in place of one; `y` is the inverse times its rows.
    pub(super) fn replace_site(&mut self, site: usize, y: &[f64]) -> bool {
        if y[site].abs() < TINY {
            return false;
        }
        for t in 0..self.size {
            let line = self.line_mut(t);
            let own = line[site] / y[site];
            if own != 0.0 {
                less(line, own, y);
            }
            line[site] = own;
        }
        true
    }

    /// Puts another row in place of one; `z` is its sites times the inverse.
    pub(super) fn replace_row(&mut self, row: usize, z: &[f64]) -> bool {
        if z[row].abs() < TINY {
            return false;
        }
        let own: Vec<f64> = self.line(row).iter().map(|v| v / z[row]).collect();
        for t in (0..self.size).filter(|t| *t != row && z[*t] != 0.0) {
            less(self.line_mut(t), z[t], &own);
        }
        self.line_mut(row).copy_from_slice(&own);
        true
    }

    /// Adds a row and a site at the end: the inverse times the site's rows, the row's sites times
    /// the inverse, and their crossing.
    pub(super) fn grow(&mut self, y: &[f64], z: &[f64], crossing: f64, dot: f64) -> bool {
        let rest = crossing - dot;
        if rest.abs() < TINY {
            return false;
        }
        let size = self.size;
        if size == self.stride {
            let stride = size + size / 4 + SPARE;
            let mut inverse = vec![0.0; size * stride];
            for (to, from) in inverse.chunks_exact_mut(stride).zip(self.inverse.chunks_exact(size.max(1))) {
                to[..size].copy_from_slice(from);
            }
            (self.inverse, self.stride) = (inverse, stride);
        }
        self.size = size + 1;
        self.inverse.resize(self.size * self.stride, 0.0);
        for (t, z) in z.iter().enumerate() {
            let line = self.line_mut(t);
            less(&mut line[..size], -z / rest, y);
            line[size] = -z / rest;
        }
        let last = self.line_mut(size);
        for f in 0..size {
            last[f] = -y[f] / rest;
        }
        last[size] = 1.0 / rest;
        true
    }

    /// Takes out a row and a site; the last of each takes its place.
    pub(super) fn shrink(&mut self, site: usize, row: usize) -> bool {
        let pivot = self.line(row)[site];
        if pivot.abs() < TINY {
            return false;
        }
        let own: Vec<f64> = self.line(row).to_vec();
        let last = self.size - 1;
        for t in (0..=last).filter(|t| *t != row) {
            let line = self.line_mut(t);
            let factor = line[site] / pivot;
            if factor != 0.0 {
                less(line, factor, &own);
            }
            line[site] = line[last];
        }
        if row < last {
            let moved = self.line(last).to_vec();
            self.line_mut(row).copy_from_slice(&moved);
        }
        self.size = last;
        self.inverse.truncate(last * self.stride);
        true
    }
}

fn transpose(matrix: &mut [f64], size: usize) {
    for a in 0..size {
        for b in 0..a {
            matrix.swap(a * size + b, b * size + a);
        }
    }
}

fn less(line: &mut [f64], factor: f64, other: &[f64]) {
    for (a, b) in line.iter_mut().zip(other) {
        *a -= factor * b;
    }
}

/// The sum of products, in lanes: the order of additions is the same anywhere.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (heads, tails) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = heads.remainder().iter().zip(tails.remainder()).map(|(a, b)| a * b).sum();
    for (a, b) in heads.zip(tails) {
        for k in 0..8 {
            lanes[k] += a[k] * b[k];
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far the inverse is from one of this matrix of rows by sites.
    fn error(kernel: &Kernel, matrix: &[Vec<f64>]) -> f64 {
        let n = matrix.len();
        let mut worst: f64 = 0.0;
        for s in 0..n {
            let column: Vec<(u32, f64)> = (0u32..).zip(matrix).map(|(t, row)| (t, row[s])).collect();
            for (f, y) in kernel.times(&column).iter().enumerate() {
                worst = worst.max((y - f64::from(u8::from(f == s))).abs());
            }
        }
        worst
    }

    #[test]
    fn changes_one_by_one_keep_the_inverse() {
        let mut m = vec![vec![1.0, 1.0, 0.0], vec![0.0, 1.0, 1.0], vec![1.0, 0.0, 1.0]];
        let mut kernel = Kernel::of(m.concat(), 3).expect("an odd circle is regular");
        assert!(error(&kernel, &m) < 1e-12);
        let y = kernel.times(&[(0, 1.0), (1, 1.0), (2, 1.0)]);
        assert!(kernel.replace_site(1, &y));
        m.iter_mut().for_each(|row| row[1] = 1.0);
        assert!(error(&kernel, &m) < 1e-12);
        let z = kernel.under(&[(0, 1.0)]);
        assert!(kernel.replace_row(2, &z));
        m[2] = vec![1.0, 0.0, 0.0];
        assert!(error(&kernel, &m) < 1e-12);
        let y = kernel.times(&[(0, 1.0)]);
        let z = kernel.under(&[(2, 1.0)]);
        assert!(kernel.grow(&y, &z, 1.0, y[2]));
        m[0].push(1.0);
        m[1].push(0.0);
        m[2].push(0.0);
        m.push(vec![0.0, 0.0, 1.0, 1.0]);
        assert!(error(&kernel, &m) < 1e-12);
        assert!(kernel.shrink(1, 0));
        // The last of each takes the place of those that go.
        let rest = [vec![0.0, 1.0, 1.0], vec![0.0, 0.0, 1.0], vec![1.0, 0.0, 0.0]];
        assert!(error(&kernel, &rest) < 1e-12);
    }

    #[test]
    fn a_singular_matrix_has_none() {
        assert!(Kernel::of(vec![1.0, 1.0, 1.0, 1.0], 2).is_none());
    }
}
