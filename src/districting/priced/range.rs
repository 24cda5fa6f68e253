//! The price of people: what the range and the mean allow at the margin.

/// The people a part may hold and what their number costs.
pub(super) struct Range {
    pub(super) low: i64,
    pub(super) high: i64,
    /// Factor and middle of the square.
    pub(super) size: (f64, f64),
}

impl Range {
    /// What a number of people costs, rounded down.
    pub(super) fn cost(&self, people: i64) -> i64 {
        (self.size.0 * (people as f64 - self.size.1).powi(2)) as i64
    }

    /// The least of cost less `lambda` a head over the range, and where it is; never above the truth.
    pub(super) fn conjugate(&self, lambda: i64) -> (f64, i64) {
        let (factor, mean) = self.size;
        let lambda = lambda as f64;
        let free = if factor > 0.0 { mean + lambda / (2.0 * factor) } else { lambda * f64::INFINITY };
        let free = if free.is_nan() { mean } else { free };
        let aim = free.clamp(self.low as f64, self.high as f64);
        let least = factor * (aim - mean).powi(2) - lambda * aim;
        (aim, (least - least.abs() * 1e-12 - 2.0).floor() as i64)
    }

    /// The price of people at which this number is the aim, if it is in the range.
    pub(super) fn slope(&self, people: i64) -> Option<i64> {
        let inside = (self.low..=self.high).contains(&people);
        inside.then_some((2.0 * self.size.0 * (people as f64 - self.size.1)) as i64)
    }

    /// A first step of prices: half of what the middle of the range and its end differ by.
    pub(super) fn stride(&self) -> i64 {
        let width = (self.high - self.low).max(1) as f64;
        ((self.size.0 * width) as i64).max(64)
    }
}
