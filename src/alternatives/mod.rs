//! The same place divided otherwise: what keeping the grids in force costs, and plans to choose from.
//!
//! Both run the ordinary division with other weights, from a fixed list, so each row can be had again
//! by putting its weights into a profile.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::index::fabric::Fabric;
use crate::model::alternative::{Alternative, Choice, Worth};
use crate::model::place::Place;
use crate::model::plan::Partition;
use crate::model::rules::{Keep, Rules, Weights};
use crate::partition;
use crate::run::{Run, Stage};

/// Weights of respect for tradition that the trade-off tries, beside the profile's own.
const TRADITION: [u32; 6] = [0, 1, 4, 16, 100, 1000];

/// Divides once for each weight of respect for tradition, from none to the highest, then strictly.
pub fn trade_off(place: &Place, fabric: &Fabric, rules: &Rules, run: &Run<'_>) -> Vec<Alternative> {
    let mut weights: Vec<u32> = TRADITION.to_vec();
    weights.push(rules.weights.respect_tradition);
    weights.sort_unstable();
    weights.dedup();
    let with = |respect_tradition: u32, keep: Keep| {
        let mut rules = rules.clone();
        rules.weights.respect_tradition = respect_tradition;
        rules.grids.keep = keep;
        rules
    };
    let mut all: Vec<Rules> = weights.into_iter().map(|weight| with(weight, Keep::Prefer)).collect();
    all.push(with(rules.weights.respect_tradition, Keep::Strict));
    sketch_all(place, fabric, &all, run)
}

/// Up to `asked` different divisions that no other dominates, the one of `rules` first whatever it is,
/// each next the least like those before it. Every one but the first is divided again with its bound.
pub fn choice(
    place: &Place,
    fabric: &Fabric,
    rules: &Rules,
    own: &Partition,
    asked: u32,
    run: &Run<'_>,
) -> Choice {
    let own = Alternative {
        weights: rules.weights.clone(),
        keep: rules.grids.keep,
        worth: worth(fabric, own),
        partition: own.clone(),
    };
    let with = |weights: Weights| Rules { weights, ..rules.clone() };
    let all: Vec<Rules> = vectors(&rules.weights).into_iter().map(with).collect();
    let tried = all.len() as u32 + 1;
    let mut different = vec![own];
    for next in sketch_all(place, fabric, &all, run) {
        // Equal in every measure is no choice, even where a line runs elsewhere.
        if !different.iter().any(|held| held.worth == next.worth) {
            different.push(next);
        }
    }
    let on_front = |i: usize| !different.iter().any(|other| other.worth.dominates(&different[i].worth));
    let front: BTreeSet<usize> = (0..different.len()).filter(|&i| on_front(i)).collect();
    let found = front.len() as u32;
    let mut open: Vec<Alternative> = Vec::new();
    let mut plans: Vec<Alternative> = Vec::new();
    for (i, division) in different.into_iter().enumerate() {
        match i {
            0 => plans.push(division),
            _ if front.contains(&i) => open.push(division),
            _ => {}
        }
    }
    let spans = spans(plans.iter().chain(&open));
    while !open.is_empty() && (plans.len() as u32) < asked {
        let alone = |new: &Alternative| {
            plans.iter().map(|held| away(&held.worth, &new.worth, &spans)).min().unwrap_or(0)
        };
        let next = (0..open.len()).max_by_key(|&i| (alone(&open[i]), std::cmp::Reverse(i))).unwrap_or(0);
        plans.push(open.remove(next));
    }
    for plan in plans.iter_mut().skip(1) {
        let rules = with(plan.weights.clone());
        plan.partition = partition::divide(place, fabric, &rules, &Run { progress: &(), ..*run });
    }
    Choice { asked, tried, found, plans }
}

/// The weights that a choice is looked for with: each principle let go, then stressed a little and a
/// lot, then each pair of them stressed.
fn vectors(own: &Weights) -> Vec<Weights> {
    let own = [own.respect_tradition, own.near_and_convenient, own.right_size, own.good_for_governing];
    let times = |factors: [u32; 4]| {
        let of = |i: usize| match factors[i] {
            // A principle that the profile leaves out can only be stressed from somewhere.
            factor if factor > 1 => (own[i].max(1) * factor).min(1000),
            factor => own[i] * factor,
        };
        Weights {
            respect_tradition: of(0),
            near_and_convenient: of(1),
            right_size: of(2),
            good_for_governing: of(3),
        }
    };
    let mut list = Vec::new();
    for factor in [0, 4, 16] {
        for stressed in 0..4 {
            let mut factors = [1; 4];
            factors[stressed] = factor;
            list.push(times(factors));
        }
    }
    for first in 0..4 {
        for second in first + 1..4 {
            let mut factors = [1; 4];
            (factors[first], factors[second]) = (8, 8);
            list.push(times(factors));
        }
    }
    list
}

fn sketch_all(place: &Place, fabric: &Fabric, all: &[Rules], run: &Run<'_>) -> Vec<Alternative> {
    run.progress.begin(Stage::Partition, all.len() as u64);
    let quiet = Run { progress: &(), ..*run };
    let sketched = all
        .par_iter()
        .map(|rules| {
            let partition = partition::sketch(place, fabric, rules, &quiet);
            run.progress.advance(1);
            Alternative {
                weights: rules.weights.clone(),
                keep: rules.grids.keep,
                worth: worth(fabric, &partition),
                partition,
            }
        })
        .collect();
    run.progress.end();
    sketched
}

/// What a division is worth, in whole numbers.
pub fn worth(fabric: &Fabric, partition: &Partition) -> Worth {
    let grids = &partition.grids;
    let square = |households: u32| u128::from(households) * u128::from(households);
    let crossing = |atom: usize| {
        let own = partition.grid_of[atom];
        let others = fabric
            .joins
            .of(atom as u32)
            .filter(move |(other, _)| (*other as usize) > atom && partition.grid_of[*other as usize] != own);
        others.map(|(_, shared)| u64::from(shared)).sum::<u64>()
    };
    Worth {
        out: grids.iter().filter(|grid| grid.reason.is_some()).count() as u64,
        moved: partition.households_moved.unwrap_or(0),
        split: u64::from(partition.compounds_split),
        inertia: grids.iter().map(|grid| grid.inertia).sum(),
        spread: grids.len() as u128 * grids.iter().map(|grid| square(grid.counts.households)).sum::<u128>(),
        line_cm: (0..fabric.len()).map(crossing).sum(),
    }
}

/// The least and the most of each measure.
fn spans<'a>(all: impl Iterator<Item = &'a Alternative>) -> [(u128, u128); 6] {
    let mut spans = [(u128::MAX, 0); 6];
    for alternative in all {
        for (span, value) in spans.iter_mut().zip(alternative.worth.all()) {
            *span = (span.0.min(value), span.1.max(value));
        }
    }
    spans
}

/// How unlike two divisions are: squared thousandths of each measure's span, summed.
fn away(one: &Worth, other: &Worth, spans: &[(u128, u128); 6]) -> u128 {
    let each = one.all().into_iter().zip(other.all()).zip(spans);
    each.map(|((a, b), (low, high))| (a.abs_diff(b) * 1000 / (high - low).max(1)).pow(2)).sum()
}
