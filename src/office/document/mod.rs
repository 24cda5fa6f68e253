//! An ordinary word-processor document (`.docx`) with real heading styles, tables whose header
//! repeats, pictures with captions, and a table of contents.
//!
//! The page is that of official papers (GB/T 9704-2012, 5.2.1): A4, 37 mm over and 28 mm left of
//! an area of 156 by 225 mm. Markup after ECMA-376, part 1 (WordprocessingML and DrawingML).

mod body;
mod package;
mod picture;
mod styles;
mod table;
#[cfg(test)]
mod tests;

pub use package::document;

use super::text::{Unwritable, losses};

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// The title of the whole.
    Title(String),
    /// What stands under the title: maker, date.
    Subtitle(String),
    /// A heading of level 1, 2 or 3; other levels count as the nearest.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// Items, numbered from 1 or with points.
    List {
        /// With numbers.
        numbered: bool,
        /// The items.
        items: Vec<Vec<Run>>,
    },
    /// A table.
    Table(Table),
    /// A picture.
    Picture(Picture),
    /// What follows begins a page.
    PageBreak,
    /// What follows begins a page of this direction; the document begins upright.
    Page(Direction),
    /// A table of contents of the headings. Its entries are filled in without page numbers, which
    /// only a program that lays out pages knows; updating the field adds them.
    Contents,
}

/// Direction of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Upright.
    #[default]
    Portrait,
    /// Across, for wide tables and maps.
    Landscape,
}

/// Text of one kind within a paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// The text; a line break in it is a line break.
    pub text: String,
    /// In bold.
    pub bold: bool,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Title over it, numbered; none if empty.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<TableColumn>,
    /// Rows of the texts of cells; a row shorter than the columns is empty at its end.
    pub rows: Vec<Vec<String>>,
    /// The row of totals.
    pub totals: Option<Vec<String>>,
}

/// A column of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableColumn {
    /// Its header, repeated on each page.
    pub header: String,
    /// How its texts stand.
    pub align: Align,
    /// Its share of the width, against the other columns' shares; 1 if not positive.
    pub share: f64,
}

/// How texts stand in a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left: texts.
    #[default]
    Left,
    /// In the middle: codes, yes or no.
    Centre,
    /// At the right: numbers.
    Right,
}

/// A picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Picture {
    /// A PNG file.
    pub png: Vec<u8>,
    /// Width on paper in centimetres; less if the page is smaller.
    pub width_cm: f64,
    /// Title under it, numbered; none if empty.
    pub caption: String,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl Run {
    /// Text of ordinary weight.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: false }
    }

    /// Text in bold.
    pub fn bold(text: impl Into<String>) -> Self {
        Self { text: text.into(), bold: true }
    }
}

/// Characters of the blocks' texts that XML refuses and that are left out; each with its block,
/// from 1.
pub fn unwritable(blocks: &[Block]) -> Vec<Unwritable> {
    let mut list = Vec::new();
    for (number, block) in (1..).zip(blocks) {
        for text in texts(block) {
            losses(text, || format!("block {number}"), &mut list);
        }
    }
    list
}

fn texts(block: &Block) -> Vec<&str> {
    match block {
        Block::Title(text) | Block::Subtitle(text) | Block::Heading(_, text) => vec![text],
        Block::Paragraph(runs) => runs.iter().map(|run| run.text.as_str()).collect(),
        Block::List { items, .. } => items.iter().flatten().map(|run| run.text.as_str()).collect(),
        Block::Table(table) => {
            let headers = table.columns.iter().map(|column| &column.header);
            let cells = table.rows.iter().chain(&table.totals).flatten();
            std::iter::once(&table.caption).chain(headers).chain(cells).map(String::as_str).collect()
        }
        Block::Picture(picture) => vec![&picture.caption, &picture.alt],
        Block::PageBreak | Block::Page(_) | Block::Contents => Vec::new(),
    }
}
