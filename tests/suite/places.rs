//! places.
