//! The ground reached within some walks, as polygons that are valid and nested by construction.
//!
//! Every reached piece of street is drawn into a raster of costs: the corners of each cell it passes
//! get the cost at which it enters, if lower. The polygon of a limit is the marching-squares contour of
//! the corners that cost no more. All limits cut the same raster, and where a cost falls between two
//! corners is interpolated monotonically, so that a shorter walk's polygon lies inside a longer
//! one's. Crossings lie strictly between corners, on a lattice of 64ths of a cell that is whole in
//! units of [`Position`]: no ring crosses or touches itself or another, and nothing is rounded
//! afterwards.
//!
//! So a polygon covers every reached piece of street with half a cell to a cell and a half around it,
//! and the way from the centre to its street; blocks that streets enclose are filled up to a size.
//! Water and ground further than that from a reached street are left out. Who is reached is always
//! counted on the network, never from a polygon.
//!
//! # Source
//! Lorensen and Cline, SIGGRAPH 1987, in the plane; ambiguous cells are cut apart.

mod contour;
mod field;
mod reach;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use self::contour::Tracer;
use self::field::Field;
use self::reach::{Pieces, collect};
use super::FAR;
use super::metric::Position;
use super::search::Entrance;
use super::search::sweep::{Sweep, by_centre};
use super::streets::{Streets, Walker};

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Contours {
    /// Limits in millimetres, rising.
    pub limits_mm: Vec<u32>,
    /// Side of a cell in metres. 25 m keeps the two sides of a small river apart.
    pub cell_m: f64,
    /// Unreached ground enclosed by reached streets is filled below so many square metres: 1 ha is a
    /// block whose inside is reached from the streets around it.
    pub fill_below_m2: f64,
}

impl Contours {
    /// Polygons for these limits with cells of 25 m, blocks up to 1 ha filled.
    pub fn of(limits_mm: &[u32]) -> Self {
        let mut limits_mm = limits_mm.to_vec();
        limits_mm.sort_unstable();
        Self { limits_mm, cell_m: 25.0, fill_below_m2: 10_000.0 }
    }
}

/// A polygon: rings closed, the outer counter-clockwise and holes clockwise (RFC 7946).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polygon {
    /// The outer ring.
    pub outer: Vec<Position>,
    /// Holes in it.
    pub holes: Vec<Vec<Position>>,
}

/// The ground within one limit: polygons that do not touch.
pub type Region = Vec<Polygon>;

/// For each of `positions`, the centres, its regions in the order of the limits. The entrances name
/// the centre they belong to; a centre without any reaches nothing.
///
/// Runs on the current pool of threads.
///
/// # Panics
/// If an entrance names a centre that is not there.
pub fn each(
    streets: &Streets,
    entrances: &[Entrance],
    positions: &[Position],
    contours: &Contours,
    walker: Walker,
) -> Vec<Vec<Region>> {
    let (sorted, ranges) = by_centre(positions.len(), entrances);
    (0..positions.len())
        .into_par_iter()
        .with_min_len(16)
        .map_init(
            || Painter::new(streets),
            |painter, centre| {
                let sources = &sorted[ranges[centre]..ranges[centre + 1]];
                painter.paint(streets, sources, |_| positions[centre], contours, walker)
            },
        )
        .collect()
}

/// The regions from which any centre is within the limits.
///
/// # Panics
/// If an entrance names a centre that is not there.
pub fn together(
    streets: &Streets,
    entrances: &[Entrance],
    positions: &[Position],
    contours: &Contours,
    walker: Walker,
) -> Vec<Region> {
    let position = |centre: u32| positions[centre as usize];
    Painter::new(streets).paint(streets, entrances, position, contours, walker)
}

/// What one thread paints with.
struct Painter {
    sweep: Sweep,
    pieces: Pieces,
    field: Field,
    tracer: Tracer,
}

impl Painter {
    fn new(streets: &Streets) -> Self {
        Self {
            sweep: Sweep::new(streets),
            pieces: Pieces::default(),
            field: Field::default(),
            tracer: Tracer::default(),
        }
    }

    fn paint(
        &mut self,
        streets: &Streets,
        sources: &[Entrance],
        position: impl Fn(u32) -> Position,
        contours: &Contours,
        walker: Walker,
    ) -> Vec<Region> {
        let limit = contours.limits_mm.last().copied().unwrap_or(0).min(FAR - 1);
        self.sweep.run(streets, sources, limit, walker);
        collect(streets, &self.sweep, sources, position, limit, walker, &mut self.pieces);
        if self.pieces.is_empty() {
            return vec![Region::new(); contours.limits_mm.len()];
        }
        self.field.draw(&self.pieces, streets.metric(), contours.cell_m, limit);
        let fill = contours.fill_below_m2;
        contours
            .limits_mm
            .iter()
            .map(|limit| self.tracer.trace(&self.field, (*limit).min(FAR - 1), fill))
            .collect()
    }
}
