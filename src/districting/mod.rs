//! Dividing a territory into connected parts of bounded size, with a proof.

pub mod centred;
pub mod graph;
pub mod instance;
pub mod proof;
