//! Time against size, as a table and a chart with both axes in powers of ten.
//!
//! `cargo bench --bench growth` measures every engine and writes `target/growth-NAME.svg`; with a word,
//! what has that word in its name; with `--out DIR`, elsewhere; with `--quick`, up to 10,000 only.
//! Times are processor time of one thread, one run each: the slopes are what is looked for.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod chart;
mod districting;
mod siting;
mod walking;

use std::path::PathBuf;

/// One line of a chart.
pub(crate) struct Series {
    /// What is measured, as the legend says.
    pub(crate) name: &'static str,
    /// Size and seconds, ascending.
    pub(crate) points: Vec<(usize, f64)>,
}

/// One chart: its name, what its sizes are, and its measurement up to a size.
type Growth = (&'static str, &'static str, fn(usize) -> Vec<Series>);

const ALL: [Growth; 3] = [
    ("districting", "atoms", districting::measure),
    ("walking", "corners of streets", walking::measure),
    ("siting", "demand points", siting::measure),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        println!("nothing measured; run `cargo bench --bench growth`");
        return;
    }
    let most = if args.iter().any(|arg| arg == "--quick") { 10_000 } else { 1_000_000 };
    let out_at = args.iter().position(|arg| arg == "--out");
    let out = out_at.and_then(|at| args.get(at + 1)).map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let is_word = |(i, arg): &(usize, &String)| !arg.starts_with('-') && out_at.is_none_or(|at| *i != at + 1);
    let words: Vec<&String> = args.iter().enumerate().filter(is_word).map(|(_, arg)| arg).collect();
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no other pool has been built");
    for (name, unit, measure) in ALL {
        if !words.is_empty() && !words.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let series = measure(most);
        println!("| {name} | {unit} | seconds | growth |\n|---|--:|--:|--:|");
        for line in &series {
            for (i, (size, seconds)) in line.points.iter().enumerate() {
                let slope = i.checked_sub(1).map(|before| {
                    let (fewer, faster) = line.points[before];
                    (seconds / faster).ln() / (*size as f64 / fewer as f64).ln()
                });
                let slope = slope.map_or("–".to_owned(), |slope| format!("{slope:.2}"));
                println!("| {} | {size} | {seconds:.4} | {slope} |", line.name);
            }
        }
        let path = out.join(format!("growth-{name}.svg"));
        std::fs::write(&path, chart::svg(unit, &series)).expect("the folder can be written to");
        println!("\n{}\n", path.display());
    }
}
