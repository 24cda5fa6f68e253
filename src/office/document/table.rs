//! Tables: ruled, fixed widths by share, header repeated on each page, rows not broken.

use std::fmt::Write as _;

use super::body::{TWIPS_PER_MM, text_run};
use super::{Align, Table};
use crate::office::OfficeError;

/// The format allows this many columns (ECMA-376 leaves it open; programs stop here).
const MOST_COLUMNS: usize = 63;
/// A table of no more rows stays on one page.
const SHORT_ROWS: usize = 20;

/// The table as wide as the text.
pub(super) fn table(table: &Table, width_mm: f64) -> Result<String, OfficeError> {
    if table.columns.is_empty() || table.columns.len() > MOST_COLUMNS {
        return Err(OfficeError::TableSize { table: table.caption.clone() });
    }
    let widths = widths(table, (width_mm * TWIPS_PER_MM) as u32);
    let mut out = String::from("<w:tbl><w:tblPr><w:tblStyle w:val=\"Ledger\"/>");
    // Writing to a string does not fail.
    let _ = write!(
        out,
        "<w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:jc w:val=\"center\"/><w:tblLayout w:type=\"fixed\"/>\
         <w:tblLook w:val=\"0{}0\" w:firstRow=\"1\" w:lastRow=\"{}\" w:firstColumn=\"0\" w:lastColumn=\"0\" \
         w:noHBand=\"1\" w:noVBand=\"1\"/></w:tblPr><w:tblGrid>",
        widths.iter().sum::<u32>(),
        if table.totals.is_some() { "66" } else { "62" },
        u8::from(table.totals.is_some()),
    );
    for width in &widths {
        let _ = write!(out, "<w:gridCol w:w=\"{width}\"/>");
    }
    out.push_str("</w:tblGrid>");
    let headers: Vec<_> = table.columns.iter().map(|column| column.header.as_str()).collect();
    let writer = RowWriter { table, widths: &widths };
    writer.row(&mut out, &headers, Part::Header, !table.rows.is_empty());
    for (number, row) in table.rows.iter().enumerate() {
        writer.checked(&mut out, row, Part::Body, number)?;
    }
    if let Some(totals) = &table.totals {
        writer.checked(&mut out, totals, Part::Totals, table.rows.len())?;
    }
    out.push_str("</w:tbl>");
    Ok(out)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Header,
    Body,
    Totals,
}

struct RowWriter<'a> {
    table: &'a Table,
    widths: &'a [u32],
}

impl RowWriter<'_> {
    fn is_short(&self) -> bool {
        self.table.rows.len() <= SHORT_ROWS
    }

    fn checked(
        &self,
        out: &mut String,
        row: &[String],
        part: Part,
        number: usize,
    ) -> Result<(), OfficeError> {
        if row.len() > self.widths.len() {
            return Err(OfficeError::RowTooLong { table: self.table.caption.clone(), row: number });
        }
        let texts: Vec<_> = row.iter().map(String::as_str).collect();
        let lasts = number + 1 >= self.table.rows.len() + usize::from(self.table.totals.is_some());
        self.row(out, &texts, part, self.is_short() && !lasts);
        Ok(())
    }

    /// `kept`: on the page of the next row.
    fn row(&self, out: &mut String, texts: &[&str], part: Part, kept: bool) {
        let header = if part == Part::Header { "<w:tblHeader/>" } else { "" };
        let _ = write!(out, "<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>");
        for (at, (column, width)) in self.table.columns.iter().zip(self.widths).enumerate() {
            let align = match (part, column.align) {
                (Part::Header, _) | (_, Align::Centre) => "center",
                (_, Align::Right) => "right",
                (_, Align::Left) => "left",
            };
            let keep = if kept { "<w:keepNext/>" } else { "" };
            let text = text_run(texts.get(at).unwrap_or(&""), part != Part::Body);
            let _ = write!(
                out,
                "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/><w:vAlign w:val=\"center\"/></w:tcPr>\
                 <w:p><w:pPr><w:pStyle w:val=\"TableText\"/>{keep}<w:jc w:val=\"{align}\"/></w:pPr>{text}</w:p></w:tc>"
            );
        }
        out.push_str("</w:tr>");
    }
}

/// Whole twentieths of a point that add up to the width.
fn widths(table: &Table, whole: u32) -> Vec<u32> {
    let share = |share: f64| if share.is_finite() && share > 0.0 { share.min(1e6) } else { 1.0 };
    let shares: Vec<_> = table.columns.iter().map(|column| share(column.share)).collect();
    let all: f64 = shares.iter().sum();
    let (mut sum, mut before, mut widths) = (0.0, 0, Vec::new());
    for share in shares {
        sum += share;
        let end = (f64::from(whole) * sum / all).round() as u32;
        widths.push(end.saturating_sub(before).max(1));
        before = end;
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::super::TableColumn;
    use super::*;

    #[test]
    fn shares_fill_the_width() {
        let columns = [1.0, 2.0, 0.0, f64::NAN].map(|share| TableColumn { share, ..TableColumn::default() });
        let widths = widths(&Table { columns: columns.into(), ..Table::default() }, 1_001);
        assert_eq!(widths.iter().sum::<u32>(), 1_001);
        assert!(widths[1] > widths[0] && widths[2].abs_diff(widths[3]) <= 1);
    }
}
