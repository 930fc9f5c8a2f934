//! The `leadhook` binary.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// The allocator. With the system's, a quarter of the time of `verify` is spent on small,
/// short-lived strings.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    leadhook::run(std::env::args_os(), &leadhook::io::environment::Environment::capture()).into()
}
