//! What each stage costs, at two sizes, so that growth shows, and against plain means where they exist.
//!
//! `cargo bench --bench main` measures everything; with `-- siting`, what has that word in its name;
//! with `-- --quick`, two small towns once. Times are processor time of one thread, the
//! median of several runs. Without `--bench`, which `cargo bench` passes, nothing is measured.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

mod stages;

use stages::table::Table;
use stages::town::Bench;

/// People of the two towns.
const SIZES: [u32; 2] = [20_000, 200_000];
/// The same with `--quick`.
const QUICK: [u32; 2] = [4_000, 12_000];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        println!("nothing measured; run `cargo bench --bench main`");
        return;
    }
    let quick = args.iter().any(|arg| arg == "--quick");
    let words: Vec<&str> = args.iter().map(String::as_str).filter(|arg| !arg.starts_with('-')).collect();
    let wanted = |stage: &str| words.is_empty() || words.iter().any(|word| stage.contains(word));
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("no other pool has been built");

    let mut table = Table::default();
    for people in if quick { QUICK } else { SIZES } {
        let mut bench = Bench::over(people, quick);
        for (stage, measure) in stages::ALL.into_iter().filter(|(stage, _)| wanted(stage)) {
            let measured = measure(&mut bench);
            table.add(stage, people, bench.atoms(), measured);
        }
    }
    println!("{}", table.text());
}
