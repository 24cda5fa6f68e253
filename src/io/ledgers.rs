//! The office's tables, through the reader of ledgers: what it says becomes problems of the place.

use std::collections::BTreeSet;

use super::Problems;
use super::source::{DATA_BYTES_MAX, Source};
use super::specs::{ColumnName, How};
use super::tables::Table;
use crate::ledger::{self, Encoding, Finding, Kind as Found, Options};
use crate::model::lang::Lang;
use crate::model::problem::{At, Kind, Severity, Told};

/// Keys whose cells are left out, with a warning, where they cannot be read.
const OPTIONAL: [&str; 3] = ["area_m2", "capacity", "level"];

/// Reads a table whose columns stand for keys of the place file.
pub(super) fn read(
    source: &mut Source,
    file: &str,
    how: &How,
    keys: &[(&str, &ColumnName)],
    abroad: bool,
    problems: &mut Problems,
) -> Option<Table> {
    let bytes = source.read(file, DATA_BYTES_MAX, problems)?;
    let named = keys.iter().filter(|(key, column)| column.named || matches!(*key, "atom" | "grid"));
    let options = Options {
        encoding: how.encoding.as_deref().and_then(Encoding::named),
        sheet: how.sheet.clone(),
        columns: named.map(|(key, column)| ((*key).to_owned(), column.name.clone())).collect(),
        approximate: how.approximate,
        abroad,
        // The plan in force names a grid in many lines; elsewhere a code stands once, and a row that
        // repeats another is neither kept nor counted in totals.
        repeated_codes: keys.iter().any(|(key, _)| *key == "grid"),
        ..Options::default()
    };
    let read = match ledger::read(file, &bytes, &options) {
        Ok(read) => read,
        Err(findings) => {
            findings.iter().for_each(|finding| report(file, finding, Severity::Error, problems));
            return None;
        }
    };
    let table = Table::of_ledger(in_sheet(file, read.sheet.as_deref()), &read);
    let used: BTreeSet<usize> = keys.iter().filter_map(|(_, column)| table.column(&column.name)).collect();
    let optional: BTreeSet<usize> = keys
        .iter()
        .filter(|(key, _)| OPTIONAL.contains(key))
        .filter_map(|(_, column)| table.column(&column.name))
        .collect();
    let mut unnamed = BTreeSet::new();
    if let Some(encoding) =
        read.encoding.filter(|encoding| *encoding != Encoding::Utf8 && how.encoding.is_none())
    {
        problems.add(file, At::Whole, None, Kind::EncodingGuessed { encoding: encoding.name().to_owned() });
    }
    for (_, column) in keys.iter().filter(|(_, column)| column.named) {
        if let Some(taken) = table.stand_in(&column.name) {
            problems.add(&table.file, At::Whole, Some(&column.name), Kind::ColumnTaken { taken });
        }
    }
    for finding in read.findings.iter().filter(|finding| !told_elsewhere(&finding.kind)) {
        let column = finding.column.as_deref().and_then(|name| table.column(name));
        // A column without a name is told of once.
        if let Found::ColumnUnnamed { column } = finding.kind
            && !unnamed.insert(column)
        {
            continue;
        }
        // What is wrong in a column that nobody asks for, or that a plan can do without, does not stop it.
        // The place tells of codes with more knowledge.
        if matches!(finding.kind, Found::CodeRepeated { .. }) && column.is_some_and(|c| used.contains(&c)) {
            continue;
        }
        let soft = column.is_some_and(|column| !used.contains(&column) || optional.contains(&column));
        let worst = if soft { Severity::Warning } else { Severity::Error };
        report(file, finding, worst, problems);
    }
    for repair in &read.repairs {
        let rules: Vec<&str> = repair.rules.iter().map(|rule| rule.id()).collect();
        let (before, after, rule) = (repair.before.clone(), repair.after.clone(), rules.join(" "));
        let kind = if after.is_empty() {
            Kind::CellMissing { before, rule }
        } else {
            Kind::CellRepaired { before, after, rule }
        };
        let at = At::Row(u64::from(repair.row));
        problems.add(&in_sheet(file, repair.sheet.as_deref()), at, Some(&repair.column), kind);
    }
    Some(table)
}

/// What the place itself looks for, and says with more knowledge.
fn told_elsewhere(kind: &Found) -> bool {
    matches!(
        kind,
        Found::CodeMissing {}
            | Found::CodeMissingNamed { .. }
            | Found::ValueMissing {}
            | Found::PositionMissing {}
            | Found::CountsOdd { .. }
            | Found::KeyUnclear { .. }
    )
}

fn in_sheet(file: &str, sheet: Option<&str>) -> String {
    sheet.map_or_else(|| file.to_owned(), |sheet| format!("{file}[{sheet}]"))
}

fn report(file: &str, finding: &Finding, worst: Severity, problems: &mut Problems) {
    let severity = match finding.severity() {
        ledger::Severity::Error => worst,
        ledger::Severity::Warning => Severity::Warning,
        ledger::Severity::Note => Severity::Note,
    };
    let kind = &finding.kind;
    let both = |text: &dyn Fn(Lang) -> String| [text(Lang::Zh), text(Lang::En)];
    let told = Told {
        id: kind.id(),
        severity,
        message: both(&|lang| kind.message(lang)),
        remedy: both(&|lang| kind.remedy(lang)),
    };
    let at = finding.row.map_or(At::Whole, |row| At::Row(u64::from(row)));
    let file = in_sheet(file, finding.sheet.as_deref());
    problems.add(&file, at, finding.column.as_deref(), Kind::Told(Box::new(told)));
}
