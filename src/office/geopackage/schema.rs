//! Tables of the format: those every GeoPackage has (1.1.1 to 1.1.3, 2.1), the index of extents
//! with its triggers (annex F.3), and what is entered in them for a layer.

use std::fmt::Write as _;

use rusqlite::Connection;

use super::binary::Bounds;
use super::{FieldKind, GeometryKind, LAST_CHANGE, Layer, Srs};
use crate::office::OfficeError;
use crate::office::text::clean;

/// `GPKG` and version 1.3.1 in the file's head, the systems every file has, and empty lists. An
/// index of extents is kept up by triggers that call functions of the program which edits.
pub(super) const BASE: &str = r#"
PRAGMA application_id = 1196444487;
PRAGMA user_version = 10301;
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
 ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined Cartesian coordinate reference system'),
 ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
 ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]', 'longitude and latitude in degrees'),
 ('China Geodetic Coordinate System 2000', 4490, 'EPSG', 4490, 'GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101,AUTHORITY["EPSG","1024"]],AUTHORITY["EPSG","1043"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4490"]]', 'longitude and latitude in degrees');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
  CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"#;

/// A name as the database reads it.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn index_name(layer: &str) -> String {
    format!("rtree_{layer}_geom")
}

pub(super) fn type_name(kind: GeometryKind) -> &'static str {
    match kind {
        GeometryKind::Point => "POINT",
        GeometryKind::LineString => "LINESTRING",
        GeometryKind::Polygon => "POLYGON",
        GeometryKind::MultiPoint => "MULTIPOINT",
        GeometryKind::MultiLineString => "MULTILINESTRING",
        GeometryKind::MultiPolygon => "MULTIPOLYGON",
    }
}

/// The layer's table and the table of its index.
pub(super) fn table(name: &str, kind: GeometryKind, fields: &[(String, FieldKind)]) -> String {
    let mut sql = format!(
        "CREATE TABLE {} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {}",
        quoted(name),
        type_name(kind)
    );
    for (field, kind) in fields {
        let kind = match kind {
            FieldKind::Text => "TEXT",
            FieldKind::Whole => "INTEGER",
            FieldKind::Number => "REAL",
            FieldKind::Flag => "BOOLEAN",
        };
        // Writing to a string does not fail.
        let _ = write!(sql, ", {} {kind}", quoted(field));
    }
    let index = quoted(&index_name(name));
    let _ = write!(sql, ");\nCREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy);");
    sql
}

pub(super) fn insert(name: &str, fields: &[(String, FieldKind)]) -> String {
    let marks = ", ?".repeat(fields.len());
    format!("INSERT INTO {} VALUES (?, ?{marks})", quoted(name))
}

pub(super) fn index_insert(name: &str) -> String {
    format!("INSERT INTO {} VALUES (?, ?, ?, ?, ?)", quoted(&index_name(name)))
}

/// The triggers that keep the index up (F.3, table 51), made after it is filled.
pub(super) fn triggers(name: &str) -> String {
    let (table, index) = (quoted(name), quoted(&index_name(name)));
    let trigger = |suffix: &str| quoted(&format!("rtree_{name}_geom_{suffix}"));
    let filled = "NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom)";
    let void = "NEW.geom ISNULL OR ST_IsEmpty(NEW.geom)";
    let put = format!(
        "INSERT OR REPLACE INTO {index} VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), \
         ST_MinY(NEW.geom), ST_MaxY(NEW.geom));"
    );
    let take = format!("DELETE FROM {index} WHERE id = OLD.fid;");
    let parts = [
        ("insert", "INSERT", format!("({filled})"), put.clone()),
        ("update1", "UPDATE OF geom", format!("OLD.fid = NEW.fid AND ({filled})"), put.clone()),
        ("update2", "UPDATE OF geom", format!("OLD.fid = NEW.fid AND ({void})"), take.clone()),
        ("update3", "UPDATE", format!("OLD.fid != NEW.fid AND ({filled})"), format!("{take} {put}")),
        (
            "update4",
            "UPDATE",
            format!("OLD.fid != NEW.fid AND ({void})"),
            format!("DELETE FROM {index} WHERE id IN (OLD.fid, NEW.fid);"),
        ),
        ("delete", "DELETE", "OLD.geom NOT NULL".to_owned(), take),
    ];
    let mut sql = String::new();
    for (suffix, event, when, then) in parts {
        let _ = writeln!(
            sql,
            "CREATE TRIGGER {} AFTER {event} ON {table} WHEN {when} BEGIN {then} END;",
            trigger(suffix)
        );
    }
    sql
}

/// Enters the layer in the lists.
pub(super) fn register(
    database: &Connection,
    layer: &Layer,
    name: &str,
    bounds: Option<Bounds>,
) -> Result<(), OfficeError> {
    let srs = layer.srs.code();
    if let Srs::Projected { name, text, .. } = &layer.srs {
        database.execute(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?1, ?2, 'EPSG', ?2, ?3, 'metres, east first')",
            (name, srs, text),
        )?;
    }
    let title = clean(&layer.title).trim().to_owned();
    let b = bounds.map(|b| (b.min_x, b.min_y, b.max_x, b.max_y));
    // The identifier has to differ between layers, which only the name is sure to do.
    database.execute(
        "INSERT INTO gpkg_contents VALUES (?1, 'features', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        (name, title, LAST_CHANGE, b.map(|b| b.0), b.map(|b| b.1), b.map(|b| b.2), b.map(|b| b.3), srs),
    )?;
    database.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?1, 'geom', ?2, ?3, 0, 0)",
        (name, type_name(layer.kind), srs),
    )?;
    database.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, 'geom', 'gpkg_rtree_index', \
         'http://www.geopackage.org/spec131/#extension_rtree', 'write-only')",
        (name,),
    )?;
    Ok(())
}
