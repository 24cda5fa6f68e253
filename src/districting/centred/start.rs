//! First divisions: a power diagram whose weights even out the people, made connected.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand_chacha::ChaCha8Rng;
use rand_core::RngCore as _;

use super::costs::Costs;
use crate::districting::instance::Instance;

/// Rounds of weighing and recentring.
const ROUNDS: usize = 12;

/// A connected division near balance around centres drawn at random. O(rounds · n · k).
pub(crate) fn power_diagram(instance: &Instance, costs: &Costs, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut part_of = vec![0; instance.len()];
    let all: Vec<u32> = (0..instance.len() as u32).collect();
    let parts: Vec<u32> = (0..instance.parts).collect();
    divide(instance, costs, &all, &parts, &mut part_of, rng);
    part_of
}

/// Divides the atoms of `region`, a connected set, anew among the parts named.
pub(crate) fn divide(
    instance: &Instance,
    costs: &Costs,
    region: &[u32],
    parts: &[u32],
    part_of: &mut [u32],
    rng: &mut ChaCha8Rng,
) {
    let mut centres = spread(costs, region, parts.len(), rng);
    let total: i64 = region.iter().map(|&a| instance.people[a as usize]).sum();
    let mean = (total / parts.len() as i64).max(1);
    let mut diagram =
        Diagram { instance, costs, region, price: vec![0; parts.len()], of: vec![0; region.len()] };
    let step = diagram.typical(&centres);
    for round in 0..ROUNDS {
        diagram.assign(&centres);
        let held = diagram.held();
        // A part that is one mean too heavy becomes dearer by about one mean squared walk.
        for (price, held) in diagram.price.iter_mut().zip(&held) {
            let off = i128::from(held - mean);
            *price += (i128::from(step) * off / i128::from(mean)) as i64 / (2 + round as i64 / 3);
        }
        if round % 3 == 2 && round + 3 < ROUNDS {
            diagram.recentre(&mut centres);
        }
    }
    diagram.assign(&centres);
    diagram.connect(&centres, parts, part_of);
}

/// Centres drawn with chance in proportion to what they would save (Arthur and Vassilvitskii 2007).
fn spread(costs: &Costs, region: &[u32], count: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let first = region[(rng.next_u64() % region.len() as u64) as usize];
    let mut centres = vec![first];
    let mut nearest: Vec<i64> = region.iter().map(|&a| costs.of_pair(a, first)).collect();
    while centres.len() < count {
        let sum: i128 = nearest.iter().map(|c| i128::from(*c)).sum();
        let mut left = if sum > 0 { (u128::from(rng.next_u64()) % sum as u128) as i128 } else { -1 };
        let mut chosen = region.iter().copied().find(|a| !centres.contains(a)).unwrap_or(first);
        for (&atom, cost) in region.iter().zip(&nearest) {
            left -= i128::from(*cost);
            if left < 0 && *cost > 0 {
                chosen = atom;
                break;
            }
        }
        centres.push(chosen);
        for (&atom, nearest) in region.iter().zip(&mut nearest) {
            *nearest = (*nearest).min(costs.of_pair(atom, chosen));
        }
    }
    centres
}

/// A power diagram of a region.
struct Diagram<'d> {
    instance: &'d Instance,
    costs: &'d Costs,
    region: &'d [u32],
    /// What an inhabitant pays on top in each part.
    price: Vec<i64>,
    /// The part of each atom of the region.
    of: Vec<u32>,
}

impl Diagram<'_> {
    /// Cost of one inhabitant to the nearest centre, on average.
    fn typical(&self, centres: &[u32]) -> i64 {
        let people: i64 = self.region.iter().map(|&a| self.instance.people[a as usize]).sum();
        let nearest = |&a: &u32| centres.iter().map(|&c| self.costs.of_pair(a, c)).min().unwrap_or(0);
        let sum: i128 = self.region.iter().map(|a| i128::from(nearest(a))).sum();
        (sum / i128::from(people.max(1))) as i64 + 1
    }

    fn cost(&self, atom: u32, part: usize, centre: u32) -> i64 {
        self.costs.of_pair(atom, centre) + self.instance.people[atom as usize].max(1) * self.price[part]
    }

    fn assign(&mut self, centres: &[u32]) {
        for i in 0..self.region.len() {
            let atom = self.region[i];
            let own = centres.iter().position(|&c| c == atom);
            let dear = |part: usize| (self.cost(atom, part, centres[part]), part);
            self.of[i] =
                own.unwrap_or_else(|| (0..centres.len()).min_by_key(|&p| dear(p)).unwrap_or(0)) as u32;
        }
    }

    fn held(&self) -> Vec<i64> {
        let mut held = vec![0; self.price.len()];
        for (&atom, &part) in self.region.iter().zip(&self.of) {
            held[part as usize] += self.instance.people[atom as usize];
        }
        held
    }

    fn recentre(&self, centres: &mut [u32]) {
        for (part, centre) in (0u32..).zip(centres) {
            let members = || self.region.iter().zip(&self.of).filter(move |m| *m.1 == part).map(|m| *m.0);
            let about = |c: u32| members().map(|a| self.costs.of_pair(a, c)).sum::<i64>();
            *centre = members().min_by_key(|&c| (about(c), c)).unwrap_or(*centre);
        }
    }

    /// Keeps of each part the piece around its centre and grows these over the rest, cheapest first.
    fn connect(&self, centres: &[u32], parts: &[u32], part_of: &mut [u32]) {
        const OUTSIDE: u32 = u32::MAX;
        const OPEN: u32 = u32::MAX - 1;
        let mut of = vec![OUTSIDE; part_of.len()];
        for (&atom, &part) in self.region.iter().zip(&self.of) {
            of[atom as usize] = part;
        }
        let mut fixed = vec![false; of.len()];
        let mut stack = Vec::new();
        for (part, &centre) in (0u32..).zip(centres) {
            fixed[centre as usize] = true;
            stack.push(centre);
            while let Some(atom) = stack.pop() {
                for &next in self.instance.graph.neighbours(atom) {
                    if of[next as usize] == part && !std::mem::replace(&mut fixed[next as usize], true) {
                        stack.push(next);
                    }
                }
            }
        }
        self.region.iter().filter(|a| !fixed[**a as usize]).for_each(|a| of[*a as usize] = OPEN);
        let mut queue = BinaryHeap::new();
        let offer = |queue: &mut BinaryHeap<_>, of: &[u32], atom: u32| {
            let part = of[atom as usize];
            for &next in self.instance.graph.neighbours(atom) {
                if of[next as usize] == OPEN {
                    queue.push(Reverse((self.cost(next, part as usize, centres[part as usize]), next, part)));
                }
            }
        };
        self.region.iter().filter(|a| fixed[**a as usize]).for_each(|a| offer(&mut queue, &of, *a));
        while let Some(Reverse((_, atom, part))) = queue.pop() {
            if of[atom as usize] == OPEN {
                of[atom as usize] = part;
                offer(&mut queue, &of, atom);
            }
        }
        self.region.iter().for_each(|&a| part_of[a as usize] = parts[of[a as usize] as usize]);
    }
}
