//! One cause behind many problems: a column that holds no codes, a coordinate system that fits nothing.
//!
//! What follows from a cause is taken back, so that the cause is not one line among a thousand.

use std::collections::BTreeSet;

use super::Problems;
use super::join::Ledger;
use crate::model::problem::{At, Kind, Problem};
use crate::model::units::Counts;

/// Fewer problems than this are told one by one.
const MANY: usize = 20;

/// Puts one problem in place of repeated and missing codes since `mark`, if most rows have none of
/// their own; `others` finds the columns that may be meant.
pub(super) fn codes(
    file: &str,
    column: &str,
    mark: usize,
    rows: usize,
    others: impl FnOnce(&mut Problems) -> Vec<String>,
    problems: &mut Problems,
) -> bool {
    let repeated = |p: &Problem| {
        matches!(
            p.kind,
            Kind::CodeRepeated { .. }
                | Kind::FeatureRepeated { .. }
                | Kind::RowRepeated { .. }
                | Kind::CodeMissing {}
        )
    };
    let found = problems.gather(mark, repeated);
    let repeated = found.len();
    if repeated < MANY || 2 * repeated <= rows {
        found.into_iter().for_each(|p| problems.put(p));
        return false;
    }
    let others = others(problems).join(", ");
    let others = if others.is_empty() { "-".to_owned() } else { others };
    problems.add(file, At::Whole, Some(column), Kind::CodeColumnWrong { repeated, rows, others });
    true
}

/// Puts one problem in place of rows without a shape since `mark`, if hardly any row has one, and
/// hardly any of `features` a row: a table of a larger place has rows for all.
pub(super) fn foreign_codes(
    ledger: &Ledger,
    layer: &str,
    (features, there): (usize, &str),
    mark: usize,
    problems: &mut Problems,
) -> bool {
    let stray = |p: &Problem| matches!(p.kind, Kind::RowWithoutAtom { .. } | Kind::AtomWithoutRow { .. });
    let found = problems.gather(mark, stray);
    let first = found.iter().find_map(|p| match &p.kind {
        Kind::RowWithoutAtom { code, .. } => Some(code.clone()),
        _ => None,
    });
    let strangers = found.iter().filter(|p| matches!(p.kind, Kind::RowWithoutAtom { .. })).count();
    let rows = ledger.rows.len();
    let matched = rows - strangers;
    let hardly = strangers >= MANY && 10 * strangers > 9 * rows && 10 * matched < features;
    let Some(here) = first.filter(|_| hardly) else {
        found.into_iter().for_each(|p| problems.put(p));
        return false;
    };
    let (layer, there) = (layer.to_owned(), there.to_owned());
    let kind = Kind::CodesForeign { rows, strangers, here, layer, there };
    problems.add(&ledger.file, At::Whole, None, kind);
    true
}

/// Puts one problem in place of odd counts since `mark`, if nearly all rows have more households than
/// people, and a quarter more in all: some towns count dwellings as households, but not so many.
pub(super) fn swapped_counts(ledger: &Ledger, mark: usize, people: &str, problems: &mut Problems) {
    let counts = || ledger.rows.values().map(|row| row.counts);
    let lived_in = counts().filter(|c| c.households > 0 && c.population > 0).count();
    let rows = counts().filter(|c| c.population > 0 && c.households > c.population).count();
    let sum = |of: fn(Counts) -> u32| counts().map(|c| u64::from(of(c))).sum::<u64>();
    let (households, population) = (sum(|c| c.households), sum(|c| c.population));
    if rows < MANY || 10 * rows <= 9 * lived_in || 4 * households < 5 * population {
        return;
    }
    let odd = |p: &Problem| matches!(p.kind, Kind::CountsOdd { .. } | Kind::GroupsExceed { .. });
    problems.gather(mark, odd);
    let kind = Kind::CountsSwapped { rows, people: people.to_owned() };
    problems.add(&ledger.file, At::Whole, Some(people), kind);
}

/// Puts one problem in place of those since `mark` that all features or rows of a file have: a
/// position that cannot exist, a shape of another kind.
pub(super) fn shapes(file: &str, mark: usize, all: usize, problems: &mut Problems) {
    for id in ["PositionOutside", "GeometryKind"] {
        let found = problems.gather(mark, |p| p.kind.id() == id);
        let cause = match found.first().filter(|_| all > 1 && found.len() == all).map(|p| p.kind.clone()) {
            Some(Kind::PositionOutside { x, y, crs }) => {
                let likely = likely(x.parse().unwrap_or(f64::NAN), y.parse().unwrap_or(f64::NAN));
                Kind::PositionsOutside { features: all, x, y, crs, likely }
            }
            Some(Kind::GeometryKind { found, expected }) => {
                Kind::LayerOther { features: all, found, expected }
            }
            _ => {
                found.into_iter().for_each(|p| problems.put(p));
                continue;
            }
        };
        problems.add(file, At::Whole, None, cause);
    }
}

/// Systems in which a position in China has numbers of this size.
fn likely(x: f64, y: f64) -> &'static str {
    let east = |v: f64| (1e5..1e6).contains(&v);
    let zoned = |v: f64| (1.3e7..4.6e7).contains(&v);
    let north = |v: f64| (3e5..6e6).contains(&v);
    let mercator = |v: f64| (8e6..1.55e7).contains(&v);
    if x.abs() <= 180.0 && y.abs() <= 180.0 {
        "EPSG:4326, EPSG:4490, GCJ-02, BD-09"
    } else if mercator(x) && north(y) {
        "EPSG:3857 (→ EPSG:4326)"
    } else if (zoned(x) && north(y)) || (zoned(y) && north(x)) {
        "EPSG:4491-4501, EPSG:4513-4533 (CGCS2000 / Gauss-Kruger)"
    } else if (east(x) && north(y)) || (east(y) && north(x)) {
        "EPSG:4502-4512, EPSG:4534-4554 (CGCS2000 / Gauss-Kruger)"
    } else {
        "-"
    }
}

/// True if there are values, none is missing and no two are equal.
pub(super) fn all_differ<T: Ord>(values: impl Iterator<Item = Option<T>>) -> bool {
    let mut seen = BTreeSet::new();
    let mut any = false;
    for value in values {
        any = true;
        if !value.is_some_and(|value| seen.insert(value)) {
            return false;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tell_their_systems() {
        assert!(likely(116.9, 35.0).starts_with("EPSG:4326"));
        assert!(likely(39_500_000.0, 3_870_000.0).contains("4513-4533"));
        assert!(likely(3_870_000.0, 500_000.0).contains("4534-4554"));
        assert!(likely(13_020_000.0, 4_160_000.0).contains("3857"));
    }

    #[test]
    fn a_column_of_codes_has_a_value_of_its_own_in_every_row() {
        assert!(all_differ([Some(1), Some(2)].into_iter()));
        assert!(!all_differ([Some(1), Some(1)].into_iter()));
        assert!(!all_differ([Some(1), None].into_iter()));
        assert!(!all_differ(std::iter::empty::<Option<u8>>()));
    }
}
