//! Well-known text: the geometry of a table's column.

use std::fmt;

use geojson::{Geometry, GeometryValue, Position};

use super::wkb::position;

/// Text that is no geometry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WktError {
    /// Byte of the text, from 0.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

impl fmt::Display for WktError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: expected {}", self.at, self.expected)
    }
}

impl std::error::Error for WktError {}

/// Collections within one another.
const NESTING_MAX: usize = 32;

/// Reads one geometry, in any letter case, with or without `SRID=…;` in front.
///
/// Third and fourth numbers are dropped. `EMPTY` becomes a geometry without positions; an empty
/// point, which GeoJSON cannot say, becomes an empty `MultiPoint`.
///
/// # Errors
///
/// Where the text stops being well-known text, and what should stand there.
pub fn parse(text: &str) -> Result<GeometryValue, WktError> {
    let mut reader = Reader { text, at: 0 };
    reader.system()?;
    let found = reader.geometry(NESTING_MAX)?;
    reader.space();
    if reader.at == text.len() { Ok(found) } else { Err(reader.fault("the end of the text")) }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Found<T> = Result<T, WktError>;

impl<'a> Reader<'a> {
    fn fault(&self, expected: &'static str) -> WktError {
        WktError { at: self.at, expected }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: char) -> bool {
        self.space();
        let there = self.rest().starts_with(sign);
        if there {
            self.at += sign.len_utf8();
        }
        there
    }

    fn expect(&mut self, sign: char, expected: &'static str) -> Found<()> {
        if self.eat(sign) { Ok(()) } else { Err(self.fault(expected)) }
    }

    /// The letters that come next, not yet taken.
    fn word(&mut self) -> &'a str {
        self.space();
        let rest = self.rest();
        &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())]
    }

    fn eat_word(&mut self, wanted: &str) -> bool {
        let there = self.word().eq_ignore_ascii_case(wanted);
        if there {
            self.at += wanted.len();
        }
        there
    }

    /// `SRID=4490;`, which is passed over.
    fn system(&mut self) -> Found<()> {
        if self.eat_word("SRID") {
            self.expect('=', "=")?;
            self.number()?;
            self.expect(';', ";")?;
        }
        Ok(())
    }

    fn geometry(&mut self, depth: usize) -> Found<GeometryValue> {
        let start = self.at;
        let word = self.word();
        self.at += word.len();
        let upper = word.to_ascii_uppercase();
        let kind = match upper.strip_suffix("ZM").or(upper.strip_suffix(['Z', 'M'])) {
            Some(bare) if !bare.is_empty() => bare,
            _ => upper.as_str(),
        };
        for dimension in ["ZM", "Z", "M"] {
            if self.eat_word(dimension) {
                break;
            }
        }
        Ok(match kind {
            "POINT" => {
                if self.eat_word("EMPTY") {
                    return Ok(GeometryValue::MultiPoint { coordinates: Vec::new() });
                }
                self.expect('(', "( or EMPTY")?;
                let coordinates = self.position()?;
                self.expect(')', ")")?;
                GeometryValue::Point { coordinates }
            }
            "LINESTRING" => GeometryValue::LineString { coordinates: self.line()? },
            "POLYGON" => GeometryValue::Polygon { coordinates: self.list(&Self::line)? },
            "MULTIPOINT" => GeometryValue::MultiPoint { coordinates: self.list(&Self::loose_position)? },
            "MULTILINESTRING" => GeometryValue::MultiLineString { coordinates: self.list(&Self::line)? },
            "MULTIPOLYGON" => {
                GeometryValue::MultiPolygon { coordinates: self.list(&|r: &mut Self| r.list(&Self::line))? }
            }
            "GEOMETRYCOLLECTION" => {
                let depth = depth.checked_sub(1).ok_or(self.fault("fewer collections within one another"))?;
                let geometries = self.list(&|r: &mut Self| r.geometry(depth).map(Geometry::new))?;
                GeometryValue::GeometryCollection { geometries }
            }
            _ => {
                self.at = start;
                self.space();
                return Err(self.fault("POINT, LINESTRING, POLYGON, a MULTI of these, or GEOMETRYCOLLECTION"));
            }
        })
    }

    fn list<T>(&mut self, read: &dyn Fn(&mut Self) -> Found<T>) -> Found<Vec<T>> {
        let mut items = Vec::new();
        if self.eat_word("EMPTY") {
            return Ok(items);
        }
        self.expect('(', "( or EMPTY")?;
        loop {
            items.push(read(self)?);
            if !self.eat(',') {
                break;
            }
        }
        self.expect(')', ", or )")?;
        Ok(items)
    }

    fn line(&mut self) -> Found<Vec<Position>> {
        self.list(&Self::position)
    }

    /// A position of a multi-point, with or without its own brackets.
    fn loose_position(&mut self) -> Found<Position> {
        let bracket = self.eat('(');
        let found = self.position()?;
        if bracket {
            self.expect(')', ")")?;
        }
        Ok(found)
    }

    fn position(&mut self) -> Found<Position> {
        let (x, y) = (self.number()?, self.number()?);
        for _ in 0..2 {
            self.space();
            if !self.rest().starts_with([',', ')']) {
                self.number()?;
            }
        }
        Ok(position(x, y))
    }

    fn number(&mut self) -> Found<f64> {
        self.space();
        let rest = self.rest();
        let end =
            rest.find(|c: char| !(c.is_ascii_alphanumeric() || "+-.".contains(c))).unwrap_or(rest.len());
        let value = rest[..end].parse::<f64>().ok().filter(|v| v.is_finite());
        let value = value.ok_or(self.fault("a number"))?;
        self.at += end;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> String {
        parse(text)
            .map_or_else(|e| e.to_string(), |g| serde_json::to_string(&Geometry::new(g)).expect("JSON"))
    }

    #[test]
    fn every_kind() {
        for (text, expected) in [
            ("POINT (1 2)", r#"{"type":"Point","coordinates":[1.0,2.0]}"#),
            ("SRID=4490;point z(1 2 3)", r#"{"type":"Point","coordinates":[1.0,2.0]}"#),
            ("POINTZM(1 2 3 4)", r#"{"type":"Point","coordinates":[1.0,2.0]}"#),
            ("POINT EMPTY", r#"{"type":"MultiPoint","coordinates":[]}"#),
            ("MULTIPOINT((1 2),3 4)", r#"{"type":"MultiPoint","coordinates":[[1.0,2.0],[3.0,4.0]]}"#),
            (" LineString(1e2 -2,.5 4) ", r#"{"type":"LineString","coordinates":[[100.0,-2.0],[0.5,4.0]]}"#),
            (
                "POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))",
                r#"{"type":"Polygon","coordinates":[[[0.0,0.0],[4.0,0.0],[4.0,4.0],[0.0,0.0]],[[1.0,1.0],[2.0,1.0],[2.0,2.0],[1.0,1.0]]]}"#,
            ),
            ("MULTIPOLYGON EMPTY", r#"{"type":"MultiPolygon","coordinates":[]}"#),
            (
                "MULTIPOLYGON M(((0 0 9,1 0 9,1 1 9,0 0 9)))",
                r#"{"type":"MultiPolygon","coordinates":[[[[0.0,0.0],[1.0,0.0],[1.0,1.0],[0.0,0.0]]]]}"#,
            ),
            (
                "GEOMETRYCOLLECTION(POINT(1 2),GEOMETRYCOLLECTION EMPTY)",
                r#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1.0,2.0]},{"type":"GeometryCollection","geometries":[]}]}"#,
            ),
        ] {
            assert_eq!(json(text), expected, "{text}");
        }
    }

    #[test]
    fn faults_say_where() {
        for (text, at) in [
            ("", 0),
            ("  CIRCLE(1 2)", 2),
            ("POINT(1)", 7),
            ("POINT(1 2", 9),
            ("POINT(1 2) x", 11),
            ("POINT(1 NaN)", 8),
            ("POINT(1 1e999)", 8),
            ("POINT(1 2 3 4 5)", 14),
            ("LINESTRING(1 2,)", 15),
            ("点(1 2)", 0),
        ] {
            assert_eq!(parse(text).map_err(|e| e.at), Err(at), "{text}");
        }
        let deep = "GEOMETRYCOLLECTION(".repeat(100_000);
        assert!(parse(&deep).is_err());
    }
}
