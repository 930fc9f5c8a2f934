//! `leadhook completions`: what a shell needs to complete the command line.

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
        Ok(Exit::Yes)
    }
}

/// Returns the script for one shell; `completions/` holds them, and a test compares the two.
#[must_use]
pub fn script(shell: Shell, root: &mut Command) -> Vec<u8> {
    let mut made = Vec::new();
    generate(shell, root, "leadhook", &mut made);
    made
}
