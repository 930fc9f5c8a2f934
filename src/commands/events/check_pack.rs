//! `leadhook events check-pack`: validates a pack against the rules for built-in packs.

use crate::commands::context::Context;
use crate::domain::finding::Severity;
use crate::engine::pack_check;
use crate::error::{Error, Exit};
use crate::io::pack_folder;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::wrap::wrap;
use crate::providers::flaw::Flaw;
use crate::providers::pack::Pack;
use clap::Args;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Validate a pack against the rules for built-in packs
///
/// Checks its facts, schemas and samples, generates payloads from many seeds, and signs, verifies
/// and mutates them.
///
/// Exit status 0 if there is no error, 1 if the pack is usable and has an error (with `--strict`
/// also for a warning), 3 if it is broken, so that no command can use it.
#[derive(Args, Debug)]
pub(super) struct CheckPack {
    /// Folder of the pack
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Treat warnings as errors
    #[arg(long)]
    strict: bool,
}

/// The result of checking a pack.
#[derive(Debug, Serialize)]
struct PackReport {
    path: String,
    provider: Option<String>,
    events: usize,
    usable: bool,
    flaws: Vec<Flaw>,
}

impl CheckPack {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        let files = pack_folder::read(&self.folder)?;
        let files: Vec<_> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let parsed = Pack::parse(None, &files);
        let (provider, events, usable, flaws) = match parsed {
            Ok(pack) => {
                let usable = pack_check::blocking_flaws(&pack).is_empty();
                let flaws = pack_check::flaws(&pack, &context.packs);
                (Some(pack.provider.id), pack.provider.events.len(), usable, flaws)
            }
            Err(flaw) => (None, 0, false, vec![flaw]),
        };
        let exit = match (usable, pack_check::has_errors(&flaws)) {
            (false, _) => Exit::Input,
            (true, true) => Exit::Failure,
            (true, false) if self.strict && !flaws.is_empty() => Exit::Failure,
            (true, false) => Exit::Success,
        };
        let path = self.folder.display().to_string();
        context.printer.report(&PackReport { path, provider, events, usable, flaws })?;
        Ok(exit)
    }
}

impl Report for PackReport {
    const KIND: &'static str = "pack";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let name = self.provider.as_deref().unwrap_or(&self.path);
        let word = match (self.usable, self.flaws.is_empty()) {
            (true, true) => theme.good("good"),
            (true, false) if pack_check::has_errors(&self.flaws) => theme.bad("INVALID"),
            (true, false) => theme.warn("usable"),
            (false, _) => theme.bad("BROKEN"),
        };
        let events = match self.events {
            1 => "1 event".to_owned(),
            many => format!("{many} events"),
        };
        writeln!(out, "{}  {events}  {word}", theme.strong(&sanitize::line(name)))?;
        for flaw in &self.flaws {
            let location = sanitize::line(&flaw.location());
            let location = match flaw.severity {
                Severity::Error => theme.bad(&location),
                Severity::Warning => theme.warn(&location),
            };
            writeln!(out, "  {location}")?;
            for line in wrap(&sanitize::line(&flaw.message), look.text_columns() - 4) {
                writeln!(out, "    {line}")?;
            }
        }
        Ok(())
    }
}
