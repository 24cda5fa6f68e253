//! The `wangge` command.

use std::process::ExitCode;

/// Reading, drawing and writing make and drop many small things.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    wangge::cli::main()
}
