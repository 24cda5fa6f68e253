//! The nouns of the trade. No files, no clock, no chance, no algorithm.

pub mod alternative;
pub mod ids;
pub mod keeping;
pub mod kinds;
pub mod lang;
pub mod layers;
pub mod place;
pub mod plan;
pub mod problem;
pub mod rules;
pub mod scenario;
pub mod services;
pub mod sites;
pub mod siting;
pub mod units;
pub(crate) mod worded;
pub mod written;
