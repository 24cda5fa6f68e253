//! From files to a checked plan.
//!
//! `cargo run --release --example first_plan -- data/demo`

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example shows its result")]

use wangge::io;
use wangge::model::lang::Lang;
use wangge::network::{StraightLine, TravelTimes as _};
use wangge::planner::{self, Parts};
use wangge::report::{self, Subject};
use wangge::run::{Run, Seed};
use wangge::verify;

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/demo".to_owned());
    let reading = io::read_place(folder.as_ref());
    for problem in &reading.problems {
        eprintln!("{}", problem.line(Lang::En));
    }
    let Some(mut place) = reading.place else { std::process::exit(2) };
    let (rules, run) = (reading.rules, Run::quiet(Seed(1)));
    let fabric = planner::prepare(&mut place, &rules, &run);
    let times = StraightLine::by(&rules);
    let plan = planner::plan(&place, &fabric, &rules, &times, Parts::ALL, &run);

    let inputs = reading.inputs.sorted();
    let (problems, model) = (&reading.problems, times.model());
    let (place, fabric, rules, plan, inputs) = (&place, &fabric, &rules, &plan, inputs.as_slice());
    let subject = Subject { place, fabric, rules, plan, inputs, problems, seed: 1, model, lang: Lang::En };
    let files = report::files(&subject).expect("tables become CSV");
    let written = io::written_from(&files).expect("what was written can be read");
    let faults = verify::plan(place, rules, &written, inputs);
    assert!(faults.is_empty(), "{faults:?}");
    println!("{:#}", report::summary(&subject)["partition"]);
}
