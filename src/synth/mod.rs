//! A plausible small town from a number of people and a seed.
//!
//! Real ledgers with addresses may not be published, and small drawn examples do not show what a planner meets:
//! walls, a river with few bridges, a community on both banks, centres in the wrong place. So a town is grown: a
//! warped lattice of main streets (`ground`), cut by lanes into blocks (`cuts`), each given a use (`uses`) and
//! buildings (`layout`, `hamlets`); households are shared out to the last one (`settle`); blocks are grouped into
//! communities (`areas`) and old grids (`grids`), and centres are set among them (`centres`). Streets, gates and
//! paths are joined into one network to walk on (`network`).
//!
//! Same people and seed, same bytes, on any machine: only IEEE basic operations decide anything. The cost
//! is about linear in the number of people. The place, its names and its people are invented; nothing about
//! any real town should be concluded from it.

mod areas;
mod blocks;
mod centres;
mod chance;
mod cuts;
mod files;
mod grids;
mod ground;
mod grow;
mod hamlets;
mod layout;
mod lines;
mod mesh;
mod names;
mod network;
mod outline;
mod parts;
mod settle;
mod shape;
mod size;
mod text;
mod uses;

pub use blocks::{Block, Use};
pub use centres::{Candidate, Centre};
pub use lines::{Barrier, Opening, Street};
pub use mesh::Way;
pub use outline::Rings;
pub use settle::Residents;
pub use shape::{Spot, area, centroid, inside};

use crate::run::Seed;

/// The smallest and the largest town that can be asked for.
pub const PEOPLE: std::ops::RangeInclusive<u32> = 1_000..=2_000_000;

/// What town is wanted.
#[derive(Clone, Debug)]
pub struct TownSpec {
    /// How many people live there, exactly.
    pub people: u32,
    /// Where chance comes from.
    pub seed: Seed,
    /// What the place is called; the name of the subdistrict or, from two subdistricts on, of the district.
    pub name: String,
}

impl TownSpec {
    /// A town with an invented name.
    pub fn new(people: u32, seed: Seed) -> Self {
        let name =
            if size::Size::of(people.min(*PEOPLE.end())).towns > 1 { "清禾区" } else { "清禾街道" };
        Self { people, seed, name: name.to_owned() }
    }
}

/// Why there is no town.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SynthError {
    /// The number of people is out of range.
    #[error("cannot lay out a town of {people} people; ask for {least} to {most}")]
    People {
        /// What was asked for.
        people: u32,
        /// The smallest town.
        least: u32,
        /// The largest town.
        most: u32,
    },
    /// The ground happened to leave no land for homes.
    #[error("seed {seed} leaves no room for homes in so small a town; try another seed or more people")]
    NoRoom {
        /// The seed.
        seed: u64,
    },
}

/// A community or a village.
#[derive(Clone, Debug)]
pub struct Community {
    /// Twelve digits: county, subdistrict, community.
    pub code: String,
    /// Its name, with 社区 or 村.
    pub name: String,
    /// Whether residents (居委会) or villagers (村委会) run it.
    pub urban: bool,
    /// The number of its subdistrict, from 0.
    pub town: usize,
    /// The name of its subdistrict.
    pub town_name: String,
    /// Its ground, in metres; nearly always one polygon.
    pub polygons: Vec<Rings>,
    /// The blocks it is made of.
    pub blocks: Vec<usize>,
    /// The sums over its buildings.
    pub residents: Residents,
    /// What its own ledger says: the same, but for one or two communities.
    pub ledger: Residents,
}

/// A building, or a row of village houses: the smallest piece that is never split.
#[derive(Clone, Debug)]
pub struct Building {
    /// Its code, `B` and a number.
    pub code: String,
    /// Its name: compound and number.
    pub name: String,
    /// What it is: `slab`, `tower`, `midrise`, `old_street`, `hamlet`, or the use of its site.
    pub kind: &'static str,
    /// The use of its block.
    pub used: Use,
    /// The position of its block.
    pub block: usize,
    /// The position of its community.
    pub community: usize,
    /// The compound, site or hamlet it belongs to, if any.
    pub compound: Option<String>,
    /// Its footprint, counter-clockwise, in metres.
    pub ring: Vec<Spot>,
    /// The middle of the footprint.
    pub at: Spot,
    /// Storeys.
    pub storeys: u32,
    /// Who lives there.
    pub residents: Residents,
    /// The grid it belongs to in the plan in force: fifteen digits.
    pub grid: String,
}

/// A town laid out in metres around its middle, east and north positive.
#[derive(Clone, Debug)]
pub struct Town {
    /// What was asked for.
    pub spec: TownSpec,
    /// Communities in the order of their codes.
    pub communities: Vec<Community>,
    /// Buildings, by community, then by block.
    pub buildings: Vec<Building>,
    /// Blocks between streets, fields included.
    pub blocks: Vec<Block>,
    /// Names of compounds, sites and hamlets by block.
    pub block_names: std::collections::BTreeMap<usize, String>,
    /// Streets.
    pub streets: Vec<Street>,
    /// The river's water, as one ring.
    pub water: Vec<Spot>,
    /// River, railway, then walls.
    pub barriers: Vec<Barrier>,
    /// Bridges, crossings and gates.
    pub openings: Vec<Opening>,
    /// Existing centres.
    pub centres: Vec<Centre>,
    /// Places for further centres.
    pub candidates: Vec<Candidate>,
}

/// Lays out a town.
///
/// # Errors
/// [`SynthError::People`] outside [`PEOPLE`]; [`SynthError::NoRoom`] if a very small town has no land for homes.
pub fn town(spec: &TownSpec) -> Result<Town, SynthError> {
    if !PEOPLE.contains(&spec.people) {
        return Err(SynthError::People { people: spec.people, least: *PEOPLE.start(), most: *PEOPLE.end() });
    }
    grow::grown(spec)
}

impl Town {
    /// Every file of the place, as relative path and bytes, in a fixed order.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        files::files(self)
    }
}

#[cfg(test)]
mod tests;
