//! One connected piece of a territory in the form the search reads: rows of neighbours with prices.

use super::super::instance::Instance;

/// A connected graph with people on its atoms and the range of people each part has to meet.
#[derive(Clone, Debug)]
pub(crate) struct Net {
    first: Vec<u32>,
    arcs: Vec<(u32, i64)>,
    /// People of each atom.
    pub(crate) people: Vec<i64>,
    /// How many parts to make.
    pub(crate) parts: u32,
    /// Fewest people of a part.
    pub(crate) low: i64,
    /// Most people of a part.
    pub(crate) high: i64,
}

impl Net {
    /// The net of `atoms`, a connected piece of `instance`; atom `i` of the net is `atoms[i]`.
    /// `place[a]` is the place of atom `a` in its piece. O(edges of the piece).
    pub(crate) fn of(instance: &Instance, atoms: &[u32], place: &[u32], parts: u32) -> Self {
        let mut first = vec![0];
        let mut arcs = Vec::new();
        for &atom in atoms {
            let row = instance.graph.priced(atom);
            arcs.extend(row.map(|(other, price)| (place[other as usize], i64::from(price))));
            first.push(arcs.len() as u32);
        }
        let people: Vec<i64> = atoms.iter().map(|&a| instance.people[a as usize]).collect();
        // A range wider than the people there are says no more, and stays in small numbers.
        let high = instance.high.min(people.iter().sum());
        Self { first, arcs, people, parts, low: instance.low.max(0), high }
    }

    /// The net of some atoms of this net, to be divided in `parts`. O(n + edges of the atoms).
    pub(crate) fn within(&self, atoms: &[u32], parts: u32) -> Self {
        let mut place = vec![u32::MAX; self.len()];
        for (slot, &atom) in (0u32..).zip(atoms) {
            place[atom as usize] = slot;
        }
        let mut first = vec![0];
        let mut arcs = Vec::new();
        for &atom in atoms {
            let row = self.arcs(atom).iter().map(|arc| (place[arc.0 as usize], arc.1));
            arcs.extend(row.filter(|arc| arc.0 != u32::MAX));
            first.push(arcs.len() as u32);
        }
        let people = atoms.iter().map(|&a| self.people[a as usize]).collect();
        Self { first, arcs, people, parts, low: self.low, high: self.high }
    }

    /// The number of atoms.
    pub(crate) fn len(&self) -> usize {
        self.people.len()
    }

    /// Neighbours of `atom` with the price of a boundary between the two.
    pub(crate) fn arcs(&self, atom: u32) -> &[(u32, i64)] {
        &self.arcs[self.first[atom as usize] as usize..self.first[atom as usize + 1] as usize]
    }

    /// People of all atoms.
    pub(crate) fn total(&self) -> i64 {
        self.people.iter().sum()
    }

    /// The mean price of an edge, one when there is none.
    pub(crate) fn mean_price(&self) -> f64 {
        let sum: i64 = self.arcs.iter().map(|arc| arc.1).sum();
        if sum > 0 { sum as f64 / self.arcs.len() as f64 } else { 1.0 }
    }

    /// The price of the cheapest edge, nothing when there is none.
    pub(crate) fn least_price(&self) -> i64 {
        self.arcs.iter().map(|arc| arc.1).min().unwrap_or(0)
    }

    /// Whether every part has people in range. Says nothing of connection.
    pub(crate) fn in_range(&self, part_of: &[u32]) -> bool {
        let mut people = vec![0i64; self.parts as usize];
        for (atom, &part) in part_of.iter().enumerate() {
            people[part as usize] += self.people[atom];
        }
        people.iter().all(|p| (self.low..=self.high).contains(p))
    }

    /// The price of all edges between parts.
    pub(crate) fn cut(&self, part_of: &[u32]) -> i64 {
        let mut twice = 0;
        for atom in 0..self.len() as u32 {
            let own = part_of[atom as usize];
            let crossing = self.arcs(atom).iter().filter(|arc| part_of[arc.0 as usize] != own);
            twice += crossing.map(|arc| arc.1).sum::<i64>();
        }
        twice / 2
    }
}
