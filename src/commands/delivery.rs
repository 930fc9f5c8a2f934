//! The report on one delivery, shared by every command that sends.

use crate::commands::payload::PreparedDelivery;
use crate::commands::redirect::redirect_target;
use crate::domain::delivery::{AttemptResult, NextStep, Outcome};
use crate::domain::message::Message;
use crate::domain::retry::{PlannedAttempt, RetryPolicy};
use crate::domain::status::StatusPattern;
use crate::domain::target::Target;
use crate::domain::time::{format_duration, milliseconds};
use crate::error::Error;
use crate::io::client::{Exchange, NoResponse, reason_phrase};
use crate::output::printer::{Look, Report};
use crate::output::theme::Theme;
use crate::output::wrap::{columns_beside, join_parts, wrap};
use crate::output::{sanitize, shown_body};
use crate::protocols::schemes::masking::Masking;
use crate::providers::provider::Provider;
use jiff::Timestamp;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The note for a request whose provider is not known.
const UNKNOWN_PROVIDER: &str = "the provider is unknown, so only 2xx counts as success";

/// Returns the error for an endpoint that did not respond.
pub(super) fn no_response_error(target: &Target, failure: &NoResponse) -> Error {
    // The error says already that there was no response.
    let reason = match failure.reason.strip_prefix("no response within ") {
        Some(limit) => format!("timed out after {limit}"),
        None => failure.reason.clone(),
    };
    Error::Transport { url: target.to_string(), reason, hint: failure.hint().map(str::to_owned) }
}

/// Writes a summary of the outgoing request, before its response arrives.
pub(super) fn write_outgoing(
    out: &mut dyn Write,
    look: Look,
    prepared: &PreparedDelivery,
    target: &Target,
) -> io::Result<()> {
    let theme = look.theme;
    let title = format!("{} {}", prepared.pack.provider.id, prepared.event);
    let mut parts = vec![format!("--> {}", theme.strong(&title))];
    parts.extend(prepared.message_id.as_deref().map(|id| theme.dim(&sanitize::line(id))));
    writeln!(out, "{}", join_parts(&parts, "  ", look.fold_columns(), 4))?;
    let masking = prepared.masking();
    let signed = match prepared.signed {
        true if masking.applies() => "with the secret",
        true => "signed",
        false => "not signed",
    };
    let target = prepared.shown_target(target);
    writeln!(out, "    POST {target}  {} bytes, {signed}", prepared.message.body.len())?;
    write_contents(out, look, &masking.masked(&prepared.message))
}

/// Writes the headers of a request with `-v`, and its body with `-vv`.
pub(super) fn write_contents(out: &mut dyn Write, look: Look, message: &Message) -> io::Result<()> {
    let Look { theme, verbose, .. } = look;
    if verbose > 0 {
        for (name, value) in message.headers.iter() {
            writeln!(out, "    {}: {}", theme.dim(&sanitize::line(name)), sanitize::bytes(value))?;
        }
    }
    if verbose > 1 {
        for line in shown_body::pretty(theme, &message.body) {
            writeln!(out, "    {line}")?;
        }
    }
    Ok(())
}

/// The provider, event and message id of a delivery, as far as they are known.
#[derive(Clone, Copy, Debug)]
pub(super) struct DeliveryIdentity<'a> {
    pub(super) provider: Option<&'a Provider>,
    pub(super) event: Option<&'a str>,
    pub(super) message_id: Option<&'a str>,
    /// The secret that the request contained, which the report does not show.
    pub(super) masking: Option<Masking<'a>>,
}

/// The report on one attempt of a delivery.
#[derive(Debug, Serialize)]
pub(super) struct DeliveryReport {
    /// The id of the provider, if it is known.
    pub(super) provider: Option<String>,
    /// The name of the event.
    pub(super) event: Option<String>,
    /// The id that all its attempts share.
    pub(super) message_id: Option<String>,
    url: String,
    /// The number of the attempt, from 1.
    pub(super) attempt: usize,
    at: String,
    /// The status of the response, if there was one.
    pub(super) status: Option<u16>,
    /// The meaning of the response to the provider.
    pub(super) outcome: Outcome,
    /// The next action of the provider.
    pub(super) would: NextStep,
    duration_ms: u64,
    error: Option<String>,
    /// The target of a redirect, which is not followed.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The probable causes of a refusal, and the commands that find it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) hints: Vec<String>,
    /// `true` if the status matches `--expect`; none if that was not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expected: Option<bool>,
    #[serde(skip)]
    provider_name: Option<String>,
    #[serde(skip)]
    note: Option<String>,
    /// The effect of a stop code on later messages.
    #[serde(skip)]
    effect: Option<String>,
    #[serde(skip)]
    body: Vec<u8>,
    /// `true` if only the beginning of the response was kept.
    #[serde(skip)]
    truncated: bool,
    #[serde(skip)]
    duration: Duration,
}

/// The numbers of attempts by outcome.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(super) struct Outcomes {
    pub(super) delivered: usize,
    pub(super) refused: usize,
    pub(super) stopped: usize,
    pub(super) timeout: usize,
    pub(super) unreachable: usize,
}

impl Outcomes {
    /// Counts one attempt.
    pub(super) fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Delivered => &mut self.delivered,
            Outcome::Refused => &mut self.refused,
            Outcome::Stopped => &mut self.stopped,
            Outcome::Timeout => &mut self.timeout,
            Outcome::Unreachable => &mut self.unreachable,
        } += 1;
    }

    /// Returns `true` if any request got a response.
    pub(super) fn any_response(&self) -> bool {
        self.delivered + self.refused + self.stopped > 0
    }
}

/// Returns the body of a response, without the secret that the request contained.
fn hidden_body(body: &[u8], masking: Option<Masking<'_>>) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    match masking.map(|masking| masking.masked_text(&text)) {
        Some(masked) if masked != text => masked.into_owned().into_bytes(),
        _ => body.to_vec(),
    }
}

impl DeliveryReport {
    /// Creates the report: the outcome follows from the response and the retry schedule of the
    /// provider.
    pub(super) fn new(
        prepared: &PreparedDelivery,
        target: &Target,
        planned: PlannedAttempt,
        at: Timestamp,
        result: &Result<Exchange, NoResponse>,
    ) -> Self {
        let subject = DeliveryIdentity {
            provider: Some(&prepared.pack.provider),
            event: Some(&prepared.event),
            message_id: prepared.message_id.as_deref(),
            masking: Some(prepared.masking()),
        };
        Self::with_identity(&subject, target, planned, at, result)
    }

    /// Creates the report for a provider that may not be known: then any 2xx counts as delivered.
    pub(super) fn with_identity(
        subject: &DeliveryIdentity<'_>,
        target: &Target,
        planned: PlannedAttempt,
        at: Timestamp,
        result: &Result<Exchange, NoResponse>,
    ) -> Self {
        let provider = subject.provider;
        let unknown = unknown_policy();
        let retry = provider.map_or(&unknown, |provider| &provider.retry);
        let masking = subject.masking.filter(Masking::applies);
        let hide = |text: &str| match masking {
            Some(masking) => masking.masked_url(text).into_owned(),
            None => text.to_owned(),
        };
        let (attempt_result, duration, body, error) = match result {
            Ok(exchange) => {
                let response = &exchange.response;
                let body = hidden_body(&response.body, masking);
                (AttemptResult::Status(response.status), exchange.took, body, None)
            }
            Err(failure) => {
                (failure.attempt_result(), failure.took, Vec::new(), Some(hide(&failure.reason)))
            }
        };
        let truncated = result.as_ref().is_ok_and(|exchange| exchange.response.truncated);
        let outcome = retry.outcome(&attempt_result);
        Self {
            provider: provider.map(|provider| provider.id.clone()),
            event: subject.event.map(str::to_owned),
            message_id: subject.message_id.map(str::to_owned),
            url: hide(&target.to_string()),
            attempt: planned.attempt,
            at: at.to_string(),
            status: attempt_result.status(),
            outcome,
            would: retry.next_step(planned.attempt, outcome),
            duration_ms: milliseconds(duration),
            error,
            location: result
                .as_ref()
                .ok()
                .and_then(|exchange| redirect_target(&exchange.response, hide)),
            hints: Vec::new(),
            expected: None,
            provider_name: provider.map(|provider| provider.name.clone()),
            effect: retry.effect_of(&attempt_result).map(str::to_owned),
            note: retry.note.clone().filter(|_| !retry.documented),
            body,
            truncated,
            duration,
        }
    }

    /// Compares the status with the expected ones, which replace those of the provider.
    pub(super) fn check_expectation(&mut self, patterns: &[StatusPattern]) {
        let is_expected = |status| patterns.iter().any(|pattern| pattern.matches(status));
        self.expected = (!patterns.is_empty()).then(|| self.status.is_some_and(is_expected));
    }

    /// Returns `true` if the status matches `--expect`; without that, if the delivery succeeded.
    pub(super) fn is_success(&self) -> bool {
        self.expected.unwrap_or(self.outcome == Outcome::Delivered)
    }

    /// Returns the duration of the whole exchange.
    pub(super) fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns the reason why there is no response.
    pub(super) fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// Returns the body of the response, or its beginning.
    pub(super) fn response_body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the status with its reason phrase and the duration; without a response, the error.
    pub(super) fn response_line(&self, theme: Theme) -> String {
        let Some(status) = self.status else {
            let error = sanitize::line(self.error.as_deref().unwrap_or_default());
            return theme.bad(&format!("no response: {error}"));
        };
        let line = format!("{status} {}", reason_phrase(status));
        let line = if self.outcome == Outcome::Delivered {
            theme.good(line.trim())
        } else {
            theme.bad(line.trim())
        };
        format!("{line} in {}", format_duration(self.duration))
    }

    /// Writes the beginning of the body of the response.
    pub(super) fn write_response_body(&self, out: &mut dyn Write) -> io::Result<()> {
        for line in shown_body::plain(&self.body) {
            writeln!(out, "    {line}")?;
        }
        if self.truncated { writeln!(out, "    … (truncated)") } else { Ok(()) }
    }

    /// Describes the next action of the provider.
    fn consequence(&self) -> String {
        let name = self.provider_name.as_deref().unwrap_or("the provider");
        match (self.outcome, self.would) {
            (Outcome::Delivered, _) => "delivered".to_owned(),
            (_, NextStep::Retry { wait, attempts_left: left }) => {
                let times =
                    if left == 1 { "1 more time".to_owned() } else { format!("{left} more times") };
                format!("not delivered: {name} would try again in {wait}, {times}")
            }
            (Outcome::Stopped, _) => {
                let effect = self.effect.as_ref().map(|effect| format!(", and {effect}"));
                let effect = effect.unwrap_or_default();
                format!("not delivered: {name} would never send it again{effect}")
            }
            (_, NextStep::None | NextStep::GiveUp) => match &self.note {
                Some(note) => format!("not delivered: {note}"),
                None => format!("not delivered: {name} would give up, the lead is lost"),
            },
        }
    }
}

impl Report for DeliveryReport {
    const KIND: &'static str = "delivery";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose, .. } = look;
        if self.status.is_some() {
            writeln!(out, "<-- {}", self.response_line(theme))?;
            if self.outcome != Outcome::Delivered || verbose > 0 {
                self.write_response_body(out)?;
            }
        }
        if let Some(location) = &self.location {
            writeln!(out, "    Location: {location}")?;
        }
        for hint in &self.hints {
            let mut label = theme.hint("hint:");
            for line in fold(&sanitize::message(hint), look, "    hint: ".len()) {
                writeln!(out, "    {label} {line}")?;
                label = " ".repeat("hint:".len());
            }
        }
        for line in fold(&self.consequence(), look, 0) {
            let line = match (self.outcome, self.would) {
                (Outcome::Delivered, _) => theme.good(&line),
                (_, NextStep::Retry { .. }) => theme.warn(&line),
                (_, NextStep::None | NextStep::GiveUp) => theme.bad(&line),
            };
            writeln!(out, "{line}")?;
        }
        match self.expected {
            Some(true) => writeln!(out, "as expected"),
            Some(false) => writeln!(out, "{}", theme.bad("not as expected")),
            None => Ok(()),
        }
    }
}

/// Returns a sentence as lines beside a label of the width `used`; one line if lines are not folded.
fn fold(text: &str, look: Look, used: usize) -> Vec<String> {
    if look.folds {
        wrap(text, columns_beside(look.text_columns(), used))
    } else {
        vec![text.to_owned()]
    }
}

/// Returns the policy for an unknown provider: any 2xx is a success, and nothing is retried.
fn unknown_policy() -> RetryPolicy {
    RetryPolicy {
        documented: false,
        waits: Vec::new(),
        success: vec![StatusPattern::Class(2)],
        stop: Vec::new(),
        retry_on: Vec::new(),
        jitter: None,
        stop_effect: None,
        timeout: None,
        note: Some(UNKNOWN_PROVIDER.to_owned()),
    }
}
