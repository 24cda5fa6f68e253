//! The `wangge` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    wangge::cli::main()
}
