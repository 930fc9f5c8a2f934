//! The `leadhook` binary.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// A quarter of the time that `verify` spends on a line goes to small texts that come and go.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    leadhook::run(std::env::args_os(), &leadhook::io::environment::Environment::capture()).into()
}
