//! Maps and charts of a plan, as SVG and PNG.
//!
//! The problem: a street office pins the result to a wall, copies it in black and white and argues over it,
//! so a sheet must be complete (title, legend, scale, north, date), legible with three hundred grids on it,
//! and the same whenever it is drawn from the same plan.
//!
//! The method: [`layers::Layers`] says what there is, in metres; [`grids()`] and [`coverage()`] turn it into a
//! [`scene::Scene`], a plain list of things to draw, in pixels; [`scene::Scene::to_svg`] writes that list, and
//! [`png::rasterise`] draws the SVG with the fonts carried in the program. No step reads a file, a clock or
//! chance, and no hash map is walked, so equal layers give equal bytes.
//!
//! What is not promised: that every label finds room. Those that do not are counted on the sheet.

pub mod atlas;
mod base;
pub mod chart;
pub mod colour;
mod coverage;
mod flaws;
mod grids;
mod joined;
mod labels;
pub mod layers;
mod legend;
mod palette;
mod panel;
pub mod pdf;
pub mod png;
pub mod regrets;
pub mod scene;
mod shape;
pub mod sitecurve;
mod svg;
mod symbols;
mod text;
pub mod tradeoff;
mod view;
mod words;

pub use coverage::coverage;
pub use flaws::flaws;
pub use grids::grids;
pub use layers::Layers;
pub use png::{RasterError, rasterise};
pub use scene::Scene;
pub use text::{add_font, missing_glyphs};

#[cfg(test)]
mod tests;
