//! Prices and centres of a power diagram, settled: for territories of so many atoms that a diagram nearly
//! is a division.

use super::{Diagrams, Part, attract};

/// Halvings of the span in which a price is looked for.
const BISECTIONS: u32 = 20;

/// Rounds of balancing and recentring, and those at the end without recentring.
const SWEEPS: u32 = 12;
const FINAL_SWEEPS: u32 = 4;

/// Times the centre of each part is looked for anew, among how many atoms, with the prices made to hold
/// the range so often each time.
const REFINED: usize = 2;
const CANDIDATES: usize = 6;
const SETTLED: u32 = 3;

impl Diagrams<'_> {
    /// Balances the diagram drawn last while its centres follow, then with the centres where they are.
    pub(super) fn even_out(&mut self) {
        let mut prices: Vec<f32> = self.parts.iter().map(|part| part.price).collect();
        prices.sort_unstable_by(f32::total_cmp);
        let middle = prices[prices.len() / 2];
        self.parts.iter_mut().for_each(|part| part.price -= middle);
        for sweep in 0..SWEEPS {
            self.balance();
            self.assign();
            if sweep + FINAL_SWEEPS < SWEEPS {
                self.parts.iter_mut().for_each(Part::recentre);
            }
        }
    }

    /// Moves the centres of the diagram drawn last to atoms that serve it best, one part at a time, each
    /// among the few nearest to where its people are. O(n · k³).
    pub(super) fn refine(&mut self) {
        self.settle_at_homes();
        let mut least = self.dual();
        for number in (0..self.parts.len()).cycle().take(REFINED * self.parts.len()) {
            for (x, y) in self.about(number) {
                let before = self.parts.clone();
                (self.parts[number].x, self.parts[number].y) = (x, y);
                let dual = self.dual();
                if dual < least {
                    least = dual;
                } else {
                    self.parts = before;
                }
            }
        }
        self.assign();
    }

    /// Puts every centre on the member nearest to it.
    fn settle_at_homes(&mut self) {
        self.settle_homes();
        for part in &mut self.parts {
            (part.x, part.y) = (self.x[part.home as usize], self.y[part.home as usize]);
        }
    }

    /// The places of the atoms nearest to the people's mean of a part.
    fn about(&mut self, number: usize) -> Vec<(f32, f32)> {
        self.assign();
        let part = self.parts[number];
        let (x, y) = (part.px / part.people.max(1.0), part.py / part.people.max(1.0));
        let places = self.x.iter().zip(&self.y);
        let mut places: Vec<(f32, f32)> = places.map(|(x, y)| (*x, *y)).collect();
        let far = |at: &(f32, f32)| (at.0 - x) * (at.0 - x) + (at.1 - y) * (at.1 - y);
        let few = CANDIDATES.min(places.len());
        places.select_nth_unstable_by(few - 1, |a, b| far(a).total_cmp(&far(b)));
        places.truncate(few);
        places
    }

    /// What the centres as they are cost at least, if atoms could be divided: prices make up for the
    /// range (a Lagrangian bound, as far as they have settled).
    fn dual(&mut self) -> f64 {
        for _ in 0..SETTLED {
            self.balance();
        }
        self.assign();
        let (low, high) = (self.instance.low as f64, self.instance.high as f64);
        let held =
            self.near.iter().zip(&self.people).map(|(near, people)| f64::from(*near) * f64::from(*people));
        let due = self.parts.iter().map(|part| {
            let price = f64::from(part.price);
            price * if price > 0.0 { high } else { low }
        });
        held.sum::<f64>() - due.sum::<f64>()
    }

    /// Makes each part in turn so dear that its people come into the range, the others as they are.
    /// O(n · k²).
    fn balance(&mut self) {
        let (low, high) = (self.instance.low as f32, self.instance.high as f32);
        for number in 0..self.parts.len() {
            self.near.fill(f32::INFINITY);
            for (other, part) in (0u32..).zip(&self.parts) {
                if other as usize != number {
                    attract(other, *part, &self.x, &self.y, &mut self.near);
                }
            }
            // The price at which each atom leaves the part.
            let part = self.parts[number];
            for ((near, x), y) in self.near.iter_mut().zip(&self.x).zip(&self.y) {
                *near -= (x - part.x) * (x - part.x) + (y - part.y) * (y - part.y);
            }
            let held = |price: f32| -> f32 {
                let stays = |(near, people): (&f32, &f32)| if *near > price { *people } else { 0.0 };
                self.near.iter().zip(&self.people).map(stays).sum()
            };
            let free = held(0.0);
            let target = free.max(low).min(high);
            if free == target {
                self.parts[number].price = 0.0;
                continue;
            }
            let least = self.near.iter().copied().fold(f32::INFINITY, f32::min);
            let most = self.near.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let (mut cheap, mut dear) = if free > target { (0.0, most) } else { (least - 1.0, 0.0) };
            for _ in 0..BISECTIONS {
                let middle = cheap + (dear - cheap) / 2.0;
                if held(middle) > target {
                    cheap = middle;
                } else {
                    dear = middle;
                }
            }
            self.parts[number].price = if free > target { dear } else { cheap };
        }
    }
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;
    use rand_core::SeedableRng as _;

    use super::*;
    use crate::districting::graph::Graph;
    use crate::districting::instance::Instance;

    #[test]
    fn holds_the_range_and_finds_good_centres() {
        let (wide, tall) = (24u32, 20u32);
        let edges: Vec<(u32, u32, u32)> = (0..wide * tall)
            .flat_map(|a| [(a, a + 1, 1), (a, a + wide, 1)])
            .filter(|&(a, b, _)| b < wide * tall && (b - a == wide || a % wide + 1 < wide))
            .collect();
        let n = (wide * tall) as usize;
        // A crowded west: equal areas are far from equal people.
        let people: Vec<i64> = (0..n as i64).map(|a| if a % 24 < 6 { 90 } else { 10 + a % 7 }).collect();
        let all: i64 = people.iter().sum();
        let instance = Instance {
            graph: Graph::from_edges(n, &edges),
            people,
            x: (0..n as i64).map(|a| a % 24 * 100).collect(),
            y: (0..n as i64).map(|a| a / 24 * 100).collect(),
            parts: 4,
            low: all / 4 - all / 40,
            high: all / 4 + all / 40,
        };
        let mut diagrams = Diagrams::new(&instance);
        let mut rng = ChaCha8Rng::seed_from_u64(3);
        let (mut plain, mut held) = (0, 0);
        for _ in 0..10 {
            diagrams.draw(4, &mut rng);
            let out = |diagrams: &Diagrams<'_>| {
                let range = instance.low as f32 - 91.0..=instance.high as f32 + 91.0;
                diagrams.parts.iter().filter(|part| !range.contains(&part.people)).count()
            };
            plain += out(&diagrams);
            diagrams.even_out();
            held += out(&diagrams);
            diagrams.settle_at_homes();
            let before = diagrams.dual();
            diagrams.refine();
            assert!(diagrams.dual() <= before * 1.001);
        }
        assert!(plain > 4 && held <= 4, "{plain} parts were out of the range, {held} still are");
    }
}
