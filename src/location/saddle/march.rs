//! Steps towards the saddle of a linear relaxation: shares of sites one way, what rows pay the other.
//!
//! The primal-dual method of Chambolle and Pock (2011), steps fitted to each row and site (Pock and
//! Chambolle 2011), reflected and drawn back to where it began by ever less (Lu and Yang 2024). A step
//! takes two looks at every entry, whatever the size of a basis would be. Floating point finds
//! multipliers only.

use super::Relaxation;

/// What both sides of a step weigh, one against the other: by trial.
const BALANCE: f64 = 2.0;
/// Steps from one beginning.
const LEG: u32 = 200;
/// Share of the gain of the last open site from which on a site is near to opening.
const NEAR: f64 = 0.9;
/// Shares are projected this often, or until they add up this closely.
const HALVINGS: u32 = 50;
const CLOSE: f64 = 1e-9;

/// Where the method stands.
pub(super) struct March {
    /// Sites, then helping ones; and rows, then cuts, in means of weights.
    pub(super) x: Vec<f64>,
    pub(super) pays: Vec<f64>,
    /// Before the last step was drawn back, and where the leg began.
    at: (Vec<f64>, Vec<f64>),
    from: (Vec<f64>, Vec<f64>),
    steps: u32,
    gain: Vec<f64>,
    /// What every site gains, near or far.
    pub(super) all: Vec<f64>,
    ahead: Vec<f64>,
    /// Sites of each row and of each cut, but for those far from opening.
    start: Vec<usize>,
    sites: Vec<u32>,
    cut_start: Vec<usize>,
    cut_sites: Vec<(u32, f32)>,
    /// How often a site is listed, and how many a row lists.
    columns: Vec<f64>,
    rows: Vec<f64>,
    /// How far a site moves for what it gains.
    lengths: Vec<f64>,
}

impl March {
    pub(super) fn new(x: Vec<f64>, pays: Vec<f64>) -> Self {
        Self {
            x,
            pays,
            at: (Vec::new(), Vec::new()),
            from: (Vec::new(), Vec::new()),
            steps: 0,
            gain: Vec::new(),
            all: Vec::new(),
            ahead: Vec::new(),
            start: Vec::new(),
            sites: Vec::new(),
            cut_start: Vec::new(),
            cut_sites: Vec::new(),
            columns: Vec::new(),
            rows: Vec::new(),
            lengths: Vec::new(),
        }
    }

    /// Gets ready for the relaxation as it is now; how many entries there are to look at.
    pub(super) fn begin(&mut self, over: &Relaxation<'_>) -> usize {
        let real = over.rows.sites;
        let all = real + over.helped.len();
        let near = self.near(real, over.count);
        self.x.resize(all, 0.0);
        self.pays.resize(over.rows.len() + over.cuts.len(), 0.0);
        self.gain.resize(all, 0.0);
        self.ahead.resize(all, 0.0);
        self.columns = vec![0.0; all];
        self.rows.clear();
        self.start = vec![0];
        self.sites.clear();
        for row in 0..over.rows.len() {
            let from = self.sites.len();
            let sites = over.rows.row(row).iter().map(|e| e.site).filter(|j| near[*j as usize]);
            self.sites.extend(sites.chain(over.helper[row].map(|k| real as u32 + k)));
            self.sites[from..].iter().for_each(|j| self.columns[*j as usize] += 1.0);
            self.start.push(self.sites.len());
            self.rows.push((self.sites.len() - from).max(1) as f64);
        }
        self.cut_start = vec![0];
        self.cut_sites.clear();
        for cut in &over.cuts {
            let from = self.cut_sites.len();
            let entries = cut.entries.iter().filter(|(j, _)| *j as usize >= real || near[*j as usize]);
            self.cut_sites.extend(entries.map(|(j, times)| (*j, *times as f32)));
            let mut sum = 0.0;
            for (site, times) in &self.cut_sites[from..] {
                self.columns[*site as usize] += f64::from(*times);
                sum += f64::from(*times);
            }
            self.cut_start.push(self.cut_sites.len());
            self.rows.push(sum);
        }
        for (j, columns) in self.columns.iter_mut().enumerate() {
            // What no row lists moves freely, what is far stays closed.
            *columns = if j < real && !near[j] { f64::INFINITY } else { columns.max(1.0) };
        }
        self.lengths = self.columns.iter().map(|columns| 1.0 / (BALANCE * columns)).collect();
        self.rest();
        self.sites.len() + self.cut_sites.len()
    }

    /// Sites that are open at all, or whose gain is near that of the last open one.
    fn near(&self, real: usize, count: usize) -> Vec<bool> {
        if self.all.len() < real || count == 0 || count > real {
            return vec![true; real];
        }
        let mut order = self.all.clone();
        let last = *order.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a)).1;
        (0..real).map(|j| self.x[j] > 0.0 || self.all[j] > last * NEAR).collect()
    }

    /// Begins anew here.
    fn rest(&mut self) {
        self.at = (self.x.clone(), self.pays.clone());
        self.from = self.at.clone();
        self.steps = 0;
    }

    /// One step of both sides.
    pub(super) fn step(&mut self, over: &Relaxation<'_>) {
        let (real, plain) = (over.rows.sites, over.rows.len());
        self.gain[..real].fill(0.0);
        self.gain[real..].copy_from_slice(&over.costs);
        let gain = &mut self.gain;
        for (row, pays) in self.at.1[..plain].iter().enumerate().filter(|(_, pays)| **pays > 0.0) {
            let sites = &self.sites[self.start[row]..self.start[row + 1]];
            sites.iter().for_each(|j| gain[*j as usize] += pays);
        }
        for (k, pays) in self.at.1[plain..].iter().enumerate().filter(|(_, pays)| **pays > 0.0) {
            let sites = &self.cut_sites[self.cut_start[k]..self.cut_start[k + 1]];
            sites.iter().for_each(|(site, times)| gain[*site as usize] += pays * f64::from(*times));
        }
        self.project(real, over.count as f64);
        for row in 0..plain {
            let mut missing = 1.0;
            let sites = &self.sites[self.start[row]..self.start[row + 1]];
            sites.iter().for_each(|j| missing -= self.ahead[*j as usize]);
            let most = if over.helper[row].is_some() { f64::INFINITY } else { over.weights[row] };
            self.pay(row, missing, most);
        }
        for (k, cut) in over.cuts.iter().enumerate() {
            let mut missing = cut.wanted as f64;
            let sites = &self.cut_sites[self.cut_start[k]..self.cut_start[k + 1]];
            sites.iter().for_each(|(site, times)| missing -= f64::from(*times) * self.ahead[*site as usize]);
            self.pay(plain + k, missing, f64::INFINITY);
        }
        self.steps += 1;
        if self.steps >= LEG {
            self.rest();
            return;
        }
        let back = 1.0 / f64::from(self.steps + 1);
        let draw = |at: &mut [f64], to: &[f64], from: &[f64]| {
            for ((at, to), from) in at.iter_mut().zip(to).zip(from) {
                *at = 2.0 * to - *at;
                *at += back * (from - *at);
            }
        };
        draw(&mut self.at.0, &self.x, &self.from.0);
        draw(&mut self.at.1, &self.pays, &self.from.1);
    }

    fn pay(&mut self, row: usize, missing: f64, most: f64) {
        let pays = self.at.1[row] + BALANCE * missing / self.rows[row];
        self.pays[row] = pays.clamp(0.0, most);
    }

    /// Moves shares along their gains, so that sites add up to the count, and looks ahead.
    fn project(&mut self, real: usize, count: f64) {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for j in 0..real {
            let length = self.lengths[j];
            let to = self.at.0[j] + length * self.gain[j];
            self.ahead[j] = to;
            if length > 0.0 {
                low = low.min((to - 1.0) / length);
                high = high.max(to / length);
            }
        }
        let mut price = 0.0;
        for _ in 0..HALVINGS {
            price = f64::midpoint(low, high);
            let all = self.ahead[..real].iter().zip(&self.lengths);
            let sum: f64 = all.map(|(to, length)| (to - length * price).clamp(0.0, 1.0)).sum();
            if (sum - count).abs() < CLOSE {
                break;
            }
            if sum > count { low = price } else { high = price }
        }
        for j in 0..self.x.len() {
            let (length, at) = (self.lengths[j], self.at.0[j]);
            let to = if j < real { self.ahead[j] - length * price } else { at + length * self.gain[j] };
            let to = to.clamp(0.0, 1.0);
            self.ahead[j] = 2.0 * to - at;
            self.x[j] = to;
        }
    }
}
