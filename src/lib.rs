//! Send, sign, verify and receive lead-delivery webhooks, offline.
//!
//! The binary is a thin shell over [`run`]. The library exists for the tests and the benches; it
//! makes no promise of a stable interface.
//!
//! ```text
//! main.rs ─▶ lib.rs::run ─▶ cli/                     arguments, environment, configuration
//!                              ▼
//!                           commands/ ─▶ output/     words, colour, JSON
//!                              │  └────▶ io/         files, sockets, clock, environment
//!                              ▼
//!                           engine/                  what the tool knows: pure
//!                              ▼
//!                           protocols/               bytes to values and back
//!                              ▼
//!                           domain/  ◀── providers/  types            packs as data
//! ```

pub mod cli;
pub mod commands;
pub mod domain;
pub mod engine;
pub mod error;
pub mod io;
pub mod output;
pub mod protocols;
pub mod providers;

use cli::NotParsed;
use error::Exit;
use io::environment::Environment;
use output::printer::Printer;
use std::ffi::OsString;

/// Runs one invocation of `leadhook` and returns its exit status.
///
/// Nothing below this function asks the process for its environment or the system for the time:
/// both arrive in `env`.
pub fn run(args: impl IntoIterator<Item = OsString>, env: &Environment) -> Exit {
    let args = cli::secret_args::join(args);
    let invocation = match cli::parse(&args, env) {
        Ok(invocation) => invocation,
        Err(NotParsed::Help(help)) => {
            // Help and version come this way too, and belong on standard output.
            let _ = help.print();
            return Exit::Yes;
        }
        Err(NotParsed::Wrong(error)) => {
            Printer::new(env, &cli::errors::output_options(&args, env)).error(&error);
            return error.exit();
        }
    };
    let mut printer = Printer::new(env, &invocation.global.output_options());
    commands::dispatch(invocation, env, &mut printer).unwrap_or_else(|error| {
        printer.error(&error);
        error.exit()
    })
}
