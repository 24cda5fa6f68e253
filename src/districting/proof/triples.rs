//! Cuts on three atoms: of all parts, at most one holds two of them (Jepsen and others 2008).
//!
//! With s of the three, a part pays the price of the cut ⌊s / 2⌋ times. A knapsack can only be told
//! of it in straight lines: those below ⌊s / 2⌋ that are tight for what is decided so far.

/// A cut with its price: a part that holds two of the atoms, or all, pays twice `half`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Triple {
    pub(crate) atoms: [u32; 3],
    pub(crate) half: i64,
}

/// What is decided about the three, and the line in use.
#[derive(Clone, Copy)]
struct Cut {
    triple: Triple,
    inside: u8,
    outside: u8,
    /// Whether more than one of the undecided ones is expected to be in.
    steep: bool,
    slope: i64,
    fixed: i64,
}

impl Cut {
    /// What every undecided atom adds, and what is paid anyway.
    fn line(&self) -> (i64, i64) {
        let half = self.triple.half;
        match (self.inside, self.outside, self.steep) {
            (0, 0, true) => (half, -half),
            (0, 1, true) => (2 * half, -2 * half),
            (1, 0, _) => (half, 0),
            (1, 1, _) => (2 * half, 0),
            (2.., ..) => (0, 2 * half),
            _ => (0, 0),
        }
    }
}

/// The weights of one query and its cuts, kept up to date as atoms are decided.
pub(crate) struct Ledger {
    cuts: Vec<Cut>,
    of_atom: Vec<Vec<u32>>,
    /// Weights without cuts: those of atoms that are in.
    pub(crate) base: Vec<i64>,
    /// Weights with the slopes of cuts: those of undecided atoms.
    pub(crate) weights: Vec<i64>,
    /// Atoms whose weights have changed since they were last put in order, each once.
    pub(crate) changed: Vec<u32>,
    marked: Vec<bool>,
    /// What is paid for cuts anyway.
    pub(crate) fixed: i64,
    /// Cuts of which at least two atoms can be in.
    active: Vec<u32>,
}

impl Ledger {
    pub(crate) fn new(atoms: usize) -> Self {
        Self {
            cuts: Vec::new(),
            of_atom: vec![Vec::new(); atoms],
            base: vec![0; atoms],
            weights: vec![0; atoms],
            changed: Vec::new(),
            marked: vec![false; atoms],
            fixed: 0,
            active: Vec::new(),
        }
    }

    pub(crate) fn set(&mut self, triples: &[Triple]) {
        let cut = |&triple| Cut { triple, inside: 0, outside: 0, steep: false, slope: 0, fixed: 0 };
        self.cuts = triples.iter().filter(|triple| triple.half > 0).map(cut).collect();
        self.active.clear();
        self.of_atom.iter_mut().for_each(Vec::clear);
        for (at, cut) in (0u32..).zip(&self.cuts) {
            cut.triple.atoms.iter().for_each(|&a| self.of_atom[a as usize].push(at));
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.cuts.is_empty()
    }

    /// All atoms undecided, with these weights.
    pub(crate) fn reset(&mut self, weights: &[i64]) {
        self.base.copy_from_slice(weights);
        self.weights.copy_from_slice(weights);
        self.calm();
        self.fixed = 0;
        for cut in &mut self.cuts {
            *cut = Cut { inside: 0, outside: 0, steep: false, slope: 0, fixed: 0, ..*cut };
        }
    }

    /// Looks only at cuts that matter to the atoms not shut out by now.
    pub(crate) fn settle(&mut self) {
        self.active.clear();
        let matter = self.cuts.iter().zip(0u32..).filter(|(cut, _)| cut.outside < 2);
        self.active.extend(matter.map(|(_, at)| at));
    }

    /// The cuts that are looked at, each with its atoms.
    pub(crate) fn active(&self) -> impl Iterator<Item = (u32, [u32; 3])> + '_ {
        self.active.iter().map(|&at| (at, self.cuts[at as usize].triple.atoms))
    }

    /// All weights are in order.
    pub(crate) fn calm(&mut self) {
        while let Some(atom) = self.changed.pop() {
            self.marked[atom as usize] = false;
        }
    }

    /// The atom whose place among the changed is `at` is in order.
    pub(crate) fn ordered(&mut self, at: usize) {
        let atom = self.changed.swap_remove(at);
        self.marked[atom as usize] = false;
    }

    pub(crate) fn take(&mut self, atom: u32) {
        self.decide(atom, |cut| cut.inside += 1);
    }

    pub(crate) fn put_back(&mut self, atom: u32) {
        self.decide(atom, |cut| cut.inside -= 1);
    }

    pub(crate) fn evict(&mut self, atom: u32) {
        self.decide(atom, |cut| cut.outside += 1);
    }

    pub(crate) fn restore(&mut self, atom: u32) {
        self.decide(atom, |cut| cut.outside -= 1);
    }

    fn decide(&mut self, atom: u32, how: impl Fn(&mut Cut)) {
        for at in 0..self.of_atom[atom as usize].len() {
            let at = self.of_atom[atom as usize][at] as usize;
            how(&mut self.cuts[at]);
            self.redraw(at);
        }
    }

    fn redraw(&mut self, at: usize) {
        let cut = &mut self.cuts[at];
        let (slope, fixed) = cut.line();
        self.fixed += fixed - cut.fixed;
        cut.fixed = fixed;
        if slope != cut.slope {
            for &atom in &cut.triple.atoms {
                self.weights[atom as usize] += slope - cut.slope;
                if !std::mem::replace(&mut self.marked[atom as usize], true) {
                    self.changed.push(atom);
                }
            }
            cut.slope = slope;
        }
    }

    /// Takes the lines that are tight at what `holds` tells of undecided atoms; false if they were.
    pub(crate) fn follow(&mut self, holds: impl Fn(u32) -> f64) -> bool {
        let mut moved = false;
        for at in 0..self.active.len() {
            let cut = &self.cuts[self.active[at] as usize];
            if cut.inside == 0 && cut.outside < 2 {
                let many = cut.triple.atoms.iter().map(|&a| holds(a)).sum::<f64>() > 1.0;
                moved |= self.lean(self.active[at], many);
            }
        }
        moved
    }

    /// Takes the steep line of a cut or the flat one; false if that was in use.
    pub(crate) fn lean(&mut self, at: u32, steep: bool) -> bool {
        let cut = &mut self.cuts[at as usize];
        let moved = cut.steep != steep;
        if moved {
            cut.steep = steep;
            self.redraw(at as usize);
        }
        moved
    }

    /// What a part of decided and chosen atoms pays beyond the lines, and the cut that adds most.
    pub(crate) fn unpaid(&self, holds: impl Fn(u32) -> bool) -> (i64, Option<[u32; 3]>) {
        let (mut sum, mut most) = (0, None);
        for cut in self.active.iter().map(|&at| &self.cuts[at as usize]) {
            let held = cut.triple.atoms.iter().filter(|a| holds(**a)).count() as i64;
            let line = cut.fixed + cut.slope * (held - i64::from(cut.inside));
            let more = if held > 1 { 2 * cut.triple.half } else { 0 } - line;
            sum += more;
            if more > most.map_or(0, |(held, _)| held) {
                most = Some((more, cut.triple.atoms));
            }
        }
        (sum, most.map(|(_, atoms)| atoms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_below_what_is_paid() {
        let triple = Triple { atoms: [0, 1, 2], half: 5 };
        for inside in 0..=3u8 {
            for outside in 0..=3 - inside {
                for steep in [false, true] {
                    let cut = Cut { triple, inside, outside, steep, slope: 0, fixed: 0 };
                    let (slope, fixed) = cut.line();
                    for more in 0..=3 - inside - outside {
                        let paid = i64::from((inside + more) / 2) * 10;
                        let line = fixed + slope * i64::from(more);
                        assert!(line <= paid, "{inside} in, {outside} out, {more} more");
                        assert!(inside + outside < 3 || line == paid, "nothing is left open");
                    }
                }
            }
        }
    }
}
