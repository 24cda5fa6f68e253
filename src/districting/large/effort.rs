//! How much work a division may cost, counted in visits and so the same on every machine.

/// How much work a division may cost. Work is counted, not timed: the outcome depends on the input, the
/// seed and the effort alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Effort {
    /// A third of the middle effort or less: for drafts.
    Quick,
    /// Better cuts than common multilevel partitioners in less time.
    #[default]
    Normal,
    /// Several times the work for some percent of the cut.
    Thorough,
}

/// Limits that follow from the effort.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Visits of nodes on the finest level; each coarser level is given half.
    pub(crate) visits: usize,
    /// Fewest and most sweeps on a level.
    pub(crate) sweeps: (u32, u32),
    /// Times the division is coarsened and settled again.
    pub(crate) cycles: u32,
    /// Visits on one level that may go into further divisions beside the first; the best goes on.
    pub(crate) tries: usize,
    /// Visits beyond which no new attempt is made where none has fitted so far.
    pub(crate) rescue: usize,
}

impl Effort {
    pub(super) fn limits(self) -> Limits {
        let million = 1_000_000;
        match self {
            Self::Quick => Limits {
                visits: 12 * million,
                sweeps: (12, 100),
                cycles: 1,
                tries: million / 4,
                rescue: 4 * million,
            },
            Self::Normal => Limits {
                visits: 36 * million,
                sweeps: (24, 320),
                cycles: 1,
                tries: million,
                rescue: 40 * million,
            },
            Self::Thorough => Limits {
                visits: 300 * million,
                sweeps: (100, 1500),
                cycles: 2,
                tries: 20 * million,
                rescue: 100 * million,
            },
        }
    }
}
