//! Rows of text to CSV, through polars.

use polars::prelude::*;

/// A spreadsheet runs what begins like a formula; an apostrophe keeps it text. Numbers stay numbers.
fn inert(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    if formula { format!("'{cell}") } else { cell.to_owned() }
}

/// CSV with a header; an empty cell is an empty field. With a byte order mark it is meant for a
/// spreadsheet, and no cell is a formula.
pub(super) fn csv(headers: &[&str], rows: &[Vec<String>], byte_order_mark: bool) -> PolarsResult<Vec<u8>> {
    let columns: Vec<Column> = headers
        .iter()
        .enumerate()
        .map(|(i, name)| {
            let cells: Vec<Option<&str>> =
                rows.iter().map(|row| Some(row[i].as_str()).filter(|cell| !cell.is_empty())).collect();
            if !byte_order_mark {
                return Column::new((*name).into(), cells);
            }
            let inert: Vec<Option<String>> = cells.into_iter().map(|cell| cell.map(inert)).collect();
            Column::new((*name).into(), inert)
        })
        .collect();
    let mut frame = DataFrame::new(rows.len(), columns)?;
    let mut bytes = Vec::new();
    CsvWriter::new(&mut bytes).include_bom(byte_order_mark).finish(&mut frame)?;
    Ok(bytes)
}
