//! What a sweep has to remember of the atoms already taken: how the open ones are divided.
//!
//! The frontier method for connected parts: Kawahara, Horiyama, Hotta, Minato, "Generating all
//! patterns of graph partitions within a disparity bound", WALCOM 2017.

use super::ahead::{Way, packings};
use super::diagram::Diagram;
use super::net::Net;

/// The most parts a sweep can carry.
pub(crate) const MOST_PARTS: usize = 12;
/// Mark of a part that is complete after a step.
pub(crate) const CLOSED: u8 = u8::MAX;
/// Mark of a choice that cannot be made.
pub(crate) const NONE: u32 = u32::MAX;

/// The most open atoms a sweep can carry.
pub(crate) const WIDEST: usize = 62;
/// Bytes of a pattern that name the state of the guide.
const IMAGE: usize = 4;
/// Bytes of the longest pattern.
const ROW: usize = 2 * WIDEST + 1 + IMAGE;

/// One choice for the next atom in one pattern.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    /// The pattern afterwards, in the next layer, or [`NONE`].
    pub(crate) to: u32,
    /// The price of the edges cut by the choice.
    pub(crate) price: i64,
    /// The new number of each open part, or [`CLOSED`].
    pub(crate) name: [u8; MOST_PARTS],
}

/// The patterns before one atom of the sweep. A pattern is a row of bytes: the component of each
/// open atom, the part of each component, the number of complete parts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layer {
    /// Where the turns of each pattern start; the choice is an open part, or one more: a new part.
    pub(crate) first: Vec<u32>,
    /// The turns of all patterns.
    pub(crate) turns: Vec<Turn>,
    /// The open parts of each pattern.
    pub(crate) open: Vec<u8>,
    /// The complete parts of each pattern.
    pub(crate) complete: Vec<u8>,
}

impl Layer {
    /// The turns of a pattern, by choice.
    pub(crate) fn turns(&self, pattern: u32) -> &[Turn] {
        &self.turns[self.first[pattern as usize] as usize..self.first[pattern as usize + 1] as usize]
    }
}

/// One step of the sweep: who is open before, what is taken, who stays open.
pub(super) struct Step {
    /// For each place of the frontier with the new atom last: whether it stays open.
    pub(super) stays: Vec<bool>,
    /// Places of the open neighbours of the atom with the price of the edge.
    pub(super) touching: Vec<(usize, i64)>,
}

/// How patterns are made.
#[derive(Clone, Copy)]
pub(crate) struct Rules<'a> {
    /// Ways that cost this much are of no use.
    pub(crate) below: i64,
    /// The most patterns in all.
    pub(crate) most: usize,
    /// Whether the components of a part count as one, a relaxation with far fewer patterns.
    pub(crate) joined: bool,
    /// A coarser diagram of the same sweep. Patterns are then kept apart by the state of it they
    /// fall in, and those too far from its end are left out.
    pub(crate) guide: Option<&'a Diagram>,
    /// Work that may be counted in all when this is done.
    pub(crate) limit: u64,
}

/// All patterns of a sweep in `order`, one layer before each atom and one at the end; `None` when
/// there are too many. Work is added to `work`.
pub(crate) fn layers(net: &Net, order: &[u32], rules: &Rules<'_>, work: &mut u64) -> Option<Vec<Layer>> {
    let mut all = Vec::with_capacity(order.len() + 1);
    let mut now = Table::new(1 + IMAGE);
    now.insert(&[0; 1 + IMAGE], 0);
    let ways = packings(net, order, work);
    let mut made = 0;
    for (place, step) in steps(net, order).iter().enumerate() {
        let width = step.stays.len() - 1;
        let staying = step.stays.iter().filter(|s| **s).count();
        let mut next = Table::new(2 * staying + 1 + IMAGE);
        let mut layer = Layer { first: vec![0], ..Layer::default() };
        for index in 0..now.len() {
            let row = now.row(index);
            let from = From { place, width, row, open: open_parts(row, width), reached: now.reached[index] };
            layer.open.push(from.open);
            layer.complete.push(row[2 * width]);
            for choice in 0..=from.open {
                layer.turns.push(take(net, step, rules, &from, choice, &ways[place], &mut next));
            }
            layer.first.push(layer.turns.len() as u32);
            *work += (u64::from(from.open) + 1) * (width as u64 + 4);
        }
        made += next.len();
        if made > rules.most || *work > rules.limit {
            return None;
        }
        all.push(layer);
        now = next;
    }
    let complete = (0..now.len()).map(|i| now.row(i)[0]).collect();
    all.push(Layer { complete, open: vec![0; now.len()], ..Layer::default() });
    Some(all)
}

/// A pattern about to be left.
struct From<'a> {
    place: usize,
    width: usize,
    row: &'a [u8],
    open: u8,
    reached: i64,
}

fn open_parts(row: &[u8], width: usize) -> u8 {
    row[width..2 * width].iter().filter(|p| **p != CLOSED).max().map_or(0, |p| p + 1)
}

pub(super) fn steps(net: &Net, order: &[u32]) -> Vec<Step> {
    let mut left: Vec<usize> = (0..net.len() as u32).map(|a| net.arcs(a).len()).collect();
    let mut frontier: Vec<u32> = Vec::new();
    let mut steps = Vec::with_capacity(order.len());
    for &atom in order {
        let mut touching = Vec::new();
        for &(other, price) in net.arcs(atom) {
            left[other as usize] -= 1;
            if let Some(place) = frontier.iter().position(|f| *f == other) {
                touching.push((place, price));
            }
        }
        frontier.push(atom);
        let stays: Vec<bool> = frontier.iter().map(|f| left[*f as usize] > 0).collect();
        frontier.retain(|f| left[*f as usize] > 0);
        steps.push(Step { stays, touching });
    }
    steps
}

/// Makes a choice and enters the pattern it leads to.
fn take(
    net: &Net,
    step: &Step,
    rules: &Rules<'_>,
    from: &From<'_>,
    choice: u8,
    ways: &[Way],
    next: &mut Table,
) -> Turn {
    let nowhere = Turn { to: NONE, price: 0, name: [CLOSED; MOST_PARTS] };
    let (row, width) = (from.row, from.width);
    let complete = row[2 * width];
    if choice == from.open && u32::from(from.open) + u32::from(complete) >= net.parts {
        return nowhere;
    }
    let (image, rest) = match rules.guide {
        None => (0, 0),
        Some(guide) => match guide.follow(from.place, image_of(row), choice as usize) {
            Some(followed) => followed,
            None => return nowhere,
        },
    };
    // Components of the frontier with the new atom last, and the part of each component.
    let mut component = [0u8; WIDEST + 1];
    component[..width].copy_from_slice(&row[..width]);
    let mut part = [CLOSED; WIDEST + 2];
    part[..width].copy_from_slice(&row[width..2 * width]);
    let fresh = WIDEST as u8 + 1;
    component[width] = fresh;
    part[fresh as usize] = choice;
    let mut price = 0;
    for &(place, edge) in &step.touching {
        let met = component[place];
        if part[met as usize] != choice {
            price += edge;
        } else if !rules.joined && met != fresh {
            swap_name(&mut component[..width], met, fresh);
        }
    }
    if from.reached + price + rest >= rules.below {
        return nowhere;
    }
    if rules.joined && choice < from.open {
        // Of joined parts the number of the component is that of the part.
        swap_name(&mut component[..width], choice, fresh);
    }
    let parts = from.open.max(choice + 1);
    let Some((mut bytes, name)) = renamed(step, &component, &part, parts, complete) else {
        return nowhere;
    };
    let end = next.stride - IMAGE;
    if end == 1 && u32::from(bytes[0]) < net.parts {
        return nowhere;
    }
    let label = |place: u32| bytes[end / 2 + bytes[place as usize] as usize];
    let sure = ways.iter().filter(|w| label(w.from) != label(w.to)).map(|w| w.price).sum::<i64>();
    if from.reached + price + sure >= rules.below {
        return nowhere;
    }
    bytes[end..end + IMAGE].copy_from_slice(&image.to_le_bytes());
    let to = next.insert(&bytes[..next.stride], from.reached + price);
    Turn { to, price, name }
}

fn swap_name(components: &mut [u8], old: u8, new: u8) {
    for component in components {
        *component = if *component == old { new } else { *component };
    }
}

fn image_of(row: &[u8]) -> u32 {
    let bytes = &row[row.len() - IMAGE..];
    u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
}

/// Drops the atoms that are no longer open and numbers components and parts by first appearance.
/// `None` when a part would be torn for good.
fn renamed(
    step: &Step,
    component: &[u8; WIDEST + 1],
    part: &[u8; WIDEST + 2],
    parts: u8,
    complete: u8,
) -> Option<([u8; ROW], [u8; MOST_PARTS])> {
    let places = step.stays.len();
    let width = step.stays.iter().filter(|s| **s).count();
    let mut bytes = [CLOSED; ROW];
    let mut name = [CLOSED; MOST_PARTS];
    let mut renamed = [CLOSED; WIDEST + 2];
    let (mut components, mut open, mut slot) = (0u8, 0u8, 0usize);
    for place in (0..places).filter(|p| step.stays[*p]) {
        let old = component[place] as usize;
        if renamed[old] == CLOSED {
            renamed[old] = components;
            let own = &mut name[part[old] as usize];
            if *own == CLOSED {
                *own = open;
                open += 1;
            }
            bytes[width + components as usize] = *own;
            components += 1;
        }
        bytes[slot] = renamed[old];
        slot += 1;
    }
    // A component that is gone must have been the whole of its part.
    for place in (0..places).filter(|p| !step.stays[*p]) {
        let old = component[place] as usize;
        if renamed[old] != CLOSED {
            continue;
        }
        let own = part[old];
        let others = (0..places).any(|p| component[p] as usize != old && part[component[p] as usize] == own);
        if others {
            return None;
        }
    }
    let closed = (0..parts).filter(|p| name[*p as usize] == CLOSED).count() as u8;
    bytes[2 * width] = complete + closed;
    Some((bytes, name))
}

/// Rows of bytes, each kept once.
pub(super) struct Table {
    pub(super) stride: usize,
    bytes: Vec<u8>,
    rows: usize,
    pub(super) reached: Vec<i64>,
    slots: Vec<u32>,
}

impl Table {
    pub(super) fn new(stride: usize) -> Self {
        Self { stride, bytes: Vec::new(), rows: 0, reached: Vec::new(), slots: vec![NONE; 64] }
    }

    pub(super) fn len(&self) -> usize {
        self.rows
    }

    pub(super) fn row(&self, index: usize) -> &[u8] {
        &self.bytes[index * self.stride..(index + 1) * self.stride]
    }

    pub(super) fn insert(&mut self, row: &[u8], reached: i64) -> u32 {
        if 2 * self.rows >= self.slots.len() {
            self.grow();
        }
        let mut slot = self.slot_of(row);
        loop {
            let held = self.slots[slot];
            if held == NONE {
                self.slots[slot] = self.rows as u32;
                self.bytes.extend_from_slice(row);
                self.reached.push(reached);
                self.rows += 1;
                return self.slots[slot];
            }
            if self.row(held as usize) == row {
                let best = &mut self.reached[held as usize];
                *best = reached.min(*best);
                return held;
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn grow(&mut self) {
        self.slots = vec![NONE; self.slots.len() * 2];
        for index in 0..self.rows {
            let mut slot = self.slot_of(self.row(index));
            while self.slots[slot] != NONE {
                slot = (slot + 1) & (self.slots.len() - 1);
            }
            self.slots[slot] = index as u32;
        }
    }

    fn slot_of(&self, row: &[u8]) -> usize {
        let mut mixed = 0u64;
        for chunk in row.chunks(8) {
            let word = chunk.iter().fold(0u64, |word, byte| word << 8 | u64::from(*byte));
            mixed = (mixed ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            mixed ^= mixed >> 32;
        }
        (mixed ^ (mixed >> 29)) as usize & (self.slots.len() - 1)
    }
}
