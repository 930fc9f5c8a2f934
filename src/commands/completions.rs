//! `leadhook completions`: what a shell needs to complete the command line.

use crate::error::{Error, Exit};
use crate::options;
use crate::output::printer::Printer;
use clap::Args;
use clap_complete::{Shell, generate};

/// Print the completions of a shell
#[derive(Args, Debug)]
pub struct Completions {
    /// Shell to complete in
    #[arg(value_name = "SHELL", value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self, printer: &mut Printer) -> Result<Exit, Error> {
        printer.raw(&script(self.shell))?;
        Ok(Exit::Yes)
    }
}

/// The completions of one shell; `completions/` holds them, and a test compares the two.
#[must_use]
pub fn script(shell: Shell) -> Vec<u8> {
    let mut made = Vec::new();
    generate(shell, &mut options::command(), "leadhook", &mut made);
    made
}
