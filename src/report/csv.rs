//! Rows of text to CSV, through polars.

use polars::prelude::*;

/// CSV with a header; an empty cell is an empty field.
pub(super) fn csv(headers: &[&str], rows: &[Vec<String>], byte_order_mark: bool) -> PolarsResult<Vec<u8>> {
    let columns: Vec<Column> = headers
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let cells: Vec<Option<&str>> =
                rows.iter().map(|row| Some(row[i].as_str()).filter(|cell| !cell.is_empty())).collect();
            Column::new((*name).into(), cells)
        })
        .collect();
    let mut frame = DataFrame::new(rows.len(), columns)?;
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).include_bom(byte_order_mark).finish(&mut frame)?;
    Ok(bytes)
}
