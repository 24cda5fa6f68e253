//! How cells look. One format is made for each use, so that a workbook of many rows holds few.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use super::ColumnKind;

/// A font every Chinese office program has.
const FONT: &str = "宋体";
const TITLE_FONT: &str = "黑体";
const RULE: Color = Color::RGB(0x80_80_80);
const HEADER_FILL: Color = Color::RGB(0xDD_EB_F7);
const FLAGGED_FILL: Color = Color::RGB(0xFF_F2_CC);
const WARNING_FILL: Color = Color::RGB(0xFF_C7_CE);
const WARNING_TEXT: Color = Color::RGB(0x9C_00_06);
const TOTAL_FILL: Color = Color::RGB(0xF2_F2_F2);

/// Where a cell stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Plain,
    Flagged,
    Total,
}

/// Spreadsheet programs show more decimals than this as noise.
const MOST_DECIMALS: u8 = 10;

pub(super) fn default() -> Format {
    Format::new().set_font_name(FONT).set_font_size(10.5)
}

pub(super) fn title() -> Format {
    let format = Format::new().set_font_name(TITLE_FONT).set_font_size(18).set_bold();
    format.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}

pub(super) fn note() -> Format {
    let format = default().set_font_size(9.5).set_font_color(Color::RGB(0x40_40_40));
    format.set_align(FormatAlign::Left).set_align(FormatAlign::VerticalCenter).set_text_wrap()
}

pub(super) fn header() -> Format {
    let format = ruled(default()).set_bold().set_text_wrap().set_background_color(HEADER_FILL);
    format.set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter)
}

pub(super) fn warning() -> Format {
    Format::new().set_bold().set_background_color(WARNING_FILL).set_font_color(WARNING_TEXT)
}

/// `centred` is for short texts such as codes and yes or no; long ones stand left.
pub(super) fn cell(kind: ColumnKind, place: Place, centred: bool) -> Format {
    let mut format = ruled(default()).set_align(FormatAlign::VerticalCenter).set_num_format(number(kind));
    format = match kind {
        ColumnKind::Text if centred => format.set_align(FormatAlign::Center),
        ColumnKind::Text => format.set_align(FormatAlign::Left).set_indent(1).set_text_wrap(),
        _ => format.set_align(FormatAlign::Right),
    };
    match place {
        Place::Plain => format,
        Place::Flagged => format.set_background_color(FLAGGED_FILL),
        Place::Total => format.set_bold().set_background_color(TOTAL_FILL),
    }
}

/// Of a column's cells below the table: kept as text if that is what the column holds.
pub(super) fn column(kind: ColumnKind) -> Format {
    default().set_num_format(number(kind))
}

fn ruled(format: Format) -> Format {
    format.set_border(FormatBorder::Thin).set_border_color(RULE)
}

fn number(kind: ColumnKind) -> String {
    let decimals = |places: u8| match places.min(MOST_DECIMALS) {
        0 => String::new(),
        n => format!(".{}", "0".repeat(usize::from(n))),
    };
    match kind {
        ColumnKind::Text => "@".to_owned(),
        ColumnKind::Whole => "#,##0".to_owned(),
        ColumnKind::Decimal(places) => format!("#,##0{}", decimals(places)),
        ColumnKind::Percent(places) => format!("0{}%", decimals(places)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_formats() {
        assert_eq!(number(ColumnKind::Whole), "#,##0");
        assert_eq!(number(ColumnKind::Decimal(0)), "#,##0");
        assert_eq!(number(ColumnKind::Decimal(2)), "#,##0.00");
        assert_eq!(number(ColumnKind::Percent(1)), "0.0%");
        assert_eq!(number(ColumnKind::Decimal(200)), "#,##0.0000000000");
    }
}
