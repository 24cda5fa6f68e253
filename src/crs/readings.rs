//! The ways a pair of numbers may be meant as a position.

use super::{System, Zone};

/// Which of the two numbers comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Longitude or easting first.
    AsWritten,
    /// Latitude or northing first, as surveyors write X north.
    Swapped,
}

/// How degrees are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Decimal degrees, or metres.
    Plain,
    /// Whole millionths of a degree.
    Millionths,
    /// Degrees, minutes and seconds packed as `ddd.mmss`.
    PackedDms,
}

/// One way to read a pair of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The system of the position.
    pub system: System,
    /// Which number comes first.
    pub order: Order,
    /// How degrees are written.
    pub form: Form,
}

impl Reading {
    /// A system's numbers as they should be.
    pub fn plain(system: System) -> Self {
        Self { system, order: Order::AsWritten, form: Form::Plain }
    }

    /// What it is called: the system, and what is unusual about the writing.
    pub fn label(self) -> String {
        let form = match self.form {
            Form::Plain => "",
            Form::Millionths => ", × 1e-6",
            Form::PackedDms => ", ddd.mmss",
        };
        let order = if self.order == Order::Swapped { ", y/x" } else { "" };
        format!("{}{form}{order}", self.system.label())
    }

    /// The position in degrees; `None` if the pair cannot be read this way.
    pub fn degrees(self, x: f64, y: f64) -> Option<(f64, f64)> {
        if !(x.is_finite() && y.is_finite()) {
            return None;
        }
        let (x, y) = if self.order == Order::Swapped { (y, x) } else { (x, y) };
        let (x, y) = match self.form {
            Form::Plain => (x, y),
            Form::Millionths => (x / 1e6, y / 1e6),
            Form::PackedDms => (unpacked(x)?, unpacked(y)?),
        };
        self.system.to_degrees(x, y)
    }
}

/// Degrees of `ddd.mmss`; `None` if minutes or seconds would be 60 or more.
fn unpacked(value: f64) -> Option<f64> {
    let size = value.abs();
    // The fraction comes from decimal text and is a hair off: whole hundred-thousandths of a second.
    let packed = (size * 1e9).round() / 1e5;
    let (whole, rest) = ((packed / 1e4).floor(), packed % 1e4);
    let (minutes, seconds) = ((rest / 100.0).floor(), rest % 100.0);
    let degrees = whole + minutes / 60.0 + seconds / 3600.0;
    (size <= 360.0 && minutes < 60.0 && seconds < 60.0).then_some(if value < 0.0 {
        -degrees
    } else {
        degrees
    })
}

/// Every reading the numbers allow for at least half of the points, in a fixed order.
pub(super) fn plausible(points: &[(f64, f64)]) -> Vec<Reading> {
    let mut systems = vec![System::Degrees, System::Gcj02, System::Bd09, System::HongKong1980];
    systems.extend((0..21).filter_map(|i| Zone::around(75 + 3 * i, false)).map(System::GaussKruger));
    systems.extend((13..=45).filter_map(Zone::of_number).map(System::GaussKruger));
    let mut readings = Vec::new();
    for order in [Order::AsWritten, Order::Swapped] {
        for form in [Form::Plain, Form::Millionths, Form::PackedDms] {
            for &system in systems.iter().filter(|s| form == Form::Plain || s.is_degrees()) {
                let reading = Reading { system, order, form };
                let read = points.iter().filter(|p| reading.is_usual(p.0, p.1)).count();
                if read > 0 && 2 * read >= points.len() {
                    readings.push(reading);
                }
            }
        }
    }
    readings
}

impl Reading {
    /// True if the pair can be read this way and would lie somewhere near China.
    fn is_usual(self, x: f64, y: f64) -> bool {
        if self.form == Form::Millionths && (x.fract() != 0.0 || y.fract() != 0.0) {
            return false;
        }
        self.degrees(x, y)
            .is_some_and(|(lon, lat)| (70.0..140.0).contains(&lon) && (0.5..56.0).contains(&lat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_degrees() {
        for (packed, degrees) in [
            (121.304_2, 121.0 + 30.0 / 60.0 + 42.0 / 3600.0),
            (25.0, 25.0),
            (25.595_999, 25.0 + 59.0 / 60.0 + 59.99 / 3600.0),
            (-3.150_000_5, -(3.0 + 15.0 / 60.0 + 0.005 / 3600.0)),
            (117.164_607_25, 117.0 + 16.0 / 60.0 + 46.0725 / 3600.0),
        ] {
            let found = unpacked(packed).expect("packed");
            assert!((found - degrees).abs() < 2e-9, "{packed}: {found} {degrees}");
        }
        assert!(unpacked(121.6042).is_none() && unpacked(121.3060).is_none() && unpacked(1e9).is_none());
    }

    #[test]
    fn what_numbers_allow() {
        let systems = |points: &[(f64, f64)]| -> Vec<String> {
            plausible(points)
                .iter()
                .map(|r| format!("{} {:?} {:?}", r.system.label(), r.order, r.form))
                .collect()
        };
        assert_eq!(
            systems(&[(121.9, 31.9)]),
            ["EPSG:4490 AsWritten Plain", "GCJ-02 AsWritten Plain", "BD-09 AsWritten Plain"]
        );
        assert_eq!(systems(&[(121_900_000.0, 31_900_000.0)])[0], "EPSG:4490 AsWritten Millionths");
        assert_eq!(systems(&[(31.9, 121.9)])[0], "EPSG:4490 Swapped Plain");
        assert!(systems(&[(121.3042, 31.1512)]).contains(&"EPSG:4490 AsWritten PackedDms".to_owned()));
        assert_eq!(systems(&[(38_615_202.8, 3_376_154.1)]), ["EPSG:4526 AsWritten Plain"]);
        assert_eq!(systems(&[(3_376_154.1, 38_615_202.8)]), ["EPSG:4526 Swapped Plain"]);
        assert_eq!(systems(&[(615_202.8, 3_376_154.1)]).len(), 21);
        assert!(systems(&[(f64::NAN, 1.0), (1e300, -1e300), (0.0, 0.0)]).is_empty());
    }
}
