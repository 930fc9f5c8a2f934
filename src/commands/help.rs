//! `leadhook help`: prints the help of a command, or describes all commands as text or JSON.

use crate::commands::manual::command_reference::{CommandLine, PROGRAM};
use crate::commands::manual::{HelpDocument, command_names, with_examples};
use crate::error::{Error, Exit};
use crate::io::environment::Environment;
use crate::output::help;
use crate::output::printer::Printer;
use clap::{Args, Command};

/// Print the help of a command, or of all commands
///
/// `leadhook help send` prints what `leadhook send --help` prints. With `--format json`, the
/// commands, options, values, defaults, variables, examples and exit codes are data: one JSON
/// object with a schema (`leadhook events schema --output help`).
#[derive(Args, Debug, Default)]
pub struct Help {
    /// Command to explain, such as `send` or `events show`
    #[arg(value_name = "COMMAND")]
    commands: Vec<String>,

    /// Print every command with all of its options; with COMMAND, that one and its subcommands
    #[arg(long)]
    all: bool,
}

impl Help {
    /// Builds the command that prints the help of the command with these words.
    #[must_use]
    pub fn of(commands: Vec<String>) -> Self {
        Self { commands, all: false }
    }

    pub(super) fn run(
        &self,
        root: Command,
        env: &Environment,
        printer: &mut Printer,
    ) -> Result<Exit, Error> {
        let names = command_names::resolve(&root, &self.commands, "help")?;
        let width = help::width(env);
        if self.all || printer.is_json() {
            let line = CommandLine::new(root);
            let version = env!("CARGO_PKG_VERSION");
            printer.report(&HelpDocument::new(&line, &names.join(" "), version, width))?;
            return Ok(Exit::Success);
        }
        let mut root = with_examples(root, width).term_width(width);
        let words = [PROGRAM].into_iter().chain(names.iter().map(String::as_str)).chain(["--help"]);
        // clap returns the help as an error.
        if let Err(text) = root.try_get_matches_from_mut(words) {
            help::print(&text.render(), env);
        }
        Ok(Exit::Success)
    }
}
