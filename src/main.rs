//! The `leadhook` binary.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// mimalloc: with the system allocator, `verify` spends a quarter of its time allocating small,
/// short-lived strings.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    leadhook::run(std::env::args_os(), &leadhook::io::environment::Environment::capture()).into()
}
