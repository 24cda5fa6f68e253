//! The coordinate system a file names, from well-known text as in `.prj` files.

use super::error::{Fault, FormatError};

/// A coordinate system as a file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declared {
    /// One that is supported.
    Known {
        /// Number in the EPSG registry: 4326, 4490, 4491–4554 or 2326.
        epsg: u32,
        /// The name in the file.
        name: String,
    },
    /// One that is recognised and not supported, such as Xi'an 1980.
    Unsupported {
        /// The name in the file.
        name: String,
    },
    /// One that is not recognised.
    Unknown {
        /// The name in the file, or its number.
        name: String,
    },
}

impl Declared {
    /// The EPSG number, or an error that says why there is none.
    ///
    /// # Errors
    ///
    /// [`Fault::SystemUnsupported`] or [`Fault::SystemUnknown`].
    pub fn epsg(&self, file: &str) -> Result<u32, FormatError> {
        let name = match self {
            Self::Known { epsg, .. } => return Ok(*epsg),
            Self::Unsupported { name } | Self::Unknown { name } => name.clone(),
        };
        let unsupported = matches!(self, Self::Unsupported { .. });
        let fault =
            if unsupported { Fault::SystemUnsupported { name } } else { Fault::SystemUnknown { name } };
        Err(FormatError::whole(file, fault))
    }

    /// By number in the EPSG registry.
    pub(super) fn of_epsg(epsg: u32, name: &str) -> Self {
        let name = if name.is_empty() { format!("EPSG:{epsg}") } else { name.to_owned() };
        match epsg {
            4326 | 4490..=4554 | 2326 => Self::Known { epsg, name },
            // Xi'an 1980 and Beijing 1954, degrees and zones.
            4610 | 4214 | 2327..=2390 | 2401..=2442 | 21_413..=21_483 => Self::Unsupported { name },
            _ => Self::Unknown { name },
        }
    }

    /// By well-known text, first or second edition.
    pub(super) fn of_text(text: &str) -> Self {
        let Some(root) = Node::parse(text) else {
            return Self::Unknown { name: text.trim().chars().take(60).collect() };
        };
        // A compound system is its first, horizontal part.
        let compound = matches!(root.word.as_str(), "COMPD_CS" | "COMPOUNDCRS");
        let inner = ["PROJCS", "PROJCRS", "GEOGCS", "GEOGCRS"].iter().find_map(|word| root.child(word));
        let root = if compound { inner.unwrap_or(&root) } else { &root };
        let name = root.name().to_owned();
        let everything =
            format!("{name} {}", root.find(&["DATUM", "TRF"]).map(Node::name).unwrap_or_default());
        let plain: String =
            everything.to_ascii_uppercase().chars().filter(char::is_ascii_alphanumeric).collect();
        let says = |words: &[&str]| words.iter().any(|word| plain.contains(word));
        if says(&["XIAN", "BEIJING", "PULKOVO"]) {
            return Self::Unsupported { name };
        }
        let cgcs = says(&["CGCS2000", "CHINA2000", "CHINAGEODETICCOORDINATESYSTEM2000"]);
        let wgs = says(&["WGS1984", "WGS84", "WORLDGEODETICSYSTEM1984"]);
        let geographic = matches!(root.word.as_str(), "GEOGCS" | "GEOGCRS" | "GEODCRS" | "GEODETICCRS");
        let epsg = match (geographic, cgcs, wgs) {
            (true, true, _) => Some(4490),
            (true, false, true) => Some(4326),
            (false, true, _) => root.zone(),
            (false, ..) if says(&["HONGKONG1980"]) => Some(2326),
            _ => None,
        };
        match epsg.or_else(|| root.authority().filter(|code| (4490..=4554).contains(code) || *code == 4326)) {
            Some(epsg) => Self::Known { epsg, name },
            None => Self::Unknown { name },
        }
    }
}

/// Brackets within one another; real systems have six.
const NESTING_MAX: usize = 16;

/// `WORD["text", 1.5, WORD[…]]`.
#[derive(Debug, Default)]
struct Node {
    word: String,
    values: Vec<String>,
    children: Vec<Node>,
}

impl Node {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}').get(..text.len().min(1 << 16));
        let mut rest = text?.trim_start();
        Self::read(&mut rest, NESTING_MAX)
    }

    fn read(rest: &mut &str, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let mut node = Self { word: rest[..end].to_ascii_uppercase(), ..Self::default() };
        *rest = rest[end..].trim_start().strip_prefix(['[', '('])?;
        loop {
            *rest = rest.trim_start();
            let first = rest.chars().next()?;
            if first == '"' {
                let (value, after) = rest[1..].split_once('"')?;
                node.values.push(value.to_owned());
                *rest = after;
            } else if first.is_ascii_alphabetic() {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                if rest[end..].trim_start().starts_with(['[', '(']) {
                    node.children.push(Self::read(rest, depth)?);
                } else {
                    node.values.push(rest[..end].to_owned());
                    *rest = &rest[end..];
                }
            } else {
                let end = rest.find([',', ']', ')'])?;
                node.values.push(rest[..end].trim().to_owned());
                *rest = &rest[end..];
            }
            *rest = rest.trim_start();
            let sign = rest.chars().next()?;
            *rest = rest.strip_prefix([',', ']', ')'])?;
            if sign != ',' {
                return Some(node);
            }
        }
    }

    fn name(&self) -> &str {
        self.values.first().map(String::as_str).unwrap_or_default()
    }

    fn child(&self, word: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.word == word)
    }

    /// The first node of one of these words anywhere below.
    fn find(&self, words: &[&str]) -> Option<&Node> {
        self.children.iter().find_map(|child| {
            if words.contains(&child.word.as_str()) { Some(child) } else { child.find(words) }
        })
    }

    fn authority(&self) -> Option<u32> {
        let node = self.child("AUTHORITY").or_else(|| self.child("ID"))?;
        let epsg = node.name().eq_ignore_ascii_case("EPSG");
        epsg.then(|| node.values.get(1)?.parse().ok()).flatten()
    }

    /// A parameter of the projection, by part of its name.
    fn parameter(&self, words: &[&str]) -> Option<f64> {
        self.children.iter().find_map(|child| {
            let name = child.name().to_ascii_lowercase().replace(' ', "_");
            match child.word.as_str() {
                "PARAMETER" if words.iter().any(|word| name.contains(word)) => {
                    child.values.get(1)?.parse().ok()
                }
                "CONVERSION" => child.parameter(words),
                _ => None,
            }
        })
    }

    /// The EPSG number of a CGCS2000 zone, by its parameters; the name decides only the width.
    fn zone(&self) -> Option<u32> {
        let method =
            self.find(&["PROJECTION", "METHOD"])?.name().to_ascii_lowercase().replace(['_', ' '], "");
        let gauss = method.contains("transversemercator") || method.contains("gausskruger");
        let meridian = self.parameter(&["central_meridian", "longitude_of_natural_origin"])?;
        let east = self.parameter(&["false_easting"])?;
        let north = self.parameter(&["false_northing"]).unwrap_or(0.0);
        let origin = self.parameter(&["latitude_of_origin", "latitude_of_natural_origin"]).unwrap_or(0.0);
        let scale = self.parameter(&["scale_factor"]).unwrap_or(1.0);
        if !(gauss && north == 0.0 && origin == 0.0 && (scale - 1.0).abs() < 1e-12) {
            return None;
        }
        if meridian.fract() != 0.0 || !(75.0..=135.0).contains(&meridian) {
            return None;
        }
        let number = ((east - 500_000.0) / 1e6).round();
        if (east - 500_000.0 - number * 1e6).abs() > 1e-6 {
            return None;
        }
        let (meridian, number) = (meridian as u32, number as i64);
        let narrow = self.name().to_ascii_lowercase().replace(['_', ' '], "-").contains("3-degree");
        match number {
            0 if meridian % 6 == 3 && !narrow => Some(4502 + (meridian - 75) / 6),
            0 if meridian.is_multiple_of(3) => Some(4534 + (meridian - 75) / 3),
            13..=23 if i64::from(meridian) == 6 * number - 3 => Some(4491 + number as u32 - 13),
            25..=45 if i64::from(meridian) == 3 * number => Some(4513 + number as u32 - 25),
            _ => None,
        }
    }
}

/// The well-known text, first edition as ESRI writes it, of a supported system.
pub fn text_of(epsg: u32) -> Option<String> {
    const CHINA: &str = "GEOGCS[\"GCS_China_Geodetic_Coordinate_System_2000\",DATUM[\"D_China_2000\",\
SPHEROID[\"CGCS2000\",6378137.0,298.257222101]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";
    const WORLD: &str = "GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\",SPHEROID[\"WGS_1984\",6378137.0,\
298.257223563]],PRIMEM[\"Greenwich\",0.0],UNIT[\"Degree\",0.0174532925199433]]";
    const HONG_KONG: &str = "PROJCS[\"Hong_Kong_1980_Grid\",GEOGCS[\"GCS_Hong_Kong_1980\",\
DATUM[\"D_Hong_Kong_1980\",SPHEROID[\"International_1924\",6378388.0,297.0]],PRIMEM[\"Greenwich\",0.0],\
UNIT[\"Degree\",0.0174532925199433]],PROJECTION[\"Transverse_Mercator\"],PARAMETER[\"False_Easting\",836694.05],\
PARAMETER[\"False_Northing\",819069.8],PARAMETER[\"Central_Meridian\",114.1785555555556],\
PARAMETER[\"Scale_Factor\",1.0],PARAMETER[\"Latitude_Of_Origin\",22.31213333333334],UNIT[\"Meter\",1.0]]";
    match epsg {
        4490 => Some(CHINA.to_owned()),
        4326 => Some(WORLD.to_owned()),
        2326 => Some(HONG_KONG.to_owned()),
        _ => {
            let zone = crate::crs::Zone::of_epsg(epsg)?;
            let (name, east, meridian) = (zone.name(), zone.false_easting(), zone.meridian());
            Some(format!(
                "PROJCS[\"{name}\",{CHINA},PROJECTION[\"Gauss_Kruger\"],PARAMETER[\"False_Easting\",{east:.1}],\
PARAMETER[\"False_Northing\",0.0],PARAMETER[\"Central_Meridian\",{meridian}.0],PARAMETER[\"Scale_Factor\",1.0],\
PARAMETER[\"Latitude_Of_Origin\",0.0],UNIT[\"Meter\",1.0]]"
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_texts_read_back() {
        for epsg in (4490..=4554).chain([4326, 2326]) {
            let text = text_of(epsg).expect("supported");
            assert!(
                matches!(Declared::of_text(&text), Declared::Known { epsg: e, .. } if e == epsg),
                "{text}"
            );
        }
        assert_eq!(text_of(3857), None);
    }

    #[test]
    fn other_systems_are_named_and_refused() {
        for (text, unsupported) in [
            (
                "PROJCS[\"Xian_1980_3_Degree_GK_Zone_38\",GEOGCS[\"GCS_Xian_1980\",DATUM[\"D_Xian_1980\"]]]",
                true,
            ),
            ("GEOGCS[\"GCS_Beijing_1954\",DATUM[\"D_Beijing_1954\",SPHEROID[\"K\",6378245.0,298.3]]]", true),
            (
                "PROJCS[\"WGS_1984_Web_Mercator_Auxiliary_Sphere\",GEOGCS[\"GCS_WGS_1984\",DATUM[\"D_WGS_1984\"]]]",
                false,
            ),
            ("PROJCS[\"TWD97_TM2\",GEOGCS[\"TWD97\",DATUM[\"TWD97\"]]]", false),
            ("nonsense", false),
            ("", false),
        ] {
            let found = Declared::of_text(text);
            assert_eq!(matches!(found, Declared::Unsupported { .. }), unsupported, "{found:?}");
            assert!(found.epsg("a.shp").is_err());
        }
        let deep = "A[".repeat(100_000);
        assert!(matches!(Declared::of_text(&deep), Declared::Unknown { .. }));
        assert!(matches!(Declared::of_epsg(4610, ""), Declared::Unsupported { .. }));
    }

    /// A meridian of no zone, a scale, or a shifted easting is not a zone.
    #[test]
    fn near_zones_are_none() {
        let good = text_of(4547).expect("supported");
        for (from, to) in [("114.0", "114.5"), ("500000.0", "510000.0"), ("Factor\",1.0", "Factor\",0.9996")]
        {
            assert!(matches!(Declared::of_text(&good.replace(from, to)), Declared::Unknown { .. }), "{to}");
        }
    }
}
