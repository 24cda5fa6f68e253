//! Papers and layers an office hands in: a workbook, a document, a GeoPackage, and what goes into
//! them, the bounds on four sides and the counts that may be made public.
//!
//! Pure: plain structures in, bytes out. No file is touched and no clock is read, so that the same
//! input gives the same bytes.

mod archive;
pub mod document;
pub mod geopackage;
#[cfg(test)]
mod personal;
pub mod privacy;
pub mod sides;
pub mod text;
pub mod workbook;

use std::fmt;

pub use document::document;
pub use geopackage::geopackage;
pub use workbook::workbook;

/// What a file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Meta {
    /// Its title, in its properties.
    pub title: String,
    /// The office that makes it: author in the properties, left foot of each sheet.
    pub maker: String,
    /// Year, month and day it is made; the first day of 2000 if none is given or it is no date.
    pub date: Option<(u16, u8, u8)>,
    /// Language of the words the writer itself adds.
    pub language: Language,
    /// Size of the document's text.
    pub body: BodySize,
}

/// Language of the words a writer itself adds, such as those about page numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    #[default]
    Chinese,
    /// English.
    English,
}

/// Size and spacing of a document's text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BodySize {
    /// 小四 (12 points), one line and a half apart: a report to be read.
    #[default]
    Reading,
    /// 三号 (16 points), 28 points apart: an official paper (GB/T 9704-2012, 5.2.2 and 5.2.3).
    Official,
}

impl Meta {
    /// Year, month and day, certain to be a date of this or the last two centuries.
    pub(crate) fn day(&self) -> (u16, u8, u8) {
        let sound = |&(year, month, day): &(u16, u8, u8)| {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let days = match month {
                2 => 28 + u8::from(leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (1900..=2199).contains(&year) && (1..=12).contains(&month) && (1..=days).contains(&day)
        };
        self.date.filter(sound).unwrap_or((2000, 1, 1))
    }

    /// The date as it is printed; nothing if none was given.
    pub(crate) fn day_text(&self) -> String {
        if self.date.is_none() {
            return String::new();
        }
        let (year, month, day) = self.day();
        match self.language {
            Language::Chinese => format!("{year}年{month}月{day}日"),
            Language::English => format!("{year}-{month:02}-{day:02}"),
        }
    }

    /// The date as files keep it: midnight, universal time.
    pub(crate) fn instant(&self) -> String {
        let (year, month, day) = self.day();
        format!("{year}-{month:02}-{day:02}T00:00:00Z")
    }

    /// The Chinese or the English of two.
    pub(crate) fn words(&self, chinese: &'static str, english: &'static str) -> &'static str {
        match self.language {
            Language::Chinese => chinese,
            Language::English => english,
        }
    }
}

/// Why a file could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum OfficeError {
    /// A row has more cells than its table has columns.
    RowTooLong {
        /// Name of the sheet, table or layer.
        table: String,
        /// The row, from 0.
        row: usize,
    },
    /// A table has no columns, or more columns or rows than the format holds.
    TableSize {
        /// Name of the sheet or table.
        table: String,
    },
    /// A picture is no PNG, or has no extent.
    Picture {
        /// Its caption.
        caption: String,
    },
    /// A layer holds a geometry of another kind than it declares, or one without finite positions.
    Geometry {
        /// Name of the layer.
        layer: String,
        /// The feature, from 0.
        feature: usize,
    },
    /// A value does not fit its attribute.
    Value {
        /// Name of the layer.
        layer: String,
        /// The feature, from 0.
        feature: usize,
        /// Name of the attribute.
        field: String,
    },
    /// A layer or field has no name, or one that is taken.
    Name {
        /// The name.
        name: String,
    },
    /// A library refused; its words.
    Library(String),
}

impl fmt::Display for OfficeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RowTooLong { table, row } => {
                write!(f, "row {row} of `{table}` has more cells than the table has columns")
            }
            Self::TableSize { table } => {
                write!(f, "`{table}` has no columns, or more columns or rows than the format holds")
            }
            Self::Picture { caption } => write!(f, "the picture `{caption}` is not a PNG with an extent"),
            Self::Geometry { layer, feature } => {
                write!(f, "feature {feature} of layer `{layer}` does not have the layer's kind of geometry")
            }
            Self::Value { layer, feature, field } => {
                write!(f, "`{field}` of feature {feature} of layer `{layer}` is not of its kind")
            }
            Self::Name { name } => write!(f, "the name `{name}` is empty, taken or reserved"),
            Self::Library(words) => f.write_str(words),
        }
    }
}

impl std::error::Error for OfficeError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_that_is_none_falls_back() {
        let day = |date| Meta { date, ..Meta::default() }.day();
        assert_eq!(day(Some((2024, 2, 29))), (2024, 2, 29));
        assert_eq!(day(Some((2023, 2, 29))), (2000, 1, 1));
        assert_eq!(day(Some((2024, 13, 1))), (2000, 1, 1));
        assert_eq!(day(None), (2000, 1, 1));
    }

    #[test]
    fn dates_are_printed_in_the_language_of_the_file() {
        let meta = Meta { date: Some((2026, 3, 5)), ..Meta::default() };
        assert_eq!(meta.day_text(), "2026年3月5日");
        assert_eq!(Meta { language: Language::English, ..meta }.day_text(), "2026-03-05");
        assert_eq!(Meta::default().day_text(), "");
    }
}
