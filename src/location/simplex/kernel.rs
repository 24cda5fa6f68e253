//! The inverse of the part of a basis that is not trivial.
//!
//! At a vertex as many sites are open in part as rows are covered exactly; only their crossing
//! matters, which is small and dense. It grows, shrinks and changes by one row or site at a time.

/// Below this a pivot is no pivot.
const TINY: f64 = 1e-9;

/// The inverse of the matrix of tight rows by sites in part, as sites by rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Kernel {
    pub(super) size: usize,
    inverse: Vec<f64>,
}

impl Kernel {
    /// Inverts a matrix of rows by sites; none if it is singular. O(size³).
    pub(super) fn of(mut matrix: Vec<f64>, size: usize) -> Option<Self> {
        let mut inverse = vec![0.0; size * size];
        for k in 0..size {
            inverse[k * size + k] = 1.0;
        }
        for k in 0..size {
            let largest = (k..size).max_by(|a, b| {
                matrix[a * size + k].abs().total_cmp(&matrix[b * size + k].abs()).then(b.cmp(a))
            })?;
            let pivot = matrix[largest * size + k];
            if pivot.abs() < TINY {
                return None;
            }
            for c in 0..size {
                matrix.swap(largest * size + c, k * size + c);
                inverse.swap(largest * size + c, k * size + c);
            }
            for c in 0..size {
                matrix[k * size + c] /= pivot;
                inverse[k * size + c] /= pivot;
            }
            let (own, own_inverse) =
                (matrix[k * size..][..size].to_vec(), inverse[k * size..][..size].to_vec());
            for r in (0..size).filter(|r| *r != k) {
                let factor = matrix[r * size + k];
                if factor != 0.0 {
                    less(&mut matrix[r * size..][..size], factor, &own);
                    less(&mut inverse[r * size..][..size], factor, &own_inverse);
                }
            }
        }
        Some(Self { size, inverse })
    }

    /// By site: the inverse times some rows, each with a factor.
    pub(super) fn times(&self, rows: &[(u32, f64)]) -> Vec<f64> {
        let of = |f: usize| rows.iter().map(|(t, a)| a * self.inverse[f * self.size + *t as usize]).sum();
        (0..self.size).map(of).collect()
    }

    /// By row: some sites, each with a factor, times the inverse.
    pub(super) fn under(&self, sites: &[(u32, f64)]) -> Vec<f64> {
        let mut z = vec![0.0; self.size];
        for (f, b) in sites {
            less(&mut z, -b, &self.inverse[*f as usize * self.size..][..self.size]);
        }
        z
    }

    /// Puts another site in place of one; `y` is the inverse times its rows.
    pub(super) fn replace_site(&mut self, site: usize, y: &[f64]) -> bool {
        if y[site].abs() < TINY {
            return false;
        }
        let size = self.size;
        let own: Vec<f64> = self.inverse[site * size..][..size].iter().map(|v| v / y[site]).collect();
        for f in (0..size).filter(|f| *f != site && y[*f] != 0.0) {
            less(&mut self.inverse[f * size..][..size], y[f], &own);
        }
        self.inverse[site * size..][..size].copy_from_slice(&own);
        true
    }

    /// Puts another row in place of one; `z` is its sites times the inverse.
    pub(super) fn replace_row(&mut self, row: usize, z: &[f64]) -> bool {
        if z[row].abs() < TINY {
            return false;
        }
        for line in self.inverse.chunks_exact_mut(self.size.max(1)) {
            let own = line[row] / z[row];
            if own != 0.0 {
                less(line, own, z);
            }
            line[row] = own;
        }
        true
    }

    /// Adds a row and a site at the end: the inverse times the site's rows, the row's sites times
    /// the inverse, and their crossing.
    pub(super) fn grow(&mut self, y: &[f64], z: &[f64], crossing: f64, dot: f64) -> bool {
        let rest = crossing - dot;
        if rest.abs() < TINY {
            return false;
        }
        let (size, next) = (self.size, self.size + 1);
        let mut inverse = vec![0.0; next * next];
        for f in 0..size {
            let line = &mut inverse[f * next..][..next];
            line[..size].copy_from_slice(&self.inverse[f * size..][..size]);
            less(&mut line[..size], -y[f] / rest, z);
            line[size] = -y[f] / rest;
        }
        for t in 0..size {
            inverse[size * next + t] = -z[t] / rest;
        }
        inverse[size * next + size] = 1.0 / rest;
        *self = Self { size: next, inverse };
        true
    }

    /// Takes out a row and a site; the last of each takes its place.
    pub(super) fn shrink(&mut self, site: usize, row: usize) -> bool {
        let size = self.size;
        let pivot = self.inverse[site * size + row];
        if pivot.abs() < TINY {
            return false;
        }
        let own: Vec<f64> = self.inverse[site * size..][..size].to_vec();
        for f in (0..size).filter(|f| *f != site) {
            let factor = self.inverse[f * size + row] / pivot;
            if factor != 0.0 {
                less(&mut self.inverse[f * size..][..size], factor, &own);
            }
        }
        let last = size - 1;
        let mut inverse = vec![0.0; last * last];
        for f in 0..last {
            let from = if f == site { last } else { f };
            let line = &self.inverse[from * size..][..size];
            inverse[f * last..][..last].copy_from_slice(&line[..last]);
            if row < last {
                inverse[f * last + row] = line[last];
            }
        }
        *self = Self { size: last, inverse };
        true
    }
}

fn less(line: &mut [f64], factor: f64, other: &[f64]) {
    for (a, b) in line.iter_mut().zip(other) {
        *a -= factor * b;
    }
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
