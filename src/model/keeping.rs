//! How the grids in force were kept, and where they could not be kept strictly.

use super::ids::{AtomId, CommunityId};
use super::rules::Keep;

/// What became of the grids in force as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// What was asked for.
    pub mode: Keep,
    /// Communities divided with the fewest households moved.
    pub strict: u32,
    /// Households moved in those communities.
    pub moved: u64,
    /// No division of them into as many grids of the range moves fewer.
    pub bound: u64,
    /// Grids that those communities have more than before, the fewest that can hold their households.
    pub added: u32,
    /// Communities where that could not be done, in order; there the grids are kept by preference.
    pub fell_back: Vec<(CommunityId, FellBack)>,
}

impl Keeping {
    /// Whether no fewer households can move in the communities divided strictly, and those are all.
    pub fn proved(&self) -> bool {
        self.mode == Keep::Strict && self.fell_back.is_empty() && self.moved == self.bound
    }
}

/// Why the fewest households moved could not be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FellBack {
    /// No grid is in force in the community.
    NothingInForce,
    /// Inhabited atoms belong to no grid in force.
    AtomsWithout {
        /// How many.
        atoms: u32,
    },
    /// The community is in pieces and not all its grids are in range.
    InPieces {
        /// How many pieces.
        pieces: u32,
    },
    /// A grid in force holds atoms of another community too.
    AcrossLine {
        /// That grid, by position in [`Place::grids_in_force`](super::place::Place::grids_in_force).
        grid: u32,
    },
    /// A grid in force carries another community's code, which cannot live on here.
    ForeignCode {
        /// That grid.
        grid: u32,
    },
    /// One atom alone holds more than the maximum.
    AtomOverMax {
        /// That atom.
        atom: AtomId,
        /// Its households.
        households: u32,
    },
    /// The community's households are too few for as many grids as now.
    TooManyGrids {
        /// Its households.
        households: u64,
        /// Its grids in force.
        grids: u32,
    },
    /// No number of grids holds its households within the range.
    BetweenMultiples {
        /// Its households.
        households: u64,
    },
    /// It was proved that no connected division into so many grids holds the range.
    Impossible {
        /// How many grids.
        grids: u32,
    },
    /// None was found within the work allowed.
    NotFound {
        /// How many grids.
        grids: u32,
    },
    /// More atoms than the search takes.
    TooLarge {
        /// How many atoms.
        atoms: u32,
    },
}
