//! All parts that a division below a limit can use, priced by looking at each.

use std::collections::HashSet;

use super::bound::Dual;
use super::classes::Classes;
use super::linear::Source;
use super::partners::Partners;
use super::places::Places;
use super::sets::Sets;
use super::triples::Triple;
use crate::districting::instance::Instance;

/// Parts looked at in the time of one node of a search.
const PARTS_A_NODE: usize = 60;

/// Words of partners looked at in that time.
const LOOKS_A_NODE: u64 = 200;

/// Parts of one class that are of interest at a time.
const OF_CLASS: usize = 3;

/// Parts with their classes; the weights of the sets are those at the prices last asked for.
pub(crate) struct Pool<'p> {
    pub(crate) classes: &'p Classes,
    pub(crate) sets: Sets,
    pub(crate) class_of: Vec<u32>,
    /// What each costs.
    costs: Vec<i64>,
}

/// Sums of prices, by eight atoms at a time, and the cuts as masks.
struct Tariff<'t> {
    sums: Vec<[i64; 256]>,
    triples: Vec<(&'t Triple, Vec<(usize, u64)>)>,
}

impl<'t> Tariff<'t> {
    fn new(prices: &[i64], triples: &'t [Triple]) -> Self {
        let sums = prices.chunks(8).map(|chunk| {
            let mut sums = [0; 256];
            for bits in 1..256usize {
                let last = bits.trailing_zeros() as usize;
                sums[bits] = sums[bits & (bits - 1)] + chunk.get(last).copied().unwrap_or(0);
            }
            sums
        });
        let mask = |triple: &Triple| triple.atoms.iter().map(|a| (*a as usize / 64, 1 << (a % 64))).collect();
        let paying = triples.iter().filter(|triple| triple.half > 0);
        Self { sums: sums.collect(), triples: paying.map(|triple| (triple, mask(triple))).collect() }
    }

    /// The prices of what a part holds.
    fn sum(&self, bits: &[u64]) -> i64 {
        let bytes = bits.iter().flat_map(|word| word.to_le_bytes());
        self.sums.iter().zip(bytes).map(|(sums, byte)| sums[usize::from(byte)]).sum()
    }

    /// What a part pays for cuts.
    fn paid(&self, bits: &[u64]) -> i64 {
        let held = |mask: &[(usize, u64)]| mask.iter().filter(|(word, bit)| bits[*word] & bit != 0).count();
        self.triples.iter().filter(|(_, mask)| held(mask) > 1).map(|(triple, _)| 2 * triple.half).sum()
    }
}

impl<'p> Pool<'p> {
    pub(crate) fn new(classes: &'p Classes, sets: Sets, class_of: Vec<u32>) -> Self {
        let cost =
            |set: usize| sets.atoms(set).map(|a| classes.row(class_of[set] as usize)[a as usize]).sum();
        let costs = (0..sets.len()).map(cost).collect();
        Self { classes, sets, class_of, costs }
    }

    pub(crate) fn len(&self) -> usize {
        self.sets.len()
    }

    pub(crate) fn costs(&self) -> &[i64] {
        &self.costs
    }

    pub(crate) fn family(&self, set: usize) -> u32 {
        self.classes.family[self.class_of[set] as usize]
    }

    /// The parts that `keep` tells of.
    pub(crate) fn only(&self, keep: impl Fn(usize) -> bool) -> Self {
        let mut only = Self {
            classes: self.classes,
            sets: Sets::new(self.classes.atoms),
            class_of: Vec::new(),
            costs: Vec::new(),
        };
        for set in (0..self.len()).filter(|&set| keep(set)) {
            only.sets.push_bits(self.sets.of(set), self.sets.weights[set]);
            only.class_of.push(self.class_of[set]);
            only.costs.push(self.costs[set]);
        }
        only
    }

    /// Weighs every part at the prices of `dual` and drops those that no division below the limit
    /// needs, for their extra or for want of partners; false if there is none.
    pub(crate) fn refine(&mut self, instance: &Instance, dual: &mut Dual) -> bool {
        let tariff = Tariff::new(&dual.prices, &dual.triples);
        let mut places = Places::new(self.classes);
        for set in 0..self.len() {
            let bits = self.sets.of(set);
            self.sets.weights[set] = self.costs[set] - tariff.sum(bits) + tariff.paid(bits);
            places.offer(self.sets.weights[set], self.class_of[set] as usize);
        }
        dual.nodes += (self.len() * (1 + tariff.triples.len() / 8) / PARTS_A_NODE) as u64;
        let Some(sum) = places.sum() else { return false };
        let room = dual.limit - (dual.prices.iter().sum::<i64>() - dual.paid() + sum);
        let extra =
            |pool: &Self, set: usize| pool.sets.weights[set] - places.displaced(pool.class_of[set] as usize);
        *self = self.only(|set| extra(self, set) < room);
        let extras = (0..self.len()).map(|set| extra(self, set)).collect();
        dual.nodes += self.sift(instance, extras, room, room);
        self.len() >= self.classes.chosen
    }

    /// Drops parts beside which others find no place, as long as there are many; every part with an
    /// extra below `below` is here. Returns the work.
    pub(crate) fn sift(&mut self, instance: &Instance, mut extras: Vec<i64>, room: i64, below: i64) -> u64 {
        let mut work = 0;
        loop {
            let partners = Partners::new(&self.sets, &extras, self.classes.atoms, below);
            let before = self.len();
            let mut looks = 0;
            let mut found: Vec<(i64, u32, u32)> = Vec::new();
            let (mut beside, mut inside): (Vec<u32>, Vec<u32>) = (Vec::new(), Vec::new());
            let mut keep = Vec::with_capacity(before);
            for (set, extra) in extras.iter().enumerate() {
                let left = room - extra;
                if left > below {
                    keep.push(true);
                    continue;
                }
                inside.clear();
                inside.extend(self.sets.atoms(set));
                beside.clear();
                let near = inside.iter().flat_map(|a| instance.graph.neighbours(*a).iter().copied());
                beside.extend(near.filter(|&b| !self.sets.holds(set, b)));
                beside.sort_unstable();
                beside.dedup();
                found.clear();
                let each = beside.iter().all(|&atom| {
                    let (place, extra, looked) = partners.first(atom, 0, &mut inside, left);
                    looks += looked;
                    found.push((extra, atom, place));
                    extra < left
                });
                let (pairs, looked) =
                    if each { partners.pairs(&mut found, &mut inside, left) } else { (false, 0) };
                looks += looked;
                keep.push(pairs);
            }
            work += looks / LOOKS_A_NODE + before as u64 / 10;
            *self = self.only(|set| keep[set]);
            let mut kept = keep.into_iter();
            extras.retain(|_| kept.next().unwrap_or(true));
            if self.len() * 10 >= before * 9 {
                return work;
            }
        }
    }

    /// The parts, to look one up.
    pub(crate) fn holds(&self) -> HashSet<(u32, &[u64])> {
        (0..self.len()).map(|set| (self.class_of[set], self.sets.of(set))).collect()
    }

    /// The `most` parts of least weight, each with its class.
    pub(crate) fn lightest(&self, most: usize) -> Vec<(u32, Vec<u32>)> {
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|&set| (self.sets.weights[set], set));
        order.truncate(most);
        order.into_iter().map(|set| (self.class_of[set], self.sets.atoms(set).collect())).collect()
    }
}

impl Source for Pool<'_> {
    fn classes(&self) -> &Classes {
        self.classes
    }

    fn price_all(
        &mut self,
        prices: &[i64],
        counts: &[i64],
        dual: &mut Dual,
        _: u64,
        into: &mut Vec<(u32, Vec<u32>)>,
    ) -> (i64, bool) {
        let tariff = Tariff::new(prices, &dual.triples);
        let mut places = Places::new(self.classes);
        let mut cheap: Vec<(u32, i64, usize)> = Vec::new();
        for set in 0..self.len() {
            let bits = self.sets.of(set);
            let (class, family) = (self.class_of[set] as usize, self.family(set) as usize);
            let count = if counts.len() == 1 { counts[0] } else { counts[family] };
            let below = places.to_beat(class).max(count);
            let mut weight = self.costs[set] - tariff.sum(bits);
            if weight >= below {
                continue;
            }
            weight += tariff.paid(bits);
            places.offer(weight, class);
            if weight < count {
                cheap.push((class as u32, weight, set));
            }
        }
        dual.nodes += (self.len() / PARTS_A_NODE) as u64;
        cheap.sort_unstable();
        for of_class in cheap.chunk_by(|a, b| a.0 == b.0) {
            let parts = of_class.iter().take(OF_CLASS);
            into.extend(parts.map(|&(class, _, set)| (class, self.sets.atoms(set).collect())));
        }
        match places.sum() {
            Some(sum) => (prices.iter().sum::<i64>() - dual.paid() + sum, true),
            None => (dual.limit, true),
        }
    }
}
