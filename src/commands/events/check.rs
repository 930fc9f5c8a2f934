//! `leadhook events check`: validates payloads against the schema of their event, without
//! signature.

use crate::commands::context::Context;
use crate::domain::event_ref::EventRef;
use crate::domain::finding::Finding;
use crate::domain::message::{Headers, Message};
use crate::domain::secret::Keyring;
use crate::domain::verdict::{PayloadStatus, PayloadVerdict};
use crate::engine::judge::{Judge, Strictness};
use crate::engine::recognise;
use crate::error::{Error, Exit};
use crate::io::input;
use crate::output::printer::{Look, Report};
use crate::output::{sanitize, verdict};
use crate::protocols::{json, requests};
use bytes::Bytes;
use clap::Args;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Validate payloads against the schema of their event
///
/// The file contains only the payload: no headers, and no signature is verified. The event is
/// detected from the payload if the provider names it there; otherwise it is given with `--event`.
///
/// Exit status 0 if all are valid, 1 if any is not, 3 if a file cannot be read or is larger than 64
/// MiB.
#[derive(Args, Debug)]
pub(super) struct CheckPayload {
    /// Files to check, `-` for standard input
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Event of the payloads
    #[arg(long, value_name = "NAME")]
    event: Option<EventRef>,

    /// Warnings make a payload invalid
    #[arg(long)]
    strict: bool,
}

/// The result of checking one payload.
#[derive(Debug, Serialize)]
struct PayloadReport {
    source: String,
    provider: String,
    event: String,
    status: PayloadStatus,
    findings: Vec<Finding>,
}

/// The summary of several payloads.
#[derive(Debug, Default, Serialize)]
struct PayloadSummary {
    payloads: usize,
    valid: usize,
    warnings: usize,
    invalid: usize,
    unreadable: usize,
}

impl CheckPayload {
    pub(super) fn run(self, context: &mut Context<'_>) -> Result<Exit, Error> {
        context.check_stdin(&self.files)?;
        let strictness = Strictness { strict: self.strict, ..Strictness::default() };
        let judge = Judge::new(context.packs.clone(), Keyring::default(), None, strictness);
        let mut summary = PayloadSummary::default();
        for path in &self.files {
            match self.check(context, &judge, path) {
                Err(error) if error.concerns_one_input() => {
                    context.printer.error(&error);
                    summary.unreadable += 1;
                }
                Err(error) => return Err(error),
                Ok(payload) => {
                    summary.count(payload.status);
                    context.printer.report(&payload)?;
                }
            }
        }
        if summary.payloads + summary.unreadable > 1 {
            context.printer.report(&summary)?;
        }
        Ok(summary.exit())
    }

    /// Validates the payload in one file.
    fn check(
        &self,
        context: &Context<'_>,
        judge: &Judge,
        path: &Path,
    ) -> Result<PayloadReport, Error> {
        let body = input::read(context.env.stdin(), "payload", path, input::MAX_BODY)?;
        let body = Bytes::from(body);
        let (provider, event) = self.event_of(context, path, &body)?;
        let pack = judge.packs().find(&provider)?;
        let verdict: PayloadVerdict = judge.validate_payload(pack, &event, &body);
        Ok(PayloadReport {
            source: path.display().to_string(),
            provider,
            event,
            status: verdict.status,
            findings: verdict.findings,
        })
    }

    /// Returns the provider and the event: those of `--event`, or those that the payload names.
    fn event_of(
        &self,
        context: &Context<'_>,
        path: &Path,
        body: &Bytes,
    ) -> Result<(String, String), Error> {
        if let Some(event) = &self.event {
            let (pack, facts) = context.packs.find_event(event, context.provider())?;
            return Ok((pack.provider.id.clone(), facts.name.clone()));
        }
        let parsed = match json::read(body) {
            Ok(parsed) => Some(parsed),
            // A capture may be a text as well, such as an HTTP message.
            Err(_) if is_captured_request(body) => None,
            Err(source) => {
                let path = path.to_owned();
                return Err(Error::NotJson { what: "payload", path, source });
            }
        };
        let message = Message::post("/", Headers::new(), body.clone());
        let named = context.providers();
        let pack = recognise::recognise(&context.packs, named, &message, parsed.as_ref());
        let detected = pack.and_then(|pack| {
            let name = recognise::event(&pack.provider, &message, parsed.as_ref())?;
            Some((pack.provider.id.clone(), name))
        });
        detected.ok_or_else(|| {
            if is_captured_request(body) {
                let path = path.display();
                return Error::Unreadable {
                    message: format!("`{path}` is a captured request, not a payload"),
                    hint: format!(
                        "`leadhook verify {path}` verifies its signature and its payload"
                    ),
                };
            }
            Error::Option {
                message: "no event given, and the payload does not name one".to_owned(),
                hint: "add `--event`; `leadhook events` lists the events".to_owned(),
            }
        })
    }
}

/// Returns `true` if a file contains a request with its headers.
fn is_captured_request(bytes: &[u8]) -> bool {
    requests::read(bytes).is_ok_and(|found| found.iter().any(Result::is_ok))
}

impl PayloadSummary {
    fn count(&mut self, status: PayloadStatus) {
        self.payloads += 1;
        match status {
            PayloadStatus::Valid => self.valid += 1,
            PayloadStatus::Warnings => self.warnings += 1,
            PayloadStatus::Invalid | PayloadStatus::Unchecked => self.invalid += 1,
        }
    }

    fn exit(&self) -> Exit {
        match (self.unreadable, self.invalid) {
            (0, 0) => Exit::Success,
            (0, _) => Exit::Failure,
            _ => Exit::Input,
        }
    }
}

impl Report for PayloadReport {
    const KIND: &'static str = "payload";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        let verdict = PayloadVerdict { status: self.status, findings: self.findings.clone() };
        let title = format!("{} {}", self.provider, self.event);
        let word = verdict::payload_label(theme, &verdict);
        writeln!(out, "{}  {}  {word}", sanitize::line(&self.source), theme.strong(&title))?;
        for finding in &self.findings {
            let mut indent = "  ";
            for line in verdict::finding_lines(theme, finding, look.text_columns() - 4) {
                writeln!(out, "{indent}{line}")?;
                indent = "    ";
            }
            if look.verbose > 0 {
                for line in verdict::origin_lines(theme, finding, look.text_columns() - 4) {
                    writeln!(out, "  {line}")?;
                }
            }
        }
        Ok(())
    }
}

impl Report for PayloadSummary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let unreadable = match self.unreadable {
            0 => String::new(),
            many => format!(", {}", look.theme.bad(&format!("{many} unreadable"))),
        };
        let valid = self.valid + self.warnings;
        let noun = if self.payloads == 1 { "payload" } else { "payloads" };
        writeln!(
            out,
            "\n{} {noun}: {valid} valid, {} with warnings, {} invalid{unreadable}",
            self.payloads, self.warnings, self.invalid
        )
    }
}
