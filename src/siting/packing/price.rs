//! Prices that rows pay to whatever reaches them, and the bound they give.
//!
//! A row of `w` users pays at most `w`; what it keeps, and what buildings earn within the limits, bound
//! every choice. A service that may not go everywhere asks a price for each place, too.

use super::fill::{Filling, Item, Offer, Opened, fill, open};
use super::ground::Ground;
use super::state::State;

/// Prices are in these parts of a user.
const SCALE: i64 = 1 << 16;

/// Prices of one node.
#[derive(Clone)]
pub(super) struct Prices {
    /// Paid by each group of rows.
    rows: Vec<i64>,
    /// Asked for each place of a service.
    services: Vec<i64>,
}

/// Pairs of one building that are open, and its best filling.
struct Earning {
    building: usize,
    /// Where its pairs stand among those open.
    span: std::ops::Range<usize>,
    items: Vec<Item>,
    filling: Filling,
    taken: bool,
}

/// What a set of prices says.
pub(super) struct Priced {
    /// In parts of a user: no choice from here on is worth more, all counted.
    pub(super) most: i128,
    earnings: Vec<Earning>,
    opened: Opened,
}

impl Prices {
    /// Every row pays all it can: the submodular bound.
    pub(super) fn full(ground: &Ground, state: &State) -> Prices {
        let rows = state.left.iter().map(|&users| users as i64 * SCALE).collect();
        Prices { rows, services: vec![0; ground.services] }
    }

    /// Fits prices to fewer pairs: rows out of question pay nothing, rows with one chance left pay all for
    /// it, and a service that may go everywhere asks nothing for a place.
    pub(super) fn settle(&mut self, ground: &Ground, state: &State, free: &[u32], chances: &[u32]) {
        for ((price, users), chances) in self.rows.iter_mut().zip(&state.left).zip(chances) {
            let all = *users as i64 * SCALE;
            *price = if *chances == 1 { all } else { (*price).min(all) };
        }
        let wanting = wanting(ground, free);
        for (service, price) in self.services.iter_mut().enumerate() {
            if state.most[service] >= wanting[service] {
                *price = 0;
            }
        }
    }

    /// The bound at these prices, `free` being the pairs open, by building.
    pub(super) fn bound(&self, ground: &Ground, state: &State, free: &[u32]) -> Priced {
        let pair = |at: usize| &ground.pairs[free[at] as usize];
        let mut earnings: Vec<Earning> = Vec::new();
        let mut at = 0;
        while at < free.len() {
            let building = pair(at).building;
            let same = free[at..].iter().take_while(|&&id| ground.pairs[id as usize].building == building);
            let span = at..at + same.count();
            at = span.end;
            let earned = |at: usize| {
                let rows: i64 = pair(at).rows.iter().map(|&row| self.rows[row as usize]).sum();
                Item { worth: rows - self.services[pair(at).service as usize], area: pair(at).area }
            };
            let items: Vec<Item> = span.clone().map(earned).collect();
            let building = building as usize;
            let filling = fill(&items, state.room[building], ground.one_each);
            earnings.push(Earning { building, span, items, filling, taken: state.open[building] });
        }
        let mut offers = Vec::new();
        let mut offering = Vec::new();
        for (at, earning) in earnings.iter().enumerate().filter(|(_, earning)| !earning.taken) {
            offers.push(Offer { worth: earning.filling.most, cost: ground.costs[earning.building] });
            offering.push(at);
        }
        let opened = open(&offers, state.new, state.budget);
        let free_of_charge: i128 =
            earnings.iter().filter(|e| e.taken).map(|e| i128::from(e.filling.most)).sum();
        opened.taken.iter().for_each(|&at| earnings[offering[at]].taken = true);
        let kept: i64 =
            state.left.iter().zip(&self.rows).map(|(&users, price)| users as i64 * SCALE - price).sum();
        let asked = |(price, most): (&i64, &usize)| i128::from(*price).saturating_mul(*most as i128);
        let places: i128 = self.services.iter().zip(&state.most).map(asked).sum();
        let value = i128::from(state.value) * i128::from(SCALE);
        let most = value + i128::from(kept) + places + free_of_charge + opened.most;
        Priced { most, earnings, opened }
    }

    /// One step against the gradient, a share `part` of 256 of the way to `wanted` (Held, Wolfe and Crowder
    /// 1974), each row in proportion to its users; whether anything moved.
    pub(super) fn step(
        &mut self,
        ground: &Ground,
        state: &State,
        priced: &Priced,
        free: &[u32],
        (wanted, part): (u64, i128),
    ) -> bool {
        let mut served = vec![0i64; self.rows.len()];
        let mut places = vec![0i64; self.services.len()];
        let wanting = wanting(ground, free);
        for pair in priced.picks(free).map(|id| &ground.pairs[id as usize]) {
            pair.rows.iter().for_each(|&row| served[row as usize] += 1);
            places[pair.service as usize] += 1;
        }
        let mut norm = 0i128;
        for ((over, price), users) in served.iter_mut().zip(&self.rows).zip(&state.left) {
            let users = *users as i64;
            *over -= 1;
            if (*over < 0 && *price >= users * SCALE) || (*over > 0 && *price <= 0) {
                *over = 0;
            }
            norm += i128::from(*over) * i128::from(*over) * i128::from(users);
        }
        // A place is worth about what a service gains by one.
        let weight = |service: usize| i128::from(ground.largest[service] / 4 + 1);
        for (service, over) in places.iter_mut().enumerate() {
            let most = state.most[service].min(wanting[service]);
            *over -= most as i64;
            if most == wanting[service] || (*over < 0 && self.services[service] <= 0) {
                *over = 0;
            }
            norm += i128::from(*over) * i128::from(*over) * weight(service);
        }
        let gap = priced.most - i128::from(wanted) * i128::from(SCALE);
        if norm == 0 || gap <= 0 {
            return false;
        }
        let step = part * gap / (256 * norm);
        for ((over, price), users) in served.iter().zip(&mut self.rows).zip(&state.left) {
            let users = *users as i64;
            let moved = i128::from(*price) - step * i128::from(users) * i128::from(*over);
            *price = moved.clamp(0, i128::from(users * SCALE)) as i64;
        }
        for (service, over) in places.iter().enumerate() {
            let highest = i128::from(ground.largest[service]) * i128::from(SCALE);
            let moved = i128::from(self.services[service]) + step * weight(service) * i128::from(*over);
            self.services[service] = moved.clamp(0, highest) as i64;
        }
        step > 0
    }
}

/// In how many open pairs each service is.
fn wanting(ground: &Ground, free: &[u32]) -> Vec<usize> {
    let mut wanting = vec![0; ground.services];
    free.iter().for_each(|&id| wanting[ground.pairs[id as usize].service as usize] += 1);
    wanting
}

impl Priced {
    /// In whole users.
    pub(super) fn users(&self) -> u64 {
        u64::try_from(self.most.div_euclid(i128::from(SCALE))).unwrap_or(0)
    }

    /// The pairs of the best choice at these prices, ascending; it may break a number per service.
    pub(super) fn picks<'a>(&'a self, free: &'a [u32]) -> impl Iterator<Item = u32> + 'a {
        let taken = self.earnings.iter().filter(|earning| earning.taken);
        taken.flat_map(move |e| e.filling.taken.iter().map(move |&at| free[e.span.start + at]))
    }

    /// The pairs of `free` with which more than `held` may still be reached.
    pub(super) fn promising(&self, ground: &Ground, state: &State, free: &[u32], held: u64) -> Vec<u32> {
        let enough = (i128::from(held) + 1) * i128::from(SCALE);
        let mut kept = Vec::with_capacity(free.len());
        for earning in &self.earnings {
            let room = state.room[earning.building];
            for (at, item) in earning.items.iter().enumerate() {
                let mut others = earning.items.clone();
                others[at].worth = 0;
                let beside = fill(&others, room - item.area, ground.one_each).most;
                let worth = item.worth + if ground.one_each { 0 } else { beside };
                let loss = if earning.taken {
                    i128::from(earning.filling.most) - i128::from(worth)
                } else {
                    self.opened.loss(worth, ground.costs[earning.building])
                };
                if self.most - loss >= enough {
                    kept.push(free[earning.span.start + at]);
                }
            }
        }
        kept
    }
}
