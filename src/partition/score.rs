//! What makes one division better than another, grid by grid, in whole numbers.

use super::task::Task;
use crate::model::rules::Rules;

/// What one grid out of range weighs beside the households it is out by.
const OUT_OF_RANGE: i64 = 50;

/// Parts of one unit of the weighted principles. Each centimetre of line and each household strayed
/// has a whole price in them, so that the same division has the same score however it is summed.
pub(super) const FINE: i64 = 1024;

/// Grids of more atoms than this have one so near the centroid that it need not be looked for.
const FEW_ATOMS: usize = 100;

/// Nor is it looked for in communities so large that looking would take most of the time.
const ATOMS_MAX: usize = 500;

/// Lower is better. Also the difference of two scores.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Score {
    /// Households outside the range, and a charge for each grid outside.
    pub(super) out: i64,
    /// Pieces beyond one a grid.
    pub(super) pieces: i64,
    /// The principles, weighted, in 1/[`FINE`].
    pub(super) soft: i64,
}

impl Score {
    pub(super) fn plus(self, other: Self) -> Self {
        Self { out: self.out + other.out, pieces: self.pieces + other.pieces, soft: self.soft + other.soft }
    }

    pub(super) fn minus(self, other: Self) -> Self {
        Self { out: self.out - other.out, pieces: self.pieces - other.pieces, soft: self.soft - other.soft }
    }
}

/// Sums over the atoms of one grid.
#[derive(Clone, Copy, Default)]
pub(super) struct Sums {
    pub(super) households: i64,
    pub(super) people: i64,
    pub(super) px: i64,
    pub(super) py: i64,
    prr: i64,
    pub(super) pieces: i64,
}

impl Sums {
    pub(super) fn with(mut self, task: &Task, atom: u32, sign: i64) -> Self {
        let i = atom as usize;
        let ((x, y), people) = (task.coarse[i], sign * task.population[i]);
        self.households += sign * task.households[i];
        self.people += people;
        self.px += people * x;
        self.py += people * y;
        self.prr += people * (x * x + y * y);
        self
    }

    /// The people's centroid.
    pub(super) fn centroid(&self) -> (f64, f64) {
        (self.px as f64 / self.people as f64, self.py as f64 / self.people as f64)
    }

    /// Squared distance from the centroid to the nearest of `atoms`, 0 if there is none. The moment
    /// around an atom is that around the centroid and people times this more (Huygens and Steiner), so
    /// the nearest atom is the best.
    pub(super) fn aside(&self, task: &Task, atoms: impl Iterator<Item = u32>) -> f64 {
        if self.people <= 0 {
            return 0.0;
        }
        let (cx, cy) = self.centroid();
        let square = |atom: u32| {
            let (x, y) = task.coarse[atom as usize];
            (x as f64 - cx).powi(2) + (y as f64 - cy).powi(2)
        };
        let least = atoms.map(square).fold(f64::INFINITY, f64::min);
        if least.is_finite() { least } else { 0.0 }
    }

    /// Moment around that centroid.
    pub(super) fn moment(&self) -> f64 {
        if self.people <= 0 {
            return 0.0;
        }
        let (px, py) = (self.px as f64, self.py as f64);
        self.prr as f64 - (px * px + py * py) / self.people as f64
    }
}

/// What turns raw measures into comparable parts, about one million for a poor plan.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    low: i64,
    high: i64,
    mean: f64,
    size: f64,
    near: f64,
    cut: i64,
    kept: i64,
    /// Whether the duty point is looked for among the atoms.
    pub(super) exact: bool,
}

impl Scale {
    /// By the weights of the four principles.
    pub(super) fn of(task: &Task, grids: usize, rules: &Rules) -> Self {
        let k = grids as f64;
        let households: i64 = task.households.iter().sum();
        let people: i64 = task.population.iter().sum();
        let mean = households as f64 / k;
        let area = (task.area_m2 as f64).max(1.0);
        let weights = &rules.weights;
        let per = |weight: u32, poor: f64| f64::from(weight) * 1e6 / poor.max(1e-9);
        let whole = |price: f64| (price * FINE as f64).round() as i64;
        Self {
            low: i64::from(rules.grids.households_min),
            high: i64::from(rules.grids.households_max),
            mean,
            // A coefficient of variation of one half.
            size: per(weights.right_size, 0.25 * k * mean.max(1.0).powi(2)),
            // Twice the moment of discs that share the area.
            near: task.coarse_square
                * per(
                    weights.near_and_convenient,
                    people.max(1) as f64 * area * 1e4 / k / std::f64::consts::PI,
                ),
            // The inner lines of a chessboard.
            cut: whole(per(weights.good_for_governing, 2.0 * (area * k).sqrt() * 100.0)),
            kept: whole(per(weights.respect_tradition, households.max(1) as f64)),
            exact: task.len() <= (FEW_ATOMS * grids).min(ATOMS_MAX),
        }
    }

    /// What a moment of inertia weighs, in whole units.
    pub(super) fn nearness(&self, moment: f64) -> f64 {
        moment * self.near
    }

    /// What the size of a grid weighs: the factor of the square, and its middle.
    pub(super) fn size(&self) -> (f64, f64) {
        (self.size, self.mean)
    }

    /// What one grid adds to the score, its duty point standing `aside` squared from the centroid.
    pub(super) fn judge(&self, sums: &Sums, aside: f64) -> Score {
        let off = (self.low - sums.households).max(sums.households - self.high).max(0);
        let spread = sums.households as f64 - self.mean;
        Score {
            out: if off > 0 { off + OUT_OF_RANGE } else { 0 },
            pieces: (sums.pieces - 1).max(0),
            soft: FINE.saturating_mul(
                (spread * spread * self.size) as i64
                    + ((sums.moment() + sums.people as f64 * aside) * self.near) as i64,
            ),
        }
    }

    pub(super) fn lines(&self, cut_cm: i64) -> i64 {
        cut_cm.saturating_mul(self.cut)
    }

    pub(super) fn strayed(&self, households: i64) -> i64 {
        households.saturating_mul(self.kept)
    }
}
