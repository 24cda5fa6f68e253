//! Writing of the sheets.

use std::collections::BTreeSet;

use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format,
    Formula, IgnoreError, Workbook, Worksheet, XlsxError,
};

use super::formats::{self, Place};
use super::measure::{column_width, is_short, lines};
use super::{CELL_UNITS, Cell, Column, ColumnKind, Sheet, sheet_names};
use crate::office::text::{clean, cut, width};
use crate::office::{Meta, OfficeError};

const MOST_ROWS: usize = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
/// Rows over the data: title, note, header.
const TITLE_ROW: u32 = 0;
const NOTE_ROW: u32 = 1;
const HEADER_ROW: u32 = 2;
const FIRST_ROW: u32 = 3;
/// Paper code of A3 (ECMA-376 part 1, 18.3.1.63).
const A3: u8 = 8;
/// Points of a row of one line, of each further line, and of the tallest row there can be. Not all
/// programs measure rows when they open a file, so heights are written.
const ROW_HEIGHT: f64 = 18.0;
const LINE_HEIGHT: f64 = 13.5;
const TALLEST: f64 = 409.0;
/// Spreadsheets keep 15 digits of a number; more would be rounded.
const MOST_DIGITS: u64 = 999_999_999_999_999;
/// A list of choices written into the sheet may be no longer than this.
const CHOICES_UNITS: usize = 255;

impl From<XlsxError> for OfficeError {
    fn from(error: XlsxError) -> Self {
        Self::Library(error.to_string())
    }
}

/// The sheets as one workbook (`.xlsx`): printed on A3 across, one page wide, header repeated.
///
/// # Errors
/// If a sheet has no columns, too many columns or rows, or a row longer than the columns.
pub fn workbook(sheets: &[Sheet], meta: &Meta) -> Result<Vec<u8>, OfficeError> {
    let mut book = Workbook::new();
    let (year, month, day) = meta.day();
    let properties = DocProperties::new()
        .set_title(clean(&meta.title))
        .set_author(clean(&meta.maker))
        .set_creation_datetime(&ExcelDateTime::from_ymd(year, month, day)?);
    book.set_properties(&properties);
    for (sheet, name) in sheets.iter().zip(sheet_names(sheets)) {
        check(sheet, &name)?;
        let page = book.add_worksheet();
        page.set_name(name)?;
        Writer { sheet, meta, page }.write()?;
    }
    if sheets.is_empty() {
        book.add_worksheet();
    }
    Ok(book.save_to_buffer()?)
}

fn check(sheet: &Sheet, name: &str) -> Result<(), OfficeError> {
    let (columns, rows) = (sheet.columns.len(), sheet.rows.len().saturating_add(sheet.blank_rows));
    if columns == 0 || columns > MOST_COLUMNS || rows > MOST_ROWS - 4 {
        return Err(OfficeError::TableSize { table: name.to_owned() });
    }
    match sheet.rows.iter().chain(&sheet.totals).position(|row| row.len() > columns) {
        Some(row) => Err(OfficeError::RowTooLong { table: name.to_owned(), row }),
        None => Ok(()),
    }
}

struct Writer<'a> {
    sheet: &'a Sheet,
    meta: &'a Meta,
    page: &'a mut Worksheet,
}

impl Writer<'_> {
    fn write(mut self) -> Result<(), OfficeError> {
        let last = last_column(self.sheet);
        self.banner(last)?;
        self.columns()?;
        self.rows()?;
        self.totals()?;
        self.rules(last)?;
        self.printing()
    }

    fn banner(&mut self, last: u16) -> Result<(), OfficeError> {
        let lines = [
            (TITLE_ROW, &self.sheet.title, formats::title(), 32.0),
            (NOTE_ROW, &self.sheet.note, formats::note(), 20.0),
        ];
        for (row, text, format, height) in lines {
            let text = clean(text);
            let text = cut(&text, CELL_UNITS).0;
            if last == 0 {
                self.page.write_string_with_format(row, 0, text, &format)?;
            } else {
                self.page.merge_range(row, 0, row, last, text, &format)?;
            }
            self.page.set_row_height(row, height)?;
        }
        Ok(())
    }

    fn columns(&mut self) -> Result<(), OfficeError> {
        let header = formats::header();
        let mut deepest = 1;
        for (at, column) in (0_u16..).zip(&self.sheet.columns) {
            let wide = column_width(self.sheet, usize::from(at), column);
            self.page.set_column_width(at, wide)?;
            self.page.set_column_format(at, &formats::column(column.kind))?;
            let text = clean(&column.header);
            let text = cut(&text, CELL_UNITS).0;
            deepest = deepest.max(width(text).div_ceil(((wide - 1.0) as usize).max(1)));
            self.page.write_string_with_format(HEADER_ROW, at, text, &header)?;
        }
        self.page.set_row_height(HEADER_ROW, 8.0 + 15.0 * deepest.clamp(1, 8) as f64)?;
        Ok(())
    }

    fn rows(&mut self) -> Result<(), OfficeError> {
        let flagged: BTreeSet<usize> = self.sheet.flagged.iter().copied().collect();
        let kinds = self.sheet.columns.iter().enumerate();
        let kinds: Vec<_> = kinds.map(|(at, column)| (column.kind, is_short(self.sheet, at))).collect();
        let of = |place| -> Vec<Format> {
            kinds.iter().map(|&(kind, short)| formats::cell(kind, place, short)).collect()
        };
        let (plain, coloured) = (of(Place::Plain), of(Place::Flagged));
        let columns = self.sheet.columns.iter().enumerate();
        let widths: Vec<_> = columns.map(|(at, column)| column_width(self.sheet, at, column)).collect();
        let blank = std::iter::repeat_n(&[][..], self.sheet.blank_rows);
        let rows = self.sheet.rows.iter().map(Vec::as_slice).chain(blank);
        for (number, row) in rows.enumerate() {
            let formats = if flagged.contains(&number) { &coloured } else { &plain };
            let at = FIRST_ROW + number as u32;
            let lines = row.iter().zip(&widths).map(|(cell, wide)| lines(cell, *wide)).max().unwrap_or(1);
            self.page.set_row_height(at, (ROW_HEIGHT + LINE_HEIGHT * (lines - 1) as f64).min(TALLEST))?;
            for (c, (column, format)) in (0_u16..).zip(self.sheet.columns.iter().zip(formats)) {
                let cell = row.get(usize::from(c)).unwrap_or(&Cell::Empty);
                self.cell(at, c, cell, column.kind, format)?;
            }
        }
        Ok(())
    }

    fn cell(
        &mut self,
        row: u32,
        column: u16,
        cell: &Cell,
        kind: ColumnKind,
        format: &Format,
    ) -> Result<(), OfficeError> {
        match cell {
            Cell::Text(text) => self.text(row, column, text, format),
            Cell::Whole(whole) if kind == ColumnKind::Text || whole.unsigned_abs() > MOST_DIGITS => {
                self.text(row, column, &whole.to_string(), format)
            }
            Cell::Number(number) if kind == ColumnKind::Text && number.is_finite() => {
                self.text(row, column, &number.to_string(), format)
            }
            Cell::Whole(whole) => {
                self.page.write_number_with_format(row, column, *whole as f64, format)?;
                Ok(())
            }
            Cell::Number(number) if number.is_finite() => {
                self.page.write_number_with_format(row, column, *number, format)?;
                Ok(())
            }
            Cell::Number(_) | Cell::Empty => {
                self.page.write_blank(row, column, format)?;
                Ok(())
            }
        }
    }

    /// A text that looks like a formula is marked as text, so that it stays one when edited.
    fn text(&mut self, row: u32, column: u16, text: &str, format: &Format) -> Result<(), OfficeError> {
        let text = clean(text);
        let text = cut(&text, CELL_UNITS).0;
        if text.is_empty() {
            self.page.write_blank(row, column, format)?;
        } else if text.starts_with(['=', '+', '-', '@', '\t', '\n']) {
            self.page.write_string_with_format(row, column, text, &format.clone().set_quote_prefix())?;
        } else {
            self.page.write_string_with_format(row, column, text, format)?;
        }
        Ok(())
    }

    fn totals(&mut self) -> Result<(), OfficeError> {
        let Some(totals) = &self.sheet.totals else { return Ok(()) };
        let end = FIRST_ROW + self.filled();
        self.page.set_row_height(end, ROW_HEIGHT)?;
        for (c, column) in (0_u16..).zip(&self.sheet.columns) {
            let at = usize::from(c);
            let format = formats::cell(column.kind, Place::Total, column.kind == ColumnKind::Text);
            let cell = totals.get(at).unwrap_or(&Cell::Empty);
            match total_of(self.sheet, at, cell) {
                Some(value) => {
                    let letters = column_letters(c);
                    let formula = format!("=SUM({letters}{}:{letters}{end})", FIRST_ROW + 1);
                    let formula = Formula::new(formula).set_result(value.to_string());
                    self.page.write_formula_with_format(end, c, formula, &format)?;
                }
                None => self.cell(end, c, cell, column.kind, &format)?,
            }
        }
        Ok(())
    }

    /// Filters, lists to choose from, warnings, and no complaint about codes kept as text.
    fn rules(&mut self, last: u16) -> Result<(), OfficeError> {
        let frozen = u16::try_from(self.sheet.frozen_columns).unwrap_or(u16::MAX).min(last);
        self.page.set_freeze_panes(FIRST_ROW, frozen)?;
        let end = (HEADER_ROW + self.filled()).max(FIRST_ROW);
        self.page.autofilter(HEADER_ROW, 0, end, last)?;
        for (c, column) in (0_u16..).zip(&self.sheet.columns) {
            if column.kind == ColumnKind::Text {
                self.page.ignore_error_range(FIRST_ROW, c, end, c, IgnoreError::NumberStoredAsText)?;
            }
            if let Some(value) = &column.warns_on {
                let value = clean(value).replace('"', "\"\"");
                let rule = format!("=${}{}=\"{value}\"", column_letters(c), FIRST_ROW + 1);
                let format = ConditionalFormatFormula::new().set_rule(rule.as_str());
                let format = format.set_format(formats::warning());
                self.page.add_conditional_format(FIRST_ROW, 0, end, last, &format)?;
            }
            self.choices(c, column, end)?;
        }
        Ok(())
    }

    fn choices(&mut self, c: u16, column: &Column, end: u32) -> Result<(), OfficeError> {
        let choices: Vec<_> = column.choices.iter().map(|text| clean(text)).collect();
        let units: usize = choices.iter().map(|text| text.encode_utf16().count() + 1).sum();
        // A list inside the sheet is parted by commas; one that does not fit is left out.
        if choices.is_empty() || units > CHOICES_UNITS || choices.iter().any(|text| text.contains(',')) {
            return Ok(());
        }
        let list = DataValidation::new()
            .allow_list_strings(&choices)?
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message(self.meta.words("请从列表中选择", "Please choose from the list"))?;
        self.page.add_data_validation(FIRST_ROW, c, end, c, &list)?;
        Ok(())
    }

    fn printing(&mut self) -> Result<(), OfficeError> {
        let sign = |text: &str| clean(text).replace('&', "&&").replace('\n', " ");
        let pages = self.meta.words("第 &P 页，共 &N 页", "Page &P of &N");
        let (maker, day) = (sign(&self.meta.maker), self.meta.day_text());
        // A foot longer than 255 is refused; the maker's name gives way.
        let maker = cut(&maker, 120).0.trim_end_matches('&');
        self.page.set_paper_size(A3).set_landscape().set_print_fit_to_pages(1, 0);
        self.page.set_margins(0.5, 0.5, 0.6, 0.7, 0.3, 0.35);
        self.page.set_print_center_horizontally(true);
        self.page.set_footer(format!("&L{maker}&C{pages}&R{day}"));
        self.page.set_repeat_rows(TITLE_ROW, HEADER_ROW)?;
        Ok(())
    }

    fn filled(&self) -> u32 {
        (self.sheet.rows.len() + self.sheet.blank_rows) as u32
    }
}

fn last_column(sheet: &Sheet) -> u16 {
    u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX)
}

/// The total, if it is the sum of what stands above it, so that a formula says the same.
fn total_of(sheet: &Sheet, column: usize, total: &Cell) -> Option<f64> {
    if matches!(sheet.columns.get(column)?.kind, ColumnKind::Text | ColumnKind::Percent(_)) {
        return None;
    }
    let value = |cell: &Cell| match cell {
        Cell::Whole(whole) if whole.unsigned_abs() <= MOST_DIGITS => Some(*whole as f64),
        Cell::Number(number) if number.is_finite() => Some(*number),
        _ => None,
    };
    let total = value(total)?;
    let sum: f64 = sheet.rows.iter().filter_map(|row| row.get(column)).filter_map(value).sum();
    let has_rows = sheet.rows.len() + sheet.blank_rows > 0;
    (has_rows && (sum - total).abs() <= 1e-9 * total.abs().max(1.0)).then_some(total)
}

/// The letters a spreadsheet calls a column by, from 0.
fn column_letters(column: u16) -> String {
    let (mut letters, mut rest) = (Vec::new(), u32::from(column) + 1);
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        let letters: Vec<_> = [0, 25, 26, 701, 702, 16_383].map(column_letters).into();
        assert_eq!(letters, ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
    }

    #[test]
    fn only_a_true_sum_becomes_a_formula() {
        let columns = vec![
            Column::new("户数", ColumnKind::Whole),
            Column::new("率", ColumnKind::Percent(1)),
            Column::new("平均", ColumnKind::Decimal(1)),
        ];
        let rows = vec![
            vec![Cell::Whole(3), Cell::Number(0.5), Cell::Number(4.0)],
            vec![Cell::Whole(4), Cell::Number(0.5), Cell::Number(6.0)],
        ];
        let sheet = Sheet { columns, rows, ..Sheet::default() };
        assert_eq!(total_of(&sheet, 0, &Cell::Whole(7)), Some(7.0));
        assert_eq!(total_of(&sheet, 0, &Cell::Whole(8)), None);
        assert_eq!(total_of(&sheet, 1, &Cell::Number(1.0)), None);
        assert_eq!(total_of(&sheet, 2, &Cell::Number(5.0)), None);
    }
}
