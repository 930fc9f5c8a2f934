//! The text of a handshake that was answered.

use crate::commands::listen::event::HandshakeEvent;
use crate::engine::handshake::HandshakeOutcome;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::wrap::{columns_beside, wrap};
use std::io;
use std::io::Write;

/// The indentation of the lines below the title, as wide as its time.
const INDENT: &str = "          ";

impl Report for HandshakeEvent {
    const KIND: &'static str = "handshake";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let time = self.received_at.strftime("%H:%M:%S");
        let title = format!("{} handshake", sanitize::line(&self.provider));
        writeln!(out, "{}  {}", theme.dim(&time.to_string()), theme.strong(&title))?;
        let status = self.status.to_string();
        let is_confirmed = self.outcome == HandshakeOutcome::Confirmed;
        let status = if is_confirmed { theme.good(&status) } else { theme.bad(&status) };
        writeln!(out, "{INDENT}{status}  {}", self.outcome.description())?;
        if let Some(hint) = &self.hint {
            let label = "hint: ";
            let width = columns_beside(look.text_columns(), INDENT.len() + label.len());
            let mut label = theme.hint(label.trim_end()) + " ";
            for line in wrap(hint, width) {
                writeln!(out, "{INDENT}{label}{line}")?;
                label = " ".repeat(6);
            }
        }
        Ok(())
    }
}
