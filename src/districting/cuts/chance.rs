//! Chance from a seed, and the one function of it that needs care to be the same everywhere.

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// A stream of chance; equal seeds and streams give equal draws on any machine.
#[derive(Clone, Debug)]
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    /// Stream `stream` of `seed`.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number below `bound`, which is at least one.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u64::from(self.0.next_u32()) * bound as u64) >> 32) as usize
    }

    /// A number from zero up to, and without, one.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) * (1.0 / 4_294_967_296.0)
    }

    /// True once in `times` on average.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// Near to e^-x for x >= 0 by (1 - x / 1024)^1024: only products, so equal on every machine.
pub(crate) fn decay(x: f64) -> f64 {
    if x >= 30.0 {
        return 0.0;
    }
    let mut power = 1.0 - x * (1.0 / 1024.0);
    for _ in 0..10 {
        power *= power;
    }
    power
}
