//! wangge
pub mod cli;
pub mod coverage;
pub mod geometry;
pub mod index;
pub mod io;
pub mod maps;
pub mod model;
pub mod network;
pub mod partition;
pub mod planner;
pub mod render;
pub mod report;
pub mod run;
pub mod siting;
pub mod synth;
pub mod verify;
