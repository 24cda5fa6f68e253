//! A synthetic town, taken through every stage once, so that each can be measured alone.

use std::hint::black_box;
use std::path::PathBuf;

use cpu_time::ProcessTime;
use wangge::index::fabric::Fabric;
use wangge::io;
use wangge::model::lang::Lang;
use wangge::model::place::Place;
use wangge::model::plan::Plan;
use wangge::model::rules::Rules;
use wangge::network::{StraightLine, TravelTimes as _};
use wangge::planner::{self, Parts};
use wangge::report::{self, Subject};
use wangge::run::{Run, Seed};
use wangge::synth;

/// Runs of which the median counts.
const RUNS: usize = 5;
/// No more runs once so much processor time is spent on one measurement.
const ENOUGH_MS: f64 = 4_000.0;

/// Inputs of every stage.
pub(crate) struct Bench {
    _folder: tempfile::TempDir,
    pub(crate) place_folder: PathBuf,
    pub(crate) place: Place,
    pub(crate) rules: Rules,
    pub(crate) fabric: Fabric,
    pub(crate) times: StraightLine,
    pub(crate) plan: Plan,
    runs: usize,
}

/// The same chance every time.
pub(crate) fn quiet() -> Run<'static> {
    Run::quiet(Seed(1))
}

impl Bench {
    /// Lays out a town, writes it, reads it and plans it.
    pub(crate) fn over(people: u32, quick: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place_folder = folder.path().join("town");
        let town =
            synth::town(&synth::TownSpec::new(people, Seed(1))).expect("a town of that size can be laid out");
        io::write_folder(&place_folder, &town.files()).expect("a temporary folder can be written");
        let reading = io::read_place(&place_folder);
        let mut place = reading.place.expect("a synthetic town is sound");
        let rules = reading.rules;
        let fabric = planner::prepare(&mut place, &rules, &quiet());
        let times = StraightLine::by(&rules);
        let plan = planner::plan(&place, &fabric, &rules, &times, Parts::ALL, &quiet());
        Self {
            _folder: folder,
            place_folder,
            place,
            rules,
            fabric,
            times,
            plan,
            runs: if quick { 1 } else { RUNS },
        }
    }

    pub(crate) fn atoms(&self) -> usize {
        self.fabric.len()
    }

    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject {
            place: &self.place,
            fabric: &self.fabric,
            rules: &self.rules,
            plan: &self.plan,
            inputs: &[],
            problems: &[],
            seed: 1,
            model: self.times.model(),
            lang: Lang::Zh,
        }
    }

    /// The files of the plan, maps apart.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        report::files(&self.subject()).expect("tables of plain text become CSV")
    }

    /// Median processor time of some work, in milliseconds.
    pub(crate) fn median_ms<T>(&self, mut work: impl FnMut() -> T) -> f64 {
        let mut times: Vec<f64> = Vec::new();
        while times.len() < self.runs && times.iter().sum::<f64>() < ENOUGH_MS {
            let start = ProcessTime::now();
            black_box(work());
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }
}
