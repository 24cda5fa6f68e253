//! What fast means find, against what plain means find: on towns small enough to try everything.

mod districting;
mod geometry;
mod nearest;
mod partition;
mod projection;
mod siting;
mod verification;
