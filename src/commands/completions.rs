//! `leadhook completions`: prints the completion script of a shell.

use crate::error::{Error, Exit};
use crate::output::printer::Printer;
use clap::{Args, Command};
use clap_complete::{Shell, generate};

/// Print the completions of a shell
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete in
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, mut root: Command, printer: &mut Printer) -> Result<Exit, Error> {
        printer.raw(&script(self.shell, &mut root))?;
        Ok(Exit::Success)
    }
}

/// Returns the script for one shell. A test compares it with the one in `completions/`.
#[must_use]
pub fn script(shell: Shell, root: &mut Command) -> Vec<u8> {
    let mut script = Vec::new();
    generate(shell, root, "leadhook", &mut script);
    script
}
