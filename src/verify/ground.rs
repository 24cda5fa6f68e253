//! Which atoms join, found pair by pair, and pieces by flood fill.

use geo::{BoundingRect as _, LineString, MultiPolygon, Point};

use crate::model::place::{Atom, AtomKind, BarrierKind, Place};
use crate::model::rules::Rules;

/// Areas share a line where their edges run this close together.
const CLOSE_M: f64 = 0.05;

/// Less common boundary than this is a corner. Half of what joins when a plan is made, so that
/// rounding at the threshold is never called a fault.
const COMMON_M_MIN: f64 = 0.05;

/// A place looked at atom by atom.
pub(super) struct Ground<'a> {
    pub(super) place: &'a Place,
    reach_m: f64,
    /// Atoms of each community.
    members: Vec<Vec<usize>>,
    /// For each given grid, and before them for the rest of each community, its atoms.
    blocks: Vec<Vec<usize>>,
    /// Barrier edges that come near each community; walls with a gate part nobody and are left out.
    barriers: Vec<Vec<Segment>>,
}

impl<'a> Ground<'a> {
    pub(super) fn of(place: &'a Place, rules: &Rules) -> Self {
        let mut members = vec![Vec::new(); place.communities.len()];
        let mut blocks = vec![Vec::new(); place.communities.len() + place.given.len()];
        for (i, atom) in place.atoms.iter().enumerate() {
            members[atom.community.index()].push(i);
            blocks[block(place, i)].push(i);
        }
        let lines: Vec<_> = place
            .barriers
            .lines
            .iter()
            .filter(|(kind, line)| *kind != BarrierKind::Wall || !has_gate(place, line))
            .collect();
        let near = |atoms: &Vec<usize>| {
            let points: Vec<_> = atoms.iter().map(|&a| place.atoms[a].anchor).collect();
            let Some(bounds) = geo::MultiPoint::new(points).bounding_rect() else { return Vec::new() };
            lines.iter().flat_map(|(_, line)| edges_in(line, bounds)).collect()
        };
        let barriers = members.iter().map(near).collect();
        Self { place, reach_m: f64::from(rules.grids.opening_reach_m), members, blocks, barriers }
    }

    /// The atoms of the community that holds `atom`.
    pub(super) fn community_of(&self, atom: usize) -> &[usize] {
        &self.members[self.place.atoms[atom].community.index()]
    }

    /// The atoms of the given grid that holds `atom`, or those of its community that are in none.
    pub(super) fn block_of(&self, atom: usize) -> &[usize] {
        &self.blocks[block(self.place, atom)]
    }

    /// The pieces of a set of atoms of one community, each a list of atoms.
    pub(super) fn pieces(&self, set: &[usize]) -> Vec<Vec<usize>> {
        let mut left: Vec<usize> = set.to_vec();
        let mut pieces = Vec::new();
        while let Some(start) = left.pop() {
            let mut piece = vec![start];
            let mut next = 0;
            while next < piece.len() {
                let from = piece[next];
                next += 1;
                left.retain(|&to| {
                    let joins = self.join(from, to);
                    if joins {
                        piece.push(to);
                    }
                    !joins
                });
            }
            pieces.push(piece);
        }
        pieces
    }

    /// True if two atoms of one community join; a given grid joins with nothing around it.
    pub(super) fn join(&self, a: usize, b: usize) -> bool {
        self.place.atoms[a].given == self.place.atoms[b].given && self.touch(a, b) && !self.parted(a, b)
    }

    /// True if two atoms of one community have a line in common, whatever stands on it.
    pub(super) fn touch(&self, a: usize, b: usize) -> bool {
        match self.place.atom_kind {
            AtomKind::Areas | AtomKind::Hexagons => common_line(&self.place.atoms[a], &self.place.atoms[b]),
            AtomKind::Sites => nearest_ground_meets(self.place, a, b, self.community_of(a)),
        }
    }

    /// True if a barrier without an opening near stands between two atoms.
    pub(super) fn parted(&self, a: usize, b: usize) -> bool {
        let turn = |a: (f64, f64), b: (f64, f64), c: (f64, f64)| {
            (b.0 - a.0) * (c.1 - a.1) - (b.1 - a.1) * (c.0 - a.0)
        };
        let (p, q) = (self.place.atoms[a].anchor.x_y(), self.place.atoms[b].anchor.x_y());
        let reach_m = self.reach_m.max(0.5 * ((q.0 - p.0).powi(2) + (q.1 - p.1).powi(2)).sqrt());
        self.barriers[self.place.atoms[a].community.index()].iter().any(|edge| {
            let (c, d) = ((edge[0], edge[1]), (edge[2], edge[3]));
            let (tc, td) = (turn(p, q, c), turn(p, q, d));
            let (tp, tq) = (turn(c, d, p), turn(c, d, q));
            if tc * td > 0.0 || tp * tq > 0.0 || tc == td || td == 0.0 {
                return false;
            }
            let share = tc / (tc - td);
            let (x, y) = (c.0 + share * (d.0 - c.0), c.1 + share * (d.1 - c.1));
            let openings = &self.place.barriers.openings;
            !openings.iter().any(|o| (o.x() - x).hypot(o.y() - y) <= reach_m)
        })
    }
}

type Segment = [f64; 4];

fn block(place: &Place, atom: usize) -> usize {
    let atom = &place.atoms[atom];
    atom.given.map_or(atom.community.index(), |given| place.communities.len() + given as usize)
}

fn common_line(a: &Atom, b: &Atom) -> bool {
    let (Some(p), Some(q)) = (&a.shape, &b.shape) else { return false };
    let (Some(p_box), Some(q_box)) = (p.bounding_rect(), q.bounding_rect()) else { return false };
    let ours = segments_in(p, q_box);
    if ours.is_empty() {
        return false;
    }
    let theirs = segments_in(q, p_box);
    let mut common = 0.0;
    for s in &ours {
        for t in &theirs {
            common += run_together(s, t);
            if common >= COMMON_M_MIN {
                return true;
            }
        }
    }
    false
}

/// The edges of a shape that come near a box.
fn segments_in(shape: &MultiPolygon<f64>, bounds: geo::Rect<f64>) -> Vec<Segment> {
    let rings = shape.iter().flat_map(|p| std::iter::once(p.exterior()).chain(p.interiors()));
    rings.flat_map(|ring| edges_in(ring, bounds)).collect()
}

fn edges_in(line: &LineString<f64>, bounds: geo::Rect<f64>) -> Vec<Segment> {
    let near = |edge: &geo::Line<f64>| {
        let (p, q) = (edge.start, edge.end);
        p.x.max(q.x) >= bounds.min().x - CLOSE_M
            && p.x.min(q.x) <= bounds.max().x + CLOSE_M
            && p.y.max(q.y) >= bounds.min().y - CLOSE_M
            && p.y.min(q.y) <= bounds.max().y + CLOSE_M
    };
    line.lines().filter(near).map(|e| [e.start.x, e.start.y, e.end.x, e.end.y]).collect()
}

/// Length of the shorter segment's shadow on the longer where the two stay close.
fn run_together(s: &Segment, t: &Segment) -> f64 {
    let length = |v: &Segment| ((v[2] - v[0]).powi(2) + (v[3] - v[1]).powi(2)).sqrt();
    let (long, short) = if length(s) >= length(t) { (s, t) } else { (t, s) };
    let base = length(long);
    if base == 0.0 || length(short) == 0.0 {
        return 0.0;
    }
    let (ux, uy) = ((long[2] - long[0]) / base, (long[3] - long[1]) / base);
    let along = |x: f64, y: f64| (x - long[0]) * ux + (y - long[1]) * uy;
    let aside = |x: f64, y: f64| (x - long[0]) * uy - (y - long[1]) * ux;
    let (a0, a1) = (along(short[0], short[1]), along(short[2], short[3]));
    let (d0, d1) = (aside(short[0], short[1]), aside(short[2], short[3]));
    let (from, to) = (a0.min(a1).max(0.0), a0.max(a1).min(base));
    if to - from <= 1e-9 {
        return 0.0;
    }
    let gap_at = |at: f64| d0 + (d1 - d0) * (at - a0) / (a1 - a0);
    if gap_at(from).abs() <= CLOSE_M && gap_at(to).abs() <= CLOSE_M { to - from } else { 0.0 }
}

/// True if, somewhere in the community, two sites are the two nearest at once: walk along their
/// bisector and cut away whatever is nearer to a third.
fn nearest_ground_meets(place: &Place, a: usize, b: usize, community: &[usize]) -> bool {
    let at = |i: usize| (place.atoms[i].anchor.x(), place.atoms[i].anchor.y());
    let ((ax, ay), (bx, by)) = (at(a), at(b));
    let apart = (bx - ax).hypot(by - ay);
    if apart < 1e-3 {
        return true;
    }
    let (mx, my) = (f64::midpoint(ax, bx), f64::midpoint(ay, by));
    let (dx, dy) = (-(by - ay) / apart, (bx - ax) / apart);
    let (mut low, mut high) = (-1e7f64, 1e7f64);
    for &c in community.iter().filter(|&&c| c != a && c != b) {
        let (cx, cy) = at(c);
        // |p - a|² <= |p - c|² along p = m + t d.
        let slope = 2.0 * (dx * (cx - ax) + dy * (cy - ay));
        let room = (mx - cx).powi(2) + (my - cy).powi(2) - (mx - ax).powi(2) - (my - ay).powi(2);
        if (cx - ax).hypot(cy - ay) < 1e-3 || (cx - bx).hypot(cy - by) < 1e-3 {
            continue;
        }
        if slope.abs() < 1e-12 {
            if room < 0.0 {
                return false;
            }
        } else if slope > 0.0 {
            high = high.min(room / slope);
        } else {
            low = low.max(room / slope);
        }
        if low >= high {
            return false;
        }
    }
    let outline = &place.communities[place.atoms[a].community.index()].outline;
    inside_length(outline, (mx, my), (dx, dy), low, high) >= COMMON_M_MIN
}

/// How much of the line `m + t d`, `low <= t <= high`, lies inside an outline.
fn inside_length(outline: &MultiPolygon<f64>, m: (f64, f64), d: (f64, f64), low: f64, high: f64) -> f64 {
    let mut cuts = vec![low, high];
    for polygon in outline {
        for ring in std::iter::once(polygon.exterior()).chain(polygon.interiors()) {
            for line in ring.lines() {
                let side = |x: f64, y: f64| d.0 * (y - m.1) - d.1 * (x - m.0);
                let (s, e) = (side(line.start.x, line.start.y), side(line.end.x, line.end.y));
                if (s < 0.0) != (e < 0.0) {
                    let share = s / (s - e);
                    let x = line.start.x + share * (line.end.x - line.start.x);
                    let y = line.start.y + share * (line.end.y - line.start.y);
                    cuts.push(((x - m.0) * d.0 + (y - m.1) * d.1).clamp(low, high));
                }
            }
        }
    }
    cuts.sort_by(f64::total_cmp);
    let inside = |t: f64| {
        use geo::Contains as _;
        outline.contains(&Point::new(m.0 + t * d.0, m.1 + t * d.1))
    };
    cuts.windows(2).filter(|w| w[1] > w[0] && inside(f64::midpoint(w[0], w[1]))).map(|w| w[1] - w[0]).sum()
}

/// True if some opening stands in a wall, within five metres of it.
fn has_gate(place: &Place, wall: &LineString<f64>) -> bool {
    place.barriers.openings.iter().any(|gate| {
        wall.lines().any(|edge| {
            let (dx, dy) = (edge.end.x - edge.start.x, edge.end.y - edge.start.y);
            let (gx, gy) = (gate.x() - edge.start.x, gate.y() - edge.start.y);
            let along = ((gx * dx + gy * dy) / (dx * dx + dy * dy).max(1e-12)).clamp(0.0, 1.0);
            (gx - along * dx).hypot(gy - along * dy) <= 5.0
        })
    })
}
