//! Coordinate systems: which are known, what they are called, and how each becomes degrees.
//!
//! Degrees are always those of WGS 84, longitude first. CGCS2000 (EPSG:4490) differs from WGS 84
//! by centimetres and is taken as one with it. Nothing here guesses: a name that is not known is
//! `None`, and [`detect`] only tells which reading of unnamed numbers fits, it never converts.

mod detect;
mod hong_kong;
mod names;
mod positions;
mod readings;
mod series;
mod web_maps;
mod zones;

pub use detect::{Detection, Doubt, Evidence, Truth, Verdict, detect};
pub use hong_kong::HongKongGrid;
pub use positions::{Comparison, Disagreement, distance_m, two_positions};
pub use readings::{Form, Order, Reading};
pub use web_maps::{bd09_from_wgs84, gcj02_from_wgs84, shifts_at, wgs84_from_bd09, wgs84_from_gcj02};
pub use zones::Zone;

/// A system an input may be in, or an output may be wanted in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum System {
    /// Degrees of WGS 84 (EPSG:4326) or CGCS2000 (EPSG:4490), taken as one.
    Degrees,
    /// Metres in a CGCS2000 Gauss–Krüger zone (EPSG:4491–4554), east first.
    GaussKruger(Zone),
    /// Degrees as shifted by Chinese web maps.
    Gcj02,
    /// Degrees as shifted once more by one of them.
    Bd09,
    /// Metres in the Hong Kong 1980 Grid (EPSG:2326), east first.
    HongKong1980,
}

impl System {
    /// By any of its usual names, in English or Chinese; `None` if the name is not known.
    pub fn named(name: &str) -> Option<Self> {
        names::system(name)
    }

    /// By its number in the EPSG registry; `None` if it is not supported.
    pub fn of_epsg(code: u32) -> Option<Self> {
        match code {
            4326 | 4490 => Some(Self::Degrees),
            2326 => Some(Self::HongKong1980),
            _ => Zone::of_epsg(code).map(Self::GaussKruger),
        }
    }

    /// Number in the EPSG registry; the shifted systems have none, degrees are 4490.
    pub fn epsg(self) -> Option<u32> {
        match self {
            Self::Degrees => Some(4490),
            Self::GaussKruger(zone) => Some(zone.epsg()),
            Self::HongKong1980 => Some(2326),
            Self::Gcj02 | Self::Bd09 => None,
        }
    }

    /// The name printed, which [`System::named`] reads back.
    pub fn label(self) -> String {
        match self {
            Self::Degrees => "EPSG:4490".to_owned(),
            Self::Gcj02 => "GCJ-02".to_owned(),
            Self::Bd09 => "BD-09".to_owned(),
            Self::HongKong1980 => "EPSG:2326".to_owned(),
            Self::GaussKruger(zone) => format!("EPSG:{}", zone.epsg()),
        }
    }

    /// True if positions are degrees, not metres.
    pub fn is_degrees(self) -> bool {
        !matches!(self, Self::GaussKruger(_) | Self::HongKong1980)
    }

    /// Position in this system to degrees; `None` if no such position exists.
    pub fn to_degrees(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let on_globe = x.abs() <= 180.0 && y.abs() < 89.9;
        match self {
            Self::Degrees => on_globe.then_some((x, y)),
            Self::Gcj02 => on_globe.then(|| wgs84_from_gcj02(x, y)),
            Self::Bd09 => on_globe.then(|| wgs84_from_bd09(x, y)),
            Self::GaussKruger(zone) => zone.to_degrees(x, y),
            Self::HongKong1980 => HongKongGrid.to_degrees(x, y),
        }
    }

    /// Degrees to a position in this system; `None` where the system does not reach.
    pub fn from_degrees(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        let on_globe = lon.abs() <= 180.0 && lat.abs() < 89.9;
        match self {
            Self::Degrees => on_globe.then_some((lon, lat)),
            Self::Gcj02 => on_globe.then(|| gcj02_from_wgs84(lon, lat)),
            Self::Bd09 => on_globe.then(|| bd09_from_wgs84(lon, lat)),
            Self::GaussKruger(zone) => zone.from_degrees(lon, lat),
            Self::HongKong1980 => HongKongGrid.from_degrees(lon, lat),
        }
    }
}

/// Many positions to degrees, in place; one that does not exist becomes not-a-number twice.
///
/// Equal bit for bit to [`System::to_degrees`] one by one.
pub fn to_degrees(system: System, points: &mut [(f64, f64)]) {
    let shift: fn(&mut [(f64, f64)]) = match system {
        System::Gcj02 => web_maps::all_from_gcj02,
        System::Bd09 => web_maps::all_from_bd09,
        _ => return each(points, |x, y| system.to_degrees(x, y)),
    };
    // Off the globe there is nothing to shift.
    each(points, |x, y| System::Degrees.to_degrees(x, y));
    shift(points);
}

/// Many degrees to positions, in place; one out of the system's reach becomes not-a-number twice.
pub fn from_degrees(system: System, points: &mut [(f64, f64)]) {
    each(points, |lon, lat| system.from_degrees(lon, lat));
}

fn each(points: &mut [(f64, f64)], convert: impl Fn(f64, f64) -> Option<(f64, f64)>) {
    for point in points {
        *point = convert(point.0, point.1).unwrap_or((f64::NAN, f64::NAN));
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod zone_values;
