//! Delivery views: the parts of a delivery that human and JSON output show.
//!
//! A view adds explanations and, with `--redact`, removes personal data. The event itself is not
//! changed.

use crate::commands::listen::event::{DeliveredEvent, ForwardReport};
use crate::commands::listen::redact::{PersonalParts, REDACTED_VALUE, Redactor, redact_query};
use crate::domain::message::{Headers, Message};
use crate::domain::time::Wait;
use crate::domain::verdict::{PayloadVerdict, SignatureVerdict};
use crate::engine::delivery_notes::DeliveryNote;
use crate::engine::explain::{Explainer, Failure};
use crate::engine::judge::Judge;
use crate::output::printer::{Look, Report};
use crate::output::theme::Theme;
use crate::output::wrap::{columns_beside, wrap};
use crate::output::{sanitize, shown_body, verdict};
use crate::protocols::schemes::masking::Masking;
use bytes::Bytes;
use console::{measure_text_width, truncate_str};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::borrow::Cow;
use std::io;
use std::io::Write;
use std::net::SocketAddr;

/// The number of columns for the delivery number at the end of the title.
const NUMBER_WIDTH: usize = 10;

/// The indentation of the lines below the title, as wide as its time.
const INDENT: &str = "          ";

/// Returns the maximum width of a note below the title.
fn note_width(look: Look) -> usize {
    columns_beside(look.text_columns(), INDENT.len() + 2)
}

/// Creates the views of the events of one run.
#[derive(Debug)]
pub(super) struct Viewer {
    explainer: Explainer,
    redactor: Option<Redactor>,
}

/// One delivery and its response, as it is shown.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts of the report, not modes")]
pub(super) struct DeliveryView<'e> {
    seq: u64,
    received_at: Timestamp,
    remote: SocketAddr,
    method: &'e str,
    path: Cow<'e, str>,
    provider: Option<&'e str>,
    event: Option<&'e str>,
    message_id: Option<&'e str>,
    attempt: u32,
    duplicate: bool,
    out_of_order: bool,
    /// `true` if both its signature and its payload are valid.
    valid: bool,
    signature: Cow<'e, SignatureVerdict>,
    payload: Cow<'e, PayloadVerdict>,
    response: ResponseView,
    saved: Option<&'e str>,
    forward: Option<Cow<'e, ForwardReport>>,
    remarks: &'e [DeliveryNote],
    /// The name and e-mail address of the person it is about.
    #[serde(skip)]
    person: Option<&'e str>,
    #[serde(skip)]
    headers: Cow<'e, Headers>,
    #[serde(skip)]
    body: Bytes,
    /// `true` if personal data was replaced.
    #[serde(skip)]
    is_redacted: bool,
    #[serde(skip)]
    delivered: &'e DeliveredEvent,
}

/// The response, as it is shown.
#[derive(Debug, Serialize)]
struct ResponseView {
    /// The status; `None` if the connection was closed without a response.
    status: Option<u16>,
}

/// The result of forwarding a delivery to a further target, as it is shown.
#[derive(Debug, Serialize)]
pub(super) struct ForwardedView {
    /// The number of the delivery.
    pub(super) seq: u64,
    #[serde(flatten)]
    pub(super) forward: ForwardReport,
}

impl Viewer {
    /// Creates a viewer that explains failures, and redacts if it has a redactor.
    pub(super) fn new(explainer: Explainer, redactor: Option<Redactor>) -> Self {
        Self { explainer, redactor }
    }

    /// Returns the view of a delivery.
    pub(super) fn view<'e>(
        &mut self,
        judge: &Judge,
        delivered: &'e DeliveredEvent,
    ) -> DeliveryView<'e> {
        let mut view = DeliveryView::new(delivered);
        if let Some(message) = &delivered.to_explain {
            let pack = delivered.recorded.pack();
            let failure = Failure { message, at: view.received_at, pack, event: view.event };
            self.explainer.explain(judge, &failure, &Vec::new, view.signature.to_mut());
        }
        view.mask(judge);
        if let Some(redactor) = &mut self.redactor {
            view.redact(redactor);
        }
        view
    }

    /// Returns the view of the result of forwarding to a further target.
    pub(super) fn view_forwarded(&self, seq: u64, mut forward: ForwardReport) -> ForwardedView {
        if self.redactor.is_some() {
            redact_query(&mut forward.url);
        }
        ForwardedView { seq, forward }
    }
}

impl<'e> DeliveryView<'e> {
    /// Returns the unredacted view of a delivery.
    pub(super) fn new(delivered: &'e DeliveredEvent) -> Self {
        let DeliveredEvent { recorded, message, .. } = delivered;
        let verdict = recorded.verdict();
        Self {
            seq: recorded.seq,
            received_at: recorded.at,
            remote: recorded.remote,
            method: &message.method,
            path: Cow::Borrowed(&message.target),
            provider: verdict.provider.as_deref(),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
            attempt: recorded.entry.attempt,
            duplicate: recorded.is_repeat(),
            out_of_order: recorded.entry.out_of_order,
            valid: verdict.valid,
            signature: Cow::Borrowed(&verdict.signature),
            payload: Cow::Borrowed(&verdict.payload),
            response: ResponseView { status: delivered.response_status() },
            saved: delivered.saved.as_deref(),
            forward: delivered.forward.as_ref().map(Cow::Borrowed),
            remarks: &delivered.notes,
            person: recorded.judgement.person.as_deref(),
            headers: Cow::Borrowed(&message.headers),
            body: message.body.clone(),
            is_redacted: false,
            delivered,
        }
    }

    /// Masks the secret, if the provider sends it.
    fn mask(&mut self, judge: &Judge) {
        let Some(pack) = self.delivered.recorded.pack() else { return };
        let secrets = judge.keyring().secrets_for(&pack.provider.id);
        let masking = Masking { scheme: &*pack.provider.signature, secrets };
        if !masking.applies() {
            return;
        }
        let Message { target, headers, body, .. } =
            masking.masked(&self.delivered.message).into_owned();
        self.path = Cow::Owned(target);
        self.headers = Cow::Owned(headers);
        self.body = body;
        if let Some(forward) = &mut self.forward {
            let url = masking.masked_url(&forward.url).into_owned();
            forward.to_mut().url = url;
        }
    }

    /// Replaces personal data.
    fn redact(&mut self, redactor: &mut Redactor) {
        self.person = None;
        self.is_redacted = true;
        if let Some(forward) = &mut self.forward {
            redact_query(&mut forward.to_mut().url);
        }
        redactor.redact(PersonalParts {
            pack: self.delivered.recorded.pack(),
            path: self.path.to_mut(),
            event: &mut self.event,
            headers: self.headers.to_mut(),
            signature: self.signature.to_mut(),
            payload: self.payload.to_mut(),
        });
    }

    /// Returns the title and its width: time, provider and event, and the person or the attempt.
    ///
    /// Widths are measured in columns before styles are added, because escape sequences take none.
    /// The provider and event are truncated only to the whole line; the rest of it is for the
    /// detail.
    fn title(&self, look: Look) -> (String, usize) {
        let time = self.received_at.strftime("%H:%M:%S").to_string();
        let provider = self.provider.map_or_else(|| "unknown".to_owned(), sanitize::line);
        let subject = [Some(provider), self.event.map(sanitize::line)]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ");
        let detail = if self.duplicate {
            self.describe_repeat()
        } else {
            self.person.map(sanitize::line).unwrap_or_default()
        };
        let columns = columns_beside(look.columns, NUMBER_WIDTH + time.len() + 2);
        let subject = truncate_str(&subject, columns, "…");
        let columns = columns.saturating_sub(measure_text_width(&subject) + 3);
        // `truncate_str` would add the ellipsis even if there is no column for it.
        let detail = truncate_str(&detail, columns, if columns == 0 { "" } else { "…" });
        let width = time.len() + 2 + measure_text_width(&subject) + 3 + measure_text_width(&detail);
        let theme = look.theme;
        let detail = if self.duplicate { theme.warn(&detail) } else { detail.into_owned() };
        (format!("{}  {}   {detail}", theme.dim(&time), theme.strong(&subject)), width)
    }

    /// Returns the notes on the signature. A fix is included only if it comes from a search.
    fn signature_notes(&self, width: usize) -> Vec<String> {
        let signature = &self.signature;
        let explanations = signature.explanations.iter().flat_map(|explanation| {
            let fix = explanation.fix.as_ref().filter(|_| signature.tried.is_some());
            std::iter::once(explanation.message.clone()).chain(fix.map(|fix| format!("fix: {fix}")))
        });
        let findings = signature.findings.iter().map(|finding| finding.message.clone());
        let wrapped = |note: String| wrap(&sanitize::line(&note), width);
        explanations.chain(findings).flat_map(wrapped).collect()
    }

    /// Writes the request line and the headers.
    fn write_headers(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
        writeln!(
            out,
            "{INDENT}{} {} from {}",
            self.method,
            sanitize::line(&self.path),
            self.remote
        )?;
        for (name, value) in self.headers.iter() {
            let value = sanitize::bytes(value);
            writeln!(out, "{INDENT}{}: {value}", theme.dim(&sanitize::line(name)))?;
        }
        Ok(())
    }

    /// Writes the body, with unsafe characters escaped.
    fn write_body(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
        let bytes = &self.body;
        if self.is_redacted {
            return writeln!(out, "{INDENT}{} bytes {REDACTED_VALUE}", bytes.len());
        }
        shown_body::pretty(theme, bytes).iter().try_for_each(|line| writeln!(out, "{INDENT}{line}"))
    }

    /// Describes a repeat, such as `7ca66bef again, attempt 2 after 10 min`.
    fn describe_repeat(&self) -> String {
        let entry = &self.delivered.recorded.entry;
        let id = self.message_id.map_or_else(|| "the same bytes".to_owned(), short_id);
        let rounded = |wait: SignedDuration| Wait(u64::try_from(wait.as_secs()).unwrap_or(0));
        let wait = entry.wait.map(|wait| format!(" after {}", rounded(wait))).unwrap_or_default();
        let changed = if entry.body_changed { ", with another body" } else { "" };
        format!("{id} again, attempt {}{wait}{changed}", self.attempt)
    }
}

/// Returns the beginning of an id, sanitized: the first group of a UUID.
fn short_id(id: &str) -> String {
    const MAX_LENGTH: usize = 12;
    let first_group = id.split('-').next().unwrap_or(id);
    sanitize::line(&first_group.chars().take(MAX_LENGTH).collect::<String>())
}

impl Report for DeliveryView<'_> {
    const KIND: &'static str = "request";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose, .. } = look;
        let note_width = note_width(look);
        let (title, width) = self.title(look);
        let number = format!("#{}", self.seq);
        let gap = look.columns.saturating_sub(width + number.len()).max(2);
        writeln!(out, "{title}{:gap$}{}", "", theme.dim(&number))?;
        let signature = verdict::signature_label(theme, &self.signature);
        let payload = verdict::payload_label(theme, &self.payload);
        let status = match self.response.status {
            Some(200) => theme.good("200"),
            Some(status) => theme.bad(&status.to_string()),
            None => theme.bad("dropped"),
        };
        writeln!(out, "{INDENT}signature {signature}   payload {payload}   {status}")?;
        for line in self.signature_notes(note_width) {
            writeln!(out, "{INDENT}  {line}")?;
        }
        for finding in &self.payload.findings {
            let mut lines = verdict::finding_lines(theme, finding, note_width);
            if verbose > 0 {
                lines.extend(verdict::origin_lines(theme, finding, note_width));
            }
            for line in lines {
                writeln!(out, "{INDENT}  {line}")?;
            }
        }
        for note in self.remarks {
            for line in wrap(&sanitize::line(&note.message), note_width) {
                writeln!(out, "{INDENT}  {}", theme.warn(&line))?;
            }
        }
        if let Some(forward) = &self.forward {
            writeln!(
                out,
                "{INDENT}  forwarded to {}: {}",
                forward.url,
                describe_forward(forward, theme)
            )?;
        }
        if verbose > 0 {
            self.write_headers(out, theme)?;
        }
        if verbose > 1 {
            self.write_body(out, theme)?;
        }
        Ok(())
    }
}

impl Report for ForwardedView {
    const KIND: &'static str = "forward";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Self { seq, forward } = self;
        let outcome = describe_forward(forward, look.theme);
        writeln!(out, "{INDENT}  #{seq} forwarded to {} as well: {outcome}", forward.url)
    }
}

/// Formats the status of the target and the error, as far as there are any.
fn describe_forward(forwarded: &ForwardReport, theme: Theme) -> String {
    let status = forwarded.status.map(|status| status.to_string());
    let error = forwarded.error.as_ref().map(|error| theme.bad(&sanitize::line(error)));
    [status, error].into_iter().flatten().collect::<Vec<_>>().join(", ")
}
