//! Shapes in metres: how positions become metres, how areas join, how compact they are.

pub mod compactness;
pub mod edges;
pub mod outline;
pub mod overlap;
pub mod projection;
pub mod voronoi;
