//! The list of repairs as a file a spreadsheet opens.

use super::Repair;

/// Marks the text as UTF-8, without which spreadsheets take it for GBK.
const MARK: &str = "\u{feff}";

const HEADER: [&str; 7] = ["file", "sheet", "row", "column", "before", "after", "rule"];

/// The repairs of one or more files as CSV, in their order.
///
/// A cell that a spreadsheet would take for a formula gets an apostrophe in front.
pub fn repairs_csv<'a>(repairs: impl IntoIterator<Item = (&'a str, &'a Repair)>) -> String {
    let mut csv = String::from(MARK);
    line(&mut csv, &HEADER);
    for (file, repair) in repairs {
        let row = repair.row.to_string();
        let rules: Vec<&str> = repair.rules.iter().map(|rule| rule.id()).collect();
        let sheet = repair.sheet.as_deref().unwrap_or("");
        let rule = rules.join(" ");
        line(&mut csv, &[file, sheet, &row, &repair.column, &repair.before, &repair.after, &rule]);
    }
    csv
}

fn line(csv: &mut String, cells: &[&str]) {
    for (i, cell) in cells.iter().enumerate() {
        if i > 0 {
            csv.push(',');
        }
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']);
        let text = if formula { format!("'{cell}") } else { (*cell).to_owned() };
        if text.contains([',', '"', '\n', '\r']) {
            csv.push_str(&format!("\"{}\"", text.replace('"', "\"\"")));
        } else {
            csv.push_str(&text);
        }
    }
    csv.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Rule;

    #[test]
    fn formulas_are_written_as_text() {
        let repair = Repair {
            sheet: None,
            row: 7,
            column: "户数".to_owned(),
            before: "=1+1, \"x\"".to_owned(),
            after: "-".to_owned(),
            rules: vec![Rule::Width, Rule::Spaces],
        };
        let csv = repairs_csv([("a.csv", &repair)]);
        assert_eq!(
            csv,
            "\u{feff}file,sheet,row,column,before,after,rule\r\n\
             a.csv,,7,户数,\"'=1+1, \"\"x\"\"\",'-,width spaces\r\n"
        );
    }
}
