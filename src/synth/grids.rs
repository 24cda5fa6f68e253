//! The plan in force: grids of uneven size, as years of splitting and patching leave them.

use super::areas::Touch;
use super::blocks::Block;
use super::chance::Dice;
use super::parts::{Links, Piece, divided};
use super::shape::Spot;

/// Blocks with more households than this were split between grids, even inside a wall.
const SPLIT_OVER: u32 = 700;

/// No team was ever sent to fewer households than this, unless nothing else was near.
const ABSORB_UNDER: u64 = 90;

/// Grids of several blocks above this have been halved before.
const BREAK_OVER: u64 = 950;

/// A building as this module sees it.
#[derive(Clone, Copy)]
pub(super) struct Lot {
    pub(super) block: usize,
    pub(super) at: Spot,
    pub(super) households: u32,
}

/// Draws the old grids of one community; returns a grid number for each of its buildings, in map order.
pub(super) fn drawn(
    lots: &[Lot],
    blocks: &[Block],
    touch: &Touch,
    urban: bool,
    dice: &mut Dice,
) -> Vec<usize> {
    let mut used: Vec<usize> = lots.iter().map(|lot| lot.block).collect();
    used.sort_unstable();
    used.dedup();
    let place = |block: usize| used.binary_search(&block).ok();
    let pieces: Vec<Piece> = used
        .iter()
        .map(|&block| {
            let households =
                lots.iter().filter(|lot| lot.block == block).map(|lot| lot.households).sum::<u32>();
            Piece { at: blocks[block].centre, weight: u64::from(households) + 1 }
        })
        .collect();
    let among = |network: &Links| -> Links {
        used.iter()
            .map(|&at| network[at].iter().filter_map(|&(to, cost)| Some((place(to)?, cost))).collect())
            .collect()
    };
    let target = if urban { dice.between(260.0, 620.0) } else { dice.between(150.0, 420.0) } as u64;
    let links = among(&touch.links);
    let bridges = among(&touch.bridges);
    let mut parts = divided(&pieces, &links, &bridges, target, 0.55, dice);
    break_up(&pieces, &links, &mut parts, dice);
    absorb_small(&pieces, [&links, &bridges], &mut parts);
    let mut grid: Vec<usize> =
        lots.iter().map(|lot| place(lot.block).map_or(0, |piece| parts[piece])).collect();
    split_large(lots, &pieces, &used, &mut grid);
    in_map_order(lots, &grid)
}

/// Halves grids of several blocks that no team could run.
fn break_up(pieces: &[Piece], links: &Links, parts: &mut [usize], dice: &mut Dice) {
    for part in 0..=parts.iter().max().copied().unwrap_or(0) {
        let own: Vec<usize> = (0..pieces.len()).filter(|&piece| parts[piece] == part).collect();
        let weight: u64 = own.iter().map(|&piece| pieces[piece].weight).sum();
        if weight <= BREAK_OVER || own.len() < 2 {
            continue;
        }
        let place = |piece: usize| own.binary_search(&piece).ok();
        let among: Links = own
            .iter()
            .map(|&at| links[at].iter().filter_map(|&(to, cost)| Some((place(to)?, cost))).collect())
            .collect();
        let some: Vec<Piece> = own.iter().map(|&at| pieces[at].clone()).collect();
        let halves = divided(&some, &among, &among, weight.div_ceil(2), 0.2, dice);
        let next = parts.iter().max().map_or(0, |&last| last + 1);
        for (&piece, half) in own.iter().zip(halves).filter(|(_, half)| *half > 0) {
            parts[piece] = next + half;
        }
    }
}

/// The part whose piece is nearest to a part that touches nothing.
fn nearest(pieces: &[Piece], parts: &[usize], part: usize) -> Option<(usize, u64)> {
    let here = (0..pieces.len()).find(|&piece| parts[piece] == part)?;
    let away = |piece: &usize| pieces[*piece].at.to(pieces[here].at);
    let others = (0..pieces.len()).filter(|&piece| parts[piece] != part);
    others.min_by(|a, b| away(a).total_cmp(&away(b))).map(|piece| (parts[piece], 1))
}

/// Joins grids that are too small to stand alone to the neighbour they touch most.
fn absorb_small(pieces: &[Piece], networks: [&Links; 2], parts: &mut [usize]) {
    let mut settled = std::collections::BTreeSet::new();
    loop {
        let mut weights = std::collections::BTreeMap::<usize, u64>::new();
        for (piece, &part) in pieces.iter().zip(parts.iter()) {
            *weights.entry(part).or_default() += piece.weight;
        }
        let small =
            weights.iter().filter(|&(part, &weight)| weight < ABSORB_UNDER && !settled.contains(part));
        let Some((&part, _)) = small.min_by_key(|&(_, &weight)| weight) else { return };
        settled.insert(part);
        for network in networks {
            let mut contact = std::collections::BTreeMap::<usize, u64>::new();
            for piece in (0..pieces.len()).filter(|&piece| parts[piece] == part) {
                for &(to, cost) in network[piece].iter().filter(|&&(to, _)| parts[to] != part) {
                    *contact.entry(parts[to]).or_default() += cost;
                }
            }
            if contact.is_empty() && std::ptr::eq(network, networks[1]) {
                contact.extend(nearest(pieces, parts, part));
            }
            let most = contact.into_iter().max_by_key(|&(other, cost)| (cost, std::cmp::Reverse(other)));
            if let Some((other, _)) = most {
                parts.iter_mut().filter(|of| **of == part).for_each(|of| *of = other);
                break;
            }
        }
    }
}

/// Cuts blocks too large for one grid in two, between buildings.
fn split_large(lots: &[Lot], pieces: &[Piece], used: &[usize], grid: &mut [usize]) {
    let mut next = grid.iter().max().map_or(0, |&last| last + 1);
    for (piece, &block) in pieces.iter().zip(used) {
        if piece.weight <= u64::from(SPLIT_OVER) {
            continue;
        }
        let mut inside: Vec<usize> = (0..lots.len()).filter(|&at| lots[at].block == block).collect();
        inside.sort_by(|&a, &b| lots[a].at.x.total_cmp(&lots[b].at.x).then(a.cmp(&b)));
        let mut sum = 0;
        for at in inside {
            if sum * 2 >= piece.weight {
                grid[at] = next;
            }
            sum += u64::from(lots[at].households);
        }
        next += 1;
    }
}

/// Renumbers grids by the rule for codes: in bands from north to south, west to east in a band.
fn in_map_order(lots: &[Lot], grid: &[usize]) -> Vec<usize> {
    let mut middles: std::collections::BTreeMap<usize, (Spot, f64)> = std::collections::BTreeMap::new();
    for (lot, &number) in lots.iter().zip(grid) {
        let entry = middles.entry(number).or_insert((Spot::new(0.0, 0.0), 0.0));
        *entry = (entry.0.plus(lot.at), entry.1 + 1.0);
    }
    let numbers: Vec<usize> = middles.keys().copied().collect();
    let spots: Vec<Spot> = middles.values().map(|(sum, count)| sum.times(1.0 / count)).collect();
    let order = map_order(&spots, 350.0);
    let mut rank = std::collections::BTreeMap::new();
    for (position, at) in order.into_iter().enumerate() {
        rank.insert(numbers[at], position);
    }
    grid.iter().map(|number| rank[number]).collect()
}

/// The order in which things on a map are numbered: bands from north to south, in each from west to east.
pub(super) fn map_order(spots: &[Spot], band_m: f64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..spots.len()).collect();
    let band = |spot: Spot| (-spot.y / band_m).floor();
    order.sort_by(|&a, &b| {
        let (left, right) = (spots[a], spots[b]);
        band(left).total_cmp(&band(right)).then(left.x.total_cmp(&right.x)).then(a.cmp(&b))
    });
    order
}
