//! The best filling of one building, and the best buildings within number and budget.

/// Branches looked at for one building before the fractional bound has to do.
const BRANCHES: u32 = 256;

/// Parts of one scaled user in which what a building is worth beyond its cost is weighed.
const PARTS: i128 = 1 << 20;

/// Halvings in the search for the price of money.
const HALVINGS: u32 = 40;

/// Something that may go into a building.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) worth: i64,
    pub(super) area: u64,
}

/// What a building can be worth, and one filling of it, as positions ascending.
#[derive(Clone, Default)]
pub(super) struct Filling {
    /// No filling is worth more.
    pub(super) most: i64,
    pub(super) taken: Vec<usize>,
}

/// The best filling of `room`: depth first, cut off by the fractional filling (Dantzig 1957).
pub(super) fn fill(items: &[Item], room: u64, one_each: bool) -> Filling {
    let mut order: Vec<usize> =
        (0..items.len()).filter(|&i| items[i].worth > 0 && items[i].area <= room).collect();
    if one_each {
        let best = order.into_iter().max_by_key(|&i| (items[i].worth, std::cmp::Reverse(i)));
        return best.map_or(Filling::default(), |i| Filling { most: items[i].worth, taken: vec![i] });
    }
    let area = order.iter().fold(0u64, |sum, &i| sum.saturating_add(items[i].area));
    if area <= room && area < u64::MAX {
        return Filling { most: order.iter().map(|&i| items[i].worth).sum(), taken: order };
    }
    // Most worth for its area first; what takes no area leads.
    let dense = |a: usize, b: usize| {
        let cross = |x: usize, y: usize| items[x].worth as u128 * u128::from(items[y].area);
        cross(b, a).cmp(&cross(a, b)).then(items[b].worth.cmp(&items[a].worth)).then(a.cmp(&b))
    };
    order.sort_by(|&a, &b| (items[a].area > 0).cmp(&(items[b].area > 0)).then(dense(a, b)));
    let sorted: Vec<Item> = order.iter().map(|&i| items[i]).collect();
    let mut packing = Knapsack { items: &sorted, best: Filling::default(), open: 0, branches: BRANCHES };
    packing.deeper(0, room, 0, &mut Vec::new());
    let Filling { most, taken } = packing.best;
    let mut taken: Vec<usize> = taken.into_iter().map(|i| order[i]).collect();
    taken.sort_unstable();
    Filling { most: most.max(packing.open), taken }
}

struct Knapsack<'a> {
    items: &'a [Item],
    best: Filling,
    /// The most that was left unsearched.
    open: i64,
    branches: u32,
}

impl Knapsack<'_> {
    fn deeper(&mut self, from: usize, room: u64, worth: i64, taken: &mut Vec<usize>) {
        if worth > self.best.most {
            self.best = Filling { most: worth, taken: taken.clone() };
        }
        for i in from..self.items.len() {
            let bound = worth + fractional(&self.items[i..], room);
            if bound <= self.best.most {
                return;
            }
            if self.branches == 0 {
                self.open = self.open.max(bound);
                return;
            }
            self.branches -= 1;
            if self.items[i].area <= room {
                taken.push(i);
                self.deeper(i + 1, room - self.items[i].area, worth + self.items[i].worth, taken);
                taken.pop();
            }
        }
    }
}

/// Items in order, the last one in part, rounded up.
fn fractional(items: &[Item], mut room: u64) -> i64 {
    let mut sum = 0;
    for item in items {
        if item.area > room {
            let part = (item.worth as u128 * u128::from(room)).div_ceil(u128::from(item.area));
            return sum + part as i64;
        }
        room -= item.area;
        sum += item.worth;
    }
    sum
}

/// A building that may be opened.
#[derive(Clone, Copy)]
pub(super) struct Offer {
    pub(super) worth: i64,
    pub(super) cost: u64,
}

/// The best buildings within the limits at a price of money.
pub(super) struct Opened {
    /// No buildings within the limits are worth more together.
    pub(super) most: i128,
    /// Positions of those taken, ascending.
    pub(super) taken: Vec<usize>,
    /// The least a building loses by being forced in: what the last one taken is worth where all are used.
    last: i128,
    price: i128,
}

impl Opened {
    /// How much less everything is worth if an offer not taken is forced in, worth so much; may be negative
    /// where the worth is not that of the offer.
    pub(super) fn loss(&self, worth: i64, cost: u64) -> i128 {
        self.last.saturating_sub(net(worth, cost, self.price)).div_euclid(PARTS)
    }
}

fn net(worth: i64, cost: u64, price: i128) -> i128 {
    (i128::from(worth) * PARTS).saturating_sub(price.saturating_mul(i128::from(cost)))
}

/// The best `new` of `offers`; with a budget, each pays for its cost at the price that makes the bound
/// least (the fractional choice under both limits).
pub(super) fn open(offers: &[Offer], new: usize, budget: Option<u64>) -> Opened {
    let (mut best, spent) = at_price(offers, new, budget, 0);
    let Some(budget) = budget.filter(|budget| spent > u128::from(*budget)) else { return best };
    let dearest = |offer: &Offer| i128::from(offer.worth) * PARTS / i128::from(offer.cost.max(1)) + 1;
    let mut low = 0;
    let mut high = offers.iter().map(dearest).max().unwrap_or(0);
    for _ in 0..HALVINGS {
        let price = low + (high - low) / 2;
        let (opened, spent) = at_price(offers, new, Some(budget), price);
        if opened.most < best.most {
            best = opened;
        }
        if high - low <= 1 {
            break;
        }
        if spent > u128::from(budget) {
            low = price;
        } else {
            high = price;
        }
    }
    best
}

/// The best at one price, and what they cost.
fn at_price(offers: &[Offer], new: usize, budget: Option<u64>, price: i128) -> (Opened, u128) {
    let net = |i: usize| net(offers[i].worth, offers[i].cost, price);
    let mut order: Vec<(i128, usize)> =
        (0..offers.len()).map(|i| (net(i), i)).filter(|(n, _)| *n > 0).collect();
    order.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    order.truncate(new);
    let last = order.last().filter(|_| order.len() == new).map_or(0, |(n, _)| *n);
    let paid = price.saturating_mul(i128::from(budget.unwrap_or(0)));
    let parts = order.iter().fold(paid, |sum, (n, _)| sum.saturating_add(*n));
    let mut taken: Vec<usize> = order.into_iter().map(|(_, i)| i).collect();
    taken.sort_unstable();
    let spent = taken.iter().map(|&i| u128::from(offers[i].cost)).sum();
    // Rounded up.
    let most = parts.div_euclid(PARTS) + i128::from(parts.rem_euclid(PARTS) > 0);
    (Opened { most, taken, last, price }, spent)
}

#[cfg(test)]
mod tests {
    use super::{Item, Offer, fill, open};

    fn items(of: &[(i64, u64)]) -> Vec<Item> {
        of.iter().map(|&(worth, area)| Item { worth, area }).collect()
    }

    #[test]
    fn fills_as_every_subset_tried() {
        let mut seed = 7u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..400 {
            let of: Vec<(i64, u64)> = (0..next(7)).map(|_| (next(20) as i64 - 4, next(9))).collect();
            let room = next(25);
            let subsets = (0..1usize << of.len()).filter_map(|mask| {
                let held = || of.iter().enumerate().filter(|(i, _)| mask >> i & 1 == 1).map(|(_, item)| item);
                (held().map(|item| item.1).sum::<u64>() <= room)
                    .then(|| held().map(|item| item.0).sum::<i64>())
            });
            let filling = fill(&items(&of), room, false);
            assert_eq!(Some(filling.most), subsets.max(), "{of:?} in {room}");
            assert_eq!(filling.taken.iter().map(|&i| of[i].0).sum::<i64>(), filling.most);
            let single = of.iter().filter(|item| item.1 <= room).map(|item| item.0.max(0)).max().unwrap_or(0);
            assert_eq!(fill(&items(&of), room, true).most, single);
        }
    }

    #[test]
    fn a_budget_is_spent_to_the_last_part() {
        let offers = [(60_000, 10), (100_000, 20), (120_000, 30), (7, 0)];
        let offers = offers.map(|(worth, cost)| Offer { worth, cost });
        // All of the first two, two thirds of the third, and what costs nothing.
        let opened = open(&offers, 4, Some(50));
        assert!((240_007..=240_008).contains(&opened.most), "{}", opened.most);
        // Two at most: halves of the first and the third, and the second.
        let opened = open(&offers, 2, Some(40));
        assert!((190_000..=190_001).contains(&opened.most), "{}", opened.most);
        assert_eq!(open(&offers, 1, Some(50)).most, 120_000);
        assert_eq!(open(&[], 3, Some(0)).most, 0);
    }

    #[test]
    fn areas_and_costs_at_the_end_of_their_range() {
        let of = items(&[(5, u64::MAX), (4, u64::MAX), (3, 0)]);
        assert_eq!(fill(&of, u64::MAX, false).most, 8);
        let offers = [(9, u64::MAX), (8, u64::MAX), (1, 0)];
        let offers: Vec<Offer> = offers.map(|(worth, cost)| Offer { worth, cost }).to_vec();
        assert!((10..=18).contains(&open(&offers, 3, Some(u64::MAX)).most));
        assert_eq!(open(&offers, 3, None).most, 18);
    }
}
