//! Bounds on four sides (四至): what runs along the east, south, west and north of a grid.
//!
//! Measure. The outer rings of the shape are cut into pieces of at most [`PIECE_M`]. A piece belongs
//! to the side its outward normal points to, within 45 degrees. It votes with its length for the
//! nearest named line that runs beside it: within [`REACH_M`] of its middle, not past its own end,
//! and turned from it by no more than 30 degrees. The name with most metres bounds the side, if it has at least [`LEAST_SHARE`] of the
//! side; streets, rivers and railways come before the lines of neighbours. Equal lengths are
//! decided by kind, then by name. Holes bound nothing, since what is in them lies inside.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use geo::{Coord, LineString, MultiPolygon};
use rstar::primitives::{GeomWithData, Line};
use rstar::{AABB, PointDistance as _, RTree};

use super::Language;

/// Longest piece of a boundary, metres.
pub const PIECE_M: f64 = 10.0;
/// A line farther than this from the boundary does not bound it, metres.
pub const REACH_M: f64 = 30.0;
/// A name bounds a side from this share of its length.
pub const LEAST_SHARE: f64 = 0.3;
/// Sine of the greatest angle between a boundary and a line along it.
const LARGEST_SINE: f64 = 0.5;
/// An edge this near is the one a place is on, metres.
const TOUCHING_M: f64 = 0.01;
/// Pieces of one edge at most, whatever its length.
const MOST_PIECES: f64 = 10_000.0;

/// What kind of line bounds a grid, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum BoundKind {
    /// A street or road.
    Street,
    /// A river or canal.
    River,
    /// A railway.
    Railway,
    /// The line of a neighbouring grid or community, if nothing else bounds the side.
    Neighbour,
}

/// A line with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedLine {
    /// Its name; a line without one bounds nothing.
    pub name: String,
    /// Its kind.
    pub kind: BoundKind,
    /// Its course, metres.
    pub line: LineString<f64>,
}

/// What bounds one side.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: BoundKind,
    /// The share of the side's length along which it runs, 0 to 1.
    pub share: f64,
}

/// What bounds the four sides; `None` where nothing named does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sides {
    /// To the east.
    pub east: Option<Bound>,
    /// To the south.
    pub south: Option<Bound>,
    /// To the west.
    pub west: Option<Bound>,
    /// To the north.
    pub north: Option<Bound>,
}

impl Sides {
    /// As ledgers have it: 东至中山路，南至…
    pub fn text(&self, language: Language) -> String {
        let sides = [&self.east, &self.south, &self.west, &self.north];
        let (words, between, to, none) = match language {
            Language::Chinese => (["东", "南", "西", "北"], "，", "至", "无名界线"),
            Language::English => (["east", "south", "west", "north"], "; ", " to ", "an unnamed line"),
        };
        let part = |(word, side): (&str, &Option<Bound>)| {
            let name = side.as_ref().map_or(none, |bound| &bound.name);
            format!("{word}{to}{name}")
        };
        words.into_iter().zip(sides).map(part).collect::<Vec<_>>().join(between)
    }
}

/// The bounds of one shape. To ask for many, make [`Surroundings`] once.
pub fn bounds_text(shape: &MultiPolygon<f64>, lines: &[NamedLine]) -> Sides {
    Surroundings::new(lines).sides(shape, None)
}

/// Named lines, ready to be searched.
pub struct Surroundings {
    names: Vec<(BoundKind, String)>,
    tree: RTree<GeomWithData<Line<[f64; 2]>, usize>>,
}

/// Metres by side and name.
type Votes = [BTreeMap<usize, f64>; 4];

impl Surroundings {
    /// Time grows with the segments times the logarithm of their number. Lines of one kind and name
    /// are one; positions that are not finite, or beyond any plane of metres, are left out.
    pub fn new(lines: &[NamedLine]) -> Self {
        let named = |line: &&NamedLine| !line.name.trim().is_empty();
        let key = |line: &NamedLine| (line.kind, line.name.trim().to_owned());
        let mut ids: BTreeMap<_, usize> = lines.iter().filter(named).map(|line| (key(line), 0)).collect();
        ids.values_mut().enumerate().for_each(|(number, id)| *id = number);
        let mut segments = Vec::new();
        for line in lines.iter().filter(named) {
            let Some(&id) = ids.get(&key(line)) else { continue };
            for pair in line.line.0.windows(2) {
                let [a, b] = [pair[0], pair[1]];
                if is_on_plane(a) && is_on_plane(b) && a != b {
                    segments.push(GeomWithData::new(Line::new([a.x, a.y], [b.x, b.y]), id));
                }
            }
        }
        Self { names: ids.into_keys().collect(), tree: RTree::bulk_load(segments) }
    }

    /// The bounds of a shape in metres; lines of a neighbour called `own` are passed over, so that
    /// one index of all grids serves each of them.
    pub fn sides(&self, shape: &MultiPolygon<f64>, own: Option<&str>) -> Sides {
        let (mut lengths, mut lines, mut neighbours) = ([0.0; 4], Votes::default(), Votes::default());
        for_each_piece(shape, |piece| {
            lengths[piece.side] += piece.length;
            for (votes, of_neighbours) in [(&mut lines, false), (&mut neighbours, true)] {
                if let Some(name) = self.nearest(&piece, of_neighbours, own) {
                    *votes[piece.side].entry(name).or_insert(0.0) += piece.length;
                }
            }
        });
        let bound = |side: usize| {
            let of = |votes: &Votes| self.winner(&votes[side], lengths[side]);
            of(&lines).or_else(|| of(&neighbours))
        };
        Sides { east: bound(0), south: bound(1), west: bound(2), north: bound(3) }
    }

    /// Names are numbered in the order of kind and name, so that the smaller number wins a tie.
    fn nearest(&self, piece: &Piece, of_neighbours: bool, own: Option<&str>) -> Option<usize> {
        let fits = |id: usize| {
            let (kind, name) = &self.names[id];
            (*kind == BoundKind::Neighbour) == of_neighbours && !(of_neighbours && own == Some(name.as_str()))
        };
        let found = self.tree.locate_within_distance(piece.middle, REACH_M * REACH_M);
        let found = found.filter(|s| fits(s.data) && piece.is_along(s.geom().from, s.geom().to));
        let measured = found.map(|s| (s.geom().distance_2(&piece.middle), s.data));
        measured.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, id)| id)
    }

    fn winner(&self, votes: &BTreeMap<usize, f64>, length: f64) -> Option<Bound> {
        // The last of equal ones is taken, hence backwards.
        let (&id, &metres) = votes.iter().rev().max_by(|a, b| a.1.total_cmp(b.1))?;
        let share = metres / length;
        let (kind, name) = &self.names[id];
        (share >= LEAST_SHARE).then(|| Bound { name: name.clone(), kind: *kind, share: share.min(1.0) })
    }
}

/// A short stretch of the boundary.
struct Piece {
    middle: [f64; 2],
    along: [f64; 2],
    length: f64,
    /// 0 east, 1 south, 2 west, 3 north.
    side: usize,
}

impl Piece {
    fn is_along(&self, from: [f64; 2], to: [f64; 2]) -> bool {
        let (x, y) = (to[0] - from[0], to[1] - from[1]);
        let cross = (self.along[0] * y - self.along[1] * x).abs();
        let length = x.hypot(y);
        // Past its end a line no longer runs beside the boundary; bends leave small gaps.
        let foot = ((self.middle[0] - from[0]) * x + (self.middle[1] - from[1]) * y) / length;
        cross <= LARGEST_SINE * length && (-PIECE_M..=length + PIECE_M).contains(&foot)
    }
}

/// On any plane of metres; farther off, squares would lose their meaning.
fn is_on_plane(c: Coord<f64>) -> bool {
    c.x.abs() < 1e10 && c.y.abs() < 1e10
}

/// The rings that bound the shape from outside, those without faults.
fn rings(shape: &MultiPolygon<f64>) -> impl Iterator<Item = &[Coord<f64>]> {
    let rings = shape.iter().map(|polygon| polygon.exterior().0.as_slice());
    rings.filter(|ring| ring.len() >= 4 && ring.iter().all(|&c| is_on_plane(c)))
}

/// The edges of a shape, to see whether it lies beyond a place.
struct Outline(RTree<Line<[f64; 2]>>);

impl Outline {
    fn of(shape: &MultiPolygon<f64>) -> Self {
        let edges = rings(shape).flat_map(|ring| ring.windows(2));
        Self(RTree::bulk_load(edges.map(|e| Line::new([e[0].x, e[0].y], [e[1].x, e[1].y])).collect()))
    }

    /// True if going from a place towards a side meets an edge.
    fn lies_beyond(&self, from: [f64; 2], side: usize) -> bool {
        let whole = self.0.root().envelope();
        let (mut low, mut high) = (from, from);
        match side {
            0 => high[0] = whole.upper()[0].max(from[0]),
            1 => low[1] = whole.lower()[1].min(from[1]),
            2 => low[0] = whole.lower()[0].min(from[0]),
            _ => high[1] = whole.upper()[1].max(from[1]),
        }
        // `way` is the axis one goes along, `still` the one that stays.
        let way = side % 2;
        let still = 1 - way;
        let forward = if matches!(side, 0 | 3) { 1.0 } else { -1.0 };
        self.0.locate_in_envelope_intersecting(&AABB::from_corners(low, high)).any(|edge| {
            let (a, b) = (edge.from, edge.to);
            if (a[still] > from[still]) == (b[still] > from[still]) {
                return false;
            }
            let at = a[way] + (from[still] - a[still]) / (b[still] - a[still]) * (b[way] - a[way]);
            (at - from[way]) * forward > TOUCHING_M
        })
    }
}

fn for_each_piece(shape: &MultiPolygon<f64>, mut take: impl FnMut(Piece)) {
    let outline = Outline::of(shape);
    for ring in rings(shape) {
        // Measured from its first corner, so that large coordinates do not cost accuracy.
        let cross = |a: Coord<f64>, b: Coord<f64>| {
            (a - ring[0]).x * (b - ring[0]).y - (b - ring[0]).x * (a - ring[0]).y
        };
        let twice_area: f64 = ring.windows(2).map(|pair| cross(pair[0], pair[1])).sum();
        let turn = if twice_area < 0.0 { -1.0 } else { 1.0 };
        for pair in ring.windows(2) {
            let step = pair[1] - pair[0];
            let length = step.x.hypot(step.y);
            if length <= 0.0 || !length.is_finite() {
                continue;
            }
            let along = [step.x / length, step.y / length];
            let side = facing(along[1] * turn, -along[0] * turn);
            let count = (length / PIECE_M).ceil().clamp(1.0, MOST_PIECES);
            for number in 0..count as u32 {
                let at = (f64::from(number) + 0.5) / count;
                let middle = [pair[0].x + step.x * at, pair[0].y + step.y * at];
                if !outline.lies_beyond(middle, side) {
                    take(Piece { middle, along, length: length / count, side });
                }
            }
        }
    }
}

/// The side an outward normal points to; the diagonals count as east and west.
fn facing(x: f64, y: f64) -> usize {
    match (x.abs() >= y.abs(), x >= 0.0, y >= 0.0) {
        (true, true, _) => 0,
        (true, false, _) => 2,
        (false, _, false) => 1,
        (false, _, true) => 3,
    }
}
