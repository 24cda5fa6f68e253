//! The linear relaxation to its optimum, by a simplex method made for rows with alternatives.
//!
//! With sites open in part a row pays for its nearest ones until they add up to one, which is a
//! piecewise linear convex cost. A vertex has as many sites in part as rows whose nearest sites add
//! up to exactly one; all other sites and rows are trivial. A step lets one site or one such row
//! move and goes on over the bends of the cost while it falls (the bound flipping of Maros 2003, on
//! the primal side). Floating point only finds multipliers: what they prove is counted in whole
//! numbers elsewhere.

mod cuts;
mod flat;
mod kernel;
mod line;
mod price;
mod sift;
pub(super) mod tree;
mod vertex;

use kernel::Kernel;
use vertex::Vertex;

use super::rows::{Columns, Rows};
use super::tree::Meter;

/// Nowhere.
const NONE: u32 = u32::MAX;
/// The row that says how many sites are open.
const COUNT: u32 = u32::MAX - 1;
/// Rows are to be served to a little less than one, each by another little: vertices would
/// coincide otherwise, and steps have no length.
const LITTLE: f64 = 1e-5;
/// Steps after which the basis is made anew.
const FRESH: u32 = 100;

/// How a search for the optimum ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// At the optimum.
    Optimal,
    /// After so many steps or so much work.
    Stopped,
    /// The basis became singular.
    Broken,
}

/// Rows, prices of sites, and where the method stands.
pub(super) struct Simplex<'a> {
    rows: &'a Rows,
    columns: &'a Columns,
    /// Sites that count, helping ones come after them; and rows, after which cuts come.
    real: usize,
    plain: usize,
    /// Sites to open, or any number at their prices.
    count: Option<usize>,
    /// What a row's weight is multiplied with, for prices near one.
    unit: f64,
    /// What each site costs by itself.
    fee: Vec<f64>,
    /// The share of each row that is to be served.
    wanted: Vec<f64>,
    /// Whether a row's sites are all equally far.
    flat: Vec<bool>,
    /// How much of a flat row is served.
    served: Vec<f64>,
    /// Entries of each row that do not add up to what is wanted yet, or do exactly.
    level: Vec<u32>,
    /// The distance each row pays for; a tight one at least.
    pays: Vec<u32>,
    /// Place among the tight rows.
    place: Vec<u32>,
    tight: Vec<u32>,
    /// Place among sites open in part.
    slot: Vec<u32>,
    part: Vec<u32>,
    pub(super) x: Vec<f64>,
    /// Fees less what rows pay.
    base: Vec<f64>,
    kernel: Kernel,
    /// What tight rows pay beyond the least.
    more: Vec<f64>,
    price: Vec<f64>,
    line: line::Line,
    /// Where rows are flat.
    norms: vertex::Norms,
    age: u32,
    /// Distances looked at.
    pub(super) work: u64,
}

/// What moves in a step.
#[derive(Clone, Copy, Debug)]
enum Move {
    /// A site, up or down.
    Site(u32, f64),
    /// A tight row, by place, up or down.
    Row(u32, f64),
}

impl Move {
    /// An order that does not depend on costs.
    fn key(self) -> (bool, u32) {
        match self {
            Self::Site(j, _) => (false, j),
            Self::Row(t, _) => (true, t),
        }
    }
}

impl<'a> Simplex<'a> {
    /// The relaxation at a set of open sites; `fee` is what a site costs where any number may open.
    pub(super) fn new(
        rows: &'a Rows,
        columns: &'a Columns,
        count: Option<usize>,
        fee: f64,
        open: &[u32],
    ) -> Self {
        Self::over(rows, columns, count, &vec![fee; rows.sites], (rows.sites, rows.len()), open)
    }

    /// The same where only the first `real` sites count, and rows from `plain` on are to be served
    /// twice; `fee` is what each site costs.
    pub(super) fn over(
        rows: &'a Rows,
        columns: &'a Columns,
        count: Option<usize>,
        fee: &[f64],
        (real, plain): (usize, usize),
        open: &[u32],
    ) -> Self {
        let gain = |j: u32| -> f64 { columns.of(j).iter().map(|(i, d)| span(rows, *i, *d)).sum() };
        let largest = (0..real as u32).map(gain).chain(fee.iter().copied()).fold(1.0, f64::max);
        // Golden steps spread any run of numbers evenly.
        let times = |row: usize| if row < plain { 1.0 } else { 2.0 };
        let wanted = |row: usize| times(row) - LITTLE * (row as f64 * 0.618_033_988_749_895).fract();
        let flat = |row: usize| {
            let row = rows.row(row);
            row[0].distance == row[row.len() - 1].distance
        };
        let mut simplex = Self {
            rows,
            columns,
            real,
            plain,
            count,
            unit: 1.0 / largest,
            fee: fee.iter().map(|fee| fee / largest).collect(),
            wanted: (0..rows.len()).map(wanted).collect(),
            flat: (0..rows.len()).map(flat).collect(),
            served: vec![0.0; rows.len()],
            level: vec![0; rows.len()],
            pays: vec![0; rows.len()],
            place: vec![NONE; rows.len()],
            tight: Vec::new(),
            slot: vec![NONE; rows.sites],
            part: Vec::new(),
            x: vec![0.0; rows.sites],
            base: vec![0.0; rows.sites],
            kernel: Kernel::default(),
            more: Vec::new(),
            price: vec![0.0; rows.sites],
            line: line::Line::new(rows),
            norms: vertex::Norms::default(),
            age: 0,
            work: 0,
        };
        let counted = count.is_some();
        let vertex = Vertex {
            tight: if counted { vec![(COUNT, 0)] } else { Vec::new() },
            part: if counted { open[..1].to_vec() } else { Vec::new() },
            full: if counted { open[1..].to_vec() } else { open.to_vec() },
            without: None,
            norms: None,
        };
        simplex.restore(&vertex);
        simplex
    }

    /// The distance after so many entries: the alternative after all.
    fn distance(&self, row: usize, level: usize) -> u32 {
        self.rows.row(row).get(level).map_or(self.rows.cap[row], |e| e.distance)
    }

    /// The first entry as far as this one.
    fn first_of(&self, row: usize, level: usize) -> usize {
        let entries = self.rows.row(row);
        let mut first = level;
        while first > 0 && first < entries.len() && entries[first - 1].distance == entries[first].distance {
            first -= 1;
        }
        first
    }

    /// Changes what a row pays for.
    fn pay(&mut self, row: usize, distance: u32) {
        let before = std::mem::replace(&mut self.pays[row], distance);
        let weight = self.rows.weight[row] as f64 * self.unit;
        for e in self.rows.row(row) {
            if e.distance >= before && e.distance >= distance {
                break;
            }
            let change =
                i64::from(distance.saturating_sub(e.distance)) - i64::from(before.saturating_sub(e.distance));
            self.base[e.site as usize] -= weight * change as f64;
            self.work += 1;
        }
    }

    /// What a tight row may pay beyond the least.
    fn most(&self, row: usize) -> f64 {
        let level = self.level[row] as usize;
        f64::from(self.distance(row, level) - self.distance(row, level - 1))
            * self.rows.weight[row] as f64
            * self.unit
    }

    /// What a site costs by itself from now on, in units of the rows' costs.
    pub(super) fn charge(&mut self, site: u32, fee: f64) {
        let fee = fee * self.unit;
        self.base[site as usize] += fee - self.fee[site as usize];
        self.fee[site as usize] = fee;
    }

    /// More than any site can save.
    pub(super) fn large(&self) -> f64 {
        4.0 / self.unit
    }

    /// Steps until the optimum, or so many.
    pub(super) fn run(&mut self, steps: u32, meter: &mut Meter) -> Ended {
        let mut ended = Ended::Stopped;
        for _ in 0..steps {
            let before = self.work;
            if self.age >= FRESH.max(self.part.len() as u32 / 2) && !self.renew() {
                ended = Ended::Broken;
                break;
            }
            let done = match self.enter() {
                None => Some(Ended::Optimal),
                Some((entering, cost)) if !self.step(entering, cost) => Some(Ended::Broken),
                Some(_) => None,
            };
            self.age += 1;
            meter.done += self.work - before;
            if let Some(done) = done {
                ended = done;
                break;
            }
            if meter.spent() {
                break;
            }
        }
        self.prices();
        ended
    }

    /// How often a row is to be served.
    fn times(&self, row: usize) -> i64 {
        if row < self.plain { 1 } else { 2 }
    }

    /// What each row pays, in whole units of `scale`.
    pub(super) fn multipliers(&self, scale: i64) -> Vec<i64> {
        let of = |row: usize| {
            let unit = self.rows.weight[row] * scale;
            let least = unit * i64::from(self.pays[row]);
            match self.place[row] {
                NONE => least,
                t => {
                    let more = self.more[t as usize] / self.unit * scale as f64;
                    let next = i64::from(self.distance(row, self.level[row] as usize));
                    least + (more.round() as i64).clamp(0, unit * next - least)
                }
            }
        };
        (0..self.rows.len()).map(of).collect()
    }
}

/// What a row saves at a distance.
fn span(rows: &Rows, row: u32, distance: u32) -> f64 {
    rows.weight[row as usize] as f64 * f64::from(rows.cap[row as usize] - distance)
}
