//! The Gauss–Krüger zones of CGCS2000, EPSG:4491–4554.

use crate::geometry::projection::TransverseMercator;

/// One zone, with or without its number in front of eastings.
#[derive(Clone, Copy, Debug)]
pub struct Zone {
    epsg: u32,
    meridian: u32,
    false_easting: f64,
    mercator: TransverseMercator,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.epsg == other.epsg
    }
}

impl Zone {
    /// By its number in the EPSG registry.
    pub fn of_epsg(code: u32) -> Option<Self> {
        let (meridian, number) = match code {
            // 6 degree zones 13 to 23 with the zone number in front, then without.
            4491..=4501 => (75 + 6 * (code - 4491), 13 + code - 4491),
            4502..=4512 => (75 + 6 * (code - 4502), 0),
            // 3 degree zones 25 to 45 likewise.
            4513..=4533 => (75 + 3 * (code - 4513), 25 + code - 4513),
            4534..=4554 => (75 + 3 * (code - 4534), 0),
            _ => return None,
        };
        let false_easting = 500_000.0 + f64::from(number) * 1e6;
        let mercator = TransverseMercator::around(f64::from(meridian));
        Some(Self { epsg: code, meridian, false_easting, mercator })
    }

    /// By zone number, whose range tells the width: 13–23 is 6 degrees wide, 25–45 is 3.
    pub fn of_number(number: u32) -> Option<Self> {
        match number {
            13..=23 => Self::of_epsg(4491 + number - 13),
            25..=45 => Self::of_epsg(4513 + number - 25),
            _ => None,
        }
    }

    /// By central meridian in whole degrees, without number in front; `wide` for 6 degrees.
    pub fn around(meridian: u32, wide: bool) -> Option<Self> {
        let (step, first, last) = if wide { (6, 4502, 4512) } else { (3, 4534, 4554) };
        let steps = meridian.checked_sub(75).filter(|m| m % step == 0)? / step;
        Self::of_epsg(first + steps).filter(|zone| zone.epsg <= last)
    }

    /// Number in the EPSG registry.
    pub fn epsg(self) -> u32 {
        self.epsg
    }

    /// Central meridian in degrees.
    pub fn meridian(self) -> u32 {
        self.meridian
    }

    /// What stands before true eastings: 500,000 m, and the zone number times a million.
    pub fn false_easting(self) -> f64 {
        self.false_easting
    }

    /// 3 or 6 degrees.
    pub fn width(self) -> u32 {
        if self.epsg <= 4512 { 6 } else { 3 }
    }

    /// Zone number if it stands in front of eastings.
    pub fn number(self) -> Option<u32> {
        let number = (self.false_easting / 1e6) as u32;
        (number > 0).then_some(number)
    }

    /// The name in a `.prj` file, such as `CGCS2000_3_Degree_GK_CM_114E`.
    pub fn name(self) -> String {
        let width = if self.width() == 3 { "3_Degree_" } else { "" };
        match self.number() {
            Some(number) => format!("CGCS2000_{width}GK_Zone_{number}"),
            None => format!("CGCS2000_{width}GK_CM_{}E", self.meridian),
        }
    }

    /// Metres east and north to degrees; `None` more than 500 km from the meridian.
    pub fn to_degrees(self, x: f64, y: f64) -> Option<(f64, f64)> {
        let x = x - self.false_easting;
        let in_reach = x.abs() < 500_000.0 && (0.0..9_900_000.0).contains(&y);
        in_reach.then(|| self.mercator.unproject(x, y))
    }

    /// Degrees to metres east and north; `None` where [`Zone::to_degrees`] would not go back.
    pub fn from_degrees(self, lon: f64, lat: f64) -> Option<(f64, f64)> {
        if !((lon - f64::from(self.meridian)).abs() < 60.0 && (0.0..89.0).contains(&lat)) {
            return None;
        }
        let (x, y) = self.mercator.project(lon, lat);
        (x.abs() < 500_000.0).then_some((x + self.false_easting, y))
    }
}
