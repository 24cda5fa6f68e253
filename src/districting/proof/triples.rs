//! Cuts on three atoms: at most one part of a division holds two of them.
//!
//! Fractional choices live on such triples: three half parts that hold two each cost less than any
//! whole choice. They are the subset-row cuts of Jepsen, Petersen, Spoorendonk and Pisinger (2008).

/// Three atoms and the price of a part that holds two of them or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Triple {
    pub(crate) atoms: [u32; 3],
    /// Dual price, never negative.
    pub(crate) price: i64,
}

impl Triple {
    /// Whether a part holds at least two of the three.
    pub(crate) fn binds(&self, holds: impl Fn(u32) -> bool) -> bool {
        self.atoms.iter().filter(|a| holds(**a)).count() >= 2
    }
}

/// New cuts of one round, and how many of them may share an atom.
const ROUND: usize = 40;
const SHARED: u32 = 5;

/// How far over one a cut has to be.
const OVER: f64 = 1.04;

/// The most violated triples of an average of choices, each choice a list of parts. O(n³) words at
/// the worst, in practice the triples of which every two often share a part.
pub(crate) fn violated(atoms: usize, choices: &[Vec<Vec<u32>>], have: &[Triple]) -> Vec<Triple> {
    let parts: Vec<&Vec<u32>> = choices.iter().flatten().collect();
    let words = parts.len().div_ceil(64);
    let mut rows = vec![0u64; atoms * words];
    for (part, members) in parts.iter().enumerate() {
        for &atom in *members {
            rows[atom as usize * words + part / 64] |= 1 << (part % 64);
        }
    }
    let row = |atom: usize| &rows[atom * words..(atom + 1) * words];
    let both = |a: usize, b: usize| -> u32 { row(a).iter().zip(row(b)).map(|(x, y)| (x & y).count_ones()).sum() };
    let whole = choices.len() as u32;
    let mixed = |share: u32| share * 20 > whole && share * 20 < whole * 19;
    let partners: Vec<Vec<(usize, u32)>> = (0..atoms)
        .map(|a| (a + 1..atoms).map(|b| (b, both(a, b))).filter(|(_, share)| mixed(*share)).collect())
        .collect();
    let mut found: Vec<(u32, [u32; 3])> = Vec::new();
    for a in 0..atoms {
        for (at, &(b, ab)) in partners[a].iter().enumerate() {
            for &(c, ac) in &partners[a][at + 1..] {
                let Ok(bc) = partners[b].binary_search_by_key(&c, |p| p.0) else { continue };
                let bc = partners[b][bc].1;
                if f64::from(ab + ac + bc) < OVER * f64::from(whole) {
                    continue;
                }
                let all: u32 =
                    (0..words).map(|w| (row(a)[w] & row(b)[w] & row(c)[w]).count_ones()).sum();
                let sum = ab + ac + bc - 2 * all;
                if f64::from(sum) > OVER * f64::from(whole) {
                    found.push((sum, [a as u32, b as u32, c as u32]));
                }
            }
        }
    }
    found.sort_unstable_by(|p, q| q.0.cmp(&p.0).then(p.1.cmp(&q.1)));
    let mut used = vec![0u32; atoms];
    let mut fresh = Vec::new();
    for (_, atoms) in found {
        let known = have.iter().any(|cut| cut.atoms == atoms);
        if fresh.len() < ROUND && !known && atoms.iter().all(|a| used[*a as usize] < SHARED) {
            atoms.iter().for_each(|a| used[*a as usize] += 1);
            fresh.push(Triple { atoms, price: 0 });
        }
    }
    fresh
}
