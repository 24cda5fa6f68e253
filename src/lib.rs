//! Governance grids (网格), walking coverage and centre siting for communities, with a proof beside
//! every answer.
//!
//! A street or town office divides each community into grids of a few hundred households, shows who
//! reaches a party-and-masses service centre (党群服务中心) on foot in 15 minutes, and decides where
//! to add centres. This crate takes the office's files and returns a plan that can be defended.
//!
//! The story is short. [`io::read_place`] turns files into a [`model::place::Place`], or into a list
//! of everything wrong with them. [`planner::prepare`] joins its atoms (buildings, areas, hexagons)
//! into a [`index::fabric::Fabric`]. [`partition::divide`] cuts the fabric into grids,
//! [`coverage::measure`] walks everybody to the nearest centre, [`siting::choose`] picks new ones
//! with a bound no other choice can beat; [`planner::plan`] does all three. [`report::files`] writes
//! the answer down, and [`verify::plan`] judges what was written from the inputs alone, sharing no
//! code with what made it.
//!
//! ```
//! use wangge::io;
//! use wangge::network::StraightLine;
//! use wangge::planner::{self, Parts};
//! use wangge::run::{Run, Seed};
//!
//! let reading = io::read_place("data/demo".as_ref());
//! let mut place = reading.place.expect("the demo has no errors");
//! let (rules, run) = (reading.rules, Run::quiet(Seed(1)));
//!
//! let fabric = planner::prepare(&mut place, &rules, &run);
//! let times = StraightLine::by(&rules);
//! let plan = planner::plan(&place, &fabric, &rules, &times, Parts::ALL, &run);
//!
//! let grids = plan.partition.expect("grids were asked for").grids;
//! assert!(grids.iter().all(|grid| grid.pieces <= grid.community_pieces));
//! let siting = plan.siting.expect("sites were asked for");
//! assert!(siting.value <= siting.bound);
//! println!("{} grids, {} people newly covered", grids.len(), siting.value);
//! ```
//!
//! The same input and seed give the same bytes, for any number of threads and any order of rows.
//! Lengths are metres of one local projection, people are whole, and whatever is decided is decided
//! in integers.

pub mod alternatives;
pub mod cli;
pub mod coverage;
pub mod crs;
pub mod districting;
pub mod formats;
pub mod geometry;
pub mod index;
pub mod io;
pub mod ledger;
pub mod location;
pub mod maps;
pub mod model;
pub mod network;
pub mod office;
pub mod page;
pub mod partition;
pub mod planner;
pub mod render;
pub mod report;
pub mod run;
pub mod scenarios;
pub mod siting;
pub mod synth;
pub mod verify;
pub mod walking;
