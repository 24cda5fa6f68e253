//! What comes back from a search for sites.

/// How much to try, in counted work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// A first good answer and a first bound.
    Fast,
    /// A polished answer and bound; small instances are usually proved.
    Normal,
    /// Search and proof within so much work; a unit is one distance looked at, a few nanoseconds.
    Prove {
        /// Distances looked at.
        work: u64,
    },
}

impl Effort {
    /// The limit in distances looked at.
    pub(super) fn work(self) -> u64 {
        match self {
            Self::Fast => 20_000_000,
            Self::Normal => 400_000_000,
            Self::Prove { work } => work,
        }
    }
}

/// What is known about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing is better.
    Optimal,
    /// Nothing is better than the bound.
    Gap,
}

/// Chosen sites, with what is known about them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Siting {
    /// The open sites in ascending order, those that stood before among them.
    pub chosen: Vec<u32>,
    /// For each demand row the site that serves it; `None` where nothing in reach is open.
    pub assignment: Vec<Option<u32>>,
    /// What the objective comes to: weight times distance, the longest distance, weight covered,
    /// or new sites, as the problem has it.
    pub value: i64,
    /// No answer is better than this: below `value` where little is wanted, above it where much is.
    pub bound: i64,
}

impl Siting {
    /// Optimal if value and bound meet.
    pub fn status(&self) -> Status {
        if self.value == self.bound { Status::Optimal } else { Status::Gap }
    }

    /// How far value and bound are apart, as a share of the value.
    pub fn gap(&self) -> f64 {
        if self.value == self.bound {
            return 0.0;
        }
        (self.value - self.bound).unsigned_abs() as f64 / self.value.max(1) as f64
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsolvable {
    /// There is nothing to serve.
    #[error("no demand row has any weight")]
    NoDemand,
    /// Lists of one instance differ in length.
    #[error("{what}: {found} given, {expected} expected")]
    Lengths {
        /// The list that does not fit.
        what: &'static str,
        /// Its length.
        found: usize,
        /// What it should be.
        expected: usize,
    },
    /// A coordinate is not a finite number, or the scale is not positive.
    #[error("coordinates must be finite numbers and the scale positive")]
    NotFinite,
    /// More sites are wanted than there are.
    #[error("{wanted} new sites are wanted, but only {free} may be opened")]
    FewSites {
        /// Sites to open.
        wanted: u32,
        /// Sites that may be opened.
        free: usize,
    },
    /// Nothing is to be opened and nothing stands.
    #[error("no site stands and none is to be opened")]
    NoSites,
    /// Some rows can be reached from no site at all, or from none within the radius.
    #[error(
        "{} demand rows cannot be reached, the first is row {}{}",
        rows.len(), rows.first().copied().unwrap_or_default(),
        radius.map(|r| format!("; a radius of {r} would do")).unwrap_or_default()
    )]
    Unreachable {
        /// The rows, ascending.
        rows: Vec<u32>,
        /// The smallest radius that reaches every row, if there is one.
        radius: Option<u32>,
    },
    /// More sites are needed to reach every row, for instance because the network is in pieces.
    #[error("{wanted} new sites cannot reach every row: it takes at least {needed}")]
    NeedMore {
        /// Sites to open.
        wanted: u32,
        /// What is needed at least.
        needed: u32,
    },
    /// The share of the demand asked for cannot be covered.
    #[error("at most {most} of the demand can be covered, {target} is asked for")]
    TooMuchAsked {
        /// All that sites may cover.
        most: u64,
        /// The target.
        target: u64,
    },
    /// All loads together are more than the sites can take.
    #[error("a load of {load} does not fit: the {sites} largest sites take {most}")]
    Overloaded {
        /// All loads.
        load: u64,
        /// Sites that may be open.
        sites: u32,
        /// What the largest of them take together.
        most: u64,
    },
    /// One row alone is more than any site can take.
    #[error("row {row} alone has a load of {load}, more than any site takes")]
    HeavyRow {
        /// The first such row.
        row: u32,
        /// Its load.
        load: u64,
    },
    /// Sums would not fit into 64 bits.
    #[error("weights times distances are too large: give them in a coarser unit")]
    TooWide,
    /// None was found within the work; there may be one.
    #[error("no answer was found within the work: try more effort")]
    NotFound,
}
