//! Which cuts the relaxation breaks.

use super::Linear;

/// Cuts of one round that may share an atom.
const SHARING: usize = 3;

impl Linear {
    /// Adds up to `most` of the cuts that are broken most, by `least` at least; tells how many. O(n³)
    /// in the worst case, O(n) where parts are small.
    pub(crate) fn separate(&mut self, most: usize, least: f64) -> usize {
        let found = self.broken(least);
        let mut used = vec![0; self.atoms];
        let mut added = 0;
        for (_, cut) in found {
            if added == most {
                break;
            }
            if cut.iter().all(|&a| used[a as usize] < SHARING) && !self.cuts.contains(&cut) {
                cut.iter().for_each(|&a| used[a as usize] += 1);
                self.cut(cut);
                added += 1;
            }
        }
        added
    }

    /// Threes of atoms of which more than one part, in all, holds two; the worst first.
    fn broken(&mut self, least: f64) -> Vec<(f64, [u32; 3])> {
        let n = self.atoms;
        let taken: Vec<(usize, f64)> = self.master.taken().collect();
        let mut pairs = vec![0.0; n * n];
        for &(set, share) in &taken {
            let atoms: Vec<u32> = self.sets.atoms(set).collect();
            for (at, &a) in atoms.iter().enumerate() {
                atoms[at + 1..].iter().for_each(|&b| pairs[a as usize * n + b as usize] += share);
            }
        }
        let mut found = Vec::new();
        for a in 0..n {
            let beside: Vec<usize> = (a + 1..n).filter(|&b| pairs[a * n + b] > 1e-4).collect();
            for (at, &b) in beside.iter().enumerate() {
                for &c in &beside[at + 1..] {
                    let sum = pairs[a * n + b] + pairs[a * n + c] + pairs[b * n + c];
                    if sum < 1.0 + least {
                        continue;
                    }
                    let cut = [a as u32, b as u32, c as u32];
                    let all = taken.iter().filter(|t| cut.iter().all(|&x| self.sets.holds(t.0, x)));
                    let over = sum - 2.0 * all.map(|t| t.1).sum::<f64>() - 1.0;
                    if over > least {
                        found.push((over, cut));
                    }
                }
            }
        }
        self.work += (n * n / 30 + found.len()) as u64;
        found.sort_by(|p, q| q.0.total_cmp(&p.0).then(p.1.cmp(&q.1)));
        found
    }
}
