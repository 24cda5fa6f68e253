//! A search of produced files for what must not be in them: planted names, telephones, and counts
//! that were to be hidden. For tests.

use super::archive::parts;

/// Those of the needles that are found: in the bytes themselves, and in every part if they are an
/// archive.
pub(crate) fn scan_personal<'a>(bytes: &[u8], needles: &[&'a str]) -> Vec<&'a str> {
    let mut contents = vec![bytes.to_vec()];
    if bytes.starts_with(b"PK\x03\x04") {
        contents.extend(parts(bytes).into_iter().map(|(_, content)| content));
    }
    let holds = |needle: &&&str| {
        let wide: Vec<u8> = needle.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let forms = [needle.as_bytes(), &wide];
        contents.iter().any(|c| forms.iter().any(|f| !f.is_empty() && c.windows(f.len()).any(|w| w == *f)))
    };
    needles.iter().filter(holds).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::office::Meta;
    use crate::office::workbook::{Cell, Column, ColumnKind, Sheet, workbook};

    #[test]
    fn a_planted_name_is_found_inside_a_workbook() {
        let columns = vec![Column::new("姓名", ColumnKind::Text)];
        let rows = vec![vec![Cell::from("张三丰")]];
        let sheet = Sheet { name: "表".to_owned(), columns, rows, ..Sheet::default() };
        let bytes = workbook(&[sheet], &Meta::default()).expect("a workbook");
        assert_eq!(scan_personal(&bytes, &["张三丰", "13800000000"]), ["张三丰"]);
        assert_eq!(scan_personal("电话 13800000000".as_bytes(), &["13800000000"]), ["13800000000"]);
    }

    #[test]
    fn hidden_counts_are_in_no_paper() {
        use crate::office::document::{Block, Table as PaperTable, TableColumn, document};
        use crate::office::privacy::{HIDDEN, Table, suppress};
        // No number but the hidden ones has these digits.
        let counts = vec![vec![4_021, 6_021, 9_110], vec![7_122, 8_021, 9_211]];
        let table = Table { rows: counts, row_totals: true, column_totals: true, grand_total: true };
        let hidden = suppress(&table, 5_000);
        let rows: Vec<Vec<String>> = table
            .rows
            .iter()
            .enumerate()
            .map(|(i, row)| row.iter().enumerate().map(|(j, &n)| hidden.shown(i, j, n)).collect())
            .collect();
        let columns = vec![TableColumn::default(); 3];
        let block = Block::Table(PaperTable { columns, rows: rows.clone(), ..PaperTable::default() });
        let paper = document(&[block], &Meta::default()).expect("a document");
        let columns = ["a", "b", "c"].map(|h| Column::new(h, ColumnKind::Text)).into();
        let rows = rows.into_iter().map(|row| row.into_iter().map(Cell::Text).collect()).collect();
        let sheet = Sheet { name: "表".to_owned(), columns, rows, ..Sheet::default() };
        let book = workbook(&[sheet], &Meta::default()).expect("a workbook");
        for bytes in [&paper, &book] {
            let found = scan_personal(bytes, &["4021", "6021", "7122", "8021", "9110", "9211", HIDDEN]);
            assert_eq!(found, ["9110", "9211", HIDDEN]);
        }
    }
}
