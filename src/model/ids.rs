//! Dense identifiers: positions in the sorted tables of a [`Place`](super::place::Place) or a plan.
//!
//! They follow the order of codes, never the order of rows in a file, so that shuffled input
//! gives the same ids.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The position as an index.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id of position `index`.
            ///
            /// # Panics
            /// Beyond 4,294,967,295 items, which no validated place reaches.
            pub fn at(index: usize) -> Self {
                Self(u32::try_from(index).expect("validated tables hold fewer than 2^32 items"))
            }
        }
    };
}

id!(
    /// A community or administrative village (社区/村).
    CommunityId
);
id!(
    /// An atom: the smallest piece never split.
    AtomId
);
id!(
    /// A governance grid (网格).
    GridId
);
id!(
    /// A residential compound, villagers' group or other set of atoms that should stay together.
    CompoundId
);
id!(
    /// An existing party-and-masses service centre.
    CentreId
);
id!(
    /// A place where a centre could be built, converted or extended.
    CandidateId
);
