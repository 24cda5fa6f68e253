//! Presolve of covering: equal rows joined, rows and sites that others settle dropped.
//!
//! Cordeau, Furini and Ljubic (2019) join customers that the same sites cover; Toregas and ReVelle
//! (1972) drop what is dominated. Both keep an optimal answer.

use super::instance::Entry;
use super::rows::{Fate, Rows};

/// Rows up to which every pair of sites that share a row is compared.
const COMPARED_MAX: usize = 60_000_000;

/// What is left of covering rows, and the old number of each site.
pub(super) struct Reduced {
    pub(super) rows: Rows,
    pub(super) names: Vec<u32>,
}

/// Bits of a list of numbers below `count`.
struct Bits {
    words: usize,
    bits: Vec<u64>,
}

impl Bits {
    fn new(lists: usize, count: usize) -> Self {
        let words = count.div_ceil(64);
        Self { words, bits: vec![0; lists * words] }
    }

    fn set(&mut self, list: usize, number: usize) {
        self.bits[list * self.words + number / 64] |= 1 << (number % 64);
    }

    fn of(&self, list: usize) -> &[u64] {
        &self.bits[list * self.words..][..self.words]
    }

    /// Whether every number of the first list is in the second.
    fn within(&self, small: usize, large: usize) -> bool {
        self.of(small).iter().zip(self.of(large)).all(|(s, l)| s & !l == 0)
    }
}

/// Joins equal rows and drops sites whose rows another site covers too. O(size) words for each pair compared.
pub(super) fn reduced(rows: &Rows) -> Reduced {
    let mut names: Vec<u32> = (0..rows.sites as u32).collect();
    let mut rows = rows.merged().0;
    loop {
        let before = (rows.sites, rows.len());
        let fate = dominated(&rows);
        let (fewer, old, _) = rows.restricted(&fate);
        names = old.iter().map(|j| names[*j as usize]).collect();
        rows = fewer.merged().0;
        if (rows.sites, rows.len()) == before {
            return Reduced { rows, names };
        }
    }
}

/// Closes sites that cover no more than another.
pub(super) fn dominated(rows: &Rows) -> Vec<Fate> {
    let mut fate = vec![Fate::Free; rows.sites];
    if rows.sites.saturating_mul(rows.len()) / 64 > COMPARED_MAX {
        return fate;
    }
    let mut bits = Bits::new(rows.sites, rows.len().max(1));
    let mut size = vec![0u32; rows.sites];
    let mut shortest = vec![u32::MAX; rows.sites];
    for row in 0..rows.len() {
        for e in rows.row(row) {
            let j = e.site as usize;
            bits.set(j, row);
            size[j] += 1;
            let known = shortest[j];
            if known == u32::MAX || rows.row(row).len() < rows.row(known as usize).len() {
                shortest[j] = row as u32;
            }
        }
    }
    for j in 0..rows.sites {
        if size[j] == 0 {
            fate[j] = Fate::Closed;
            continue;
        }
        // Who covers all of it covers its shortest row. Of equals the lowest number stays.
        let covers = |e: &Entry| {
            let k = e.site as usize;
            k != j
                && fate[k] == Fate::Free
                && (size[k] > size[j] || (size[k] == size[j] && k < j))
                && bits.within(j, k)
        };
        if rows.row(shortest[j] as usize).iter().any(covers) {
            fate[j] = Fate::Closed;
        }
    }
    fate
}

/// The rows, ascending, that do not list every site of another row.
pub(super) fn not_implied(rows: &Rows) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|row| (rows.row(*row).len(), *row));
    let mut bits = Bits::new(rows.len(), rows.sites.max(1));
    let mut often = vec![0u32; rows.sites];
    for row in 0..rows.len() {
        for e in rows.row(row) {
            bits.set(row, e.site as usize);
            often[e.site as usize] += 1;
        }
    }
    // Kept rows stand under their rarest site.
    let mut under: Vec<Vec<usize>> = vec![Vec::new(); rows.sites];
    let mut kept = Vec::new();
    for row in order {
        let implied =
            rows.row(row).iter().any(|e| under[e.site as usize].iter().any(|k| bits.within(*k, row)));
        if !implied {
            kept.push(row);
            let rarest = rows.row(row).iter().min_by_key(|e| (often[e.site as usize], e.site));
            under[rarest.expect("a row has entries").site as usize].push(row);
        }
    }
    kept.sort_unstable();
    kept
}

/// Some of the rows.
pub(super) fn only(rows: &Rows, kept: &[usize]) -> Rows {
    let mut fewer = Rows::new(rows.sites);
    fewer.constant = rows.constant;
    for &row in kept {
        fewer.push(rows.weight[row], rows.cap[row], rows.row(row).iter().copied());
    }
    fewer
}
