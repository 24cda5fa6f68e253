//! OGC GeoPackage, read through SQLite.
//!
//! The bytes are opened in memory and read-only. Nothing of the file is run: only plain tables are
//! read, functions in its schema are not trusted, and both the steps SQLite makes and
//! the bytes it hands out are counted, since a crafted file could have it walk in circles.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::{Map, Number, Value};

use super::error::{Fault, FormatError};
use super::files::Files;
use super::{Declared, Feature, Format, Header, Limits, Note, Take, wkb};

/// Steps of SQLite's machine between looks at the budget.
const STEPS: u32 = 10_000;
/// Layers or columns a file may have.
const NAMES_MAX: usize = 2_000;
/// Bytes of a column's name, which every feature carries.
const NAME_BYTES_MAX: usize = 500;

pub(super) fn read(
    file: &str,
    bytes: Vec<u8>,
    files: &dyn Files,
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let size = bytes.len() as u64;
    // In this mode the latest changes lie in a file beside it until the writer closes.
    let ahead = bytes.get(18) == Some(&2)
        && files.bytes(&format!("{file}-wal"), limits.bytes).is_ok_and(|log| log.len() > 32);
    if ahead {
        return Err(FormatError::whole(file, Fault::Journal {}));
    }
    let reader = Reader { file, limits };
    let connection = reader.open(bytes)?;
    let tables = reader.sql(layers(&connection))?;
    let layers: Vec<String> = tables.iter().map(|table| table.name.clone()).collect();
    let there = || layers.join(", ");
    let fail = |fault| Err(FormatError::whole(file, fault));
    let table = match (layer, tables.as_slice()) {
        (_, []) => return fail(Fault::LayerNone {}),
        (Some(name), all) => match all.iter().find(|table| table.name == name) {
            Some(table) => table,
            None => return fail(Fault::LayerMissing { layer: name.to_owned(), there: there() }),
        },
        (None, [only]) => only,
        (None, _) => return fail(Fault::LayersSeveral { there: there() }),
    };
    if !reader.sql(is_plain(&connection, &table.name))? {
        return fail(Fault::LayerForeign { layer: table.name.clone() });
    }
    let mut header = Header::of(Format::GeoPackage, &table.name);
    header.layers.clone_from(&layers);
    header.crs = reader.sql(system(&connection, table.system))?;
    reader.rows(&connection, table, size, take, &mut header.notes)?;
    Ok(header)
}

/// A table with geometry.
struct Table {
    name: String,
    column: String,
    system: i64,
}

struct Reader<'a> {
    file: &'a str,
    limits: &'a Limits,
}

impl Reader<'_> {
    fn sql<T>(&self, result: rusqlite::Result<T>) -> Result<T, FormatError> {
        result.map_err(|error| self.fault(&error))
    }

    fn fault(&self, error: &rusqlite::Error) -> FormatError {
        let reason: String = error.to_string().chars().take(200).collect();
        FormatError::whole(self.file, Fault::Database { reason })
    }

    fn open(&self, mut bytes: Vec<u8>) -> Result<Connection, FormatError> {
        // A write-ahead log is another file; a database in memory must not ask for one.
        if let Some(versions) = bytes.get_mut(18..20) {
            versions.fill(1);
        }
        let budget = 100_000_000 + 4 * bytes.len() as u64;
        let steps = Arc::new(AtomicU64::new(0));
        let opened = || {
            let mut connection = Connection::open_in_memory()?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
            connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
            let longest = i32::try_from(bytes.len()).unwrap_or(i32::MAX).max(100_000);
            connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, longest)?;
            connection.deserialize_read_exact("main", bytes.as_slice(), bytes.len(), true)?;
            let counter = Arc::clone(&steps);
            let over = move || counter.fetch_add(u64::from(STEPS), Ordering::Relaxed) > budget;
            connection.progress_handler(STEPS as i32, Some(over))?;
            connection.execute_batch("PRAGMA query_only = ON; PRAGMA cell_size_check = ON;")?;
            Ok(connection)
        };
        self.sql(opened())
    }

    fn rows(
        &self,
        connection: &Connection,
        table: &Table,
        size: u64,
        take: &mut Take<'_>,
        notes: &mut Vec<Note>,
    ) -> Result<(), FormatError> {
        let columns = self.sql(columns(connection, &table.name))?;
        if !columns.iter().any(|column| column.name.eq_ignore_ascii_case(&table.column)) {
            let reason = format!("the layer {} has no column {}", table.name, table.column);
            return Err(FormatError::whole(self.file, Fault::Damaged { reason }));
        }
        if let Some(long) = columns.iter().find(|column| column.name.len() > NAME_BYTES_MAX) {
            let start: String = long.name.chars().take(20).collect();
            let reason = format!("the name of a column is too long ({start}…)");
            return Err(FormatError::whole(self.file, Fault::Damaged { reason }));
        }
        let names = columns.iter().map(|column| quoted(&column.name)).collect::<Vec<_>>().join(", ");
        let query = format!("SELECT {names} FROM {}", quoted(&table.name));
        let mut statement = self.sql(connection.prepare(&query))?;
        let mut rows = self.sql(statement.query([]))?;
        let (mut number, mut handed, mut blobs, mut broken) = (0u64, 0u64, 0u64, 0u64);
        loop {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    let FormatError { fault, .. } = self.fault(&error);
                    return Err(FormatError::record(self.file, number + 1, fault));
                }
            };
            number += 1;
            if number > self.limits.features {
                let fault = Fault::TooMuch { what: "features", limit: self.limits.features };
                return Err(FormatError::record(self.file, number, fault));
            }
            let mut properties = Map::new();
            let mut geometry = Ok(None);
            for (i, column) in columns.iter().enumerate() {
                let value = self.sql(row.get_ref(i))?;
                handed += match value {
                    ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.len() as u64,
                    _ => 1,
                };
                if column.name.eq_ignore_ascii_case(&table.column) {
                    geometry = match value {
                        ValueRef::Null => Ok(None),
                        ValueRef::Blob(bytes) => blob(bytes, self.limits),
                        _ => Err("its geometry is no blob".to_owned()),
                    };
                    continue;
                }
                let value = match value {
                    ValueRef::Null => Value::Null,
                    ValueRef::Integer(v) if column.is_boolean && (v == 0 || v == 1) => Value::Bool(v == 1),
                    ValueRef::Integer(v) => v.into(),
                    ValueRef::Real(v) => Number::from_f64(v).map_or(Value::Null, Value::Number),
                    ValueRef::Text(bytes) => {
                        broken += u64::from(str::from_utf8(bytes).is_err());
                        String::from_utf8_lossy(bytes).into_owned().into()
                    }
                    ValueRef::Blob(_) => {
                        blobs += 1;
                        continue;
                    }
                };
                properties.insert(column.name.clone(), value);
            }
            // Sound files hold what they hand out; only ones whose pages point in circles exceed.
            if handed > 4 * size + 1_000_000 {
                let reason = "its pages point at one another in circles".to_owned();
                return Err(FormatError::record(self.file, number, Fault::Damaged { reason }));
            }
            take(Feature { number, geometry, properties });
        }
        if blobs > 0 {
            notes.push(Note::BlobsLeft { count: blobs });
        }
        if broken > 0 {
            notes.push(Note::TextsReplaced { count: broken, encoding: "UTF-8" });
        }
        Ok(())
    }
}

fn layers(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    let query = "SELECT g.table_name, g.column_name, g.srs_id FROM gpkg_geometry_columns g \
                 JOIN gpkg_contents c ON lower(c.table_name) = lower(g.table_name) \
                 WHERE c.data_type = 'features' ORDER BY g.rowid LIMIT ?1";
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map(params![NAMES_MAX as i64], |row| {
        Ok(Table { name: row.get(0)?, column: row.get(1)?, system: row.get(2)? })
    })?;
    rows.collect()
}

/// True for an ordinary table: no view, nothing virtual.
fn is_plain(connection: &Connection, name: &str) -> rusqlite::Result<bool> {
    let query =
        "SELECT type, sql FROM sqlite_schema WHERE lower(name) = lower(?1) AND type IN ('table', 'view')";
    let found: Option<(String, Option<String>)> =
        connection.query_row(query, params![name], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((kind, Some(sql))) = found else { return Ok(false) };
    let virtual_table = sql.to_ascii_uppercase().split_whitespace().nth(1) == Some("VIRTUAL");
    Ok(kind == "table" && !virtual_table)
}

struct Column {
    name: String,
    is_boolean: bool,
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<Column>> {
    let mut statement = connection.prepare("SELECT name, type FROM pragma_table_info(?1) LIMIT ?2")?;
    let rows = statement.query_map(params![table, NAMES_MAX as i64], |row| {
        let kind: String = row.get(1)?;
        Ok(Column { name: row.get(0)?, is_boolean: kind.eq_ignore_ascii_case("BOOLEAN") })
    })?;
    rows.collect()
}

fn system(connection: &Connection, id: i64) -> rusqlite::Result<Option<Declared>> {
    // 0 and -1 stand for an unknown system.
    if id <= 0 {
        return Ok(None);
    }
    let query = "SELECT srs_name, organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys \
                 WHERE srs_id = ?1";
    let found = connection
        .query_row(query, params![id], |row| {
            let get = |i| row.get_ref(i).map(|v| v.as_str().unwrap_or_default().to_owned());
            Ok((get(0)?, get(1)?, row.get::<_, Option<i64>>(2)?, get(3)?))
        })
        .optional()?;
    let Some((name, organisation, code, text)) = found else {
        return Ok(Some(Declared::Unknown { name: format!("srs_id {id}") }));
    };
    let code = code.and_then(|code| u32::try_from(code).ok());
    Ok(Some(match code {
        Some(code) if organisation.eq_ignore_ascii_case("EPSG") => Declared::of_epsg(code, &name),
        _ => Declared::of_text(&text),
    }))
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Geometry in GeoPackage's own wrapping: `GP`, version, flags, system, bounds, then WKB.
fn blob(bytes: &[u8], limits: &Limits) -> Result<Option<geojson::GeometryValue>, String> {
    let head = bytes.get(..8).filter(|head| head.starts_with(b"GP"));
    let flags = head.ok_or("it is no GeoPackage geometry")?[3];
    let bounds = match flags >> 1 & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(format!("there are no bounds of kind {other}")),
    };
    if flags & 0x20 != 0 {
        return Err("it is of a kind that an extension defines".to_owned());
    }
    let rest = bytes.get(8 + bounds..).ok_or("it is cut short")?;
    if flags & 0x10 != 0 { Ok(None) } else { wkb::parse(rest, limits) }
}
