//! Chains, junctions and components from lines.

use super::arcs::Arcs;
use super::chains::{self, Chains, ONE_WAY, Piece};
use super::lines::{Lines, StreetsError};
use super::order::Curve;
use super::{Chain, Streets, Vertex};
use crate::walking::metric::Metric;
use crate::walking::osm::mark;
use crate::walking::{FAR, NONE};

/// Chains gathered together.
const GATHERED: usize = 1024;

pub(super) fn build(lines: &Lines) -> Result<Streets, StreetsError> {
    lines.check()?;
    let cleaned = without_repeats(lines);
    let lines = cleaned.as_ref().unwrap_or(lines);
    let (threaded, room) = chains::thread(lines);
    let mut drafts = drafts(lines, &threaded);
    let junctions = junctions(lines, &drafts, room);
    let metric = Metric::over(&lines.positions);
    let mut streets = Streets {
        chains: Vec::with_capacity(drafts.len()),
        vertices: Vec::with_capacity(lines.nodes.len() + drafts.len()),
        back_mm: lines.heights_m.is_some().then(Vec::new),
        node_of: Vec::with_capacity(lines.nodes.len() + drafts.len()),
        arcs: Arcs::default(),
        step_free: None,
        component_of: Vec::new(),
        component_nodes: Vec::new(),
        metric,
        nodes: 0,
    };
    let count = junctions.count;
    let order = in_order(&mut drafts, &junctions);
    // Gathered some at a time before they are walked: a plain loop waits for many lines of memory at
    // once.
    let mut gathered: Vec<(Draft, Piece)> = Vec::with_capacity(GATHERED);
    for some in order.chunks(GATHERED) {
        gathered.clear();
        gathered.extend(some.iter().map(|k| {
            let draft = drafts[*k as usize];
            (draft, threaded.pieces[(threaded.links[draft.first_link as usize] >> 1) as usize])
        }));
        for (draft, first) in &gathered {
            lay(&mut streets, lines, &threaded, draft, first);
        }
    }
    streets.arcs = Arcs::over(&streets, count, |_| true);
    if streets.chains.iter().any(Chain::has_steps) {
        streets.step_free = Some(Arcs::over(&streets, count, |chain| !chain.has_steps()));
    }
    components(&mut streets, count);
    Ok(streets)
}

/// A line that stands still is cleaned; none if there is no such line.
fn without_repeats(lines: &Lines) -> Option<Lines> {
    let stands = |(_, start, end): (usize, usize, usize)| {
        start == end || lines.nodes[start..end].windows(2).any(|pair| pair[0] == pair[1])
    };
    lines.ranges().any(stands).then(|| {
        let mut clean = Lines {
            positions: lines.positions.clone(),
            heights_m: lines.heights_m.clone(),
            steps_percent: lines.steps_percent,
            lengths_mm: lines.lengths_mm.as_ref().map(|_| Vec::new()),
            ..Lines::default()
        };
        let mut segment = 0;
        for (line, start, end) in lines.ranges().filter(|(_, start, end)| start < end) {
            clean.nodes.push(lines.nodes[start]);
            for pair in lines.nodes[start..end].windows(2) {
                if pair[0] != pair[1] {
                    clean.nodes.push(pair[1]);
                    if let (Some(kept), Some(all)) = (&mut clean.lengths_mm, &lines.lengths_mm) {
                        kept.push(all[segment]);
                    }
                }
                segment += 1;
            }
            clean.ends.push(clean.nodes.len() as u32);
            clean.marks.push(lines.marks[line]);
        }
        clean
    })
}

/// A chain before its junctions are numbered: nodes at its ends, and its links.
#[derive(Clone, Copy)]
struct Draft {
    from: u32,
    to: u32,
    first_link: u32,
    end_link: u32,
    marks: u8,
    is_reversed: bool,
}

fn drafts(lines: &Lines, threaded: &Chains) -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(threaded.ends.len());
    let mut first_link = 0;
    for &end_link in &threaded.ends {
        let links = &threaded.links[first_link as usize..end_link as usize];
        let end_of = |link: u32, is_last: bool| {
            let piece = &threaded.pieces[(link >> 1) as usize];
            let at = if (link & 1 == 1) == is_last { piece.first } else { piece.last };
            lines.nodes[at as usize]
        };
        let (from, to) = (end_of(links[0], false), end_of(links[links.len() - 1], true));
        let marks = threaded.pieces[(links[0] >> 1) as usize].marks;
        let loose = |node: u32| threaded.degree[node as usize] == 1;
        // A street with two loose ends keeps its first as its junction.
        let draft = match (loose(from), loose(to)) {
            (_, true) => Draft { from, to: NONE, first_link, end_link, marks, is_reversed: false },
            (true, false) => {
                let marks = if marks & ONE_WAY == 0 { marks } else { marks ^ ONE_WAY };
                Draft { from: to, to: NONE, first_link, end_link, marks, is_reversed: true }
            }
            (false, false) => Draft { from, to, first_link, end_link, marks, is_reversed: false },
        };
        drafts.push(draft);
        first_link = end_link;
    }
    drafts
}

struct Junctions {
    /// Number of the junction at each node.
    of: Vec<u32>,
    count: usize,
}

/// Numbers the ends of chains along the curve, in the room of one number a node.
fn junctions(lines: &Lines, drafts: &[Draft], mut of: Vec<u32>) -> Junctions {
    let curve = Curve::over(&lines.positions);
    of.fill(NONE);
    let mut keyed: Vec<u64> = Vec::with_capacity(drafts.len() * 2);
    for draft in drafts {
        for node in [draft.from, draft.to] {
            if node != NONE && of[node as usize] == NONE {
                of[node as usize] = 0;
                keyed.push(u64::from(curve.place(lines.positions[node as usize])) << 32 | u64::from(node));
            }
        }
    }
    keyed.sort_unstable();
    for (number, key) in keyed.iter().enumerate() {
        of[*key as u32 as usize] = number as u32;
    }
    Junctions { of, count: keyed.len() }
}

/// Gives drafts junctions for nodes, the lower first; returns them in the order of their junctions.
fn in_order(drafts: &mut [Draft], junctions: &Junctions) -> Vec<u32> {
    let number = |node: u32| if node == NONE { NONE } else { junctions.of[node as usize] };
    let mut first = vec![0u32; junctions.count + 1];
    for draft in drafts.iter_mut() {
        (draft.from, draft.to) = (number(draft.from), number(draft.to));
        if draft.to < draft.from {
            (draft.from, draft.to) = (draft.to, draft.from);
            draft.is_reversed = !draft.is_reversed;
            if draft.marks & ONE_WAY != 0 {
                draft.marks ^= ONE_WAY;
            }
        }
        first[draft.from as usize + 1] += 1;
    }
    for k in 1..first.len() {
        first[k] += first[k - 1];
    }
    let mut next = first.clone();
    let mut order = vec![0u32; drafts.len()];
    for (k, draft) in drafts.iter().enumerate() {
        order[next[draft.from as usize] as usize] = k as u32;
        next[draft.from as usize] += 1;
    }
    for pair in first.windows(2) {
        order[pair[0] as usize..pair[1] as usize].sort_unstable_by_key(|k| (drafts[*k as usize].to, *k));
    }
    order
}

/// Writes the vertices of a chain, unless it is a longer parallel of the one before.
fn lay(streets: &mut Streets, lines: &Lines, threaded: &Chains, draft: &Draft, only: &Piece) {
    let first = streets.vertices.len();
    let steps = if draft.marks & mark::STEPS != 0 { lines.steps_percent } else { 100 };
    let mut tape =
        Tape { ahead: 0.0, back: 0.0, per_mm: f64::from(if steps == 0 { 100 } else { steps }) / 100.0 };
    let mut put = |at: u32, segment_line: Option<(u32, u32)>| {
        let node = lines.nodes[at as usize];
        let position = lines.positions[node as usize];
        if let (Some((segment, line)), Some(before)) = (segment_line, streets.vertices.last().copied()) {
            // Every line before this one has a segment less than nodes.
            let length = lines.lengths_mm.as_ref().map_or_else(
                || streets.metric.between(before.position, position),
                |lengths| f64::from(lengths[(segment - line) as usize]),
            );
            let heights = lines.heights_m.as_ref().map(|heights| {
                let last = streets.node_of[streets.node_of.len() - 1];
                f64::from(heights[node as usize]) - f64::from(heights[last as usize])
            });
            tape.walk(length, heights.unwrap_or(0.0) * 1000.0);
        }
        streets.vertices.push(Vertex { position, ahead_mm: whole(tape.ahead) });
        streets.node_of.push(node);
        if let Some(back) = &mut streets.back_mm {
            back.push(whole(tape.back));
        }
    };
    let mut is_first = true;
    let count = (draft.end_link - draft.first_link) as usize;
    for k in 0..count {
        let at = if draft.is_reversed { count - 1 - k } else { k };
        let link = threaded.links[draft.first_link as usize + at] ^ u32::from(draft.is_reversed);
        let piece = if count == 1 { only } else { &threaded.pieces[(link >> 1) as usize] };
        if is_first {
            put(if link & 1 == 0 { piece.first } else { piece.last }, None);
        }
        is_first = false;
        // The segment between places k and k + 1 of `nodes` has the number k less the lines before.
        if link & 1 == 0 {
            (piece.first + 1..=piece.last).for_each(|at| put(at, Some((at - 1, piece.line))));
        } else {
            (piece.first..piece.last).rev().for_each(|at| put(at, Some((at, piece.line))));
        }
    }
    let end = streets.vertices.len();
    let chain =
        Chain { from: draft.from, to: draft.to, first: first as u32, end: end as u32, marks: draft.marks };
    if let Some(last) = streets.chains.last().copied() {
        let is_parallel = (last.from, last.to, last.marks) == (chain.from, chain.to, chain.marks)
            && chain.to != NONE
            && last.end - last.first == 2
            && chain.end - chain.first == 2;
        if is_parallel {
            // Parallel edges keep the shortest: the later takes the place of the earlier, or none.
            let shorter = streets.vertices[end - 1].ahead_mm < streets.vertices[first - 1].ahead_mm;
            if shorter {
                streets.vertices[first - 1] = streets.vertices[end - 1];
                if let Some(back) = &mut streets.back_mm {
                    back[first - 1] = back[end - 1];
                }
            }
            streets.vertices.truncate(first);
            streets.node_of.truncate(first);
            if let Some(back) = &mut streets.back_mm {
                back.truncate(first);
            }
            return;
        }
    }
    streets.chains.push(chain);
}

/// Costs summed along a chain before they are rounded, so that no error adds up.
struct Tape {
    ahead: f64,
    back: f64,
    per_mm: f64,
}

impl Tape {
    fn walk(&mut self, length_mm: f64, rise_mm: f64) {
        let flat = length_mm * self.per_mm;
        if rise_mm == 0.0 || length_mm == 0.0 || !rise_mm.is_finite() {
            self.ahead += flat;
            self.back += flat;
        } else {
            self.ahead += flat * slope_factor(rise_mm / length_mm);
            self.back += flat * slope_factor(-rise_mm / length_mm);
        }
    }
}

/// What a metre at a slope costs in level metres: Tobler's hiking function (Three presentations on
/// geographical analysis and modeling, NCGIA 93-1, 1993), v = 6·exp(−3.5·|s + 0.05|) km/h, relative to
/// its value on the level. Slopes beyond 1 are errors of heights and count as 1.
fn slope_factor(slope: f64) -> f64 {
    (3.5 * ((slope.clamp(-1.0, 1.0) + 0.05).abs() - 0.05)).exp()
}

fn whole(mm: f64) -> u32 {
    // Rounds what is not negative without a call; the cast stops at zero and at the top.
    (mm + 0.5).min(f64::from(FAR - 1)) as u32
}

/// Labels connected components and counts their nodes.
fn components(streets: &mut Streets, junctions: usize) {
    let mut parent: Vec<u32> = (0..junctions as u32).collect();
    let find = |parent: &mut [u32], mut node: u32| {
        while parent[node as usize] != node {
            parent[node as usize] = parent[parent[node as usize] as usize];
            node = parent[node as usize];
        }
        node
    };
    for chain in streets.chains.iter().filter(|chain| chain.to != NONE) {
        let (a, b) = (find(&mut parent, chain.from), find(&mut parent, chain.to));
        // The lower is the root, so that components are numbered by their first junction.
        parent[a.max(b) as usize] = a.min(b);
    }
    let mut number = vec![NONE; junctions];
    for junction in 0..junctions as u32 {
        let root = find(&mut parent, junction) as usize;
        if number[root] == NONE {
            number[root] = streets.component_nodes.len() as u32;
            streets.component_nodes.push(0);
        }
        streets.component_of.push(number[root]);
        streets.component_nodes[number[root] as usize] += 1;
    }
    for chain in &streets.chains {
        let ends = if chain.to == NONE { 1 } else { 2 };
        let inside = (chain.end - chain.first).saturating_sub(ends);
        streets.component_nodes[streets.component_of[chain.from as usize] as usize] += inside;
    }
    streets.nodes = streets.component_nodes.iter().map(|nodes| *nodes as usize).sum();
}
