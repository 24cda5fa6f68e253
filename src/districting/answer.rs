//! What is asked of a division and what comes back.

use super::instance::Instance;

/// How much to try, in counted work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// About a millisecond for a community.
    Fast,
    /// About twenty.
    Normal,
    /// Search, then proof, within so many nodes; a million take about a second.
    Prove {
        /// Nodes.
        work: u64,
    },
}

/// What is known about a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing costs less.
    Optimal,
    /// Nothing costs less than the bound.
    Gap,
}

/// A division within the range, with what is known about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The part of each atom.
    pub part_of: Vec<u32>,
    /// What it costs: people times squared units, people times 1/1024 unit, edge prices, or people.
    pub value: i64,
    /// No division costs less.
    pub bound: i64,
}

impl Division {
    pub(crate) fn found(part_of: Vec<u32>, value: i64) -> Self {
        Self { part_of, value, bound: 0 }
    }

    pub(crate) fn improved(self, better: Option<(i64, Vec<u32>)>, bound: i64) -> Self {
        let (value, part_of) = better.unwrap_or((self.value, self.part_of));
        Self { part_of, value, bound: bound.max(self.bound).min(value) }
    }

    /// Optimal if value and bound meet.
    pub fn status(&self) -> Status {
        if self.value == self.bound { Status::Optimal } else { Status::Gap }
    }

    /// How much of the value the bound leaves open, as a share.
    pub fn gap(&self) -> f64 {
        if self.value == self.bound { 0.0 } else { (self.value - self.bound) as f64 / self.value as f64 }
    }
}

/// Why there is no division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolvable {
    /// There are fewer atoms than parts.
    #[error("{atoms} atoms cannot make {parts} parts")]
    FewAtoms {
        /// Atoms.
        atoms: usize,
        /// Parts wanted.
        parts: u32,
    },
    /// The territory is not connected.
    #[error("the territory is in {pieces} pieces: divide each on its own")]
    Pieces {
        /// Connected pieces.
        pieces: usize,
    },
    /// One atom alone is over the range.
    #[error("atom {atom} alone holds {people} people, more than a part may: raise the upper limit to that")]
    HeavyAtom {
        /// The first such atom.
        atom: u32,
        /// Its people.
        people: i64,
    },
    /// All people together are too many for the parts.
    #[error("{people} people do not fit: {parts} parts hold {most} at most; make more parts")]
    TooMany {
        /// People of the territory.
        people: i64,
        /// Parts wanted.
        parts: u32,
        /// What they can hold.
        most: i64,
    },
    /// All people together are too few for the parts.
    #[error("{people} people are too few: {parts} parts need {least} at least; make fewer parts")]
    TooFew {
        /// People of the territory.
        people: i64,
        /// Parts wanted.
        parts: u32,
        /// What they need.
        least: i64,
    },
    /// Sums would not fit into 64 bits.
    #[error("people times squared distances are too large: give positions in a coarser unit")]
    TooWide,
    /// Beyond what this search keeps in memory.
    #[error("{atoms} atoms in {parts} parts are too many for this search")]
    TooLarge {
        /// Atoms.
        atoms: usize,
        /// Parts wanted.
        parts: u32,
    },
    /// It was proved that no connected division holds the range.
    #[error("no connected division holds the range")]
    Infeasible,
    /// None was found; there may be one.
    #[error("no division within the range was found: try more effort or a wider range")]
    NotFound,
}

/// What makes a division impossible at first sight. O(n + m).
pub(crate) fn check(instance: &Instance) -> Result<(), Unsolvable> {
    let (atoms, parts) = (instance.len(), instance.parts);
    if parts == 0 || atoms < parts as usize {
        return Err(Unsolvable::FewAtoms { atoms, parts });
    }
    if let Some((atom, &people)) = (0u32..).zip(&instance.people).find(|(_, people)| **people > instance.high)
    {
        return Err(Unsolvable::HeavyAtom { atom, people });
    }
    let people: i64 = instance.people.iter().sum();
    let most = instance.high.saturating_mul(i64::from(parts));
    if people > most {
        return Err(Unsolvable::TooMany { people, parts, most });
    }
    let least = instance.low.saturating_mul(i64::from(parts));
    if people < least {
        return Err(Unsolvable::TooFew { people, parts, least });
    }
    let pieces = instance.pieces();
    if pieces > 1 { Err(Unsolvable::Pieces { pieces }) } else { Ok(()) }
}
