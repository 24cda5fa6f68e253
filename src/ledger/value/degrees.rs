//! Positions in degrees, decimal or with minutes and seconds.

use super::{Read, ValueError, is_scientific, missing, plain_with};
use crate::ledger::finding::Rule;

/// Degrees between which China lies; the two ranges do not meet, so a swap is certain.
const LON: std::ops::RangeInclusive<f64> = 73.0..=136.0;
const LAT: std::ops::RangeInclusive<f64> = 3.0..=54.0;

/// Which way an angle is counted, where its text says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axis {
    /// East or west.
    Longitude,
    /// North or south.
    Latitude,
}

/// A position in China, in the coordinate system of its table.
#[derive(Clone, Debug, PartialEq)]
pub struct Position {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// What was done to read the longitude.
    pub lon_rules: Vec<Rule>,
    /// What was done to read the latitude.
    pub lat_rules: Vec<Rule>,
}

/// An angle in degrees, and the axis if its text names one.
pub fn degrees(text: &str) -> Result<Read<(f64, Option<Axis>)>, ValueError> {
    let mut rules = Vec::new();
    let plain = plain_with(text, &mut rules);
    if let Some(missing) = missing(text, &plain) {
        return Ok(missing);
    }
    let wrong = || ValueError::Degrees(text.to_owned());
    if is_scientific(&plain) {
        return Err(wrong());
    }
    let (body, side) = side(&plain);
    let bad_comma = body.split_once(',').is_some_and(|(w, f)| {
        [w, f].iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    });
    if bad_comma {
        return Err(ValueError::DecimalComma(text.to_owned()));
    }
    let (negative, body) = match body.strip_prefix('-') {
        Some(rest) if side.is_none() => (true, rest),
        Some(_) => return Err(wrong()),
        None => (false, body),
    };
    let parts = parts(body).ok_or_else(wrong)?;
    let mut value = 0.0;
    for (i, (part, scale)) in parts.iter().zip([1.0, 60.0, 3600.0]).enumerate() {
        let last = i + 1 == parts.len();
        let number: f64 = part.parse().map_err(|_| wrong())?;
        if (i > 0 && number >= 60.0) || (!last && part.contains('.')) {
            return Err(wrong());
        }
        value += number / scale;
    }
    if parts.len() > 1 || plain.ends_with(['°', 'º', '度']) || side.is_some() {
        rules.push(Rule::Sexagesimal);
    }
    let negative = negative || side.is_some_and(|(_, minus)| minus);
    let value = if negative { -value } else { value };
    Ok(Read::Known { value: (value, side.map(|(axis, _)| axis)), rules })
}

/// Cuts off 东经, N and the like; whether it counts backwards.
fn side(plain: &str) -> (&str, Option<(Axis, bool)>) {
    const SIDES: [(&str, Axis, bool); 16] = [
        ("东经", Axis::Longitude, false),
        ("東經", Axis::Longitude, false),
        ("西经", Axis::Longitude, true),
        ("西經", Axis::Longitude, true),
        ("北纬", Axis::Latitude, false),
        ("北緯", Axis::Latitude, false),
        ("南纬", Axis::Latitude, true),
        ("南緯", Axis::Latitude, true),
        ("E", Axis::Longitude, false),
        ("W", Axis::Longitude, true),
        ("N", Axis::Latitude, false),
        ("S", Axis::Latitude, true),
        ("e", Axis::Longitude, false),
        ("n", Axis::Latitude, false),
        ("东", Axis::Longitude, false),
        ("北", Axis::Latitude, false),
    ];
    for (word, axis, minus) in SIDES {
        let cut = plain.strip_prefix(word).or_else(|| plain.strip_suffix(word));
        if let Some(rest) = cut {
            return (rest.trim_matches([' ', ':']), Some((axis, minus)));
        }
    }
    (plain, None)
}

/// Digits with or without a fraction.
fn is_number(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |t: &str| !t.is_empty() && t.len() <= 20 && t.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(fraction)
}

fn sound(parts: Vec<&str>, least: usize) -> Option<Vec<&str>> {
    let count = parts.len();
    ((least..=3).contains(&count) && parts.iter().all(|part| is_number(part))).then_some(parts)
}

/// One number, or degrees, minutes and seconds with their marks, hyphens or spaces.
fn parts(body: &str) -> Option<Vec<&str>> {
    if is_number(body) {
        return Some(vec![body]);
    }
    if let Some((degrees, rest)) = body.split_once(['°', 'º', '度', '˚', '゜']) {
        let mut parts = vec![degrees.trim()];
        let rest = rest.trim();
        let minute_marks = ['′', '\'', '’', '‘', '分', '`', '´', 'ˊ'];
        let second_marks = ['″', '"', '”', '“', '秒', '〃'];
        if !rest.is_empty() {
            let (minutes, seconds) = match rest.split_once(minute_marks) {
                Some((minutes, seconds)) => (minutes, seconds.trim()),
                None => return None,
            };
            parts.push(minutes.trim());
            if !seconds.is_empty() {
                let bare = seconds.strip_suffix("''").or_else(|| seconds.strip_suffix("′′"));
                let bare = bare.or_else(|| seconds.strip_suffix(second_marks)).unwrap_or(seconds);
                parts.push(bare.trim());
            }
        }
        return sound(parts, 1);
    }
    let by_hyphen: Vec<&str> = body.split('-').map(str::trim).collect();
    if by_hyphen.len() == 3 {
        return sound(by_hyphen, 3);
    }
    let by_space: Vec<&str> = body.split(' ').filter(|part| !part.is_empty()).collect();
    sound(by_space, 3)
}

/// Both coordinates of a place; `Missing` if either is, or both are 0.
///
/// Swapped coordinates are put right, since neither can be the other. Anything else outside China is
/// an error, unless the table is known to be of a place `abroad`.
pub fn position(lon: &str, lat: &str, abroad: bool) -> Result<Read<Position>, ValueError> {
    let (east, north) = match (degrees(lon)?, degrees(lat)?) {
        (Read::Known { value, rules }, Read::Known { value: other, rules: others }) => {
            ((value, rules), (other, others))
        }
        _ => return Ok(Read::Missing(Vec::new())),
    };
    let (((x, x_axis), lon_rules), ((y, y_axis), lat_rules)) = (east, north);
    if x == 0.0 && y == 0.0 {
        return Ok(Read::Missing(vec![Rule::ZeroPosition]));
    }
    let contradicted = |first, second| x_axis == Some(first) || y_axis == Some(second);
    let fits = if abroad { on_globe(x, y) } else { LON.contains(&x) && LAT.contains(&y) };
    if fits && !contradicted(Axis::Latitude, Axis::Longitude) {
        return Ok(Read::Known {
            value: Position { lon: x, lat: y, lon_rules, lat_rules },
            rules: Vec::new(),
        });
    }
    let swapped = if abroad { on_globe(y, x) } else { LON.contains(&y) && LAT.contains(&x) };
    if swapped && !contradicted(Axis::Longitude, Axis::Latitude) {
        let with = |mut rules: Vec<Rule>| {
            rules.push(Rule::Swapped);
            rules
        };
        let value = Position { lon: y, lat: x, lon_rules: with(lat_rules), lat_rules: with(lon_rules) };
        return Ok(Read::Known { value, rules: vec![Rule::Swapped] });
    }
    let moved = |value: f64, range: &std::ops::RangeInclusive<f64>| {
        range.contains(&value)
            || [1e-5, 1e-4, 1e-3, 0.01, 0.1, 10.0, 100.0].iter().any(|f| range.contains(&(value * f)))
    };
    let texts = (lon.to_owned(), lat.to_owned());
    // Metres are no degrees with a slipped point.
    if x.abs() > 10_000.0 || y.abs() > 10_000.0 {
        return Err(ValueError::Outside(texts.0, texts.1));
    }
    if (!abroad && moved(x, &LON) && moved(y, &LAT)) || x.abs() > 180.0 || y.abs() > 90.0 {
        return Err(ValueError::Point(texts.0, texts.1));
    }
    Err(ValueError::Outside(texts.0, texts.1))
}

fn on_globe(x: f64, y: f64) -> bool {
    x.abs() <= 180.0 && y.abs() <= 90.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_form_is_read() {
        let expected = 117.0 + 12.0 / 60.0 + 31.4 / 3600.0;
        for text in [
            "117°12′31.4″",
            "117度12分31.4秒",
            "117-12-31.4",
            "117 12 31.4E",
            "１１７°１２′３１．４″",
            "东经117°12′31.4″",
            "117° 12' 31.4\"",
            "E117°12’31.4”",
            "117°12'31.4''",
            "117.20872222222222",
        ] {
            let Ok(Read::Known { value, .. }) = degrees(text) else { panic!("{text}: {:?}", degrees(text)) };
            assert!((value.0 - expected).abs() < 1e-12, "{text}: {}", value.0);
        }
        for text in
            ["117-12", "117°72′", "117.5°12′", "117°12", "abc", "1e2", "117 12", "--117", "117°12′31″4"]
        {
            assert!(matches!(degrees(text), Err(ValueError::Degrees(_))), "{text}: {:?}", degrees(text));
        }
        assert!(matches!(degrees("117,2"), Err(ValueError::DecimalComma(_))));
    }

    #[test]
    fn pairs_are_judged_together() {
        let at = |lon, lat| position(lon, lat, false);
        let Ok(Read::Known { value, rules }) = at("39.17", "117.24") else { panic!() };
        assert_eq!((value.lon, value.lat, rules), (117.24, 39.17, vec![Rule::Swapped]));
        assert_eq!(at("0", "0.0"), Ok(Read::Missing(vec![Rule::ZeroPosition])));
        assert_eq!(at("", "39"), Ok(Read::Missing(Vec::new())));
        for (lon, lat) in [("1172.031", "39.1"), ("11.72031", "39.1"), ("117.2", "391.1")] {
            assert!(matches!(at(lon, lat), Err(ValueError::Point(..))), "{lon} {lat}");
        }
        assert!(matches!(at("-0.12", "51.5"), Err(ValueError::Outside(..))));
        assert!(at("39.1N", "117.2E").is_ok());
        assert!(matches!(position("9.5", "47.1", true), Ok(Read::Known { value, .. }) if value.lon == 9.5));
        assert!(
            matches!(position("47.1", "-109.5", true), Ok(Read::Known { value, .. }) if value.lat == 47.1)
        );
        assert!(position("47.1", "191", true).is_err());
        assert!(at("117.2N", "39.1E").is_err());
    }
}
