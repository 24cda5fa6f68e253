//! The candidates of a division: classes of parts, each with its own price list.

/// What a part may be: a member of one of `classes`, whose cost is a sum over its atoms.
///
/// For parts served from a centre there is a class for every atom, with that atom as its root; for
/// the fewest people moved there is a class for every grid in force. A division takes `chosen`
/// different classes and one part of each.
pub struct Classes {
    /// Atoms.
    pub atoms: usize,
    /// Parts of a division.
    pub chosen: usize,
    /// The atom that every part of the class holds, if any.
    pub roots: Vec<Option<u32>>,
    /// Cost of an atom in a part of the class: classes × atoms.
    pub costs: Vec<i64>,
}

impl Classes {
    /// The number of classes.
    pub fn len(&self) -> usize {
        self.roots.len()
    }

    /// The costs of the atoms in a part of the class.
    pub fn row(&self, class: usize) -> &[i64] {
        &self.costs[class * self.atoms..(class + 1) * self.atoms]
    }
}
