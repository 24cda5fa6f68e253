//! The tables of a plan, read back as text.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::PageError;

/// Name within the page, and the file.
const TABLES: [(&str, &str); 12] = [
    ("centres", "ledgers/党群服务中心台账.csv"),
    ("closures", "closures.csv"),
    ("coverage", "ledgers/覆盖率统计表.csv"),
    ("coverage_grids", "coverage_grids.csv"),
    ("moves", "ledgers/网格调整对照表.csv"),
    ("plans", "plans.csv"),
    ("problems", "problems.csv"),
    ("services", "ledgers/服务覆盖统计表.csv"),
    ("sites", "ledgers/选址论证.csv"),
    ("siting", "siting.csv"),
    ("siting_curve", "siting_curve.csv"),
    ("trade_off", "tradeoff.csv"),
];

/// Every table that is there, as `{head, rows}` of text cells.
pub(super) fn tables(files: &BTreeMap<&str, &[u8]>) -> Result<Value, PageError> {
    let mut out = Map::new();
    for (name, file) in TABLES {
        if let Some(mut rows) = rows(files, file)? {
            let head = if rows.is_empty() { Vec::new() } else { rows.remove(0) };
            out.insert(name.to_owned(), json!({"head": head, "rows": rows}));
        }
    }
    Ok(Value::Object(out))
}

/// The rows of a file, its head first; none if the plan has no such file.
pub(super) fn rows(files: &BTreeMap<&str, &[u8]>, file: &str) -> Result<Option<Vec<Vec<String>>>, PageError> {
    let Some(bytes) = files.get(file) else { return Ok(None) };
    let text = std::str::from_utf8(bytes).map_err(|_| PageError::Table { file: file.to_owned() })?;
    Ok(Some(comma_separated(text.strip_prefix('\u{feff}').unwrap_or(text))))
}

/// Cells separated by commas, quoted where they hold commas, quotes or line breaks. Never fails: a quote
/// that does not end runs to the end of the text.
fn comma_separated(text: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell) = (Vec::new(), Vec::new(), String::new());
    let (mut quoted, mut begun) = (false, false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.is_empty() => (quoted, begun) = (true, true),
            ',' if !quoted => {
                row.push(std::mem::take(&mut cell));
                begun = true;
            }
            '\r' if !quoted && chars.peek() == Some(&'\n') => {}
            '\n' if !quoted => {
                if begun || !cell.is_empty() {
                    row.push(std::mem::take(&mut cell));
                    rows.push(std::mem::take(&mut row));
                }
                begun = false;
            }
            c => cell.push(c),
        }
    }
    if begun || !cell.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_commas_and_line_breaks_are_read() {
        let text = "a,b\r\n\"x,\"\"y\"\"\n\",\n\n,\n\"\",z";
        let expected = [vec!["a", "b"], vec!["x,\"y\"\n", ""], vec!["", ""], vec!["", "z"]];
        assert_eq!(comma_separated(text), expected);
        assert_eq!(comma_separated("\"open,\n"), [["open,\n"]]);
    }

    #[test]
    fn a_table_that_is_no_text_is_an_error() {
        let files = BTreeMap::from([("problems.csv", [0xff, 0xfe].as_slice())]);
        assert_eq!(tables(&files), Err(PageError::Table { file: "problems.csv".to_owned() }));
    }

    #[test]
    fn heads_are_parted_from_rows() {
        let files = BTreeMap::from([("closures.csv", "\u{feff}centre,name\nS1,甲\n".as_bytes())]);
        let expected = json!({"closures": {"head": ["centre", "name"], "rows": [["S1", "甲"]]}});
        assert_eq!(tables(&files), Ok(expected));
    }
}
