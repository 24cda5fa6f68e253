//! Local streets: superblocks are cut in two, and again, until they are blocks.
//!
//! Each cut runs across the longer way of a face, not quite in the middle and not quite square, and ends in the
//! streets it meets: T-junctions, as in grown towns. A cut that would leave a sliver is tried elsewhere, then
//! dropped.

use super::chance::Dice;
use super::ground::Ground;
use super::mesh::{Side, Way, turns};
use super::shape::{Spot, area, centroid, edges, simplified};

/// A block is not cut below this; about the smallest walled compound.
const BLOCK_MIN_M2: f64 = 9_000.0;
/// Ends of cuts this near to a corner go to the corner.
const SNAP_M: f64 = 16.0;

/// Cuts all faces of the ground.
pub(super) fn cut(ground: &mut Ground, dice: &mut Dice) {
    let mut open: Vec<u32> = (0..ground.mesh.faces.len() as u32).rev().collect();
    while let Some(face) = open.pop() {
        let area = ground.mesh.area(face);
        let urban = ground.urban[face as usize];
        let enough = if urban { block_area(ground, face, dice) } else { 430_000.0 };
        if area < enough {
            continue;
        }
        let way = match (urban, area > 150_000.0) {
            (true, true) => Way::Collector,
            (true, false) => Way::Local,
            (false, _) => Way::Track,
        };
        if let Some(new) = halved(ground, face, way, dice) {
            ground.urban.push(urban);
            open.extend([new, face]);
        }
    }
}

/// How large a block may stay: small in the old middle, larger outside, now and then a very large one.
fn block_area(ground: &Ground, face: u32, dice: &mut Dice) -> f64 {
    let reach = ground.reach(centroid(&ground.mesh.ring(face)));
    let usual = 32_000.0 + 26_000.0 * reach.min(1.2);
    usual * if dice.happens(0.12) { 2.0 } else { dice.between(0.85, 1.25) }
}

/// Cuts one face, if a good cut is found.
fn halved(ground: &mut Ground, face: u32, way: Way, dice: &mut Dice) -> Option<u32> {
    let ring = ground.mesh.ring(face);
    let axis = long_axis(&ring);
    let along: Vec<f64> = ring.iter().map(|spot| spot.dot(axis)).collect();
    let (low, high) = extent(&along);
    let middle = centroid(&ring);
    for _ in 0..8 {
        let at = low + (high - low) * dice.between(0.36, 0.64);
        let through = middle.plus(axis.times(at - middle.dot(axis)));
        let direction = axis.left().plus(axis.times(dice.between(-0.1, 0.1)));
        let ends = crossings(ground, face, through, direction);
        let [first, second] = ends[..] else { continue };
        if !leaves_two_blocks(ground, face, first, second) {
            continue;
        }
        let (a, b) = (placed(ground, first), placed(ground, second));
        let street = ground.next_street;
        ground.next_street += 1;
        return Some(ground.mesh.split_face(face, a, b, Side { way, street }));
    }
    None
}

/// The direction in which a ring is longest: along its straightest side or square to that.
fn long_axis(ring: &[Spot]) -> Spot {
    let corners: Vec<(Spot, ())> = ring.iter().map(|&spot| (spot, ())).collect();
    let corners: Vec<Spot> = simplified(&corners, 30.0).into_iter().map(|(spot, ())| spot).collect();
    let longest = edges(&corners).max_by(|a, b| a.0.to(a.1).total_cmp(&b.0.to(b.1)));
    let side = longest.map_or(Spot::new(1.0, 0.0), |(a, b)| b.minus(a).unit());
    let length = |axis: Spot| {
        let (low, high) = extent(&corners.iter().map(|spot| spot.dot(axis)).collect::<Vec<f64>>());
        high - low
    };
    if length(side) >= length(side.left()) { side } else { side.left() }
}

pub(super) fn extent(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &v| (low.min(v), high.max(v)))
}

/// Where a cut meets a side: its ends, the spot, and an old corner if one is near enough.
#[derive(Clone, Copy)]
struct End {
    side: (u32, u32),
    spot: Spot,
    corner: Option<u32>,
}

fn crossings(ground: &Ground, face: u32, through: Spot, direction: Spot) -> Vec<End> {
    let mesh = &ground.mesh;
    let mut found = Vec::new();
    for side in turns(&mesh.faces[face as usize]) {
        let (a, b) = (mesh.spot(side.0), mesh.spot(side.1));
        let (before, after) = (direction.cross(a.minus(through)), direction.cross(b.minus(through)));
        if (before >= 0.0) == (after >= 0.0) {
            continue;
        }
        let spot = a.toward(b, before / (before - after));
        let corner = [(side.0, a), (side.1, b)].into_iter().find(|(_, at)| at.to(spot) < SNAP_M);
        let spot = corner.map_or(spot, |(_, at)| at);
        found.push(End { side, spot, corner: corner.map(|(point, _)| point) });
    }
    found
}

/// Both parts must be blocks, and the cut must not graze a third side.
fn leaves_two_blocks(ground: &Ground, face: u32, first: End, second: End) -> bool {
    let mesh = &ground.mesh;
    let cycle = &mesh.faces[face as usize];
    let touching = first.corner.is_some_and(|corner| {
        corner == second.side.0 || corner == second.side.1 || Some(corner) == second.corner
    }) || second.corner.is_some_and(|corner| corner == first.side.0 || corner == first.side.1);
    if touching || first.side == second.side || first.spot.to(second.spot) < 60.0 {
        return false;
    }
    let mut part = vec![first.spot];
    let mut inside = false;
    for (a, b) in turns(cycle).chain(turns(cycle)) {
        if inside {
            if first.corner != Some(a) && second.corner != Some(a) {
                part.push(mesh.spot(a));
            }
            if (a, b) == second.side {
                break;
            }
        }
        inside |= (a, b) == first.side;
    }
    part.push(second.spot);
    let (one, whole) = (area(&part), mesh.area(face));
    let clear = turns(cycle).filter(|&side| side != first.side && side != second.side).all(|(a, _)| {
        Some(a) == first.corner
            || Some(a) == second.corner
            || far_from_chord(mesh.spot(a), first.spot, second.spot)
    });
    clear && one > BLOCK_MIN_M2 && whole - one > BLOCK_MIN_M2
}

fn far_from_chord(spot: Spot, a: Spot, b: Spot) -> bool {
    let axis = b.minus(a).unit();
    let along = spot.minus(a).dot(axis);
    axis.cross(spot.minus(a)).abs() > 5.0
        || along < -1.0
        || along > a.to(b) + 1.0
        || spot.to(a).min(spot.to(b)) < 60.0
}

fn placed(ground: &mut Ground, end: End) -> u32 {
    match end.corner {
        Some(corner) => corner,
        None => ground.mesh.split_side(end.side.0, end.side.1, end.spot),
    }
}
