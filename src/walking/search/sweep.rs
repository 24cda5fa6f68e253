//! One sweep over the junctions from any number of sources: the search everything else rests on.

use crate::walking::streets::{Arcs, OnChain, Streets, Walker};
use crate::walking::{FAR, NONE};

/// A way into a place or out of a centre: a point on a street and the walk to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// Number of the place or centre; several entrances may share it.
    pub place: u32,
    /// Where the street is met.
    pub point: OnChain,
    /// Millimetres between the street and the place.
    pub access_mm: u32,
}

/// Distance in the upper half, centre in the lower, so that the nearer is the smaller and ties fall
/// to the lower centre, whatever order streets were met in.
pub(crate) type Key = u64;

pub(crate) const UNREACHED: Key = (FAR as u64) << 32 | NONE as u64;

pub(crate) fn mm(key: Key) -> u32 {
    (key >> 32) as u32
}

fn further(key: Key, mm: u32) -> Key {
    key + (u64::from(mm) << 32)
}

/// Entrances sorted by centre, and where each centre's start.
pub(crate) fn by_centre(centres: usize, entrances: &[Entrance]) -> (Vec<Entrance>, Vec<usize>) {
    let mut sorted = entrances.to_vec();
    sorted.sort_by_key(|entrance| entrance.place);
    let ranges = (0..=centres as u32).map(|c| sorted.partition_point(|e| e.place < c)).collect();
    assert!(sorted.last().is_none_or(|last| (last.place as usize) < centres), "a centre is not there");
    (sorted, ranges)
}

/// Labels of junctions, kept between sweeps; only what a sweep touched is cleared.
pub(crate) struct Sweep {
    keys: Vec<Key>,
    touched: Vec<u32>,
    queue: Buckets,
}

impl Sweep {
    pub(crate) fn new(streets: &Streets) -> Self {
        Self { keys: vec![UNREACHED; streets.junctions()], touched: Vec::new(), queue: Buckets::new() }
    }

    /// Labels every junction from which a source is at most `limit_mm` away.
    ///
    /// Dijkstra's order up to the width of a bucket, corrected inside it (Dial 1969; Meyer and
    /// Sanders 2003, one thread). Exact: a label that falls is pushed again.
    pub(crate) fn run(&mut self, streets: &Streets, sources: &[Entrance], limit_mm: u32, walker: Walker) {
        let arcs = streets.arcs(walker);
        for junction in self.touched.drain(..) {
            self.keys[junction as usize] = UNREACHED;
        }
        let limit = limit_mm.min(FAR - 1);
        let seeds = || {
            sources.iter().filter(|source| streets.admits(walker, source.point.chain)).flat_map(|source| {
                let chain = &streets.chains[source.point.chain as usize];
                let (first, last) = streets.walk_from_ends(&source.point);
                [(chain.from, first), (chain.to, last)].into_iter().filter_map(move |(junction, mm)| {
                    let mm = mm.saturating_add(source.access_mm);
                    (junction != NONE && mm <= limit)
                        .then(|| (junction, u64::from(mm) << 32 | u64::from(source.place)))
                })
            })
        };
        let (low, high) =
            seeds().fold((FAR, 0), |(low, high), (_, key)| (low.min(mm(key)), high.max(mm(key))));
        if low > high {
            return;
        }
        self.queue.open(low, (high - low).max(arcs.longest_between()));
        for (junction, key) in seeds() {
            self.lower(junction, key);
        }
        self.drain(arcs, limit);
    }

    fn drain(&mut self, arcs: &Arcs, limit: u32) {
        while let Some((junction, key)) = self.queue.pop() {
            if self.keys[junction as usize] != key {
                continue;
            }
            for &(from, cost) in arcs.into(junction) {
                let label = further(key, cost);
                if label < self.keys[from as usize] && mm(label) <= limit {
                    self.lower(from, label);
                }
            }
        }
    }

    #[inline]
    fn lower(&mut self, junction: u32, key: Key) {
        let held = &mut self.keys[junction as usize];
        if key < *held {
            if *held == UNREACHED {
                self.touched.push(junction);
            }
            *held = key;
            self.queue.push(junction, key);
        }
    }

    /// Junctions labelled by the last run, in the order they were met.
    pub(crate) fn touched(&self) -> &[u32] {
        &self.touched
    }

    /// The label of a junction, unreached for none.
    #[inline]
    pub(crate) fn key(&self, junction: u32) -> Key {
        self.keys.get(junction as usize).copied().unwrap_or(UNREACHED)
    }
}

/// Buckets of equal width, in a ring as long as the longest arc, chained through one pool.
struct Buckets {
    heads: Vec<u32>,
    pool: Vec<Entry>,
    free: u32,
    held: usize,
    shift: u32,
    at: u32,
}

#[derive(Clone, Copy)]
struct Entry {
    key: Key,
    junction: u32,
    next: u32,
}

/// Buckets are 2¹⁴ mm wide, about half a street block, unless arcs are so long that the ring would
/// pass 2¹⁴ of them.
const WIDTH_BITS: u32 = 14;
const RING_BITS: u32 = 14;

impl Buckets {
    fn new() -> Self {
        Self { heads: Vec::new(), pool: Vec::new(), free: NONE, held: 0, shift: WIDTH_BITS, at: 0 }
    }

    /// Makes ready for keys that never lie more than `span` mm ahead of the one last popped.
    fn open(&mut self, low: u32, span: u32) {
        self.shift = WIDTH_BITS;
        while span >> self.shift >= 1 << RING_BITS {
            self.shift += 1;
        }
        let ring = ((span >> self.shift) as usize + 2).next_power_of_two();
        if self.heads.len() != ring {
            self.heads.clear();
            self.heads.resize(ring, NONE);
        }
        self.pool.clear();
        self.free = NONE;
        self.at = low >> self.shift;
    }

    #[inline]
    fn push(&mut self, junction: u32, key: Key) {
        let slot = (mm(key) >> self.shift) as usize & (self.heads.len() - 1);
        let entry = Entry { key, junction, next: self.heads[slot] };
        self.held += 1;
        if self.free == NONE {
            self.heads[slot] = self.pool.len() as u32;
            self.pool.push(entry);
        } else {
            let place = self.free;
            self.free = self.pool[place as usize].next;
            self.pool[place as usize] = entry;
            self.heads[slot] = place;
        }
    }

    #[inline]
    fn pop(&mut self) -> Option<(u32, Key)> {
        if self.held == 0 {
            return None;
        }
        let mask = self.heads.len() - 1;
        while self.heads[self.at as usize & mask] == NONE {
            self.at += 1;
        }
        let place = self.heads[self.at as usize & mask];
        let entry = self.pool[place as usize];
        self.heads[self.at as usize & mask] = entry.next;
        self.pool[place as usize].next = self.free;
        self.free = place;
        self.held -= 1;
        Some((entry.junction, entry.key))
    }
}
