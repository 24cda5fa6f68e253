//! How a computation is carried out, apart from what it computes: its seed and its audience.

use rand_chacha::ChaCha8Rng;
use rand_core::SeedableRng as _;

/// The steps of the main job, in order; each has its own stream of chance, by its number, and its own
/// progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Inputs are read and validated.
    Read = 0,
    /// Atoms are joined into a fabric.
    Fabric = 1,
    /// Communities are divided into grids.
    Partition = 2,
    /// Walks to the centres are measured.
    Coverage = 3,
    /// New centres are chosen.
    Siting = 4,
    /// Maps and papers are made, and beside them what is to be written is judged.
    Render = 6,
    /// A synthetic town is laid out.
    Synth = 7,
}

impl Stage {
    /// The word shown beside a progress bar and written to `run.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Fabric => "fabric",
            Self::Partition => "partition",
            Self::Coverage => "coverage",
            Self::Siting => "siting",
            Self::Render => "render",
            Self::Synth => "synth",
        }
    }
}

/// The one source of chance. The same seed gives the same bytes on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub u64);

impl Seed {
    /// An independent generator for one item of one stage.
    ///
    /// Streams belong to items, never to threads, so the order in which threads take the
    /// items does not matter.
    pub fn stream(self, stage: Stage, item: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.0);
        rng.set_stream(((stage as u64) << 56) | (item & 0x00ff_ffff_ffff_ffff));
        rng
    }
}

impl Default for Seed {
    fn default() -> Self {
        Self(1)
    }
}

/// Whom to tell how far a computation has come. The library itself prints nothing.
pub trait Progress: Sync {
    /// A stage of `steps` steps starts.
    fn begin(&self, stage: Stage, steps: u64);
    /// So many steps are done.
    fn advance(&self, steps: u64);
    /// The stage started last is done.
    fn end(&self);
}

/// Silence.
impl Progress for () {
    fn begin(&self, _: Stage, _: u64) {}
    fn advance(&self, _: u64) {}
    fn end(&self) {}
}

/// A seed and somebody to report to.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    /// Where chance comes from.
    pub seed: Seed,
    /// Who hears of progress.
    pub progress: &'a dyn Progress,
}

impl Run<'_> {
    /// A silent run.
    pub fn quiet(seed: Seed) -> Self {
        Run { seed, progress: &() }
    }
}
