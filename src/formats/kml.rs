//! KML: placemarks with their folders and data. Always WGS 84.
//!
//! Read as a stream of events; entities of the file's own are never expanded.

use geojson::{Geometry, GeometryValue, Position};
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

use super::error::{Fault, FormatError};
use super::wkb::{is_empty, position};
use super::{Declared, Feature, Format, Header, Limits, Note, Take, only_layer, stem, text};

/// Elements of KML itself around folders and collections.
const OWN_LEVELS: usize = 16;
/// Letters of a folder's name that each of its placemarks carries.
const FOLDER_NAME_MAX: usize = 200;

pub(super) fn read(
    file: &str,
    bytes: &[u8],
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let mut header = Header::of(Format::Kml, stem(file));
    only_layer(file, &header.layer, layer)?;
    header.crs = Some(Declared::Known { epsg: 4326, name: "WGS 84".to_owned() });
    let text = text::of_xml(bytes).map_err(|encoding| FormatError::whole(file, Fault::Text { encoding }))?;
    let mut reader = quick_xml::Reader::from_str(&text);
    let mut state = State { limits: *limits, ..State::default() };
    loop {
        let event = reader.read_event();
        let at = reader.buffer_position() as usize;
        let markup = |reason: String| FormatError::byte(file, at, Fault::Markup { reason });
        match event.map_err(|error| markup(error.to_string().chars().take(200).collect()))? {
            Event::Start(element) => {
                state.start(&element);
                if state.open.len() > limits.nesting + OWN_LEVELS {
                    return Err(FormatError::byte(file, at, Fault::NestedTooDeep {}));
                }
            }
            Event::Empty(element) => {
                state.start(&element);
                state.end(take);
            }
            Event::End(_) => state.end(take),
            Event::Text(words) => state.text.push_str(&String::from_utf8_lossy(&words)),
            Event::CData(words) => state.text.push_str(&String::from_utf8_lossy(&words)),
            Event::GeneralRef(name) => state.text.push_str(&resolved(&String::from_utf8_lossy(&name))),
            Event::Eof if state.open.is_empty() => break,
            Event::Eof => return Err(FormatError::byte(file, at, Fault::CutShort { what: "an element" })),
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_) => {}
        }
        if state.number > limits.features {
            let fault = Fault::TooMuch { what: "features", limit: limits.features };
            return Err(FormatError::byte(file, at, fault));
        }
    }
    if state.links > 0 {
        header.notes.push(Note::LinksLeft { count: state.links });
    }
    Ok(header)
}

/// What a reference stands for; one of the file's own stays as it is written.
fn resolved(name: &str) -> String {
    let number = name.strip_prefix('#').and_then(|digits| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    });
    match (name, number.and_then(char::from_u32)) {
        (_, Some(sign)) => sign.to_string(),
        ("amp", _) => "&".to_owned(),
        ("lt", _) => "<".to_owned(),
        ("gt", _) => ">".to_owned(),
        ("quot", _) => "\"".to_owned(),
        ("apos", _) => "'".to_owned(),
        _ => format!("&{name};"),
    }
}

/// A geometry not yet closed.
enum Shape {
    Point(Vec<Position>),
    Line(Vec<Position>),
    Polygon { outer: Option<Vec<Position>>, holes: Vec<Vec<Position>>, inner: bool },
    Several(Vec<GeometryValue>),
}

/// A placemark not yet closed.
#[derive(Default)]
struct Placemark {
    properties: Map<String, Value>,
    shapes: Vec<Shape>,
    geometry: Option<GeometryValue>,
    fault: Option<String>,
    points: usize,
}

#[derive(Default)]
struct State {
    limits: Limits,
    /// Local names of open elements.
    open: Vec<String>,
    /// Names of open folders.
    folders: Vec<String>,
    placemark: Option<Placemark>,
    /// Name of the datum being read.
    key: Option<String>,
    text: String,
    number: u64,
    links: u64,
}

impl State {
    fn start(&mut self, element: &BytesStart<'_>) {
        let name = String::from_utf8_lossy(element.local_name().as_ref()).into_owned();
        self.text.clear();
        match name.as_str() {
            "Folder" => self.folders.push(String::new()),
            "NetworkLink" => self.links += 1,
            "Placemark" => self.placemark = Some(Placemark::default()),
            "Data" | "SimpleData" => {
                let named = element.attributes().flatten().find(|a| a.key.local_name().as_ref() == b"name");
                self.key = named.map(|a| unescaped(&String::from_utf8_lossy(&a.value)));
            }
            _ => {}
        }
        if let Some(placemark) = &mut self.placemark {
            match name.as_str() {
                "Point" => placemark.shapes.push(Shape::Point(Vec::new())),
                "LineString" | "LinearRing" => placemark.shapes.push(Shape::Line(Vec::new())),
                "Polygon" => {
                    placemark.shapes.push(Shape::Polygon { outer: None, holes: Vec::new(), inner: false });
                }
                "MultiGeometry" => placemark.shapes.push(Shape::Several(Vec::new())),
                "Track" | "MultiTrack" | "Model" => {
                    placemark.fault =
                        Some("tracks and models are not read; convert it to points or lines".to_owned());
                }
                "innerBoundaryIs" | "outerBoundaryIs" => {
                    if let Some(Shape::Polygon { inner, .. }) = placemark.shapes.last_mut() {
                        *inner = name == "innerBoundaryIs";
                    }
                }
                _ => {}
            }
        }
        self.open.push(name);
    }

    fn end(&mut self, take: &mut Take<'_>) {
        let Some(name) = self.open.pop() else { return };
        let words = std::mem::take(&mut self.text);
        let words = words.trim();
        let parent = self.open.last().map(String::as_str).unwrap_or_default();
        match (name.as_str(), &mut self.placemark) {
            ("name", None) if parent == "Folder" => {
                if let Some(folder) = self.folders.last_mut() {
                    *folder = words.chars().take(FOLDER_NAME_MAX).collect();
                }
            }
            ("Folder", _) => {
                self.folders.pop();
            }
            ("Placemark", placemark @ Some(_)) => {
                let folder: Vec<&str> =
                    self.folders.iter().map(String::as_str).filter(|f| !f.is_empty()).collect();
                if let Some(mut done) = placemark.take() {
                    self.number += 1;
                    if !folder.is_empty() {
                        done.properties.entry("folder").or_insert_with(|| folder.join("/").into());
                    }
                    let geometry = match done.fault {
                        Some(fault) => Err(fault),
                        None => Ok(done.geometry.filter(|g| !is_empty(g))),
                    };
                    take(Feature { number: self.number, geometry, properties: done.properties });
                }
            }
            ("name" | "description" | "address" | "phoneNumber", Some(placemark))
                if parent == "Placemark" =>
            {
                placemark.properties.insert(name, words.into());
            }
            ("value", Some(placemark)) if parent == "Data" => {
                if let Some(key) = self.key.take() {
                    placemark.properties.insert(key, words.into());
                }
            }
            ("SimpleData", Some(placemark)) => {
                if let Some(key) = self.key.take() {
                    placemark.properties.insert(key, words.into());
                }
            }
            ("coordinates", Some(placemark)) => placemark.coordinates(words, &self.limits),
            ("Point" | "LineString" | "LinearRing" | "Polygon" | "MultiGeometry", Some(placemark)) => {
                placemark.close();
            }
            _ => {}
        }
    }
}

/// An attribute's text with the five usual references resolved.
fn unescaped(text: &str) -> String {
    quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

impl Placemark {
    fn coordinates(&mut self, words: &str, limits: &Limits) {
        let found = positions(words, limits.points.saturating_sub(self.points));
        match (found, self.shapes.last_mut()) {
            (Ok(found), Some(Shape::Point(own) | Shape::Line(own))) => {
                self.points += found.len();
                own.extend(found);
            }
            (Err(fault), _) => self.fault = Some(fault),
            _ => {}
        }
    }

    /// Closes the innermost geometry and puts it where it belongs.
    fn close(&mut self) {
        let done = match self.shapes.pop() {
            Some(Shape::Point(mut own)) if !own.is_empty() => {
                GeometryValue::Point { coordinates: own.swap_remove(0) }
            }
            Some(Shape::Line(own)) => {
                if let Some(Shape::Polygon { outer, holes, inner }) = self.shapes.last_mut() {
                    if *inner || outer.is_some() {
                        holes.push(own);
                    } else {
                        *outer = Some(own);
                    }
                    return;
                }
                GeometryValue::LineString { coordinates: own }
            }
            Some(Shape::Polygon { outer, holes, .. }) => {
                // The outer ring leads, wherever the file has it.
                GeometryValue::Polygon { coordinates: outer.into_iter().chain(holes).collect() }
            }
            Some(Shape::Several(parts)) => together(parts),
            _ => return,
        };
        match self.shapes.last_mut() {
            Some(Shape::Several(parts)) => parts.push(done),
            _ => self.geometry = Some(done),
        }
    }
}

/// Parts of one kind as a multi-geometry, others as a collection.
fn together(parts: Vec<GeometryValue>) -> GeometryValue {
    let all = |test: fn(&GeometryValue) -> bool| !parts.is_empty() && parts.iter().all(test);
    if all(|p| matches!(p, GeometryValue::Point { .. })) {
        let own = |p| if let GeometryValue::Point { coordinates } = p { Some(coordinates) } else { None };
        return GeometryValue::MultiPoint { coordinates: parts.into_iter().filter_map(own).collect() };
    }
    if all(|p| matches!(p, GeometryValue::LineString { .. })) {
        let own =
            |p| if let GeometryValue::LineString { coordinates } = p { Some(coordinates) } else { None };
        return GeometryValue::MultiLineString { coordinates: parts.into_iter().filter_map(own).collect() };
    }
    if all(|p| matches!(p, GeometryValue::Polygon { .. } | GeometryValue::MultiPolygon { .. })) {
        let own = |p| match p {
            GeometryValue::Polygon { coordinates } => vec![coordinates],
            GeometryValue::MultiPolygon { coordinates } => coordinates,
            _ => Vec::new(),
        };
        return GeometryValue::MultiPolygon { coordinates: parts.into_iter().flat_map(own).collect() };
    }
    GeometryValue::GeometryCollection { geometries: parts.into_iter().map(Geometry::new).collect() }
}

/// `lon,lat[,height]` separated by blanks; blanks beside commas are forgiven.
fn positions(words: &str, most: usize) -> Result<Vec<Position>, String> {
    let mut found = Vec::new();
    let mut numbers: Vec<f64> = Vec::new();
    let mut comma = true;
    let mut rest = words.trim_start();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(',') {
            (comma, rest) = (true, after.trim_start());
            continue;
        }
        let end = rest.find(|c: char| c == ',' || c.is_whitespace()).unwrap_or(rest.len());
        if !comma {
            found.push(tuple(&numbers)?);
            numbers.clear();
        }
        let number = rest[..end].parse::<f64>().ok().filter(|v| v.is_finite());
        numbers.push(
            number.ok_or_else(|| {
                format!("{:?} is no number", rest[..end].chars().take(20).collect::<String>())
            })?,
        );
        if found.len() >= most || numbers.len() > 3 {
            return Err("it has too many positions, or numbers in one".to_owned());
        }
        (comma, rest) = (false, rest[end..].trim_start());
    }
    if !numbers.is_empty() {
        found.push(tuple(&numbers)?);
    }
    Ok(found)
}

fn tuple(numbers: &[f64]) -> Result<Position, String> {
    match numbers {
        [x, y, ..] => Ok(position(*x, *y)),
        _ => Err("a position needs longitude and latitude".to_owned()),
    }
}
