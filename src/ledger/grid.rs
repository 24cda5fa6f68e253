//! A sheet before anything is known about it: cells by row and column.

/// A cell as its file holds it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Raw {
    pub(super) text: String,
    pub(super) form: Form,
}

/// What a workbook says about a cell; text files only have text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Text,
    Number,
    Date,
    Error,
    /// A formula whose value was never stored.
    Uncached,
}

/// One line of a sheet; cells in order of their columns, from 0, blank ones left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    /// As a spreadsheet counts, from 1.
    pub(super) number: u32,
    /// How many fields a text file gave it; `None` in a workbook, where there is nothing to count.
    pub(super) fields: Option<usize>,
    cells: Vec<(u32, Raw)>,
}

impl Line {
    pub(super) fn new(number: u32, fields: Option<usize>) -> Self {
        Self { number, fields, cells: Vec::new() }
    }

    /// Adds a cell to the right of all others, unless it is blank; a column already there is kept.
    pub(super) fn push(&mut self, column: u32, cell: Raw) {
        let blank = cell.text.is_empty() && cell.form != Form::Uncached;
        match self.cells.binary_search_by_key(&column, |(c, _)| *c) {
            Err(at) if !blank => self.cells.insert(at, (column, cell)),
            _ => {}
        }
    }

    pub(super) fn cell(&self, column: u32) -> Option<&Raw> {
        let at = self.cells.binary_search_by_key(&column, |(c, _)| *c).ok()?;
        Some(&self.cells[at].1)
    }

    /// The text of a cell; empty if it is blank.
    pub(super) fn text(&self, column: u32) -> &str {
        self.cell(column).map_or("", |cell| &cell.text)
    }

    /// Cells that hold more than spaces.
    pub(super) fn filled(&self) -> impl DoubleEndedIterator<Item = (u32, &Raw)> {
        let visible = |cell: &Raw| cell.form == Form::Uncached || !super::value::plain(&cell.text).is_empty();
        self.cells.iter().filter(move |(_, cell)| visible(cell)).map(|(column, cell)| (*column, cell))
    }
}

/// Cells shown as one: rows and columns, both ends included, rows from 1 and columns from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Merge {
    pub(super) rows: (u32, u32),
    pub(super) columns: (u32, u32),
}

/// A whole sheet.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) sheet: Option<String>,
    pub(super) lines: Vec<Line>,
    pub(super) merges: Vec<Merge>,
}

impl Grid {
    /// True if no cell holds anything.
    pub(super) fn is_blank(&self) -> bool {
        self.lines.iter().all(|line| line.filled().next().is_none())
    }
}
