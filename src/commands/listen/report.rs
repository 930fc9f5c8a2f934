//! The `ready` and `stopped` reports: the first and the last output of `listen`.

use crate::commands::listen::event::DeliveredEvent;
use crate::domain::verdict::is_unchecked;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::wrap::wrap;
use serde::Serialize;
use std::io;
use std::io::Write;

/// The maximum width of a line.
pub(super) const WIDTH: usize = 79;

/// The first report: the listener accepts connections.
#[derive(Debug, Serialize)]
pub(super) struct Ready<'a> {
    pub(super) url: &'a str,
    pub(super) providers: Vec<String>,
    pub(super) saving_to: Option<String>,
    pub(super) forwarding_to: Option<String>,
    /// The URL of the admin endpoints, if they have a separate port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admin: Option<String>,
}

/// The numbers of deliveries by outcome.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Counts {
    pub(super) requests: u64,
    pub(super) valid: u64,
    pub(super) invalid: u64,
    pub(super) unchecked: u64,
    pub(super) refused: u64,
    pub(super) repeats: u64,
    pub(super) saved: u64,
}

/// The last report: the counts of the whole run.
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    #[serde(flatten)]
    pub(super) counts: Counts,
    pub(super) saved_to: Option<String>,
    /// The number of lines that were not printed because the reader of the output was too slow.
    #[serde(rename = "not_shown")]
    pub(super) dropped_lines: u64,
}

impl Counts {
    /// Counts a delivery.
    pub(super) fn count(&mut self, delivered: &DeliveredEvent) {
        let recorded = &delivered.recorded;
        let verdict = recorded.verdict();
        self.requests += 1;
        let unchecked = is_unchecked(&verdict.signature, &verdict.payload);
        if verdict.valid {
            self.valid += 1;
        } else if unchecked && !recorded.is_rejected {
            self.unchecked += 1;
        } else {
            self.invalid += 1;
        }
        self.refused += u64::from(recorded.is_rejected);
        self.repeats += u64::from(recorded.is_repeat());
        self.saved += u64::from(delivered.saved.is_some());
    }
}

impl Report for Ready<'_> {
    const KIND: &'static str = "ready";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let mut facts = vec![self.providers.join(", ")];
        facts.extend(
            self.saving_to.as_ref().map(|path| format!("saving to {}", sanitize::line(path))),
        );
        facts.extend(self.forwarding_to.as_ref().map(|url| format!("forwarding to {url}")));
        facts.extend(self.admin.as_ref().map(|url| format!("admin endpoints on {url}")));
        let facts = format!("({}; times are UTC)", facts.join("; "));
        writeln!(out, "listening on {}", look.theme.strong(self.url))?;
        for line in wrap(&facts, WIDTH - 2) {
            writeln!(out, "  {}", look.theme.dim(&line))?;
        }
        writeln!(out)
    }
}

impl Report for Stopped {
    const KIND: &'static str = "stopped";

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        let Counts { requests, valid, invalid, unchecked, refused, repeats, saved } = self.counts;
        let counted = |count: u64, noun: &str| {
            if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
        };
        let mut parts = vec![format!("{valid} valid")];
        for (count, word) in [
            (refused, "refused"),
            (invalid.saturating_sub(refused), "invalid"),
            (unchecked, "unchecked"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        if repeats > 0 {
            parts.push(counted(repeats, "repeat"));
        }
        let saved_note = self
            .saved_to
            .as_ref()
            .map(|path| format!("; {saved} saved in {}", sanitize::line(path)));
        writeln!(
            out,
            "{}: {}{}",
            counted(requests, "request"),
            parts.join(", "),
            saved_note.unwrap_or_default()
        )
    }
}
