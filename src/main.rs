//! The `leadhook` binary.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// The allocator. With the one of the system, `verify` spends a quarter of its time on allocations
/// of small, short-lived strings.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    leadhook::run(std::env::args_os(), &leadhook::io::environment::Environment::capture()).into()
}
