//! Parts served from their best member: moment of inertia and distance.

pub mod costs;
pub mod joints;
pub mod rings;
pub mod search;
pub mod start;
pub mod state;
pub mod tabu;
