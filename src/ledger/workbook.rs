//! Workbooks: which sheet is read, and its cells as text.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx};

use super::archive;
use super::finding::Finding;
use super::grid::{Form, Grid, Line, Merge, Raw};
use super::kind::Kind;
use super::limits::{CELLS_MAX, COLUMNS_MAX, MERGES_MAX, TEXT_BYTES_MAX};

/// Numbers from here on have more digits than a spreadsheet keeps.
const EXACT_BELOW: f64 = 1e15;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// The sheets of a workbook, opened one by one.
pub(super) struct Workbook<'a> {
    book: Book<'a>,
    /// The names of all sheets with cells, in the workbook's order.
    pub(super) sheets: Vec<String>,
}

impl<'a> Workbook<'a> {
    /// Opens a workbook after its archive has been found to be within the limits.
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Kind> {
        archive::check(bytes)?;
        let book: Book<'a> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
        let is_sheet = |sheet: &&calamine::Sheet| sheet.typ == SheetType::WorkSheet;
        let sheets = book.sheets_metadata().iter().filter(is_sheet).map(|sheet| sheet.name.clone()).collect();
        Ok(Self { book, sheets })
    }

    /// All cells of a sheet.
    pub(super) fn grid(&mut self, sheet: &str) -> Result<Grid, Box<Finding>> {
        let mut grid = Grid { sheet: Some(sheet.to_owned()), ..Grid::default() };
        let fail = |kind: Kind| Box::new(Finding { sheet: Some(sheet.to_owned()), ..Finding::whole(kind) });
        self.cells(sheet, &mut grid).map_err(fail)?;
        let merges = self.book.merge_cells_by_sheet_name(sheet).map_err(|error| fail(broken(&error)))?;
        if merges.len() > MERGES_MAX {
            let found = merges.len() as u64;
            return Err(fail(Kind::TooLarge { what: "merged ranges", found, limit: MERGES_MAX as u64 }));
        }
        let merge = |d: calamine::Dimensions| Merge {
            rows: (d.start.0.saturating_add(1), d.end.0.saturating_add(1)),
            columns: (d.start.1, d.end.1),
        };
        grid.merges = merges.into_iter().map(merge).collect();
        Ok(grid)
    }

    fn cells(&mut self, sheet: &str, grid: &mut Grid) -> Result<(), Kind> {
        let mut reader = self.book.worksheet_cells_reader(sheet).map_err(|error| broken(&error))?;
        let mut lines = std::collections::BTreeMap::new();
        let (mut cells, mut bytes) = (0usize, 0usize);
        while let Some(record) = reader.next_cell_with_formula_metadata().map_err(|error| broken(&error))? {
            let (row, column) = record.pos;
            cells += 1;
            let raw = raw(&record.value, record.formula.is_some());
            bytes += raw.text.len();
            for (what, found, limit) in
                [("cells", cells, CELLS_MAX), ("bytes of text", bytes, TEXT_BYTES_MAX)]
            {
                if found > limit {
                    return Err(Kind::TooLarge { what, found: found as u64, limit: limit as u64 });
                }
            }
            if raw.text.is_empty() && raw.form != Form::Uncached {
                continue;
            }
            if column >= COLUMNS_MAX {
                let found = u64::from(column) + 1;
                return Err(Kind::TooLarge { what: "columns", found, limit: u64::from(COLUMNS_MAX) });
            }
            let number = row.saturating_add(1);
            lines.entry(number).or_insert_with(|| Line::new(number, None)).push(column, raw);
        }
        grid.lines = lines.into_values().collect();
        Ok(())
    }
}

fn broken(error: &calamine::XlsxError) -> Kind {
    let reason: String = error.to_string().lines().next().unwrap_or_default().chars().take(120).collect();
    Kind::WorkbookBroken { reason }
}

/// A cell as text; numbers without exponent, dates as ISO 8601 has them.
fn raw(value: &DataRef<'_>, formula: bool) -> Raw {
    let (text, form) = match value {
        DataRef::Int(number) => (number.to_string(), Form::Number),
        DataRef::Float(number) => (number_text(*number), Form::Number),
        DataRef::String(text) => (text.clone(), Form::Text),
        DataRef::SharedString(text) => ((*text).to_owned(), Form::Text),
        DataRef::Bool(true) => ("TRUE".to_owned(), Form::Text),
        DataRef::Bool(false) => ("FALSE".to_owned(), Form::Text),
        DataRef::DateTime(date) => {
            // Beyond the year 9999 there are no dates, only numbers in a wrong format.
            let serial = date.as_f64();
            if (0.0..2_958_466.0).contains(&serial) && date.is_datetime() {
                let (year, month, day, hour, minute, second, _) = date.to_ymd_hms_milli();
                let mut text = format!("{year:04}-{month:02}-{day:02}");
                if (hour, minute, second) != (0, 0, 0) {
                    text.push_str(&format!("T{hour:02}:{minute:02}:{second:02}"));
                }
                (text, Form::Date)
            } else {
                (number_text(serial), Form::Date)
            }
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => (text.clone(), Form::Date),
        DataRef::Error(error) => (error.to_string(), Form::Error),
        DataRef::Empty if formula => (String::new(), Form::Uncached),
        DataRef::Empty => (String::new(), Form::Text),
    };
    Raw { text, form }
}

/// Digits of a number; one with more than 15 digits keeps its exponent, as its last ones are lost.
fn number_text(number: f64) -> String {
    if number.abs() < EXACT_BELOW && (number == 0.0 || number.abs() >= 1e-9) {
        return number.to_string();
    }
    let text = format!("{number:E}");
    if text.contains("E-") { text } else { text.replace('E', "E+") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_all_digits_or_show_the_loss() {
        assert_eq!(number_text(120_106_001_001.0), "120106001001");
        assert_eq!(number_text(0.1), "0.1");
        assert_eq!(number_text(1.201_060_010_011_23e16), "1.20106001001123E+16");
        assert_eq!(number_text(-3.0), "-3");
    }
}
