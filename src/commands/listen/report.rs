//! The `ready` and `stopped` reports: the first and the last output of `listen`.

use crate::commands::listen::event::DeliveredEvent;
use crate::domain::verdict::is_unchecked;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::wrap::{join_parts, wrap};
use serde::Serialize;
use std::io;
use std::io::Write;

/// The first report, which is printed once the listener accepts connections.
#[derive(Debug, Serialize)]
pub(super) struct Ready<'a> {
    pub(super) url: &'a str,
    /// The URL of the tunnel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) public_url: Option<&'a str>,
    pub(super) providers: Vec<String>,
    pub(super) saving_to: Option<String>,
    pub(super) forwarding_to: Option<String>,
    /// The URL of the admin endpoints, if they have a separate port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admin: Option<String>,
    /// The URL of what receivers fetch, if it is served.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fetch: Option<String>,
}

/// The number of deliveries by outcome: each is `valid`, `invalid` or `unchecked`.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Counts {
    /// All deliveries.
    pub(super) requests: u64,
    /// Those whose signature verifies and whose payload is valid.
    pub(super) valid: u64,
    /// Those with an invalid signature or payload, and all that were rejected.
    pub(super) invalid: u64,
    /// Those whose signature could not be verified, such as without a secret, and whose payload has
    /// no errors, unless they were rejected.
    pub(super) unchecked: u64,
    /// Those that got an error response because of their signature or payload.
    #[serde(rename = "refused")]
    pub(super) rejected: u64,
    /// Those whose message had already arrived.
    pub(super) repeats: u64,
    /// Those that were saved as captures.
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
    /// The evidence that is missing, if the result is incomplete (exit status 5).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    /// The matches of `--until`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) awaited: Vec<AwaitedResult>,
    /// The deliveries that satisfied no match, by kind.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) came_instead: Vec<String>,
}

/// A match of `--until`, and the delivery that satisfied it.
#[derive(Debug, Serialize)]
pub(super) struct AwaitedResult {
    #[serde(rename = "match")]
    pub(super) condition: String,
    /// The number of the delivery; `None` if it did not come.
    pub(super) seq: Option<u64>,
}

impl Counts {
    /// Adds a delivery to the counts.
    pub(super) fn count(&mut self, delivered: &DeliveredEvent) {
        let recorded = &delivered.recorded;
        let verdict = recorded.verdict();
        self.requests += 1;
        let unchecked = is_unchecked(&verdict.signature, &verdict.payload);
        if verdict.valid {
            self.valid += 1;
        } else if unchecked && !recorded.is_rejected {
            // If rejected, it counts as invalid, so that the rejected ones are among the invalid.
            self.unchecked += 1;
        } else {
            self.invalid += 1;
        }
        self.rejected += u64::from(recorded.is_rejected);
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
        if let Some(url) = self.public_url {
            writeln!(out, "public URL {}", look.theme.strong(&sanitize::line(url)))?;
        }
        for line in wrap(&facts, look.text_columns() - 2) {
            writeln!(out, "  {}", look.theme.dim(&line))?;
        }
        writeln!(out)
    }
}

impl Report for Stopped {
    const KIND: &'static str = "stopped";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Counts { requests, valid, invalid, unchecked, rejected, repeats, saved } = self.counts;
        let pluralize = |count: u64, noun: &str| {
            if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
        };
        let mut parts = vec![format!("{valid} valid")];
        for (count, word) in [
            (rejected, "refused"),
            (invalid.saturating_sub(rejected), "invalid"),
            (unchecked, "unchecked"),
        ] {
            if count > 0 {
                parts.push(format!("{count} {word}"));
            }
        }
        if repeats > 0 {
            parts.push(pluralize(repeats, "repeat"));
        }
        let mut parts = vec![format!("{}: {}", pluralize(requests, "request"), parts.join(", "))];
        parts.extend(
            self.saved_to.as_ref().map(|path| format!("{saved} saved in {}", sanitize::line(path))),
        );
        writeln!(out, "{}", join_parts(&parts, "; ", look.fold_columns(), 2))?;
        match &self.reason {
            Some(reason) => {
                writeln!(out, "{}: {}", look.theme.warn("incomplete"), sanitize::line(reason))
            }
            None => Ok(()),
        }
    }
}
