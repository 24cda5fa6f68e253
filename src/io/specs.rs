//! What `place.toml` says of each layer: its file, how to read it, and the columns to look in.

/// A column and whether the place file named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ColumnName {
    pub(super) name: String,
    pub(super) named: bool,
}

#[derive(Clone, Debug)]
pub(super) struct FileSpec {
    pub(super) file: String,
    pub(super) crs: Option<String>,
    /// The layer of a file that has several.
    pub(super) layer: Option<String>,
}

/// Streets to walk on.
#[derive(Clone, Debug)]
pub(super) struct StreetSpec {
    pub(super) source: FileSpec,
    /// A file of rules of foot access.
    pub(super) access: Option<String>,
    /// A grid of heights.
    pub(super) heights: Option<String>,
    /// Whether what was read of a PBF is kept beside it.
    pub(super) cache: bool,
}

/// Names of the columns with counts.
#[derive(Clone, Debug)]
pub(super) struct CountColumns {
    pub(super) households: ColumnName,
    pub(super) population: ColumnName,
    pub(super) older: ColumnName,
    pub(super) child: ColumnName,
}

#[derive(Clone, Debug)]
pub(super) struct LayerSpec {
    pub(super) source: FileSpec,
    pub(super) code: ColumnName,
    pub(super) name: ColumnName,
    pub(super) compound: ColumnName,
    /// Read only where it is named: many layers have a column of this name with other words in it.
    pub(super) exclusive: ColumnName,
    pub(super) counts: CountColumns,
    pub(super) population: Option<TableSpec>,
}

/// How a table is to be read, where that cannot be left to be found out.
#[derive(Clone, Debug, Default)]
pub(super) struct How {
    pub(super) encoding: Option<String>,
    pub(super) sheet: Option<String>,
    pub(super) approximate: bool,
}

#[derive(Clone, Debug)]
pub(super) struct TableSpec {
    pub(super) file: String,
    pub(super) how: How,
    pub(super) code: ColumnName,
    pub(super) name: ColumnName,
    pub(super) counts: CountColumns,
}

#[derive(Clone, Debug)]
pub(super) struct SiteSpec {
    pub(super) source: FileSpec,
    /// The system of `x` and `y`, where a table has them beside `lon` and `lat`.
    pub(super) xy_crs: Option<String>,
    pub(super) how: How,
    pub(super) columns: Vec<(&'static str, ColumnName)>,
}

#[derive(Clone, Debug)]
pub(super) struct GridSpec {
    pub(super) file: String,
    pub(super) how: How,
    pub(super) atom: ColumnName,
    pub(super) grid: ColumnName,
    pub(super) locked: ColumnName,
}

/// A table of those who serve grids.
#[derive(Clone, Debug)]
pub(super) struct StaffSpec {
    pub(super) file: String,
    pub(super) how: How,
    pub(super) columns: Vec<(&'static str, ColumnName)>,
}

impl SiteSpec {
    pub(super) fn column(&self, key: &str) -> &ColumnName {
        let found = self.columns.iter().find(|(known, _)| *known == key);
        &found.expect("SITE_KEYS lists every key asked for").1
    }
}
