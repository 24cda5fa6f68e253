//! Parts served from their best member: moment of inertia and distance.

pub(crate) mod costs;
pub(crate) mod joints;
pub(crate) mod rings;
pub(crate) mod search;
pub(crate) mod start;
pub(crate) mod state;
pub(crate) mod tabu;
