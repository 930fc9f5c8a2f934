//! The document that `leadhook help --all` prints, as text and as JSON.

use crate::commands::manual::command_reference::{
    CommandLine, CommandReference, OptionReference, PROGRAM,
};
use crate::commands::manual::command_text::{exit_statuses, write_command, write_options};
use crate::error::Exit;
use crate::output::printer::{Look, Report};
use crate::output::wrap::wrap;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The description of commands.
#[derive(Debug, Serialize)]
pub struct HelpDocument<'a> {
    version: &'a str,
    commands: Vec<&'a CommandReference>,
    global_options: &'a [OptionReference],
    exit_codes: Vec<ExitCodeReference>,
    #[serde(skip)]
    width: usize,
}

/// One exit status.
#[derive(Debug, Serialize)]
struct ExitCodeReference {
    code: u8,
    name: &'static str,
    summary: &'static str,
}

impl<'a> HelpDocument<'a> {
    /// Describes the command with these words after the name of the program, and its subcommands.
    /// `width` is that of the text.
    #[must_use]
    pub fn new(line: &'a CommandLine, path: &str, version: &'a str, width: usize) -> Self {
        let exit_code = |exit: Exit| ExitCodeReference {
            code: exit.code(),
            name: exit.name(),
            summary: exit.meaning(),
        };
        Self {
            version,
            commands: line.at(path).collect(),
            global_options: &line.global_options,
            exit_codes: Exit::ALL.into_iter().map(exit_code).collect(),
            width,
        }
    }
}

impl Report for HelpDocument<'_> {
    const KIND: &'static str = "help";
    const IS_EXACT: bool = true;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        for (index, command) in self.commands.iter().enumerate() {
            if index > 0 {
                writeln!(out)?;
            }
            write_command(out, command, look, self.width)?;
        }
        writeln!(out, "\n{}", look.theme.strong("Of every command"))?;
        let options: Vec<_> = self.global_options.iter().collect();
        write_options(out, &options, look, self.width)?;
        writeln!(out, "\n  {}", look.theme.strong("Exit status:"))?;
        for (code, name, meaning) in exit_statuses() {
            writeln!(out, "    {code} ({name})")?;
            for line in wrap(&meaning, self.width.saturating_sub(8)) {
                writeln!(out, "        {line}")?;
            }
        }
        writeln!(out)?;
        let more = format!("`{PROGRAM} man COMMAND` also has the environment variables and files.");
        wrap(&more, self.width).iter().try_for_each(|line| writeln!(out, "{line}"))
    }
}
