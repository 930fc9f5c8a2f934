//! `leadhook man`: prints the manual page, as roff.

use crate::error::{Error, Exit};
use crate::output::error::Error as OutputError;
use crate::output::printer::Printer;
use clap::{Args, Command};
use clap_mangen::Man as ManPage;
use std::io;

/// Print the manual page
///
/// All commands are in one page: `leadhook man | man -l -` shows it.
#[derive(Args, Debug)]
pub struct Man {}

impl Man {
    #[expect(clippy::unused_self, reason = "every command is run the same way")]
    pub(super) fn run(&self, root: Command, printer: &mut Printer) -> Result<Exit, Error> {
        printer.raw(&render(root).map_err(OutputError::Write)?)?;
        Ok(Exit::Success)
    }
}

/// Renders the manual page: the main command, then a section for each subcommand.
fn render(mut command: Command) -> io::Result<Vec<u8>> {
    command.build();
    let mut roff = Vec::new();
    let main = ManPage::new(command.clone());
    main.render_title(&mut roff)?;
    main.render_name_section(&mut roff)?;
    main.render_synopsis_section(&mut roff)?;
    main.render_description_section(&mut roff)?;
    main.render_options_section(&mut roff)?;
    for subcommand in command.get_subcommands().filter(|it| it.get_name() != "help") {
        let name = subcommand.get_name().to_uppercase();
        roff.extend(format!(".SH \"LEADHOOK {name}\"\n").into_bytes());
        // The global options are listed once, in the main section of the page.
        let without_globals = subcommand
            .clone()
            .mut_args(|arg| if arg.is_global_set() { arg.hide(true) } else { arg });
        let page = ManPage::new(without_globals);
        let mut section = Vec::new();
        page.render_synopsis_section(&mut section)?;
        page.render_description_section(&mut section)?;
        page.render_options_section(&mut section)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        roff.extend(section.into_bytes());
    }
    main.render_extra_section(&mut roff)?;
    Ok(roff)
}
