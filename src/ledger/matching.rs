//! Which row of a ledger is which polygon: by code, else by name, never by a guess.

use std::collections::BTreeMap;

use super::value::{key, town_key};

/// More comparisons than this of names left over in one town are not made.
const COMPARISONS_MAX: usize = 1_000_000;

/// A community as a ledger or a layer gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its code; `None` if it has none.
    pub code: Option<String>,
    /// Its name; may be empty.
    pub name: String,
    /// The town it belongs to; `None` if that is not said.
    pub town: Option<String>,
}

/// What two places were matched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The same code, which no other has.
    Code,
    /// The same name in the same town, which no other there has, and one of them without a code.
    Name,
}

/// Why two places left over may be one; somebody has to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The same name under different codes.
    SameName,
    /// Names or codes that differ by one character, or a name inside the other.
    Similar,
    /// The only ones left of their town.
    OneLeft,
}

/// A row and a polygon, by their places in the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair<T> {
    /// Place in the list of rows.
    pub row: usize,
    /// Place in the list of polygons.
    pub polygon: usize,
    /// By what, or why.
    pub by: T,
}

/// The outcome, each list in order of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// What belongs together.
    pub pairs: Vec<Pair<By>>,
    /// Rows without a polygon.
    pub rows_left: Vec<usize>,
    /// Polygons without a row.
    pub polygons_left: Vec<usize>,
    /// Proposals among what is left; none has been applied.
    pub likely: Vec<Pair<Reason>>,
}

/// Matches rows with polygons; `one_town` says that all of both lie in one town.
pub fn communities(rows: &[Place], polygons: &[Place], one_town: bool) -> Matching {
    let mut matching = Matching::default();
    let mut row_free = vec![true; rows.len()];
    let mut polygon_free = vec![true; polygons.len()];
    let code = |place: &Place| place.code.clone();
    let (left, right) = (index(rows, code), index(polygons, code));
    for (code, row) in &left {
        if let (Some(row), Some(Some(polygon))) = (row, right.get(code)) {
            matching.pairs.push(Pair { row: *row, polygon: *polygon, by: By::Code });
            (row_free[*row], polygon_free[*polygon]) = (false, false);
        }
    }
    let town = |place: &Place| match &place.town {
        _ if one_town => Some(String::new()),
        town => town.as_deref().map(town_key).filter(|town| !town.is_empty()),
    };
    let name = |place: &Place| Some((town(place)?, key(&place.name))).filter(|(_, key)| !key.is_empty());
    let (left, right) = (index(rows, name), index(polygons, name));
    for (name, row) in &left {
        let (Some(row), Some(Some(polygon))) = (row, right.get(name)) else { continue };
        if !(row_free[*row] && polygon_free[*polygon]) {
            continue;
        }
        // Two codes that differ may be of two years, or two places.
        if rows[*row].code.is_some() && polygons[*polygon].code.is_some() {
            continue;
        }
        matching.pairs.push(Pair { row: *row, polygon: *polygon, by: By::Name });
        (row_free[*row], polygon_free[*polygon]) = (false, false);
    }
    matching.pairs.sort_unstable();
    let free = |free: &[bool]| (0..free.len()).filter(|i| free[*i]).collect::<Vec<_>>();
    (matching.rows_left, matching.polygons_left) = (free(&row_free), free(&polygon_free));
    let mut towns: BTreeMap<Option<String>, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for row in &matching.rows_left {
        towns.entry(town(&rows[*row])).or_default().0.push(*row);
    }
    for polygon in &matching.polygons_left {
        towns.entry(town(&polygons[*polygon])).or_default().1.push(*polygon);
    }
    for (town, (left, right)) in &towns {
        propose(rows, polygons, left, right, town.is_some(), &mut matching.likely);
    }
    matching.likely.sort_unstable();
    matching
}

/// Places by a key; `None` where several share it.
fn index<K: Ord>(places: &[Place], of: impl Fn(&Place) -> Option<K>) -> BTreeMap<K, Option<usize>> {
    let mut index = BTreeMap::new();
    for (i, place) in places.iter().enumerate() {
        if let Some(key) = of(place) {
            index.entry(key).and_modify(|at| *at = None).or_insert(Some(i));
        }
    }
    index
}

fn propose(
    rows: &[Place],
    polygons: &[Place],
    left: &[usize],
    right: &[usize],
    town_known: bool,
    likely: &mut Vec<Pair<Reason>>,
) {
    if let ([row], [polygon], true) = (left, right, town_known) {
        let by = reason(&rows[*row], &polygons[*polygon]).unwrap_or(Reason::OneLeft);
        likely.push(Pair { row: *row, polygon: *polygon, by });
        return;
    }
    if left.len().saturating_mul(right.len()) > COMPARISONS_MAX {
        return;
    }
    for row in left {
        for polygon in right {
            if let Some(by) = reason(&rows[*row], &polygons[*polygon]) {
                likely.push(Pair { row: *row, polygon: *polygon, by });
            }
        }
    }
}

fn reason(row: &Place, polygon: &Place) -> Option<Reason> {
    let (a, b) = (key(&row.name), key(&polygon.name));
    if !a.is_empty() && a == b {
        return Some(Reason::SameName);
    }
    let codes = row.code.as_deref().zip(polygon.code.as_deref());
    let close = codes.is_some_and(|(a, b)| a.len() >= 6 && one_apart(a, b));
    let inside = a.chars().count() >= 2 && b.chars().count() >= 2 && (a.contains(&b) || b.contains(&a));
    let long = a.chars().count().min(b.chars().count()) >= 2;
    (close || inside || (long && one_apart(&a, &b))).then_some(Reason::Similar)
}

/// True if one character changed, added or left out makes one text the other.
fn one_apart(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let skip = usize::from(short.len() == long.len());
    short.get(head + skip..).unwrap_or(&[]) == long.get(head + 1..).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(code: &str, name: &str, town: &str) -> Place {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Place { code: some(code), name: name.to_owned(), town: some(town) }
    }

    #[test]
    fn codes_come_first_then_names_of_one_town() {
        let rows = [
            place("120106001001", "光明里", "甲街道"),
            place("", "義村里社区居委会", "甲街道"),
            place("", "和安里", "乙街道"),
            place("120106001009", "新名里", "甲街道"),
            place("", "东村", "丙镇"),
        ];
        let polygons = [
            place("120106001002", "义村里", "甲街道办事处"),
            place("120106001001", "旧名", "甲街道"),
            place("120106002001", "和安里", "丙镇"),
            place("120106001008", "老地方", "甲街道"),
        ];
        let matching = communities(&rows, &polygons, false);
        assert_eq!(
            matching.pairs,
            [Pair { row: 0, polygon: 1, by: By::Code }, Pair { row: 1, polygon: 0, by: By::Name }]
        );
        assert_eq!((matching.rows_left, matching.polygons_left), (vec![2, 3, 4], vec![2, 3]));
        assert_eq!(
            matching.likely,
            [
                Pair { row: 3, polygon: 3, by: Reason::Similar },
                Pair { row: 4, polygon: 2, by: Reason::OneLeft }
            ]
        );
    }

    #[test]
    fn a_name_two_places_have_matches_neither() {
        let rows = [place("", "新华社区", "甲镇"), place("", "新华村", "甲镇")];
        let polygons = [place("1", "新华社区", "甲镇")];
        let matching = communities(&rows, &polygons, false);
        assert_eq!((matching.pairs.len(), matching.likely.len()), (0, 2));
    }

    #[test]
    fn different_codes_are_never_joined_by_name() {
        let rows = [place("120106001001", "光明里", "甲镇")];
        let polygons = [place("120106001077", "光明里", "甲镇")];
        let matching = communities(&rows, &polygons, true);
        assert_eq!(matching.pairs, []);
        assert_eq!(matching.likely, [Pair { row: 0, polygon: 0, by: Reason::SameName }]);
    }
}
