//! One replay run: sends each capture to its endpoint when it is due.

use crate::commands::context::Context;
use crate::commands::delivery::{
    DeliveryIdentity, DeliveryReport, no_response_error, write_contents,
};
use crate::commands::filter_args::SelectedCaptures;
use crate::commands::lost_bytes;
use crate::commands::pacer::Pacer;
use crate::commands::replay::args::Replay;
use crate::commands::replay::endpoints::{Endpoints, address};
use crate::commands::replay::limited_warnings::LimitedWarnings;
use crate::commands::replay::report::{Outgoing, ReplaySummary, ReplayedDelivery};
use crate::domain::message::Message;
use crate::domain::retry::PlannedAttempt;
use crate::domain::target::Target;
use crate::domain::verdict::SignatureStatus;
use crate::engine::judge::{Judge, Judgement};
use crate::engine::recognise;
use crate::engine::replay::baseline::Baseline;
use crate::engine::replay::{Pace, ReplayError, capture_digest, resign};
use crate::error::{Error, Exit};
use crate::io::captures::CapturedRequest;
use crate::output::progress::Progress;
use crate::protocols::http1;
use crate::protocols::http1::end_to_end;
use std::time::Instant;

/// The maximum number of missing captures that are named.
const MAX_NAMED: usize = 3;

// The warnings on captures, of which each is printed only a few times.
const INVALID_SIGNATURE: &str =
    "its signature does not verify now with the configured secret: `--resign` signs it again";
const BYTES_WERE_LOST: &str =
    "its body is a JSON value in the file, not the bytes that were sent: it was serialised again";
const BYTES_WERE_RESTORED: &str = "its body is a JSON value in the file, not the bytes that were \
                                   sent: the bytes that its signature covers were restored";
const NORMALIZED_PATH: &str = "its path is not valid in a URL, and is sent in normalized form";

/// Sends captures one after the other.
pub(super) struct ReplayRun<'r, 'c> {
    options: &'r Replay,
    context: &'r mut Context<'c>,
    judge: Judge,
    endpoints: Endpoints<'r>,
    baseline: Option<Baseline>,
    pace: Pace,
    pacer: Pacer,
    warnings: LimitedWarnings,
    summary: ReplaySummary,
    /// The number of captures that were due so far.
    due_captures: usize,
    /// The time at which the last capture was sent.
    last_sent: Option<Instant>,
}

impl<'r, 'c> ReplayRun<'r, 'c> {
    /// Creates a run; `captures` is their number, if it is known.
    pub(super) fn new(
        options: &'r Replay,
        context: &'r mut Context<'c>,
        judge: Judge,
        baseline: Option<Baseline>,
        captures: Option<usize>,
    ) -> Result<Self, Error> {
        let endpoints = Endpoints::new(context, options.to.as_deref(), &options.connection)?;
        let progress = match captures {
            Some(captures) => Progress::bar(context.printer, captures),
            None => Progress::spinner(context.printer, ""),
        };
        let pacer = Pacer::new(progress, context.env.watch_signals()?);
        Ok(Self {
            summary: ReplaySummary::new(!options.expect.is_empty(), baseline.is_some()),
            options,
            context,
            judge,
            endpoints,
            baseline,
            pace: Pace::new(options.speed),
            pacer,
            warnings: LimitedWarnings::default(),
            due_captures: 0,
            last_sent: None,
        })
    }

    /// Counts inputs without a request, whose errors were already printed.
    pub(super) fn count_unreadable(&mut self, count: usize) {
        self.summary.unreadable += count;
    }

    /// Sends every capture until a signal arrives.
    pub(super) fn send_all(
        &mut self,
        captures: impl Iterator<Item = Result<CapturedRequest, Error>>,
    ) -> Result<(), Error> {
        for result in captures {
            match result {
                Ok(request) => self.process(request)?,
                Err(error) if error.concerns_one_input() => {
                    self.pacer.suspend(|| self.context.printer.error(&error));
                    self.summary.unreadable += 1;
                }
                Err(error) => return Err(error),
            }
            if self.pacer.run.interrupted.is_some() {
                break;
            }
        }
        Ok(())
    }

    /// Prints the summary and returns the exit status. `captures` has counted those that the
    /// filters excluded.
    pub(super) fn finish(mut self, captures: &SelectedCaptures<'_>) -> Result<Exit, Error> {
        self.summary.skipped = captures.skipped_lines();
        let run = self.pacer.finish();
        let printer = &mut *self.context.printer;
        self.warnings.print_remaining(printer);
        if let Some(baseline) = &self.baseline {
            let missing = baseline.missing();
            self.summary.set_missing(missing.len());
            if !missing.is_empty() {
                printer.note(&format!("in the baseline, but not sent: {}", join_names(&missing)));
            }
        }
        self.summary.complete(run.elapsed());
        if self.summary.has_several() {
            printer.report(&self.summary)?;
        }
        if let Some(error) = run.no_response.filter(|_| !self.summary.any_response()) {
            printer.error(&error);
        }
        if let Some(interrupted) = run.interrupted {
            return Ok(interrupted);
        }
        Ok(captures.result.finish(self.context, captures.selected, self.summary.exit()))
    }

    /// Sends one capture when it is due.
    fn process(&mut self, mut captured: CapturedRequest) -> Result<(), Error> {
        if !self.wait(&captured) {
            return Ok(());
        }
        let now = self.context.now(self.options.now);
        lost_bytes::restore(&self.judge, &mut captured, now);
        let captured = &captured;
        let judgement = self.judge.judge(&captured.found.capture.message, now);
        let base = self.endpoints.base(self.context, judgement.verdict.provider.as_deref())?;
        match self.request(captured, &judgement, &base) {
            Ok((message, address)) => self.send(captured, &judgement, &base, &message, &address),
            Err(source) => {
                let error = Error::CannotReplay { capture: captured.source.clone(), source };
                self.pacer.suspend(|| self.context.printer.error(&error));
                self.summary.count_left_out(error.exit());
                Ok(())
            }
        }
    }

    /// Waits until a capture is due. The wait begins when the previous capture was sent. Returns
    /// `false` if a signal has arrived.
    fn wait(&mut self, captured: &CapturedRequest) -> bool {
        self.due_captures += 1;
        let wait = self.pace.wait(captured.found.capture.received_at);
        let start = self.last_sent.unwrap_or_else(Instant::now);
        let next = format!("capture {} ({})", self.due_captures, captured.source);
        self.pacer.wait_until(|| wait.saturating_sub(start.elapsed()), &next)
    }

    /// Returns the request to send, and its URL.
    fn request(
        &mut self,
        captured: &CapturedRequest,
        judgement: &Judgement,
        base: &Target,
    ) -> Result<(Message, Target), ReplayError> {
        let original = &captured.found.capture.message;
        if captured.restored_as.is_some() {
            self.warn(BYTES_WERE_RESTORED, captured);
        } else if captured.found.bytes_were_lost {
            self.warn(BYTES_WERE_LOST, captured);
        }
        let mut message = if self.options.resign {
            self.sign_again(captured, judgement)?
        } else {
            let may_verify = matches!(
                judgement.verdict.signature.status,
                SignatureStatus::Valid | SignatureStatus::Unchecked
            );
            if !may_verify {
                self.warn(INVALID_SIGNATURE, captured);
            }
            original.clone()
        };
        let address = address(base, &original.target)?;
        message.headers = end_to_end(&message.headers);
        message.target = address.path_and_query();
        "HTTP/1.1".clone_into(&mut message.http_version);
        http1::check_encodable(&message)?;
        if !base.has_path() && original.target.starts_with('/') && message.target != original.target
        {
            self.warn(NORMALIZED_PATH, captured);
        }
        Ok((message, address))
    }

    /// Returns the request with a new signature, and with the provider's header names if a proxy
    /// had renamed them.
    fn sign_again(
        &mut self,
        captured: &CapturedRequest,
        judgement: &Judgement,
    ) -> Result<Message, ReplayError> {
        let packs = self.judge.packs();
        let known = || packs.iter().map(|pack| pack.provider.id.clone()).collect();
        let pack = judgement.pack.as_deref();
        let provider = &pack.ok_or_else(|| ReplayError::NoProvider { known: known() })?.provider;
        let secret = self.judge.keyring().secrets_for(&provider.id).first();
        let secret =
            secret.ok_or_else(|| ReplayError::NoSecret { provider: provider.name.clone() })?;
        let original = &captured.found.capture.message;
        let message = recognise::with_original_headers(packs, original);
        let message = message.as_ref().unwrap_or(original);
        let now = self.context.now(self.options.now);
        let message_id = judgement.verdict.message_id.as_deref();
        let signed = resign(provider, message, message_id, secret, now)?;
        if let Some(note) = signed.note {
            self.warn(note, captured);
        }
        Ok(signed.message)
    }

    /// Sends the request of a capture, and prints and counts its result.
    fn send(
        &mut self,
        captured: &CapturedRequest,
        judgement: &Judgement,
        base: &Target,
        message: &Message,
        address: &Target,
    ) -> Result<(), Error> {
        let Judgement { verdict, pack, .. } = judgement;
        let pack = pack.as_deref();
        let retry = pack.map(|pack| &pack.provider.retry);
        let endpoints = &mut self.endpoints;
        let client =
            self.pacer.suspend(|| endpoints.client(self.context, base, address, message, retry))?;
        let outgoing = Outgoing { source: &captured.source, verdict, message, address };
        self.pacer.suspend(|| {
            self.context.printer.text(|out, look| {
                outgoing.human(out, look)?;
                write_contents(out, look, message)
            })
        })?;
        let at = self.context.env.now();
        self.last_sent = Some(Instant::now());
        let result = client.send(message);
        let subject = DeliveryIdentity {
            provider: pack.map(|pack| &pack.provider),
            event: verdict.event.as_deref(),
            message_id: verdict.message_id.as_deref(),
        };
        let mut delivery =
            DeliveryReport::with_identity(&subject, address, PlannedAttempt::FIRST, at, &result);
        delivery.check_expectation(&self.options.expect);
        let digest = capture_digest(&captured.found.capture.message, verdict);
        let succeeded = delivery.is_success();
        let baseline = self.baseline.as_mut().map(|known| known.compare(&digest, succeeded));
        let replayed =
            ReplayedDelivery { delivery, source: captured.source.clone(), digest, baseline };
        self.summary.count(&replayed);
        self.pacer.step(&self.summary.progress());
        self.pacer.suspend(|| self.context.printer.report(&replayed))?;
        if let Err(failure) = result {
            self.pacer.run.no_response.get_or_insert_with(|| no_response_error(address, &failure));
        }
        Ok(())
    }

    fn warn(&mut self, warning: &'static str, captured: &CapturedRequest) {
        self.warnings.warn(warning, &captured.source, self.context.printer, &self.pacer);
    }
}

/// Formats the first names, and the number of the others.
fn join_names(names: &[&str]) -> String {
    let first: Vec<_> = names.iter().take(MAX_NAMED).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(MAX_NAMED) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}
