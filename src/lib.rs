//! Send, sign, verify and receive lead-delivery webhooks, offline.
//!
//! The binary is a thin shell over [`run`]. The library exists for the tests and the benches; it
//! makes no promise of a stable interface.
//!
//! ```text
//! main.rs ─▶ lib.rs::run ─▶ commands/ ─▶ output/     words, colour, JSON
//!                              │  └────▶ io/         files, sockets, clock, environment
//!                              ▼
//!                           engine/                  what the tool knows: pure
//!                              ▼
//!                           protocols/               bytes to values and back
//!                              ▼
//!                           domain/  ◀── providers/  types            packs as data
//! ```

pub mod arguments;
pub mod cli;
pub mod commands;
pub mod domain;
pub mod engine;
pub mod error;
pub mod io;
pub mod options;
pub mod output;
pub mod protocols;
pub mod providers;
pub mod settings;

use error::Exit;
use io::environment::Environment;
use options::NotParsed;
use output::printer::Printer;
use std::ffi::OsString;

/// Runs one invocation of `leadhook` and returns its exit status.
///
/// Nothing below this function asks the process for its environment or its streams, or the system
/// for the time: all of them arrive in `env`. So several runs can share one process, also at the same
/// time.
pub fn run(args: impl IntoIterator<Item = OsString>, env: &Environment) -> Exit {
    let args = arguments::join_secrets(args);
    let parsed = match options::parse(&args, env) {
        Ok(parsed) => parsed,
        Err(NotParsed::Help(help)) => {
            output::help::print(&help.render(), env);
            return Exit::Yes;
        }
        Err(NotParsed::Wrong(error)) => {
            Printer::new(env, &cli::options_before_parsing(&args, env)).error(&*error);
            return error.exit();
        }
    };
    let mut printer = Printer::new(env, &parsed.cli.global.output_options());
    commands::dispatch(parsed, env, &mut printer).unwrap_or_else(|error| {
        printer.error(&error);
        error.exit()
    })
}
