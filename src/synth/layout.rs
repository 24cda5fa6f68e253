//! Buildings on a block: rows within its convex site, broken into houses.
//!
//! Rows follow the longest side that faces most nearly south, as sunlight rules want; their distance grows with
//! their height. Because the site is convex, the free stretch of a row is an interval found side by side, and
//! buildings on different stretches can neither overlap nor leave the site.

use super::blocks::{Block, Use};
use super::chance::Dice;
use super::shape::{Frame, Spot, area, centroid, clipped, edges, rectangle};

/// A building before it has people.
#[derive(Clone, Debug)]
pub(super) struct House {
    pub(super) ring: Vec<Spot>,
    pub(super) storeys: u32,
    /// Dwellings.
    pub(super) homes: u32,
    pub(super) tower: bool,
}

/// How the rows of a block are set.
struct Rows {
    depth: f64,
    gap: f64,
    length: (f64, f64),
    between: f64,
    /// Metres from the edge of the site.
    margin: f64,
    /// The share of places left free.
    free: f64,
}

/// A place for a building, in the frame of its block.
#[derive(Clone, Copy)]
struct Place {
    x: (f64, f64),
    y: (f64, f64),
}

/// The buildings of one block; none where the site is too small.
pub(super) fn houses(block: &Block, dice: &mut Dice) -> Vec<House> {
    let ring = block.site_ring();
    if ring.len() < 3 || area(&ring) < 1_500.0 {
        return Vec::new();
    }
    match block.used {
        Use::Old => old_street(&ring, dice),
        Use::Slab => slabs(&ring, dice),
        Use::Modern => modern(&ring, dice),
        Use::Park => park(block),
        Use::Vacant | Use::Fields => Vec::new(),
        Use::School => public(&ring, (13.0, 26.0), (42.0, 74.0), 4, 4, dice),
        Use::Hospital => public(&ring, (18.0, 24.0), (44.0, 70.0), 5, 8, dice),
        Use::Market => public(&ring, (34.0, 16.0), (45.0, 85.0), 3, 2, dice),
        Use::Office => public(&ring, (18.0, 30.0), (36.0, 60.0), 3, 9, dice),
        Use::Factory => public(&ring, (36.0, 24.0), (64.0, 125.0), 4, 1, dice),
    }
}

fn old_street(ring: &[Spot], dice: &mut Dice) -> Vec<House> {
    let rows = Rows { depth: 10.0, gap: 12.0, length: (26.0, 46.0), between: 5.0, margin: 1.5, free: 0.16 };
    let (frame, places) = set(ring, &rows, dice);
    let mut houses = Vec::new();
    for Place { x, y } in places {
        let storeys = 2 + dice.below(3) as u32;
        let homes = ((x.1 - x.0) / 7.5 * f64::from(storeys)).round() as u32;
        let deeper = dice.between(0.0, 3.5);
        let shape = if dice.happens(0.3) {
            angled(&frame, x, (y.0, y.1 + deeper), dice)
        } else {
            rectangle(&frame, x, (y.0 + dice.between(0.0, 1.5), y.1))
        };
        houses.push(House { ring: shape, storeys, homes, tower: false });
    }
    houses
}

fn slabs(ring: &[Spot], dice: &mut Dice) -> Vec<House> {
    let storeys = 4 + dice.below(3) as u32;
    let gap = f64::from(storeys) * 3.0 * 1.15 + dice.between(2.0, 6.0);
    let depth = dice.between(11.0, 13.0);
    let rows = Rows { depth, gap, length: (32.0, 66.0), between: 8.0, margin: 8.0, free: 0.05 };
    let (frame, places) = set(ring, &rows, dice);
    let garden = garden(ring, dice);
    let homes = |x: (f64, f64)| ((x.1 - x.0) / 16.0).round().max(1.0) as u32 * 2 * storeys;
    let stepped = dice.happens(0.35);
    places
        .into_iter()
        .filter(|place| !garden.is_some_and(|(at, reach)| middle(&frame, place).to(at) < reach))
        .map(|Place { x, y }| {
            let ring = if stepped { step(&frame, x, y) } else { rectangle(&frame, x, y) };
            House { ring, storeys, homes: homes(x), tower: false }
        })
        .collect()
}

fn modern(ring: &[Spot], dice: &mut Dice) -> Vec<House> {
    let towers = dice.happens(0.4);
    let rows = if towers {
        Rows { depth: 24.0, gap: 42.0, length: (26.0, 30.0), between: 26.0, margin: 12.0, free: 0.12 }
    } else {
        let gap = dice.between(36.0, 46.0);
        Rows { depth: 14.0, gap, length: (36.0, 54.0), between: 14.0, margin: 12.0, free: 0.08 }
    };
    let (frame, places) = set(ring, &rows, dice);
    let garden = garden(ring, dice);
    let mut houses = Vec::new();
    for place in places {
        if garden.is_some_and(|(at, reach)| middle(&frame, &place).to(at) < reach) {
            continue;
        }
        let storeys = if towers { 24 + dice.below(9) as u32 } else { 9 + dice.below(9) as u32 };
        let shape = if towers { cross(&frame, place) } else { step(&frame, place.x, place.y) };
        houses.push(House { ring: shape, storeys, homes: storeys * 4, tower: towers });
    }
    houses
}

/// Buildings for many: few, large, of angled plan. `rows` is their depth and the gap behind.
fn public(
    ring: &[Spot],
    rows: (f64, f64),
    length: (f64, f64),
    most: usize,
    storeys: u32,
    dice: &mut Dice,
) -> Vec<House> {
    let rows = Rows { depth: rows.0, gap: rows.1, length, between: 14.0, margin: 8.0, free: 0.1 };
    let (frame, places) = set(ring, &rows, dice);
    let mut houses = Vec::new();
    for Place { x, y } in places.into_iter().take(most) {
        let shape = if storeys > 1 && dice.happens(0.5) {
            angled(&frame, x, y, dice)
        } else {
            rectangle(&frame, x, y)
        };
        let storeys = 1 + dice.below(storeys as usize) as u32;
        houses.push(House { ring: shape, storeys, homes: 0, tower: false });
    }
    houses
}

/// A park is one atom: its lawns, a little within the paths around them.
fn park(block: &Block) -> Vec<House> {
    let mut lawn = block.site.clone();
    for (a, b) in edges(&block.site_ring()) {
        let direction = b.minus(a).unit();
        lawn = clipped(&lawn, a.plus(direction.left().times(6.0)), direction, super::mesh::Way::Local);
    }
    let ring: Vec<Spot> = lawn.into_iter().map(|(spot, _)| spot).collect();
    if area(&ring) < 500.0 { Vec::new() } else { vec![House { ring, storeys: 0, homes: 0, tower: false }] }
}

/// The frame of a site, its x axis along the side that rows follow best.
fn facing(ring: &[Spot]) -> Frame {
    let worth = |(a, b): &(Spot, Spot)| {
        let side = b.minus(*a);
        side.length() * (0.35 + side.unit().x.abs())
    };
    let best = edges(ring).max_by(|a, b| worth(a).total_cmp(&worth(b)));
    let side = best.map_or(Spot::new(1.0, 0.0), |(a, b)| b.minus(a));
    let east = if side.x < 0.0 { side.times(-1.0) } else { side };
    Frame::new(centroid(ring), east)
}

/// Breaks the free stretches of all rows into places, south to north.
fn set(ring: &[Spot], rows: &Rows, dice: &mut Dice) -> (Frame, Vec<Place>) {
    let frame = facing(ring);
    let local: Vec<Spot> = ring.iter().map(|&spot| frame.inward(spot)).collect();
    let heights: Vec<f64> = local.iter().map(|spot| spot.y).collect();
    let (low, high) = super::cuts::extent(&heights);
    let pitch = rows.depth + rows.gap;
    let room = high - low - 2.0 * rows.margin - rows.depth;
    let count = if room < 0.0 { 0 } else { (room / pitch).floor() as usize + 1 };
    let spare = room - (count.max(1) - 1) as f64 * pitch;
    let mut places = Vec::new();
    for row in 0..count {
        let south = low + rows.margin + spare * 0.5 + row as f64 * pitch;
        let y = (south, south + rows.depth);
        let Some((mut west, east)) = stretch(&local, y, rows.margin) else { continue };
        while east - west >= rows.length.0 {
            let rest = east - west;
            let wanted = dice.between(rows.length.0, rows.length.1);
            // The last house of a row takes what is left, if that is not too much.
            let length =
                if rest < wanted + rows.between + rows.length.0 { rest.min(rows.length.1) } else { wanted };
            if !dice.happens(rows.free) {
                places.push(Place { x: (west, west + length), y });
            }
            west += length + rows.between;
        }
    }
    (frame, places)
}

/// The x interval in which a row of the convex ring is at least `margin` inside.
pub(super) fn stretch(ring: &[Spot], y: (f64, f64), margin: f64) -> Option<(f64, f64)> {
    let (mut west, mut east) = (f64::NEG_INFINITY, f64::INFINITY);
    for (a, b) in edges(ring) {
        let inward = b.minus(a).unit().left();
        for y in [y.0, y.1] {
            // inward . ((x, y) - a) >= margin, solved for x.
            let rest = margin + inward.dot(a) - inward.y * y;
            if inward.x > 1e-9 {
                west = west.max(rest / inward.x);
            } else if inward.x < -1e-9 {
                east = east.min(rest / inward.x);
            } else if rest > 0.0 {
                return None;
            }
        }
    }
    (west < east).then_some((west, east))
}

/// A round green in the middle of a large compound.
fn garden(ring: &[Spot], dice: &mut Dice) -> Option<(Spot, f64)> {
    let size = area(ring);
    (size > 22_000.0).then(|| {
        let off = Spot::new(dice.between(-0.1, 0.1), dice.between(-0.1, 0.1)).times(size.sqrt());
        (centroid(ring).plus(off), size.sqrt() * dice.between(0.12, 0.2))
    })
}

fn middle(frame: &Frame, place: &Place) -> Spot {
    frame.outward(Spot::new((place.x.0 + place.x.1) / 2.0, (place.y.0 + place.y.1) / 2.0))
}

fn ring_of<const N: usize>(frame: &Frame, corners: [(f64, f64); N]) -> Vec<Spot> {
    corners.iter().map(|&(x, y)| frame.outward(Spot::new(x, y))).collect()
}

/// An L: the rectangle without one of its northern corners.
fn angled(frame: &Frame, x: (f64, f64), y: (f64, f64), dice: &mut Dice) -> Vec<Spot> {
    let cut = x.0 + (x.1 - x.0) * dice.between(0.35, 0.65);
    let low = y.0 + (y.1 - y.0) * dice.between(0.4, 0.6);
    if dice.happens(0.5) {
        ring_of(frame, [(x.0, y.0), (x.1, y.0), (x.1, low), (cut, low), (cut, y.1), (x.0, y.1)])
    } else {
        ring_of(frame, [(x.0, y.0), (x.1, y.0), (x.1, y.1), (cut, y.1), (cut, low), (x.0, low)])
    }
}

/// A slab whose eastern half stands back a little.
fn step(frame: &Frame, x: (f64, f64), y: (f64, f64)) -> Vec<Spot> {
    let half = (x.0 + x.1) / 2.0;
    let back = 2.2;
    let corners = [
        (x.0, y.0),
        (half, y.0),
        (half, y.0 + back),
        (x.1, y.0 + back),
        (x.1, y.1),
        (half, y.1),
        (half, y.1 - back),
        (x.0, y.1 - back),
    ];
    ring_of(frame, corners)
}

/// A tower of cross-shaped plan.
fn cross(frame: &Frame, place: Place) -> Vec<Spot> {
    let Place { x, y } = place;
    let (dx, dy) = ((x.1 - x.0) * 0.24, (y.1 - y.0) * 0.24);
    let (west, east, south, north) = (x.0 + dx, x.1 - dx, y.0 + dy, y.1 - dy);
    let corners = [
        (west, y.0),
        (east, y.0),
        (east, south),
        (x.1, south),
        (x.1, north),
        (east, north),
        (east, y.1),
        (west, y.1),
        (west, north),
        (x.0, north),
        (x.0, south),
        (west, south),
    ];
    ring_of(frame, corners)
}
