//! What `listen` says: that it is ready, each request, and the count at the end.

mod size;

use crate::commands::listen::received::ReceivedDelivery;
use crate::commands::listen::redact::{NOT_SHOWN, PersonalParts, Redactor, redact_query};
use crate::commands::listen::shown::Shown;
use crate::domain::message::{Headers, Message};
use crate::domain::time::Wait;
use crate::domain::verdict::{PayloadVerdict, SignatureVerdict, Verdict, is_unchecked};
use crate::engine::arrival::Remark;
use crate::engine::explain::{Explainer, Failure};
use crate::engine::judge::{Judge, Judgement};
use crate::engine::ledger::Entry;
use crate::output::printer::{Look, Report};
use crate::output::theme::Theme;
use crate::output::wrap::wrap;
use crate::output::{body, sanitize, verdict};
use console::{measure_text_width, truncate_str};
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::path::PathBuf;

/// Columns of a line; the number of the request stands at its end.
const WIDTH: usize = 79;

/// Columns of a line without its number.
const TITLE: usize = WIDTH - 10;

/// What stands under the time of a request.
const INDENT: &str = "          ";

/// Columns of what is said below a request.
const NOTE: usize = WIDTH - INDENT.len() - 2;

/// The socket accepts.
#[derive(Debug, Serialize)]
pub(super) struct Ready<'a> {
    pub(super) url: &'a str,
    pub(super) providers: Vec<String>,
    pub(super) saving_to: Option<String>,
    pub(super) forwarding_to: Option<String>,
    /// Where its state is shown, if not on the same port.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) admin: Option<String>,
}

/// One delivery and its answer.
#[derive(Debug, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "facts of the report, not modes")]
pub(super) struct Request {
    seq: u64,
    received_at: String,
    remote: String,
    method: String,
    path: String,
    provider: Option<String>,
    event: Option<String>,
    message_id: Option<String>,
    attempt: u32,
    duplicate: bool,
    early: bool,
    /// Whether the signature holds and the payload is as it should be.
    valid: bool,
    /// The name and e-mail address of the person it is about.
    #[serde(skip)]
    person: Option<String>,
    /// Whether everything that tells of a person was replaced.
    #[serde(skip)]
    redacted: bool,
    signature: SignatureVerdict,
    payload: PayloadVerdict,
    response: Answered,
    saved: Option<String>,
    forward: Option<Forwarded>,
    remarks: Vec<Remark>,
    #[serde(skip)]
    at: Timestamp,
    #[serde(skip)]
    wait_s: Option<u64>,
    #[serde(skip)]
    changed: bool,
    #[serde(skip)]
    http_version: String,
    #[serde(skip)]
    headers: Headers,
    #[serde(skip)]
    body: Vec<u8>,
    /// The request itself, where a closer look at it is due.
    #[serde(skip)]
    unexplained: Option<Message>,
}

#[derive(Debug, Serialize)]
struct Answered {
    /// None where there was no answer, on purpose.
    status: Option<u16>,
}

/// What came of passing a delivery on.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Forwarded {
    pub(super) url: String,
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
}

/// What came of passing a delivery on to another target than the first.
#[derive(Debug, Serialize)]
pub(super) struct Also {
    /// The number of the delivery.
    pub(super) seq: u64,
    #[serde(flatten)]
    pub(super) forward: Forwarded,
}

/// How many deliveries came, and what became of them.
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

/// The listener is done.
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    #[serde(flatten)]
    pub(super) counts: Counts,
    pub(super) saved_to: Option<String>,
    /// Lines that nobody read in time.
    pub(super) not_shown: u64,
}

impl Forwarded {
    /// Replaces the query of the target's URL.
    pub(super) fn redact(&mut self) {
        redact_query(&mut self.url);
    }
}

impl Request {
    #[expect(
        clippy::too_many_arguments,
        reason = "each is one column of the report, known only here"
    )]
    pub(super) fn new(
        seq: u64,
        at: Timestamp,
        remote: String,
        message: &Message,
        shown: Shown,
        judgement: Judgement,
        entry: Entry,
        status: Option<u16>,
        saved: Option<PathBuf>,
        forward: Option<Forwarded>,
    ) -> Self {
        let Judgement { verdict, person, .. } = judgement;
        let headers = if shown.headers { message.headers.clone() } else { Headers::new() };
        let body = &message.body[..message.body.len().min(shown.body)];
        Self {
            seq,
            received_at: at.to_string(),
            remote,
            method: message.method.clone(),
            path: message.target.clone(),
            provider: verdict.provider,
            event: verdict.event,
            message_id: verdict.message_id,
            attempt: entry.attempt,
            duplicate: entry.attempt > 1,
            early: entry.early,
            valid: verdict.valid,
            person,
            redacted: false,
            signature: verdict.signature,
            payload: verdict.payload,
            response: Answered { status },
            saved: saved.map(|path| path.display().to_string()),
            forward,
            remarks: Vec::new(),
            at,
            wait_s: entry.wait.map(|wait| u64::try_from(wait.as_secs()).unwrap_or(0)),
            changed: entry.changed,
            http_version: message.http_version.clone(),
            headers,
            body: body.to_vec(),
            unexplained: None,
        }
    }

    /// Returns what was received, as far as it was kept.
    pub(super) fn into_received(self) -> ReceivedDelivery {
        ReceivedDelivery {
            seq: self.seq,
            at: self.at,
            message: Message {
                method: self.method,
                target: self.path,
                http_version: self.http_version,
                headers: self.headers,
                body: self.body.into(),
            },
            verdict: Verdict {
                provider: self.provider,
                event: self.event,
                message_id: self.message_id,
                valid: self.valid,
                signature: self.signature,
                payload: self.payload,
            },
            attempt: self.attempt,
            status: self.response.status,
        }
    }

    /// Keeps the request for a closer look, which is taken before it is shown.
    pub(super) fn keep(&mut self, message: Option<Message>) {
        self.unexplained = message;
    }

    /// Adds what is worth knowing of how it came.
    pub(super) fn remark(&mut self, remarks: Vec<Remark>) {
        self.remarks = remarks;
    }

    /// Takes the closer look at a signature that does not hold, where one is due.
    pub(super) fn explain(&mut self, judge: &Judge, explainer: &mut Explainer) {
        let Some(message) = self.unexplained.take() else { return };
        let (provider, event) = (self.provider.as_deref(), self.event.as_deref());
        let failure = Failure { message: &message, at: self.at, provider, event };
        explainer.explain(judge, &failure, &Vec::new, &mut self.signature);
    }

    /// Replaces what tells of a person, in what people and programs are shown.
    pub(super) fn redact(&mut self, judge: &Judge, redactor: &mut Redactor) {
        self.person = None;
        self.redacted = true;
        if let Some(forward) = &mut self.forward {
            forward.redact();
        }
        let parts = PersonalParts {
            provider: self.provider.as_deref(),
            path: &mut self.path,
            event: &mut self.event,
            headers: &mut self.headers,
            signature: &mut self.signature,
            payload: &mut self.payload,
        };
        redactor.redact(judge, parts);
    }

    /// The first line without its number: when, what, and who or which attempt.
    fn title(&self, look: Look) -> (String, usize) {
        let time = self.at.strftime("%H:%M:%S").to_string();
        let part = |text: &Option<String>| text.as_deref().map(sanitize::line);
        let provider = part(&self.provider).unwrap_or_else(|| "unknown".to_owned());
        let what =
            [Some(provider), part(&self.event)].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let about =
            if self.duplicate { self.repeat() } else { part(&self.person).unwrap_or_default() };
        let room = TITLE - time.len() - 2;
        let what = truncate_str(&what, room, "…");
        let room = room.saturating_sub(measure_text_width(&what) + 3);
        let about = truncate_str(&about, room, if room == 0 { "" } else { "…" });
        let width = time.len() + 2 + measure_text_width(&what) + 3 + measure_text_width(&about);
        let theme = look.theme;
        let about = if self.duplicate { theme.warn(&about) } else { about.into_owned() };
        (format!("{}  {}   {about}", theme.dim(&time), theme.strong(&what)), width)
    }

    /// What there is to say of the signature; the fix only where it was searched for.
    fn notes(&self) -> Vec<String> {
        let signature = &self.signature;
        let explained = signature.explanations.iter().flat_map(|explanation| {
            let fix = explanation.fix.as_ref().filter(|_| signature.tried.is_some());
            std::iter::once(explanation.message.clone()).chain(fix.map(|fix| format!("fix: {fix}")))
        });
        let found = signature.findings.iter().map(|finding| finding.message.clone());
        let wrapped = |text: String| wrap(&sanitize::line(&text), NOTE);
        explained.chain(found).flat_map(wrapped).collect()
    }

    /// The request line and the headers.
    fn headers(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
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

    /// The body, with its dangers escaped.
    fn body(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
        if self.redacted {
            return writeln!(out, "{INDENT}{} bytes {NOT_SHOWN}", self.body.len());
        }
        body::pretty(theme, &self.body).iter().try_for_each(|line| writeln!(out, "{INDENT}{line}"))
    }

    /// `7ca66bef again, attempt 2 after 10 min`
    fn repeat(&self) -> String {
        let id = self.message_id.as_deref().map_or_else(|| "the same bytes".to_owned(), short);
        let wait =
            self.wait_s.map(|seconds| format!(" after {}", Wait(seconds))).unwrap_or_default();
        let changed = if self.changed { ", with another body" } else { "" };
        format!("{id} again, attempt {}{wait}{changed}", self.attempt)
    }
}

/// The beginning of an id, safe to print.
fn short(id: &str) -> String {
    const MOST: usize = 12;
    let first = id.split('-').next().unwrap_or(id);
    sanitize::line(&first.chars().take(MOST).collect::<String>())
}

impl Counts {
    pub(super) fn count(&mut self, verdict: &Verdict, entry: &Entry, refused: bool, saved: bool) {
        self.requests += 1;
        let unchecked = is_unchecked(&verdict.signature, &verdict.payload);
        match () {
            () if verdict.valid => self.valid += 1,
            () if unchecked && !refused => self.unchecked += 1,
            () => self.invalid += 1,
        }
        self.refused += u64::from(refused);
        self.repeats += u64::from(entry.attempt > 1);
        self.saved += u64::from(saved);
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
        facts.extend(self.admin.as_ref().map(|url| format!("state on {url}")));
        let facts = format!("({}; times are UTC)", facts.join("; "));
        writeln!(out, "listening on {}", look.theme.strong(self.url))?;
        for line in wrap(&facts, WIDTH - 2) {
            writeln!(out, "  {}", look.theme.dim(&line))?;
        }
        writeln!(out)
    }
}

impl Report for Request {
    const KIND: &'static str = "request";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose } = look;
        let (title, width) = self.title(look);
        let number = format!("#{}", self.seq);
        let gap = WIDTH.saturating_sub(width + number.len()).max(2);
        writeln!(out, "{title}{:gap$}{}", "", theme.dim(&number))?;
        let signature = verdict::signature_word(theme, &self.signature);
        let payload = verdict::payload_word(theme, &self.payload);
        let status = match self.response.status {
            Some(200) => theme.good("200"),
            Some(status) => theme.bad(&status.to_string()),
            None => theme.bad("dropped"),
        };
        writeln!(out, "{INDENT}signature {signature}   payload {payload}   {status}")?;
        for line in self.notes() {
            writeln!(out, "{INDENT}  {line}")?;
        }
        for finding in &self.payload.findings {
            let mut lines = verdict::finding_lines(theme, finding, NOTE);
            if verbose > 0 {
                lines.extend(verdict::origin_lines(theme, finding, NOTE));
            }
            for line in lines {
                writeln!(out, "{INDENT}  {line}")?;
            }
        }
        for remark in &self.remarks {
            for line in wrap(&sanitize::line(&remark.message), NOTE) {
                writeln!(out, "{INDENT}  {}", theme.warn(&line))?;
            }
        }
        if let Some(forward) = &self.forward {
            writeln!(out, "{INDENT}  forwarded to {}: {}", forward.url, forward.answer(theme))?;
        }
        if verbose > 0 {
            self.headers(out, theme)?;
        }
        if verbose > 1 {
            self.body(out, theme)?;
        }
        Ok(())
    }
}

impl Forwarded {
    fn answer(&self, theme: Theme) -> String {
        let status = self.status.map(|status| status.to_string());
        let error = self.error.as_ref().map(|error| theme.bad(&sanitize::line(error)));
        [status, error].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

impl Report for Also {
    const KIND: &'static str = "forward";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Self { seq, forward } = self;
        let answer = forward.answer(look.theme);
        writeln!(out, "{INDENT}  #{seq} forwarded to {} as well: {answer}", forward.url)
    }
}

impl Report for Stopped {
    const KIND: &'static str = "stopped";

    fn human(&self, out: &mut dyn Write, _look: Look) -> io::Result<()> {
        let Counts { requests, valid, invalid, unchecked, refused, repeats, saved } = self.counts;
        let noun = |count: u64, noun: &str| {
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
            parts.push(noun(repeats, "repeat"));
        }
        let kept = self
            .saved_to
            .as_ref()
            .map(|path| format!("; {saved} saved in {}", sanitize::line(path)));
        writeln!(
            out,
            "{}: {}{}",
            noun(requests, "request"),
            parts.join(", "),
            kept.unwrap_or_default()
        )
    }
}
