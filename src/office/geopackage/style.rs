//! How layers are drawn: the table `layer_styles`, which desktop programs read when they open a
//! layer, with one style in the form of QGIS 3 for each layer.

use std::fmt::Write as _;

use rusqlite::Connection;

use super::{GeometryKind, LAST_CHANGE, Layer};
use crate::office::OfficeError;
use crate::office::text::{clean, xml};

/// Red, green, blue and opacity, each 0 to 255.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8, pub u8);

/// How a layer is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Style {
    /// Colour of areas, or of lines and points.
    pub fill: Fill,
    /// Colour of outlines.
    pub outline: Colour,
    /// Width of lines in millimetres.
    pub width_mm: f64,
    /// The attribute written beside each feature.
    pub label: Option<String>,
}

/// Colours of features.
#[derive(Clone, Debug, PartialEq)]
pub enum Fill {
    /// None: only outlines.
    Hollow,
    /// One for all.
    Single(Colour),
    /// By the value of an attribute.
    Categories {
        /// The attribute.
        field: String,
        /// Its values.
        categories: Vec<Category>,
    },
}

/// One value and its colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// The value; empty for all others.
    pub value: String,
    /// What the legend calls it.
    pub label: String,
    /// Its colour.
    pub colour: Colour,
}

const TABLE: &str = "
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT,
  f_table_name TEXT, f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT, ui TEXT, update_time DATETIME);";

/// Adds the table if any layer has a style; it is listed as attributes without geometry.
pub(super) fn add(database: &Connection, layers: &[Layer]) -> Result<(), OfficeError> {
    if layers.iter().all(|layer| layer.style.is_none()) {
        return Ok(());
    }
    database.execute_batch(TABLE)?;
    database.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, last_change) \
         VALUES ('layer_styles', 'attributes', 'layer_styles', ?1)",
        (LAST_CHANGE,),
    )?;
    for layer in layers {
        let Some(style) = &layer.style else { continue };
        let name = clean(&layer.name).trim().to_owned();
        let title = clean(&layer.title);
        database.execute(
            "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, \
             styleName, styleQML, styleSLD, useAsDefault, description, owner, update_time) \
             VALUES ('', '', ?1, 'geom', ?1, ?2, '', 1, ?3, '', ?4)",
            (name, qml(style, layer.kind), title.as_ref(), LAST_CHANGE),
        )?;
    }
    Ok(())
}

/// The style in the form QGIS reads.
pub(super) fn qml(style: &Style, kind: GeometryKind) -> String {
    let mut out = String::from(
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n\
         <qgis version=\"3.22.0\" styleCategories=\"Symbology|Labeling\" labelsEnabled=\"1\">\n",
    );
    // Writing to a string does not fail.
    match &style.fill {
        Fill::Categories { field, categories } => {
            let _ = write!(
                out,
                "<renderer-v2 type=\"categorizedSymbol\" attr=\"{}\" enableorderby=\"0\" symbollevels=\"0\" \
                 forceraster=\"0\">\n<categories>\n",
                xml(field)
            );
            for (number, category) in categories.iter().enumerate() {
                let _ = writeln!(
                    out,
                    "<category symbol=\"{number}\" value=\"{}\" type=\"string\" label=\"{}\" render=\"true\"/>",
                    xml(&category.value),
                    xml(&category.label)
                );
            }
            out.push_str("</categories>\n<symbols>\n");
            for (number, category) in categories.iter().enumerate() {
                symbol(&mut out, number, Some(category.colour), style, kind);
            }
        }
        Fill::Hollow | Fill::Single(_) => {
            out.push_str("<renderer-v2 type=\"singleSymbol\" enableorderby=\"0\" symbollevels=\"0\" forceraster=\"0\">\n<symbols>\n");
            let colour = match style.fill {
                Fill::Single(colour) => Some(colour),
                _ => None,
            };
            symbol(&mut out, 0, colour, style, kind);
        }
    }
    out.push_str("</symbols>\n</renderer-v2>\n");
    if let Some(field) = &style.label {
        labels(&mut out, field, kind);
    }
    out.push_str("</qgis>\n");
    out
}

fn symbol(out: &mut String, number: usize, colour: Option<Colour>, style: &Style, kind: GeometryKind) {
    let outline = rgba(style.outline);
    let own = colour.map_or_else(|| outline.clone(), rgba);
    let width = if style.width_mm.is_finite() { style.width_mm.clamp(0.0, 100.0) } else { 0.26 };
    let width = format!("{width:.2}");
    let brush = if colour.is_some() { "solid" } else { "no" };
    let (symbol, layer, properties): (_, _, Vec<(&str, &str)>) = match kind {
        GeometryKind::Polygon | GeometryKind::MultiPolygon => (
            "fill",
            "SimpleFill",
            vec![
                ("color", &own),
                ("style", brush),
                ("outline_color", &outline),
                ("outline_style", "solid"),
                ("outline_width", &width),
                ("outline_width_unit", "MM"),
                ("joinstyle", "bevel"),
            ],
        ),
        GeometryKind::LineString | GeometryKind::MultiLineString => (
            "line",
            "SimpleLine",
            vec![
                ("line_color", &own),
                ("line_style", "solid"),
                ("line_width", &width),
                ("line_width_unit", "MM"),
                ("capstyle", "round"),
                ("joinstyle", "round"),
            ],
        ),
        GeometryKind::Point | GeometryKind::MultiPoint => (
            "marker",
            "SimpleMarker",
            vec![
                ("name", "circle"),
                ("color", &own),
                ("outline_color", &outline),
                ("outline_style", "solid"),
                ("outline_width", &width),
                ("outline_width_unit", "MM"),
                ("size", "3"),
                ("size_unit", "MM"),
            ],
        ),
    };
    let _ = writeln!(
        out,
        "<symbol name=\"{number}\" type=\"{symbol}\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\">\
         <layer class=\"{layer}\" enabled=\"1\" locked=\"0\" pass=\"0\">"
    );
    // Older programs read the second form, newer ones the first.
    out.push_str("<Option type=\"Map\">");
    for (name, value) in &properties {
        let _ = write!(out, "<Option name=\"{name}\" type=\"QString\" value=\"{value}\"/>");
    }
    out.push_str("</Option>\n");
    for (name, value) in &properties {
        let _ = write!(out, "<prop k=\"{name}\" v=\"{value}\"/>");
    }
    out.push_str("</layer></symbol>\n");
}

fn rgba(Colour(red, green, blue, opacity): Colour) -> String {
    format!("{red},{green},{blue},{opacity}")
}

/// Labels in the middle of areas, beside points, along lines, with a white rim.
fn labels(out: &mut String, field: &str, kind: GeometryKind) {
    let placement = match kind {
        GeometryKind::Polygon | GeometryKind::MultiPolygon => 1,
        GeometryKind::LineString | GeometryKind::MultiLineString => 2,
        GeometryKind::Point | GeometryKind::MultiPoint => 0,
    };
    let _ = writeln!(
        out,
        "<labeling type=\"simple\"><settings><text-style fieldName=\"{}\" isExpression=\"0\" fontFamily=\"SimHei\" \
         fontSize=\"8\" fontSizeUnit=\"Point\" textColor=\"20,20,20,255\" textOpacity=\"1\">\
         <text-buffer bufferDraw=\"1\" bufferSize=\"0.8\" bufferSizeUnits=\"MM\" bufferColor=\"255,255,255,230\"/>\
         </text-style><placement placement=\"{placement}\" dist=\"1\" distUnits=\"MM\"/>\
         <rendering drawLabels=\"1\" obstacle=\"1\"/></settings></labeling>",
        xml(field)
    );
}
