//! A place made searchable: atoms with their people and neighbours, and the nearest of many points.

pub mod fabric;
pub mod hexagons;
pub mod nearest;
