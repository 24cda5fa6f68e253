//! Bringing the last parts into the range: settling again, warmly, around each of them.
//!
//! An excess has to travel to a want through parts that are full. Around a part outside the range a
//! zone of neighbouring parts is settled anew with a steady fine; the zone grows from try to try.

use super::chain::Chains;
use super::level::Level;
use super::settle::{Schedule, Settling};

/// Tries around every part that is left; the zone reaches further with each.
const ROUNDS: usize = 16;
/// Furthest reach of a zone, in parts.
const FURTHEST: usize = 5;

/// Mends a division; returns whether every part is in the range. The schedule is that of the last settling.
pub(super) fn mend(level: &Level, settling: &mut Settling<'_>, schedule: &Schedule) -> bool {
    let enough = 3 * settling.work() + 200_000;
    let mut chains = Chains::new(level.len(), settling.parts());
    for round in 0..ROUNDS {
        let misfits = settling.misfits();
        if misfits.is_empty() {
            return true;
        }
        let homes = homes(level, &settling.part, &misfits);
        let mut zones = Zones { seen: vec![false; level.len()], claimed: Vec::new() };
        let plan = Schedule {
            sweeps: 40 + 20 * round as u32,
            heat: schedule.heat * (0.4 + 0.1 * (round % 8) as f64),
            ..*schedule
        };
        for (part, home) in homes {
            if settling.work() > enough {
                return settling.misfits().is_empty();
            }
            if settling.part[home as usize] != part || !settling.outside_range(part) {
                continue;
            }
            if round % 3 == 2 && chains.carry(level, settling, home) {
                continue;
            }
            let zone = zones.around(level, &settling.part, home, (1 + round / 2).min(FURTHEST));
            settling.run_in(&zone, &plan);
        }
    }
    settling.misfits().is_empty()
}

/// One node of each of the given parts.
fn homes(level: &Level, part: &[u32], wanted: &[u32]) -> Vec<(u32, u32)> {
    let mut homes: Vec<(u32, u32)> = Vec::with_capacity(wanted.len());
    let mut found = vec![false; wanted.len()];
    for node in level.nodes() {
        if let Ok(at) = wanted.binary_search(&part[node as usize])
            && !std::mem::replace(&mut found[at], true)
        {
            homes.push((part[node as usize], node));
        }
    }
    homes
}

/// Reused memory for gathering zones.
struct Zones {
    seen: Vec<bool>,
    claimed: Vec<u32>,
}

impl Zones {
    /// All nodes of the part of `home` and of the parts within `rings` steps of it.
    fn around(&mut self, level: &Level, part: &[u32], home: u32, rings: usize) -> Vec<u32> {
        let mut zone = Vec::new();
        let mut front = vec![home];
        for ring in 0..=rings {
            let from = zone.len();
            for start in std::mem::take(&mut front) {
                self.flood(level, part, start, &mut zone);
            }
            if ring < rings {
                let beyond = |&node: &u32| level.neighbours(node);
                front =
                    zone[from..].iter().flat_map(beyond).filter(|&node| !self.seen[node as usize]).collect();
            }
        }
        for node in self.claimed.drain(..) {
            self.seen[node as usize] = false;
        }
        zone
    }

    /// Adds the part of `start` if it is not there yet.
    fn flood(&mut self, level: &Level, part: &[u32], start: u32, zone: &mut Vec<u32>) {
        if std::mem::replace(&mut self.seen[start as usize], true) {
            return;
        }
        self.claimed.push(start);
        let mut next = zone.len();
        zone.push(start);
        while next < zone.len() {
            let node = zone[next];
            for other in level.neighbours(node) {
                let same = part[other as usize] == part[start as usize];
                if same && !std::mem::replace(&mut self.seen[other as usize], true) {
                    self.claimed.push(other);
                    zone.push(other);
                }
            }
            next += 1;
        }
    }
}
