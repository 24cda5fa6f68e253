//! Hamlets: rows of courtyard houses along lanes, grown outward from a middle among the fields.
//!
//! A row of neighbouring courtyards is one atom. Rows nearest to the middle come first, with some noise, until the
//! hamlet has its households; so hamlets get ragged outlines and do not all look alike.

use super::blocks::Block;
use super::chance::{Dice, Noise};
use super::layout::{House, stretch};
use super::shape::{Frame, Spot, rectangle};

/// Width of a courtyard and of a row with its yard, in metres.
const COURTYARD_M: f64 = 12.0;
const ROW_M: f64 = 15.0;
/// From row to row: a row and the lane before it.
const PITCH_M: f64 = 24.0;
/// Households in a row, at least and at most.
const ROW_HOMES: (usize, usize) = (5, 13);

/// Which fields the hamlets of a village stand on, and how many households each is to have.
pub(super) fn shared_out(
    blocks: &[Block],
    fields: &[usize],
    households: u32,
    dice: &mut Dice,
) -> Vec<(usize, u32)> {
    let count = (households / 190).clamp(1, 4) as usize;
    let roomy = |at: &&usize| blocks[**at].site_m2 > 12_000.0;
    let mut open: Vec<usize> = fields.iter().filter(roomy).copied().collect();
    if open.is_empty() {
        open = fields.to_vec();
    }
    // Courtyards, lanes and the ragged edge, with as much again to choose from.
    let needed = f64::from(households) / count as f64 * COURTYARD_M * PITCH_M * 3.0;
    let mut chosen: Vec<usize> = Vec::new();
    for _ in 0..count.min(open.len()) {
        let scatter: Vec<f64> = open.iter().map(|_| dice.unit()).collect();
        let merit = |at: usize| {
            let block = &blocks[open[at]];
            let apart =
                chosen.iter().map(|&other| blocks[other].centre.to(block.centre)).fold(1_500.0, f64::min);
            let roomy = (block.site_m2 / needed).min(1.0);
            apart / 1_500.0 + 1.5 * roomy + scatter[at] * 0.5 - 0.4 * block.reach
        };
        let best = (0..open.len()).max_by(|&a, &b| merit(a).total_cmp(&merit(b)).then(b.cmp(&a)));
        let Some(best) = best else { break };
        chosen.push(open.remove(best));
    }
    let shares: Vec<f64> = chosen.iter().map(|_| dice.between(0.5, 1.5)).collect();
    let total: f64 = shares.iter().sum();
    let share = |share: f64| (f64::from(households) * share / total).ceil() as u32;
    chosen.into_iter().zip(shares).map(|(field, of)| (field, share(of))).collect()
}

/// The rows of one hamlet on one field.
pub(super) fn rows(block: &Block, households: u32, dice: &mut Dice) -> Vec<House> {
    let ring = block.site_ring();
    if ring.len() < 3 {
        return Vec::new();
    }
    let frame = Frame::new(block.centre, Spot::new(1.0, dice.between(-0.2, 0.2)));
    let local: Vec<Spot> = ring.iter().map(|&spot| frame.inward(spot)).collect();
    let noise = Noise(dice.bits());
    // Half the side of the square that rows may fill, four times what the courtyards need.
    let reach = (f64::from(households) * COURTYARD_M * PITCH_M).sqrt() * 1.1 + 40.0;
    let lines = (reach / PITCH_M).ceil() as i64;
    let lane = dice.between(-30.0, 30.0);
    let mut drafts: Vec<(f64, House)> = Vec::new();
    for line in -lines..=lines {
        let south = line as f64 * PITCH_M;
        let y = (south, south + ROW_M);
        let Some((west, east)) = stretch(&local, y, 6.0) else { continue };
        let mut x = west.max(-reach + lane + dice.between(-15.0, 15.0));
        let east = east.min(reach);
        loop {
            let wanted = ROW_HOMES.0 + dice.below(ROW_HOMES.1 - ROW_HOMES.0 + 1);
            let homes = wanted.min(((east - x) / COURTYARD_M).max(0.0) as usize);
            if homes < 3 {
                break;
            }
            let length = homes as f64 * COURTYARD_M;
            let middle = Spot::new(x + length / 2.0, south + ROW_M / 2.0);
            let distance = middle.length() * (1.0 + 0.45 * noise.plane(middle.x / 90.0, middle.y / 90.0));
            let ring = rectangle(&frame, (x, x + length), (y.0 + dice.between(0.0, 2.5), y.1));
            let storeys = 1 + u32::from(dice.happens(0.35));
            drafts.push((distance, House { ring, storeys, homes: homes as u32, tower: false }));
            x += length + if dice.happens(0.3) { 14.0 } else { 6.0 };
        }
    }
    drafts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut left = i64::from(households);
    let mut kept = Vec::new();
    for (_, house) in drafts {
        if left <= 0 {
            break;
        }
        left -= i64::from(house.homes);
        kept.push(house);
    }
    kept
}
