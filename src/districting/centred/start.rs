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
pub fn power_diagram(instance: &Instance, costs: &Costs, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let mut centres = spread(instance, costs, rng);
    let k = centres.len();
    let n = instance.len();
    let total: i64 = instance.people.iter().sum();
    let mean = (total / k as i64).max(1);
    let mut price = vec![0i64; k];
    let mut part_of = vec![0u32; n];
    let step = nearest_mean(instance, costs, &centres);
    for round in 0..ROUNDS {
        assign(instance, costs, &centres, &price, &mut part_of);
        let mut held = vec![0i64; k];
        part_of.iter().zip(&instance.people).for_each(|(&part, people)| held[part as usize] += people);
        // A part that is one mean too heavy becomes dearer by about one mean squared walk.
        for part in 0..k {
            let off = held[part] - mean;
            price[part] += (i128::from(step) * i128::from(off) / i128::from(mean)) as i64 / (2 + round as i64 / 3);
        }
        if round % 3 == 2 && round + 3 < ROUNDS {
            recentre(instance, costs, &part_of, &mut centres);
        }
    }
    assign(instance, costs, &centres, &price, &mut part_of);
    connect(instance, costs, &centres, &price, &mut part_of);
    part_of
}

/// Centres drawn with chance in proportion to what they would save (Arthur and Vassilvitskii 2007).
fn spread(instance: &Instance, costs: &Costs, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let n = instance.len();
    let mut centres: Vec<u32> = vec![(rng.next_u64() % n as u64) as u32];
    let mut nearest: Vec<i64> = (0..n as u32).map(|a| costs.of_pair(a, centres[0])).collect();
    while centres.len() < instance.parts as usize {
        let sum: i128 = nearest.iter().map(|c| i128::from(*c)).sum();
        let mut left = if sum > 0 { (u128::from(rng.next_u64()) % sum as u128) as i128 } else { -1 };
        let mut chosen = (0..n as u32).find(|a| !centres.contains(a)).unwrap_or(0);
        for (atom, cost) in (0u32..).zip(&nearest) {
            left -= i128::from(*cost);
            if left < 0 && *cost > 0 {
                chosen = atom;
                break;
            }
        }
        centres.push(chosen);
        for atom in 0..n as u32 {
            let cost = costs.of_pair(atom, chosen);
            nearest[atom as usize] = nearest[atom as usize].min(cost);
        }
    }
    centres
}

/// Cost for one inhabitant to the nearest centre, on average.
fn nearest_mean(instance: &Instance, costs: &Costs, centres: &[u32]) -> i64 {
    let people: i64 = instance.people.iter().sum();
    let sum: i128 = (0..instance.len() as u32)
        .map(|a| i128::from(centres.iter().map(|&c| costs.of_pair(a, c)).min().unwrap_or(0)))
        .sum();
    (sum / i128::from(people.max(1))) as i64 + 1
}

fn assign(instance: &Instance, costs: &Costs, centres: &[u32], price: &[i64], part_of: &mut [u32]) {
    for atom in 0..instance.len() as u32 {
        let people = instance.people[atom as usize].max(1);
        let row = costs.row(atom);
        let dear = |part: usize| row[centres[part] as usize] + people * price[part];
        let best = (0..centres.len()).min_by_key(|&part| (dear(part), part)).unwrap_or(0);
        part_of[atom as usize] = best as u32;
    }
    for (part, &centre) in (0u32..).zip(centres) {
        part_of[centre as usize] = part;
    }
}

fn recentre(instance: &Instance, costs: &Costs, part_of: &[u32], centres: &mut [u32]) {
    for (members, centre) in instance.members(part_of).iter().zip(centres) {
        let about = |&c: &u32| members.iter().map(|&a| costs.of_pair(a, c)).sum::<i64>();
        if let Some(best) = members.iter().min_by_key(|c| (about(c), **c)) {
            *centre = *best;
        }
    }
}

/// Keeps of each part the piece around its centre and grows these over the rest, cheapest first.
fn connect(instance: &Instance, costs: &Costs, centres: &[u32], price: &[i64], part_of: &mut [u32]) {
    let n = instance.len();
    let mut fixed = vec![false; n];
    let mut queue = BinaryHeap::new();
    for (part, &centre) in (0u32..).zip(centres) {
        fixed[centre as usize] = true;
        let mut stack = vec![centre];
        while let Some(atom) = stack.pop() {
            for &next in instance.graph.neighbours(atom) {
                if part_of[next as usize] == part && !std::mem::replace(&mut fixed[next as usize], true) {
                    stack.push(next);
                }
            }
        }
    }
    let offer = |queue: &mut BinaryHeap<_>, fixed: &[bool], atom: u32, part: u32| {
        for &next in instance.graph.neighbours(atom) {
            if !fixed[next as usize] {
                let people = instance.people[next as usize].max(1);
                let cost = costs.of_pair(next, centres[part as usize]) + people * price[part as usize];
                queue.push(Reverse((cost, next, part)));
            }
        }
    };
    for atom in 0..n as u32 {
        if fixed[atom as usize] {
            offer(&mut queue, &fixed, atom, part_of[atom as usize]);
        }
    }
    while let Some(Reverse((_, atom, part))) = queue.pop() {
        if !std::mem::replace(&mut fixed[atom as usize], true) {
            part_of[atom as usize] = part;
            offer(&mut queue, &fixed, atom, part);
        }
    }
}
