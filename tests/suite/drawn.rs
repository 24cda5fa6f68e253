//! Towns drawn as text, the shared fixture.
//!
//! `"aab / abb"` is a town of two rows. Each letter is a square atom of 100 m and names its
//! community; `.` is ground without an atom. The first row is the northern one, and the south-west
//! corner of the drawing is the origin. An atom's code is its row and column, `0,2`; a community's
//! code is its letter. Further drawings of the same size give households, compounds and the grids
//! in force.

use std::collections::{BTreeMap, BTreeSet};

use geo::{LineString, MultiPolygon, Point, Rect};
use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore as _, SeedableRng as _};
use wangge::geometry::overlap::union;
use wangge::geometry::projection::LocalFrame;
use wangge::index::fabric::Fabric;
use wangge::io;
use wangge::model::ids::{CommunityId, CompoundId};
use wangge::model::lang::Lang;
use wangge::model::place::{
    Atom, AtomKind, BarrierKind, Barriers, Candidate, Centre, Community, Context, Origin, Place, Site,
};
use wangge::model::plan::Plan;
use wangge::model::rules::Rules;
use wangge::model::units::Counts;
use wangge::model::written::WrittenPlan;
use wangge::network::{StraightLine, StreetGround, TravelTimes};
use wangge::planner::{self, Parts};
use wangge::report::{self, Subject};
use wangge::run::{Run, Seed};
use wangge::verify;
use wangge::walking::metric::Position;
use wangge::walking::streets::Lines;

/// Side of an atom.
pub(crate) const CELL_M: f64 = 100.0;

/// A town under construction. Positions are in cells from the south-west corner.
#[derive(Clone)]
pub(crate) struct Town {
    cells: Vec<Vec<char>>,
    place: Place,
}

/// The town of a drawing: ten households an atom, nothing else.
pub(crate) fn drawn(drawing: &str) -> Town {
    let cells: Vec<Vec<char>> = rows(drawing);
    assert!(cells.iter().all(|row| row.len() == cells[0].len()), "rows differ in length: {drawing}");
    let letters: BTreeSet<char> = cells.iter().flatten().copied().filter(|c| *c != '.').collect();
    let communities: Vec<Community> = letters.iter().map(|&c| community(c, &cells)).collect();
    let mut place = Place {
        name: "drawn".to_owned(),
        date: String::new(),
        origin: Origin { lon: 117.0, lat: 35.0 },
        crs: "EPSG:4326".to_owned(),
        communities,
        atoms: Vec::new(),
        atom_kind: AtomKind::Areas,
        compounds: Vec::new(),
        barriers: Barriers::default(),
        centres: Vec::new(),
        candidates: Vec::new(),
        grids_in_force: Vec::new(),
        given: Vec::new(),
        streets: None,
        context: Context::default(),
        flaws: Vec::new(),
        staff: Vec::new(),
    };
    for (code, (row, column)) in codes(&cells) {
        let letter = cells[row][column];
        let community = letters.iter().position(|c| *c == letter).expect("every letter is a community");
        let square = square(&cells, row, column);
        place.atoms.push(Atom {
            code,
            community: CommunityId::at(community),
            anchor: square.center().into(),
            shape: Some(square.to_polygon().into()),
            counts: counts(10),
            compound: None,
            grid_in_force: None,
            given: None,
        });
    }
    Town { cells, place }
}

/// Three people a household; one in five is old, one in seven a child.
pub(crate) fn counts(households: u32) -> Counts {
    let population = 3 * households;
    Counts { households, population, older: population / 5, child: population / 7 }
}

fn rows(drawing: &str) -> Vec<Vec<char>> {
    drawing.split('/').map(|row| row.trim().chars().collect()).collect()
}

/// Codes of the drawn atoms, in order, with row and column; padded so that their order is the plain one.
fn codes(cells: &[Vec<char>]) -> BTreeMap<String, (usize, usize)> {
    let width = cells.len().max(cells[0].len()).saturating_sub(1).to_string().len();
    let mut codes = BTreeMap::new();
    for (r, row) in cells.iter().enumerate() {
        for (c, _) in row.iter().enumerate().filter(|(_, cell)| **cell != '.') {
            codes.insert(format!("{r:0width$},{c:0width$}"), (r, c));
        }
    }
    codes
}

fn square(cells: &[Vec<char>], row: usize, column: usize) -> Rect<f64> {
    let (x, y) = (column as f64, (cells.len() - 1 - row) as f64);
    Rect::new((x * CELL_M, y * CELL_M), ((x + 1.0) * CELL_M, (y + 1.0) * CELL_M))
}

fn community(letter: char, cells: &[Vec<char>]) -> Community {
    let all =
        cells.iter().enumerate().flat_map(|(r, row)| row.iter().enumerate().map(move |(c, l)| (r, c, *l)));
    let own = all.filter(|(_, _, l)| *l == letter);
    let squares: Vec<MultiPolygon<f64>> =
        own.map(|(r, c, _)| square(cells, r, c).to_polygon().into()).collect();
    let outline = union(&squares.iter().collect::<Vec<_>>());
    Community { code: letter.to_string(), name: format!("{letter}社区"), outline, ledger: None }
}

fn point((x, y): (f64, f64)) -> Point<f64> {
    Point::new(x * CELL_M, y * CELL_M)
}

fn site(code: &str, at: (f64, f64)) -> Site {
    let name = format!("{code}中心");
    Site { code: code.to_owned(), name, at: point(at), address: None, area_m2: None, set_aside: None }
}

impl Town {
    /// Households of the atoms in order of code.
    pub(crate) fn households(mut self, households: &[u32]) -> Self {
        assert_eq!(households.len(), self.place.atoms.len(), "one number an atom");
        for (atom, &h) in self.place.atoms.iter_mut().zip(households) {
            atom.counts = counts(h);
        }
        self
    }

    /// What another drawing says of each atom, in order of code; `.` says nothing.
    fn letters(&self, drawing: &str) -> Vec<Option<char>> {
        let other = rows(drawing);
        let size = |cells: &[Vec<char>]| cells.iter().map(Vec::len).collect::<Vec<_>>();
        assert_eq!(size(&other), size(&self.cells), "the drawings differ in size: {drawing}");
        codes(&self.cells).values().map(|&(r, c)| Some(other[r][c]).filter(|c| *c != '.')).collect()
    }

    /// Compounds by letter.
    pub(crate) fn compounds(mut self, drawing: &str) -> Self {
        let letters = self.letters(drawing);
        let all: BTreeSet<char> = letters.iter().flatten().copied().collect();
        self.place.compounds = all.iter().map(char::to_string).collect();
        for (atom, letter) in self.place.atoms.iter_mut().zip(letters) {
            atom.compound = letter.and_then(|l| all.iter().position(|c| *c == l)).map(CompoundId::at);
        }
        self
    }

    /// The grids in force by digit: `2` in community `a` has the code `a002`.
    pub(crate) fn in_force(mut self, drawing: &str) -> Self {
        let letters = self.letters(drawing);
        let code = |atom: &Atom, digit: char| {
            format!("{}00{digit}", self.place.communities[atom.community.index()].code)
        };
        let codes: Vec<Option<String>> =
            self.place.atoms.iter().zip(&letters).map(|(atom, l)| l.map(|l| code(atom, l))).collect();
        let all: BTreeSet<&String> = codes.iter().flatten().collect();
        for (atom, own) in self.place.atoms.iter_mut().zip(&codes) {
            let position = own.as_ref().and_then(|own| all.iter().position(|code| *code == own));
            atom.grid_in_force = position.map(|p| u32::try_from(p).expect("a drawing is small"));
        }
        self.place.grids_in_force = all.into_iter().cloned().collect();
        self
    }

    /// Points instead of areas: atoms join where the ground nearest to them meets.
    pub(crate) fn into_sites(mut self) -> Self {
        self.place.atom_kind = AtomKind::Sites;
        self.place.atoms.iter_mut().for_each(|atom| atom.shape = None);
        self
    }

    /// A river along these corners.
    pub(crate) fn river(self, corners: &[(f64, f64)]) -> Self {
        self.barrier(BarrierKind::River, corners)
    }

    /// A wall along these corners.
    pub(crate) fn wall(self, corners: &[(f64, f64)]) -> Self {
        self.barrier(BarrierKind::Wall, corners)
    }

    fn barrier(mut self, kind: BarrierKind, corners: &[(f64, f64)]) -> Self {
        let line: LineString<f64> = corners.iter().map(|&c| point(c)).collect();
        self.place.barriers.lines.push((kind, line));
        self
    }

    /// A bridge or a gate.
    pub(crate) fn opening(mut self, at: (f64, f64)) -> Self {
        self.place.barriers.openings.push(point(at));
        self
    }

    /// An open centre of the community's level. Codes must come in ascending order.
    pub(crate) fn centre(mut self, code: &str, at: (f64, f64)) -> Self {
        let community = self.community_at(at);
        let centre = Centre::open(site(code, at));
        self.place.centres.push(Centre { level: Some(4), community, ..centre });
        self
    }

    /// The community of the cell a point lies in.
    fn community_at(&self, (x, y): (f64, f64)) -> Option<CommunityId> {
        let row = (self.cells.len() as f64 - 1.0 - y.floor()) as usize;
        let letter = self.cells.get(row)?.get(x as usize)?.to_string();
        self.place.communities.iter().position(|c| c.code == letter).map(CommunityId::at)
    }

    /// Changes the last centre.
    pub(crate) fn with_centre(mut self, change: impl FnOnce(&mut Centre)) -> Self {
        change(self.place.centres.last_mut().expect("a centre was drawn"));
        self
    }

    /// A candidate. Codes must come in ascending order.
    pub(crate) fn candidate(mut self, code: &str, at: (f64, f64)) -> Self {
        let community = self.community_at(at);
        self.place.candidates.push(Candidate { community, ..Candidate::at(site(code, at)) });
        self
    }

    /// A street along these corners, joined to those that share one; `marks` as of `walking::osm::mark`.
    pub(crate) fn street(mut self, corners: &[(f64, f64)], marks: u8) -> Self {
        let frame = LocalFrame::around(self.place.origin);
        let lines = self.place.streets.get_or_insert_with(Lines::default);
        let mut nodes = Vec::new();
        for &corner in corners {
            let at = point(corner);
            let (lon, lat) = frame.to_degrees(at.x(), at.y());
            let position = Position::from_degrees(lon, lat).expect("the drawing lies on the globe");
            let known = lines.positions.iter().position(|p| *p == position);
            nodes.push(known.unwrap_or(lines.positions.len()) as u32);
            if known.is_none() {
                lines.positions.push(position);
            }
        }
        lines.push(&nodes, marks);
        lines.steps_percent = 200;
        self
    }

    /// The place.
    pub(crate) fn place(self) -> Place {
        self.place
    }

    /// For each letter of another drawing of the same size, its atoms' codes.
    pub(crate) fn groups(&self, drawing: &str) -> BTreeMap<char, Vec<String>> {
        let mut groups: BTreeMap<char, Vec<String>> = BTreeMap::new();
        for (atom, letter) in self.place.atoms.iter().zip(self.letters(drawing)) {
            if let Some(letter) = letter {
                groups.entry(letter).or_default().push(atom.code.clone());
            }
        }
        groups
    }
}

/// The rules with another range of households.
pub(crate) fn rules_for(min: u32, max: u32) -> Rules {
    let mut rules = Rules::default();
    (rules.grids.households_min, rules.grids.households_max) = (min, max);
    rules.validate().expect("the range is sound");
    rules
}

/// A place with its whole plan.
pub(crate) struct Planned {
    pub(crate) place: Place,
    pub(crate) rules: Rules,
    pub(crate) fabric: Fabric,
    pub(crate) plan: Plan,
}

/// Plans everything, with seed 1.
pub(crate) fn planned(place: Place, rules: &Rules) -> Planned {
    planned_with(place, rules, Seed(1), Parts::ALL)
}

/// Plans some parts with some seed.
pub(crate) fn planned_with(mut place: Place, rules: &Rules, seed: Seed, parts: Parts) -> Planned {
    let run = Run::quiet(seed);
    let fabric = planner::prepare(&mut place, rules, &run);
    let ground = StreetGround::of(&place).expect("drawn streets make a graph");
    let streets = ground.as_ref().map(|ground| ground.times(rules));
    let straight = StraightLine::by(rules);
    let times = streets.as_ref().map_or(&straight as &dyn TravelTimes, |streets| streets);
    let plan = planner::plan(&place, &fabric, rules, times, parts, &run);
    drop(streets);
    Planned { place, rules: rules.clone(), fabric, plan }
}

impl Planned {
    /// The files of the plan, maps apart.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let subject = Subject {
            place: &self.place,
            fabric: &self.fabric,
            rules: &self.rules,
            plan: &self.plan,
            inputs: &[],
            problems: &[],
            seed: 1,
            model: if self.place.streets.is_some() { "streets" } else { "straight" },
            lang: Lang::En,
        };
        report::files(&subject).expect("tables of plain text become CSV")
    }

    /// The files read back.
    pub(crate) fn written(&self) -> WrittenPlan {
        io::written_from(&self.files()).expect("the program reads what it writes")
    }

    /// What verification says of the files.
    pub(crate) fn faults(&self) -> Vec<String> {
        faults(&self.place, &self.rules, &self.written())
    }

    /// Each grid as its atoms' codes and its own code: all of a partition that a reader sees.
    pub(crate) fn grids(&self) -> Vec<(String, Vec<String>)> {
        let partition = self.plan.partition.as_ref().expect("grids were asked for");
        let atoms_of = |i: usize| {
            let own = self.place.atoms.iter().zip(&partition.grid_of).filter(|(_, g)| g.index() == i);
            own.map(|(atom, _)| atom.code.clone()).collect()
        };
        partition.grids.iter().enumerate().map(|(i, grid)| (grid.code.clone(), atoms_of(i))).collect()
    }
}

/// Every fault of a written plan as a sentence.
pub(crate) fn faults(place: &Place, rules: &Rules, written: &WrittenPlan) -> Vec<String> {
    verify::plan(place, rules, written, &[]).iter().map(|fault| fault.message(Lang::En)).collect()
}

/// Seeded chance for test data.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A whole number from `0` to `n - 1`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0.next_u64() % n
    }

    /// A whole number from `low` to `high`.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(u64::from(high - low) + 1) as u32
    }

    /// A number from 0 to 1.
    pub(crate) fn share(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Another order (Fisher and Yates).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

/// A drawing of `rows` by `columns` with some cells left out; one connected community `a`.
pub(crate) fn random_drawing(chance: &mut Chance, rows: usize, columns: usize, holes: usize) -> String {
    let mut cells = vec![vec!['a'; columns]; rows];
    for _ in 0..holes {
        let (r, c) = (chance.below(rows as u64) as usize, chance.below(columns as u64) as usize);
        let kept = std::mem::replace(&mut cells[r][c], '.');
        if !in_one_piece(&cells) {
            cells[r][c] = kept;
        }
    }
    let rows: Vec<String> = cells.iter().map(|row| row.iter().collect()).collect();
    rows.join(" / ")
}

fn in_one_piece(cells: &[Vec<char>]) -> bool {
    let mut left: BTreeSet<(usize, usize)> = codes(cells).into_values().collect();
    let Some(start) = left.pop_first() else { return false };
    let mut stack = vec![start];
    while let Some((r, c)) = stack.pop() {
        let beside = [(r + 1, c), (r, c + 1), (r.wrapping_sub(1), c), (r, c.wrapping_sub(1))];
        stack.extend(beside.into_iter().filter(|cell| left.remove(cell)));
    }
    left.is_empty()
}

#[test]
fn a_drawing_is_what_it_looks_like() {
    let town = drawn("ab. / aab").households(&[1, 2, 3, 4, 5]).compounds("xx. / x.y").in_force("11. / 222");
    let groups = town.groups("pq. / ppq");
    let place = town.place();
    let codes: Vec<&str> = place.atoms.iter().map(|a| a.code.as_str()).collect();
    assert_eq!(codes, ["0,0", "0,1", "1,0", "1,1", "1,2"]);
    assert_eq!(groups[&'q'], ["0,1", "1,2"]);
    assert_eq!(place.atoms[1].counts, Counts { households: 2, population: 6, older: 1, child: 0 });
    assert_eq!(place.atoms[0].anchor, Point::new(50.0, 150.0));
    assert_eq!(place.grids_in_force, ["a001", "a002", "b001", "b002"]);
    assert_eq!(place.atoms[4].compound, Some(CompoundId(1)));
    let fabric = Fabric::over(&place, 60);
    let joined: Vec<(u32, u32)> = fabric.joins.of(0).collect();
    assert_eq!(joined, [(2, 10_000)], "0,0 joins 1,0 alone: grids never cross a community's line");
}
