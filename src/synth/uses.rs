//! Land use: which block becomes a school, a factory, a park, and which are homes.
//!
//! Sites for all the town are given the block that suits them best, spread out from one another; works lie along
//! the railway and to one side of town; some land near the edge stays empty. What is left is for homes, older and
//! lower toward the middle.

use super::blocks::{Block, Use};
use super::chance::{Dice, Noise};
use super::shape::Spot;
use super::size::Size;

/// Plans the built-up blocks.
pub(super) fn plan(blocks: &mut [Block], size: &Size, dice: &mut Dice) {
    let scatter: Vec<f64> = blocks.iter().map(|_| dice.unit()).collect();
    let east = if dice.happens(0.5) { 1.0 } else { -1.0 };
    let span = size.urban_half.x;
    let fits =
        |block: &Block, low: f64, high: f64| if (low..high).contains(&block.site_m2) { 0.6 } else { 0.0 };

    let count = |people: u32| size.one_per(people, 0);
    choose(blocks, Use::Park, count(22_000), &|at, b| {
        f64::from(u8::from(b.by_river)) * 1.5 + fits(b, 15_000.0, 60_000.0) - b.reach + scatter[at] * 0.2
    });
    choose(blocks, Use::Office, count(15_000), &|at, b| {
        fits(b, 8_000.0, 26_000.0) - 1.6 * b.reach + scatter[at] * 0.5
    });
    choose(blocks, Use::Market, count(20_000), &|at, b| {
        fits(b, 9_000.0, 25_000.0) - 1.1 * b.reach + scatter[at] * 0.4
    });
    choose(blocks, Use::Hospital, count(45_000), &|at, b| {
        fits(b, 15_000.0, 40_000.0) - (b.reach - 0.4).abs() + scatter[at] * 0.3
    });
    choose(blocks, Use::School, count(7_500), &|at, b| {
        fits(b, 14_000.0, 45_000.0) - 0.5 * (b.reach - 0.5).abs() + scatter[at] * 0.6
    });
    fill(blocks, Use::Factory, 0.15, &|at, b| {
        let side = if b.over_rail { 0.75 } else { b.centre.x * east / span };
        let rail = f64::from(u8::from(b.by_rail)) * 0.5;
        side + rail + 0.8 * b.reach + scatter[at] * 0.7
    });
    fill(blocks, Use::Vacant, 0.07, &|at, b| b.reach + scatter[at]);
    homes(blocks, dice);
}

/// Whether a block is still to be planned.
fn is_open(block: &Block) -> bool {
    block.urban && block.used == Use::Vacant && block.site_m2 > 2_500.0
}

/// Gives `count` blocks the use, one after the other, each the best by merit and by distance from the others.
fn choose(blocks: &mut [Block], used: Use, count: usize, merit: &dyn Fn(usize, &Block) -> f64) {
    let open = blocks.iter().filter(|block| is_open(block)).count();
    let mut nearest = vec![f64::INFINITY; blocks.len()];
    for _ in 0..count.min(open / 8) {
        let value = |at: usize| merit(at, &blocks[at]) + (nearest[at].min(1_600.0) / 1_600.0) * 1.5;
        let best = (0..blocks.len())
            .filter(|&at| is_open(&blocks[at]))
            .max_by(|&a, &b| value(a).total_cmp(&value(b)).then(b.cmp(&a)));
        let Some(best) = best else { return };
        blocks[best].used = used;
        let here: Spot = blocks[best].centre;
        for (at, block) in blocks.iter().enumerate() {
            nearest[at] = nearest[at].min(block.centre.to(here));
        }
    }
}

/// Gives the use to the best blocks until they have this share of the built-up land.
fn fill(blocks: &mut [Block], used: Use, share: f64, merit: &dyn Fn(usize, &Block) -> f64) {
    let total: f64 = blocks.iter().filter(|block| block.urban).map(|block| block.site_m2).sum();
    let mut order: Vec<usize> = (0..blocks.len()).filter(|&at| is_open(&blocks[at])).collect();
    order.sort_by(|&a, &b| merit(b, &blocks[b]).total_cmp(&merit(a, &blocks[a])).then(a.cmp(&b)));
    let most = order.len() / 3;
    let mut sum = 0.0;
    for at in order.into_iter().take(most) {
        if sum >= total * share {
            break;
        }
        sum += blocks[at].site_m2;
        blocks[at].used = used;
        // Land that stays empty on purpose is told from land not yet planned by its reach, see `homes`.
        if used == Use::Vacant {
            blocks[at].reach += EMPTY;
        }
    }
}

/// Added to the reach of land that is to stay empty while the rest is planned.
const EMPTY: f64 = 1_000.0;

/// Turns what is left into homes.
fn homes(blocks: &mut [Block], dice: &mut Dice) {
    let noise = Noise(dice.bits());
    for block in blocks.iter_mut().filter(|block| block.urban) {
        if block.reach >= EMPTY {
            block.reach -= EMPTY;
            continue;
        }
        if !is_open(block) {
            continue;
        }
        let age = block.reach
            + 0.25 * noise.plane(block.centre.x / 800.0, block.centre.y / 800.0)
            + dice.between(-0.12, 0.12);
        block.used = match age {
            age if age < 0.38 => Use::Old,
            age if age < 0.86 => Use::Slab,
            _ if dice.happens(0.45) => Use::Modern,
            _ => Use::Slab,
        };
    }
}
