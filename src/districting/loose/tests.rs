//! The bound against every division of small drawn territories.

use rand_core::RngCore as _;

use super::*;
use crate::districting::graph::Graph;
use crate::run::{Seed, Stage};

/// The least cost of all divisions into non-empty parts of the range, and the centres of one.
fn least(instance: &Instance, cost: &impl Fn(u32, u32) -> i64) -> Option<(i64, Vec<u32>)> {
    let (n, parts) = (instance.len(), instance.parts as usize);
    let mut best: Option<(i64, Vec<u32>)> = None;
    let mut part_of = vec![0usize; n];
    loop {
        let mut members = vec![Vec::new(); parts];
        (0u32..).zip(&part_of).for_each(|(atom, &part)| members[part].push(atom));
        let held = |part: &Vec<u32>| part.iter().map(|&a| instance.people[a as usize]).sum::<i64>();
        let fits = |part: &Vec<u32>| !part.is_empty() && (instance.low..=instance.high).contains(&held(part));
        if members.iter().all(fits) {
            let about = |part: &Vec<u32>, c: u32| part.iter().map(|&a| cost(a, c)).sum::<i64>();
            let centre = |part: &Vec<u32>| part.iter().map(|&c| (about(part, c), c)).min();
            let centres: Vec<(i64, u32)> = members.iter().filter_map(centre).collect();
            let total = centres.iter().map(|c| c.0).sum();
            if best.as_ref().is_none_or(|(known, _)| total < *known) {
                best = Some((total, part_of.iter().map(|&part| centres[part].1).collect()));
            }
        }
        // The next division in which a part is first met after those of lower numbers.
        let mut at = n;
        loop {
            if at == 1 {
                return best;
            }
            at -= 1;
            let met = part_of[..at].iter().max().map_or(0, |most| most + 1);
            if part_of[at] < met.min(parts - 1) {
                part_of[at] += 1;
                part_of[at + 1..].iter_mut().for_each(|part| *part = 0);
                break;
            }
        }
    }
}

#[test]
fn no_division_costs_less() {
    let (mut sum, mut bounds, mut judged) = (0, 0, 0);
    for seed in 0..300 {
        let mut rng = Seed(seed).stream(Stage::Partition, 7);
        let mut below = |most: u32| rng.next_u32() % most;
        let (n, parts) = (6 + below(3), 2 + below(5));
        // A crowd and some far from it.
        let mut axis =
            || (0..n).map(|_| i64::from(below(20) + 300 * u32::from(below(4) == 0))).collect::<Vec<_>>();
        let (x, y) = (axis(), axis());
        let people: Vec<i64> = (0..n).map(|_| i64::from(below(6))).collect();
        let weights: Vec<i64> = (0..n).map(|_| i64::from(below(9))).collect();
        let mean = people.iter().sum::<i64>() / i64::from(parts);
        let (low, high) = ((mean - i64::from(below(3))).max(0), mean + 1 + i64::from(below(3)));
        let graph = Graph::from_edges(n as usize, &[]);
        let instance = Instance { graph, people, x: x.clone(), y: y.clone(), parts, low, high };
        let cost = |a: u32, c: u32| {
            let (dx, dy) = (x[a as usize] - x[c as usize], y[a as usize] - y[c as usize]);
            weights[a as usize] * (dx * dx + dy * dy)
        };
        let Some((value, centre_of)) = least(&instance, &cost) else { continue };
        let bound = bound(&instance, cost, &centre_of, 200_000);
        assert!(bound <= value, "seed {seed}: {bound} > {value}");
        (sum, bounds, judged) = (sum + value, bounds + bound, judged + 1);
    }
    assert!(judged > 150 && 2 * bounds > sum, "{bounds} of {sum} in {judged}");
}
