//! The `leadhook` binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    leadhook::run(std::env::args_os(), &leadhook::io::environment::Environment::capture()).into()
}
