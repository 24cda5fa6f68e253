//! Dice and noise that fall alike on every machine.
//!
//! The standard mathematical functions differ in their last bits from platform to platform, so nothing here
//! (and nothing else in the generator) uses more than `+ - * /` and `sqrt`, which IEEE 754 fixes exactly.
//! Noise is value noise: hashed integers, joined by a cubic.

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use crate::run::{Seed, Stage};

/// A stream of chance with the few draws the generator needs.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of one item; items never share a stream.
    pub(super) fn new(seed: Seed, item: u64) -> Self {
        Self(seed.stream(Stage::Synth, item))
    }

    /// Any 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// A number in `0..1`, a multiple of 2^-53.
    pub(super) fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    /// A number in `low..high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// A whole number in `0..count`; 0 if there is nothing to choose from.
    pub(super) fn below(&mut self, count: usize) -> usize {
        ((u128::from(self.0.next_u64()) * count as u128) >> 64) as usize
    }

    /// True with probability `share`.
    pub(super) fn happens(&mut self, share: f64) -> bool {
        self.unit() < share
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

/// Smooth noise in `-1..1` over the plane; knots stand at whole numbers.
#[derive(Clone, Copy)]
pub(super) struct Noise(pub(super) u64);

impl Noise {
    /// The value at a point of the plane.
    pub(super) fn plane(self, x: f64, y: f64) -> f64 {
        let (column, row) = (x.floor(), y.floor());
        let (s, t) = (ease(x - column), ease(y - row));
        let at = |dx: f64, dy: f64| self.knot((column + dx) as i64, (row + dy) as i64);
        let low = at(0.0, 0.0) * (1.0 - s) + at(1.0, 0.0) * s;
        let high = at(0.0, 1.0) * (1.0 - s) + at(1.0, 1.0) * s;
        low * (1.0 - t) + high * t
    }

    /// A curve that swings to either side in turn, as a river does; knots at whole numbers.
    pub(super) fn swing(self, x: f64) -> f64 {
        let knot = |k: i64| {
            let side = if k.rem_euclid(2) == 0 { 1.0 } else { -1.0 };
            side * (0.55 + 0.45 * self.knot(k, 77))
        };
        let left = x.floor();
        let s = ease(x - left);
        knot(left as i64) * (1.0 - s) + knot(left as i64 + 1) * s
    }

    fn knot(self, column: i64, row: i64) -> f64 {
        let mixed = mix(self.0 ^ mix((column as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ mix(row as u64)));
        (mixed >> 11) as f64 / 4_503_599_627_370_496.0 - 1.0
    }
}

/// The cubic that leaves 0 and arrives at 1 without slope.
fn ease(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

/// The finaliser of splitmix64 (Steele, Lea and Flood 2014).
fn mix(mut bits: u64) -> u64 {
    bits = bits.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_stay_in_range() {
        let mut dice = Dice::new(Seed(3), 0);
        for _ in 0..1000 {
            assert!((0.0..1.0).contains(&dice.unit()));
            assert!(dice.below(7) < 7);
        }
        assert_eq!(dice.below(0), 0);
    }

    #[test]
    fn noise_is_bounded_and_continuous() {
        let noise = Noise(9);
        for step in 0..2000 {
            let x = f64::from(step) * 0.01 - 10.0;
            assert!(noise.plane(x, 0.3).abs() <= 1.0);
            assert!((noise.swing(x) - noise.swing(x + 1e-6)).abs() < 1e-4);
        }
    }
}
