//! A caller's own walking times behind [`TravelTimes`]: here a town where every walk starts with
//! two minutes of stairs, as in a hill town, which a straight line knows nothing of.
//!
//! `cargo run --release --example own_travel_times -- data/demo`

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use wangge::index::nearest::Spot;
use wangge::model::rules::Group;
use wangge::model::units::WalkTime;
use wangge::network::{Reached, StraightLine, TravelTimes};
use wangge::planner::{self, Parts};
use wangge::run::{Run, Seed};

struct Stairs {
    ground: StraightLine,
    stairs: WalkTime,
}

impl Stairs {
    fn add(&self, time: WalkTime) -> WalkTime {
        WalkTime::from_millis(time.millis().saturating_add(self.stairs.millis()))
    }
}

impl TravelTimes for Stairs {
    fn model(&self) -> &str {
        "stairs"
    }

    fn nearest(&self, group: Group, from: &[Spot], to: &[Spot]) -> Vec<Option<(u32, WalkTime)>> {
        let walks = self.ground.nearest(group, from, to);
        walks.into_iter().map(|walk| walk.map(|(i, time)| (i, self.add(time)))).collect()
    }

    fn within(&self, group: Group, from: &[Spot], to: &[Spot], limit: WalkTime) -> Reached {
        let level = WalkTime::from_millis(limit.millis().saturating_sub(self.stairs.millis()));
        let reached = self.ground.within(group, from, to, level);
        let row = |i: usize| reached.of(i).iter().map(|&(j, time)| (j, self.add(time))).collect();
        // A limit shorter than the stairs reaches nobody.
        let reachable = limit >= self.stairs;
        Reached::from_rows((0..reached.origins()).map(|i| if reachable { row(i) } else { Vec::new() }))
    }
}

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/demo".to_owned());
    let reading = wangge::io::read_place(folder.as_ref());
    let mut place = reading.place.expect("a place without errors");
    let (rules, run) = (reading.rules, Run::quiet(Seed(1)));
    let fabric = planner::prepare(&mut place, &rules, &run);

    let level = StraightLine::by(&rules);
    let stairs = Stairs { ground: level.clone(), stairs: WalkTime::from_millis(120_000) };
    for times in [&level as &dyn TravelTimes, &stairs] {
        let plan = planner::plan(&place, &fabric, &rules, times, Parts::SITING, &run);
        let (Some(coverage), Some(siting)) = (plan.coverage, plan.siting) else { return };
        let share = coverage.all.share() * 100.0;
        let (model, after) = (times.model(), siting.covered_after);
        println!("{model:>9}: {share:.1} % covered today, {after} people with {} new", siting.chosen.len());
    }
}
