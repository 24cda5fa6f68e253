//! Dividing a network of pieces into connected parts of about equal weight, as officials once drew the lines.
//!
//! The pieces are halved across their longer way, and again, as often as parts are wanted; pieces cut off from
//! their part join the neighbour they touch most; then pieces on a border change sides while that shortens
//! the border and keeps both parts whole and about as heavy. Nothing optimal is meant: the generator makes the
//! towns that planners later improve.

use super::chance::Dice;
use super::shape::Spot;

/// A piece of ground or of housing.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) at: Spot,
    pub(super) weight: u64,
}

/// For each piece its neighbours, with how much a border between the two would cost.
pub(super) type Links = Vec<Vec<(usize, u64)>>;

/// No part yet.
const NONE: usize = usize::MAX;

/// Divides the pieces into parts of roughly `target` weight; `uneven` from 0 to 0.5 shifts the cuts.
///
/// Parts are connected by `links` where the pieces are; groups of pieces too light for a part of their own join
/// one across `bridges`. Returns the part of each piece, numbered from 0 without gaps.
pub(super) fn divided(
    pieces: &[Piece],
    links: &Links,
    bridges: &Links,
    target: u64,
    uneven: f64,
    dice: &mut Dice,
) -> Vec<usize> {
    let mut parts = vec![NONE; pieces.len()];
    let mut count = 0;
    let all: Vec<usize> = (0..pieces.len()).collect();
    let groups = components(&all, links, &|_| true);
    let weight = |group: &[usize]| group.iter().map(|&piece| pieces[piece].weight).sum::<u64>();
    let heaviest = groups.iter().map(|group| weight(group)).max().unwrap_or(0);
    for group in &groups {
        let wanted = (weight(group) + target / 2) / target.max(1);
        let wanted = if weight(group) == heaviest { wanted.max(1) } else { wanted } as usize;
        if wanted > 0 {
            halve(pieces, group.clone(), wanted, uneven, &mut count, &mut parts, dice);
        }
    }
    rejoin(pieces, links, bridges, count, &mut parts);
    let networks = Networks::new(links, bridges);
    level(pieces, &networks, target, &mut parts);
    smooth(pieces, &networks, target, &mut parts);
    renumbered(&parts)
}

/// Cuts a group into `wanted` parts by halving.
fn halve(
    pieces: &[Piece],
    mut group: Vec<usize>,
    wanted: usize,
    uneven: f64,
    count: &mut usize,
    parts: &mut [usize],
    dice: &mut Dice,
) {
    if wanted <= 1 || group.len() <= 1 {
        for piece in group {
            parts[piece] = *count;
        }
        *count += 1;
        return;
    }
    let range = |of: &dyn Fn(Spot) -> f64| {
        let values: Vec<f64> = group.iter().map(|&piece| of(pieces[piece].at)).collect();
        let (low, high) = super::cuts::extent(&values);
        high - low
    };
    let wide = range(&|spot| spot.x) >= range(&|spot| spot.y);
    let place = |piece: usize| if wide { pieces[piece].at.x } else { pieces[piece].at.y };
    group.sort_by(|&a, &b| place(a).total_cmp(&place(b)).then(a.cmp(&b)));
    let total: u64 = group.iter().map(|&piece| pieces[piece].weight).sum();
    let first = wanted / 2;
    let share = first as f64 / wanted as f64 * (1.0 + uneven * dice.between(-1.0, 1.0));
    let (mut sum, mut cut) = (0.0, 0);
    while cut < group.len() - 1 {
        let weight = pieces[group[cut]].weight as f64;
        if cut > 0 && sum + weight / 2.0 > total as f64 * share {
            break;
        }
        sum += weight;
        cut += 1;
    }
    let rest = group.split_off(cut.max(1));
    halve(pieces, group, first, uneven, count, parts, dice);
    halve(pieces, rest, wanted - first, uneven, count, parts, dice);
}

/// Leaves each part its heaviest connected piece of ground and hands the others to their neighbours.
fn rejoin(pieces: &[Piece], links: &Links, bridges: &Links, count: usize, parts: &mut [usize]) {
    let mut members = vec![Vec::new(); count];
    for (piece, &part) in parts.iter().enumerate() {
        if part != NONE {
            members[part].push(piece);
        }
    }
    for group in members {
        let mut whole = components(&group, links, &|_| true);
        whole.sort_by_key(|island| {
            std::cmp::Reverse((island.iter().map(|&piece| pieces[piece].weight).sum::<u64>(), island.len()))
        });
        for piece in whole.into_iter().skip(1).flatten() {
            parts[piece] = NONE;
        }
    }
    for network in [links, bridges] {
        loop {
            let lost: Vec<usize> = (0..parts.len()).filter(|&piece| parts[piece] == NONE).collect();
            let mut changed = false;
            for island in components(&lost, links, &|_| true) {
                let mut contact = std::collections::BTreeMap::<usize, u64>::new();
                for &piece in &island {
                    for &(next, cost) in network[piece].iter().filter(|&&(next, _)| parts[next] != NONE) {
                        *contact.entry(parts[next]).or_default() += cost.max(1);
                    }
                }
                let best = contact.into_iter().max_by_key(|&(part, cost)| (cost, std::cmp::Reverse(part)));
                if let Some((part, _)) = best {
                    island.iter().for_each(|&piece| parts[piece] = part);
                    changed = true;
                }
            }
            if !changed {
                break;
            }
        }
    }
    // Whatever touches nothing at all stays a part of its own.
    let lost: Vec<usize> = (0..parts.len()).filter(|&piece| parts[piece] == NONE).collect();
    for (part, island) in (count..).zip(components(&lost, links, &|_| true)) {
        island.iter().for_each(|&piece| parts[piece] = part);
    }
}

/// Lets parts that are much too heavy give border pieces to lighter neighbours, where they touch most.
fn level(pieces: &[Piece], networks: &Networks<'_>, target: u64, parts: &mut [usize]) {
    let (mut weights, mut members) = tally(pieces, parts);
    let mut stuck = vec![false; weights.len()];
    for _ in 0..pieces.len() {
        let heavy = |part: &usize| !stuck[*part] && weights[*part] * 4 > target * 5;
        let Some(part) = (0..weights.len()).filter(heavy).max_by_key(|&part| weights[part]) else { return };
        let mut best: Option<(i64, usize, usize)> = None;
        for &piece in &members[part] {
            let mut touch = std::collections::BTreeMap::<usize, i64>::new();
            for &(next, cost) in &networks.links[piece] {
                *touch.entry(parts[next]).or_default() += cost as i64;
            }
            let own = touch.remove(&part).unwrap_or(0);
            for (other, cost) in touch {
                let lighter = weights[other] + 2 * pieces[piece].weight < weights[part];
                let better = lighter && best.is_none_or(|(gain, ..)| cost - own > gain);
                if better && networks.stays_whole(&members[part], piece) {
                    best = Some((cost - own, piece, other));
                }
            }
        }
        let Some((_, piece, other)) = best else {
            stuck[part] = true;
            continue;
        };
        weights[part] -= pieces[piece].weight;
        weights[other] += pieces[piece].weight;
        members[part].retain(|&one| one != piece);
        members[other].push(piece);
        parts[piece] = other;
    }
}

/// The weight and the members of each part.
fn tally(pieces: &[Piece], parts: &[usize]) -> (Vec<u64>, Vec<Vec<usize>>) {
    let count = parts.iter().max().map_or(0, |&last| last + 1);
    let mut weights = vec![0; count];
    let mut members = vec![Vec::new(); count];
    for (piece, &part) in parts.iter().enumerate() {
        weights[part] += pieces[piece].weight;
        members[part].push(piece);
    }
    (weights, members)
}

/// Moves border pieces while the border gets cheaper and the weights stay near the target.
fn smooth(pieces: &[Piece], networks: &Networks<'_>, target: u64, parts: &mut [usize]) {
    let (mut weights, mut members) = tally(pieces, parts);
    for _ in 0..8 {
        let mut moved = false;
        for piece in 0..pieces.len() {
            let home = parts[piece];
            let mut touch = std::collections::BTreeMap::<usize, u64>::new();
            for &(next, cost) in &networks.links[piece] {
                *touch.entry(parts[next]).or_default() += cost;
            }
            let own = touch.get(&home).copied().unwrap_or(0);
            let best = touch
                .into_iter()
                .filter(|&(part, cost)| part != home && cost > own)
                .max_by_key(|&(part, cost)| (cost, std::cmp::Reverse(part)));
            let Some((part, _)) = best else { continue };
            let weight = pieces[piece].weight;
            let fits =
                weights[part] + weight <= target * 13 / 10 && weights[home] - weight >= target * 7 / 10;
            if !fits || !networks.stays_whole(&members[home], piece) {
                continue;
            }
            weights[home] -= weight;
            weights[part] += weight;
            members[home].retain(|&other| other != piece);
            members[part].push(piece);
            parts[piece] = part;
            moved = true;
        }
        if !moved {
            break;
        }
    }
}

/// The networks in which a part should hold together: streets alone, and streets with what they bridge.
pub(super) struct Networks<'a> {
    pub(super) links: &'a Links,
    pub(super) all: Links,
}

impl<'a> Networks<'a> {
    pub(super) fn new(links: &'a Links, bridges: &Links) -> Self {
        Self { links, all: merged(links, bridges) }
    }

    /// Whether a part falls into no more pieces without one of its members than it does with it.
    pub(super) fn stays_whole(&self, members: &[usize], without: usize) -> bool {
        [self.links, &self.all].into_iter().all(|network| {
            let before = components(members, network, &|_| true).len();
            let after = components(members, network, &|piece| piece != without).len();
            (1..=before).contains(&after)
        })
    }
}

/// Two networks as one.
pub(super) fn merged(one: &Links, other: &Links) -> Links {
    one.iter().zip(other).map(|(a, b)| a.iter().chain(b).copied().collect()).collect()
}

/// The connected groups among some pieces, each sorted, in the order of their first piece.
pub(super) fn components(among: &[usize], links: &Links, keep: &dyn Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut open: std::collections::BTreeSet<usize> =
        among.iter().copied().filter(|&piece| keep(piece)).collect();
    let mut groups = Vec::new();
    while let Some(first) = open.pop_first() {
        let mut group = vec![first];
        let mut at = 0;
        while at < group.len() {
            for &(next, _) in &links[group[at]] {
                if open.remove(&next) {
                    group.push(next);
                }
            }
            at += 1;
        }
        group.sort_unstable();
        groups.push(group);
    }
    groups
}

fn renumbered(parts: &[usize]) -> Vec<usize> {
    let used: std::collections::BTreeSet<usize> = parts.iter().copied().collect();
    let numbers: std::collections::BTreeMap<usize, usize> =
        used.into_iter().enumerate().map(|(number, part)| (part, number)).collect();
    parts.iter().map(|part| numbers[part]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Seed;

    #[test]
    fn a_chain_is_cut_into_connected_parts() {
        let pieces: Vec<Piece> =
            (0..30).map(|at| Piece { at: Spot::new(f64::from(at), 0.0), weight: 10 }).collect();
        let near = |at: usize| [at.checked_sub(1), (at < 29).then_some(at + 1)];
        let links: Links =
            (0..30).map(|at| near(at).into_iter().flatten().map(|next| (next, 1)).collect()).collect();
        let parts = divided(&pieces, &links, &links, 100, 0.0, &mut Dice::new(Seed(1), 0));
        assert_eq!(parts.iter().max(), Some(&2));
        for part in 0..3 {
            let members: Vec<usize> = (0..30).filter(|&piece| parts[piece] == part).collect();
            assert_eq!(components(&members, &links, &|_| true).len(), 1);
        }
    }
}
