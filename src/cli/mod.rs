//! The command line: arguments become types once, work happens in the library, and the exit code
//! says how it went: 0 satisfied, 1 answered but something is not satisfied, 2 could not answer.

mod check;
mod compare;
mod console;
mod init;
mod options;
mod papers;
mod parse;
mod place;
mod plan;
mod record;
mod render;
mod scenarios;
mod synth;
mod verify;
mod wishes;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::model::lang::Lang;
use console::Console;

/// How a command went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// Everything asked for holds.
    Satisfied,
    /// There is an answer, but something in it is not as asked.
    Unsatisfied,
}

impl Verdict {
    fn satisfied_if(satisfied: bool) -> Self {
        if satisfied { Self::Satisfied } else { Self::Unsatisfied }
    }
}

/// Governance grids, walking coverage and centre siting for communities, with a proof beside every answer
#[derive(Parser)]
#[command(name = "wangge", version, after_help = EXAMPLES, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  wangge synth --people 60000 --seed 1 --out town   lay out a town to try things on
  wangge check town                                 list everything wrong with its files
  wangge plan town --out plan                       grids, coverage, sites, ledgers and maps
  wangge plan town --out plan2 --new 5 --within 10min
  wangge compare plan plan2                         two plans side by side
  wangge verify town plan                           judge a plan again from the inputs

PLACE is a folder that holds place.toml, or such a file.
Exit status: 0 satisfied; 1 answered, but something is not satisfied (a grid out of range, a fault
found); 2 could not answer (usage, unreadable or invalid input).";

/// Options of every command.
#[derive(clap::Args, Clone)]
#[command(next_help_heading = "Common options")]
struct Common {
    /// Seed of all chance; the same input and seed give the same bytes
    #[arg(long, global = true, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Threads to work with; all cores if not given. The result does not depend on it
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
    /// Print a machine-readable result on stdout
    #[arg(long, global = true)]
    json: bool,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    quiet: bool,
    /// Language of messages, ledgers and maps; without it messages are English and papers Chinese
    #[arg(long, global = true, value_name = "zh|en", value_parser = parse::lang)]
    lang: Option<Lang>,
}

#[derive(Subcommand)]
enum Command {
    /// Look at a heap of files and propose a place file, each guess explained
    Init(init::Args),
    /// Read and validate a place; list every problem with file, row or feature, column and remedy
    Check(check::Args),
    /// Divide the communities into grids
    Partition(plan::PartitionArgs),
    /// Measure who can walk to a centre in time
    Coverage(plan::CoverageArgs),
    /// Choose new centres among the candidates, existing ones fixed
    Site(plan::SiteArgs),
    /// Grids, coverage, sites, ledgers and maps, verified
    Plan(plan::PlanArgs),
    /// Draw the maps of a plan again
    Render(render::Args),
    /// Judge a written plan from the inputs, sharing no code with what made it
    Verify(verify::Args),
    /// Set two or more plans side by side
    Compare(compare::Args),
    /// Lay out a plausible synthetic place
    Synth(synth::Args),
    /// Print shell completions
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
}

/// Runs the command of this process's arguments.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers; anything else is a usage error. A closed pipe is neither.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    let mut console = Console::new(&cli.common);
    if let Err(error) = threads(cli.common.threads) {
        console.error(&error);
        return ExitCode::from(2);
    }
    match run(&cli, &mut console) {
        Ok(Verdict::Satisfied) => ExitCode::SUCCESS,
        Ok(Verdict::Unsatisfied) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli, console: &mut Console) -> anyhow::Result<Verdict> {
    match &cli.command {
        Command::Init(args) => init::run(args, console),
        Command::Check(args) => check::run(args, console),
        Command::Partition(args) => plan::partition(args, console),
        Command::Coverage(args) => plan::coverage(args, console),
        Command::Site(args) => plan::site(args, console),
        Command::Plan(args) => plan::plan(args, console),
        Command::Render(args) => render::run(args, console),
        Command::Verify(args) => verify::run(args, console),
        Command::Compare(args) => compare::run(args, console),
        Command::Synth(args) => synth::run(args, console),
        Command::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "wangge", &mut text);
            console.data(&String::from_utf8_lossy(&text))?;
            Ok(Verdict::Satisfied)
        }
    }
}

fn threads(threads: Option<u16>) -> anyhow::Result<()> {
    if let Some(threads) = threads {
        rayon::ThreadPoolBuilder::new().num_threads(usize::from(threads)).build_global()?;
    }
    Ok(())
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
