//! `leadhook man`: prints the manual page of a command as roff, or writes all pages to a folder.

use crate::commands::manual::command_reference::CommandLine;
use crate::commands::manual::{command_names, file_name, man_page};
use crate::error::{Error, Exit};
use crate::io::error::Error as IoError;
use crate::io::output_file;
use crate::output::printer::{Look, Printer, Report};
use crate::output::sanitize;
use clap::{Args, Command};
use serde::Serialize;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Print the manual page of a command
///
/// The page is roff, the format of `man`: `leadhook man send | man -l -` shows it. Without a
/// command, it is the page of leadhook itself. Each command and subcommand has a page.
#[derive(Args, Debug)]
pub struct Man {
    /// Command, such as `send` or `events show`
    #[arg(value_name = "COMMAND", conflicts_with = "output")]
    commands: Vec<String>,

    /// Write every page to this folder: `leadhook.1`, `leadhook-send.1`, …
    ///
    /// The folder is created if it does not exist. Existing pages are replaced.
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// The report on pages that were written.
#[derive(Debug, Serialize)]
struct PagesReport {
    path: String,
    pages: Vec<String>,
}

impl Man {
    pub(super) fn run(&self, root: Command, printer: &mut Printer) -> Result<Exit, Error> {
        let names = command_names::resolve(&root, &self.commands, "man")?;
        let line = CommandLine::new(root);
        let version = env!("CARGO_PKG_VERSION");
        if let Some(folder) = &self.output {
            let report = write_all(&line, folder, version)?;
            printer.report(&report)?;
        } else if let Some(command) = line.at(&names.join(" ")).next() {
            printer.raw(man_page(&line, command, version).as_bytes())?;
        }
        Ok(Exit::Success)
    }
}

/// Writes the page of every command.
fn write_all(line: &CommandLine, folder: &Path, version: &str) -> Result<PagesReport, Error> {
    const WHAT: &str = "manual page";
    fs::create_dir_all(folder).map_err(|source| IoError::Write {
        what: WHAT,
        path: folder.to_owned(),
        source,
    })?;
    let mut pages = Vec::new();
    for command in &line.commands {
        let name = file_name(command);
        let page = man_page(line, command, version);
        output_file::write(WHAT, &folder.join(&name), page.as_bytes())?;
        pages.push(name);
    }
    Ok(PagesReport { path: folder.display().to_string(), pages })
}

impl Report for PagesReport {
    const KIND: &'static str = "written";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let path = sanitize::line(&self.path);
        if look.verbose > 0 {
            for page in &self.pages {
                writeln!(out, "wrote {path}/{page}")?;
            }
        }
        writeln!(out, "wrote {} manual pages to {path}", self.pages.len())
    }
}
