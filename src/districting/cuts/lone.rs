//! A bound from one part at a time: how little border a part with a given atom can have.
//!
//! Every cut edge borders two parts, so the cut is half the sum of the borders of the parts. A
//! sweep that tells apart only the atoms of one part and all others gives, for each atom, the
//! least border of a connected part in range that holds it; the parts share the atoms out, and
//! none may hold more people than the range allows.

use super::ahead::{Way, packings};
use super::boxes::Grain;
use super::diagram::{Course, Diagram, FAR};
use super::net::Net;
use super::pattern::{CLOSED, Layer, MOST_PARTS, NONE, Step, Table, Turn, steps};

const MOST_STATES: usize = 60_000;
const MOST_PATTERNS: usize = 5_000_000;
/// Marks, in the byte after the open atoms, what became of the part.
const AHEAD: u8 = 0;
const BEGUN: u8 = 1;
const DONE: u8 = 2;
/// Bytes of a pattern: one bit for each open atom, then the mark.
const ROW: usize = 9;

/// A lower bound on the cut of any division that costs less than `below`, by borders of up to
/// ever more edges until `limit` work is done. Never more than `below`.
pub(crate) fn borders(net: &Net, order: &[u32], below: i64, limit: u64, work: &mut u64) -> i64 {
    let mut lone = net.clone();
    lone.parts = 1;
    let parts = i64::from(net.parts);
    let ways = packings(net, order, work);
    let mut bound = 0;
    let mut reach = (below.min(FAR) / (6 * parts)).max(2);
    while *work < limit && bound < below {
        let Some(border) = least_borders(&lone, order, &ways, reach, limit, work) else { break };
        bound = bound.max(shared_out(net, &border));
        if reach > 2 * below {
            break;
        }
        reach += reach / 4 + 1;
    }
    bound.min(below)
}

/// For each atom the least border of a part that holds it, or `reach` when that is not less.
fn least_borders(
    lone: &Net,
    order: &[u32],
    ways: &[Vec<Way>],
    reach: i64,
    limit: u64,
    work: &mut u64,
) -> Option<Vec<i64>> {
    let layers = layers(lone, order, ways, reach, limit, work)?;
    let mut diagram = Diagram::coarsest(&layers);
    let mut shift = 63 - (lone.high.max(1) as u64).leading_zeros();
    loop {
        let grain = Grain { shift, most: MOST_STATES, below: reach };
        diagram = diagram.refined(&Course { net: lone, order, layers: &layers }, grain, work, limit)?;
        if shift == 0 || 1i64 << shift <= (lone.high - lone.low) / 4 || diagram.cheapest() >= reach {
            break;
        }
        shift = shift.saturating_sub(2);
    }
    let mut border = vec![reach; lone.len()];
    let mut cost = vec![0; diagram.stages[0].pattern.len()];
    for (place, &atom) in order.iter().enumerate() {
        let (stage, after) = (&diagram.stages[place], &diagram.stages[place + 1]);
        let mut next = vec![FAR; after.pattern.len()];
        for (state, &cost) in cost.iter().enumerate() {
            let start = stage.first[state] as usize;
            for (choice, turn) in layers[place].turns(stage.pattern[state]).iter().enumerate() {
                let child = stage.child[start + choice];
                if child == NONE {
                    continue;
                }
                let here = cost + turn.price;
                next[child as usize] = here.min(next[child as usize]);
                if choice == 0 {
                    let own = &mut border[atom as usize];
                    *own = (here + after.rest[child as usize]).min(*own);
                }
            }
        }
        cost = next;
    }
    Some(border)
}

/// Half of the least sum of borders when every part holds at most the range's people.
fn shared_out(net: &Net, border: &[i64]) -> i64 {
    let mut atoms: Vec<u32> = (0..net.len() as u32).collect();
    atoms.sort_unstable_by_key(|a| (-border[*a as usize], *a));
    let (mut sum, mut parts, mut people) = (0, 0, 0i64);
    for atom in atoms {
        people += net.people[atom as usize];
        // People with so large a border do not fit in `parts` parts: there is one more.
        while parts < i64::from(net.parts) && people > parts.saturating_mul(net.high) {
            sum += border[atom as usize];
            parts += 1;
        }
    }
    (sum + 1) / 2
}

fn layers(
    lone: &Net,
    order: &[u32],
    ways: &[Vec<Way>],
    reach: i64,
    limit: u64,
    work: &mut u64,
) -> Option<Vec<Layer>> {
    let mut all = Vec::with_capacity(order.len() + 1);
    let mut now = Table::new(ROW);
    now.insert(&[0; ROW], 0);
    let mut made = 0;
    for (step, ways) in steps(lone, order).iter().zip(ways) {
        let mut next = Table::new(ROW);
        let mut layer = Layer { first: vec![0], ..Layer::default() };
        for index in 0..now.len() {
            let (bits, mark) = unpack(now.row(index));
            layer.open.push(u8::from(mark == BEGUN));
            layer.complete.push(u8::from(mark == DONE));
            let reached = now.reached[index];
            layer.turns.push(turn(step, ways, (bits, mark), true, reached, reach, &mut next));
            layer.turns.push(turn(step, ways, (bits, mark), false, reached, reach, &mut next));
            layer.first.push(layer.turns.len() as u32);
        }
        *work += 30 * now.len() as u64;
        made += next.len();
        if made > MOST_PATTERNS || *work > limit {
            return None;
        }
        all.push(layer);
        now = next;
    }
    let complete = (0..now.len()).map(|i| u8::from(unpack(now.row(i)).1 == DONE)).collect();
    all.push(Layer { complete, open: vec![0; now.len()], ..Layer::default() });
    Some(all)
}

fn unpack(row: &[u8]) -> (u64, u8) {
    let bytes = row[..8].iter().rev().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte));
    (bytes, row[8])
}

/// The next atom goes to the part, or to the others.
fn turn(
    step: &Step,
    ways: &[Way],
    (bits, mark): (u64, u8),
    joins: bool,
    reached: i64,
    reach: i64,
    next: &mut Table,
) -> Turn {
    let nowhere = Turn { to: NONE, price: 0, name: [CLOSED; MOST_PARTS] };
    if joins && mark == DONE {
        return nowhere;
    }
    let differs = |place: usize| (bits >> place & 1 == 1) != joins;
    let price = step.touching.iter().filter(|t| differs(t.0)).map(|t| t.1).sum::<i64>();
    let mut kept = bits | u64::from(joins) << (step.stays.len() - 1);
    for place in (0..step.stays.len()).rev().filter(|p| !step.stays[*p]) {
        let below = (1u64 << place) - 1;
        kept = kept & below | kept >> 1 & !below;
    }
    let mark = match mark {
        AHEAD if !joins => AHEAD,
        DONE => DONE,
        _ if kept == 0 => DONE,
        _ => BEGUN,
    };
    let last = !step.stays.contains(&true);
    let apart = |w: &&Way| kept >> w.from & 1 != kept >> w.to & 1;
    let sure = ways.iter().filter(apart).map(|w| w.price).sum::<i64>();
    if reached + price + sure >= reach || last && mark != DONE {
        return nowhere;
    }
    let mut row = [mark; ROW];
    row[..8].copy_from_slice(&kept.to_le_bytes());
    let mut name = [CLOSED; MOST_PARTS];
    name[0] = if mark == BEGUN { 0 } else { CLOSED };
    Turn { to: next.insert(&row, reached + price), price, name }
}
