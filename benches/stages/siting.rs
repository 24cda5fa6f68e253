//! Three sites among the candidates, proved best, against trying every three.

use wangge::index::fabric::spot;
use wangge::index::nearest::{Spot, from_square};
use wangge::model::rules::{Group, Objective, Rules};
use wangge::siting;

use crate::stages::table::Measured;
use crate::stages::town::{Bench, quiet};

/// Sites chosen.
const NEW: u32 = 3;
/// Walks looked at before trying every choice is called hopeless.
const LOOKS_MAX: u64 = 20_000_000_000;

pub(crate) fn cover(bench: &mut Bench) -> Measured {
    by(bench, Objective::Cover)
}

pub(crate) fn walk(bench: &mut Bench) -> Measured {
    by(bench, Objective::Walk)
}

fn by(bench: &Bench, objective: Objective) -> Measured {
    let mut rules = bench.rules.clone();
    (rules.siting.new, rules.siting.objective) = (NEW, objective);
    let choose = || siting::choose(&bench.place, &bench.fabric, &bench.times, &rules, &quiet());
    let m = bench.place.candidates.len() as u64;
    let looks = m * m * m / 6 * bench.fabric.len() as u64;
    let naive_ms = (looks <= LOOKS_MAX).then(|| bench.median_ms(|| every_three(bench, &rules)));
    Measured { median_ms: bench.median_ms(choose), naive_ms }
}

/// The best value over all choices of three, each judged from the start.
fn every_three(bench: &Bench, rules: &Rules) -> u64 {
    let centres =
        bench.place.centres.iter().filter(|c| c.open && c.level.is_none_or(|l| l == rules.siting.level));
    let open: Vec<Spot> = centres.map(|c| spot(c.site.at)).collect();
    let usable = bench.place.candidates.iter().filter(|c| c.site.set_aside.is_none());
    let sites: Vec<Spot> = usable.map(|c| spot(c.site.at)).collect();
    let millis = |p: Spot, q: Spot| {
        let straight = from_square((p[0] - q[0]).pow(2) + (p[1] - q[1]).pow(2));
        bench.times.time(Group::Adult, straight).millis()
    };
    let spots = &bench.fabric.spots;
    let people: Vec<u64> = bench.fabric.counts.iter().map(|c| u64::from(c.population)).collect();
    let today: Vec<u32> =
        spots.iter().map(|&s| open.iter().map(|&c| millis(s, c)).min().unwrap_or(86_400_000)).collect();
    let to: Vec<Vec<u32>> =
        sites.iter().map(|&site| spots.iter().map(|&s| millis(s, site)).collect()).collect();
    let within = rules.within().millis();
    let mut best = u64::MAX;
    for a in 0..sites.len() {
        for b in a + 1..sites.len() {
            for c in b + 1..sites.len() {
                let cost = (0..people.len()).map(|i| {
                    let walk = today[i].min(to[a][i]).min(to[b][i]).min(to[c][i]);
                    let counts = match rules.siting.objective {
                        Objective::Cover => u64::from(walk > within),
                        _ => u64::from(walk),
                    };
                    people[i] * counts
                });
                best = best.min(cost.sum());
            }
        }
    }
    best
}
