//! What is asked: demand, sites, and what lies between them.

use super::answer::Unsolvable;

/// Whether a site may, must or must not be open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum State {
    /// May be opened.
    #[default]
    Free,
    /// Stands already and stays open; does not count against the number of new sites.
    Open,
    /// Must not be opened.
    Forbidden,
}

/// One place where a centre stands or could stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Site {
    /// Whether it may be opened.
    pub state: State,
    /// The load it takes, in the unit of [`Instance::loads`]; only the capacitated problem asks.
    pub capacity: u64,
}

/// How straight distances become whole numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Down: a bound on rounded distances is then one on real distances too.
    Floor,
    /// To the nearest, halves up.
    Nearest,
}

/// Demand and sites in the plane, with straight distances.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    /// One position per demand row.
    pub demand: Vec<(f64, f64)>,
    /// One position per site.
    pub sites: Vec<(f64, f64)>,
    /// Distances are multiplied by this before rounding.
    pub scale: f64,
    /// How they are rounded.
    pub rounding: Rounding,
}

impl Points {
    /// The whole distance between two positions. Saturates at `u32::MAX`.
    pub fn distance(&self, a: (f64, f64), b: (f64, f64)) -> u32 {
        let (dx, dy) = (a.0 - b.0, a.1 - b.1);
        let length = (dx * dx + dy * dy).sqrt() * self.scale;
        match self.rounding {
            Rounding::Floor => length as u32,
            Rounding::Nearest => (length + 0.5) as u32,
        }
    }
}

/// Distances that are known, row by row: a pair that is missing cannot be walked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    start: Vec<usize>,
    entries: Vec<Entry>,
}

/// A site at a distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Entry {
    /// Whole distance, in any unit.
    pub distance: u32,
    /// Dense number of the site.
    pub site: u32,
}

impl Table {
    /// A table without rows.
    pub fn new() -> Self {
        Self { start: vec![0], entries: Vec::new() }
    }

    /// Adds the next demand row, its sites in any order; of a site given twice the nearer counts.
    pub fn push(&mut self, row: impl IntoIterator<Item = Entry>) {
        let from = self.entries.len();
        self.entries.extend(row);
        let own = &mut self.entries[from..];
        own.sort_unstable_by_key(|entry| (entry.site, entry.distance));
        if own.windows(2).any(|pair| pair[0].site == pair[1].site) {
            let mut own = self.entries.split_off(from);
            own.dedup_by_key(|entry| entry.site);
            self.entries.append(&mut own);
        }
        self.entries[from..].sort_unstable();
        self.start.push(self.entries.len());
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.start.len() - 1
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One row, nearest site first.
    pub fn row(&self, row: usize) -> &[Entry] {
        &self.entries[self.start[row]..self.start[row + 1]]
    }

    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// Where distances come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Costs {
    /// A sparse table, one row per demand row.
    Table(Table),
    /// Positions in the plane; lists are made where they are needed.
    Points(Points),
}

/// Demand, sites and distances.
#[derive(Clone, Debug, PartialEq)]
pub struct Instance {
    /// What a unit of distance costs each demand row, for instance its people.
    pub weights: Vec<u64>,
    /// What each row takes of a site's capacity; empty where capacities do not matter.
    pub loads: Vec<u64>,
    /// The sites, by dense number.
    pub sites: Vec<Site>,
    /// How far it is.
    pub costs: Costs,
}

/// What is wanted. Numbers of sites count new ones; a row is covered at a distance of at most the
/// radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Little weight times distance (Hakimi 1964).
    PMedian {
        /// Sites to open.
        p: u32,
    },
    /// A short longest distance.
    PCenter {
        /// Sites to open.
        p: u32,
    },
    /// Much weight covered (Church and ReVelle 1974).
    Mclp {
        /// Sites to open.
        p: u32,
        /// Reach.
        radius: u32,
    },
    /// Few sites that cover every row (Toregas et al. 1971).
    Lscp {
        /// Reach.
        radius: u32,
    },
    /// Few sites that cover so much weight.
    Psclp {
        /// Reach.
        radius: u32,
        /// Weight to cover.
        target: u64,
    },
    /// Little weight times distance, each row served whole by one site within its capacity.
    Cpmp {
        /// Sites to open.
        p: u32,
    },
}

impl Instance {
    /// Demand at positions, every site free.
    pub fn at_points(weights: Vec<u64>, points: Points) -> Self {
        let sites = vec![Site::default(); points.sites.len()];
        Self { weights, loads: Vec::new(), sites, costs: Costs::Points(points) }
    }

    /// Demand with a table, every one of `sites` sites free.
    pub fn with_table(weights: Vec<u64>, sites: usize, table: Table) -> Self {
        let sites = vec![Site::default(); sites];
        Self { weights, loads: Vec::new(), sites, costs: Costs::Table(table) }
    }

    /// What is wrong before anything is searched. O(size).
    pub(super) fn check(&self) -> Result<(), Unsolvable> {
        let same = |what, found: usize, expected: usize| {
            if found == expected { Ok(()) } else { Err(Unsolvable::Lengths { what, found, expected }) }
        };
        match &self.costs {
            Costs::Table(table) => {
                same("rows of the table", table.len(), self.weights.len())?;
                let sites = table.entries.iter().map(|e| e.site as usize + 1).max().unwrap_or(0);
                if sites > self.sites.len() {
                    return same("sites", self.sites.len(), sites);
                }
            }
            Costs::Points(points) => {
                same("positions of demand", points.demand.len(), self.weights.len())?;
                same("positions of sites", points.sites.len(), self.sites.len())?;
                let finite = |(x, y): &(f64, f64)| x.is_finite() && y.is_finite();
                let sound = points.scale.is_finite() && points.scale > 0.0;
                if !sound || !points.demand.iter().chain(&points.sites).all(finite) {
                    return Err(Unsolvable::NotFinite);
                }
            }
        }
        if !self.loads.is_empty() {
            same("loads", self.loads.len(), self.weights.len())?;
        }
        if self.weights.iter().all(|w| *w == 0) { Err(Unsolvable::NoDemand) } else { Ok(()) }
    }

    /// The sites in a state, ascending.
    pub(super) fn in_state(&self, state: State) -> Vec<u32> {
        (0u32..).zip(&self.sites).filter(|(_, s)| s.state == state).map(|(j, _)| j).collect()
    }
}
