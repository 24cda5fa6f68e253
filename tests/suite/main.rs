//! The one integration binary: what a user sees, what must hold, and what must not change.

mod cli;
mod demo;
mod desert;
mod desk;
mod determinism;
mod drawn;
mod faults;
mod given;
mod keeping;
mod laws;
mod oracle;
mod places;
mod public;
mod scenarios;
mod services;
mod streets;
mod tampering;
mod tidy;
mod together;
