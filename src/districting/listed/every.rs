//! Every connected part of the range, each once.
//!
//! Sets grow from their lowest atom; what was once passed over stays out, so that no set comes twice
//! (Wernicke 2006). A part is listed if what it leaves behind could still be divided.

use crate::districting::instance::Instance;

/// Who may be in the set being grown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Open,
    In,
    Out,
}

/// The search over connected sets.
pub(super) struct Every<'a> {
    instance: &'a Instance,
    /// Most people of a part with an atom above the range, and of one that may still get such an atom.
    most: i64,
    before: i64,
    fate: Vec<Fate>,
    chosen: Vec<u32>,
    people: i64,
    heavy: u32,
    looked_at: usize,
    mark: Vec<u32>,
    round: u32,
    stack: Vec<u32>,
}

impl<'a> Every<'a> {
    pub(super) fn of(instance: &'a Instance, most: i64) -> Self {
        let heavies = instance.people.iter().filter(|&&p| p > instance.high);
        let lightest = heavies.min().copied();
        let most = most.max(instance.high);
        Self {
            instance,
            most,
            before: lightest.map_or(instance.high, |lightest| (most - lightest).max(instance.high)),
            fate: vec![Fate::Open; instance.len()],
            chosen: Vec::new(),
            people: 0,
            heavy: 0,
            looked_at: 0,
            mark: vec![0; instance.len()],
            round: 0,
            stack: Vec::new(),
        }
    }

    /// Tells of every part; false if more than `most` sets had to be looked at.
    pub(super) fn list(mut self, most: usize, tell: &mut impl FnMut(&[u32])) -> bool {
        self.looked_at = most;
        for root in 0..self.instance.len() as u32 {
            // Lower atoms have been roots: every set with one of them has been told.
            let whole = self.take(root, &[], tell);
            self.fate[root as usize] = Fate::Out;
            if !whole {
                return false;
            }
        }
        true
    }

    /// Grows the set by `atom`, then by each of what it now touches.
    fn take(&mut self, atom: u32, rim: &[u32], tell: &mut impl FnMut(&[u32])) -> bool {
        if self.looked_at == 0 {
            return false;
        }
        self.looked_at -= 1;
        let own = self.instance.people[atom as usize];
        let is_heavy = u32::from(own > self.instance.high);
        if self.people + own > if self.heavy + is_heavy > 0 { self.most } else { self.before } {
            return true;
        }
        self.people += own;
        self.heavy += is_heavy;
        self.chosen.push(atom);
        self.fate[atom as usize] = Fate::In;
        if self.is_part() {
            tell(&self.chosen);
        }
        let mut rim = rim.to_vec();
        for &next in self.instance.graph.neighbours(atom) {
            if self.fate[next as usize] == Fate::Open && !rim.contains(&next) {
                rim.push(next);
            }
        }
        let mut whole = true;
        let mut passed = 0;
        for at in 0..rim.len() {
            // The others of the rim stay candidates below; those before were passed over.
            whole = self.take(rim[at], &rim[at + 1..], tell);
            self.fate[rim[at] as usize] = Fate::Out;
            passed = at + 1;
            if !whole {
                break;
            }
        }
        rim[..passed].iter().for_each(|&a| self.fate[a as usize] = Fate::Open);
        self.fate[atom as usize] = Fate::Open;
        self.chosen.pop();
        self.people -= own;
        self.heavy -= is_heavy;
        whole
    }

    fn is_part(&mut self) -> bool {
        let high = if self.heavy > 0 { self.most } else { self.instance.high };
        (self.instance.low..=high).contains(&self.people) && self.rest_divides()
    }

    /// Whether the people of each piece left behind fit into some number of parts, and the numbers
    /// into that of the parts left. O(n + m).
    fn rest_divides(&mut self) -> bool {
        self.round += 1;
        let (mut fewest, mut most) = (0, 0);
        for start in 0..self.instance.len() as u32 {
            if self.mark[start as usize] == self.round || self.fate[start as usize] == Fate::In {
                continue;
            }
            let mut people = 0;
            self.mark[start as usize] = self.round;
            self.stack.push(start);
            while let Some(atom) = self.stack.pop() {
                people += self.instance.people[atom as usize];
                for &next in self.instance.graph.neighbours(atom) {
                    if self.mark[next as usize] != self.round && self.fate[next as usize] != Fate::In {
                        self.mark[next as usize] = self.round;
                        self.stack.push(next);
                    }
                }
            }
            let few = ((people + self.most - 1) / self.most.max(1)).max(1);
            let many = if self.instance.low > 0 { people / self.instance.low } else { i64::MAX >> 8 };
            if few > many {
                return false;
            }
            fewest += few;
            most += many;
        }
        (fewest..=most).contains(&(i64::from(self.instance.parts) - 1))
    }
}
