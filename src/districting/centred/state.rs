//! A division that can be changed one atom at a time, with what each change would cost.

use super::costs::Costs;
use super::joints::Joints;
use super::rings::Rings;
use crate::districting::instance::Instance;

/// Most parts a [`State`] keeps, one bit each.
pub(crate) const PARTS_MAX: usize = 64;

/// Members of a part among which its centre after one more move is looked for. One atom moves the
/// centroid little, so that more change no choice on any instance tried.
const LIKELY: usize = 10;

/// A division with the sums that make the cost of one more move quick to tell.
///
/// Every part is in one piece and never empty; people may be out of range. A shift costs O(n); what
/// leaving or joining a part would cost is found when asked for and kept until that part changes.
pub(crate) struct State<'a> {
    pub(crate) instance: &'a Instance,
    pub(crate) costs: &'a Costs,
    pub(crate) part_of: Vec<u32>,
    pub(crate) members: Vec<Vec<u32>>,
    pub(crate) people: Vec<i64>,
    /// Cost of each part from its best member.
    pub(crate) value: Vec<i64>,
    /// For each part and each atom of the territory: the cost of the part from there.
    from: Vec<i64>,
    /// The cheapest members of each part to serve it from: one of them is best after one move too.
    likely: Vec<Vec<(i64, u32)>>,
    /// Neighbours of each atom in each part: n × k.
    touching: Vec<u16>,
    /// The parts that each atom touches, its own with them if it has a neighbour there.
    pub(crate) touched: Vec<u64>,
    place: Vec<u32>,
    /// When each part was last changed, by a clock that no two changes share.
    changes: Vec<u32>,
    clock: u32,
    /// What leaving its part costs each atom, `None` if it holds the part together; with the
    /// part's last change at that time.
    leaving: Vec<(u32, Option<i64>)>,
    /// The same for joining each part: n × k.
    joining: Vec<(u32, i64)>,
    rings: Rings,
    joints: Joints,
}

impl<'a> State<'a> {
    /// Starts from a division whose parts are connected. O(n · k + n²).
    pub(crate) fn new(instance: &'a Instance, costs: &'a Costs, part_of: Vec<u32>) -> Self {
        let k = instance.parts as usize;
        let n = instance.len();
        assert!(k <= PARTS_MAX, "one bit a part");
        let mut state = Self {
            instance,
            costs,
            part_of: Vec::new(),
            members: vec![Vec::new(); k],
            people: vec![0; k],
            value: vec![0; k],
            from: vec![0; k * n],
            likely: vec![Vec::new(); k],
            touching: vec![0; n * k],
            touched: vec![0; n],
            place: vec![0; n],
            changes: vec![0; k],
            clock: 0,
            leaving: vec![(0, None); n],
            joining: vec![(0, 0); n * k],
            rings: Rings::of(&instance.graph),
            joints: Joints::new(n, k),
        };
        state.reset(part_of);
        state
    }

    /// Takes another division.
    pub(crate) fn reset(&mut self, part_of: Vec<u32>) {
        let (n, k) = (self.instance.len(), self.members.len());
        self.part_of = part_of;
        self.members.iter_mut().for_each(Vec::clear);
        self.people.fill(0);
        self.from.fill(0);
        self.touching.fill(0);
        self.touched.fill(0);
        for atom in 0..n as u32 {
            let part = self.part_of[atom as usize] as usize;
            self.place[atom as usize] = self.members[part].len() as u32;
            self.members[part].push(atom);
            self.people[part] += self.instance.people[atom as usize];
            let sums = &mut self.from[part * n..(part + 1) * n];
            sums.iter_mut().zip(self.costs.row(atom)).for_each(|(sum, cost)| *sum += cost);
            for &other in self.instance.graph.neighbours(atom) {
                self.touching[other as usize * k + part] += 1;
                self.touched[other as usize] |= 1 << part;
            }
        }
        for part in 0..self.instance.parts {
            self.settle(part);
        }
        debug_assert_eq!(
            self.instance.judge(&self.part_of).disconnected,
            0,
            "a division to start from is whole"
        );
    }

    /// How far a number of people is out of the range.
    pub(crate) fn excess(&self, people: i64) -> i64 {
        (self.instance.low - people).max(people - self.instance.high).max(0)
    }

    /// Total distance out of the range.
    pub(crate) fn out(&self) -> i64 {
        self.people.iter().map(|&people| self.excess(people)).sum()
    }

    pub(crate) fn total(&self) -> i64 {
        self.value.iter().sum()
    }

    /// The parts other than its own that an atom touches, as bits.
    pub(crate) fn beside(&self, atom: u32) -> u64 {
        self.touched[atom as usize] & !(1 << self.part_of[atom as usize])
    }

    /// What its part's value changes by when an atom leaves, or `None` if the part needs it.
    pub(crate) fn leave(&mut self, atom: u32) -> Option<i64> {
        let part = self.part_of[atom as usize];
        let now = self.changes[part as usize];
        let (then, cost) = self.leaving[atom as usize];
        if then == now {
            return cost;
        }
        let cost = (!self.holds(atom)).then(|| self.without(part, atom) - self.value[part as usize]);
        self.leaving[atom as usize] = (now, cost);
        cost
    }

    /// What the value of a part that an atom touches changes by when the atom joins.
    pub(crate) fn join(&mut self, atom: u32, part: u32) -> i64 {
        let now = self.changes[part as usize];
        let slot = atom as usize * self.members.len() + part as usize;
        let (then, cost) = self.joining[slot];
        if then == now {
            return cost;
        }
        let cost = self.with(part, atom) - self.value[part as usize];
        self.joining[slot] = (now, cost);
        cost
    }

    /// Moves an atom that does not hold its part together to a part it touches.
    pub(crate) fn shift(&mut self, atom: u32, to: u32) {
        let from = std::mem::replace(&mut self.part_of[atom as usize], to);
        let (n, k) = (self.instance.len(), self.members.len());
        let people = self.instance.people[atom as usize];
        self.people[from as usize] -= people;
        self.people[to as usize] += people;
        let row = self.costs.row(atom);
        let taken = &mut self.from[from as usize * n..(from as usize + 1) * n];
        taken.iter_mut().zip(row).for_each(|(sum, cost)| *sum -= cost);
        let given = &mut self.from[to as usize * n..(to as usize + 1) * n];
        given.iter_mut().zip(row).for_each(|(sum, cost)| *sum += cost);
        for &other in self.instance.graph.neighbours(atom) {
            let row = &mut self.touching[other as usize * k..(other as usize + 1) * k];
            row[from as usize] -= 1;
            row[to as usize] += 1;
            let touched = &mut self.touched[other as usize];
            *touched |= 1 << to;
            *touched &= !(u64::from(row[from as usize] == 0) << from);
        }
        let place = self.place[atom as usize] as usize;
        self.members[from as usize].swap_remove(place);
        if let Some(&moved) = self.members[from as usize].get(place) {
            self.place[moved as usize] = place as u32;
        }
        self.place[atom as usize] = self.members[to as usize].len() as u32;
        self.members[to as usize].push(atom);
        self.settle(from);
        self.settle(to);
        debug_assert_eq!(self.instance.judge(&self.part_of).disconnected, 0, "a move broke a part");
    }

    /// The cost of `part` without `atom`, which it holds among others, from the likely centres.
    fn without(&self, part: u32, atom: u32) -> i64 {
        let row = self.costs.row(atom);
        let mut best = i64::MAX;
        for &(sum, centre) in &self.likely[part as usize] {
            let cost = sum - row[centre as usize];
            // A choice and a minimum without a branch: which of them is smaller cannot be foretold.
            best = best.min(if centre == atom { i64::MAX } else { cost });
        }
        best
    }

    /// The cost of `part` with `atom` added, from the likely centres.
    fn with(&self, part: u32, atom: u32) -> i64 {
        let row = self.costs.row(atom);
        let mut best = i64::MAX;
        for &(sum, centre) in &self.likely[part as usize] {
            best = best.min(sum + row[centre as usize]);
        }
        best
    }

    /// Brings a changed part's value and likely centres up to date.
    fn settle(&mut self, part: u32) {
        let n = self.instance.len();
        let sums = &self.from[part as usize * n..(part as usize + 1) * n];
        let likely = &mut self.likely[part as usize];
        likely.clear();
        likely.extend(self.members[part as usize].iter().map(|&centre| (sums[centre as usize], centre)));
        if likely.len() > LIKELY {
            likely.select_nth_unstable(LIKELY);
            likely.truncate(LIKELY);
        }
        self.value[part as usize] = likely.iter().map(|(sum, _)| *sum).min().unwrap_or(0);
        self.clock += 1;
        self.changes[part as usize] = self.clock;
    }

    /// Whether taking an atom away would break its part or leave it empty.
    fn holds(&mut self, atom: u32) -> bool {
        let part = self.part_of[atom as usize];
        let mut open = 0u64;
        for (i, &other) in (0u32..).zip(self.instance.graph.neighbours(atom)) {
            open |= u64::from(self.part_of[other as usize] == part).wrapping_shl(i);
        }
        if open != 0 && self.rings.joined(atom, open) == Some(true) {
            return false;
        }
        let members = &self.members[part as usize];
        let changes = self.changes[part as usize];
        members.len() == 1 || self.joints.holds(&self.instance.graph, &self.part_of, members, atom, changes)
    }
}
