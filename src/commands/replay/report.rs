//! The output of `replay`: a delivery for each capture, and a summary of several.

use crate::commands::delivery::{DeliveryReport, Outcomes};
use crate::commands::filter_args::{describe_skipped_lines, is_zero};
use crate::commands::replay::args::Replay;
use crate::commands::replay::prepared_request::PreparedRequest;
use crate::domain::delivery::Outcome;
use crate::domain::excerpt::prefix;
use crate::domain::latency::{Latencies, Milliseconds};
use crate::domain::message::Message;
use crate::domain::percentiles::Percentiles;
use crate::domain::target::Target;
use crate::domain::time::{format_duration, milliseconds};
use crate::engine::judge::Judgement;
use crate::engine::replay::baseline::BaselineComparison;
use crate::engine::replay::{FailedDelivery, FailureGroup, FailureGroups};
use crate::error::Exit;
use crate::io::captures::CapturedRequest;
use crate::io::client::reason_phrase;
use crate::output::printer::{Look, Report};
use crate::output::sanitize;
use crate::output::theme::Theme;
use crate::output::wrap::join_parts;
use serde::Serialize;
use std::io;
use std::io::Write;
use std::time::Duration;

/// The maximum number of bytes of a response in the list of failures.
const MAX_SHOWN_RESPONSE: usize = 200;

/// The request line that is printed before the response arrives.
#[derive(Serialize)]
pub(super) struct Outgoing<'a> {
    source: &'a str,
    provider: Option<&'a str>,
    event: Option<&'a str>,
    message_id: Option<&'a str>,
    #[serde(skip)]
    pub(super) message: &'a Message,
    #[serde(skip)]
    pub(super) address: &'a Target,
}

impl<'a> Outgoing<'a> {
    /// Describes the request of a capture.
    pub(super) fn new(
        captured: &'a CapturedRequest,
        judgement: &'a Judgement,
        request: &'a PreparedRequest,
    ) -> Self {
        Self {
            source: &captured.source,
            provider: judgement.verdict.provider.as_deref(),
            event: request.event.as_deref(),
            message_id: request.message_id.as_deref(),
            message: &request.message,
            address: &request.address,
        }
    }

    pub(super) fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose, .. } = look;
        let provider = self.provider.unwrap_or("unknown provider");
        let title =
            self.event.iter().fold(provider.to_owned(), |title, event| format!("{title} {event}"));
        let title = theme.strong(&sanitize::line(&title));
        let mut parts = vec![format!("--> {}", sanitize::line(self.source)), title];
        parts.extend(self.message_id.map(|id| theme.dim(&sanitize::line(id))));
        writeln!(out, "{}", join_parts(&parts, "  ", look.fold_columns(), 4))?;
        if verbose > 0 {
            let Message { method, body, .. } = self.message;
            let url = sanitize::line(&self.address.to_string());
            writeln!(out, "    {} {url}  {} bytes", sanitize::line(method), body.len())?;
        }
        Ok(())
    }
}

/// One capture that was sent again.
#[derive(Debug, Serialize)]
pub(super) struct ReplayedDelivery {
    #[serde(flatten)]
    pub(super) delivery: DeliveryReport,
    pub(super) source: String,
    /// The digest that identifies the capture in a baseline.
    pub(super) digest: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) baseline: Option<BaselineComparison>,
}

impl Report for ReplayedDelivery {
    const KIND: &'static str = DeliveryReport::KIND;

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let Look { theme, verbose, .. } = look;
        let outcome = self.delivery.outcome;
        let word = outcome.to_string();
        let word = if outcome == Outcome::Delivered { theme.good(&word) } else { theme.bad(&word) };
        write!(out, "<-- {}  {word}", self.delivery.response_line(theme))?;
        match self.delivery.expected {
            Some(true) => write!(out, "  as expected")?,
            Some(false) => write!(out, "  {}", theme.bad("not as expected"))?,
            None => {}
        }
        if let Some(standing) = self.baseline {
            write!(out, "  {}", paint_standing(theme, standing, &standing.to_string()))?;
        }
        writeln!(out)?;
        if self.delivery.status.is_some() && (verbose > 0 || outcome != Outcome::Delivered) {
            self.delivery.write_response_body(out)?;
        }
        Ok(())
    }
}

fn paint_standing(theme: Theme, standing: BaselineComparison, text: &str) -> String {
    match standing {
        BaselineComparison::Fixed | BaselineComparison::StillDelivered => theme.good(text),
        BaselineComparison::Regressed => theme.bad(text),
        BaselineComparison::StillFailing | BaselineComparison::New => theme.warn(text),
    }
}

/// The summary of a run.
#[derive(Debug, Default, Serialize)]
pub(super) struct ReplaySummary {
    deliveries: usize,
    /// The requests that `--dry-run` printed.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) would_send: usize,
    #[serde(flatten)]
    outcomes: Outcomes,
    /// Inputs that contain no request.
    pub(super) unreadable: usize,
    /// Lines without a request.
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) skipped: usize,
    /// Captures that could not be sent as requested.
    left_out: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_expected: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<BaselineCounts>,
    duration_ms: u64,
    rate_per_s: f64,
    latency_ms: Option<Percentiles<Milliseconds>>,
    /// The failures by the status and the normalised body of the response.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<FailureGroup>,
    /// `true` if nothing is sent.
    #[serde(skip)]
    is_dry_run: bool,
    #[serde(skip)]
    failure_groups: FailureGroups,
    /// Deliveries that match `--expect`, or without it, that succeeded.
    #[serde(skip)]
    successes: usize,
    /// `true` if a capture could not be signed because its provider or secret is unknown.
    #[serde(skip)]
    lacks_signer: bool,
    #[serde(skip)]
    latencies: Latencies,
    #[serde(skip)]
    duration: Duration,
}

/// The comparison with an earlier run.
#[derive(Debug, Default, Serialize)]
struct BaselineCounts {
    fixed: usize,
    regressed: usize,
    still_failing: usize,
    still_delivered: usize,
    new: usize,
    missing: usize,
    #[serde(skip)]
    new_failing: usize,
}

impl ReplaySummary {
    pub(super) fn new(options: &Replay) -> Self {
        Self {
            is_dry_run: options.dry_run,
            as_expected: (!options.expect.is_empty()).then_some(0),
            baseline: options.baseline.as_ref().map(|_| BaselineCounts::default()),
            ..Self::default()
        }
    }

    /// Counts a capture that was sent.
    pub(super) fn count(&mut self, replayed: &ReplayedDelivery) {
        let delivery = &replayed.delivery;
        let succeeded = delivery.is_success();
        self.deliveries += 1;
        self.successes += usize::from(succeeded);
        self.outcomes.count(delivery.outcome);
        if delivery.status.is_some() {
            self.latencies.push(delivery.duration());
        }
        if let Some(count) = &mut self.as_expected {
            *count += usize::from(succeeded);
        }
        if !succeeded {
            self.failure_groups.add(&FailedDelivery {
                status: delivery.status,
                body: delivery.response_body(),
                error: delivery.error(),
                source: &replayed.source,
            });
        }
        let (Some(compared), Some(standing)) = (&mut self.baseline, replayed.baseline) else {
            return;
        };
        *match standing {
            BaselineComparison::Fixed => &mut compared.fixed,
            BaselineComparison::Regressed => &mut compared.regressed,
            BaselineComparison::StillFailing => &mut compared.still_failing,
            BaselineComparison::StillDelivered => &mut compared.still_delivered,
            BaselineComparison::New => &mut compared.new,
        } += 1;
        compared.new_failing += usize::from(standing == BaselineComparison::New && !succeeded);
    }

    /// Counts a capture that could not be sent, with the exit status of its error.
    pub(super) fn count_left_out(&mut self, exit: Exit) {
        self.left_out += 1;
        self.lacks_signer |= exit == Exit::Usage;
    }

    /// Sets the number of captures that are in the baseline and were not sent.
    pub(super) fn set_missing(&mut self, missing: usize) {
        if let Some(compared) = &mut self.baseline {
            compared.missing = missing;
        }
    }

    /// Completes the summary with the duration of the run.
    pub(super) fn complete(&mut self, duration: Duration) {
        self.duration = duration;
        self.duration_ms = milliseconds(duration);
        let seconds = duration.as_secs_f64();
        let deliveries = f64::from(u32::try_from(self.deliveries).unwrap_or(u32::MAX));
        self.rate_per_s =
            if seconds > 0.0 { (deliveries / seconds * 10.0).round() / 10.0 } else { 0.0 };
        self.latency_ms = self.latencies.percentiles();
        self.failures = std::mem::take(&mut self.failure_groups).into_groups();
    }

    /// Returns `true` if there was more than one capture or input.
    pub(super) fn has_several(&self) -> bool {
        self.deliveries + self.would_send + self.unreadable + self.left_out > 1 || self.skipped > 0
    }

    /// Returns `true` if any capture got a response.
    pub(super) fn any_response(&self) -> bool {
        self.outcomes.any_response()
    }

    /// Describes the progress so far.
    pub(super) fn progress(&self) -> String {
        format!("{} sent, {} delivered", self.deliveries, self.outcomes.delivered)
    }

    /// Returns the exit status. A run with incomplete results never counts as a success.
    pub(super) fn exit(&self) -> Exit {
        let failures = match &self.baseline {
            Some(compared) => compared.regressed + compared.new_failing,
            None => self.deliveries - self.successes,
        };
        if self.lacks_signer {
            Exit::Usage
        } else if self.unreadable + self.left_out > 0 {
            // An unreadable input may contain a request that fails.
            Exit::Input
        } else if self.deliveries + self.would_send == 0 {
            Exit::Incomplete
        } else if self.is_dry_run {
            Exit::Success
        } else if !self.any_response() {
            Exit::Transport
        } else if failures > 0 {
            Exit::Failure
        } else {
            Exit::Success
        }
    }
}

impl Report for ReplaySummary {
    const KIND: &'static str = "summary";

    fn human(&self, out: &mut dyn Write, look: Look) -> io::Result<()> {
        let theme = look.theme;
        if self.is_dry_run {
            return self.write_dry_run(out, theme);
        }
        let mut parts = vec![theme.good(&format!("{} delivered", self.outcomes.delivered))];
        for (count, word) in [
            (self.outcomes.refused, "refused"),
            (self.outcomes.stopped, "stopped"),
            (self.outcomes.timeout, "timed out"),
            (self.outcomes.unreachable, "unreachable"),
            (self.left_out, "left out"),
            (self.unreadable, "unreadable"),
        ] {
            if count > 0 {
                parts.push(theme.bad(&format!("{count} {word}")));
            }
        }
        let noun = if self.deliveries == 1 { "delivery" } else { "deliveries" };
        let duration = format_duration(self.duration);
        if let Some(first) = parts.first_mut() {
            first.insert_str(0, &format!("{} {noun} in {duration}: ", self.deliveries));
        }
        if let Some(last) = parts.last_mut() {
            last.push_str(&self.describe_skipped());
        }
        writeln!(out, "\n{}", join_parts(&parts, ", ", look.fold_columns(), 2))?;
        if let Some(count) = self.as_expected {
            writeln!(out, "as expected: {count} of {}", self.deliveries)?;
        }
        if let Some(compared) = &self.baseline {
            writeln!(out, "since the baseline: {}", compared.describe(theme))?;
        }
        if let Some(ranks) = self.latency_ms {
            let Percentiles { p50, p90, p99, max } =
                ranks.map(|Milliseconds(span)| format_duration(span));
            writeln!(out, "response time: p50 {p50}, p90 {p90}, p99 {p99}, max {max}")?;
        }
        if !self.failures.is_empty() {
            writeln!(out, "failures:")?;
        }
        self.failures.iter().try_for_each(|group| write_group(out, theme, group))
    }
}

/// Writes a group of failures: their number, the response and the first source, then the body.
fn write_group(out: &mut dyn Write, theme: Theme, group: &FailureGroup) -> io::Result<()> {
    let response = group.response.as_deref().map(sanitize::line);
    let first = if group.count == 1 { "" } else { "first " };
    let source = sanitize::line(&group.first_source);
    let (title, body) = match (group.status, response) {
        (Some(status), body) => {
            let title = format!("{status} {}", reason_phrase(status));
            let body = body.unwrap_or_else(|| "(various responses)".to_owned());
            (title.trim().to_owned(), Some(body).filter(|body| !body.is_empty()))
        }
        (None, reason) => {
            let reason = reason.unwrap_or_else(|| "various reasons".to_owned());
            (format!("no response: {reason}"), None)
        }
    };
    writeln!(out, "  {} × {}, {first}{source}", group.count, theme.bad(&title))?;
    let Some(body) = body else { return Ok(()) };
    let shown = prefix(&body, MAX_SHOWN_RESPONSE);
    writeln!(out, "    {shown}{}", if shown.len() < body.len() { "…" } else { "" })
}

impl ReplaySummary {
    /// Writes the result of `--dry-run`.
    fn write_dry_run(&self, out: &mut dyn Write, theme: Theme) -> io::Result<()> {
        let noun = if self.would_send == 1 { "request" } else { "requests" };
        let mut parts = vec![format!("{} {noun} would be sent", self.would_send)];
        for (count, word) in [(self.left_out, "left out"), (self.unreadable, "unreadable")] {
            if count > 0 {
                parts.push(theme.bad(&format!("{count} {word}")));
            }
        }
        let skipped = self.describe_skipped();
        writeln!(out, "\ndry run: {}{skipped}; nothing was sent", parts.join(", "))
    }

    /// Describes the lines without a request, after a semicolon.
    fn describe_skipped(&self) -> String {
        describe_skipped_lines(self.skipped).map(|text| format!("; {text}")).unwrap_or_default()
    }
}

impl BaselineCounts {
    fn describe(&self, theme: Theme) -> String {
        let mut parts = Vec::new();
        for (count, standing) in [
            (self.fixed, BaselineComparison::Fixed),
            (self.regressed, BaselineComparison::Regressed),
            (self.still_failing, BaselineComparison::StillFailing),
            (self.still_delivered, BaselineComparison::StillDelivered),
            (self.new, BaselineComparison::New),
        ] {
            if count > 0 {
                parts.push(paint_standing(theme, standing, &format!("{count} {standing}")));
            }
        }
        if self.missing > 0 {
            parts.push(theme.warn(&format!("{} missing", self.missing)));
        }
        parts.join(", ")
    }
}
