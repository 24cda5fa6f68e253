//! ESRI Shapefile: shapes in `.shp`, attributes in `.dbf`, read and written.
//!
//! After the published technical description of 1998. A missing `.shx` does no harm; a missing
//! `.dbf` is an error; without `.prj` the file names no system. Third and fourth numbers are
//! dropped. Multipatches are not read.

mod dbf;
mod rings;
mod shapes;
mod write;

pub use write::{FieldKind, Outgoing, write};

use super::error::{Fault, FormatError};
use super::files::{Files, sidecar};
use super::{Declared, Feature, Format, Header, Limits, Note, Take, only_layer, stem};

pub(super) fn read(
    name: &str,
    shp: &[u8],
    files: &dyn Files,
    layer: Option<&str>,
    limits: &Limits,
    take: &mut Take<'_>,
) -> Result<Header, FormatError> {
    let mut header = Header::of(Format::Shapefile, stem(name));
    only_layer(name, &header.layer, layer)?;
    let beside = |ending: &'static str| {
        let Some(own) = sidecar(files, name, ending) else { return Ok(None) };
        let bytes = files.bytes(&own, limits.bytes).map_err(|fault| FormatError::whole(&own, fault))?;
        Ok(Some((own, bytes)))
    };
    let Some((dbf_name, dbf)) = beside("dbf")? else {
        return Err(FormatError::whole(name, Fault::SidecarMissing { ending: "dbf" }));
    };
    let page = beside("cpg")?.map(|(_, bytes)| String::from_utf8_lossy(&bytes).trim().to_owned());
    header.crs = beside("prj")?.map(|(_, bytes)| Declared::of_text(&String::from_utf8_lossy(&bytes)));
    let table = dbf::Table::open(&dbf_name, &dbf, page.as_deref(), limits, &mut header.notes)?;
    header.encoding = Some(table.encoding());
    let index = beside("shx")?.map(|(_, bytes)| bytes);
    let records = shapes::records(name, shp, index.as_deref(), limits, &mut header.notes)?;
    if records.len() as u64 != table.rows {
        header.notes.push(Note::ShapesAndRows { shapes: records.len() as u64, rows: table.rows });
    }
    let (mut number, mut deleted, mut sorting) = (0, 0u64, rings::Sorting::of(shp.len()));
    for row in 0..(records.len() as u64).max(table.rows) {
        if table.is_deleted(row) {
            deleted += 1;
            continue;
        }
        number += 1;
        if number > limits.features {
            return Err(FormatError::record(
                name,
                row + 1,
                Fault::TooMuch { what: "features", limit: limits.features },
            ));
        }
        let geometry = match records.get(row as usize) {
            Some(record) => shapes::geometry(record, limits, &mut sorting),
            None => Ok(None),
        };
        take(Feature { number, geometry, properties: table.properties(row) });
    }
    if deleted > 0 {
        header.notes.push(Note::RowsDeleted { rows: deleted });
    }
    let rewound = sorting.rewound;
    if rewound > 0 {
        header.notes.push(Note::RingsRewound { polygons: rewound });
    }
    header.notes.extend(table.cut_note());
    Ok(header)
}
