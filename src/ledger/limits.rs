//! How much is read before a file is taken for a mistake or an attack.

/// Bytes of a file.
pub const FILE_BYTES_MAX: usize = 256 << 20;

/// Cells of a table, blank ones of a text file counted.
pub const CELLS_MAX: usize = 5_000_000;

/// Columns of a table.
pub const COLUMNS_MAX: u32 = 1024;

/// Bytes of one cell of a text file; a spreadsheet holds 32,767 characters.
pub const CELL_BYTES_MAX: usize = 4 * 32_767;

/// Bytes all parts of a workbook have when unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 256 << 20;

/// Bytes of the parts of a workbook that are kept in memory as a whole: texts, styles, lists.
pub const KEPT_BYTES_MAX: u64 = 48 << 20;

/// Parts of a workbook.
pub const PARTS_MAX: usize = 10_000;

/// Merged ranges of a sheet.
pub const MERGES_MAX: usize = 100_000;

/// Bytes of text in all cells of a workbook's sheet; one shared text may stand in many cells.
pub const TEXT_BYTES_MAX: usize = 256 << 20;

/// Characters of a group's name that is filled down.
pub const GROUP_CHARS_MAX: usize = 256;

/// Findings that are listed one by one.
pub const FINDINGS_MAX: usize = 100_000;
