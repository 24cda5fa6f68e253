//! Walking on real streets, and straight lines where there are none.
//!
//! The engine knows no place and no person: streets, points, centres, millimetres. Whatever is
//! compared or summed is a whole number, so that the same input gives the same answer on any number
//! of threads.
//!
//! | module | holds |
//! |---|---|
//! | [`osm`] | OpenStreetMap PBF to the ways one may walk on, by a table a caller may alter |
//! | [`streets`] | the graph: chains of streets between junctions, from ways, edges or lines |
//! | [`snap`] | points to the nearest street, across no barrier |
//! | [`search`] | nearest centre of every place, and all pairs within a limit |
//! | [`isochrone`] | the ground reached, as valid nested polygons |
//! | [`points`] | straight lines: nearest and within a radius, for tens of millions of points |
//! | [`access`] | two-step floating catchment areas over sparse pairs |
//!
//! A length is *flat-equivalent*: a millimetre of stairs or of a slope counts as the millimetres of
//! level street walked in the same time, so one search serves everyone whose speed alone differs.
//! Directions are those of a resident walking to a centre.

pub mod access;
pub mod isochrone;
pub mod metric;
pub mod osm;
pub mod points;
pub mod search;
pub mod snap;
pub mod streets;

/// A length no walk has: 2³⁰ mm, 1,074 km. Anything as far counts as out of reach, and three of them
/// still add up without overflow.
pub const FAR: u32 = 1 << 30;

/// No junction, no chain, no centre.
pub const NONE: u32 = u32::MAX;
