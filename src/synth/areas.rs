//! Communities and villages: groups of blocks, whose lines therefore run along streets, river or railway.
//!
//! Built-up blocks are divided by households, fields by area and by direction around the town. River and
//! railway separate, as they mostly do; but one community is made to lie on both banks at a bridge and one on both
//! sides of the railway at a crossing, because such cases exist and are the hard ones for a planner.

use std::collections::BTreeMap;

use super::blocks::{Block, Use};
use super::chance::Dice;
use super::ground::Ground;
use super::lines::Passages;
use super::mesh::Way;
use super::parts::{Links, Networks, Piece, divided, merged};
use super::shape::Spot;
use super::size::Size;

/// Which blocks touch along a street, and which only along river or railway.
pub(super) struct Touch {
    pub(super) links: Links,
    pub(super) bridges: Links,
}

/// Finds what touches what; a main street is a cheaper border than a lane.
pub(super) fn touching(ground: &Ground) -> Touch {
    let mut links = vec![BTreeMap::<usize, u64>::new(); ground.mesh.faces.len()];
    let mut bridges = links.clone();
    for ((a, b), side) in ground.mesh.sides() {
        let (Some(left), Some(right)) = (ground.mesh.left_of(a, b), ground.mesh.left_of(b, a)) else {
            continue;
        };
        let (left, right) = (left as usize, right as usize);
        let metres = ground.mesh.spot(a).to(ground.mesh.spot(b));
        let (network, factor) = match side.way {
            Way::River | Way::Rail => (&mut bridges, 1.0),
            Way::Arterial => (&mut links, 0.4),
            Way::Collector => (&mut links, 0.7),
            Way::Bound | Way::Local | Way::Track => (&mut links, 1.0),
        };
        for (from, to) in [(left, right), (right, left)] {
            *network[from].entry(to).or_default() += (metres * factor).round() as u64 + 1;
        }
    }
    let flat = |network: Vec<BTreeMap<usize, u64>>| -> Links {
        network.into_iter().map(|of| of.into_iter().collect()).collect()
    };
    Touch { links: flat(links), bridges: flat(bridges) }
}

/// A division of all blocks: the area of each, the first `communities` of them in town.
pub(super) struct Areas {
    pub(super) of_block: Vec<usize>,
    pub(super) communities: usize,
    pub(super) count: usize,
}

/// Divides the ground; `households` is counted per block.
pub(super) fn areas(
    ground: &Ground,
    blocks: &[Block],
    touch: &Touch,
    households: &[u32],
    size: &Size,
    passages: &Passages,
    dice: &mut Dice,
) -> Areas {
    let (town, fields): (Vec<usize>, Vec<usize>) = (0..blocks.len()).partition(|&at| blocks[at].urban);
    let mut of_block = vec![0; blocks.len()];
    let weigh = |at: usize| u64::from(households[at]) * 10 + (blocks[at].site_m2 / 1_500.0) as u64;
    let total: u64 = town.iter().map(|&at| weigh(at)).sum();
    let target = (total / u64::from(size.communities)).max(1);
    let (parts, count) = group(blocks, &town, touch, &weigh, target, dice);
    for (&at, part) in town.iter().zip(&parts) {
        of_block[at] = *part;
    }
    let communities = count;
    let count = communities + villages(blocks, &fields, touch, size, communities, &mut of_block, dice);
    for (line, nodes) in [(&passages.river, &passages.bridges), (&passages.rail, &passages.crossings)] {
        straddle(ground, blocks, touch, households, (line, nodes), &mut of_block);
    }
    debug_assert!(of_block.iter().all(|&area| area < count));
    Areas { of_block, communities, count }
}

/// Divides some of the blocks; returns the part of each and how many there are.
fn group(
    blocks: &[Block],
    some: &[usize],
    touch: &Touch,
    weigh: &dyn Fn(usize) -> u64,
    target: u64,
    dice: &mut Dice,
) -> (Vec<usize>, usize) {
    let place: BTreeMap<usize, usize> = some.iter().enumerate().map(|(at, &block)| (block, at)).collect();
    let among = |network: &Links| -> Links {
        some.iter()
            .map(|&at| network[at].iter().filter_map(|(to, cost)| Some((*place.get(to)?, *cost))).collect())
            .collect()
    };
    let pieces: Vec<Piece> =
        some.iter().map(|&at| Piece { at: blocks[at].centre, weight: weigh(at) }).collect();
    let parts = divided(&pieces, &among(&touch.links), &among(&touch.bridges), target, 0.12, dice);
    let count = parts.iter().max().map_or(0, |&last| last + 1);
    (parts, count)
}

/// Divides the fields into villages: first by direction, so that each looks outward, then by area.
fn villages(
    blocks: &[Block],
    fields: &[usize],
    touch: &Touch,
    size: &Size,
    first: usize,
    of_block: &mut [usize],
    dice: &mut Dice,
) -> usize {
    let arcs = (size.villages as usize).min(7);
    let start = dice.unit() * 4.0;
    let mut order: Vec<(f64, usize)> =
        fields.iter().map(|&at| ((diamond(blocks[at].centre) + start) % 4.0, at)).collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let weigh = |at: usize| (blocks[at].site_m2 / 100.0) as u64 + 1;
    let total: u64 = fields.iter().map(|&at| weigh(at)).sum();
    let target = total / u64::from(size.villages) + 1;
    let (mut sum, mut count) = (0, 0);
    let mut arc = vec![0; blocks.len()];
    for &(_, at) in &order {
        arc[at] = (sum * arcs as u64 / total.max(1)) as usize;
        sum += weigh(at);
    }
    if arcs == size.villages as usize {
        let (parts, found) = settled_arcs(fields, touch, &arc);
        for (&at, part) in fields.iter().zip(&parts) {
            of_block[at] = first + part;
        }
        return found;
    }
    for number in 0..arcs {
        let some: Vec<usize> = fields.iter().copied().filter(|&at| arc[at] == number).collect();
        let joined = Touch { links: merged(&touch.links, &touch.bridges), bridges: touch.bridges.clone() };
        let (parts, found) = group(blocks, &some, &joined, &weigh, target, dice);
        for (&at, part) in some.iter().zip(&parts) {
            of_block[at] = first + count + part;
        }
        count += found;
    }
    count
}

/// Fields of one direction as one village each; what lies apart joins the neighbour it touches most.
fn settled_arcs(fields: &[usize], touch: &Touch, arc: &[usize]) -> (Vec<usize>, usize) {
    // Farmers cross streets, river and railway alike.
    let links = merged(&touch.links, &touch.bridges);
    let mut part: BTreeMap<usize, usize> = fields.iter().map(|&at| (at, arc[at])).collect();
    for _ in 0..4 {
        let numbers: std::collections::BTreeSet<usize> = part.values().copied().collect();
        for number in numbers {
            let members: Vec<usize> = fields.iter().copied().filter(|at| part[at] == number).collect();
            let mut groups = super::parts::components(&members, &links, &|_| true);
            groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
            for group in groups.into_iter().skip(1) {
                let mut contact = BTreeMap::<usize, u64>::new();
                for &(to, cost) in group.iter().flat_map(|&at| &links[at]) {
                    if let Some(&other) = part.get(&to).filter(|&&other| other != number) {
                        *contact.entry(other).or_default() += cost;
                    }
                }
                let Some((other, _)) = contact.into_iter().max_by_key(|&(_, cost)| cost) else { continue };
                group.iter().for_each(|at| {
                    part.insert(*at, other);
                });
            }
        }
    }
    let used: std::collections::BTreeSet<usize> = part.values().copied().collect();
    let number: BTreeMap<usize, usize> =
        used.iter().enumerate().map(|(number, &old)| (old, number)).collect();
    (fields.iter().map(|at| number[&part[at]]).collect(), used.len())
}

/// The direction of a spot from the middle, from 0 to 4, growing as the angle does.
fn diamond(spot: Spot) -> f64 {
    let sum = (spot.x.abs() + spot.y.abs()).max(1e-9);
    let (x, y) = (spot.x / sum, spot.y / sum);
    match (x >= 0.0, y >= 0.0) {
        (true, true) => y,
        (false, true) => 1.0 - x,
        (false, false) => 2.0 - y,
        (true, false) => 3.0 + x,
    }
}

/// Lets one community reach across a line: at a passage it takes some blocks from the other side.
fn straddle(
    ground: &Ground,
    blocks: &[Block],
    touch: &Touch,
    households: &[u32],
    (line, nodes): (&[u32], &[u32]),
    of_block: &mut [usize],
) {
    let opposite = |point: u32| -> Vec<(usize, usize)> {
        let pairs = line.windows(2).filter(|pair| pair.contains(&point));
        pairs
            .filter_map(|pair| {
                let faces = (ground.mesh.left_of(pair[0], pair[1])?, ground.mesh.left_of(pair[1], pair[0])?);
                Some((faces.0 as usize, faces.1 as usize))
            })
            .filter(|&(a, b)| blocks[a].urban && blocks[b].urban)
            .collect()
    };
    let pairs: Vec<(usize, usize)> = nodes.iter().flat_map(|&point| opposite(point)).collect();
    let lived = |at: usize| blocks[at].used.is_home() && households[at] > 0;
    if pairs.iter().any(|&(a, b)| of_block[a] == of_block[b] && lived(a) && lived(b)) {
        return;
    }
    let both = pairs.into_iter().flat_map(|(a, b)| [(a, b), (b, a)]);
    let networks = Networks::new(&touch.links, &touch.bridges);
    let mut wishes: Vec<(usize, usize)> = both.filter(|&(_, b)| lived(b)).collect();
    wishes.sort_by_key(|&(a, b)| (!lived(a), blocks[b].used == Use::Factory));
    for (home, taken) in wishes {
        let (to, from) = (of_block[home], of_block[taken]);
        let total: u32 = (0..blocks.len()).filter(|&at| of_block[at] == from).map(|at| households[at]).sum();
        let mut open = vec![taken];
        let (mut moved, mut seen) = (0, vec![taken]);
        while let Some(at) = open.pop() {
            let members: Vec<usize> = (0..blocks.len()).filter(|&at| of_block[at] == from).collect();
            if moved * 5 >= total || !networks.stays_whole(&members, at) {
                continue;
            }
            of_block[at] = to;
            moved += households[at];
            for &(next, _) in &touch.links[at] {
                if of_block[next] == from && !seen.contains(&next) {
                    seen.push(next);
                    open.insert(0, next);
                }
            }
        }
        if moved > 0 {
            return;
        }
    }
}
